// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * posix.c - POSIX calls that are made of other POSIX calls: the exec variants, signal sets, sysconf, jumps that keep the signal mask.
 */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#define ARGS_MAX 64 /* arguments of an execl */

/* Programs are boot modules, in the root directory; a name without a slash is one there, or a file
 * in the working directory. */
int execvp(const char *file, char *const argv[])
{
    char path[NAME_MAX + 2] = "/";

    if (!strchr(file, '/') && strlen(file) <= NAME_MAX) {
        strcpy(path + 1, file);
        execv(path, argv);
        if (errno != ENOENT)
            return -1;
    }
    return execv(file, argv);
}

/* The arguments of an execl as a vector; 0, or -1 with E2BIG. */
static int vector(char *argv[ARGS_MAX + 1], const char *arg0, va_list ap)
{
    int n = 0;

    for (const char *arg = arg0; arg; arg = va_arg(ap, const char *)) {
        if (n == ARGS_MAX) {
            errno = E2BIG;
            return -1;
        }
        argv[n++] = (char *)(uintptr_t)arg;
    }
    argv[n] = NULL;
    return 0;
}

int execl(const char *path, const char *arg0, ...)
{
    char *argv[ARGS_MAX + 1];
    va_list ap;

    va_start(ap, arg0);
    int bad = vector(argv, arg0, ap);
    va_end(ap);
    return bad ? -1 : execv(path, argv);
}

int execlp(const char *file, const char *arg0, ...)
{
    char *argv[ARGS_MAX + 1];
    va_list ap;

    va_start(ap, arg0);
    int bad = vector(argv, arg0, ap);
    va_end(ap);
    return bad ? -1 : execvp(file, argv);
}

long sysconf(int name)
{
    switch (name) {
    case _SC_CLK_TCK: return 100;
    case _SC_OPEN_MAX: return OPEN_MAX;
    case _SC_PAGESIZE: return getpagesize();
    default: errno = EINVAL; return -1;
    }
}

/* -- signal sets -- */

static sigset_t bit(int sig)
{
    if (sig > 0 && sig < NSIG)
        return (sigset_t)1 << (sig - 1);
    errno = EINVAL;
    return 0;
}

int sigemptyset(sigset_t *set)
{
    *set = 0;
    return 0;
}

int sigfillset(sigset_t *set)
{
    *set = ~(sigset_t)0;
    return 0;
}

int sigaddset(sigset_t *set, int sig)
{
    *set |= bit(sig);
    return bit(sig) ? 0 : -1;
}

int sigdelset(sigset_t *set, int sig)
{
    *set &= ~bit(sig);
    return bit(sig) ? 0 : -1;
}

int sigismember(const sigset_t *set, int sig)
{
    return bit(sig) ? (*set & bit(sig)) != 0 : -1;
}

int exos_sigjmp_save(sigjmp_buf env, int save)
{
    env->saved = save;
    return save ? sigprocmask(SIG_BLOCK, NULL, &env->mask) : 0;
}

_Noreturn void siglongjmp(sigjmp_buf env, int value)
{
    if (env->saved)
        sigprocmask(SIG_SETMASK, &env->mask, NULL);
    longjmp(env->jump, value);
}
