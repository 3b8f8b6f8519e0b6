// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * find.c - names of files below directories that satisfy every test given, as findutils' find does;
 * a directory's files come in the order of their bytes.
 *
 *   find [PATH...] [[!] TEST]...
 *
 *   -name PATTERN     of the last component: * ? [a-z] [!a-z] \c
 *   -type b|c|d|f|l|p|s
 *   -size [+|-]N[bckMGw]   more than, less than, exactly N units (512 bytes), rounded up
 *   -links [+|-]N     -inum [+|-]N     -empty
 *   -maxdepth N       -mindepth N      -depth (a directory after what is in it)     -print
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "match.h"

enum kind { NAME, TYPE, SIZE, LINKS, INUM, EMPTY };

struct test {
    enum kind kind;
    bool not ;
    const char *pattern;
    char type;
    int sign; /* -1: less than, 0: exactly, 1: more than */
    unsigned long long number, unit;
};

#define TESTS_MAX 32
static struct test tests[TESTS_MAX];
static int ntests;
static int max_depth = 1 << 30, min_depth;
static bool bottom_up;

static bool compare(const struct test *t, unsigned long long v)
{
    return t->sign < 0 ? v < t->number : t->sign > 0 ? v > t->number : v == t->number;
}

static bool type_is(char type, mode_t mode)
{
    switch (type) {
    case 'b': return S_ISBLK(mode);
    case 'c': return S_ISCHR(mode);
    case 'd': return S_ISDIR(mode);
    case 'f': return S_ISREG(mode);
    case 'l': return S_ISLNK(mode);
    case 'p': return S_ISFIFO(mode);
    default: return S_ISSOCK(mode);
    }
}

static bool is_empty(const char *path, const struct stat *st)
{
    if (!S_ISDIR(st->st_mode))
        return S_ISREG(st->st_mode) && st->st_size == 0;
    char **names;
    size_t n;
    if (read_names(path, &names, &n) < 0) {
        say(errno, "'%s'", path);
        return false;
    }
    free_names(names, n);
    return n == 0;
}

static bool holds(const struct test *t, const char *path, const struct stat *st)
{
    switch (t->kind) {
    case NAME: {
        char *base = copy_string(base_name(path));
        for (size_t end = strlen(base); end > 1 && base[end - 1] == '/';)
            base[--end] = '\0';
        bool yes = match(t->pattern, base);
        free(base);
        return yes;
    }
    case TYPE: return type_is(t->type, st->st_mode);
    case SIZE:
        return compare(t, ((unsigned long long)st->st_size + t->unit - 1) / t->unit);
    case LINKS: return compare(t, st->st_nlink);
    case INUM: return compare(t, st->st_ino);
    default: return is_empty(path, st);
    }
}

static void consider(const char *path, const struct stat *st, int depth)
{
    if (depth < min_depth)
        return;
    for (int i = 0; i < ntests; i++)
        if (holds(&tests[i], path, st) == tests[i].not )
            return;
    puts(path);
}

static void visit(const char *path, int depth)
{
    struct stat st;
    if (lstat(path, &st) < 0) {
        say(errno, "'%s'", path);
        return;
    }
    if (!bottom_up)
        consider(path, &st, depth);
    if (S_ISDIR(st.st_mode) && depth < max_depth) {
        char **names;
        size_t n;
        if (read_names(path, &names, &n) < 0) {
            say(errno, "'%s'", path);
        } else {
            for (size_t i = 0; i < n; i++) {
                char *below = join(path, names[i]);
                visit(below, depth + 1);
                free(below);
            }
            free_names(names, n);
        }
    }
    if (bottom_up)
        consider(path, &st, depth);
}

/* -- the command line -- */

static void parse_number(struct test *t, const char *name, const char *s)
{
    const char *from = s;
    char *end;
    t->sign = *from == '+' ? 1 : *from == '-' ? -1 : 0;
    from += t->sign != 0;
    t->number = strtoull(from, &end, 10);
    t->unit = 512;
    bool ok = *from >= '0' && *from <= '9';
    if (t->kind == SIZE && *end != '\0') {
        t->unit = *end == 'c'   ? 1
                  : *end == 'w' ? 2
                  : *end == 'b' ? 512
                  : *end == 'k' ? 1024
                  : *end == 'M' ? 1024 * 1024
                  : *end == 'G' ? 1024 * 1024 * 1024
                                : 0;
        end++;
    }
    if (!ok || *end != '\0' || t->unit == 0)
        die(0, "invalid argument '%s' to '%s'", s, name);
}

/* A test; how many arguments it took. */
static int parse_test(char **arg, bool not )
{
    static const struct {
        const char *name;
        enum kind kind;
    } known[] = {{"-name", NAME},   {"-type", TYPE}, {"-size", SIZE},
                 {"-links", LINKS}, {"-inum", INUM}, {"-empty", EMPTY}};
    struct test t = {.not = not };
    size_t i = 0;
    while (i < sizeof known / sizeof known[0] && strcmp(known[i].name, arg[0]) != 0)
        i++;
    if (i == sizeof known / sizeof known[0])
        die(0, "unknown predicate '%s'", arg[0]);
    t.kind = known[i].kind;
    if (t.kind != EMPTY && arg[1] == NULL)
        die(0, "missing argument to '%s'", arg[0]);
    if (t.kind == NAME) {
        t.pattern = arg[1];
    } else if (t.kind == TYPE) {
        if (strlen(arg[1]) != 1 || strchr("bcdflps", arg[1][0]) == NULL)
            die(0, "unknown argument to -type: %s", arg[1]);
        t.type = arg[1][0];
    } else if (t.kind != EMPTY) {
        parse_number(&t, arg[0], arg[1]);
    }
    if (ntests == TESTS_MAX)
        die(0, "more than %d tests", TESTS_MAX);
    tests[ntests++] = t;
    return t.kind == EMPTY ? 1 : 2;
}

static int depth_argument(char **arg)
{
    char *end;
    long v = arg[1] != NULL ? strtol(arg[1], &end, 10) : -1;
    if (v < 0 || *end != '\0' || v > 1 << 30)
        die(0, "expected a number after '%s'", arg[0]);
    return (int)v;
}

static void parse(char **arg)
{
    bool not = false;
    while (*arg != NULL) {
        if (strcmp(*arg, "!") == 0 || strcmp(*arg, "-not") == 0) {
            not = !not ;
            arg++;
            if (*arg == NULL)
                die(0, "expected a test after '%s'", arg[-1]);
            continue;
        }
        if (strcmp(*arg, "-print") == 0) {
            arg++;
        } else if (strcmp(*arg, "-depth") == 0) {
            bottom_up = true;
            arg++;
        } else if (strcmp(*arg, "-maxdepth") == 0) {
            max_depth = depth_argument(arg);
            arg += 2;
        } else if (strcmp(*arg, "-mindepth") == 0) {
            min_depth = depth_argument(arg);
            arg += 2;
        } else {
            arg += parse_test(arg, not );
        }
        not = false;
    }
}

int main(int argc, char **argv)
{
    program = "find";
    int paths = 1;
    while (paths < argc && argv[paths][0] != '-' && strcmp(argv[paths], "!") != 0)
        paths++;
    parse(argv + paths);
    if (paths == 1)
        visit(".", 0);
    for (int i = 1; i < paths; i++)
        visit(argv[i], 0);
    return fflush(stdout) != 0 ? 1 : status;
}
