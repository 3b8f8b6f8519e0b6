// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cmd_step.c - `exosim step`: a prompt to step through a run, forwards and backwards. Commands come
 * from a terminal (libedit: history, completion) or, one a line, from a file or pipe.
 */
#include <fcntl.h>
#include <histedit.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "code.h"
#include "data.h"
#include "record_make.h"
#include "stepper.h"

static char *prompt(EditLine *el)
{
    static char text[] = "(exosim) ";
    (void)el;
    return text;
}

/* Tab: the rest of a command's name, if only one begins with what is there. */
static unsigned char complete(EditLine *el, int ch)
{
    (void)ch;
    const LineInfo *line = el_line(el);
    size_t len = (size_t)(line->cursor - line->buffer);
    const char *only = NULL, *w;
    for (unsigned i = 0; (w = stepper_word(i)); i++)
        if (strncmp(w, line->buffer, len) == 0) {
            if (only)
                return CC_ERROR;
            only = w;
        }
    if (!only || memchr(line->buffer, ' ', len) || el_insertstr(el, only + len) != 0)
        return CC_ERROR;
    el_insertstr(el, " ");
    return CC_REFRESH;
}

static void from_terminal(struct stepper *s)
{
    EditLine *el = el_init("exosim", stdin, stdout, stderr);
    History *h = history_init();
    HistEvent ev;
    int n;
    history(h, &ev, H_SETSIZE, 500);
    el_set(el, EL_PROMPT, prompt);
    el_set(el, EL_EDITOR, "emacs");
    el_set(el, EL_HIST, history, h);
    el_set(el, EL_ADDFN, "exosim-complete", "complete a command", complete);
    el_set(el, EL_BIND, "^I", "exosim-complete", NULL);
    const char *line;
    bool stay = true;
    while (stay && (line = el_gets(el, &n)) && n > 0) {
        if (*line != '\n')
            history(h, &ev, H_ENTER, line);
        stay = stepper_command(s, line);
        fflush(stdout);
    }
    history_end(h);
    el_end(el);
}

static void from_file(struct stepper *s, FILE *in)
{
    char *line = NULL;
    size_t cap = 0;
    bool stay = true;
    while (stay && getline(&line, &cap, in) > 0)
        stay = stepper_command(s, line);
    free(line);
}

static int step_through(struct session *session, const struct calls *calls,
                        const char *identity, struct err *err)
{
    struct stepper s = {
        .session = session, .calls = calls, .out = stdout, .identity = identity};
    int rc = kernel_view_open(
        session->machine, machine_setup_of(session->machine)->plan->kernel, &s.view, err);
    if (rc)
        return rc;
    s.code = code_open(session->machine, s.view);
    s.travel = travel_open(session->machine, TRAVEL_MEMORY);
    s.cursor = travel_place(s.travel).record;
    if (isatty(STDIN_FILENO)) {
        printf("Stepping through %s on %s. `help` lists the commands.\n",
               session->plan.module[0].name, session->board->name);
        from_terminal(&s);
    } else {
        from_file(&s, stdin);
    }
    travel_close(s.travel);
    code_close(s.code);
    kernel_view_close(s.view);
    return 0;
}

int cmd_travels(const struct options *o, struct err *err)
{
    if (o->record)
        return err_set(err, ERR_USER,
                       "--record goes with a run that does not go back in time");
    if (o->net && strncmp(o->net, "user", 4) == 0 && !o->replay)
        return err_set(
            err, ERR_USER,
            "--net %s: a step back would need what came from outside; record it with "
            "`exosim run --record F`, then use --replay F",
            o->net);
    if (o->trace || o->pcap || o->write || o->cut)
        return err_set(err, ERR_USER, "%s goes with a run that does not go back in time",
                       o->trace   ? "--trace"
                       : o->pcap  ? "--pcap"
                       : o->write ? "--write"
                                  : "--power-cut");
    return 0;
}

int cmd_step(int argc, char **argv)
{
    struct options o;
    options_parse(
        &o, OPTIONS_STEP,
        "Step through a run, forwards and backwards.\v"
        "Takes the options of `exosim run`. Commands are read from the terminal "
        "or, one a line, from standard input; `help` lists them. The programs "
        "find their standard input empty.",
        "PROGRAM [ARG...] [-- PROGRAM [ARG...]]...", argc, argv);
    struct err err;
    struct registry models = {0};
    struct calls calls = {0};
    struct session s;
    char *tsv = data_path("guest/calls.tsv");
    int rc = calls_read(&calls, tsv, &err);
    if (rc == 0)
        rc = cmd_travels(&o, &err);
    if (rc == 0)
        rc = cmd_models_open(&models, &o, &err);
    if (rc == 0)
        rc = session_open(&s, o.nboards ? o.board[0] : DEFAULT_BOARD, &o, &models, &calls,
                          STDOUT_FILENO, NULL, &err);
    int status = 0;
    if (rc == 0) {
        char *identity = NULL;
        rc = record_identity(&o, s.board, &s.plan, s.store, &identity, &err);
        if (rc == 0)
            rc = step_through(&s, &calls, identity, &err);
        free(identity);
        struct err closing;
        session_close(&s, &closing);
    }
    status = rc ? cmd_fail(rc, &err) : cmd_done();
    free(tsv);
    calls_free(&calls);
    registry_free(&models);
    options_free(&o);
    return status;
}
