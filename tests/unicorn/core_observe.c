// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * core_observe.c - observation (hw.h): exact steps, watched addresses, observers. Whatever is asked of a
 * core, the run is the same; and what it answers agrees with what it counts.
 */
#include "core_test.h"
#include <stdlib.h>
#include <string.h>

#define PLACES 8192u

/* Retired instructions by address, of user and of kernel mode. */
struct counts {
    unsigned n;
    struct {
        uint64_t pc;
        bool kernel;
        int64_t n;
    } at[PLACES];
    int64_t sum[2];
    unsigned width; /* of an instruction; 0: only the sums are kept */
    bool negative, full;
};

static void add(struct counts *c, uint64_t pc, bool kernel, int64_t n)
{
    unsigned i = 0;
    while (i < c->n && (c->at[i].pc != pc || c->at[i].kernel != kernel))
        i++;
    if (i == PLACES) {
        c->full = true;
        return;
    }
    if (i == c->n) {
        c->at[i].pc = pc;
        c->at[i].kernel = kernel;
        c->at[i].n = 0;
        c->n++;
    }
    c->at[i].n += n;
}

static void retired(void *arg, unsigned core, uint32_t context, bool in_kernel,
                    uint64_t pc, int64_t n)
{
    (void)core, (void)context;
    struct counts *c = arg;
    c->sum[in_kernel] += n;
    if (c->width == 0)
        return;
    int64_t one = n < 0 ? -1 : 1;
    for (int64_t i = 0; i < n * one; i++)
        add(c, pc + (uint64_t)i * c->width, in_kernel, one);
}

static unsigned width(void)
{
    return strcmp(test_isa, "aarch64") == 0 || strcmp(test_isa, "mips32") == 0 ? 4 : 0;
}

static struct rig_config busy(const char *program)
{
    return (struct rig_config){.isa = test_isa,
                               .program = program,
                               .tlb = 3,
                               .irq_at = 500,
                               .irq_every = 777,
                               .millicycles = 1300,
                               .trap_cycles = 17};
}

/* One by one, in both modes, with and without a snapshot at each stop. */
static void steps_of(const char *program)
{
    static const uint64_t steps[] = {1, 3, 50};
    struct rig_config conf = busy(program);
    struct rig *r = rig_new(&conf);
    struct outcome a = outcome_of(r);
    CU_ASSERT_EQUAL(a.stop, HW_STOP_HALT);
    uint64_t all = a.user + a.lib + a.kernel;
    for (unsigned i = 0; i < 6; i++) {
        struct rig_config c = conf;
        c.insns = steps[i / 2];
        c.snapshot = i & 1;
        rig_again(r, &c);
        r->limits = 0;
        struct outcome b = outcome_of(r);
        CU_ASSERT(same(&a, &b, "in steps"));
        /* fewer where a step ended in a delay slot */
        CU_ASSERT(r->limits <= all / c.insns && r->limits > all / c.insns * 3 / 5);
        CU_ASSERT_EQUAL(r->ops->retired(r->cpu), all);
    }
    rig_free(r);
}

static void test_steps(void)
{
    steps_of("mix");
    steps_of("time");
    steps_of("fp");
}

static void test_observer(void)
{
    struct counts *blocks = calloc(1, sizeof *blocks), *insns = calloc(1, sizeof *insns);
    blocks->width = insns->width = width();
    struct rig_config conf = busy("mix");
    struct rig *r = rig_new(&conf);
    struct outcome a = outcome_of(r);
    r->ops->observe(r->cpu, &(struct hw_observer){blocks, retired, NULL});
    rig_again(r, &conf);
    struct outcome b = outcome_of(r);
    CU_ASSERT(same(&a, &b, "observed"));
    CU_ASSERT_EQUAL((uint64_t)blocks->sum[0], a.user + a.lib);
    CU_ASSERT_EQUAL((uint64_t)blocks->sum[1], a.kernel);
    r->ops->observe(r->cpu, &(struct hw_observer){insns, retired, NULL});
    struct rig_config one = conf;
    one.insns = 1;
    rig_again(r, &one);
    b = outcome_of(r);
    CU_ASSERT(same(&a, &b, "observed step by step"));
    CU_ASSERT_EQUAL((uint64_t)insns->sum[0], a.user + a.lib);
    CU_ASSERT_EQUAL((uint64_t)insns->sum[1], a.kernel);
    CU_ASSERT_FALSE(blocks->full || insns->full);
    unsigned wrong = 0;
    for (unsigned i = 0; i < blocks->n; i++) {
        int64_t n = blocks->at[i].n;
        for (unsigned k = 0; k < insns->n; k++)
            if (insns->at[k].pc == blocks->at[i].pc &&
                insns->at[k].kernel == blocks->at[i].kernel)
                n -= insns->at[k].n;
        wrong += n != 0;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(width() == 0 || blocks->n > 100);
    r->ops->observe(r->cpu, NULL);
    int64_t before = insns->sum[0];
    rig_again(r, &conf);
    b = outcome_of(r);
    CU_ASSERT(same(&a, &b, "observed no more"));
    CU_ASSERT_EQUAL(insns->sum[0], before);
    rig_free(r);
    free(blocks);
    free(insns);
}

static struct {
    uint64_t pc;
    bool kernel;
    unsigned wrong;
} expected;

static void check_place(struct rig *r)
{
    expected.wrong += r->exit.pc != expected.pc || r->exit.in_kernel != expected.kernel;
}

static struct {
    uint64_t pc[PLACES];
    bool kernel[PLACES];
    unsigned n;
} seen;

static bool note_place(void *arg, unsigned core, uint32_t context, bool in_kernel,
                       uint64_t pc)
{
    (void)arg, (void)core, (void)context;
    for (unsigned i = 0; i < seen.n; i++)
        if (seen.pc[i] == pc && seen.kernel[i] == in_kernel)
            return false;
    if (seen.n < PLACES) {
        seen.pc[seen.n] = pc;
        seen.kernel[seen.n++] = in_kernel;
    }
    return false;
}

/* A watch at every address the program and the kernel pass stops there, and changes nothing. */
static void test_watch(void)
{
    struct rig_config conf = busy("mix"), one = conf;
    one.insns = 1;
    struct rig *r = rig_new(&conf);
    struct outcome a = outcome_of(r);
    seen.n = 0;
    r->ops->observe(r->cpu, &(struct hw_observer){NULL, NULL, note_place});
    rig_again(r, &one);
    struct outcome b = outcome_of(r);
    CU_ASSERT(same(&a, &b, "asked at each instruction"));
    r->ops->observe(r->cpu, NULL);
    seen.n = 0; /* stops at each hide where run() began: ask again, running free */
    r->ops->observe(r->cpu, &(struct hw_observer){NULL, NULL, note_place});
    rig_again(r, &conf);
    b = outcome_of(r);
    CU_ASSERT(same(&a, &b, "asked at each block"));
    CU_ASSERT(seen.n > 50 && seen.n < PLACES);
    r->ops->observe(r->cpu, NULL);
    unsigned missed = 0;
    expected.wrong = 0;
    for (unsigned i = 0; i < seen.n; i++)
        for (unsigned behind = 0; behind < 2; behind++) {
            unsigned more = behind ? (width() ? width() : 0) : 0;
            if (behind && more == 0)
                continue;
            struct hw_watch w = {seen.pc[i] + more, seen.kernel[i]};
            expected.pc = w.pc;
            expected.kernel = w.kernel;
            r->ops->watch(r->cpu, &w, 1);
            rig_again(r, &conf);
            r->watches = 0;
            r->watched = check_place;
            b = outcome_of(r);
            CU_ASSERT(same(&a, &b, "watched"));
            /* the second instruction may be a delay slot, or behind the end of the run */
            missed += r->watches == 0 && !behind && seen.pc[i] != 0;
        }
    CU_ASSERT_EQUAL(expected.wrong, 0);
    CU_ASSERT(missed <= 1); /* where the run begins */
    rig_free(r);
}

CU_TestInfo core_observe_tests[] = {{"exact steps in both modes", test_steps},
                                    {"an observer is told of everything", test_observer},
                                    {"watched addresses", test_watch},
                                    CU_TEST_INFO_NULL};
