// SPDX-License-Identifier: GPL-2.0-or-later
/* cost_names.c - files, lines and functions by number: the same source line of two instruction
 * sets is one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cost_priv.h"

void names_init(struct cost_names *n)
{
    n->files = intern_new();
    n->words = intern_new();
}

void names_free(struct cost_names *n)
{
    intern_free(n->files);
    intern_free(n->words);
    free(n->file);
    free(n->line);
    free(n->function);
    free(n->line_number);
    free(n->line_pair.slot);
    free(n->line_pair.pair);
    free(n->function_pair.slot);
    free(n->function_pair.pair);
}

/* ---- pairs of numbers, numbered ---- */

static uint32_t slot_of(const struct cost_pairs *p, uint32_t a, uint32_t b)
{
    uint64_t h = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15u;
    uint32_t i = (uint32_t)(h >> 32) & p->mask;
    while (p->slot[i] != 0 &&
           (p->pair[p->slot[i] - 1][0] != a || p->pair[p->slot[i] - 1][1] != b))
        i = (i + 1) & p->mask;
    return i;
}

static void pairs_grow(struct cost_pairs *p)
{
    uint32_t size = p->slot ? 2 * (p->mask + 1) : 4096;
    p->pair = mem_grow(p->pair, size, sizeof *p->pair);
    free(p->slot);
    p->slot = mem_zero(size, sizeof *p->slot);
    p->mask = size - 1;
    for (uint32_t i = 0; i < p->n; i++)
        p->slot[slot_of(p, p->pair[i][0], p->pair[i][1])] = i + 1;
}

static uint32_t pair_add(struct cost_pairs *p, uint32_t a, uint32_t b)
{
    if (!p->slot || p->n > p->mask / 2)
        pairs_grow(p);
    uint32_t i = slot_of(p, a, b);
    if (p->slot[i] == 0) {
        p->pair[p->n][0] = a;
        p->pair[p->n][1] = b;
        p->slot[i] = ++p->n;
    }
    return p->slot[i] - 1;
}

uint32_t names_line(struct cost_names *n, uint32_t file, uint32_t line)
{
    return pair_add(&n->line_pair, file, line);
}

uint32_t names_function(struct cost_names *n, uint32_t file, uint32_t word)
{
    return pair_add(&n->function_pair, file, word);
}

/* ---- tables ---- */

static int make_files(struct cost_names *n, struct err *err)
{
    n->nfiles = intern_count(n->files);
    n->file = mem_zero(n->nfiles + 1, sizeof *n->file);
    for (uint32_t i = 0; i < n->nfiles; i++) {
        char kind[32];
        struct cost_file *f = &n->file[i];
        f->path = intern_text(n->files, i);
        if (!cost_classify(f->path, &f->part, &f->class_, kind))
            return err_set(err, ERR_USER,
                           "%s: has code in a guest's objects, but is in none of exo/, "
                           "libos/, workloads/, tests/, by which code is classified",
                           f->path);
        f->kind = intern_text(n->words, intern_add(n->words, kind));
    }
    return 0;
}

struct sorted {
    const char *path;
    uint32_t line, number;
};

static int by_path_and_line(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    int order = x->path == y->path ? 0 : strcmp(x->path, y->path);
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static void make_lines(struct cost_names *n)
{
    n->nlines = n->line_pair.n;
    struct sorted *all = mem_zero(n->nlines + 1, sizeof *all);
    for (uint32_t i = 0; i < n->nlines; i++)
        all[i] = (struct sorted){n->file[n->line_pair.pair[i][0]].path,
                                 n->line_pair.pair[i][1], i};
    qsort(all, n->nlines, sizeof *all, by_path_and_line);
    n->line = mem_zero(n->nlines + 1, sizeof *n->line);
    n->line_number = mem_zero(n->nlines + 1, sizeof *n->line_number);
    for (uint32_t i = 0; i < n->nlines; i++) {
        n->line[i].file = n->line_pair.pair[all[i].number][0];
        n->line[i].line = all[i].line;
        n->line_number[all[i].number] = i;
    }
    free(all);
}

int names_done(struct cost_names *n, struct err *err)
{
    int code = make_files(n, err);
    if (code != 0)
        return code;
    make_lines(n);
    n->nfunctions = n->function_pair.n;
    n->function = mem_zero(n->nfunctions + 1, sizeof *n->function);
    for (uint32_t i = 0; i < n->nfunctions; i++) {
        n->function[i].file = n->function_pair.pair[i][0];
        n->function[i].name = intern_text(n->words, n->function_pair.pair[i][1]);
    }
    return 0;
}

/* ---- lookups of others ---- */

size_t cost_line_find(const struct cost *c, const char *path, uint32_t line)
{
    const struct cost_names *n = &c->names;
    size_t low = 0, high = n->nlines;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int order = strcmp(n->file[n->line[mid].file].path, path);
        if (order < 0 || (order == 0 && n->line[mid].line < line))
            low = mid + 1;
        else
            high = mid;
    }
    return low < n->nlines && n->line[low].line == line &&
                   strcmp(n->file[n->line[low].file].path, path) == 0
               ? low
               : SIZE_MAX;
}

size_t cost_function_find(const struct cost *c, const char *path, const char *name)
{
    const struct cost_names *n = &c->names;
    for (uint32_t i = 0; i < n->nfunctions; i++)
        if (strcmp(n->function[i].name, name) == 0 &&
            strcmp(n->file[n->function[i].file].path, path) == 0)
            return i;
    return SIZE_MAX;
}

size_t cost_files(const struct cost *c)
{
    return c->names.nfiles;
}

const struct cost_file *cost_file(const struct cost *c, size_t file)
{
    return &c->names.file[file];
}

size_t cost_functions(const struct cost *c)
{
    return c->names.nfunctions;
}

const struct cost_function *cost_function(const struct cost *c, size_t function)
{
    return &c->names.function[function];
}

size_t cost_lines(const struct cost *c)
{
    return c->names.nlines;
}

const struct cost_line *cost_line(const struct cost *c, size_t line)
{
    return &c->names.line[line];
}
