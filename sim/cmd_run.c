// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cmd_run.c - `exosim run`: programs on a board; the guest's status is ours. With --machine on
 * several boards that run together (world.h), each with options of its own.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "data.h"
#include "gdb.h"
#include "stats.h"
#include "world.h"

struct run {
    struct options o;
    char **argv; /* ours: options point into it */
    struct registry models;
    struct session s;
    struct console_input in;
    bool open;
};

static int write_stats(const struct session *s, const struct options *o, struct err *err)
{
    if (!o->stats)
        return 0;
    if (!o->stats_path) {
        stats_words(s->machine, &s->stats, stderr);
        return 0;
    }
    json_t *json = stats_json(s->machine, &s->stats, s->status);
    int rc = stats_write(json, o->stats_path, err);
    json_decref(json);
    return rc ? err_prefix(err, rc, "--stats") : 0;
}

static void on_interrupt(int signal)
{
    (void)signal;
    world_interrupt();
}

/* The first ^C ends the run in order, the second at once. */
static void catch_interrupt(void)
{
    struct sigaction a = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&a.sa_mask);
    sigaction(SIGINT, &a, NULL);
    sigaction(SIGTERM, &a, NULL);
}

static void parse(struct options *o, int argc, char **argv)
{
    options_parse(
        o, OPTIONS_RUN,
        "Run programs on a simulated machine, or on several.\v"
        "PROGRAM is the name of a workload or an executable built by `exosim cc`. "
        "Several programs share the machine, an environment each. --machine begins "
        "another machine, with options of its own; all run together, and --net "
        "link:NAME connects them. Guest output goes to standard output, exosim's words "
        "to standard error. The exit status is the guest's (of the first machine whose "
        "is not 0), or 123 (--power-cut), 124 (--max-cycles), 125 (bad command line, "
        "board or file), 126 (the guest or its kernel died), 127 (no such program).",
        "PROGRAM [ARG...] [-- PROGRAM [ARG...]]... [--machine [OPTION...] PROGRAM "
        "[ARG...]]...",
        argc, argv);
}

/* Cuts the command line at each --machine; how many there are. */
static size_t split(int argc, char **argv, struct run **out)
{
    size_t n = 1;
    for (int i = 1; i < argc; i++)
        n += strcmp(argv[i], "--machine") == 0;
    struct run *run = mem_zero(n, sizeof *run);
    int at = 1;
    for (size_t k = 0; k < n; k++) {
        int end = at;
        while (end < argc && strcmp(argv[end], "--machine") != 0)
            end++;
        run[k].argv = mem_zero((size_t)(end - at) + 2, sizeof *run[k].argv);
        run[k].argv[0] = argv[0];
        memcpy(run[k].argv + 1, argv + at, (size_t)(end - at) * sizeof *argv);
        parse(&run[k].o, end - at + 1, run[k].argv);
        run[k].in.fd = k == 0 ? STDIN_FILENO : -1;
        at = end + 1;
    }
    *out = run;
    return n;
}

static int open_all(struct run *run, size_t n, const struct calls *calls,
                    struct links *links, struct err *err)
{
    for (size_t k = 0; k < n; k++) {
        struct run *r = &run[k];
        const struct session_group group = {(unsigned)k + 1, n > 1 ? links : NULL, n > 1};
        int rc = cmd_models_open(&r->models, &r->o, err);
        if (rc == 0)
            rc = session_join(&r->s, r->o.nboards ? r->o.board[0] : DEFAULT_BOARD, &r->o,
                              &r->models, calls, STDOUT_FILENO, &r->in, &group, err);
        if (rc)
            return n > 1 ? err_prefix(err, rc, "machine %zu", k + 1) : rc;
        r->open = true;
    }
    return 0;
}

static void run_all(struct run *run, size_t n)
{
    struct world_member *member = mem_zero(n, sizeof *member);
    for (size_t k = 0; k < n; k++)
        member[k] = (struct world_member){.m = run[k].s.machine, .net = run[k].s.net};
    catch_interrupt();
    world_run(member, n);
    for (size_t k = 0; k < n; k++)
        session_ended(&run[k].s, &member[k].outcome);
    free(member);
}

/* With --gdb: one machine. */
static int check_gdb(const struct run *run, size_t n, struct err *err)
{
    bool gdb = false;
    for (size_t k = 0; k < n; k++)
        gdb |= run[k].o.gdb;
    if (gdb && n > 1)
        return err_set(err, ERR_USER,
                       "--gdb: expected one machine, there are %zu (--machine)", n);
    return gdb ? cmd_travels(&run[0].o, err) : 0;
}

/* Closes what is open. The exit status: of the first run that did not end with 0. */
static int close_all(struct run *run, size_t n, int status)
{
    bool ran = status == 0;
    for (size_t k = 0; k < n; k++) {
        struct run *r = &run[k];
        struct err err;
        int rc = 0;
        if (r->open) {
            if (status == 0)
                status = r->s.status;
            struct err closing;
            rc = ran ? write_stats(&r->s, &r->o, &err) : 0;
            if (session_close(&r->s, &closing) && rc == 0) {
                err = closing;
                rc = ERR_USER;
            }
        }
        if (rc)
            status = cmd_fail(rc, &err);
        free(r->in.bytes);
        registry_free(&r->models);
        options_free(&r->o);
        free(r->argv);
    }
    return status;
}

int cmd_run(int argc, char **argv)
{
    struct run *run;
    size_t n = split(argc, argv, &run);
    struct err err, nameless;
    struct calls calls;
    struct links *links = links_new();
    char *tsv = data_path("guest/calls.tsv");
    if (calls_read(&calls, tsv, &nameless))
        say("%s", nameless.msg);
    int rc = check_gdb(run, n, &err);
    if (rc == 0)
        rc = open_all(run, n, &calls, links, &err);
    if (rc == 0 && run->o.gdb)
        rc = gdb_session(&run->s, run->o.gdb_port, &err);
    else if (rc == 0)
        run_all(run, n);
    int status = rc ? cmd_fail(rc, &err) : 0;
    status = close_all(run, n, status);
    links_free(links);
    free(run);
    free(tsv);
    calls_free(&calls);
    return status;
}
