// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * expect.h - tests of exos that run on it. A program is a list of CHECKs in functions; a failed
 * one says where; balanced() runs a function and checks that the machine's free frames and
 * environments are the same afterwards. The program's status is the verdict.
 */
#ifndef TESTS_EXOS_EXPECT_H
#define TESTS_EXOS_EXPECT_H

#include <exo/user.h>
#include <stdio.h>
#include <stdlib.h>

static int failures;

#define CHECK(cond)                                                                      \
    do {                                                                                 \
        if (!(cond)) {                                                                   \
            failures++;                                                                  \
            printf("%s:%d: %s\n", __FILE__, __LINE__, #cond);                            \
        }                                                                                \
    } while (0)

#define CHECK_EQ(got, want)                                                              \
    do {                                                                                 \
        long long got_ = (long long)(got), want_ = (long long)(want);                    \
        if (got_ != want_) {                                                             \
            failures++;                                                                  \
            printf("%s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #got, got_,      \
                   want_);                                                               \
        }                                                                                \
    } while (0)

static const volatile struct exo_kinfo *const kinfo =
    (const volatile struct exo_kinfo *)EXO_EXPORT_VA;

static inline unsigned environments(void)
{
    const volatile struct exo_env_public *env =
        (const volatile struct exo_env_public *)(uintptr_t)(EXO_EXPORT_VA +
                                                            kinfo->envs_off);
    unsigned n = 0;
    for (unsigned i = 1; i < EXO_NENV; i++)
        n += env[i].state != EXO_ENV_STATE_FREE;
    return n;
}

/* Twice: the first run may fill what stays filled (page map, page tables, heap). */
static inline void balanced(const char *name, void (*f)(void))
{
    f();
    unsigned frames = kinfo->free_frames, envs = environments();
    f();
    if (kinfo->free_frames != frames) {
        failures++;
        printf("%s: %u frames free, were %u\n", name, kinfo->free_frames, frames);
    }
    if (environments() != envs) {
        failures++;
        printf("%s: %u environments, were %u\n", name, environments(), envs);
    }
    fflush(stdout);
}
#define BALANCED(f) balanced(#f, f)

static inline int verdict(void)
{
    printf(failures == 0 ? "all as expected\n" : "%d failures\n", failures);
    return failures != 0;
}

#endif
