// SPDX-License-Identifier: GPL-2.0-or-later
/* filter_term.c - conditions of packet filters: build, compare, evaluate (filter_term.h). */
#include "filter_term.h"

/* The word at `at`, or where to insert it. */
static uint32_t word_index(const struct filter_term *t, uint16_t at)
{
    uint32_t i = 0;
    while (i < t->nwords && t->word[i].at < at)
        i++;
    return i;
}

/* The eight bits at byte offset `at` under mask are value. False: they cannot be. */
static bool add_byte(struct filter_term *t, uint16_t at, uint32_t mask, uint32_t value)
{
    uint16_t word = at & (uint16_t)~3u;
    uint32_t i = word_index(t, word), shift = 8u * (at & 3u);
    mask <<= shift;
    value <<= shift;
    if (i == t->nwords || t->word[i].at != word) {
        if (t->nwords == FILTER_WORDS) {
            t->exact = false;
            return true;
        }
        for (uint32_t k = t->nwords++; k > i; k--)
            t->word[k] = t->word[k - 1];
        t->word[i] = (struct filter_word){.at = word};
    }
    struct filter_word *w = &t->word[i];
    if ((w->value ^ value) & w->mask & mask)
        return false;
    w->mask |= mask;
    w->value |= value;
    return true;
}

/* load & mask == value */
static bool add_equal(struct filter_term *t, const struct filter_atom *a, uint32_t value)
{
    if (value & ~a->mask)
        return false;
    for (uint32_t i = 0; i < a->size; i++) {
        uint32_t shift = 8u * (a->size - 1u - i), mask = a->mask >> shift & 0xff;
        if (mask != 0 && !add_byte(t, (uint16_t)(a->at + i), mask, value >> shift & 0xff))
            return false;
    }
    return true;
}

/* Do the words fix the whole field? */
static bool field_known(const struct filter_term *t, const struct filter_atom *a,
                        uint32_t *load)
{
    *load = 0;
    for (uint32_t i = 0; i < a->size; i++) {
        uint32_t shift = 8u * (a->size - 1u - i), mask = a->mask >> shift & 0xff;
        uint16_t at = (uint16_t)(a->at + i), word = at & (uint16_t)~3u;
        if (mask == 0)
            continue;
        uint32_t w = word_index(t, word), bits = 8u * (at & 3u);
        if (w == t->nwords || t->word[w].at != word ||
            (t->word[w].mask >> bits & mask) != mask)
            return false;
        *load |= (t->word[w].value >> bits & mask) << shift;
    }
    return a->size != 0;
}

static bool value_holds(const struct filter_atom *a, uint32_t load)
{
    uint32_t v = (load & a->mask) >> a->shift;
    return (v >= a->lo && v <= a->hi) != ((a->flags & FILTER_NOT) != 0);
}

bool filter_atom_holds(const struct filter_atom *a, const struct packet *p, uint32_t base)
{
    uint32_t at = a->at & FILTER_OFFSET;
    if (a->size == 0)
        return value_holds(a, p->length);
    if (a->at & FILTER_RELATIVE)
        at += base;
    return value_holds(a, bpf_field(p->bytes + at, a->size));
}

static bool same_field(const struct filter_atom *a, const struct filter_atom *b)
{
    return a->at == b->at && a->size == b->size && a->shift == b->shift &&
           a->mask == b->mask;
}

/* A range of a field that has one already: both at once. */
static bool narrow(struct filter_atom *old, const struct filter_atom *a)
{
    if (a->lo > old->lo)
        old->lo = a->lo;
    if (a->hi < old->hi)
        old->hi = a->hi;
    return old->lo <= old->hi;
}

bool filter_term_add(struct filter_term *t, const struct filter_atom *a)
{
    uint32_t load, max = a->mask >> a->shift;
    bool not_ = (a->flags & FILTER_NOT) != 0;
    if (a->lo > a->hi || a->lo > max)
        return not_; /* an empty range */
    if (a->lo == 0 && a->hi >= max)
        return !not_; /* everything */
    if (field_known(t, a, &load))
        return value_holds(a, load);
    if (!not_ && a->lo == a->hi && a->size != 0)
        return add_equal(t, a, a->lo << a->shift);
    for (uint32_t i = 0; i < t->natoms && !not_; i++)
        if (!(t->atom[i].flags & FILTER_NOT) && same_field(&t->atom[i], a))
            return narrow(&t->atom[i], a);
    if (t->natoms == FILTER_ATOMS)
        t->exact = false;
    else
        t->atom[t->natoms++] = *a;
    return true;
}

bool filter_term_finish(struct filter_term *t)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < t->natoms; i++) {
        uint32_t load;
        bool known = field_known(t, &t->atom[i], &load);
        if (known && !value_holds(&t->atom[i], load))
            return false;
        if (!known)
            t->atom[kept++] = t->atom[i];
    }
    t->natoms = (uint8_t)kept;
    return true;
}

uint32_t filter_term_reach(const struct filter_term *t)
{
    uint32_t reach = t->need;
    if (!t->exact)
        return PACKET_MAX;
    if (t->relative && FILTER_HEADER_MAX + t->need_relative > reach)
        reach = FILTER_HEADER_MAX + t->need_relative;
    return reach < PACKET_MAX ? reach : PACKET_MAX;
}

/* -- disjoint -- */

/* Do relative offsets mean the same place in both? */
static bool same_base(const struct filter_term *a, const struct filter_term *b)
{
    return a->relative && b->relative && a->base == b->base;
}

static bool words_differ(const struct filter_term *a, const struct filter_term *b)
{
    bool relative = same_base(a, b);
    uint32_t i = 0, k = 0;
    while (i < a->nwords && k < b->nwords) {
        const struct filter_word *v = &a->word[i], *w = &b->word[k];
        if (v->at == w->at && (relative || !(v->at & FILTER_RELATIVE)) &&
            ((v->value ^ w->value) & v->mask & w->mask) != 0)
            return true;
        i += v->at <= w->at;
        k += w->at <= v->at;
    }
    return false;
}

/* An atom of one against what the words of the other fix, and against its needs. */
static bool atoms_fail(const struct filter_term *a, const struct filter_term *b)
{
    bool relative = same_base(a, b);
    for (uint32_t i = 0; i < a->natoms; i++) {
        const struct filter_atom *atom = &a->atom[i];
        uint32_t load;
        if (atom->size == 0 && atom->mask == UINT32_MAX && !(atom->flags & FILTER_NOT) &&
            atom->hi < b->need)
            return true;
        if ((relative || !(atom->at & FILTER_RELATIVE)) && field_known(b, atom, &load) &&
            !value_holds(atom, load))
            return true;
    }
    return false;
}

static bool ranges_apart(const struct filter_atom *a, const struct filter_atom *b)
{
    bool not_a = (a->flags & FILTER_NOT) != 0, not_b = (b->flags & FILTER_NOT) != 0;
    if (!not_a && !not_b)
        return a->lo > b->hi || b->lo > a->hi;
    if (not_a && not_b)
        return false;
    if (not_a) /* b's range inside what a excludes */
        return b->lo >= a->lo && b->hi <= a->hi;
    return a->lo >= b->lo && a->hi <= b->hi;
}

static bool atoms_apart(const struct filter_term *a, const struct filter_term *b)
{
    bool relative = same_base(a, b);
    for (uint32_t i = 0; i < a->natoms; i++)
        for (uint32_t k = 0; k < b->natoms; k++)
            if (same_field(&a->atom[i], &b->atom[k]) &&
                (relative || !(a->atom[i].at & FILTER_RELATIVE)) &&
                ranges_apart(&a->atom[i], &b->atom[k]))
                return true;
    return false;
}

bool filter_term_disjoint(const struct filter_term *a, const struct filter_term *b)
{
    return words_differ(a, b) || atoms_fail(a, b) || atoms_fail(b, a) ||
           atoms_apart(a, b);
}
