// SPDX-License-Identifier: GPL-2.0-or-later
/* calls_gen.c - see calls_gen.h. */
#include "calls_gen.h"

#include <stdio.h>
#include <string.h>

uint64_t steps_done, calls_done[EXO_CALL_MAX], calls_good[EXO_CALL_MAX];

static const struct {
    const char *name, *kinds;
    bool exists;
} calls[EXO_CALL_MAX] = {
#define EXO_CALL(number, name, hw, kinds, params, what) [number] = {#name, kinds, true},
#include <exo/calls.def>
#undef EXO_CALL
};

const char *model_call_name(uint32_t number)
{
    return calls[number].exists ? calls[number].name : "?";
}

/* -- the caller's memory -- */

void poke(uint32_t env, uint64_t va, const void *from, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++) {
        uint64_t pa;
        uint32_t cause;
        if (mmu_translate(&kernel_ctx[env], va + i, 1, &pa, &cause) == 0)
            *(uint8_t *)arch_phys(pa) = ((const uint8_t *)from)[i];
    }
}

static void poke_batch(uint32_t env)
{
    struct exo_map map[8];
    for (uint32_t i = 0; i < 8; i++)
        map[i] = (struct exo_map){.va = pick('v', 0, 0, env),
                                  .frame = (uint32_t)pick_frame(env),
                                  .cap = below(6) ? below(3) : (uint32_t)wild()};
    poke(env, POKE_VA, map, sizeof map);
}

static void poke_regions(uint32_t env)
{
    struct exo_region region[8];
    for (uint32_t i = 0; i < 8; i++)
        region[i] = (struct exo_region){.va = pick('v', 0, 0, env),
                                        .frame = (uint32_t)pick_frame(env),
                                        .pages = below(6) ? below(3) : (uint32_t)wild(),
                                        .window = below(20) ? below(8) : (uint32_t)wild(),
                                        .cap = below(6) ? below(3) : (uint32_t)wild()};
    poke(env, POKE_VA, region, sizeof region);
}

static void poke_pred(uint32_t env)
{
    struct exo_pred p[4];
    for (uint32_t i = 0; i < 4; i++) {
        p[i] = (struct exo_pred){
            .op = below(6), .or_ = below(2), .va = pick_page() + 4 * below(8)};
        p[i].value = below(3);
        if (p[i].op == EXO_PRED_TIME)
            p[i].value = host.cycles + below(1000000);
        if (p[i].op == EXO_PRED_DEAD)
            p[i].va = below(10);
        if (below(30) == 0)
            p[i].value = wild();
    }
    poke(env, POKE_VA, p, sizeof p);
}

/* -- calls -- */

exo_sword do_call(uint32_t core, uint32_t number, const exo_word arg[6])
{
    struct model_call call = {.env = host_env(core), .number = number};
    struct ctx *c = host_running(core);
    bool killed = c != NULL && envs[c->id].killed;
    if (c == NULL)
        return HOST_GONE;
    memcpy(call.arg, arg, sizeof call.arg);
    model_capture(&call);
    /* the result is read from the context: the caller may not be the one that runs afterwards */
    host_call(core, number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
    steps_done++;
    calls_done[number]++;
    exo_sword result = (exo_sword)c->regs[0];
    if (!killed && !host.halted && !host.panicked) {
        calls_good[number] += result >= 0;
        model_call(&call, result);
    } else if (number == EXO_CALL_halt && host.halted) {
        model_call(&call, 0);
    }
    if (!host.halted && !host.panicked)
        model_sync();
    return result;
}

#define CALL(name, ...) do_call(core, EXO_CALL_##name, (const exo_word[6]){__VA_ARGS__})

static uint32_t ready_envs(void)
{
    uint32_t n = 0;
    for (uint32_t i = 1; i < EXO_NENV; i++)
        n += kernel_ctx[i].state == EXO_ENV_STATE_READY;
    return n;
}

/* Calls that end lives, and so the machine, are rare; rarer still when few are left. */
static bool too_deadly(uint32_t number, const exo_word arg[6], uint32_t me)
{
    switch (number) {
    case EXO_CALL_env_exit:
    case EXO_CALL_env_abort: return ready_envs() < 4 ? below(100) != 0 : below(10) != 0;
    case EXO_CALL_env_destroy:
        return (arg[0] == me || arg[0] == 0) && below(ready_envs() < 4 ? 100 : 10) != 0;
    case EXO_CALL_pct_call:
    case EXO_CALL_pct_wait:
    case EXO_CALL_sleep: return ready_envs() < 3 && below(50) != 0;
    default: return false;
    }
}

static bool elsewhere(uint32_t number)
{
    if (model_disk_call(number))
        return !model_disk_here(number);
    if (model_net_call(number))
        return !model_net_here(number);
    return number >= EXO_CALL_tlb_write && number < EXO_CALL_extent_alloc &&
           (number < host_mmu_calls.first || number > host_mmu_calls.last);
}

static uint32_t pick_call(uint32_t me, exo_word arg[6])
{
    uint32_t number;
    do
        number = below(EXO_CALL_MAX);
    while ((!calls[number].exists || elsewhere(number)) && below(20) != 0);
    const char *kinds = calls[number].exists ? calls[number].kinds : "iiiiii";
    size_t n = strlen(kinds);
    for (uint32_t i = 0; i < 6; i++)
        arg[i] = i < n ? pick(kinds[i], number, i, me) : rnd();
    if (number == EXO_CALL_env_set && arg[2] == EXO_ENV_UPAGE)
        arg[3] = pick('f', number, 3,
                      arg[0] != 0 && arg[0] < EXO_NENV ? (uint32_t)arg[0] : me);
    return number;
}

/* Calls for one batch; most are of those that may be in one. */
static void poke_calls(uint32_t env)
{
    struct exo_batch b[8];
    for (uint32_t i = 0; i < 8; i++) {
        exo_word arg[6];
        uint32_t number = pick_call(env, arg);
        while (strchr(calls[number].kinds ? calls[number].kinds : "p", 'p') != NULL &&
               below(20) != 0)
            number = pick_call(env, arg);
        bool stay = number == EXO_CALL_cap_drop && arg[0] == 0;
        b[i] = (struct exo_batch){.number = stay ? EXO_CALL_null : number};
        for (uint32_t k = 0; k < 6; k++)
            b[i].arg[k] = arg[k];
    }
    poke(env, POKE_VA, b, sizeof b);
}

static void any_call(uint32_t core)
{
    uint32_t me = host_env(core);
    exo_word arg[6];
    uint32_t number = pick_call(me, arg);
    if (too_deadly(number, arg, me))
        return;
    if (number == EXO_CALL_cap_drop && arg[0] == 0 && below(20) != 0)
        return; /* it would be powerless for ever */
    if (number == EXO_CALL_env_set && arg[3] == 0 && below(10) != 0)
        return;
    if (number == EXO_CALL_sleep)
        poke_pred(me);
    if (number == EXO_CALL_region_batch)
        poke_regions(me);
    else if (number == host_mmu_calls.batch)
        poke_batch(me);
    if (number == EXO_CALL_batch)
        poke_calls(me);
    if (number == EXO_CALL_sector_io || number == EXO_CALL_block_io ||
        number == EXO_CALL_flash_io)
        poke_request(me);
    do_call(core, number, arg);
}

/* Would an exception find a handler? If not it kills: mostly spare them. */
static bool ready_for_exceptions(uint32_t env)
{
    struct exo_upage *up = upage_of(&kernel_ctx[env]);
    return (up != NULL && kernel_ctx[env].exc_entry != 0 && up->busy == 0) ||
           below(300) == 0;
}

/* -- plays -- */

static exo_sword bind(uint32_t core, exo_word env, exo_word cap, exo_word va,
                      exo_word frame, exo_word fcap)
{
    if (host_mmu_kind == EXO_MMU_REGIONS)
        return CALL(region_set, env, cap, (va >> host.page_shift & 7) | fcap << 8, va,
                    frame, 1 + below(8) / 6);
    return do_call(core, host_mmu_calls.bind,
                   (exo_word[6]){env, cap, va, frame, fcap, below(4) ? 0 : below(18)});
}

uint32_t take(uint32_t core, exo_word env, exo_word cap)
{
    uint32_t frame = machine.kinfo->first_free;
    if (CALL(frame_alloc, frame, cap) != 0)
        return 0;
    if (env != 0) {
        CALL(frame_hold, frame, env, cap);
        if (below(8) != 0)
            CALL(frame_free, frame);
    }
    return frame;
}

/* A child with tables, data, upage, handler, capability and slices. */
static void play_child(uint32_t core)
{
    exo_word child = 1 + below(10), cap = below(3);
    if (CALL(env_create, child, cap) != 0)
        return;
    if (host_mmu_kind == EXO_MMU_RADIX) {
        uint32_t levels = (uint32_t)machine.table->device[0].params[M_RADIX_LEVELS];
        CALL(pt_root, child, cap, take(core, child, cap));
        for (uint32_t level = levels - 1; level-- > 0;)
            CALL(pt_table, child, cap, POOL_VA, level, take(core, child, cap));
    }
    bind(core, child, cap, HOST_DATA_VA | EXO_R | EXO_W, take(core, child, cap), cap);
    CALL(env_set, child, cap, EXO_ENV_UPAGE, take(core, child, cap));
    CALL(env_set, child, cap, EXO_ENV_PC, HOST_CODE_VA);
    for (exo_word field = EXO_ENV_EXCEPTION; field < EXO_ENV_FIELDS; field++)
        if (below(4) != 0)
            CALL(env_set, child, cap, field, HOST_CODE_VA + 256 * field);
    CALL(cap_grant, child, cap, cap, 0);
    CALL(slice_alloc, below(host.cores), below(EXO_NSLICE), child, cap);
    CALL(env_run, child, cap);
}

/* Frames that move between the caller and the others while they are bound and cached. */
static void play_share(uint32_t core)
{
    exo_word other = 1 + below(8), cap = below(3),
             va = POOL_VA + machine.page_size * below(4);
    uint32_t frame = take(core, 0, cap);
    uint8_t *byte;
    if (frame == 0)
        return;
    bind(core, 0, 0, va | EXO_R | EXO_W, frame, cap);
    if (host_running(core) != NULL && host_access(core, va, EXO_W, &byte))
        memset(byte, (int)rnd(), 64);
    model_sync();
    CALL(frame_guard, frame, cap, below(4), below(4));
    CALL(frame_hold, frame, other, cap);
    bind(core, other, cap, va | EXO_R | (below(2) ? EXO_W : 0), frame, cap);
    switch (below(5)) {
    case 0: CALL(frame_free, frame); break;
    case 1: CALL(frame_revoke, frame, other, cap, below(100000)); break;
    case 2: CALL(frame_guard, frame, cap, below(4), below(4)); break;
    case 3: CALL(env_set, below(2) ? other : 0, cap, EXO_ENV_UPAGE, frame); break;
    default: break;
    }
}

static void play_pct(uint32_t core)
{
    CALL(env_set, 0, 0, EXO_ENV_PCT, HOST_CODE_VA);
    exo_word other = 1 + below(8);
    for (uint32_t i = 1; i < EXO_NENV && below(6) != 0; i++) /* mostly one that waits */
        if (kernel_ctx[i].state == EXO_ENV_STATE_PCT)
            other = i;
    switch (below(3)) {
    case 0: CALL(pct_wait, below(3) ? 0 : other); break;
    case 1: CALL(pct_call, other, below(2) ? other : 0); break;
    default: CALL(pct_send, other); break;
    }
}

/* Ask others for frames that they hold and the caller owns. */
static void play_revoke(uint32_t core)
{
    for (uint32_t tries = 0; tries < 4; tries++) {
        uint32_t other = 1 + below(10);
        CALL(frame_revoke, pick_held(other), other, below(3),
             below(4) ? below(300000) : 0);
    }
}

/* Bury the dead, give slices back. */
static void play_reap(uint32_t core)
{
    for (uint32_t i = 1; i < EXO_NENV; i++)
        if (kernel_ctx[i].state == EXO_ENV_STATE_DEAD && below(3) != 0)
            CALL(env_free, i, below(4));
    for (uint32_t s = 0; s < EXO_NSLICE; s++)
        if (machine.slice[core][s] != 0 && below(8) == 0)
            CALL(slice_free, core, s, below(4));
    CALL(slice_alloc, core, below(EXO_NSLICE), 0, 0);
}

static void play_names(uint32_t core)
{
    CALL(cap_derive, below(4), 1 + below(5), below(3), below(8));
    CALL(cap_grant, 1 + below(8), below(4), below(4), below(6));
    if (below(4) == 0)
        CALL(cap_drop, 1 + below(5));
}

/* -- everything else a program can do -- */

static void touch(uint32_t core)
{
    static const uint32_t flags[] = {EXO_R, EXO_W, EXO_X};
    uint8_t *byte;
    uint64_t va = below(10) ? pick_page() + below(machine.page_size) : wild();
    uint32_t flag = flags[below(3)], env = host_env(core);
    bool ok = host_access(core, va, flag, &byte);
    if (ok && flag == EXO_W && host_env(core) == env)
        *byte = (uint8_t)rnd();
}

static void own_upage(uint32_t env)
{
    struct exo_upage *up = upage_of(&kernel_ctx[env]);
    if (up == NULL)
        return;
    switch (below(12)) {
    case 0: up->critical = below(3) == 0; break;
    case 1: up->missed = (uint32_t)rnd(); break;
    case 2: up->save.epc = below(2) ? HOST_CODE_VA : rnd(); break;
    case 3:
    case 4: break;
    default: up->busy = 0; break;
    }
}

void do_something(uint32_t core)
{
    static const uint32_t causes[] = {
        M_CAUSE_PAGE,  M_CAUSE_PROT,      M_CAUSE_ILLEGAL, M_CAUSE_BREAK,
        M_CAUSE_ARITH, M_CAUSE_UNALIGNED, M_CAUSE_SYSCALL, 99};
    uint32_t env = host_env(core);
    steps_done++;
    own_upage(env);
    if (machine.disk_kind != 0 && below(4) == 0) {
        play_disk(core);
        return;
    }
    if (machine.nic_kind != 0 && below(4) == 0) {
        play_net(core);
        return;
    }
    switch (below(64)) {
    case 0: host_tick(core); break;
    case 1: host_advance(below(100000)); break;
    case 2: host_poll(core); break;
    case 3:
        if (ready_for_exceptions(env)) {
            host_running(core)->regs[0] = 4711;
            host_trap(core, causes[below(8)] | below(3) << 8, pick_page());
        }
        break;
    case 4:
    case 5: play_child(core); break;
    case 6:
    case 7:
    case 8: play_share(core); break;
    case 9:
        if (ready_envs() > 2)
            play_pct(core);
        break;
    case 10:
    case 11: play_names(core); break;
    case 12:
    case 13:
    case 14:
    case 15:
    case 16:
        if (ready_for_exceptions(env))
            touch(core);
        break;
    case 17:
    case 18: CALL(env_set, 0, 0, EXO_ENV_EXCEPTION, HOST_CODE_VA); break;
    case 19: play_revoke(core); break;
    case 20: play_reap(core); break;
    default: any_call(core); break;
    }
}
