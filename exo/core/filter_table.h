// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filter_table.h - all bound filters, merged, so that a packet's cost does not grow with their
 * number.
 *
 * The terms of all filters (filter_term.h) whose words lie at the same offsets under the same masks
 * have the same *shape*; a shape and the values of its words are the key of one hash table
 * (tuple space search: Srinivasan, Suri, Varghese, SIGCOMM 1999). A packet costs one lookup a shape, and most
 * shapes are given up at the first word that all their terms agree on (the Ethernet type). What a
 * term asks beyond its words is looked at only when the lookup found it.
 *
 * Terms without words have one key in common: they are looked at one by one, and there are at most
 * EXO_NALONE. Programs are kept only for terms that are not exact.
 *
 * Finite: EXO_NTERM terms, EXO_NSHAPE shapes, EXO_NATOM atoms, EXO_NPROGRAM programs,
 * EXO_NCHAIN terms of one hash value.
 *
 * This file knows nothing of rings' owners; filter.c does. Everything under the big lock.
 */
#ifndef EXO_CORE_FILTER_TABLE_H
#define EXO_CORE_FILTER_TABLE_H

#include "filter_term.h"

void filter_table_init(void *(*boot_alloc)(size_t bytes), uint32_t seed);

/* Is there room for a filter with these terms? 0 or -EXO_EFULL. */
int filter_table_room(const struct filter_form *form);
/* There is. The filter becomes the newest. program: n instructions, checked. */
void filter_table_add(uint32_t filter, uint32_t ring, bool shared,
                      const struct filter_form *form, const struct exo_bpf *program,
                      uint32_t n);
void filter_table_remove(uint32_t filter);
bool filter_table_bound(uint32_t filter);
/* All terms of the filter have a shape: none is looked at one by one. */
bool filter_table_merged(uint32_t filter);

/* Could some packet satisfy the form and a bound filter that `concerns` says yes to? */
bool filter_table_overlaps(const struct filter_form *form,
                           bool (*concerns)(uint32_t filter, const void *with),
                           const void *with);
/* The terms of a bound filter. */
void filter_table_form(uint32_t filter, struct filter_form *out);
/* a was bound after b */
bool filter_table_newer(uint32_t a, uint32_t b);

/* Bytes from the start of a packet that must be there to classify it. */
uint32_t filter_table_reach(void);

/*
 * Who gets a packet. Matching filters from the newest to the oldest: each that is SHARED gets a
 * copy; the first that is not ends the list, and gets the packet if nobody before it did. A
 * ring gets a packet once. Returns the number of matches, newest ring first in no order.
 */
struct filter_match {
    uint16_t filter, ring;
    uint32_t accept; /* bytes, at most; more than 0 */
};
uint32_t filter_classify(const struct packet *p, struct filter_match out[EXO_NRING]);

bool inv_filter_table(const char **what);

#endif
