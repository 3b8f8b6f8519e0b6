// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_slice.c - the slice vector: allocation, order, epilogue and grace, excess, yield. */
#include "exo_rig.h"

EXO_TEST(alloc_and_free_errors)
{
    boot(2);
    EXPECT(CALL(slice_alloc, 1, 0, 0, 0), -EXO_ERANGE); /* one core */
    EXPECT(CALL(slice_alloc, 0, EXO_NSLICE, 0, 0), -EXO_ERANGE);
    EXPECT(CALL(slice_alloc, (exo_word)-1, 0, 0, 0), -EXO_ERANGE);
    EXPECT(CALL(slice_alloc, 0, 0, 0, 0), -EXO_EBUSY); /* its own */
    EXPECT(CALL(slice_alloc, 0, 1, 0, 0), -EXO_EBUSY); /* program 2's */
    EXPECT(CALL(slice_alloc, 0, 5, 9, 0), -EXO_EENV);
    EXPECT(CALL(slice_alloc, 0, 5, 2, 0), -EXO_EPERM);
    EXPECT(CALL(slice_alloc, 0, 5, 0, 0), 0);
    CHECK(machine.slice[0][5] == 1);
    EXPECT(CALL(slice_free, 0, EXO_NSLICE, 0), -EXO_ERANGE);
    EXPECT(CALL(slice_free, 1, 0, 0), -EXO_ERANGE);
    EXPECT(CALL(slice_free, 0, 6, 0), -EXO_ENOTHELD);
    EXPECT(CALL(slice_free, 0, 1, 0), -EXO_EPERM); /* theft */
    EXPECT(CALL(slice_free, 0, 1, 7), -EXO_ECAP);
    EXPECT(CALL(slice_free, 0, 5, 7), 0); /* its own: no capability */
    CHECK(machine.slice[0][5] == 0);
}

/* Three environments with 3, 2 and 1 positions get processor time 3:2:1. */
EXO_TEST(three_two_one)
{
    boot(3);
    uint32_t ran[4] = {0};
    EXPECT(CALL(slice_alloc, 0, 10, 0, 0), 0);
    EXPECT(CALL(slice_alloc, 0, 20, 0, 0), 0);
    run_until(2);
    EXPECT(CALL(slice_alloc, 0, 11, 0, 0), 0);
    for (int i = 0; i < 600; i++) {
        host_tick(0);
        ran[host_env(0)]++;
    }
    CHECK(ran[1] >= 298 && ran[1] <= 302);
    CHECK(ran[2] >= 198 && ran[2] <= 202);
    CHECK(ran[3] >= 98 && ran[3] <= 102);
    uint64_t one = machine.env[1].cycles, three = machine.env[3].cycles;
    CHECK(one > 2 * three && one < 4 * three);
}

EXO_TEST(a_slice_is_as_long_as_it_says)
{
    boot(2);
    uint64_t start = host.cycles;
    host_tick(0);
    CHECK(host_env(0) == 2);
    CHECK(host.cycles - start <= EXO_SLICE_CYCLES + 1000);
    host_advance(EXO_SLICE_CYCLES / 2);
    CHECK(host_poll(0) == HOST_USER && host_env(0) == 2); /* not over yet */
}

EXO_TEST(without_epilogue_everything_is_kept)
{
    boot(2);
    struct ctx *c = host_running(0);
    for (int i = 0; i < 32; i++)
        c->regs[i] = 1000u + (unsigned)i;
    c->pc = 0x400444;
    c->sp = 0x7000;
    c->flags = 0xf;
    host_core[0].fp[0] = 111;
    run_until(2);
    CHECK(host_core[0].fp[0] == 0);
    host_core[0].fp[0] = 222;
    run_until(1);
    for (int i = 0; i < 32; i++)
        CHECK(c->regs[i] == 1000u + (unsigned)i);
    CHECK(c->pc == 0x400444 && c->sp == 0x7000 && c->flags == 0xf);
    CHECK(host_core[0].fp[0] == 111);
    run_until(2);
    CHECK(host_core[0].fp[0] == 222);
}

static void with_epilogue(void)
{
    boot(2);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_EPILOGUE, 0x401000), 0);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_PROLOGUE, 0x402000), 0);
    host_running(0)->pc = 0x400888;
    host_running(0)->sp = 0x7008;
    host_running(0)->regs[8] = 88; /* scratch 0 */
}

EXO_TEST(epilogue_and_prologue)
{
    with_epilogue();
    host_tick(0);
    struct ctx *c = host_running(0);
    const struct exo_upage *up = upage(1);
    CHECK(host_env(0) == 1 && c->pc == 0x401000 && up->busy == 1);
    CHECK(up->save.upcall == EXO_UP_EPILOGUE && up->save.epc == 0x400888);
    CHECK(up->save.sp == 0x7008 && up->save.scratch[0] == 88);
    EXPECT(CALL(slice_end), HOST_GONE);
    CHECK(host_env(0) == 2);
    CHECK(machine.env[1].excess < 2000); /* little: it was quick */
    run_until(1);
    CHECK(c->pc == 0x402000);
    CHECK(up->busy == 1 && up->save.epc == 0x400888); /* as the epilogue left it */
    EXPECT(CALL(exc_return), EXO_CALL_BASE + EXO_CALL_exc_return);
    CHECK(c->pc == 0x400888 && c->sp == 0x7008 && c->regs[8] == 88 && up->busy == 0);
}

EXO_TEST(grace_then_force_then_pay)
{
    with_epilogue();
    host_tick(0);
    CHECK(host_env(0) == 1 && host_running(0)->pc == 0x401000);
    host_advance(EXO_GRACE_CYCLES / 2);
    host_poll(0);
    CHECK(host_env(0) == 1); /* has its grace */
    host_tick(0);
    CHECK(host_env(0) == 2);
    CHECK(host_count_events(EXO_TRACE_FORCED) == 1);
    CHECK(machine.env[1].excess >= EXO_GRACE_CYCLES);
    run_until(1);
    CHECK(host_running(0)->pc == 0x401000); /* transparently */
    /* stays busy: every slice is overrun; in the end it had no more time than the other */
    for (int i = 0; i < 200; i++)
        host_tick(0);
    uint64_t mine = machine.env[1].cycles, others = machine.env[2].cycles;
    CHECK(host_count_events(EXO_TRACE_FORCED) > 10);
    CHECK(machine.env[1].excess < EXO_SLICE_CYCLES + EXO_GRACE_CYCLES + 5000);
    CHECK(mine < others + 2 * (EXO_SLICE_CYCLES + EXO_GRACE_CYCLES));
}

EXO_TEST(debt_costs_a_slice)
{
    boot(2);
    machine.env[1].excess = 2 * EXO_SLICE_CYCLES + 5;
    run_until(2);
    host_tick(0);
    CHECK(host_env(0) == 2); /* 1 skipped */
    host_tick(0);
    CHECK(host_env(0) == 2);
    host_tick(0);
    CHECK(host_env(0) == 1);
    CHECK(machine.env[1].excess < EXO_SLICE_CYCLES);
}

EXO_TEST(a_debtor_alone_still_runs)
{
    boot(1);
    machine.env[1].excess = 10 * EXO_SLICE_CYCLES;
    host_tick(0);
    CHECK(host_env(0) == 1);
    CHECK(machine.env[1].excess < 10 * EXO_SLICE_CYCLES);
}

EXO_TEST(critical_sections_defer)
{
    with_epilogue();
    upage(1)->critical = 1;
    host_tick(0);
    CHECK(host_env(0) == 1 && host_running(0)->pc == 0x400888);
    CHECK(upage(1)->missed == 1u << EXO_UP_EPILOGUE && upage(1)->busy == 0);
    upage(1)->critical = 0;
    upage(1)->missed = 0;
    EXPECT(CALL(slice_end), HOST_GONE); /* it noticed in time */
    CHECK(host_count_events(EXO_TRACE_FORCED) == 0);
    run_until(1);
    CHECK(host_running(0)->pc == 0x402000);
    host_running(0)->pc = 0x400900;
    upage(1)->busy = 1;
    host_tick(0);
    CHECK(host_env(0) == 1 && host_running(0)->pc == 0x400900);
    host_tick(0);
    CHECK(host_env(0) == 2 && host_count_events(EXO_TRACE_FORCED) == 1);
}

EXO_TEST(yield_next_and_directed)
{
    boot(3);
    EXPECT(CALL(yield, 0), 0); /* to itself */
    EXPECT(CALL(yield, 1), 0);
    EXPECT(CALL(yield, EXO_NENV), -EXO_EENV);
    EXPECT(CALL(yield, 9), -EXO_EENV);
    uint64_t end = cores[0].slice_end;
    EXPECT(CALL(yield, 3), HOST_GONE);
    CHECK(host_env(0) == 3 && cores[0].slice_end == end && cores[0].owner == 1);
    host_tick(0);
    CHECK(host_env(0) == 2); /* position after 1's */
    EXPECT(CALL(yield, (exo_word)-1), HOST_GONE);
    CHECK(host_env(0) == 3);
    EXPECT(CALL(yield, (exo_word)-1), HOST_GONE);
    CHECK(host_env(0) == 1);
    EXPECT((exo_sword)host_running(0)->regs[0], 0); /* its yield returned */
    make_child(9);
    EXPECT(CALL(yield, 9), -EXO_EENV); /* embryo */
    start_child(9, 50);
    EXPECT(CALL(slice_free, 0, 50, 0), 0);
    EXPECT(CALL(yield, 9), HOST_GONE); /* lives on others' time */
    CHECK(host_env(0) == 9);
}

EXO_TEST(yield_alone)
{
    boot(1);
    EXPECT(CALL(yield, (exo_word)-1), 0);
    EXPECT(CALL(slice_end), 0);
    CHECK(host_env(0) == 1);
}

EXO_TEST(freeing_the_own_slice)
{
    boot(2);
    EXPECT(CALL(slice_free, 0, 0, 0), 0);
    CHECK(host_env(0) == 1); /* until it ends */
    host_tick(0);
    CHECK(host_env(0) == 2);
    for (int i = 0; i < 5; i++) {
        host_tick(0);
        CHECK(host_env(0) == 2);
    }
    EXPECT(CALL(yield, 1), HOST_GONE);
    EXPECT(CALL(slice_alloc, 0, 0, 0, 0), 0);
}

EXO_TEST(nobody_can_ever_run)
{
    boot(1);
    EXPECT(CALL(slice_free, 0, 0, 0), 0);
    host_tick(0);
    CHECK(host.panicked && strstr(host.message, "deadlock") != NULL);
    host.panicked = false;
}

const struct rig_test exo_slice_tests[] = {RIG_ROW(alloc_and_free_errors),
                                           RIG_ROW(three_two_one),
                                           RIG_ROW(a_slice_is_as_long_as_it_says),
                                           RIG_ROW(without_epilogue_everything_is_kept),
                                           RIG_ROW(epilogue_and_prologue),
                                           RIG_ROW(grace_then_force_then_pay),
                                           RIG_ROW(debt_costs_a_slice),
                                           RIG_ROW(a_debtor_alone_still_runs),
                                           RIG_ROW(critical_sections_defer),
                                           RIG_ROW(yield_next_and_directed),
                                           RIG_ROW(yield_alone),
                                           RIG_ROW(freeing_the_own_slice),
                                           RIG_ROW(nobody_can_ever_run),
                                           RIG_END};
