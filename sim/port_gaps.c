// SPDX-License-Identifier: GPL-2.0-or-later
/* port_gaps.c - see port_gaps.h. */
#include "port_gaps.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"

const char *const port_part_names[PORT_PARTS] = {"model", "driver", "calls", "backend"};

/* ---- literals ---- */

/* The next argument of a macro or row: string literals side by side, or anything else up to a comma
 * outside of parentheses. Moves *p behind the comma. To be freed. */
static char *argument(const char **p)
{
    char *out = NULL;
    size_t len;
    FILE *f = open_memstream(&out, &len);
    int depth = 0;
    bool quoted = false;
    for (; f && **p; ++*p) {
        char c = **p;
        if (quoted && c == '\\' && (*p)[1])
            fputc(*++*p, f);
        else if (c == '"')
            quoted = !quoted;
        else if (quoted)
            fputc(c, f);
        else if (depth == 0 && (c == ',' || c == ')'))
            break;
        else if (!isspace((unsigned char)c)) {
            depth += (c == '(') - (c == ')');
            fputc(c, f);
        }
    }
    if (**p)
        ++*p;
    if (f)
        fclose(f);
    return out ? out : mem_str("");
}

static unsigned line_of(const char *text, const char *at)
{
    unsigned n = 1;
    for (; text < at; text++)
        n += *text == '\n';
    return n;
}

/* ---- gaps ---- */

static bool is_definition(const char *text, const char *at)
{
    while (at > text && at[-1] != '\n')
        at--;
    return *at == '#';
}

static void find_gaps(struct port_gaps *g, const char *file, const char *text)
{
    for (const char *p = text; (p = strstr(p, "GAP")) != NULL; p += 3) {
        const char *open = strncmp(p, "GAP(", 4) == 0        ? p + 4
                           : strncmp(p, "GAP_CALL(", 9) == 0 ? p + 9
                                                             : NULL;
        bool word = p > text && (isalnum((unsigned char)p[-1]) || p[-1] == '_');
        if (!open || word || is_definition(text, p))
            continue;
        const char *at = open + strspn(open, " \n");
        if (*at != '"')
            continue;
        g->gap = mem_grow(g->gap, g->ngaps + 1, sizeof *g->gap);
        struct port_gap *one = &g->gap[g->ngaps++];
        *one = (struct port_gap){.file = file, .line = line_of(text, p)};
        one->function = argument(&open);
        one->contract = argument(&open);
        one->test = argument(&open);
    }
}

/* ---- hooks ---- */

static char *all_text(const struct tree *t, const char *top, const char *class_,
                      const char *name)
{
    static const char *const rests[] = {".c", "_*.c"};
    char *all = mem_str("");
    for (size_t i = 0; i < 2; i++) {
        char *pattern = mem_fmt("%s/%s/%s/%s%s", t->root, top, class_, name, rests[i]);
        glob_t g = {0};
        glob(pattern, 0, NULL, &g);
        for (size_t k = 0; k < g.gl_pathc; k++) {
            char *text = tree_text(t, g.gl_pathv[k] + strlen(t->root) + 1);
            char *more = mem_fmt("%s%s", all, text ? text : "");
            free(all);
            free(text);
            all = more;
        }
        globfree(&g);
        free(pattern);
    }
    return all;
}

static bool has_member(const char *text, const char *name)
{
    char *member = mem_fmt(".%s = ", name);
    const char *at = strstr(text, member);
    bool has = at && strncmp(at + strlen(member), "NULL", 4) != 0;
    free(member);
    return has;
}

static int find_hooks(struct port_gaps *g, const struct tree *t,
                      const struct port_file *p, struct err *err)
{
    char *list = tree_text(t, "libos/port/hooks.def");
    char *backend = all_text(t, "libos/port", p->class_, p->name);
    for (const char *at = list; at && (at = strstr(at, "\nHOOK(")) != NULL;) {
        at += 6;
        char *field[6];
        for (int i = 0; i < 6; i++)
            field[i] = argument(&at);
        if (strcmp(field[0], p->class_) == 0) {
            g->hook = mem_grow(g->hook, g->nhooks + 1, sizeof *g->hook);
            g->hook[g->nhooks] = (struct port_hook){mem_str(field[1]), mem_str(field[5]),
                                                    has_member(backend, field[1])};
            g->done += g->hook[g->nhooks++].done;
        }
        for (int i = 0; i < 6; i++)
            free(field[i]);
    }
    free(list);
    free(backend);
    return g->nhooks
               ? 0
               : err_set(err, ERR_USER, "%s/libos/port/hooks.def: no hooks of class %s",
                         t->root, p->class_);
}

int port_gaps_read(struct port_gaps *g, const struct tree *t, const struct port_file *p,
                   struct err *err)
{
    *g = (struct port_gaps){0};
    for (size_t i = 0; i < p->nfiles; i++) {
        char *text = tree_text(t, p->file[i]);
        if (!text)
            return err_set(err, ERR_USER,
                           "%s/%s: not there, though the port's list names it", t->root,
                           p->file[i]);
        find_gaps(g, p->file[i], text);
        free(text);
    }
    return find_hooks(g, t, p, err);
}

void port_gaps_free(struct port_gaps *g)
{
    for (size_t i = 0; i < g->ngaps; i++)
        free(g->gap[i].function), free(g->gap[i].contract), free(g->gap[i].test);
    for (size_t i = 0; i < g->nhooks; i++)
        free(g->hook[i].name), free(g->hook[i].contract);
    free(g->gap);
    free(g->hook);
    *g = (struct port_gaps){0};
}

/* ---- sizes ---- */

/* Lines with something but comment; a function begins at the margin and its body with {. */
static void measure(const char *text, struct port_size *s)
{
    bool comment = false, head = false;
    for (const char *p = text; *p;) {
        const char *end = strchr(p, '\n');
        if (!end)
            end = p + strlen(p);
        bool code = false;
        for (const char *c = p; c < end; c++) {
            if (comment) {
                if (c[0] == '*' && c[1] == '/')
                    comment = false, c++;
            } else if (c[0] == '/' && c[1] == '*') {
                comment = true, c++;
            } else if (c[0] == '/' && c[1] == '/') {
                break;
            } else if (!isspace((unsigned char)*c)) {
                code = true;
            }
        }
        s->lines += code;
        if (isalpha((unsigned char)*p) && memchr(p, '(', (size_t)(end - p)))
            head = end[-1] != ';';
        if (*p == '{' && head)
            s->functions++, head = false;
        p = *end ? end + 1 : end;
    }
}

static void measure_files(const struct tree *t, const char *pattern, struct port_size *s)
{
    char *full = mem_fmt("%s/%s", t->root, pattern);
    glob_t g = {0};
    glob(full, 0, NULL, &g);
    for (size_t i = 0; i < g.gl_pathc; i++) {
        char *text = tree_text(t, g.gl_pathv[i] + strlen(t->root) + 1);
        if (text)
            measure(text, s);
        free(text);
    }
    globfree(&g);
    free(full);
}

void port_sizes(const struct tree *t, const char *class_, const char *name,
                struct port_size out[PORT_PARTS])
{
    static const struct {
        enum port_part part;
        const char *folder, *between, *after; /* folder class between name after */
    } where[] = {
        {PORT_MODEL, "hwmodels/", "/", ".[ch]"},
        {PORT_MODEL, "hwmodels/", "/", "_*.[ch]"},
        {PORT_DRIVER, "exo/", "/", ".[ch]"},
        {PORT_DRIVER, "exo/", "/", "_*.[ch]"},
        {PORT_DRIVER, "exo/", "/", "/*.[hS]"},
        {PORT_DRIVER, "exo/", "/", "/*/*.[hS]"},
        {PORT_CALLS, "exo/include/exo/", "_", ".h"},
        {PORT_CALLS, "exo/include/exo/calls/", "_", ".def"},
        {PORT_BACKEND, "libos/port/", "/", ".[ch]"},
        {PORT_BACKEND, "libos/port/", "/", "_*.[ch]"},
    };
    memset(out, 0, PORT_PARTS * sizeof *out);
    for (size_t i = 0; i < sizeof where / sizeof *where; i++) {
        char *pattern = mem_fmt("%s%s%s%s%s", where[i].folder, class_, where[i].between,
                                name, where[i].after);
        measure_files(t, pattern, &out[where[i].part]);
        free(pattern);
    }
}
