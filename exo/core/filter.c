// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filter.c - packet filters as applications see them: bound to rings by number, guarded by the
 * ring's capability, kept from taking each other's packets. filter_table.h finds them.
 *
 * Packets belong to one ring. A new filter that some packet could satisfy together with a bound one is
 * refused, unless the binder could have taken the bound one's ring away anyway (its capability satisfies that
 * ring's guard for W), or both are SHARED. "Could" is what cannot be disproved.
 */
#include "ring.h"

/* Scratch of filter_bind, too big for a kernel stack; used under the big lock. */
static struct scratch {
    struct exo_bpf program[EXO_BPF_MAX];
    struct filter_form form;
} * scratch;
static struct filter_work *work;

void filter_init(void *(*boot_alloc)(size_t bytes))
{
    scratch = boot_alloc(sizeof *scratch);
    work = boot_alloc(filter_work_bytes);
    filter_table_init(boot_alloc, (uint32_t)machine.table->seed);
}

static uint32_t ring_of(uint32_t filter)
{
    return machine.filter[filter].ring - 1u;
}

bool filter_held(uint32_t env, uint32_t filter)
{
    return filter_table_bound(filter) && ring_held(env, ring_of(filter));
}

static void filter_remove(uint32_t filter)
{
    for (uint32_t i = 1; i < EXO_NENV; i++)
        revoke_done(i, EXO_RES_FILTER, filter);
    nic_filter_end(filter);
    filter_table_remove(filter);
    machine.ring[ring_of(filter)].filters--;
    machine.filter[filter] = (struct exo_filter){0};
    trace(EXO_TRACE_FILTER, 0, filter);
}

void filter_take(struct ctx *c, uint32_t filter)
{
    (void)c;
    filter_remove(filter);
}

void filter_free_all(uint32_t ring)
{
    for (uint32_t i = 0; i < EXO_NFILTER && machine.ring[ring].filters != 0; i++)
        if (machine.filter[i].ring == ring + 1)
            filter_remove(i);
}

void filter_holder_left(uint32_t ring, uint32_t env)
{
    if (envs[env].nrevoke == 0)
        return;
    for (uint32_t i = 0; i < EXO_NFILTER; i++)
        if (machine.filter[i].ring == ring + 1)
            revoke_done(env, EXO_RES_FILTER, i);
}

/* -- calls -- */

struct binder {
    const struct exo_name *cap;
    bool shared;
};

/* Must the new filter keep away from this one? */
static bool protected_from(uint32_t filter, const void *with)
{
    const struct binder *b = with;
    if (b->shared && (machine.filter[filter].flags & EXO_FILTER_SHARED) != 0)
        return false;
    return !name_satisfies(b->cap, &machine.ring[ring_of(filter)].guard, EXO_CAP_W);
}

static uint32_t free_row(void)
{
    static uint32_t hint;
    for (uint32_t i = 0; i < EXO_NFILTER; i++)
        if (machine.filter[(hint + i) % EXO_NFILTER].ring == 0)
            return hint = (hint + i) % EXO_NFILTER;
    return EXO_NFILTER;
}

static void bind(uint32_t filter, uint32_t ring, uint32_t n, uint32_t flags)
{
    struct exo_filter *row = &machine.filter[filter];
    filter_table_add(filter, ring, flags != 0, &scratch->form, scratch->program, n);
    *row = (struct exo_filter){.ring = (uint16_t)(ring + 1), .flags = (uint8_t)flags};
    row->where = filter_table_merged(filter) ? EXO_FILTER_MERGED : EXO_FILTER_ALONE;
    machine.ring[ring].filters++;
    nic_filter_bound(filter, &scratch->form);
    trace(EXO_TRACE_FILTER, ring + 1, filter);
}

SYS(filter_bind)
{
    struct binder binder = {.shared = a4 == EXO_FILTER_SHARED};
    int refused = ring_authority(c->id, a0, a1);
    if (refused != 0)
        return refused;
    if (a4 & ~(exo_word)EXO_FILTER_SHARED)
        return -EXO_EINVAL;
    if (a3 == 0 || a3 > EXO_BPF_MAX)
        return -EXO_ERANGE;
    uint32_t n = (uint32_t)a3;
    exo_sword error =
        copy_from_user(c, scratch->program, a2, n * sizeof scratch->program[0]);
    if (error != 0)
        return error;
    refused = bpf_check(scratch->program, n);
    if (refused != 0)
        return refused;
    uint32_t filter = free_row();
    if (filter == EXO_NFILTER)
        return -EXO_EFULL;
    filter_paths(scratch->program, &scratch->form, work);
    refused = filter_table_room(&scratch->form);
    if (refused != 0)
        return refused;
    cap_get(c->id, a1, &binder.cap);
    if (filter_table_overlaps(&scratch->form, protected_from, &binder))
        return -EXO_EOVERLAP;

    bind(filter, (uint32_t)a0, n, (uint32_t)a4);
    return (exo_sword)filter;
}

SYS(filter_free)
{
    if (a0 >= EXO_NFILTER || !filter_table_bound((uint32_t)a0))
        return -EXO_ENAME;
    int refused = ring_authority(c->id, ring_of((uint32_t)a0), a1);
    if (refused != 0)
        return refused;

    filter_remove((uint32_t)a0);
    return 0;
}

SYS(filter_revoke)
{
    if (a0 >= EXO_NFILTER || !filter_table_bound((uint32_t)a0))
        return -EXO_ENAME;
    uint32_t filter = (uint32_t)a0;
    return revoke_ask(c, EXO_RES_FILTER, filter, &machine.ring[ring_of(filter)].guard, a1,
                      a2, a3);
}

/* -- invariants -- */

bool inv_filters(const char **what)
{
    uint32_t count[EXO_NRING] = {0};
    for (uint32_t i = 0; i < EXO_NFILTER; i++) {
        const struct exo_filter *f = &machine.filter[i];
        *what = "invariant: the exported filters are those bound, to rings that exist";
        if ((f->ring != 0) != filter_table_bound(i) || f->ring > EXO_NRING ||
            (f->ring != 0 && machine.ring[f->ring - 1].slots == 0))
            return false;
        if (f->ring != 0)
            count[f->ring - 1]++;
    }
    for (uint32_t i = 0; i < EXO_NRING; i++) {
        *what = "invariant: a ring counts its filters";
        if (machine.ring[i].filters != count[i])
            return false;
    }
    return inv_filter_table(what);
}
