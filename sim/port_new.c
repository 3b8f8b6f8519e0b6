// SPDX-License-Identifier: GPL-2.0-or-later
/* port_new.c - `exosim port new`: a new kind of hardware in a source tree. See port.h. */
#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "port.h"

#define CALLS 6 /* call numbers a template may ask for */

struct made {
    const struct port_new *p;
    struct tree tree;
    struct port_kinds kinds;
    char upper[PORT_NAME_MAX + 1], kind[8], call[CALLS][8];
    unsigned ncalls;
    char *board, *base; /* names */
};

static char *fill(const struct made *m, char *text)
{
    text = text_fill(text, "name", m->p->name);
    text = text_fill(text, "NAME", m->upper);
    text = text_fill(text, "kind", m->kind);
    for (unsigned i = 0; i < CALLS; i++) {
        char key[8];
        snprintf(key, sizeof key, "call%u", i);
        text = text_fill(text, key, m->call[i]);
    }
    return text;
}

/* ---- parts: files and rows ---- */

static int make_file(struct made *m, const char *template, const char *path,
                     struct err *err)
{
    char *from = mem_fmt("sim/port/%s/%s", m->p->class_, template);
    char *text = tree_text(&m->tree, from);
    int rc = 0;
    if (!text)
        rc = err_set(err, ERR_USER, "%s/%s: the template is not there", m->tree.root,
                     from);
    else if (strstr(text, "@call") && m->ncalls < CALLS)
        rc = err_set(err, ERR_USER,
                     "exo/include/exo/calls: fewer than %d call numbers are free", CALLS);
    else
        tree_new(&m->tree, path, fill(m, text), 0666);
    free(from);
    if (rc)
        free(text);
    return rc;
}

/* A line behind the last one that begins with `after`. */
static int make_row(struct made *m, const char *path, const char *after, const char *line,
                    struct err *err)
{
    char *text = tree_text(&m->tree, path);
    const char *last = NULL, *p = text;
    size_t n = strlen(after);
    for (; p && *p; p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL)
        if (strncmp(p, after, n) == 0)
            last = p;
    const char *end = last ? strchr(last, '\n') : NULL;
    if (!end) {
        free(text);
        return err_set(err, ERR_USER, "%s/%s: expected a line that begins with %s",
                       m->tree.root, path, after);
    }
    tree_edit(&m->tree, path, mem_fmt("%.*s\n%s%s", (int)(end - text), text, line, end));
    free(text);
    return 0;
}

/* "file TEMPLATE PATH" or "row PATH AFTER | LINE". */
static int make_part(struct made *m, char *part, struct err *err)
{
    char word[8], first[128], path[128];
    int at = 0;
    if (sscanf(part, "%7s %127s %n", word, first, &at) == 2 && at > 0) {
        char *bar = strstr(part + at, " | ");
        if (strcmp(word, "file") == 0 && sscanf(part + at, "%127s", path) == 1)
            return m->p->from ? 0 : make_file(m, first, path, err);
        if (strcmp(word, "row") == 0 && bar) {
            *bar = 0;
            return make_row(m, first, part + at, bar + 3, err);
        }
    }
    return err_set(err, ERR_USER, "sim/port/%s/parts: not a file or row: %s",
                   m->p->class_, part);
}

static int make_parts(struct made *m, struct err *err)
{
    char *path = mem_fmt("%s/sim/port/%s/parts", m->tree.root, m->p->class_);
    size_t n = 0;
    int rc = 0;
    char **lines = data_lines(path, &n);
    if (!lines)
        rc = err_set(err, ERR_USER, "%s: not there", path);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        char *part = fill(m, mem_str(lines[i]));
        rc = make_part(m, part, err);
        free(part);
    }
    free(lines);
    free(path);
    return rc;
}

/* ---- the board ---- */

static char *board_path(const char *name)
{
    return mem_fmt("hwmodels/boards/%s.dts", name);
}

static bool board_has(const struct tree *t, const char *path, const char *class_,
                      const char *kind)
{
    char *text = tree_text(t, path);
    char *what =
        mem_fmt("compatible = \"exo,%s-%s%s", class_, kind ? kind : "", kind ? "\"" : "");
    bool has = text && strstr(text, what);
    free(what);
    free(text);
    return has;
}

/* The first board that has the kind the port is copied from; without one riscv. */
static char *suitable_base(const struct made *m)
{
    if (m->p->board)
        return mem_str(m->p->board);
    char *riscv = board_path("riscv"), *found = NULL;
    if (!m->p->from || board_has(&m->tree, riscv, m->p->class_, m->p->from))
        found = mem_str("riscv");
    free(riscv);
    char *pattern = mem_fmt("%s/hwmodels/boards/*.dts", m->tree.root);
    glob_t g = {0};
    glob(pattern, 0, NULL, &g);
    for (size_t i = 0; !found && i < 2 * g.gl_pathc; i++) {
        const char *path = g.gl_pathv[i % g.gl_pathc] + strlen(m->tree.root) + 1;
        bool variant = strchr(path, '-') != NULL; /* these in the second round */
        if (variant == (i >= g.gl_pathc) &&
            board_has(&m->tree, path, m->p->class_, m->p->from)) {
            const char *base = strrchr(path, '/') + 1;
            found = mem_fmt("%.*s", (int)strcspn(base, "."), base);
        }
    }
    globfree(&g);
    free(pattern);
    return found ? found : mem_str("riscv");
}

static int make_board(struct made *m, struct err *err)
{
    m->base = suitable_base(m);
    m->board = mem_fmt("%.*s-%s", (int)strcspn(m->base, "-"), m->base, m->p->name);
    char *from = board_path(m->base), *to = board_path(m->board);
    char *text = strchr(m->base, '/') ? NULL : tree_text(&m->tree, from);
    int rc = 0;
    if (!text) {
        rc = err_set(err, ERR_USER, "--board: no built-in board '%s' (no %s)", m->base,
                     from);
    } else {
        char *board =
            port_board_text(text, m->p->class_, m->p->name, m->p->from, m->base);
        if (board)
            tree_new(&m->tree, to, board, 0666);
        else
            rc = err_set(err, ERR_USER, "--board: the board %s has no device of class %s",
                         m->base, m->p->class_);
    }
    free(text);
    free(from);
    free(to);
    return rc;
}

/* ---- all of it ---- */

static int check(struct made *m, struct err *err)
{
    const struct port_new *p = m->p;
    unsigned call[CALLS] = {0}, kind;
    int rc = port_kinds_read(&m->kinds, &m->tree, err);
    if (rc)
        return rc;
    char *there = port_kinds_words(&m->kinds, p->class_);
    if (port_kinds_find(&m->kinds, p->class_, p->name))
        rc = err_set(err, ERR_USER, "the %s %s exists already (there are %s)", p->class_,
                     p->name, there);
    else if (p->from && !port_kinds_find(&m->kinds, p->class_, p->from))
        rc = err_set(err, ERR_USER, "--from: no %s '%s' (there are %s)", p->class_,
                     p->from, there);
    free(there);
    if (rc == 0)
        rc = port_name_check(&m->tree, p->class_, p->name, err);
    kind = port_kinds_free_number(&m->kinds, p->class_);
    if (rc == 0 && kind == 0)
        rc = err_set(err, ERR_USER, "all 15 kinds of %s are taken", p->class_);
    if (rc)
        return rc;
    m->ncalls = port_free_calls(&m->tree, call, CALLS);
    snprintf(m->kind, sizeof m->kind, "%u", kind);
    for (unsigned i = 0; i < CALLS; i++)
        snprintf(m->call[i], sizeof m->call[i], "%u", call[i]);
    for (size_t i = 0; p->name[i]; i++)
        m->upper[i] = (char)toupper((unsigned char)p->name[i]);
    return 0;
}

/* tests/port/CLASS_NAME.port: what status and the test go by. */
static void make_port_file(struct made *m)
{
    char *text = NULL, *path = mem_fmt("tests/port/%s_%s.port", m->p->class_, m->p->name);
    size_t len;
    FILE *f = open_memstream(&text, &len);
    fprintf(f,
            "# SPDX-License-Identifier: GPL-2.0-or-later\n"
            "# The port of the %s %s, made by `exosim port new`. `exosim port status %s` "
            "and the\n"
            "# test port.%s_%s go by it: no gap may be left, and every function of the "
            "library's\n"
            "# API must pass on the board, or say that the hardware cannot do it.\n"
            "class %s\nkind %s\nboard %s\n",
            m->p->class_, m->p->name, m->p->name, m->p->class_, m->p->name, m->p->class_,
            m->p->name, m->board);
    if (m->p->from)
        fprintf(f, "from %s\n", m->p->from);
    for (size_t i = 0; i < m->tree.n; i++)
        fprintf(f, "%s %s\n", m->tree.change[i].edit ? "row" : "file",
                m->tree.change[i].path);
    fprintf(f, "file %s\n", path);
    fclose(f);
    tree_new(&m->tree, path, text, 0666);
    free(path);
}

static void report(const struct made *m)
{
    printf("%s %s: kind %s, board %s (from %s)\n", m->p->class_, m->p->name, m->kind,
           m->board, m->base);
    for (int edit = 0; edit < 2; edit++)
        for (size_t i = 0; i < m->tree.n; i++)
            if (m->tree.change[i].edit == edit)
                printf("  %s %s\n", edit ? "row in" : "made", m->tree.change[i].path);
    printf("Next: build, then `exosim port status %s`; docs/porting.md is a tutorial.\n",
           m->p->name);
}

int port_new(const struct port_new *p, struct err *err)
{
    struct made m = {.p = p};
    int rc = tree_open(&m.tree, p->source, err);
    if (rc == 0)
        rc = tree_recover(p->source, err);
    if (rc == 0)
        rc = check(&m, err);
    if (rc == 0 && p->from)
        rc = port_copy(&m.tree, p->class_, p->from, p->name,
                       (unsigned)strtoul(m.kind, NULL, 10), err);
    if (rc == 0)
        rc = make_parts(&m, err);
    if (rc == 0)
        rc = make_board(&m, err);
    if (rc == 0) {
        make_port_file(&m);
        rc = tree_apply(&m.tree, NULL, NULL, err);
    }
    if (rc == 0)
        report(&m);
    free(m.board);
    free(m.base);
    port_kinds_free(&m.kinds);
    tree_free(&m.tree);
    return rc;
}
