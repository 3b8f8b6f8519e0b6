// SPDX-License-Identifier: GPL-2.0-or-later
/* area.c - memory of the session, its mutexes, and descriptors beyond the near ones. */
#include "area.h"
#include "expect.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "session.h"

struct shared {
    struct mutex m;
    uint32_t inside, count, left;
    char rest[40000];
};

#define BYTES (1u << 20)

static struct shared *attach(enum area_id id, bool *first)
{
    return area_open(id, BYTES, first);
}

static void reap(int n)
{
    for (int i = 0; i < n; i++) {
        int status = -1;
        CHECK(wait(&status) > 0);
        CHECK_EQ(status, 0);
    }
}

static void exclusion(void)
{
    bool first;
    struct shared *s = attach(AREA_FS, &first);
    CHECK(s != NULL);
    if (s == NULL)
        return;
    s->count = 0;
    for (int i = 0; i < 4; i++)
        if (fork() == 0) {
            struct shared *mine = attach(AREA_FS, &first);
            int bad = mine != s || first;
            for (int k = 0; k < 50; k++) {
                bad |= mutex_lock(&mine->m);
                bad |= __atomic_fetch_add(&mine->inside, 1, __ATOMIC_RELAXED) != 0;
                sched_yield();
                mine->count++;
                mine->inside = 0;
                mutex_unlock(&mine->m);
            }
            _exit(bad);
        }
    reap(4);
    CHECK_EQ(s->count, 200);
}

/* A holder that dies is noticed. SIGKILL waits for the mutex to be dropped. */
static void deaths(void)
{
    bool first;
    struct shared *s = attach(AREA_FS, &first);
    int status, fds[2];
    char c;
    if (fork() == 0) {
        attach(AREA_FS, &first);
        mutex_lock(&s->m);
        exo_env_exit(1);
    }
    wait(&status);
    CHECK(mutex_lock(&s->m));
    mutex_unlock(&s->m);
    CHECK(!mutex_lock(&s->m));
    mutex_unlock(&s->m);
    CHECK_EQ(pipe(fds), 0);
    s->left = 0;
    pid_t pid = fork();
    if (pid == 0) {
        attach(AREA_FS, &first);
        mutex_lock(&s->m);
        write(fds[1], "x", 1);
        for (int i = 0; i < 100; i++)
            sched_yield();
        s->left = 1;
        mutex_unlock(&s->m);
        for (;;)
            sched_yield();
    }
    read(fds[0], &c, 1);
    CHECK_EQ(kill(pid, SIGKILL), 0);
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(WTERMSIG(status), SIGKILL);
    CHECK_EQ(s->left, 1);
    CHECK(!mutex_lock(&s->m));
    mutex_unlock(&s->m);
    close(fds[0]);
    close(fds[1]);
}

/* Pages live as long as anybody attached; AREA_NET goes to children, AREA_FS does not. */
static void lives(void)
{
    int to_parent[2], status;
    char c = 0;
    CHECK_EQ(pipe(to_parent), 0);
    if (fork() == 0) {
        bool first;
        struct shared *s = attach(AREA_NET, &first);
        int bad = s == NULL || !first || s->count != 0;
        if (s == NULL)
            _exit(1);
        s->count = 77;
        strcpy(s->rest + 30000, "still here");
        if (fork() == 0) { /* its parent leaves first */
            while (kill(getppid(), 0) == 0 && getppid() != 0)
                sched_yield();
            struct shared *again = attach(AREA_NET, &first);
            c = again == s && !first && s->count == 77 &&
                strcmp(s->rest + 30000, "still here") == 0 && area_alone(AREA_NET);
            write(to_parent[1], &c, 1);
            _exit(0);
        }
        _exit(bad);
    }
    CHECK(wait(&status) > 0);
    CHECK_EQ(status, 0);
    read(to_parent[0], &c, 1);
    CHECK_EQ(c, 1);
    close(to_parent[0]);
    close(to_parent[1]);
}

/* All descriptors, all rows; children have them too. */
static void many(void)
{
    int fds[2], last = -1;
    CHECK_EQ(pipe(fds), 0);
    for (int fd; (fd = dup(fds[1])) >= 0;)
        last = fd;
    CHECK_EQ(errno, EMFILE);
    CHECK_EQ(last, 255);
    CHECK_EQ(fcntl(last, F_SETFD, FD_CLOEXEC), 0);
    if (fork() == 0) {
        int bad = write(255, "a", 1) != 1 || write(33, "b", 1) != 1;
        _exit(bad || fcntl(255, F_GETFD) != FD_CLOEXEC || fcntl(254, F_GETFD) != 0);
    }
    reap(1);
    char two[2];
    CHECK_EQ(read(fds[0], two, 2), 2);
    CHECK(memcmp(two, "ab", 2) == 0);
    for (int fd = fds[1] + 1; fd <= 255; fd++)
        CHECK_EQ(close(fd), 0);
    int opened = 0;
    while (open("text", O_RDONLY) >= 0)
        opened++;
    CHECK_EQ(errno, EMFILE);
    CHECK(opened > 240);
    CHECK_EQ(lseek(255, 4, SEEK_SET), 4);
    CHECK_EQ(read(255, two, 2), 2);
    for (int fd = fds[1] + 1; fd <= 255; fd++)
        CHECK_EQ(close(fd), 0);
    close(fds[0]);
    close(fds[1]);
}

int main(void)
{
    BALANCED(many);
    BALANCED(lives);
    BALANCED(exclusion);
    BALANCED(deaths);
    return verdict();
}
