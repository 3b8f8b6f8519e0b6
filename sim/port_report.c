// SPDX-License-Identifier: GPL-2.0-or-later
/* port_report.c - gathers both costs of all boards. See port_report.h. */
#include "port_report.h"

#include <stdlib.h>
#include <string.h>

/* The functions asked for, by number. */
static int pick(struct port_report *r, char *const *names, size_t nnames, struct err *err)
{
    size_t all = cost_apis(r->cost);
    r->api = mem_zero(all + 1, sizeof *r->api);
    for (size_t k = 0; k < nnames; k++) {
        size_t i = 0;
        while (i < all && strcmp(cost_api_row(r->cost, i)->name, names[k]) != 0)
            i++;
        if (i == all)
            return err_set(err, ERR_USER,
                           "--api %s: no such function of the library OS (`exosim api "
                           "--library` lists them)",
                           names[k]);
    }
    for (size_t i = 0; i < all; i++) {
        bool wanted = nnames == 0;
        for (size_t k = 0; k < nnames; k++)
            wanted |= strcmp(cost_api_row(r->cost, i)->name, names[k]) == 0;
        if (wanted)
            r->api[r->n++] = i;
    }
    r->whole = r->n == all;
    return 0;
}

/* Both analyses number functions of the API by the same list. */
static int same_list(const struct port_report *r, struct err *err)
{
    const struct api *api = &r->conform->api;
    bool same = api->n == cost_apis(r->cost);
    for (size_t i = 0; same && i < api->n; i++)
        same = strcmp(api->function[i].name, cost_api_row(r->cost, i)->name) == 0;
    return same ? 0 : err_set(err, ERR_USER, "the list of functions changed meanwhile");
}

int port_report_open(struct port_report *r, struct conform *conform, char *const *names,
                     size_t nnames, const char *unrun, struct err *err)
{
    *r = (struct port_report){.conform = conform, .unrun = unrun};
    const struct board **boards = mem_zero(conform->nboards + 1, sizeof *boards);
    for (size_t i = 0; i < conform->nboards; i++)
        boards[i] = conform->board[i].board;
    int rc = cost_open(boards, conform->nboards, &r->cost, err);
    free(boards);
    if (rc == 0)
        rc = same_list(r, err);
    if (rc == 0)
        rc = pick(r, names, nnames, err);
    if (rc == 0 && !unrun) {
        r->run = mem_zero(conform->nboards * r->n + 1, sizeof *r->run);
        rc = executed_all(conform, r->cost, r->api, r->n, r->run, err);
    }
    if (rc)
        port_report_close(r);
    return rc;
}

void port_report_close(struct port_report *r)
{
    for (size_t i = 0; r->run && i < r->conform->nboards * r->n; i++)
        executed_free(&r->run[i]);
    free(r->run);
    free(r->api);
    cost_close(r->cost);
    *r = (struct port_report){0};
}

const char *port_board_name(const struct port_report *r, size_t board)
{
    return r->conform->board[board].name;
}

const struct cost_api *port_api(const struct port_report *r, size_t i)
{
    return cost_api_row(r->cost, r->api[i]);
}

size_t port_board_find(const struct port_report *r, const char *name)
{
    for (size_t i = 0; i < r->conform->nboards; i++)
        if (strcmp(port_board_name(r, i), name) == 0)
            return i;
    return SIZE_MAX;
}

const struct executed *port_run(const struct port_report *r, size_t board, size_t i,
                                char *why, size_t max)
{
    const struct executed *e = r->run ? &r->run[board * r->n + i] : NULL;
    if (why && max)
        *why = 0;
    if (e && e->begun)
        return e;
    if (why && !e)
        snprintf(why, max, "%s", r->unrun);
    else if (why)
        snprintf(why, max, "%s", *e->why ? e->why : conform_result_names[e->result]);
    return NULL;
}
