// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_cores.c - several cores: nobody runs twice, deaths and revocations reach over. */
#include "exo_rig.h"

EXO_TEST(programs_spread_over_the_cores)
{
    boot_cores(3, 4);
    CHECK(host_env(0) == 1 && host_env(1) == 2 && host_env(2) == 3);
    CHECK(machine.slice[0][1] == 4);
    host_tick(0);
    CHECK(host_env(0) == 4);
}

EXO_TEST(nobody_runs_twice)
{
    boot_cores(2, 2);
    EXPECT(CALL(slice_alloc, 1, 9, 0, 0), 0); /* 1 has a slice on core 1 as well */
    host_tick(1);
    CHECK(host_env(0) == 1 && host_env(1) == 2);
    EXPECT(CALL(yield, 2), -EXO_EBUSY); /* runs over there */
    rig_core = 1;
    EXPECT(CALL(yield, 1), -EXO_EBUSY);
    rig_core = 0;
    struct exo_pred p = {.op = EXO_PRED_TIME,
                         .value = host.cycles + 10 * EXO_SLICE_CYCLES};
    put(HOST_DATA_VA, &p, sizeof p);
    EXPECT(CALL(sleep, HOST_DATA_VA, 1), HOST_GONE);
    CHECK(host_stop(0) == HOST_IDLE);
    host_advance(10 * EXO_SLICE_CYCLES);
    host_poll(1);
    CHECK(host_env(1) == 1 || host_env(0) == 1); /* whoever is first has it */
    host_poll(0);
    CHECK((host_env(0) == 1) + (host_env(1) == 1) == 1);
}

static void child_on_core_1(void)
{
    boot_cores(2, 1);
    CHECK(host_stop(1) == HOST_IDLE);
    make_child(3);
    give_upage(3);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_PC, HOST_CODE_VA), 0);
    EXPECT(CALL(slice_alloc, 1, 0, 3, 0), 0);
    EXPECT(CALL(env_run, 3, 0), 0);
    CHECK(host_pending(1)); /* the idle core is told */
    host_poll(1);
    CHECK(host_env(1) == 3);
}

EXO_TEST(destroy_over_there)
{
    child_on_core_1();
    struct balance before = balance();
    EXPECT(CALL(env_destroy, 3, 0, 9), 0);
    CHECK(state_of(3) == EXO_ENV_STATE_READY && envs[3].killed); /* not yet torn down */
    CHECK(host_pending(1));
    EXPECT(CALL(env_destroy, 3, 0, 9), -EXO_EENV);
    EXPECT(CALL(env_free, 3, 0), -EXO_EBUSY);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_UPAGE, 0), -EXO_EENV);
    EXPECT(CALL(slice_alloc, 0, 30, 3, 0), -EXO_EENV);
    host_poll(1);
    CHECK(host_stop(1) == HOST_IDLE && state_of(3) == EXO_ENV_STATE_DEAD);
    CHECK(machine.env[3].status == 9 && balance().frames > before.frames);
    EXPECT(CALL(env_free, 3, 0), 0);
}

EXO_TEST(its_last_call_is_not_done)
{
    child_on_core_1();
    EXPECT(CALL(cap_grant, 3, 0, 0, 0), 0);
    EXPECT(CALL(env_destroy, 3, 0, 9), 0);
    uint32_t f = free_frame();
    rig_core = 1;
    EXPECT(CALL(frame_alloc, f, 0), HOST_GONE);
    rig_core = 0;
    CHECK(state_of(3) == EXO_ENV_STATE_DEAD && machine.frame[f].type == EXO_FRAME_FREE);
}

EXO_TEST(fields_of_a_running_one_stay)
{
    child_on_core_1();
    uint32_t f = take_frame();
    EXPECT(CALL(frame_hold, f, 3, 0), 0);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_UPAGE, f), -EXO_EBUSY);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_EXCEPTION, 0x1000), -EXO_EBUSY);
    rig_core = 1;
    EXPECT(CALL(yield, (exo_word)-1), 0); /* alone there */
    rig_core = 0;
}

EXO_TEST(revocation_reaches_over)
{
    child_on_core_1();
    uint32_t f = take_frame();
    EXPECT(CALL(frame_hold, f, 3, 0), 0);
    EXPECT(bind(3, 0, FREE_VA | EXO_R | EXO_W, f, 0), 0);
    rig_core = 1;
    put(FREE_VA, "theirs", 6); /* now in core 1's TLB */
    rig_core = 0;
    EXPECT(CALL(frame_revoke, f, 3, 0, 0), 0);
    host_tick(0);
    CHECK(!frame_held(3, f));
    struct host_entry e[64];
    uint32_t n = host_entries(1, e, 64);
    for (uint32_t i = 0; i < n; i++)
        CHECK(e[i].frame != f);
    rig_core = 1;
    CHECK(!may_write(FREE_VA));
    rig_core = 0;
}

EXO_TEST(pct_to_another_core)
{
    boot_cores(2, 2);
    for (uint32_t i = 0; i < 2; i++) {
        rig_core = i;
        EXPECT(CALL(env_set, 0, 0, EXO_ENV_PCT, 0x410000), 0);
    }
    EXPECT(CALL(pct_wait, 0), HOST_GONE); /* 2, on core 1 */
    CHECK(host_stop(1) == HOST_IDLE);
    rig_core = 0;
    host_core[0].fp[0] = 77;
    EXPECT(CALL(pct_call, 2, 2, 5), HOST_GONE);
    CHECK(host_env(0) == 2 && host_core[0].fp[0] == 77); /* on the caller's core */
    CHECK(kernel_ctx[2].core == 0 &&
          kernel_ctx[2].kstack == (uintptr_t)(kernel_stacks + KERNEL_STACK_SIZE));
    host_tick(1);
    CHECK(host_stop(1) == HOST_IDLE); /* its own slice there: it runs elsewhere */
}

EXO_TEST(an_idle_core_looks_again)
{
    boot_cores(2, 2);
    rig_core = 1;
    struct exo_pred p = {.op = EXO_PRED_EQ, .va = HOST_DATA_VA + 64, .value = 9};
    put(HOST_DATA_VA, &p, sizeof p);
    EXPECT(CALL(sleep, HOST_DATA_VA, 1), HOST_GONE);
    CHECK(host_stop(1) == HOST_IDLE);
    uint64_t pa;
    uint32_t cause, nine = 9;
    CHECK(mmu_translate(&kernel_ctx[2], HOST_DATA_VA + 64, 0, &pa, &cause) == 0);
    memcpy(arch_phys(pa), &nine, 4); /* somebody else's store */
    host_tick(1);
    CHECK(host_env(1) == 2);
}

EXO_TEST(the_last_death_anywhere_ends_it)
{
    boot_cores(2, 2);
    EXPECT(CALL(env_exit, 4), HOST_GONE);
    CHECK(host_stop(0) == HOST_IDLE);
    rig_core = 1;
    EXPECT(CALL(env_exit, 5), HOST_GONE);
    CHECK(host.halted && host.status == 4);
}

const struct rig_test exo_cores_tests[] = {RIG_ROW(programs_spread_over_the_cores),
                                           RIG_ROW(nobody_runs_twice),
                                           RIG_ROW(destroy_over_there),
                                           RIG_ROW(its_last_call_is_not_done),
                                           RIG_ROW(fields_of_a_running_one_stay),
                                           RIG_ROW(revocation_reaches_over),
                                           RIG_ROW(pct_to_another_core),
                                           RIG_ROW(an_idle_core_looks_again),
                                           RIG_ROW(the_last_death_anywhere_ends_it),
                                           RIG_END};
