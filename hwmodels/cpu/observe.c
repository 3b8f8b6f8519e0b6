// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * observe.c - watched addresses, exact limits and observers of what runs (hw.h, "Observation").
 *
 * A block that holds a watched address, or in kernel mode any block while there is a limit, is
 * stepped; all others run as ever. To learn how long the next block is, the kernel's engine is
 * started without a budget (peek), so that also a block that counts itself calls back. While somebody observes, no block counts itself inside
 * translated code (inline.c), so that each is told of.
 *
 * Interface: core_observe, core_watch, core_limit, core_retired, observe_*.
 */
#include "core.h"
#include <stdlib.h>
#include <string.h>

void core_observe(void *cpu, const struct hw_observer *observer)
{
    struct core *c = cpu;
    c->observer = observer ? *observer : (struct hw_observer){0};
    c->inline_full = true; /* translate anew */
}

static int compare(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

void core_watch(void *cpu, const struct hw_watch *watch, unsigned n)
{
    struct core *c = cpu;
    c->nwatch[0] = c->nwatch[1] = 0;
    for (unsigned i = 0; i < n && i < HW_WATCH_MAX; i++)
        c->watch[watch[i].kernel][c->nwatch[watch[i].kernel]++] = watch[i].pc;
    for (int k = 0; k < 2; k++)
        qsort(c->watch[k], c->nwatch[k], sizeof c->watch[k][0], compare);
    c->inline_full = true;
}

uint64_t core_retired(void *cpu)
{
    const struct core *c = cpu;
    return c->user + c->lib + c->kernel_insns - c->prepaid;
}

void core_limit(void *cpu, uint64_t n)
{
    struct core *c = cpu;
    uint64_t now = core_retired(c);
    c->limit_at = n < UINT64_MAX - now ? now + n : UINT64_MAX;
}

void observe_begin(struct core *c)
{
    c->passed_at = core_retired(c);
    c->hit = false;
}

int64_t observe_left(const struct core *c)
{
    uint64_t now = c->user + c->lib + c->kernel_insns - c->prepaid;
    if (c->limit_at <= now)
        return 0;
    return c->limit_at - now < CHUNK_MAX ? (int64_t)(c->limit_at - now) : CHUNK_MAX;
}

/* Index of the first watched address that is not below pc. */
static unsigned first_watch(const struct core *c, bool kernel, uint64_t pc)
{
    unsigned low = 0, high = c->nwatch[kernel];
    while (low < high) {
        unsigned mid = low + (high - low) / 2;
        if (c->watch[kernel][mid] < pc)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool observe_near(const struct engine *e, uint64_t pc, uint32_t size)
{
    const struct core *c = e->core;
    if (c->nwatch[e->kernel] == 0)
        return false;
    unsigned i = first_watch(c, e->kernel, pc);
    return i < c->nwatch[e->kernel] && c->watch[e->kernel][i] - pc < size;
}

bool observe_stops(struct engine *e, uint64_t pc)
{
    struct core *c = e->core;
    if (c->nwatch[e->kernel] == 0 && !c->observer.before)
        return false;
    uint64_t taken = meter_taken(e);
    if (core_retired(c) + taken == c->passed_at || (c->in_slot && taken == 0))
        return false;
    if (c->nwatch[e->kernel] > 0) {
        unsigned i = first_watch(c, e->kernel, pc);
        /* in a block that is not stepped there is none: observe_near() */
        c->hit = e->stepper && i < c->nwatch[e->kernel] && c->watch[e->kernel][i] == pc;
    }
    if (!c->hit && c->observer.before)
        c->hit =
            c->observer.before(c->observer.arg, c->w.core, c->context, e->kernel, pc);
    return c->hit;
}

void observe_retired(struct engine *e, uint64_t pc, int64_t n)
{
    struct core *c = e->core;
    if (c->observer.retired && n != 0)
        c->observer.retired(c->observer.arg, c->w.core, c->context, e->kernel, pc, n);
}

void observe_prepay(struct core *c, uint32_t n)
{
    c->kernel_insns += n;
    core_charge(c, n);
    c->prepaid = n;
}

void observe_refund(struct core *c)
{
    c->kernel_insns -= c->prepaid;
    int64_t time =
        (int64_t)c->cycle * 1000 + c->milli - (int64_t)(c->prepaid * c->milli_per_insn);
    c->cycle = (uint64_t)(time / 1000);
    c->milli = time % 1000;
    c->prepaid = 0;
}
