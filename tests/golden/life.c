// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * life.c - a short life for golden traces: a page of one's own, a fault that is handled, a child, a
 * word through a pipe, the child's death. Prints no figure, so that its trace says the same
 * whatever the compiler.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf back;

static void on_fault(int sig)
{
    siglongjmp(back, sig);
}

static int handled_fault(void)
{
    char *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return 0;
    *page = 1;
    if (mprotect(page, 4096, PROT_READ))
        return 0;
    signal(SIGSEGV, on_fault);
    int sig = sigsetjmp(back, 1);
    if (sig == 0)
        *(volatile char *)page = 2;
    return sig == SIGSEGV && *page == 1;
}

int main(void)
{
    int fds[2], status = 0;
    char word = 0;
    if (!handled_fault() || pipe(fds))
        return 1;
    pid_t child = fork();
    if (child == 0)
        _exit(read(fds[0], &word, 1) == 1 ? word : 2);
    if (child < 0 || write(fds[1], "\7", 1) != 1 || waitpid(child, &status, 0) != child)
        return 1;
    printf("fault handled, child said %d\n", WEXITSTATUS(status));
    return WEXITSTATUS(status) != 7;
}
