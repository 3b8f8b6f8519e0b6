// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exo_disk_end.c - requests that outlive what they were asked with: frames, extents,
 * environments that go while the device still works. Nothing is reused before it is done,
 * and nobody is told who should not be. The device of the host's machine checks every
 * access it makes itself.
 */
#include "exo_disk.h"

static void child_asks(uint32_t child, uint32_t data, uint32_t done, struct ask *a)
{
    /* The child's data page of the program made by host_setup is not its own: give it
     * one. */
    uint32_t page = take_frame();
    give_frame(child, page);
    EXPECT(bind(child, 0, HOST_DATA_VA | EXO_R | EXO_W, page, 0), 0);
    EXPECT(CALL(cap_grant, child, 0, 0, 0), 0);
    give_frame(child, data);
    give_frame(child, done);
    EXPECT(CALL(extent_hold, X, child, 0), 0);
    EXPECT(CALL(extent_free, X), 0);
    start_child(child, 9);
    run_until(child);
    EXPECT(ask(a), 0);
}

DISK_TEST(dies_meanwhile)
{
    boot_request(kind);
    make_child(7);
    struct ask a = ask_for(EXO_IO_READ);
    child_asks(7, data_frame, done_frame, &a);
    memset(medium_at(0), 0x77, 512);
    run_until(1);
    EXPECT(CALL(env_destroy, 7, 0, 0), 0);
    EXPECT(CALL(env_free, 7, 0), 0);
    /* The frames are nobody's and cannot be had; neither can the units. */
    CHECK(machine.frame[data_frame].holders == 0 && machine.frame[data_frame].pins == 1);
    EXPECT(CALL(frame_alloc, data_frame, 0), -EXO_EBUSY);
    EXPECT(CALL(frame_alloc, done_frame, 0), -EXO_EBUSY);
    CHECK(machine.extent[X].count == DISK_COUNT && machine.extent[X].requests == 1);
    EXPECT(CALL(extent_alloc, X, 0, 1, 0), -EXO_EBUSY);
    EXPECT(CALL(extent_alloc, 1, DISK_FIRST, 1, 0), -EXO_EOVERLAP);
    *status_at(&a) = 1234;
    disk_does(0, true);
    CHECK(*status_at(&a) == 1234);
    CHECK(machine.frame[data_frame].type == EXO_FRAME_FREE);
    EXPECT(CALL(frame_alloc, data_frame, 0), 0);
    EXPECT(CALL(frame_alloc, done_frame, 0), 0);
    EXPECT(CALL(extent_alloc, 1, DISK_FIRST, 1, 0), 0);
}

/* Its number is somebody else's by the time the request ends. */
DISK_TEST(namesake_is_not_told)
{
    boot_request(kind);
    make_child(7);
    struct ask a = ask_for(EXO_IO_READ);
    child_asks(7, data_frame, done_frame, &a);
    run_until(1);
    EXPECT(CALL(env_destroy, 7, 0, 0), 0);
    EXPECT(CALL(env_free, 7, 0), 0);
    EXPECT(CALL(env_create, 7, 0), 0);
    EXPECT(CALL(frame_hold, done_frame, 7, 0), 0); /* its guard dominates: it may */
    EXPECT(CALL(extent_hold, X, 7, 0), 0);
    disk_does(0, true);
    CHECK(*status_at(&a) == 0 && extent_held(7, X));
}

DISK_TEST(frames_freed_meanwhile)
{
    boot_request(kind);
    struct balance before = balance();
    struct ask a = ask_for(EXO_IO_READ);
    EXPECT(ask(&a), 0);
    EXPECT(CALL(frame_free, data_frame), 0);
    EXPECT(CALL(frame_free, done_frame), 0);
    EXPECT(CALL(frame_alloc, data_frame, 0), -EXO_EBUSY);
    EXPECT(CALL(frame_alloc, done_frame, 0), -EXO_EBUSY);
    disk_does(0, true);
    CHECK(*status_at(&a) == 0);
    EXPECT(CALL(frame_alloc, data_frame, 0), 0);
    EXPECT(CALL(frame_alloc, done_frame, 0), 0);
    CHECK(balanced(&before));
}

DISK_TEST(frames_change_hands)
{
    boot_request(kind);
    make_child(7);
    struct ask a = ask_for(EXO_IO_READ);
    EXPECT(ask(&a), 0);
    give_frame(7, done_frame);
    disk_does(0, true);
    CHECK(*status_at(&a) == 0 && frame_held(7, done_frame));
    CHECK(machine.frame[done_frame].pins == 0);
}

DISK_TEST(frame_cannot_become_a_table)
{
    boot_request(kind);
    struct ask a = ask_for(EXO_IO_READ);
    EXPECT(ask(&a), 0);
#ifdef MMU_RADIX
    EXPECT(CALL(env_create, 7, 0), 0);
    give_frame(7, data_frame);
    EXPECT(CALL(pt_root, 7, 0, data_frame), -EXO_EBUSY);
#endif
    EXPECT(CALL(frame_guard, done_frame, 0, 0, EXO_CAP_R), 0);
    EXPECT(CALL(frame_guard, done_frame, 0, 0, 0), -EXO_EBUSY);
    disk_does(0, true);
}

DISK_TEST(extent_freed_meanwhile)
{
    boot_request(kind);
    struct ask a = ask_for(EXO_IO_WRITE);
    memset(data_at(&a), 0x33, ask_bytes());
    EXPECT(ask(&a), 0);
    EXPECT(CALL(extent_free, X), 0);
    EXPECT(CALL(extent_free, X), -EXO_ENOTHELD);
    EXPECT(ask(&a), -EXO_ENOTHELD);
    EXPECT(CALL(extent_alloc, 1, DISK_FIRST, DISK_COUNT, 0), -EXO_EOVERLAP);
    disk_does(0, true);
    CHECK(*status_at(&a) == 0 && medium_at(0)[0] == 0x33);
    CHECK(machine.extent[X].count == 0);
    EXPECT(CALL(extent_alloc, 1, DISK_FIRST, DISK_COUNT, 0), 0);
}

DISK_TEST(extent_aborted_meanwhile)
{
    boot_request(kind);
    struct ask a = ask_for(EXO_IO_WRITE);
    EXPECT(ask(&a), 0);
    make_child(7);
    EXPECT(CALL(cap_grant, 7, 0, 0, 0), 0);
    EXPECT(CALL(extent_hold, X, 7, 0), 0);
    start_child(7, 9);
    run_until(7);
    EXPECT(CALL(extent_revoke, X, 1, 0, 10), 0);
    host_tick(0);
    CHECK(!extent_held(1, X) && extent_held(7, X));
    CHECK(upage(1)->repo[0] == (EXO_RES_EXTENT << 28 | X));
    disk_does(0, true);
    CHECK(*status_at(&a) == 0 && machine.extent[X].count != 0);
    run_until(1);
    EXPECT(ask(&a), -EXO_ENOTHELD);
}

DISK_TEST(frame_aborted_meanwhile)
{
    boot_request(kind);
    struct ask a = ask_for(EXO_IO_READ);
    EXPECT(ask(&a), 0);
    make_child(7);
    EXPECT(CALL(cap_grant, 7, 0, 0, 0), 0);
    EXPECT(CALL(frame_hold, done_frame, 7, 0), 0);
    start_child(7, 9);
    run_until(7);
    EXPECT(CALL(frame_revoke, done_frame, 1, 0, 10), 0);
    EXPECT(CALL(frame_revoke, data_frame, 1, 0, 10), 0);
    host_tick(0);
    CHECK(!frame_held(1, done_frame) && !frame_held(1, data_frame));
    EXPECT(CALL(frame_alloc, data_frame, 0), -EXO_EBUSY);
    disk_does(0, true);
    CHECK(*status_at(&a) == 0);
    EXPECT(CALL(frame_alloc, data_frame, 0), 0);
}

/* Checked when asked: what happens to the capability then does not matter. */
DISK_TEST(capability_dropped_meanwhile)
{
    boot_request(kind);
    struct ask a = ask_for(EXO_IO_READ);
    EXPECT(ask(&a), 0);
    EXPECT(CALL(cap_drop, 0), 0);
    disk_does(0, true);
    CHECK(*status_at(&a) == EXO_IO_DONE);
    EXPECT(ask(&a), -EXO_ECAP);
}

DISK_TEST(all_die)
{
    boot_request(kind);
    struct ask a = ask_for(EXO_IO_READ);
    EXPECT(ask(&a), 0);
    CALL(env_exit, 3);
    CHECK(host_env(0) == 2);
    disk_does(0, true);
    CHECK(machine.frame[data_frame].type == EXO_FRAME_FREE);
    CHECK(machine.extent[X].count == 0);
    CALL(env_exit, 0);
    CHECK(host_stop(0) == HOST_HALTED && host.status == 3);
}

/* An interrupt for nothing is dropped. */
DISK_TEST(spurious)
{
    boot_request(kind);
    disk_interrupt();
    struct ask a = ask_for(EXO_IO_READ);
    EXPECT(ask(&a), 0);
    disk_interrupt();
    CHECK(*status_at(&a) == 0);
    disk_does(0, true);
    CHECK(*status_at(&a) == EXO_IO_DONE);
}

/* Core 0 takes the interrupt, whoever sleeps on another is woken there. */
DISK_TEST(another_core_sleeps)
{
    boot_config((struct host_config){.cores = 2, .programs = 2, .disk_kind = kind});
    disk_kind = kind;
    rig_core = 0;
    while (host_env(0) != 1 && host_env(1) != 1)
        host_next_event();
    rig_core = host_env(1) == 1;
    EXPECT(CALL(extent_alloc, X, DISK_FIRST, DISK_COUNT, 0), 0);
    data_frame = take_frame();
    done_frame = take_frame();
    EXPECT(bind(0, 0, FREE_VA | EXO_R, done_frame, 0), 0);
    struct ask a = ask_for(EXO_IO_READ);
    EXPECT(ask(&a), 0);
    struct exo_pred pred = {.op = EXO_PRED_NE, .va = FREE_VA + 8, .value = 0};
    put(HOST_DATA_VA, &pred, sizeof pred);
    CALL(sleep, HOST_DATA_VA, 1);
    CHECK(state_of(1) == EXO_ENV_STATE_SLEEP);
    CHECK(!host_pending(1));
    host_disk_done(0, true);
    CHECK(host_pending(0));
    CHECK(!(host_core[1].enabled & 1u << HOST_DISK_LINE));
    host_poll(0);
    CHECK(*status_at(&a) == EXO_IO_DONE && state_of(1) == EXO_ENV_STATE_READY);
}

const struct rig_test exo_disk_end_tests[] = {
    DISK_ROWS(dies_meanwhile),
    DISK_ROWS(namesake_is_not_told),
    DISK_ROWS(frames_freed_meanwhile),
    DISK_ROWS(frames_change_hands),
    DISK_ROWS(frame_cannot_become_a_table),
    DISK_ROWS(extent_freed_meanwhile),
    DISK_ROWS(extent_aborted_meanwhile),
    DISK_ROWS(frame_aborted_meanwhile),
    DISK_ROWS(capability_dropped_meanwhile),
    DISK_ROWS(all_die),
    DISK_ROWS(spurious),
    DISK_ROWS(another_core_sleeps),
    RIG_END,
};
