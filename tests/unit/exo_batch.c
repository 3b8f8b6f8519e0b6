// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_batch.c - several calls for one trap: the same as one by one, up to the first that fails. */
#include "exo_rig.h"

#define AT HOST_DATA_VA

static exo_sword batch(const struct exo_batch *calls, uint32_t n)
{
    put(AT, calls, n * (uint32_t)sizeof calls[0]);
    return CALL(batch, AT, n);
}

EXO_TEST(in_order)
{
    boot(1);
    struct balance before = balance();
    uint32_t frame = free_frame(), next = machine.frame[frame].next_free;
    struct exo_batch calls[] = {
        {.number = EXO_CALL_frame_alloc, .arg = {frame, 0}},
        {.number = EXO_CALL_env_create, .arg = {7, 0}},
        {.number = EXO_CALL_frame_hold, .arg = {frame, 7, 0}},
        {.number = EXO_CALL_frame_free, .arg = {frame}},
        {.number = EXO_CALL_cap_grant, .arg = {7, 0, 0, 3}},
    };
    EXPECT(batch(calls, 5), 5);
    CHECK(host_count_events(EXO_TRACE_BATCHED) == 5);
    CHECK(!frame_held(1, frame) && frame_held(7, frame));
    CHECK(state_of(7) == EXO_ENV_STATE_EMBRYO && envs[7].cap[3].len == 1);
    CHECK(free_frame() == next);
    EXPECT(CALL(env_destroy, 7, 0, 0), 0);
    EXPECT(CALL(env_free, 7, 0), 0);
    CHECK(balanced(&before));
}

EXO_TEST(stops_at_the_first_error)
{
    boot(1);
    uint32_t frame = free_frame();
    struct exo_batch calls[] = {
        {.number = EXO_CALL_frame_alloc, .arg = {frame, 0}},
        {.number = EXO_CALL_frame_alloc, .arg = {frame, 0}},
        {.number = EXO_CALL_frame_free, .arg = {frame}},
    };
    EXPECT(batch(calls, 3), 1);
    CHECK(frame_held(1, frame));
    EXPECT(batch(calls + 1, 2), -EXO_EBUSY);
    EXPECT(batch(calls + 2, 1), 1);
    CHECK(!frame_held(1, frame));
    EXPECT(batch(calls, 0), 0);
}

EXO_TEST(refused)
{
    boot(2);
    static const uint32_t never[] = {
        EXO_CALL_exc_return,  EXO_CALL_slice_end,
        EXO_CALL_pct_call,    EXO_CALL_pct_send,
        EXO_CALL_pct_wait,    EXO_CALL_yield,
        EXO_CALL_sleep,       EXO_CALL_env_exit,
        EXO_CALL_env_abort,   EXO_CALL_env_destroy,
        EXO_CALL_batch,       EXO_CALL_pt_batch,
        EXO_CALL_tlb_batch,   EXO_CALL_hpt_batch,
        EXO_CALL_hpt_read,    EXO_CALL_region_batch,
        EXO_CALL_region_read, EXO_CALL_console_write,
        EXO_CALL_halt,        31,
        EXO_CALL_MAX,         UINT32_MAX,
    };
    for (uint32_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        struct exo_batch one = {.number = never[i]};
        EXPECT(batch(&one, 1), -EXO_EINVAL);
    }
    struct exo_batch kind = {.number = host_mmu_kind == EXO_MMU_RADIX ? EXO_CALL_tlb_flush
                                                                      : EXO_CALL_pt_root};
    EXPECT(batch(&kind, 1), -EXO_ENODEVCALL);
    EXPECT(CALL(batch, AT, EXO_CALLS_MAX + 1), -EXO_ERANGE);
    struct exo_batch other = {.number = EXO_CALL_env_set,
                              .arg = {2, 0, EXO_ENV_EXCEPTION, HOST_CODE_VA}};
    EXPECT(batch(&other, 1), -EXO_EPERM);
}

/* The sixth argument arrives, and the caller's own registers come back. */
EXO_TEST(arguments)
{
    boot(1);
    uint32_t frame = take_frame();
    struct exo_batch calls[2] = {{.number = EXO_CALL_null}, {.number = EXO_CALL_null}};
    if (host_mmu_calls.wire != 0)
        calls[1] = (struct exo_batch){.number = host_mmu_calls.wire,
                                      .arg = {0, 0, 3, FREE_VA | EXO_R, frame, 9}};
    EXPECT(batch(calls, 2), host_mmu_calls.wire != 0 ? 1 : 2);
    calls[1].arg[5] = 0;
    put(AT, calls, sizeof calls);
    EXPECT(CALL(batch, AT, 2, 33, 44, 55, 66), 2);
    const struct ctx *c = &kernel_ctx[1];
    CHECK(arch_arg(c, 1) == 2 && arch_arg(c, 2) == 33 && arch_arg(c, 5) == 66);
}

const struct rig_test exo_batch_tests[] = {
    RIG_ROW(in_order), RIG_ROW(stops_at_the_first_error),
    RIG_ROW(refused),  RIG_ROW(arguments),
    RIG_END,
};
