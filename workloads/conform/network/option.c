// SPDX-License-Identifier: GPL-2.0-or-later
/* option.c - options of sockets: asked, set, and what they do. */
#include "network/loop.h"
#include "support.h"

#include <netinet/tcp.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int get(int fd, int level, int name)
{
    int value = -1;
    socklen_t len = sizeof value;
    return getsockopt(fd, level, name, &value, &len) == 0 && len == sizeof value ? value
                                                                                 : -1000;
}

static int set(int fd, int level, int name, int value)
{
    return setsockopt(fd, level, name, &value, sizeof value);
}

static long milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)(t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

CONFORM(getsockopt, NEEDS_NET)
{
    struct sockaddr_in at;
    int tcp = loop_listener(&at), udp = loop_datagrams(&at), value = 0, ends[2];
    int plain = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(get(tcp, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
    CHECK_EQ(get(udp, SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
    CHECK_EQ(get(tcp, SOL_SOCKET, SO_DOMAIN), AF_INET);
    CHECK_EQ(get(tcp, SOL_SOCKET, SO_PROTOCOL), IPPROTO_TCP);
    CHECK_EQ(get(udp, SOL_SOCKET, SO_PROTOCOL), IPPROTO_UDP);
    CHECK_EQ(get(tcp, SOL_SOCKET, SO_ACCEPTCONN), 1);
    CHECK_EQ(get(plain, SOL_SOCKET, SO_ACCEPTCONN), 0);
    CHECK_EQ(get(plain, SOL_SOCKET, SO_ERROR), 0);
    CHECK_EQ(get(plain, SOL_SOCKET, SO_REUSEADDR), 0);
    CHECK(get(plain, SOL_SOCKET, SO_RCVBUF) >= 1024);
    CHECK(get(plain, SOL_SOCKET, SO_SNDBUF) >= 1024);
    CHECK(get(plain, IPPROTO_TCP, TCP_MAXSEG) >= 500);
    CHECK(get(plain, IPPROTO_IP, IP_TTL) >= 32);
    unsigned char cut[2] = {0x55, 0x55};
    socklen_t len = 1;
    CHECK_EQ(getsockopt(tcp, SOL_SOCKET, SO_TYPE, cut, &len), 0);
    CHECK(len == 1 && cut[0] == SOCK_STREAM && cut[1] == 0x55);
    len = sizeof value;
    CHECK_ERRNO(getsockopt(tcp, SOL_SOCKET, 9999, &value, &len), ENOPROTOOPT);
    CHECK(getsockopt(tcp, 9999, 1, &value, &len) == -1);
    CHECK(getsockopt(udp, IPPROTO_TCP, TCP_NODELAY, &value, &len) == -1);
    CHECK_ERRNO(getsockopt(199, SOL_SOCKET, SO_TYPE, &value, &len), EBADF);
    CHECK_EQ(pipe(ends), 0);
    CHECK_ERRNO(getsockopt(ends[0], SOL_SOCKET, SO_TYPE, &value, &len), ENOTSOCK);
}

CONFORM(setsockopt, NEEDS_NET)
{
    struct sockaddr_in at;
    struct timeval t = {0, 50000};
    struct linger l = {1, 5}, got = {0, 0};
    socklen_t len = sizeof got;
    char buf[8];
    int tcp = socket(AF_INET, SOCK_STREAM, 0), udp = loop_datagrams(&at), ends[2], on = 1;
    CHECK_EQ(set(tcp, SOL_SOCKET, SO_REUSEADDR, 1), 0);
    CHECK(get(tcp, SOL_SOCKET, SO_REUSEADDR) > 0);
    CHECK_EQ(set(tcp, SOL_SOCKET, SO_REUSEADDR, 0), 0);
    CHECK_EQ(get(tcp, SOL_SOCKET, SO_REUSEADDR), 0);
    CHECK_EQ(set(tcp, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
    CHECK(get(tcp, SOL_SOCKET, SO_KEEPALIVE) > 0);
    CHECK_EQ(set(tcp, IPPROTO_TCP, TCP_NODELAY, 1), 0);
    CHECK(get(tcp, IPPROTO_TCP, TCP_NODELAY) > 0);
    CHECK_EQ(set(udp, IPPROTO_IP, IP_TTL, 9), 0);
    CHECK_EQ(get(udp, IPPROTO_IP, IP_TTL), 9);
    CHECK_EQ(set(udp, SOL_SOCKET, SO_BROADCAST, 1), 0);
    CHECK(get(udp, SOL_SOCKET, SO_BROADCAST) > 0);
    CHECK_EQ(set(tcp, SOL_SOCKET, SO_RCVBUF, 8192), 0);
    CHECK(get(tcp, SOL_SOCKET, SO_RCVBUF) >= 8192);
    CHECK_EQ(setsockopt(tcp, SOL_SOCKET, SO_LINGER, &l, sizeof l), 0);
    CHECK_EQ(getsockopt(tcp, SOL_SOCKET, SO_LINGER, &got, &len), 0);
    CHECK(got.l_onoff != 0 && got.l_linger == 5);
    CHECK_EQ(setsockopt(udp, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t), 0);
    long before = milliseconds();
    CHECK_ERRNO(recv(udp, buf, sizeof buf, 0), EAGAIN); /* after that time */
    long waited = milliseconds() - before;
    CHECK(waited >= 49 && waited < 500);
    CHECK_ERRNO(set(tcp, SOL_SOCKET, SO_TYPE, 1), ENOPROTOOPT); /* to be read only */
    CHECK_ERRNO(set(tcp, SOL_SOCKET, 9999, 1), ENOPROTOOPT);
    CHECK(set(tcp, 9999, 1, 1) == -1);
    CHECK_ERRNO(setsockopt(tcp, SOL_SOCKET, SO_KEEPALIVE, &on, 1), EINVAL);
    CHECK_ERRNO(set(199, SOL_SOCKET, SO_KEEPALIVE, 1), EBADF);
    CHECK_EQ(pipe(ends), 0);
    CHECK_ERRNO(set(ends[0], SOL_SOCKET, SO_KEEPALIVE, 1), ENOTSOCK);
}
