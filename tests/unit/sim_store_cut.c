// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_store_cut.c - the medium of a disk when the power fails: every rule; and in snapshots. */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "sim_store.h"
#include "sim_suites.h"

#define ATOM 512u
#define UNITS 8u /* of four atoms */

/* Writes unit i with `value`, until the cut. */
static void write_unit(struct store *s, unsigned unit, uint8_t value)
{
    uint8_t buf[4 * ATOM];
    memset(buf, value, sizeof buf);
    (void)store_write(s, unit * sizeof buf, buf, sizeof buf);
}

static struct store *cut_store(enum hw_persist persist, uint64_t cut, uint64_t seed)
{
    struct store *s;
    struct err err;
    struct store_setup setup = {.cut = cut, .cut_seed = seed};
    CU_ASSERT_FATAL(store_open(&setup, &s, &err) == 0);
    CU_ASSERT_FATAL(store_blank(s, UNITS * 4 * ATOM, 0) == 0);
    write_unit(s, 7, 99); /* the factory's: does not count */
    store_start(s, persist, ATOM);
    return s;
}

/* The byte an atom is made of; all its bytes are the same. */
static uint8_t atom(struct store *s, unsigned unit, unsigned a)
{
    uint8_t buf[ATOM];
    CU_ASSERT(store_read(s, (unit * 4 + a) * ATOM, buf, ATOM) == 0);
    for (unsigned i = 1; i < ATOM; i++)
        CU_ASSERT(buf[i] == buf[0]);
    return buf[0];
}

static bool whole(struct store *s, unsigned unit, uint8_t value)
{
    for (unsigned a = 0; a < 4; a++)
        if (atom(s, unit, a) != value)
            return false;
    return true;
}

/* The writes before the cut are there, of the one under way a prefix, those behind it not. */
static void ordered(void)
{
    unsigned seen = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct store *s = cut_store(HW_PERSIST_ORDERED, 4, seed);
        for (unsigned u = 0; u < 6; u++) {
            CU_ASSERT(store_cut_done(s) == (u > 3));
            write_unit(s, u, (uint8_t)(u + 1));
        }
        CU_ASSERT(store_cut_done(s) && store_writes(s) == 4);
        for (unsigned u = 0; u < 3; u++)
            CU_ASSERT(whole(s, u, (uint8_t)(u + 1)));
        unsigned prefix = 0;
        while (prefix < 4 && atom(s, 3, prefix) == 4)
            prefix++;
        for (unsigned a = prefix; a < 4; a++)
            CU_ASSERT(atom(s, 3, a) == 0);
        seen |= 1u << prefix;
        CU_ASSERT(whole(s, 4, 0) && whole(s, 5, 0) && whole(s, 7, 99));
        store_close(s);
    }
    CU_ASSERT(seen == 0x1f); /* every length of it */
}

/* What was flushed stays; of the rest every loss happens: none, all, some, torn. */
static void cached(void)
{
    unsigned lost[4] = {0}, kept[4] = {0}, torn[4] = {0}, gap = 0, none = 0, all = 0;
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct store *s = cut_store(HW_PERSIST_CACHED, 6, seed);
        write_unit(s, 0, 1);
        write_unit(s, 1, 2);
        store_flush(s);
        for (unsigned u = 2; u < 6; u++)
            write_unit(s, u, (uint8_t)(u + 1));
        CU_ASSERT(store_cut_done(s));
        CU_ASSERT(whole(s, 0, 1) && whole(s, 1, 2) && whole(s, 6, 0) && whole(s, 7, 99));
        unsigned n = 0;
        for (unsigned u = 2; u < 6; u++) {
            bool is_kept = whole(s, u, (uint8_t)(u + 1)), is_lost = whole(s, u, 0);
            for (unsigned a = 0; a < 4; a++) {
                uint8_t v = atom(s, u, a);
                CU_ASSERT(v == 0 || v == u + 1);
            }
            kept[u - 2] += is_kept;
            lost[u - 2] += is_lost;
            torn[u - 2] += !is_kept && !is_lost;
            gap += !is_kept && !is_lost && atom(s, u, 0) == 0; /* not a prefix */
            n += is_kept;
        }
        none += n == 0;
        all += n == 4;
        store_close(s);
    }
    for (unsigned u = 0; u < 4; u++)
        CU_ASSERT(kept[u] > 20 && lost[u] > 20 && torn[u] > 5);
    CU_ASSERT(gap > 5 && none > 5 && all > 5);
}

/* Two writes of the same place: the older may win. */
static void any_order(void)
{
    unsigned older = 0, newer = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct store *s = cut_store(HW_PERSIST_CACHED, 3, seed);
        write_unit(s, 0, 1);
        write_unit(s, 0, 2);
        write_unit(s, 1, 3);
        older += whole(s, 0, 1);
        newer += whole(s, 0, 2);
        store_close(s);
    }
    CU_ASSERT(older > 20 && newer > 20);
}

static void flush_makes_durable(void)
{
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct store *s = cut_store(HW_PERSIST_CACHED, 2, seed);
        write_unit(s, 0, 1);
        store_flush(s);
        write_unit(s, 0, 2);
        for (unsigned a = 0; a < 4; a++)
            CU_ASSERT(atom(s, 0, a) == 1 || atom(s, 0, a) == 2); /* never 0 again */
        store_close(s);
    }
}

static void same_seed_same_loss(void)
{
    uint8_t a[UNITS * 4 * ATOM], b[sizeof a];
    unsigned same = 0;
    for (uint64_t seed = 0; seed < 40; seed++) {
        for (unsigned k = 0; k < 2; k++) {
            struct store *s = cut_store(HW_PERSIST_CACHED, 7, seed);
            for (unsigned u = 0; u < 7; u++)
                write_unit(s, u, (uint8_t)(u + 1));
            CU_ASSERT(store_read(s, 0, k ? b : a, sizeof a) == 0);
            store_close(s);
        }
        CU_ASSERT(memcmp(a, b, sizeof a) == 0);
        static uint8_t last[sizeof a];
        same += memcmp(a, last, sizeof a) == 0;
        memcpy(last, a, sizeof a);
    }
    CU_ASSERT(same < 20);
}

static void after_the_cut(void)
{
    struct store *s = cut_store(HW_PERSIST_ORDERED, 1, 3);
    write_unit(s, 0, 1);
    CU_ASSERT(store_cut_done(s));
    uint8_t was = atom(s, 0, 0);
    CU_ASSERT(store_write(s, 0, "\x07", 1) == -1 && atom(s, 0, 0) == was);
    store_flush(s);
    store_close(s);
    s = cut_store(HW_PERSIST_CACHED, 100, 1); /* never comes to it */
    for (unsigned i = 0; i < 99; i++)
        write_unit(s, i % 7, (uint8_t)i);
    CU_ASSERT(!store_cut_done(s) && whole(s, 98 % 7, 98));
    store_close(s);
}

/* --write keeps what is left after the cut. */
static void cut_is_kept(void)
{
    char *file = store_image("cut", 65536);
    struct store *s;
    struct err err;
    uint8_t in[4096], after[65536];
    struct store_setup setup = {.image = file, .write = true, .cut = 2, .cut_seed = 4};
    CU_ASSERT_FATAL(store_open(&setup, &s, &err) == 0);
    store_start(s, HW_PERSIST_ORDERED, ATOM);
    memset(in, 0, sizeof in);
    CU_ASSERT(store_write(s, 0, in, sizeof in) == 0);
    CU_ASSERT(store_write(s, 8192, in, sizeof in) == -1);
    CU_ASSERT(store_read(s, 0, after, sizeof after) == 0);
    CU_ASSERT(store_save(s, &err) == 0);
    store_close(s);
    s = store_of(file, false);
    uint8_t now[65536];
    CU_ASSERT(store_read(s, 0, now, sizeof now) == 0);
    CU_ASSERT(memcmp(now, after, sizeof now) == 0 && now[0] == 0 && now[4095] == 0);
    store_close(s);
    free(file);
}

/* ---- snapshots ---- */

/* Everything on the medium. */
static void snap(struct store *s, uint8_t *to)
{
    CU_ASSERT(store_read(s, 0, to, store_size(s)) == 0);
}

static void there_and_back(void)
{
    static uint8_t first[BIG], now[BIG];
    char *file = store_image("travel", BIG);
    struct store *s = store_of(file, false);
    struct bytes none = {0}, some = {0};
    store_start(s, HW_PERSIST_ORDERED, ATOM);
    store_state_put(s, &none);
    CU_ASSERT(store_write(s, 100, "\x01\x02", 2) == 0);
    CU_ASSERT(store_write(s, BIG - 1, "\x03", 1) == 0);
    store_state_put(s, &some);
    snap(s, first);
    CU_ASSERT(store_write(s, 101, "\x09", 1) == 0);
    CU_ASSERT(store_write(s, BORDER + 7, "\x09", 1) == 0);
    struct bytes_in in = {some.at, some.n, false};
    store_state_get(s, &in);
    CU_ASSERT(!in.bad && in.left == 0 && store_writes(s) == 2);
    snap(s, now);
    CU_ASSERT(memcmp(first, now, BIG) == 0);
    in = (struct bytes_in){none.at, none.n, false};
    store_state_get(s, &in);
    CU_ASSERT(!in.bad && store_writes(s) == 0);
    snap(s, now);
    for (size_t i = 0; i < BIG; i++)
        CU_ASSERT(now[i] == store_pattern(i));
    in = (struct bytes_in){some.at, some.n, false};
    store_state_get(s, &in);
    snap(s, now);
    CU_ASSERT(!in.bad && memcmp(first, now, BIG) == 0);
    for (size_t cut = 0; cut < some.n; cut += 7) { /* cut short: said, no crash */
        in = (struct bytes_in){some.at, cut, false};
        store_state_get(s, &in);
        CU_ASSERT(in.bad);
    }
    store_close(s);
    bytes_free(&none);
    bytes_free(&some);
    free(file);
}

/* Going back to before a cut and on again: the same loss. */
static void back_before_a_cut(void)
{
    uint8_t lost[UNITS * 4 * ATOM], again[sizeof lost];
    struct store *s = cut_store(HW_PERSIST_CACHED, 6, 11);
    struct bytes b = {0};
    for (unsigned u = 0; u < 6; u++) {
        if (u == 4)
            store_state_put(s, &b);
        write_unit(s, u, (uint8_t)(u + 1));
    }
    CU_ASSERT(store_cut_done(s));
    snap(s, lost);
    struct bytes_in in = {b.at, b.n, false};
    store_state_get(s, &in);
    CU_ASSERT(!in.bad && in.left == 0 && !store_cut_done(s) && whole(s, 3, 4));
    write_unit(s, 4, 5);
    write_unit(s, 5, 6);
    CU_ASSERT(store_cut_done(s));
    snap(s, again);
    CU_ASSERT(memcmp(lost, again, sizeof lost) == 0);
    store_close(s);
    bytes_free(&b);
}

void suite_store_cut(void)
{
    CU_pSuite s = CU_add_suite("store_cut", store_make_folder, store_drop_folder);
    CU_add_test(s, "power cut, ordered", ordered);
    CU_add_test(s, "power cut, cached", cached);
    CU_add_test(s, "power cut, cached: any order", any_order);
    CU_add_test(s, "power cut, cached: flush", flush_makes_durable);
    CU_add_test(s, "power cut: the seed decides", same_seed_same_loss);
    CU_add_test(s, "power cut: nothing after it", after_the_cut);
    CU_add_test(s, "power cut: --write", cut_is_kept);
    CU_add_test(s, "snapshots: there and back", there_and_back);
    CU_add_test(s, "snapshots: back before a power cut", back_before_a_cut);
}
