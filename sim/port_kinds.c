// SPDX-License-Identifier: GPL-2.0-or-later
/* port_kinds.c - kinds, free numbers and ports of a source tree. See port_kinds.h. */
#include "port_kinds.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "model.h"

#define KIND_MAX 15
#define CALL_LAST 127u

/* Numbers of further kinds: calls.def. */
static const struct {
    unsigned first, last;
} spare[] = {{106, CALL_LAST}, {68, 71}, {73, 75}, {77, 79},
             {81, 87},         {95, 95}, {97, 99}, {101, 103}};

int port_kinds_read(struct port_kinds *k, const struct tree *t, struct err *err)
{
    *k = (struct port_kinds){0};
    char *path = mem_fmt("%s/exo/include/exo/kinds.def", t->root);
    size_t n = 0;
    char **lines = data_lines(path, &n);
    for (size_t i = 0; i < n; i++) {
        struct port_kind one = {0};
        if (sscanf(lines[i], "EXO_KIND(%7[A-Z], %u, %15[a-z0-9],", one.class_,
                   &one.number, one.name) != 3)
            continue;
        for (char *c = one.class_; *c; c++)
            *c = (char)tolower((unsigned char)*c);
        k->kind = mem_grow(k->kind, k->n + 1, sizeof *k->kind);
        k->kind[k->n++] = one;
    }
    int rc =
        k->n == 0 ? err_set(err, ERR_USER, "%s: no row EXO_KIND(...) in it", path) : 0;
    free(lines);
    free(path);
    return rc;
}

void port_kinds_free(struct port_kinds *k)
{
    free(k->kind);
    *k = (struct port_kinds){0};
}

const struct port_kind *port_kinds_find(const struct port_kinds *k, const char *class_,
                                        const char *name)
{
    for (size_t i = 0; i < k->n; i++)
        if (strcmp(k->kind[i].name, name) == 0 &&
            (!class_ || strcmp(k->kind[i].class_, class_) == 0))
            return &k->kind[i];
    return NULL;
}

char *port_kinds_words(const struct port_kinds *k, const char *class_)
{
    char *all = mem_str("");
    for (size_t i = 0; i < k->n; i++) {
        if (strcmp(k->kind[i].class_, class_) != 0)
            continue;
        char *more = mem_fmt("%s%s%s", all, *all ? ", " : "", k->kind[i].name);
        free(all);
        all = more;
    }
    return all;
}

static enum hw_class class_of(const char *name)
{
    return strcmp(name, "mmu") == 0    ? HW_CLASS_MMU
           : strcmp(name, "disk") == 0 ? HW_CLASS_DISK
                                       : HW_CLASS_NIC;
}

unsigned port_kinds_free_number(const struct port_kinds *k, const char *class_)
{
    for (unsigned n = 1; n <= KIND_MAX; n++) {
        bool taken = kind_name(class_of(class_), n) != NULL; /* a model without driver */
        for (size_t i = 0; i < k->n; i++)
            taken |= k->kind[i].number == n && strcmp(k->kind[i].class_, class_) == 0;
        if (!taken)
            return n;
    }
    return 0;
}

static void mark_calls(const char *path, bool *taken)
{
    size_t n = 0;
    char **lines = data_lines(path, &n);
    unsigned number;
    for (size_t i = 0; i < n; i++)
        if (sscanf(lines[i], "EXO_CALL(%u,", &number) == 1 && number <= CALL_LAST)
            taken[number] = true;
    free(lines);
}

unsigned port_free_calls(const struct tree *t, unsigned *numbers, unsigned n)
{
    bool taken[CALL_LAST + 1] = {false};
    char *pattern = mem_fmt("%s/exo/include/exo/calls/*.def", t->root);
    glob_t g;
    if (glob(pattern, 0, NULL, &g) == 0) {
        for (size_t i = 0; i < g.gl_pathc; i++)
            mark_calls(g.gl_pathv[i], taken);
        globfree(&g);
    }
    free(pattern);
    unsigned got = 0;
    for (size_t s = 0; s < sizeof spare / sizeof *spare; s++)
        for (unsigned i = spare[s].first; i <= spare[s].last && got < n; i++)
            if (!taken[i])
                numbers[got++] = i;
    return got;
}

/* ---- ports ---- */

static char **append(char **list, size_t *n, const char *value)
{
    list = mem_grow(list, *n + 1, sizeof *list);
    list[(*n)++] = mem_str(value);
    return list;
}

static void take_line(struct port_file *p, char *line)
{
    char *value = strchr(line, ' ');
    if (!value)
        return;
    *value++ = 0;
    if (strcmp(line, "file") == 0)
        p->file = append(p->file, &p->nfiles, value);
    else if (strcmp(line, "row") == 0)
        p->row = append(p->row, &p->nrows, value);
    char **one = strcmp(line, "class") == 0   ? &p->class_
                 : strcmp(line, "kind") == 0  ? &p->name
                 : strcmp(line, "board") == 0 ? &p->board
                 : strcmp(line, "from") == 0  ? &p->from
                                              : NULL;
    if (one) {
        free(*one);
        *one = mem_str(value);
    }
}

static int read_port(struct port_file *p, const char *path, struct err *err)
{
    size_t n = 0;
    char **lines = data_lines(path, &n);
    for (size_t i = 0; i < n; i++)
        take_line(p, lines[i]);
    free(lines);
    if (!p->class_ || !p->name || !p->board || p->nfiles == 0)
        return err_set(err, ERR_USER, "%s: expected the lines class, kind, board, file",
                       path);
    return 0;
}

static int no_port(const struct tree *t, const char *class_, const char *name,
                   struct err *err)
{
    struct port_kinds k;
    int rc = port_kinds_read(&k, t, err);
    if (rc)
        return rc;
    const struct port_kind *found = port_kinds_find(&k, class_, name);
    if (found)
        rc = err_set(err, ERR_USER,
                     "%s %s was not made by `exosim port new`: there is no "
                     "tests/port/%s_%s.port, which says its board and files",
                     found->class_, name, found->class_, name);
    else
        rc = err_set(err, ERR_USER,
                     "no port '%s%s%s' in %s (`exosim port new CLASS NAME` makes one)",
                     class_ ? class_ : "", class_ ? " " : "", name, t->root);
    port_kinds_free(&k);
    return rc;
}

int port_file_find(struct port_file *p, const struct tree *t, const char *class_,
                   const char *name, struct err *err)
{
    *p = (struct port_file){0};
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c))
            return no_port(t, class_, name, err);
    char *pattern =
        mem_fmt("%s/tests/port/%s_%s.port", t->root, class_ ? class_ : "*", name);
    glob_t g = {0};
    int found = glob(pattern, 0, NULL, &g), rc;
    if (found != 0)
        rc = no_port(t, class_, name, err);
    else if (g.gl_pathc > 1)
        rc = err_set(err, ERR_USER,
                     "several ports are called '%s': say the class, too (exosim port "
                     "status CLASS %s)",
                     name, name);
    else
        rc = read_port(p, g.gl_pathv[0], err);
    globfree(&g);
    free(pattern);
    return rc;
}

static void free_list(char **list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(list[i]);
    free(list);
}

void port_file_free(struct port_file *p)
{
    free_list(p->file, p->nfiles);
    free_list(p->row, p->nrows);
    free(p->class_), free(p->name), free(p->board), free(p->from);
    *p = (struct port_file){0};
}
