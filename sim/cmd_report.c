// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_report.c - `exosim port report`: what porting costs, in all its forms. */
#include <stdlib.h>
#include <string.h>

#include "port_report.h"
#include "stats.h"

/* The options as struct conform takes them: the boards of --from and --to. */
static void take_boards(struct options *o)
{
    if (!o->from)
        return;
    bool same = strcmp(o->from, o->to) == 0;
    o->board = mem_zero(2, sizeof *o->board);
    o->board[o->nboards++] = mem_str(o->from);
    if (!same)
        o->board[o->nboards++] = mem_str(o->to);
}

static int tell_pair(const struct port_report *r, const struct options *o,
                     const struct port_checks *checks, struct err *err)
{
    struct port_pair p;
    int rc = port_pair_open(r, port_board_find(r, o->from), port_board_find(r, o->to), &p,
                            err);
    if (rc)
        return rc;
    port_text_pair(r, &p, stdout);
    if (o->json) {
        json_t *json = port_json(r, checks, &p, err);
        rc = json ? stats_write(json, o->json, err) : ERR_USER;
        json_decref(json);
    }
    port_pair_close(&p);
    return rc;
}

/* Of all built-in boards those without an exokernel come last: how many have one. A board that was
 * named is not left out. */
static size_t with_kernel(struct conform *c)
{
    size_t n = 0;
    if (c->o.nboards)
        return c->nboards;
    for (size_t i = 0; i < c->nboards; i++) {
        struct conform_board b = c->board[i];
        if (b.no_kernel) {
            say("board %s is left out: %s", b.name, b.dead);
            continue;
        }
        memmove(&c->board[n + 1], &c->board[n], (i - n) * sizeof b);
        c->board[n++] = b;
    }
    return n;
}

/* All forms that were asked for; without any, the overview. */
static int tell(const struct port_report *r, const struct options *o,
                const struct port_checks *checks, struct err *err)
{
    bool overview =
        !o->from && !o->matrix && !o->calls && !o->json && !o->html && !o->markdown;
    int rc = 0;
    if (o->from)
        rc = tell_pair(r, o, checks, err);
    if (overview)
        port_text_boards(r, stdout);
    if (o->matrix || overview)
        port_text_matrix(r, stdout);
    if (o->calls)
        port_text_calls(r, stdout);
    if (rc == 0 && o->json && !o->from) {
        json_t *json = port_json(r, checks, NULL, err);
        rc = json ? stats_write(json, o->json, err) : ERR_USER;
        json_decref(json);
    }
    if (rc == 0 && o->html)
        rc = port_html_write(r, checks, o->html, err);
    if (rc == 0 && o->markdown)
        rc = port_markdown_write(r, checks, o->markdown, err);
    if (rc == 0)
        port_checks_print(checks, overview, stdout);
    return rc;
}

static int report(struct conform *c, unsigned *errors, struct err *err)
{
    struct options *o = &c->o;
    struct port_report r;
    struct port_checks checks;
    take_boards(o);
    int rc = conform_open(c, err);
    size_t all = c->nboards;
    if (rc == 0)
        c->nboards = with_kernel(c);
    if (rc == 0 && c->nboards == 0)
        rc = err_set(err, ERR_USER, "no board with an exokernel: is exosim built?");
    if (rc == 0)
        rc = port_report_open(&r, c, o->api, o->napis,
                              o->written ? "nothing was run (--written)" : NULL, err);
    if (rc == 0) {
        port_checks_make(&r, &checks);
        *errors = checks.errors;
        rc = tell(&r, o, &checks, err);
        port_checks_free(&checks);
        port_report_close(&r);
    }
    c->nboards = all;
    return rc;
}

int cmd_port_report(int argc, char **argv)
{
    struct conform c = {0};
    struct err err;
    unsigned errors = 0;
    options_parse(
        &c.o, OPTIONS_REPORT,
        "What it costs to have each function of the library OS on another board: lines "
        "that "
        "are reused and lines to write, from the guest's object files, and what its "
        "conformance program executes on both.\v"
        "Without --from, --matrix, --calls, --json or --html: machine-dependent lines of "
        "each "
        "board, the matrix, and the checks in full. The exit status is 1 if written and "
        "executed cost contradict each other (the checks say where). docs/costs.md "
        "explains the columns.",
        "", argc, argv);
    int rc = c.o.nnames ? err_set(&err, ERR_USER, "%s takes no argument, got '%s'",
                                  argv[0], c.o.name[0])
                        : report(&c, &errors, &err);
    int status = rc ? cmd_fail(rc, &err) : 0, done = cmd_done();
    conform_close(&c);
    options_free(&c.o);
    return status ? status : done ? done : errors != 0;
}
