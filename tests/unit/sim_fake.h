// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sim_fake.h - stand-ins for tests of sim/: models that do what a test says, a registry of them,
 * device trees and ELF files made in memory.
 */
#ifndef SIM_FAKE_H
#define SIM_FAKE_H

#include "board.h"
#include "machine.h"

#define FAKE_MACHINE 243 /* EM_RISCV */

struct fake_cpu {
    struct hw_env env;
    struct hw_cpu_wiring w;
    uint64_t cycles, runs, entry;
    bool irq, ipi;
};
/* What a fake core does in run(). */
extern enum hw_stop (*fake_script)(struct fake_cpu *c, uint64_t deadline,
                                   struct hw_exit *exit);

/* A device with one register and one event log. */
struct fake_dev {
    struct hw_env env;
    uint32_t reg;
    unsigned events;
    uint32_t tag[64];
    uint64_t at[64];
};
extern struct fake_dev *fake_last_dev; /* the one created last */

extern const struct hw_model *const fake_models[];
void fake_registry(struct registry *r);

/* Device tree source to a blob through dtc; free() it. Writes a file in a fresh folder. */
int fake_board(const char *dts, struct board **out, struct err *err);
/* A good board with more properties and nodes in its root; free() it. */
char *fake_dts(const char *props, const char *nodes);

/* A little ELF64 executable: one segment of n bytes at va, entry there. */
struct fake_elf {
    uint8_t bytes[8192];
    size_t n;
};
void fake_elf(struct fake_elf *e, uint64_t va, const void *code, size_t n);
/* Writes bytes to a new temporary file; unlink() and free() its name. */
char *fake_file(const void *bytes, size_t n);

#endif
