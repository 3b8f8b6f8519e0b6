// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cmd_cc.c - `exosim cc`: compile and link a program against the library OS for a board's ISA,
 * with clang and lld as child processes.
 *
 * DATA/guest/<isa>/cc.flags has the compiler's flags on its first line and the linker's on its
 * second, separated by blanks; @DATA@ stands for the data folder.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "cmd.h"
#include "data.h"

struct list {
    char **v;
    size_t n;
};

struct cc {
    const char *board, *out;
    struct list files, pass, plugins; /* inputs; options for the compiler */
    struct list objects;              /* temporary ones, to be deleted */
    char *dir;                        /* that hold them */
};

static void add(struct list *l, const char *text)
{
    l->v = mem_grow(l->v, l->n + 2, sizeof *l->v);
    l->v[l->n++] = mem_str(text);
    l->v[l->n] = NULL;
}

static void add_own(struct list *l, char *text)
{
    add(l, text);
    free(text);
}

static void list_free(struct list *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->v[i]);
    free(l->v);
    *l = (struct list){0};
}

/* Blank-separated words, @DATA@ replaced. */
static void add_words(struct list *l, const char *line)
{
    char *copy = mem_str(line), *rest = copy, *word;
    while ((word = strsep(&rest, " \t"))) {
        char *at = strstr(word, "@DATA@");
        if (at)
            add_own(l, mem_fmt("%.*s%s%s", (int)(at - word), word, data_dir(), at + 6));
        else if (*word)
            add(l, word);
    }
    free(copy);
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

static void help(void)
{
    puts("Usage: exosim cc [-b BOARD] -o OUT FILE.c...\n"
         "Build a program against the library OS for a board's instruction set; it runs "
         "on every\n"
         "board of that instruction set.\n\n"
         "  -b BOARD          name of a board, or a .dts or .dtb file "
         "(default " DEFAULT_BOARD ")\n"
         "  -o OUT            the executable\n"
         "  --plugin SO       hardware models the board needs\n"
         "  -I -D -U -O -W -g -f -std= -include   go to the compiler (clang)\n"
         "  FILE              .c and .S are compiled; .o and .a are linked");
}

/* Options that take their value from the next argument. */
static int parse(struct cc *c, int argc, char **argv, struct err *err)
{
    static const char *const passed[] = {"-I", "-D", "-U", "-O",
                                         "-W", "-g", "-f", "-std="};
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i];
        const char **value = strcmp(a, "-b") == 0   ? &c->board
                             : strcmp(a, "-o") == 0 ? &c->out
                                                    : NULL;
        bool pair =
            value || strcmp(a, "--plugin") == 0 || strcmp(a, "-include") == 0 ||
            ((strcmp(a, "-I") == 0 || strcmp(a, "-D") == 0 || strcmp(a, "-U") == 0));
        if (pair && i + 1 == argc)
            return err_set(err, ERR_USER, "cc: %s needs a value", a);
        if (value) {
            *value = argv[++i];
        } else if (strcmp(a, "--plugin") == 0) {
            add(&c->plugins, argv[++i]);
        } else if (pair) {
            add(&c->pass, a);
            add(&c->pass, argv[++i]);
        } else if (*a != '-') {
            add(&c->files, a);
        } else {
            bool ok = false;
            for (size_t k = 0; k < sizeof passed / sizeof *passed; k++)
                ok |= strncmp(a, passed[k], strlen(passed[k])) == 0;
            if (!ok)
                return err_set(err, ERR_USER,
                               "cc: unknown option '%s' (see exosim cc --help)", a);
            add(&c->pass, a);
        }
    }
    if (!c->files.n)
        return err_set(err, ERR_USER, "cc: no FILE.c given");
    if (!c->out)
        return err_set(err, ERR_USER, "cc: no -o OUT given");
    return 0;
}

/* Runs the tool; its own words have told the user what is wrong. */
static int tool(struct list *args, const char *what, struct err *err)
{
    int status;
    int rc = child_run(args->v, &status, err);
    if (rc)
        return err_prefix(err, rc, "cc needs clang and lld (Debian packages clang, lld)");
    return status ? err_set(err, ERR_USER, "cc: %s failed", what) : 0;
}

static int compile(struct cc *c, const char *flags, const char *file, struct err *err)
{
    if (access(file, R_OK) != 0)
        return err_set(err, ERR_USER, "cc: %s cannot be read", file);
    struct list args = {0};
    char *obj = mem_fmt("%s/%zu.o", c->dir, c->objects.n);
    add(&args, "clang");
    add_words(&args, flags);
    for (size_t i = 0; i < c->pass.n; i++)
        add(&args, c->pass.v[i]);
    add(&args, "-c");
    add(&args, file);
    add(&args, "-o");
    add(&args, obj);
    add(&c->objects, obj);
    int rc = tool(&args, file, err);
    list_free(&args);
    free(obj);
    return rc;
}

static int build(struct cc *c, const char *isa, const char *cflags, const char *ldflags,
                 struct err *err)
{
    struct list ld = {0};
    add(&ld, "ld.lld");
    add_words(&ld, ldflags);
    add(&ld, "-T");
    add_own(&ld, data_path("guest/%s/exos.ld", isa));
    add(&ld, "-o");
    add(&ld, c->out);
    add_own(&ld, data_path("guest/%s/crt0.o", isa));
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < c->files.n; i++) {
        const char *f = c->files.v[i];
        if (ends_with(f, ".o") || ends_with(f, ".a")) {
            add(&ld, f);
            continue;
        }
        if (!ends_with(f, ".c") && !ends_with(f, ".S"))
            rc = err_set(err, ERR_USER, "cc: %s: expected a .c, .S, .o or .a file", f);
        else
            rc = compile(c, cflags, f, err);
        if (rc == 0)
            add(&ld, c->objects.v[c->objects.n - 1]);
    }
    add(&ld, "--start-group");
    add_own(&ld, data_path("guest/%s/libexos.a", isa));
    add(&ld, "--end-group");
    if (rc == 0)
        rc = tool(&ld, "linking", err);
    list_free(&ld);
    return rc;
}

static int with_board(struct cc *c, const struct board *b, struct err *err)
{
    const char *isa = board_cpu(b)->elf_name;
    char *path = data_path("guest/%s/cc.flags", isa);
    size_t n;
    char **line = data_lines(path, &n);
    int rc = 0;
    if (n < 2) {
        rc = err_set(err, ERR_USER,
                     "%s: not there, or without the flags of compiler and linker: "
                     "is the library OS built?",
                     path);
    } else {
        const char *tmp = getenv("TMPDIR");
        c->dir = mem_fmt("%s/exosim-cc-XXXXXX", tmp && *tmp ? tmp : "/tmp");
        if (!mkdtemp(c->dir))
            rc = err_set(err, ERR_USER, "cc: no temporary folder %s", c->dir);
        else
            rc = build(c, isa, line[0], line[1], err);
        for (size_t i = 0; i < c->objects.n; i++)
            unlink(c->objects.v[i]);
        rmdir(c->dir);
        free(c->dir);
    }
    free(line);
    free(path);
    return rc;
}

int cmd_cc(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-?") == 0) {
            help();
            return cmd_done();
        }
    struct cc c = {.board = DEFAULT_BOARD};
    struct err err;
    struct registry models = {0};
    struct board *b = NULL;
    int rc = parse(&c, argc, argv, &err);
    struct options o = {.plugin = c.plugins.v, .nplugins = c.plugins.n};
    if (rc == 0)
        rc = cmd_models_open(&models, &o, &err);
    if (rc == 0)
        rc = board_open(c.board, &models, &b, &err);
    if (rc == 0)
        rc = with_board(&c, b, &err);
    board_free(b);
    registry_free(&models);
    list_free(&c.files);
    list_free(&c.pass);
    list_free(&c.plugins);
    list_free(&c.objects);
    return rc ? cmd_fail(rc, &err) : 0;
}
