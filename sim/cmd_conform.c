// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_conform.c - `exosim conform`: the conformance programs of the library OS on boards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conform.h"
#include "conform_report.h"
#include "stats.h"

struct command {
    struct conform c;
    struct conform_case *list;
    size_t n, told;
    bool wrong; /* a case failed or is not ported */
};

/* The function whose name is nearest, for "did you mean". */
static const char *nearest(const struct api *a, const char *name)
{
    const char *best = NULL;
    unsigned least = 3;
    for (size_t i = 0; i < a->n; i++) {
        unsigned d = text_distance(a->function[i].name, name);
        if (d < least) {
            least = d;
            best = a->function[i].name;
        }
    }
    return best;
}

static int no_group(const struct api *a, const char *name, struct err *err)
{
    char *all = mem_str("");
    for (size_t i = 0; i < a->n; i++) {
        const char *group = a->function[i].group;
        if (i > 0 && strcmp(group, a->function[i - 1].group) == 0)
            continue;
        char *more = mem_fmt("%s%s%s", all, *all ? ", " : "", group);
        free(all);
        all = more;
    }
    int rc =
        err_set(err, ERR_USER, "--group: no group '%s': expected one of %s", name, all);
    free(all);
    return rc;
}

static int check_names(const struct command *m, struct err *err)
{
    const struct options *o = &m->c.o;
    for (size_t i = 0; i < o->napis; i++) {
        if (api_find(&m->c.api, o->api[i]))
            continue;
        const char *near = nearest(&m->c.api, o->api[i]);
        return err_set(err, ERR_USER,
                       "--api: the library has no function '%s'%s%s%s (`exosim api "
                       "--library` lists all %zu)",
                       o->api[i], near ? ", did you mean '" : "", near ? near : "",
                       near ? "'?" : "", m->c.api.n);
    }
    for (size_t i = 0; i < o->ngroups; i++)
        if (!api_has_group(&m->c.api, o->group[i]))
            return no_group(&m->c.api, o->group[i], err);
    return 0;
}

static bool among(char **list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

/* All that was asked for, board by board. */
static void select_cases(struct command *m)
{
    const struct options *o = &m->c.o;
    m->list = mem_zero(m->c.nboards * m->c.api.n + 1, sizeof *m->list);
    for (size_t b = 0; b < m->c.nboards; b++)
        for (size_t a = 0; a < m->c.api.n; a++) {
            const struct api_function *f = &m->c.api.function[a];
            bool all = !o->napis && !o->ngroups;
            if (all || among(o->api, o->napis, f->name) ||
                among(o->group, o->ngroups, f->group))
                m->list[m->n++] = (struct conform_case){.board = b, .api = a};
        }
}

static void on_case(void *arg, const struct conform_case *one)
{
    struct command *m = arg;
    enum conform_result r = one->outcome.result;
    m->wrong |= r != CONFORM_PASS && r != CONFORM_NOT_APPLICABLE;
    conform_tell(&m->c, ++m->told, one);
}

static unsigned processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 64 ? 64 : (unsigned)n;
}

static int run(struct command *m, struct err *err)
{
    int rc = conform_open(&m->c, err);
    if (rc == 0)
        rc = check_names(m, err);
    if (rc)
        return rc;
    select_cases(m);
    rc = conform_prepare(&m->c, m->list, m->n, err);
    if (rc)
        return rc;
    conform_tell_plan(m->n);
    rc = conform_run_all(&m->c, m->list, m->n, m->c.o.jobs ? m->c.o.jobs : processors(),
                         on_case, m, err);
    if (rc)
        return rc;
    conform_tell_matrix(&m->c, m->list, m->n);
    if (!m->c.o.json)
        return 0;
    json_t *json = conform_json(&m->c, m->list, m->n);
    rc = stats_write(json, m->c.o.json, err);
    json_decref(json);
    return rc ? err_prefix(err, rc, "--json") : 0;
}

int cmd_conform(int argc, char **argv)
{
    struct command m = {0};
    struct err err;
    options_parse(
        &m.c.o, OPTIONS_CONFORM,
        "Run the conformance programs of the library OS: one for each function of its "
        "API, on each board (all built-in ones without -b).\v"
        "Standard output is TAP, a line a board and function, then the matrix of "
        "functions "
        "by boards as comments: pass, FAIL, the hook of the board's backend that was "
        "missing (not ported), or n/a (the hardware cannot do it, or is not there). The "
        "exit status is 0 if nothing failed and nothing is not ported, else 1.",
        "", argc, argv);
    int rc = m.c.o.nnames ? err_set(&err, ERR_USER,
                                    "conform takes no argument (but --api NAME,...)")
                          : run(&m, &err);
    int status = rc ? cmd_fail(rc, &err) : 0, done = cmd_done();
    for (size_t i = 0; i < m.n; i++)
        conform_outcome_free(&m.list[i].outcome);
    free(m.list);
    conform_close(&m.c);
    options_free(&m.c.o);
    return status ? status : done ? done : m.wrong;
}
