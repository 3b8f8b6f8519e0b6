// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hash.h - 64-bit hash of bytes, to find differences (no defence against forgery): 64-bit words w,
 * little endian and the last one padded with zeros, change h to (h ^ w) * ff51afd7ed558ccd, then
 * h ^= h >> 32. Pieces but the last must be multiples of 8 bytes long.
 */
#ifndef SIM_HASH_H
#define SIM_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASH_START UINT64_C(0x9e3779b97f4a7c15)

static inline uint64_t hash_bytes(uint64_t h, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    while (n > 0) {
        uint64_t w = 0;
        size_t k = n < 8 ? n : 8;
        memcpy(&w, p, k);
        h = (h ^ w) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
        p += k;
        n -= k;
    }
    return h;
}

#endif
