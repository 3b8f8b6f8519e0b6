// SPDX-License-Identifier: GPL-2.0-or-later
/* port_status.c - `exosim port status`: how far a port is. See port.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conform.h"
#include "port.h"
#include "port_gaps.h"

struct status {
    const struct port_status *p;
    struct tree tree;
    struct port_file port;
    struct port_gaps gaps;
    bool ran;
    const struct conform *conform;
    unsigned count[CONFORM_RESULTS], napis, missing; /* missing: programs */
    bool built;                                      /* objects can be measured: */
    struct port_size object[2];
    char *first; /* what the first function that is not well says */
};

/* ---- gaps and hooks ---- */

static void print_gaps(const struct status *s)
{
    const char *file = NULL;
    for (size_t i = 0; i < s->gaps.ngaps; i++) {
        const struct port_gap *g = &s->gaps.gap[i];
        if (g->file != file)
            printf("%s:\n", file = g->file);
        printf("  %-20s %s (checked by %s)\n", g->function, g->contract, g->test);
    }
}

static void print_hooks(const struct status *s)
{
    printf("Hooks of the backend: %zu of %zu done\n", s->gaps.done, s->gaps.nhooks);
    for (size_t i = 0; i < s->gaps.nhooks; i++)
        if (!s->gaps.hook[i].done)
            printf("  %-20s %s\n", s->gaps.hook[i].name, s->gaps.hook[i].contract);
}

/* ---- the library's API on the port's board ---- */

static void on_case(void *arg, const struct conform_case *one)
{
    struct status *s = arg;
    const struct conform_outcome *o = &one->outcome;
    if (s->conform->board[one->board].needs[one->api] & CONFORM_MISSING) {
        s->missing++;
        return;
    }
    s->count[o->result]++;
    bool well = o->result == CONFORM_PASS || o->result == CONFORM_NOT_APPLICABLE;
    if (!well && !s->first)
        s->first = mem_fmt("%zu %s%s%s", one->api, conform_result_names[o->result],
                           o->why ? ": " : "", o->why ? o->why : "");
}

static unsigned jobs(const struct status *s)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return s->p->jobs ? s->p->jobs : n < 1 ? 1 : n > 64 ? 64 : (unsigned)n;
}

/* Names the function, not its number. */
static void name_first(struct status *s, const struct conform *c)
{
    char *end;
    if (!s->first)
        return;
    size_t api = strtoul(s->first, &end, 10);
    char *words = mem_fmt("%s%s", c->api.function[api].name, end);
    free(s->first);
    s->first = words;
}

/* A board that cannot run yet has a lot to say about it: the first line is kept. */
static int open_quietly(struct conform *c, struct err *err)
{
    char words[512] = "";
    FILE *to = tmpfile();
    int kept = to ? dup(STDERR_FILENO) : -1;
    fflush(stderr);
    if (kept >= 0)
        dup2(fileno(to), STDERR_FILENO);
    int rc = conform_open(c, err);
    fflush(stderr);
    if (kept >= 0) {
        dup2(kept, STDERR_FILENO);
        close(kept);
        rewind(to);
        if (!fgets(words, sizeof words, to))
            *words = 0;
        words[strcspn(words, "\n")] = 0;
    }
    if (to)
        fclose(to);
    return rc && *words ? err_prefix(err, rc, "%s", words) : rc;
}

static int conform_port(struct status *s, struct err *err)
{
    struct conform c = {0};
    char *board[] = {s->port.board};
    c.o.board = board;
    c.o.nboards = 1;
    int rc = open_quietly(&c, err);
    s->conform = &c;
    if (c.nboards == 1 && c.board[0].board)
        s->built = port_object_sizes(c.board[0].board, s->port.class_, s->object);
    struct conform_case *list = rc ? NULL : mem_zero(c.api.n + 1, sizeof *list);
    for (size_t i = 0; rc == 0 && i < c.api.n; i++)
        list[i].api = i;
    if (rc == 0)
        rc = conform_prepare(&c, list, c.api.n, err);
    if (rc == 0)
        rc = conform_run_all(&c, list, c.api.n, jobs(s), on_case, s, err);
    s->ran = rc == 0;
    s->napis = rc == 0 ? (unsigned)c.api.n : 0;
    if (rc == 0)
        name_first(s, &c);
    for (size_t i = 0; list && i < c.api.n; i++)
        conform_outcome_free(&list[i].outcome);
    free(list);
    c.o.board = NULL;
    conform_close(&c);
    return rc;
}

static void print_apis(const struct status *s)
{
    unsigned na = s->count[CONFORM_NOT_APPLICABLE];
    printf("Library API on %s: %u of %u functions pass", s->port.board,
           s->count[CONFORM_PASS], s->napis - na - s->missing);
    if (na)
        printf(", %u more are not applicable", na);
    if (s->count[CONFORM_NOT_PORTED])
        printf(", %u not ported", s->count[CONFORM_NOT_PORTED]);
    if (s->count[CONFORM_FAIL])
        printf(", %u fail", s->count[CONFORM_FAIL]);
    if (s->missing)
        printf("; %u have no conformance program", s->missing);
    printf("\n");
}

/* ---- cost ---- */

static struct port_size sum(const struct port_size part[PORT_PARTS], int but)
{
    struct port_size s = {0, 0};
    for (int i = 0; i < PORT_PARTS; i++)
        if (i != but) {
            s.lines += part[i].lines;
            s.functions += part[i].functions;
        }
    return s;
}

/* The kind it was copied from; else the one of the class that took fewest lines, which a port has
 * to beat. */
static const char *nearest(const struct status *s, const struct port_kinds *k,
                           struct port_size out[PORT_PARTS])
{
    const char *best = NULL;
    unsigned least = 0;
    for (size_t i = 0; i < k->n; i++) {
        struct port_size part[PORT_PARTS];
        if (strcmp(k->kind[i].class_, s->port.class_) != 0 ||
            strcmp(k->kind[i].name, s->port.name) == 0 ||
            (s->port.from && strcmp(k->kind[i].name, s->port.from) != 0))
            continue;
        port_sizes(&s->tree, k->kind[i].class_, k->kind[i].name, part);
        unsigned lines = sum(part, PORT_MODEL).lines;
        if (best && lines >= least)
            continue;
        best = k->kind[i].name;
        least = lines;
        memcpy(out, part, sizeof part);
    }
    return best;
}

static int print_cost(const struct status *s, struct err *err)
{
    struct port_size mine[PORT_PARTS], theirs[PORT_PARTS] = {{0, 0}};
    struct port_kinds k;
    int rc = port_kinds_read(&k, &s->tree, err);
    if (rc)
        return rc;
    port_sizes(&s->tree, s->port.class_, s->port.name, mine);
    const char *other = nearest(s, &k, theirs);
    printf("Cost so far, lines of code and functions:\n  %-10s %15s %15s\n", "",
           s->port.name, other ? other : "-");
    for (int i = 0; i < PORT_PARTS; i++)
        printf("  %-10s %7u %7u %7u %7u\n", port_part_names[i], mine[i].lines,
               mine[i].functions, theirs[i].lines, theirs[i].functions);
    struct port_size a = sum(mine, PORT_MODEL), b = sum(theirs, PORT_MODEL);
    printf("  %-10s %7u %7u %7u %7u\n", "software", a.lines, a.functions, b.lines,
           b.functions);
    if (s->built)
        printf("  Of it reached by calls and API, in the objects: kernel %u lines, %u "
               "functions; "
               "library %u, %u\n",
               s->object[0].lines, s->object[0].functions, s->object[1].lines,
               s->object[1].functions);
    port_kinds_free(&k);
    return 0;
}

/* ---- all of it ---- */

static void print_next(const struct status *s)
{
    const struct port_hook *hook = NULL;
    for (size_t i = 0; i < s->gaps.nhooks && !hook; i++)
        if (!s->gaps.hook[i].done)
            hook = &s->gaps.hook[i];
    printf("Next: ");
    if (s->gaps.ngaps)
        printf("%s:%u, %s: %s\n", s->gaps.gap[0].file, s->gaps.gap[0].line,
               s->gaps.gap[0].function, s->gaps.gap[0].contract);
    else if (hook)
        printf("libos/port/%s/%s.c, hook %s: %s\n", s->port.class_, s->port.name,
               hook->name, hook->contract);
    else if (s->first)
        printf("%s\n", s->first);
    else
        printf("%s\n", s->ran ? "nothing, it is done" : "run the conformance programs");
}

static int read_all(struct status *s, struct err *err)
{
    int rc = tree_open(&s->tree, s->p->source, err);
    if (rc == 0)
        rc = port_file_find(&s->port, &s->tree, s->p->class_, s->p->name, err);
    if (rc == 0)
        rc = port_gaps_read(&s->gaps, &s->tree, &s->port, err);
    return rc;
}

static int print_all(struct status *s, struct err *err)
{
    struct err why;
    printf("Port of the %s %s, board %s\n", s->port.class_, s->port.name, s->port.board);
    printf("Gaps in its files: %zu\n", s->gaps.ngaps);
    print_gaps(s);
    print_hooks(s);
    if (s->p->look_only)
        printf("Library API: not run\n");
    else if (conform_port(s, &why) == 0)
        print_apis(s);
    else
        printf("Library API: cannot be run: %s\n", why.msg);
    int rc = print_cost(s, err);
    if (rc == 0)
        print_next(s);
    return rc;
}

int port_status(const struct port_status *p, bool *whole, struct err *err)
{
    struct status s = {.p = p};
    int rc = read_all(&s, err);
    if (rc == 0)
        rc = print_all(&s, err);
    *whole = rc == 0 && s.ran && s.gaps.ngaps == 0 && s.gaps.done == s.gaps.nhooks &&
             s.count[CONFORM_FAIL] == 0 && s.count[CONFORM_NOT_PORTED] == 0 &&
             s.count[CONFORM_PASS] > 0;
    free(s.first);
    port_gaps_free(&s.gaps);
    port_file_free(&s.port);
    tree_free(&s.tree);
    return rc;
}
