// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_revoke.c - visible revocation, abort, the repossession vector. */
#include "exo_rig.h"

#define HANDLER 0x403000u
#define GRACE 50000u

/* Program 1 has a child 3 that holds `frame`, mapped at FREE_VA, and runs with a handler. */
static uint32_t family(bool handler)
{
    boot(1);
    make_child(3);
    give_upage(3);
    uint32_t f = take_frame();
    EXPECT(CALL(frame_hold, f, 3, 0), 0);
    EXPECT(bind(3, 0, FREE_VA | EXO_R | EXO_W, f, 0), 0);
    if (handler)
        EXPECT(CALL(env_set, 3, 0, EXO_ENV_REVOKE, HANDLER), 0);
    start_child(3, 1);
    return f;
}

EXO_TEST(errors)
{
    uint32_t f = family(true);
    EXPECT(CALL(frame_revoke, 0, 3, 0, 0), -EXO_EFRAME);
    EXPECT(CALL(frame_revoke, free_frame(), 3, 0, 0), -EXO_EFRAME);
    EXPECT(CALL(frame_revoke, machine.kinfo->export_frame, 3, 0, 0), -EXO_EFRAME);
    EXPECT(CALL(frame_revoke, f, 0, 0, 0), -EXO_EENV);
    EXPECT(CALL(frame_revoke, f, 1, 0, 0), -EXO_EENV); /* itself: frame_free */
    EXPECT(CALL(frame_revoke, f, EXO_NENV, 0, 0), -EXO_EENV);
    EXPECT(CALL(frame_revoke, f, 3, 1, 0), -EXO_ECAP);
    EXPECT(CALL(frame_revoke, f, 4, 0, 0), -EXO_ENOTHELD);
    EXPECT(CALL(frame_revoke, f, 3, 0, 0x80000000u), -EXO_ERANGE);
    EXPECT(CALL(cap_derive, 0, 1, 5, EXO_CAP_ALL), 0);
    EXPECT(CALL(frame_revoke, f, 3, 1, 0), -EXO_EPERM);
    EXPECT(CALL(frame_revoke, f, 3, 0, GRACE), 0);
    EXPECT(CALL(frame_revoke, f, 3, 0, GRACE), -EXO_EBUSY);
    run_until(3);
    EXPECT(CALL(frame_revoke, f, 1, 0, 0), -EXO_ECAP); /* the child has no capability */
}

EXO_TEST(the_table_is_finite)
{
    boot(1);
    make_child(3);
    uint32_t f[EXO_NREVOKE + 1];
    for (uint32_t i = 0; i <= EXO_NREVOKE; i++) {
        f[i] = take_frame();
        EXPECT(CALL(frame_hold, f[i], 3, 0), 0);
    }
    for (uint32_t i = 0; i < EXO_NREVOKE; i++)
        EXPECT(CALL(frame_revoke, f[i], 3, 0, 1000000), 0);
    EXPECT(CALL(frame_revoke, f[EXO_NREVOKE], 3, 0, 1000000), -EXO_EFULL);
    EXPECT(CALL(env_destroy, 3, 0, 0), 0); /* takes its revocations along */
    CHECK(revoke_next() == NEVER);
}

EXO_TEST(asked_and_given)
{
    uint32_t f = family(true);
    EXPECT(CALL(frame_revoke, f, 3, 0, 10 * EXO_SLICE_CYCLES), 0);
    run_until(3);
    struct ctx *c = host_running(0);
    const struct exo_upage *up = upage(3);
    CHECK(c->pc == HANDLER && up->busy == 1 && up->save.upcall == EXO_UP_REVOKE);
    CHECK(up->save.epc == HOST_CODE_VA && up->revoke_frame == f);
    CHECK(up->revoke_deadline > host.cycles);
    EXPECT(CALL(frame_free, f), 0);
    CALL(exc_return);
    CHECK(c->pc == HOST_CODE_VA && revoke_next() == NEVER && envs[3].nrevoke == 0);
    host_advance(20 * EXO_SLICE_CYCLES);
    host_tick(0);
    CHECK(up->repo_count == 0 && host_count_events(EXO_TRACE_ABORT) == 0);
    CHECK(machine.frame[f].holders == 1);
}

static void check_taken(uint32_t f)
{
    CHECK(!frame_held(3, f) && frame_held(1, f));
    CHECK(upage(3)->repo_count == 1 && upage(3)->repo[0] == f);
    CHECK(host_count_events(EXO_TRACE_ABORT) == 1);
    run_until(3);
    CHECK(!may_read(FREE_VA));
}

EXO_TEST(refused_and_taken)
{
    uint32_t f = family(true);
    run_until(3);
    put(FREE_VA, "mine", 4);
    run_until(1);
    EXPECT(CALL(frame_revoke, f, 3, 0, GRACE), 0);
    host_tick(0); /* the deadline, in 1's own slice */
    CHECK(host_env(0) == 1);
    check_taken(f);
}

EXO_TEST(without_a_handler)
{
    uint32_t f = family(false);
    run_until(1);
    EXPECT(CALL(frame_revoke, f, 3, 0, 3 * EXO_SLICE_CYCLES), 0);
    run_until(3);
    CHECK(host_running(0)->pc == HOST_CODE_VA);
    CHECK(upage(3)->missed & 1u << EXO_UP_REVOKE);
    for (int i = 0; i < 6; i++)
        host_tick(0);
    check_taken(f);
}

EXO_TEST(busy_now_told_later)
{
    uint32_t f = family(true);
    run_until(3);
    upage(3)->critical = 1;
    run_until(1);
    EXPECT(CALL(frame_revoke, f, 3, 0, 100 * EXO_SLICE_CYCLES), 0);
    run_until(3);
    CHECK(host_running(0)->pc == HOST_CODE_VA);
    CHECK(upage(3)->missed == 1u << EXO_UP_REVOKE && upage(3)->revoke_frame == f);
    upage(3)->critical = 0;
    EXPECT(CALL(null), 0 * (exo_sword)f); /* any entry of the kernel */
    CHECK(host_running(0)->pc == HANDLER);
}

EXO_TEST(two_at_once_one_after_the_other)
{
    uint32_t f = family(true), g;
    run_until(1);
    g = take_frame();
    EXPECT(CALL(frame_hold, g, 3, 0), 0);
    EXPECT(CALL(frame_revoke, f, 3, 0, 100 * EXO_SLICE_CYCLES), 0);
    EXPECT(CALL(frame_revoke, g, 3, 0, 100 * EXO_SLICE_CYCLES), 0);
    run_until(3);
    CHECK(upage(3)->revoke_frame == f);
    EXPECT(CALL(frame_free, f), 0);
    CHECK(upage(3)->revoke_frame == f ||
          upage(3)->missed); /* busy: told when it is not */
    CALL(exc_return);
    CHECK(host_running(0)->pc == HANDLER && upage(3)->revoke_frame == g);
    EXPECT(CALL(frame_free, g), 0);
    CALL(exc_return);
    CHECK(host_running(0)->pc == HOST_CODE_VA);
}

EXO_TEST(a_sleeper_is_woken_to_be_told)
{
    uint32_t f = family(true);
    run_until(3);
    struct exo_pred p = {.op = EXO_PRED_EQ, .va = FREE_VA, .value = 1234};
    put(FREE_VA + 64, &p, sizeof p);
    EXPECT(CALL(sleep, FREE_VA + 64, 1), HOST_GONE);
    CHECK(machine.frame[f].pins == 1 && host_env(0) == 1);
    EXPECT(CALL(frame_revoke, f, 3, 0, 100 * EXO_SLICE_CYCLES), 0);
    CHECK(machine.frame[f].pins == 0 && state_of(3) == EXO_ENV_STATE_READY);
    run_until(3);
    CHECK(host_running(0)->pc == HANDLER);
    CHECK((exo_sword)host_running(0)->regs[0] == -EXO_EAGAIN);
}

EXO_TEST(a_sleepers_word_is_taken)
{
    uint32_t f = family(false); /* no handler: not woken to be told */
    run_until(3);
    struct exo_pred p = {.op = EXO_PRED_EQ, .va = FREE_VA, .value = 1234};
    put(FREE_VA + 64, &p, sizeof p);
    EXPECT(CALL(sleep, FREE_VA + 64, 1), HOST_GONE);
    EXPECT(CALL(frame_revoke, f, 3, 0, GRACE), 0);
    CHECK(state_of(3) == EXO_ENV_STATE_SLEEP);
    host_tick(0);
    CHECK(state_of(3) == EXO_ENV_STATE_READY && machine.frame[f].pins == 0);
    CHECK((exo_sword)kernel_ctx[3].regs[0] == -EXO_ENOTHELD);
    check_taken(f);
}

EXO_TEST(taking_the_upage_kills)
{
    family(true);
    run_until(1);
    uint32_t up = machine.env[3].upage_frame;
    EXPECT(CALL(frame_revoke, up, 3, 0, 2 * EXO_SLICE_CYCLES), 0);
    run_until(3); /* told, may not free it while it is its upage */
    EXPECT(CALL(frame_free, up), -EXO_EBUSY);
    run_until(1);
    for (int i = 0; i < 4 && state_of(3) != EXO_ENV_STATE_DEAD; i++)
        host_tick(0);
    CHECK(state_of(3) == EXO_ENV_STATE_DEAD && machine.env[3].status == EXO_STATUS_DIED);
    CHECK(machine.frame[up].type == EXO_FRAME_FREE);
}

#ifdef MMU_RADIX
EXO_TEST(taking_a_page_table_kills)
{
    struct balance before;
    boot(1);
    before = balance();
    make_child(3);
    start_child(3, 1);
    env_publish();
    EXPECT(CALL(frame_revoke, machine.env[3].root_frame, 3, 0, 2 * EXO_SLICE_CYCLES), 0);
    run_until(3);
    for (int i = 0; i < 4 && state_of(3) != EXO_ENV_STATE_DEAD; i++)
        host_tick(0);
    run_until(1);
    CHECK(state_of(3) == EXO_ENV_STATE_DEAD && machine.env[3].status == EXO_STATUS_DIED);
    EXPECT(CALL(env_free, 3, 0), 0);
    CHECK(balanced(&before));
}
#endif

EXO_TEST(the_ring_wraps)
{
    family(true);
    run_until(1);
    uint32_t last = 0;
    for (uint32_t i = 0; i < EXO_NREPO + 3; i++) {
        last = take_frame();
        EXPECT(CALL(frame_hold, last, 3, 0), 0);
        EXPECT(CALL(frame_revoke, last, 3, 0, 0), 0);
        host_trap(0, M_CAUSE_IRQ, 0);
        CHECK(host_env(0) == 1);
    }
    CHECK(upage(3)->repo_count == EXO_NREPO + 3);
    CHECK(upage(3)->repo[(EXO_NREPO + 2) % EXO_NREPO] == last);
}

EXO_TEST(an_idle_machine_keeps_the_deadline)
{
    uint32_t f = family(false);
    run_until(3);
    struct exo_pred p = {.op = EXO_PRED_TIME, .value = host.cycles + 100000000};
    put(FREE_VA + 64, &p, sizeof p);
    EXPECT(CALL(sleep, FREE_VA + 64, 1), HOST_GONE);
    run_until(1);
    put(HOST_DATA_VA, &p, sizeof p);
    EXPECT(CALL(frame_revoke, f, 3, 0, 10 * EXO_SLICE_CYCLES), 0);
    EXPECT(CALL(sleep, HOST_DATA_VA, 1), HOST_GONE);
    CHECK(host_stop(0) == HOST_IDLE);
    CHECK(host_next_event());
    CHECK(!frame_held(3, f) && host.cycles < p.value);
}

const struct rig_test exo_revoke_tests[] = {RIG_ROW(errors),
                                            RIG_ROW(the_table_is_finite),
                                            RIG_ROW(asked_and_given),
                                            RIG_ROW(refused_and_taken),
                                            RIG_ROW(without_a_handler),
                                            RIG_ROW(busy_now_told_later),
                                            RIG_ROW(two_at_once_one_after_the_other),
                                            RIG_ROW(a_sleeper_is_woken_to_be_told),
                                            RIG_ROW(a_sleepers_word_is_taken),
                                            RIG_ROW(taking_the_upage_kills),
#ifdef MMU_RADIX
                                            RIG_ROW(taking_a_page_table_kills),
#endif
                                            RIG_ROW(the_ring_wraps),
                                            RIG_ROW(an_idle_machine_keeps_the_deadline),
                                            RIG_END};
