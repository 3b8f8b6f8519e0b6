// SPDX-License-Identifier: GPL-2.0-or-later
/* cost_query.c - what the analysis found, for its readers; the balance of all lines. */
#include "cost_priv.h"

size_t cost_boards(const struct cost *c)
{
    return c->n;
}

const struct board *cost_board(const struct cost *c, size_t board)
{
    return c->place[board].board;
}

size_t cost_apis(const struct cost *c)
{
    return c->lists.api.n;
}

const struct cost_api *cost_api_row(const struct cost *c, size_t api)
{
    return &c->lists.row[api];
}

const struct calls *cost_calls(const struct cost *c)
{
    return &c->lists.calls;
}

size_t cost_hooks(const struct cost *c)
{
    return c->lists.nhooks;
}

const struct cost_hook *cost_hook(const struct cost *c, size_t hook)
{
    return &c->lists.hook[hook];
}

const char *cost_kind(const struct cost *c, size_t board, enum cost_class class_)
{
    return c->place[board].kind[class_];
}

const struct cost_set *cost_platform(const struct cost *c, size_t board)
{
    return c->place[board].platform;
}

const struct cost_set *cost_api(const struct cost *c, size_t board, size_t api)
{
    return c->place[board].api[api];
}

const struct cost_set *cost_call(const struct cost *c, size_t board, uint32_t call)
{
    return call < CALLS_MAX ? c->place[board].call[call] : NULL;
}

const struct cost_set *cost_conform(const struct cost *c, size_t board, size_t api)
{
    return c->place[board].conform[api];
}

const struct cost_set *cost_reached(const struct cost *c, size_t board)
{
    return c->place[board].reached;
}

const struct cost_set *cost_all(const struct cost *c, size_t board)
{
    return c->place[board].all;
}

void cost_balance(const struct cost *c, size_t board, enum cost_part part,
                  struct cost_balance *out)
{
    const struct cost_place *p = &c->place[board];
    *out = (struct cost_balance){0};
    for (size_t l = 0; l < c->names.nlines; l++) {
        if (c->names.file[c->names.line[l].file].part != part ||
            !bit_has(p->all->lines, l))
            continue;
        out->all++;
        if (bit_has(p->platform->lines, l))
            out->platform++;
        else if (bit_has(p->apis->lines, l))
            out->apis_only++;
        else if (bit_has(p->reached->lines, l))
            out->calls_only++;
        else
            out->unreached++;
    }
}
