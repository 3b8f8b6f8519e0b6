// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wild.h - a board that was taken, come to life under a kernel of random words: whatever the board
 * says and the guest does, the machine must end in one of its ways. Nothing a guest does may
 * hurt the simulator.
 */
#ifndef TESTS_FUZZ_WILD_H
#define TESTS_FUZZ_WILD_H

#include "board.h"
#include "mutate.h"

/* NULL, or the promise that was broken. *err holds the refusal, if the machine was refused. */
const char *wild_run(const struct board *b, struct stream *s, bool *refused,
                     struct err *err);

#endif
