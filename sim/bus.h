// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bus.h - register windows: which device answers at a physical address.
 *
 * An access to nothing reads as 0xffffffff, is ignored as a write, and is counted by place. Each
 * place is explained once, with the nearest device; bus_summary() gives the counts at the end.
 */
#ifndef SIM_BUS_H
#define SIM_BUS_H

#include <hw.h>
#include <stdio.h>

struct bus_window {
    uint32_t base, size;
    const char *node, *compatible;
    const struct hw_dev_ops *ops;
    void **dev; /* dev[core] for a per-core device, else dev[0] */
    bool per_core;
};

#define BUS_PAGES ((HW_MMIO_END - HW_MMIO_BASE) >> 12)
#define BUS_NOWHERE 16u

struct bus {
    struct bus_window win[HW_MAX_DEVICES];
    unsigned n;
    uint8_t page[BUS_PAGES]; /* 1 + first window that touches the page */
    struct {
        uint32_t page;
        uint64_t reads, writes;
    } nowhere[BUS_NOWHERE];
    unsigned nnowhere;
    uint64_t elsewhere; /* accesses to places beyond the table */
    void (*explain)(void *host, const char *text);
    void *host;
};

void bus_add(struct bus *b, const struct bus_window *w);
uint32_t bus_read(struct bus *b, unsigned core, uint32_t pa);
void bus_write(struct bus *b, unsigned core, uint32_t pa, uint32_t value);
/* One line per place that was touched and has nothing. */
void bus_summary(const struct bus *b, FILE *to);

#endif
