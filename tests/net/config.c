// SPDX-License-Identifier: GPL-2.0-or-later
/* config.c - DHCP against a server in the test, and link-local addresses. */
#include <CUnit/CUnit.h>

#include "rig.h"

static struct {
    uint32_t discovers, requests, lease;
    bool silent, nak;
    uint32_t message; /* its length, options included */
} server;

/* An answer of this type from 10.0.2.2, as slirp's would be. */
static void answer(const uint8_t *query, uint32_t type)
{
    uint8_t f[600] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 9, 8, 0};
    uint8_t *ip = f + ETH_HEADER, *u = ip + IP_HEADER, *b = u + UDP_HEADER;
    const uint8_t options[] = {53,
                               1,
                               (uint8_t)type,
                               1,
                               4,
                               255,
                               255,
                               255,
                               0,
                               3,
                               4,
                               10,
                               0,
                               2,
                               2,
                               6,
                               4,
                               10,
                               0,
                               2,
                               3,
                               54,
                               4,
                               10,
                               0,
                               2,
                               2,
                               51,
                               4,
                               (uint8_t)(server.lease >> 24),
                               (uint8_t)(server.lease >> 16),
                               (uint8_t)(server.lease >> 8),
                               (uint8_t)server.lease,
                               255};
    memcpy(b, query, 44);
    b[0] = 2;
    put32(b + 16, type == 6 ? 0 : 0x0a00020f);
    put32(b + 236, 0x63825363);
    memcpy(b + 240, options, sizeof options);
    uint32_t n = 240 + sizeof options;
    put16(u, 67);
    put16(u + 2, 68);
    put16(u + 4, n + 8);
    ip[0] = 0x45;
    put16(ip + 2, n + 28);
    ip[8] = 64;
    ip[9] = PROTO_UDP;
    put32(ip + 12, 0x0a000202);
    put32(ip + 16, IP_BROADCAST);
    put16(ip + IP_SUM, ~sum_bytes(ip, 20));
    rig_inject(0, f, n + 42);
}

static bool serve(struct rig *r, unsigned to, uint8_t *f, size_t n)
{
    (void)r;
    const uint8_t *ip = f + ETH_HEADER, *b = ip + 28;
    if (to != 1 || n < 300 || get16(f + ETH_TYPE) != ETHERTYPE_IP || ip[9] != PROTO_UDP ||
        get16(ip + 22) != 67)
        return true;
    CU_ASSERT_EQUAL(sum_bytes(ip, 20), 0xffff);
    CU_ASSERT_EQUAL(b[242], b[242] == 1 ? 1 : 3);
    server.discovers += b[242] == 1;
    server.requests += b[242] == 3;
    if (server.silent)
        return true;
    answer(b, b[242] == 1 ? 2 : server.nak ? 6 : 5);
    return true;
}

static void test_dhcp(void)
{
    memset(&server, 0, sizeof server);
    server.lease = 1000;
    rig_start(2, false, 31);
    rig.machine[1].net->has_device = false;
    NET(1)->config = CONFIG_NONE;
    NET(1)->ip = RIG_IP(1);
    rig.tap = serve;
    rig_run(3000);
    CU_ASSERT_EQUAL(NET(0)->config, CONFIG_BOUND);
    CU_ASSERT_EQUAL(NET(0)->ip, 0x0a00020f);
    CU_ASSERT_EQUAL(NET(0)->gateway, 0x0a000202);
    CU_ASSERT_EQUAL(NET(0)->dns[0], 0x0a000203);
    CU_ASSERT_EQUAL(server.discovers, 1);
    rig_run(520000); /* T1 */
    CU_ASSERT(server.requests >= 1);
    server.silent = true;
    rig_run(1200000); /* the lease ends: link-local */
    CU_ASSERT_EQUAL(NET(0)->config, CONFIG_LINK_LOCAL);
    CU_ASSERT_EQUAL(NET(0)->ip, 0xa9fe0101);
    server.silent = false;
    rig_run(400000); /* asked again from there */
    CU_ASSERT_EQUAL(NET(0)->config, CONFIG_BOUND);
    server.nak = true;
    rig_run(600000);
    server.nak = false;
    rig_run(60000);
    CU_ASSERT_EQUAL(NET(0)->ip, 0x0a00020f);
    rig_stop();
}

static void test_dead(void)
{
    rig_start(1, false, 32);
    uint32_t start = rig.now;
    while (NET(0)->ip == 0 && rig.now - start < 100000)
        rig_step(100000);
    CU_ASSERT_EQUAL(NET(0)->ip, 0xa9fe0101);
    CU_ASSERT(rig.now - start < 25000);
    CU_ASSERT(rig.frames < 12);
    uint32_t frames = rig.frames;
    rig_run(3600000); /* and quiet */
    CU_ASSERT(rig.frames - frames < 16);
    rig_stop();
}

/* Two machines, the same last byte: the second finds another address, and they talk. */
static void test_conflict(void)
{
    rig_start(2, false, 33);
    NET(1)->local.ip = 0xa9fe0101;
    rig_run(60000);
    CU_ASSERT_EQUAL(NET(0)->config, CONFIG_LINK_LOCAL);
    CU_ASSERT_EQUAL(NET(1)->config, CONFIG_LINK_LOCAL);
    CU_ASSERT_NOT_EQUAL(NET(0)->ip, NET(1)->ip);
    CU_ASSERT_EQUAL(NET(1)->ip >> 16, 0xa9fe);
    int a = so_new(NET(0), SOCK_UDP, false), b = so_new(NET(1), SOCK_UDP, false);
    struct sock_addr at = {0, 9}, to = {NET(1)->ip, 9};
    so_bind(NET(1), b, &at);
    so_send(NET(0), a, "hi", 2, &to);
    rig_run(20);
    char got[4];
    CU_ASSERT_EQUAL(so_receive(NET(1), b, got, 4, 0, NULL), 2);
    rig_stop();
}

void suite_config(void)
{
    CU_pSuite s = CU_add_suite("configuration", NULL, NULL);
    CU_add_test(s, "DHCP", test_dhcp);
    CU_add_test(s, "nobody answers", test_dead);
    CU_add_test(s, "address conflict", test_conflict);
}
