// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * executed.h - what an API's conformance program costs to run on a board: between conform_begin()
 * and conform_end() of workloads/conform/harness.h, all environments together.
 *
 * Code is told apart by address: library window, the rest of user mode, kernel; and by the path of
 * the source file its line comes from (cost_classify). Bytes copied are those stored by the copy
 * functions of the C library and the exokernel (memcpy and its kin; filling is not copying), and
 * those the disk and the network interface moved.
 */
#ifndef SIM_EXECUTED_H
#define SIM_EXECUTED_H

#include "conform.h"
#include "cost.h"
#include "machine.h"
#include "profile.h"

struct executed_function {
    uint32_t function; /* of struct cost */
    enum profile_part part;
    uint64_t instructions;
};

struct executed {
    enum conform_result result;
    char *why; /* one line, "": nothing to say */
    uint64_t instructions[PROFILE_PARTS][COST_CLASSES];
    uint64_t
        unknown; /* of these at addresses without code in the images: counted as generic */
    uint64_t counted[PROFILE_PARTS]; /* the same sums in the machine's own counters */
    uint64_t cycles, traps[HW_CAUSE_COUNT], calls[CALLS_MAX];
    uint64_t copied_code, copied_disk, copied_nic;
    struct executed_function *function; /* by part, then as the images have them */
    uint32_t nfunctions;
    uint32_t *line; /* machine-dependent lines that ran, of struct cost, sorted */
    uint32_t nlines;
    char *
        stray; /* machine-dependent code that ran and that the objects do not have: "file:line
                  * function" a line; "" is right */
    bool begun; /* conform_begin() was reached */
};

/* Runs the programs of n APIs on all boards, with as many processes as the host has processors;
 * out[board * n + i], each to be freed by executed_free(). Boards and APIs have the same numbers in
 * both analyses. Results do not depend on the processes. Errors are the host's; a program that
 * fails is a result. */
int executed_all(struct conform *conform, const struct cost *cost, const size_t *api,
                 size_t n, struct executed *out, struct err *err);
void executed_free(struct executed *e);

uint64_t executed_part(const struct executed *e, enum profile_part part);
uint64_t executed_class(const struct executed *e, enum cost_class class_);
/* All that is not generic. */
uint64_t executed_dependent(const struct executed *e);
uint64_t executed_total(const struct executed *e);
uint64_t executed_copied(const struct executed *e);
extern const char *const profile_part_names[PROFILE_PARTS];

/* ---- executed_run.c: one run ---- */

struct executed_rig; /* a board's images, mapped */

int executed_rig_open(const struct conform *conform, const struct cost *cost,
                      size_t board, struct executed_rig **out, struct err *err);
void executed_rig_close(struct executed_rig *rig);
void executed_run(struct executed_rig *rig, size_t api, struct executed *out);

#endif
