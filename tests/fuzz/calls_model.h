// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls_model.h - the fuzzer's oracle: an independent, slow model of who may do what. It knows
 * names, guards, holders and bindings as plain arrays and lists, and nothing of the kernel's
 * code. Each call's success is judged by it first ("the kernel allowed what must be
 * forbidden"), then done to it; then the two are compared, and so is everything the simulated
 * hardware would let a program touch.
 */
#ifndef CALLS_MODEL_H
#define CALLS_MODEL_H

#include "host.h"

#define MODEL_FRAMES 1024
#define MODEL_CANDIDATES 12
#define MODEL_BINDINGS 1024

struct model_name {
    uint8_t len, rights; /* len 0xff: none */
    uint8_t byte[8];
};

/* A page of an address space: what it may be bound to (several after a call that failed half
 * way, or where a wired or boot-time binding lies underneath). */
struct model_binding {
    uint64_t va;
    uint32_t n;
    struct {
        uint32_t frame, flags;
        bool
            lasting; /* wired or bound at boot: an unbind of the page need not remove it */
    } may[MODEL_CANDIDATES];
};

struct model_env {
    uint32_t state; /* enum exo_env_state; READY stands for all that live */
    uint32_t parent;
    struct model_name guard, cap[EXO_NCAP];
    struct model_binding *binding;
    uint32_t nbindings;
};

struct model_frame {
    uint8_t type;
    uint64_t holders; /* bit per environment */
    struct model_name guard[2];
    bool used;        /* had an owner: guard[0] tells whose bytes are in it */
    uint64_t revoked; /* bit per holder asked to give it up */
};

/* See calls_disk.c. */
struct model_extent {
    uint32_t first, count; /* count 0: free */
    uint64_t holders, revoked;
    struct model_name guard;
};

struct model {
    struct model_env env[EXO_NENV];
    struct model_frame frame[MODEL_FRAMES];
    uint8_t slice[EXO_NCORE][EXO_NSLICE];
    struct model_extent extent[EXO_NEXTENT];
};
extern struct model model;

/* Stop with a message and everything needed to repeat the run. */
_Noreturn void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void model_start(void); /* after boot, from the kernel's tables */
bool model_satisfies(const struct model_name *cap, const struct model_name *guard,
                     uint32_t rights);
/* A request to any kind of disk, as the caller's memory says. */
struct model_io {
    uint32_t op, extent, cap, unit, count;
    struct exo_io_memory data, oob, done;
};
/* What a call that was made will read from the caller's memory; taken before it runs. */
struct model_input {
    struct exo_map map[EXO_BATCH_MAX];
    uint32_t nmap;
    struct exo_region region[EXO_NWINDOW];
    uint32_t nregion;
    struct exo_batch call[EXO_CALLS_MAX];
    uint32_t ncall;
    struct model_io io[EXO_BLOCKS_MAX];
    uint32_t nio;
};
struct model_call {
    uint32_t env, number;
    exo_word arg[6];
    struct model_input in;
};
void model_capture(struct model_call *call);
/* The call came back with `result`: judge it, do it. */
void model_call(const struct model_call *call, exo_sword result);
void model_bind_add(uint32_t env, uint64_t va, uint32_t frame, uint32_t flags,
                    bool lasting);
/* Follow what happened without a call (deaths, repossession), then compare everything. */
void model_sync(void);

/* -- between the model's files -- */
#define ME (&model.env[call->env])
#define ARG(i) (call->arg[i])
/* Judging a call: all LEGALs, then JUDGED, then what the call does. The same text also answers,
 * with model_probing set, whether a call that was refused should have been. */
extern bool model_probing, model_illegal;
#define LEGAL(condition)                                                                 \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            if (!model_probing)                                                          \
                complain("%s: the kernel allowed what must be forbidden: !(%s)",         \
                         model_call_name(call->number), #condition);                     \
            model_illegal = true;                                                        \
            return;                                                                      \
        }                                                                                \
    } while (0)
#define JUDGED                                                                           \
    do {                                                                                 \
        if (model_probing)                                                               \
            return;                                                                      \
    } while (0)
const char *model_call_name(uint32_t number);
const struct model_name *model_cap(uint32_t env, exo_word slot); /* len 0xff: none */
bool model_alive(exo_word env);
/* May the caller act on an environment? */
bool model_controls(const struct model_call *call, exo_word env, exo_word cap,
                    uint32_t right);
uint32_t model_target(const struct model_call *call, exo_word env);
bool model_frame_exists(exo_word frame);
bool model_holds(uint32_t env, uint32_t frame);
bool model_may_touch(uint32_t env, exo_word cap, uint32_t frame, uint32_t rights);
void model_take_frame(uint32_t env, uint32_t frame);
void model_clear_env(uint32_t env);
struct model_binding *model_binding_at(uint32_t env, uint64_t va, bool make);
void model_forget_frame(uint32_t env, uint32_t frame);
bool model_bind_legal(const struct model_call *call, uint32_t t, exo_word frame,
                      exo_word cap, uint32_t flags);
void model_bind(const struct model_call *call, exo_word va, exo_word frame, exo_word cap,
                bool wired);
void model_batch(const struct model_call *call, exo_sword result);
void model_protect(const struct model_call *call, exo_sword result);
void model_unbind_range(const struct model_call *call);
void model_flush(const struct model_call *call);
void model_release_frame(uint32_t frame); /* if nobody holds it and no device uses it */
bool model_capture_bytes(uint32_t env, exo_word va, void *to, size_t n);

/* -- calls_windows.c: where the MMU is a set of windows -- */
bool model_windows_call(uint32_t number);
void model_windows_capture(struct model_call *call);
/* The call came back; a batch also with an error. */
void model_windows_perform(const struct model_call *call, exo_sword result);
/* The environment lost the frame, or died. */
void model_windows_forget(uint32_t env, uint32_t frame, bool all);

/* -- calls_disk.c -- */
bool model_disk_here(uint32_t number); /* a call of disks that this machine has */
bool model_disk_call(uint32_t number); /* a call of disks, of any */
void model_disk_capture(struct model_call *call);
void model_disk_perform(const struct model_call *call); /* the extent calls */
void model_disk_requests(const struct model_call *call, exo_sword result);
void model_disk_clear_env(uint32_t env);
bool model_disk_uses(uint32_t frame);
/* -- calls_net.c -- */
bool model_net_call(uint32_t number);
bool model_net_here(uint32_t number);
bool model_net_uses(uint32_t frame); /* a ring, or the device, as the kernel says */
void model_net_sync(void);
void model_disk_sync(void);
/* The device does its i-th command; interrupts; all that follows is checked. */
void model_disk_done(uint32_t i, bool ok);

#endif
