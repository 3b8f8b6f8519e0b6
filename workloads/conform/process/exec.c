// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exec.c - another program in a process's place: execve, execv, execvp, execl, execlp. What is
 * exec'ed is `conform --exec STATUS VALUE PID "one two" ""`.
 */
#include "harness.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEPT 20 /* descriptors that stay open and are closed by exec */
#define CLOSED 21
#define WRONG 99

/* The status that was asked for if everything else is right: VALUE is $CONFORM ("-": there is none),
 * PID is the process's ("0": no matter). */
int conform_exec(int argc, char **argv)
{
    if (argc != 7 || argv[7] != NULL || strcmp(argv[5], "one two") != 0 ||
        strcmp(argv[6], "") != 0)
        return WRONG;
    const char *value = getenv("CONFORM");
    if (strcmp(value ? value : "-", argv[3]) != 0)
        return WRONG - 1;
    if (atoi(argv[4]) != 0 && atoi(argv[4]) != getpid())
        return WRONG - 2;
    if (fcntl(CLOSED, F_GETFD) != -1)
        return WRONG - 3;
    if (atoi(argv[4]) != 0 && write(KEPT, "k", 1) != 1)
        return WRONG - 4;
    struct sigaction act;
    if (sigaction(SIGUSR1, NULL, &act) != 0 || act.sa_handler != SIG_DFL)
        return WRONG - 5;
    return atoi(argv[2]);
}

/* ---- the five ways ---- */

#define NAME "conform", "--exec"
#define REST "one two", ""

static char status_text[8], pid_text[16];
static const char *value;

static int by_execve(void)
{
    char *const args[] = {NAME,     status_text, (char *)(uintptr_t)value,
                          pid_text, REST,        NULL};
    char *const with[] = {"A=b", "CONFORM=value", NULL};
    return execve("/conform", args, with);
}

static int by_execv(void)
{
    char *const args[] = {NAME,     status_text, (char *)(uintptr_t)value,
                          pid_text, REST,        NULL};
    return execv("/conform", args);
}

static int by_execvp(void)
{
    char *const args[] = {NAME,     status_text, (char *)(uintptr_t)value,
                          pid_text, REST,        NULL};
    return execvp("conform", args);
}

static int by_execl(void)
{
    return execl("/conform", NAME, status_text, value, pid_text, REST, (char *)NULL);
}

static int by_execlp(void)
{
    return execlp("conform", NAME, status_text, value, pid_text, REST, (char *)NULL);
}

static void handler(int sig)
{
    (void)sig;
}

/* In a child; where there are none this process is replaced, which is the last check. */
static void replaced(int (*way)(void), const char *expected_value)
{
    int fds[2] = {-1, -1};
    pid_t pid;
    char c = 0;
    value = expected_value;
    strcpy(status_text, "42");
    REQUIRE(pipe(fds) == 0);
    if (!can_fork(&pid)) {
        strcpy(status_text, "0");
        strcpy(pid_text, "0");
        tap_last_words();
        CHECK(way() == 0);
        return;
    }
    if (pid == 0) {
        snprintf(pid_text, sizeof pid_text, "%d", (int)getpid());
        CHECK_EQ(dup2(fds[1], KEPT), KEPT);
        CHECK_EQ(dup2(fds[1], CLOSED), CLOSED);
        CHECK_EQ(fcntl(CLOSED, F_SETFD, FD_CLOEXEC), 0);
        signal(SIGUSR1, handler);
        CHECK(way() == 0);
        child_done();
    }
    close(fds[1]);
    CHECK_EQ(child_status(pid), 42);
    CHECK_EQ(read(fds[0], &c, 1), 1);
    CHECK_EQ(c, 'k');
    CHECK_EQ(read(fds[0], &c, 1), 0);
    close(fds[0]);
}

/* ---- the programs ---- */

static char *const some[] = {"x", NULL};

CONFORM(execve, NEEDS_FILES | MAY_LACK)
{
    char *const none[] = {NULL};
    CHECK_ERRNO(execve("/no-such-program", some, none), ENOENT);
    CHECK_ERRNO(execve("/junk", some, none), ENOEXEC);
    CHECK_ERRNO(execve("", some, none), ENOENT);
    replaced(by_execve, "value");
}

CONFORM(execv, NEEDS_DISK | MAY_LACK)
{
    CHECK_ERRNO(execv("/dir/no-such-program", some), ENOENT);
    CHECK_ERRNO(execv("/dir", some), EACCES);
    CHECK_ERRNO(execv("/text", some), EACCES); /* no x */
    CHECK_ERRNO(execv("/text/below", some), ENOTDIR);
    CHECK_EQ(setenv("CONFORM", "kept", 1), 0);
    replaced(by_execv, "kept");
}

CONFORM(execvp, NEEDS_FILES | MAY_LACK)
{
    CHECK_ERRNO(execvp("no-such-program", some), ENOENT);
    CHECK_ERRNO(execvp("junk", some), ENOEXEC);
    replaced(by_execvp, "-");
}

CONFORM(execl, NEEDS_FILES | MAY_LACK)
{
    CHECK_ERRNO(execl("/no-such-program", "x", (char *)NULL), ENOENT);
    CHECK_ERRNO(execl("/junk", "x", (char *)NULL), ENOEXEC);
    replaced(by_execl, "-");
}

CONFORM(execlp, NEEDS_FILES | MAY_LACK)
{
    CHECK_ERRNO(execlp("no-such-program", "x", (char *)NULL), ENOENT);
    CHECK_ERRNO(execlp("junk", "x", (char *)NULL), ENOEXEC);
    replaced(by_execlp, "-");
}
