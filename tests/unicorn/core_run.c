// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * core_run.c - whole programs on a core: the same counts, trace and result however it is run.
 */
#include "core_test.h"
#include <string.h>

struct outcome outcome_of(struct rig *r)
{
    struct outcome o = {.stop = rig_run(r)};
    struct hw_cpu_stats s = rig_stats(r);
    o.status = r->exit.status;
    o.hash = r->hash;
    o.cycles = rig_cycles(r);
    o.user = s.user;
    o.lib = s.lib;
    o.kernel = s.kernel;
    o.misses = r->misses;
    o.log = *rig_log(r);
    o.irqs = o.log.irqs;
    if (o.stop != HW_STOP_HALT)
        printf("  %s: stop %d: %s (pc 0x%llx)\n", test_isa, (int)o.stop, r->exit.message,
               (unsigned long long)r->exit.pc);
    return o;
}

static struct outcome run_again(struct rig *r, const struct rig_config *conf)
{
    rig_again(r, conf);
    return outcome_of(r);
}

bool same(const struct outcome *a, const struct outcome *b, const char *what)
{
    if (a->stop == b->stop && a->status == b->status && a->cycles == b->cycles &&
        a->user == b->user && a->lib == b->lib && a->kernel == b->kernel &&
        a->hash == b->hash && a->misses == b->misses &&
        memcmp(&a->log, &b->log, sizeof a->log) == 0)
        return true;
    printf("  %s: cycles %llu not %llu, user %llu not %llu, kernel %llu not %llu, misses "
           "%llu not "
           "%llu, trace %s\n",
           what, (unsigned long long)b->cycles, (unsigned long long)a->cycles,
           (unsigned long long)b->user, (unsigned long long)a->user,
           (unsigned long long)b->kernel, (unsigned long long)a->kernel,
           (unsigned long long)b->misses, (unsigned long long)a->misses,
           a->hash == b->hash ? "same" : "differs");
    return false;
}

static struct rig_config config(const char *program)
{
    return (struct rig_config){.isa = test_isa, .program = program};
}

static void test_runs(void)
{
    struct rig_config conf = config("mix");
    struct rig *r = rig_new(&conf);
    struct outcome a = outcome_of(r), b = run_again(r, &conf);
    CU_ASSERT_EQUAL(a.stop, HW_STOP_HALT);
    CU_ASSERT_EQUAL(a.log.n, 1);
    CU_ASSERT(a.user > 2000);
    CU_ASSERT(same(&a, &b, "again"));
#if defined(__x86_64__) && defined(__linux__)
    CU_ASSERT(rig_inlined(r) > 20); /* blocks count themselves on this host */
#endif
    rig_free(r);
    printf("[%llu user, %llu kernel, status %u] ", (unsigned long long)a.user,
           (unsigned long long)a.kernel, a.status);
}

/* Single instructions, odd steps, snapshots, flush noise, and counting by callback: nothing the
 * guest or the trace sees. */
static void steps_of(const char *program, bool writable)
{
    static const uint64_t steps[] = {1, 2, 3, 7, 61, 1000};
    struct rig_config conf = config(program);
    conf.tlb = 3;
    conf.irq_at = 500;
    conf.irq_every = 777;
    conf.millicycles = 1300;
    conf.trap_cycles = 17;
    conf.writable_text = writable;
    struct rig *r = rig_new(&conf);
    struct outcome a = outcome_of(r);
    CU_ASSERT_EQUAL(a.stop, HW_STOP_HALT);
    for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
        for (unsigned how = 0; how < 8; how++) {
            struct rig_config c = conf;
            c.step = steps[i];
            c.snapshot = how & 1;
            c.noise = how & 2 ? 3 : 0;
            c.plain = how & 4;
            struct outcome b = run_again(r, &c);
            CU_ASSERT(same(&a, &b, program));
        }
    }
    rig_free(r);
}

static void test_steps(void)
{
    steps_of("mix", false);
}

static void test_steps_time(void)
{
    steps_of("time", false);
}

static void test_steps_fp(void)
{
    steps_of("fp", false);
}

/* A stop at each cycle of the run, one at a time: the engine goes on from there in blocks. */
static void test_stop_everywhere(void)
{
    struct rig_config conf = config("mix");
    conf.tlb = 4;
    struct rig *r = rig_new(&conf);
    struct outcome a = outcome_of(r);
    unsigned wrong = 0;
    for (uint64_t at = 1; at < a.cycles && wrong < 5; at++) {
        conf.stop_at = at;
        struct outcome b = run_again(r, &conf);
        if (!same(&a, &b, "stopped"))
            wrong++;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    rig_free(r);
}

/* An interrupt at each cycle: the program does and counts the same. */
static void test_interrupt_everywhere(void)
{
    struct rig_config conf = config("mix");
    struct rig *r = rig_new(&conf);
    struct outcome a = outcome_of(r);
    unsigned wrong = 0, taken = 0;
    for (uint64_t at = 1; at < a.cycles && wrong < 5; at++) {
        conf.irq_at = at;
        struct outcome b = run_again(r, &conf);
        taken += b.irqs == 1;
        if (b.stop != HW_STOP_HALT || b.status != a.status || b.user != a.user ||
            memcmp(&a.log.entry, &b.log.entry, sizeof a.log.entry) != 0) {
            printf("  interrupt at %llu: stop %d status %u user %llu not %llu\n",
                   (unsigned long long)at, (int)b.stop, b.status,
                   (unsigned long long)b.user, (unsigned long long)a.user);
            wrong++;
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(taken > a.cycles * 3 / 4);
    rig_free(r);
}

/* A program that exits 0 if what it is about holds. */
static struct outcome exits_zero(const char *program, const struct rig_config *with)
{
    struct rig_config conf = *with;
    conf.isa = test_isa;
    conf.program = program;
    struct rig *r = rig_new(&conf);
    struct outcome o = outcome_of(r);
    CU_ASSERT_EQUAL(o.stop, HW_STOP_HALT);
    CU_ASSERT_EQUAL(o.status, 0);
    if (o.status != 0)
        printf("  %s: part %u\n", program, o.status);
    rig_free(r);
    return o;
}

static void test_fp(void)
{
    exits_zero("fp", &(struct rig_config){.step = 0});
}

static void test_window(void)
{
    struct rig_config conf = config("window");
    struct rig *r = rig_new(&conf);
    rig_map(r, USER_BASE + 0x10000000, USER_PA, RIG_R | RIG_X, true);
    struct outcome a = outcome_of(r);
    CU_ASSERT_EQUAL(a.stop, HW_STOP_HALT);
    CU_ASSERT_EQUAL(a.status, 0);
    CU_ASSERT(a.lib > 1000);
    CU_ASSERT(a.user - a.lib < 40); /* the same leaf, and a few around it */
    conf.step = 5;
    rig_again(r, &conf);
    rig_map(r, USER_BASE + 0x10000000, USER_PA, RIG_R | RIG_X, true);
    struct outcome b = outcome_of(r);
    CU_ASSERT(same(&a, &b, "window"));
    rig_free(r);
}

CU_TestInfo core_run_tests[] = {
    {"a program runs, twice the same", test_runs},
    {"stops, snapshots, flushes and callbacks change nothing", test_steps},
    {"nor what user code reads of time", test_steps_time},
    {"nor the FP registers", test_steps_fp},
    {"a stop at every instruction changes nothing", test_stop_everywhere},
    {"an interrupt at every instruction", test_interrupt_everywhere},
    {"the kernel's window to the FP registers", test_fp},
    {"the library window", test_window},
    CU_TEST_INFO_NULL};
