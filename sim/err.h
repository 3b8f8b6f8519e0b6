// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * err.h - how functions of sim/ fail.
 *
 * A function that can fail returns 0 or a negative enum err_code and leaves one finished sentence
 * in struct err: what, where, what was wrong, what was expected. The code says whose fault it is
 * and is, negated, the exit status of exosim (DESIGN.md section 7).
 *
 * Memory for the simulator's own bookkeeping comes from mem_*(): they end the program with a
 * message when the host is out of memory, so callers need not check.
 */
#ifndef SIM_ERR_H
#define SIM_ERR_H

#include <stdarg.h>
#include <stddef.h>

enum err_code {
    ERR_OK = 0,
    ERR_CUT = -123,     /* --power-cut */
    ERR_LIMIT = -124,   /* --max-cycles */
    ERR_USER = -125,    /* bad command line, board, file, or a host resource is missing */
    ERR_DEAD = -126,    /* the guest or its kernel died */
    ERR_NOTFOUND = -127 /* no such program */
};

struct err {
    char msg[2048];
};

/* Writes the message and returns code. */
int err_set(struct err *err, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Puts "fmt: " before the message that is there; returns code unchanged. */
int err_prefix(struct err *err, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* "exosim: ..." to standard error, one line. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void *mem_zero(size_t n, size_t size);
void *mem_grow(void *p, size_t n, size_t size);
char *mem_str(const char *s);
char *mem_fmt(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
