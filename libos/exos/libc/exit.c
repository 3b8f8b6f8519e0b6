// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exit.c - how a program ends: exit with its handlers and flushed files, abort, assert.
 *
 * Files are flushed through a weak reference: a program that uses none does not carry
 * them.
 */
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HANDLERS 32 /* the least the standard asks for */

static void (*handler[HANDLERS])(void);
static unsigned handlers;

__attribute__((weak)) void exos_stdio_flush(void);

int atexit(void (*f)(void))
{
    if (handlers == HANDLERS) {
        errno = ENOMEM;
        return -1;
    }
    handler[handlers++] = f;
    return 0;
}

_Noreturn void exit(int status)
{
    while (handlers)
        handler[--handlers]();
    if (exos_stdio_flush)
        exos_stdio_flush();
    _exit(status);
}

_Noreturn void _Exit(int status)
{
    _exit(status);
}

_Noreturn void abort(void)
{
    sigset_t set = (sigset_t)1 << (SIGABRT - 1);

    sigprocmask(SIG_UNBLOCK, &set, NULL);
    raise(SIGABRT);
    signal(SIGABRT, SIG_DFL); /* a handler returned: once more, without it */
    raise(SIGABRT);
    _exit(128 + SIGABRT);
}

static void say(const char *text)
{
    size_t n = strlen(text);

    if (write(STDERR_FILENO, text, n) != (ssize_t)n)
        errno = EIO; /* nobody left to tell */
}

_Noreturn void exos_assert_fail(const char *what, const char *file, int line,
                                const char *func)
{
    char digits[12], *at = digits + sizeof digits;

    *--at = 0;
    do
        *--at = (char)('0' + line % 10);
    while (line /= 10);
    say(file);
    say(":");
    say(at);
    say(": ");
    say(func);
    say(": assertion failed: ");
    say(what);
    say("\n");
    abort();
}
