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
    if (ALIGNED(t) && ALIGNED(f)) {
        exo_word *tw = to;
        const exo_word *fw = from;
        for (; n >= 4 * WORD; n -= 4 * WORD, tw += 4, fw += 4) {
            exo_word a = fw[0], b = fw[1], c = fw[2], d = fw[3];
            tw[0] = a;
            tw[1] = b;
            tw[2] = c;
            tw[3] = d;
        }
        for (; n >= WORD; n -= WORD)
            *tw++ = *fw++;
        t = (unsigned char *)tw;
        f = (const unsigned char *)fw;
    }
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
        exo_word *tw = to;
        for (; n >= 8 * WORD; n -= 8 * WORD, tw += 8) {
            tw[0] = tw[1] = tw[2] = tw[3] = w;
            tw[4] = tw[5] = tw[6] = tw[7] = w;
        }
        for (; n >= WORD; n -= WORD)
            *tw++ = w;
        t = (unsigned char *)tw;
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
