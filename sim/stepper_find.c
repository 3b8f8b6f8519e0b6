// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stepper_find.c - events looked for ahead and behind, and breakpoints. See stepper.h.
 *
 * Records are only at hand for the machine's last few thousand, so a search goes by pieces: run to
 * the end of a piece, look at its records, come back to the one wanted.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "stepper.h"

#define PIECE 2048u /* records, less than the trace's buffer holds */
#define GUEST_DEATH (HW_EV_GUEST + 7)

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

/* What changes or asks for a resource: not the machinery around it. */
bool match_resource(const struct stepper *s, const struct hw_trace_record *r)
{
    (void)s;
    switch (r->event) {
    case HW_EV_TRAP:
    case HW_EV_RETURN:
    case HW_EV_RESULT:
    case HW_EV_MISS:
    case HW_EV_WALK:
    case HW_EV_EVICT:
    case HW_EV_IRQ:
    case HW_EV_TIMER:
    case HW_EV_CONSOLE:
    case HW_EV_CODE: return false;
    default: return true;
    }
}

static bool hits(const struct stepper_break *b, const struct hw_trace_record *r)
{
    switch (b->kind) {
    case BREAK_EVENT: return r->event == b->value;
    case BREAK_CALL: return r->event == HW_EV_CALL && r->a % CALLS_FIRST == b->value;
    case BREAK_ENV: return r->event == HW_EV_CONTEXT && r->b == b->value;
    case BREAK_FRAME:
        return (r->event == HW_EV_INSERT || r->event == HW_EV_EVICT) &&
               r->b >> 12 == b->value;
    case BREAK_DEATH: return r->event == GUEST_DEATH;
    }
    return false;
}

bool match_break(const struct stepper *s, const struct hw_trace_record *r)
{
    for (unsigned i = 0; i < s->nbreaks; i++)
        if (hits(&s->brk[i], r))
            return true;
    return false;
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

static _Thread_local const struct calls *names; /* for trace_words() */

static const char *call_name(uint64_t number)
{
    return names ? calls_name(names, number) : NULL;
}

bool stepper_record(struct stepper *s, uint64_t k, char *text, size_t max)
{
    struct hw_trace_record r;
    if (!travel_record(s->travel, k, &r))
        return false;
    names = s->calls;
    trace_words(&r, call_name, text, max);
    names = NULL;
    return true;
}

/* ---- breakpoints ---- */

static bool number(const char *text, uint64_t *out)
{
    char *end;
    if (!text || *text < '0' || *text > '9')
        return false;
    *out = strtoull(text, &end, 0);
    return *end == 0;
}

static bool event_number(const char *name, uint64_t *out)
{
    for (unsigned e = 1; e < HW_EV_GUEST + 64; e++) {
        const char *n = trace_event_name(e);
        if (n && strcmp(n, name) == 0) {
            *out = e;
            return true;
        }
    }
    return false;
}

static bool call_number(const struct calls *calls, const char *name, uint64_t *out)
{
    for (unsigned i = 0; i < CALLS_MAX; i++)
        if (calls->call[i].there && strcmp(calls->call[i].name, name) == 0) {
            *out = i;
            return true;
        }
    return false;
}

int stepper_break_add(struct stepper *s, const char *what, const char *value,
                      struct err *err)
{
    struct stepper_break b = {.value = 0};
    bool ok = false;
    if (s->nbreaks == STEPPER_BREAKS)
        return err_set(err, ERR_USER, "there are %u breakpoints already", STEPPER_BREAKS);
    if (what && strcmp(what, "death") == 0) {
        b.kind = BREAK_DEATH;
        ok = true;
    } else if (what && value && strcmp(what, "event") == 0) {
        b.kind = BREAK_EVENT;
        ok = event_number(value, &b.value);
    } else if (what && value && strcmp(what, "call") == 0) {
        b.kind = BREAK_CALL;
        ok = call_number(s->calls, value, &b.value);
    } else if (what && strcmp(what, "env") == 0) {
        b.kind = BREAK_ENV;
        ok = number(value, &b.value);
    } else if (what && strcmp(what, "frame") == 0) {
        b.kind = BREAK_FRAME;
        ok = number(value, &b.value);
    }
    if (!ok)
        return err_set(err, ERR_USER,
                       "break %s%s%s: expected `event NAME`, `call NAME`, `env N`, "
                       "`frame N` or `death`",
                       what ? what : "", value ? " " : "", value ? value : "");
    snprintf(b.text, sizeof b.text, "%s%s%s", what, value ? " " : "", value ? value : "");
    s->brk[s->nbreaks++] = b;
    return 0;
}
