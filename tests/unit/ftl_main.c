// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ftl_main.c - tests of the flash translation layer (libos/port/disk/ftl.h) on a chip in memory (ftl_nand.h):
 * against a model of what was written; power cuts at every step; blocks that fail, worn out chips; wear;
 * chips that hold nonsense.
 *
 *   unit_ftl [ROUNDS]      ROUNDS: how much of what is random (default 1; a campaign: 100)
 */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#include "ftl_nand.h"

static unsigned rounds = 1;
static struct ftl *f;
static uint32_t *model; /* number last written to a block, 0: never */
static uint32_t stamp;

/* -- a volume and what it should hold -- */

static void fill(uint32_t *data, uint32_t logical, uint32_t number)
{
    for (uint32_t i = 0; i < FTL_PAGE / 4; i++)
        data[i] =
            number == 0 ? 0 : number * 2654435761u + logical * 40503u + i * (number & 7);
}

static int mount(void)
{
    free(f);
    f = calloc(1, ftl_bytes(&nand.g));
    return ftl_mount(f, &nand.g);
}

static void start(uint32_t blocks, uint32_t pages, uint64_t seed)
{
    nand_new((struct ftl_geometry){blocks, pages, 64}, seed);
    CU_ASSERT_EQUAL_FATAL(mount(), 0);
    free(model);
    model = calloc(f->logical, sizeof *model);
    stamp = 0;
}

static void end(void)
{
    nand_delete();
    free(model);
    free(f);
    model = NULL;
    f = NULL;
}

static int put(uint32_t logical)
{
    uint32_t data[FTL_PAGE / 4];
    fill(data, logical, stamp + 1);
    int e = ftl_write(f, logical, &(struct ftl_data){data, 0, 0});
    if (e == 0)
        model[logical] = ++stamp;
    return e;
}

/* Which of two numbers does the block hold? 0: neither. */
static int holds(uint32_t logical, uint32_t number, uint32_t or_number)
{
    uint32_t data[FTL_PAGE / 4], want[FTL_PAGE / 4];
    if (ftl_read(f, logical, &(struct ftl_data){data, 0, 0}) != 0)
        return 0;
    fill(want, logical, number);
    if (memcmp(data, want, FTL_PAGE) == 0)
        return 1;
    fill(want, logical, or_number);
    return memcmp(data, want, FTL_PAGE) == 0 ? 2 : 0;
}

static unsigned wrong_blocks(void)
{
    unsigned wrong = 0;
    for (uint32_t l = 0; l < f->logical; l++)
        wrong += holds(l, model[l], model[l]) == 0;
    return wrong;
}

/* Counts in struct ftl agree with its tables. */
static void check_counts(void)
{
    uint32_t free_blocks = 0, bad = 0, retiring = 0, valid = 0, mapped = 0;
    for (uint32_t b = 0; b < f->chip.blocks; b++) {
        free_blocks += f->block[b].state == FTL_FREE;
        bad += f->block[b].state == FTL_BAD;
        retiring += f->block[b].state == FTL_RETIRING;
        valid += f->block[b].valid;
    }
    for (uint32_t l = 0; l < f->total; l++)
        mapped += f->map[l] != FTL_NONE;
    CU_ASSERT_EQUAL(free_blocks, f->free);
    CU_ASSERT_EQUAL(bad, f->bad);
    CU_ASSERT_EQUAL(retiring, f->retiring);
    CU_ASSERT_EQUAL(valid, mapped);
}

static uint32_t any_block(void)
{
    /* Half of the writes go to an eighth of the volume. */
    uint64_t r = nand_random();
    return (uint32_t)(r & 1 ? (r >> 1) % f->logical : (r >> 1) % (f->logical / 8 + 1));
}

/* -- tests -- */

static void test_blank(void)
{
    start(32, 8, 1);
    CU_ASSERT_EQUAL(f->logical, (32 - 9) * 7 - 1);
    CU_ASSERT_EQUAL(wrong_blocks(), 0);
    CU_ASSERT_EQUAL(put(f->logical), -EXO_ERANGE);
    CU_ASSERT_EQUAL(put(0), 0);
    CU_ASSERT_EQUAL(wrong_blocks(), 0);
    end();
}

static void test_random(void)
{
    static const uint32_t shape[][2] = {{16, 4}, {32, 8}, {24, 64}, {40, 16}, {20, 256}};
    for (unsigned i = 0; i < sizeof shape / sizeof shape[0]; i++) {
        start(shape[i][0], shape[i][1], i + 7);
        for (uint32_t l = 0; l < f->logical; l++) /* full */
            CU_ASSERT_EQUAL_FATAL(put(l), 0);
        unsigned writes = f->logical * (4 + 2 * rounds);
        for (unsigned n = 0; n < writes; n++) {
            CU_ASSERT_EQUAL_FATAL(put(any_block()), 0);
            if (n % (writes / 5) == 7) {
                check_counts();
                nand_power();
                CU_ASSERT_EQUAL_FATAL(mount(), 0);
                check_counts();
                CU_ASSERT_EQUAL(wrong_blocks(), 0);
            }
        }
        CU_ASSERT_EQUAL(wrong_blocks(), 0);
        CU_ASSERT_EQUAL(f->bad, 0);
        end();
    }
}

/* Writes until the power goes. The one that was under way may be there or not. */
static void run_and_cut(uint64_t at, enum nand_tear tear)
{
    nand.cut_at = nand.steps + at;
    nand.tear = tear;
    uint32_t last = 0, before = 0;
    while (!nand.gone) {
        last = any_block();
        before = model[last];
        int e = put(last);
        CU_ASSERT_FATAL(e == 0 || nand.gone);
    }
    nand_power();
    CU_ASSERT_EQUAL_FATAL(mount(), 0);
    check_counts();
    int which = holds(last, before, stamp + 1);
    CU_ASSERT_NOT_EQUAL_FATAL(which, 0);
    if (which == 2)
        model[last] = ++stamp;
    CU_ASSERT_EQUAL_FATAL(wrong_blocks(), 0);
}

/* At every step of a run that has collected garbage, in every way; and then once more. */
static void test_cut_everywhere(void)
{
    for (int tear = 0; tear < TEAR_KINDS; tear++) {
        for (uint64_t at = 1; at <= 120; at++) {
            start(20, 8, at);
            for (uint32_t l = 0; l < f->logical; l++)
                CU_ASSERT_EQUAL_FATAL(put(l), 0);
            run_and_cut(at, (enum nand_tear)tear);
            run_and_cut(1 + at % 17, (enum nand_tear)tear);
            for (unsigned n = 0; n < 100; n++)
                CU_ASSERT_EQUAL_FATAL(put(any_block()), 0);
            CU_ASSERT_EQUAL_FATAL(wrong_blocks(), 0);
        }
    }
    end();
}

/* A cut every few steps for ever: mounting must not use the chip up. */
static void test_cut_often(void)
{
    for (uint64_t every = 1; every < 12; every += 3) {
        start(20, 8, every);
        for (uint32_t l = 0; l < f->logical; l++)
            CU_ASSERT_EQUAL_FATAL(put(l), 0);
        for (unsigned n = 0; n < 150 + 100 * rounds; n++)
            run_and_cut(1 + nand_random() % every, (enum nand_tear)(n % TEAR_KINDS));
        CU_ASSERT_EQUAL(f->bad, 0);
    }
    end();
}

/* Blocks break now and then: nothing is lost, and in the end writes are refused. */
static void test_failures(void)
{
    for (unsigned round = 0; round < 3 * rounds; round++) {
        start(48, 8, round + 3);
        for (uint32_t b = 5; b < 48; b += 20) /* the factory's */
            nand_page(b * 8)[FTL_PAGE] = 0;
        CU_ASSERT_EQUAL_FATAL(mount(), 0);
        CU_ASSERT_EQUAL(f->bad, 3);
        nand.fail_per_mille = 2;
        unsigned n = 0;
        int e = 0;
        for (; e == 0 && n < 100000; n++) {
            e = put(any_block());
            if (n % 500 != 499)
                continue;
            CU_ASSERT_EQUAL_FATAL(wrong_blocks(), 0);
            CU_ASSERT_EQUAL(ftl_flush(f), 0);
            uint32_t bad = f->bad;
            nand_power();
            CU_ASSERT_EQUAL_FATAL(mount(), 0);
            CU_ASSERT_EQUAL(f->bad + f->retiring, bad);
        }
        CU_ASSERT_EQUAL(e, -EXO_EFULL);
        CU_ASSERT(f->bad > 3);
        CU_ASSERT_EQUAL(wrong_blocks(), 0);
        nand_power();
        CU_ASSERT_EQUAL_FATAL(mount(), 0);
        CU_ASSERT_EQUAL(wrong_blocks(), 0);
        for (n = 0; n < 1000 && (e = put(0)) == 0; n++) /* a page or two may be left */
            ;
        CU_ASSERT_EQUAL(e, -EXO_EFULL);
    }
    end();
}

/* Failures and cuts together. */
static void test_failures_and_cuts(void)
{
    for (unsigned round = 0; round < 4 * rounds; round++) {
        start(64, 8, round + 11);
        for (unsigned n = 0; n < 60 && f->bad + f->retiring < 3; n++) {
            nand.fail_per_mille = 1;
            run_and_cut(1 + nand_random() % 200, (enum nand_tear)(n % TEAR_KINDS));
        }
    }
    end();
}

/* Most of the volume never changes: its blocks take part in wear all the same. */
static void test_wear(void)
{
    start(40, 16, 5);
    for (uint32_t l = 0; l < f->logical; l++)
        CU_ASSERT_EQUAL_FATAL(put(l), 0);
    for (unsigned n = 0; n < 60000; n++) {
        CU_ASSERT_EQUAL_FATAL(put((uint32_t)(nand_random() % 10)), 0);
        if (n % 5000 == 4999) { /* counts survive mounting */
            nand_power();
            CU_ASSERT_EQUAL_FATAL(mount(), 0);
        }
    }
    uint32_t least = UINT32_MAX, most = 0;
    for (uint32_t b = 0; b < 40; b++) {
        least = nand.wear[b] < least ? nand.wear[b] : least;
        most = nand.wear[b] > most ? nand.wear[b] : most;
    }
    CU_ASSERT(most - least < 60);
    CU_ASSERT(least > 60);
    CU_ASSERT_EQUAL(wrong_blocks(), 0);
    end();
}

/* A worn out chip ends by refusing, with everything still there. */
static void test_endurance(void)
{
    start(24, 8, 9);
    nand.endurance = 30;
    int e = 0;
    for (unsigned n = 0; e == 0 && n < 100000; n++)
        e = put(any_block());
    CU_ASSERT_EQUAL(e, -EXO_EFULL);
    CU_ASSERT_EQUAL(wrong_blocks(), 0);
    end();
}

static void test_damage(void)
{
    start(32, 8, 13);
    for (uint32_t l = 0; l < 50; l++)
        CU_ASSERT_EQUAL_FATAL(put(l), 0);
    nand_page(f->map[17])[1000] ^= 4;
    uint32_t data[FTL_PAGE / 4];
    CU_ASSERT_EQUAL(ftl_read(f, 17, &(struct ftl_data){data, 0, 0}), -EXO_EIO);
    CU_ASSERT_EQUAL(holds(16, model[16], 0), 1);
    /* Garbage collection must not make it look intact. */
    for (unsigned n = 0; n < 2000; n++)
        CU_ASSERT_EQUAL_FATAL(put((uint32_t)(20 + nand_random() % 30)), 0);
    CU_ASSERT_EQUAL(ftl_read(f, 17, &(struct ftl_data){data, 0, 0}), -EXO_EIO);
    CU_ASSERT_EQUAL(put(17), 0);
    CU_ASSERT_EQUAL(wrong_blocks(), 0);
    end();
}

static void test_refused(void)
{
    struct ftl_geometry small = {15, 64, 64}, thin = {64, 64, 16}, tall = {64, 512, 64};
    CU_ASSERT_EQUAL(ftl_capacity(&small), 0);
    CU_ASSERT_EQUAL(ftl_capacity(&thin), 0);
    CU_ASSERT_EQUAL(ftl_capacity(&tall), 0);
    start(32, 8, 3);
    for (uint32_t p = 0; p < 32 * 8; p++) /* something else is on it */
        memset(nand_page(p), (int)(p & 0x7f), FTL_PAGE + 64);
    CU_ASSERT_EQUAL(mount(), -EXO_EINVAL);
    for (uint32_t p = 0; p < 32 * 8; p++)
        nand_page(p)[FTL_PAGE] = 0xff;
    CU_ASSERT_EQUAL(mount(), -EXO_EINVAL);
    end();
}

/* Nonsense in the out-of-band areas and summaries: no crash (sanitizers), and still usable. */
static void test_nonsense(void)
{
    for (unsigned round = 0; round < 40 * rounds; round++) {
        start(24, 8, round + 1);
        for (unsigned n = 0; n < 400; n++)
            CU_ASSERT_EQUAL_FATAL(put(any_block()), 0);
        for (unsigned n = 0; n < 20; n++) {
            uint32_t page = (uint32_t)(nand_random() % (24 * 8));
            uint32_t from = (uint32_t)(nand_random() % 24 * 8 + 7);
            if (n % 3 == 0)
                memcpy(nand_page(page), nand_page(from), FTL_PAGE + 64);
            else
                nand_page(page)[FTL_PAGE + nand_random() % 32] ^= (uint8_t)nand_random();
        }
        nand_power();
        if (mount() != 0)
            continue;
        check_counts();
        for (unsigned n = 0; n < 400 && put(any_block()) == 0; n++)
            ;
        check_counts();
    }
    end();
}

int main(int argc, char **argv)
{
    if (argc > 1)
        rounds = (unsigned)strtoul(argv[1], NULL, 10);
    CU_initialize_registry();
    CU_pSuite s = CU_add_suite("flash translation layer", NULL, NULL);
    CU_add_test(s, "blank chip", test_blank);
    CU_add_test(s, "random writes, full volume, mounts", test_random);
    CU_add_test(s, "power cut at every step", test_cut_everywhere);
    CU_add_test(s, "power cut every few steps", test_cut_often);
    CU_add_test(s, "blocks that fail", test_failures);
    CU_add_test(s, "failures and cuts", test_failures_and_cuts);
    CU_add_test(s, "wear levelling", test_wear);
    CU_add_test(s, "worn out", test_endurance);
    CU_add_test(s, "damaged data", test_damage);
    CU_add_test(s, "refused chips", test_refused);
    CU_add_test(s, "nonsense on the chip", test_nonsense);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed != 0;
}
