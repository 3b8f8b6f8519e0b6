// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * core_traps.c - every cause of a trap: CAUSE, EPC, BADVADDR, BADPAGE and the number of instructions
 * retired, as the cases of guest/traps_<isa>.S state them, run in one go, in single steps and
 * with flushes in between.
 */
#include "core_test.h"
#include <string.h>

static void map_case_pages(struct rig *r)
{
    rig_map(r, PAGE_RW, 0xc0000, RIG_R | RIG_W, true);
    rig_map(r, PAGE_RO, 0xc1000, RIG_R, true);
    rig_map(r, PAGE_NX, 0xc3000, RIG_R | RIG_W, true);
    rig_map(r, PAGE_NO_RAM, 0x6ffff000, RIG_R | RIG_W | RIG_X, true);
    rig_map(r, PAGE_EXEC, 0xc5000, RIG_R | RIG_X, true);
    rig_map(r, PAGE_DEVICE, HW_CORE_BASE, RIG_R | RIG_W, true);
}

/* Run one case; false and a line of text if the core reports anything else. */
static bool case_holds(struct rig *r, const struct trap_case *t, unsigned number,
                       const struct rig_config *how)
{
    struct rig_config conf = *how;
    conf.program = NULL;
    conf.code = t->code;
    conf.code_len = sizeof t->code;
    conf.limit = 20000;
    rig_again(r, &conf);
    map_case_pages(r);
    enum hw_stop stop = rig_run(r);
    const struct log_entry *l = &rig_log(r)->entry[0];
    struct hw_cpu_stats s = rig_stats(r);
    bool memory = t->bad != 0;
    bool fetch = memory && (t->cause >> HW_CAUSE_ACCESS_SHIFT & 3u) == HW_FETCH;
    uint64_t epc = fetch ? t->bad : USER_BASE + t->epc;
    uint64_t page = t->bad & ~UINT64_C(0xfff);
    bool call = (t->cause & HW_CAUSE_CODE) == HW_CAUSE_SYSCALL;
    if (call) /* the kernel answers it: only the trace tells */
        for (unsigned i = 0; i < r->nrecords && i < RIG_TRACE_MAX; i++)
            if (r->record[i].event == HW_EV_TRAP)
                return r->record[i].a == t->cause && r->record[i].b == epc;
    bool unaligned = (t->cause & HW_CAUSE_CODE) == HW_CAUSE_UNALIGNED && !fetch;
    if (stop == HW_STOP_PANIC && rig_log(r)->n == 1 && l->cause == t->cause &&
        l->epc == epc && s.user == t->retired && l->badvaddr == t->bad &&
        (unaligned || l->badpage == page))
        return true;
    printf("  %s case %u: stop %d (%s), cause 0x%x not 0x%x, epc 0x%llx not 0x%llx, bad "
           "0x%llx "
           "not 0x%llx, page 0x%llx, retired %llu not %u\n",
           test_isa, number, (int)stop, r->exit.message, l->cause, t->cause,
           (unsigned long long)l->epc, (unsigned long long)epc,
           (unsigned long long)l->badvaddr, (unsigned long long)t->bad,
           (unsigned long long)l->badpage, (unsigned long long)s.user, t->retired);
    return false;
}

static void test_causes(void)
{
    static const struct rig_config ways[] = {{.step = 0},
                                             {.step = 1},
                                             {.tlb = 2},
                                             {.tlb = 2, .step = 1, .noise = 2},
                                             {.plain = true}};
    struct rig_config conf = {.isa = test_isa, .program = "traps"};
    struct rig *r = rig_new(&conf);
    const struct trap_case *cases = (const struct trap_case *)r->program;
    unsigned n = (unsigned)(r->program_len / CASE_SIZE), seen = 0;
    for (unsigned i = 0; i < n && cases[i].magic == CASE_MAGIC; i++, seen++)
        for (unsigned w = 0; w < sizeof ways / sizeof *ways; w++) {
            struct rig_config how = ways[w];
            how.isa = test_isa;
            CU_ASSERT(case_holds(r, &cases[i], i, &how));
        }
    printf("[%u cases] ", seen);
    CU_ASSERT(seen > 20);
    rig_free(r);
}

/*
 * The last instruction of a page continues on a page that is not there. What comes before it has
 * run, it has not; the address is that of the missing page.
 */
static void test_fetch_over_page_end(void)
{
    static const uint8_t riscv[] = {0x05, 0x05, 0x05, 0x05, 0x13, 0x05, 0x15, 0x00};
    static const uint8_t x86[] = {0x90, 0x90, 0x90, 0x90, 0x81, 0xc0, 1, 0, 0, 0};
    bool is_x86 = strcmp(test_isa, "x86_64") == 0;
    if (!is_x86 && strcmp(test_isa, "riscv64") != 0)
        return; /* instructions are aligned */
    struct rig_config conf = {.isa = test_isa, .program = "traps"};
    struct rig *r = rig_new(&conf);
    for (unsigned step = 0; step < 4; step++) {
        conf.step = step;
        conf.tlb = step == 3 ? 2 : 0;
        conf.limit = 20000;
        rig_again(r, &conf);
        /* A jump to two instructions before the last halfword of the text page... */
        uint8_t *page = r->ram + USER_PA;
        memset(page, 0, 4096);
        if (is_x86) {
            memcpy(page, (uint8_t[]){0xe9, 0xf5, 0x0f, 0, 0}, 5); /* to 0xffa */
            memcpy(page + 0xffa, x86, 6);
        } else {
            memcpy(page, (uint8_t[]){0x6f, 0x00, 0xb0, 0x7f}, 4); /* j +0xffa */
            memcpy(page + 0xffa, riscv, 6);
        }
        /* ...and the page behind is not mapped. */
        for (unsigned i = 0; i < r->nmaps; i++)
            if (r->map[i].va == USER_BASE + 4096)
                r->map[i].va = 0x7ff0000;
        rig_run(r);
        const struct log_entry *l = &rig_log(r)->entry[0];
        CU_ASSERT_EQUAL(l->cause, HW_CAUSE_PAGE | HW_FETCH << HW_CAUSE_ACCESS_SHIFT);
        CU_ASSERT_EQUAL(l->epc, USER_BASE + 0xffe);
        CU_ASSERT_EQUAL(l->badvaddr, USER_BASE + 0x1000);
        CU_ASSERT_EQUAL(rig_stats(r).user, is_x86 ? 5 : 3);
    }
    rig_free(r);
}

CU_TestInfo core_trap_tests[] = {
    {"every cause, exactly", test_causes},
    {"an instruction over a page's end", test_fetch_over_page_end},
    CU_TEST_INFO_NULL};
