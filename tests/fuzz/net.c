// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * net.c - frames that lie, against the network stack on the host, under sanitizers:
 *
 *   fuzz_net [--rounds N] [--seed N]
 *
 * A round is a conversation of two machines (TCP both ways, datagrams in fragments, echoes, DHCP)
 * on a wire where frames are also spoiled on purpose: fields set to extreme values, lengths that
 * do not fit, options cut off, fragments that overlap; often with checksums made right again, so that
 * they get past the first check. DNS answers are spoiled likewise. After each round the
 * books must balance: buffers, connections, filters. A failure prints its seed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "dns.h"
#include "rig.h"

static uint64_t state;

static uint32_t roll(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 33) % below;
}

static void die(const char *what, uint64_t seed)
{
    fprintf(stderr, "fuzz_net: %s; fuzz_net --rounds 1 --seed %llu\n", what,
            (unsigned long long)seed);
    exit(1);
}

/* -- spoiling -- */

static void put_some(uint8_t *p)
{
    static const uint16_t extremes[] = {0,      1,  0x7fff, 0x8000, 0xffff,
                                        0xfffe, 20, 60,     1500};
    put16(p, roll(3) != 0 ? extremes[roll(sizeof extremes / sizeof extremes[0])]
                          : roll(65536));
}

/* Make checksums right, as far as lengths allow. */
static void mend(uint8_t *f, size_t n)
{
    uint8_t *ip = f + ETH_HEADER;
    if (n < ETH_HEADER + IP_HEADER || get16(f + ETH_TYPE) != ETHERTYPE_IP)
        return;
    size_t hlen = (ip[0] & 15u) * 4, len = get16(ip + IP_LENGTH);
    if (hlen < IP_HEADER || len < hlen || ETH_HEADER + len > n)
        return;
    put16(ip + IP_SUM, 0);
    put16(ip + IP_SUM, ~sum_bytes(ip, hlen));
    uint8_t *t = ip + hlen;
    size_t rest = len - hlen;
    static const struct {
        uint8_t proto, at;
    } sums[] = {{PROTO_TCP, TCP_SUM}, {PROTO_UDP, UDP_SUM}, {PROTO_ICMP, ICMP_SUM}};
    for (unsigned i = 0; i < 3; i++) {
        if (ip[IP_PROTO] != sums[i].proto || rest < sums[i].at + 2u)
            continue;
        put16(t + sums[i].at, 0);
        uint32_t sum = sum_bytes(t, rest);
        if (ip[IP_PROTO] != PROTO_ICMP)
            sum += sum_pseudo(get32(ip + IP_SRC), get32(ip + IP_DST), ip[IP_PROTO],
                              (uint32_t)rest);
        put16(t + sums[i].at, ~sum_fold(sum));
    }
}

static size_t spoil(uint8_t *f, size_t n)
{
    for (uint32_t k = 1 + roll(4); k > 0; k--) {
        uint32_t headers = (uint32_t)(n < 90 ? n : 90);
        switch (roll(6)) {
        case 0: f[roll((uint32_t)n)] ^= (uint8_t)(1u << roll(8)); break;
        case 1: f[roll(headers)] = (uint8_t)roll(256); break;
        case 2: put_some(f + roll(headers - 1)); break;
        case 3: put_some(f + ETH_HEADER + IP_FRAGMENT); break;
        case 4: n = 1 + roll((uint32_t)n); break;
        default:
            if (n > ETH_HEADER + IP_HEADER + TCP_FLAGS)
                f[ETH_HEADER + IP_HEADER + TCP_FLAGS] = (uint8_t)roll(64);
            break;
        }
        if (n < 60)
            break;
    }
    if (roll(4) != 0)
        mend(f, n);
    return n;
}

static bool tap(struct rig *r, unsigned to, uint8_t *frame, size_t n)
{
    (void)r;
    if (n < 42 || roll(3) != 0)
        return false;
    uint8_t copy[NET_FRAME];
    for (uint32_t k = roll(4); k > 0; k--) {
        memcpy(copy, frame, n);
        rig_inject(to, copy, spoil(copy, n));
    }
    return roll(8) == 0;
}

/* -- a conversation -- */

static void chat(unsigned m, int row, int datagrams, const struct sock_addr *to)
{
    static uint8_t data[9000];
    struct net *net = NET(m);
    if (row < 0)
        return;
    so_send(net, row, data, 1 + roll(datagrams ? sizeof data : 3000),
            datagrams ? to : NULL);
    so_receive(net, row, data, 1 + roll(sizeof data), roll(8) == 0 ? SOCK_PEEK : 0, NULL);
    so_ready(net, row);
}

static void converse(void)
{
    struct sock_addr at = {0, 80}, to = {RIG_IP(1), 80}, back = {RIG_IP(0), 80};
    int l = so_new(NET(1), SOCK_TCP, false), accepted[4] = {-1, -1, -1, -1};
    int client[4], udp[2], icmp = so_new(NET(0), SOCK_ICMP, roll(2)), n = 0;
    so_bind(NET(1), l, &at);
    so_listen(NET(1), l, 4);
    for (unsigned i = 0; i < 2; i++) {
        udp[i] = so_new(NET(i), SOCK_UDP, false);
        so_bind(NET(i), udp[i], &at);
    }
    for (unsigned i = 0; i < 4; i++) {
        client[i] = so_new(NET(0), SOCK_TCP, false);
        so_connect(NET(0), client[i], &to);
    }
    for (unsigned i = 0; i < 200; i++) {
        uint8_t echo[100] = {ICMP_ECHO};
        int a = n < 4 ? so_accept(NET(1), l) : -1;
        if (a >= 0)
            accepted[n++] = a;
        for (unsigned k = 0; k < 4; k++) {
            chat(0, client[k], 0, NULL);
            chat(1, accepted[k], 0, NULL);
        }
        chat(0, udp[0], 1, &to);
        chat(1, udp[1], 1, &back);
        so_send(NET(0), icmp, echo, 8 + roll(92), &to);
        if (roll(40) == 0)
            so_shutdown(NET(0), client[roll(4)], 1 + roll(3));
        rig_step(1 + roll(300));
    }
    for (unsigned i = 0; i < 4; i++) {
        so_close(NET(0), client[i]);
        if (accepted[i] >= 0)
            so_close(NET(1), accepted[i]);
    }
    for (unsigned i = 0; i < 2; i++)
        so_close(NET(i), udp[i]);
    so_close(NET(0), icmp);
    so_close(NET(1), l);
}

static void round_of_frames(uint64_t seed)
{
    rig_start(2, roll(4) != 0, seed);
    rig.machine[0].room = 1 + roll(40);
    rig.tap = tap;
    if (NET(0)->ip == 0)
        rig_run(30000);
    converse();
    rig_run(1000);
    rig.tap = NULL;
    for (unsigned i = 0; i < 2; i++)
        if (!rig_balanced(i))
            die("buffers are lost", seed);
    rig_run(1200000); /* whatever is left gives up */
    for (unsigned i = 0; i < 2; i++) {
        if (NET(i)->tcbs != 0)
            die("a connection never ends", seed);
        if (!rig_balanced(i))
            die("buffers are lost at the end", seed);
        if (rig.machine[i].listening != 0)
            die("a filter stays bound", seed);
    }
    rig_stop();
}

/* -- DNS -- */

static const uint8_t answer[] = {
    0x12, 0x34, 0x81, 0x80, 0, 1,   0,   3, 0, 0, 0, 0, /* header */
    3,    'w',  'w',  'w',  2, 'e', 'x', 0, 0, 1, 0, 1, /* www.ex A? */
    0xc0, 12,   0,    5,    0, 1,   0,   0, 0, 9, 0, 4, 1,    'a', 0xc0, 16, /* is a.ex */
    0xc0, 36,   0,    5,    0, 1,   0,   0, 0, 9, 0, 2, 0xc0, 50, /* is (next) */
    1,    'b',  0xc0, 16,   0, 1,   0,   1, 0, 0, 0, 9, 0,    4,   1,    2,  3, 4};

static void round_of_names(uint64_t seed)
{
    for (unsigned i = 0; i < 2000; i++) {
        uint8_t m[sizeof answer + 40];
        uint32_t addr[8];
        char alias[DNS_NAME];
        size_t n = sizeof answer;
        memcpy(m, answer, n);
        memset(m + n, 0xc0, 40);
        for (uint32_t k = roll(5); k > 0; k--)
            m[12 + roll(sizeof answer - 12)] = (uint8_t)(roll(2) ? 0xc0 : roll(256));
        n = roll(3) != 0 ? n + roll(40) : roll((uint32_t)n + 1);
        uint8_t *exact = malloc(n + (n == 0));
        memcpy(exact, m, n);
        int r = dns_answer(exact, n, 0x1234, "www.ex", addr, 8, alias);
        free(exact);
        if (r > 8 || r < DNS_ALIAS)
            die("an impossible number of addresses", seed);
    }
}

int main(int argc, char **argv)
{
    unsigned long rounds = 40;
    uint64_t seed = 1;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--rounds") == 0)
            rounds = strtoul(argv[i + 1], NULL, 0);
        else if (strcmp(argv[i], "--seed") == 0)
            seed = strtoull(argv[i + 1], NULL, 0);
        else
            return 2;
    }
    for (unsigned long i = 0; i < rounds; i++, seed++) {
        state = seed * 0x9e3779b97f4a7c15u + 1;
        round_of_frames(seed);
        round_of_names(seed);
    }
    printf("fuzz_net: %lu rounds, no offence\n", rounds);
    return 0;
}
