// SPDX-License-Identifier: GPL-2.0-or-later
/* tcp_forged.c - TCP against segments made by hand: attackers and strange hosts. */
#include "talk.h"

static void forge(unsigned to, uint32_t src, uint32_t sport, uint32_t dport, uint32_t seq,
                  uint32_t ack, uint32_t flags, const char *text)
{
    uint8_t f[NET_FRAME] = {2, 0, 0, 0, 0, (uint8_t)(to + 1), 2, 0, 0, 0, 0, 9, 8, 0};
    uint8_t *ip = f + ETH_HEADER, *t = ip + IP_HEADER;
    uint32_t len = TCP_HEADER + (uint32_t)strlen(text);
    ip[0] = 0x45;
    put16(ip + IP_LENGTH, IP_HEADER + len);
    ip[IP_LIFE] = 64;
    ip[IP_PROTO] = PROTO_TCP;
    put32(ip + IP_SRC, src);
    put32(ip + IP_DST, RIG_IP(to));
    put16(ip + IP_SUM, ~sum_bytes(ip, IP_HEADER));
    put16(t + TCP_SRC, sport);
    put16(t + TCP_DST, dport);
    put32(t + TCP_SEQ, seq);
    put32(t + TCP_ACK, ack);
    t[TCP_OFFSET] = TCP_HEADER << 2;
    t[TCP_FLAGS] = (uint8_t)flags;
    put16(t + TCP_WINDOW, 1000);
    memcpy(t + TCP_HEADER, text, strlen(text));
    uint32_t sum = sum_pseudo(src, RIG_IP(to), PROTO_TCP, len) + sum_bytes(t, len);
    put16(t + TCP_SUM, ~sum_fold(sum));
    rig_inject(to, f, ETH_HEADER + IP_HEADER + len);
}

static void test_syn_flood(void)
{
    rig_start(2, true, 16);
    int l = listener(1, 80, 5);
    for (unsigned i = 0; i < 5000; i++)
        forge(1, 0x0a000000u + 20 + i % 200, 1000 + i, 80, i * 999, 0, TCP_SYN, "");
    CU_ASSERT(NET(1)->tcbs <= 16);
    int s = dial(0, 1, 80);
    rig_run(100);
    CU_ASSERT_EQUAL(so_connected(NET(0), s), 1); /* who answers gets in */
    CU_ASSERT(so_accept(NET(1), l) >= 0);
    rig_run(200000);
    CU_ASSERT_EQUAL(NET(1)->tcbs, 1);
    close_rig();
}

static void test_blind(void)
{
    open_pair();
    struct tcb *b = NET(1)->sock[c.b].tcb;
    uint32_t src = RIG_IP(0), sport = b->rport, challenges;
    forge(1, src, sport, 80, b->rcv_nxt + 1000, 0, TCP_RST, "");
    CU_ASSERT_EQUAL(b->state, TCP_ESTABLISHED); /* in the window: challenged */
    CU_ASSERT_EQUAL(NET(1)->stats.tcp_challenges, 1);
    forge(1, src, sport, 80, b->rcv_nxt - 5, 0, TCP_RST, "");
    forge(1, src, sport, 80, b->rcv_nxt + 10000000, 0, TCP_RST, "");
    CU_ASSERT_EQUAL(b->state, TCP_ESTABLISHED);
    forge(1, src, sport, 80, b->rcv_nxt, 0, TCP_SYN, "");
    CU_ASSERT_EQUAL(b->state, TCP_ESTABLISHED);
    challenges = NET(1)->stats.tcp_challenges;
    for (unsigned i = 0; i < 100; i++) /* acknowledges what was never sent */
        forge(1, src, sport, 80, b->rcv_nxt, b->snd_max + 5000, TCP_ACKF, "evil");
    CU_ASSERT(NET(1)->stats.tcp_challenges - challenges <= 10);
    CU_ASSERT_EQUAL(b->rcv_bytes, 0);
    rig_run(2000);
    say(0, c.a, "still sound");
    hear(1, c.b, "still sound");
    forge(1, src, sport, 80, b->rcv_nxt, 0, TCP_RST, "");
    CU_ASSERT_EQUAL(so_connected(NET(1), c.b), -ECONNRESET);
    close_rig();
}

/* Overlapping, reordered, out of the window: the stream is what was meant. */
static void test_reassembly(void)
{
    open_pair();
    struct tcb *b = NET(1)->sock[c.b].tcb;
    uint32_t src = RIG_IP(0), sport = b->rport, n = b->rcv_nxt, ack = b->snd_nxt;
    b->use_time = false;
    forge(1, src, sport, 80, n + 4, ack, TCP_ACKF, "efgh");
    forge(1, src, sport, 80, n + 10, ack, TCP_ACKF, "kl");
    forge(1, src, sport, 80, n + 3, ack, TCP_ACKF, "defghijkl");
    forge(1, src, sport, 80, n + 12, ack, TCP_ACKF | TCP_FIN, "mn");
    forge(1, src, sport, 80, n + 70000, ack, TCP_ACKF, "far away");
    CU_ASSERT_EQUAL(b->rcv_bytes, 0);
    forge(1, src, sport, 80, n - 2, ack, TCP_ACKF, "?!abc");
    char got[32] = {0};
    CU_ASSERT_EQUAL(so_receive(NET(1), c.b, got, 32, 0, NULL), 14);
    CU_ASSERT_STRING_EQUAL(got, "abcdefghijklmn");
    CU_ASSERT_EQUAL(b->state, TCP_CLOSE_WAIT);
    CU_ASSERT_PTR_NULL(b->ooo);
    for (uint32_t i = 0; i < 2000; i++) /* holes everywhere: bounded */
        forge(1, src, sport, 80, n + 20 + 2 * i, ack, TCP_ACKF, "x");
    close_rig();
    open_pair();
    b = NET(1)->sock[c.b].tcb;
    b->use_time = false;
    for (uint32_t i = 0; i < 2000; i++)
        forge(1, src, b->rport, 80, b->rcv_nxt + 20 + 2 * i, b->snd_nxt, TCP_ACKF, "x");
    CU_ASSERT(b->ooo_count <= b->rcv_max / 1024 + 8);
    close_rig();
}

static void test_pmtu(void)
{
    static uint8_t data[20000];
    open_pair();
    uint8_t icmp[128] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9, 8, 0};
    uint8_t *ip = icmp + ETH_HEADER, *m = ip + IP_HEADER, *in = m + ICMP_HEADER;
    struct tcb *a = tcb_a();
    so_send(NET(0), c.a, data, sizeof data, NULL);
    ip[0] = in[0] = 0x45;
    put16(ip + IP_LENGTH, 20 + 8 + 20 + 8);
    ip[IP_LIFE] = 64;
    ip[IP_PROTO] = PROTO_ICMP;
    put32(ip + IP_SRC, RIG_IP(9));
    put32(ip + IP_DST, RIG_IP(0));
    put16(ip + IP_SUM, ~sum_bytes(ip, IP_HEADER));
    m[0] = ICMP_UNREACHABLE;
    m[1] = ICMP_FRAGMENTATION_NEEDED;
    put16(m + ICMP_MTU, 600);
    in[IP_PROTO] = PROTO_TCP;
    put32(in + IP_SRC, RIG_IP(0));
    put32(in + IP_DST, RIG_IP(1));
    put16(in + 20, a->lport);
    put16(in + 22, 80);
    put32(in + 24, a->snd_una - 1); /* not of this connection's window */
    put16(m + ICMP_SUM, ~sum_bytes(m, 36));
    rig_inject(0, icmp, 14 + 56);
    CU_ASSERT_EQUAL(a->mss, TCP_MSS);
    put32(in + 24, a->snd_una);
    put16(m + ICMP_SUM, 0);
    put16(m + ICMP_SUM, ~sum_bytes(m, 36));
    rig_inject(0, icmp, 14 + 56);
    CU_ASSERT_EQUAL(a->mss, 560);
    size_t have = 0;
    for (unsigned i = 0; i < 200; i++) {
        rig_run(10);
        int n = so_receive(NET(1), c.b, data, sizeof data, 0, NULL);
        have += n > 0 ? (size_t)n : 0;
    }
    CU_ASSERT_EQUAL(have, sizeof data);
    close_rig();
}

void suite_forged(void)
{
    CU_pSuite s = CU_add_suite("forged segments", NULL, NULL);
    CU_add_test(s, "SYN flood", test_syn_flood);
    CU_add_test(s, "blind attacks", test_blind);
    CU_add_test(s, "reassembly", test_reassembly);
    CU_add_test(s, "path MTU", test_pmtu);
}
