// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libc_priv.h - what the files of the C library share: word-at-a-time tricks.
 *
 * Every supported machine is little endian. Word-wise functions read whole aligned words
 * that hold at least one byte they may read: never past a page, but past what a sanitizer
 * knows to be the object, hence WORDWISE.
 */
#ifndef EXOS_LIBC_PRIV_H
#define EXOS_LIBC_PRIV_H

#include <stddef.h>
#include <stdint.h>

#define WORDWISE __attribute__((no_sanitize("address")))

typedef uintptr_t word;
#define WORD_BYTES sizeof(word)
#define WORD_BITS (8u * (unsigned)sizeof(word))
#define WORD_LOW ((word)-1 / 0xff) /* 0x0101..01 */
#define WORD_HIGH (WORD_LOW << 7)  /* 0x8080..80 */
#define WORD_OFFSET(p) ((uintptr_t)(p) & (WORD_BYTES - 1))

/* Bit 7 of the lowest zero byte of w is the lowest bit set in the result; 0: none. */
static inline word word_zero(word w)
{
    return (w - WORD_LOW) & ~w & WORD_HIGH;
}

/* Index of the lowest byte marked in a word_zero() result. */
static inline unsigned word_first(word marks)
{
    return (unsigned)__builtin_ctzll(marks) >> 3;
}

#endif
