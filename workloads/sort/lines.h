// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lines.h - a text as an array of lines, and that array sorted.
 *
 * Key of a line: 64 bits whose unsigned order is the order of the lines as far as it goes.
 *   text     the first eight bytes behind what all lines begin with, the first one on top
 *   numbers  sign, number of integer digits, first 15 digits; complemented if negative
 * Complemented again for reverse order.
 */
#ifndef SORT_LINES_H
#define SORT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line {
    uint64_t key;
    uint32_t offset, length; /* in the text, without the newline */
};

struct lines {
    const char *text;
    size_t size; /* of the text */
    struct line *line;
    size_t n;
    size_t skip; /* bytes all lines begin with: not compared */
    bool numeric, reverse;
    bool whole; /* numbers equal: compare the lines as text */
};

/* Split text into l->line (allocated), make the keys. 0, or -1 with errno ENOMEM. */
int lines_split(struct lines *l, const char *text, size_t n);
void lines_sort(struct lines *l);
/* Equal under the options: what -u drops. */
bool lines_equal(const struct lines *l, const struct line *a, const struct line *b);

/* number.c: the key of a number at the start of [s, end), not complemented for reverse order. */
uint64_t number_key(const char *s, const char *end);
/* <0, 0, >0: the numbers at the start of two lines, of any length. */
int number_compare(const char *a, const char *a_end, const char *b, const char *b_end);

#endif
