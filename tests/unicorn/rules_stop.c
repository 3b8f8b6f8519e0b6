// SPDX-License-Identifier: GPL-2.0-or-later
/* rules_stop.c - rules 1, 2, 5 and 13: where an engine may be stopped, and what holds then. */
#include "rules.h"

/* INC INC INC NEXT | INC INC CALL; returns the second block's address. */
static uint64_t two_blocks(struct uni *u)
{
    uni_put(u, INC);
    uni_put(u, INC);
    uni_put(u, INC);
    uni_put(u, NEXT);
    uint64_t second = u->end;
    uni_put(u, INC);
    uni_put(u, INC);
    uni_put(u, CALL);
    return second;
}

/* 1, 2: a stop from the BLOCK hook comes before the block, exactly; it begins again on resume. */
static void test_block_stop(void)
{
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i);
        uni_hook_blocks(u);
        uint64_t second = two_blocks(u);
        u->stop_at_block = 2;
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->pc), second);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 3);
        CU_ASSERT_EQUAL(u->blocks, 2);
        CU_ASSERT_EQUAL(uni_run(u, second), UC_ERR_OK);
        CU_ASSERT_EQUAL(u->blocks, 3);
        CU_ASSERT_EQUAL(u->block_pc[2], second);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 5);
        CU_ASSERT_EQUAL(u->intrs, 1);
        uni_free(u);
    }
}

/* 1: a device callback only sets a flag; the next block stops; the access happened once. */
static void test_device_stop(void)
{
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i);
        uni_hook_blocks(u);
        uni_put(u, INC);
        uni_put(u, STORE);
        uni_put(u, INC);
        uni_put(u, NEXT);
        uint64_t second = u->end;
        uni_put(u, INC);
        uni_put(u, CALL);
        uni_set(u, u->isa->b, MMIO);
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->pc), second);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 2);
        CU_ASSERT_EQUAL(u->writes, u->isa->word / 4);
        uni_free(u);
    }
}

/* 5: exits enabled and none set: no fill for address 0 at the end. */
static void test_no_stray_fill(void)
{
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i);
        two_blocks(u);
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        for (unsigned k = 0; k < u->fills; k++)
            CU_ASSERT_EQUAL(u->fill_at[k] & ~UINT64_C(0xfff), CODE);
        uni_free(u);
    }
}

/* A CODE hook's stop is exact too (the stepper): before the instruction. */
static void test_insn_stop(void)
{
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i);
        uni_hook_insns(u);
        two_blocks(u);
        u->stop_at_insn = CODE + 2u * u->isa->len[INC];
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->pc), u->stop_at_insn);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 2);
        CU_ASSERT_EQUAL(u->insns, 3);
        uni_free(u);
    }
}

/* b +3; addiu v0, v0, 1 (slot); syscall | (target) addiu; syscall */
static const uint32_t branch[] = {0x10000002, 0x24420001, 0x0000000c, 0x24420001,
                                  0x0000000c};
/* the same with a load in the slot */
static const uint32_t branch_load[] = {0x10000002, 0x8d020000, 0x0000000c, 0x24420001,
                                       0x0000000c};

/* 13: MIPS: a branch may be stopped before, as long as its slot follows it. */
static void test_mips_branch(void)
{
    struct uni *u = uni_new(MIPS);
    uni_hook_insns(u);
    uni_put(u, INC);
    uni_bytes(u, branch, sizeof branch);
    u->stop_at_insn = CODE + 4;
    CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
    CU_ASSERT_EQUAL(uni_get(u, u->isa->pc), CODE + 4);
    u->stop_at_insn = 0;
    CU_ASSERT_EQUAL(uni_run(u, CODE + 4), UC_ERR_OK);
    CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 3);
    CU_ASSERT_EQUAL(u->insn_pc, CODE + 20);
    uni_free(u);
}

/* 13: a fault in a slot reports the slot; resuming there completes the branch; a clean context
 * forgets it. */
static void test_mips_slot_fault(void)
{
    for (unsigned forget = 0; forget < 2; forget++) {
        struct uni *u = uni_new(MIPS);
        uni_hook_blocks(u);
        uc_context *clean;
        CU_ASSERT_EQUAL(uc_context_alloc(u->uc, &clean), UC_ERR_OK);
        CU_ASSERT_EQUAL(uc_context_save(u->uc, clean), UC_ERR_OK);
        uni_bytes(u, branch_load, sizeof branch_load);
        uni_set(u, u->isa->b, DATA);
        u->ram[DATA] = 7;
        u->refuse_page = DATA;
        u->refuse_type = UC_MEM_READ;
        CU_ASSERT_NOT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->pc), CODE + 4);
        u->refuse_type = 0;
        if (forget) {
            CU_ASSERT_EQUAL(uc_context_restore(u->uc, clean), UC_ERR_OK);
            uni_set(u, u->isa->b, DATA);
        }
        CU_ASSERT_EQUAL(uni_run(u, CODE + 4), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->a), forget ? 7 : 8);
        uc_context_free(clean);
        uni_free(u);
    }
}

CU_TestInfo rules_stop_tests[] = {{"1, 2: stop from a BLOCK hook", test_block_stop},
                                  {"1: stop after a device access", test_device_stop},
                                  {"5: no stray fill", test_no_stray_fill},
                                  {"stop from a CODE hook", test_insn_stop},
                                  {"13: MIPS branch and slot", test_mips_branch},
                                  {"13: MIPS fault in a slot", test_mips_slot_fault},
                                  CU_TEST_INFO_NULL};
