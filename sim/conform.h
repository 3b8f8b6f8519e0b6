// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * conform.h - conformance programs on boards: one run, and all of them in worker processes.
 *
 * A case is one function of the API on one board. Its program is in the guest executable `conform`
 * (workloads/conform/harness.h), which says of each what it needs; the run gets that: a disk with
 * DATA/guest/conform/root on it, the boot files of DATA/guest/conform/files, another machine on
 * the wire. What comes of it is read from the guest's exit status, its TAP and its marks for
 * missing hooks. Results do not depend on the number of workers.
 */
#ifndef SIM_CONFORM_H
#define SIM_CONFORM_H

#include "api.h"
#include "cmd.h"

enum conform_result {
    CONFORM_PASS,
    CONFORM_FAIL,
    CONFORM_NOT_PORTED,     /* hooks: those that were missing */
    CONFORM_NOT_APPLICABLE, /* why */
    CONFORM_RESULTS
};
extern const char *const conform_result_names[CONFORM_RESULTS]; /* "pass", ... */

enum conform_needs { /* as the guest's */
                     CONFORM_DISK = 1,
                     CONFORM_FILES = 2,
                     CONFORM_NET = 4,
                     CONFORM_PEER = 8,
                     CONFORM_MAY_LACK = 16,
                     CONFORM_MISSING = 1u << 31 /* there is no program */
};

struct conform_board {
    const char *name;
    struct board *board;
    unsigned *needs; /* of each function of the API */
    char *disk;      /* image of the disk that programs get, NULL: none made */
    char *dead;      /* why no program can run at all, NULL: they can */
    bool no_kernel;  /* because there is no exokernel for its MMU */
};

struct conform {
    struct options o; /* of every run: --max-cycles, --seed, --plugin */
    struct registry models;
    struct calls calls;
    struct api api;
    struct hooks hooks;
    struct conform_board *board;
    size_t nboards;
    char *folder; /* of the images, NULL: none made */
};

struct conform_outcome {
    enum conform_result result;
    int status;     /* of the run */
    uint64_t hooks; /* bits: numbers in struct hooks of what was missing */
    unsigned checks, failed;
    uint64_t cycles, instructions;
    char *why;  /* one line, NULL: nothing to say */
    char *text; /* TAP of the program and the simulator's words */
};

/* Boards, lists, and what the programs of each board need. conform_close() in any case. */
int conform_open(struct conform *c, struct err *err);
void conform_close(struct conform *c);

/* Looks at a run: opened() before it starts, ended() before the machine is gone. */
struct conform_watch {
    void (*opened)(void *arg, struct session *s);
    void (*ended)(void *arg, struct session *s);
    void *arg;
};

/* Runs function `api` on a board, in this process; watch may be NULL. What exosim would say on
 * standard error goes to text. */
void conform_run(const struct conform *c, size_t board, size_t api,
                 const struct conform_watch *watch, struct conform_outcome *out);
void conform_outcome_free(struct conform_outcome *o);

struct conform_case {
    size_t board, api;
    struct conform_outcome outcome;
};

/* Makes the disk images these cases need; before the first run. */
int conform_prepare(struct conform *c, const struct conform_case *list, size_t n,
                    struct err *err);

/* Runs all by `jobs` worker processes; done() is called for each in the order of the list, as soon as
 * it and those before it are there. ERR_USER if the host has no process to give. */
int conform_run_all(const struct conform *c, struct conform_case *list, size_t n,
                    unsigned jobs,
                    void (*done)(void *arg, const struct conform_case *one), void *arg,
                    struct err *err);

#endif
