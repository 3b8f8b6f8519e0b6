// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_ipc.c - protected control transfer, synchronous and asynchronous. */
#include "exo_rig.h"

#define ENTRY(env) (0x410000u + 0x100u * (env))

/* Programs 1..n; all but 1 wait to be entered by anybody. */
static void waiting(uint32_t n)
{
    boot(n);
    for (uint32_t i = 1; i <= n; i++) {
        run_until(i);
        EXPECT(CALL(env_set, 0, 0, EXO_ENV_PCT, ENTRY(i)), 0);
    }
    for (uint32_t i = 2; i <= n; i++) {
        run_until(i);
        EXPECT(CALL(pct_wait, 0), HOST_GONE);
    }
    run_until(1);
}

EXO_TEST(errors)
{
    boot(3);
    EXPECT(CALL(pct_call, 0, 0), -EXO_EENV);
    EXPECT(CALL(pct_call, 1, 0), -EXO_EENV);
    EXPECT(CALL(pct_call, EXO_NENV, 0), -EXO_EENV);
    EXPECT(CALL(pct_call, 9, 0), -EXO_EENV);
    EXPECT(CALL(pct_call, 2, 0), -EXO_EBUSY); /* does not wait */
    EXPECT(CALL(pct_send, 2), -EXO_EBUSY);
    EXPECT(CALL(pct_send, 9), -EXO_EENV);
    EXPECT(CALL(pct_wait, 0), -EXO_EINVAL); /* no entry of its own */
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_PCT, ENTRY(1)), 0);
    EXPECT(CALL(pct_wait, EXO_NENV), -EXO_ERANGE);
    EXPECT(CALL(pct_wait, 9), -EXO_EENV); /* never comes */
    EXPECT(CALL(pct_wait, 1), -EXO_EENV);
    run_until(2);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_PCT, ENTRY(2)), 0);
    EXPECT(CALL(pct_wait, 3), HOST_GONE); /* only by 3 */
    run_until(1);
    EXPECT(CALL(pct_call, 2, 0), -EXO_EBUSY);
    EXPECT(CALL(pct_send, 2), -EXO_EBUSY);
    run_until(3);
    EXPECT(CALL(pct_call, 2, 0), -EXO_EINVAL); /* 3 could not be answered */
    EXPECT(CALL(pct_send, 2), HOST_GONE);
    CHECK(host_env(0) == 2);
}

EXO_TEST(call_and_reply)
{
    waiting(2);
    struct ctx *c = host_running(0);
    c->sp = 0x7777;
    c->flags = 3;
    c->regs[20] = 2020;
    host_core[0].fp[1] = 99;
    uint64_t end = cores[0].slice_end;
    EXPECT(CALL(pct_call, 2, 2, 11, 12, 13), HOST_GONE);
    struct ctx *s = host_running(0);
    CHECK(s->id == 2 && s->pc == ENTRY(2) && s->regs[0] == 1);
    CHECK(s->regs[3] == 11 && s->regs[4] == 12 && s->regs[5] == 13 &&
          s->regs[20] == 2020);
    CHECK(s->sp == 0x7777 && s->flags == 3 && host_core[0].fp[1] == 99);
    CHECK(cores[0].slice_end == end);
    CHECK(state_of(1) == EXO_ENV_STATE_PCT && machine.env[1].donated_to == 2);
    host_core[0].fp[1] = 100;
    s->regs[20] = 4040;
    EXPECT(CALL(pct_call, 1, 0, 21), HOST_GONE);
    CHECK(host_env(0) == 1 && c->pc == ENTRY(1) && c->regs[0] == 2 && c->regs[3] == 21);
    CHECK(c->regs[20] == 4040 && host_core[0].fp[1] == 100);
    CHECK(machine.env[1].donated_to == 0 && machine.env[2].donated_to == 1);
}

EXO_TEST(donated_slices_follow_the_chain)
{
    waiting(4);
    EXPECT(CALL(pct_call, 2, 2), HOST_GONE);
    EXPECT(CALL(pct_call, 3, 3), HOST_GONE);
    CHECK(host_env(0) == 3);
    EXPECT(CALL(pct_send, 4), HOST_GONE); /* current slice only */
    CHECK(host_env(0) == 4);
    /* all of 1's, 2's and 3's slices run 3, 4 has its own */
    uint32_t ran[5] = {0};
    for (int i = 0; i < 40; i++) {
        host_tick(0);
        ran[host_env(0)]++;
    }
    CHECK(ran[1] == 0 && ran[2] == 0 && ran[3] == 30 && ran[4] == 10);
    run_until(3);
    EXPECT(CALL(pct_call, 2, 0), HOST_GONE);
    EXPECT(CALL(pct_call, 1, 0), HOST_GONE);
    CHECK(host_env(0) == 1);
}

EXO_TEST(send_keeps_the_sender)
{
    waiting(2);
    host_core[0].fp[0] = 5;
    uint64_t pc = host_running(0)->pc;
    EXPECT(CALL(pct_send, 2, 0, 31), HOST_GONE);
    struct ctx *s = host_running(0);
    CHECK(s->id == 2 && s->regs[0] == 1 && s->regs[3] == 31 && host_core[0].fp[0] == 5);
    host_core[0].fp[0] = 6;
    CHECK(state_of(1) == EXO_ENV_STATE_READY && machine.env[1].donated_to == 0);
    host_tick(0); /* 2's own slice comes next */
    CHECK(host_env(0) == 2);
    host_tick(0);
    CHECK(host_env(0) == 1 && kernel_ctx[1].regs[0] == 0 &&
          host_running(0)->pc == pc + 4);
    CHECK(host_core[0].fp[0] == 5);
}

EXO_TEST(a_dead_partner_is_told)
{
    waiting(3);
    EXPECT(CALL(pct_call, 2, 2), HOST_GONE);
    EXPECT(CALL(env_exit, 9), HOST_GONE); /* the server dies */
    CHECK(host_env(0) == 1);
    struct ctx *c = host_running(0);
    CHECK(c->pc == ENTRY(1) && (exo_sword)c->regs[0] == -EXO_EENV && c->sp == 0);
    CHECK(state_of(3) == EXO_ENV_STATE_PCT); /* waits for anybody: not its business */
}

EXO_TEST(a_waiter_can_be_destroyed)
{
    boot(1);
    make_child(3);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_PCT, ENTRY(3)), 0);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_PCT, ENTRY(1)), 0);
    start_child(3, 9);
    run_until(3);
    EXPECT(CALL(pct_wait, 1), HOST_GONE);
    EXPECT(CALL(pct_call, 3, 3), HOST_GONE);
    EXPECT(CALL(pct_call, 1, 1), HOST_GONE); /* 3 donated to 1 */
    CHECK(host_env(0) == 1 && kernel_ctx[3].donated == 1);
    EXPECT(CALL(env_destroy, 3, 0, 0), 0);
    host_tick(0);
    CHECK(host_env(0) == 1);
}

/* On one core assembly transfers control without C: the kernel must follow. */
EXO_TEST(after_a_fast_transfer)
{
    waiting(2);
    struct ctx *a = &kernel_ctx[1], *b = &kernel_ctx[2];
    a->state = EXO_ENV_STATE_PCT;
    a->accept = 2;
    a->donated = 2;
    b->state = EXO_ENV_STATE_READY;
    b->donated = 0;
    b->pc = b->pct_entry;
    mmu_switch(b);
    host_set_running(0, b);
    EXPECT(CALL(null), 0);
    CHECK(cores[0].running == b && envs[2].on_core == 1 && envs[1].on_core == 0);
    slice_close(&cores[0], host.cycles); /* exported rows catch up at the slice's end */
    CHECK(machine.env[1].state == EXO_ENV_STATE_PCT && machine.env[1].donated_to == 2);
}

const struct rig_test exo_ipc_tests[] = {RIG_ROW(errors),
                                         RIG_ROW(call_and_reply),
                                         RIG_ROW(donated_slices_follow_the_chain),
                                         RIG_ROW(send_keeps_the_sender),
                                         RIG_ROW(a_dead_partner_is_told),
                                         RIG_ROW(a_waiter_can_be_destroyed),
                                         RIG_ROW(after_a_fast_transfer),
                                         RIG_END};
