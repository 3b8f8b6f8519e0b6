// SPDX-License-Identifier: GPL-2.0-or-later
/* space.c - building another environment: see space.h. */
#include "space.h"

#include <string.h>

#include "area.h"
#include "session.h"
#include "upcall.h"
#include "vm.h"

/* Scratch places: frames in the order they are wanted; if there are more, one after the other at
 * the last two, which are for leaves and for pages. */
#define PLACE_FIRST 1u
#define PLACE_LEAF (places() - 2)
#define PLACE_PAGE (places() - 1)

static uint32_t places(void)
{
    uint32_t n = (L_LEAVES - L_SCRATCH) >> PAGE_SHIFT;
    return n < L_SCRATCHES ? n : L_SCRATCHES;
}

/* Remember the first error. */
static void check(struct space *s, exo_sword r)
{
    if (r < 0 && s->error == 0)
        s->error = (int)r;
}

/* The work page is made when it is first needed. */
static struct space *work(void)
{
    if (SELF->work_frame == 0) {
        uint32_t frame = frame_take();
        if (frame == 0)
            return NULL;
        if (mmu_bind(L_WORK | EXO_R | EXO_W, frame) < 0) {
            frame_give_back(frame);
            return NULL;
        }
        SELF->work_frame = frame;
    }
    return (struct space *)(uintptr_t)L_WORK;
}

/* Take a free environment by name; somebody else may be faster. */
static void create(struct space *s)
{
    for (uint32_t env = 1; env < EXO_NENV; env++)
        if (ENVS[env].state == EXO_ENV_STATE_FREE && exo_env_create(env, 0) == 0) {
            ME->making = s->env = env; /* found there if we die now */
            BATCH(&s->batch, cap_grant, env, 0, 0, 0);
            return;
        }
    s->error = -EXO_EFULL;
}

/* Take n frames and map all but the second (the upcall stack) at scratch places. */
static void take_frames(struct space *s, uint32_t n)
{
    struct exo_map maps[L_SCRATCHES];
    uint32_t nmaps = 0, last = PLACE_LEAF - PLACE_FIRST;
    s->nframes = frame_take_many(s->frames, n < SPACE_FRAMES ? n : SPACE_FRAMES);
    for (uint32_t i = 0; i < s->nframes && nmaps < last; i++) {
        if (i == 1)
            continue;
        uint32_t place = PLACE_FIRST + nmaps;
        SELF->scratch_frame[place] = s->frames[i];
        maps[nmaps].va = (L_SCRATCH + (place << PAGE_SHIFT)) | EXO_R | EXO_W;
        maps[nmaps].frame = s->frames[i];
        maps[nmaps++].cap = 0;
        s->mapped = i + 1;
    }
    if (s->nframes < 2 || mmu_batch(0, maps, nmaps) < 0)
        s->error = -EXO_EFULL;
}

/* The next frame of its own; *at: where it lies already, or NULL. */
static uint32_t next_frame(struct space *s, void **at)
{
    critical_breathe();
    if (s->error != 0)
        return 0;
    if (s->nused == s->nframes && s->nframes < SPACE_FRAMES) {
        s->frames[s->nframes] = frame_take();
        s->nframes += s->frames[s->nframes] != 0;
    }
    if (s->nused == s->nframes) {
        s->error = -EXO_EFULL;
        return 0;
    }
    uint32_t i = s->nused++, place = PLACE_FIRST + i - (i > 1);
    *at = i != 1 && i < s->mapped ? (void *)(uintptr_t)(L_SCRATCH + (place << PAGE_SHIFT))
                                  : NULL;
    BATCH(&s->batch, frame_hold, s->frames[i], s->env, 0);
    return s->frames[i];
}

static void *frame_at(struct space *s, uint32_t place, bool zero, uint32_t *frame)
{
    void *at = NULL;
    *frame = next_frame(s, &at);
    if (*frame != 0 && at == NULL) {
        at = scratch_map(place, *frame);
        if (at == NULL)
            s->error = -EXO_EFULL;
    }
    if (at != NULL && zero)
        page_zero((uint32_t)(uintptr_t)at, *frame);
    return at;
}

void *space_frame(struct space *s, bool zero, uint32_t *frame)
{
    return frame_at(s, PLACE_PAGE, zero, frame);
}

void space_share(struct space *s, uint32_t frame)
{
    if (s->error == 0 && frame != 0)
        BATCH(&s->batch, frame_hold, frame, s->env, 0);
}

/* Its self is ours, changed. */
static void make_self(struct space *s, uint32_t upage, uint32_t upstack)
{
    memset(s->upage, 0, sizeof *s->upage);
    s->self = (struct exos_self *)(void *)s->upage->library;
    struct exos_self *self = s->self;
    memcpy(self, SELF, sizeof *self);
    self->env = s->env;
    self->upage_frame = upage;
    self->upstack_frame = upstack;
    self->work_frame = 0;
    self->slice_ctx = self->pct_sp = 0;
    self->repo_seen = self->handover = self->nleaves = 0;
    memset(self->scratch_frame, 0, sizeof self->scratch_frame);
    memset(self->dir, 0, sizeof self->dir);
    self->area_pages[AREA_FS] = 0;
}

struct space *space_begin(uint32_t frames)
{
    struct space *s = work();
    if (s == NULL)
        return NULL;
    s->batch.n = 0;
    s->batch.error = s->error = 0;
    s->whole = false;
    s->env = s->nmaps = s->nframes = s->nused = s->mapped = 0;
    s->kept = SELF->nleaves + 2 < SPACE_MAPS / 2 ? SELF->nleaves + 2 : SPACE_MAPS / 2;
    create(s);
    if (s->error == 0)
        take_frames(s, frames + 2);
    uint32_t upage, upstack;
    void *nowhere;
    s->upage = frame_at(s, PLACE_FIRST, false, &upage);
    upstack = next_frame(s, &nowhere);
    if (s->error != 0)
        return s;
    make_self(s, upage, upstack);
    space_share(s, SELF->args_frame);
    space_map(s, L_UPAGE | EXO_R | EXO_W, upage);
    space_map(s, L_UPSTACK | EXO_R | EXO_W, upstack);
    for (uint32_t i = 0; i < SELF->session_pages; i++) {
        space_share(s, SELF->session_frame[i]);
        space_map(s, (L_SESSION + (i << PAGE_SHIFT)) | EXO_R | EXO_W,
                  SELF->session_frame[i]);
    }
    return s;
}

static void put_map(struct space *s, uint32_t va_rights, uint32_t frame)
{
    struct exo_map *m = &s->maps[s->nmaps++];
    m->va = va_rights;
    m->frame = frame;
    m->cap = 0;
}

/* What a fault needs of the page map: without it the environment could not even begin. */
static void map_leaf(struct space *s, uint32_t i, uint32_t frame)
{
    s->kept -= s->kept > 0;
    if (s->nmaps < SPACE_MAPS)
        put_map(s, (L_LEAVES + (i << PAGE_SHIFT)) | EXO_R | EXO_W, frame);
    else
        s->error = -EXO_EFULL;
}

uint32_t *space_leaf(struct space *s, uint32_t d)
{
    uint32_t frame;
    uint32_t *leaf = frame_at(s, PLACE_LEAF, true, &frame);
    if (leaf == NULL)
        return NULL;
    uint32_t i = s->self->nleaves++; /* no more than our own, there is room */
    s->self->leaf_frame[i] = frame;
    pm_leaf_init(s->self, i, d);
    map_leaf(s, i, frame);
    return leaf;
}

void space_map(struct space *s, uint32_t va_rights, uint32_t frame)
{
    if (s->nmaps + s->kept < SPACE_MAPS)
        put_map(s, va_rights, frame);
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
    const struct region *regions = s->self->region, *end = regions + s->self->nregions;
    for (const struct region *r = regions; r < end; r++)
        if (r->start == L_EXPORT)
            map_export(s, r);
    for (const struct region *r = regions; r < end; r++)
        for (uint32_t i = 0, n = (r->end - r->start) >> PAGE_SHIFT;
             i < n && r->rights & EXO_X; i++)
            space_map(s, (r->start + (i << PAGE_SHIFT)) | r->rights, r->frame + i);
}

/* What lies at scratch places goes away, and our hold on its frames. */
static void give_frames(struct space *s)
{
    uint32_t end = places();
    while (end > PLACE_FIRST && SELF->scratch_frame[end - 1] == 0)
        end--;
    if (end > PLACE_FIRST)
        mmu_unbind(L_SCRATCH + (PLACE_FIRST << PAGE_SHIFT), end - PLACE_FIRST);
    for (uint32_t place = PLACE_FIRST; place < end; place++)
        SELF->scratch_frame[place] = 0;
    for (uint32_t i = 0; i < s->nframes; i++)
        BATCH(&s->batch, frame_free, s->frames[i]);
    s->nframes = 0;
}

void space_finish(struct space *s, exo_word pc, exo_word sp, exo_word arg)
{
    if (s->error != 0)
        return;
    uint32_t upage = s->self->upage_frame, upstack = s->self->upstack_frame;
    give_frames(s);
    critical_breathe();
    check(s, mmu_space(&s->batch, s->env, s->maps, s->nmaps));
    check(s, batch_flush(&s->batch));
    critical_breathe();
    if (s->error == 0)
        check(s, mmu_batch(s->env, s->maps, s->nmaps));
    check(s, mmu_window(&s->batch, s->env, upage, upstack));
    BATCH(&s->batch, env_set, s->env, 0, EXO_ENV_UPAGE, upage);
    upcall_register(&s->batch, s->env);
    BATCH(&s->batch, env_set, s->env, 0, EXO_ENV_PC, pc);
    if (sp != 0)
        BATCH(&s->batch, env_set, s->env, 0, EXO_ENV_SP, sp);
    BATCH(&s->batch, env_set, s->env, 0, EXO_ENV_ARG, arg);
}

/* Core and position of a slice nobody owns. */
static bool free_slice(uint32_t env, uint32_t *core, uint32_t *slot)
{
    uint32_t cores = KINFO->cores;
    for (uint32_t k = 0; k < cores; k++) {
        *core = (env + k) % cores;
        for (*slot = 0; *slot < EXO_NSLICE; ++*slot)
            if (SLICES[*core * EXO_NSLICE + *slot] == 0)
                return true;
    }
    return false;
}

bool space_slice(uint32_t env)
{
    uint32_t core, slot;
    exo_sword r = -EXO_EBUSY;
    while (r == -EXO_EBUSY && free_slice(env, &core, &slot))
        r = exo_slice_alloc(core, slot, env, 0);
    return r == 0;
}

int space_start(struct space *s, bool slice)
{
    uint32_t core, slot;
    if (s->error != 0)
        return s->error;
    BATCH(&s->batch, env_run, s->env, 0);
    if (slice && free_slice(s->env, &core, &slot))
        BATCH(&s->batch, slice_alloc, core, slot, s->env, 0);
    check(s, batch_flush(&s->batch));
    if (s->error == -EXO_EBUSY) { /* somebody took the slice since we looked */
        s->error = 0;
        space_slice(s->env);
    }
    return s->error;
}

void space_abandon(struct space *s)
{
    s->batch.n = 0;
    s->batch.error = 0;
    give_frames(s);
    batch_flush(&s->batch);
    ME->making = 0;
    if (s->env == 0)
        return;
    exo_env_destroy(s->env, 0, 0);
    exo_env_free(s->env, 0);
}
