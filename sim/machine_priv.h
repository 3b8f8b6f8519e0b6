// SPDX-License-Identifier: GPL-2.0-or-later
/* machine_priv.h - struct machine, shared by machine.c (assembly, time) and wiring.c (hw_env). */
#ifndef SIM_MACHINE_PRIV_H
#define SIM_MACHINE_PRIV_H

#include "machine.h"

#define NO_CORE UINT32_MAX
#define GUEST_ERRORS 32u

/* One instance of a model; its address is the `host` of its struct hw_env. */
struct instance {
    struct machine *m;
    const struct board_node *node;
    uint32_t index; /* in m->inst: owner of its events */
    uint32_t core;  /* per-core instance (cpu, mmu), or NO_CORE */
    void *dev;
    const struct hw_dev_ops *ops; /* NULL: a cpu */
    struct hw_env env;
    uint64_t random; /* state of its stream */
    bool level;      /* interrupt line */
    bool core_level[BOARD_MAX_CORES];
};

struct core {
    struct instance *cpu, *mmu;
    bool waiting;
    struct hw_exit last; /* how its last run() ended */
};

struct machine {
    struct machine_setup setup;
    const struct board *board;
    const struct hw_cpu_ops *cpu;
    const struct hw_mmu_ops *mmu;
    unsigned cores;
    uint64_t ram_size, seed;
    uint8_t *ram, *code_pages;
    struct instance *inst; /* devices (mmu once a core), then cpus */
    unsigned ninst;
    struct instance *intc;
    void *mmu_dev[BOARD_MAX_CORES];
    struct core core[BOARD_MAX_CORES];
    struct event_queue events;
    struct bus bus;
    struct trace trace;
    struct store *store;  /* the disk's medium: the setup's, or a blank one of its own */
    bool store_ended;     /* it is why the machine ends */
    struct net *net;      /* the network port: the setup's, or one without a wire */
    struct instance *nic; /* the network interface; NULL if there is none */
    uint64_t now;         /* of the last event; cores may be ahead */
    uint64_t deadline;    /* of the core that runs */
    uint32_t running;     /* core, or NO_CORE */
    struct {
        uint32_t core; /* whose turn it is, NO_CORE: to be decided */
        uint64_t deadline;
    } turn;
    uint64_t furthest;          /* records of the past it went back from: told already */
    struct machine_until bound; /* of replay.c */
    bool rescheduled;           /* an earlier event or an interrupt: the turn ends */
    void (*on_watch)(void *arg, struct machine *m, unsigned core);
    void *on_watch_arg;
    uint32_t watched; /* core that stopped at a watch, NO_CORE: none */
    uint64_t call_counts[CALLS_MAX];
    char *guest_error[GUEST_ERRORS];
    uint64_t guest_error_count[GUEST_ERRORS];
    unsigned nguest_errors;
    bool host_failed;
};

/* advance.c: the running core stops at its next boundary; arg is the machine. */
void stop_soon(void *arg);

/* Fills inst->env, by class, and the per-core wiring. */
void wire_env(struct instance *inst);
void wire_cpu(struct machine *m, unsigned core, struct hw_cpu_wiring *w);
/* Its disk's pins (wiring_store.c). */
void wire_store(struct instance *inst);
/* Its network interface's (wiring_net.c), and then the port's side of it. */
void wire_nic(struct instance *inst);
void wire_port(struct machine *m);
/* Something changed: the running core stops at its next boundary. */
void wire_kick(struct machine *m);
/* Does the machine live again through what it has told of already? */
bool wire_again(const struct machine *m);
/* Cycle now: of the running core, else of the machine. */
uint64_t wire_now(const struct machine *m);

#endif
