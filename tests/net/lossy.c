// SPDX-License-Identifier: GPL-2.0-or-later
/* lossy.c - streams over wires that lose, double, reorder and spoil: identical content, no hang. */
#include <CUnit/CUnit.h>
#include <stdlib.h>

#include "rig.h"

struct stream {
    unsigned from, to;
    int out, in;
    size_t total, sent, have;
    uint64_t send_state, receive_state;
};

static uint8_t next_byte(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint8_t)(*state >> 56);
}

static void push(struct stream *s)
{
    uint8_t data[4096];
    while (s->sent < s->total) {
        size_t n = 1 + rig_random(sizeof data);
        if (n > s->total - s->sent)
            n = s->total - s->sent;
        uint64_t state = s->send_state;
        for (size_t i = 0; i < n; i++)
            data[i] = next_byte(&state);
        int r = so_send(NET(s->from), s->out, data, n, NULL);
        if (r <= 0)
            return;
        for (int i = 0; i < r; i++)
            next_byte(&s->send_state);
        s->sent += (size_t)r;
    }
    so_shutdown(NET(s->from), s->out, SHUT_WRITE);
}

/* false: the stream has ended */
static bool pull(struct stream *s)
{
    uint8_t data[5000];
    int r;
    while ((r = so_receive(NET(s->to), s->in, data, 1 + rig_random(sizeof data), 0,
                           NULL)) > 0) {
        for (int i = 0; i < r; i++)
            CU_ASSERT_EQUAL_FATAL(data[i], next_byte(&s->receive_state));
        s->have += (size_t)r;
    }
    return r == -EAGAIN;
}

/* total bytes each way at once over the wire as set. */
static void both_ways(size_t total)
{
    struct net *a = NET(0), *b = NET(1);
    struct sock_addr at = {0, 5001}, to = {RIG_IP(1), 5001};
    int l = so_new(b, SOCK_TCP, false), s = so_new(a, SOCK_TCP, false), p = -1;
    so_bind(b, l, &at);
    so_listen(b, l, 1);
    CU_ASSERT_EQUAL_FATAL(so_connect(a, s, &to), -EINPROGRESS);
    for (unsigned i = 0; i < 1000 && (p = so_accept(b, l)) < 0; i++)
        rig_run(100);
    CU_ASSERT_FATAL(p >= 0);
    struct stream up = {0, 1, s, p, total, 0, 0, 1, 1},
                  down = {1, 0, p, s, total, 0, 0, 2, 2};
    bool up_open = true, down_open = true;
    for (unsigned long i = 0; i < 100000000 && (up_open || down_open); i++) {
        push(&up);
        push(&down);
        up_open = up_open && pull(&up);
        down_open = down_open && pull(&down);
        rig_step(1000);
    }
    CU_ASSERT_EQUAL(up.have, total);
    CU_ASSERT_EQUAL(down.have, total);
    so_close(a, s);
    so_close(b, p);
    so_close(b, l);
    rig_run(200000);
    CU_ASSERT_EQUAL(a->tcbs + b->tcbs, 0);
    CU_ASSERT(rig_balanced(0) && rig_balanced(1));
}

static size_t size(size_t normal)
{
    const char *text = getenv("NET_BYTES"); /* a longer campaign */
    return text != NULL ? (size_t)strtoul(text, NULL, 0) : normal;
}

static void test_clean(void)
{
    rig_start(2, true, 21);
    both_ways(size(10u << 20));
    CU_ASSERT_EQUAL(NET(0)->stats.tcp_timeouts + NET(1)->stats.tcp_timeouts, 0);
    CU_ASSERT_EQUAL(NET(0)->stats.tcp_retransmits + NET(1)->stats.tcp_retransmits, 0);
    rig_stop();
}

static void test_bad(void)
{
    rig_start(2, true, 22);
    rig.loss = 50;
    rig.duplicate = 20;
    rig.reorder = 50;
    rig.corrupt = 10;
    rig.delay = 5;
    both_ways(size(10u << 20));
    CU_ASSERT(NET(0)->stats.tcp_fast > 0 && NET(1)->stats.rx_bad_sum > 0);
    rig_stop();
}

static void test_terrible(void)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        rig_start(2, true, seed);
        rig.loss = rig_random(250);
        rig.duplicate = rig_random(200);
        rig.reorder = rig_random(500);
        rig.corrupt = rig_random(100);
        rig.delay = rig_random(60);
        rig.machine[0].room = 1 + rig_random(8);
        both_ways(100000 + rig_random(200000));
        rig_stop();
    }
}

/* Both on one machine. */
static void test_loop(void)
{
    rig_start(1, true, 23);
    struct net *n = NET(0);
    struct sock_addr at = {0, 80}, to = {IP_LOOPBACK, 80};
    int l = so_new(n, SOCK_TCP, false), s = so_new(n, SOCK_TCP, false), p = -1;
    so_bind(n, l, &at);
    so_listen(n, l, 1);
    so_connect(n, s, &to);
    rig_run(10);
    p = so_accept(n, l);
    CU_ASSERT_FATAL(p >= 0);
    struct stream up = {0, 0, s, p, 1u << 20, 0, 0, 1, 1};
    for (unsigned i = 0; i < 100000 && pull(&up); i++) {
        push(&up);
        rig_step(10);
    }
    CU_ASSERT_EQUAL(up.have, 1u << 20);
    CU_ASSERT_EQUAL(rig.frames, 0);
    CU_ASSERT(rig_balanced(0));
    rig_stop();
}

/* A hundred connections share the buffers. */
static void test_many(void)
{
    enum { MANY = 100 };
    rig_start(2, true, 24);
    rig.loss = 10;
    struct net *a = NET(0), *b = NET(1);
    struct sock_addr at = {0, 80}, to = {RIG_IP(1), 80};
    int l = so_new(b, SOCK_TCP, false), n = 0;
    static struct stream s[MANY];
    so_bind(b, l, &at);
    so_listen(b, l, MANY);
    for (int i = 0; i < MANY; i++) {
        s[i] = (struct stream){.from = 1,
                               .to = 0,
                               .total = 60000,
                               .send_state = 5,
                               .receive_state = 5,
                               .out = -1};
        s[i].in = so_new(a, SOCK_TCP, false);
        so_connect(a, s[i].in, &to);
        rig_step(1);
    }
    unsigned open = MANY;
    for (unsigned long i = 0; i < 2000000 && open > 0; i++) {
        int p = so_accept(b, l);
        if (p >= 0)
            s[n++].out = p;
        open = 0;
        for (int k = 0; k < MANY; k++) {
            if (k < n)
                push(&s[k]);
            open += pull(&s[k]) ? 1 : 0;
        }
        rig_step(1000);
    }
    CU_ASSERT_EQUAL(n, MANY);
    CU_ASSERT_EQUAL(open, 0);
    for (int i = 0; i < MANY; i++)
        CU_ASSERT_EQUAL(s[i].have, 60000);
    rig_stop();
}

void suite_lossy(void)
{
    CU_pSuite s = CU_add_suite("streams", NULL, NULL);
    CU_add_test(s, "clean wire, both ways", test_clean);
    CU_add_test(s, "loss, duplicates, reordering, corruption", test_bad);
    CU_add_test(s, "terrible wires", test_terrible);
    CU_add_test(s, "loopback", test_loop);
    CU_add_test(s, "a hundred at once", test_many);
}
