// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * device.h - what disks and networks share in the kernel: rows of the exported tables
 * that several environments hold, and memory of environments that a device works on.
 *
 * Memory lent to a device is a frame of type USER that the lender holds, checked once
 * (io_memory_check), pinned (frame_pin) until the device is done with it. A pinned frame
 * whose last holder is gone stays nobody's: it is not freed, so nobody else can get it,
 * until frame_unpin.
 */
#ifndef EXO_CORE_DEVICE_H
#define EXO_CORE_DEVICE_H

#include "core_priv.h"

/* Bits of exo_extent.holders and exo_ring.holders. */
#define HOLDER_WORDS (EXO_NENV / 32)
static inline bool holders_has(const uint32_t *holders, uint32_t env)
{
    return (holders[env / 32] >> (env % 32) & 1) != 0;
}
static inline void holders_add(uint32_t *holders, uint32_t env)
{
    holders[env / 32] |= 1u << (env % 32);
}
static inline void holders_remove(uint32_t *holders, uint32_t env)
{
    holders[env / 32] &= ~(1u << (env % 32));
}
static inline bool holders_none(const uint32_t *holders)
{
    uint32_t any = 0;
    for (uint32_t i = 0; i < HOLDER_WORDS; i++)
        any |= holders[i];
    return any == 0;
}

/* May env lend [offset, +bytes) of a frame for `rights` (R: the device reads it, R and W:
 * it writes it), with the capability slot named? All in one frame, offset a multiple of
 * align (a power of two). 0 or negative enum exo_error. */
int io_memory_check(uint32_t env, const struct exo_io_memory *m, uint32_t bytes,
                    uint32_t align, uint32_t rights);

static inline uint64_t io_pa(uint32_t frame, uint32_t offset)
{
    return (uint64_t)(frame << machine.page_shift) + offset;
}

/* Registers of a device, 32 or 64 bits, at offset reg from base. */
static inline uint32_t io_read(uint32_t base, uint32_t reg)
{
    return arch_mmio_read(base + reg);
}
static inline void io_write(uint32_t base, uint32_t reg, uint32_t value)
{
    arch_mmio_write(base + reg, value);
}
static inline void io_write64(uint32_t base, uint32_t reg, uint64_t value)
{
    arch_mmio_write(base + reg, (uint32_t)value);
    arch_mmio_write(base + reg + 4, (uint32_t)(value >> 32));
}

/* n words out of a device's data register, into memory of any type. */
typedef uint32_t __attribute__((may_alias)) io_word;
static inline void io_read_words(uint32_t reg, void *to, uint32_t n)
{
    io_word *w = to;
    for (; n >= 8; n -= 8, w += 8) {
        w[0] = arch_mmio_read(reg);
        w[1] = arch_mmio_read(reg);
        w[2] = arch_mmio_read(reg);
        w[3] = arch_mmio_read(reg);
        w[4] = arch_mmio_read(reg);
        w[5] = arch_mmio_read(reg);
        w[6] = arch_mmio_read(reg);
        w[7] = arch_mmio_read(reg);
    }
    while (n-- > 0)
        *w++ = arch_mmio_read(reg);
}

#endif
