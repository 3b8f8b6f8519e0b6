// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ring.c - packet rings: made of frames their holders lend, filled by the kernel. See ring.h.
 *
 *   free row --ring_alloc--> held --last ring_free, death, abort, or a frame is lost--> stopped: free
 *
 * Stopping a ring first takes its hardware queue and its filters away, then unpins its frames.
 */
#include "ring.h"

struct ring {
    uint32_t produced, dropped, sent; /* the truth; copied to the head */
    uint32_t nframes;
    struct exo_ring_head *head;
    uint32_t frame[EXO_RING_FRAMES];
    /* With a hardware queue: entries below `reclaimed` are consumed and their buffers are free. */
    uint32_t reclaimed, nfree;
    uint8_t buffer[EXO_RING_SLOTS]; /* of entry i mod slots */
    uint8_t free[EXO_RING_SLOTS];   /* [0, nfree) */
};
static struct ring *rings; /* [EXO_NRING] */

void ring_init(void *(*boot_alloc)(size_t bytes))
{
    rings = boot_alloc(EXO_NRING * sizeof *rings);
    for (uint32_t i = 0; i < EXO_NRING; i++)
        cap_clear(&machine.ring[i].guard);
}

/* A row in use, or NULL. */
static struct exo_ring *ring_named(exo_word ring)
{
    if (ring >= EXO_NRING || machine.ring[ring].slots == 0)
        return NULL;
    return &machine.ring[ring];
}

bool ring_held(uint32_t env, uint32_t ring)
{
    return ring < EXO_NRING && holders_has(machine.ring[ring].holders, env);
}

bool ring_any(void)
{
    for (uint32_t i = 0; i < EXO_NRING; i++)
        if (machine.ring[i].slots != 0)
            return true;
    return false;
}

int ring_authority(uint32_t env, exo_word ring, exo_word cap)
{
    const struct exo_ring *row = ring_named(ring);
    const struct exo_name *name;
    if (row == NULL)
        return -EXO_ENAME;
    if (cap_get(env, cap, &name) != 0)
        return -EXO_ECAP;
    return name_satisfies(name, &row->guard, EXO_CAP_W) ? 0 : -EXO_EPERM;
}

int ring_check(uint32_t env, exo_word ring, exo_word cap)
{
    int error = ring_authority(env, ring, cap);
    if (error == 0 && !ring_held(env, (uint32_t)ring))
        error = -EXO_ENOTHELD;
    return error;
}

/* -- end -- */

static void ring_end(uint32_t ring)
{
    struct exo_ring *row = &machine.ring[ring];
    struct ring *r = &rings[ring];
    for (uint32_t i = 1; i < EXO_NENV; i++)
        if (holders_has(row->holders, i)) {
            revoke_done(i, EXO_RES_RING, ring);
            filter_holder_left(ring, i);
            holders_remove(row->holders, i);
        }
    filter_free_all(ring);
    nic_ring_end(ring);
    for (uint32_t i = 0; i < r->nframes; i++)
        frame_unpin(r->frame[i]);
    r->nframes = 0;
    row->slots = row->queue = row->filters = 0;
    cap_clear(&row->guard);
    trace(EXO_TRACE_RING, 0, ring);
}

static bool frame_has_holder(const struct exo_ring *row, uint32_t frame)
{
    for (uint32_t i = 1; i < EXO_NENV; i++)
        if (holders_has(row->holders, i) && frame_held(i, frame))
            return true;
    return false;
}

static bool frames_have_holders(uint32_t ring)
{
    for (uint32_t i = 0; i < rings[ring].nframes; i++)
        if (!frame_has_holder(&machine.ring[ring], rings[ring].frame[i]))
            return false;
    return true;
}

static void leave(uint32_t env, uint32_t ring)
{
    struct exo_ring *row = &machine.ring[ring];
    revoke_done(env, EXO_RES_RING, ring);
    filter_holder_left(ring, env);
    holders_remove(row->holders, env);
    if (holders_none(row->holders) || !frames_have_holders(ring))
        ring_end(ring);
}

void ring_take(struct ctx *c, uint32_t ring)
{
    leave(c->id, ring);
}

void ring_env_died(struct ctx *c)
{
    for (uint32_t i = 0; i < EXO_NRING; i++)
        if (ring_held(c->id, i))
            leave(c->id, i);
}

static bool has_frame(uint32_t ring, uint32_t frame)
{
    for (uint32_t i = 0; i < rings[ring].nframes; i++)
        if (rings[ring].frame[i] == frame)
            return true;
    return false;
}

void ring_frame_lost(uint32_t env, uint32_t frame)
{
    for (uint32_t i = 0; i < EXO_NRING; i++)
        if (ring_held(env, i) && has_frame(i, frame) &&
            !frame_has_holder(&machine.ring[i], frame))
            ring_end(i);
}

/* -- packets -- */

static void *buffer_bytes(const struct ring *r, uint32_t buffer)
{
    uint32_t at = buffer * EXO_RING_SLOT;
    return (uint8_t *)frame_bytes(r->frame[1 + (at >> machine.page_shift)]) +
           (at & (machine.page_size - 1));
}

/* What the application consumed since the last look is free; nonsense is nothing. */
static void reclaim(struct ring *r, uint32_t slots)
{
    uint32_t consumed = *(volatile uint32_t *)&r->head->consumed;
    if (consumed - r->reclaimed > r->produced - r->reclaimed)
        return;
    while (r->reclaimed != consumed)
        r->free[r->nfree++] = r->buffer[r->reclaimed++ & (slots - 1)];
}

static void drop(struct ring *r)
{
    r->head->dropped = ++r->dropped;
}

uint8_t *ring_slot(uint32_t ring)
{
    const struct exo_ring *row = &machine.ring[ring];
    struct ring *r = &rings[ring];
    if (row->queue != 0) {
        reclaim(r, row->slots);
        if (r->nfree != 0)
            return buffer_bytes(r, r->free[r->nfree - 1]);
    } else if (r->produced - *(volatile uint32_t *)&r->head->consumed < row->slots) {
        return buffer_bytes(r, r->produced & (row->slots - 1));
    }
    drop(r);
    return NULL;
}

static void produce(struct ring *r, uint32_t slots, uint32_t buffer, uint32_t filter,
                    uint32_t length)
{
    uint32_t i = r->produced & (slots - 1);
    r->buffer[i] = (uint8_t)buffer;
    r->head->slot[i] = (struct exo_ring_slot){.length = (uint16_t)length,
                                              .filter = (uint16_t)filter,
                                              .buffer = (uint16_t)buffer};
    arch_store_release(&r->head->produced, ++r->produced);
}

void ring_put(uint32_t ring, uint32_t filter, uint32_t length)
{
    const struct exo_ring *row = &machine.ring[ring];
    struct ring *r = &rings[ring];
    uint32_t buffer = r->produced & (row->slots - 1);
    if (row->queue != 0)
        buffer = r->free[--r->nfree];
    produce(r, row->slots, buffer, filter, length);
    trace(EXO_TRACE_PACKET, ring, filter << 16 | length);
}

void ring_sent(uint32_t ring, uint32_t n)
{
    struct ring *r = &rings[ring];
    r->sent += n;
    arch_store_release(&r->head->sent, r->sent);
}

/* -- with a hardware queue -- */

void ring_queue_begin(uint32_t ring, uint32_t queue)
{
    struct exo_ring *row = &machine.ring[ring];
    struct ring *r = &rings[ring];
    uint32_t waiting = r->produced - *(volatile uint32_t *)&r->head->consumed;
    if (waiting > row->slots)
        waiting = row->slots;
    row->queue = queue + 1;
    r->reclaimed = r->produced - waiting;
    r->nfree = 0;
    for (uint32_t i = waiting; i < row->slots; i++)
        r->free[r->nfree++] = (uint8_t)((r->reclaimed + i) & (row->slots - 1));
}

uint32_t ring_lend(uint32_t ring)
{
    const struct exo_ring *row = &machine.ring[ring];
    struct ring *r = &rings[ring];
    reclaim(r, row->slots);
    if (r->nfree <= row->slots / 4) /* the rest is for software */
        return RING_NO_BUFFER;
    return r->free[--r->nfree];
}

uint64_t ring_buffer_pa(uint32_t ring, uint32_t buffer)
{
    return arch_pa(buffer_bytes(&rings[ring], buffer));
}

void ring_put_lent(uint32_t ring, uint32_t buffer, uint32_t length)
{
    produce(&rings[ring], machine.ring[ring].slots, buffer, EXO_NFILTER, length);
    trace(EXO_TRACE_PACKET, ring, EXO_NFILTER << 16 | length);
}

void ring_lent_back(uint32_t ring, uint32_t buffer)
{
    struct ring *r = &rings[ring];
    r->free[r->nfree++] = (uint8_t)buffer;
}

void ring_lost(uint32_t ring)
{
    drop(&rings[ring]);
}

/* -- calls -- */

static int check_frames(const struct ctx *c, const struct exo_ring_setup *setup)
{
    for (uint32_t i = 0; i < setup->nframes; i++) {
        struct exo_io_memory m = {.frame = setup->frame[i], .cap = setup->cap};
        int error =
            io_memory_check(c->id, &m, machine.page_size, 4, EXO_CAP_R | EXO_CAP_W);
        if (error != 0)
            return error;
        for (uint32_t k = 0; k < i; k++)
            if (setup->frame[k] == setup->frame[i])
                return -EXO_EINVAL;
    }
    return 0;
}

static bool good_size(const struct exo_ring_setup *setup)
{
    uint32_t slots = setup->slots;
    if (slots < 2 || slots > EXO_RING_SLOTS || (slots & (slots - 1)) != 0)
        return false;
    uint32_t pages =
        (slots * EXO_RING_SLOT + machine.page_size - 1) >> machine.page_shift;
    return setup->nframes == 1 + pages;
}

static void make_ring(uint32_t ring, const struct exo_ring_setup *setup)
{
    struct ring *r = &rings[ring];
    r->produced = r->dropped = r->sent = 0;
    r->nframes = setup->nframes;
    for (uint32_t i = 0; i < setup->nframes; i++) {
        r->frame[i] = setup->frame[i];
        frame_pin(r->frame[i]);
    }
    r->head = frame_bytes(r->frame[0]);
    memset(r->head, 0, sizeof *r->head);
    r->head->slots = setup->slots;
}

SYS(ring_alloc)
{
    struct exo_ring_setup setup;
    const struct exo_name *cap;
    if (a0 >= EXO_NRING)
        return -EXO_ENAME;
    if (machine.ring[a0].slots != 0)
        return -EXO_EBUSY;
    if (cap_get(c->id, a2, &cap) != 0)
        return -EXO_ECAP;
    if (!(cap->rights & EXO_CAP_W))
        return -EXO_EPERM;
    exo_sword error = copy_from_user(c, &setup, a1, sizeof setup);
    if (error != 0)
        return error;
    if (!good_size(&setup))
        return -EXO_ERANGE;
    error = check_frames(c, &setup);
    if (error != 0)
        return error;

    struct exo_ring *row = &machine.ring[a0];
    make_ring((uint32_t)a0, &setup);
    row->guard = *cap;
    row->slots = setup.slots;
    holders_add(row->holders, c->id);
    trace(EXO_TRACE_RING, c->id, (uint32_t)a0);
    return 0;
}

SYS(ring_hold)
{
    struct ctx *target;
    struct exo_ring *row = ring_named(a0);
    if (row == NULL)
        return -EXO_ENAME;
    int error = env_target(c->id, a1, a2, EXO_CAP_W, &target);
    if (error == 0)
        error = ring_authority(c->id, a0, a2);
    if (error != 0)
        return error;
    if (holders_has(row->holders, target->id))
        return -EXO_EBUSY;

    holders_add(row->holders, target->id);
    trace(EXO_TRACE_RING, target->id, (uint32_t)a0);
    return 0;
}

SYS(ring_free)
{
    if (ring_named(a0) == NULL)
        return -EXO_ENAME;
    if (!ring_held(c->id, (uint32_t)a0))
        return -EXO_ENOTHELD;

    ring_take(c, (uint32_t)a0);
    return 0;
}

SYS(ring_revoke)
{
    const struct exo_ring *row = ring_named(a0);
    if (row == NULL)
        return -EXO_ENAME;
    return revoke_ask(c, EXO_RES_RING, (uint32_t)a0, &row->guard, a1, a2, a3);
}

/* -- invariants -- */

uint32_t ring_pins(uint32_t frame)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < EXO_NRING; i++)
        n += has_frame(i, frame);
    return n;
}

bool inv_rings(const char **what)
{
    for (uint32_t i = 0; i < EXO_NRING; i++) {
        const struct exo_ring *row = &machine.ring[i];
        const struct ring *r = &rings[i];
        if (row->slots == 0) {
            INV(holders_none(row->holders) && row->queue == 0 && row->filters == 0);
            INV(r->nframes == 0 && row->guard.len == EXO_NAME_NONE);
            continue;
        }
        INV(row->slots <= EXO_RING_SLOTS && (row->slots & (row->slots - 1)) == 0);
        INV(!holders_none(row->holders) && row->guard.len <= EXO_CAP_NAME_MAX);
        INV(frames_have_holders(i));
        INV(row->queue == 0 || r->nfree + (r->produced - r->reclaimed) <= row->slots);
        for (uint32_t e = 1; e < EXO_NENV; e++)
            INV(!holders_has(row->holders, e) ||
                (kernel_ctx[e].state != EXO_ENV_STATE_FREE &&
                 kernel_ctx[e].state != EXO_ENV_STATE_DEAD));
    }
    return true;
}
