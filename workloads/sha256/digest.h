// SPDX-License-Identifier: GPL-2.0-or-later
/* digest.h - SHA-256 (FIPS 180-4). */
#ifndef SHA256_DIGEST_H
#define SHA256_DIGEST_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
    uint32_t state[8];
    uint64_t bytes; /* so far */
    unsigned char block[64];
};

void sha256_start(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *bytes, size_t n);
void sha256_end(struct sha256 *s, unsigned char digest[32]);

/* The compression function alone: n blocks of 64 bytes into the state. */
void sha256_blocks(uint32_t state[8], const unsigned char *block, size_t n);

#endif
