// SPDX-License-Identifier: GPL-2.0-or-later
/* history.c - see history.h. Blocks are as large as the trace's buffer and hold the same records. */
#include "history.h"

#include <stdlib.h>
#include <string.h>

struct block {
    struct hw_trace_record *r; /* TRACE_BUFFER; NULL: not known, or forgotten */
    uint32_t n;
};

struct history {
    struct machine *m;
    const struct trace_file *file;
    struct block *block;
    size_t nblocks, kept, most;
    uint64_t known;
    size_t looked; /* block looked at last: those far from it go first */
};

static size_t distance(size_t a, size_t b)
{
    return a > b ? a - b : b - a;
}

/* Forget the block farthest from where one looks and from where the machine is (`but`). */
static void forget_one(struct history *h, size_t but)
{
    size_t far = SIZE_MAX, most = 0;
    for (size_t i = 0; i < h->nblocks; i++)
        if (h->block[i].r && i != but && distance(i, h->looked) >= most) {
            most = distance(i, h->looked);
            far = i;
        }
    if (far == SIZE_MAX)
        return;
    free(h->block[far].r);
    h->block[far] = (struct block){0};
    h->kept--;
}

static void keep(struct history *h, uint64_t first, const struct hw_trace_record *r,
                 size_t n)
{
    size_t i = (size_t)(first / TRACE_BUFFER);
    if (i >= h->nblocks) {
        size_t was = h->nblocks;
        h->nblocks = 2 * i + 64;
        h->block = mem_grow(h->block, h->nblocks, sizeof *h->block);
        memset(h->block + was, 0, (h->nblocks - was) * sizeof *h->block);
    }
    struct block *b = &h->block[i];
    if (!b->r) {
        b->r = mem_grow(NULL, TRACE_BUFFER, sizeof *b->r);
        h->kept++;
    }
    if (n > b->n) {
        memcpy(b->r, r, n * sizeof *r);
        b->n = (uint32_t)n;
    }
    if (first + n > h->known)
        h->known = first + n;
    if (h->kept > h->most)
        forget_one(h, i);
}

static void on_block(void *arg, uint64_t first, const struct hw_trace_record *r, size_t n)
{
    keep(arg, first, r, n);
}

struct history *history_of_machine(struct machine *m, uint64_t memory)
{
    struct history *h = mem_zero(1, sizeof *h);
    h->m = m;
    h->most = (size_t)(memory / (TRACE_BUFFER * sizeof(struct hw_trace_record)));
    if (h->most < 4)
        h->most = 4;
    machine_tap(m, on_block, h);
    return h;
}

struct history *history_of_file(const struct trace_file *f)
{
    struct history *h = mem_zero(1, sizeof *h);
    h->file = f;
    return h;
}

void history_close(struct history *h)
{
    if (!h)
        return;
    if (h->m)
        machine_tap(h->m, NULL, NULL);
    for (size_t i = 0; i < h->nblocks; i++)
        free(h->block[i].r);
    free(h->block);
    free(h);
}

void history_sync(struct history *h)
{
    if (!h->m)
        return;
    const struct trace *t = machine_trace(h->m);
    if (t->n > 0)
        keep(h, t->total, t->buf, t->n);
}

uint64_t history_known(const struct history *h)
{
    if (h->file)
        return h->file->n;
    uint64_t now = trace_count(machine_trace(h->m));
    return now > h->known ? now : h->known;
}

bool history_get(struct history *h, uint64_t k, struct hw_trace_record *out)
{
    if (h->file) {
        if (k >= h->file->n)
            return false;
        *out = h->file->record[k];
        return true;
    }
    size_t i = (size_t)(k / TRACE_BUFFER);
    h->looked = i;
    if (i < h->nblocks && k % TRACE_BUFFER < h->block[i].n) {
        *out = h->block[i].r[k % TRACE_BUFFER];
        return true;
    }
    return trace_record(machine_trace(h->m), k, out);
}
