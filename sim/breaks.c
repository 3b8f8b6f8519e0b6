// SPDX-License-Identifier: GPL-2.0-or-later
/* breaks.c - breakpoints and records in words. See breaks.h. */
#include "breaks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"

bool record_is_resource(const struct hw_trace_record *r)
{
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

static bool hits(const struct break_at *b, const struct hw_trace_record *r)
{
    switch (b->kind) {
    case BREAK_EVENT: return r->event == b->value;
    case BREAK_CALL:
        return (r->event == HW_EV_CALL || r->event == TRACE_BATCHED) &&
               r->a % CALLS_FIRST == b->value;
    case BREAK_ENV: return r->event == HW_EV_CONTEXT && r->b == b->value;
    case BREAK_FRAME:
        return (r->event == HW_EV_INSERT || r->event == HW_EV_EVICT) &&
               r->b >> 12 == b->value;
    case BREAK_DEATH: return r->event == TRACE_DEATH;
    }
    return false;
}

bool breaks_match(const struct breaks *b, const struct hw_trace_record *r)
{
    for (unsigned i = 0; i < b->n; i++)
        if (hits(&b->at[i], r))
            return true;
    return false;
}

static _Thread_local const struct calls *names; /* for trace_words() */

static const char *call_name(uint64_t number)
{
    return names ? calls_name(names, number) : NULL;
}

void record_words(const struct calls *calls, const struct hw_trace_record *r, char *text,
                  size_t max)
{
    names = calls;
    trace_words(r, call_name, text, max);
    names = NULL;
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

int breaks_add(struct breaks *to, const struct calls *calls, const char *what,
               const char *value, struct err *err)
{
    struct break_at b = {.value = 0};
    bool ok = false;
    if (to->n == BREAKS_MAX)
        return err_set(err, ERR_USER, "there are %u breakpoints already", BREAKS_MAX);
    if (what && strcmp(what, "death") == 0) {
        b.kind = BREAK_DEATH;
        ok = true;
    } else if (what && value && strcmp(what, "event") == 0) {
        b.kind = BREAK_EVENT;
        ok = event_number(value, &b.value);
    } else if (what && value && strcmp(what, "call") == 0) {
        b.kind = BREAK_CALL;
        ok = call_number(calls, value, &b.value);
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
    to->at[to->n++] = b;
    return 0;
}

void breaks_delete(struct breaks *b, unsigned i)
{
    if (i >= b->n)
        return;
    b->n--;
    memmove(&b->at[i], &b->at[i + 1], (b->n - i) * sizeof *b->at);
}
