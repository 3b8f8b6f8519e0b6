// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_sleep.c - wakeup predicates. */
#include "exo_rig.h"

#define WORD_VA (HOST_DATA_VA + 0x800)

static exo_sword sleep_on(const struct exo_pred *p, uint32_t n)
{
    put(HOST_DATA_VA, p, (uint32_t)sizeof *p * n);
    return CALL(sleep, HOST_DATA_VA, n);
}

static exo_sword sleep1(uint32_t op, uint64_t va, uint64_t value)
{
    struct exo_pred p = {.op = op, .va = va, .value = value};
    return sleep_on(&p, 1);
}

/* A page both boot programs hold, writable for 1 at FREE_VA, readable for 2. */
static uint32_t shared_page(void)
{
    uint32_t f = take_frame();
    envs[1].cap[5] = envs[2].cap[0];
    EXPECT(CALL(frame_guard, f, 0, 5, EXO_CAP_R), 0);
    EXPECT(bind(0, 0, FREE_VA | EXO_R | EXO_W, f, 0), 0);
    run_until(2);
    EXPECT(CALL(frame_hold, f, 0, 0), 0);
    EXPECT(bind(0, 0, FREE_VA | EXO_R, f, 0), 0);
    return f;
}

EXO_TEST(errors)
{
    boot(1);
    EXPECT(CALL(sleep, HOST_DATA_VA, 0), -EXO_ERANGE);
    EXPECT(CALL(sleep, HOST_DATA_VA, EXO_NPRED + 1), -EXO_ERANGE);
    EXPECT(CALL(sleep, HOST_DATA_VA, (exo_word)-1), -EXO_ERANGE);
    EXPECT(CALL(sleep, arch_va_end, 1), -EXO_EFAULT);
    EXPECT(sleep1(EXO_PRED_DEAD + 1, 0, 0), -EXO_EINVAL);
    EXPECT(sleep1(EXO_PRED_EQ, WORD_VA + 1, 0), -EXO_EVA);
    EXPECT(sleep1(EXO_PRED_EQ, WORD_VA, 1ull << 32), -EXO_ERANGE);
    EXPECT(sleep1(EXO_PRED_NE, arch_va_end, 0), -EXO_EFAULT);
    EXPECT(sleep1(EXO_PRED_NE, 0x600000, 0), -EXO_EFAULT); /* unmapped, no handler */
    EXPECT(sleep1(EXO_PRED_DEAD, 0, 0), -EXO_EENV);
    EXPECT(sleep1(EXO_PRED_DEAD, EXO_NENV, 0), -EXO_EENV);
    CHECK(state_of(1) == EXO_ENV_STATE_READY && balance().pins == 1);
}

EXO_TEST(true_at_once)
{
    boot(1);
    uint32_t w = 5;
    put(WORD_VA, &w, 4);
    EXPECT(sleep1(EXO_PRED_EQ, WORD_VA, 5), 0);
    EXPECT(sleep1(EXO_PRED_NE, WORD_VA, 6), 0);
    EXPECT(sleep1(EXO_PRED_GE, WORD_VA, 5), 0);
    EXPECT(sleep1(EXO_PRED_GE, WORD_VA, 4), 0);
    EXPECT(sleep1(EXO_PRED_TIME, 0, 0), 0);
    EXPECT(sleep1(EXO_PRED_DEAD, 2, 0), 0);                         /* free */
    EXPECT(sleep1(EXO_PRED_EQ, EXO_EXPORT_VA, EXO_ABI_VERSION), 0); /* exported word */
    CHECK(balance().pins == 1);
}

EXO_TEST(time_wakes_an_idle_machine)
{
    boot(1);
    uint64_t at = host.cycles + 5000000;
    EXPECT(sleep1(EXO_PRED_TIME, 0, at), HOST_GONE);
    CHECK(host_stop(0) == HOST_IDLE && state_of(1) == EXO_ENV_STATE_SLEEP);
    CHECK(host_next_event());
    CHECK(host_env(0) == 1 && host.cycles >= at && host.cycles < at + 2000);
    EXPECT((exo_sword)host_running(0)->regs[0], 0);
}

/* The time is past, the word is not there yet: that is no reason to look again and again. */
EXO_TEST(time_and_a_word)
{
    boot(1);
    struct exo_pred p[] = {{EXO_PRED_TIME, 0, 0, 10}, {EXO_PRED_EQ, 0, WORD_VA, 7}};
    EXPECT(sleep_on(p, 2), HOST_GONE);
    CHECK(host.panicked && strstr(host.message, "deadlock") != NULL);
    host.panicked = false;
}

EXO_TEST(a_word_another_writes)
{
    boot(2);
    uint32_t f = shared_page();
    EXPECT(sleep1(EXO_PRED_EQ, FREE_VA, 7), HOST_GONE);
    CHECK(machine.frame[f].pins == 1 && state_of(2) == EXO_ENV_STATE_SLEEP);
    for (int i = 0; i < 5; i++) {
        host_tick(0);
        CHECK(host_env(0) == 1);
    }
    CHECK(host_store32(0, FREE_VA, 7));
    host_tick(0);
    CHECK(host_env(0) == 2 && machine.frame[f].pins == 0);
    CHECK(host_count_events(EXO_TRACE_WAKE) == 1);
}

EXO_TEST(sums_of_products)
{
    boot(2);
    shared_page();
    struct exo_pred p[] = {{EXO_PRED_EQ, 0, FREE_VA, 1},
                           {EXO_PRED_EQ, 0, FREE_VA + 4, 1},
                           {EXO_PRED_EQ, 1, FREE_VA + 8, 1},
                           {EXO_PRED_EQ, 0, FREE_VA + 12, 1}};
    for (uint32_t m = 0; m < 16; m++) {
        run_until(1);
        for (uint32_t i = 0; i < 4; i++)
            CHECK(host_store32(0, FREE_VA + 4 * i, m >> i & 1));
        run_until(2);
        bool want = (m & 3) == 3 || (m & 12) == 12;
        exo_sword r = sleep_on(p, 4);
        EXPECT(r, want ? 0 : HOST_GONE);
        if (r == 0)
            continue;
        CHECK(host_store32(0, FREE_VA, 1) && host_store32(0, FREE_VA + 4, 1));
        host_tick(0);
        CHECK(host_env(0) == 2);
    }
}

EXO_TEST(a_death_wakes)
{
    boot(2);
    EXPECT(sleep1(EXO_PRED_DEAD, 2, 0), HOST_GONE);
    CHECK(host_env(0) == 2);
    host_tick(0);
    CHECK(host_env(0) == 2);
    EXPECT(CALL(env_exit, 0), HOST_GONE);
    CHECK(host_env(0) == 1);
}

EXO_TEST(a_sleeper_gets_no_time)
{
    boot(2);
    EXPECT(sleep1(EXO_PRED_TIME, 0, host.cycles + 100 * EXO_SLICE_CYCLES), HOST_GONE);
    EXPECT(CALL(yield, 1), -EXO_EBUSY);
    for (int i = 0; i < 50; i++) {
        host_tick(0);
        CHECK(host_env(0) == 2);
    }
    run_until(1);
}

EXO_TEST(yield_looks_at_the_predicate)
{
    boot(2);
    EXPECT(sleep1(EXO_PRED_TIME, 0, host.cycles + 1000), HOST_GONE);
    host_advance(2000);
    EXPECT(CALL(yield, 1), HOST_GONE);
    CHECK(host_env(0) == 1);
}

EXO_TEST(death_in_sleep_unpins)
{
    boot(2);
    uint32_t f = shared_page();
    EXPECT(CALL(cap_grant, 0, 0, 0, 1), 0);
    EXPECT(sleep1(EXO_PRED_EQ, FREE_VA, 7), HOST_GONE);
    envs[1].cap[6] = machine.env[2].guard;
    EXPECT(CALL(env_destroy, 2, 6, 0), 0);
    CHECK(machine.frame[f].pins == 0 && machine.frame[f].holders == 1);
}

EXO_TEST(hopeless_sleep_is_a_deadlock)
{
    boot(1);
    EXPECT(sleep1(EXO_PRED_EQ, WORD_VA, 77), HOST_GONE);
    CHECK(host.panicked && strstr(host.message, "deadlock") != NULL);
    host.panicked = false;
}

EXO_TEST(faults_are_retried)
{
    boot(1);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_EXCEPTION, 0x401000), 0);
    uint64_t pc = host_running(0)->pc;
    CALL(sleep, FREE_VA, 1); /* nothing there */
    struct ctx *c = host_running(0);
    const struct exo_upage *up = upage(1);
    CHECK(c->pc == 0x401000 && up->busy == 1 && up->save.epc == pc);
    CHECK(up->save.badvaddr == FREE_VA && c->regs[1] == FREE_VA);
    uint32_t f = take_frame();
    EXPECT(bind(0, 0, FREE_VA | EXO_R, f, 0), 0);
    c->regs[1] = FREE_VA;
    upage(1)->save.epc = pc;
    CALL(exc_return);
    CHECK(c->pc == pc);
    /* the call as it stands now: the zero page is the term "word at 0 == 0", also unmapped */
    CALL(sleep, FREE_VA, 1);
    CHECK(c->pc == 0x401000 && up->save.badvaddr == 0 && up->save.epc == pc);
}

const struct rig_test exo_sleep_tests[] = {RIG_ROW(errors),
                                           RIG_ROW(true_at_once),
                                           RIG_ROW(time_wakes_an_idle_machine),
                                           RIG_ROW(time_and_a_word),
                                           RIG_ROW(a_word_another_writes),
                                           RIG_ROW(sums_of_products),
                                           RIG_ROW(a_death_wakes),
                                           RIG_ROW(a_sleeper_gets_no_time),
                                           RIG_ROW(yield_looks_at_the_predicate),
                                           RIG_ROW(death_in_sleep_unpins),
                                           RIG_ROW(hopeless_sleep_is_a_deadlock),
                                           RIG_ROW(faults_are_retried),
                                           RIG_END};
