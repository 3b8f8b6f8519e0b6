// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * host_calls.c - the system calls the C library makes, on the host, with its names mangled.
 *
 * sbrk hands out a static arena, so that a test can run it dry (host_heap_limit). read and
 * write can be made to move few bytes at a time (host_io_limit), as pipes do. abort() is caught
 * by a test that expects it: host_abort_jump.
 */
#define _GNU_SOURCE
#include "host_calls.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char arena[64 << 20] __attribute__((aligned(4096)));
static size_t arena_used;
size_t host_heap_limit = sizeof arena, host_io_limit = (size_t)-1;
int host_maps_fail;
jmp_buf *host_abort_jump;
char
    host_errors[256]; /* last text written to descriptor 2 while host_abort_jump is set */

extern int exos_errno;
char **exos_environ;

#define RESULT(type, expression)                                                         \
    do {                                                                                 \
        errno = exos_errno;                                                              \
        type result_ = (expression);                                                     \
        exos_errno = errno;                                                              \
        return result_;                                                                  \
    } while (0)

int exos_open(const char *path, int flags, int mode);
int exos_open(const char *path, int flags, int mode)
{
    RESULT(int, open(path, flags, mode));
}

int exos_close(int fd);
int exos_close(int fd)
{
    RESULT(int, close(fd));
}

ssize_t exos_read(int fd, void *p, size_t n);
ssize_t exos_read(int fd, void *p, size_t n)
{
    RESULT(ssize_t, read(fd, p, n < host_io_limit ? n : host_io_limit));
}

ssize_t exos_write(int fd, const void *p, size_t n);
ssize_t exos_write(int fd, const void *p, size_t n)
{
    if (fd == 2 && host_abort_jump) {
        size_t i;
        for (i = 0; i < n && i < sizeof host_errors - 1; i++)
            host_errors[i] = ((const char *)p)[i];
        host_errors[i] = 0;
        return (ssize_t)n;
    }
    RESULT(ssize_t, write(fd, p, n < host_io_limit ? n : host_io_limit));
}

off_t exos_lseek(int fd, off_t off, int whence);
off_t exos_lseek(int fd, off_t off, int whence)
{
    RESULT(off_t, lseek(fd, off, whence));
}

int exos_dup2(int fd, int to);
int exos_dup2(int fd, int to)
{
    RESULT(int, dup2(fd, to));
}

int exos_isatty(int fd);
int exos_isatty(int fd)
{
    RESULT(int, isatty(fd));
}

void *exos_sbrk(intptr_t delta);
void *exos_sbrk(intptr_t delta)
{
    size_t limit = host_heap_limit < sizeof arena ? host_heap_limit : sizeof arena;

    if (delta < 0 || (size_t)delta > limit - arena_used || arena_used > limit) {
        exos_errno = ENOMEM;
        return (void *)-1;
    }
    arena_used += (size_t)delta;
    return arena + arena_used - delta;
}

void *exos_mmap(void *at, size_t n, int prot, int flags, int fd, off_t off);
void *exos_mmap(void *at, size_t n, int prot, int flags, int fd, off_t off)
{
    if (host_maps_fail) {
        exos_errno = ENOMEM;
        return MAP_FAILED;
    }
    RESULT(void *, mmap(at, n, prot, flags, fd, off));
}

int exos_munmap(void *at, size_t n);
int exos_munmap(void *at, size_t n)
{
    RESULT(int, munmap(at, n));
}

int exos_raise(int sig);
int exos_raise(int sig)
{
    if (sig == SIGABRT && host_abort_jump)
        longjmp(*host_abort_jump, 1);
    return raise(sig);
}

int exos_sigprocmask(int how, const void *set, void *old);
int exos_sigprocmask(int how, const void *set, void *old)
{
    (void)how, (void)set, (void)old; /* the tests block nothing */
    return 0;
}

int exos_fcntl(int fd, int cmd, int arg);
int exos_fcntl(int fd, int cmd, int arg)
{
    RESULT(int, fcntl(fd, cmd, arg));
}

void (*exos_signal(int sig, void (*handler)(int)))(int);
void (*exos_signal(int sig, void (*handler)(int)))(int)
{
    return signal(sig, handler);
}

_Noreturn void exos__exit(int status);
_Noreturn void exos__exit(int status)
{
    _exit(status);
}

int exos_clock_gettime(int clock, struct timespec *ts);
int exos_clock_gettime(int clock, struct timespec *ts)
{
    RESULT(int, clock_gettime(clock, ts));
}

int exos_nanosleep(const struct timespec *want, struct timespec *left);
int exos_nanosleep(const struct timespec *want, struct timespec *left)
{
    RESULT(int, nanosleep(want, left));
}
