// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filter_term.h - what the kernel understands of a packet filter: an or of *terms*, each an and of
 * conditions on the packet.
 *
 *   words   bits that must have given values, gathered in aligned 32-bit words of the packet as
 *           they lie in memory (all our machines are little endian), so that the same
 *           condition always looks the same, however the program loaded its fields
 *   atoms   what is not an equality: ranges and exceptions of a field, or of the packet's length
 *   need    bytes the packet must have for the program's loads to succeed
 *
 * An offset with FILTER_RELATIVE counts from behind a header whose length in words is the low half
 * of byte `base` (the IPv4 header if base is 14): start + 4 * (packet[base] & 0xf). The header's length is a
 * multiple of 4, so words stay aligned.
 *
 * exact: the term says all there is to say. Else it is only necessary, and the program decides.
 *
 *   filter_path.c   from a program to its terms        filter_term.c   terms: build, compare, evaluate
 */
#ifndef EXO_CORE_FILTER_TERM_H
#define EXO_CORE_FILTER_TERM_H

#include "bpf.h"

#define FILTER_WORDS 12 /* of a term: enough for an IPv6 connection */
#define FILTER_ATOMS 8
#define FILTER_TERMS 16 /* of a program */
#define FILTER_RELATIVE 0x8000u
#define FILTER_OFFSET 0x7fffu
#define FILTER_HEADER_MAX 60u /* 4 * 0xf */

struct filter_word {
    uint16_t at, pad; /* multiple of 4, | FILTER_RELATIVE */
    uint32_t mask, value;
};

/* ((load & mask) >> shift) lies in [lo, hi]; FILTER_NOT: does not. */
struct filter_atom {
    uint16_t at;
    uint8_t size; /* 1, 2, 4; 0: the packet's length */
    uint8_t shift;
    uint32_t flags; /* FILTER_NOT */
    uint32_t mask, lo, hi;
};
#define FILTER_NOT 1u

struct filter_term {
    uint32_t accept; /* bytes */
    uint16_t need, need_relative;
    uint8_t base, nwords, natoms;
    bool relative, exact; /* relative: base means something */
    struct filter_word word[FILTER_WORDS];
    struct filter_atom atom[FILTER_ATOMS];
} __attribute__((aligned(8))); /* copied by words */

struct filter_form {
    uint32_t nterms;
    bool understood; /* false: one term that says nothing stands for the program */
    struct filter_term term[FILTER_TERMS];
};

/* -- filter_term.c -- */
/* One more condition. False: no packet satisfies the term any more. Where there is no room
 * left for it the term is not exact. */
bool filter_term_add(struct filter_term *t, const struct filter_atom *a);
/* All conditions are there: drop atoms that follow from the words. False as above. */
bool filter_term_finish(struct filter_term *t);
/* Proof that no packet satisfies both. */
bool filter_term_disjoint(const struct filter_term *a, const struct filter_term *b);
/* Bytes of the packet that must be there to judge the term. */
uint32_t filter_term_reach(const struct filter_term *t);

/* Where the relative offsets of a term with this base start. */
static inline uint32_t filter_base(const uint8_t *packet, uint32_t base)
{
    return 4u * (packet[base] & 0xfu);
}
bool filter_atom_holds(const struct filter_atom *a, const struct packet *p,
                       uint32_t base);

/* -- filter_path.c -- */
/* Scratch of filter_paths(); big, so it is not on the stack. */
struct filter_work;
extern const uint32_t filter_work_bytes;
/* The terms of a checked program. */
void filter_paths(const struct exo_bpf *program, struct filter_form *out,
                  struct filter_work *work);

#endif
