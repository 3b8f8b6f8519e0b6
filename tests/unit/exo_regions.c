// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_regions.c - windows: what one may show, what empties it, what the hardware holds then. */
#include "exo_rig.h"

#ifdef MMU_REGIONS
#define RW (EXO_R | EXO_W)

/* n consecutive frames of the running program, made last first. */
static uint32_t take_run(uint32_t n)
{
    uint32_t frame = 0;
    for (uint32_t run = 0; run < n; frame++)
        run = machine.frame[frame].type == EXO_FRAME_FREE ? run + 1 : 0;
    frame -= n;
    for (uint32_t i = n; i-- > 0;)
        EXPECT(CALL(frame_alloc, frame + i, 0), 0);
    return frame;
}

EXO_TEST(a_window_shows_a_run)
{
    boot(1);
    uint32_t f = take_run(4);
    EXPECT(CALL(region_set, 0, 0, 1, FREE_VA | RW, f, 4), 0);
    put(FREE_VA + 0x2ffe, "abcd", 4); /* over the border of two frames */
    EXPECT(CALL(region_set, 0, 0, 2, (FREE_VA + 0x8000) | EXO_R, f + 2, 2), 0);
    CHECK((word(FREE_VA + 0x9000) & 0xffff) == ('c' | 'd' << 8));
    EXPECT(CALL(region_read, 0, 0, 1, EXO_REGION_VA), FREE_VA | RW);
    EXPECT(CALL(region_read, 0, 0, 1, EXO_REGION_FRAME), (exo_sword)f);
    EXPECT(CALL(region_read, 0, 0, 1, EXO_REGION_COUNT), 4);
    EXPECT(CALL(region_read, 0, 0, 3, EXO_REGION_COUNT), 0);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_EXCEPTION, 0x401000), 0);
    CHECK(!may_read(FREE_VA + 0x4000)); /* the byte behind it */
    CHECK((upage(1)->save.cause & M_CAUSE_CODE) == M_CAUSE_PAGE);
}

EXO_TEST(bad_windows)
{
    boot(2);
    uint32_t f = take_run(4), half = take_run(2);
    EXPECT(CALL(frame_free, half + 1), 0);
    EXPECT(CALL(region_set, 0, 0, 8, FREE_VA | RW, f, 4), -EXO_ERANGE);
    EXPECT(CALL(region_set, 0, 0, 0, FREE_VA | RW, f, 0), -EXO_ERANGE);
    EXPECT(CALL(region_set, 0, 0, 0, FREE_VA | RW, f, EXO_REGION_PAGES + 1), -EXO_ERANGE);
    EXPECT(CALL(region_set, 0, 0, 0, FREE_VA, f, 4), -EXO_EINVAL);
    EXPECT(CALL(region_set, 0, 0, 0, (FREE_VA + 0x800) | RW, f, 4), -EXO_EVA);
    EXPECT(CALL(region_set, 0, 0, 0, (arch_va_end - 0x1000) | RW, f, 2), -EXO_EVA);
    EXPECT(CALL(region_set, 0, 0, 0, FREE_VA | RW, machine.nframes - 1, 2), -EXO_EFRAME);
    EXPECT(CALL(region_set, 0, 0, 0, FREE_VA | RW, (exo_word)-1, 2), -EXO_EFRAME);
    EXPECT(CALL(region_set, 0, 0, 0, FREE_VA | RW, half, 2), -EXO_EFRAME);
    EXPECT(CALL(region_set, 0, 0, 0 | 1 << 8, FREE_VA | RW, f, 4), -EXO_ECAP);
    EXPECT(CALL(region_set, 2, 0, 0, FREE_VA | RW, f, 4), -EXO_EPERM);
    EXPECT(CALL(region_clear, 0, 0, 8, 1), -EXO_ERANGE);
    EXPECT(CALL(region_clear, 0, 0, 2, 7), -EXO_ERANGE);
    EXPECT(CALL(region_clear, 0, 0, 2, (exo_word)-1), -EXO_ERANGE);
    EXPECT(CALL(region_protect, 0, 0, 1, 8), -EXO_EINVAL);
    EXPECT(CALL(region_read, 0, 0, 1, 3), -EXO_EINVAL);
    EXPECT(CALL(region_read, 2, 0, 1, 0), -EXO_EPERM);
    for (uint32_t i = 0; i < 4; i++)
        EXPECT(CALL(region_read, 0, 0, i, EXO_REGION_COUNT), 0);
}

EXO_TEST(powers_of_two)
{
    boot_with(1, 1, 1, 0);
    uint32_t f = take_run(8);
    EXPECT(CALL(region_set, 0, 0, 0, FREE_VA | RW, f, 3), -EXO_ERANGE);
    EXPECT(CALL(region_set, 0, 0, 0, (FREE_VA + 0x2000) | RW, f, 4), -EXO_EVA);
    EXPECT(CALL(region_set, 0, 0, 0, (FREE_VA + 0x4000) | RW, f + 1, 4), 0);
    CHECK(may_write(FREE_VA + 0x7000));
}

EXO_TEST(a_window_goes_with_its_frames)
{
    boot(1);
    uint32_t f = take_run(6);
    EXPECT(CALL(region_set, 0, 0, 0, FREE_VA | RW, f, 3), 0);
    EXPECT(CALL(region_set, 0, 0, 1, (FREE_VA + 0x4000) | RW, f + 3, 3), 0);
    CHECK(may_write(FREE_VA) && may_write(FREE_VA + 0x6000));
    EXPECT(CALL(frame_free, f + 2), 0);
    EXPECT(CALL(region_read, 0, 0, 0, EXO_REGION_COUNT), 0);
    CHECK(may_write(FREE_VA + 0x6000));
    CHECK(!may_read(FREE_VA));
}

EXO_TEST(clear_and_protect)
{
    boot(1);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_EXCEPTION, 0x401000), 0);
    uint32_t f = take_run(2);
    EXPECT(CALL(region_set, 0, 0, 0, FREE_VA | RW, f, 2), 0);
    EXPECT(CALL(region_protect, 0, 0, 0, EXO_R | EXO_X), 0);
    EXPECT(CALL(region_read, 0, 0, 0, EXO_REGION_VA), FREE_VA | EXO_R);
    CHECK(may_read(FREE_VA + 0x1000));
    EXPECT(CALL(region_protect, 0, 0, 0, RW), 0); /* gives nothing back */
    CHECK(!may_write(FREE_VA));
    upage(1)->busy = 0;
    EXPECT(CALL(region_protect, 0, 0, 0, 0), 0);
    EXPECT(CALL(region_read, 0, 0, 0, EXO_REGION_COUNT), 0);
    EXPECT(CALL(region_set, 0, 0, 3, FREE_VA | RW, f, 2), 0);
    EXPECT(CALL(region_clear, 0, 0, 0, 4), 0);
    CHECK(!may_read(FREE_VA));
}

EXO_TEST(batches)
{
    boot(1);
    uint32_t f = take_run(4);
    struct exo_region op[] = {{FREE_VA | RW, f, 2, 0, 0},
                              {(FREE_VA + 0x4000) | EXO_R, f + 2, 2, 1, 0},
                              {FREE_VA | RW, f, 0, 0, 0}, /* and away */
                              {(FREE_VA + 0x8000) | RW, f, 2, 2, 0}};
    put(HOST_DATA_VA, op, sizeof op);
    EXPECT(CALL(region_batch, 0, 0, HOST_DATA_VA, 4), 0);
    CHECK(may_read(FREE_VA + 0x5000) && may_write(FREE_VA + 0x9000));
    EXPECT(CALL(region_batch, 0, 0, HOST_DATA_VA, EXO_NWINDOW + 1), -EXO_ERANGE);
    EXPECT(CALL(region_batch, 0, 0, arch_va_end, 1), -EXO_EFAULT);
    EXPECT(CALL(region_batch, 9, 0, HOST_DATA_VA, 1), -EXO_EENV);
    op[0] = (struct exo_region){(FREE_VA + 0xc000) | RW, f, 1, 3, 0};
    op[1] = (struct exo_region){FREE_VA | RW, f, 1, 8, 0};
    put(HOST_DATA_VA, op, sizeof op);
    EXPECT(CALL(region_batch, 0, 0, HOST_DATA_VA, 2), -EXO_ERANGE);
    CHECK(may_write(FREE_VA + 0xc000)); /* what came before is done */
    op[0].pages = op[1].pages = EXO_REGION_PAGES / 2 + 1;
    put(HOST_DATA_VA, op, sizeof op);
    EXPECT(CALL(region_batch, 0, 0, HOST_DATA_VA, 2), -EXO_ERANGE);
    CHECK(!may_read(FREE_VA));
}

/* The lowest number decides, in the kernel's own accesses too. */
EXO_TEST(overlapping)
{
    boot(1);
    uint32_t f = take_run(3);
    EXPECT(CALL(region_set, 0, 0, 2, FREE_VA | RW, f, 2), 0);
    put(FREE_VA + 0x1000, "below", 6);
    EXPECT(CALL(region_set, 0, 0, 1, (FREE_VA + 0x1000) | RW, f + 2, 1), 0);
    put(FREE_VA + 0x1000, "above", 6);
    EXPECT(CALL(region_clear, 0, 0, 1, 1), 0);
    CHECK((word(FREE_VA + 0x1000) & 0xff) == 'b');
    EXPECT(CALL(console_write, FREE_VA + 0x1000, 5), 5);
    CHECK(host.out_len >= 5 && memcmp(host.out + host.out_len - 5, "below", 5) == 0);
}

/* A parent changes the windows of a child that runs on another core. */
EXO_TEST(windows_elsewhere)
{
    boot_cores(2, 1);
    make_child(3);
    uint32_t f = take_run(2);
    EXPECT(CALL(frame_hold, f, 3, 0), 0);
    EXPECT(CALL(frame_hold, f + 1, 3, 0), 0);
    EXPECT(CALL(region_set, 3, 0, 0, FREE_VA | RW, f, 2), 0);
    EXPECT(CALL(env_set, 3, 0, EXO_ENV_PC, HOST_CODE_VA), 0);
    EXPECT(CALL(slice_alloc, 1, 5, 3, 0), 0);
    EXPECT(CALL(env_run, 3, 0), 0);
    host_poll(1);
    rig_core = 1;
    run_until(3);
    put(FREE_VA + 0x1000, "x", 1);
    rig_core = 0;
    EXPECT(CALL(region_protect, 3, 0, 0, EXO_R), 0);
    rig_core = 1;
    CHECK(may_read(FREE_VA + 0x1000));
    CHECK(!may_write(FREE_VA + 0x1000));
    rig_core = 0;
    CHECK(state_of(3) == EXO_ENV_STATE_DEAD && state_of(1) == EXO_ENV_STATE_READY);
}
#endif

const struct rig_test exo_regions_tests[] = {
#ifdef MMU_REGIONS
    RIG_ROW(a_window_shows_a_run),
    RIG_ROW(bad_windows),
    RIG_ROW(powers_of_two),
    RIG_ROW(a_window_goes_with_its_frames),
    RIG_ROW(clear_and_protect),
    RIG_ROW(batches),
    RIG_ROW(overlapping),
    RIG_ROW(windows_elsewhere),
#endif
    RIG_END};
