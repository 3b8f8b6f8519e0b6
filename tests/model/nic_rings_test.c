// SPDX-License-Identifier: GPL-2.0-or-later
/* nic_rings_test.c - descriptor rings, by exo,nic-ring: wrap, ownership, errors, moderation. */
#include "nic_rig.h"
#include "suites.h"
#include <string.h>

static void open_ring(struct rig *r, struct nic_rings *n, uint32_t count)
{
    rig_open(r, "exo,nic-ring", NULL);
    nic_rings_start(n, r, 0, count);
    CU_ASSERT(r->f.errors == 0 && nic_get(n, M_NR_CONTROL) == 3);
}

/* Three times around a ring of 4, indexes past it. */
static void receive_wraps(void)
{
    struct rig r;
    struct nic_rings n;
    open_ring(&r, &n, 4);
    nic_supply(&n, 4);
    for (uint32_t i = 0; i < 12; i++) {
        uint8_t frame[1514];
        uint32_t len = 60 + i * 100;
        nic_frame(frame, len, TO_ME, 0x800, i);
        nic_receive(&r, frame, len);
        struct nic_desc d = nic_desc_get(&r, n.rx, i, 4);
        CU_ASSERT(d.flags == M_NR_DONE && d.length == len);
        CU_ASSERT(d.pa == n.rx_buffers + i % 4 * 2048);
        CU_ASSERT(memcmp(r.f.ram + d.pa, frame, len) == 0);
        CU_ASSERT(nic_get(&n, M_NR_RX_HEAD) == i + 1);
        nic_supply(&n, 1);
    }
    CU_ASSERT(r.f.errors == 0);
    rig_close(&r);
}

static void no_room(void)
{
    struct rig r;
    struct nic_rings n;
    struct hw_nic_stats s;
    uint8_t frame[100];
    nic_frame(frame, 100, TO_ME, 0x800, 1);
    open_ring(&r, &n, 4);
    nic_receive(&r, frame, 100); /* no buffer was given */
    CU_ASSERT(nic_get(&n, M_NR_CAUSE) == M_NIC_LOST && r.f.irq);
    CU_ASSERT(fake_env_last(&r.f, 0)->event != HW_EV_NIC_RX);
    nic_supply(&n, 1);
    nic_receive(&r, frame, 100);
    nic_receive(&r, frame, 100); /* and that was the last one */
    CU_ASSERT(nic_get(&n, M_NR_CAUSE) == (M_NIC_LOST | M_NIC_RX));
    nic_set(&n, M_NR_ACK, M_NIC_LOST);
    CU_ASSERT(nic_get(&n, M_NR_CAUSE) == M_NIC_RX && r.f.irq);
    nic_set(&n, M_NR_ACK, M_NIC_RX);
    CU_ASSERT(nic_get(&n, M_NR_CAUSE) == 0 && !r.f.irq);
    nic_set(&n, M_NR_CONTROL, M_NIC_TX); /* a ring that stands */
    nic_receive(&r, frame, 100);
    r.nic->stats(r.dev, &s);
    CU_ASSERT(s.rx_frames == 1 && s.rx_dropped == 3 && r.f.errors == 0);
    rig_close(&r);
}

static void bad_buffers(void)
{
    struct rig r;
    struct nic_rings n;
    struct hw_nic_stats s;
    uint8_t frame[200];
    nic_frame(frame, 200, TO_ME, 0x800, 1);
    open_ring(&r, &n, 4);
    nic_desc_put(&r, n.rx, 0, 4, &(struct nic_desc){n.rx_buffers, 199, 0});
    nic_desc_put(&r, n.rx, 1, 4, &(struct nic_desc){RIG_RAM - 10, 2048, 0});
    nic_desc_put(&r, n.rx, 2, 4, &(struct nic_desc){UINT64_MAX - 5, 2048, 0});
    nic_set(&n, M_NR_RX_TAIL, 3);
    nic_receive(&r, frame, 200); /* too small: it stays */
    CU_ASSERT(nic_get(&n, M_NR_RX_HEAD) == 0 && r.f.errors == 1);
    nic_receive(&r, frame, 199); /* just enough */
    CU_ASSERT(nic_get(&n, M_NR_RX_HEAD) == 1);
    CU_ASSERT(nic_desc_get(&r, n.rx, 0, 4).flags == M_NR_DONE);
    for (uint32_t i = 1; i < 3; i++) {
        nic_receive(&r, frame, 200); /* not RAM: back with an error */
        struct nic_desc d = nic_desc_get(&r, n.rx, i, 4);
        CU_ASSERT(d.flags == (M_NR_DONE | M_NR_ERROR) && d.length == 0);
        CU_ASSERT(nic_get(&n, M_NR_RX_HEAD) == i + 1);
    }
    r.nic->stats(r.dev, &s);
    CU_ASSERT(s.rx_frames == 1 && s.rx_dropped == 3);
    rig_close(&r);
}

static void transmit_gathers_and_wraps(void)
{
    struct rig r;
    struct nic_rings n;
    uint8_t frame[1000];
    open_ring(&r, &n, 4);
    for (uint32_t i = 0; i < 12; i += 3) { /* three pieces a frame */
        nic_frame(frame, 1000, TO_ALL, 0x800, i);
        nic_queue(&n, i, frame, 14, 0);
        nic_queue(&n, i + 1, frame + 14, 500, 0);
        nic_set(&n, M_NR_TX_TAIL, i + 2);
        nic_pass(&r, 5000); /* no END yet: it waits */
        CU_ASSERT(r.f.frames == i / 3 && nic_get(&n, M_NR_TX_HEAD) == i);
        nic_queue(&n, i + 2, frame + 514, 486, M_NR_END);
        nic_set(&n, M_NR_TX_TAIL, i + 3);
        nic_pass(&r, r.f.wire_cycles - 1);
        CU_ASSERT(r.f.frames == i / 3 + 1 && r.f.nsent == 1000);
        CU_ASSERT(memcmp(r.f.sent, frame, 1000) == 0);
        CU_ASSERT(nic_desc_get(&r, n.tx, i, 4).flags == 0); /* it still leaves */
        nic_pass(&r, 1);
        CU_ASSERT(nic_get(&n, M_NR_TX_HEAD) == i + 3);
        CU_ASSERT(nic_desc_get(&r, n.tx, i, 4).flags == M_NR_DONE);
        CU_ASSERT(nic_desc_get(&r, n.tx, i + 2, 4).flags == (M_NR_DONE | M_NR_END));
        CU_ASSERT(nic_get(&n, M_NR_CAUSE) == M_NIC_TX && r.f.irq);
        nic_set(&n, M_NR_ACK, M_NIC_TX);
    }
    CU_ASSERT(r.f.errors == 0);
    rig_close(&r);
}

/* One frame after the other, each as long as the wire takes. */
static void transmit_in_order(void)
{
    struct rig r;
    struct nic_rings n;
    uint8_t frame[100];
    open_ring(&r, &n, 8);
    for (uint32_t i = 0; i < 5; i++) {
        nic_frame(frame, 100, TO_ALL, 0x800, i);
        nic_queue(&n, i, frame, 100, M_NR_END);
    }
    nic_set(&n, M_NR_TX_TAIL, 5);
    for (uint32_t i = 0; i < 5; i++) {
        nic_pass(&r, i == 0 ? 0 : r.f.wire_cycles);
        nic_frame(frame, 100, TO_ALL, 0x800, i);
        CU_ASSERT(r.f.frames == i + 1 && memcmp(r.f.sent, frame, 100) == 0);
        CU_ASSERT(nic_get(&n, M_NR_TX_HEAD) == i);
    }
    rig_close(&r);
}

static void bad_frames(void)
{
    static const struct {
        struct nic_desc d[3];
        uint32_t n;
    } bad[] = {
        {{{0x300000, 13, M_NR_END}}, 1},                       /* too short */
        {{{0x300000, 0, M_NR_END}}, 1},                        /* nothing */
        {{{0x300000, 1515, M_NR_END}}, 1},                     /* too long */
        {{{0x300000, 1000, 0}, {0x300000, 515, M_NR_END}}, 2}, /* in all */
        {{{0x300000, 0xffffffff, 0}, {0x300000, 60, M_NR_END}}, 2},
        {{{RIG_RAM - 10, 60, M_NR_END}}, 1}, /* not RAM */
        {{{UINT64_MAX, 60, M_NR_END}}, 1},
        {{{0x300000, 60, 0}, {RIG_RAM, 60, 0}, {0x300000, 60, M_NR_END}}, 3},
    };
    uint8_t frame[60];
    nic_frame(frame, 60, TO_ALL, 0x800, 9);
    for (unsigned k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct rig r;
        struct nic_rings n;
        open_ring(&r, &n, 4);
        for (uint32_t i = 0; i < bad[k].n; i++)
            nic_desc_put(&r, n.tx, i, 4, &bad[k].d[i]);
        nic_queue(&n, bad[k].n, frame, 60, M_NR_END); /* a good one behind it */
        nic_set(&n, M_NR_TX_TAIL, bad[k].n + 1);
        nic_pass(&r, 0);
        for (uint32_t i = 0; i < bad[k].n; i++)
            CU_ASSERT((nic_desc_get(&r, n.tx, i, 4).flags & ~M_NR_END) ==
                      (M_NR_DONE | M_NR_ERROR));
        CU_ASSERT(r.f.frames == 1 && memcmp(r.f.sent, frame, 60) == 0);
        CU_ASSERT(nic_get(&n, M_NR_TX_HEAD) == bad[k].n && r.f.errors == 1);
        rig_close(&r);
    }
}

/* A ring full of pieces without END would wait for ever. */
static void full_without_end(void)
{
    struct rig r;
    struct nic_rings n;
    uint8_t piece[20] = {0};
    open_ring(&r, &n, 4);
    for (uint32_t i = 0; i < 4; i++)
        nic_queue(&n, i, piece, 20, 0);
    nic_set(&n, M_NR_TX_TAIL, 4);
    nic_pass(&r, 0);
    CU_ASSERT(nic_get(&n, M_NR_TX_HEAD) == 4 && r.f.frames == 0);
    CU_ASSERT(nic_desc_get(&r, n.tx, 3, 4).flags == (M_NR_DONE | M_NR_ERROR));
    rig_close(&r);
}

static void indexes(void)
{
    struct rig r;
    struct nic_rings n;
    uint8_t frame[60];
    nic_frame(frame, 60, TO_ALL, 0x800, 9);
    open_ring(&r, &n, 4);
    nic_set(&n, M_NR_RX_TAIL, 5); /* more than there are */
    nic_set(&n, M_NR_TX_TAIL, 0xffffffff);
    CU_ASSERT(r.f.errors == 2);
    CU_ASSERT(nic_get(&n, M_NR_RX_TAIL) == 0 && nic_get(&n, M_NR_TX_TAIL) == 0);
    nic_queue(&n, 0, frame, 30, 0);
    nic_queue(&n, 1, frame + 30, 30, M_NR_END);
    nic_set(&n, M_NR_TX_TAIL, 2);
    nic_pass(&r, 0); /* leaving */
    nic_set(&n, M_NR_TX_TAIL, 1);
    CU_ASSERT(r.f.errors == 3 && nic_get(&n, M_NR_TX_TAIL) == 2);
    nic_set(&n, M_NR_TX_COUNT, 8); /* fixed while it runs */
    rig_write64(&r, M_NR_RX_RING, 0);
    CU_ASSERT(r.f.errors == 6 && nic_get(&n, M_NR_TX_COUNT) == 4);
    nic_set(&n, M_NR_CONTROL, 0); /* stopped in the middle: nobody is told */
    nic_pass(&r, 10000);
    CU_ASSERT(r.f.frames == 1 && nic_desc_get(&r, n.tx, 0, 4).flags == 0);
    CU_ASSERT(nic_get(&n, M_NR_TX_HEAD) == 0 && nic_get(&n, M_NR_CAUSE) == 0);
    rig_close(&r);
}

static void rings_that_cannot_start(void)
{
    static const struct {
        uint64_t base;
        uint32_t count;
    } bad[] = {{0x1000, 0},          {0x1000, 3},           {0x1000, 2048},
               {0x1008, 4},          {RIG_RAM, 4},          {RIG_RAM - 48, 4},
               {UINT64_MAX - 15, 4}, {UINT64_C(1) << 32, 4}};
    for (unsigned k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct rig r;
        rig_open(&r, "exo,nic-ring", NULL);
        rig_write64(&r, M_NR_RX_RING, bad[k].base);
        rig_write64(&r, M_NR_TX_RING, bad[k].base);
        rig_write(&r, M_NR_RX_COUNT, bad[k].count);
        rig_write(&r, M_NR_TX_COUNT, bad[k].count);
        rig_write(&r, M_NR_CONTROL, 3);
        CU_ASSERT(rig_read(&r, M_NR_CONTROL) == 0 && r.f.errors == 2);
        rig_close(&r);
    }
}

/* MODERATE 1000: at most one interrupt in 1000 cycles, none is forgotten. */
static void moderation(void)
{
    struct rig r;
    struct nic_rings n;
    struct hw_nic_stats s;
    uint8_t frame[60];
    nic_frame(frame, 60, TO_ME, 0x800, 1);
    rig_open(&r, "exo,nic-ring",
             (struct rig_set[]){{"exo,moderate-cycles", 1000, NULL}, {0}});
    nic_rings_start(&n, &r, 0, 64);
    CU_ASSERT(nic_get(&n, M_NR_MODERATE) == 1000);
    nic_supply(&n, 64);
    r.f.now = 5000;
    nic_receive(&r, frame, 60); /* the first one at once */
    CU_ASSERT(r.f.irq);
    nic_set(&n, M_NR_ACK, M_NIC_RX);
    CU_ASSERT(!r.f.irq);
    nic_pass(&r, 300);
    nic_receive(&r, frame, 60);
    CU_ASSERT(!r.f.irq);
    nic_pass(&r, 699);
    CU_ASSERT(!r.f.irq);
    nic_pass(&r, 1);
    CU_ASSERT(r.f.irq);
    nic_set(&n, M_NR_ACK, M_NIC_RX);
    nic_receive(&r, frame, 60);
    nic_set(&n, M_NR_ACK, M_NIC_RX); /* seen by polling: nothing left to say */
    nic_pass(&r, 5000);
    CU_ASSERT(!r.f.irq);
    nic_receive(&r, frame, 60); /* quiet for long: at once */
    CU_ASSERT(r.f.irq);
    nic_set(&n, M_NR_ACK, M_NIC_RX);
    nic_receive(&r, frame, 60);
    nic_set(&n, M_NR_MODERATE, 0);
    CU_ASSERT(r.f.irq);
    r.nic->stats(r.dev, &s);
    CU_ASSERT(s.interrupts == 4 && s.rx_frames == 5);
    rig_close(&r);
}

static void descriptors_take_time(void)
{
    struct rig r;
    struct nic_rings n;
    uint8_t frame[60];
    nic_frame(frame, 60, TO_ALL, 0x800, 1);
    rig_open(&r, "exo,nic-ring",
             (struct rig_set[]){{"exo,descriptor-cycles", 40, NULL}, {0}});
    nic_rings_start(&n, &r, 0, 4);
    nic_queue(&n, 0, frame, 60, M_NR_END);
    nic_set(&n, M_NR_TX_TAIL, 1);
    nic_pass(&r, 39);
    CU_ASSERT(r.f.frames == 0);
    nic_pass(&r, 1);
    CU_ASSERT(r.f.frames == 1);
    nic_pass(&r, r.f.wire_cycles);
    CU_ASSERT(nic_get(&n, M_NR_TX_HEAD) == 1);
    rig_close(&r);
}

/* Saved in the middle of sending and of keeping quiet, both go on in another one. */
static void saved_in_the_middle(void)
{
    struct rig a, b;
    struct nic_rings n, m;
    uint8_t frame[60];
    size_t len;
    nic_frame(frame, 60, TO_ME, 0x800, 1);
    open_ring(&a, &n, 4);
    nic_set(&n, M_NR_MODERATE, 700);
    nic_supply(&n, 4);
    nic_queue(&n, 0, frame, 60, M_NR_END);
    nic_set(&n, M_NR_TX_TAIL, 1);
    nic_receive(&a, frame, 60);
    nic_set(&n, M_NR_ACK, M_NIC_RX);
    nic_pass(&a, 100);
    nic_receive(&a, frame, 60);
    uint8_t *state = rig_save(&a, &len);
    rig_open(&b, "exo,nic-ring", NULL);
    CU_ASSERT(b.ops->restore(b.dev, state, len) == 0);
    memcpy(b.f.ram, a.f.ram, a.f.ram_size);
    b.f.now = a.f.now;
    m = n;
    m.r = &b;
    nic_pass(&b, 599);
    CU_ASSERT(!b.f.irq);
    nic_pass(&b, 1);
    CU_ASSERT(b.f.irq && nic_get(&m, M_NR_CAUSE) == M_NIC_RX);
    nic_pass(&b, 300);
    CU_ASSERT(nic_get(&m, M_NR_TX_HEAD) == 1);
    CU_ASSERT(nic_desc_get(&b, m.tx, 0, 4).flags == (M_NR_DONE | M_NR_END));
    __builtin_free(state);
    rig_close(&a);
    rig_close(&b);
}

void nic_rings_suite(void)
{
    CU_pSuite s = CU_add_suite("nic_rings", NULL, NULL);
    CU_add_test(s, "receiving goes around the ring", receive_wraps);
    CU_add_test(s, "no room: lost, and said", no_room);
    CU_add_test(s, "buffers too small or not RAM", bad_buffers);
    CU_add_test(s, "sending gathers and goes around", transmit_gathers_and_wraps);
    CU_add_test(s, "sending keeps the order and the wire's pace", transmit_in_order);
    CU_add_test(s, "frames that cannot be sent", bad_frames);
    CU_add_test(s, "a full ring without END", full_without_end);
    CU_add_test(s, "indexes out of range, a ring stopped", indexes);
    CU_add_test(s, "rings that cannot start", rings_that_cannot_start);
    CU_add_test(s, "moderation", moderation);
    CU_add_test(s, "descriptors take time", descriptors_take_time);
    CU_add_test(s, "saved in the middle", saved_in_the_middle);
}
