// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ending.c - how a program ends, seen by its parent where there is fork: handlers, flushed files,
 * status, signals. The program itself ends that way too, which works without.
 */
#include "support.h"

#include <assert.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define BY_ABORT (256 + SIGABRT) /* of child_status() */

static int ends[2];
static char told[128];
static int status;

static void tell(const char *what)
{
    if (write(ends[1], what, strlen(what)) < 0)
        _exit(99);
}

/* f in a child: what it told is in told[], how it ended in status. false: no fork here. */
static bool forked(void (*f)(void *), void *arg)
{
    pid_t pid;
    REQUIRE(pipe(ends) == 0);
    bool can = can_fork(&pid);
    if (can && pid == 0) {
        f(arg);
        _exit(0);
    }
    close(ends[1]);
    status = can ? child_status(pid) : 0;
    ssize_t n = can ? read(ends[0], told, sizeof told - 1) : 0;
    told[n > 0 ? n : 0] = '\0';
    close(ends[0]);
    return can;
}

static void first(void)
{
    tell("1");
}

static void second(void)
{
    tell("2");
}

static void adds_one(void)
{
    tell("a");
    atexit(first);
}

static void ends_oddly(void)
{
    tell("e");
    _exit(44);
}

static void exits(void *with)
{
    atexit(first);
    atexit(second);
    atexit(second);
    exit(*(int *)with);
}

static void exits_buffered(void *with)
{
    FILE *f = fdopen(ends[1], "w");
    fputs("buffered", f);
    exit(*(int *)with);
}

static void exits_later(void *with)
{
    atexit(first);
    atexit(ends_oddly);
    exit(*(int *)with);
}

static volatile int steps;

static void step_one(void)
{
    CHECK_EQ(steps++, 1);
}

static void step_zero(void)
{
    CHECK_EQ(steps++, 0);
}

CONFORM(exit, NEEDS_NONE)
{
    int want = 7;
    if (forked(exits, &want)) {
        CHECK_STR(told, "221"); /* last in, first out */
        CHECK_EQ(status, 7);
        want = 0x1ff; /* the low eight bits */
        CHECK(forked(exits_buffered, &want));
        CHECK_STR(told, "buffered");
        CHECK_EQ(status, 0xff);
        CHECK(forked(exits_later, &want));
        CHECK_STR(told, "e"); /* nothing runs behind _exit */
        CHECK_EQ(status, 44);
    }
    CHECK(atexit(step_one) == 0 && atexit(step_zero) == 0);
    tap_last_words();
    exit(0);
}

static void exits_at_once(void *with)
{
    FILE *f = fdopen(ends[1], "w");
    atexit(first);
    fputs("lost", f);
    tell("x");
    _Exit(*(int *)with);
}

static void must_not_run(void)
{
    CHECK(steps < 0); /* it did */
}

CONFORM(_Exit, NEEDS_NONE)
{
    int want = 9;
    if (forked(exits_at_once, &want)) {
        CHECK_STR(told, "x"); /* no handlers, nothing flushed */
        CHECK_EQ(status, 9);
        want = 256;
        CHECK(forked(exits_at_once, &want));
        CHECK_EQ(status, 0);
    }
    CHECK_EQ(atexit(must_not_run), 0);
    tap_last_words();
    _Exit(0);
}

static void registers(void *arg)
{
    int failed = 0;
    (void)arg;
    for (int i = 0; i < 31; i++)
        failed += atexit(i % 2 ? first : second) != 0;
    failed += atexit(adds_one) != 0; /* 32 of them at least */
    if (failed != 0)
        tell("-");
    exit(5);
}

CONFORM(atexit, NEEDS_NONE)
{
    if (forked(registers, NULL)) {
        /* what a handler adds comes next */
        CHECK_STR(told, "a12121212121212121212121212121212");
        CHECK_EQ(status, 5);
    }
    CHECK(atexit(step_one) == 0 && atexit(step_zero) == 0);
    tap_last_words();
    exit(0); /* they check the order */
}

static sigjmp_buf back;

static void out(int sig)
{
    siglongjmp(back, sig);
}

static void returns(int sig)
{
    (void)sig;
    tell("h");
}

static void aborts(void *how)
{
    const char *with = how;
    atexit(first); /* does not run */
    if (strcmp(with, "caught") == 0)
        signal(SIGABRT, returns);
    if (strcmp(with, "ignored") == 0)
        signal(SIGABRT, SIG_IGN);
    if (strcmp(with, "blocked") == 0) {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGABRT);
        sigprocmask(SIG_BLOCK, &set, NULL);
    }
    abort();
}

CONFORM(abort, NEEDS_NONE)
{
    static char way[][8] = {"plain", "caught", "ignored", "blocked"};
    signal(SIGABRT, out); /* a handler that does not return: the program goes on */
    volatile int came = 0;
    if (sigsetjmp(back, 1) == 0)
        abort();
    else
        came++;
    CHECK_EQ(came, 1);
    signal(SIGABRT, SIG_DFL);
    for (unsigned i = 0; i < 4 && forked(aborts, way[i]); i++) {
        CHECK_STR(told, i == 1 ? "h" : "");
        CHECK_EQ(status, BY_ABORT);
    }
}

static void asserts(void *arg)
{
    assert(arg != NULL);
    tell("came back");
}

CONFORM(exos_assert_fail, NEEDS_NONE)
{
    char said[256];
    ends[1] = STDERR_FILENO;
    capture_begin(STDERR_FILENO);
    asserts(said); /* holds */
    capture_end(said, sizeof said);
    CHECK_STR(said, "came back");
    signal(SIGABRT, out);
    volatile bool caught = false;
    capture_begin(STDERR_FILENO);
    if (sigsetjmp(back, 1) == 0)
        asserts(NULL);
    else
        caught = true;
    capture_end(said, sizeof said);
    CHECK(caught);
    CHECK(strstr(said, "ending.c:") != NULL); /* where, and what */
    CHECK(strstr(said, "asserts") != NULL);
    CHECK(strstr(said, "arg != ") != NULL);
    signal(SIGABRT, SIG_DFL);
    if (forked(asserts, NULL)) {
        CHECK_STR(told, "");
        CHECK_EQ(status, BY_ABORT);
    }
}
