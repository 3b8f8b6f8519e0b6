// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exo_hashed.c - the hashed page table all environments share: places, overflow, who may displace
 * whom (exo/hpt.h), wired translations. Empty for other kinds of MMU.
 */
#include "exo_rig.h"

#include <exo/hpt.h>

#ifdef MMU_HASHED
#define RW (EXO_R | EXO_W)
#define PLACES (2 * M_HPT_GROUP)
#define GROUP 77u /* whose places everybody wants here */
#define SEGMENT 3u

/* The i-th page of an environment whose primary group is GROUP. */
static exo_word rival(uint32_t env, uint32_t i)
{
    uint32_t vsid = (env << 4 | SEGMENT) * M_HPT_VSID_FACTOR;
    uint32_t page = ((GROUP ^ vsid) & (M_HPT_GROUPS_MIN - 1)) + i * M_HPT_GROUPS_MIN;
    return SEGMENT << 28 | page << 12;
}

static exo_sword insert(uint32_t env, uint32_t i, uint32_t frame, uint32_t place)
{
    return CALL(hpt_insert, 0, 0, rival(env, i) | RW, frame, 0, place);
}

/* Owner of a place of GROUP (1 to 8) or of its secondary (9 to 16), from the exported list. */
static uint32_t owner(uint32_t place)
{
    uint64_t frame = (uint64_t)CALL(hpt_table, EXO_HPT_OWNERS_FRAME);
    const uint8_t *owners = arch_phys(frame << 12);
    uint32_t group = place <= M_HPT_GROUP ? GROUP : M_HPT_GROUPS_MIN - 1 - GROUP;
    return owners[group * M_HPT_GROUP + (place - 1) % M_HPT_GROUP];
}

static uint32_t places_of(uint32_t env)
{
    uint32_t n = 0;
    for (uint32_t place = 1; place <= PLACES; place++)
        n += owner(place) == env;
    return n;
}

/* Program `env`, running, has n pages in the primary group from this place on. */
static uint32_t occupy(uint32_t env, uint32_t n, uint32_t place)
{
    uint32_t frame = take_frame();
    for (uint32_t i = 0; i < n; i++)
        EXPECT(insert(env, i, frame, place + i), 0);
    return frame;
}

static bool in_a_tlb(uint64_t va)
{
    struct host_entry e[64];
    for (uint32_t core = 0; core < host.cores; core++)
        for (uint32_t i = 0, n = host_entries(core, e, 64); i < n; i++)
            if (e[i].va == va)
                return true;
    return false;
}

EXO_TEST(sixteen_places)
{
    boot(1);
    uint32_t f = take_frame();
    EXPECT(CALL(hpt_table, EXO_HPT_GROUPS), M_HPT_GROUPS_MIN);
    EXPECT(insert(1, 0, f, PLACES + 1), -EXO_ERANGE);
    for (uint32_t i = 0; i < PLACES; i++)
        EXPECT(insert(1, i, f, 0), 0);
    for (uint32_t place = 1; place <= PLACES; place++)
        CHECK(owner(place) == 1);
    EXPECT(insert(1, 16, f, 0), -EXO_EFULL);
    for (uint32_t i = 0; i < PLACES; i++)
        CHECK(may_write(rival(1, i)));
    EXPECT(insert(1, 16, f, 3), 0); /* the third page goes, from the TLB too */
    CHECK(!in_a_tlb(rival(1, 2)) && may_write(rival(1, 16)));
    EXPECT(CALL(hpt_read, 0, 0, rival(1, 2)), 0);
    CHECK(((uint32_t)CALL(hpt_read, 0, 0, rival(1, 16)) &
           (M_HPT_R | M_HPT_C | M_HPT_PP)) == (M_HPT_R | M_HPT_C | M_HPT_PP_WRITE));
    EXPECT(insert(1, 16, f, 9), 0); /* it is there: it stays where it is */
    CHECK(owner(3) == 1 && may_write(rival(1, 8)));
    EXPECT(CALL(hpt_evict, 0, 0, rival(1, 0), 1), 0);
    CHECK(owner(1) == 0);
    EXPECT(insert(1, 17, f, 0), 0); /* where it was free */
    CHECK(owner(1) == 1);
}

EXO_TEST(what_is_in_a_group)
{
    boot(1);
    uint32_t f = occupy(1, 3, 2);
    CHECK(may_write(rival(1, 1)));
    uint32_t g = (uint32_t)CALL(hpt_group, 0, 0, rival(1, 5), 0);
    CHECK((g & 7) == EXO_HPT_MAY);                      /* free */
    CHECK((g >> 3 & 7) == (EXO_HPT_OWN | EXO_HPT_MAY)); /* not used yet */
    CHECK((g >> 6 & 7) == (EXO_HPT_OWN | EXO_HPT_MAY | EXO_HPT_USED));
    uint32_t hand = g >> EXO_HPT_HAND_SHIFT;
    EXPECT(insert(1, 5, f, 2), 0);
    g = (uint32_t)CALL(hpt_group, 0, 0, rival(1, 5), 1);
    CHECK(g >> EXO_HPT_HAND_SHIFT == ((hand + 1) & 15)); /* one was displaced */
    EXPECT(CALL(hpt_wire, 0, 0, 4, rival(1, 9) | RW, f, 0), 0);
    for (uint32_t place = 1; place <= M_HPT_GROUP; place++) {
        g = (uint32_t)CALL(hpt_group, 0, 0, rival(1, 5), 0);
        uint32_t what = g >> (place - 1) * EXO_HPT_BITS & 7;
        bool may = insert(1, 20 + place, f, place) == 0;
        CHECK(may == ((what & EXO_HPT_MAY) != 0)); /* all but the wired one */
    }
    EXPECT(CALL(hpt_group, 0, 0, rival(1, 5), 2), -EXO_ERANGE);
}

EXO_TEST(batch_leaves_out_what_finds_no_place)
{
    boot(1);
    uint32_t f = take_frame();
    struct exo_map ops[20];
    for (uint32_t i = 0; i < 20; i++)
        ops[i] = (struct exo_map){rival(1, i) | RW, f, 0};
    put(HOST_DATA_VA, ops, sizeof ops);
    EXPECT(CALL(hpt_batch, 0, 0, HOST_DATA_VA, 20), 0);
    CHECK(places_of(1) == PLACES);
    CHECK(may_read(rival(1, 15)) && CALL(hpt_read, 0, 0, rival(1, 16)) == 0);
}

/* Program 2 against program 1, which does not run: up to its share, then as much as 1 has. */
EXO_TEST(a_share_and_no_more_than_the_other)
{
    boot(2);
    occupy(1, 5, 1);
    run_until(2);
    uint32_t f = occupy(2, 3, 6);  /* the free ones: all it is entitled to */
    EXPECT(insert(2, 3, f, 1), 0); /* 1 has five, we had three */
    CHECK(owner(1) == 2);
    EXPECT(insert(2, 4, f, 2), -EXO_EBUSY); /* four each */
    EXPECT(insert(2, 4, f, 6), 0);          /* one's own */
    EXPECT(CALL(hpt_evict, 0, 0, rival(2, 4), 1), 0);
    EXPECT(CALL(hpt_evict, 0, 0, rival(2, 3), 1), 0);
    run_until(1);
    CHECK(may_write(rival(1, 1)) && may_write(rival(1, 4)));
}

/* A page of one that does not run goes for a share; three are a share on one core. */
EXO_TEST(an_equal_gives_a_share)
{
    boot(3);
    occupy(1, 3, 1);
    run_until(2);
    occupy(2, 3, 4);
    run_until(3);
    uint32_t f = take_frame();
    for (uint32_t place = 1; place <= 3; place++)
        EXPECT(insert(3, place, f, place), 0);
    EXPECT(insert(3, 4, f, 4), -EXO_EBUSY); /* three each with 2 */
    CHECK(owner(1) == 3 && owner(4) == 2);
    run_until(1);
    CHECK(!in_a_tlb(rival(1, 0)));
}

/* While it runs, what it has in its share stays. */
EXO_TEST(who_runs_keeps_its_share)
{
    boot_cores(2, 4);
    uint32_t me = host_env(0), other = host_env(1);
    CHECK(me != 0 && other != 0 && me != other);
    rig_core = 1;
    occupy(other, 4, 1);
    rig_core = 0;
    uint32_t f = take_frame();
    EXPECT(insert(me, 0, f, 1), 0); /* it has more than its share */
    EXPECT(insert(me, 1, f, 2), -EXO_EBUSY);
    EXPECT(insert(me, 1, f, 5), 0);
    rig_core = 1;
    CHECK(may_write(rival(other, 1)) && may_write(rival(other, 3)));
}

EXO_TEST(wired_comes_back)
{
    boot(2);
    uint32_t f = take_frame();
    EXPECT(CALL(hpt_wire, 0, 0, EXO_NWIRED, rival(1, 0) | RW, f, 0), -EXO_ERANGE);
    EXPECT(CALL(hpt_wire, 0, 0, 3, rival(1, 0) | RW, free_frame(), 0), -EXO_EFRAME);
    EXPECT(CALL(hpt_wire, 0, 0, 3, rival(1, 0) | RW, f, 0), 0);
    EXPECT(CALL(hpt_evict, 0, 0, rival(1, 0), 1), 0); /* passes it by */
    CHECK(may_write(rival(1, 0)) && owner(1) == 1);
    EXPECT(insert(1, 1, f, 1), -EXO_EBUSY);
    run_until(2);
    occupy(2, 1, 1); /* another's wired page is not exempt */
    CHECK(owner(1) == 2 && kernel_ctx[1].miss == 1);
    run_until(1);
    CHECK(may_write(rival(1, 0)) && kernel_ctx[1].miss == 0);
    EXPECT(CALL(hpt_wire, 0, 0, 3, rival(1, 0), 0, 0), 0);
    CHECK(!may_read(rival(1, 0)));
}

/* More wired pages than places: each comes when it is used, at the cost of another. */
EXO_TEST(too_many_wired)
{
    boot(1);
    uint32_t f = take_frame();
    for (uint32_t i = 0; i < PLACES; i++) /* the first slot's, the upage's, goes for it */
        EXPECT(CALL(hpt_wire, 0, 0, i, rival(1, i) | RW, f, 0), 0);
    EXPECT(insert(1, PLACES, f, 0), -EXO_EFULL);
    EXPECT(insert(1, PLACES, f, 1), -EXO_EBUSY);
    for (uint32_t round = 0; round < 3; round++)
        for (uint32_t i = 0; i < PLACES; i++)
            CHECK(may_write(rival(1, i)));
}

EXO_TEST(the_table_is_for_reading)
{
    boot(1);
    for (uint32_t which = EXO_HPT_ENTRIES_FRAME; which <= EXO_HPT_OWNERS_FRAME; which++) {
        exo_word frame = (exo_word)CALL(hpt_table, which);
        EXPECT(bind(0, 0, FREE_VA | RW, frame, 0), -EXO_EPERM);
        EXPECT(bind(0, 0, FREE_VA | EXO_R | EXO_X, frame, 0), -EXO_EPERM);
        EXPECT(bind(0, 0, FREE_VA | EXO_R, frame, 15), 0); /* no capability needed */
        CHECK(may_read(FREE_VA));
        EXPECT(CALL(frame_alloc, frame, 0), -EXO_EFRAME);
    }
    EXPECT(CALL(hpt_table, 3), -EXO_EINVAL);
}
#endif

const struct rig_test exo_hashed_tests[] = {
#ifdef MMU_HASHED
    RIG_ROW(sixteen_places),
    RIG_ROW(what_is_in_a_group),
    RIG_ROW(batch_leaves_out_what_finds_no_place),
    RIG_ROW(a_share_and_no_more_than_the_other),
    RIG_ROW(an_equal_gives_a_share),
    RIG_ROW(who_runs_keeps_its_share),
    RIG_ROW(wired_comes_back),
    RIG_ROW(too_many_wired),
    RIG_ROW(the_table_is_for_reading),
#endif
    RIG_END};
