// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * jump.c - property test of time travel: a place is the same from wherever one comes.
 *
 *   travel_jump BOARD CORES SEED STEPS PROGRAM [ARG...]
 *
 * STEPS times to a random event, cycle or instruction, with little memory for snapshots, so that
 * they are thinned out. A place visited twice must have the same trace, registers, RAM; the end
 * must be that of a straight run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "travel.h"

#define PLACES 24
#define MEMORY (4u << 20)

struct visit {
    enum travel_axis axis;
    uint64_t value;
    bool seen;
    struct machine_place place;
    uint64_t hash, ram;
    char core[4096];
};

/* FNV-1a over RAM, a word at a time. */
static uint64_t hash_ram(const struct machine *m)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325), v;
    for (uint64_t pa = 0; machine_peek(m, pa, &v, sizeof v); pa += sizeof v)
        h = (h ^ v) * UINT64_C(0x100000001b3);
    return h;
}

static void look(struct rig *r, struct visit *v)
{
    struct machine_stats now;
    machine_get_stats(r->s.machine, &now);
    v->place = machine_place_of(r->s.machine);
    v->hash = now.trace_hash;
    v->ram = hash_ram(r->s.machine);
    size_t n = machine_describe(r->s.machine, 0, v->core, sizeof v->core - 1);
    v->core[n < sizeof v->core ? n : sizeof v->core - 1] = 0;
}

static void jump(struct rig *r, struct travel *t, struct visit *v)
{
    struct err err;
    struct visit now = *v;
    if (travel_to(t, v->axis, v->value, &err))
        fail("travel", &err);
    look(r, &now);
    now.seen = true;
    bool same = memcmp(&v->place, &now.place, sizeof v->place) == 0 &&
                v->hash == now.hash && v->ram == now.ram &&
                strcmp(v->core, now.core) == 0;
    if (v->seen && !same) {
        printf("# axis %d value %llu\n# records %llu %llu, cycle %llu %llu, latest %llu "
               "%llu, instruction %llu "
               "%llu, hash %d, ram %d\n%s-----\n%s",
               (int)v->axis, (unsigned long long)v->value,
               (unsigned long long)v->place.record, (unsigned long long)now.place.record,
               (unsigned long long)v->place.cycle, (unsigned long long)now.place.cycle,
               (unsigned long long)v->place.latest, (unsigned long long)now.place.latest,
               (unsigned long long)v->place.instruction,
               (unsigned long long)now.place.instruction, v->hash == now.hash,
               v->ram == now.ram, v->core, now.core);
        fail("a place is the same when one comes back to it", NULL);
    }
    *v = now;
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: travel_jump BOARD CORES SEED STEPS PROGRAM [ARG...]\n");
        return 2;
    }
    static struct visit visit[PLACES];
    struct rig r;
    rig_open(&r, argc, argv);
    uint64_t last[] = {r.end.record, r.end.cycle, r.end.instruction};
    for (unsigned i = 0; i < PLACES; i++) {
        visit[i].axis = (enum travel_axis)(i % 3);
        visit[i].value = random_below(last[i % 3]) + 1;
    }
    struct travel *t = travel_open(r.s.machine, MEMORY);
    for (int i = 0; i < atoi(argv[4]); i++)
        jump(&r, t, &visit[random_below(PLACES)]);
    struct err err;
    if (travel_to(t, TRAVEL_RECORD, UINT64_MAX, &err) || !travel_ended(t))
        fail("the run ends", NULL);
    bool ok = rig_same(&r, argv);
    travel_close(t);
    rig_close(&r);
    return ok ? 0 : 1;
}
