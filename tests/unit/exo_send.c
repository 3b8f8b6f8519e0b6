// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_send.c - sending on each kind of interface; hardware queues and rules. */
#include "exo_net.h"

#define DATA HOST_DATA_VA

static uint32_t data_frame;
static uint8_t sent[1514];

static struct exo_tx tx_of(uint32_t frame, uint32_t offset, uint32_t length, uint32_t end)
{
    return (struct exo_tx){{frame, offset, 0, 0}, length, end};
}

static exo_sword send_tx(const struct exo_tx *tx, uint32_t n)
{
    put(NET_AT, tx, n * (uint32_t)sizeof *tx);
    return net_kind == EXO_NIC_RING ? CALL(desc_send, RING, 0, NET_AT, n)
                                    : CALL(queue_send, RING, 0, NET_AT, n);
}

static struct net_ring boot_send(uint32_t kind)
{
    boot_net(kind, 2);
    struct net_ring r = net_ring(RING, 8);
    if (kind == EXO_NIC_STEER)
        EXPECT(CALL(queue_bind, RING, 0), 1);
    data_frame = take_frame();
    for (uint32_t i = 0; i < machine.page_size; i++)
        ((uint8_t *)frame_bytes(data_frame))[i] = (uint8_t)(i * 13 + i / 256);
    return r;
}

/* A frame of the kernel's for a test of both kinds that have descriptors. */
#define DESC_TEST(name)                                                                  \
    static void name##_any(uint32_t kind);                                               \
    EXO_TEST(name##_ring)                                                                \
    {                                                                                    \
        name##_any(EXO_NIC_RING);                                                        \
    }                                                                                    \
    EXO_TEST(name##_steer)                                                               \
    {                                                                                    \
        name##_any(EXO_NIC_STEER);                                                       \
    }                                                                                    \
    static void name##_any(uint32_t kind)
#define DESC_ROWS(name) RIG_ROW(name##_ring), RIG_ROW(name##_steer)

EXO_TEST(pio_gathers)
{
    boot_net(EXO_NIC_PIO, 1);
    for (uint32_t i = 0; i < 4096; i += 4) {
        uint32_t w = i * 0x01010101u + i / 7;
        put(DATA + i, &w, 4);
    }
    for (uint32_t skew = 0; skew < 5; skew++) {
        struct exo_piece piece[3] = {{DATA + skew, 14, 0},
                                     {DATA + 0x100 + skew * 2, 7 + skew, 0},
                                     {DATA + 0x800 - skew, 33, 0}};
        uint8_t want[1514];
        uint32_t n = 0;
        for (uint32_t i = 0; i < 3; i++)
            for (uint32_t k = 0; k < piece[i].length; k++) {
                uint8_t *p;
                CHECK(host_access(0, piece[i].va + k, EXO_R, &p));
                want[n++] = *p;
            }
        put(DATA + 0xf00, piece, sizeof piece);
        EXPECT(CALL(packet_send, DATA + 0xf00, 3), 0);
        CHECK(net_leaves(sent) == n && memcmp(sent, want, n) == 0);
    }
    CHECK(machine.io->sent == 5);
}

EXO_TEST(pio_refuses)
{
    boot_net(EXO_NIC_PIO, 1);
    struct exo_piece p[EXO_PIECES_MAX + 1] = {{DATA, 13, 0}};
    put(NET_AT, p, sizeof p);
    EXPECT(CALL(packet_send, NET_AT, 0), -EXO_ERANGE);
    EXPECT(CALL(packet_send, NET_AT, EXO_PIECES_MAX + 1), -EXO_ERANGE);
    EXPECT(CALL(packet_send, NET_AT, 1), -EXO_ERANGE); /* 13 bytes */
    p[0].length = 1515;
    put(NET_AT, p, sizeof p);
    EXPECT(CALL(packet_send, NET_AT, 1), -EXO_ERANGE);
    p[0].length = 0xffffffff;
    p[1].length = 61;
    put(NET_AT, p, sizeof p);
    EXPECT(CALL(packet_send, NET_AT, 2), -EXO_ERANGE);
    p[0] = (struct exo_piece){0x600000, 60, 0};
    put(NET_AT, p, sizeof p);
    EXPECT(CALL(packet_send, NET_AT, 1), -EXO_EFAULT);
    p[0].va = ~0ull - 10;
    put(NET_AT, p, sizeof p);
    EXPECT(CALL(packet_send, NET_AT, 1), -EXO_EFAULT);
    EXPECT(CALL(packet_send, 0x600000, 1), -EXO_EFAULT);
    CHECK(net_leaves(sent) == 0);
    p[0] = (struct exo_piece){DATA, 60, 0};
    put(NET_AT, p, sizeof p);
    uint32_t turns = machine.io->nic_turns;
    EXPECT(CALL(packet_send, NET_AT, 1), 0);
    EXPECT(CALL(packet_send, NET_AT, 1), -EXO_EBUSY);
    CHECK(machine.io->nic_turns == turns && net_leaves(sent) == 60);
    CHECK(machine.io->nic_turns == turns + 1);
    EXPECT(CALL(packet_send, NET_AT, 1), 0);
    EXPECT(CALL(desc_send, RING, 0, NET_AT, 1), -EXO_ENODEVCALL);
    EXPECT(CALL(queue_bind, RING, 0), -EXO_ENODEVCALL);
}

DESC_TEST(gathers)
{
    struct net_ring r = boot_send(kind);
    const uint8_t *b = frame_bytes(data_frame);
    struct exo_tx tx[] = {tx_of(data_frame, 3, 11, 0), tx_of(data_frame, 100, 50, 1),
                          tx_of(data_frame, machine.page_size - 60, 60, 1)};
    EXPECT(send_tx(tx, 3), 3);
    CHECK(machine.frame[data_frame].pins == 3);
    CHECK(net_leaves(sent) == 61);
    CHECK(memcmp(sent, b + 3, 11) == 0 && memcmp(sent + 11, b + 100, 50) == 0);
    CHECK(net_head(&r)->sent == 2 && machine.frame[data_frame].pins == 1);
    CHECK(net_leaves(sent) == 60 && memcmp(sent, b + machine.page_size - 60, 60) == 0);
    CHECK(net_head(&r)->sent == 3 && machine.frame[data_frame].pins == 0);
    CHECK(net_leaves(sent) == 0 && machine.io->sent == 2);
}

DESC_TEST(refuses)
{
    boot_send(kind);
    struct exo_tx good = tx_of(data_frame, 0, 60, 1), bad = good;
    EXPECT(send_tx(&good, 0), -EXO_ERANGE);
    EXPECT(send_tx(&good, 1) + CALL(packet_send, NET_AT, 1), 1 - EXO_ENODEVCALL);
    net_leaves(sent);
    uint32_t call = kind == EXO_NIC_RING ? EXO_CALL_desc_send : EXO_CALL_queue_send;
    EXPECT(rig_call(call, (const exo_word[6]){RING, 0, NET_AT, EXO_TX_MAX + 1}),
           -EXO_ERANGE);
    EXPECT(rig_call(call, (const exo_word[6]){RING + 1, 0, NET_AT, 1}), -EXO_ENAME);
    EXPECT(rig_call(call, (const exo_word[6]){RING, 9, NET_AT, 1}), -EXO_ECAP);
    EXPECT(rig_call(call, (const exo_word[6]){RING, 0, 0x600000, 1}), -EXO_EFAULT);
    static const struct {
        uint32_t offset, length, end;
        exo_sword error;
    } wrong[] = {{0, 0, 1, -EXO_ERANGE},          {0, 13, 1, -EXO_ERANGE},
                 {0, 1515, 1, -EXO_ERANGE},       {4096 - 59, 60, 1, -EXO_ERANGE},
                 {4096, 60, 1, -EXO_ERANGE},      {0xffffffff, 60, 1, -EXO_ERANGE},
                 {0, 0xffffffff, 1, -EXO_ERANGE}, {0, 60, 2, -EXO_EINVAL},
                 {0, 60, 0, -EXO_EINVAL}};
    for (uint32_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        bad = tx_of(data_frame, wrong[i].offset, wrong[i].length, wrong[i].end);
        EXPECT(send_tx(&bad, 1), wrong[i].error);
        struct exo_tx two[2] = {good, bad}; /* nothing of a call that fails */
        EXPECT(send_tx(two, 2), wrong[i].error);
    }
    bad = good;
    bad.data.cap = 9;
    EXPECT(send_tx(&bad, 1), -EXO_ECAP);
    bad.data = (struct exo_io_memory){machine.kinfo->export_frame, 0, 0, 0};
    EXPECT(send_tx(&bad, 1), -EXO_EFRAME);
    bad.data.frame = 0x7fffffff;
    EXPECT(send_tx(&bad, 1), -EXO_EFRAME);
    bad.data.frame = free_frame();
    EXPECT(send_tx(&bad, 1), -EXO_EFRAME);
    run_until(2);
    bad.data.frame = take_frame();
    run_until(1);
    EXPECT(send_tx(&bad, 1), -EXO_ENOTHELD);
    CHECK(net_leaves(sent) == 0 && machine.frame[data_frame].pins == 0);
}

DESC_TEST(fills_up)
{
    boot_send(kind);
    struct exo_tx tx[EXO_TX_MAX];
    for (uint32_t i = 0; i < EXO_TX_MAX; i++)
        tx[i] = tx_of(data_frame, 0, 60, 1);
    uint32_t n = 0;
    exo_sword got;
    while ((got = send_tx(tx, EXO_TX_MAX)) > 0)
        n += (uint32_t)got;
    EXPECT(got, -EXO_EBUSY);
    CHECK(n >= EXO_TX_MAX && machine.frame[data_frame].pins == n);
    uint32_t turns = machine.io->nic_turns;
    net_leaves(sent);
    CHECK(machine.io->nic_turns != turns);
    EXPECT(send_tx(tx, 2), 1); /* room for one */
    tx[0].end = 0;
    net_leaves(sent);
    EXPECT(send_tx(tx, 2), -EXO_EBUSY); /* a whole frame or nothing */
    while (net_leaves(sent) != 0)
        n--;
    CHECK(machine.frame[data_frame].pins == 0);
}

/* The sender is gone before its frames left: they stay nobody's until then. */
DESC_TEST(dies_sending)
{
    boot_net(kind, 2);
    run_until(2);
    struct net_ring r = net_ring(RING, 2);
    if (kind == EXO_NIC_STEER)
        CHECK(CALL(queue_bind, RING, 0) == 1);
    data_frame = take_frame();
    struct exo_tx tx = tx_of(data_frame, 0, 60, 1);
    EXPECT(send_tx(&tx, 1), 1);
    CALL(env_exit, 0);
    CHECK(machine.ring[RING].slots == 0);
    CHECK(machine.frame[r.frame[0]].type == EXO_FRAME_FREE);
    if (kind == EXO_NIC_RING) {
        EXPECT(CALL(frame_alloc, data_frame, 0), -EXO_EBUSY);
        CHECK(machine.frame[data_frame].pins == 1);
        CHECK(net_leaves(sent) == 60);
    } else {
        CHECK(net_leaves(sent) == 0); /* its queue was stopped */
    }
    EXPECT(CALL(frame_alloc, data_frame, 0), 0);
    r = net_ring(RING, 2);
    CHECK(net_head(&r)->sent == 0);
}

DESC_TEST(ring_ends_sending)
{
    struct net_ring r = boot_send(kind);
    struct exo_tx tx = tx_of(data_frame, 0, 60, 1);
    EXPECT(send_tx(&tx, 1), 1);
    EXPECT(CALL(ring_free, RING), 0);
    net_head(&r)->sent = 1234;
    CHECK(net_leaves(sent) == (kind == EXO_NIC_RING ? 60 : 0));
    CHECK(net_head(&r)->sent == 1234 && machine.frame[data_frame].pins == 0);
}

/* -- hardware queues -- */

static struct net_ring boot_queue(void)
{
    boot_net(EXO_NIC_STEER, 2);
    return net_ring(RING, 8);
}

EXO_TEST(queue_receives)
{
    struct net_ring r = boot_queue();
    struct net_program p = net_udp(7), q = net_from(9);
    exo_sword f = net_bind(RING, &p, 0);
    CHECK(machine.filter[f].where == EXO_FILTER_MERGED && host_nic_rules() == 0);
    EXPECT(CALL(queue_bind, RING, 0), 1);
    EXPECT(CALL(queue_bind, RING, 0), -EXO_EBUSY);
    CHECK(machine.ring[RING].queue == 2);
    CHECK(machine.filter[f].where == EXO_FILTER_HARDWARE && host_nic_rules() == 1);
    exo_sword g = net_bind(RING, &q, 0); /* bound when there is a queue */
    CHECK(machine.filter[g].where == EXO_FILTER_HARDWARE && host_nic_rules() == 2);
    for (uint32_t i = 0; i < 50; i++) {
        uint8_t frame[1514];
        net_frame(frame, i % 3 == 0 ? 9 : 1, i % 3 == 0 ? 1 : 7, 100 + i);
        frame[60] = (uint8_t)i;
        CHECK(net_arrive(frame, 100 + i));
        CHECK(net_head(&r)->produced == i + 1);
        CHECK(net_head(&r)->slot[i % 8].filter == EXO_NFILTER);
        CHECK(net_head(&r)->slot[i % 8].length == 100 + i);
        CHECK(memcmp(net_bytes(&r, i), frame, 100 + i) == 0);
        net_head(&r)->consumed = i + 1;
    }
    CHECK(machine.io->copied == 0 && machine.io->received == 50);
    EXPECT(net_unbind(g, 0), 0);
    CHECK(host_nic_rules() == 1);
}

/* What the hardware cannot tell comes by software, between the others, in order. */
EXO_TEST(queue_and_software)
{
    struct net_ring r = boot_queue();
    struct net_program p = net_udp(7), q = net_above(100);
    EXPECT(CALL(queue_bind, RING, 0), 1);
    exo_sword f = net_bind(RING, &p, 0), g = net_bind(RING, &q, 0);
    CHECK(machine.filter[f].where == EXO_FILTER_HARDWARE);
    CHECK(machine.filter[g].where == EXO_FILTER_MERGED);
    for (uint32_t i = 0; i < 40; i++) {
        uint32_t port = (i * 7 % 5) < 2 ? 200 : 7;
        CHECK(net_datagram(i, port));
        CHECK(net_head(&r)->produced == i + 1);
        CHECK(net_head(&r)->slot[i % 8].filter == (port == 7 ? EXO_NFILTER : g));
        CHECK(net_bytes(&r, i)[35] == (uint8_t)i &&
              net_bytes(&r, i)[37] == (uint8_t)port);
        net_head(&r)->consumed = i + 1;
    }
}

EXO_TEST(queue_fills)
{
    struct net_ring r = boot_queue();
    struct net_program p = net_udp(7), q = net_udp(8);
    CHECK(net_bind(RING, &p, 0) >= 0);
    EXPECT(CALL(queue_bind, RING, 0), 1);
    q.code[9].k = 60; /* shortened: not for hardware */
    CHECK(net_bind(RING, &q, 0) >= 0);
    uint32_t taken = 0;
    for (uint32_t i = 0; i < 10; i++)
        taken += net_datagram(i, 7);
    CHECK(taken == 6 && net_head(&r)->produced == 6 && net_head(&r)->dropped == 4);
    CHECK(net_datagram(1, 8) && net_head(&r)->produced == 7); /* kept for software */
    CHECK(net_datagram(1, 8) && net_datagram(1, 8) && net_head(&r)->produced == 8);
    net_head(&r)->consumed = 8;
    CHECK(!net_datagram(1, 7)); /* that one tells the kernel that there is room */
    CHECK(net_datagram(1, 7) && net_head(&r)->produced == 9);
    for (uint32_t i = 0; i < 20; i++) {
        net_head(&r)->consumed = (uint32_t)(i * 0x9e3779b9u); /* nonsense */
        net_datagram(1, 7);
        net_datagram(1, 8);
    }
}

/* Who sleeps may have consumed: the device gets slots before a frame is lost. */
EXO_TEST(queue_fills_again)
{
    struct net_ring r = boot_queue();
    struct net_program p = net_udp(7);
    struct exo_pred pred = {.op = EXO_PRED_TIME, .value = 0};
    EXPECT(CALL(queue_bind, RING, 0), 1);
    CHECK(net_bind(RING, &p, 0) >= 0);
    for (uint32_t round = 0; round < 5; round++) {
        for (uint32_t i = 0; i < 6; i++)
            CHECK(net_datagram(i, 7));
        net_head(&r)->consumed = net_head(&r)->produced;
        put(NET_AT, &pred, sizeof pred);
        EXPECT(CALL(sleep, NET_AT, 1), 0);
    }
    CHECK(net_head(&r)->produced == 30 && net_head(&r)->dropped == 0);
}

/* While no rule names the queue all slots are software's. */
EXO_TEST(queue_without_rules)
{
    struct net_ring r = boot_queue();
    struct net_program p = net_udp(7), q = net_above(100);
    EXPECT(CALL(queue_bind, RING, 0), 1);
    CHECK(net_bind(RING, &q, 0) >= 0 && host_nic_rules() == 0);
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < 8; i++)
            CHECK(net_datagram(i, 200));
        CHECK(net_head(&r)->produced == 9 * round + 8 && net_head(&r)->dropped == 0);
        net_head(&r)->consumed = 9 * round + 8;
        exo_sword f = net_bind(RING, &p, 0); /* lent, one filled, and all given back */
        CHECK(machine.filter[f].where == EXO_FILTER_HARDWARE);
        CHECK(net_datagram(1, 7) && net_head(&r)->produced == 9 * round + 9);
        EXPECT(net_unbind(f, 0), 0);
        CHECK(host_nic_rules() == 0);
        net_head(&r)->consumed = 9 * round + 9;
    }
}

/* Ports of what is no fragment at all is what the hardware tells: the usual filter of a TCP port. */
EXO_TEST(rule_of_whole_packets)
{
    struct net_ring r = boot_queue();
    struct net_program p = net_udp(7);
    uint8_t frame[1514];
    p.code[5].k = 0x3fff;
    EXPECT(CALL(queue_bind, RING, 0), 1);
    exo_sword f = net_bind(RING, &p, 0);
    CHECK(machine.filter[f].where == EXO_FILTER_HARDWARE && host_nic_rules() == 1);
    CHECK(net_datagram(1, 7) && net_head(&r)->slot[0].filter == EXO_NFILTER);
    net_frame(frame, 1, 7, 100);
    frame[20] = 0x20; /* more follow: nobody's */
    CHECK(net_arrive(frame, 100) && net_head(&r)->produced == 1);
    CHECK(machine.io->unclaimed == 1);
    EXPECT(net_unbind(f, 0), 0);
    p.code[5].k = 0x7fff; /* asks for a bit that the hardware does not look at */
    f = net_bind(RING, &p, 0);
    CHECK(machine.filter[f].where == EXO_FILTER_MERGED && host_nic_rules() == 0);
}

EXO_TEST(queue_ends)
{
    boot_queue();
    struct net_program p = net_udp(7);
    CHECK(net_bind(RING, &p, 0) >= 0);
    EXPECT(CALL(queue_bind, RING, 0), 1);
    CHECK(net_datagram(1, 7));
    EXPECT(CALL(ring_free, RING), 0); /* its slots were the device's: not any more */
    CHECK(host_nic_rules() == 0);
    net_datagram(1, 7);
    CHECK(machine.io->unclaimed == 1);
    for (uint32_t i = 0; i < 5; i++) { /* queues come back */
        struct net_ring r = net_ring(RING, 8);
        CHECK(net_bind(RING, &p, 0) >= 0);
        EXPECT(CALL(queue_bind, RING, 0), 1);
        CHECK(net_datagram(1, 7) && net_head(&r)->produced == 1);
        EXPECT(CALL(frame_free, r.frame[3]), 0); /* ends it as well */
        CHECK(machine.ring[RING].slots == 0);
    }
}

EXO_TEST(queue_refused)
{
    boot_queue();
    EXPECT(CALL(queue_bind, RING + 1, 0), -EXO_ENAME);
    EXPECT(CALL(queue_bind, RING, 9), -EXO_ECAP);
    EXPECT(CALL(queue_send, RING, 0, NET_AT, 1), -EXO_EINVAL); /* no queue yet */
    for (uint32_t i = 0; i < HOST_NIC_QUEUES; i++) {
        net_ring(10 + i, 2);
        EXPECT(CALL(queue_bind, 10 + i, 0),
               i + 1 < HOST_NIC_QUEUES ? (exo_sword)(i + 1) : -EXO_EFULL);
    }
    run_until(2);
    EXPECT(CALL(queue_bind, RING, 0), -EXO_EPERM);
}

/* A rule must not take what a newer filter of another ring would. */
EXO_TEST(rules_give_way)
{
    struct net_ring r = boot_queue(), s = net_ring(RING + 1, 8);
    struct net_program p = net_udp(7), q = net_from(9);
    EXPECT(CALL(queue_bind, RING, 0), 1);
    exo_sword f = net_bind(RING, &p, 0);
    CHECK(machine.filter[f].where == EXO_FILTER_HARDWARE);
    exo_sword g = net_bind(RING + 1, &q, 0); /* same owner: allowed, and first */
    CHECK(g >= 0 && machine.filter[f].where == EXO_FILTER_MERGED);
    CHECK(net_datagram(9, 7) && net_datagram(1, 7));
    CHECK(net_head(&s)->produced == 1 && net_head(&r)->produced == 1);
    CHECK(net_head(&r)->slot[0].filter == f && net_head(&s)->slot[0].filter == g);
    EXPECT(CALL(queue_bind, RING + 1, 0), 2);
    CHECK(machine.filter[g].where == EXO_FILTER_HARDWARE);
    CHECK(machine.filter[f].where == EXO_FILTER_MERGED);
    CHECK(net_datagram(9, 7) && net_head(&s)->produced == 2);
    CHECK(net_head(&s)->slot[1].filter == EXO_NFILTER);
    /* SHARED ones and those with ranges are never for hardware. */
    p = net_ethertype(0x806);
    f = net_bind(RING, &p, EXO_FILTER_SHARED);
    CHECK(machine.filter[f].where == EXO_FILTER_MERGED);
    p = net_ethertype(0x86dd);
    f = net_bind(RING, &p, 0);
    CHECK(machine.filter[f].where == EXO_FILTER_HARDWARE);
}

EXO_TEST(rules_run_out)
{
    boot_queue();
    EXPECT(CALL(queue_bind, RING, 0), 1);
    for (uint32_t i = 0; i < HOST_NIC_RULES + 4; i++) {
        struct net_program p = net_udp(1000 + i);
        exo_sword f = net_bind(RING, &p, 0);
        CHECK(machine.filter[f].where ==
              (i < HOST_NIC_RULES ? EXO_FILTER_HARDWARE : EXO_FILTER_MERGED));
    }
    CHECK(host_nic_rules() == HOST_NIC_RULES);
    for (uint32_t i = 0; i < HOST_NIC_RULES + 4; i++)
        net_datagram(1, 1000 + i);
}

const struct rig_test exo_send_tests[] = {RIG_ROW(pio_gathers),
                                          RIG_ROW(pio_refuses),
                                          DESC_ROWS(gathers),
                                          DESC_ROWS(refuses),
                                          DESC_ROWS(fills_up),
                                          DESC_ROWS(dies_sending),
                                          DESC_ROWS(ring_ends_sending),
                                          RIG_ROW(queue_receives),
                                          RIG_ROW(queue_and_software),
                                          RIG_ROW(queue_fills),
                                          RIG_ROW(queue_fills_again),
                                          RIG_ROW(queue_without_rules),
                                          RIG_ROW(rule_of_whole_packets),
                                          RIG_ROW(queue_ends),
                                          RIG_ROW(queue_refused),
                                          RIG_ROW(rules_give_way),
                                          RIG_ROW(rules_run_out),
                                          RIG_END};
