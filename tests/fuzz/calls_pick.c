// SPDX-License-Identifier: GPL-2.0-or-later
/* calls_pick.c - chance, and arguments of calls by the kinds of calls.def. */
#include "calls_gen.h"

#define POOL_PAGES 8u

static uint64_t state;

/* -- chance -- */

void rnd_seed(uint64_t seed)
{
    state = seed * 0x9e3779b97f4a7c15u + 0x1234567;
}

uint64_t rnd(void) /* splitmix64 */
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint32_t below(uint32_t n)
{
    return (uint32_t)(rnd() % n);
}

exo_word wild(void)
{
    static const uint64_t interesting[] = {0,          1,          63,         64,
                                           0xff,       0x100,      0xffff,     0x7fffffff,
                                           0x80000000, 0xffffffff, 1ull << 32, 1ull << 63,
                                           ~0ull,      ~0ull - 7,  0xfffff000};
    uint64_t v = interesting[below(sizeof interesting / sizeof interesting[0])];
    return below(3) != 0 ? v : rnd() >> below(64);
}

/* -- arguments -- */

static exo_word pick_env(uint32_t me)
{
    switch (below(8)) {
    case 0:
    case 1: return 0;
    case 2: return below(3) ? me : below(EXO_NENV);
    default: return 1 + below(8);
    }
}

uint32_t pick_held(uint32_t env)
{
    uint32_t start = below(machine.nframes);
    for (uint32_t i = 0; i < machine.nframes; i++)
        if (model_holds(env, (start + i) % machine.nframes))
            return (start + i) % machine.nframes;
    return 0;
}

static uint32_t pick_type(uint8_t type)
{
    uint32_t start = below(machine.nframes);
    for (uint32_t i = 0; i < machine.nframes; i++)
        if (machine.frame[(start + i) % machine.nframes].type == type)
            return (start + i) % machine.nframes;
    return 0;
}

exo_word pick_frame(uint32_t me)
{
    switch (below(12)) {
    case 0: return pick_type(EXO_FRAME_EXPORT);
    case 1: return pick_type(EXO_FRAME_MODULE);
    case 2: return pick_type(EXO_FRAME_TABLE);
    case 3: return below(machine.nframes);
    case 4: return machine.env[me].upage_frame;
    case 5: return pick_type(EXO_FRAME_USER);
    case 6: return pick_held(1 + below(8));
    case 7:
    case 8: return machine.kinfo->first_free;
    default: return pick_held(me);
    }
}

/* A page that, for some environment, contends for one group of the hashed page table: eighteen of
 * each, so that the group overflows and they get into each other's way. */
static exo_word pick_crowded(void)
{
    uint32_t segment = 3, vsid = ((1 + below(10)) << 4 | segment) * M_HPT_VSID_FACTOR;
    uint32_t index = (77 ^ vsid) % M_HPT_GROUPS_MIN + below(18) * M_HPT_GROUPS_MIN;
    return (exo_word)segment << 28 | (exo_word)index << machine.page_shift;
}

exo_word pick_page(void)
{
    uint32_t page = machine.page_size;
    if (host_mmu_kind == EXO_MMU_HASHED && below(2))
        return pick_crowded();
    switch (below(10)) {
    case 0: return HOST_DATA_VA + below(2) * page;
    case 1: return HOST_CODE_VA;
    case 2: return EXO_UPAGE_VA;
    case 3: return EXO_STACK_TOP - page * (1 + below(3));
    case 4: return EXO_EXPORT_VA + page * below(4);
    case 5: return 0x10000000u + page * below(4) + (below(3) << 21);
    default: return POOL_VA + page * below(POOL_PAGES);
    }
}

static exo_word pick_number(uint32_t number, uint32_t index)
{
    switch (number) {
    case EXO_CALL_counter: return below(6);
    case EXO_CALL_env_set:
        return index == 2 ? below(10) : below(2) ? HOST_CODE_VA + 4 * below(64) : 0;
    case EXO_CALL_extent_revoke:
    case EXO_CALL_ring_revoke:
    case EXO_CALL_filter_revoke:
    case EXO_CALL_frame_revoke: return below(3) ? below(400000) : below(100);
    case EXO_CALL_yield: return below(2) ? (exo_word)-1 : 1 + below(8);
    case EXO_CALL_pct_call:
    case EXO_CALL_pct_wait: return below(3) ? below(6) : below(70);
    default: return below(260);
    }
}

exo_word pick(char kind, uint32_t number, uint32_t index, uint32_t me)
{
    if (below(24) == 0)
        return wild();
    switch (kind) {
    case 'e': return pick_env(me);
    case 'c':
        return (below(6) ? below(4) : below(EXO_NCAP + 1)) |
               (below(40) == 0 ? 1ull << 32 : 0);
    case 'f': return number == EXO_CALL_env_set ? pick_held(me) : pick_frame(me);
    case 'v': return pick_page() | below(32);
    case 'p': return below(8) ? POKE_VA : pick_page() + below(4096);
    case 'n': return below(6) ? below(9) : below(2) ? below(140) : below(4100);
    case 'r': return below(8);
    case 's': return below(4) ? below(4) : below(70);
    case 'k': return below(20) ? below(6) : below(EXO_NRING + 2);
    case 'x': return below(20) ? below(5) : below(EXO_NEXTENT + 2);
    default: return pick_number(number, index);
    }
}
