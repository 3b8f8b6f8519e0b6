// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_io.c - console, time, counters. */
#include "exo_rig.h"

EXO_TEST(write)
{
    boot(1);
    put(HOST_DATA_VA + 0xffe, "hello", 5); /* across a page */
    EXPECT(CALL(console_write, HOST_DATA_VA + 0xffe, 5), 5);
    CHECK(host.out_len == 5 && memcmp(host.out, "hello", 5) == 0);
    EXPECT(CALL(console_write, HOST_DATA_VA, 0), 0);
    EXPECT(CALL(console_write, 0x600000, 0), 0);
    EXPECT(CALL(console_write, HOST_DATA_VA, EXO_IO_MAX), EXO_IO_MAX);
    EXPECT(CALL(console_write, HOST_DATA_VA + 1, EXO_IO_MAX), EXO_IO_MAX);
    CHECK(host.out_len == 5 + 2 * EXO_IO_MAX);
    CHECK(host.out[5] == 3 && host.out[5 + 2 * EXO_IO_MAX - 1] == 'l');
}

EXO_TEST(write_errors)
{
    boot(1);
    EXPECT(CALL(console_write, HOST_DATA_VA, EXO_IO_MAX + 1), -EXO_ERANGE);
    EXPECT(CALL(console_write, HOST_DATA_VA, (exo_word)-1), -EXO_ERANGE);
    EXPECT(CALL(console_write, arch_va_end - 1, 2), -EXO_EFAULT);
    EXPECT(CALL(console_write, (exo_word)-1, 1), -EXO_EFAULT);
    EXPECT(CALL(console_write, HOST_DATA_VA + 0x1fff, 2),
           -EXO_EFAULT);      /* runs out of it */
    CHECK(host.out_len == 0); /* nothing of a call that fails */
}

EXO_TEST(read)
{
    boot(1);
    EXPECT(CALL(console_read, HOST_DATA_VA, 8), -EXO_EAGAIN);
    EXPECT(CALL(console_read, HOST_DATA_VA, 0), 0);
    host.in = "abcdef";
    host.in_len = 6;
    EXPECT(CALL(console_read, HOST_DATA_VA + 0xffe, 4), 4);
    CHECK((word(HOST_DATA_VA + 0xffc) >> 16) == 0x6261 &&
          (word(HOST_DATA_VA + 0x1000) & 0xffff) == 0x6463);
    EXPECT(CALL(console_read, HOST_DATA_VA, 4), 2);
    host.in = NULL;
    EXPECT(CALL(console_read, HOST_DATA_VA, 4), 0); /* end of input */
    EXPECT(CALL(console_read, HOST_DATA_VA, EXO_IO_MAX + 1), -EXO_ERANGE);
    EXPECT(CALL(console_read, HOST_CODE_VA, 1), -EXO_EFAULT); /* not writable */
    EXPECT(CALL(console_read, EXO_EXPORT_VA, 1), -EXO_EFAULT);
}

EXO_TEST(time_and_counters)
{
    boot(2);
    exo_sword before = (exo_sword)host.cycles, t = CALL(time);
    CHECK(t > before && t <= (exo_sword)host.cycles);
    t = CALL(counter, EXO_COUNTER_CYCLES);
    CHECK(t > before && t <= (exo_sword)host.cycles);
    EXPECT(CALL(counter, EXO_COUNTER_USER), 0x100000001);
    EXPECT(CALL(counter, EXO_COUNTER_LIB), 0x200000002);
    EXPECT(CALL(counter, EXO_COUNTER_KERNEL), 0x300000003);
    EXPECT(CALL(counter, EXO_COUNTER_ENV + 1), -EXO_ERANGE);
    EXPECT(CALL(counter, (exo_word)-1), -EXO_ERANGE);
    exo_sword mine = CALL(counter, EXO_COUNTER_ENV);
    host_advance(1000);
    exo_sword more = CALL(counter, EXO_COUNTER_ENV);
    CHECK(more - mine >= 1000 && more - mine < 1500);
    run_until(2);
    host_advance(50000);
    run_until(1);
    CHECK(CALL(counter, EXO_COUNTER_ENV) - more < 2 * EXO_SLICE_CYCLES);
    CHECK(machine.env[2].cycles > 100000);
}

const struct rig_test exo_io_tests[] = {RIG_ROW(write), RIG_ROW(write_errors),
                                        RIG_ROW(read), RIG_ROW(time_and_counters),
                                        RIG_END};
