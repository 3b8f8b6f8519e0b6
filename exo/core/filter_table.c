// SPDX-License-Identifier: GPL-2.0-or-later
/* filter_table.c - bound filters, merged: tables, adding, removing. See filter_table.h. */
#include "filter_table_priv.h"

struct filter_tables *filter_tables;

#define T filter_tables

void filter_table_init(void *(*boot_alloc)(size_t bytes), uint32_t seed)
{
    T = boot_alloc(sizeof *T);
    T->seed = seed;
    T->nfree_entries = EXO_NTERM;
    T->nfree_atoms = EXO_NATOM;
    for (uint32_t i = EXO_NTERM; i-- > 0;) {
        T->entry[i].next = T->free_entry;
        T->free_entry = (uint16_t)(i + 1);
    }
    for (uint32_t i = EXO_NATOM; i-- > 0;) {
        T->atom[i].next = T->free_atom;
        T->free_atom = (uint16_t)(i + 1);
    }
}

bool filter_table_bound(uint32_t filter)
{
    return filter < EXO_NFILTER && T->row[filter].sequence != 0;
}

bool filter_table_merged(uint32_t filter)
{
    return T->row[filter].merged;
}

bool filter_table_newer(uint32_t a, uint32_t b)
{
    return T->row[a].sequence > T->row[b].sequence;
}

uint32_t filter_table_reach(void)
{
    return T->reach;
}

/* -- shapes -- */

static bool same_shape(const struct filter_shape *s, const struct filter_term *t)
{
    if (s->terms == 0 || s->nwords != t->nwords || s->relative != t->relative ||
        s->base != t->base)
        return false;
    for (uint32_t i = 0; i < s->nwords; i++)
        if (s->at[i] != t->word[i].at || s->mask[i] != t->word[i].mask)
            return false;
    return true;
}

static uint32_t find_shape(const struct filter_term *t)
{
    for (uint32_t i = 0; i < T->nactive; i++)
        if (same_shape(&T->shape[T->active[i]], t))
            return T->active[i];
    return EXO_NSHAPE;
}

static uint32_t free_shape(void)
{
    uint32_t i = 0;
    while (i < EXO_NSHAPE && T->shape[i].terms != 0)
        i++;
    return i;
}

static uint32_t make_shape(const struct filter_term *t)
{
    uint32_t number = free_shape();
    struct filter_shape *s = &T->shape[number];
    *s = (struct filter_shape){.nwords = t->nwords,
                               .relative = t->relative,
                               .base = t->base,
                               .need = t->need,
                               .seed = T->seed + number * 0x9e3779b9u};
    for (uint32_t i = 0; i < t->nwords; i++) {
        s->at[i] = t->word[i].at;
        s->mask[i] = t->word[i].mask;
        s->common[i] = t->word[i].value;
        s->agreed[i] = UINT32_MAX;
    }
    T->active[T->nactive++] = (uint8_t)number;
    return number;
}

static void drop_shape(uint32_t number)
{
    uint32_t i = 0;
    while (T->active[i] != number)
        i++;
    for (T->nactive--; i < T->nactive; i++)
        T->active[i] = T->active[i + 1];
}

uint32_t filter_term_hash(const struct filter_shape *s, const struct filter_term *t)
{
    uint32_t hash = s->seed;
    for (uint32_t i = 0; i < t->nwords; i++)
        hash = filter_hash(hash, t->word[i].value);
    return filter_hash_end(hash);
}

/* -- room -- */

static uint32_t chain_length(uint32_t hash)
{
    uint32_t n = 0;
    for (uint16_t e = T->bucket[hash % FILTER_BUCKETS]; e != 0; e = T->entry[e - 1].next)
        n++;
    return n;
}

/* Terms with the shape of the one at `first` that come behind it. */
static bool seen_before(const struct filter_form *form, uint32_t i)
{
    struct filter_shape s = {.terms = 1,
                             .nwords = form->term[i].nwords,
                             .relative = form->term[i].relative,
                             .base = form->term[i].base};
    for (uint32_t k = 0; k < s.nwords; k++) {
        s.at[k] = form->term[i].word[k].at;
        s.mask[k] = form->term[i].word[k].mask;
    }
    for (uint32_t k = 0; k < i; k++)
        if (same_shape(&s, &form->term[k]))
            return true;
    return false;
}

static bool shapes_fit(const struct filter_form *form)
{
    uint32_t wanted = 0, alone = 0;
    for (uint32_t i = 0; i < form->nterms; i++) {
        const struct filter_term *t = &form->term[i];
        uint32_t number = find_shape(t);
        if (number == EXO_NSHAPE)
            wanted += !seen_before(form, i);
        else if (chain_length(filter_term_hash(&T->shape[number], t)) + form->nterms >
                 EXO_NCHAIN)
            return false;
        alone += t->nwords == 0;
    }
    return T->nactive + wanted <= EXO_NSHAPE &&
           (alone == 0 || T->alone + alone <= EXO_NALONE);
}

int filter_table_room(const struct filter_form *form)
{
    uint32_t atoms = 0, programs = 0;
    for (uint32_t i = 0; i < form->nterms; i++) {
        atoms += form->term[i].natoms;
        programs |= !form->term[i].exact;
    }
    if (form->nterms > T->nfree_entries || atoms > T->nfree_atoms ||
        T->programs + programs > EXO_NPROGRAM || !shapes_fit(form))
        return -EXO_EFULL;
    return 0;
}

/* -- adding -- */

static uint16_t take_atoms(const struct filter_term *t)
{
    uint16_t first = 0;
    for (uint32_t i = t->natoms; i-- > 0;) {
        struct filter_atom_row *a = &T->atom[T->free_atom - 1];
        uint16_t name = T->free_atom;
        T->free_atom = a->next;
        T->nfree_atoms--;
        a->atom = t->atom[i];
        a->next = first;
        first = name;
    }
    return first;
}

static void join_shape(uint16_t name, uint32_t number, const struct filter_term *t)
{
    struct filter_shape *s = &T->shape[number];
    struct filter_entry *e = &T->entry[name - 1];
    for (uint32_t i = 0; i < s->nwords; i++)
        if (s->common[i] != t->word[i].value)
            s->agreed[i] = 0;
    if (t->need < s->need)
        s->need = t->need;
    e->shape = (uint8_t)number;
    e->shape_next = s->first;
    e->shape_previous = 0;
    if (s->first != 0)
        T->entry[s->first - 1].shape_previous = name;
    s->first = name;
    s->terms++;
    T->alone += s->nwords == 0;
}

static void add_term(uint32_t filter, const struct filter_term *t)
{
    uint16_t name = T->free_entry;
    struct filter_entry *e = &T->entry[name - 1];
    struct filter_row *row = &T->row[filter];
    uint32_t number = find_shape(t);
    T->free_entry = e->next;
    T->nfree_entries--;
    if (number == EXO_NSHAPE)
        number = make_shape(t);
    e->filter = (uint16_t)filter;
    e->accept = t->accept;
    e->need = t->need;
    e->need_relative = t->need_relative;
    e->exact = t->exact;
    e->atoms = take_atoms(t);
    for (uint32_t i = 0; i < t->nwords; i++)
        e->value[i] = t->word[i].value;
    join_shape(name, number, t);
    e->hash = filter_term_hash(&T->shape[number], t);
    uint16_t *bucket = &T->bucket[e->hash % FILTER_BUCKETS];
    e->next = *bucket; /* in front: the newest first */
    *bucket = name;
    e->filter_next = row->first;
    row->first = name;
    row->merged = row->merged && t->nwords != 0;
}

static void keep_program(struct filter_row *row, const struct exo_bpf *program,
                         uint32_t n)
{
    uint32_t i = 0;
    while (T->program_used[i])
        i++;
    T->program_used[i] = true;
    T->programs++;
    row->program = (uint8_t)(i + 1);
    memcpy(T->program[i], program, n * sizeof program[0]);
}

void filter_table_add(uint32_t filter, uint32_t ring, bool shared,
                      const struct filter_form *form, const struct exo_bpf *program,
                      uint32_t n)
{
    struct filter_row *row = &T->row[filter];
    *row = (struct filter_row){
        .sequence = ++T->sequence, .ring = (uint16_t)ring, .shared = shared};
    row->merged = true;
    for (uint32_t i = 0; i < form->nterms; i++) {
        const struct filter_term *t = &form->term[i];
        uint32_t reach = filter_term_reach(t);
        if (reach > row->reach)
            row->reach = (uint16_t)reach;
        if (!t->exact && row->program == 0)
            keep_program(row, program, n);
        add_term(filter, t);
    }
    if (row->reach > T->reach)
        T->reach = row->reach;
}

/* -- removing -- */

static void leave_shape(struct filter_entry *e)
{
    struct filter_shape *s = &T->shape[e->shape];
    if (e->shape_previous != 0)
        T->entry[e->shape_previous - 1].shape_next = e->shape_next;
    else
        s->first = e->shape_next;
    if (e->shape_next != 0)
        T->entry[e->shape_next - 1].shape_previous = e->shape_previous;
    T->alone -= s->nwords == 0;
    if (--s->terms == 0)
        drop_shape(e->shape);
}

static void remove_term(uint16_t name)
{
    struct filter_entry *e = &T->entry[name - 1];
    uint16_t *link = &T->bucket[e->hash % FILTER_BUCKETS];
    while (*link != name)
        link = &T->entry[*link - 1].next;
    *link = e->next;
    for (uint16_t a = e->atoms; a != 0;) {
        uint16_t next = T->atom[a - 1].next;
        T->atom[a - 1].next = T->free_atom;
        T->free_atom = a;
        T->nfree_atoms++;
        a = next;
    }
    leave_shape(e);
    e->next = T->free_entry;
    T->free_entry = name;
    T->nfree_entries++;
}

void filter_table_remove(uint32_t filter)
{
    struct filter_row *row = &T->row[filter];
    for (uint16_t e = row->first; e != 0;) {
        uint16_t next = T->entry[e - 1].filter_next;
        remove_term(e);
        e = next;
    }
    if (row->program != 0) {
        T->program_used[row->program - 1] = false;
        T->programs--;
    }
    uint16_t reach = row->reach;
    *row = (struct filter_row){0};
    if (reach < T->reach)
        return;
    T->reach = 0;
    for (uint32_t i = 0; i < EXO_NFILTER; i++)
        if (T->row[i].reach > T->reach)
            T->reach = T->row[i].reach;
}

/* -- invariants -- */

bool inv_filter_table(const char **what)
{
    uint32_t entries = 0, atoms = 0, programs = 0, shaped = 0;
    for (uint32_t i = 0; i < EXO_NFILTER; i++) {
        const struct filter_row *row = &T->row[i];
        INV(row->sequence <= T->sequence && row->reach <= T->reach);
        INV(row->sequence != 0 || (row->first == 0 && row->program == 0));
        for (uint16_t e = row->first; e != 0; e = T->entry[e - 1].filter_next) {
            INV(e <= EXO_NTERM && entries < EXO_NTERM);
            INV(T->entry[e - 1].filter == i);
            for (uint16_t a = T->entry[e - 1].atoms; a != 0; a = T->atom[a - 1].next)
                atoms++;
            entries++;
        }
        programs += row->program != 0;
    }
    for (uint32_t i = 0; i < EXO_NSHAPE; i++)
        shaped += T->shape[i].terms;
    INV(entries + T->nfree_entries == EXO_NTERM && entries == shaped);
    INV(atoms + T->nfree_atoms == EXO_NATOM);
    INV(programs == T->programs && T->nactive <= EXO_NSHAPE);
    return true;
}
