// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * text.h - what describe() and create() say.
 *
 *   struct text t = text_start(buf, max);  text_add(&t, "root 0x%" PRIx64 "\n", root);  return t.at;
 *   return hw_refuse(err, "exo,levels: %u ...", n);   -1, with one sentence for the user
 *
 * text_add keeps the text NUL-terminated and cuts what does not fit. Private to hwmodels/.
 */
#ifndef HWMODELS_TEXT_H
#define HWMODELS_TEXT_H

#include "hw.h"
#include <stdarg.h>
#include <stdio.h>

struct text {
    char *buf;
    size_t max, at;
};

static inline struct text text_start(char *buf, size_t max)
{
    if (buf && max > 0)
        buf[0] = 0;
    return (struct text){buf, max, 0};
}

__attribute__((format(printf, 2, 3))) static inline void text_add(struct text *t,
                                                                  const char *fmt, ...)
{
    if (!t->buf || t->at + 1 >= t->max)
        return;
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(t->buf + t->at, t->max - t->at, fmt, ap);
    va_end(ap);
    if (n > 0)
        t->at += (size_t)n < t->max - t->at ? (size_t)n : t->max - t->at - 1;
}

__attribute__((format(printf, 2, 3))) static inline int hw_refuse(struct hw_err *err,
                                                                  const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(err->msg, sizeof err->msg, fmt, ap);
    va_end(ap);
    return -1;
}

#endif
