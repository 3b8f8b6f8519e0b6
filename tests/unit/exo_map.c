// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exo_map.c - bindings, in each kind's own calls: what may be bound, what is broken when. The
 * stale entries a missing invalidation leaves are visible: the host's MMUs forget nothing.
 */
#include "exo_rig.h"

#define RW (EXO_R | EXO_W)

EXO_TEST(bind_errors)
{
    boot(2);
    make_child(3);
    uint32_t f = take_frame();
    EXPECT(bind(0, 0, FREE_VA | RW, 0, 0), -EXO_EFRAME);
    EXPECT(bind(0, 0, FREE_VA | RW, machine.nframes, 0), -EXO_EFRAME);
    EXPECT(bind(0, 0, FREE_VA | RW, (exo_word)-1, 0), -EXO_EFRAME);
    EXPECT(bind(0, 0, FREE_VA | RW, free_frame(), 0), -EXO_EFRAME);
    EXPECT(bind(0, 0, FREE_VA | EXO_R, 1, 0), -EXO_EFRAME); /* the kernel's */
    EXPECT(bind(0, 0, FREE_VA | RW, machine.env[2].upage_frame, 0), -EXO_ENOTHELD);
    EXPECT(bind(0, 0, FREE_VA | RW, f, 1), -EXO_ECAP);
    EXPECT(bind(0, 0, FREE_VA | RW, f, EXO_NCAP), -EXO_ECAP);
    EXPECT(bind(0, 0, (FREE_VA + 0x800) | RW, f, 0), -EXO_EVA);
    EXPECT(bind(0, 0, arch_va_end | RW, f, 0), -EXO_EVA);
    EXPECT(bind(0, 0, (exo_word)-4096 | RW, f, 0), -EXO_EVA);
    EXPECT(bind(2, 0, FREE_VA | RW, f, 0), -EXO_EPERM); /* into a stranger */
    EXPECT(bind(9, 0, FREE_VA | RW, f, 0), -EXO_EENV);
    EXPECT(bind(3, 0, FREE_VA | RW, f, 0),
           -EXO_ENOTHELD); /* the child does not hold it */
    EXPECT(CALL(frame_hold, f, 3, 0), 0);
    EXPECT(bind(3, 0, FREE_VA | RW, f, 0), 0);
    EXPECT(bind(0, 0, FREE_VA | RW, f, 0), 0);
}

EXO_TEST(a_weak_capability_binds_weakly)
{
    boot(1);
    uint32_t f = take_frame();
    EXPECT(CALL(cap_derive, 0, 1, 4, EXO_CAP_R | EXO_CAP_W), 0);
    EXPECT(CALL(cap_derive, 0, 2, 4, EXO_CAP_R), 0);
    EXPECT(bind(0, 0, FREE_VA | EXO_R, f, 1),
           -EXO_EPERM); /* {1,4} does not dominate {1} */
    uint32_t g = free_frame();
    EXPECT(CALL(frame_alloc, g, 1), 0);
    EXPECT(bind(0, 0, FREE_VA | RW, g, 2), -EXO_EPERM);
    EXPECT(bind(0, 0, FREE_VA | EXO_R, g, 2), 0);
    EXPECT(bind(0, 0, FREE_VA | RW, g, 0), 0); /* {1} dominates {1,4} */
    CHECK(may_write(FREE_VA));
}

EXO_TEST(public_frames_are_read_only)
{
    boot(1);
    uint32_t e = machine.kinfo->export_frame,
             m = (uint32_t)(machine.table->module[0].pa >> 12);
    EXPECT(bind(0, 0, FREE_VA | EXO_R, e, 15), 0); /* no capability needed */
    EXPECT(bind(0, 0, FREE_VA | RW, e, 0), -EXO_EPERM);
    EXPECT(bind(0, 0, FREE_VA | EXO_R | EXO_X, e, 0), -EXO_EPERM);
    CHECK(word(FREE_VA) == EXO_ABI_VERSION);
    EXPECT(bind(0, 0, FREE_VA | EXO_R | EXO_X, m, 15), 0);
    EXPECT(bind(0, 0, FREE_VA | RW, m, 0), -EXO_EPERM);
    CHECK(word(FREE_VA) == 0x464c457f);
}

EXO_TEST(unbound_is_gone)
{
    boot(1);
    uint32_t f = take_frame();
    EXPECT(bind(0, 0, FREE_VA | RW, f, 0), 0);
    put(FREE_VA, "x", 1);
    EXPECT(unbind(0, 0, FREE_VA, 1), 0);
    CHECK(machine.frame[f].maps == 0);
    CHECK(!may_read(FREE_VA));
}

#ifndef MMU_REGIONS
EXO_TEST(range_errors)
{
    boot(2);
    EXPECT(unbind(0, 0, FREE_VA, EXO_RANGE_MAX + 1), -EXO_ERANGE);
    EXPECT(unbind(0, 0, FREE_VA + 0x400, 1), -EXO_EVA);
    EXPECT(unbind(0, 0, arch_va_end, 1), -EXO_EVA);
    EXPECT(unbind(0, 0, arch_va_end - 0x1000, 2), -EXO_EVA);
    EXPECT(unbind(2, 0, FREE_VA, 1), -EXO_EPERM);
    EXPECT(unbind(0, 0, FREE_VA, 0), 0);
    EXPECT(unbind(0, 0, FREE_VA, EXO_RANGE_MAX), 0);
}

#endif

EXO_TEST(cut_rights_hold_at_once)
{
    boot(1);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_EXCEPTION, 0x401000), 0);
    uint32_t f = take_frame();
    EXPECT(bind(0, 0, FREE_VA | RW, f, 0), 0);
    put(FREE_VA, "x", 1);
    EXPECT(protect(FREE_VA | EXO_R, 1), 0);
    CHECK(may_read(FREE_VA));
    CHECK(!may_write(FREE_VA));
    CHECK((upage(1)->save.cause & M_CAUSE_CODE) == M_CAUSE_PROT);
    CHECK(upage(1)->save.badvaddr == FREE_VA);
    EXPECT(protect(FREE_VA | EXO_R, EXO_RANGE_MAX + 1), -EXO_ERANGE);
}

EXO_TEST(rights_come_from_capabilities_not_protect)
{
    boot(2);
    uint32_t f = take_frame();
    envs[1].cap[5] = envs[2].cap[0];
    EXPECT(CALL(frame_guard, f, 0, 5, EXO_CAP_R), 0);
    run_until(2);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_EXCEPTION, 0x401000), 0);
    EXPECT(CALL(frame_hold, f, 0, 0), 0);
    EXPECT(bind(0, 0, FREE_VA | EXO_R, f, 0), 0);
    protect(FREE_VA | RW, 1);
    CHECK(!may_write(FREE_VA));
}

EXO_TEST(an_address_space_is_its_own)
{
    boot(2);
    uint32_t f = take_frame();
    EXPECT(bind(0, 0, FREE_VA | RW, f, 0), 0);
    put(FREE_VA, "one", 4);
    run_until(2);
    CHECK(!may_read(FREE_VA));
    CHECK(state_of(2) == EXO_ENV_STATE_DEAD);
}

/* Two bits name four address spaces: environments share them, but never their translations. */
static void share_identifiers(uint32_t ncores)
{
    boot_with(ncores, 6, 0, 2);
    for (uint32_t i = 1; i <= 6; i++) {
        rig_core = (i - 1) % ncores;
        run_until(i);
        put(HOST_DATA_VA, &i, 4);
        put(EXO_STACK_TOP - 4, &i, 4);
    }
    for (uint32_t round = 0; round < 40; round++) {
        rig_core = round % ncores;
        uint32_t env = host_env(rig_core);
        CHECK(word(HOST_DATA_VA) == env && word(EXO_STACK_TOP - 4) == env);
        host_tick(rig_core);
    }
}

EXO_TEST(shared_address_space_identifiers)
{
    share_identifiers(1);
}

EXO_TEST(shared_identifiers_on_two_cores)
{
    share_identifiers(2);
}

EXO_TEST(a_new_life_sees_nothing_of_the_old)
{
    boot(1);
    for (int life = 0; life < 3; life++) {
        make_child(3);
        uint32_t f = take_frame();
        EXPECT(CALL(frame_hold, f, 3, 0), 0);
        if (life == 0)
            EXPECT(bind(3, 0, FREE_VA | RW, f, 0), 0);
        start_child(3, 5);
        run_until(3);
        CHECK(may_write(FREE_VA) == (life == 0));
        if (life == 0)
            EXPECT(CALL(env_exit, 0), HOST_GONE);
        run_until(1);
        EXPECT(CALL(frame_free, f), 0);
        EXPECT(CALL(env_free, 3, 0), 0);
    }
}

#ifndef MMU_REGIONS
EXO_TEST(batch)
{
    boot(1);
    uint32_t f = take_frame(), g = take_frame();
    struct exo_map ops[] = {{FREE_VA | RW, f, 0},
                            {(FREE_VA + 0x1000) | EXO_R, g, 0},
                            {FREE_VA, 0, 0}, /* and away */
                            {(FREE_VA + 0x2000) | RW, g, 0}};
    uint32_t call = host_mmu_calls.batch;
    put(HOST_DATA_VA, ops, sizeof ops);
    EXPECT(rig_call(call, (const exo_word[6]){0, 0, HOST_DATA_VA, 4}), 0);
    CHECK(may_read(FREE_VA + 0x1000) && may_write(FREE_VA + 0x2000));
    EXPECT(rig_call(call, (const exo_word[6]){0, 0, HOST_DATA_VA, EXO_BATCH_MAX + 1}),
           -EXO_ERANGE);
    EXPECT(rig_call(call, (const exo_word[6]){0, 0, arch_va_end, 1}), -EXO_EFAULT);
    EXPECT(rig_call(call, (const exo_word[6]){9, 0, HOST_DATA_VA, 1}), -EXO_EENV);
    ops[0] = (struct exo_map){(FREE_VA + 0x3000) | RW, f, 0};
    ops[1] = (struct exo_map){(FREE_VA + 0x4000) | RW, machine.nframes, 0};
    put(HOST_DATA_VA, ops, sizeof ops);
    EXPECT(rig_call(call, (const exo_word[6]){0, 0, HOST_DATA_VA, 2}), -EXO_EFRAME);
    CHECK(!may_read(FREE_VA));
}

#endif

#ifdef MMU_RADIX
EXO_TEST(tables)
{
    boot(1);
    uint32_t levels = (uint32_t)machine.table->device[0].params[M_RADIX_LEVELS];
    uint32_t f = take_frame(), g = take_frame();
    exo_word far = 0x10000000;
    EXPECT(bind(0, 0, far | RW, f, 0), -EXO_ENOTABLE);
    EXPECT(CALL(pt_table, 0, 0, far, levels - 1, f), -EXO_ERANGE);
    EXPECT(CALL(pt_table, 0, 0, far, 0, free_frame()), -EXO_EFRAME);
    EXPECT(CALL(pt_table, 0, 0, far, 0, f), 0);
    CHECK(machine.frame[f].type == EXO_FRAME_TABLE);
    EXPECT(CALL(pt_table, 0, 0, far, 0, g), -EXO_EBUSY);
    EXPECT(bind(0, 0, far | RW, g, 0), 0);
    CHECK(may_write(far));
    EXPECT(bind(0, 0, FREE_VA | RW, f, 0), -EXO_EPERM); /* never write a page table */
    EXPECT(bind(0, 0, FREE_VA | EXO_R, f, 0), 0);       /* read it by all means */
    CHECK(may_read(FREE_VA));
    EXPECT(CALL(frame_free, f), -EXO_EBUSY);
    EXPECT(CALL(pt_root, 0, 0, g), -EXO_EBUSY);
    CHECK(CALL(pt_read, 0, 0, far) > 0);
    EXPECT(CALL(pt_read, 0, 0, 0x20000000), -EXO_ENOTABLE);
}

EXO_TEST(tables_go_when_they_are_empty)
{
    boot_with(1, 1, 1, 0); /* two levels of 4-byte entries */
    uint32_t f = take_frame(), g = take_frame();
    exo_word far = 0x10000000;
    EXPECT(CALL(pt_table, 0, 0, far, 0, 0), -EXO_ENOTABLE);
    EXPECT(CALL(pt_table, 0, 0, far, 0, f), 0);
    EXPECT(bind(0, 0, far | RW, g, 0), 0);
    CHECK(may_write(far));
    EXPECT(CALL(pt_table, 0, 0, far, 0, 0), -EXO_EBUSY);
    EXPECT(unbind(0, 0, far, 1), 0);
    EXPECT(CALL(pt_table, 0, 0, far, 0, 0), 0);
    CHECK(machine.frame[f].type == EXO_FRAME_USER && frame_held(1, f));
    EXPECT(bind(0, 0, far | RW, g, 0), -EXO_ENOTABLE);
    EXPECT(CALL(frame_free, f), 0);
    CHECK(!may_read(far));
}

EXO_TEST(a_root_for_oneself)
{
    boot(2);
    EXPECT(CALL(pt_root, 2, 0, 1), -EXO_EPERM);
    make_child(3);
    EXPECT(CALL(pt_root, 3, 0, take_frame()), -EXO_EBUSY); /* has one */
    EXPECT(CALL(env_create, 4, 0), 0);
    EXPECT(CALL(pt_root, 4, 0, machine.nframes), -EXO_EFRAME);
    EXPECT(CALL(pt_root, 4, 0, take_frame()), -EXO_ENOTHELD); /* the child must hold it */
}

EXO_TEST(a_shared_frame_is_no_table)
{
    boot(1);
    make_child(3);
    uint32_t f = take_frame();
    EXPECT(CALL(frame_hold, f, 3, 0), 0);
    EXPECT(CALL(pt_table, 0, 0, 0x10000000, 0, f), -EXO_EBUSY); /* 3 could write it */
    EXPECT(CALL(env_destroy, 3, 0, 0), 0);
    EXPECT(bind(0, 0, FREE_VA | RW, f, 0), 0);
    EXPECT(CALL(pt_table, 0, 0, 0x10000000, 0, f), -EXO_EBUSY); /* mapped */
    EXPECT(unbind(0, 0, FREE_VA, 1), 0);
    EXPECT(CALL(pt_table, 0, 0, 0x10000000, 0, f), 0);
}
#elif defined MMU_SOFTTLB
EXO_TEST(wired)
{
    boot(1);
    uint32_t f = take_frame();
    EXPECT(CALL(tlb_wire, 0, 0, EXO_NWIRED, FREE_VA | RW, f, 0), -EXO_ERANGE);
    EXPECT(CALL(tlb_wire, 0, 0, 3, FREE_VA | RW, free_frame(), 0), -EXO_EFRAME);
    EXPECT(CALL(tlb_wire, 0, 0, 3, FREE_VA | RW, f, 0), 0);
    EXPECT(CALL(tlb_flush, 0, 0), 0);
    CHECK(may_write(FREE_VA)); /* guaranteed */
    EXPECT(CALL(tlb_wire, 0, 0, 3, FREE_VA, 0, 0), 0);
    EXPECT(CALL(tlb_flush, 0, 0), 0);
    CHECK(!may_read(FREE_VA));
}

EXO_TEST(flush)
{
    boot(1);
    EXPECT(CALL(tlb_flush, 2, 0), -EXO_EENV);
    uint32_t f = take_frame();
    EXPECT(bind(0, 0, FREE_VA | RW, f, 0), 0);
    CHECK(may_write(FREE_VA));
    EXPECT(CALL(tlb_flush, 0, 0), 0);
    CHECK(!may_read(FREE_VA));
}
#endif

const struct rig_test exo_map_tests[] = {
    RIG_ROW(bind_errors),
    RIG_ROW(a_weak_capability_binds_weakly),
    RIG_ROW(public_frames_are_read_only),
    RIG_ROW(unbound_is_gone),
#ifndef MMU_REGIONS
    RIG_ROW(range_errors),
    RIG_ROW(batch),
#endif
    RIG_ROW(cut_rights_hold_at_once),
    RIG_ROW(rights_come_from_capabilities_not_protect),
    RIG_ROW(an_address_space_is_its_own),
    RIG_ROW(shared_address_space_identifiers),
    RIG_ROW(shared_identifiers_on_two_cores),
    RIG_ROW(a_new_life_sees_nothing_of_the_old),
#ifdef MMU_RADIX
    RIG_ROW(tables),
    RIG_ROW(tables_go_when_they_are_empty),
    RIG_ROW(a_root_for_oneself),
    RIG_ROW(a_shared_frame_is_no_table),
#elif defined MMU_SOFTTLB
    RIG_ROW(wired),
    RIG_ROW(flush),
#endif
    RIG_END};
