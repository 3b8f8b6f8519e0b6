// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * profile.c - see profile.h. What the cores tell is kept as straight runs (address, length) and how
 * often; runs are cut into instructions only when the sums are asked for, each distinct one once.
 */
#include "profile.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>

struct run_key {
    uint64_t pc;
    uint32_t n, kernel;
};

struct run {
    struct run_key key;
    int64_t times;
    UT_hash_handle hh;
};

struct profile {
    const struct codemap *image[2]; /* program, kernel */
    uint64_t *count[2];             /* by place */
    struct run *runs;
};

struct profile *profile_new(const struct codemap *kernel, const struct codemap *program)
{
    struct profile *p = mem_zero(1, sizeof *p);
    p->image[0] = program;
    p->image[1] = kernel;
    for (unsigned i = 0; i < 2; i++)
        p->count[i] = mem_zero(codemap_places(p->image[i]) + 1, sizeof *p->count[i]);
    return p;
}

void profile_clear(struct profile *p)
{
    struct run *r, *next;
    HASH_ITER(hh, p->runs, r, next)
    {
        HASH_DEL(p->runs, r);
        free(r);
    }
}

void profile_free(struct profile *p)
{
    if (!p)
        return;
    profile_clear(p);
    free(p->count[0]);
    free(p->count[1]);
    free(p);
}

void profile_retired(void *arg, unsigned core, uint32_t context, bool in_kernel,
                     uint64_t pc, int64_t n)
{
    (void)core;
    (void)context;
    struct profile *p = arg;
    struct run_key key = {pc, (uint32_t)(n < 0 ? -n : n), in_kernel};
    struct run *r;
    if (n == 0)
        return;
    HASH_FIND(hh, p->runs, &key, sizeof key, r);
    if (!r) {
        r = mem_zero(1, sizeof *r);
        r->key = key;
        HASH_ADD(hh, p->runs, key, sizeof r->key, r);
    }
    r->times += n < 0 ? -1 : 1;
}

enum profile_part profile_part_of(uint64_t pc)
{
    return pc >= HW_LIB_WINDOW_LO && pc < HW_LIB_WINDOW_HI ? PROFILE_LIBRARY
                                                           : PROFILE_APPLICATION;
}

/* A run's instructions, one by one. Counts wrap like the cores' do when a run is taken back. */
static void settle_run(struct profile *p, const struct run *r,
                       bool (*copies)(const struct codemap_function *f),
                       struct profile_sums *out)
{
    const struct codemap *image = p->image[r->key.kernel];
    uint64_t pc = r->key.pc, times = (uint64_t)r->times;
    uint32_t at = CODEMAP_NONE;
    for (uint32_t i = 0; i < r->key.n; i++) {
        enum profile_part part = r->key.kernel ? PROFILE_KERNEL : profile_part_of(pc);
        const struct codemap_place *place =
            at == CODEMAP_NONE ? NULL : codemap_place(image, at);
        if (!place || pc >= place->end || pc < place->start)
            at = codemap_find(image, pc);
        unsigned length = codemap_length(image, pc);
        out->part[part] += times;
        if (at == CODEMAP_NONE || length == 0) {
            /* the rest cannot be told apart any more */
            out->part[part] += times * (r->key.n - i - 1);
            out->unknown[part] += times * (r->key.n - i);
            return;
        }
        p->count[r->key.kernel][at] += times;
        if (copies && copies(codemap_function(image, codemap_place(image, at)->function)))
            out->stored += times * codemap_stored(image, pc);
        pc += length;
    }
}

void profile_settle(struct profile *p, bool (*copies)(const struct codemap_function *f),
                    struct profile_sums *out)
{
    *out = (struct profile_sums){0};
    for (unsigned i = 0; i < 2; i++)
        memset(p->count[i], 0, codemap_places(p->image[i]) * sizeof *p->count[i]);
    for (const struct run *r = p->runs; r; r = r->hh.next)
        if (r->times)
            settle_run(p, r, copies, out);
}

uint64_t profile_kernel(const struct profile *p, uint32_t i)
{
    return p->count[1][i];
}

uint64_t profile_program(const struct profile *p, uint32_t i)
{
    return p->count[0][i];
}
