// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rules_x86.c - hwmodels/cpu/x86_decode.c against Unicorn's own translator: 30,000 blocks of random
 * bytes. Every instruction boundary must be one of Unicorn's: the translation that begins there
 * has that many instructions less.
 */
#include "cpu/x86_decode.h"
#include "rules.h"
#include <stdio.h>

#define BLOCKS 30000
#define LONGEST 100 /* instructions; longer blocks may end elsewhere when begun later */

static uint64_t seed = 1;

static uint8_t random_byte(void)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint8_t)(seed >> 56);
}

/* 1 = agrees, 0 = does not, -1 = cannot be judged (VEX: the core does not let it run). */
static int agrees(struct uni *u, uint64_t at)
{
    uc_tb whole, rest;
    if (uc_ctl_request_cache(u->uc, at, &whole) || whole.icount > LONGEST)
        return -1;
    uint64_t off = 0;
    for (unsigned k = 1; k <= whole.icount; k++) {
        struct x86_insn x;
        x86_decode(u->ram + at + off, 16, &x);
        if (x.map == X86_MAP_ONE &&
            (x.opcode == 0xc4 || x.opcode == 0xc5 || x.opcode == 0x62))
            return -1;
        if (k == whole.icount)
            break;
        off += x.length;
        if (off >= whole.size || uc_ctl_request_cache(u->uc, at + off, &rest) ||
            rest.icount != whole.icount - k) {
            printf(
                "  after %u instructions at 0x%llx: opcode %02x modrm %02x length %u\n",
                k, (unsigned long long)at, x.opcode, x.modrm, x.length);
            return 0;
        }
    }
    return 1;
}

static void test_lengths(void)
{
    struct uni *u = uni_new(X86);
    unsigned right = 0, wrong = 0;
    uint64_t sse = 0x600;
    uc_reg_write(u->uc, UC_X86_REG_CR4, &sse);
    for (unsigned i = 0; i < BLOCKS && wrong < 10; i++) {
        uint64_t at = CODE + (uint64_t)(i % 1000) * 256;
        if (i % 1000 == 0)
            uc_ctl_flush_tb(u->uc);
        for (unsigned k = 0; k < 256; k++)
            u->ram[at + k] = random_byte();
        int r = agrees(u, at);
        right += r == 1;
        wrong += r == 0;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(right > BLOCKS / 2);
    uni_free(u);
}

CU_TestInfo rules_x86_tests[] = {{"lengths of random instructions", test_lengths},
                                 CU_TEST_INFO_NULL};
