// SPDX-License-Identifier: GPL-2.0-or-later
/* bus.c - dispatch of register accesses to devices. See bus.h. */
#include "bus.h"

#include <assert.h>
#include <inttypes.h>

void bus_add(struct bus *b, const struct bus_window *w)
{
    assert(b->n < HW_MAX_DEVICES);
    b->win[b->n++] = *w;
    for (uint64_t pa = w->base & ~UINT64_C(0xfff); pa < (uint64_t)w->base + w->size;
         pa += 4096) {
        uint8_t *page = &b->page[(pa - HW_MMIO_BASE) >> 12];
        if (!*page)
            *page = (uint8_t)b->n;
    }
}

static const struct bus_window *find(const struct bus *b, uint32_t pa)
{
    if (pa < HW_MMIO_BASE || pa >= HW_MMIO_END)
        return NULL;
    unsigned i = b->page[(pa - HW_MMIO_BASE) >> 12];
    if (!i)
        return NULL;
    for (i--; i < b->n; i++) {
        const struct bus_window *w = &b->win[i];
        if (pa - w->base < w->size)
            return w;
    }
    return NULL;
}

/* The device whose registers are nearest to pa. */
static const struct bus_window *nearest(const struct bus *b, uint32_t pa, uint32_t *gap,
                                        bool *behind)
{
    const struct bus_window *best = NULL;
    for (unsigned i = 0; i < b->n; i++) {
        const struct bus_window *w = &b->win[i];
        bool after = pa >= w->base;
        uint32_t d = after ? pa - (w->base + w->size) : w->base - pa;
        if (!best || d < *gap) {
            best = w;
            *gap = d;
            *behind = after;
        }
    }
    return best;
}

static void nowhere(struct bus *b, unsigned core, uint32_t pa, bool write)
{
    uint32_t page = pa >> 12;
    for (unsigned i = 0; i < b->nnowhere; i++)
        if (b->nowhere[i].page == page) {
            write ? b->nowhere[i].writes++ : b->nowhere[i].reads++;
            return;
        }
    if (b->nnowhere == BUS_NOWHERE) {
        b->elsewhere++;
        return;
    }
    b->nowhere[b->nnowhere].page = page;
    b->nowhere[b->nnowhere].reads = !write;
    b->nowhere[b->nnowhere++].writes = write;

    char text[320];
    uint32_t gap = 0;
    bool behind = false;
    const struct bus_window *w = nearest(b, pa, &gap, &behind);
    int n = snprintf(text, sizeof text,
                     "core %u %s 0x%08" PRIx32 ", where this board has no device", core,
                     write ? "wrote to" : "read from", pa);
    if (w && n > 0)
        snprintf(text + n, sizeof text - (size_t)n,
                 "; the nearest is %s (%s, registers 0x%08" PRIx32 " to 0x%08" PRIx32
                 "), 0x%" PRIx32 " bytes %s. More of this at 0x%08" PRIx32
                 " is only counted",
                 w->node, w->compatible, w->base, w->base + w->size - 1, gap,
                 behind ? "behind its end" : "before its start", page << 12);
    b->explain(b->host, text);
}

uint32_t bus_read(struct bus *b, unsigned core, uint32_t pa)
{
    const struct bus_window *w = find(b, pa);
    if (w)
        return w->ops->read(w->dev[w->per_core ? core : 0], core, pa - w->base);
    nowhere(b, core, pa, false);
    return UINT32_MAX;
}

void bus_write(struct bus *b, unsigned core, uint32_t pa, uint32_t value)
{
    const struct bus_window *w = find(b, pa);
    if (w)
        w->ops->write(w->dev[w->per_core ? core : 0], core, pa - w->base, value);
    else
        nowhere(b, core, pa, true);
}

void bus_summary(const struct bus *b, FILE *to)
{
    for (unsigned i = 0; i < b->nnowhere; i++)
        if (b->nowhere[i].reads + b->nowhere[i].writes > 1)
            fprintf(to,
                    "exosim: 0x%08" PRIx32 "..0x%08" PRIx32
                    ", where nothing is, was read %" PRIu64 " and written %" PRIu64
                    " times\n",
                    b->nowhere[i].page << 12, (b->nowhere[i].page << 12) + 0xfff,
                    b->nowhere[i].reads, b->nowhere[i].writes);
    if (b->elsewhere)
        fprintf(to,
                "exosim: %" PRIu64
                " more accesses went to other places without a device\n",
                b->elsewhere);
}
