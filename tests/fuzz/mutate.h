// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mutate.h - what the file fuzzer changes in a case: bytes of anything, properties and nodes of a
 * device tree, header fields of an ELF file. All choices come from one seeded stream, so a case
 * is named by (seed, number).
 */
#ifndef TESTS_FUZZ_MUTATE_H
#define TESTS_FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

#define CASE_MAX 65536u

struct fuzz_case {
    size_t len;
    uint8_t bytes[CASE_MAX];
};

struct stream {
    uint64_t state;
};

/* Uniform enough in 0 .. n-1; n > 0. */
uint64_t stream_below(struct stream *s, uint64_t n);

/* A few random changes of bytes, 16-, 32- and 64-bit fields (either byte order), length. */
void mutate_bytes(struct stream *s, struct fuzz_case *c);
/* A few changes of a well-formed device tree's nodes and properties; nothing if it is not one. */
void mutate_tree(struct stream *s, struct fuzz_case *c);
/* A few changes of ELF header and program header fields; nothing if it is too short. */
void mutate_elf(struct stream *s, struct fuzz_case *c);

/* A smallest good program for an ELF machine (EM_*): header, two segments, some bytes. */
void make_elf(struct fuzz_case *c, unsigned machine, int is64);

#endif
