// SPDX-License-Identifier: GPL-2.0-or-later
/* text.h - text that grows. Once memory ran out nothing is added any more, and `failed` says so. */
#ifndef HTTPD_TEXT_H
#define HTTPD_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
    char *p;
    size_t n, room;
    bool failed;
};

void text_add(struct text *t, const void *p, size_t n);
void text_puts(struct text *t, const char *s);
__attribute__((format(printf, 2, 3))) void text_printf(struct text *t, const char *format,
                                                       ...);
/* Percent-encoded but for a path's characters; <, >, & and quotes as entities. */
void text_url(struct text *t, const char *s);
void text_html(struct text *t, const char *s);
void text_free(struct text *t);

#endif
