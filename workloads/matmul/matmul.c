// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * matmul.c - square matrices multiplied, in integers and in floating point; the exokernel papers'
 * program that asks nothing of the operating system (150 x 150 there).
 *
 *   matmul [SIZE]      default 150
 *
 * The product C = A B is checked against a vector: C x = A (B x), exactly, since all values are
 * small whole numbers (R. Freivalds, "Probabilistic machines can use less running time", 1977).
 * Prints a checksum of each product; exit status 1 if a check fails, 2 for a bad size.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SIZE_MAX_ASKED 512

static uint32_t seed = 12345;

static int next_value(void)
{
    seed = seed * 1103515245u + 12345u;
    return (int)(seed >> 16 & 0xff) - 128;
}

/* One program for both kinds of numbers: TYPE is its name, too. */
#define MATRIX_OF(TYPE)                                                                  \
    static void multiply_##TYPE(const TYPE *a, const TYPE *b, TYPE *c, size_t n)         \
    {                                                                                    \
        for (size_t i = 0; i < n; i++) {                                                 \
            for (size_t j = 0; j < n; j++)                                               \
                c[i * n + j] = 0;                                                        \
            for (size_t k = 0; k < n; k++) {                                             \
                TYPE f = a[i * n + k];                                                   \
                for (size_t j = 0; j < n; j++)                                           \
                    c[i * n + j] += f * b[k * n + j];                                    \
            }                                                                            \
        }                                                                                \
    }                                                                                    \
    static void apply_##TYPE(const TYPE *m, const TYPE *x, TYPE *y, size_t n)            \
    {                                                                                    \
        for (size_t i = 0; i < n; i++) {                                                 \
            y[i] = 0;                                                                    \
            for (size_t j = 0; j < n; j++)                                               \
                y[i] += m[i * n + j] * x[j];                                             \
        }                                                                                \
    }                                                                                    \
    /* 0 right, 1 wrong, -1 out of memory; *sum = checksum of the product */             \
    static int run_##TYPE(size_t n, uint32_t *sum)                                       \
    {                                                                                    \
        TYPE *a = malloc(3 * (n * n + n) * sizeof *a);                                   \
        if (!a)                                                                          \
            return -1;                                                                   \
        TYPE *b = a + n * n, *c = b + n * n, *x = c + n * n, *y = x + n, *z = y + n;     \
        for (size_t i = 0; i < 2 * n * n; i++)                                           \
            a[i] = (TYPE)next_value();                                                   \
        for (size_t i = 0; i < n; i++)                                                   \
            x[i] = (TYPE)(i % 5 + 1);                                                    \
        multiply_##TYPE(a, b, c, n);                                                     \
        *sum = 0;                                                                        \
        for (size_t i = 0; i < n * n; i++)                                               \
            *sum = *sum * 31 + (uint32_t)(int32_t)c[i];                                  \
        int wrong = 0;                                                                   \
        apply_##TYPE(b, x, y, n);                                                        \
        apply_##TYPE(a, y, z, n);                                                        \
        apply_##TYPE(c, x, y, n);                                                        \
        for (size_t i = 0; i < n; i++)                                                   \
            wrong |= y[i] != z[i];                                                       \
        free(a);                                                                         \
        return wrong;                                                                    \
    }

typedef uint32_t integer; /* wraps, and the check holds modulo 2^32 */
typedef double real;
MATRIX_OF(integer)
MATRIX_OF(real)

static int report(const char *kind, size_t n, int result, uint32_t sum)
{
    if (result < 0)
        fprintf(stderr, "matmul: no memory for %s matrices of %u\n", kind, (unsigned)n);
    else
        printf("matmul %u %s %08lx %s\n", (unsigned)n, kind, (unsigned long)sum,
               result ? "WRONG" : "ok");
    return result != 0;
}

int main(int argc, char **argv)
{
    char *end = "";
    long n = argc > 1 ? strtol(argv[1], &end, 10) : 150;
    uint32_t sum = 0;

    if (argc > 2 || *end || n < 1 || n > SIZE_MAX_ASKED) {
        fprintf(stderr, "usage: matmul [SIZE]   1 <= SIZE <= %d\n", SIZE_MAX_ASKED);
        return 2;
    }
    int result = run_integer((size_t)n, &sum);
    int status = report("integer", (size_t)n, result, sum);
    result = run_real((size_t)n, &sum);
    return status | report("real", (size_t)n, result, sum);
}
