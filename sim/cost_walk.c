// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cost_walk.c - what is reached from some nodes, for one board.
 *
 *   backends    the library's generic code calls hooks through dispatch functions: each leads to
 *               the member of the board's backend, never to the whole struct
 *   drivers     the kernel's tables of drivers lead to the board's own only
 *   calls       exo_<name>, and what marks say is queued, are calls; the kernel's dispatch table
 *               leads nowhere: a call's own closure starts at its sys_<name>
 *   weak names  never pull an object into a program: they count where the rest does
 */
#include <stdlib.h>
#include <string.h>

#include "cost_priv.h"

/* Classes as marks number them. */
static const unsigned class_number[COST_CLASSES] = {0, HW_CLASS_CPU, HW_CLASS_MMU,
                                                    HW_CLASS_DISK, HW_CLASS_NIC};

struct walk {
    const struct cost_place *place;
    const struct cost_graph *graph;
    const struct cost_hook *hooks;
    struct cost_set *set;
    uint8_t *seen, *unit; /* by node; by unit */
    uint32_t *todo, *later;
    size_t ntodo, nlater;
    bool weak;
};

static void reach(struct walk *w, uint32_t i)
{
    if (i == COST_NONE || w->seen[i])
        return;
    w->seen[i] = 1;
    w->todo[w->ntodo++] = i;
}

static void add_code(struct cost_set *set, const struct cost_node *n)
{
    if (n->function != COST_NONE)
        bit_set(set->functions, n->function);
    for (uint32_t s = 0; s < n->nspans; s++)
        if (n->span[s].line != COST_NONE)
            bit_set(set->lines, n->span[s].line);
}

/* The stub of a call, and marks that are calls. */
static void add_calls(struct cost_set *set, const struct cost_node *n)
{
    if (n->call >= 0)
        bit_set(set->calls, (size_t)n->call);
    for (uint32_t i = 0; i < n->nmarks; i++)
        if (n->mark[i] < CALLS_MAX)
            bit_set(set->calls, n->mark[i]);
}

static void dispatch(struct walk *w, size_t hook, enum cost_class class_)
{
    bit_set(&w->set->hooks, hook);
    uint32_t h = w->place->head[class_];
    const struct cost_node *head = h != COST_NONE ? &w->graph->node[h] : NULL;
    if (head && head->member[hook] != COST_NONE)
        reach(w, head->edge[head->member[hook]].to);
    else if (!w->hooks[hook].optional)
        bit_set(&w->set->missing, hook);
}

/* Marks of libos/port/mark.h that are no calls. */
static void follow_marks(struct walk *w, const struct cost_lists *lists,
                         const struct cost_node *n)
{
    for (uint32_t i = 0; i < n->nmarks; i++) {
        size_t hook = hooks_of_mark(&lists->hooks, n->mark[i]);
        if (hook < lists->nhooks)
            dispatch(w, hook, lists->hook[hook].class_);
        for (unsigned k = COST_MMU; k < COST_CLASSES; k++)
            if (n->mark[i] == (MARK_BACKEND_CALLS | class_number[k]) &&
                w->place->head[k] != COST_NONE)
                add_calls(w->set, &w->graph->node[w->place->head[k]]);
    }
}

/* Does a table of heads lead to this one on this board? */
static bool ours(const struct walk *w, const struct cost_node *head)
{
    return head->kind == w->place->kind_word[head->head];
}

static void follow(struct walk *w, const struct cost_node *from,
                   const struct cost_edge *e)
{
    if (e->to == COST_NONE)
        return;
    const struct cost_node *to = &w->graph->node[e->to];
    if (to->program)
        return;
    if (w->graph->kernel) {
        bool dispatches = !from->code && to->call >= 0;
        if (!dispatches && (!to->head || ours(w, to)))
            reach(w, e->to);
        return;
    }
    if (to->head)
        return;
    if (e->weak && !w->weak)
        w->later[w->nlater++] = e->to;
    else
        reach(w, e->to);
}

static void visit(struct walk *w, const struct cost_lists *lists, uint32_t i)
{
    const struct cost_node *n = &w->graph->node[i];
    const struct cost_unit *u = &w->graph->unit[n->unit];
    if (!w->unit[n->unit]) {
        w->unit[n->unit] = 1;
        for (uint32_t k = 0; k < u->ninit; k++)
            reach(w, u->init[k]);
    }
    add_code(w->set, n);
    if (!w->graph->kernel) {
        add_calls(w->set, n);
        follow_marks(w, lists, n);
    }
    if (n->hook >= 0)
        dispatch(w, (size_t)n->hook, lists->hook[n->hook].class_);
    for (uint32_t k = 0; k < n->nedges; k++)
        follow(w, n, &n->edge[k]);
}

void walk(const struct cost *c, size_t board, const struct cost_graph *g,
          const uint32_t *roots, size_t n, bool weak, struct cost_set *set)
{
    size_t edges = 0;
    for (uint32_t i = 0; i < g->nnodes; i++)
        edges += g->node[i].nedges;
    struct walk w = {.place = &c->place[board],
                     .graph = g,
                     .hooks = c->lists.hook,
                     .set = set,
                     .weak = weak};
    w.seen = mem_zero(g->nnodes + 1, 1);
    w.unit = mem_zero(g->nunits + 1, 1);
    w.todo = mem_grow(NULL, g->nnodes + 1, sizeof *w.todo);
    w.later = mem_grow(NULL, edges + 1, sizeof *w.later);
    for (size_t i = 0; i < n; i++)
        reach(&w, roots[i]);
    size_t waiting;
    do {
        while (w.ntodo > 0)
            visit(&w, &c->lists, w.todo[--w.ntodo]);
        waiting = w.nlater;
        for (size_t i = 0; i < waiting; i++)
            if (w.unit[g->node[w.later[i]].unit])
                reach(&w, w.later[i]);
    } while (w.ntodo > 0);
    free(w.seen);
    free(w.unit);
    free(w.todo);
    free(w.later);
}

void walk_all(const struct cost_graph *g, struct cost_set *set)
{
    for (uint32_t i = 0; i < g->nnodes; i++) {
        add_code(set, &g->node[i]);
        if (!g->kernel)
            add_calls(set, &g->node[i]);
    }
}
