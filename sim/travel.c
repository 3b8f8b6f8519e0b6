// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * travel.c - see travel.h.
 *
 * The array of snapshots is sorted by instruction; the first one, the machine's birth, is never
 * dropped. A place on an axis is looked for from the last snapshot that had not reached it.
 */
#include "travel.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COST_SHARE 20u      /* a snapshot for this many times the time it takes */
#define CHUNK_FIRST 200000u /* instructions between two looks at the clock */
#define CHUNK_NS 5000000u   /* aim for this long between them */
#define RECENT 16u          /* snapshots not thinned out: those made last */
#define DENSE_MIN 20000u /* instructions: nearer than this to the place none are made */

struct kept {
    struct snapshot *s;
    uint64_t serial;
};

struct travel {
    struct machine *m;
    struct kept *kept;
    size_t n, cap;
    uint64_t memory, taken;
    struct snapshot_pool pool;
    uint64_t chunk;       /* instructions */
    uint64_t spent, cost; /* host ns: run since the last snapshot; of the last snapshot */
    const struct snapshot *last; /* restored or taken last: shares most pages with now */
    bool ended;
    struct machine_outcome end;
    uint64_t patience, until; /* host ns: of a call; when the one under way comes back */
    bool arrived;
};

static uint64_t host_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t on_axis(const struct machine_place *p, enum travel_axis axis)
{
    switch (axis) {
    case TRAVEL_RECORD: return p->record;
    case TRAVEL_CYCLE: return p->latest;
    case TRAVEL_INSTRUCTION: break;
    }
    return p->instruction;
}

/* ---- snapshots ---- */

static uint64_t instruction_of(const struct travel *t, size_t i)
{
    return snapshot_place(t->kept[i].s)->instruction;
}

static void drop(struct travel *t, size_t i)
{
    struct snapshot *s = t->kept[i].s;
    if (t->last == s)
        t->last = i > 0 ? t->kept[i - 1].s : NULL;
    snapshot_free(s);
    t->n--;
    memmove(&t->kept[i], &t->kept[i + 1], (t->n - i) * sizeof *t->kept);
}

/* The one whose loss leaves the smallest gap, but for the first and the recent ones. */
static size_t least_missed(const struct travel *t)
{
    size_t best = 0;
    uint64_t least = UINT64_MAX;
    for (size_t i = 1; i < t->n; i++) {
        if (t->kept[i].serial + RECENT > t->taken)
            continue;
        uint64_t behind = i + 1 < t->n ? instruction_of(t, i + 1) : UINT64_MAX / 2;
        uint64_t gap = behind - instruction_of(t, i - 1);
        if (gap < least) {
            least = gap;
            best = i;
        }
    }
    return best;
}

static void thin_out(struct travel *t)
{
    size_t i;
    while (t->pool.bytes > t->memory && (i = least_missed(t)) != 0)
        drop(t, i);
}

/* Into the array, in order; at a place that has one already the old one stays: false. */
static bool keep(struct travel *t, struct snapshot *s)
{
    uint64_t here = snapshot_place(s)->instruction;
    size_t i = t->n;
    while (i > 0 && instruction_of(t, i - 1) >= here)
        i--;
    if (i < t->n && instruction_of(t, i) == here)
        return false;
    if (t->n == t->cap) {
        t->cap = t->cap ? 2 * t->cap : 64;
        t->kept = mem_grow(t->kept, t->cap, sizeof *t->kept);
    }
    memmove(&t->kept[i + 1], &t->kept[i], (t->n - i) * sizeof *t->kept);
    t->kept[i] = (struct kept){s, ++t->taken};
    t->n++;
    t->last = s;
    return true;
}

static bool has(const struct travel *t, uint64_t instruction)
{
    size_t i = t->n;
    while (i > 0 && instruction_of(t, i - 1) > instruction)
        i--;
    return i > 0 && instruction_of(t, i - 1) == instruction;
}

static void take(struct travel *t)
{
    if (has(t, machine_place_of(t->m).instruction))
        return; /* not twice at one place */
    uint64_t start = host_ns();
    keep(t, snapshot_take(t->m, t->last, &t->pool));
    t->cost = host_ns() - start;
    t->spent = 0;
    thin_out(t);
}

/* ---- going ---- */

static int restore_before(struct travel *t, enum travel_axis axis, uint64_t value,
                          struct err *err)
{
    size_t i = t->n - 1;
    while (i > 0 && on_axis(snapshot_place(t->kept[i].s), axis) >= value)
        i--;
    t->ended = false;
    t->last = t->kept[i].s;
    t->spent = 0;
    return snapshot_restore(t->m, t->last, err);
}

/* Is there a snapshot between here and the place, that is nearer to it? */
static bool better_start(const struct travel *t, enum travel_axis axis, uint64_t value,
                         uint64_t here)
{
    for (size_t i = t->n; i-- > 1;)
        if (on_axis(snapshot_place(t->kept[i].s), axis) < value)
            return instruction_of(t, i) > here;
    return false;
}

/* Run up to the place, at most a chunk. */
static void run_chunk(struct travel *t, enum travel_axis axis, uint64_t value)
{
    struct machine_until until = MACHINE_UNTIL_END;
    uint64_t here = machine_place_of(t->m).instruction;
    until.instruction = here + t->chunk;
    switch (axis) {
    case TRAVEL_RECORD: until.record = value; break;
    case TRAVEL_CYCLE: until.cycle = value; break;
    case TRAVEL_INSTRUCTION:
        until.exact = value <= until.instruction + t->chunk; /* a chunk may end late */
        if (until.exact)
            until.instruction = value;
        break;
    }
    uint64_t start = host_ns();
    t->ended = !machine_advance(t->m, &until, &t->end);
    uint64_t ns = host_ns() - start;
    t->spent += ns;
    if (ns < CHUNK_NS / 2 && t->chunk < UINT64_MAX / 4)
        t->chunk *= 2;
    else if (ns > 2 * (uint64_t)CHUNK_NS && t->chunk > 1000)
        t->chunk /= 2;
}

/* How far the machine is, as machine_advance() sees it: one that idles has reached the next event. */
static uint64_t progress(const struct travel *t, enum travel_axis axis)
{
    struct machine_place p = machine_place_of(t->m);
    return axis == TRAVEL_CYCLE ? p.cycle : on_axis(&p, axis);
}

static bool there(const struct travel *t, enum travel_axis axis, uint64_t value)
{
    return progress(t, axis) >= value;
}

static bool out_of_time(const struct travel *t)
{
    return t->patience != 0 && host_ns() >= t->until;
}

/* Forward, with snapshots as often as they are cheap. */
static void run_new(struct travel *t, enum travel_axis axis, uint64_t value)
{
    while (!t->ended && !there(t, axis, value) && !out_of_time(t)) {
        run_chunk(t, axis, value);
        if (!t->ended && t->spent > COST_SHARE * t->cost)
            take(t);
    }
}

/* Over known ground: one snapshot whenever half of what is left is done. */
static void run_again(struct travel *t, enum travel_axis axis, uint64_t value)
{
    uint64_t mark = progress(t, axis), left = value > mark ? value - mark : 0;
    uint64_t begun = machine_place_of(t->m).instruction;
    while (!t->ended && !there(t, axis, value) && !out_of_time(t)) {
        uint64_t half = mark + left / 2;
        bool dense = left > 1 && half > mark;
        uint64_t to = dense ? half : value;
        while (!t->ended && !there(t, axis, to) && !out_of_time(t))
            run_chunk(t, axis, to);
        if (!there(t, axis, to))
            break;
        mark = progress(t, axis);
        left = value > mark ? value - mark : 0;
        uint64_t here = machine_place_of(t->m).instruction;
        if (!t->ended && left > 0 && here - begun > DENSE_MIN) {
            take(t);
            begun = here;
        }
    }
}

bool travel_on(struct travel *t, uint64_t instruction)
{
    unsigned core;
    bool new = machine_place_of(t->m).instruction >= instruction_of(t, t->n - 1);
    t->until = t->patience ? host_ns() + t->patience : 0;
    while (!t->ended && !there(t, TRAVEL_INSTRUCTION, instruction)) {
        run_chunk(t, TRAVEL_INSTRUCTION, instruction);
        if (machine_watched(t->m, &core))
            return true;
        if (new && !t->ended && t->spent > COST_SHARE * t->cost)
            take(t);
        if (out_of_time(t))
            break;
    }
    return false;
}

int travel_before(struct travel *t, uint64_t instruction, struct err *err)
{
    return restore_before(t, TRAVEL_INSTRUCTION, instruction, err);
}

int travel_to(struct travel *t, enum travel_axis axis, uint64_t value, struct err *err)
{
    struct machine_place here = machine_place_of(t->m);
    uint64_t furthest = instruction_of(t, t->n - 1);
    t->until = t->patience ? host_ns() + t->patience : 0;
    if (on_axis(&here, axis) >= value || there(t, axis, value) ||
        better_start(t, axis, value, here.instruction)) {
        int rc = restore_before(t, axis, value, err);
        if (rc)
            return rc;
        here = machine_place_of(t->m);
    }
    if (here.instruction < furthest)
        run_again(t, axis, value);
    run_new(t, axis, value);
    t->arrived = t->ended || there(t, axis, value);
    return 0;
}

int travel_save(struct travel *t, const char *identity, const char *path, struct err *err)
{
    struct snapshot *s = snapshot_take(t->m, t->last, &t->pool);
    int rc = snapshot_save(s, identity, path, err);
    snapshot_free(s);
    return rc;
}

int travel_load(struct travel *t, const char *identity, const char *path, struct err *err)
{
    struct snapshot *s;
    int rc = snapshot_load(t->m, identity, path, &t->pool, &s, err);
    if (rc)
        return rc;
    rc = snapshot_restore(t->m, s, err);
    if (rc || !keep(t, s))
        snapshot_free(s);
    t->ended = false;
    t->spent = 0;
    return rc;
}

void travel_patience(struct travel *t, uint64_t ns)
{
    t->patience = ns;
}

bool travel_arrived(const struct travel *t)
{
    return t->arrived;
}

/* ---- facts ---- */

struct travel *travel_open(struct machine *m, uint64_t memory)
{
    struct travel *t = mem_zero(1, sizeof *t);
    t->m = m;
    t->memory = memory;
    t->chunk = CHUNK_FIRST;
    take(t);
    return t;
}

void travel_close(struct travel *t)
{
    if (!t)
        return;
    while (t->n > 0)
        drop(t, t->n - 1);
    free(t->kept);
    free(t);
}

const struct machine_outcome *travel_ended(const struct travel *t)
{
    return t->ended ? &t->end : NULL;
}

struct machine_place travel_place(const struct travel *t)
{
    return machine_place_of(t->m);
}

bool travel_record(const struct travel *t, uint64_t k, struct hw_trace_record *out)
{
    return trace_record(machine_trace(t->m), k, out);
}

struct travel_stats travel_stats(const struct travel *t)
{
    return (struct travel_stats){t->n, t->pool.bytes, t->taken};
}
