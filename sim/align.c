// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * align.c - see align.h. The two lists are walked together; where they part, the nearest place is
 * taken where they meet again, no more than AHEAD items away.
 */
#include "align.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "trace.h"

#define AHEAD 200u /* items skipped to meet again */
#define MEET 3u    /* so many in a row must agree */
#define ENVS 256u

/* ---- lists ---- */

struct reader {
    struct align *al;
    int side;
    size_t cap, open[ENVS]; /* per environment: 1 + its call without a result yet */
};

static void add(struct reader *rd, const struct align_item *it)
{
    struct align *al = rd->al;
    size_t *n = &al->n[rd->side];
    if (*n == rd->cap) {
        rd->cap = rd->cap ? 2 * rd->cap : 1024;
        al->item[rd->side] = mem_grow(al->item[rd->side], rd->cap, sizeof *it);
    }
    al->item[rd->side][(*n)++] = *it;
}

static void read_record(struct reader *rd, uint64_t k, const struct hw_trace_record *r)
{
    struct align_item it = {.record = k, .env = r->env, .event = r->event};
    size_t *open = &rd->open[r->env % ENVS];
    switch (r->event) {
    case HW_EV_CALL:
        it.number = r->a % CALLS_FIRST;
        add(rd, &it);
        *open = rd->al->n[rd->side];
        break;
    case HW_EV_RESULT:
        if (*open != 0) {
            struct align_item *call = &rd->al->item[rd->side][*open - 1];
            if (call->number == r->a % CALLS_FIRST) {
                call->has_outcome = true;
                call->outcome = (int64_t)r->b;
                call->cost = r->cycle;
            }
            *open = 0;
        }
        break;
    case TRACE_CREATE:
    case TRACE_DEATH:
        it.number = r->a;
        it.has_outcome = true;
        it.outcome = (int64_t)r->b;
        add(rd, &it);
        break;
    default: break;
    }
}

static void read_all(struct align *al, int side, struct history *h)
{
    struct reader *rd = mem_zero(1, sizeof *rd);
    struct hw_trace_record r;
    uint64_t known = history_known(h);
    rd->al = al;
    rd->side = side;
    for (uint64_t k = 0; k < known; k++)
        if (history_get(h, k, &r))
            read_record(rd, k, &r);
    for (size_t i = 0; i < al->n[side];
         i++) { /* from the end of a call to how long it took */
        struct align_item *it = &al->item[side][i];
        if (it->cost != 0 && history_get(h, it->record, &r))
            it->cost -= r.cycle;
    }
    free(rd);
}

static void mark_only(struct align *al, int side, const struct calls *calls,
                      struct calls_hardware other)
{
    for (size_t i = 0; i < al->n[side]; i++) {
        struct align_item *it = &al->item[side][i];
        it->only = it->event == HW_EV_CALL && it->number < CALLS_MAX &&
                   calls->call[it->number].there &&
                   !calls_exists(&calls->call[it->number], other);
    }
}

/* ---- walking together ---- */

static bool alike(const struct align_item *a, const struct align_item *b)
{
    return a->event == b->event && a->env == b->env && a->number == b->number;
}

/* From i on, the first item that could be on both. */
static size_t common(const struct align *al, int side, size_t i)
{
    while (i < al->n[side] && al->item[side][i].only)
        i++;
    return i;
}

static bool meets(const struct align *al, size_t i, size_t j)
{
    for (size_t k = 0; k < MEET; k++, i++, j++) {
        i = common(al, 0, i);
        j = common(al, 1, j);
        if (i >= al->n[0] || j >= al->n[1])
            return k > 0 && i >= al->n[0] && j >= al->n[1];
        if (!alike(&al->item[0][i], &al->item[1][j]))
            return false;
    }
    return true;
}

/* How many of each to skip until they meet again; false: not within reach. */
static bool skip(const struct align *al, size_t i, size_t j, size_t *x, size_t *y)
{
    for (size_t k = 1; k <= AHEAD; k++)
        for (size_t m = 0; m <= k; m++)
            if (i + m <= al->n[0] && j + k - m <= al->n[1] &&
                meets(al, i + m, j + k - m)) {
                *x = m;
                *y = k - m;
                return true;
            }
    return false;
}

static bool outcomes_differ(const struct align_item *a, const struct align_item *b)
{
    if (a->event == TRACE_DEATH)
        return a->outcome != b->outcome;
    if (a->api)
        return a->has_outcome != b->has_outcome || a->outcome != b->outcome;
    if (!a->has_outcome || !b->has_outcome || (a->outcome >= 0 && b->outcome >= 0))
        return false;
    return a->outcome != b->outcome;
}

struct walker {
    struct align *al;
    size_t cap;
};

static void add_row(struct walker *w, enum align_kind kind, size_t a, size_t b)
{
    struct align *al = w->al;
    if (al->nrows == w->cap) {
        w->cap = w->cap ? 2 * w->cap : 1024;
        al->row = mem_grow(al->row, w->cap, sizeof *al->row);
    }
    if (kind == ALIGN_DIFFERS && al->first == ALIGN_NONE)
        al->first = al->nrows;
    al->row[al->nrows++] = (struct align_row){kind, a, b};
}

static void alone(struct walker *w, int side, size_t i)
{
    const struct align_item *it = &w->al->item[side][i];
    add_row(w, it->only ? ALIGN_ONLY : ALIGN_EXTRA, side == 0 ? i : ALIGN_NONE,
            side == 1 ? i : ALIGN_NONE);
    (it->only ? w->al->only : w->al->extra)[side]++;
}

static void both(struct walker *w, size_t i, size_t j)
{
    bool differ = outcomes_differ(&w->al->item[0][i], &w->al->item[1][j]);
    add_row(w, differ ? ALIGN_DIFFERS : ALIGN_SAME, i, j);
    if (differ)
        w->al->differ++;
    else
        w->al->same++;
}

/* Makes the rows of the two lists. */
static void walk(struct align *al)
{
    struct walker w = {al, 0};
    size_t i = 0, j = 0, x, y;
    while (i < al->n[0] || j < al->n[1]) {
        if (i < al->n[0] && al->item[0][i].only) {
            alone(&w, 0, i++);
            continue;
        }
        if (j < al->n[1] && al->item[1][j].only) {
            alone(&w, 1, j++);
            continue;
        }
        if (i < al->n[0] && j < al->n[1] && alike(&al->item[0][i], &al->item[1][j])) {
            both(&w, i++, j++);
            continue;
        }
        if (!skip(al, i, j, &x, &y)) {
            x = i < al->n[0];
            y = j < al->n[1];
        }
        while (x-- > 0)
            alone(&w, 0, i++);
        while (y-- > 0)
            alone(&w, 1, j++);
    }
}

void align_make(struct align *al, struct history *a, struct history *b,
                const struct calls *calls, struct calls_hardware ha,
                struct calls_hardware hb)
{
    *al = (struct align){.first = ALIGN_NONE};
    read_all(al, 0, a);
    read_all(al, 1, b);
    mark_only(al, 0, calls, hb);
    mark_only(al, 1, calls, ha);
    walk(al);
}

void align_lists(struct align *al, struct align_item *a, size_t na, struct align_item *b,
                 size_t nb)
{
    *al = (struct align){.item = {a, b}, .n = {na, nb}, .first = ALIGN_NONE};
    walk(al);
}

void align_free(struct align *al)
{
    free(al->item[0]);
    free(al->item[1]);
    free(al->row);
    *al = (struct align){.first = ALIGN_NONE};
}

void align_words(const struct align_item *it, const struct calls *calls,
                 const struct api *api, char *text, size_t max)
{
    if (it->api) {
        const char *f = api && it->number < api->n ? api->function[it->number].name : "?";
        if (it->has_outcome && it->pointer)
            snprintf(text, max, "%s = %s", f, it->outcome ? "an address" : "NULL");
        else if (it->has_outcome)
            snprintf(text, max, "%s = %" PRId64, f, it->outcome);
        else
            snprintf(text, max, "%s", f);
        return;
    }
    const char *name = it->event == HW_EV_CALL ? calls_name(calls, it->number) : NULL;
    if (it->event == TRACE_CREATE)
        snprintf(text, max, "env %" PRIu64 " made", it->number);
    else if (it->event == TRACE_DEATH)
        snprintf(text, max, "env %" PRIu64 " died, status %" PRId64, it->number,
                 it->outcome);
    else if (it->has_outcome && it->outcome < 0)
        snprintf(text, max, "%s = %" PRId64, name ? name : "?", it->outcome);
    else
        snprintf(text, max, "%s", name ? name : "?");
}
