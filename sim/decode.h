// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * decode.h - the two facts a profile needs of a machine instruction: how long it is, and how
 * many bytes it writes to memory. For the four instruction sets' encodings in the form the
 * guest's compiler uses; x86-64 by capstone, the others from their opcode fields.
 */
#ifndef SIM_DECODE_H
#define SIM_DECODE_H

#include <stdint.h>

struct decode;

#define DECODE_MAX                                                                       \
    16u /* bytes an instruction can have; as many must be readable at `code` */

/* machine: EM_* of the ELF file. NULL: not one of the four. */
struct decode *decode_open(uint16_t machine);
void decode_close(struct decode *d);
/* 0: no instruction. */
unsigned decode_length(const struct decode *d, const uint8_t *code);
/* 0: it writes none (or is one of those that cannot be told apart so: atomics). */
unsigned decode_stored(const struct decode *d, const uint8_t *code);

#endif
