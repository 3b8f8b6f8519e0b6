// SPDX-License-Identifier: GPL-2.0-or-later
/* address.c - addresses and ports as text and as bytes; interfaces; names of hosts. */
#include "network/loop.h"
#include "support.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <sys/stat.h>

/* The bytes of a number in network order are these. */
static bool bytes_are(const void *p, const char *want, size_t n)
{
    return memcmp(p, want, n) == 0;
}

CONFORM(htons, NEEDS_NONE)
{
    uint16_t v = htons(0x0102);
    CHECK(bytes_are(&v, "\1\2", 2));
    CHECK_EQ(ntohs(htons(0xfedc)), 0xfedc);
    CHECK_EQ(htons(0), 0);
}

CONFORM(ntohs, NEEDS_NONE)
{
    uint16_t v;
    memcpy(&v, "\x12\x34", 2);
    CHECK_EQ(ntohs(v), 0x1234);
    CHECK_EQ(ntohs(0xffff), 0xffff);
}

CONFORM(htonl, NEEDS_NONE)
{
    uint32_t v = htonl(0x01020304);
    CHECK(bytes_are(&v, "\1\2\3\4", 4));
    CHECK_EQ(ntohl(htonl(0xfedcba98)), 0xfedcba98);
    CHECK_EQ(htonl(0), 0);
}

CONFORM(ntohl, NEEDS_NONE)
{
    uint32_t v;
    memcpy(&v, "\x7f\0\0\1", 4);
    CHECK_EQ(ntohl(v), INADDR_LOOPBACK);
    CHECK_EQ(ntohl(0xffffffff), 0xffffffff);
}

/* The address of a text in host order, or -1. */
static long long aton(const char *s)
{
    struct in_addr a = {0};
    return inet_aton(s, &a) ? (long long)ntohl(a.s_addr) : -1;
}

CONFORM(inet_aton, NEEDS_NONE)
{
    CHECK_EQ(aton("127.0.0.1"), 0x7f000001);
    CHECK_EQ(aton("255.255.255.255"), 0xffffffff);
    CHECK_EQ(aton("1.2.3"), 0x01020003); /* the last number takes what is left */
    CHECK_EQ(aton("1.65536"), 0x01010000);
    CHECK_EQ(aton("4294967295"), 0xffffffff);
    CHECK_EQ(aton("0x7f.1"), 0x7f000001);
    CHECK_EQ(aton("010.0.0.1"), 0x08000001);
    CHECK_EQ(aton("256.0.0.1"), -1);
    CHECK_EQ(aton("1.2.3.4.5"), -1);
    CHECK_EQ(aton("1.2.3.256"), -1);
    CHECK_EQ(aton("1.2.65536"), -1);
    CHECK_EQ(aton("4294967296"), -1);
    CHECK_EQ(aton("1..2"), -1);
    CHECK_EQ(aton("1.2.3."), -1);
    CHECK_EQ(aton("a.b"), -1);
    CHECK_EQ(aton(""), -1);
    CHECK_EQ(aton("08.1"), -1);
}

CONFORM(inet_addr, NEEDS_NONE)
{
    CHECK_EQ(ntohl(inet_addr("10.0.2.15")), 0x0a00020f);
    CHECK_EQ(ntohl(inet_addr("1.2")), 0x01000002);
    CHECK_EQ(inet_addr("0.0.0.0"), INADDR_ANY);
    CHECK_EQ(inet_addr("10.0.2.1500"), INADDR_NONE);
    CHECK_EQ(inet_addr(""), INADDR_NONE);
    CHECK_EQ(inet_addr("host"), INADDR_NONE);
}

CONFORM(inet_ntoa, NEEDS_NONE)
{
    CHECK_STR(inet_ntoa((struct in_addr){htonl(0x7f000001)}), "127.0.0.1");
    CHECK_STR(inet_ntoa((struct in_addr){htonl(0xffffffff)}), "255.255.255.255");
    CHECK_STR(inet_ntoa((struct in_addr){0}), "0.0.0.0");
    CHECK_STR(inet_ntoa((struct in_addr){htonl(0x0a630105)}), "10.99.1.5");
}

CONFORM(inet_pton, NEEDS_NONE)
{
    struct in_addr a = {0x55555555};
    CHECK_EQ(inet_pton(AF_INET, "192.0.2.254", &a), 1);
    CHECK_EQ(ntohl(a.s_addr), 0xc00002fe);
    a.s_addr = 0x55555555;
    CHECK_EQ(inet_pton(AF_INET, "192.0.2", &a), 0); /* four decimal numbers only */
    CHECK_EQ(inet_pton(AF_INET, "192.0.2.256", &a), 0);
    CHECK_EQ(inet_pton(AF_INET, "0x7f.0.0.1", &a), 0);
    CHECK_EQ(inet_pton(AF_INET, "1.2.3.4 ", &a), 0);
    CHECK_EQ(inet_pton(AF_INET, "1.2.3.4.5", &a), 0);
    CHECK_EQ(inet_pton(AF_INET, "1.2.3.", &a), 0);
    CHECK_EQ(inet_pton(AF_INET, "", &a), 0);
    CHECK_EQ(a.s_addr, 0x55555555); /* untouched */
    CHECK_ERRNO(inet_pton(99, "1.2.3.4", &a), EAFNOSUPPORT);
}

CONFORM(inet_ntop, NEEDS_NONE)
{
    struct in_addr a = {htonl(0xc00002fe)};
    char text[INET_ADDRSTRLEN];
    CHECK(inet_ntop(AF_INET, &a, text, sizeof text) == text);
    CHECK_STR(text, "192.0.2.254");
    CHECK(inet_ntop(AF_INET, &a, text, 12) == text); /* just fits */
    CHECK_NULL(inet_ntop(AF_INET, &a, text, 11), ENOSPC);
    CHECK_NULL(inet_ntop(AF_INET, &a, text, 0), ENOSPC);
    CHECK_NULL(inet_ntop(99, &a, text, sizeof text), EAFNOSUPPORT);
}

CONFORM(if_nametoindex, NEEDS_NET)
{
    unsigned lo = if_nametoindex("lo"), eth = if_nametoindex("eth0");
    CHECK(lo != 0 && eth != 0 && lo != eth);
    CHECK_SETS(if_nametoindex("none0") == 0, ENODEV);
    CHECK_SETS(if_nametoindex("") == 0, ENODEV);
}

CONFORM(if_indextoname, NEEDS_NET)
{
    char name[IF_NAMESIZE];
    CHECK(if_indextoname(if_nametoindex("lo"), name) == name);
    CHECK_STR(name, "lo");
    CHECK_STR(if_indextoname(if_nametoindex("eth0"), name), "eth0");
    CHECK_NULL(if_indextoname(0, name), ENXIO);
    CHECK_NULL(if_indextoname(9999, name), ENXIO);
}

/* -- names -- */

static bool is(const struct addrinfo *a, uint32_t ip, int port, int type)
{
    struct sockaddr_in in;
    if (a == NULL || a->ai_family != AF_INET || a->ai_addrlen != sizeof in)
        return false;
    memcpy(&in, a->ai_addr, sizeof in);
    return in.sin_family == AF_INET && ntohl(in.sin_addr.s_addr) == ip &&
           ntohs(in.sin_port) == port && a->ai_socktype == type;
}

static void put_hosts(void)
{
    mkdir("etc", 0755);
    REQUIRE(put_file("/etc/hosts",
                     "# names\n192.0.2.7 first.example first # more\n"
                     "192.0.2.8\tsecond.example\n192.0.2.9 First.Example\n"));
}

CONFORM(getaddrinfo, NEEDS_NET | NEEDS_DISK)
{
    struct addrinfo *list = NULL,
                    hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    CHECK_EQ(getaddrinfo("192.0.2.1", "80", &hints, &list), 0);
    CHECK(is(list, 0xc0000201, 80, SOCK_STREAM) && list->ai_next == NULL);
    CHECK_EQ(list->ai_protocol, IPPROTO_TCP);
    freeaddrinfo(list);
    CHECK_EQ(getaddrinfo(NULL, "65535", &hints, &list), 0);
    CHECK(is(list, INADDR_LOOPBACK, 65535, SOCK_STREAM));
    freeaddrinfo(list);
    hints.ai_flags = AI_PASSIVE;
    hints.ai_socktype = SOCK_DGRAM;
    CHECK_EQ(getaddrinfo(NULL, "53", &hints, &list), 0);
    CHECK(is(list, INADDR_ANY, 53, SOCK_DGRAM));
    freeaddrinfo(list);
    hints.ai_flags = AI_CANONNAME;
    CHECK_EQ(getaddrinfo("localhost", NULL, &hints, &list), 0);
    CHECK(is(list, INADDR_LOOPBACK, 0, SOCK_DGRAM));
    CHECK_STR(list->ai_canonname, "localhost");
    freeaddrinfo(list);
    CHECK_EQ(getaddrinfo("192.0.2.1", "80", NULL, &list),
             0); /* without hints: all types */
    unsigned types = 0;
    for (struct addrinfo *a = list; a != NULL; a = a->ai_next)
        types |= 1u << a->ai_socktype;
    CHECK((types & (1u << SOCK_STREAM)) && (types & (1u << SOCK_DGRAM)));
    freeaddrinfo(list);
    put_hosts();
    hints = (struct addrinfo){.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    CHECK_EQ(getaddrinfo("SECOND.example", "1", &hints, &list), 0);
    CHECK(is(list, 0xc0000208, 1, SOCK_STREAM));
    freeaddrinfo(list);
    CHECK_EQ(getaddrinfo("first.example", "1", &hints, &list), 0); /* has two */
    CHECK(is(list, 0xc0000207, 1, SOCK_STREAM) &&
          is(list->ai_next, 0xc0000209, 1, SOCK_STREAM));
    freeaddrinfo(list);
    CHECK_EQ(getaddrinfo(NULL, NULL, &hints, &list), EAI_NONAME);
    CHECK_EQ(getaddrinfo("192.0.2.1", "65536", &hints, &list), EAI_SERVICE);
    CHECK_EQ(getaddrinfo("192.0.2.1", "no such", &hints, &list), EAI_SERVICE);
    hints.ai_flags = AI_NUMERICHOST;
    CHECK_EQ(getaddrinfo("second.example", "1", &hints, &list), EAI_NONAME);
    hints.ai_flags = 0x40000000;
    CHECK_EQ(getaddrinfo("192.0.2.1", "1", &hints, &list), EAI_BADFLAGS);
    hints = (struct addrinfo){.ai_family = 99};
    CHECK_EQ(getaddrinfo("192.0.2.1", "1", &hints, &list), EAI_FAMILY);
    hints = (struct addrinfo){.ai_socktype = 77};
    CHECK_EQ(getaddrinfo("192.0.2.1", "1", &hints, &list), EAI_SOCKTYPE);
}

CONFORM(freeaddrinfo, NEEDS_NET)
{
    struct addrinfo hints = {.ai_flags = AI_CANONNAME}, *list = NULL;
    unsigned failed = 0;
    for (int i = 0; i < 50; i++) { /* all of it, names too */
        failed += getaddrinfo("192.0.2.1", "80", &hints, &list) != 0 || list == NULL;
        freeaddrinfo(list);
    }
    CHECK_EQ(failed, 0);
}

CONFORM(gai_strerror, NEEDS_NONE)
{
    static const int errors[] = {EAI_BADFLAGS, EAI_NONAME,   EAI_AGAIN,   EAI_FAIL,
                                 EAI_FAMILY,   EAI_SOCKTYPE, EAI_SERVICE, EAI_MEMORY,
                                 EAI_SYSTEM,   EAI_OVERFLOW};
    unsigned alike = 0;
    for (unsigned i = 0; i < sizeof errors / sizeof *errors; i++)
        for (unsigned k = 0; k < i; k++)
            alike += strcmp(gai_strerror(errors[i]), gai_strerror(errors[k])) == 0;
    CHECK_EQ(alike, 0);
    CHECK(strlen(gai_strerror(EAI_NONAME)) > 0 && strlen(gai_strerror(12345)) > 0);
}

CONFORM(getnameinfo, NEEDS_NONE)
{
    struct sockaddr_in a = loop_address(8080);
    char host[32], service[8];
    int numeric = NI_NUMERICHOST | NI_NUMERICSERV;
    CHECK_EQ(getnameinfo(SOCKADDR(&a), sizeof a, host, sizeof host, service,
                         sizeof service, numeric),
             0);
    CHECK_STR(host, "127.0.0.1");
    CHECK_STR(service, "8080");
    CHECK_EQ(
        getnameinfo(SOCKADDR(&a), sizeof a, NULL, 0, service, sizeof service, numeric),
        0);
    CHECK_EQ(getnameinfo(SOCKADDR(&a), sizeof a, host, 10, NULL, 0, numeric), 0);
    CHECK_EQ(getnameinfo(SOCKADDR(&a), sizeof a, host, 9, NULL, 0, numeric),
             EAI_OVERFLOW);
    CHECK_EQ(getnameinfo(SOCKADDR(&a), sizeof a, NULL, 0, service, 4, numeric),
             EAI_OVERFLOW);
    CHECK_EQ(getnameinfo(SOCKADDR(&a), 3, host, sizeof host, NULL, 0, numeric),
             EAI_FAMILY);
    a.sin_family = 99;
    CHECK_EQ(getnameinfo(SOCKADDR(&a), sizeof a, host, sizeof host, NULL, 0, numeric),
             EAI_FAMILY);
    a.sin_family = AF_INET;
    CHECK_EQ(getnameinfo(SOCKADDR(&a), sizeof a, NULL, 0, NULL, 0, numeric), EAI_NONAME);
}

CONFORM(gethostbyname, NEEDS_NET | NEEDS_DISK)
{
    struct hostent *h = gethostbyname("192.0.2.99");
    REQUIRE(h != NULL);
    CHECK(h->h_addrtype == AF_INET && h->h_length == 4);
    CHECK(bytes_are(h->h_addr_list[0], "\xc0\0\2\x63", 4) && h->h_addr_list[1] == NULL);
    CHECK_STR(h->h_name, "192.0.2.99");
    h = gethostbyname("localhost");
    CHECK(h != NULL && bytes_are(h->h_addr_list[0], "\x7f\0\0\1", 4));
    put_hosts();
    h = gethostbyname("first");
    REQUIRE(h != NULL && h->h_aliases != NULL);
    CHECK(bytes_are(h->h_addr_list[0], "\xc0\0\2\7", 4));
    h = gethostbyname("first.example");
    CHECK(h != NULL && h->h_addr_list[1] != NULL && h->h_addr_list[2] == NULL);
    CHECK(gethostbyname("not a name.") == NULL);
    CHECK(h_errno == HOST_NOT_FOUND || h_errno == NO_RECOVERY || h_errno == TRY_AGAIN);
}
