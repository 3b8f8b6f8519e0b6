// SPDX-License-Identifier: GPL-2.0-or-later
/* text.c - text that grows; see text.h. */
#include "text.h"
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(struct text *t, size_t n)
{
    if (!t->failed && n > t->room - t->n) {
        size_t room = t->room ? t->room : 1024;
        while (room < SIZE_MAX / 4 && n > room - t->n)
            room *= 2;
        char *p = n < SIZE_MAX / 4 ? realloc(t->p, room) : NULL;
        if (p) {
            t->p = p;
            t->room = room;
        } else {
            t->failed = true;
        }
    }
    return !t->failed;
}

void text_add(struct text *t, const void *p, size_t n)
{
    if (n && make_room(t, n)) {
        memcpy(t->p + t->n, p, n);
        t->n += n;
    }
}

void text_puts(struct text *t, const char *s)
{
    text_add(t, s, strlen(s));
}

void text_printf(struct text *t, const char *format, ...)
{
    va_list ap, again;
    va_start(ap, format);
    va_copy(again, ap);
    int n = make_room(t, 256) ? vsnprintf(t->p + t->n, t->room - t->n, format, ap) : 0;
    if (n > 0 && (size_t)n >= t->room - t->n)
        n = make_room(t, (size_t)n + 1)
                ? vsnprintf(t->p + t->n, t->room - t->n, format, again)
                : 0;
    if (n > 0)
        t->n += (size_t)n;
    va_end(again);
    va_end(ap);
}

void text_url(struct text *t, const char *s)
{
    for (; *s; s++) {
        bool plain = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
                     (*s >= '0' && *s <= '9') || strchr("-._~/", *s);
        if (plain)
            text_add(t, s, 1);
        else
            text_printf(t, "%%%02X", (unsigned char)*s);
    }
}

void text_html(struct text *t, const char *s)
{
    for (; *s; s++) {
        switch (*s) {
        case '<': text_puts(t, "&lt;"); break;
        case '>': text_puts(t, "&gt;"); break;
        case '&': text_puts(t, "&amp;"); break;
        case '"': text_puts(t, "&quot;"); break;
        default: text_add(t, s, 1); break;
        }
    }
}

void text_free(struct text *t)
{
    free(t->p);
    *t = (struct text){0};
}
