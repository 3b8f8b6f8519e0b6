// SPDX-License-Identifier: GPL-2.0-or-later
/* core_code.c - code that changes is never run stale, however it is changed and stopped. */
#include "core_test.h"
#include <string.h>

static const uint8_t *returns_77(void)
{
    static const uint8_t riscv[8] = {0x13, 0x05, 0xd0, 0x04, 0x67, 0x80, 0x00, 0x00};
    static const uint8_t arm[8] = {0xa0, 0x09, 0x80, 0xd2, 0xc0, 0x03, 0x5f, 0xd6};
    static const uint8_t x86[8] = {0xb8, 77, 0, 0, 0, 0xc3, 0, 0};
    static const uint8_t mips[8] = {0x08, 0x00, 0xe0, 0x03, 0x4d, 0x00, 0x02, 0x24};
    return strcmp(test_isa, "riscv64") == 0   ? riscv
           : strcmp(test_isa, "aarch64") == 0 ? arm
           : strcmp(test_isa, "x86_64") == 0  ? x86
                                              : mips;
}

static void test_changing_code(void)
{
    struct rig_config conf = {.isa = test_isa, .program = "smc", .writable_text = true};
    struct rig *r = rig_new(&conf);
    uint64_t hash = 0, user = 0;
    static const uint64_t steps[] = {0, 1, 3, 50, 333};
    for (unsigned i = 0; i < sizeof steps / sizeof *steps; i++)
        for (unsigned how = 0; how < 4; how++) {
            conf.step = steps[i];
            conf.noise = how & 1 ? 2 : 0;
            conf.plain = how & 2;
            rig_again(r, &conf);
            r->dma = returns_77();
            r->dma_len = 8;
            CU_ASSERT_EQUAL(rig_run(r), HW_STOP_HALT);
            CU_ASSERT_EQUAL(r->exit.status, 0);
            if (r->exit.status)
                printf("  part %u was stale (step %llu, how %u)\n", r->exit.status,
                       (unsigned long long)steps[i], how);
            if (i == 0 && how == 0) {
                hash = r->hash;
                user = rig_stats(r).user;
            }
            CU_ASSERT_EQUAL(r->hash, hash);
            CU_ASSERT_EQUAL(rig_stats(r).user, user);
        }
    rig_free(r);
}

/* More code than any engine's buffer holds (Unicorn 2.1.1 would crash). */
static void test_much_code(void)
{
    for (unsigned plain = 0; plain < 2; plain++) {
        struct rig_config conf = {.isa = test_isa, .program = "many", .plain = plain};
        struct rig *r = rig_new(&conf);
        CU_ASSERT_EQUAL(rig_run(r), HW_STOP_HALT);
        CU_ASSERT_EQUAL(r->exit.status, 0);
        rig_free(r);
    }
}

CU_TestInfo core_code_tests[] = {{"changing code", test_changing_code},
                                 {"more code than the buffer holds", test_much_code},
                                 CU_TEST_INFO_NULL};
