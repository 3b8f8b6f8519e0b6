// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * leaks.c - for the leak checker of sanitized builds: Unicorn 2.1 loses some 32-byte objects an
 * engine; what is ours is still checked.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libunicorn\n";
}
