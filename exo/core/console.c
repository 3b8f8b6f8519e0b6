// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * console.c - bytes to and from the console, which everybody may use. A call's buffer is
 * translated completely before the first byte moves, so a call that must be retried has done
 * nothing yet.
 */
#include "core_priv.h"

#define IO_PAGES 3 /* EXO_IO_MAX bytes touch at most this many pages of 4 KiB or more */
_Static_assert(EXO_IO_MAX <= 2 * 4096, "console buffer spans more pages");

struct buffer {
    uint8_t *page[IO_PAGES]; /* each at its first byte of the buffer */
    uint32_t first;          /* bytes in the first page */
};

static exo_sword buffer_bind(struct ctx *c, exo_word va, exo_word n, unsigned access,
                             struct buffer *b)
{
    if (n > EXO_IO_MAX)
        return -EXO_ERANGE;
    if (va > arch_va_end - n)
        return -EXO_EFAULT;
    b->first = machine.page_size - ((uint32_t)va & (machine.page_size - 1));
    exo_word done = 0;
    for (uint32_t i = 0; done < n; i++) {
        uint64_t pa;
        exo_sword error = user_address(c, va + done, access, &pa);
        if (error != 0)
            return error;
        b->page[i] = arch_phys(pa);
        done += i == 0 ? b->first : machine.page_size;
    }
    return 0;
}

static uint8_t *buffer_byte(const struct buffer *b, uint32_t i)
{
    if (i < b->first)
        return b->page[0] + i;
    i -= b->first;
    return b->page[1 + (i >> machine.page_shift)] + (i & (machine.page_size - 1));
}

SYS(console_write)
{
    struct buffer b;
    exo_sword error = buffer_bind(c, a0, a1, M_ACCESS_READ, &b);
    if (error != 0)
        return error;

    for (uint32_t i = 0; i < a1; i++)
        arch_mmio_write(machine.console + M_CONSOLE_TX, *buffer_byte(&b, i));
    return (exo_sword)a1;
}

SYS(console_read)
{
    struct buffer b;
    exo_sword error = buffer_bind(c, a0, a1, M_ACCESS_WRITE, &b);
    if (error != 0)
        return error;

    uint32_t n = 0;
    while (n < a1) {
        uint32_t rx = arch_mmio_read(machine.console + M_CONSOLE_RX);
        if (rx & 0x100)
            break;
        *buffer_byte(&b, n++) = (uint8_t)rx;
    }
    if (n == 0 && a1 > 0 && !(arch_mmio_read(machine.console + M_CONSOLE_STATUS) & 2))
        return -EXO_EAGAIN;
    return (exo_sword)n;
}
