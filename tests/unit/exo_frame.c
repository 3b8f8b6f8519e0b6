// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_frame.c - frames: allocation by name, zeroing, holders, guards. */
#include "exo_rig.h"

static uint8_t *bytes_of(uint32_t frame)
{
    return arch_phys((uint64_t)frame << machine.page_shift);
}

static bool all_zero(uint32_t frame)
{
    const uint8_t *b = bytes_of(frame);
    for (uint32_t i = 0; i < machine.page_size; i++)
        if (b[i] != 0)
            return false;
    return true;
}

EXO_TEST(alloc_errors)
{
    boot(1);
    uint32_t free = free_frame(), count = machine.kinfo->free_frames;
    EXPECT(CALL(frame_alloc, 0, 0), -EXO_EFRAME);
    EXPECT(CALL(frame_alloc, machine.nframes, 0), -EXO_EFRAME);
    EXPECT(CALL(frame_alloc, (exo_word)-1, 0), -EXO_EFRAME);
    EXPECT(CALL(frame_alloc, (1ull << 32) | free, 0), -EXO_EFRAME); /* no truncation */
    EXPECT(CALL(frame_alloc, 1, 0), -EXO_EFRAME);                   /* kernel's */
    EXPECT(CALL(frame_alloc, machine.kinfo->export_frame, 0), -EXO_EFRAME);
    EXPECT(CALL(frame_alloc, machine.table->module[0].pa >> 12, 0), -EXO_EFRAME);
    EXPECT(CALL(frame_alloc, free, 1), -EXO_ECAP);
    EXPECT(CALL(frame_alloc, free, EXO_NCAP), -EXO_ECAP);
    CHECK(machine.kinfo->free_frames == count);
    EXPECT(CALL(frame_alloc, free, 0), 0);
    EXPECT(CALL(frame_alloc, free, 0), -EXO_EBUSY);
    CHECK(machine.kinfo->free_frames == count - 1);
    CHECK(machine.frame[free].type == EXO_FRAME_USER && machine.frame[free].holders == 1);
    CHECK(machine.frame[free].guard[0].len == 1 &&
          machine.frame[free].guard[0].byte[0] == 1);
    EXPECT(CALL(frame_free, free), 0);
    CHECK(machine.kinfo->free_frames == count && free_frame() == free);
}

EXO_TEST(alloc_from_the_middle_and_all)
{
    boot(1);
    struct balance before = balance();
    uint32_t middle = machine.frame[machine.frame[free_frame()].next_free].next_free;
    EXPECT(CALL(frame_alloc, middle, 0), 0);
    EXPECT(CALL(frame_free, middle), 0);
    uint32_t n = 0;
    for (; free_frame() != 0; n++)
        EXPECT(CALL(frame_alloc, free_frame(), 0), 0);
    CHECK(n == before.frames && machine.kinfo->free_frames == 0);
    for (uint32_t f = 1; f < machine.nframes; f++)
        if (frame_held(1, f) && machine.frame[f].maps == 0 && machine.frame[f].pins == 0)
            CALL(frame_free, f);
    CHECK(machine.kinfo->free_frames >= before.frames);
}

EXO_TEST(new_frames_are_zero)
{
    boot(1);
    uint32_t f = take_frame();
    CHECK(machine.frame[f].zero == 1);
    CHECK(all_zero(f)); /* memory was 0xa5 */
    EXPECT(bind(0, 0, FREE_VA | EXO_R | EXO_W, f, 0), 0);
    CHECK(machine.frame[f].zero == 0);
    put(FREE_VA, "secret", 6);
    EXPECT(CALL(frame_free, f), 0);
    EXPECT(CALL(frame_alloc, f, 0), 0);
    CHECK(memcmp(bytes_of(f), "secret", 6) == 0); /* may see its own old bytes */
    CHECK(machine.frame[f].zero == 0);
}

EXO_TEST(others_secrets_are_wiped)
{
    boot(2);
    uint32_t f = take_frame();
    memcpy(bytes_of(f), "secret", 6);
    machine.frame[f].zero = 0;
    EXPECT(CALL(frame_free, f), 0);
    run_until(2);
    EXPECT(CALL(frame_alloc, f, 0), 0);
    CHECK(all_zero(f) && machine.frame[f].zero == 1);
}

EXO_TEST(a_weaker_name_is_wiped_a_stronger_is_not)
{
    boot(1);
    EXPECT(CALL(cap_derive, 0, 1, 9, EXO_CAP_ALL), 0);
    uint32_t f = take_frame();
    memcpy(bytes_of(f), "secret", 6);
    machine.frame[f].zero = 0;
    EXPECT(CALL(frame_free, f), 0);
    EXPECT(CALL(frame_alloc, f, 1), 0); /* {1,9} does not dominate {1} */
    CHECK(all_zero(f));
    memcpy(bytes_of(f), "secret", 6);
    machine.frame[f].zero = 0;
    EXPECT(CALL(frame_free, f), 0);
    EXPECT(CALL(frame_alloc, f, 0), 0); /* {1} dominates {1,9} */
    CHECK(memcmp(bytes_of(f), "secret", 6) == 0);
}

EXO_TEST(free_errors)
{
    boot(2);
    EXPECT(CALL(frame_free, 0), -EXO_EFRAME);
    EXPECT(CALL(frame_free, machine.nframes), -EXO_EFRAME);
    EXPECT(CALL(frame_free, free_frame()), -EXO_ENOTHELD);
    EXPECT(CALL(frame_free, machine.env[2].upage_frame), -EXO_ENOTHELD);
    EXPECT(CALL(frame_free, machine.env[1].upage_frame), -EXO_EBUSY);
    EXPECT(CALL(frame_free, machine.kinfo->export_frame), -EXO_ENOTHELD);
#ifdef MMU_RADIX
    EXPECT(CALL(frame_free, machine.env[1].root_frame), -EXO_EBUSY);
#endif
}

EXO_TEST(freeing_breaks_bindings)
{
    boot(1);
    uint32_t f = take_frame();
    EXPECT(bind(0, 0, FREE_VA | EXO_R | EXO_W, f, 0), 0);
    put(FREE_VA, "x", 1);
    EXPECT(CALL(frame_free, f), 0);
    CHECK(machine.frame[f].type == EXO_FRAME_FREE);
    CHECK(!may_read(FREE_VA)); /* dies of it: no handler */
}

EXO_TEST(hold)
{
    boot(2);
    make_child(10);
    uint32_t f = take_frame();
    EXPECT(CALL(frame_hold, 0, 10, 0), -EXO_EFRAME);
    EXPECT(CALL(frame_hold, free_frame(), 10, 0), -EXO_EFRAME);
    EXPECT(CALL(frame_hold, machine.kinfo->export_frame, 10, 0), -EXO_EFRAME);
    EXPECT(CALL(frame_hold, f, 11, 0), -EXO_EENV);
    EXPECT(CALL(frame_hold, f, 10, 1), -EXO_ECAP);
    EXPECT(CALL(frame_hold, f, 2, 0), -EXO_EPERM); /* not into a stranger */
    EXPECT(CALL(frame_hold, f, 0, 0), -EXO_EBUSY); /* it does already */
    EXPECT(CALL(frame_hold, machine.env[2].upage_frame, 0, 0), -EXO_EPERM);
    EXPECT(CALL(frame_hold, machine.env[2].upage_frame, 0, 1), -EXO_ECAP);
    EXPECT(CALL(frame_hold, f, 10, 0), 0);
    EXPECT(CALL(frame_hold, f, 10, 0), -EXO_EBUSY);
    CHECK(machine.frame[f].holders == 2 && machine.env[10].frames > 0);
    EXPECT(CALL(frame_free, f), 0);
    CHECK(machine.frame[f].type == EXO_FRAME_USER && machine.frame[f].holders == 1);
    EXPECT(CALL(frame_hold, f, 0, 0), 0); /* the guard lets it come back */
    EXPECT(CALL(env_destroy, 10, 0, 0), 0);
    CHECK(machine.frame[f].holders == 1);
}

EXO_TEST(second_guard)
{
    boot(2);
    uint32_t f = take_frame();
    /* the stranger's name, as a common ancestor would have handed it out */
    envs[1].cap[5] = envs[2].cap[0];
    EXPECT(CALL(frame_guard, 0, 0, 5, EXO_CAP_R), -EXO_EFRAME);
    EXPECT(CALL(frame_guard, free_frame(), 0, 5, EXO_CAP_R), -EXO_EFRAME);
    EXPECT(CALL(frame_guard, f, 9, 5, EXO_CAP_R), -EXO_ECAP);
    EXPECT(CALL(frame_guard, f, 0, 9, EXO_CAP_R), -EXO_ECAP);
    EXPECT(CALL(frame_guard, f, 5, 0, EXO_CAP_R), -EXO_EPERM);
    EXPECT(CALL(frame_guard, f, 0, 5, EXO_CAP_G), -EXO_EINVAL);
    EXPECT(CALL(frame_guard, f, 0, 5, 8), -EXO_EINVAL);
    EXPECT(CALL(frame_guard, f, 0, 5, EXO_CAP_R), 0);
    run_until(2);
    EXPECT(bind(0, 0, FREE_VA | EXO_R, f, 0), -EXO_ENOTHELD);
    EXPECT(CALL(frame_hold, f, 0, 0), 0);
    EXPECT(bind(0, 0, FREE_VA | EXO_R | EXO_W, f, 0), -EXO_EPERM);
    EXPECT(bind(0, 0, FREE_VA | EXO_R, f, 0), 0);
    EXPECT(CALL(frame_guard, f, 0, 0, EXO_CAP_R), -EXO_EPERM); /* not its to share */
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_UPAGE, f), -EXO_EPERM); /* kernel would write it */
    CHECK(may_read(FREE_VA));
    run_until(1);
    EXPECT(CALL(frame_guard, f, 0, 0, 0), 0); /* taken back: bindings are broken */
    CHECK(machine.frame[f].guard[1].len == EXO_NAME_NONE);
    run_until(2);
    EXPECT(bind(0, 0, FREE_VA | EXO_R, f, 0), -EXO_EPERM);
    CHECK(!may_read(FREE_VA));
}

EXO_TEST(guard_of_a_pinned_frame_stays)
{
    boot(2);
    uint32_t f = take_frame();
    envs[1].cap[5] = envs[2].cap[0];
    EXPECT(CALL(frame_guard, f, 0, 5, EXO_CAP_R | EXO_CAP_W), 0);
    run_until(2);
    EXPECT(CALL(frame_hold, f, 0, 0), 0);
    EXPECT(CALL(env_set, 0, 0, EXO_ENV_UPAGE, f), 0);
    run_until(1);
    EXPECT(CALL(frame_guard, f, 0, 0, 0), -EXO_EBUSY);
    EXPECT(CALL(frame_revoke, f, 2, 0, 0), 0); /* the way to get it back */
    host_tick(0);
    CHECK(state_of(2) == EXO_ENV_STATE_DEAD && machine.env[2].status == EXO_STATUS_DIED);
    EXPECT(CALL(frame_guard, f, 0, 0, 0), 0);
}

EXO_TEST(guard_rights_limit)
{
    boot(1);
    EXPECT(CALL(cap_derive, 0, 1, 3, EXO_CAP_W), 0);
    uint32_t f = free_frame();
    EXPECT(CALL(frame_alloc, f, 1), 0); /* guard {1,3} with W only */
    EXPECT(bind(0, 0, FREE_VA | EXO_R, f, 0), -EXO_EPERM);
    EXPECT(CALL(frame_guard, f, 0, 0, EXO_CAP_R),
           -EXO_EPERM); /* more than the guard has */
    EXPECT(CALL(frame_free, f), 0);
}

const struct rig_test exo_frame_tests[] = {
    RIG_ROW(alloc_errors),
    RIG_ROW(alloc_from_the_middle_and_all),
    RIG_ROW(new_frames_are_zero),
    RIG_ROW(others_secrets_are_wiped),
    RIG_ROW(a_weaker_name_is_wiped_a_stronger_is_not),
    RIG_ROW(free_errors),
    RIG_ROW(freeing_breaks_bindings),
    RIG_ROW(hold),
    RIG_ROW(second_guard),
    RIG_ROW(guard_of_a_pinned_frame_stays),
    RIG_ROW(guard_rights_limit),
    RIG_END};
