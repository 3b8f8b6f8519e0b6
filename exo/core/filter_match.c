// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filter_match.c - questions to the merged filters (filter_table.h): who gets this packet, and could
 * a new filter meet a bound one.
 */
#include "filter_table_priv.h"

#define T filter_tables
typedef uint32_t __attribute__((may_alias)) packet_word;

/* -- classification -- */

struct search {
    const struct packet *packet;
    uint64_t newest; /* sequence of the newest match that is not SHARED; 0: none */
    struct filter_match exclusive;
    uint32_t shared_rings; /* bit a ring */
    struct filter_match shared[EXO_NRING];
};

/* What the term asks beyond its words. Bytes to accept, 0: it does not match. */
static uint32_t entry_accepts(const struct filter_entry *e, const struct packet *p,
                              uint32_t base)
{
    if (p->length < e->need || p->length < base + e->need_relative)
        return 0;
    for (uint16_t a = e->atoms; a != 0; a = T->atom[a - 1].next)
        if (!filter_atom_holds(&T->atom[a - 1].atom, p, base))
            return 0;
    if (e->exact)
        return e->accept;
    return bpf_run(T->program[T->row[e->filter].program - 1], p);
}

static void note_shared(struct search *s, uint32_t filter, uint32_t accept)
{
    const struct filter_row *row = &T->row[filter];
    struct filter_match *m = &s->shared[row->ring];
    if ((s->shared_rings >> row->ring & 1) != 0 && filter_table_newer(m->filter, filter))
        return;
    s->shared_rings |= 1u << row->ring;
    *m = (struct filter_match){(uint16_t)filter, row->ring, accept};
}

/* All terms with this shape and these values, newest first. */
static void look_up(struct search *s, uint32_t number, uint32_t hash,
                    const uint32_t *value, uint32_t base)
{
    uint32_t nwords = T->shape[number].nwords;
    const struct filter_entry *e;
    for (uint16_t i = T->bucket[hash % FILTER_BUCKETS]; i != 0; i = e->next) {
        e = &T->entry[i - 1];
        if (e->hash != hash || e->shape != number)
            continue;
        const struct filter_row *row = &T->row[e->filter];
        if (row->sequence <= s->newest)
            return; /* so are all behind it */
        uint32_t w = 0;
        while (w < nwords && e->value[w] == value[w])
            w++;
        uint32_t accept = w == nwords ? entry_accepts(e, s->packet, base) : 0;
        if (accept == 0)
            continue;
        if (row->shared) {
            note_shared(s, e->filter, accept);
            continue;
        }
        s->newest = row->sequence;
        s->exclusive = (struct filter_match){e->filter, row->ring, accept};
        return;
    }
}

static void try_shape(struct search *s, uint32_t number)
{
    const struct filter_shape *shape = &T->shape[number];
    const uint8_t *bytes = s->packet->bytes;
    uint32_t value[FILTER_WORDS], hash = shape->seed, base = 0;
    if (s->packet->length < shape->need)
        return;
    if (shape->relative)
        base = filter_base(bytes, shape->base);
    for (uint32_t i = 0; i < shape->nwords; i++) {
        uint32_t at = shape->at[i];
        if (at & FILTER_RELATIVE)
            at = (at & FILTER_OFFSET) + base;
        value[i] = *(const packet_word *)(const void *)(bytes + at) & shape->mask[i];
        if ((value[i] ^ shape->common[i]) & shape->agreed[i])
            return;
        hash = filter_hash(hash, value[i]);
    }
    look_up(s, number, filter_hash_end(hash), value, base);
}

uint32_t filter_classify(const struct packet *p, struct filter_match out[EXO_NRING])
{
    struct search s;
    uint32_t n = 0;
    s.packet = p;
    s.newest = 0;
    s.shared_rings = 0;
    for (uint32_t i = 0; i < T->nactive; i++)
        try_shape(&s, T->active[i]);
    for (uint32_t ring = 0, left = s.shared_rings; left != 0; ring++, left >>= 1)
        if ((left & 1) != 0 && T->row[s.shared[ring].filter].sequence > s.newest)
            out[n++] = s.shared[ring];
    if (n == 0 && s.newest != 0)
        out[n++] = s.exclusive;
    return n;
}

/* -- overlap -- */

static void entry_term(const struct filter_entry *e, struct filter_term *t)
{
    const struct filter_shape *s = &T->shape[e->shape];
    *t = (struct filter_term){.accept = e->accept,
                              .need = e->need,
                              .need_relative = e->need_relative,
                              .base = s->base,
                              .relative = s->relative,
                              .exact = e->exact,
                              .nwords = s->nwords};
    for (uint32_t i = 0; i < s->nwords; i++)
        t->word[i] = (struct filter_word){
            .at = s->at[i], .mask = s->mask[i], .value = e->value[i]};
    for (uint16_t a = e->atoms; a != 0; a = T->atom[a - 1].next)
        t->atom[t->natoms++] = T->atom[a - 1].atom;
}

void filter_table_form(uint32_t filter, struct filter_form *out)
{
    out->nterms = 0;
    out->understood = true;
    for (uint16_t e = T->row[filter].first; e != 0; e = T->entry[e - 1].filter_next)
        entry_term(&T->entry[e - 1], &out->term[out->nterms++]);
}

/* Does the term contradict words of the shape: those with these values, under these masks? */
static bool apart(const struct filter_shape *s, const uint32_t *value,
                  const uint32_t *agreed, const struct filter_term *t)
{
    bool relative = s->relative && t->relative && s->base == t->base;
    uint32_t i = 0, k = 0;
    while (i < s->nwords && k < t->nwords) {
        const struct filter_word *w = &t->word[k];
        if (s->at[i] == w->at && (relative || !(w->at & FILTER_RELATIVE)) &&
            ((value[i] ^ w->value) & s->mask[i] & w->mask &
             (agreed != NULL ? agreed[i] : UINT32_MAX)) != 0)
            return true;
        uint16_t at = s->at[i];
        i += at <= w->at;
        k += w->at <= at;
    }
    return false;
}

static bool same_words(const struct filter_shape *s, const struct filter_term *t)
{
    if (s->nwords != t->nwords || s->relative != t->relative || s->base != t->base)
        return false;
    for (uint32_t i = 0; i < s->nwords; i++)
        if (s->at[i] != t->word[i].at || s->mask[i] != t->word[i].mask)
            return false;
    return true;
}

struct question {
    const struct filter_term *term;
    bool (*concerns)(uint32_t filter, const void *with);
    const void *with;
};

static bool meets(const struct question *q, const struct filter_entry *e)
{
    struct filter_term other;
    if (apart(&T->shape[e->shape], e->value, NULL, q->term) ||
        !q->concerns(e->filter, q->with))
        return false;
    entry_term(e, &other);
    return !filter_term_disjoint(q->term, &other);
}

static bool meets_shape(const struct question *q, uint32_t number)
{
    const struct filter_shape *s = &T->shape[number];
    const struct filter_entry *e;
    if (same_words(s, q->term)) { /* only terms with the same values can */
        uint32_t hash = filter_term_hash(s, q->term);
        for (uint16_t i = T->bucket[hash % FILTER_BUCKETS]; i != 0; i = e->next) {
            e = &T->entry[i - 1];
            if (e->shape == number && meets(q, e))
                return true;
        }
        return false;
    }
    if (apart(s, s->common, s->agreed, q->term))
        return false;
    for (uint16_t i = s->first; i != 0; i = e->shape_next) {
        e = &T->entry[i - 1];
        if (meets(q, e))
            return true;
    }
    return false;
}

bool filter_table_overlaps(const struct filter_form *form,
                           bool (*concerns)(uint32_t filter, const void *with),
                           const void *with)
{
    for (uint32_t i = 0; i < form->nterms; i++) {
        struct question q = {&form->term[i], concerns, with};
        for (uint32_t k = 0; k < T->nactive; k++)
            if (meets_shape(&q, T->active[k]))
                return true;
    }
    return false;
}
