// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_extent.c - extents: names, guards, holders, revocation; who has no disk has no
 * calls. */
#include "exo_disk.h"

static void boot_pio(uint32_t programs)
{
    boot_disk(EXO_DISK_PIO, programs);
}

EXO_TEST(taken_and_freed)
{
    boot_pio(1);
    CHECK(machine.io->disk_kind == EXO_DISK_PIO);
    EXPECT(CALL(extent_alloc, 5, 10, 20, 0), 0);
    const struct exo_extent *x = &machine.extent[5];
    CHECK(x->first == 10 && x->count == 20 && x->requests == 0);
    CHECK(extent_held(1, 5) && x->guard.len == 1 && x->guard.byte[0] == 1);
    CHECK(host_count_events(EXO_TRACE_EXTENT) == 1);
    EXPECT(CALL(extent_free, 5), 0);
    CHECK(x->count == 0 && x->guard.len == EXO_NAME_NONE);
    CHECK(host_count_events(EXO_TRACE_EXTENT) == 2);
    EXPECT(CALL(extent_free, 5), -EXO_ENAME);
    EXPECT(CALL(extent_alloc, 5, 0, HOST_DISK_UNITS, 0), 0);
}

EXO_TEST(alloc_refused)
{
    boot_pio(1);
    EXPECT(CALL(extent_alloc, EXO_NEXTENT, 0, 1, 0), -EXO_ENAME);
    EXPECT(CALL(extent_alloc, (exo_word)-1, 0, 1, 0), -EXO_ENAME);
    EXPECT(CALL(extent_alloc, 0, HOST_DISK_UNITS, 1, 0), -EXO_ERANGE);
    EXPECT(CALL(extent_alloc, 0, 0, 0, 0), -EXO_ERANGE);
    EXPECT(CALL(extent_alloc, 0, 0, HOST_DISK_UNITS + 1, 0), -EXO_ERANGE);
    EXPECT(CALL(extent_alloc, 0, 1, UINT32_MAX, 0), -EXO_ERANGE);
    EXPECT(CALL(extent_alloc, 0, 1, (exo_word)-1, 0), -EXO_ERANGE);
    EXPECT(CALL(extent_alloc, 0, (exo_word)1 << 32, 1, 0), -EXO_ERANGE);
    EXPECT(CALL(extent_alloc, 0, 0, 1, 9), -EXO_ECAP);
    EXPECT(CALL(cap_derive, 0, 9, 1, EXO_CAP_R), 0);
    EXPECT(CALL(extent_alloc, 0, 0, 1, 9), -EXO_EPERM);
    EXPECT(CALL(extent_alloc, 0, 100, 10, 0), 0);
    EXPECT(CALL(extent_alloc, 0, 0, 1, 0), -EXO_EBUSY);
    EXPECT(CALL(extent_alloc, 1, 91, 10, 0), -EXO_EOVERLAP);
    EXPECT(CALL(extent_alloc, 1, 109, 1, 0), -EXO_EOVERLAP);
    EXPECT(CALL(extent_alloc, 1, 0, HOST_DISK_UNITS, 0), -EXO_EOVERLAP);
    EXPECT(CALL(extent_alloc, 1, 103, 2, 0), -EXO_EOVERLAP);
    EXPECT(CALL(extent_alloc, 1, 90, 10, 0), 0);
    EXPECT(CALL(extent_alloc, 2, 110, HOST_DISK_UNITS - 110, 0), 0);
}

EXO_TEST(held_by_two)
{
    boot_pio(1);
    EXPECT(CALL(extent_alloc, 0, 0, 8, 0), 0);
    make_child(7);
    EXPECT(CALL(extent_hold, 1, 7, 0), -EXO_ENAME);
    EXPECT(CALL(extent_hold, EXO_NEXTENT, 7, 0), -EXO_ENAME);
    EXPECT(CALL(extent_hold, 0, 9, 0), -EXO_EENV);
    EXPECT(CALL(extent_hold, 0, 7, 3), -EXO_ECAP);
    EXPECT(CALL(extent_hold, 0, 7, 0), 0);
    EXPECT(CALL(extent_hold, 0, 7, 0), -EXO_EBUSY);
    EXPECT(CALL(extent_free, 0), 0);
    CHECK(machine.extent[0].count == 8 && extent_held(7, 0) && !extent_held(1, 0));
    EXPECT(CALL(extent_free, 0), -EXO_ENOTHELD);
    EXPECT(CALL(extent_hold, 0, 0, 0), 0); /* its guard is still the caller's */
    EXPECT(CALL(extent_free, 0), 0);
    EXPECT(CALL(env_destroy, 7, 0, 0), 0);
    CHECK(machine.extent[0].count == 0);
}

EXO_TEST(strangers_cannot_hold)
{
    boot_pio(2);
    EXPECT(CALL(extent_alloc, 0, 0, 8, 0), 0);
    run_until(2);
    EXPECT(CALL(extent_hold, 0, 0, 0), -EXO_EPERM);
    EXPECT(CALL(extent_free, 0), -EXO_ENOTHELD);
    EXPECT(CALL(extent_alloc, 1, 4, 8, 0), -EXO_EOVERLAP);
    EXPECT(CALL(extent_revoke, 0, 1, 0, 0), -EXO_EPERM);
}

EXO_TEST(read_only_capability_does_not_hold)
{
    boot_pio(1);
    EXPECT(CALL(cap_derive, 0, 3, 1, EXO_CAP_W | EXO_CAP_G), 0);
    EXPECT(CALL(extent_alloc, 0, 0, 8, 0), 0);
    make_child(7);
    EXPECT(CALL(extent_alloc, 1, 8, 8, 3), 0); /* a guard nobody satisfies for reading */
    EXPECT(CALL(extent_hold, 1, 7, 0), -EXO_EPERM);
    EXPECT(CALL(extent_free, 1), 0);
}

EXO_TEST(revoked)
{
    boot_pio(1);
    EXPECT(CALL(extent_alloc, 6, 0, 8, 0), 0);
    make_child(7);
    uint32_t up = give_upage(7);
    EXPECT(CALL(env_set, 7, 0, EXO_ENV_REVOKE, HOST_CODE_VA + 64), 0);
    EXPECT(CALL(extent_hold, 6, 7, 0), 0);
    EXPECT(CALL(extent_revoke, 5, 7, 0, 0), -EXO_ENAME);
    EXPECT(CALL(extent_revoke, 6, 1, 0, 0), -EXO_EENV);
    EXPECT(CALL(extent_revoke, 6, 8, 0, 0), -EXO_ENOTHELD);
    EXPECT(CALL(extent_revoke, 6, 7, 4, 0), -EXO_ECAP);
    EXPECT(CALL(extent_revoke, 6, 7, 0, 0x80000000u), -EXO_ERANGE);
    EXPECT(CALL(extent_revoke, 6, 7, 0, 3 * EXO_SLICE_CYCLES), 0);
    EXPECT(CALL(extent_revoke, 6, 7, 0, 3 * EXO_SLICE_CYCLES), -EXO_EBUSY);
    start_child(7, 9);
    run_until(7);
    const struct exo_upage *page = frame_bytes(up);
    CHECK(page->save.upcall == EXO_UP_REVOKE && page->revoke_frame == 6 &&
          page->revoke_kind == EXO_RES_EXTENT);
    EXPECT(CALL(extent_free, 6), 0);
    CHECK(envs[7].nrevoke == 0 && !extent_held(7, 6) && page->repo_count == 0);
}

EXO_TEST(aborted)
{
    boot_pio(1);
    EXPECT(CALL(extent_alloc, 6, 0, 8, 0), 0);
    make_child(7);
    const struct exo_upage *page = frame_bytes(give_upage(7));
    EXPECT(CALL(extent_hold, 6, 7, 0), 0);
    EXPECT(CALL(extent_revoke, 6, 7, 0, 100), 0);
    host_tick(0);
    CHECK(!extent_held(7, 6) && extent_held(1, 6));
    CHECK(page->repo_count == 1 && page->repo[0] == (EXO_RES_EXTENT << 28 | 6));
    CHECK(host_count_events(EXO_TRACE_ABORT) == 1);
}

/* The same number of different kinds: two revocations. */
EXO_TEST(kinds_are_told_apart)
{
    boot_pio(1);
    uint32_t frame = 0;
    for (uint32_t f = free_frame(); f != 0 && frame == 0; f = machine.frame[f].next_free)
        if (f < EXO_NEXTENT)
            frame = f;
    if (frame == 0)
        return; /* memory this low is the kernel's */
    EXPECT(CALL(frame_alloc, frame, 0), 0);
    EXPECT(CALL(extent_alloc, frame, 0, 8, 0), 0);
    make_child(7);
    EXPECT(CALL(frame_hold, frame, 7, 0), 0);
    EXPECT(CALL(extent_hold, frame, 7, 0), 0);
    EXPECT(CALL(extent_revoke, frame, 7, 0, 100), 0);
    EXPECT(CALL(frame_revoke, frame, 7, 0, 1u << 30), 0);
    host_tick(0);
    CHECK(!extent_held(7, frame) && frame_held(7, frame) && envs[7].nrevoke == 1);
}

EXO_TEST(no_disk_no_calls)
{
    boot(1);
    EXPECT(CALL(extent_alloc, 0, 0, 1, 0), -EXO_ENODEVCALL);
    EXPECT(CALL(extent_hold, 0, 0, 0), -EXO_ENODEVCALL);
    EXPECT(CALL(extent_free, 0), -EXO_ENODEVCALL);
    EXPECT(CALL(extent_revoke, 0, 0, 0, 0), -EXO_ENODEVCALL);
    EXPECT(CALL(sector_io, 0), -EXO_ENODEVCALL);
    EXPECT(CALL(block_io, 0, 1), -EXO_ENODEVCALL);
    EXPECT(CALL(flash_io, 0), -EXO_ENODEVCALL);
    CHECK(machine.kinfo->extents_off == 0 && machine.io->disk_kind == 0);
}

EXO_TEST(only_the_kinds_calls)
{
    static const uint32_t call[] = {[EXO_DISK_PIO] = EXO_CALL_sector_io,
                                    [EXO_DISK_QUEUE] = EXO_CALL_block_io,
                                    [EXO_DISK_FLASH] = EXO_CALL_flash_io};
    boot_pio(1);
    for (uint32_t kind = EXO_DISK_QUEUE; kind <= EXO_DISK_FLASH; kind++)
        EXPECT(rig_call(call[kind], (const exo_word[6]){HOST_DATA_VA, 1}),
               -EXO_ENODEVCALL);
}

EXO_TEST(batched)
{
    boot_pio(1);
    struct exo_batch calls[] = {
        {.number = EXO_CALL_extent_alloc, .arg = {0, 0, 8, 0}},
        {.number = EXO_CALL_extent_free, .arg = {0}},
        {.number = EXO_CALL_sector_io, .arg = {HOST_DATA_VA}},
    };
    put(HOST_DATA_VA, calls, sizeof calls);
    EXPECT(CALL(batch, HOST_DATA_VA, 3), 2);
    EXPECT(CALL(batch, HOST_DATA_VA + 2 * sizeof calls[0], 1), -EXO_EINVAL);
}

const struct rig_test exo_extent_tests[] = {
    RIG_ROW(taken_and_freed),
    RIG_ROW(alloc_refused),
    RIG_ROW(held_by_two),
    RIG_ROW(strangers_cannot_hold),
    RIG_ROW(read_only_capability_does_not_hold),
    RIG_ROW(revoked),
    RIG_ROW(aborted),
    RIG_ROW(kinds_are_told_apart),
    RIG_ROW(no_disk_no_calls),
    RIG_ROW(only_the_kinds_calls),
    RIG_ROW(batched),
    RIG_END,
};
