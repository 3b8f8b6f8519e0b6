// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cost_port.c - from board A to board B. What is written for B is the part of B's closures that
 * lies in files nothing on A reaches. The greedy order works on the distinct sets of lines that
 * APIs still need, which are few.
 */
#include <stdlib.h>
#include <string.h>

#include "cost_priv.h"

const char cost_greedy_words[] = "greedy: what needs nothing more first, then at each "
                                 "step the lines that complete most "
                                 "functions per line";

bool cost_available(const struct cost *c, size_t from, size_t file)
{
    return bit_has(c->place[from].files, file);
}

/* Lines of the platform and all APIs of B that A does not have. */
static uint64_t *new_lines(const struct cost *c, size_t from, size_t to)
{
    size_t words = BIT_WORDS(c->names.nlines);
    uint64_t *mask = mem_zero(words + 1, sizeof *mask);
    for (size_t i = 0; i < words; i++)
        mask[i] = c->place[to].apis->lines[i] & ~c->place[from].available[i];
    return mask;
}

struct cost_sum cost_port_total(const struct cost *c, size_t from, size_t to)
{
    struct cost_sums sums;
    uint64_t *mask = new_lines(c, from, to);
    set_sum(c, c->place[to].apis, mask, &sums);
    free(mask);
    return cost_total(&sums, COST_CLASSES);
}

/* ---- the greedy order ---- */

struct greedy {
    const struct cost *c;
    size_t to, napis, words;
    uint64_t **need; /* by API: lines still to write */
    bool *placed;
    size_t *order, n;
};

static size_t count(const struct greedy *g, const uint64_t *bits)
{
    size_t n = 0;
    for (size_t i = 0; i < g->words; i++)
        n += (size_t)__builtin_popcountll(bits[i]);
    return n;
}

static bool inside(const struct greedy *g, const uint64_t *a, const uint64_t *b)
{
    for (size_t i = 0; i < g->words; i++)
        if (a[i] & ~b[i])
            return false;
    return true;
}

/* The i-th API of the order is this one: the others need less. */
static void place(struct greedy *g, size_t api)
{
    g->placed[api] = true;
    g->order[g->n++] = api;
    for (size_t j = 0; j < g->napis; j++)
        for (size_t i = 0; i < g->words && !g->placed[j]; i++)
            g->need[j][i] &= ~g->need[api][i];
}

static void place_what_is_free(struct greedy *g)
{
    for (size_t j = 0; j < g->napis; j++)
        if (!g->placed[j] && count(g, g->need[j]) == 0) {
            g->placed[j] = true;
            g->order[g->n++] = j;
        }
}

static bool same_as_before(const struct greedy *g, size_t api)
{
    for (size_t j = 0; j < api; j++)
        if (!g->placed[j] &&
            memcmp(g->need[j], g->need[api], g->words * sizeof **g->need) == 0)
            return true;
    return false;
}

static size_t best(const struct greedy *g)
{
    size_t found = g->napis, found_lines = 1, found_done = 0;
    for (size_t j = 0; j < g->napis; j++) {
        if (g->placed[j] || same_as_before(g, j))
            continue;
        size_t lines = count(g, g->need[j]), done = 0;
        for (size_t k = 0; k < g->napis; k++)
            done += !g->placed[k] && inside(g, g->need[k], g->need[j]);
        size_t here = done * found_lines, there = found_done * lines;
        if (found == g->napis || here > there || (here == there && lines < found_lines)) {
            found = j;
            found_lines = lines;
            found_done = done;
        }
    }
    return found;
}

/* Needs of each API as bits of the lines of `mask` alone. */
static void shrink(struct greedy *g, const uint64_t *mask, const uint64_t *platform)
{
    size_t lines = g->c->names.nlines, n = 0;
    uint32_t *kept = mem_zero(lines + 1, sizeof *kept);
    for (size_t l = 0; l < lines; l++)
        if (bit_has(mask, l) && !bit_has(platform, l))
            kept[n++] = (uint32_t)l;
    g->words = BIT_WORDS(n);
    for (size_t j = 0; j < g->napis; j++) {
        g->need[j] = mem_zero(g->words + 1, sizeof **g->need);
        for (size_t i = 0; i < n; i++)
            if (bit_has(g->c->place[g->to].api[j]->lines, kept[i]))
                bit_set(g->need[j], i);
    }
    free(kept);
}

static void greedy_order(const struct cost *c, size_t to, const uint64_t *mask,
                         size_t *order)
{
    struct greedy g = {.c = c, .to = to, .napis = c->lists.api.n, .order = order};
    g.need = mem_zero(g.napis + 1, sizeof *g.need);
    g.placed = mem_zero(g.napis + 1, sizeof *g.placed);
    shrink(&g, mask, c->place[to].platform->lines);
    while (g.n < g.napis) {
        place_what_is_free(&g);
        if (g.n < g.napis)
            place(&g, best(&g));
    }
    for (size_t j = 0; j < g.napis; j++)
        free(g.need[j]);
    free(g.need);
    free(g.placed);
}

/* ---- rows ---- */

static void fill_rows(const struct cost *c, struct cost_port *p, const uint64_t *mask)
{
    const struct cost_place *b = &c->place[p->to];
    size_t words = BIT_WORDS(c->names.nlines);
    uint64_t *old = mem_zero(words + 1, sizeof *old);
    uint64_t *beyond = mem_zero(words + 1, sizeof *beyond);
    uint64_t *left = mem_zero(words + 1, sizeof *left);
    for (size_t i = 0; i < words; i++) {
        old[i] = ~mask[i];
        beyond[i] = mask[i] & ~b->platform->lines[i];
        left[i] = beyond[i];
    }
    for (size_t i = 0; i < c->lists.api.n; i++) {
        size_t api = p->order[i];
        struct cost_port_row *row = &p->api[api];
        row->place = (uint32_t)i;
        set_sum(c, b->api[api], old, &row->reused);
        set_sum(c, b->api[api], mask, &row->alone);
        set_sum(c, b->api[api], beyond, &row->beyond);
        set_sum(c, b->api[api], left, &row->margin);
        for (size_t k = 0; k < words; k++)
            left[k] &= ~b->api[api]->lines[k];
    }
    set_sum(c, b->platform, mask, &p->platform);
    set_sum(c, b->apis, mask, &p->total);
    free(old);
    free(beyond);
    free(left);
}

static int check_order(const struct cost *c, const size_t *order, struct err *err)
{
    size_t n = c->lists.api.n;
    bool *seen = mem_zero(n + 1, sizeof *seen);
    int code = 0;
    for (size_t i = 0; i < n && code == 0; i++)
        if (order[i] >= n)
            code = err_set(err, ERR_USER, "order of porting: there is no API number %zu",
                           order[i]);
        else if (seen[order[i]])
            code = err_set(err, ERR_USER, "order of porting: %s is in it twice",
                           c->lists.api.function[order[i]].name);
        else
            seen[order[i]] = true;
    free(seen);
    return code;
}

int cost_port(const struct cost *c, size_t from, size_t to, const size_t *order,
              struct cost_port **out, struct err *err)
{
    int code = order ? check_order(c, order, err) : 0;
    if (code != 0)
        return code;
    struct cost_port *p = mem_zero(1, sizeof *p);
    p->from = from;
    p->to = to;
    p->api = mem_zero(c->lists.api.n + 1, sizeof *p->api);
    p->order = mem_zero(c->lists.api.n + 1, sizeof *p->order);
    uint64_t *mask = new_lines(c, from, to);
    if (order)
        memcpy(p->order, order, c->lists.api.n * sizeof *order);
    else
        greedy_order(c, to, mask, p->order);
    fill_rows(c, p, mask);
    free(mask);
    *out = p;
    return 0;
}

void cost_port_free(struct cost_port *p)
{
    if (!p)
        return;
    free(p->api);
    free(p->order);
    free(p);
}
