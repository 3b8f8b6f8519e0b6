// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gdb.c - a run under a debugger, from the first instruction to the end: see gdb.h.
 *
 * While nobody is connected the machine runs on; before the first debugger comes it waits.
 */
#include "gdb.h"

#include <string.h>

static void forget_points(struct gdb *g)
{
    g->nbreaks = g->nwatches = 0;
    machine_watch(g->m, NULL, 0);
    machine_observe(g->m, NULL);
}

/* One debugger, until it goes. */
static void serve(struct gdb *g)
{
    static char packet[GDB_PACKET + 1];
    size_t len;
    g->detached = false;
    g->core = machine_current(g->m);
    g->thread = gdb_thread_on(g, g->core);
    while (!g->detached && !g->killed && !g->broken &&
           gdb_link_get(&g->link, packet, &len, true) == GDB_PACKET_CAME)
        gdb_serve(g, packet, len);
    gdb_link_drop(&g->link);
    forget_points(g);
}

/* To the end, or until a debugger comes. */
static void run_free(struct gdb *g)
{
    while (!travel_ended(g->travel) && !gdb_link_accept(&g->link, false))
        travel_on(g->travel, UINT64_MAX);
    g->why = GDB_INTERRUPT;
}

static int open_all(struct gdb *g, struct session *s, unsigned port, struct err *err)
{
    unsigned bound;
    memset(g, 0, sizeof *g);
    g->session = s;
    g->m = s->machine;
    g->target = gdb_target_of(machine_isa(s->machine));
    if (!g->target)
        return err_set(err, ERR_USER,
                       "--gdb: the debugger does not know board %s's instruction set",
                       s->board->name);
    int rc = kernel_view_open(g->m, machine_setup_of(g->m)->plan->kernel, &g->view, err);
    if (rc)
        return rc;
    rc = gdb_link_open(&g->link, port, &bound, err);
    if (rc) {
        kernel_view_close(g->view);
        return rc;
    }
    g->travel = travel_open(g->m, TRAVEL_MEMORY);
    travel_patience(g->travel, GDB_PATIENCE);
    say("waiting for a debugger: gdb-multiarch -ex 'target remote :%u' %s", bound,
        s->plan.module[0].path);
    return 0;
}

int gdb_session(struct session *s, unsigned port, struct err *err)
{
    static struct gdb g;
    int rc = open_all(&g, s, port, err);
    if (rc)
        return rc;
    gdb_link_accept(&g.link, true);
    while (!g.killed && !g.broken) {
        if (g.link.peer >= 0)
            serve(&g);
        else if (travel_ended(g.travel))
            break;
        else
            run_free(&g);
    }
    struct machine_outcome outcome;
    if (travel_ended(g.travel))
        outcome = *travel_ended(g.travel);
    else
        machine_interrupted(g.m, &outcome);
    if (g.killed && outcome.end == MACHINE_INTERRUPTED)
        say("killed by the debugger");
    session_ended(s, &outcome);
    if (g.broken)
        *err = g.trouble;
    travel_close(g.travel);
    gdb_link_close(&g.link);
    kernel_view_close(g.view);
    return g.broken ? ERR_USER : 0;
}
