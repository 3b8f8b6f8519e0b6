// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cmd.h - the commands. Each takes its own argc/argv (argv[0] = its name) and returns the exit
 * status of exosim.
 */
#ifndef SIM_CMD_H
#define SIM_CMD_H

#include "machine.h"
#include "model.h"
#include "options.h"
#include "wire_link.h"

int cmd_boards(int argc, char **argv);
int cmd_models(int argc, char **argv);
int cmd_api(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_step(int argc, char **argv);
int cmd_view(int argc, char **argv);
int cmd_trace(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_cc(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_port(int argc, char **argv);
/* `exosim port ...`: argv[0] is "port NAME". */
int cmd_port_report(int argc, char **argv);
int cmd_conform(int argc, char **argv);
int cmd_port(int argc, char **argv);

/* Says the message; returns the exit status. */
int cmd_fail(int code, const struct err *err);

/* Built-in models and --plugin's. */
int cmd_models_open(struct registry *r, const struct options *o, struct err *err);
/* Refuses options that do not go back in time with the machine: ERR_USER. */
int cmd_travels(const struct options *o, struct err *err);
/* Flushes stdout: 0, or 125 if it cannot be written. */
int cmd_done(void);

#define DEFAULT_BOARD "riscv"

/* ---- session.c: one run of the options' programs on one board ---- */

struct session {
    struct board *board;
    struct load_plan plan;
    struct console console;
    struct store *store;   /* the disk's medium */
    struct record *record; /* of its input; NULL: none */
    struct net *net;       /* the network port */
    struct machine *machine;
    struct machine_outcome outcome;
    struct machine_stats stats;
    uint64_t create_ns, run_ns; /* host time: for bench and compare only */
    int status;                 /* what exosim exits with */
    int reports;                /* trap reports printed */
};

/* A session's place among machines that run together. */
struct session_group {
    unsigned number;     /* from 1 */
    struct links *links; /* between them */
    bool several;        /* output by whole lines */
};

/* Opens the board, plans the modules, builds the machine. Output to descriptor fd, or kept in
 * s->console if fd is -1. On failure nothing is left to close. */
int session_open(struct session *s, const char *board, const struct options *o,
                 const struct registry *models, const struct calls *calls, int fd,
                 struct console_input *in, struct err *err);
/* The same as one of a group. */
int session_join(struct session *s, const char *board, const struct options *o,
                 const struct registry *models, const struct calls *calls, int fd,
                 struct console_input *in, const struct session_group *group,
                 struct err *err);
/* Runs it and says how it died if it did. Fills outcome, stats, status. */
void session_run(struct session *s);
/* The second half of that: it was run, and came to this end. */
void session_ended(struct session *s, const struct machine_outcome *outcome);
int session_close(struct session *s, struct err *err);

#endif
