// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_run.c - `exosim run`: programs on one board; the guest's status is ours. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd.h"
#include "data.h"
#include "stats.h"
#include "world.h"

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

int cmd_run(int argc, char **argv)
{
    struct options o;
    options_parse(
        &o, OPTIONS_RUN,
        "Run programs on a simulated machine.\v"
        "PROGRAM is the name of a workload or an executable built by `exosim cc`. "
        "Several programs share the machine, an environment each. Guest output goes to "
        "standard output, exosim's words to standard error. The exit status is the "
        "guest's, or 124 (--max-cycles), 125 (bad command line, board or file), 126 "
        "(the guest or its kernel died), 127 (no such program).",
        "PROGRAM [ARG...] [-- PROGRAM [ARG...]]...", argc, argv);
    struct err err, nameless;
    struct registry models = {0};
    struct calls calls;
    struct session s;
    struct console_input in = {.fd = STDIN_FILENO};
    char *tsv = data_path("guest/calls.tsv");
    if (calls_read(&calls, tsv, &nameless))
        say("%s", nameless.msg);
    int rc = cmd_models_open(&models, &o, &err);
    if (rc == 0)
        rc = session_open(&s, o.nboards ? o.board[0] : DEFAULT_BOARD, &o, &models, &calls,
                          STDOUT_FILENO, &in, &err);
    int status = 0;
    if (rc == 0) {
        catch_interrupt();
        session_run(&s);
        status = s.status;
        rc = write_stats(&s, &o, &err);
        struct err closing;
        if (session_close(&s, &closing) && rc == 0) {
            err = closing;
            rc = ERR_USER;
        }
    }
    if (rc)
        status = cmd_fail(rc, &err);
    free(in.bytes);
    free(tsv);
    calls_free(&calls);
    registry_free(&models);
    options_free(&o);
    return status;
}
