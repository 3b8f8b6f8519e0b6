// SPDX-License-Identifier: GPL-2.0-or-later
/* dns_test.c - DNS questions and answers: aliases, compression, lies. */
#include <CUnit/CUnit.h>

#include "dns.h"
#include "rig.h"

static uint8_t message[DNS_MESSAGE + 200];
static size_t length;

static void begin(const char *name, uint32_t answers)
{
    length = dns_question(message, 77, name);
    put16(message + 2, 0x8180);
    put16(message + 6, answers);
}

static void bytes(const void *p, size_t n)
{
    memcpy(message + length, p, n);
    length += n;
}

/* A record whose owner is the name at `owner`. */
static size_t record(uint32_t owner, uint32_t type, const void *data, size_t n)
{
    uint8_t head[12];
    put16(head, 0xc000 | owner);
    put16(head + 2, type);
    put16(head + 4, 1);
    put32(head + 6, 60);
    put16(head + 10, (uint32_t)n);
    bytes(head, sizeof head);
    size_t at = length;
    bytes(data, n);
    return at;
}

static int ask(const char *name, uint32_t *ip, char *alias)
{
    return dns_answer(message, length, 77, name, ip, 4, alias);
}

static void test_questions(void)
{
    uint8_t m[DNS_MESSAGE];
    char big[300];
    CU_ASSERT_EQUAL(dns_question(m, 1, "a.example."), 12 + 11 + 4);
    CU_ASSERT_EQUAL(memcmp(m + 12, "\1a\7example\0", 11), 0);
    CU_ASSERT_EQUAL(dns_question(m, 1, ""), 0);
    CU_ASSERT_EQUAL(dns_question(m, 1, "."), 0);
    CU_ASSERT_EQUAL(dns_question(m, 1, "a..b"), 0);
    CU_ASSERT_EQUAL(dns_question(m, 1, ".a"), 0);
    memset(big, 'x', sizeof big);
    big[64] = '\0';
    CU_ASSERT_EQUAL(dns_question(m, 1, big), 0);
    big[63] = '\0';
    CU_ASSERT(dns_question(m, 1, big) != 0);
    for (size_t i = 1; i < sizeof big; i += 2)
        big[i] = '.';
    big[64] = 'x';
    big[255] = '\0';
    CU_ASSERT_EQUAL(dns_question(m, 1, big), 0);
}

static void test_answers(void)
{
    uint32_t ip[4];
    char alias[DNS_NAME];
    begin("www.example", 3);
    record(12, 1, "\1\2\3\4", 4);
    record(12, 16, "text", 4);
    record(12, 1, "\5\6\7\10", 4);
    CU_ASSERT_EQUAL(ask("WWW.example", ip, alias), 2);
    CU_ASSERT(ip[0] == 0x01020304 && ip[1] == 0x05060708);
    CU_ASSERT_EQUAL(ask("other.example", ip, alias), DNS_BAD);
    put16(message, 78);
    CU_ASSERT_EQUAL(ask("www.example", ip, alias), DNS_BAD);
    put16(message, 77);
    put16(message + 2, 0x8183);
    CU_ASSERT_EQUAL(ask("www.example", ip, alias), DNS_NO_NAME);
    put16(message + 2, 0x8182);
    CU_ASSERT_EQUAL(ask("www.example", ip, alias), DNS_FAILED);
    put16(message + 2, 0x0100);
    CU_ASSERT_EQUAL(ask("www.example", ip, alias), DNS_BAD);
    begin("www.example", 0);
    CU_ASSERT_EQUAL(ask("www.example", ip, alias), DNS_NO_DATA);
}

static void test_aliases(void)
{
    uint32_t ip[4];
    char alias[DNS_NAME];
    begin("www.example", 3); /* the address stands before the alias that leads to it */
    size_t host = record(12, 5, "\4host\300\20", 7);
    record((uint32_t)host, 1, "\1\2\3\4", 4);
    record((uint32_t)host, 1, "\1\2\3\5", 4);
    CU_ASSERT_EQUAL(ask("www.example", ip, alias), 2);
    begin("www.example", 1);
    record(12, 5, "\4host\300\20", 7);
    CU_ASSERT_EQUAL(ask("www.example", ip, alias), DNS_ALIAS);
    CU_ASSERT_STRING_EQUAL(alias, "host.example");
    begin("www.example", 1); /* a name for itself */
    record(12, 5, "\300\14", 2);
    CU_ASSERT_EQUAL(ask("www.example", ip, alias), DNS_FAILED);
    begin("www.example", 1); /* a pointer to itself, and one forwards */
    size_t at = record(12, 5, "\300\0", 2);
    put16(message + at, 0xc000 | (uint32_t)at);
    CU_ASSERT_EQUAL(ask("www.example", ip, alias), DNS_NO_DATA);
    put16(message + at, 0xc000 | (uint32_t)(at + 2));
    CU_ASSERT_EQUAL(ask("www.example", ip, alias), DNS_NO_DATA);
}

void suite_dns(void)
{
    CU_pSuite s = CU_add_suite("DNS", NULL, NULL);
    CU_add_test(s, "questions", test_questions);
    CU_add_test(s, "answers", test_answers);
    CU_add_test(s, "aliases and loops", test_aliases);
}
