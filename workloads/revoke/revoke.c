// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * revoke.c - frames asked back: one environment moves its page and gives the frame up, another does
 * not answer in time, and the kernel takes it by force.
 *
 *   revoke
 *
 * Prints what became of both frames. Status 1 if one did not come free, or a child lost more than
 * the page it was asked for.
 */
#include <exo/user.h>
#include <exos/lrpc.h>
#include <exos/vm.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE 1000000u /* cycles to answer in */

static struct shared {
    volatile uint32_t env, frame, ready, go;
} * shared;

static sigjmp_buf back;

static void lost(int sig)
{
    (void)sig;
    siglongjmp(back, 1);
}

static volatile const struct exo_frame *frames(void)
{
    const struct exo_kinfo *k = (const struct exo_kinfo *)(uintptr_t)EXO_EXPORT_VA;
    return (volatile const struct exo_frame *)(uintptr_t)(EXO_EXPORT_VA + k->frames_off);
}

/* A page of its own, shown to the parent. */
static volatile char *page_of_mine(char value)
{
    volatile char *page = mmap(NULL, (size_t)getpagesize(), PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[0] = value;
    shared->env = exos_env();
    shared->frame = exos_frame_of((void *)(uintptr_t)page);
    return page;
}

/* Answers: the library moves the page to another frame. Status: what it reads there. */
static _Noreturn void polite(void)
{
    volatile char *page = page_of_mine(11);
    shared->ready = 1;
    while (!shared->go)
        ;
    _exit(page[0]);
}

/* Does not answer, being in a critical section. Status: 22 if the page is lost, as it should. */
static _Noreturn void deaf(void)
{
    volatile char *page = page_of_mine(12);
    signal(SIGBUS, lost);
    exos_critical_enter();
    shared->ready = 1;
    while (!shared->go)
        ;
    exos_critical_leave();
    if (sigsetjmp(back, 1) == 0)
        _exit(page[0]);
    _exit(22);
}

static int ask(const char *name, void (*child)(void), int want)
{
    shared->ready = shared->go = 0;
    pid_t pid = fork();
    if (pid == 0)
        child();
    while (!shared->ready)
        sched_yield();
    uint32_t frame = shared->frame;
    exo_sword rc = exo_frame_revoke(frame, shared->env, 0, GRACE);
    for (int i = 0; i < 50 && frames()[frame].type != EXO_FRAME_FREE; i++)
        sched_yield();
    bool free = frames()[frame].type == EXO_FRAME_FREE;
    shared->go = 1;
    int status;
    waitpid(pid, &status, 0);
    printf("%s: frame %u of environment %u is %s; it ended with %d\n", name, frame,
           shared->env, free ? "free" : "not free", WEXITSTATUS(status));
    return rc == 0 && free && WEXITSTATUS(status) == want ? 0 : 1;
}

int main(void)
{
    shared = mmap(NULL, (size_t)getpagesize(), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        fprintf(stderr, "revoke: no memory\n");
        return 1;
    }
    int bad = ask("polite", polite, 11);
    return bad | ask("deaf", deaf, 22);
}
