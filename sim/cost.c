// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cost.c - the analysis: reads the graphs that some boards need, once each, and makes their
 * closures. The library's graph is one an ISA, the kernel's one an ISA and kind of MMU.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cost_priv.h"
#include "data.h"

/* ---- reading ---- */

static int read_lists(struct cost_lists *l, struct err *err)
{
    char *path = data_path("guest/calls.tsv");
    int code = calls_read(&l->calls, path, err);
    free(path);
    if (code == 0)
        code = api_read(&l->api, err);
    if (code == 0)
        code = hooks_read(&l->hooks, err);
    l->row = mem_zero(l->api.n + 1, sizeof *l->row);
    for (size_t i = 0; code == 0 && i < l->api.n; i++) {
        const struct api_function *f = &l->api.function[i];
        l->row[i] = (struct cost_api){f->name, f->header, f->group, f->classes};
    }
    if (code == 0 && l->hooks.n == 0)
        code = err_set(
            err, ERR_USER,
            "%s/guest/hooks.tsv is not there: backends have no hooks (is it built?)",
            data_dir());
    for (size_t i = 0; code == 0 && i < l->hooks.n; i++) {
        const struct hook *from = &l->hooks.hook[i];
        struct cost_hook *h = &l->hook[l->nhooks++];
        const char *dot = strchr(from->name, '.');
        h->class_ = from->class_ == HW_CLASS_DISK  ? COST_DISK
                    : from->class_ == HW_CLASS_NIC ? COST_NIC
                                                   : COST_MMU;
        h->name = dot ? dot + 1 : from->name;
        h->full = from->name;
        h->contract = from->contract;
        h->optional = strncmp(from->contract, "optional:", 9) == 0;
    }
    return code;
}

/* The graph of these archives (the last one NULL), read at most once. */
static int share(struct cost *c, char *const archive[], bool kernel,
                 const struct cost_graph **out, struct err *err)
{
    size_t n = 0;
    for (size_t i = 0; archive[i]; i++)
        n++;
    for (size_t i = 0; i < c->nshared; i++)
        if (strcmp(c->shared[i]->name, archive[0]) == 0) {
            *out = &c->shared[i]->graph;
            return 0;
        }
    struct cost_shared *s = mem_zero(1, sizeof *s);
    c->shared = mem_grow(c->shared, c->nshared + 1, sizeof *c->shared);
    c->shared[c->nshared++] = s;
    s->name = mem_str(archive[0]);
    *out = &s->graph;
    return graph_open(&s->graph, (const char *const *)archive, n, kernel, &c->names,
                      &c->lists, err);
}

/* What a model is called behind "exo,<class>-". */
static const char *model_kind(const struct hw_model *m)
{
    const char *dash = strchr(m->compatible, '-');
    return dash ? dash + 1 : m->compatible;
}

static void find_kinds(struct cost *c, struct cost_place *p)
{
    const struct board *b = p->board;
    p->kind[COST_GENERIC] = "";
    p->kind[COST_ISA] = board_cpu(b)->elf_name;
    p->kind[COST_MMU] = model_kind(b->dev[b->mmu].model);
    p->kind[COST_DISK] = b->disk >= 0 ? model_kind(b->dev[b->disk].model) : "";
    p->kind[COST_NIC] = b->nic >= 0 ? model_kind(b->dev[b->nic].model) : "";
    for (unsigned k = 0; k < COST_CLASSES; k++)
        p->kind_word[k] = intern_add(c->names.words, p->kind[k]);
}

static int read_graphs(struct cost *c, struct cost_place *p, struct err *err)
{
    const char *isa = p->kind[COST_ISA];
    char *libos[] = {data_path("guest/%s/libexos.a", isa),
                     data_path("guest/%s/crt0.o", isa),
                     data_path("guest/%s/libconform.a", isa), NULL};
    char *kernel[] = {data_path("guest/%s/libexo-%s.a", isa, p->kind[COST_MMU]), NULL};
    int code = cost_ready(p->board, err);
    bool ready = code == 0;
    if (code == 0)
        code = share(c, libos, false, &p->libos, err);
    if (code == 0)
        code = share(c, kernel, true, &p->kernel, err);
    for (size_t i = 0; libos[i]; i++)
        free(libos[i]);
    free(kernel[0]);
    return code == 0 || !ready ? code : err_prefix(err, code, "board %s", p->board->name);
}

int cost_ready(const struct board *b, struct err *err)
{
    const char *mmu = model_kind(b->dev[b->mmu].model);
    char *path = data_path("guest/%s/libexo-%s.a", board_cpu(b)->elf_name, mmu);
    int code = 0;
    if (!data_exists(path))
        code = err_set(
            err, ERR_USER,
            "board %s: its MMU is '%s', for which there is no exokernel: expected "
            "%s, built from exo/mmu/%s*.c",
            b->name, mmu, path, mmu);
    free(path);
    return code;
}

static uint32_t find_head(const struct cost_graph *g, const struct cost_place *p,
                          enum cost_class class_)
{
    for (uint32_t i = 0; i < g->nnodes; i++)
        if (g->node[i].head == class_ && g->node[i].kind == p->kind_word[class_])
            return i;
    return COST_NONE;
}

/* What drives each class of the board. The kernel has one MMU kind an image and no table of it. */
static int find_heads(struct cost_place *p, struct err *err)
{
    for (unsigned k = COST_MMU; k < COST_CLASSES; k++) {
        const char *class_ = cost_class_names[k], *kind = p->kind[k];
        p->head[k] = COST_NONE;
        if (*kind == 0)
            continue;
        p->head[k] = find_head(p->libos, p, k);
        bool driven = k == COST_MMU || find_head(p->kernel, p, k) != COST_NONE;
        if (driven && p->head[k] != COST_NONE)
            continue;
        return err_set(
            err, ERR_USER,
            "board %s: its %s is '%s', for which %s: expected %s_%s in %s/%s/%s*.c; "
            "'exosim port new %s %s' makes one",
            p->board->name, class_, kind,
            driven ? "the library has no backend" : "the exokernel has no driver", class_,
            kind, driven ? "libos/port" : "exo", class_, kind, class_, kind);
    }
    return 0;
}

/* ---- names that mean something to walks ---- */

static void mark_programs(struct cost *c, struct cost_graph *g)
{
    for (size_t i = 0; i < c->lists.api.n; i++) {
        char *name = mem_fmt("conform_program_%s", c->lists.api.function[i].name);
        uint32_t node = graph_find(g, &c->names, name);
        if (node != COST_NONE)
            g->node[node].program = true;
        free(name);
    }
}

/* radix_calls.c is of kind radix: the longest kind there is that the name begins with. */
static void settle_kinds(struct cost *c, const struct cost_graph *g)
{
    for (uint32_t f = 0; f < c->names.nfiles; f++) {
        struct cost_file *file = &c->names.file[f];
        const char *best = NULL;
        for (uint32_t i = 0; i < g->nnodes; i++) {
            const char *kind = intern_text(c->names.words, g->node[i].kind);
            size_t n = strlen(kind);
            if (g->node[i].head == file->class_ && file->class_ != COST_GENERIC &&
                strncmp(file->kind, kind, n) == 0 &&
                (file->kind[n] == 0 || file->kind[n] == '_') &&
                (!best || n > strlen(best)))
                best = kind;
        }
        if (best)
            file->kind = best;
    }
}

/* ---- closures ---- */

static void walk_name(const struct cost *c, size_t board, const struct cost_graph *g,
                      const char *name, bool weak, struct cost_set *set)
{
    uint32_t root = graph_find(g, &c->names, name);
    walk(c, board, g, &root, 1, weak, set);
}

/* Adds what the kernel does for the calls of a set. */
static void add_kernel(const struct cost_place *p, struct cost_set *set)
{
    for (size_t i = 0; i < CALLS_MAX; i++)
        if (bit_has(set->calls, i) && p->call[i])
            cost_set_union(set, p->call[i]);
}

static void close_calls(const struct cost *c, size_t board)
{
    struct cost_place *p = &c->place[board];
    p->call = mem_zero(CALLS_MAX, sizeof *p->call);
    for (size_t i = 0; i < CALLS_MAX; i++) {
        const struct call *call = &c->lists.calls.call[i];
        if (!call->there || !calls_exists(call, board_hardware(p->board)))
            continue;
        char *name = mem_fmt("sys_%s", call->name);
        p->call[i] = cost_set_new(c, board);
        bit_set(p->call[i]->calls, i);
        walk_name(c, board, p->kernel, name, true, p->call[i]);
        free(name);
    }
}

/* All APIs in one program: weak names of one that another defines count, too. */
static void close_together(const struct cost *c, size_t board)
{
    struct cost_place *p = &c->place[board];
    uint32_t *root = mem_zero(c->lists.api.n + 1, sizeof *root);
    for (size_t i = 0; i < c->lists.api.n; i++)
        root[i] = graph_find(p->libos, &c->names, c->lists.api.function[i].name);
    p->apis = cost_set_new(c, board);
    walk(c, board, p->libos, root, c->lists.api.n, true, p->apis);
    add_kernel(p, p->apis);
    cost_set_union(p->apis, p->platform);
    free(root);
}

static void close_apis(const struct cost *c, size_t board)
{
    struct cost_place *p = &c->place[board];
    p->api = mem_zero(c->lists.api.n + 1, sizeof *p->api);
    p->conform = mem_zero(c->lists.api.n + 1, sizeof *p->conform);
    for (size_t i = 0; i < c->lists.api.n; i++) {
        const char *name = c->lists.api.function[i].name;
        p->api[i] = cost_set_new(c, board);
        walk_name(c, board, p->libos, name, false, p->api[i]);
        add_kernel(p, p->api[i]);
    }
}

static void close_conform(const struct cost *c, size_t board)
{
    struct cost_place *p = &c->place[board];
    for (size_t i = 0; i < c->lists.api.n; i++) {
        char *name = mem_fmt("conform_%s", c->lists.api.function[i].name);
        uint32_t root[] = {graph_find(p->libos, &c->names, name),
                           graph_find(p->libos, &c->names, "main")};
        free(name);
        if (root[0] == COST_NONE)
            continue;
        p->conform[i] = cost_set_new(c, board);
        walk(c, board, p->libos, root, 2, true, p->conform[i]);
        add_kernel(p, p->conform[i]);
        cost_set_union(p->conform[i], p->platform);
    }
}

static void close_platform(const struct cost *c, size_t board)
{
    struct cost_place *p = &c->place[board];
    p->platform = cost_set_new(c, board);
    walk_name(c, board, p->kernel, "_start", true, p->platform);
    walk_name(c, board, p->libos, "_start", false, p->platform);
    add_kernel(p, p->platform);
}

/* What another board has when this one has everything. */
static void find_available(const struct cost *c, struct cost_place *p)
{
    const struct cost_names *n = &c->names;
    p->files = mem_zero(BIT_WORDS(n->nfiles) + 1, sizeof *p->files);
    p->available = mem_zero(BIT_WORDS(n->nlines) + 1, sizeof *p->available);
    for (size_t f = 0; f < n->nfiles; f++)
        if (n->file[f].class_ == COST_GENERIC ||
            (n->file[f].class_ == COST_ISA &&
             strcmp(n->file[f].kind, p->kind[COST_ISA]) == 0))
            bit_set(p->files, f);
    for (size_t l = 0; l < n->nlines; l++)
        if (bit_has(p->reached->lines, l))
            bit_set(p->files, n->line[l].file);
    for (size_t l = 0; l < n->nlines; l++)
        if (bit_has(p->files, n->line[l].file))
            bit_set(p->available, l);
}

static void close_board(const struct cost *c, size_t board)
{
    struct cost_place *p = &c->place[board];
    close_calls(c, board);
    close_platform(c, board);
    close_together(c, board);
    close_apis(c, board);
    close_conform(c, board);
    p->reached = cost_set_new(c, board);
    cost_set_copy(p->reached, p->apis);
    for (size_t i = 0; i < CALLS_MAX; i++)
        if (p->call[i])
            cost_set_union(p->reached, p->call[i]);
    p->all = cost_set_new(c, board);
    walk_all(p->libos, p->all);
    walk_all(p->kernel, p->all);
    find_available(c, p);
}

/* ---- */

static int analyse(struct cost *c, struct err *err)
{
    int code = read_lists(&c->lists, err);
    for (size_t i = 0; i < c->n && code == 0; i++) {
        find_kinds(c, &c->place[i]);
        code = read_graphs(c, &c->place[i], err);
    }
    for (size_t i = 0; i < c->n && code == 0; i++)
        code = find_heads(&c->place[i], err);
    if (code == 0)
        code = names_done(&c->names, err);
    if (code != 0)
        return code;
    for (size_t i = 0; i < c->nshared; i++) {
        struct cost_graph *g = &c->shared[i]->graph;
        graph_finish(g, &c->names);
        settle_kinds(c, g);
        if (!g->kernel)
            mark_programs(c, g);
    }
    for (size_t i = 0; i < c->n; i++)
        close_board(c, i);
    return 0;
}

int cost_open(const struct board *const *boards, size_t n, struct cost **out,
              struct err *err)
{
    struct cost *c = mem_zero(1, sizeof *c);
    names_init(&c->names);
    c->place = mem_zero(n + 1, sizeof *c->place);
    c->n = n;
    for (size_t i = 0; i < n; i++)
        c->place[i].board = boards[i];
    int code = analyse(c, err);
    if (code != 0)
        cost_close(c);
    else
        *out = c;
    return code;
}

static void free_sets(struct cost_set **set, size_t n)
{
    for (size_t i = 0; set && i < n; i++)
        cost_set_free(set[i]);
    free(set);
}

void cost_close(struct cost *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n; i++) {
        struct cost_place *p = &c->place[i];
        free_sets(p->call, CALLS_MAX);
        free_sets(p->api, c->lists.api.n);
        free_sets(p->conform, c->lists.api.n);
        cost_set_free(p->platform);
        cost_set_free(p->reached);
        cost_set_free(p->apis);
        cost_set_free(p->all);
        free(p->available);
        free(p->files);
    }
    for (size_t i = 0; i < c->nshared; i++) {
        graph_close(&c->shared[i]->graph);
        free(c->shared[i]->name);
        free(c->shared[i]);
    }
    free(c->shared);
    free(c->place);
    free(c->lists.row);
    api_free(&c->lists.api);
    hooks_free(&c->lists.hooks);
    calls_free(&c->lists.calls);
    names_free(&c->names);
    free(c);
}
