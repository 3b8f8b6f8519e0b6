// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gdb.h - a run under a debugger: the remote protocol of GDB over time travel. docs/gdb.md tells a user
 * what there is.
 *
 *   gdb_link.c    bytes and packets
 *   gdb_target.c  registers of the instruction sets
 *   gdb_go.c      continue, step, and both backwards
 *   gdb_serve.c   answers to packets
 *   gdb.c         who comes and goes; the run's end
 *
 * An environment is a thread; what the kernel does in its name is that thread's too, and what it
 * does before there is one is thread GDB_NOBODY's. Memory is that of the environment on the core, or,
 * while the kernel runs, physical. Nothing can be changed: the run is a past to look at.
 */
#ifndef SIM_GDB_H
#define SIM_GDB_H

#include "cmd.h"
#include "gdb_link.h"
#include "gdb_target.h"
#include "kernel_view.h"
#include "travel.h"

#define GDB_BREAKS 256u
#define GDB_WATCHES 16u
#define GDB_WATCH_MAX 64u     /* bytes */
#define GDB_NOBODY 65536u     /* thread of the kernel on behalf of no environment */
#define GDB_PATIENCE 20000000 /* ns between two looks at the line */

struct gdb_watchpoint {
    uint64_t va, len;
    uint32_t context; /* whose memory; in kernel mode if kernel */
    bool kernel, known;
    uint8_t value[GDB_WATCH_MAX];
};

enum gdb_why {
    GDB_START,
    GDB_STEPPED,
    GDB_BREAK,
    GDB_WATCH,
    GDB_INTERRUPT,
    GDB_BEGIN,
    GDB_END
};

struct gdb {
    struct session *session;
    struct machine *m;
    struct travel *travel;
    struct kernel_view *view;
    const struct gdb_target *target;
    struct gdb_link link;
    uint64_t brk[GDB_BREAKS];
    unsigned nbreaks;
    struct gdb_watchpoint watch[GDB_WATCHES];
    unsigned nwatches;
    unsigned core;    /* the one that stopped */
    uint32_t thread;  /* selected by the debugger */
    enum gdb_why why; /* it stopped */
    uint64_t watched; /* GDB_WATCH: address */
    bool detached, killed;
    /* of gdb_go.c's searches: */
    int changed;     /* watchpoint, -1: none */
    uint32_t wanted; /* thread to stop in, in kernel mode too? */
    bool kernel_too;
    uint64_t retired, last; /* instructions in all; behind the wanted thread's last one */
    struct err trouble;     /* of the host: ends the session */
    bool broken;
};

/* The whole run of an open session. Fills outcome and status as session_run() does. */
int gdb_session(struct session *s, unsigned port, struct err *err);

/* ---- gdb_go.c: afterwards g->why, core, thread say where and why it stopped ---- */
void gdb_continue(struct gdb *g);
void gdb_step(struct gdb *g, uint32_t thread);
void gdb_reverse_continue(struct gdb *g);
void gdb_reverse_step(struct gdb *g);
/* Thread that runs on a core. */
uint32_t gdb_thread_on(const struct gdb *g, unsigned core);
/* The core a thread runs on; false: none. */
bool gdb_core_of(const struct gdb *g, uint32_t thread, unsigned *core);

/* ---- gdb_serve.c ---- */
/* Answers one packet; may run the machine. */
void gdb_serve(struct gdb *g, const char *packet, size_t len);
#endif
