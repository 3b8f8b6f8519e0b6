// SPDX-License-Identifier: GPL-2.0-or-later
/* surroundings.c - environment strings, options of a command line, locale, errors in words. */
#include "support.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

/* Entries of the environment that begin like this. */
static unsigned entries(const char *start)
{
    unsigned n = 0;
    for (char **e = environ; e != NULL && *e != NULL; e++)
        n += strncmp(*e, start, strlen(start)) == 0;
    return n;
}

CONFORM(getenv, NEEDS_NONE)
{
    char *own[] = {"ONE=1", "TWO=2=two", "ONETWO=12", "EMPTY=", "BARE", NULL};
    char **before = environ;
    environ = own;
    CHECK_STR(getenv("ONE"), "1");
    CHECK_STR(getenv("TWO"), "2=two");
    CHECK_STR(getenv("ONETWO"), "12");
    CHECK_STR(getenv("EMPTY"), "");
    CHECK(getenv("BARE") == NULL);
    CHECK(getenv("ON") == NULL);
    CHECK(getenv("") == NULL);
    environ = before;
    CHECK(getenv("ONETWO") == NULL);
}

CONFORM(setenv, NEEDS_NONE)
{
    char value[] = "first";
    CHECK_EQ(setenv("CF_A", value, 0), 0);
    value[0] = 'F'; /* it was copied */
    CHECK_STR(getenv("CF_A"), "first");
    CHECK_EQ(setenv("CF_A", "second", 0), 0);
    CHECK_STR(getenv("CF_A"), "first");
    CHECK_EQ(setenv("CF_A", "", 1), 0);
    CHECK_STR(getenv("CF_A"), "");
    CHECK_EQ(setenv("CF_A", "a longer value than before", 1), 0);
    CHECK_STR(getenv("CF_A"), "a longer value than before");
    CHECK_EQ(entries("CF_A="), 1);
    CHECK_EQ(setenv("CF_AB", "=", 1), 0);
    CHECK_STR(getenv("CF_AB"), "=");
    CHECK_ERRNO(setenv("", "x", 1), EINVAL);
    CHECK_ERRNO(setenv("A=B", "x", 1), EINVAL);
    CHECK_EQ(entries("A=B"), 0);
    unsetenv("CF_A");
    unsetenv("CF_AB");
}

CONFORM(unsetenv, NEEDS_NONE)
{
    setenv("CF_X", "1", 1);
    setenv("CF_XY", "2", 1);
    CHECK_EQ(unsetenv("CF_X"), 0);
    CHECK(getenv("CF_X") == NULL);
    CHECK_STR(getenv("CF_XY"), "2");
    CHECK_EQ(unsetenv("CF_X"), 0); /* not there: no error */
    CHECK_EQ(unsetenv("CF_XY"), 0);
    CHECK_EQ(entries("CF_X"), 0);
    CHECK_ERRNO(unsetenv(""), EINVAL);
    CHECK_ERRNO(unsetenv("A=B"), EINVAL);
}

/* -- getopt -- */

static int count(char *const argv[])
{
    int n = 0;
    while (argv[n] != NULL)
        n++;
    return n;
}

CONFORM(getopt, NEEDS_NONE)
{
    char *argv[] = {"prog", "-ab", "-c", "value", "-dvalue", "operand", NULL};
    int argc = count(argv);
    char said[128];
    optind = 1;
    CHECK_EQ(getopt(argc, argv, "abc:d:"), 'a');
    CHECK_EQ(optind, 1);
    CHECK_EQ(getopt(argc, argv, "abc:d:"), 'b');
    CHECK_EQ(optind, 2);
    CHECK_EQ(getopt(argc, argv, "abc:d:"), 'c');
    CHECK_STR(optarg, "value");
    CHECK_EQ(getopt(argc, argv, "abc:d:"), 'd');
    CHECK_STR(optarg, "value");
    CHECK_EQ(getopt(argc, argv, "abc:d:"), -1);
    CHECK_EQ(optind, 5);
    CHECK_STR(argv[optind], "operand");

    char *dashes[] = {"prog", "-a", "--", "-b", NULL},
         *dash[] = {"prog", "-", "-a", NULL};
    optind = 0;
    CHECK_EQ(getopt(4, dashes, "+ab"), 'a');
    CHECK_EQ(getopt(4, dashes, "+ab"), -1);
    CHECK_EQ(optind, 3); /* the "--" is passed over */
    optind = 0;
    CHECK_EQ(getopt(3, dash, "+a"), -1);
    CHECK_EQ(optind, 1); /* a "-" is an operand */

    char *wrong[] = {"prog", "-x", "-c", NULL};
    optind = 0;
    opterr = 0;
    CHECK_EQ(getopt(3, wrong, "c:"), '?');
    CHECK_EQ(optopt, 'x');
    CHECK_EQ(getopt(3, wrong, "c:"), '?');
    CHECK_EQ(optopt, 'c');
    CHECK_EQ(getopt(3, wrong, "c:"), -1);
    optind = 0;
    CHECK_EQ(getopt(3, wrong, ":c:"), '?');
    CHECK_EQ(getopt(3, wrong, ":c:"), ':'); /* tells a missing argument */
    optind = 0;
    opterr = 1;
    capture_begin(STDERR_FILENO);
    int first = getopt(3, wrong, "c:"), second = getopt(3, wrong, "c:");
    capture_end(said, sizeof said);
    CHECK(first == '?' && second == '?');
    CHECK(strncmp(said, "prog: ", 6) == 0);
    CHECK(strchr(said, 'x') != NULL && strstr(said, "\nprog: ") != NULL);
    optind = 0;
    capture_begin(STDERR_FILENO);
    getopt(3, wrong, ":c:");
    CHECK_EQ(capture_end(said, sizeof said), 0);
    optind = 0;
    CHECK_EQ(getopt(1, wrong, "c:"), -1);
    CHECK_EQ(optind, 1);
}

/* -- locale -- */

CONFORM(setlocale, NEEDS_NONE)
{
    CHECK_STR(setlocale(LC_ALL, NULL), "C");
    CHECK_STR(setlocale(LC_ALL, ""), "C"); /* no variable says another */
    CHECK_STR(setlocale(LC_NUMERIC, "C"), "C");
    CHECK(setlocale(LC_ALL, "POSIX") != NULL);
    CHECK(setlocale(LC_ALL, "no_such.locale") == NULL);
    CHECK_STR(setlocale(LC_CTYPE, NULL), "C");
    CHECK(setlocale(LC_ALL + 100, "C") == NULL);
}

CONFORM(localeconv, NEEDS_NONE)
{
    const struct lconv *l = localeconv();
    CHECK(l != NULL);
    CHECK_STR(l->decimal_point, ".");
    CHECK_STR(l->thousands_sep, "");
    CHECK_STR(l->grouping, "");
}

/* -- errors and signals in words -- */

#define LAST_SIGNAL 31

CONFORM(strerror, NEEDS_NONE)
{
    /* the numbers of errno.h that POSIX names or this library returns */
    static const unsigned char known[] = {
        EPERM,        ENOENT,       ESRCH,        EINTR,         EIO,
        ENXIO,        E2BIG,        ENOEXEC,      EBADF,         ECHILD,
        EAGAIN,       ENOMEM,       EACCES,       EFAULT,        ENOTBLK,
        EBUSY,        EEXIST,       EXDEV,        ENODEV,        ENOTDIR,
        EISDIR,       EINVAL,       ENFILE,       EMFILE,        ENOTTY,
        ETXTBSY,      EFBIG,        ENOSPC,       ESPIPE,        EROFS,
        EMLINK,       EPIPE,        EDOM,         ERANGE,        EDEADLK,
        ENAMETOOLONG, ENOLCK,       ENOSYS,       ENOTEMPTY,     ELOOP,
        ENOMSG,       EIDRM,        ENOSTR,       ENODATA,       ETIME,
        EPROTO,       EBADMSG,      EOVERFLOW,    EILSEQ,        ENOTSOCK,
        EDESTADDRREQ, EMSGSIZE,     EPROTOTYPE,   ENOPROTOOPT,   EPROTONOSUPPORT,
        EOPNOTSUPP,   EAFNOSUPPORT, EADDRINUSE,   EADDRNOTAVAIL, ENETDOWN,
        ENETUNREACH,  ENETRESET,    ECONNABORTED, ECONNRESET,    ENOBUFS,
        EISCONN,      ENOTCONN,     ETIMEDOUT,    ECONNREFUSED,  EHOSTUNREACH,
        EALREADY,     EINPROGRESS,  EUCLEAN,      ECANCELED,
    };
    const char *text[sizeof known];
    CHECK_STR(strerror(ENOENT), "No such file or directory");
    for (unsigned i = 0; i < sizeof known; i++) {
        text[i] = strerror(known[i]);
        CHECK(text[i] != NULL && strstr(text[i], "nknown") == NULL);
        for (unsigned k = 0; k < i; k++)
            CHECK(strcmp(text[i], text[k]) != 0);
    }
    CHECK(strlen(strerror(0)) > 0 && strlen(strerror(-5)) > 0);
    CHECK(strstr(strerror(9999), "9999") != NULL);
}

CONFORM(strsignal, NEEDS_NONE)
{
    const char *text[LAST_SIGNAL + 1];
    for (int i = 1; i <= LAST_SIGNAL; i++) {
        text[i] = strsignal(i);
        CHECK(text[i] != NULL && strstr(text[i], "nknown") == NULL);
        for (int k = 1; k < i; k++)
            CHECK(strcmp(text[i], text[k]) != 0);
    }
    CHECK_STR(strsignal(SIGSEGV), "Segmentation fault");
    CHECK(strlen(strsignal(0)) > 0 && strlen(strsignal(-1)) > 0);
    CHECK(strstr(strsignal(1000), "1000") != NULL);
}

CONFORM(perror, NEEDS_NONE)
{
    char said[128];
    capture_begin(STDERR_FILENO);
    errno = ENOENT;
    perror("file");
    errno = EINVAL;
    perror("");
    errno = EPIPE;
    perror(NULL);
    int after = errno;
    capture_end(said, sizeof said);
    CHECK_STR(said, "file: No such file or directory\nInvalid argument\nBroken pipe\n");
    CHECK_EQ(after, EPIPE);
}
