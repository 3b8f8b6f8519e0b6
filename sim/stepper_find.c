// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stepper_find.c - events looked for ahead and behind. See stepper.h.
 *
 * Records are only at hand for the machine's last few thousand, so a search goes by pieces: run to
 * the end of a piece, look at its records, come back to the one wanted.
 */
#include "stepper.h"

#define PIECE 2048u /* records, less than the trace's buffer holds */

/* ---- what matches ---- */

bool match_any(const struct stepper *s, const struct hw_trace_record *r)
{
    (void)s;
    (void)r;
    return true;
}

bool match_trap(const struct stepper *s, const struct hw_trace_record *r)
{
    (void)s;
    return r->event == HW_EV_TRAP;
}

bool match_resource(const struct stepper *s, const struct hw_trace_record *r)
{
    (void)s;
    return record_is_resource(r);
}

bool match_break(const struct stepper *s, const struct hw_trace_record *r)
{
    return breaks_match(&s->breaks, r);
}

/* ---- going ---- */

int stepper_go(struct stepper *s, enum travel_axis axis, uint64_t value, struct err *err)
{
    int rc = travel_to(s->travel, axis, value, err);
    struct machine_place p = travel_place(s->travel);
    s->cursor = axis == TRAVEL_RECORD && value < p.record ? value : p.record;
    return rc;
}

int stepper_forward(struct stepper *s, stepper_match *match, bool *found, struct err *err)
{
    uint64_t k = s->cursor;
    *found = false;
    for (;;) {
        int rc = travel_to(s->travel, TRAVEL_RECORD, k + PIECE, err);
        if (rc)
            return rc;
        uint64_t end = travel_place(s->travel).record;
        struct hw_trace_record r;
        for (; k < end; k++)
            if (travel_record(s->travel, k, &r) && match(s, &r)) {
                *found = true;
                return stepper_go(s, TRAVEL_RECORD, k + 1, err);
            }
        if (travel_ended(s->travel)) {
            s->cursor = end;
            return 0;
        }
    }
}

/* The last match in [from, to): its number + 1, or 0. */
static int last_match(struct stepper *s, stepper_match *match, uint64_t from, uint64_t to,
                      uint64_t *at, struct err *err)
{
    *at = 0;
    int rc = travel_to(s->travel, TRAVEL_RECORD, from, err);
    if (rc == 0)
        rc = travel_to(s->travel, TRAVEL_RECORD, to, err);
    struct hw_trace_record r;
    for (uint64_t k = to; rc == 0 && *at == 0 && k-- > from;)
        if (travel_record(s->travel, k, &r) && match(s, &r))
            *at = k + 1;
    return rc;
}

int stepper_backward(struct stepper *s, stepper_match *match, bool *found,
                     struct err *err)
{
    uint64_t to = s->cursor > 0 ? s->cursor - 1 : 0, at = 0;
    *found = false;
    while (to > 0 && at == 0) {
        uint64_t from = to > PIECE ? to - PIECE : 0;
        int rc = last_match(s, match, from, to, &at, err);
        if (rc)
            return rc;
        to = from;
    }
    *found = at != 0;
    return stepper_go(s, TRAVEL_RECORD, at, err);
}

bool stepper_record(struct stepper *s, uint64_t k, char *text, size_t max)
{
    struct hw_trace_record r;
    if (!travel_record(s->travel, k, &r))
        return false;
    record_words(s->calls, &r, text, max);
    return true;
}
