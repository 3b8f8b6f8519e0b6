// SPDX-License-Identifier: GPL-2.0-or-later
/* pipe.c - pipes: order, large transfers, atomic small writes, end of file, EPIPE, dup. */
#include "expect.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void reap(int want)
{
    int status;
    wait(&status);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), want);
}

static void ping_pong(void)
{
    int there[2], back[2];
    CHECK_EQ(pipe(there), 0);
    CHECK_EQ(pipe(back), 0);
    if (fork() == 0) {
        int v;
        close(there[1]);
        close(back[0]);
        while (read(there[0], &v, sizeof v) == sizeof v) {
            v++;
            write(back[1], &v, sizeof v);
        }
        _exit(9);
    }
    close(there[0]);
    close(back[1]);
    for (int i = 0; i < 100; i++) {
        int v = i;
        CHECK_EQ(write(there[1], &v, sizeof v), sizeof v);
        CHECK_EQ(read(back[0], &v, sizeof v), sizeof v);
        CHECK_EQ(v, i + 1);
    }
    close(there[1]); /* end of file for the child */
    reap(9);
    int v;
    CHECK_EQ(read(back[0], &v, sizeof v), 0);
    close(back[0]);
}

#define MANY 200000

static void large(void)
{
    int fds[2];
    static char buffer[7777];
    pipe(fds);
    if (fork() == 0) {
        close(fds[0]);
        unsigned sum = 0;
        for (int sent = 0; sent < MANY;) {
            int n = MANY - sent < (int)sizeof buffer ? MANY - sent : (int)sizeof buffer;
            for (int i = 0; i < n; i++)
                buffer[i] = (char)((sent + i) * 7);
            sum += write(fds[1], buffer, (size_t)n) != n;
            sent += n;
        }
        _exit((int)sum);
    }
    close(fds[1]);
    int got = 0, wrong = 0;
    for (;;) {
        ssize_t n = read(fds[0], buffer, 5000);
        if (n <= 0)
            break;
        for (int i = 0; i < n; i++)
            wrong += buffer[i] != (char)((got + i) * 7);
        got += (int)n;
    }
    CHECK_EQ(got, MANY);
    CHECK_EQ(wrong, 0);
    close(fds[0]);
    reap(0);
}

/* Three writers of records up to PIPE_BUF: none is torn. */
static void atomic(void)
{
    int fds[2];
    pipe(fds);
    for (int w = 1; w <= 3; w++)
        if (fork() == 0) {
            char record[1000];
            memset(record, w, sizeof record);
            for (int i = 0; i < 30; i++)
                write(fds[1], record, sizeof record);
            _exit(w);
        }
    close(fds[1]);
    int count[4] = {0};
    char record[1000];
    for (;;) {
        size_t have = 0;
        ssize_t n = 0;
        while (have < sizeof record &&
               (n = read(fds[0], record + have, sizeof record - have)) > 0)
            have += (size_t)n;
        if (have < sizeof record)
            break;
        int w = record[0], same = 1;
        for (size_t i = 0; i < sizeof record; i++)
            same &= record[i] == w;
        CHECK(same && w >= 1 && w <= 3);
        count[w & 3]++;
    }
    CHECK(count[1] == 30 && count[2] == 30 && count[3] == 30);
    close(fds[0]);
    while (wait(NULL) > 0)
        ;
}

static void ends(void)
{
    int fds[2];
    char c = 1;
    pipe(fds);
    CHECK_EQ(write(fds[0], &c, 1), -1);
    CHECK_EQ(errno, EBADF);
    CHECK_EQ(read(fds[1], &c, 1), -1);
    CHECK_EQ(errno, EBADF);
    CHECK_EQ(lseek(fds[0], 0, SEEK_SET), -1);
    CHECK_EQ(errno, ESPIPE);
    CHECK_EQ(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
    CHECK_EQ(read(fds[0], &c, 1), -1);
    CHECK_EQ(errno, EAGAIN);
    int copy = dup(fds[1]);
    close(fds[1]);
    CHECK_EQ(write(copy, "x", 1), 1);
    CHECK_EQ(dup2(copy, 40), 40);
    close(copy);
    CHECK_EQ(write(40, "y", 1), 1);
    close(40);
    char two[3] = "";
    CHECK_EQ(read(fds[0], two, 3), 2);
    CHECK(strcmp(two, "xy") == 0);
    CHECK_EQ(read(fds[0], two, 3), 0);
    close(fds[0]);
    CHECK_EQ(close(fds[0]), -1);
    CHECK_EQ(errno, EBADF);
}

static void broken(void)
{
    int fds[2];
    pipe(fds);
    close(fds[0]);
    signal(SIGPIPE, SIG_IGN);
    CHECK_EQ(write(fds[1], "x", 1), -1);
    CHECK_EQ(errno, EPIPE);
    signal(SIGPIPE, SIG_DFL);
    pid_t pid = fork();
    if (pid == 0) {
        write(fds[1], "x", 1);
        _exit(0);
    }
    int status;
    waitpid(pid, &status, 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
    close(fds[1]);
}

/* A writer that is killed: its reader sees the end once it is buried. */
static void killed_writer(void)
{
    int fds[2];
    pipe(fds);
    pid_t pid = fork();
    if (pid == 0)
        for (;;)
            sleep(100);
    close(fds[1]);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    char c;
    CHECK_EQ(read(fds[0], &c, 1), 0);
    close(fds[0]);
}

static void exhaustion(void)
{
    int fds[64][2], n = 0;
    while (n < 64 && pipe(fds[n]) == 0)
        n++;
    CHECK(n > 8 && n < 64);
    CHECK(errno == ENFILE || errno == EMFILE);
    while (n-- > 0) {
        close(fds[n][0]);
        close(fds[n][1]);
    }
}

int main(void)
{
    BALANCED(ping_pong);
    BALANCED(large);
    BALANCED(atomic);
    BALANCED(ends);
    BALANCED(broken);
    BALANCED(killed_writer);
    BALANCED(exhaustion);
    return verdict();
}
