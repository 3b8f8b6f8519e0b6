// SPDX-License-Identifier: GPL-2.0-or-later
/* tcp_test.c - TCP's life: open, talk, close, in every way; timers. */
#include "talk.h"

static void test_life(void)
{
    char got[4];
    open_pair();
    CU_ASSERT(tcb_a()->use_scale && tcb_a()->use_time && tcb_a()->mss == TCP_MSS);
    CU_ASSERT_EQUAL(so_receive(NET(1), c.b, got, 4, 0, NULL), -EAGAIN);
    say(0, c.a, "hello");
    hear(1, c.b, "hello");
    say(1, c.b, "and back");
    hear(0, c.a, "and back");
    struct sock_addr peer;
    CU_ASSERT(so_peer(NET(1), c.b, &peer) && peer.ip == RIG_IP(0));
    CU_ASSERT_EQUAL(so_local(NET(0), c.a).port, peer.port);
    /* half close */
    so_shutdown(NET(0), c.a, SHUT_WRITE);
    CU_ASSERT_EQUAL(so_send(NET(0), c.a, "x", 1, NULL), -EPIPE);
    rig_run(50);
    CU_ASSERT_EQUAL(so_receive(NET(1), c.b, got, 4, 0, NULL), 0);
    say(1, c.b, "still here");
    hear(0, c.a, "still here");
    CU_ASSERT_EQUAL(state(0, c.a), TCP_FIN_WAIT_2);
    CU_ASSERT_EQUAL(state(1, c.b), TCP_CLOSE_WAIT);
    so_close(NET(1), c.b);
    rig_run(50);
    CU_ASSERT_EQUAL(state(0, c.a), TCP_TIME_WAIT);
    CU_ASSERT_EQUAL(so_receive(NET(0), c.a, got, 4, 0, NULL), 0);
    CU_ASSERT_EQUAL(NET(1)->tcbs, 0);
    so_close(NET(0), c.a);
    so_close(NET(1), c.l);
    rig_run(59000);
    CU_ASSERT_EQUAL(NET(0)->tcbs, 1);
    rig_run(2000);
    CU_ASSERT_EQUAL(NET(0)->tcbs, 0);
    CU_ASSERT_EQUAL(rig.machine[0].listening + rig.machine[1].listening, 0);
    close_rig();
}

static void test_close_unread(void)
{
    open_pair();
    say(0, c.a, "you will not read this");
    rig_run(100);
    so_close(NET(1), c.b);
    rig_run(100);
    CU_ASSERT_EQUAL(so_send(NET(0), c.a, "x", 1, NULL), -ECONNRESET);
    CU_ASSERT_EQUAL(so_send(NET(0), c.a, "x", 1, NULL), -EPIPE);
    CU_ASSERT_EQUAL(NET(0)->tcbs + NET(1)->tcbs, 0);
    close_rig();
}

static void test_close_with_data(void)
{
    open_pair(); /* the data arrives though the socket is gone */
    say(0, c.a, "last words");
    so_close(NET(0), c.a);
    CU_ASSERT(so_unfinished(NET(0)));
    hear(1, c.b, "last words");
    char got[4];
    CU_ASSERT_EQUAL(so_receive(NET(1), c.b, got, 4, 0, NULL), 0);
    so_close(NET(1), c.b);
    rig_run(50);
    CU_ASSERT(!so_unfinished(NET(0)));
    CU_ASSERT_EQUAL(NET(1)->tcbs, 0);
    close_rig();
}

static void test_refused(void)
{
    rig_start(2, true, 12);
    int s = dial(0, 1, 81);
    rig_run(50);
    CU_ASSERT_EQUAL(so_connected(NET(0), s), -ECONNREFUSED);
    CU_ASSERT_EQUAL(NET(0)->tcbs, 0);
    close_rig();
}

static void test_dead_wire(void)
{
    rig_start(2, true, 13);
    rig.dead = true;
    int s = dial(0, 1, 80); /* ARP fails first */
    rig_run(5000);
    CU_ASSERT_EQUAL(so_connected(NET(0), s), -EHOSTUNREACH);
    so_close(NET(0), s);
    rig.dead = false;
    s = dial(0, 1, 81);
    rig_run(50); /* ARP is there now */
    so_close(NET(0), s);
    rig.dead = true;
    uint32_t frames = rig.frames;
    s = dial(0, 1, 80);
    rig_run(200000);
    CU_ASSERT_EQUAL(so_connected(NET(0), s), -ETIMEDOUT);
    CU_ASSERT(rig.frames - frames <= 1 + 2 * SYN_TRIES); /* and ARP asks again */
    close_rig();
}

static void test_wire_dies(void)
{
    open_pair();
    rig.dead = true;
    say(0, c.a, "into the void");
    rig_run(2000000);
    char got[4];
    CU_ASSERT_EQUAL(so_receive(NET(0), c.a, got, 4, 0, NULL), -EHOSTUNREACH);
    CU_ASSERT_EQUAL(NET(0)->tcbs, 0); /* what ARP said last */
    close_rig();
}

static void test_simultaneous_open(void)
{
    rig_start(2, true, 14);
    rig.delay = 20;
    struct sock_addr la = {0, 500}, lb = {0, 600};
    struct sock_addr ta = {RIG_IP(1), 600}, tb = {RIG_IP(0), 500};
    int a = so_new(NET(0), SOCK_TCP, false), b = so_new(NET(1), SOCK_TCP, false);
    int u = so_new(NET(0), SOCK_UDP, false); /* so that ARP is done */
    so_send(NET(0), u, "x", 1, &ta);
    rig_run(200);
    so_bind(NET(0), a, &la);
    so_bind(NET(1), b, &lb);
    so_connect(NET(0), a, &ta);
    so_connect(NET(1), b, &tb);
    rig_run(500);
    CU_ASSERT_EQUAL(so_connected(NET(0), a), 1);
    CU_ASSERT_EQUAL(so_connected(NET(1), b), 1);
    say(0, a, "both called");
    hear(1, b, "both called");
    /* and both hang up at once */
    so_close(NET(0), a);
    so_close(NET(1), b);
    rig_run(1000);
    CU_ASSERT_EQUAL(NET(0)->time_waits, 1);
    CU_ASSERT_EQUAL(NET(1)->time_waits, 1);
    rig_run(70000);
    CU_ASSERT_EQUAL(NET(0)->tcbs + NET(1)->tcbs, 0);
    close_rig();
}

static void test_zero_window(void)
{
    static uint8_t data[300000], got[300000];
    open_pair();
    size_t sent = 0, have = 0;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7 + i / 251);
    for (unsigned i = 0; i < 2000 && sent < sizeof data; i++) {
        int n = so_send(NET(0), c.a, data + sent, sizeof data - sent, NULL);
        if (n > 0)
            sent += (size_t)n;
        rig_run(10);
    }
    CU_ASSERT(sent < sizeof data); /* nobody reads */
    CU_ASSERT_EQUAL(tcb_a()->snd_wnd, 0);
    uint32_t frames = rig.frames;
    rig_run(600000);
    CU_ASSERT(rig.frames - frames < 60 && rig.frames - frames > 10);
    CU_ASSERT_EQUAL(state(0, c.a), TCP_ESTABLISHED);
    for (unsigned i = 0; i < 10000 && have < sizeof data; i++) {
        int n = so_receive(NET(1), c.b, got + have, 3000, 0, NULL);
        if (n > 0)
            have += (size_t)n;
        n = so_send(NET(0), c.a, data + sent, sizeof data - sent, NULL);
        if (n > 0)
            sent += (size_t)n;
        rig_run(5);
    }
    CU_ASSERT_EQUAL(have, sizeof data);
    CU_ASSERT_EQUAL(memcmp(data, got, sizeof data), 0);
    close_rig();
}

/* The window opens, but the ACK that says so is lost: only probes help. */
static bool lose_window(struct rig *r, unsigned to, uint8_t *frame, size_t n)
{
    (void)r;
    (void)frame;
    (void)n;
    return to == 0;
}

static void test_lost_window(void)
{
    static uint8_t data[100000];
    open_pair();
    so_send(NET(0), c.a, data, sizeof data, NULL);
    rig_run(1000);
    so_send(NET(0), c.a, data, sizeof data, NULL);
    rig_run(5000);
    CU_ASSERT_EQUAL(tcb_a()->snd_wnd, 0);
    rig.tap = lose_window;
    while (so_receive(NET(1), c.b, data, sizeof data, 0, NULL) > 0)
        ;
    rig_run(100);
    rig.tap = NULL;
    rig_run(70000);
    CU_ASSERT(so_receive(NET(1), c.b, data, sizeof data, 0, NULL) > 0);
    close_rig();
}

static void test_nagle(void)
{
    open_pair();
    rig.delay = 30;
    uint32_t frames = rig.frames;
    for (unsigned i = 0; i < 20; i++)
        say(0, c.a, "x");
    hear(1, c.b, "x");
    hear(1, c.b, "xxxxxxxxxxxxxxxxxxx");
    CU_ASSERT(rig.frames - frames <= 5);
    rig_run(1000);
    NET(0)->sock[c.a].nodelay = 1;
    frames = rig.frames;
    for (unsigned i = 0; i < 20; i++)
        say(0, c.a, "x");
    CU_ASSERT(rig.frames - frames <= 20);
    hear(1, c.b, "xxxxxxxxxxxxxxxxxxxx");
    CU_ASSERT(rig.frames - frames >= 20);
    close_rig();
}

/* The end of a buffer, sent when more followed, is not a small segment that the last waits for. */
static void test_rest_of_buffer(void)
{
    static char first[1001], more[649], got[1649];
    memset(first, 'a', 1000);
    memset(more, 'b', 648);
    open_pair();
    rig.delay = 30;
    say(0, c.a, first);
    rig_run(90); /* received, its delayed acknowledgement under way */
    say(0, c.a, more);
    rig_run(50); /* 130 with another delayed one */
    CU_ASSERT_EQUAL(so_receive(NET(1), c.b, got, sizeof got, 0, NULL), 1648);
    CU_ASSERT(got[0] == 'a' && got[999] == 'a' && got[1000] == 'b' && got[1647] == 'b');
    close_rig();
}

static void test_delayed_ack(void)
{
    open_pair();
    uint32_t frames = rig.frames;
    say(0, c.a, "one");
    rig_run(20);
    CU_ASSERT_EQUAL(rig.frames - frames, 1);
    rig_run(40);
    CU_ASSERT_EQUAL(rig.frames - frames, 2);
    close_rig();
}

static void test_keep_alive(void)
{
    open_pair();
    struct sock *s = &NET(0)->sock[c.a];
    s->keepalive = 1;
    s->idle = 10;
    s->interval = 2;
    s->probes = 3;
    tcp_keep_alive(NET(0), tcb_a());
    uint32_t frames = rig.frames;
    rig_run(60000);
    CU_ASSERT(rig.frames - frames >= 10 && rig.frames - frames <= 14);
    CU_ASSERT_EQUAL(state(0, c.a), TCP_ESTABLISHED);
    rig.dead = true;
    rig_run(30000);
    CU_ASSERT_EQUAL(so_connected(NET(0), c.a), -ETIMEDOUT);
    close_rig();
}

static void test_backlog(void)
{
    rig_start(2, true, 15);
    int l = listener(1, 80, 3), s[20], got = 0;
    for (unsigned i = 0; i < 20; i++) {
        s[i] = dial(0, 1, 80);
        rig_run(500);
    }
    CU_ASSERT_EQUAL(NET(1)->sock[l].naccept, 5); /* half more than the backlog, and one */
    for (unsigned i = 0; i < 100 && got < 20; i++) { /* the others try again */
        got += so_accept(NET(1), l) >= 0;
        rig_run(1000);
    }
    CU_ASSERT_EQUAL(got, 20);
    for (unsigned i = 0; i < 20; i++)
        CU_ASSERT_EQUAL(so_connected(NET(0), s[i]), 1);
    s[0] = dial(0, 1, 80);
    rig_run(100);
    so_close(NET(1), l); /* those not accepted are reset */
    rig_run(100);
    CU_ASSERT_EQUAL(so_connected(NET(0), s[0]), -ECONNRESET);
    close_rig();
}

/* More clients at once than frames wait for ARP's answer, and than the device takes: none has to
 * wait for a timer. known: the address is asked for before. */
static void burst(bool known)
{
    enum { CLIENTS = 100 };
    int s[CLIENTS];
    rig_start(2, true, 16);
    if (known) {
        arp_announce(NET(0), RIG_IP(0), RIG_IP(1));
        rig_run(10);
    }
    int l = listener(1, 80, 128);
    rig.machine[0].room = CLIENTS;
    rig.machine[1].room = 8;
    for (unsigned i = 0; i < CLIENTS; i++) {
        s[i] = dial(0, 1, 80);
        if (known && i % 32 == 31)
            tx_flush(NET(0));
    }
    rig_run(400);
    CU_ASSERT_EQUAL(NET(1)->sock[l].naccept, CLIENTS);
    for (unsigned i = 0; i < CLIENTS; i++) {
        CU_ASSERT_EQUAL(so_connected(NET(0), s[i]), 1);
        so_close(NET(0), s[i]);
    }
    so_close(NET(1), l);
    rig_run(100);
    close_rig();
}

static void test_burst(void)
{
    burst(false);
    burst(true);
}

/* Questions and answers of many connections through a slow device: all get about the same of it. */
static void test_turns(void)
{
    enum { PAIRS = 60 };
    int a[PAIRS], b[PAIRS];
    unsigned answers[PAIRS] = {0}, least = UINT32_MAX, most = 0;
    char got[64];
    rig_start(2, true, 18);
    int l = listener(1, 80, 128);
    for (unsigned i = 0; i < PAIRS; i++) {
        a[i] = dial(0, 1, 80);
        rig_run(10);
        b[i] = so_accept(NET(1), l);
        CU_ASSERT_FATAL(b[i] >= 0);
        NET(0)->sock[a[i]].nodelay = NET(1)->sock[b[i]].nodelay = 1;
        so_send(NET(0), a[i], "?", 1, NULL);
    }
    rig.machine[0].room = 64;
    rig.machine[1].room = 4;
    for (unsigned step = 0; step < 2000; step++) {
        for (unsigned i = 0; i < PAIRS; i++) {
            if (so_receive(NET(1), b[i], got, sizeof got, 0, NULL) > 0) {
                so_send(NET(1), b[i], "head", 4, NULL);
                so_send(NET(1), b[i], "body!", 5, NULL);
            }
            int n = so_receive(NET(0), a[i], got, sizeof got, 0, NULL);
            if (n > 0 && got[n - 1] == '!') {
                answers[i]++;
                so_send(NET(0), a[i], "?", 1, NULL);
            }
        }
        rig_run(1);
    }
    for (unsigned i = 0; i < PAIRS; i++) {
        least = answers[i] < least ? answers[i] : least;
        most = answers[i] > most ? answers[i] : most;
        so_close(NET(0), a[i]);
        so_close(NET(1), b[i]);
    }
    CU_ASSERT(least > 10 && most < 2 * least);
    so_close(NET(1), l);
    rig_run(1000);
    close_rig();
}

static void test_time_wait_reuse(void)
{
    rig_start(2, true, 17);
    int l = listener(1, 80, 5);
    struct sock_addr here = {0, 5555}, there = {RIG_IP(1), 80};
    for (unsigned i = 0; i < 5; i++) {
        int s = so_new(NET(0), SOCK_TCP, false);
        NET(0)->sock[s].reuse = 1;
        CU_ASSERT_EQUAL(so_bind(NET(0), s, &here), 0);
        CU_ASSERT_EQUAL(so_connect(NET(0), s, &there), -EINPROGRESS);
        rig_run(100);
        CU_ASSERT_EQUAL(so_connected(NET(0), s), 1);
        int b = so_accept(NET(1), l);
        CU_ASSERT_FATAL(b >= 0);
        so_close(NET(1), b); /* the server closes first: TIME_WAIT is there */
        rig_run(100);
        so_close(NET(0), s);
        rig_run(100);
        CU_ASSERT_EQUAL(NET(1)->time_waits, 1);
    }
    for (unsigned i = 0; i < 2 * NET_TCBS; i++) { /* more than the table holds */
        int s = dial(0, 1, 80);
        rig_run(10);
        CU_ASSERT_EQUAL(so_connected(NET(0), s), 1);
        int b = so_accept(NET(1), l);
        CU_ASSERT_FATAL(b >= 0);
        so_close(NET(1), b);
        rig_run(10);
        so_close(NET(0), s);
        rig_run(10);
    }
    close_rig();
}

static void test_recover(void)
{
    open_pair();
    say(0, c.a, "lost");
    int u = so_new(NET(0), SOCK_UDP, false);
    struct sock_addr at = {0, 7777};
    so_bind(NET(0), u, &at);
    net_recover(NET(0));
    CU_ASSERT_EQUAL(so_connected(NET(0), c.a), -ECONNABORTED);
    CU_ASSERT_EQUAL(rig.machine[0].listening, 2); /* of the sockets, still open */
    so_close(NET(0), u);
    so_close(NET(0), c.a);
    int s = dial(0, 1, 80);
    rig_run(3000);
    CU_ASSERT_EQUAL(so_connected(NET(0), s), 1);
    close_rig();
}

void suite_tcp(void)
{
    CU_pSuite s = CU_add_suite("tcp", NULL, NULL);
    CU_add_test(s, "open, talk, half close, TIME_WAIT", test_life);
    CU_add_test(s, "close with unread data resets", test_close_unread);
    CU_add_test(s, "close with unsent data", test_close_with_data);
    CU_add_test(s, "refused", test_refused);
    CU_add_test(s, "dead wire", test_dead_wire);
    CU_add_test(s, "wire dies", test_wire_dies);
    CU_add_test(s, "simultaneous open and close", test_simultaneous_open);
    CU_add_test(s, "zero window", test_zero_window);
    CU_add_test(s, "lost window update", test_lost_window);
    CU_add_test(s, "Nagle", test_nagle);
    CU_add_test(s, "rest of a buffer", test_rest_of_buffer);
    CU_add_test(s, "delayed ACK", test_delayed_ack);
    CU_add_test(s, "keep-alive", test_keep_alive);
    CU_add_test(s, "backlog", test_backlog);
    CU_add_test(s, "many clients at once", test_burst);
    CU_add_test(s, "a slow device's turns", test_turns);
    CU_add_test(s, "TIME_WAIT reused", test_time_wait_reuse);
    CU_add_test(s, "lock holder died", test_recover);
}
