// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rules_state.c - state that moves between engines, and state that sticks. (Rules 15 to 17, real user
 * mode, FP and host time, are tested through the models: guest/traps_*.S, fp.c, time.c.)
 */
#include "rules.h"

/* A context of one engine goes into another of its kind. */
static void test_context_moves(void)
{
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i), *v = uni_new(i);
        uc_context *context;
        CU_ASSERT_EQUAL(uc_context_alloc(u->uc, &context), UC_ERR_OK);
        uni_put(u, INC);
        uni_put(u, CALL);
        uni_put(v, INC);
        uni_put(v, CALL);
        uni_set(u, u->isa->a, 40);
        uni_set(u, u->isa->b, DATA);
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(uc_context_save(u->uc, context), UC_ERR_OK);
        CU_ASSERT_EQUAL(uc_context_restore(v->uc, context), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(v, v->isa->a), 41);
        CU_ASSERT_EQUAL(uni_get(v, v->isa->b), DATA);
        CU_ASSERT_EQUAL(uni_run(v, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(v, v->isa->a), 42);
        uc_context_free(context);
        uni_free(u);
        uni_free(v);
    }
}

/* The context carries a load-linked reservation: sc in the other engine succeeds with it, and
 * fails without. riscv64: lr.d a2, (a1); ecall - sc.d a0, a2, (a1); ecall */
static void test_reservation_moves(void)
{
    static const uint32_t lr[] = {0x1005b62f, 0x00000073},
                          sc[] = {0x18c5b52f, 0x00000073};
    for (unsigned with = 0; with < 2; with++) {
        struct uni *u = uni_new(RISCV), *v = uni_new(RISCV);
        uc_context *context;
        CU_ASSERT_EQUAL(uc_context_alloc(u->uc, &context), UC_ERR_OK);
        uni_bytes(u, lr, sizeof lr);
        uni_bytes(v, sc, sizeof sc);
        uni_set(u, u->isa->b, DATA);
        uni_set(v, v->isa->b, DATA);
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        uc_context_save(u->uc, context);
        if (with)
            uc_context_restore(v->uc, context);
        CU_ASSERT_EQUAL(uni_run(v, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(uni_get(v, v->isa->a), !with);
        uc_context_free(context);
        uni_free(u);
        uni_free(v);
    }
}

/* x86-64: an exception must be cleaned away, or the next one becomes a double fault (8). */
static void test_x86_exceptions_stick(void)
{
    static const uint8_t divide[] = {0x31, 0xc9, 0xf7, 0xf1}; /* xor ecx, ecx; div ecx */
    struct uni *u = uni_new(X86);
    uc_context *clean;
    uc_context_alloc(u->uc, &clean);
    uc_context_save(u->uc, clean);
    uni_bytes(u, divide, sizeof divide);
    for (unsigned k = 0; k < 4; k++) {
        CU_ASSERT_EQUAL(uni_run(u, CODE), UC_ERR_OK);
        CU_ASSERT_EQUAL(u->intrs, k + 1);
        CU_ASSERT_EQUAL(u->intr, 0);
        CU_ASSERT_EQUAL(uni_get(u, u->isa->pc), CODE + 2);
        uc_context_restore(u->uc, clean);
    }
    uc_context_free(clean);
    uni_free(u);
}

/* Registers in one batch, as many as a trap moves. */
static void test_batch(void)
{
    for (unsigned i = 0; i < ISAS; i++) {
        struct uni *u = uni_new(i);
        uint64_t in[2] = {0x1234567, 0x7654321}, out[2] = {0, 0};
        int id[2] = {u->isa->a, u->isa->b};
        void *to[2] = {&in[0], &in[1]}, *from[2] = {&out[0], &out[1]};
        CU_ASSERT_EQUAL(uc_reg_write_batch(u->uc, id, to, 2), UC_ERR_OK);
        CU_ASSERT_EQUAL(uc_reg_read_batch(u->uc, id, from, 2), UC_ERR_OK);
        CU_ASSERT_EQUAL(out[0], in[0]);
        CU_ASSERT_EQUAL(out[1], in[1]);
        uni_free(u);
    }
}

CU_TestInfo rules_state_tests[] = {{"contexts move between engines", test_context_moves},
                                   {"with the reservation", test_reservation_moves},
                                   {"x86 exceptions stick", test_x86_exceptions_stick},
                                   {"registers in batches", test_batch},
                                   CU_TEST_INFO_NULL};
