// SPDX-License-Identifier: GPL-2.0-or-later
/* bytes.c - little-endian values in a growing buffer. See bytes.h. */
#include "bytes.h"

#include <stdlib.h>
#include <string.h>

#include "err.h"

uint8_t *bytes_room(struct bytes *b, size_t n)
{
    if (b->n + n > b->cap) {
        b->cap = b->cap ? b->cap : 256;
        while (b->cap < b->n + n)
            b->cap *= 2;
        b->at = mem_grow(b->at, b->cap, 1);
    }
    b->n += n;
    return b->at + b->n - n;
}

void bytes_put(struct bytes *b, const void *from, size_t n)
{
    if (n > 0)
        memcpy(bytes_room(b, n), from, n);
}

void bytes_put32(struct bytes *b, uint32_t v)
{
    uint8_t *to = bytes_room(b, 4);
    for (unsigned i = 0; i < 4; i++)
        to[i] = (uint8_t)(v >> (8 * i));
}

void bytes_put64(struct bytes *b, uint64_t v)
{
    bytes_put32(b, (uint32_t)v);
    bytes_put32(b, (uint32_t)(v >> 32));
}

void bytes_free(struct bytes *b)
{
    free(b->at);
    *b = (struct bytes){0};
}

const uint8_t *bytes_skip(struct bytes_in *in, size_t n)
{
    if (in->bad || n > in->left) {
        in->bad = true;
        return NULL;
    }
    const uint8_t *at = in->at;
    in->at += n;
    in->left -= n;
    return at;
}

void bytes_get(struct bytes_in *in, void *to, size_t n)
{
    const uint8_t *from = bytes_skip(in, n);
    if (from)
        memcpy(to, from, n);
    else
        memset(to, 0, n);
}

uint32_t bytes_get32(struct bytes_in *in)
{
    uint8_t b[4];
    bytes_get(in, b, sizeof b);
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
           (uint32_t)b[3] << 24;
}

uint64_t bytes_get64(struct bytes_in *in)
{
    uint64_t low = bytes_get32(in);
    return low | (uint64_t)bytes_get32(in) << 32;
}
