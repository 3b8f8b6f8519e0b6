// SPDX-License-Identifier: GPL-2.0-or-later
/* fsdeath.c - processes that die inside the file system, or are killed while they use it. */
#include "expect.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fsys.h"

static int size_of(const char *name)
{
    struct stat st;
    return stat(name, &st) == 0 ? (int)st.st_size : -1;
}

static int put(const char *name, const char *text)
{
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK_EQ(write(fd, text, strlen(text)), strlen(text));
    return fd;
}

/* What was synced is there afterwards, what was not may be lost; open files stay open. */
static void inside(void)
{
    char b[8];
    int status, fd = put("synced", "synced");
    CHECK_EQ(fsync(fd), 0);
    int lost = put("lost", "lost");
    if (fork() == 0) {
        fsys_enter();
        exo_env_exit(1); /* with the lock */
    }
    CHECK(wait(&status) > 0);
    CHECK_EQ(size_of("synced"), 6);
    CHECK_EQ(pread(fd, b, 8, 0), 6);
    CHECK(memcmp(b, "synced", 6) == 0);
    CHECK_EQ(size_of("lost"), -1);
    CHECK_EQ(write(fd, "!", 1), 1);
    close(lost);
    close(fd);
    CHECK_EQ(size_of("synced"), 7);
    CHECK_EQ(unlink("synced"), 0);
}

/* SIGKILL finds it somewhere; what it wrote before is there, and the file system works. */
static void killed(void)
{
    for (int i = 0; i < 5; i++) {
        int status, fds[2];
        char c;
        CHECK_EQ(pipe(fds), 0);
        pid_t pid = fork();
        if (pid == 0) {
            int fd = put("victim", "some text");
            close(fd);
            write(fds[1], "x", 1);
            for (;;) {
                fd = open("busy", O_RDWR | O_CREAT | O_TRUNC, 0600);
                write(fd, "busy", 4);
                close(fd);
                unlink("busy");
            }
        }
        CHECK_EQ(read(fds[0], &c, 1), 1);
        for (int k = 0; k < i; k++)
            sched_yield();
        CHECK_EQ(kill(pid, SIGKILL), 0);
        CHECK_EQ(waitpid(pid, &status, 0), pid);
        CHECK_EQ(WTERMSIG(status), SIGKILL);
        CHECK_EQ(size_of("victim"), 9);
        CHECK_EQ(unlink("victim"), 0);
        unlink("busy");
        close(fds[0]);
        close(fds[1]);
    }
}

/* The only process that uses it leaves, and comes again. */
static void comes_back(void)
{
    int status;
    for (int i = 0; i < 3; i++) {
        if (fork() == 0) {
            int before = size_of("log"),
                fd = open("log", O_WRONLY | O_CREAT | O_APPEND, 0600);
            _exit(write(fd, "line", 4) != 4 || before != (i == 0 ? -1 : 4 * i));
        }
        CHECK(wait(&status) > 0);
        CHECK_EQ(status, 0);
    }
    CHECK_EQ(unlink("log"), 0);
}

int main(void)
{
    comes_back();
    comes_back();
    BALANCED(inside);
    BALANCED(killed);
    return verdict();
}
