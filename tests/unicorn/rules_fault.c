// SPDX-License-Identifier: GPL-2.0-or-later
/* rules_fault.c - rules 6, 7, 8, 14 and 19: fills, their refusal, exceptions, devices. */
#include "rules.h"
#include <string.h>

/* A refused fill: the instruction has not run, those before it have, and it can be retried. */
static void test_refused(void)
{
    for (unsigned i = 0; i < ISAS; i++)
        for (unsigned store = 0; store < 2; store++) {
            struct uni *u = uni_new(i);
            uni_hook_blocks(u);
            uni_put(u, INC);
            uni_put(u, INC);
            uint64_t at = u->end;
            uni_put(u, store ? STORE : LOAD);
            uni_put(u, CALL);
            uni_set(u, u->isa->b, DATA);
            u->ram[DATA] = 9;
            u->refuse_page = DATA;
            u->refuse_type = store ? UC_MEM_WRITE : UC_MEM_READ;
            CU_ASSERT_NOT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
            CU_ASSERT_EQUAL(uni_get(u, u->isa->pc), at);
            CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 2);
            CU_ASSERT_EQUAL(u->ram[DATA], 9);
            CU_ASSERT_EQUAL(u->intrs, 0);
            u->refuse_type = 0;
            CU_ASSERT_EQUAL(uni_run(u, at), UC_ERR_OK);
            CU_ASSERT_EQUAL(uni_get(u, u->isa->a), store ? 2 : 9);
            CU_ASSERT_EQUAL(u->ram[DATA], store ? 2 : 9);
            uni_free(u);
        }
}

/* 6: the address is rounded down, the kind is told, and a write asks again after a read. */
static void test_kinds(void)
{
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i);
        uni_put(u, LOAD);
        uni_put(u, STORE);
        uni_put(u, CALL);
        uni_set(u, u->isa->b, DATA + 0x128);
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        unsigned reads = 0, writes = 0, fetches = 0;
        for (unsigned k = 0; k < u->fills; k++) {
            bool data = (u->fill_at[k] & ~UINT64_C(0xfff)) == DATA;
            CU_ASSERT_EQUAL(u->fill_at[k] & 0x3ff, 0);
            reads += data && u->fill_type[k] == UC_MEM_READ;
            writes += data && u->fill_type[k] == UC_MEM_WRITE;
            fetches += !data && u->fill_type[k] == UC_MEM_FETCH;
        }
        CU_ASSERT_EQUAL(reads, 1);
        CU_ASSERT_EQUAL(writes, 1);
        CU_ASSERT(fetches >= 1);
        uni_free(u);
    }
}

/* 7: aarch64 asks in 1 KiB pages, with the offset of the quarter. */
static void test_small_pages(void)
{
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i);
        uni_put(u, LOAD);
        uni_put(u, CALL);
        u->move_from = DATA;
        u->move_to = DATA + 0x3000;
        u->ram[DATA + 0x3000 + 0x808] = 5;
        uni_set(u, u->isa->b, DATA + 0x808);
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 5);
        uint64_t last = u->fill_at[u->fills - 1];
        CU_ASSERT_EQUAL(last, i == AARCH64 ? DATA + 0x800 : DATA);
        uni_free(u);
    }
}

/* 8: a fetch over a page's end that is refused reports the start of the block. */
static void test_fetch_over_end(void)
{
    static const uint8_t riscv[] = {0x05, 0x05, 0x13, 0x05},
                         x86[] = {0x90, 0x90, 0x48, 0xff};
    for (unsigned i = 0; i < ISAS; i++) {
        if (i != RISCV && i != X86)
            continue;
        struct uni *u = uni_new(i);
        u->end = CODE + 0x1000 - 4;
        uni_bytes(u, i == RISCV ? riscv : x86, 4);
        u->refuse_page = CODE + 0x1000;
        u->refuse_type = UC_MEM_FETCH;
        CU_ASSERT_NOT_EQUAL(uni_run(u, CODE + 0x1000 - 4), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->pc), CODE + 0x1000 - 4);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 0);
        CU_ASSERT_EQUAL(u->fill_at[u->fills - 1], CODE + 0x1000);
        uni_free(u);
    }
}

/* 14: exceptions and where the PC is. */
static void test_exceptions(void)
{
    enum { INVALID = 1000, NOT_TOLD = -1 };
    static const struct {
        enum snippet what;
        int number[ISAS];
        int pc[ISAS]; /* offset from the instruction */
    } exception[] = {
        {CALL, {8, 2, 0, 17}, {4, 4, 2, 4}},
        {UNDEF, {2, 1, INVALID, 20}, {4, 0, 0, NOT_TOLD}},
        {BREAK, {INVALID, 7, 3, 18}, {0, 0, 1, NOT_TOLD}},
    };
    for (unsigned i = 0; i < ISAS; i++)
        for (unsigned k = 0; k < 3; k++) {
            struct uni *u = uni_new(i);
            uni_put(u, INC);
            uint64_t at = u->end;
            uni_put(u, exception[k].what);
            uni_put(u, INC);
            uc_err err = uni_run(u, CODE);
            bool invalid = exception[k].number[i] == INVALID;
            CU_ASSERT_EQUAL(err, invalid ? UC_ERR_INSN_INVALID : UC_ERR_OK);
            CU_ASSERT_EQUAL(u->intrs, !invalid);
            if (!invalid)
                CU_ASSERT_EQUAL((int)u->intr, exception[k].number[i]);
            if (exception[k].pc[i] != NOT_TOLD)
                CU_ASSERT_EQUAL(uni_get(u, u->isa->pc),
                                at + (unsigned)exception[k].pc[i]);
            CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 1);
            uni_free(u);
        }
}

/* 14: riscv: every INTR but ecall comes with PC + 4, here of a misaligned lr.w at CODE. */
static void test_riscv_misaligned(void)
{
    static const uint32_t lr = 0x1005a52f; /* lr.w a0, (a1) */
    struct uni *u = uni_new(RISCV);
    uni_bytes(u, &lr, 4);
    uni_set(u, u->isa->b, DATA + 2);
    CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
    CU_ASSERT_EQUAL(u->intrs, 1);
    CU_ASSERT_EQUAL(u->intr, 4);
    CU_ASSERT_EQUAL(uni_get(u, u->isa->pc), CODE + 4);
    uni_free(u);
}

/* 19: a 64-bit device access is two of 32 bits. */
static void test_wide_device_access(void)
{
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i);
        uni_put(u, LOAD);
        uni_put(u, CALL);
        uni_set(u, u->isa->b, MMIO + 8);
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(u->reads, u->isa->word / 4);
        CU_ASSERT_EQUAL(u->access_size[0], 4);
        uint64_t want = u->isa->word == 8 ? UINT64_C(0x100c00001008) : 0x1008;
        CU_ASSERT_EQUAL(uni_get(u, u->isa->a), want);
        uni_free(u);
    }
}

CU_TestInfo rules_fault_tests[] = {{"a refused fill is precise", test_refused},
                                   {"6: what a fill is told", test_kinds},
                                   {"7: pages of 1 KiB", test_small_pages},
                                   {"8: a fetch over a page's end", test_fetch_over_end},
                                   {"14: exceptions", test_exceptions},
                                   {"14: riscv, PC + 4", test_riscv_misaligned},
                                   {"19: wide device accesses", test_wide_device_access},
                                   CU_TEST_INFO_NULL};
