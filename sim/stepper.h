// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stepper.h - stepping through a run, forwards and backwards, by commands in words. `exosim step`
 * is its prompt; stepper_info.c holds the tables, stepper_find.c the search for events.
 *
 * The cursor is a number of trace records: the machine is at the first place a core can stop at
 * where that many have been written.
 */
#ifndef SIM_STEPPER_H
#define SIM_STEPPER_H

#include <stdio.h>

#include "breaks.h"
#include "cmd.h"
#include "kernel_view.h"
#include "travel.h"

struct stepper {
    struct session *session;
    const struct calls *calls;
    struct travel *travel;
    const char *identity; /* of the run: save, load */
    struct kernel_view *view;
    struct code *code;
    FILE *out;
    uint64_t cursor;
    struct breaks breaks;
};

/* One command line. False: leave. */
bool stepper_command(struct stepper *s, const char *line);
/* Where we are, in one or two lines. */
void stepper_where(struct stepper *s);
/* Words that can begin a command: the i-th, NULL behind the last. */
const char *stepper_word(unsigned i);

/* ---- stepper_find.c: 0, or ERR_USER ---- */
typedef bool stepper_match(const struct stepper *s, const struct hw_trace_record *r);
bool match_resource(const struct stepper *s, const struct hw_trace_record *r);
bool match_trap(const struct stepper *s, const struct hw_trace_record *r);
bool match_any(const struct stepper *s, const struct hw_trace_record *r);
bool match_break(const struct stepper *s, const struct hw_trace_record *r);
/* Move the cursor behind the next record that matches; found = false: the end was reached. */
int stepper_forward(struct stepper *s, stepper_match *match, bool *found,
                    struct err *err);
/* Move it behind the last matching record before the one it is behind now. */
int stepper_backward(struct stepper *s, stepper_match *match, bool *found,
                     struct err *err);
/* Go to a place; the cursor follows. */
int stepper_go(struct stepper *s, enum travel_axis axis, uint64_t value, struct err *err);
/* A record of the past in words; false if it cannot be had. */
bool stepper_record(struct stepper *s, uint64_t k, char *text, size_t max);

/* ---- stepper_info.c ---- */
/* false: no such table. */
bool stepper_info(struct stepper *s, const char *what);
void stepper_disassemble(struct stepper *s, unsigned n);

#endif
