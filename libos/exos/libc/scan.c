// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * scan.c - the scanf family: d i u o x X p c s [ f e g a n %, with *, widths and lengths.
 *
 * One character of look-ahead, as the standard allows: what does not match stays unread.
 * A number of more than NUMBER_MAX characters does not match.
 */
#include "file.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX 400

struct scan {
    FILE *f;
    long long read; /* characters consumed */
    bool ended;     /* the input ended before a conversion */
    va_list ap;
};

struct item {
    bool suppress;
    int width; /* 0: none */
    int length;
    char conversion;
};

static int peek(struct scan *s)
{
    return file_fill(s->f) ? *s->f->rpos : EOF;
}

static void take(struct scan *s)
{
    s->f->rpos++;
    s->read++;
}

static void skip_space(struct scan *s)
{
    while (isspace(peek(s)))
        take(s);
}

/* -- numbers: collect what may belong to one, then convert -- */

struct text {
    char c[NUMBER_MAX + 1];
    int n, max;
};

/* Take the next character if it is one of set (case-blind). */
static bool accept(struct scan *s, struct text *t, const char *set)
{
    int c = peek(s);

    if (c == EOF || !c || t->n >= t->max || !strchr(set, tolower(c)))
        return false;
    t->c[t->n++] = (char)c;
    take(s);
    return true;
}

static void collect_integer(struct scan *s, struct text *t, int base)
{
    const char *digits = "0123456789abcdef";
    char set[17];

    accept(s, t, "+-");
    bool zero = accept(s, t, "0");
    if (zero && (base == 0 || base == 16) && accept(s, t, "x"))
        base = 16;
    else if (base == 0)
        base = zero ? 8 : 10;
    memcpy(set, digits, (size_t)base);
    set[base] = 0;
    while (accept(s, t, set))
        ;
}

static void collect_word(struct scan *s, struct text *t, const char *rest)
{
    for (char one[2] = {0}; *rest; rest++) {
        one[0] = *rest;
        if (!accept(s, t, one))
            return;
    }
}

static void collect_float(struct scan *s, struct text *t)
{
    const char *digits = "0123456789";

    accept(s, t, "+-");
    if (accept(s, t, "i")) {
        collect_word(s, t, "nfinity");
        return;
    }
    if (accept(s, t, "n")) {
        collect_word(s, t, "an");
        return;
    }
    bool hex = accept(s, t, "0") && accept(s, t, "x");
    if (hex)
        digits = "0123456789abcdef";
    while (accept(s, t, digits))
        ;
    if (accept(s, t, "."))
        while (accept(s, t, digits))
            ;
    if (accept(s, t, hex ? "p" : "e")) {
        accept(s, t, "+-");
        while (accept(s, t, "0123456789"))
            ;
    }
}

static void store_integer(struct scan *s, const struct item *i, unsigned long long v)
{
    void *to = va_arg(s->ap, void *);

    if (i->conversion == 'p')
        *(void **)to = (void *)(uintptr_t)v;
    else if (i->length == -2)
        *(unsigned char *)to = (unsigned char)v;
    else if (i->length == -1)
        *(unsigned short *)to = (unsigned short)v;
    else if (i->length == 1)
        *(unsigned long *)to = (unsigned long)v;
    else if (i->length == 2)
        *(unsigned long long *)to = v;
    else
        *(unsigned *)to = (unsigned)v;
}

/* 1 matched, 0 not, -1 no input. */
static int scan_number(struct scan *s, const struct item *i)
{
    struct text t = {.max = i->width && i->width < NUMBER_MAX ? i->width : NUMBER_MAX};
    bool is_float = strchr("aefgAEFG", i->conversion) != NULL;
    int base = 10;
    char *end;

    skip_space(s);
    if (peek(s) == EOF)
        return -1;
    if (is_float) {
        collect_float(s, &t);
    } else {
        if (i->conversion == 'o')
            base = 8;
        else if (i->conversion == 'i')
            base = 0;
        else if (strchr("xXp", i->conversion))
            base = 16;
        collect_integer(s, &t, base);
    }
    t.c[t.n] = 0;
    double d = 0;
    unsigned long long v = 0;
    if (is_float)
        d = i->length == 0 ? (double)strtof(t.c, &end) : strtod(t.c, &end);
    else if ((i->conversion == 'd' || i->conversion == 'i') && i->length != 2)
        v = (unsigned long long)strtol(t.c, &end, base);
    else if (i->conversion == 'd' || i->conversion == 'i')
        v = (unsigned long long)strtoll(t.c, &end, base);
    else if (i->length != 2)
        v = strtoul(t.c, &end, base);
    else
        v = strtoull(t.c, &end, base);
    if (!t.n || *end)
        return 0;
    if (i->suppress)
        return 1;
    if (!is_float)
        store_integer(s, i, v);
    else if (i->length == 0)
        *va_arg(s->ap, float *) = (float)d;
    else
        *va_arg(s->ap, double *) = d;
    return 1;
}

/* -- text -- */

/* Bit set of a %[...], *format behind its ']'. Empty format: no set. */
static bool parse_set(const char **format, unsigned char set[32])
{
    const char *at = *format;
    bool not = *at == '^';

    at += not ;
    memset(set, not ? 0xff : 0, 32);
    for (const char *first = at; *at && (*at != ']' || at == first); at++) {
        unsigned from = (unsigned char)*at, to = from;
        if (at[1] == '-' && at[2] && at[2] != ']') {
            at += 2;
            to = (unsigned char)*at;
        }
        for (; from <= to; from++) {
            unsigned char bit = (unsigned char)(1u << (from & 7));
            if (not )
                set[from >> 3] &= (unsigned char)~bit;
            else
                set[from >> 3] |= bit;
        }
    }
    if (!*at)
        return false;
    *format = at + 1;
    return true;
}

/* %c, %s, %[: what `set` allows, at most width. */
static int scan_text(struct scan *s, const struct item *i, const unsigned char set[32])
{
    int max = i->width ? i->width : i->conversion == 'c' ? 1 : __INT_MAX__;

    if (i->conversion == 's')
        skip_space(s);
    if (peek(s) == EOF)
        return -1;
    char *to = i->suppress ? NULL : va_arg(s->ap, char *);
    int n = 0;
    for (int c; n < max && (c = peek(s)) != EOF && (set[c >> 3] >> (c & 7) & 1); n++) {
        if (to)
            to[n] = (char)c;
        take(s);
    }
    if (i->conversion == 'c')
        return n == max;
    if (to && n)
        to[n] = 0;
    return n > 0;
}

/* -- formats -- */

static void parse_item(const char **at, struct item *i)
{
    *i = (struct item){0};
    if (**at == '*') {
        i->suppress = true;
        ++*at;
    }
    for (; isdigit(**at); ++*at)
        if (i->width < 100000000)
            i->width = i->width * 10 + (**at - '0');
    for (; **at == 'h'; ++*at)
        i->length--;
    for (; **at == 'l'; ++*at)
        i->length++;
    if (**at && strchr("jztqL", **at))
        i->length = *(*at)++ == 'j' || sizeof(size_t) == 8 ? 2 : 0;
    i->conversion = **at;
    if (**at)
        ++*at;
}

static int scan_item(struct scan *s, const struct item *i, const char **format)
{
    unsigned char set[32];

    switch (i->conversion) {
    case 'c': memset(set, 0xff, sizeof set); return scan_text(s, i, set);
    case 's': {
        const char *not_space = "^ \t\n\v\f\r]";
        parse_set(&not_space, set);
        return scan_text(s, i, set);
    }
    case '[': return parse_set(format, set) ? scan_text(s, i, set) : 0;
    default:
        if (i->conversion && strchr("diuoxXpaefgAEFG", i->conversion))
            return scan_number(s, i);
        return 0;
    }
}

static int scan_all(struct scan *s, const char *format)
{
    int assigned = 0;

    while (*format) {
        if (isspace((unsigned char)*format)) {
            skip_space(s);
            format++;
            continue;
        }
        if (*format != '%' || format[1] == '%') {
            if (*format == '%') {
                format++;
                skip_space(s);
            }
            int c = peek(s);
            if (c != (unsigned char)*format)
                return c == EOF && !assigned ? EOF : assigned;
            take(s);
            format++;
            continue;
        }
        struct item i;
        format++;
        parse_item(&format, &i);
        if (i.conversion == 'n') {
            if (!i.suppress)
                store_integer(s, &i, (unsigned long long)s->read);
            continue;
        }
        int got = scan_item(s, &i, &format);
        if (got <= 0)
            return got < 0 && !assigned ? EOF : assigned;
        assigned += !i.suppress;
    }
    return assigned;
}

int vfscanf(FILE *f, const char *format, va_list ap)
{
    struct scan s = {.f = f};

    if (file_reads(f))
        return EOF;
    va_copy(s.ap, ap);
    int n = scan_all(&s, format);
    va_end(s.ap);
    return n;
}

int vsscanf(const char *text, const char *format, va_list ap)
{
    unsigned char *start = (unsigned char *)(uintptr_t)text;
    FILE f = {.fd = -1, .readable = true, .decided = true, .text = text};

    f.base = f.buf = f.rpos = start;
    f.end = f.rend = start + strlen(text);
    return vfscanf(&f, format, ap);
}

int vscanf(const char *format, va_list ap)
{
    return vfscanf(stdin, format, ap);
}

int scanf(const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    int n = vfscanf(stdin, format, ap);
    va_end(ap);
    return n;
}

int fscanf(FILE *f, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    int n = vfscanf(f, format, ap);
    va_end(ap);
    return n;
}

int sscanf(const char *text, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    int n = vsscanf(text, format, ap);
    va_end(ap);
    return n;
}
