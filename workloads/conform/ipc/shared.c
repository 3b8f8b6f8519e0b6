// SPDX-License-Identifier: GPL-2.0-or-later
/* shared.c - named shared memory (exos/shm.h). */
#include "harness.h"

#include <exos/shm.h>
#include <sched.h>
#include <unistd.h>

#define BYTES 30000
#define NAME "nineteen characters" /* as many as there may be */

CONFORM(exos_shm_attach, MAY_LACK)
{
    CHECK_NULL(exos_shm_attach("none", 0), ENOENT);
    CHECK_NULL(exos_shm_attach("", 100), EINVAL);
    CHECK_NULL(exos_shm_attach(NULL, 100), EINVAL);
    CHECK_NULL(exos_shm_attach(NAME ".", 100), EINVAL);
    CHECK_NULL(exos_shm_attach("much", 0x70000000), EINVAL);
    volatile char *p = exos_shm_attach("board", BYTES);
    REQUIRE(p != NULL);
    for (int i = 0; i < BYTES; i += 999)
        CHECK_EQ(p[i], 0);
    p[0] = 1;
    p[BYTES - 1] = 2;
    CHECK(exos_shm_attach("board", 100) == p); /* the same, where it is */
    CHECK_NULL(exos_shm_attach("board", BYTES + 100000), EINVAL);
    volatile char *q = exos_shm_attach(NAME, 1);
    REQUIRE(q != NULL);
    CHECK(q != p);
    CHECK_EQ(q[0], 0);
    pid_t pid;
    if (can_fork(&pid)) {
        if (pid == 0) {
            CHECK_EQ(p[BYTES - 1], 2); /* it has it, too, at the same place */
            CHECK(exos_shm_attach("board", 0) == p);
            p[1] = 3;
            CHECK(exos_shm_attach("late", 10) != NULL);
            child_done();
        }
        CHECK_CHILD(pid);
        CHECK_EQ(p[1], 3);
        CHECK_NULL(exos_shm_attach("late", 0), ENOENT); /* gone with the last process */
    }
}

CONFORM(exos_shm_detach, MAY_LACK)
{
    char local;
    CHECK_ERRNO(exos_shm_detach(NULL), EINVAL);
    CHECK_ERRNO(exos_shm_detach(&local), EINVAL);
    volatile char *p = exos_shm_attach("board", BYTES);
    REQUIRE(p != NULL);
    p[5] = 5;
    CHECK_ERRNO(exos_shm_detach((void *)(uintptr_t)(p + 1)), EINVAL);
    pid_t pid;
    if (can_fork(&pid)) { /* who is still attached keeps it */
        if (pid == 0) {
            CHECK_EQ(exos_shm_detach((void *)(uintptr_t)p), 0);
            volatile char *again = exos_shm_attach("board", 0);
            REQUIRE(again != NULL);
            CHECK_EQ(again[5], 5);
            child_done();
        }
        CHECK_CHILD(pid);
    }
    CHECK_EQ(exos_shm_detach((void *)(uintptr_t)p), 0);
    CHECK_ERRNO(exos_shm_detach((void *)(uintptr_t)p), EINVAL);
    CHECK_NULL(exos_shm_attach("board", 0), ENOENT);
    for (int i = 0; i < 20; i++) { /* names and memory come back */
        p = exos_shm_attach("again", BYTES);
        REQUIRE(p != NULL);
        CHECK_EQ(p[7], 0);
        p[7] = 7;
        CHECK_EQ(exos_shm_detach((void *)(uintptr_t)p), 0);
    }
}
