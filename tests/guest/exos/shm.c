// SPDX-License-Identifier: GPL-2.0-or-later
/* shm.c - shared memory: anonymous over fork, named, and remote calls by control transfer. */
#include "expect.h"

#include <errno.h>
#include <exos/lrpc.h>
#include <exos/shm.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void anonymous(void)
{
    size_t page = (size_t)getpagesize();
    volatile int *p =
        mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(p != MAP_FAILED);
    p[0] = 1;
    pid_t pid = fork();
    if (pid == 0) {
        p[2 * page / sizeof *p] = 77;
        p[0]++;
        while (p[1] == 0)
            sched_yield();
        _exit(p[1]);
    }
    while (p[0] != 2)
        sched_yield();
    CHECK_EQ(p[2 * page / sizeof *p], 77);
    p[1] = 5;
    int status;
    waitpid(pid, &status, 0);
    CHECK_EQ(WEXITSTATUS(status), 5);
    munmap((void *)(uintptr_t)p, 3 * page);
}

static void named(void)
{
    CHECK(exos_shm_attach("none", 0) == NULL);
    CHECK_EQ(errno, ENOENT);
    CHECK(exos_shm_attach("a name that is much too long", 1) == NULL);
    CHECK_EQ(errno, EINVAL);
    pid_t pid = fork(); /* it finds the segment by name: it was made later */
    if (pid == 0) {
        volatile int *q;
        while ((q = exos_shm_attach("board", 0)) == NULL)
            sched_yield();
        while (q[5000] == 0)
            sched_yield();
        q[0] = q[5000] * 2;
        _exit(exos_shm_detach((void *)(uintptr_t)q));
    }
    volatile int *p = exos_shm_attach("board", 30000);
    CHECK(p != NULL && p[0] == 0 && p[7499] == 0);
    CHECK(exos_shm_attach("board", 100000) == NULL);
    CHECK_EQ(errno, EINVAL);
    CHECK(exos_shm_attach("board", 100) == p);
    p[5000] = 21;
    int status;
    waitpid(pid, &status, 0);
    CHECK_EQ(status, 0);
    CHECK_EQ(p[0], 42);
    CHECK_EQ(exos_shm_detach((void *)(uintptr_t)p), 0);
    CHECK_EQ(exos_shm_detach((void *)(uintptr_t)p), -1);
    CHECK(exos_shm_attach("board", 0) == NULL);
}

static void serve(void)
{
    struct exos_lrpc m = {{0}};
    double keep = 0.5;
    exo_sword client = exos_lrpc_wait(0, &m);
    while (client > 0 && m.word[0] != 99) {
        m.word[0] += m.word[1] * m.word[2];
        m.word[3] = (exo_word)keep;
        keep += 1;
        client = exos_lrpc_reply((uint32_t)client, &m);
    }
    m.word[0] = 100;
    exos_lrpc_reply((uint32_t)client, &m); /* the client goes on; nobody calls again */
    _exit(1);
}

static void calls(void)
{
    volatile uint32_t *p =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid = fork();
    if (pid == 0) {
        p[0] = exos_env();
        serve();
    }
    while (p[0] == 0)
        sched_yield();
    uint32_t server = p[0];
    double sum = 0;
    for (exo_word i = 1; i <= 50; i++) {
        struct exos_lrpc m = {{i, 3, i, 0}};
        CHECK_EQ(exos_lrpc_call(server, &m), 0);
        CHECK_EQ(m.word[0], i + 3 * i);
        CHECK_EQ(m.word[3], i - 1);
        sum += 0.25; /* lives in a register the callee must keep */
    }
    CHECK(sum == 12.5);
    struct exos_lrpc m = {{99}};
    CHECK_EQ(exos_lrpc_call(server, &m), 0);
    CHECK_EQ(m.word[0], 100);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    CHECK_EQ(exos_lrpc_call(server, &m), -EXO_EENV);
    munmap((void *)(uintptr_t)p, 4096);
}

/* Two clients of one server. */
static void contention(void)
{
    volatile uint32_t *p =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t server = fork();
    if (server == 0) {
        p[0] = exos_env();
        serve();
    }
    while (p[0] == 0)
        sched_yield();
    for (int c = 0; c < 2; c++)
        if (fork() == 0) {
            int wrong = 0;
            for (exo_word i = 1; i <= 90; i++) {
                struct exos_lrpc m = {{i, 2, i, 0}};
                wrong += exos_lrpc_call(p[0], &m) != 0 || m.word[0] != 3 * i;
            }
            _exit(wrong);
        }
    for (int c = 0; c < 2; c++) {
        int status;
        wait(&status);
        CHECK_EQ(status, 0);
    }
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    munmap((void *)(uintptr_t)p, 4096);
}

int main(void)
{
    BALANCED(anonymous);
    BALANCED(named);
    BALANCED(calls);
    BALANCED(contention);
    return verdict();
}
