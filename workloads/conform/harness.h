// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * harness.h - conformance programs: one for each function of libos/include/api.def, all in the
 * executable `conform`, the same on every board.
 *
 *     CONFORM(mprotect, NEEDS_NONE)
 *     {
 *         CHECK_EQ(mprotect(p, page, PROT_READ), 0);
 *         CHECK_ERRNO(mprotect(p + 1, page, PROT_READ), EINVAL);
 *     }
 *
 * in <group>/<noun>.c; several functions may share a file. The program of NAME is the function
 * conform_NAME(), called between conform_begin() and conform_end(): profiles count from the one to
 * the other. What it checks is told in TAP after that, a line a CHECK (done several times, it is one
 * line); "# not ported: CLASS.HOOK" and "# not applicable: WHY" say how else a program ended.
 *
 *     conform NAME      status 0 pass, 1 fail, 2 not ported, 3 not applicable, 4 no such program
 *     conform --list    NAME and needs of each; those without a program: "NAME -"
 *
 * A check that fails where a hook of a backend was missing ends the program as not ported; so does
 * a missing hook that nothing noticed, when the program is done. A check that fails with errno
 * ENOTSUP in a program with MAY_LACK ends it as not applicable.
 *
 * Children: after fork() a child CHECKs as its parent does and ends with child_done(); the parent
 * says CHECK_CHILD(pid). A child's failures are told at once, as comments.
 */
#ifndef CONFORM_HARNESS_H
#define CONFORM_HARNESS_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

enum conform_needs {
    NEEDS_NONE = 0,
    NEEDS_DISK = 1,  /* a disk with the small file system of DATA/guest/conform/root */
    NEEDS_FILES = 2, /* the boot files of DATA/guest/conform/files */
    NEEDS_NET = 4,   /* a network interface, with nothing plugged in; 127.0.0.1 */
    NEEDS_PEER = 8,  /* another machine on the wire, which runs `conform --peer` */
    MAY_LACK = 16    /* some hardware cannot do it: ENOTSUP is not a failure */
};

enum conform_status {
    CONFORM_PASS,
    CONFORM_FAIL,
    CONFORM_NOT_PORTED,
    CONFORM_NOT_APPLICABLE,
    CONFORM_UNKNOWN
};

struct conform_program {
    const char *name;
    void (*run)(void);
    unsigned needs;
};

/* A name that the list does not have does not compile. */
enum conform_api {
#define API(name, header, group, classes) CONFORM_API_##name,
#include <api.def>
#undef API
    CONFORM_APIS
};

#define CONFORM(api, its_needs)                                                          \
    void conform_##api(void);                                                            \
    extern const struct conform_program conform_program_##api;                           \
    const struct conform_program conform_program_##api = {                               \
        #api, conform_##api, (its_needs) + 0 * CONFORM_API_##api};                       \
    void conform_##api(void)

/* A line of the source with a check. */
struct conform_site {
    const char *file, *text;
    int line;
    unsigned passed, failed;
    char why[160]; /* of the first failure */
    struct conform_site *next;
};

void conform_begin(void);
void conform_end(void);

/* One check; returns ok. `why` is a printf format for a failure. */
bool tap_check(struct conform_site *site, bool ok, const char *why, ...)
    __attribute__((format(printf, 3, 4)));
/* The values in the words of a failure. */
bool tap_equal(struct conform_site *site, long long got, long long want);
bool tap_errno(struct conform_site *site, bool failed, int got, int want);
bool tap_string(struct conform_site *site, const char *got, const char *want);
bool tap_child(struct conform_site *site, pid_t pid);
/* Ends the program now. */
_Noreturn void tap_stop(int status, const char *why);

#define TAP_SITE(text)                                                                   \
    static struct conform_site site_ = {__FILE__, text, __LINE__, 0, 0, "", NULL}

/* The condition holds. */
#define CHECK(cond)                                                                      \
    do {                                                                                 \
        TAP_SITE(#cond);                                                                 \
        errno = 0;                                                                       \
        bool ok_ = (cond);                                                               \
        tap_check(&site_, ok_, "errno %d", errno);                                       \
    } while (0)
/* It must, or the rest makes no sense. */
#define REQUIRE(cond)                                                                    \
    do {                                                                                 \
        TAP_SITE(#cond);                                                                 \
        errno = 0;                                                                       \
        bool ok_ = (cond);                                                               \
        if (!tap_check(&site_, ok_, "errno %d", errno))                                  \
            tap_stop(CONFORM_FAIL, NULL);                                                \
    } while (0)
/* Coming here is wrong. */
#define FAIL(words)                                                                      \
    do {                                                                                 \
        TAP_SITE(words);                                                                 \
        tap_check(&site_, false, "errno %d", errno);                                     \
    } while (0)
/* Two integers are the same. */
#define CHECK_EQ(got, want)                                                              \
    do {                                                                                 \
        TAP_SITE(#got " == " #want);                                                     \
        errno = 0;                                                                       \
        long long got_ = (long long)(got);                                               \
        tap_equal(&site_, got_, (long long)(want));                                      \
    } while (0)
/* Two strings are the same. */
#define CHECK_STR(got, want)                                                             \
    do {                                                                                 \
        TAP_SITE(#got " is " #want);                                                     \
        errno = 0;                                                                       \
        tap_string(&site_, (got), (want));                                               \
    } while (0)
/* The call returns -1 (or MAP_FAILED) and sets errno so. */
#define CHECK_ERRNO(call, error)                                                         \
    do {                                                                                 \
        TAP_SITE(#call ": " #error);                                                     \
        errno = 0;                                                                       \
        bool failed_ = (intptr_t)(call) == -1;                                           \
        tap_errno(&site_, failed_, errno, (error));                                      \
    } while (0)
/* The call returns NULL and sets errno so. */
#define CHECK_NULL(call, error)                                                          \
    do {                                                                                 \
        TAP_SITE(#call ": NULL, " #error);                                               \
        errno = 0;                                                                       \
        bool failed_ = (call) == NULL;                                                   \
        tap_errno(&site_, failed_, errno, (error));                                      \
    } while (0)
/* The child ends with child_done() and all its checks hold. */
#define CHECK_CHILD(pid)                                                                 \
    do {                                                                                 \
        TAP_SITE("child " #pid);                                                         \
        errno = 0;                                                                       \
        tap_child(&site_, (pid));                                                        \
    } while (0)

_Noreturn void child_done(void);
/* Waits for a child: its exit status, or 256 + the signal that killed it; -1: no such child. Ends
 * the program where the child found something not ported or not applicable. */
int child_status(pid_t pid);
/* fork() where the hardware can, for programs whose subject it is not: false and errno ENOTSUP
 * where it cannot, and what needs it is left out (told as a skipped check). Other failures are a
 * failed check. *pid as fork() returns it. */
bool can_fork(pid_t *pid);

/* For functions that do not return: what was checked is told now, and unless `failed` is called
 * (say, by a handler that must not run) the program has passed when it ends with status 0. */
void tap_last_words(void);

/* `conform --peer`: the other machine (network/peer.c). */
int conform_peer(void);
/* `conform --exec ARGS`: what process/exec.c execs. */
int conform_exec(int argc, char **argv);

#endif
