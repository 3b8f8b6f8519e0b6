// SPDX-License-Identifier: GPL-2.0-or-later
/* core_stops.c - how a run ends: halts, panics, deaths, idleness, deadlines, broken models. */
#include "core_test.h"
#include <string.h>

static struct rig *stopped(unsigned choice, uint32_t argument, enum hw_stop want)
{
    struct rig_config conf = {.isa = test_isa, .program = "stops", .limit = 100000};
    struct rig *r = rig_new(&conf);
    rig_map(r, LOG_VA, LOG_BASE, RIG_R, true);
    rig_log(r)->choice = choice;
    rig_log(r)->argument = argument;
    enum hw_stop stop = rig_run(r);
    CU_ASSERT_EQUAL(stop, want);
    if (stop != want)
        printf("  choice %u: stop %d: %s\n", choice, (int)stop, r->exit.message);
    return r;
}

static void test_halt(void)
{
    struct rig *r = stopped(0, 0, HW_STOP_HALT);
    CU_ASSERT_EQUAL(r->exit.status, 42);
    CU_ASSERT(r->exit.in_kernel);
    rig_free(r);
    r = stopped(CHOICE_HALT, 0, HW_STOP_HALT);
    CU_ASSERT_EQUAL(r->exit.status, 300 % 256);
    rig_free(r);
}

static void test_deaths(void)
{
    static const struct {
        unsigned choice;
        const char *text;
    } death[] = {{CHOICE_PAGE_ZERO, "kernel bus error: write in page 0x0 "},
                 {CHOICE_NO_RAM, "kernel bus error: write in page 0x6ffff000 "},
                 {CHOICE_NO_VECTOR, "no vector"}};
    for (unsigned i = 0; i < 3; i++) {
        struct rig *r = stopped(death[i].choice, 0, HW_STOP_DEAD);
        CU_ASSERT_PTR_NOT_NULL(strstr(r->exit.message, death[i].text));
        if (!strstr(r->exit.message, death[i].text))
            printf("  %s\n", r->exit.message);
        CU_ASSERT(r->exit.in_kernel);
        CU_ASSERT_EQUAL(r->ops->run(r->cpu, UINT64_MAX, &r->exit), HW_STOP_DEAD);
        rig_free(r);
    }
}

/* The message lies in guest memory and need not end there, nor be text. */
static void test_panic(void)
{
    struct rig_config conf = {.isa = test_isa, .program = "stops"};
    static const uint32_t at[] = {RIG_RAM - 4, RIG_RAM, 0xfffffff0u};
    for (unsigned i = 0; i < 3; i++) {
        struct rig *r = rig_new(&conf);
        rig_map(r, LOG_VA, LOG_BASE, RIG_R, true);
        rig_log(r)->choice = CHOICE_PANIC;
        rig_log(r)->argument = at[i];
        memcpy(r->ram + RIG_RAM - 4, "no\n\xff", 4);
        CU_ASSERT_EQUAL(rig_run(r), HW_STOP_PANIC);
        CU_ASSERT_STRING_EQUAL(r->exit.message, i == 0 ? "no??" : "");
        rig_free(r);
    }
}

static void test_wait(void)
{
    struct rig *r = stopped(CHOICE_WAIT, 0, HW_STOP_WAIT);
    uint64_t then = rig_cycles(r);
    CU_ASSERT_EQUAL(r->ops->run(r->cpu, UINT64_MAX, &r->exit), HW_STOP_WAIT);
    CU_ASSERT_EQUAL(rig_cycles(r), then);
    r->ops->set_cycles(r->cpu, then + 1000);
    r->ops->set_irq(r->cpu, true);
    CU_ASSERT_EQUAL(rig_run(r), HW_STOP_HALT);
    CU_ASSERT_EQUAL(r->exit.status, 42);
    CU_ASSERT(rig_cycles(r) > then + 1000);
    CU_ASSERT_EQUAL(rig_log(r)->irqs, 1);
    rig_free(r);
}

static void test_ipi(void)
{
    struct rig *r = stopped(CHOICE_IPI, 0, HW_STOP_HALT);
    CU_ASSERT_EQUAL(r->exit.status, 42);
    CU_ASSERT_EQUAL(rig_stats(r).traps[HW_CAUSE_IRQ], 1);
    rig_free(r);
}

static void test_guest_error(void)
{
    struct rig *r = stopped(CHOICE_NO_REGISTER, 0, HW_STOP_HALT);
    CU_ASSERT_PTR_NOT_NULL(strstr(r->guest_error, "0x400"));
    rig_free(r);
}

/* A loop without end stops at the very cycle. */
static void test_deadline(void)
{
    struct rig *r = stopped(CHOICE_LOOP, 0, HW_STOP_DEADLINE);
    CU_ASSERT(rig_cycles(r) >= 100000 && rig_cycles(r) <= 100001);
    CU_ASSERT_FALSE(r->exit.in_kernel);
    rig_free(r);
}

/* An MMU model that says yes and never means it does not hang the host. */
static int lying_miss(void *mmu, uint64_t va, enum hw_access access, uint64_t *cycles)
{
    (void)mmu, (void)va, (void)access, (void)cycles;
    return 0;
}

static void test_lying_mmu(void)
{
    struct rig_config conf = {.isa = test_isa, .program = "stops"};
    struct rig *r = rig_new(&conf);
    struct hw_mmu_ops lying = *r->mmu;
    lying.miss = lying_miss;
    r->nmaps = 0;
    rig_set_mmu(r, &lying);
    CU_ASSERT_EQUAL(rig_run(r), HW_STOP_DEAD);
    CU_ASSERT_PTR_NOT_NULL(strstr(r->exit.message, "MMU model"));
    rig_free(r);
}

CU_TestInfo core_stop_tests[] = {{"halt and its status", test_halt},
                                 {"deaths say what happened", test_deaths},
                                 {"panic messages", test_panic},
                                 {"idle until an interrupt", test_wait},
                                 {"an interrupt to itself", test_ipi},
                                 {"a register that is not there", test_guest_error},
                                 {"a deadline in an endless loop", test_deadline},
                                 {"an MMU that lies", test_lying_mmu},
                                 CU_TEST_INFO_NULL};
