// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * breaks.h - breakpoints on trace records, records in words, and which records are resource events:
 * what the terminal stepper and the viewer share.
 */
#ifndef SIM_BREAKS_H
#define SIM_BREAKS_H

#include <hw.h>

#include "calls.h"

#define BREAKS_MAX 32u

enum break_kind { BREAK_EVENT, BREAK_CALL, BREAK_ENV, BREAK_FRAME, BREAK_DEATH };

struct break_at {
    enum break_kind kind;
    uint64_t value;
    char text[64]; /* as it was given */
};

struct breaks {
    struct break_at at[BREAKS_MAX];
    unsigned n;
};

/* what: event, call, env, frame, death; value: name or number. ERR_USER. */
int breaks_add(struct breaks *b, const struct calls *calls, const char *what,
               const char *value, struct err *err);
/* i-th, from 0. */
void breaks_delete(struct breaks *b, unsigned i);
/* Does one of them stop at this record? */
bool breaks_match(const struct breaks *b, const struct hw_trace_record *r);

/* What changes or asks for a resource: not the machinery around it. */
bool record_is_resource(const struct hw_trace_record *r);
/* In words, calls by name. */
void record_words(const struct calls *calls, const struct hw_trace_record *r, char *text,
                  size_t max);

#endif
