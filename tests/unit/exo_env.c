// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_env.c - environments: birth, fields, death and what it gives back. */
#include "exo_rig.h"

EXO_TEST(create_errors)
{
    boot(2);
    EXPECT(CALL(env_create, 0, 0), -EXO_EENV);
    EXPECT(CALL(env_create, EXO_NENV, 0), -EXO_EENV);
    EXPECT(CALL(env_create, (exo_word)-1, 0), -EXO_EENV);
    EXPECT(CALL(env_create, 3, 1), -EXO_ECAP);
    EXPECT(CALL(env_create, 3, EXO_NCAP), -EXO_ECAP);
    EXPECT(CALL(env_create, 1, 0), -EXO_EBUSY);
    EXPECT(CALL(env_create, 2, 0), -EXO_EBUSY);
    EXPECT(CALL(env_create, 3, 0), 0);
    EXPECT(CALL(env_create, 3, 0), -EXO_EBUSY);
    CHECK(state_of(3) == EXO_ENV_STATE_EMBRYO && machine.env[3].parent == 1);
    CHECK(machine.env[3].guard.len == 1 && machine.env[3].guard.byte[0] == 1);
    CHECK(machine.env[3].frames == 0 && envs[3].cap[0].len == EXO_NAME_NONE);
}

EXO_TEST(all_names_can_be_taken)
{
    boot(1);
    struct balance before = balance();
    for (uint32_t i = 2; i < EXO_NENV; i++)
        EXPECT(CALL(env_create, i, 0), 0);
    for (uint32_t i = 2; i < EXO_NENV; i++) {
        EXPECT(CALL(env_destroy, i, 0, i), 0);
        CHECK(machine.env[i].status == i);
        EXPECT(CALL(env_free, i, 0), 0);
    }
    CHECK(balanced(&before));
}

EXO_TEST(set_errors)
{
    boot(2);
    make_child(3);
    EXPECT(CALL(env_set, 4, 0, EXO_ENV_PC, 0), -EXO_EENV);
    EXPECT(CALL(env_set, 3, 1, EXO_ENV_PC, 0), -EXO_ECAP);
    EXPECT(CALL(env_set, 2, 0, EXO_ENV_EXCEPTION, 0), -EXO_EPERM);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_FIELDS, 0), -EXO_EINVAL);
    EXPECT(CALL(env_set, 3, 0, (exo_word)-1, 0), -EXO_EINVAL);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_PC, 0x400000), -EXO_EENV); /* runs already */
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_SP, 0), -EXO_EENV);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_ARG, 0), -EXO_EENV);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_PC, arch_va_end), -EXO_EVA);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_EXCEPTION, arch_va_end), -EXO_EVA);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_REVOKE, (exo_word)-1), -EXO_EVA);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_ARG, (exo_word)-1), 0); /* any word */
    CHECK(kernel_ctx[3].regs[1] == (exo_word)-1);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_SP, 0x1000), 0);
    CHECK(kernel_ctx[3].sp == 0x1000);
    EXPECT(CALL(env_set, 0, 15, EXO_ENV_EXCEPTION, 0x1000),
           0); /* itself: no capability */
    CHECK(kernel_ctx[1].exc_entry == 0x1000 && kernel_ctx[1].save == kernel_ctx[1].upage);
    EXPECT(CALL(env_set, 0, 15, EXO_ENV_EXCEPTION, 0), 0);
    CHECK(kernel_ctx[1].save != kernel_ctx[1].upage);
}

EXO_TEST(set_upage)
{
    boot(2);
    make_child(3);
    uint32_t f = take_frame(), old = machine.env[1].upage_frame;
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_UPAGE, machine.nframes), -EXO_EFRAME);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_UPAGE, free_frame()), -EXO_EFRAME);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_UPAGE, machine.kinfo->export_frame), -EXO_EFRAME);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_UPAGE, f), -EXO_ENOTHELD);
    EXPECT(CALL(env_set, 0, 1, EXO_ENV_UPAGE, f), -EXO_ECAP);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_UPAGE, f), 0);
    CHECK(machine.env[1].upage_frame == f && machine.frame[f].pins == 1);
    CHECK(machine.frame[old].pins == 0);
    EXPECT(CALL(frame_free, f), -EXO_EBUSY);
    EXPECT(CALL(frame_free, old), 0);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_UPAGE, f), 0); /* again: still one pin */
    CHECK(machine.frame[f].pins == 1);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_UPAGE, 0), 0);
    CHECK(machine.env[1].upage_frame == 0 && kernel_ctx[1].upage == 0);
    EXPECT(CALL(frame_free, f), 0);
    EXPECT(CALL(exc_return), -EXO_EINVAL); /* there is no save area */
}

EXO_TEST(run_errors)
{
    boot(2);
    make_child(3);
    EXPECT(CALL(env_run, 4, 0), -EXO_EENV);
    EXPECT(CALL(env_run, 3, 1), -EXO_ECAP);
    EXPECT(CALL(env_run, 2, 0), -EXO_EPERM);
    EXPECT(CALL(env_run, 0, 0), -EXO_EENV);
    start_child(3, 20);
    CHECK(state_of(3) == EXO_ENV_STATE_READY);
    EXPECT(CALL(env_run, 3, 0), -EXO_EENV);
    run_until(3);
    CHECK(host_running(0)->pc == HOST_CODE_VA);
}

EXO_TEST(destroy_and_free_errors)
{
    boot(2);
    make_child(3);
    EXPECT(CALL(env_destroy, 4, 0, 0), -EXO_EENV);
    EXPECT(CALL(env_destroy, 2, 0, 0), -EXO_EPERM);
    EXPECT(CALL(env_destroy, 3, 1, 0), -EXO_ECAP);
    EXPECT(CALL(env_free, 3, 0), -EXO_EENV); /* alive */
    EXPECT(CALL(env_free, 1, 0), -EXO_EENV);
    EXPECT(CALL(env_free, 0, 0), -EXO_EENV);
    EXPECT(CALL(env_free, EXO_NENV, 0), -EXO_EENV);
    EXPECT(CALL(env_destroy, 3, 0, 7), 0);
    CHECK(state_of(3) == EXO_ENV_STATE_DEAD && machine.env[3].status == 7);
    EXPECT(CALL(env_destroy, 3, 0, 8), -EXO_EENV);
    EXPECT(CALL(env_run, 3, 0), -EXO_EENV);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_PC, 0), -EXO_EENV);
    run_until(2);
    EXPECT(CALL(env_free, 3, 0), -EXO_EPERM);
    EXPECT(CALL(env_free, 3, 1), -EXO_ECAP);
    run_until(1);
    EXPECT(CALL(env_free, 3, 15), 0); /* the parent needs no capability */
    CHECK(state_of(3) == EXO_ENV_STATE_FREE);
    EXPECT(CALL(env_free, 3, 0), -EXO_EENV);
}

/* A freed parent's name must not give its next owner power over the old one's children. */
EXO_TEST(a_parents_name_is_not_its_authority)
{
    boot(2);
    make_child(3);
    give_upage(3);
    EXPECT(CALL(cap_grant, 3, 0, 0, 0), 0);
    start_child(3, 20);
    run_until(3);
    EXPECT(CALL(env_create, 4, 0), 0);
    EXPECT(CALL(env_destroy, 4, 0, 0), 0);
    EXPECT(CALL(env_exit, 0), HOST_GONE);
    run_until(1);
    CHECK(machine.env[4].parent == 3);
    EXPECT(CALL(env_free, 3, 0), 0);
    CHECK(machine.env[4].parent == 0);
    run_until(2);
    EXPECT(CALL(env_create, 3, 0), 0); /* takes the name */
    EXPECT(CALL(cap_grant, 3, 0, 0, 0), 0);
    start_child(3, 21);
    run_until(3);
    EXPECT(CALL(env_free, 4, 0), -EXO_EPERM);
    run_until(1);
    EXPECT(CALL(env_free, 4, 0), 0); /* dominates its guard */
}

EXO_TEST(death_releases_everything)
{
    boot(2);
    struct balance before = balance();
    make_child(3);
    give_upage(3);
    EXPECT(CALL(cap_grant, 3, 0, 0, 0), 0);
    EXPECT(CALL(cap_grant, 3, 0, 0, 9), 0);
    uint32_t shared = take_frame();
    EXPECT(CALL(frame_hold, shared, 3, 0), 0);
    EXPECT(bind(3, 0, FREE_VA | EXO_R | EXO_W, shared, 0), 0);
    EXPECT(CALL(slice_alloc, 0, 40, 3, 0), 0);
    start_child(3, 41);
    run_until(3);
    put(FREE_VA, "child", 6);
    for (int i = 0; i < 20; i++)
        take_frame();
    EXPECT(CALL(env_exit, 42), HOST_GONE);
    CHECK(state_of(3) == EXO_ENV_STATE_DEAD && machine.env[3].status == 42);
    CHECK(host_count_events(EXO_TRACE_DEATH) == 1);
    run_until(1);
    CHECK(machine.slice[0][40] == 0 && machine.slice[0][41] == 0);
    CHECK(machine.frame[shared].holders == 1);
    EXPECT(CALL(frame_free, shared), 0);
    EXPECT(CALL(env_free, 3, 0), 0);
    CHECK(balanced(&before));
}

EXO_TEST(a_new_life_starts_clean)
{
    boot(1);
    make_child(3);
    give_upage(3);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_EXCEPTION, 0x1000), 0);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_EPILOGUE, 0x1000), 0);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_PCT, 0x1000), 0);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_ARG, 99), 0);
    EXPECT(CALL(env_destroy, 3, 0, 1), 0);
    EXPECT(CALL(env_free, 3, 0), 0);
    EXPECT(CALL(env_create, 3, 0), 0);
    const struct ctx *c = &kernel_ctx[3];
    CHECK(c->exc_entry == 0 && c->pct_entry == 0 && c->upage == 0 && c->regs[1] == 0);
    CHECK(envs[3].epilogue == 0 && machine.env[3].status == 0 &&
          machine.env[3].cycles == 0);
}

EXO_TEST(the_machine_halts_with_the_first_status)
{
    boot(2);
    EXPECT(CALL(env_exit, 5), HOST_GONE);
    CHECK(host_env(0) == 2);
    EXPECT(CALL(env_exit, 6), HOST_GONE);
    CHECK(host.halted && host.status == 5);
}

EXO_TEST(embryos_and_waiters_do_not_keep_it_on)
{
    boot(2);
    EXPECT(CALL(env_create, 9, 0), 0);
    run_until(2);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_PCT, 0x1000), 0);
    EXPECT(CALL(pct_wait, 0), HOST_GONE);
    CHECK(host_env(0) == 1);
    EXPECT(CALL(env_exit, 3), HOST_GONE);
    CHECK(host.halted && host.status == 3);
}

EXO_TEST(abort_reports)
{
    boot(1);
    struct exo_save save = {.epc = 0x1234, .sp = 0x5678, .badvaddr = 0x9abc, .cause = 4};
    EXPECT(CALL(env_abort, arch_va_end), -EXO_EFAULT);
    EXPECT(CALL(env_abort, (exo_word)-8), -EXO_EFAULT);
    EXPECT(CALL(env_abort, 0x600000), -EXO_EFAULT); /* nothing there, no handler */
    uint64_t at = HOST_DATA_VA + 0x1000 - sizeof save - 16; /* nearly at the page's end */
    put(at, &save, sizeof save);
    EXPECT(CALL(env_abort, at), HOST_GONE);
    CHECK(host.reports == 1 && host.report.env == 1 && host.report.epc == 0x1234);
    CHECK(host.report.badvaddr == 0x9abc && host.report.sp == 0x5678 &&
          host.report.cause == 4);
    CHECK(strcmp(host.report.program, "program1") == 0);
    CHECK(host.halted && host.status == EXO_STATUS_DIED);
}

const struct rig_test exo_env_tests[] = {RIG_ROW(create_errors),
                                         RIG_ROW(all_names_can_be_taken),
                                         RIG_ROW(set_errors),
                                         RIG_ROW(set_upage),
                                         RIG_ROW(run_errors),
                                         RIG_ROW(destroy_and_free_errors),
                                         RIG_ROW(a_parents_name_is_not_its_authority),
                                         RIG_ROW(death_releases_everything),
                                         RIG_ROW(a_new_life_starts_clean),
                                         RIG_ROW(the_machine_halts_with_the_first_status),
                                         RIG_ROW(embryos_and_waiters_do_not_keep_it_on),
                                         RIG_ROW(abort_reports),
                                         RIG_END};
