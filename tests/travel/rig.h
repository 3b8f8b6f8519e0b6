// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rig.h - a program on a board, run straight on once, for tests that then run it otherwise.
 */
#ifndef TRAVEL_RIG_H
#define TRAVEL_RIG_H

#include "cmd.h"

struct rig {
    struct registry models;
    struct calls calls;
    struct options o;
    struct session s;
    const char *board;
    /* of the straight run */
    struct machine_stats straight;
    struct machine_place end;
    char *text; /* its output */
    size_t written;
};

uint64_t random_below(uint64_t n);
_Noreturn void fail(const char *what, const struct err *err);

/* argv: BOARD CORES SEED STEPS PROGRAM [ARG...]. Runs it, then opens a machine anew in r->s. */
void rig_open(struct rig *r, int argc, char **argv);
/* Is the machine, at its end, where the straight run ended? Says so as a TAP line. */
bool rig_same(struct rig *r, char **argv);
void rig_close(struct rig *r);

#endif
