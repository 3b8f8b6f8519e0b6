// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bytes.h - a growing buffer of little-endian values, and reading it back.
 *
 * Reading past the end gives zeroes and sets bad, which the reader looks at once, at the end.
 */
#ifndef SIM_BYTES_H
#define SIM_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    uint8_t *at;
    size_t n, cap;
};

void bytes_put(struct bytes *b, const void *from, size_t n);
void bytes_put32(struct bytes *b, uint32_t v);
void bytes_put64(struct bytes *b, uint64_t v);
/* Room for n bytes at the end, to be written by the caller. */
uint8_t *bytes_room(struct bytes *b, size_t n);
void bytes_free(struct bytes *b);

struct bytes_in {
    const uint8_t *at;
    size_t left;
    bool bad;
};

void bytes_get(struct bytes_in *in, void *to, size_t n);
uint32_t bytes_get32(struct bytes_in *in);
uint64_t bytes_get64(struct bytes_in *in);
/* The next n bytes where they are; NULL if there are fewer. */
const uint8_t *bytes_skip(struct bytes_in *in, size_t n);

#endif
