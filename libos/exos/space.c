// SPDX-License-Identifier: GPL-2.0-or-later
/* space.c - building another environment: see space.h. */
#include "space.h"

#include <string.h>

#include "upcall.h"
#include "vm.h"

/* Remember the first error. */
static void check(struct space *s, exo_sword r)
{
    if (r < 0 && s->error == 0)
        s->error = (int)r;
}

/* Take a free environment by name; somebody else may be faster. */
static void create(struct space *s)
{
    for (uint32_t env = 1; env < EXO_NENV; env++)
        if (ENVS[env].state == EXO_ENV_STATE_FREE && exo_env_create(env, 0) == 0) {
            s->env = env;
            check(s, exo_cap_grant(env, 0, 0, 0));
            return;
        }
    s->error = -EXO_EFULL;
}

static uint32_t new_frame(struct space *s)
{
    if (s->error != 0)
        return 0;
    uint32_t f = s->nframes < SPACE_FRAMES ? frame_take() : 0;
    if (f == 0) {
        s->error = -EXO_EFULL;
        return 0;
    }
    s->frames[s->nframes++] = f;
    check(s, exo_frame_hold(f, s->env, 0));
    return f;
}

void *space_frame(struct space *s, unsigned place, bool zero, uint32_t *frame)
{
    uint32_t f = new_frame(s);
    if (f == 0)
        return NULL;
    void *p = scratch_map(place, f);
    if (p == NULL)
        check(s, -EXO_EFULL);
    else if (zero)
        page_zero((uint32_t)(uintptr_t)p, f);
    *frame = f;
    return s->error == 0 ? p : NULL;
}

void space_share(struct space *s, uint32_t frame)
{
    if (s->error != 0 || frame == 0)
        return;
    exo_sword r = exo_frame_hold(frame, s->env, 0);
    check(s, r == -EXO_EBUSY ? 0 : r); /* it has it at another place already */
}

void space_begin(struct space *s)
{
    s->env = 0;
    s->error = 0;
    s->nmaps = s->nframes = 0;
    create(s);
    uint32_t upage, upstack;
    s->upage = space_frame(s, SPACE_UPAGE, false, &upage);
    if (s->upage == NULL)
        return;
    memset(s->upage, 0, sizeof *s->upage);
    s->self = (struct exos_self *)(void *)s->upage->library;
    memcpy(s->self, SELF, sizeof *s->self);
    upstack = new_frame(s);
    space_share(s, SELF->args_frame);
    struct exos_self *self = s->self;
    self->env = s->env;
    self->upage_frame = upage;
    self->upstack_frame = upstack;
    self->slice_ctx = self->pct_sp = 0;
    self->repo_seen = self->old_env = self->handover = 0;
    memset(self->scratch_frame, 0, sizeof self->scratch_frame);
    memset(self->leaf_frame, 0, sizeof self->leaf_frame);
    memset(self->dir, 0, sizeof self->dir);
    space_map(s, L_UPAGE | EXO_R | EXO_W, upage);
    space_map(s, L_UPSTACK | EXO_R | EXO_W, upstack);
    for (uint32_t i = 0; i < self->session_pages; i++) {
        space_share(s, self->session_frame[i]);
        space_map(s, (L_SESSION + (i << PAGE_SHIFT)) | EXO_R | EXO_W,
                  self->session_frame[i]);
    }
}

uint32_t *space_leaf(struct space *s, uint32_t d)
{
    uint32_t frame, i = 0;
    uint32_t *leaf = space_frame(s, SPACE_LEAF, true, &frame);
    if (leaf == NULL)
        return NULL;
    while (s->self->leaf_frame[i] != 0)
        i++; /* no more than our own, there is room */
    s->self->leaf_frame[i] = frame;
    s->self->leaf_low[i] = (uint16_t)(SELF->leaf_mask + 1);
    s->self->leaf_high[i] = 0;
    s->self->dir[d] = (uint8_t)(i + 1);
    space_map(s, (L_LEAVES + (i << PAGE_SHIFT)) | EXO_R | EXO_W, frame);
    return leaf;
}

void space_map(struct space *s, uint32_t va_rights, uint32_t frame)
{
    if (s->nmaps == SPACE_MAPS)
        return;
    struct exo_map *m = &s->maps[s->nmaps++];
    m->va = va_rights;
    m->frame = frame;
    m->cap = 0;
}

/* One page of the exported tables in every EXPORT_STEP. Where tables are needed to bind a page,
 * they must exist for these: the free list is read to make one. */
#define EXPORT_STEP 256

static void map_export(struct space *s, const struct region *r)
{
    uint32_t step = (uint32_t)EXPORT_STEP << PAGE_SHIFT;
    for (uint32_t va = r->start; va < r->end; va += step)
        space_map(s, va | r->rights, r->frame + ((va - r->start) >> PAGE_SHIFT));
}

void space_map_text(struct space *s)
{
    for (uint32_t i = 0; i < s->self->nregions; i++) {
        const struct region *r = &s->self->region[i];
        if (r->start == L_EXPORT)
            map_export(s, r);
        if (!(r->rights & EXO_X))
            continue;
        for (uint32_t va = r->start, frame = r->frame; va < r->end; va += PAGE_SIZE)
            space_map(s, va | r->rights, frame++);
    }
}

static void give_frames(struct space *s)
{
    for (unsigned place = SPACE_UPAGE; place <= SPACE_PAGE; place++)
        scratch_unmap(place);
    for (uint32_t i = 0; i < s->nframes; i++)
        exo_frame_free(s->frames[i]);
    s->nframes = 0;
}

void space_finish(struct space *s, exo_word pc, exo_word sp, exo_word arg)
{
    if (s->error != 0)
        return;
    uint32_t upage = s->self->upage_frame, upstack = s->self->upstack_frame;
    give_frames(s);
    check(s, exos_mmu->space(s->env, s->maps, s->nmaps));
    if (s->error == 0)
        check(s, exos_mmu->batch(s->env, s->maps, s->nmaps));
    if (s->error == 0)
        check(s, exos_mmu->window(s->env, upage, upstack));
    check(s, exo_env_set(s->env, 0, EXO_ENV_UPAGE, upage));
    check(s, upcall_register(s->env));
    check(s, exo_env_set(s->env, 0, EXO_ENV_PC, pc));
    if (sp != 0)
        check(s, exo_env_set(s->env, 0, EXO_ENV_SP, sp));
    check(s, exo_env_set(s->env, 0, EXO_ENV_ARG, arg));
}

void space_slice(uint32_t env)
{
    uint32_t cores = KINFO->cores, core = env % cores;
    for (uint32_t k = 0; k < cores; k++, core = (core + 1) % cores)
        for (uint32_t slot = 0; slot < EXO_NSLICE; slot++)
            if (SLICES[core * EXO_NSLICE + slot] == 0 &&
                exo_slice_alloc(core, slot, env, 0) == 0)
                return;
}

void space_abandon(struct space *s)
{
    give_frames(s);
    if (s->env == 0)
        return;
    exo_env_destroy(s->env, 0, 0);
    exo_env_free(s->env, 0);
}
