// SPDX-License-Identifier: GPL-2.0-or-later
/* steer_rules.c - see steer_rules.h. */
#include "steer_rules.h"

#define RULES_MAX 256u
#define HARDWARE_NEED 60u /* no frame is shorter */
#define IP_BASE 14u       /* the IPv4 header's first byte */

struct rule {
    uint32_t mask, ethertype, protocol, source, destination, ports;
};

static uint32_t base, nrules;
static uint16_t owner[RULES_MAX];       /* filter + 1, 0: free */
static uint8_t queue_of[RULES_MAX];     /* that the rule names */
static uint32_t names[M_NS_QUEUES_MAX]; /* rules that name the queue */
static void (*queue_named)(uint32_t queue, bool any);
static struct filter_form *wanted, *other; /* scratch */

void rules_init(uint32_t registers, uint32_t count,
                void (*named)(uint32_t queue, bool any),
                void *(*boot_alloc)(size_t bytes))
{
    queue_named = named;
    base = registers;
    nrules = count < RULES_MAX ? count : RULES_MAX;
    wanted = boot_alloc(sizeof *wanted);
    other = boot_alloc(sizeof *other);
}

/* -- from a term to a rule -- */

/* What a term's words say of one field of the hardware's. */
struct field {
    uint16_t at;   /* offset, | FILTER_RELATIVE */
    uint8_t bytes; /* 1, 2, 4 */
    uint8_t shift; /* in the register */
    uint32_t match;
};
static const struct field fields[] = {
    {12, 2, 0, M_NS_MATCH_ETHERTYPE},
    {23, 1, 0, M_NS_MATCH_PROTOCOL},
    {26, 4, 0, M_NS_MATCH_SOURCE},
    {30, 4, 0, M_NS_MATCH_DESTINATION},
    {14 | FILTER_RELATIVE, 2, 16, M_NS_MATCH_SOURCE_PORT},
    {16 | FILTER_RELATIVE, 2, 0, M_NS_MATCH_DESTINATION_PORT},
};
#define NFIELDS (sizeof fields / sizeof fields[0])
#define MATCH_PORTS (M_NS_MATCH_SOURCE_PORT | M_NS_MATCH_DESTINATION_PORT)
#define FRAGMENT 20u /* two bytes: 0x1fff of them zero: no later fragment, 0x3fff: none */

/* Bits that the term fixes in byte `at`; what they are. */
static uint32_t byte_of(const struct filter_term *t, uint32_t at, uint32_t *value)
{
    uint32_t shift = 8 * (at & 3);
    *value = 0;
    for (uint32_t i = 0; i < t->nwords; i++)
        if (t->word[i].at == (at & ~3u)) {
            *value = t->word[i].value >> shift & 0xff;
            return t->word[i].mask >> shift & 0xff;
        }
    return 0;
}

/* 1: the term fixes the whole field, 0: nothing of it, -1: something. */
static int field_of(const struct filter_term *t, const struct field *f, uint32_t *value)
{
    uint32_t whole = 0, any = 0;
    *value = 0;
    for (uint32_t i = 0; i < f->bytes; i++) {
        uint32_t byte, mask = byte_of(t, f->at + i, &byte);
        whole += mask == 0xff;
        any |= mask;
        *value = *value << 8 | byte;
    }
    return whole == f->bytes ? 1 : any != 0 ? -1 : 0;
}

/* Bits of all words, to see that nothing was left out. */
static uint32_t fixed_bits(const struct filter_term *t)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->nwords; i++)
        for (uint32_t mask = t->word[i].mask; mask != 0; mask &= mask - 1)
            n++;
    return n;
}

static void set_field(struct rule *r, const struct field *f, uint32_t value)
{
    r->mask |= f->match;
    switch (f->match) {
    case M_NS_MATCH_ETHERTYPE: r->ethertype = value; break;
    case M_NS_MATCH_PROTOCOL: r->protocol = value; break;
    case M_NS_MATCH_SOURCE: r->source = value; break;
    case M_NS_MATCH_DESTINATION: r->destination = value; break;
    default: r->ports |= value << f->shift; break;
    }
}

/* A rule that takes only what the term does; false: there is none. */
static bool rule_of(const struct filter_term *t, struct rule *r)
{
    uint32_t bits = fixed_bits(t), value, low;
    *r = (struct rule){0};
    if (!t->exact || t->natoms != 0 || t->nwords == 0 || t->accept < PACKET_MAX ||
        (t->relative && t->base != IP_BASE))
        return false;
    for (uint32_t i = 0; i < NFIELDS; i++) {
        int whole = field_of(t, &fields[i], &value);
        if (whole < 0)
            return false;
        if (whole == 0)
            continue;
        set_field(r, &fields[i], value);
        bits -= 8u * fields[i].bytes;
    }
    bool ports = (r->mask & MATCH_PORTS) != 0;
    uint32_t high_mask = byte_of(t, FRAGMENT, &value),
             low_mask = byte_of(t, FRAGMENT + 1, &low);
    /* Ports match only in what is no fragment. */
    if (ports && (high_mask | 0x20) == 0x3f && low_mask == 0xff && value == 0 && low == 0)
        bits -= high_mask == 0x3f ? 14 : 13;
    return bits == 0 && t->need <= HARDWARE_NEED &&
           t->need_relative <= (ports ? IP_BASE + 4 : 0);
}

/* -- the hardware's table -- */

static void write_rule(uint32_t index, const struct rule *r, uint32_t queue)
{
    io_write(base, M_NS_RULE_INDEX, index);
    io_write(base, M_NS_RULE_ETHERTYPE, r->ethertype);
    io_write(base, M_NS_RULE_PROTOCOL, r->protocol);
    io_write(base, M_NS_RULE_SOURCE, r->source);
    io_write(base, M_NS_RULE_DESTINATION, r->destination);
    io_write(base, M_NS_RULE_PORTS, r->ports);
    io_write(base, M_NS_RULE_MASK, r->mask);
    io_write(base, M_NS_RULE_QUEUE, queue);
    io_write(base, M_NS_RULE_OP, 1);
}

static uint32_t free_rules(void)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < nrules; i++)
        n += owner[i] == 0;
    return n;
}

static void remove_rule(uint32_t index)
{
    io_write(base, M_NS_RULE_INDEX, index);
    io_write(base, M_NS_RULE_OP, 0);
    owner[index] = 0;
    if (--names[queue_of[index]] == 0)
        queue_named(queue_of[index], false);
}

static void remove(uint32_t filter)
{
    for (uint32_t i = 0; i < nrules; i++)
        if (owner[i] == filter + 1)
            remove_rule(i);
    machine.filter[filter].where =
        filter_table_merged(filter) ? EXO_FILTER_MERGED : EXO_FILTER_ALONE;
}

/* All terms of the filter, or none. */
static void insert(uint32_t filter, const struct filter_form *form, uint32_t queue)
{
    struct rule r;
    for (uint32_t i = 0; i < form->nterms; i++)
        if (!rule_of(&form->term[i], &r))
            return;
    if (form->nterms == 0 || form->nterms > free_rules())
        return;
    for (uint32_t i = 0, index = 0; i < form->nterms; i++, index++) {
        while (owner[index] != 0)
            index++;
        rule_of(&form->term[i], &r);
        if (names[queue]++ == 0)
            queue_named(queue, true);
        write_rule(index, &r, queue);
        owner[index] = (uint16_t)(filter + 1);
        queue_of[index] = (uint8_t)queue;
    }
    machine.filter[filter].where = EXO_FILTER_HARDWARE;
}

static bool forms_meet(const struct filter_form *a, const struct filter_form *b)
{
    for (uint32_t i = 0; i < a->nterms; i++)
        for (uint32_t k = 0; k < b->nterms; k++)
            if (!filter_term_disjoint(&a->term[i], &b->term[k]))
                return true;
    return false;
}

/* Would a packet of both, told by hardware to be the old one's, be in the wrong ring? */
static bool takes_from(uint32_t newer, uint32_t old)
{
    const struct exo_filter *n = &machine.filter[newer], *o = &machine.filter[old];
    return n->ring != o->ring || (n->flags & EXO_FILTER_SHARED) != 0;
}

void rules_end(uint32_t filter)
{
    if (machine.filter[filter].where == EXO_FILTER_HARDWARE)
        remove(filter);
}

void rules_bound(uint32_t filter, const struct filter_form *form)
{
    const struct exo_filter *row = &machine.filter[filter];
    uint32_t queue = machine.ring[row->ring - 1].queue;
    for (uint32_t i = 0; i < nrules; i++) {
        if (owner[i] == 0 || !takes_from(filter, owner[i] - 1u))
            continue;
        filter_table_form(owner[i] - 1u, other);
        if (forms_meet(form, other))
            remove(owner[i] - 1u);
    }
    if (queue != 0 && !(row->flags & EXO_FILTER_SHARED))
        insert(filter, form, queue - 1);
}

static bool comes_first(uint32_t filter, const void *with)
{
    uint32_t old = *(const uint32_t *)with;
    return filter_table_newer(filter, old) && takes_from(filter, old);
}

void rules_ring(uint32_t ring)
{
    uint32_t left = machine.ring[ring].filters;
    for (uint32_t i = 0; i < EXO_NFILTER && left != 0; i++) {
        const struct exo_filter *row = &machine.filter[i];
        if (row->ring != ring + 1)
            continue;
        left--;
        if ((row->flags & EXO_FILTER_SHARED) != 0 || free_rules() == 0)
            continue;
        filter_table_form(i, wanted);
        if (!filter_table_overlaps(wanted, comes_first, &i))
            insert(i, wanted, machine.ring[ring].queue - 1);
    }
}
