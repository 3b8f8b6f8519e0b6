// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cost_object.c - an object's part of a graph. A node is a function or a data object: a stretch of
 * a section that a symbol names, by its size, or up to the next symbol if it has none (assembly);
 * what no symbol names of a section is one node more. Names inside a sized symbol are other
 * names of that node.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cost_priv.h"

struct part { /* of a section: a node */
    uint64_t start, end;
    uint32_t node;
};

struct layout {
    struct part *part; /* sorted */
    size_t n;
    uint32_t rest; /* node of what is in none; COST_NONE: not made yet */
};

struct reading {
    struct cost_reader *r;
    struct object o;
    struct unit_lines lines;
    struct layout *layout; /* of each section */
    uint32_t unit, from;   /* from: branches of this section */
};

/* ---- nodes ---- */

static struct cost_node *node(const struct reading *d, uint32_t i)
{
    return &d->r->graph->node[i];
}

static uint32_t new_node(struct reading *d, const char *name, bool code)
{
    struct cost_graph *g = d->r->graph;
    if ((g->nnodes & (g->nnodes - 1)) == 0)
        g->node = mem_grow(g->node, g->nnodes ? 2 * g->nnodes : 1, sizeof *g->node);
    g->node[g->nnodes] = (struct cost_node){.name = intern_add(d->r->names->words, name),
                                            .unit = d->unit,
                                            .function = COST_NONE,
                                            .file = d->lines.file,
                                            .code = code,
                                            .call = -1,
                                            .hook = -1};
    return g->nnodes++;
}

struct name {
    uint64_t start, size;
    const char *text;
    bool global, weak;
};

static int by_place(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->size < y->size) - (x->size > y->size);
}

static bool is_name(const struct section *s, const GElf_Sym *sym, const char *text)
{
    unsigned type = GELF_ST_TYPE(sym->st_info), bind = GELF_ST_BIND(sym->st_info);
    if (*text == 0 || *text == '.' || *text == '$' || sym->st_value > s->size)
        return false;
    return type == STT_FUNC || type == STT_OBJECT ||
           (type == STT_NOTYPE && bind != STB_LOCAL);
}

/* Names of all sections, sorted by place; free() them. n[i]: how many section i has. */
static struct name **names_of(const struct reading *d, size_t *n)
{
    struct name **list = mem_zero(d->o.nsections + 1, sizeof *list);
    for (size_t i = 0; i < d->o.nsymbols; i++) {
        GElf_Sym sym;
        const char *text;
        if (!object_symbol(&d->o, i, &sym, &text) || sym.st_shndx == SHN_UNDEF ||
            sym.st_shndx >= d->o.nsections ||
            !is_name(&d->o.section[sym.st_shndx], &sym, text))
            continue;
        size_t s = sym.st_shndx, have = n[s]++;
        if ((have & (have - 1)) == 0)
            list[s] = mem_grow(list[s], have ? 2 * have : 1, sizeof **list);
        unsigned bind = GELF_ST_BIND(sym.st_info);
        list[s][have] = (struct name){sym.st_value, sym.st_size, text, bind != STB_LOCAL,
                                      bind == STB_WEAK};
    }
    for (size_t s = 0; s < d->o.nsections; s++)
        if (n[s] > 0)
            qsort(list[s], n[s], sizeof **list, by_place);
    return list;
}

static void lay_out(struct reading *d, size_t section, const struct name *name, size_t n)
{
    struct layout *l = &d->layout[section];
    const struct section *s = &d->o.section[section];
    bool open = false; /* the last part's end is not known */
    l->part = mem_zero(n + 1, sizeof *l->part);
    for (size_t i = 0; i < n; i++) {
        struct part *last = l->n > 0 ? &l->part[l->n - 1] : NULL;
        bool same =
            last && (open ? name[i].start == last->start : name[i].start < last->end);
        if (!same) {
            if (open)
                last->end = name[i].start;
            open = name[i].size == 0;
            uint64_t end = open ? s->size : name[i].start + name[i].size;
            l->part[l->n++] = (struct part){name[i].start, end < s->size ? end : s->size,
                                            new_node(d, name[i].text, object_is_code(s))};
        }
        if (name[i].global)
            graph_define(d->r->graph, d->r->archive,
                         intern_add(d->r->names->words, name[i].text),
                         l->part[l->n - 1].node, name[i].weak);
    }
}

static void make_nodes(struct reading *d)
{
    size_t *n = mem_zero(d->o.nsections + 1, sizeof *n);
    struct name **list = names_of(d, n);
    d->layout = mem_zero(d->o.nsections + 1, sizeof *d->layout);
    for (size_t s = 0; s < d->o.nsections; s++) {
        d->layout[s].rest = COST_NONE;
        if (d->o.section[s].flags & SHF_ALLOC)
            lay_out(d, s, list[s], n[s]);
        free(list[s]);
    }
    free(list);
    free(n);
}

static struct part *part_at(struct layout *l, uint64_t offset)
{
    size_t low = 0, high = l->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (l->part[mid].end <= offset)
            low = mid + 1;
        else
            high = mid;
    }
    return low < l->n && l->part[low].start <= offset ? &l->part[low] : NULL;
}

static uint32_t node_at(struct reading *d, size_t section, uint64_t offset,
                        uint64_t *start)
{
    struct layout *l = &d->layout[section];
    const struct part *p = part_at(l, offset);
    if (start)
        *start = p ? p->start : 0;
    if (p)
        return p->node;
    if (l->rest == COST_NONE)
        l->rest = new_node(d, d->o.section[section].name,
                           object_is_code(&d->o.section[section]));
    return l->rest;
}

/* ---- edges ---- */

static void add_edge(struct reading *d, uint32_t from, struct cost_edge e)
{
    struct cost_node *n = node(d, from);
    if ((n->nedges & (n->nedges - 1)) == 0)
        n->edge = mem_grow(n->edge, n->nedges ? 2 * n->nedges : 1, sizeof *n->edge);
    n->edge[n->nedges++] = e;
}

static void add_open(struct reading *d, uint32_t from)
{
    struct cost_reader *r = d->r;
    if ((r->nopen & (r->nopen - 1)) == 0)
        r->open = mem_grow(r->open, r->nopen ? 2 * r->nopen : 1, sizeof *r->open);
    r->open[r->nopen][0] = from;
    r->open[r->nopen++][1] = node(d, from)->nedges - 1;
}

static void add_mark(struct reading *d, uint32_t to, uint32_t call)
{
    struct cost_node *n = node(d, to);
    n->mark = mem_grow(n->mark, n->nmarks + 1, sizeof *n->mark);
    n->mark[n->nmarks++] = call;
}

/* A record of .exo_calls: (place, number), four bytes each. */
static void read_mark(struct reading *d, const struct reloc *r)
{
    const struct section *s = &d->o.section[r->section];
    if (r->to.kind != TARGET_HERE || s->size < 8 || r->at > s->size - 8)
        return;
    const uint8_t *at = s->bytes + r->at + 4;
    uint32_t what =
        at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    if (what - CALLS_FIRST < CALLS_MAX)
        what -= CALLS_FIRST;
    add_mark(d, node_at(d, r->to.section, r->to.offset, NULL), what);
}

static void read_reloc(struct reading *d, const struct reloc *r)
{
    const struct section *s = &d->o.section[r->section];
    if (!(s->flags & SHF_ALLOC)) {
        read_mark(d, r);
        return;
    }
    if (r->to.kind == TARGET_NONE)
        return;
    bool here = r->to.kind == TARGET_HERE;
    if (here && !(d->o.section[r->to.section].flags & SHF_ALLOC))
        return;
    uint32_t to = here ? node_at(d, r->to.section, r->to.offset, NULL)
                       : intern_add(d->r->names->words, r->to.name);
    struct cost_unit *u = &d->r->graph->unit[d->unit];
    if (here && strncmp(s->name, ".init_array", 11) == 0) {
        u->init = mem_grow(u->init, u->ninit + 1, sizeof *u->init);
        u->init[u->ninit++] = to;
        return;
    }
    uint64_t start;
    uint32_t from = node_at(d, r->section, r->at, &start);
    add_edge(d, from, (struct cost_edge){to, (uint32_t)(r->at - start), r->to.weak});
    if (!here)
        add_open(d, from);
}

static void visit_branch(void *arg, uint64_t from, uint64_t to)
{
    struct reading *d = arg;
    uint64_t start;
    uint32_t a = node_at(d, d->from, from, &start), b = node_at(d, d->from, to, NULL);
    if (a != b)
        add_edge(d, a, (struct cost_edge){b, (uint32_t)(from - start), false});
}

/* Assembly may run on from an unsized function into the next one. */
static void fall_through(struct reading *d, size_t section, const GElf_Sym *sym)
{
    struct layout *l = &d->layout[section];
    struct part *p = part_at(l, sym->st_value);
    if (p && p->start == sym->st_value && p + 1 < l->part + l->n && p[1].start == p->end)
        add_edge(d, p->node, (struct cost_edge){p[1].node, 0, false});
}

static int read_branches(struct reading *d, struct err *err)
{
    int code = 0;
    for (size_t s = 0; s < d->o.nsections && code == 0; s++) {
        d->from = (uint32_t)s;
        if (object_is_code(&d->o.section[s]) && d->layout[s].n > 1)
            code = branch_each(&d->o, &d->o.section[s], visit_branch, d, err);
    }
    for (size_t i = 0; d->lines.assembly && i < d->o.nsymbols; i++) {
        GElf_Sym sym;
        const char *text;
        if (object_symbol(&d->o, i, &sym, &text) && sym.st_shndx != SHN_UNDEF &&
            sym.st_shndx < d->o.nsections && sym.st_size == 0 &&
            object_is_code(&d->o.section[sym.st_shndx]) &&
            is_name(&d->o.section[sym.st_shndx], &sym, text))
            fall_through(d, sym.st_shndx, &sym);
    }
    return code;
}

/* ---- lines ---- */

static int by_line(const void *a, const void *b)
{
    const struct cost_span *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

static void add_span(struct cost_node *n, uint32_t line, uint64_t bytes)
{
    if ((n->nspans & (n->nspans - 1)) == 0)
        n->span = mem_grow(n->span, n->nspans ? 2 * n->nspans : 1, sizeof *n->span);
    n->span[n->nspans++] = (struct cost_span){line, (uint32_t)bytes};
}

/* One row, over all the parts it covers. */
static void read_row(struct reading *d, size_t section, const struct line_row *row)
{
    const struct section *s = &d->o.section[section];
    uint64_t at = row->start - s->base, end = row->end - s->base;
    while (at < end && at < s->size) {
        uint32_t i = node_at(d, section, at, NULL);
        struct layout *l = &d->layout[section];
        const struct part *p = part_at(l, at);
        uint64_t to = end;
        if (p && p->end < to)
            to = p->end;
        for (size_t k = 0; !p && k < l->n; k++)
            if (l->part[k].start > at && l->part[k].start < to)
                to = l->part[k].start;
        struct cost_node *n = node(d, i);
        /* what comes first may be inlined from a header: the source itself counts more */
        if (row->line != COST_NONE && (n->nspans == 0 || row->file == d->lines.file))
            n->file = row->file;
        add_span(n, row->line, to - at);
        at = to;
    }
}

static void merge_spans(struct cost_node *n)
{
    if (n->nspans == 0)
        return;
    qsort(n->span, n->nspans, sizeof *n->span, by_line);
    uint32_t k = 0;
    for (uint32_t i = 1; i < n->nspans; i++)
        if (n->span[i].line == n->span[k].line)
            n->span[k].bytes += n->span[i].bytes;
        else
            n->span[++k] = n->span[i];
    n->nspans = k + 1;
}

static void read_rows(struct reading *d)
{
    size_t section = 0;
    for (size_t i = 0; i < d->lines.n; i++) {
        const struct line_row *row = &d->lines.row[i];
        const struct section *s = &d->o.section[section];
        if (!object_is_code(s) || row->start - s->base >= s->size)
            for (section = 0; section < d->o.nsections; section++) {
                s = &d->o.section[section];
                if (object_is_code(s) && row->start - s->base < s->size)
                    break;
            }
        if (section < d->o.nsections)
            read_row(d, section, row);
        else
            section = 0;
    }
}

/* ---- what nodes are ---- */

/* "exo_time64" is the call "time", too. */
static int32_t call_named(const struct calls *calls, const char *name)
{
    size_t n = strlen(name);
    bool wide = n > 2 && strcmp(name + n - 2, "64") == 0;
    for (int32_t i = 0; i < (int32_t)CALLS_MAX; i++) {
        const char *call = calls->call[i].there ? calls->call[i].name : NULL;
        if (call && (strcmp(call, name) == 0 ||
                     (wide && strlen(call) == n - 2 && strncmp(call, name, n - 2) == 0)))
            return i;
    }
    return -1;
}

static void name_code(struct reading *d, struct cost_node *n)
{
    const char *name = intern_text(d->r->names->words, n->name);
    const char *prefix = d->r->graph->kernel ? "sys_" : "exo_";
    if (n->nspans > 0)
        n->function = names_function(d->r->names, n->file, n->name);
    if (strncmp(name, prefix, 4) == 0)
        n->call = call_named(&d->r->lists->calls, name + 4);
    for (size_t h = 0; h < d->r->lists->nhooks && !d->r->graph->kernel; h++) {
        const struct cost_hook *hook = &d->r->lists->hook[h];
        const char *class_ = cost_class_names[hook->class_];
        size_t k = strlen(class_);
        if (strncmp(name, class_, k) == 0 && name[k] == '_' &&
            strcmp(name + k + 1, hook->name) == 0)
            n->hook = (int32_t)h;
    }
}

/* Calls that members of a backend name: bind_call, unbind_call. */
static void read_call_members(struct reading *d, uint32_t head, const char *type)
{
    static const char *const names[] = {"bind_call", "unbind_call"};
    for (size_t s = 0; s < d->o.nsections; s++)
        for (size_t i = 0; i < d->layout[s].n; i++) {
            const struct part *p = &d->layout[s].part[i];
            const uint8_t *bytes = d->o.section[s].bytes;
            for (size_t k = 0; k < 2 && p->node == head && bytes; k++) {
                int64_t at = dwarf_member(&d->o, type, names[k]);
                if (at >= 0 && (uint64_t)at < p->end - p->start &&
                    bytes[p->start + (uint64_t)at] != 0)
                    add_mark(d, head, bytes[p->start + (uint64_t)at]);
            }
        }
}

static void read_members(struct reading *d, uint32_t head)
{
    struct cost_node *n = node(d, head);
    const struct cost_lists *lists = d->r->lists;
    char type[32];
    snprintf(type, sizeof type, "%s_ops", cost_class_names[n->head]);
    n->member = mem_zero(lists->nhooks + 1, sizeof *n->member);
    for (size_t h = 0; h < lists->nhooks; h++) {
        n->member[h] = COST_NONE;
        if (lists->hook[h].class_ != n->head)
            continue;
        int64_t at = dwarf_member(&d->o, type, lists->hook[h].name);
        for (uint32_t e = 0; at >= 0 && e < n->nedges; e++)
            if (n->edge[e].at == at)
                n->member[h] = e;
    }
    read_call_members(d, head, type);
}

/* <class>_<kind> in that kind's file is a backend, or the kernel's driver. */
static void name_data(struct reading *d, uint32_t i)
{
    struct cost_node *n = node(d, i);
    enum cost_part part;
    enum cost_class class_;
    char kind[32];
    const char *name = intern_text(d->r->names->words, n->name);
    if (d->lines.file == COST_NONE ||
        !cost_classify(intern_text(d->r->names->files, d->lines.file), &part, &class_,
                       kind) ||
        class_ == COST_GENERIC)
        return;
    size_t k = strlen(cost_class_names[class_]);
    if (strncmp(name, cost_class_names[class_], k) != 0 || name[k] != '_' ||
        strcmp(name + k + 1, kind) != 0)
        return;
    n->head = class_;
    n->kind = intern_add(d->r->names->words, kind);
    if (!d->r->graph->kernel)
        read_members(d, i);
}

static int read_all(struct reading *d, struct err *err)
{
    uint32_t first = d->r->graph->nnodes;
    make_nodes(d);
    for (size_t i = 0; i < d->o.nrelocs; i++)
        read_reloc(d, &d->o.reloc[i]);
    int code = read_branches(d, err);
    read_rows(d);
    for (uint32_t i = first; i < d->r->graph->nnodes; i++) {
        merge_spans(node(d, i));
        if (node(d, i)->code)
            name_code(d, node(d, i));
        else
            name_data(d, i);
    }
    return code;
}

int object_read(struct cost_reader *r, const char *archive, const char *member,
                const void *image, size_t len, struct err *err)
{
    struct reading d = {.r = r};
    int code = object_open(&d.o, archive, member, image, len, err);
    if (code != 0)
        return code;
    struct cost_graph *g = r->graph;
    d.unit = g->nunits;
    g->unit = mem_grow(g->unit, g->nunits + 1, sizeof *g->unit);
    g->unit[g->nunits++] = (struct cost_unit){.archive = r->archive};
    code = dwarf_lines(&d.o, r->names, &d.lines, err);
    if (code == 0)
        code = read_all(&d, err);
    for (size_t i = 0; d.layout && i < d.o.nsections; i++)
        free(d.layout[i].part);
    free(d.layout);
    free(d.lines.row);
    object_close(&d.o);
    return code;
}
