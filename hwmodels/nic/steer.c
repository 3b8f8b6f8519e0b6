// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * steer.c - "exo,nic-steer": a network interface with several pairs of descriptor rings and a table
 * of rules that tell which receives a frame, like the flow director of the Intel 82599.
 *
 *   0x00 QUEUES            ro  pairs of rings
 *   0x04 RULES             ro  rules the table holds
 *   0x08 MAC               ro  64-bit LO/HI: station address, first byte in bits 47..40
 *   0x10 CAUSES            ro  bit q = queue q has an enabled cause
 *   0x20 RULE_INDEX        rw  rule that OP writes
 *   0x24 RULE_ETHERTYPE    rw
 *   0x28 RULE_PROTOCOL     rw  of IPv4
 *   0x2c RULE_SOURCE       rw  IPv4 address, first byte in bits 31..24
 *   0x30 RULE_DESTINATION  rw
 *   0x34 RULE_PORTS        rw  source in bits 31..16, destination in 15..0
 *   0x38 RULE_MASK         rw  what is compared: 1 Ethernet type, 2 protocol, 4 source,
 *                              8 destination, 16 source port, 32 destination port
 *   0x3c RULE_QUEUE        rw
 *   0x40 RULE_OP           wo  1 puts these fields into rule INDEX and enables it, 0 disables it
 *   0x400 + q * 0x80           pair q, see rings.h
 *
 * A frame goes to the queue of the first enabled rule whose compared fields it all has, else to
 * queue 0. Frames with a VLAN tag match no rule. Protocol and addresses are those of a well-formed
 * IPv4 header; ports those of TCP and UDP that are not fragments.
 */
#include "rings.h"
#include <stdlib.h>

enum {
    REG_QUEUES = 0x00,
    REG_RULES = 0x04,
    REG_MAC = 0x08,
    REG_MAC_HI = 0x0c,
    REG_CAUSES = 0x10,
    REG_INDEX = 0x20,
    REG_ETHERTYPE = 0x24,
    REG_PROTOCOL = 0x28,
    REG_SOURCE = 0x2c,
    REG_DESTINATION = 0x30,
    REG_PORTS = 0x34,
    REG_MASK = 0x38,
    REG_QUEUE = 0x3c,
    REG_OP = 0x40,
    REG_PAIRS = 0x400,
    PAIR_SIZE = 0x80
};
enum {
    MATCH_ETHERTYPE = 1,
    MATCH_PROTOCOL = 2,
    MATCH_SOURCE = 4,
    MATCH_DESTINATION = 8,
    MATCH_SOURCE_PORT = 16,
    MATCH_DESTINATION_PORT = 32,
    MATCH_ALL = 63
};
enum { P_QUEUES = RINGS_P_COUNT, P_RULES, P_COUNT };
#define RULES_MAX 256u
#define STEER_STATE 0x5254534eu /* "NSTR" */

/* Fields a rule compares, and those a frame has (mask: which of them). */
struct fields {
    uint32_t ethertype, protocol, source, destination, ports, mask;
};

struct rule {
    struct fields f;
    uint32_t queue;
    bool on;
};

struct steer {
    struct rings rings; /* first: operations of rings take the device */
    unsigned nrules;
    uint32_t index;
    struct rule staged; /* what the registers hold */
    struct rule rule[RULES_MAX];
};

static const struct hw_param steer_params[] = {
    RINGS_PARAMS,
    {"exo,queues", HW_PARAM_U64, "queues", 4, 1, RINGS_QUEUES_MAX, NULL,
     "pairs of descriptor rings"},
    {"exo,rules", HW_PARAM_U64, "rules", 32, 1, RULES_MAX, NULL,
     "size of the table of rules"},
};

static int steer_create(const struct hw_env *env, const struct hw_value *values,
                        unsigned cores, void **out, struct hw_err *err)
{
    (void)cores;
    if (values_check(steer_params, P_COUNT, values, err))
        return -1;
    struct steer *d = calloc(1, sizeof *d);
    if (!d)
        return hw_refuse(err, "out of memory");
    rings_init(&d->rings, env, values, (unsigned)values[P_QUEUES].u);
    d->nrules = (unsigned)values[P_RULES].u;
    *out = d;
    return 0;
}

/* ---- registers ---- */

/* The staged field behind a register, or NULL. */
static uint32_t *field(struct steer *d, uint32_t off)
{
    switch (off) {
    case REG_INDEX: return &d->index;
    case REG_ETHERTYPE: return &d->staged.f.ethertype;
    case REG_PROTOCOL: return &d->staged.f.protocol;
    case REG_SOURCE: return &d->staged.f.source;
    case REG_DESTINATION: return &d->staged.f.destination;
    case REG_PORTS: return &d->staged.f.ports;
    case REG_MASK: return &d->staged.f.mask;
    case REG_QUEUE: return &d->staged.queue;
    default: return NULL;
    }
}

/* Is this a register of a pair? Which, and its offset there. */
static bool in_pair(const struct steer *d, uint32_t off, unsigned *q, uint32_t *reg)
{
    if (off < REG_PAIRS)
        return false;
    *q = (off - REG_PAIRS) / PAIR_SIZE;
    *reg = (off - REG_PAIRS) % PAIR_SIZE;
    return *q < d->rings.n && *reg < RINGS_WINDOW;
}

static uint32_t steer_read(void *dev, unsigned core, uint32_t off)
{
    struct steer *d = dev;
    unsigned q;
    uint32_t reg;
    (void)core;
    if (in_pair(d, off, &q, &reg))
        return rings_read(&d->rings, q, reg);
    nic_access(&d->rings.nic);
    switch (off) {
    case REG_QUEUES: return d->rings.n;
    case REG_RULES: return d->nrules;
    case REG_MAC: return (uint32_t)d->rings.nic.mac;
    case REG_MAC_HI: return (uint32_t)(d->rings.nic.mac >> 32);
    case REG_CAUSES: return rings_causes(&d->rings);
    default: break;
    }
    const uint32_t *f = field(d, off);
    if (f)
        return *f;
    rings_no_register(&d->rings, false, off);
    return 0;
}

static void set_rule(struct steer *d, uint32_t op)
{
    const struct hw_env *e = &d->rings.nic.env;
    if (d->index >= d->nrules || op > 1) {
        e->guest_error(e->host, "nic: RULE_OP = %" PRIu32 " for rule %" PRIu32 " of %u",
                       op, d->index, d->nrules);
        return;
    }
    if (op == 0) {
        d->rule[d->index].on = false;
        return;
    }
    if (d->staged.queue >= d->rings.n || d->staged.f.mask & ~(uint32_t)MATCH_ALL) {
        e->guest_error(e->host,
                       "nic: a rule for queue %" PRIu32 " of %u with mask 0x%" PRIx32,
                       d->staged.queue, d->rings.n, d->staged.f.mask);
        return;
    }
    d->rule[d->index] = d->staged;
    d->rule[d->index].on = true;
}

static void steer_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct steer *d = dev;
    unsigned q;
    uint32_t reg;
    (void)core;
    if (in_pair(d, off, &q, &reg)) {
        rings_write(&d->rings, q, reg, value);
        return;
    }
    nic_access(&d->rings.nic);
    uint32_t *f = field(d, off);
    if (f)
        *f = value;
    else if (off == REG_OP)
        set_rule(d, value);
    else
        rings_no_register(&d->rings, true, off);
}

static void steer_event(void *dev, uint32_t tag)
{
    rings_event(dev, tag);
}

/* ---- steering ---- */

static uint32_t be16(const uint8_t *p)
{
    return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t be32(const uint8_t *p)
{
    return be16(p) << 16 | be16(p + 2);
}

enum { TYPE_IPV4 = 0x0800, TYPE_VLAN = 0x8100, TYPE_QINQ = 0x88a8 };
enum { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };

/* IPv4 (RFC 791) behind the Ethernet header. */
static void parse_ipv4(const uint8_t *p, size_t len, struct fields *f)
{
    if (len < 20 || p[0] >> 4 != 4)
        return;
    size_t header = (size_t)(p[0] & 15) * 4, total = be16(p + 2);
    if (header < 20 || total < header || total > len)
        return;
    f->protocol = p[9];
    f->source = be32(p + 12);
    f->destination = be32(p + 16);
    f->mask |= MATCH_PROTOCOL | MATCH_SOURCE | MATCH_DESTINATION;
    bool fragment = be16(p + 6) & 0x3fff; /* more to come, or not the first */
    if ((f->protocol == PROTOCOL_TCP || f->protocol == PROTOCOL_UDP) && !fragment &&
        total - header >= 4) {
        f->ports = be32(p + header);
        f->mask |= MATCH_SOURCE_PORT | MATCH_DESTINATION_PORT;
    }
}

static void parse(const uint8_t *frame, size_t len, struct fields *f)
{
    *f = (struct fields){.ethertype = be16(frame + 12), .mask = MATCH_ETHERTYPE};
    if (f->ethertype == TYPE_IPV4)
        parse_ipv4(frame + NIC_HEADER, len - NIC_HEADER, f);
}

static bool matches(const struct fields *rule, const struct fields *f)
{
    uint32_t m = rule->mask;
    return (m & ~f->mask) == 0 &&
           (!(m & MATCH_ETHERTYPE) || rule->ethertype == f->ethertype) &&
           (!(m & MATCH_PROTOCOL) || rule->protocol == f->protocol) &&
           (!(m & MATCH_SOURCE) || rule->source == f->source) &&
           (!(m & MATCH_DESTINATION) || rule->destination == f->destination) &&
           (!(m & MATCH_SOURCE_PORT) || rule->ports >> 16 == f->ports >> 16) &&
           (!(m & MATCH_DESTINATION_PORT) ||
            (rule->ports & 0xffff) == (f->ports & 0xffff));
}

static unsigned queue_of(const struct steer *d, const uint8_t *frame, size_t len)
{
    struct fields f;
    parse(frame, len, &f);
    if (f.ethertype == TYPE_VLAN || f.ethertype == TYPE_QINQ)
        return 0;
    for (unsigned i = 0; i < d->nrules; i++)
        if (d->rule[i].on && matches(&d->rule[i].f, &f))
            return d->rule[i].queue;
    return 0;
}

static bool steer_ready(void *dev, const uint8_t *frame, size_t len)
{
    const struct steer *d = dev;
    return !nic_for_us(&d->rings.nic, frame) ||
           rings_ready(&d->rings, queue_of(d, frame, len));
}

static void steer_receive(void *dev, const uint8_t *frame, size_t len)
{
    struct steer *d = dev;
    if (nic_for_us(&d->rings.nic, frame))
        rings_receive(&d->rings, queue_of(d, frame, len), frame, len);
}

/* ---- state ---- */

static void put_rule(struct state_out *o, const struct rule *r)
{
    state_put32(o, r->f.ethertype);
    state_put32(o, r->f.protocol);
    state_put32(o, r->f.source);
    state_put32(o, r->f.destination);
    state_put32(o, r->f.ports);
    state_put32(o, r->f.mask);
    state_put32(o, r->queue);
    state_put8(o, r->on);
}

static void get_rule(struct state_in *in, struct rule *r)
{
    r->f.ethertype = state_get32(in);
    r->f.protocol = state_get32(in);
    r->f.source = state_get32(in);
    r->f.destination = state_get32(in);
    r->f.ports = state_get32(in);
    r->f.mask = state_get32(in);
    r->queue = state_get32(in);
    r->on = state_get8(in) != 0;
}

static size_t steer_save(void *dev, uint8_t *buf, size_t max)
{
    struct steer *d = dev;
    struct state_out o = {buf, max, 0};
    state_put32(&o, STEER_STATE);
    state_put32(&o, d->rings.n);
    state_put32(&o, d->nrules);
    rings_save(&d->rings, &o);
    state_put32(&o, d->index);
    put_rule(&o, &d->staged);
    for (unsigned i = 0; i < d->nrules; i++)
        put_rule(&o, &d->rule[i]);
    return o.at;
}

static int steer_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct steer *d = dev, new = *d;
    struct state_in in = {buf, len, 0, false};
    if (len != steer_save(d, NULL, 0) || state_get32(&in) != STEER_STATE ||
        state_get32(&in) != d->rings.n || state_get32(&in) != d->nrules ||
        rings_restore(&new.rings, &in))
        return -1;
    new.index = state_get32(&in);
    get_rule(&in, &new.staged);
    for (unsigned i = 0; i < new.nrules; i++) {
        get_rule(&in, &new.rule[i]);
        if (new.rule[i].queue >= new.rings.n)
            return -1;
    }
    *d = new;
    rings_drive(&d->rings);
    return 0;
}

static size_t steer_describe(void *dev, char *buf, size_t max)
{
    struct steer *d = dev;
    struct text t = text_start(buf, max);
    rings_describe(&d->rings, &t);
    for (unsigned i = 0; i < d->nrules; i++) {
        const struct rule *r = &d->rule[i];
        if (r->on)
            text_add(&t,
                     "rule%u queue=%" PRIu32 ",mask=0x%" PRIx32 ",type=0x%" PRIx32
                     ",protocol=%" PRIu32 ",source=0x%" PRIx32 ",destination=0x%" PRIx32
                     ",ports=0x%" PRIx32 "\n",
                     i, r->queue, r->f.mask, r->f.ethertype, r->f.protocol, r->f.source,
                     r->f.destination, r->f.ports);
    }
    return t.at;
}

static unsigned steer_table(void *dev, uint64_t params[HW_MAX_PARAMS])
{
    const struct steer *d = dev;
    unsigned n = nic_table(&d->rings.nic, params);
    params[n++] = d->rings.n;
    params[n++] = d->nrules;
    return n;
}

static const struct hw_nic_ops steer_ops = {
    .dev = {.create = steer_create,
            .destroy = free,
            .read = steer_read,
            .write = steer_write,
            .event = steer_event,
            .save = steer_save,
            .restore = steer_restore,
            .describe = steer_describe},
    .kind = HW_NIC_STEER,
    .receive = steer_receive,
    .ready = steer_ready,
    .bits_per_second = nic_rate,
    .stats = nic_stats,
    .table_params = steer_table,
};

const struct hw_model hw_nic_steer = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_NIC,
    .compatible = "exo,nic-steer",
    .summary = "network interface with several queues and rules that tell which receives",
    .params = steer_params,
    .nparams = sizeof steer_params / sizeof *steer_params,
    .ops = &steer_ops,
};
