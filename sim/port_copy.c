// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port_copy.c - `exosim port new --from KIND`: a copy of all files of a kind that stands beside it.
 * What two kinds in one program may not share gets names of its own: the model, the driver and
 * the backend, functions that the kind's own headers declare, and the exokernel calls. The rest
 * stays as it is: it is private to a file.
 */
#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "port.h"

struct copy {
    char *from, *to, *text; /* paths in the tree */
};

struct copies {
    struct tree *t;
    const char *class_, *kind, *name;
    unsigned number;
    char *KIND, *NAME, *CLASS;
    struct copy *list;
    size_t n;
};

static char *upper(const char *s)
{
    char *u = mem_str(s);
    for (char *c = u; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return u;
}

/* ---- which files ---- */

/* "mmu/radix_priv.h" -> "mmu/vmsa_priv.h", "mmu/radix/mips32/switch.S" -> "mmu/vmsa/...";
 * a header without the kind in its name gets the new one's in front. */
static char *new_path(const struct copies *c, const char *path)
{
    char *dir = mem_fmt("%s/%s", c->class_, c->kind);
    const char *at = strstr(path, dir);
    size_t n = strlen(dir);
    char *to;
    if (at && (at[n] == '.' || at[n] == '_' || at[n] == '/')) {
        to = mem_fmt("%.*s%s/%s%s", (int)(at - path), path, c->class_, c->name, at + n);
    } else {
        const char *base = strrchr(path, '/') + 1;
        to = mem_fmt("%.*s%s_%s", (int)(base - path), path, c->name, base);
    }
    free(dir);
    return to;
}

static void add_file(struct copies *c, const char *path)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->list[i].from, path) == 0)
            return;
    char *text = tree_text(c->t, path);
    if (!text)
        return;
    c->list = mem_grow(c->list, c->n + 1, sizeof *c->list);
    c->list[c->n++] = (struct copy){mem_str(path), new_path(c, path), text};
}

static void add_matching(struct copies *c, const char *top, const char *rest)
{
    char *pattern = mem_fmt("%s/%s/%s/%s%s", c->t->root, top, c->class_, c->kind, rest);
    glob_t g = {0};
    glob(pattern, 0, NULL, &g);
    for (size_t i = 0; i < g.gl_pathc; i++)
        add_file(c, g.gl_pathv[i] + strlen(c->t->root) + 1);
    globfree(&g);
    free(pattern);
}

static bool copied(const struct copies *c, const char *path)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->list[i].from, path) == 0)
            return true;
    return false;
}

/* Does a file of the folder that is no copy include this header? */
static bool shared(const struct copies *c, const char *dir, const char *header)
{
    char *pattern = mem_fmt("%s/%s/*.[chS]", c->t->root, dir);
    char *line = mem_fmt("#include \"%s\"", header);
    glob_t g = {0};
    bool found = false;
    glob(pattern, 0, NULL, &g);
    for (size_t i = 0; i < g.gl_pathc && !found; i++) {
        const char *path = g.gl_pathv[i] + strlen(c->t->root) + 1;
        char *text = copied(c, path) ? NULL : tree_text(c->t, path);
        found = text && strstr(text, line);
        free(text);
    }
    globfree(&g);
    free(pattern);
    free(line);
    return found;
}

/* Headers beside the files that only they include. */
static void add_headers(struct copies *c)
{
    for (size_t i = 0; i < c->n; i++) {
        char *dir =
            mem_fmt("%.*s", (int)(strrchr(c->list[i].from, '/') - c->list[i].from),
                    c->list[i].from);
        const char *p = c->list[i].text;
        char header[64];
        while ((p = strstr(p, "#include \"")) != NULL) {
            p += 10;
            if (sscanf(p, "%63[a-z0-9_.]\"", header) != 1)
                continue;
            char *path = mem_fmt("%s/%s", dir, header);
            if (!copied(c, path) && !shared(c, dir, header))
                add_file(c, path);
            free(path);
        }
        free(dir);
    }
}

static void find_files(struct copies *c)
{
    static const char *const tops[] = {"hwmodels", "exo", "libos/port"};
    static const char *const rests[] = {".[ch]", "_*.[ch]", "/*.[hS]", "/*/*.[hS]"};
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 4; k++)
            add_matching(c, tops[i], rests[k]);
    add_headers(c);
}

/* ---- renaming ---- */

static void rename_word(struct copies *c, const char *word, const char *by)
{
    for (size_t i = 0; i < c->n; i++)
        c->list[i].text = text_word(c->list[i].text, word, by);
}

static void rename_text(struct copies *c, const char *what, const char *by)
{
    for (size_t i = 0; i < c->n; i++) {
        /* text_fill's marks are @...@: lend them */
        char *p, *text = c->list[i].text;
        size_t n = strlen(what);
        char *out = NULL;
        size_t len;
        FILE *f = open_memstream(&out, &len);
        for (const char *at = text; (p = strstr(at, what)) != NULL; at = p + n)
            fprintf(f, "%.*s%s", (int)(p - at), at, by), text = p + n;
        fputs(text, f);
        fclose(f);
        free(c->list[i].text);
        c->list[i].text = out;
    }
}

/* The variable that `extern ... NAME[...];` declares. */
static bool extern_of(const char *line, char name[64])
{
    const char *end = line + strcspn(line, "[;(\n"), *begin = end;
    if (strncmp(line, "extern ", 7) != 0 || *end == '(' || *end == '\n' || !*end)
        return false;
    while (begin > line && (isalnum((unsigned char)begin[-1]) || begin[-1] == '_'))
        begin--;
    return snprintf(name, 64, "%.*s", (int)(end - begin), begin) < 64;
}

/* The function a line at the left margin declares or begins to define, in name; false: none. */
static bool function_of(const char *line, char name[64])
{
    const char *open = strchr(line, '('), *end = strchr(line, '\n');
    if (!isalpha((unsigned char)line[0]) || !open || (end && open > end) ||
        strncmp(line, "typedef", 7) == 0 || strncmp(line, "SYS(", 4) == 0)
        return false;
    const char *begin = open;
    while (begin > line && (isalnum((unsigned char)begin[-1]) || begin[-1] == '_'))
        begin--;
    size_t n = (size_t)(open - begin);
    if (begin == line || n == 0 || n > 63)
        return false;
    memcpy(name, begin, n);
    name[n] = 0;
    return true;
}

static char *new_name(const struct copies *c, const char *name)
{
    size_t n = strlen(c->kind);
    if (strncmp(name, c->kind, n) == 0 && (name[n] == '_' || name[n] == 0))
        return mem_fmt("%s%s", c->name, name + n);
    return mem_fmt("%s_%s", c->name, name);
}

/* Is the word a member of a structure somewhere, too? */
static bool is_member(const struct copies *c, const char *word)
{
    char *dot = mem_fmt(".%s ", word), *arrow = mem_fmt("->%s", word);
    bool found = false;
    for (size_t i = 0; i < c->n; i++)
        found |= strstr(c->list[i].text, dot) || strstr(c->list[i].text, arrow);
    free(dot), free(arrow);
    return found;
}

/* Functions and variables of the kind's headers, and static functions that have its name. */
static void functions_of(const struct copies *c, const struct copy *one, char ***names,
                         size_t *n)
{
    bool header = strstr(one->from, ".h") != NULL;
    size_t len = strlen(c->kind);
    char name[64];
    for (const char *line = one->text; line && *line;
         line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        bool is_static = strncmp(line, "static", 6) == 0;
        if (!(header && extern_of(line, name)) &&
            (!function_of(line, name) || (header ? is_static : !is_static)))
            continue;
        if (!header &&
            (strncmp(name, c->kind, len) != 0 || name[len] != '_' || is_member(c, name)))
            continue;
        bool known = false;
        for (size_t i = 0; i < *n; i++)
            known |= strcmp((*names)[i], name) == 0;
        if (known)
            continue;
        *names = mem_grow(*names, *n + 1, sizeof **names);
        (*names)[(*n)++] = mem_str(name);
    }
}

static void rename_functions(struct copies *c)
{
    char **names = NULL;
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        functions_of(c, &c->list[i], &names, &n);
    for (size_t i = 0; i < n; i++) {
        char *by = new_name(c, names[i]);
        rename_word(c, names[i], by);
        free(by);
        free(names[i]);
    }
    free(names);
}

static void rename_known(struct copies *c)
{
    char *pair[][2] = {
        {mem_fmt("hw_%s_%s", c->class_, c->kind),
         mem_fmt("hw_%s_%s", c->class_, c->name)},
        {mem_fmt("%s_%s", c->class_, c->kind), mem_fmt("%s_%s", c->class_, c->name)},
        {mem_fmt("EXO_%s_%s", c->CLASS, c->KIND),
         mem_fmt("EXO_%s_%s", c->CLASS, c->NAME)},
        {mem_fmt("HW_%s_%s", c->CLASS, c->KIND), mem_fmt("%u", c->number)},
    };
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        rename_word(c, pair[i][0], pair[i][1]);
        free(pair[i][0]), free(pair[i][1]);
    }
    char *texts[][2] = {
        {mem_fmt("exo,%s-%s\"", c->class_, c->kind),
         mem_fmt("exo,%s-%s\"", c->class_, c->name)},
        {mem_fmt("\"%s\"", c->kind), mem_fmt("\"%s\"", c->name)},
        {mem_fmt("\"%s: ", c->kind), mem_fmt("\"%s: ", c->name)},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        rename_text(c, texts[i][0], texts[i][1]);
        free(texts[i][0]), free(texts[i][1]);
    }
}

static void rename_includes(struct copies *c)
{
    for (size_t i = 0; i < c->n; i++) {
        char *was = mem_fmt("#include \"%s\"", strrchr(c->list[i].from, '/') + 1);
        char *is = mem_fmt("#include \"%s\"", strrchr(c->list[i].to, '/') + 1);
        if (strstr(was, ".h\""))
            rename_text(c, was, is);
        free(was), free(is);
    }
}

/* ---- calls ---- */

/* A call of the copy has the kind's name in front and a number of its own. */
static int copy_calls(struct copies *c, struct err *err)
{
    char *from = mem_fmt("exo/include/exo/calls/%s_%s.def", c->class_, c->kind);
    char *to = mem_fmt("exo/include/exo/calls/%s_%s.def", c->class_, c->name);
    char *text = tree_text(c->t, from), *hw = mem_fmt("%s_%s", c->CLASS, c->KIND),
         *new_hw = mem_fmt("%s_%s", c->CLASS, c->NAME);
    unsigned free_call[32], n = port_free_calls(c->t, free_call, 32), used = 0, number;
    int rc = text ? 0 : err_set(err, ERR_USER, "%s/%s: not there", c->t->root, from);
    char name[64];
    const char *p = text;
    char *seen = mem_str(text ? text : "");
    for (p = seen; rc == 0 && (p = strstr(p, "EXO_CALL(")) != NULL; p++) {
        if (sscanf(p, "EXO_CALL(%u, %63[a-z0-9_],", &number, name) != 2)
            continue;
        if (used == n) {
            rc = err_set(
                err, ERR_USER,
                "exo/include/exo/calls: too few call numbers are free for a copy of %s",
                from);
            break;
        }
        char *was = mem_fmt("EXO_CALL(%u, %s,", number, name),
             *is = mem_fmt("EXO_CALL(%u, %s,", free_call[used++], name),
             *by = new_name(c, name);
        char *at = strstr(text, was);
        if (at) {
            char *next =
                mem_fmt("%.*s%s%s", (int)(at - text), text, is, at + strlen(was));
            free(text);
            text = next;
        }
        text = text_word(text, name, by);
        rename_word(c, name, by);
        static const char *const prefix[] = {"sys_", "EXO_CALL_"};
        for (size_t i = 0; i < 2; i++) {
            char *w = mem_fmt("%s%s", prefix[i], name),
                 *b = mem_fmt("%s%s", prefix[i], by);
            rename_word(c, w, b);
            free(w), free(b);
        }
        char *stub = mem_fmt("exo_%s(", name), *new_stub = mem_fmt("exo_%s(", by);
        rename_text(c, stub, new_stub);
        free(stub), free(new_stub);
        free(was), free(is), free(by);
    }
    if (rc == 0)
        tree_new(c->t, to, text_word(text, hw, new_hw), 0666);
    else
        free(text);
    free(seen), free(from), free(to), free(hw), free(new_hw);
    return rc;
}

int port_copy(struct tree *t, const char *class_, const char *from, const char *name,
              unsigned kind, struct err *err)
{
    struct copies c = {.t = t,
                       .class_ = class_,
                       .kind = from,
                       .name = name,
                       .number = kind,
                       .KIND = upper(from),
                       .NAME = upper(name),
                       .CLASS = upper(class_)};
    find_files(&c);
    int rc =
        c.n ? copy_calls(&c, err)
            : err_set(err, ERR_USER, "%s: no files of the %s %s", t->root, class_, from);
    if (rc == 0) {
        rename_includes(&c);
        rename_functions(&c);
        rename_known(&c);
    }
    for (size_t i = 0; i < c.n; i++) {
        if (rc == 0)
            tree_new(t, c.list[i].to, c.list[i].text, 0666);
        else
            free(c.list[i].text);
        free(c.list[i].from);
        free(c.list[i].to);
    }
    free(c.list);
    free(c.KIND), free(c.NAME), free(c.CLASS);
    return rc;
}
