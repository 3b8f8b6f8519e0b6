// SPDX-License-Identifier: GPL-2.0-or-later
/* upcalls.c - slices end in the middle of computing; frames are asked for, and taken by force. */
#include "expect.h"

#include <exos/lrpc.h>
#include <exos/vm.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct shared {
    volatile uint32_t env, frame, step, go;
} * shared;

static const volatile struct exo_env_public *row(uint32_t env)
{
    return (const volatile struct exo_env_public *)(uintptr_t)(EXO_EXPORT_VA +
                                                               kinfo->envs_off) +
           env;
}

/* Integer and floating point registers, all in use, while others have the processor. */
static uint64_t compute(unsigned rounds)
{
    uint64_t a = 1, b = 2, c = 3, d = 4, e = 5, f = 6;
    double x = 1, y = 2, z = 3;
    for (unsigned i = 0; i < rounds; i++) {
        a += b * 3, b ^= c << 7, c += d >> 3, d ^= e * 5, e += f, f ^= a;
        x = x * 1.0000001 + 0.5, y += x * 0.25, z = z * 0.999 + y;
    }
    return a ^ b ^ c ^ d ^ e ^ f ^ (uint64_t)(x + y + z);
}

#define ROUNDS 40000

static void preempted(void)
{
    uint64_t want = compute(ROUNDS);
    for (int i = 0; i < 3; i++)
        if (fork() == 0)
            _exit(compute(ROUNDS) == want ? 30 : 1);
    CHECK(compute(ROUNDS) == want);
    for (int i = 0; i < 3; i++) {
        int status;
        wait(&status);
        CHECK_EQ(WEXITSTATUS(status), 30);
    }
}

/* Two that compute get the same share of the processor. */
static void fair(void)
{
    pid_t pids[2];
    volatile uint64_t *cycles = (volatile uint64_t *)(shared + 1);
    for (int i = 0; i < 2; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            while (exo_counter64(EXO_COUNTER_ENV) < 8 * EXO_SLICE_CYCLES)
                compute(100);
            cycles[i] = exo_time64();
            _exit(0);
        }
    }
    while (wait(NULL) > 0)
        ;
    uint64_t apart =
        cycles[0] > cycles[1] ? cycles[0] - cycles[1] : cycles[1] - cycles[0];
    CHECK(apart < 6 * EXO_SLICE_CYCLES); /* one after the other: 8 */
}

static void pause_slices(uint32_t n)
{
    struct exo_pred p = {EXO_PRED_TIME, 0, 0, exo_time64() + n * EXO_SLICE_CYCLES};
    exo_sleep((exo_word)&p, 1);
}

static void wait_step(uint32_t step)
{
    while (shared->step != step)
        sched_yield();
}

/* A page's frame is asked for: its contents move, the frame comes free. */
static void asked(void)
{
    shared->step = shared->go = 0;
    pid_t pid = fork();
    if (pid == 0) {
        char *page = malloc(20000);
        memset(page, 7, 20000);
        shared->env = exos_env();
        shared->frame = exos_frame_of(page + 8192);
        shared->step = 1;
        while (shared->go == 0)
            ;
        bool moved = exos_frame_of(page + 8192) != shared->frame;
        int sum = 0;
        for (int i = 0; i < 20000; i++)
            sum += page[i];
        page[8192] = 1;
        _exit(moved && sum == 140000 ? 17 : 1);
    }
    wait_step(1);
    uint32_t env = shared->env;
    uint32_t count = row(env)->frames;
    CHECK_EQ(exo_frame_revoke(shared->frame, env, 0, 10000000), 0);
    const volatile struct exo_frame *frames =
        (const volatile struct exo_frame *)(uintptr_t)(EXO_EXPORT_VA + kinfo->frames_off);
    for (int i = 0; i < 20 && frames[shared->frame].type != EXO_FRAME_FREE; i++)
        pause_slices(1);
    CHECK_EQ(frames[shared->frame].type, EXO_FRAME_FREE);
    CHECK(row(env)->frames >= count);
    shared->go = 1;
    int status;
    waitpid(pid, &status, 0);
    CHECK_EQ(WEXITSTATUS(status), 17);
}

static sigjmp_buf back;
static void lost(int sig)
{
    (void)sig;
    siglongjmp(back, 1);
}

/* It does not answer: the frame is taken, and it is told by a signal when it uses the page. */
static void taken(void)
{
    shared->step = shared->go = 0;
    pid_t pid = fork();
    if (pid == 0) {
        size_t size = (size_t)getpagesize();
        volatile char *page = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        page[0] = 1;
        page[size] = 2;
        signal(SIGBUS, lost);
        shared->env = exos_env();
        shared->frame = exos_frame_of((void *)(uintptr_t)page);
        exos_critical_enter();
        shared->step = 1;
        while (shared->go == 0)
            ;
        exos_critical_leave();
        if (sigsetjmp(back, 1) == 0)
            _exit(page[0]);
        munmap((void *)(uintptr_t)page, size);
        _exit(page[size] + 50);
    }
    wait_step(1);
    CHECK_EQ(exo_frame_revoke(shared->frame, shared->env, 0, 1000), 0);
    pause_slices(4);
    shared->go = 1;
    int status;
    waitpid(pid, &status, 0);
    CHECK_EQ(WEXITSTATUS(status), 52);
}

/* In a critical section the slice's end is noted and made up for. */
static void deferred(void)
{
    pid_t pid = fork();
    if (pid == 0)
        for (;;)
            compute(10);
    volatile uint64_t sum = 0;
    for (int i = 0; i < 300; i++) {
        exos_critical_enter();
        sum += compute(100);
        exos_critical_leave();
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    CHECK(sum != 0);
}

static void times(void)
{
    struct timespec a, b, pause = {0, 3000000};
    CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &a), 0);
    CHECK_EQ(nanosleep(&pause, NULL), 0);
    CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &b), 0);
    int64_t ns = (b.tv_sec - a.tv_sec) * 1000000000 + (b.tv_nsec - a.tv_nsec);
    CHECK(ns >= 3000000 && ns < 100000000);
    CHECK_EQ(clock_gettime(77, &a), -1);
    CHECK_EQ(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a), 0);
    compute(1000);
    CHECK_EQ(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b), 0);
    ns = (b.tv_sec - a.tv_sec) * 1000000000 + (b.tv_nsec - a.tv_nsec);
    CHECK(ns > 0 && ns < 100000000);
}

int main(void)
{
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    BALANCED(preempted);
    BALANCED(fair);
    BALANCED(asked);
    BALANCED(taken);
    BALANCED(deferred);
    BALANCED(times);
    return verdict();
}
