// SPDX-License-Identifier: GPL-2.0-or-later
/* memory.c - mmap, mprotect, munmap, sbrk, the growing stack, faults as signals. */
#include "expect.h"

#include <errno.h>
#include <exo/machine.h>
#include <exos/context.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf back;
static volatile int caught, caught_code;
static void *volatile caught_at;

static void catcher(int sig, siginfo_t *info, void *context)
{
    const struct exos_context *c = context;
    caught = sig;
    caught_code = info->si_code;
    caught_at = info->si_addr;
    CHECK(c->pc != 0 && c->sp != 0);
    siglongjmp(back, 1);
}

static void catch_(int sig)
{
    struct sigaction act = {.sa_flags = SA_SIGINFO};
    act.sa_sigaction = catcher;
    CHECK_EQ(sigaction(sig, &act, NULL), 0);
}

/* Does touching p raise sig with this code and this address? */
static bool faults(volatile char *p, bool write, int sig, int code)
{
    caught = 0;
    if (sigsetjmp(back, 1) == 0) {
        if (write)
            *p = 1;
        else
            (void)*p;
        return sig == 0;
    }
    return caught == sig && caught_code == code && caught_at == p;
}

static void anonymous(void)
{
    size_t page = (size_t)getpagesize();
    char *p =
        mmap(NULL, 5 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(p != MAP_FAILED);
    for (size_t i = 0; i < 5 * page; i += page / 2)
        CHECK_EQ(p[i], 0);
    memset(p, 1, 5 * page);
    CHECK_EQ(munmap(p + page, page), 0);
    CHECK(faults(p + page, false, SIGSEGV, SEGV_MAPERR));
    CHECK(faults(p, true, 0, 0));
    char *q = mmap(p + page, page, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    CHECK(q == p + page && q[3] == 0 && p[page - 1] == 1);
    CHECK_EQ(munmap(p, 5 * page), 0);
    CHECK(faults(p, false, SIGSEGV, SEGV_MAPERR));
    CHECK(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    CHECK_EQ(errno, EINVAL);
    CHECK(mmap(NULL, (size_t)0x60000000, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
          MAP_FAILED);
    CHECK_EQ(errno, ENOMEM);
}

static void protection(void)
{
    size_t page = (size_t)getpagesize();
    char *p = mmap(NULL, 200 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                   -1, 0);
    for (size_t i = 0; i < 200; i++)
        p[i * page] = (char)i;
    CHECK_EQ(mprotect(p, 200 * page, PROT_READ), 0);
    for (size_t i = 0; i < 200; i += 40) {
        CHECK(faults(p + i * page + 5, true, SIGSEGV, SEGV_ACCERR));
        CHECK_EQ(p[i * page], (char)i);
    }
    CHECK_EQ(mprotect(p + page, page, PROT_NONE), 0);
    CHECK(faults(p + page, false, SIGSEGV, SEGV_ACCERR));
    CHECK(faults(p + 2 * page, false, 0, 0));
    CHECK_EQ(mprotect(p, 200 * page, PROT_READ | PROT_WRITE), 0);
    CHECK(faults(p + page, true, 0, 0));
    CHECK_EQ(p[199 * page], (char)199);
    CHECK_EQ(mprotect(p + 1, page, PROT_READ), -1);
    CHECK_EQ(errno, EINVAL);
    CHECK_EQ(munmap(p, 200 * page), 0);
    CHECK_EQ(mprotect(p, page, PROT_READ), -1);
    CHECK_EQ(errno, ENOMEM);
}

static void heap(void)
{
    char *old = sbrk(0);
    char *p = sbrk(100000);
    CHECK(p == old);
    for (int i = 0; i < 100000; i += 1000)
        CHECK_EQ(p[i], 0);
    memset(p, 7, 100000);
    CHECK(sbrk(-100000) == p + 100000);
    CHECK(sbrk(100000) == p);
    CHECK_EQ(p[99999 - 99999 % 4096], 0);
    CHECK(sbrk(-100000) != (void *)-1);
    CHECK(sbrk(0x70000000) == (void *)-1);
    CHECK_EQ(errno, ENOMEM);
}

static int deep(int n)
{
    volatile char frame[1000];
    frame[n % 1000] = (char)n;
    return n == 0 ? 0 : deep(n - 1) + frame[n % 1000] - (char)n + 1;
}

__attribute__((noinline)) static void bottomless(int n)
{
    volatile char frame[2000];
    frame[0] = (char)n;
    if (frame[0] == (char)n) /* for ever, but the compiler need not know */
        bottomless(n + 1);
    frame[1] = 0;
}

/* Runs in a child: nobody has a stack left for a handler. */
static void stack(void)
{
    CHECK_EQ(deep(3000), 3000);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGSEGV, SIG_DFL);
        bottomless(0);
        _exit(0);
    }
    int status;
    waitpid(pid, &status, 0);
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGSEGV);
}

int main(void);

static void wild(void)
{
    CHECK(faults((char *)16, false, SIGSEGV, SEGV_MAPERR));
    CHECK(faults((char *)0x7f600000, true, SIGSEGV, SEGV_MAPERR));
    CHECK(faults((char *)EXO_EXPORT_VA + 100, true, SIGSEGV, SEGV_ACCERR));
    CHECK(faults((char *)(uintptr_t)main, true, SIGSEGV, SEGV_ACCERR));
    CHECK_EQ(mprotect((void *)0x7f600000, 4096, PROT_READ), -1);
}

/* The handler repairs what was wrong and the instruction is done again. */
static volatile int repairs;
static void repairer(int sig, siginfo_t *info, void *context)
{
    (void)sig, (void)context;
    repairs++;
    size_t page = (size_t)getpagesize();
    mprotect((void *)((uintptr_t)info->si_addr & ~(page - 1)), page,
             PROT_READ | PROT_WRITE);
}

static void repair(void)
{
    size_t page = (size_t)getpagesize();
    struct sigaction act = {.sa_flags = SA_SIGINFO};
    act.sa_sigaction = repairer;
    sigaction(SIGSEGV, &act, NULL);
    char *p = mmap(NULL, 10 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    repairs = 0;
    double before = 1.5;
    for (size_t i = 0; i < 10; i++) {
        p[i * page + 7] = (char)(i + 1);
        before += p[i * page + 7]; /* FP state lives across the handler */
    }
    CHECK_EQ(repairs, 10);
    CHECK(before == 56.5);
    CHECK_EQ(munmap(p, 10 * page), 0);
    catch_(SIGSEGV);
}

static void copy_after_protect(void)
{
    size_t page = (size_t)getpagesize();
    char *p =
        mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    p[0] = p[page] = 1;
    mprotect(p, 2 * page, PROT_READ);
    pid_t pid = fork();
    if (pid == 0) {
        mprotect(p, 2 * page, PROT_READ | PROT_WRITE);
        p[0] = p[page] = p[2 * page] = 2;
        _exit(p[0] + p[page]);
    }
    mprotect(p, 2 * page, PROT_READ | PROT_WRITE);
    p[page] = 3;
    int status;
    waitpid(pid, &status, 0);
    CHECK_EQ(WEXITSTATUS(status), 4);
    CHECK_EQ(p[0] + p[page] + p[2 * page], 4);
    munmap(p, 3 * page);
}

int main(void)
{
    catch_(SIGSEGV);
    BALANCED(anonymous);
    BALANCED(protection);
    BALANCED(heap);
    BALANCED(stack);
    BALANCED(wild);
    BALANCED(repair);
    BALANCED(copy_after_protect);
    return verdict();
}
