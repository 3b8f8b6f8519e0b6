// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * core_run.c - whole programs on a core: the same counts, trace and result however it is run.
 */
#include "core_test.h"
#include <string.h>

struct outcome {
    enum hw_stop stop;
    uint32_t status;
    uint64_t hash, cycles, user, lib, kernel, misses;
    struct guest_log log;
};

static struct outcome run(const struct rig_config *conf)
{
    struct rig *r = rig_new(conf);
    struct outcome o = {0};
    o.stop = rig_run(r);
    struct hw_cpu_stats s = rig_stats(r);
    o.status = r->exit.status;
    o.hash = r->hash;
    o.cycles = rig_cycles(r);
    o.user = s.user;
    o.lib = s.lib;
    o.kernel = s.kernel;
    o.misses = r->misses;
    o.log = *rig_log(r);
    if (o.stop != HW_STOP_HALT)
        printf("  %s: stop %d: %s (pc 0x%llx)\n", conf->isa, o.stop, r->exit.message,
               (unsigned long long)r->exit.pc);
    if (o.stop != HW_STOP_HALT && o.log.n > 0 && o.log.n <= LOG_MAX) {
        const struct log_entry *l = &o.log.entry[o.log.n - 1];
        printf("  last logged: cause 0x%x epc 0x%llx badvaddr 0x%llx\n", l->cause,
               (unsigned long long)l->epc, (unsigned long long)l->badvaddr);
    }
    rig_free(r);
    return o;
}

static bool same(const struct outcome *a, const struct outcome *b)
{
    return a->stop == b->stop && a->status == b->status && a->cycles == b->cycles &&
           a->user == b->user && a->kernel == b->kernel && a->hash == b->hash &&
           a->misses == b->misses && memcmp(&a->log, &b->log, sizeof a->log) == 0;
}

static struct rig_config mix(void)
{
    return (struct rig_config){.isa = test_isa, .program = "mix"};
}

static void test_runs(void)
{
    struct rig_config conf = mix();
    struct outcome a = run(&conf), b = run(&conf);
    CU_ASSERT_EQUAL(a.stop, HW_STOP_HALT);
    CU_ASSERT_EQUAL(a.log.n, 1);
    CU_ASSERT(a.user > 2000);
    CU_ASSERT(same(&a, &b));
    printf("[%s: %llu user, %llu kernel, status %u] ", test_isa,
           (unsigned long long)a.user, (unsigned long long)a.kernel, a.status);
}

/* Single instructions, odd steps, snapshots, flush noise: nothing the guest or trace sees. */
static void test_steps(void)
{
    static const uint64_t steps[] = {1, 2, 3, 7, 61, 1000};
    struct rig_config conf = mix();
    conf.tlb = 3;
    conf.irq_at = 500;
    conf.irq_every = 777;
    struct outcome a = run(&conf);
    CU_ASSERT_EQUAL(a.stop, HW_STOP_HALT);
    CU_ASSERT(a.log.irqs >= 2);
    for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++) {
        for (unsigned how = 0; how < 4; how++) {
            struct rig_config c = conf;
            c.step = steps[i];
            c.snapshot = how & 1;
            c.noise = how & 2 ? 3 : 0;
            struct outcome b = run(&c);
            if (!same(&a, &b))
                printf("  step %llu how %u: cycles %llu/%llu user %llu/%llu hash %d\n",
                       (unsigned long long)c.step, how, (unsigned long long)a.cycles,
                       (unsigned long long)b.cycles, (unsigned long long)a.user,
                       (unsigned long long)b.user, a.hash == b.hash);
            CU_ASSERT(same(&a, &b));
        }
    }
}

CU_TestInfo core_run_tests[] = {
    {"a program runs, twice the same", test_runs},
    {"stops, snapshots and flushes change nothing", test_steps},
    CU_TEST_INFO_NULL};
