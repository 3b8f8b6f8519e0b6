// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mem.c - the four functions a freestanding compiler may call on its own. Word at a time where
 * both sides are aligned: zeroing and copying frames is most of what they do. Not part of the
 * host build, which has a C library.
 */
#include <exo/types.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);

#define WORD sizeof(exo_word)
#define ALIGNED(p) (((uintptr_t)(p) & (WORD - 1)) == 0)

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    if (ALIGNED(t) && ALIGNED(f))
        for (; n >= WORD; n -= WORD, t += WORD, f += WORD)
            *(exo_word *)(void *)t = *(const exo_word *)(const void *)f;
    for (; n > 0; n--)
        *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    if (t <= f || t >= f + n)
        return memcpy(to, from, n);
    while (n > 0) {
        n--;
        t[n] = f[n];
    }
    return to;
}

void *memset(void *to, int byte, size_t n)
{
    unsigned char *t = to;
    if (ALIGNED(t) && n >= WORD) {
        exo_word w = (unsigned char)byte;
        for (unsigned bits = 8; bits < WORD * 8; bits *= 2)
            w |= w << bits;
        for (; n >= WORD; n -= WORD, t += WORD)
            *(exo_word *)(void *)t = w;
    }
    for (; n > 0; n--)
        *t++ = (unsigned char)byte;
    return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *x = a, *y = b;
    for (; n > 0; n--, x++, y++)
        if (*x != *y)
            return *x < *y ? -1 : 1;
    return 0;
}
