// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port_report.h - `exosim port report`: written and executed cost of the library OS's functions and
 * of the exokernel's calls on boards, the rows that compare two boards, the checks of one
 * analysis against the other, and the forms it is told in. docs/costs.md says how to read it.
 *
 * Everything follows from the guest's files and the boards: two reports are the same byte for
 * byte.
 */
#ifndef SIM_PORT_REPORT_H
#define SIM_PORT_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "executed.h"

struct port_report {
    struct conform *conform;
    struct cost *cost;
    size_t *api; /* numbers of the functions reported, in the list's order */
    size_t n;
    bool whole;           /* these are all */
    struct executed *run; /* [board * n + i]; NULL: nothing was run (why: unrun) */
    const char *unrun;
};

/* Analyses the boards of conform, which is open and stays the caller's, and runs the programs of the
 * functions named (none: all) unless `unrun` says why not. */
int port_report_open(struct port_report *r, struct conform *conform, char *const *names,
                     size_t nnames, const char *unrun, struct err *err);
void port_report_close(struct port_report *r);

const char *port_board_name(const struct port_report *r, size_t board);
const struct cost_api *port_api(const struct port_report *r, size_t i);
/* Number of a board by name; SIZE_MAX: it is not in the report. */
size_t port_board_find(const struct port_report *r, const char *name);
/* NULL: nothing was run, or there is nothing to say: the reason goes to why (if not NULL). */
const struct executed *port_run(const struct port_report *r, size_t board, size_t i,
                                char *why, size_t max);

/* ---- port_rows.c: two boards ---- */

struct port_pair {
    size_t from, to;
    struct cost_port *cost;
    size_t *order; /* rows, worst first: most lines to write, then most executed */
};

int port_pair_open(const struct port_report *r, size_t from, size_t to,
                   struct port_pair *out, struct err *err);
void port_pair_close(struct port_pair *p);
/* What explains the difference of row i, one line; free() it. */
char *port_pair_words(const struct port_report *r, const struct port_pair *p, size_t i);

struct port_calls { /* kinds of exokernel calls, A to B */
    unsigned appear, vanish, change;
};
struct port_calls port_calls_changed(const struct executed *from,
                                     const struct executed *to);

/* Is this function of API i's closure on board `to` to be written when `from` is there? */
bool port_to_write(const struct port_report *r, size_t from, size_t to, size_t i,
                   size_t function);

/* ---- port_checks.c ---- */

struct port_checks {
    unsigned errors; /* of the analysis: the report exits non-zero */
    json_t *json;    /* docs/costs.md, "Checks" */
};

void port_checks_make(const struct port_report *r, struct port_checks *out);
void port_checks_free(struct port_checks *c);
void port_checks_print(const struct port_checks *c, bool lists, FILE *to);

/* ---- forms ---- */

void port_text_pair(const struct port_report *r, const struct port_pair *p, FILE *to);
void port_text_matrix(const struct port_report *r, FILE *to);
/* Machine-dependent lines of each board, and the exokernel's calls on them. */
void port_text_boards(const struct port_report *r, FILE *to);
void port_text_calls(const struct port_report *r, FILE *to);

/* pairs: which to put rows of; NULL: all of them. */
json_t *port_json(const struct port_report *r, const struct port_checks *checks,
                  const struct port_pair *pair, struct err *err);
/* The figures of docs/costs.md. */
int port_markdown_write(const struct port_report *r, const struct port_checks *checks,
                        const char *path, struct err *err);
int port_html_write(const struct port_report *r, const struct port_checks *checks,
                    const char *path, struct err *err);

#endif
