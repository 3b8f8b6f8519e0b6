// SPDX-License-Identifier: GPL-2.0-or-later
/* calls_disk_gen.c - what the call fuzzer does with disks: extents, requests, and a
 * device that is done when and how it pleases. */
#include "calls_gen.h"

#define CALL(name, ...) do_call(core, EXO_CALL_##name, (const exo_word[6]){__VA_ARGS__})

static uint32_t odd(uint32_t usual)
{
    static const uint32_t values[] = {0,          1,          2,          510,
                                      4092,       0x10000,    0x7fffffff, 0x80000000,
                                      0xfffffe00, 0xffffffff, 0xfffffffc, 64};
    return below(30) ? usual : values[below(sizeof values / sizeof values[0])];
}

/* Memory that is interesting now: a frame of a child's, or one shared for less than all. */
static struct exo_io_memory hint;

static struct exo_io_memory some_memory(uint32_t me, uint32_t align)
{
    if (hint.frame != 0 && below(2))
        return hint;
    uint32_t slots = machine.page_size / align;
    return (struct exo_io_memory){
        .frame = below(20) ? pick_held(me) : (uint32_t)pick_frame(me),
        .offset = odd((below(4) ? 0 : below(slots)) * align),
        .cap = odd(below(12) ? 0 : below(4)),
    };
}

static uint32_t some_extent(uint32_t me)
{
    uint32_t start = below(EXO_NEXTENT);
    for (uint32_t i = 0; i < EXO_NEXTENT && below(8) != 0; i++)
        if (model.extent[(start + i) % EXO_NEXTENT].holders >> me & 1)
            return (start + i) % EXO_NEXTENT;
    return odd(below(EXO_NEXTENT + 1));
}

void poke_request(uint32_t env)
{
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t op = odd(below(12) ? 1 + below(4) : below(6)), extent = some_extent(env),
                 cap = odd(below(8) ? 0 : below(3));
        uint32_t unit = odd(below(below(4) ? 2 : 40)), count = odd(1 + below(8));
        struct exo_io_memory data = some_memory(env, 512), done = some_memory(env, 4);
        struct exo_io_memory oob = some_memory(env, 64);
        if (below(3) == 0)
            oob.frame = 0;
        if (below(6) == 0)
            data.frame = 0;
        struct exo_sector_io pio = {op, extent, cap, unit, count, 0, data, done};
        struct exo_block_io queue = {op, extent, cap, unit, data, done};
        struct exo_flash_io flash = {op, extent, cap, unit, data, oob, done};
        if (machine.disk_kind == EXO_DISK_PIO)
            poke(env, POKE_VA, &pio, sizeof pio);
        else if (machine.disk_kind == EXO_DISK_QUEUE)
            poke(env, POKE_VA + i * sizeof queue, &queue, sizeof queue);
        else
            poke(env, POKE_VA, &flash, sizeof flash);
    }
}

/* A child of the caller's, if it has one. */
static uint32_t some_child(uint32_t me)
{
    uint32_t start = below(EXO_NENV);
    for (uint32_t i = 0; i < EXO_NENV; i++)
        if (model_alive((start + i) % EXO_NENV) &&
            model.env[(start + i) % EXO_NENV].parent == me)
            return (start + i) % EXO_NENV;
    return 1 + below(8);
}

/* One that the caller has, that somebody else shall have, that goes away again. */
static void play_extent(uint32_t core)
{
    uint32_t me = host_env(core), other = some_child(me);
    exo_word extent = some_extent(me), cap = below(4) ? 0 : below(3);
    if (below(2))
        CALL(extent_alloc, extent = below(6), below(200), 1 + below(60), cap);
    switch (below(6)) {
    case 0: CALL(extent_hold, extent, other, cap); break;
    case 1: CALL(extent_hold, below(EXO_NEXTENT), 0, cap); break;
    case 2: CALL(extent_free, extent); break;
    case 3:
    case 4:
        CALL(extent_hold, extent, other, cap);
        CALL(extent_revoke, extent, other, cap, below(100000));
        break;
    default: break;
    }
}

static void pick_hint(uint32_t core)
{
    hint.frame = hint.cap = 0;
    if (below(3) == 0) {
        hint.frame = pick_held(some_child(host_env(core)));
    } else if (below(2) == 0) {
        hint.frame = take(core, 0, 0);
        hint.cap = 1 + below(3);
        if (host_running(core) != NULL)
            CALL(cap_derive, 0, hint.cap, below(3), EXO_CAP_ALL);
        if (host_running(core) != NULL && hint.frame != 0)
            CALL(frame_guard, hint.frame, 0, hint.cap, below(3) ? EXO_CAP_R : below(4));
    }
}

static void play_request(uint32_t core)
{
    static const uint32_t call[] = {0, EXO_CALL_sector_io, EXO_CALL_block_io,
                                    EXO_CALL_flash_io};
    if (machine.disk_kind == 0)
        return;
    uint32_t me = host_env(core), mine = 0;
    for (uint32_t i = 0; i < EXO_NEXTENT; i++)
        mine += (model.extent[i].holders >> me & 1) != 0;
    if (mine == 0)
        CALL(extent_alloc, below(EXO_NEXTENT), below(250), 1 + below(9),
             below(8) ? 0 : below(3));
    if (pick_held(host_env(core)) == 0 || below(6) == 0)
        take(core, 0, 0);
    if (below(3) == 0 && host_running(core) != NULL)
        pick_hint(core);
    if (host_running(core) == NULL)
        return;
    poke_request(host_env(core));
    do_call(core, call[machine.disk_kind], (const exo_word[6]){POKE_VA, 1 + below(4)});
    hint.frame = 0;
}

void play_disk_done(void)
{
    if (host_disk_waiting() != 0)
        model_disk_done(below(host_disk_waiting()), below(6) != 0);
}

void play_disk(uint32_t core)
{
    switch (below(8)) {
    case 0: play_extent(core); break;
    case 1:
    case 2:
    case 3: play_disk_done(); break;
    default: play_request(core); break;
    }
}
