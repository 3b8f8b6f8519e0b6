// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_filter.c - packet filters: what is refused, who gets a packet, who may take whose. */
#include "exo_net.h"

#define BAD(...)                                                                         \
    do {                                                                                 \
        const struct exo_bpf bad_[] = {__VA_ARGS__};                                     \
        EXPECT(net_bind_with(RING, 0, bad_, sizeof bad_ / sizeof bad_[0], 0),            \
               -EXO_EPROGRAM);                                                           \
    } while (0)
#define GOOD(...)                                                                        \
    do {                                                                                 \
        const struct exo_bpf good_[] = {__VA_ARGS__};                                    \
        exo_sword f_ = net_bind_with(RING, 0, good_, sizeof good_ / sizeof good_[0], 0); \
        CHECK(f_ >= 0);                                                                  \
        EXPECT(net_unbind(f_, 0), 0);                                                    \
    } while (0)
#define ACCEPT                                                                           \
    {                                                                                    \
        BPF_RET, 0, 0, 100                                                               \
    }

NET_TEST(bad_programs)
{
    boot_net(kind, 1);
    net_ring(RING, 2);
    BAD({BPF_LD | BPF_IMM, 0, 0, 1});          /* runs off the end */
    BAD({BPF_JMP | BPF_JEQ, 0, 1, 1}, ACCEPT); /* jumps outside */
    BAD({BPF_JMP | BPF_JEQ, 255, 0, 1}, ACCEPT);
    BAD({BPF_JMP | BPF_JA, 0, 0, 1}, ACCEPT);
    BAD({BPF_JMP | BPF_JA, 0, 0, 0xffffffff}, ACCEPT); /* backward */
    BAD({BPF_JMP | BPF_JA, 0, 0, 0x7fffffff}, ACCEPT);
    BAD(ACCEPT, {BPF_JMP | BPF_JA, 0, 0, 0}); /* behind the return */
    BAD({BPF_ALU | BPF_DIV, 0, 0, 0}, ACCEPT);
    BAD({BPF_ALU | BPF_MOD, 0, 0, 0}, ACCEPT);
    BAD({BPF_LD | BPF_MEM, 0, 0, 0}, ACCEPT); /* not written */
    BAD({BPF_LDX | BPF_MEM, 0, 0, 15}, ACCEPT);
    BAD({BPF_ST, 0, 0, 16}, ACCEPT); /* no such word */
    BAD({BPF_STX, 0, 0, 0xffffffff}, ACCEPT);
    BAD({BPF_JMP | BPF_JEQ, 0, 1, 1}, {BPF_ST, 0, 0, 3}, /* written on one way only */
        {BPF_LD | BPF_MEM, 0, 0, 3}, ACCEPT);
    BAD({0xff, 0, 0, 0}, ACCEPT);
    BAD({0x100 | BPF_RET, 0, 0, 1});
    BAD({BPF_RET | 0x18, 0, 0, 1});
    BAD({BPF_LD | BPF_MSH | BPF_B, 0, 0, 14}, ACCEPT);
    BAD({BPF_LD | 0x18 | BPF_ABS, 0, 0, 14}, ACCEPT);
    BAD({BPF_JMP | 0x50, 0, 0, 0}, ACCEPT);
    BAD({BPF_ALU | 0xb0, 0, 0, 1}, ACCEPT);
    GOOD({BPF_ALU | BPF_DIV | BPF_X, 0, 0, 0}, ACCEPT);
    GOOD({BPF_ALU | BPF_NEG, 0, 0, 0}, {BPF_RET | BPF_A, 0, 0, 0});
    GOOD({BPF_JMP | BPF_JEQ, 0, 1, 1}, {BPF_ST, 0, 0, 3}, {BPF_ST, 0, 0, 3},
         {BPF_LD | BPF_MEM, 0, 0, 3}, ACCEPT);
    GOOD({BPF_RET, 0, 0, 0}); /* accepts nothing: allowed */
}

NET_TEST(bad_arguments)
{
    static struct exo_bpf many[EXO_BPF_MAX + 1];
    boot_net(kind, 1);
    net_ring(RING, 2);
    struct net_program all = net_all();
    EXPECT(net_bind_with(RING, 0, all.code, 0, 0), -EXO_ERANGE);
    EXPECT(CALL(filter_bind, RING, 0, NET_AT, EXO_BPF_MAX + 1, 0), -EXO_ERANGE);
    EXPECT(CALL(filter_bind, RING, 0, NET_AT, (exo_word)-1, 0), -EXO_ERANGE);
    EXPECT(net_bind(RING, &all, 2), -EXO_EINVAL);
    EXPECT(net_bind_with(RING, 0, all.code, 1, (exo_word)1 << 40), -EXO_EINVAL);
    EXPECT(net_bind(RING + 1, &all, 0), -EXO_ENAME);
    EXPECT(net_bind(EXO_NRING, &all, 0), -EXO_ENAME);
    EXPECT(net_bind_with(RING, 5, all.code, 1, 0), -EXO_ECAP);
    EXPECT(CALL(cap_derive, 0, 1, 7, EXO_CAP_R | EXO_CAP_W), 0);
    EXPECT(net_bind_with(RING, 1, all.code, 1, 0), -EXO_EPERM);
    EXPECT(CALL(filter_bind, RING, 0, 0x600000, 1, 0), -EXO_EFAULT);
    EXPECT(CALL(filter_free, 0, 0), -EXO_ENAME);
    EXPECT(CALL(filter_free, EXO_NFILTER, 0), -EXO_ENAME);
    EXPECT(CALL(filter_free, (exo_word)-1, 0), -EXO_ENAME);
    for (uint32_t i = 0; i < EXO_BPF_MAX; i++)
        many[i] = (struct exo_bpf){BPF_RET, 0, 0, 5};
    put(NET_AT, many, sizeof many[0] * EXO_BPF_MAX); /* as long as can be */
    exo_sword f = CALL(filter_bind, RING, 0, NET_AT, EXO_BPF_MAX, 0);
    CHECK(f >= 0);
    EXPECT(net_unbind(f, 1), -EXO_EPERM);
    EXPECT(net_unbind(f, 5), -EXO_ECAP);
    EXPECT(net_unbind(f, 0), 0);
}

/* Program 2 cannot take or see what is program 1's. */
NET_TEST(no_stealing)
{
    boot_net(kind, 2);
    struct net_ring mine = net_ring(RING, 4);
    struct net_program p = net_udp(5000), all = net_all();
    CHECK(net_bind(RING, &p, 0) >= 0);
    run_until(2);
    struct net_ring his = net_ring(RING + 1, 4);
    EXPECT(net_bind(RING + 1, &p, 0), -EXO_EOVERLAP);
    EXPECT(net_bind(RING + 1, &p, EXO_FILTER_SHARED), -EXO_EOVERLAP);
    EXPECT(net_bind(RING + 1, &all, 0), -EXO_EOVERLAP);
    EXPECT(net_bind(RING + 1, &all, EXO_FILTER_SHARED), -EXO_EOVERLAP);
    p = net_ethertype(0x800);
    EXPECT(net_bind(RING + 1, &p, 0), -EXO_EOVERLAP);
    p = net_from(7); /* another field: a packet can have both */
    EXPECT(net_bind(RING + 1, &p, 0), -EXO_EOVERLAP);
    p = net_above(4000);
    EXPECT(net_bind(RING + 1, &p, 0), -EXO_EOVERLAP);
    p = net_udp(5001);
    p.code[7].code = BPF_LD | BPF_B | BPF_IND; /* half the port only */
    p.code[8].k = 5000 >> 8;
    EXPECT(net_bind(RING + 1, &p, 0), -EXO_EOVERLAP);
    p.code[8].k = 1;
    CHECK(net_bind(RING + 1, &p, 0) >= 0);
    p = net_above(5000);
    CHECK(net_bind(RING + 1, &p, 0) >= 0);
    p = net_ethertype(0x806);
    CHECK(net_bind(RING + 1, &p, 0) >= 0);
    run_until(1);
    EXPECT(net_bind(RING, &all, 0), -EXO_EOVERLAP); /* nor the other way round */
    net_datagram(1, 5000);
    net_datagram(1, 5001);
    net_datagram(1, 256);
    CHECK(net_head(&mine)->produced == 1 && net_head(&his)->produced == 2);
}

NET_TEST(arithmetic_is_not_trusted)
{
    boot_net(kind, 2);
    net_ring(RING, 4);
    struct net_program p = net_udp(5000);
    CHECK(net_bind(RING, &p, 0) >= 0);
    run_until(2);
    net_ring(RING + 1, 4);
    const struct exo_bpf sneaky[] = {/* the port, computed: 5000 = 2500 * 2 */
                                     {BPF_LD | BPF_H | BPF_ABS, 0, 0, 36},
                                     {BPF_ALU | BPF_RSH, 0, 0, 1},
                                     {BPF_ALU | BPF_MUL, 0, 0, 3},
                                     {BPF_JMP | BPF_JEQ, 0, 1, 7500},
                                     {BPF_RET, 0, 0, 65535},
                                     {BPF_RET, 0, 0, 0}};
    EXPECT(net_bind_with(RING + 1, 0, sneaky, 6, 0), -EXO_EOVERLAP);
    const struct exo_bpf even[] = {/* lengths that are multiples of 8, not length 0 */
                                   {BPF_LD | BPF_LEN, 0, 0, 0},
                                   {BPF_JMP | BPF_JSET, 1, 0, 7},
                                   {BPF_RET, 0, 0, 65535},
                                   {BPF_RET, 0, 0, 0}};
    EXPECT(net_bind_with(RING + 1, 0, even, 4, 0), -EXO_EOVERLAP);
}

NET_TEST(shared)
{
    boot_net(kind, 2);
    struct net_ring mine = net_ring(RING, 4);
    struct net_program arp = net_ethertype(0x806), p = net_udp(7);
    uint8_t frame[1514] = {[5] = 1, [12] = 8, [13] = 6, [40] = 0x55};
    CHECK(net_bind(RING, &arp, EXO_FILTER_SHARED) >= 0);
    CHECK(net_bind(RING, &arp, EXO_FILTER_SHARED) >= 0); /* a ring gets one copy */
    run_until(2);
    struct net_ring his = net_ring(RING + 1, 4);
    EXPECT(net_bind(RING + 1, &arp, 0), -EXO_EOVERLAP);
    CHECK(net_bind(RING + 1, &arp, EXO_FILTER_SHARED) >= 0);
    CHECK(net_bind(RING + 1, &p, 0) >= 0);
    net_arrive(frame, 60);
    CHECK(net_head(&mine)->produced == 1 && net_head(&his)->produced == 1);
    CHECK(net_bytes(&mine, 0)[40] == 0x55 && net_bytes(&his, 0)[40] == 0x55);
    CHECK(machine.io->received == 1 && machine.io->copied == 120);
    net_head(&his)->consumed = 0xffffffff;
    net_head(&mine)->consumed = 1;
    net_arrive(frame, 60); /* one has no room: the other gets it all the same */
    CHECK(net_head(&mine)->produced == 2);
    run_until(1);
    EXPECT(net_bind(RING, &p, EXO_FILTER_SHARED), -EXO_EOVERLAP);
}

/* Whoever could take the ring away may take its packets: the newer filter comes first. */
NET_TEST(domination)
{
    boot_net(kind, 2);
    EXPECT(CALL(cap_derive, 0, 1, 7, EXO_CAP_ALL), 0);
    struct net_ring child = net_frames(RING, 4);
    for (uint32_t i = 0; i < child.nframes; i++) { /* frames of the derived capability */
        EXPECT(CALL(frame_free, child.frame[i]), 0);
        EXPECT(CALL(frame_alloc, child.frame[i], 1), 0);
    }
    EXPECT(net_ring_alloc(&child, 1), 0);
    struct net_ring parent = net_ring(RING + 1, 4);
    struct net_program all = net_all(), p = net_udp(7);
    exo_sword low = net_bind_with(RING, 1, p.code, p.n, 0);
    CHECK(low >= 0);
    net_datagram(1, 7);
    CHECK(net_head(&child)->produced == 1);
    exo_sword high = net_bind(RING + 1, &all, 0);
    CHECK(high >= 0);
    net_datagram(1, 7);
    CHECK(net_head(&child)->produced == 1 && net_head(&parent)->produced == 1);
    p = net_udp(8);
    EXPECT(net_bind_with(RING, 1, p.code, p.n, 0), -EXO_EOVERLAP); /* not upwards */
    EXPECT(net_unbind(high, 1), -EXO_EPERM);
    EXPECT(net_unbind(high, 0), 0);
    net_datagram(1, 7);
    CHECK(net_head(&child)->produced == 2);
    /* A copy for whoever dominates, as long as it is the first: the rest is hidden. */
    high = net_bind(RING + 1, &all, EXO_FILTER_SHARED);
    net_datagram(1, 7);
    CHECK(net_head(&child)->produced == 2 && net_head(&parent)->produced == 2);
    EXPECT(net_unbind(low, 0), 0); /* the guard is dominated */
}

NET_TEST(many)
{
    boot_net(kind, 2);
    struct net_ring r = net_ring(RING, 2);
    exo_sword f = 0;
    uint32_t n = 0;
    for (; n < EXO_NFILTER && f >= 0; n++) {
        struct net_program p = net_udp(1000 + n);
        f = net_bind(RING, &p, 0);
    }
    CHECK(n == EXO_NFILTER && f >= 0 && machine.ring[RING].filters == EXO_NFILTER);
    struct net_program p = net_udp(9);
    EXPECT(net_bind(RING, &p, 0), -EXO_EFULL);
    for (uint32_t i = 0; i < 20; i++) {
        net_datagram(1, 1000 + i * 64);
        CHECK(net_head(&r)->produced == i + 1);
        net_head(&r)->consumed = i + 1;
    }
    EXPECT(CALL(ring_free, RING), 0);
    CHECK(machine.filter[0].ring == 0 && machine.filter[EXO_NFILTER - 1].ring == 0);
}

NET_TEST(flood)
{
    boot_net(kind, 1);
    net_ring(RING, 2);
    exo_sword f = 0;
    uint32_t n = 0;
    struct net_program all = net_all();
    while (f >= 0 && n <= EXO_NALONE)
        f = net_bind(RING, &all, 0), n++;
    CHECK(f == -EXO_EFULL && n == EXO_NALONE + 1);
    for (n = 0, f = 0; f >= 0 && n <= EXO_NCHAIN; n++) {
        struct net_program p = net_udp(7);
        f = net_bind(RING, &p, 0);
    }
    CHECK(f == -EXO_EFULL && n > 4);
    for (n = 0, f = 0; f >= 0 && n <= 4 * EXO_NSHAPE; n++) { /* a shape each */
        struct net_program p = net_ethertype(1);
        p.code[0].k = 40 + 4 * n;
        f = net_bind(RING, &p, 0);
    }
    CHECK(f == -EXO_EFULL && n <= EXO_NSHAPE + 1);
    for (uint32_t i = 0; i < 10; i++)
        net_datagram(1, 7);
    EXPECT(CALL(ring_free, RING), 0);
    net_ring(RING + 1, 2);
    CHECK(net_bind(RING + 1, &all, 0) >= 0);
}

NET_TEST(interpreted)
{
    boot_net(kind, 1);
    struct net_ring r = net_ring(RING, 4);
    const struct exo_bpf odd[] = {
        {BPF_LD | BPF_B | BPF_ABS, 0, 0, 37}, {BPF_ALU | BPF_MOD, 0, 0, 3},
        {BPF_JMP | BPF_JEQ, 0, 2, 1},         {BPF_LD | BPF_LEN, 0, 0, 0},
        {BPF_RET | BPF_A, 0, 0, 0},           {BPF_RET, 0, 0, 0}};
    exo_sword f = net_bind_with(RING, 0, odd, 6, 0);
    CHECK(f >= 0 && machine.filter[f].where == EXO_FILTER_ALONE);
    for (uint32_t i = 0; i < 9; i++)
        net_datagram(1, i);
    CHECK(net_head(&r)->produced == 3 && net_head(&r)->slot[2].length == 100);
}

const struct rig_test exo_filter_tests[] = {
    NET_ROWS(bad_programs), NET_ROWS(bad_arguments),
    NET_ROWS(no_stealing),  NET_ROWS(arithmetic_is_not_trusted),
    NET_ROWS(shared),       NET_ROWS(domination),
    NET_ROWS(many),         NET_ROWS(flood),
    NET_ROWS(interpreted),  RIG_END};
