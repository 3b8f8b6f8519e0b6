// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_trap.c - what goes up to the environment, how, and what it dies of; call numbers. */
#include "exo_rig.h"

#define HANDLER 0x401000u

static struct ctx *with_handler(void)
{
    boot(2);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_EXCEPTION, HANDLER), 0);
    struct ctx *c = host_running(0);
    c->pc = 0x400100;
    c->sp = 0x7100;
    for (unsigned i = 0; i < EXO_NSCRATCH; i++)
        c->regs[8 + i] = 80 + i;
    c->regs[20] = 2020;
    return c;
}

EXO_TEST(exceptions_go_up)
{
    static const uint32_t causes[] = {
        M_CAUSE_ILLEGAL, M_CAUSE_BREAK, M_CAUSE_UNALIGNED, M_CAUSE_ARITH,
        M_CAUSE_BUS,     M_CAUSE_FP,    M_CAUSE_PAGE,      M_CAUSE_PROT | 1u << 8};
    struct ctx *c = with_handler();
    struct exo_upage *up = upage(1);
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        c->pc = 0x400100;
        host_trap(0, causes[i], 0x600123);
        CHECK(host_running(0) == c && c->pc == HANDLER && c->sp == 0x7100);
        CHECK(up->busy == 1 && up->save.epc == 0x400100 && up->save.sp == 0x7100);
        CHECK(up->save.cause == causes[i] && up->save.badvaddr == 0x600123);
        CHECK(up->save.upcall == EXO_UP_EXCEPTION && up->save.scratch[3] == 83);
        CHECK(c->regs[20] == 2020);
        up->save.epc += 8; /* skip it */
        up->save.scratch[1] = 1;
        CALL(exc_return);
        CHECK(c->pc == 0x400108 && c->regs[9] == 1 && c->regs[10] == 82 && up->busy == 0);
        c->regs[9] = 81;
    }
}

EXO_TEST(a_delay_slot_bit_passes)
{
    with_handler();
    host_trap(0, M_CAUSE_ARITH | M_CAUSE_BD, 0);
    CHECK(upage(1)->save.cause == (M_CAUSE_ARITH | M_CAUSE_BD));
}

EXO_TEST(an_unknown_cause_goes_up_too)
{
    struct ctx *c = with_handler();
    host_trap(0, 77, 0);
    CHECK(c->pc == HANDLER && upage(1)->save.cause == 77);
}

EXO_TEST(foreign_calls_go_up)
{
    struct ctx *c = with_handler();
    static const uint64_t numbers[] = {0,
                                       64,
                                       EXO_CALL_BASE - 1,
                                       EXO_CALL_BASE + EXO_CALL_MAX,
                                       ~0ull,
                                       1ull << 32 | EXO_CALL_BASE};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        c->regs[0] = numbers[i];
        c->pc = 0x400104;
        host_trap(0, M_CAUSE_SYSCALL, 0);
        CHECK(c->pc == HANDLER && upage(1)->save.cause == M_CAUSE_SYSCALL);
        CHECK(upage(1)->save.epc == 0x400104 && c->regs[0] == numbers[i]);
        CALL(exc_return);
    }
}

EXO_TEST(call_numbers)
{
    boot(1);
    EXPECT(rig_call(EXO_CALL_MAX - 1, (const exo_word[6]){0}), -EXO_ENOCALL);
    EXPECT(rig_call(63, (const exo_word[6]){0}), -EXO_ENOCALL);
    EXPECT(CALL(null), 0);
    static const struct {
        uint32_t first, last;
    } kinds[] = {{EXO_CALL_tlb_write, EXO_CALL_tlb_protect},
                 {EXO_CALL_hpt_insert, EXO_CALL_hpt_table},
                 {EXO_CALL_pt_root, EXO_CALL_pt_read},
                 {EXO_CALL_region_set, EXO_CALL_region_read}};
    for (uint32_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        for (uint32_t n = kinds[i].first; n <= kinds[i].last; n++)
            if (n < host_mmu_calls.first || n > host_mmu_calls.last)
                EXPECT(rig_call(n, (const exo_word[6]){0}), -EXO_ENODEVCALL);
}

static void dies_of(uint32_t cause)
{
    CHECK(host_env(0) == 2 && state_of(1) == EXO_ENV_STATE_DEAD);
    CHECK(machine.env[1].status == EXO_STATUS_DIED);
    CHECK(host.reports == 1 && host.report.env == 1 && host.report.cause == cause);
    CHECK(strcmp(host.report.program, "program1") == 0);
    host_tick(0);
    CHECK(host_env(0) == 2); /* the rest of the machine goes on */
    EXPECT(CALL(env_exit, 0), HOST_GONE);
    CHECK(host.halted && host.status == EXO_STATUS_DIED);
}

EXO_TEST(no_handler_is_death)
{
    boot(2);
    host_running(0)->pc = 0x400200;
    host_trap(0, M_CAUSE_ILLEGAL, 0);
    CHECK(host.report.epc == 0x400200);
    dies_of(M_CAUSE_ILLEGAL);
}

EXO_TEST(double_fault_is_death)
{
    with_handler();
    host_trap(0, M_CAUSE_ILLEGAL, 0);
    CHECK(host_env(0) == 1);
    host_trap(0, M_CAUSE_ARITH, 0);
    dies_of(M_CAUSE_ARITH);
}

EXO_TEST(no_upage_is_death)
{
    with_handler();
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_UPAGE, 0), 0);
    host_trap(0, M_CAUSE_BREAK, 0);
    dies_of(M_CAUSE_BREAK);
}

EXO_TEST(copied_away_is_free_again)
{
    struct ctx *c = with_handler();
    host_trap(0, M_CAUSE_ILLEGAL, 0);
    upage(1)->busy = 0; /* the handler has copied save */
    host_trap(0, M_CAUSE_ARITH, 0);
    CHECK(host_running(0) == c && upage(1)->save.epc == HANDLER);
}

/* Bad pointers: the fault is the environment's, the call is made again. */
EXO_TEST(faults_of_calls_are_retried)
{
    struct ctx *c = with_handler();
    struct exo_upage *up = upage(1);
    c->pc = 0x400100;
    EXPECT(CALL(console_write, FREE_VA + 5, 3), EXO_CALL_BASE + EXO_CALL_console_write);
    CHECK(c->pc == HANDLER && up->save.epc == 0x400100 &&
          up->save.badvaddr == FREE_VA + 5);
    CHECK(c->regs[1] == FREE_VA + 5 && c->regs[2] == 3); /* arguments intact */
    CHECK(((up->save.cause >> M_CAUSE_ACCESS_SHIFT) & 3) == 0);
    uint32_t f = take_frame();
    EXPECT(bind(0, 0, FREE_VA | EXO_R, f, 0), 0);
    CALL(exc_return);
    CHECK(c->pc == 0x400100);
    EXPECT(CALL(console_write, FREE_VA + 5, 3), 3);
    c->pc = 0x400100;
    host.in = "abc";
    host.in_len = 3;
    CALL(console_read, FREE_VA, 3); /* mapped read-only */
    CHECK(c->pc == HANDLER && (up->save.cause & M_CAUSE_CODE) == M_CAUSE_PROT);
    CHECK(((up->save.cause >> M_CAUSE_ACCESS_SHIFT) & 3) == 1 && host.in_len == 3);
    EXPECT(CALL(console_read, FREE_VA, 3), -EXO_EFAULT); /* busy: cannot be delivered */
    CHECK(state_of(1) == EXO_ENV_STATE_READY);
}

EXO_TEST(exc_return_goes_anywhere)
{
    struct ctx *c = with_handler();
    upage(1)->save = (struct exo_save){.epc = ~0ull, .sp = 1, .scratch = {1, 2, 3, 4}};
    CALL(exc_return);
    CHECK(c->pc == ~0ull && c->sp == 1 && c->regs[11] == 4);
    host_trap(0, M_CAUSE_PAGE | 2u << 8, ~0ull); /* and faults there */
    CHECK(c->pc == HANDLER && upage(1)->save.epc == ~0ull);
}

const struct rig_test exo_trap_tests[] = {RIG_ROW(exceptions_go_up),
                                          RIG_ROW(a_delay_slot_bit_passes),
                                          RIG_ROW(an_unknown_cause_goes_up_too),
                                          RIG_ROW(foreign_calls_go_up),
                                          RIG_ROW(call_numbers),
                                          RIG_ROW(no_handler_is_death),
                                          RIG_ROW(double_fault_is_death),
                                          RIG_ROW(no_upage_is_death),
                                          RIG_ROW(copied_away_is_free_again),
                                          RIG_ROW(faults_of_calls_are_retried),
                                          RIG_ROW(exc_return_goes_anywhere),
                                          RIG_END};
