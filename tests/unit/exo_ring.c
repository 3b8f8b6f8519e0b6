// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_ring.c - packet rings: made, refused, filled, shared, ended; hostile heads. */
#include "exo_net.h"

NET_TEST(ring_life)
{
    boot_net(kind, 2);
    struct balance before = balance();
    struct net_ring r = net_ring(RING, RING_SLOTS);
    CHECK(machine.ring[RING].slots == RING_SLOTS && ring_held(1, RING));
    CHECK(net_head(&r)->slots == RING_SLOTS && net_head(&r)->produced == 0);
    for (uint32_t i = 0; i < r.nframes; i++)
        CHECK(machine.frame[r.frame[i]].pins == 1);
    EXPECT(CALL(ring_free, RING), 0);
    EXPECT(CALL(ring_free, RING), -EXO_ENAME);
    CHECK(machine.ring[RING].slots == 0);
    for (uint32_t i = 0; i < r.nframes; i++)
        EXPECT(CALL(frame_free, r.frame[i]), 0);
    CHECK(balanced(&before));
}

NET_TEST(ring_refused)
{
    boot_net(kind, 2);
    struct net_ring r = net_frames(RING, RING_SLOTS), bad = r;
    bad.number = EXO_NRING;
    EXPECT(net_ring_alloc(&bad, 0), -EXO_ENAME);
    EXPECT(net_ring_alloc(&r, 9), -EXO_ECAP);
    EXPECT(CALL(cap_derive, 0, 1, 7, EXO_CAP_R), 0);
    EXPECT(net_ring_alloc(&r, 1), -EXO_EPERM); /* makes nothing */
    EXPECT(CALL(cap_derive, 0, 2, 7, EXO_CAP_ALL), 0);
    EXPECT(net_ring_alloc(&r, 2), -EXO_EPERM); /* does not satisfy the frames' guards */
    for (uint32_t slots = 0; slots < 300; slots++) {
        bad = r;
        bad.slots = slots;
        if (slots != RING_SLOTS) /* too few, too many, odd, or not of these frames */
            EXPECT(net_ring_alloc(&bad, 0), slots == 3 ? -EXO_ERANGE : -EXO_ERANGE);
    }
    bad = r;
    bad.frame[2] = bad.frame[1];
    EXPECT(net_ring_alloc(&bad, 0), -EXO_EINVAL);
    static const uint32_t none[] = {0, 1, 0xffffffff, 1536};
    for (uint32_t i = 0; i < 4; i++) {
        bad = r;
        bad.frame[1] = none[i];
        EXPECT(net_ring_alloc(&bad, 0), -EXO_EFRAME);
    }
    bad.frame[1] = machine.kinfo->export_frame;
    EXPECT(net_ring_alloc(&bad, 0), -EXO_EFRAME);
    EXPECT(CALL(ring_alloc, RING, 0x600000, 0), -EXO_EFAULT);
    CHECK(machine.ring[RING].slots == 0 && machine.frame[r.frame[0]].pins == 0);
    EXPECT(net_ring_alloc(&r, 0), 0);
    EXPECT(net_ring_alloc(&r, 0), -EXO_EBUSY);
}

NET_TEST(foreign_frames)
{
    boot_net(kind, 2);
    struct net_ring r = net_frames(RING, RING_SLOTS);
    run_until(2);
    EXPECT(net_ring_alloc(&r, 0), -EXO_ENOTHELD);
    run_until(1);
    EXPECT(net_ring_alloc(&r, 0), 0);
    run_until(2);
    EXPECT(CALL(ring_free, RING), -EXO_ENOTHELD);
    EXPECT(CALL(ring_hold, RING, 0, 0), -EXO_EPERM);
    EXPECT(CALL(ring_revoke, RING, 1, 0, 100), -EXO_EPERM);
    EXPECT(CALL(ring_free, RING + 1), -EXO_ENAME);
    EXPECT(CALL(ring_hold, EXO_NRING, 0, 0), -EXO_ENAME);
    EXPECT(CALL(ring_revoke, EXO_NRING + 7, 1, 0, 0), -EXO_ENAME);
    struct net_program all = net_all();
    EXPECT(net_bind(RING, &all, 0), -EXO_EPERM);
}

NET_TEST(packets_arrive)
{
    uint8_t frame[1514];
    boot_net(kind, 2);
    struct net_ring r = net_ring(RING, RING_SLOTS);
    struct net_program p = net_udp(5000);
    exo_sword filter = net_bind(RING, &p, 0);
    CHECK(filter >= 0);
    CHECK(machine.filter[filter].where == EXO_FILTER_MERGED);
    for (uint32_t length = 60, n = 0; length <= 1514; length += length < 80 ? 1 : 103) {
        net_frame(frame, 1, 5000, length);
        CHECK(net_arrive(frame, length));
        CHECK(net_head(&r)->produced == n + 1);
        CHECK(net_head(&r)->slot[n % RING_SLOTS].length == length);
        CHECK(net_head(&r)->slot[n % RING_SLOTS].filter == filter);
        CHECK(memcmp(net_bytes(&r, n), frame, length) == 0);
        net_head(&r)->consumed = ++n;
    }
    uint32_t got = net_head(&r)->produced;
    CHECK(machine.io->received == got && machine.io->unclaimed == 0);
    CHECK(machine.filter[filter].packets == got);
    net_datagram(5000, 5001);
    CHECK(net_head(&r)->produced == got && machine.io->unclaimed == 1);
    EXPECT(net_unbind(filter, 0), 0);
    net_datagram(1, 5000);
    CHECK(net_head(&r)->produced == got && machine.io->unclaimed == 2);
}

NET_TEST(shortened)
{
    uint8_t frame[1514];
    boot_net(kind, 2);
    struct net_ring r = net_ring(RING, RING_SLOTS);
    struct net_program p = net_udp(5000);
    p.code[9].k = 51;
    CHECK(net_bind(RING, &p, 0) >= 0);
    memset(frame_bytes(r.frame[1]), 0xee, 2 * EXO_RING_SLOT);
    net_frame(frame, 1, 5000, 1000);
    net_arrive(frame, 1000);
    CHECK(net_head(&r)->slot[0].length == 51);
    CHECK(memcmp(net_bytes(&r, 0), frame, 51) == 0);
    CHECK(net_bytes(&r, 0)[52] == 0xee && net_bytes(&r, 0)[51] != 0xee + 1);
}

NET_TEST(full_ring_drops)
{
    boot_net(kind, 2);
    struct net_ring r = net_ring(RING, RING_SLOTS);
    struct net_program all = net_all();
    CHECK(net_bind(RING, &all, 0) >= 0);
    for (uint32_t i = 0; i < RING_SLOTS + 3; i++)
        net_datagram(1, i);
    CHECK(net_head(&r)->produced == RING_SLOTS && net_head(&r)->dropped == 3);
    CHECK(net_bytes(&r, 0)[37] == 0); /* the first is still there */
    net_head(&r)->consumed = 1;
    net_datagram(1, 9);
    CHECK(net_head(&r)->produced == RING_SLOTS + 1 && net_head(&r)->dropped == 3);
    CHECK(net_bytes(&r, RING_SLOTS)[37] == 9);
}

/* Whatever a program writes into the head, the kernel keeps count. */
NET_TEST(hostile_head)
{
    static const uint32_t words[] = {0, 1, 3, 4, 5, 0x7fffffff, 0x80000000, 0xffffffff};
    boot_net(kind, 2);
    struct net_ring r = net_ring(RING, RING_SLOTS);
    struct net_program all = net_all();
    CHECK(net_bind(RING, &all, 0) >= 0);
    uint32_t real = 0;
    for (uint32_t i = 0; i < 64; i++) {
        struct exo_ring_head *h = net_head(&r);
        h->consumed = words[i % 8] + (i & 8 ? real : 0);
        h->produced = 0xdead0000 + i;
        h->slots = 0xffffffff;
        h->dropped = h->sent = 77;
        memset(h->slot, 0xff, sizeof h->slot);
        net_datagram(1, i);
        if (h->produced != 0xdead0000 + i)
            CHECK(h->produced == ++real &&
                  h->slot[(real - 1) % RING_SLOTS].length == 100);
        else
            CHECK(h->dropped != 77);
    }
    CHECK(machine.io->received == 64 && real > 8);
}

NET_TEST(many_packets)
{
    boot_net(kind, 2);
    struct net_ring r = net_ring(RING, 2);
    struct net_program all = net_all();
    CHECK(net_bind(RING, &all, 0) >= 0);
    for (uint32_t i = 0; i < 1000; i++) {
        net_datagram(1, i);
        CHECK(net_head(&r)->produced == i + 1);
        net_head(&r)->consumed = i + 1;
    }
}

NET_TEST(frame_lost_ends_it)
{
    boot_net(kind, 2);
    struct net_ring r = net_ring(RING, RING_SLOTS);
    struct net_program all = net_all();
    CHECK(net_bind(RING, &all, 0) >= 0);
    EXPECT(CALL(frame_free, r.frame[2]), 0);
    CHECK(machine.ring[RING].slots == 0);
    CHECK(machine.frame[r.frame[2]].type == EXO_FRAME_FREE);
    CHECK(machine.frame[r.frame[0]].pins == 0);
    net_datagram(1, 1);
    CHECK(machine.io->unclaimed == 1 && machine.filter[0].ring == 0);
}

NET_TEST(frame_of_another_holder)
{
    boot_net(kind, 2);
    make_child(7);
    struct net_ring r = net_ring(RING, RING_SLOTS);
    for (uint32_t i = 0; i < r.nframes; i++)
        EXPECT(CALL(frame_hold, r.frame[i], 7, 0), 0);
    EXPECT(CALL(ring_hold, RING, 7, 0), 0);
    EXPECT(CALL(ring_hold, RING, 7, 0), -EXO_EBUSY);
    EXPECT(CALL(frame_free, r.frame[1]), 0); /* 7 has it, and the ring */
    CHECK(machine.ring[RING].slots == RING_SLOTS);
    EXPECT(CALL(ring_free, RING), 0);
    CHECK(machine.ring[RING].slots == RING_SLOTS && ring_held(7, RING));
    EXPECT(CALL(ring_free, RING), -EXO_ENOTHELD);
    EXPECT(CALL(env_destroy, 7, 0, 0), 0);
    CHECK(machine.ring[RING].slots == 0 && machine.frame[r.frame[0]].pins == 0);
}

NET_TEST(dies_with_rings)
{
    boot_net(kind, 3);
    struct net_program p = net_udp(7);
    run_until(2);
    struct balance before = balance();
    (void)before;
    struct net_ring a = net_ring(RING, RING_SLOTS), b = net_ring(RING + 1, 2);
    CHECK(net_bind(RING, &p, 0) >= 0);
    p = net_udp(8);
    CHECK(net_bind(RING + 1, &p, 0) >= 0);
    CALL(env_exit, 0);
    CHECK(machine.ring[RING].slots == 0 && machine.ring[RING + 1].slots == 0);
    CHECK(machine.frame[a.frame[0]].type == EXO_FRAME_FREE);
    CHECK(machine.frame[b.frame[1]].type == EXO_FRAME_FREE);
    net_datagram(1, 7);
    CHECK(machine.io->unclaimed == 1);
    run_until(3);
    p = net_udp(7);
    net_ring(RING, 2);
    CHECK(net_bind(RING, &p, 0) >= 0); /* the names and the port are free again */
}

NET_TEST(revoked)
{
    boot_net(kind, 2);
    struct net_program p = net_udp(7);
    make_child(7);
    uint32_t up = give_upage(7);
    (void)up;
    struct net_ring r = net_ring(RING, RING_SLOTS);
    exo_sword filter = net_bind(RING, &p, 0);
    for (uint32_t i = 0; i < r.nframes; i++)
        EXPECT(CALL(frame_hold, r.frame[i], 7, 0), 0);
    EXPECT(CALL(ring_revoke, RING, 7, 0, 1000), -EXO_ENOTHELD);
    EXPECT(CALL(filter_revoke, (exo_word)filter, 7, 0, 1000), -EXO_ENOTHELD);
    EXPECT(CALL(ring_hold, RING, 7, 0), 0);
    EXPECT(CALL(filter_revoke, (exo_word)filter, 7, 0, 1000), 0);
    EXPECT(CALL(filter_revoke, (exo_word)filter, 7, 0, 1000), -EXO_EBUSY);
    EXPECT(CALL(filter_revoke, (exo_word)filter, 7, 9, 1000), -EXO_ECAP);
    EXPECT(CALL(filter_revoke, EXO_NFILTER, 7, 0, 1000), -EXO_ENAME);
    host_advance(EXO_SLICE_CYCLES * 2);
    host_tick(0);
    CHECK(machine.filter[filter].ring == 0 && machine.ring[RING].filters == 0);
    CHECK(upage(7)->repo_count == 1 &&
          upage(7)->repo[0] == ((uint32_t)EXO_RES_FILTER << 28 | (uint32_t)filter));
    run_until(1);
    filter = net_bind(RING, &p, 0);
    EXPECT(CALL(filter_revoke, (exo_word)filter, 7, 0, 1000), 0);
    EXPECT(CALL(ring_revoke, RING, 7, 0, 1000), 0);
    host_advance(EXO_SLICE_CYCLES * 2);
    host_tick(0);
    CHECK(!ring_held(7, RING) && ring_held(1, RING));
    CHECK(upage(7)->repo_count >= 2);
}

NET_TEST(no_network)
{
    (void)kind;
    boot(1);
    EXPECT(CALL(ring_alloc, 0, NET_AT, 0), -EXO_ENODEVCALL);
    EXPECT(CALL(filter_bind, 0, 0, NET_AT, 1, 0), -EXO_ENODEVCALL);
    EXPECT(CALL(packet_send, NET_AT, 1), -EXO_ENODEVCALL);
    EXPECT(CALL(desc_send, 0, 0, NET_AT, 1), -EXO_ENODEVCALL);
    EXPECT(CALL(queue_bind, 0, 0), -EXO_ENODEVCALL);
    CHECK(machine.kinfo->rings_off == 0 && machine.kinfo->filters_off == 0);
}

const struct rig_test exo_ring_tests[] = {
    NET_ROWS(ring_life),          NET_ROWS(ring_refused),
    NET_ROWS(foreign_frames),     NET_ROWS(packets_arrive),
    NET_ROWS(shortened),          NET_ROWS(full_ring_drops),
    NET_ROWS(hostile_head),       NET_ROWS(many_packets),
    NET_ROWS(frame_lost_ends_it), NET_ROWS(frame_of_another_holder),
    NET_ROWS(dies_with_rings),    NET_ROWS(revoked),
    NET_ROWS(no_network),         RIG_END};
