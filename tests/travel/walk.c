// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * walk.c - property test of stops and snapshots: a random walk ends where a straight run ends.
 *
 *   travel_walk BOARD CORES SEED STEPS PROGRAM [ARG...]
 *
 * The program runs once straight on. Then, on a new machine, STEPS times: go on to a random cycle,
 * record or instruction, take a snapshot, or go back (or forth) to one taken before. At every
 * snapshot gone back to, the trace must be what it was; at the end trace, statistics and
 * output must be those of the straight run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rig.h"
#include "snapshot.h"

#define KEPT 8

static struct snapshot_pool pool;

struct kept {
    struct snapshot *s;
    uint64_t hash;
};

static void go_back(struct rig *r, struct kept *k)
{
    struct err err;
    if (snapshot_restore(r->s.machine, k->s, &err))
        fail("restore", &err);
    struct machine_stats now;
    machine_get_stats(r->s.machine, &now);
    struct machine_place p = machine_place_of(r->s.machine);
    if (now.trace_hash != k->hash || memcmp(&p, snapshot_place(k->s), sizeof p) != 0)
        fail("a snapshot comes back as it was taken", NULL);
}

/* The same snapshot, as another process would get it. */
static struct snapshot *through_file(struct rig *r, struct snapshot *s)
{
    static char path[64];
    struct snapshot *back;
    struct err err;
    snprintf(path, sizeof path, "/tmp/exosim-walk-%ld.snap", (long)getpid());
    if (snapshot_save(s, "walk", path, &err) ||
        snapshot_load(r->s.machine, "walk", path, &pool, &back, &err))
        fail("file", &err);
    unlink(path);
    snapshot_free(s);
    return back;
}

static void keep(struct rig *r, struct kept *k, const struct snapshot *since)
{
    struct machine_stats now;
    struct snapshot *s = snapshot_take(r->s.machine, since, &pool);
    if (random_below(4) == 0)
        s = through_file(r, s);
    snapshot_free(k->s);
    machine_get_stats(r->s.machine, &now);
    *k = (struct kept){s, now.trace_hash};
}

/* A place ahead, in one of the three measures. */
static struct machine_until ahead(const struct machine *m,
                                  const struct machine_place *end)
{
    struct machine_until u = MACHINE_UNTIL_END;
    struct machine_place at = machine_place_of(m);
    uint64_t kind = random_below(3);
    uint64_t *to = kind == 0 ? &u.cycle : kind == 1 ? &u.record : &u.instruction;
    uint64_t from = kind == 0 ? at.cycle : kind == 1 ? at.record : at.instruction;
    uint64_t last = kind == 0 ? end->cycle : kind == 1 ? end->record : end->instruction;
    uint64_t far = last > from ? last - from : 1;
    *to = from + 1 + random_below(random_below(2) ? far / 4 + 1 : 50);
    u.exact = kind == 2 && random_below(2);
    return u;
}

static void walk(struct rig *r, unsigned steps, struct machine_outcome *out)
{
    struct kept kept[KEPT] = {{0}};
    unsigned last = 0;
    keep(r, &kept[0], NULL);
    bool alive = true;
    for (unsigned i = 0; i < steps; i++) {
        unsigned k = (unsigned)random_below(KEPT);
        if (!alive || random_below(3) == 0) {
            while (!kept[k].s)
                k = (k + 1) % KEPT;
            go_back(r, &kept[k]);
            last = k;
        } else if (random_below(3) == 0) {
            keep(r, &kept[k], kept[last].s);
            last = k;
        }
        struct machine_until u = ahead(r->s.machine, &r->end);
        alive = machine_advance(r->s.machine, &u, out);
        struct machine_place p = machine_place_of(r->s.machine);
        if (alive && p.cycle < u.cycle && p.record < u.record &&
            p.instruction < u.instruction)
            fail("it stops where it was asked to, not before", NULL);
    }
    if (alive)
        machine_run(r->s.machine, out);
    for (unsigned k = 0; k < KEPT; k++)
        snapshot_free(kept[k].s);
    if (pool.bytes != 0)
        fail("snapshots give back what they took", NULL);
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: travel_walk BOARD CORES SEED STEPS PROGRAM [ARG...]\n");
        return 2;
    }
    struct rig r;
    struct machine_outcome out;
    rig_open(&r, argc, argv);
    walk(&r, (unsigned)atoi(argv[4]), &out);
    bool ok = rig_same(&r, argv);
    rig_close(&r);
    return ok ? 0 : 1;
}
