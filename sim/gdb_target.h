// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gdb_target.h - what a debugger must know of an instruction set: the registers, in the order of
 * their packets, and their description ("Target Descriptions", appendix G of the GDB manual; the
 * names of features and registers are the ones it prescribes).
 */
#ifndef SIM_GDB_TARGET_H
#define SIM_GDB_TARGET_H

#include <hw.h>

struct gdb_register {
    const char *name;
    const char *from; /* line of hw_cpu_ops.describe(); NULL: not known here */
    uint16_t bits;
    uint16_t feature;
    const char *type; /* NULL: an integer */
};
#define GDB_REGISTERS 96u

struct gdb_target {
    enum hw_isa isa;
    const char *architecture;
    const char *const *feature;
    const struct gdb_register *reg;
    unsigned nreg, pc, sp; /* indices */
};

const struct gdb_target *gdb_target_of(enum hw_isa isa);
/* The description as XML; free() it. */
char *gdb_target_xml(const struct gdb_target *t);
/* Register r in a packet: hexadecimal digits, little endian; x where it is not known. text: what
 * describe() says. Returns the digits written. */
size_t gdb_target_register(const struct gdb_target *t, unsigned r, const char *text,
                           char *to);
/* Value of a line "name value" of such a text. */
bool gdb_text_value(const char *text, const char *name, uint64_t *value);

#endif
