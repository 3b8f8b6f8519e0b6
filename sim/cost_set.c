// SPDX-License-Identifier: GPL-2.0-or-later
/* cost_set.c - sets of lines, functions, calls and hooks, and what they add up to. */
#include <stdlib.h>
#include <string.h>

#include "cost_priv.h"

struct cost_set *cost_set_new(const struct cost *c, size_t board)
{
    struct cost_set *s = mem_zero(1, sizeof *s);
    s->cost = c;
    s->board = board;
    s->lines = mem_zero(BIT_WORDS(c->names.nlines) + 1, sizeof *s->lines);
    s->functions = mem_zero(BIT_WORDS(c->names.nfunctions) + 1, sizeof *s->functions);
    return s;
}

void cost_set_free(struct cost_set *s)
{
    if (!s)
        return;
    free(s->lines);
    free(s->functions);
    free(s);
}

void cost_set_copy(struct cost_set *to, const struct cost_set *from)
{
    const struct cost_names *n = &from->cost->names;
    if (to == from)
        return;
    memcpy(to->lines, from->lines, BIT_WORDS(n->nlines) * sizeof *to->lines);
    memcpy(to->functions, from->functions,
           BIT_WORDS(n->nfunctions) * sizeof *to->functions);
    memcpy(to->calls, from->calls, sizeof to->calls);
    to->hooks = from->hooks;
    to->missing = from->missing;
}

void cost_set_union(struct cost_set *to, const struct cost_set *with)
{
    const struct cost_names *n = &with->cost->names;
    for (size_t i = 0; i < BIT_WORDS(n->nlines); i++)
        to->lines[i] |= with->lines[i];
    for (size_t i = 0; i < BIT_WORDS(n->nfunctions); i++)
        to->functions[i] |= with->functions[i];
    for (size_t i = 0; i < CALLS_MAX / 64; i++)
        to->calls[i] |= with->calls[i];
    to->hooks |= with->hooks;
    to->missing |= with->missing;
}

void cost_set_minus(struct cost_set *to, const struct cost_set *without)
{
    const struct cost_names *n = &without->cost->names;
    for (size_t i = 0; i < BIT_WORDS(n->nlines); i++)
        to->lines[i] &= ~without->lines[i];
    for (size_t i = 0; i < BIT_WORDS(n->nfunctions); i++)
        to->functions[i] &= ~without->functions[i];
    for (size_t i = 0; i < CALLS_MAX / 64; i++)
        to->calls[i] &= ~without->calls[i];
    to->hooks &= ~without->hooks;
    to->missing &= ~without->missing;
}

bool cost_has_line(const struct cost_set *s, size_t line)
{
    return bit_has(s->lines, line);
}

bool cost_has_function(const struct cost_set *s, size_t function)
{
    return bit_has(s->functions, function);
}

bool cost_has_call(const struct cost_set *s, uint32_t call)
{
    return call < CALLS_MAX && bit_has(s->calls, call);
}

bool cost_has_hook(const struct cost_set *s, size_t hook)
{
    return bit_has(&s->hooks, hook);
}

bool cost_lacks_hook(const struct cost_set *s, size_t hook)
{
    return bit_has(&s->missing, hook);
}

/* ---- sums ---- */

/* Of a function on a board; NULL: it has no code there. */
static const struct cost_node *node_of(const struct cost *c, size_t board,
                                       size_t function)
{
    const struct cost_place *p = &c->place[board];
    uint32_t i = p->libos->of_function[function];
    if (i != COST_NONE)
        return &p->libos->node[i];
    i = p->kernel->of_function[function];
    return i != COST_NONE ? &p->kernel->node[i] : NULL;
}

static struct cost_sum *sum_of(const struct cost *c, uint32_t file, struct cost_sums *out)
{
    const struct cost_file *f = &c->names.file[file];
    return &out->at[f->part][f->class_];
}

static void sum_function(const struct cost *c, const struct cost_set *s, size_t function,
                         const uint64_t *mask, struct cost_sums *out)
{
    const struct cost_node *n = node_of(c, s->board, function);
    uint32_t own = c->names.function[function].file, unlined = 0;
    bool counts = !mask;
    for (uint32_t i = 0; n && i < n->nspans; i++) {
        uint32_t line = n->span[i].line;
        if (line == COST_NONE) {
            unlined += n->span[i].bytes;
            continue;
        }
        if (!bit_has(s->lines, line) || (mask && !bit_has(mask, line)))
            continue;
        sum_of(c, c->names.line[line].file, out)->bytes += n->span[i].bytes;
        counts = counts || c->names.line[line].file == own;
    }
    if (counts) {
        sum_of(c, own, out)->functions++;
        sum_of(c, own, out)->bytes += unlined;
    }
}

void set_sum(const struct cost *c, const struct cost_set *s, const uint64_t *mask,
             struct cost_sums *out)
{
    memset(out, 0, sizeof *out);
    for (size_t w = 0; w < BIT_WORDS(c->names.nlines); w++)
        for (uint64_t bits = s->lines[w] & (mask ? mask[w] : ~(uint64_t)0); bits != 0;
             bits &= bits - 1) {
            size_t line = w * 64 + (size_t)__builtin_ctzll(bits);
            sum_of(c, c->names.line[line].file, out)->lines++;
        }
    for (size_t w = 0; w < BIT_WORDS(c->names.nfunctions); w++)
        for (uint64_t bits = s->functions[w]; bits != 0; bits &= bits - 1)
            sum_function(c, s, w * 64 + (size_t)__builtin_ctzll(bits), mask, out);
    for (size_t h = 0; h < c->lists.nhooks; h++) {
        out->hooks[c->lists.hook[h].class_] += bit_has(&s->hooks, h);
        out->missing[c->lists.hook[h].class_] += bit_has(&s->missing, h);
    }
    for (size_t i = 0; i < CALLS_MAX / 64; i++)
        out->calls += (uint32_t)__builtin_popcountll(s->calls[i]);
}

void cost_sum(const struct cost *c, const struct cost_set *s, struct cost_sums *out)
{
    set_sum(c, s, NULL, out);
}

struct cost_sum cost_total(const struct cost_sums *sums, enum cost_class class_)
{
    struct cost_sum total = {0};
    for (unsigned part = COST_LIBOS; part <= COST_KERNEL; part++)
        for (unsigned k = COST_GENERIC; k < COST_CLASSES; k++) {
            const struct cost_sum *s = &sums->at[part][k];
            if (class_ == COST_CLASSES ? k == COST_GENERIC : k != class_)
                continue;
            total.lines += s->lines;
            total.functions += s->functions;
            total.bytes += s->bytes;
        }
    return total;
}

uint64_t cost_function_bytes(const struct cost *c, size_t board, size_t function)
{
    const struct cost_node *n = node_of(c, board, function);
    uint64_t bytes = 0;
    for (uint32_t i = 0; n && i < n->nspans; i++)
        bytes += n->span[i].bytes;
    return bytes;
}

uint32_t cost_function_lines(const struct cost *c, size_t board, size_t function)
{
    const struct cost_node *n = node_of(c, board, function);
    return n ? n->nspans : 0;
}
