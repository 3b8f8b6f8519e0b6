// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_port.c - `exosim port new`, `exosim port status`: see port.h; `port report`: cmd_report.c. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "data.h"
#include "port.h"

struct line {
    const char *source, *from, *board;
    const char *word[3];
    unsigned nwords, jobs;
    bool look_only;
};

enum { KEY_SOURCE = 256, KEY_FROM, KEY_LOOK };

static const struct argp_option new_options[] = {
    {"from", KEY_FROM, "KIND", 0,
     "Begin with a copy of this kind, instead of templates with gaps", 0},
    {"board", 'b', "BOARD", 0, "Derive the port's board from this built-in one", 0},
    {"source", KEY_SOURCE, "DIR", 0,
     "The source tree (default: the one exosim was built from)", 0},
    {0}};

static const struct argp_option status_options[] = {
    {"source", KEY_SOURCE, "DIR", 0,
     "The source tree (default: the one exosim was built from)", 0},
    {"jobs", 'j', "N", 0, "Conformance programs at once (default: one a processor)", 0},
    {"look-only", KEY_LOOK, NULL, 0, "Look at the files, run nothing", 0},
    {0}};

static error_t parse_key(int key, char *arg, struct argp_state *state)
{
    struct line *l = state->input;
    char *end;
    switch (key) {
    case KEY_SOURCE: l->source = arg; return 0;
    case KEY_FROM: l->from = arg; return 0;
    case 'b': l->board = arg; return 0;
    case KEY_LOOK: l->look_only = true; return 0;
    case 'j':
        l->jobs = (unsigned)strtoul(arg, &end, 10);
        if (*end || l->jobs < 1 || l->jobs > 64)
            argp_error(state, "--jobs %s: expected a number from 1 to 64", arg);
        return 0;
    case ARGP_KEY_ARG:
        if (l->nwords == 3)
            argp_error(state, "too many arguments: %s", arg);
        l->word[l->nwords++] = arg;
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static struct line parse(const struct argp *argp, const char *name, int argc, char **argv)
{
    struct line l = {.source = data_source()};
    argv[0] = (char *)name;
    argp_err_exit_status = -ERR_USER;
    argp_parse(argp, argc, argv, 0, NULL, &l);
    return l;
}

static int cmd_new(int argc, char **argv)
{
    static const struct argp argp = {
        new_options,
        parse_key,
        "CLASS NAME",
        "Begin the port to a new kind of hardware: a model, the exokernel's driver, the "
        "library's backend, a board and a test. CLASS is mmu, disk or nic (for isa, see "
        "docs/porting.md). All builds at once; what is not written yet says so. Nothing "
        "is "
        "overwritten; interrupted, it leaves nothing.",
        NULL,
        NULL,
        NULL};
    struct line l = parse(&argp, "exosim port new", argc, argv);
    struct err err;
    int rc;
    if (l.nwords != 2)
        rc = err_set(&err, ERR_USER, "port new: expected CLASS NAME (mmu, disk or nic)");
    else if (strcmp(l.word[0], "isa") == 0)
        rc = port_isa_steps(l.source, l.word[1], &err);
    else if (strcmp(l.word[0], "mmu") != 0 && strcmp(l.word[0], "disk") != 0 &&
             strcmp(l.word[0], "nic") != 0)
        rc =
            err_set(&err, ERR_USER,
                    "port new: no class '%s': expected mmu, disk, nic or isa", l.word[0]);
    else
        rc = port_new(&(struct port_new){l.word[0], l.word[1], l.source, l.from, l.board},
                      &err);
    return rc ? cmd_fail(rc, &err) : cmd_done();
}

static int cmd_status(int argc, char **argv)
{
    static const struct argp argp = {
        status_options,
        parse_key,
        "[CLASS] NAME",
        "How far a port made by `exosim port new` is: gaps, hooks, functions of the "
        "library's API that pass on its board, the next step, what it cost so far. The "
        "exit status is 0 if it is done, else 1.",
        NULL,
        NULL,
        NULL};
    struct line l = parse(&argp, "exosim port status", argc, argv);
    struct err err;
    bool whole = false;
    int rc = l.nwords != 1 && l.nwords != 2
                 ? err_set(&err, ERR_USER, "port status: expected [CLASS] NAME")
                 : port_status(&(struct port_status){l.nwords == 2 ? l.word[0] : NULL,
                                                     l.word[l.nwords - 1], l.source,
                                                     l.jobs, l.look_only},
                               &whole, &err);
    int status = rc ? cmd_fail(rc, &err) : cmd_done();
    return status ? status : !whole;
}

static int cmd_report(int argc, char **argv)
{
    static char name[] = "port report"; /* as messages say it */
    argv[0] = name;
    return cmd_port_report(argc, argv);
}

int cmd_port(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } all[] = {{"new", cmd_new}, {"status", cmd_status}, {"report", cmd_report}};
    for (size_t i = 0; argc > 1 && i < sizeof all / sizeof *all; i++)
        if (strcmp(argv[1], all[i].name) == 0)
            return all[i].run(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        puts("Usage: exosim port new CLASS NAME | status [CLASS] NAME | report "
             "[OPTION...]\n"
             "`exosim port COMMAND --help` tells more of each.");
        return cmd_done();
    }
    struct err err;
    return cmd_fail(
        argc > 1
            ? err_set(&err, ERR_USER,
                      "port: no command '%s': expected new, status or report", argv[1])
            : err_set(&err, ERR_USER,
                      "port: expected a command: new CLASS NAME, status NAME, report"),
        &err);
}
