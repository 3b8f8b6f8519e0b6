// SPDX-License-Identifier: GPL-2.0-or-later
/* format.h - the engine under the printf family. Library-private. */
#ifndef EXOS_LIBC_FORMAT_H
#define EXOS_LIBC_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where formatted text goes. put() may drop text, never fails; errors are its owner's. */
struct sink {
    void (*put)(struct sink *to, const char *text, size_t n);
    size_t total; /* kept by the engine: characters produced */
};

/* One conversion: %[flags][width][.precision][length]conversion */
struct spec {
    bool left, plus, space, alt, zero;
    int width, precision; /* precision -1: none given */
    char conversion;
};

void sink_put(struct sink *to, const char *text, size_t n);
void sink_fill(struct sink *to, char c, int n); /* n <= 0: nothing */

/* Write sign or prefix, zeros to the field's width if it is zero-padded, and tell how
 * many spaces belong behind: call with the length of prefix and body, write the body,
 * then sink_fill(to, ' ', result). */
int field_open(struct sink *to, const struct spec *s, const char *prefix, int body);

/* Floating point: efgaEFGA, of a double given as its bits (no FP register is touched). */
void format_double(struct sink *to, const struct spec *s, uint64_t bits);

/* Everything. Returns characters produced, or -1 with errno (EINVAL, EOVERFLOW). */
int format_all(struct sink *to, const char *format, va_list ap);

#endif
