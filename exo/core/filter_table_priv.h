// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filter_table_priv.h - the tables of filter_table.c, read by filter_match.c. Entries, atoms and
 * shapes are named by index + 1, 0 is none.
 */
#ifndef EXO_CORE_FILTER_TABLE_PRIV_H
#define EXO_CORE_FILTER_TABLE_PRIV_H

#include "core_priv.h"
#include "filter_table.h"

#define FILTER_BUCKETS 4096u

struct filter_shape {
    uint32_t terms; /* 0: this shape is free */
    uint16_t first; /* entry */
    uint16_t need;  /* shortest packet any of them takes */
    uint8_t nwords, base;
    bool relative;
    uint32_t seed;
    uint16_t at[FILTER_WORDS];
    uint32_t mask[FILTER_WORDS];
    uint32_t common[FILTER_WORDS]; /* value of all terms, where they agree: */
    uint32_t agreed[FILTER_WORDS]; /* all ones, else 0 */
};

struct filter_entry { /* a term */
    uint32_t hash;
    uint16_t next; /* in the bucket: newest first; or in the free list */
    uint16_t filter, filter_next;
    uint16_t shape_next, shape_previous;
    uint16_t atoms;
    uint16_t need, need_relative;
    uint8_t shape;
    bool exact;
    uint16_t pad;
    uint32_t accept;
    uint32_t value[FILTER_WORDS];
};

struct filter_atom_row {
    struct filter_atom atom;
    uint16_t next, pad;
};

struct filter_row {
    uint64_t sequence; /* order of binding; 0: not bound */
    uint16_t first;    /* entry */
    uint16_t ring, reach;
    uint8_t program;
    bool shared, merged;
};

struct filter_tables {
    uint32_t seed, nactive, alone, programs, reach;
    uint32_t nfree_entries, nfree_atoms;
    uint16_t free_entry, free_atom;
    uint64_t sequence;
    uint8_t active[EXO_NSHAPE];
    bool program_used[EXO_NPROGRAM];
    struct filter_shape shape[EXO_NSHAPE];
    uint16_t bucket[FILTER_BUCKETS];
    struct filter_entry entry[EXO_NTERM];
    struct filter_atom_row atom[EXO_NATOM];
    struct filter_row row[EXO_NFILTER];
    struct exo_bpf program[EXO_NPROGRAM][EXO_BPF_MAX];
};
extern struct filter_tables *filter_tables;

static inline uint32_t filter_hash(uint32_t hash, uint32_t value)
{
    hash = (hash ^ value) * 0x85ebca6bu;
    return hash ^ hash >> 15;
}
static inline uint32_t filter_hash_end(uint32_t hash)
{
    return hash ^ hash >> 13;
}
uint32_t filter_term_hash(const struct filter_shape *s, const struct filter_term *t);

#endif
