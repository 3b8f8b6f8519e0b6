// SPDX-License-Identifier: GPL-2.0-or-later
/* rules_code.c - rules 3, 4, 10 and 11: translations, their counts, their buffer, their end. */
#include "rules.h"
#include <string.h>

/* 3: instructions of a block, also where lengths vary. */
static void test_counts(void)
{
    static const uint8_t rvc[] = {0x05, 0x05, 0x13, 0x05, 0x15, 0x00,
                                  0x05, 0x05, 0x73, 0,    0,    0};
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i);
        uni_hook_blocks(u);
        if (i == RISCV)
            uni_bytes(u, rvc, sizeof rvc);
        else
            for (unsigned k = 0; k < 4; k++)
                uni_put(u, k < 3 ? INC : CALL);
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(u->block_size[0], u->end - CODE);
        uc_tb tb;
        CU_ASSERT_EQUAL(uc_ctl_request_cache(u->uc, CODE, &tb), UC_ERR_OK);
        CU_ASSERT_EQUAL(tb.icount, 4);
        CU_ASSERT_EQUAL(tb.size, u->end - CODE);
        uni_free(u);
    }
}

/* 4: the buffer's size is taken, and code still runs after flushing it. */
static void test_buffer(void)
{
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i);
        uint32_t size = 0;
        CU_ASSERT_EQUAL(uc_ctl_get_tcg_buffer_size(u->uc, &size), UC_ERR_OK);
        CU_ASSERT_EQUAL(size, 4u << 20);
        uni_put(u, INC);
        uni_put(u, CALL);
        for (unsigned k = 1; k <= 3; k++) {
            CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
            CU_ASSERT_EQUAL(uni_get(u, u->isa->a), k);
            CU_ASSERT_EQUAL(uc_ctl_flush_tb(u->uc), UC_ERR_OK);
        }
        uni_free(u);
    }
}

/* The BLOCK hook is called from the translation itself, and translations are laid out upwards: how
 * hwmodels/cpu knows that the buffer fills, before 2.1.1 crashes on it. */
static void test_buffer_fills_upwards(void)
{
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i);
        uni_hook_blocks(u);
        for (unsigned k = 0; k < 40; k++)
            uni_put(u, NEXT);
        uni_put(u, CALL);
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(u->blocks, 41);
        for (unsigned k = 1; k < 41; k++) {
            CU_ASSERT(u->block_return[k] > u->block_return[k - 1]);
            CU_ASSERT((const char *)u->block_return[k] -
                          (const char *)u->block_return[0] <
                      4 << 20);
        }
        uni_free(u);
    }
}

/* 10: flushing the TLB switches address spaces; also from inside a hook. */
static void test_flush(void)
{
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i);
        uni_put(u, LOAD);
        uni_put(u, CALL);
        u->ram[DATA] = 1;
        u->ram[DATA + 0x1000] = 2;
        uni_set(u, u->isa->b, DATA);
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 1);
        u->move_from = DATA;
        u->move_to = DATA + 0x1000;
        CU_ASSERT_EQUAL(uc_ctl_flush_tlb(u->uc), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 2);
        uni_free(u);

        u = uni_new(i);
        uni_hook_blocks(u);
        uni_put(u, INC);
        uni_put(u, NEXT);
        uni_put(u, INC);
        uni_put(u, CALL);
        u->flush_in_block = true;
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 2);
        uni_free(u);
    }
}

/* 11: after a store from outside, remove_cache makes the new code run; other pages keep theirs. */
static void test_remove(void)
{
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i);
        uni_put(u, INC);
        uni_put(u, CALL);
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 1);
        u->end = CODE; /* the host writes: two increments */
        uni_put(u, INC);
        uni_put(u, INC);
        uni_put(u, CALL);
        CU_ASSERT_EQUAL(uc_ctl_remove_cache(u->uc, CODE, CODE + 0x1000), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 3);
        uni_free(u);
    }
}

/* 11: an address it cannot translate now is no error and harms nothing. */
static void test_remove_refused(void)
{
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i);
        uni_put(u, INC);
        uni_put(u, CALL);
        u->refuse_page = DATA;
        u->refuse_type = UC_MEM_FETCH;
        uc_ctl_remove_cache(u->uc, DATA, DATA + 0x1000);
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->a), 1);
        uni_free(u);
    }
}

CU_TestInfo rules_code_tests[] = {
    {"3: instructions of a block", test_counts},
    {"4: the code buffer", test_buffer},
    {"the code buffer fills upwards", test_buffer_fills_upwards},
    {"10: TLB flush", test_flush},
    {"11: removing translations", test_remove},
    {"11: removing what is not there", test_remove_refused},
    CU_TEST_INFO_NULL};
