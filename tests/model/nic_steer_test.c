// SPDX-License-Identifier: GPL-2.0-or-later
/* nic_steer_test.c - exo,nic-steer: rules, fragments, tags; queues beside each other. */
#include "nic_rig.h"
#include "suites.h"
#include <string.h>

#define QUEUES 4u

struct steer {
    struct rig r;
    struct nic_rings q[QUEUES];
};

static void open_steer(struct steer *s)
{
    rig_open(
        &s->r, "exo,nic-steer",
        (struct rig_set[]){{"exo,queues", QUEUES, NULL}, {"exo,rules", 8, NULL}, {0}});
    CU_ASSERT(rig_read(&s->r, M_NS_QUEUES) == QUEUES && rig_read(&s->r, M_NS_RULES) == 8);
    for (unsigned q = 0; q < QUEUES; q++) {
        nic_rings_start(&s->q[q], &s->r, M_NS_QUEUE + q * M_NS_QUEUE_SIZE, 16);
        nic_supply(&s->q[q], 16);
    }
    CU_ASSERT(s->r.f.errors == 0);
}

struct rule {
    uint32_t mask, ethertype, protocol, source, destination, ports, queue;
};

static void set_rule(struct steer *s, uint32_t index, const struct rule *rule)
{
    struct rig *r = &s->r;
    rig_write(r, M_NS_RULE_INDEX, index);
    if (rule) {
        rig_write(r, M_NS_RULE_MASK, rule->mask);
        rig_write(r, M_NS_RULE_ETHERTYPE, rule->ethertype);
        rig_write(r, M_NS_RULE_PROTOCOL, rule->protocol);
        rig_write(r, M_NS_RULE_SOURCE, rule->source);
        rig_write(r, M_NS_RULE_DESTINATION, rule->destination);
        rig_write(r, M_NS_RULE_PORTS, rule->ports);
        rig_write(r, M_NS_RULE_QUEUE, rule->queue);
    }
    rig_write(r, M_NS_RULE_OP, rule != NULL);
}

#define SRC 0x0a000202u
#define DST 0x0a00020fu

/* An IPv4 packet in a frame: TCP 1234 to 80 unless changed afterwards. */
static size_t packet(uint8_t *f, unsigned protocol)
{
    static const uint8_t ip[] = {0x45, 0, 0, 60, 0,  1, 0x40, 0,  64, 0,    0, 0,
                                 10,   0, 2, 2,  10, 0, 2,    15, 4,  0xd2, 0, 80};
    nic_frame(f, 74, TO_ME, 0x0800, 1);
    memcpy(f + 14, ip, sizeof ip);
    f[23] = (uint8_t)protocol;
    return 74;
}

/* Queue that gets the frame, 99: none. */
static unsigned goes_to(struct steer *s, const uint8_t *f, size_t len)
{
    uint32_t before[QUEUES];
    unsigned to = 99, n = 0;
    for (unsigned q = 0; q < QUEUES; q++)
        before[q] = nic_get(&s->q[q], M_NR_RX_HEAD);
    nic_receive(&s->r, f, len);
    for (unsigned q = 0; q < QUEUES; q++)
        if (nic_get(&s->q[q], M_NR_RX_HEAD) != before[q]) {
            to = q;
            n++;
            nic_supply(&s->q[q], 1);
        }
    return n <= 1 ? to : 98;
}

#define ALL                                                                              \
    (M_NS_MATCH_ETHERTYPE | M_NS_MATCH_PROTOCOL | M_NS_MATCH_SOURCE |                    \
     M_NS_MATCH_DESTINATION | M_NS_MATCH_SOURCE_PORT | M_NS_MATCH_DESTINATION_PORT)

static const struct rule whole = {ALL, 0x800, 6, SRC, DST, 1234u << 16 | 80, 1};

static void rules_match(void)
{
    struct steer s;
    uint8_t f[128];
    size_t len = packet(f, 6);
    open_steer(&s);
    CU_ASSERT(goes_to(&s, f, len) == 0);
    set_rule(&s, 3, &whole);
    CU_ASSERT(goes_to(&s, f, len) == 1);
    /* each field alone makes the difference */
    static const unsigned at[] = {23, 29, 33, 35, 37}; /* protocol, addresses, ports */
    for (unsigned i = 0; i < sizeof at / sizeof *at; i++) {
        f[at[i]] ^= 0x10;
        CU_ASSERT(goes_to(&s, f, len) == 0);
        f[at[i]] ^= 0x10;
    }
    struct rule r = whole;
    r.queue = 2;
    set_rule(&s, 1, &r); /* an earlier one wins */
    CU_ASSERT(goes_to(&s, f, len) == 2);
    set_rule(&s, 1, NULL);
    CU_ASSERT(goes_to(&s, f, len) == 1);
    r = (struct rule){.mask = M_NS_MATCH_DESTINATION_PORT, .ports = 80, .queue = 3};
    set_rule(&s, 0, &r);
    CU_ASSERT(goes_to(&s, f, len) == 3); /* whatever the rest is */
    f[23] = 17;
    CU_ASSERT(goes_to(&s, f, len) == 3);
    r = (struct rule){.mask = M_NS_MATCH_ETHERTYPE, .ethertype = 0x806, .queue = 2};
    set_rule(&s, 0, &r);
    nic_frame(f, 60, TO_ALL, 0x806, 1);
    CU_ASSERT(goes_to(&s, f, 60) == 2);
    CU_ASSERT(s.r.f.errors == 0);
    rig_close(&s.r);
}

static void not_that_simple(void)
{
    struct steer s;
    uint8_t f[128], tagged[132];
    size_t len = packet(f, 6);
    struct rule hosts = whole;
    hosts.mask = M_NS_MATCH_SOURCE | M_NS_MATCH_DESTINATION | M_NS_MATCH_PROTOCOL;
    hosts.queue = 2;
    open_steer(&s);
    set_rule(&s, 0, &whole);
    set_rule(&s, 1, &hosts);
    /* fragments have no ports: first one, and later one; "don't fragment" is none */
    f[20] = 0x20;
    CU_ASSERT(goes_to(&s, f, len) == 2);
    f[20] = 0;
    f[21] = 5;
    CU_ASSERT(goes_to(&s, f, len) == 2);
    f[20] = 0x40;
    f[21] = 0;
    CU_ASSERT(goes_to(&s, f, len) == 1);
    /* a VLAN tag: no rule */
    memcpy(tagged, f, 12);
    memcpy(tagged + 12, "\x81\x00\x00\x07", 4);
    memcpy(tagged + 16, f + 12, len - 12);
    CU_ASSERT(goes_to(&s, tagged, len + 4) == 0);
    struct rule vlan = {.mask = M_NS_MATCH_ETHERTYPE, .ethertype = 0x8100, .queue = 3};
    set_rule(&s, 2, &vlan);
    CU_ASSERT(goes_to(&s, tagged, len + 4) == 0);
    /* options before the ports */
    uint8_t options[128];
    memcpy(options, f, 34);
    options[14] = 0x47;
    memset(options + 34, 1, 8);
    memcpy(options + 42, f + 34, len - 34);
    options[17] = 68;
    CU_ASSERT(goes_to(&s, options, len + 8) == 1);
    /* headers that lie: no address is believed */
    f[14] = 0x44;
    CU_ASSERT(goes_to(&s, f, len) == 0);
    f[14] = 0x65;
    CU_ASSERT(goes_to(&s, f, len) == 0);
    f[14] = 0x45;
    f[17] = 61; /* longer than the frame */
    CU_ASSERT(goes_to(&s, f, len) == 0);
    f[17] = 19;
    CU_ASSERT(goes_to(&s, f, len) == 0);
    f[17] = 23; /* ports cut off */
    CU_ASSERT(goes_to(&s, f, len) == 2);
    /* another protocol has no ports */
    packet(f, 1);
    struct rule icmp = {.mask = M_NS_MATCH_SOURCE_PORT, .ports = 1234u << 16, .queue = 3};
    set_rule(&s, 0, &icmp);
    set_rule(&s, 1, NULL);
    CU_ASSERT(goes_to(&s, f, len) == 0);
    rig_close(&s.r);
}

static void bad_rules(void)
{
    struct steer s;
    uint8_t f[128];
    size_t len = packet(f, 6);
    struct rule r = whole;
    open_steer(&s);
    set_rule(&s, 8, &r); /* no such place */
    r.queue = QUEUES;
    set_rule(&s, 0, &r); /* no such queue */
    r.queue = 1;
    r.mask = 64;
    set_rule(&s, 0, &r); /* no such field */
    rig_write(&s.r, M_NS_RULE_OP, 2);
    CU_ASSERT(s.r.f.errors == 4);
    CU_ASSERT(goes_to(&s, f, len) == 0);
    rig_close(&s.r);
}

/* A frame for a full queue is lost, though others have room; causes are told by queue. */
static void full_queue(void)
{
    struct steer s;
    struct hw_nic_stats st;
    uint8_t f[128];
    size_t len = packet(f, 6);
    open_steer(&s);
    set_rule(&s, 0, &whole);
    nic_set(&s.q[1], M_NR_CONTROL, 0);
    CU_ASSERT(goes_to(&s, f, len) == 99);
    CU_ASSERT(nic_get(&s.q[1], M_NR_CAUSE) == M_NIC_LOST);
    CU_ASSERT(rig_read(&s.r, M_NS_CAUSES) == 2 && s.r.f.irq);
    nic_set(&s.q[1], M_NR_ACK, M_NIC_LOST);
    CU_ASSERT(!s.r.f.irq);
    s.r.nic->stats(s.r.dev, &st);
    CU_ASSERT(st.rx_dropped == 1);
    nic_set(&s.q[2], M_NR_ENABLE, 0);
    struct rule two = whole;
    two.queue = 2;
    set_rule(&s, 0, &two);
    CU_ASSERT(goes_to(&s, f, len) == 2 && !s.r.f.irq); /* nobody asked to be told */
    CU_ASSERT(rig_read(&s.r, M_NS_CAUSES) == 0);
    rig_close(&s.r);
}

/* Queues that send take turns, a frame each. */
static void turns(void)
{
    struct steer s;
    uint8_t f[60];
    open_steer(&s);
    for (unsigned q = 1; q < QUEUES; q++) {
        for (unsigned i = 0; i < 3; i++) {
            nic_frame(f, 60, TO_ALL, 0x800, 10 * q + i);
            s.q[q].tx_buffers = 0x300000 + q * 0x10000;
            nic_queue(&s.q[q], i, f, 60, M_NR_END);
        }
        nic_set(&s.q[q], M_NR_TX_TAIL, 3);
    }
    for (unsigned k = 0; k < 9; k++) {
        unsigned q = 1 + k % 3, i = k / 3;
        nic_pass(&s.r, k == 0 ? 0 : s.r.f.wire_cycles);
        nic_frame(f, 60, TO_ALL, 0x800, 10 * q + i);
        CU_ASSERT(s.r.f.frames == k + 1 && memcmp(s.r.f.sent, f, 60) == 0);
    }
    rig_close(&s.r);
}

void nic_steer_suite(void)
{
    CU_pSuite s = CU_add_suite("nic_steer", NULL, NULL);
    CU_add_test(s, "rules compare what they name", rules_match);
    CU_add_test(s, "fragments, tags, options, lies", not_that_simple);
    CU_add_test(s, "rules that are refused", bad_rules);
    CU_add_test(s, "a full queue", full_queue);
    CU_add_test(s, "queues take turns", turns);
}
