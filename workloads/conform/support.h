// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * support.h - what conformance programs of files, networks and the C library share: checks of errno next
 * to a result, the output of a function that writes to standard output or error, files made and read at
 * one go, ready-made streams.
 */
#ifndef CONFORM_SUPPORT_H
#define CONFORM_SUPPORT_H

#include "harness.h"

#include <stdio.h>

/* The condition holds, and what it called has set errno so; 0: has left it alone. */
#define CHECK_SETS(cond, error)                                                          \
    do {                                                                                 \
        TAP_SITE(#cond ", errno " #error);                                               \
        errno = 0;                                                                       \
        bool ok_ = (cond);                                                               \
        int got_ = errno;                                                                \
        tap_check(&site_, ok_ &&got_ == (error), "%s, errno %d, expected %d",            \
                  ok_ ? "holds" : "does not hold", got_, (error));                       \
    } while (0)

/* Catch what goes to descriptor fd (1 or 2), up to a pipe's room, until capture_end() puts it into buf
 * as a string; returns its length. Streams must be flushed in between by the program, unless it is
 * the function under test that does. */
void capture_begin(int fd);
size_t capture_end(char *buf, size_t size);
/* Let descriptor 0 be a pipe with this text, at most a pipe's room, until feed_end(). */
void feed_begin(const char *text);
void feed_end(void);

/* A file made anew with this text; true: it was. */
bool put_file(const char *path, const char *text);
/* The whole file as a string, cut to the buffer; "" if there is none. */
const char *get_file(const char *path, char *buf, size_t size);
/* Is this exactly what the file has? */
bool file_is(const char *path, const char *text);
/* A file "stream" made anew with this text, and opened; NULL where that fails. */
FILE *stream_of(const char *text, const char *mode);

#endif
