// SPDX-License-Identifier: GPL-2.0-or-later
/* exchange.c - data through sockets: streams and datagrams, over the wire and in the house. */
#include "network/loop.h"
#include "network/peer.h"
#include "support.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#define LARGE 3000 /* more than a segment */

/* The peer answers datagrams from when this has returned. */
static int wire_datagrams(void)
{
    struct sockaddr_in to = peer_address();
    int tcp = peer_connect(), fd = socket(AF_INET, SOCK_DGRAM, 0);
    REQUIRE(tcp >= 0 && fd >= 0 && connect(fd, SOCKADDR(&to), sizeof to) == 0);
    close(tcp);
    return fd;
}

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
    caught = sig;
}

/* A connection whose other side has hung up, told about it: the first it hears may be a reset. */
static int broken(void)
{
    int fd[2];
    loop_pair(fd);
    close(fd[1]);
    for (int i = 0; i < 5 && send(fd[0], "x", 1, MSG_NOSIGNAL) == 1; i++)
        usleep(1000);
    int error = errno;
    CHECK(error == ECONNRESET || error == EPIPE);
    return fd[0];
}

CONFORM(send, NEEDS_PEER)
{
    static char out[LARGE], in[LARGE];
    struct sockaddr_in at;
    int fd = peer_connect(), fresh = socket(AF_INET, SOCK_STREAM, 0), ends[2];
    REQUIRE(fd >= 0);
    for (int i = 0; i < LARGE; i++)
        out[i] = (char)(i * 7);
    CHECK_EQ(send(fd, out, LARGE, 0), LARGE);
    CHECK_EQ(recv(fd, in, LARGE, MSG_WAITALL), LARGE);
    CHECK(memcmp(in, out, LARGE) == 0);
    CHECK_EQ(send(fd, "", 0, 0), 0);
    CHECK_EQ(send(fd, "more ", 5, MSG_MORE), 5);
    CHECK_EQ(send(fd, "to come", 7, 0), 7);
    CHECK_EQ(recv(fd, in, 12, MSG_WAITALL), 12);
    CHECK(memcmp(in, "more to come", 12) == 0);
    int udp = wire_datagrams();
    CHECK_EQ(send(udp, "datagram", 8, 0), 8);
    CHECK_EQ(recv(udp, in, sizeof in, 0), 8);
    signal(SIGPIPE, on_signal);
    int torn = broken();
    CHECK_ERRNO(send(torn, "x", 1, MSG_NOSIGNAL), EPIPE);
    CHECK_EQ(caught, 0);
    CHECK_ERRNO(send(torn, "x", 1, 0), EPIPE);
    CHECK_EQ(caught, SIGPIPE);
    CHECK_SETS(send(fresh, "x", 1, MSG_NOSIGNAL) == -1 &&
                   (errno == ENOTCONN || errno == EPIPE),
               errno);
    CHECK_ERRNO(send(loop_datagrams(&at), "x", 1, 0), EDESTADDRREQ);
    CHECK_ERRNO(send(199, "x", 1, 0), EBADF);
    CHECK_EQ(pipe(ends), 0);
    CHECK_ERRNO(send(ends[1], "x", 1, 0), ENOTSOCK);
    int fill[2];
    loop_pair(fill);
    ssize_t n = 1;
    for (int i = 0; i < 2000 && n > 0; i++) /* until there is no room */
        n = send(fill[0], out, LARGE, MSG_DONTWAIT);
    CHECK_ERRNO(send(fill[0], out, LARGE, MSG_DONTWAIT), EAGAIN);
}

CONFORM(recv, NEEDS_PEER)
{
    char buf[32];
    struct sockaddr_in at;
    int fd = peer_connect(), pair[2], ends[2];
    REQUIRE(fd >= 0);
    CHECK_EQ(send(fd, "0123456789", 10, 0), 10);
    CHECK_EQ(recv(fd, buf, 4, MSG_PEEK | MSG_WAITALL), 4);
    CHECK_EQ(recv(fd, buf, 10, MSG_WAITALL), 10); /* what was only looked at is there */
    CHECK(memcmp(buf, "0123456789", 10) == 0);
    CHECK_ERRNO(recv(fd, buf, 1, MSG_DONTWAIT), EAGAIN);
    loop_pair(pair);
    CHECK_EQ(send(pair[0], "abcdef", 6, 0), 6);
    CHECK_EQ(recv(pair[1], buf, 4, 0), 4);
    CHECK_EQ(recv(pair[1], buf, 4, 0), 2); /* what there is */
    CHECK_EQ(send(pair[0], "x", 1, 0), 1);
    CHECK_EQ(close(pair[0]), 0);
    CHECK_EQ(recv(pair[1], buf, 4, MSG_WAITALL), 1); /* no more will come */
    CHECK_EQ(recv(pair[1], buf, 4, 0), 0);
    int udp = loop_datagrams(&at);
    CHECK_EQ(sendto(udp, "one", 3, 0, SOCKADDR(&at), sizeof at), 3);
    CHECK_EQ(sendto(udp, "second", 6, 0, SOCKADDR(&at), sizeof at), 6);
    CHECK_EQ(recv(udp, buf, 2, 0), 2); /* the rest of it is lost */
    CHECK_EQ(recv(udp, buf, sizeof buf, MSG_PEEK), 6);
    CHECK_EQ(recv(udp, buf, 2, MSG_TRUNC), 6); /* the length it had */
    CHECK_ERRNO(recv(udp, buf, 1, MSG_DONTWAIT), EAGAIN);
    CHECK_ERRNO(recv(socket(AF_INET, SOCK_STREAM, 0), buf, 1, 0), ENOTCONN);
    CHECK_ERRNO(recv(199, buf, 1, 0), EBADF);
    CHECK_EQ(pipe(ends), 0);
    CHECK_ERRNO(recv(ends[0], buf, 1, 0), ENOTSOCK);
}

CONFORM(sendto, NEEDS_PEER)
{
    static char out[LARGE], in[LARGE + 1];
    struct sockaddr_in to = peer_address(), at, from;
    socklen_t len = sizeof from;
    int wire = wire_datagrams(), fd = socket(AF_INET, SOCK_DGRAM, 0), pair[2];
    CHECK_EQ(sendto(fd, "hello", 5, 0, SOCKADDR(&to), sizeof to), 5);
    CHECK(own_address(fd).sin_port != 0); /* it has a port now */
    CHECK_EQ(recvfrom(fd, in, sizeof in, 0, SOCKADDR(&from), &len), 5);
    CHECK(from.sin_addr.s_addr == to.sin_addr.s_addr && from.sin_port == to.sin_port);
    memset(out, 'o', sizeof out);
    CHECK_EQ(sendto(wire, out, 1400, 0, NULL, 0), 1400);
    CHECK_EQ(recv(wire, in, sizeof in, 0), 1400);
    int local = loop_datagrams(&at);
    CHECK_EQ(sendto(fd, "", 0, 0, SOCKADDR(&at), sizeof at),
             0); /* a datagram of nothing */
    CHECK_EQ(sendto(local, out, LARGE, 0, SOCKADDR(&at), sizeof at), LARGE);
    CHECK_EQ(recv(local, in, sizeof in, 0), 0);
    CHECK_EQ(recv(local, in, sizeof in, 0), LARGE);
    CHECK_ERRNO(sendto(local, "x", 1, 0, NULL, 0), EDESTADDRREQ);
    CHECK_ERRNO(sendto(local, "x", 1, 0, SOCKADDR(&at), 3), EINVAL);
    char *huge = calloc(1, 70000);
    REQUIRE(huge != NULL);
    CHECK_ERRNO(sendto(local, huge, 70000, 0, SOCKADDR(&at), sizeof at), EMSGSIZE);
    free(huge);
    at.sin_family = 99;
    CHECK_ERRNO(sendto(local, "x", 1, 0, SOCKADDR(&at), sizeof at), EAFNOSUPPORT);
    loop_pair(pair);
    CHECK_EQ(sendto(pair[0], "as send", 7, 0, NULL, 0), 7);
    CHECK_EQ(recv(pair[1], in, sizeof in, 0), 7);
    CHECK_ERRNO(sendto(199, "x", 1, 0, SOCKADDR(&to), sizeof to), EBADF);
}

CONFORM(recvfrom, NEEDS_PEER)
{
    struct sockaddr_in a_at, b_at, from, peer = peer_address();
    socklen_t len = sizeof from;
    char buf[16];
    int wire = wire_datagrams(), a = loop_datagrams(&a_at), b = loop_datagrams(&b_at);
    CHECK_EQ(send(wire, "ping", 4, 0), 4);
    CHECK_EQ(recvfrom(wire, buf, sizeof buf, 0, SOCKADDR(&from), &len), 4);
    CHECK_EQ(len, sizeof from);
    CHECK(from.sin_family == AF_INET && from.sin_port == peer.sin_port &&
          from.sin_addr.s_addr == peer.sin_addr.s_addr);
    CHECK_EQ(sendto(b, "from b", 6, 0, SOCKADDR(&a_at), sizeof a_at), 6);
    CHECK_EQ(sendto(a, "from a", 6, 0, SOCKADDR(&a_at), sizeof a_at), 6);
    CHECK_EQ(recvfrom(a, buf, sizeof buf, MSG_PEEK, SOCKADDR(&from), &len), 6);
    CHECK(from.sin_port == b_at.sin_port);
    CHECK_EQ(recvfrom(a, buf, 4, 0, NULL, NULL), 4); /* who sent it is not asked */
    memset(&from, 0x55, sizeof from);
    len = 4; /* the address is cut */
    CHECK_EQ(recvfrom(a, buf, sizeof buf, 0, SOCKADDR(&from), &len), 6);
    CHECK_EQ(len, sizeof from);
    CHECK(from.sin_port == a_at.sin_port && from.sin_addr.s_addr == 0x55555555);
    CHECK_ERRNO(recvfrom(a, buf, 1, MSG_DONTWAIT, SOCKADDR(&from), &len), EAGAIN);
    CHECK_ERRNO(recvfrom(199, buf, 1, 0, SOCKADDR(&from), &len), EBADF);
}

CONFORM(sendmsg, NEEDS_PEER)
{
    char one[] = "one ", two[] = "two", buf[16];
    struct sockaddr_in to = peer_address(), at;
    struct iovec v[3] = {{one, 4}, {NULL, 0}, {two, 3}};
    struct msghdr m = {.msg_iov = v, .msg_iovlen = 3};
    int fd = peer_connect(), wire = wire_datagrams(), udp = loop_datagrams(&at);
    REQUIRE(fd >= 0);
    CHECK_EQ(sendmsg(fd, &m, 0), 7);
    CHECK_EQ(recv(fd, buf, 7, MSG_WAITALL), 7);
    CHECK(memcmp(buf, "one two", 7) == 0);
    CHECK_EQ(sendmsg(wire, &m, 0), 7);
    CHECK_EQ(recv(wire, buf, sizeof buf, 0), 7); /* one datagram */
    CHECK(memcmp(buf, "one two", 7) == 0);
    m.msg_name = &at;
    m.msg_namelen = sizeof at;
    CHECK_EQ(sendmsg(udp, &m, 0), 7);
    CHECK_EQ(recv(udp, buf, sizeof buf, 0), 7);
    m.msg_iovlen = 0;
    CHECK_EQ(sendmsg(udp, &m, 0), 0);
    CHECK_EQ(recv(udp, buf, sizeof buf, 0), 0);
    m.msg_iovlen = 1 << 20;
    CHECK_ERRNO(sendmsg(udp, &m, 0), EMSGSIZE);
    m.msg_iovlen = 1;
    m.msg_name = NULL;
    CHECK_ERRNO(sendmsg(udp, &m, 0), EDESTADDRREQ);
    CHECK_ERRNO(sendmsg(199, &m, 0), EBADF);
    m.msg_name = &to;
    CHECK_EQ(sendmsg(socket(AF_INET, SOCK_DGRAM, 0), &m, 0), 4);
}

CONFORM(recvmsg, NEEDS_PEER)
{
    char a[4] = "", b[8] = "";
    struct sockaddr_in from, at, peer = peer_address();
    struct iovec v[2] = {{a, 3}, {b, 7}};
    struct msghdr m = {
        .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = v, .msg_iovlen = 2};
    int wire = wire_datagrams(), udp = loop_datagrams(&at), pair[2];
    CHECK_EQ(send(wire, "abcdefgh", 8, 0), 8);
    CHECK_EQ(recvmsg(wire, &m, 0), 8);
    CHECK_STR(a, "abc");
    CHECK_STR(b, "defgh");
    CHECK(m.msg_namelen == sizeof from && from.sin_port == peer.sin_port);
    CHECK_EQ(m.msg_flags & MSG_TRUNC, 0);
    CHECK_EQ(m.msg_controllen, 0);
    CHECK_EQ(sendto(udp, "0123456789abc", 13, 0, SOCKADDR(&at), sizeof at), 13);
    CHECK_EQ(recvmsg(udp, &m, 0), 10);
    CHECK(m.msg_flags & MSG_TRUNC); /* something was cut off */
    CHECK(memcmp(a, "012", 3) == 0 && memcmp(b, "3456789", 7) == 0);
    loop_pair(pair);
    CHECK_EQ(send(pair[0], "stream", 6, 0), 6);
    m.msg_name = NULL;
    CHECK_EQ(recvmsg(pair[1], &m, 0), 6);
    CHECK(memcmp(a, "str", 3) == 0 && memcmp(b, "eam", 3) == 0);
    CHECK_ERRNO(recvmsg(pair[1], &m, MSG_DONTWAIT), EAGAIN);
    m.msg_iovlen = 1 << 20;
    CHECK_ERRNO(recvmsg(udp, &m, 0), EMSGSIZE);
    m.msg_iovlen = 1;
    CHECK_ERRNO(recvmsg(199, &m, 0), EBADF);
}

CONFORM(sendfile, NEEDS_PEER | NEEDS_DISK)
{
    static char in[9000];
    off_t at = 7;
    int fd = peer_connect(), file = open("text", O_RDONLY),
        lines = open("lines", O_RDONLY), pair[2];
    REQUIRE(fd >= 0 && file >= 0 && lines >= 0);
    CHECK_EQ(sendfile(fd, file, NULL, 19), 19); /* from the position, which moves */
    CHECK_EQ(lseek(file, 0, SEEK_CUR), 19);
    CHECK_EQ(recv(fd, in, 19, MSG_WAITALL), 19);
    CHECK(memcmp(in, "the quick brown fox", 19) == 0);
    CHECK_EQ(sendfile(fd, lines, &at, 2000), 2000); /* from elsewhere: it does not */
    CHECK_EQ(at, 2007);
    CHECK_EQ(lseek(lines, 0, SEEK_CUR), 0);
    CHECK_EQ(recv(fd, in, 2000, MSG_WAITALL), 2000);
    CHECK(memcmp(in, "line 1\nline 2\n", 14) == 0);
    CHECK_EQ(sendfile(fd, file, NULL, 1000), 25); /* no more is there */
    CHECK_EQ(recv(fd, in, 25, MSG_WAITALL), 25);
    CHECK_EQ(sendfile(fd, file, NULL, 10), 0);
    loop_pair(pair);
    at = 8881;
    CHECK_EQ(sendfile(pair[0], lines, &at, 100), 9);
    CHECK_EQ(recv(pair[1], in, 100, 0), 9);
    CHECK(memcmp(in, "line 999\n", 9) == 0);
    CHECK_ERRNO(sendfile(199, file, NULL, 1), EBADF);
    CHECK_ERRNO(sendfile(fd, 199, NULL, 1), EBADF);
    CHECK_ERRNO(sendfile(fd, pair[1], NULL, 1), EINVAL);
}
