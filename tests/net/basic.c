// SPDX-License-Identifier: GPL-2.0-or-later
/* basic.c - checksums, ARP, IPv4 and its fragments, ICMP, UDP. */
#include <CUnit/CUnit.h>

#include "rig.h"

/* RFC 1071, straight from its definition. */
static uint32_t slow_sum(const uint8_t *p, size_t n)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += i & 1 ? p[i] : (uint32_t)p[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

static void test_sums(void)
{
    uint8_t a[300], b[300];
    rig.random = 5;
    for (unsigned round = 0; round < 20000; round++) {
        size_t from = rig_random(8), to = rig_random(8), n = rig_random(280);
        for (size_t i = 0; i < sizeof a; i++)
            a[i] = (uint8_t)(round % 3 == 0 ? 0xff : rig_random(256));
        uint32_t want = slow_sum(a + from, n);
        CU_ASSERT_EQUAL_FATAL(sum_bytes(a + from, n), want);
        CU_ASSERT_EQUAL_FATAL(sum_copy(b + to, a + from, n), want);
        CU_ASSERT_EQUAL_FATAL(memcmp(b + to, a + from, n), 0);
        size_t cut = n != 0 ? rig_random((uint32_t)n) : 0;
        uint32_t two =
            sum_append(slow_sum(a + from, cut), cut, slow_sum(a + from + cut, n - cut));
        CU_ASSERT_EQUAL_FATAL(two, want);
    }
}

static int bound_udp(unsigned machine, uint16_t port)
{
    int s = so_new(NET(machine), SOCK_UDP, false);
    struct sock_addr a = {0, port};
    CU_ASSERT_EQUAL_FATAL(so_bind(NET(machine), s, &a), 0);
    return s;
}

static void test_udp(void)
{
    rig_start(2, true, 1);
    int a = bound_udp(0, 1000), b = bound_udp(1, 2000);
    struct sock_addr to = {RIG_IP(1), 2000}, from;
    char got[32];
    CU_ASSERT_EQUAL(so_receive(NET(1), b, got, sizeof got, 0, &from), -EAGAIN);
    CU_ASSERT_EQUAL(so_send(NET(0), a, "hello", 5, &to), 5);
    rig_run(10);
    CU_ASSERT_EQUAL(so_receive(NET(1), b, got, sizeof got, SOCK_PEEK, &from), 5);
    CU_ASSERT_EQUAL(so_receive(NET(1), b, got, 2, SOCK_TRUNC, &from), 5);
    CU_ASSERT_EQUAL(memcmp(got, "hello", 5), 0);
    CU_ASSERT_EQUAL(from.ip, RIG_IP(0));
    CU_ASSERT_EQUAL(from.port, 1000);
    CU_ASSERT_EQUAL(so_send(NET(1), b, "", 0, &from), 0);
    rig_run(10);
    CU_ASSERT_EQUAL(so_receive(NET(0), a, got, sizeof got, 0, &from), 0);
    CU_ASSERT_EQUAL(from.port, 2000);
    so_close(NET(0), a);
    so_close(NET(1), b);
    CU_ASSERT(rig_balanced(0) && rig_balanced(1));
    CU_ASSERT_EQUAL(rig.machine[0].listening + rig.machine[1].listening, 0);
    rig_stop();
}

/* A datagram of many fragments, with and without loss of one. */
static void test_fragments(void)
{
    static uint8_t big[65507], got[65507];
    static const size_t sizes[] = {1472, 1473, 1480, 2000, 2944, 9000, 65507};
    rig_start(2, true, 2);
    rig.machine[0].room = rig.machine[1].room = 64;
    int a = bound_udp(0, 1000), b = bound_udp(1, 2000);
    struct sock_addr to = {RIG_IP(1), 2000}, from;
    for (unsigned k = 0; k < 3; k++) {
        rig.reorder = k == 1 ? 500 : 0;
        rig.duplicate = k == 2 ? 300 : 0;
        for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            for (size_t j = 0; j < sizes[i]; j++)
                big[j] = (uint8_t)rig_random(256);
            CU_ASSERT_EQUAL_FATAL(so_send(NET(0), a, big, sizes[i], &to), (int)sizes[i]);
            rig_run(100);
            int n = so_receive(NET(1), b, got, sizeof got, 0, &from);
            if (k == 0 && i == 0 && n < 0) { /* the first waits for ARP */
                rig_run(100);
                n = so_receive(NET(1), b, got, sizeof got, 0, &from);
            }
            CU_ASSERT_EQUAL(n, (int)sizes[i]);
            CU_ASSERT_EQUAL(memcmp(big, got, sizes[i]), 0);
            while (so_receive(NET(1), b, got, sizeof got, 0, &from) >= 0)
                ;
        }
    }
    CU_ASSERT_EQUAL(so_send(NET(0), a, big, 65508, &to), -EMSGSIZE);
    rig.loss = 300;
    for (unsigned i = 0; i < 20; i++)
        so_send(NET(0), a, big, 20000, &to);
    rig_run(40000); /* what is not complete is forgotten */
    while (so_receive(NET(1), b, got, sizeof got, 0, &from) >= 0)
        ;
    CU_ASSERT(rig_balanced(0) && rig_balanced(1));
    rig_stop();
}

static void test_ping(void)
{
    rig_start(2, true, 3);
    int s = so_new(NET(0), SOCK_ICMP, false), raw = so_new(NET(0), SOCK_ICMP, true);
    static uint8_t echo[3000], got[3100];
    struct sock_addr to = {RIG_IP(1), 0}, from;
    echo[0] = ICMP_ECHO;
    put16(echo + 6, 77);
    for (unsigned i = 8; i < sizeof echo; i++)
        echo[i] = (uint8_t)i;
    for (unsigned n = 8; n <= sizeof echo; n += 748) {
        CU_ASSERT_EQUAL(so_send(NET(0), s, echo, n, &to), (int)n);
        rig_run(20);
        CU_ASSERT_EQUAL(so_receive(NET(0), s, got, sizeof got, 0, &from), (int)n);
        CU_ASSERT_EQUAL(got[0], ICMP_ECHO_REPLY);
        CU_ASSERT_EQUAL(get16(got + 6), 77);
        CU_ASSERT_EQUAL(memcmp(got + 8, echo + 8, n - 8), 0);
        CU_ASSERT_EQUAL(so_receive(NET(0), raw, got, sizeof got, 0, &from),
                        (int)n + IP_HEADER);
        CU_ASSERT_EQUAL(got[0], 0x45);
    }
    struct sock_addr self = {IP_LOOPBACK, 0};
    CU_ASSERT_EQUAL(so_send(NET(0), s, echo, 100, &self), 100);
    net_run(NET(0), rig.now);
    CU_ASSERT_EQUAL(so_receive(NET(0), s, got, sizeof got, 0, &from), 100);
    CU_ASSERT_EQUAL(from.ip, IP_LOOPBACK);
    so_close(NET(0), s);
    so_close(NET(0), raw);
    CU_ASSERT(rig_balanced(0) && rig_balanced(1));
    rig_stop();
}

static void test_unreachable(void)
{
    rig_start(2, true, 4);
    int a = bound_udp(0, 1000);
    char got[8];
    struct sock_addr nobody = {RIG_IP(1), 9}, dark = {RIG_IP(77), 9};
    CU_ASSERT_EQUAL(so_connect(NET(0), a, &nobody), 0);
    CU_ASSERT_EQUAL(so_send(NET(0), a, "x", 1, NULL), 1);
    rig_run(50);
    CU_ASSERT_EQUAL(so_receive(NET(0), a, got, sizeof got, 0, NULL), -ECONNREFUSED);
    CU_ASSERT_EQUAL(so_receive(NET(0), a, got, sizeof got, 0, NULL), -EAGAIN);
    CU_ASSERT_EQUAL(so_connect(NET(0), a, &dark), 0);
    CU_ASSERT_EQUAL(so_send(NET(0), a, "x", 1, NULL), 1);
    rig_run(5000); /* ARP gives up */
    CU_ASSERT_EQUAL(so_receive(NET(0), a, got, sizeof got, 0, NULL), -EHOSTUNREACH);
    struct sock_addr far = {0x08080808, 53};
    CU_ASSERT_EQUAL(so_send(NET(0), a, "x", 1, &far), -ENETUNREACH);
    CU_ASSERT(rig_balanced(0) && rig_balanced(1));
    rig_stop();
}

static void test_ports(void)
{
    rig_start(1, true, 5);
    struct net *net = NET(0);
    int a = bound_udp(0, 1000), b = so_new(net, SOCK_UDP, false);
    struct sock_addr same = {0, 1000}, wrong = {RIG_IP(9), 5}, any = {0, 0};
    CU_ASSERT_EQUAL(so_bind(net, b, &same), -EADDRINUSE);
    CU_ASSERT_EQUAL(so_bind(net, b, &wrong), -EADDRNOTAVAIL);
    rig.machine[0].refuse = -EADDRINUSE; /* another session has it */
    same.port = 1001;
    CU_ASSERT_EQUAL(so_bind(net, b, &same), -EADDRINUSE);
    CU_ASSERT_EQUAL(so_bind(net, b, &any), -EADDRINUSE);
    same.ip = IP_LOOPBACK; /* nobody outside needs to reach this */
    CU_ASSERT_EQUAL(so_bind(net, b, &same), 0);
    rig.machine[0].refuse = 0;
    CU_ASSERT_EQUAL(so_bind(net, b, &same), -EINVAL);
    so_close(net, a);
    so_close(net, b);
    int rows[NET_SOCKS + 1], n = 0;
    while ((rows[n] = so_new(net, SOCK_UDP, false)) >= 0)
        n++;
    CU_ASSERT_EQUAL(n, NET_SOCKS);
    CU_ASSERT_EQUAL(rows[n], -ENFILE);
    for (int i = 0; i < n; i++)
        CU_ASSERT_EQUAL(so_bind(net, rows[i], &any), 0);
    while (n > 0)
        so_close(net, rows[--n]);
    CU_ASSERT_EQUAL(rig.machine[0].listening, 0);
    rig_stop();
}

static void test_pair(void)
{
    rig_start(1, true, 6);
    struct net *net = NET(0);
    static uint8_t data[200000], got[200000];
    int rows[2];
    size_t sent = 0, have = 0;
    CU_ASSERT_EQUAL_FATAL(so_pair(net, rows), 0);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)rig_random(256);
    while (have < sizeof data) {
        int n = so_send(net, rows[0], data + sent,
                        1 + rig_random((uint32_t)(sizeof data - sent) + 1) % 5000, NULL);
        if (sent + (size_t)(n > 0 ? n : 0) <= sizeof data && n > 0)
            sent += (size_t)n;
        n = so_receive(net, rows[1], got + have, 1 + rig_random(6000), 0, NULL);
        if (n > 0)
            have += (size_t)n;
        if (sent == sizeof data)
            so_shutdown(net, rows[0], SHUT_WRITE);
        if (n == 0)
            break;
    }
    CU_ASSERT_EQUAL(have, sent);
    CU_ASSERT_EQUAL(memcmp(data, got, have), 0);
    CU_ASSERT_EQUAL(so_send(net, rows[0], "x", 1, NULL), -EPIPE);
    CU_ASSERT_EQUAL(so_send(net, rows[1], "x", 1, NULL), 1);
    so_close(net, rows[0]);
    CU_ASSERT_EQUAL(so_send(net, rows[1], "x", 1, NULL), -EPIPE);
    CU_ASSERT_EQUAL(so_receive(net, rows[1], got, 1, 0, NULL), 0);
    so_close(net, rows[1]);
    CU_ASSERT(rig_balanced(0));
    rig_stop();
}

void suite_basic(void)
{
    CU_pSuite s = CU_add_suite("basic", NULL, NULL);
    CU_add_test(s, "checksums", test_sums);
    CU_add_test(s, "UDP", test_udp);
    CU_add_test(s, "fragments", test_fragments);
    CU_add_test(s, "echo", test_ping);
    CU_add_test(s, "unreachable", test_unreachable);
    CU_add_test(s, "ports", test_ports);
    CU_add_test(s, "local pair", test_pair);
}
