// SPDX-License-Identifier: GPL-2.0-or-later
/* connect.c - connections made and ended, and the addresses of both sides. */
#include "network/loop.h"
#include "network/peer.h"
#include "support.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

/* A port nobody has. */
static struct sockaddr_in deserted(void)
{
    struct sockaddr_in at;
    close(loop_datagrams(&at));
    return at;
}

/* Does what is sent come back? */
static bool echoes(int fd, const char *text)
{
    char buf[64];
    size_t n = strlen(text), got = 0;
    if (send(fd, text, n, 0) != (ssize_t)n)
        return false;
    for (ssize_t r; got < n && (r = recv(fd, buf + got, sizeof buf - got, 0)) > 0;)
        got += (size_t)r;
    return got == n && memcmp(buf, text, n) == 0;
}

static int error_of(int fd)
{
    int error = -1;
    socklen_t len = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error : -1;
}

CONFORM(connect, NEEDS_PEER)
{
    struct sockaddr_in at, none = deserted(), other, peer = peer_address();
    int remote = peer_connect(), again = socket(AF_INET, SOCK_STREAM, 0);
    REQUIRE(remote >= 0);
    CHECK(echoes(remote, "over the wire"));
    CHECK_ERRNO(connect(remote, SOCKADDR(&peer), sizeof peer), EISCONN);
    CHECK_EQ(close(remote), 0);
    int fd = socket(AF_INET, SOCK_STREAM, 0), listener = loop_listener(&at);
    CHECK_ERRNO(connect(fd, SOCKADDR(&none), sizeof none), ECONNREFUSED);
    close(fd);
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    errno = 0; /* may be done at once, in the house */
    int r = connect(fd, SOCKADDR(&at), sizeof at), error = errno;
    CHECK(r == 0 || error == EINPROGRESS);
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    CHECK_EQ(poll(&p, 1, 1000), 1);
    CHECK_EQ(p.revents, POLLOUT);
    CHECK_EQ(error_of(fd), 0);
    at.sin_family = 99;
    CHECK_ERRNO(connect(again, SOCKADDR(&at), sizeof at), EAFNOSUPPORT);
    at.sin_family = AF_INET;
    CHECK_ERRNO(connect(again, SOCKADDR(&at), 3), EINVAL);
    CHECK_ERRNO(connect(199, SOCKADDR(&at), sizeof at), EBADF);
    CHECK_ERRNO(connect(listener, SOCKADDR(&at), sizeof at), EOPNOTSUPP);

    int a = loop_datagrams(&at), b = loop_datagrams(&other), c = loop_datagrams(&none);
    char buf[8]; /* datagrams: only the one connected to is heard */
    CHECK_EQ(connect(a, SOCKADDR(&other), sizeof other), 0);
    CHECK_EQ(sendto(c, "no", 2, 0, SOCKADDR(&at), sizeof at), 2);
    CHECK_EQ(sendto(b, "yes", 3, 0, SOCKADDR(&at), sizeof at), 3);
    CHECK_EQ(recv(a, buf, sizeof buf, 0), 3);
    CHECK_EQ(send(a, "to b", 4, 0), 4);
    CHECK_EQ(recv(b, buf, sizeof buf, 0), 4);
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    CHECK_EQ(connect(a, &nobody, sizeof nobody), 0);
    CHECK_ERRNO(send(a, "x", 1, 0), EDESTADDRREQ);
}

CONFORM(shutdown, NEEDS_PEER)
{
    int fd[2], remote = peer_connect(), alone = socket(AF_INET, SOCK_STREAM, 0), ends[2];
    char buf[16];
    REQUIRE(remote >= 0);
    CHECK_EQ(send(remote, "bye", 3, 0), 3);
    CHECK_EQ(shutdown(remote, SHUT_WR), 0);
    CHECK_EQ(recv(remote, buf, sizeof buf, MSG_WAITALL), 3); /* still hears */
    CHECK_ERRNO(send(remote, "x", 1, MSG_NOSIGNAL), EPIPE);
    loop_pair(fd);
    CHECK_EQ(send(fd[0], "abc", 3, 0), 3);
    CHECK_EQ(shutdown(fd[0], SHUT_WR), 0);
    CHECK_EQ(recv(fd[1], buf, sizeof buf, 0), 3);
    CHECK_EQ(recv(fd[1], buf, sizeof buf, 0), 0); /* the end, and again */
    CHECK_EQ(recv(fd[1], buf, sizeof buf, 0), 0);
    CHECK_EQ(send(fd[1], "back", 4, 0), 4); /* the other way is open */
    CHECK_EQ(recv(fd[0], buf, sizeof buf, 0), 4);
    CHECK_EQ(shutdown(fd[0], SHUT_RD), 0);
    CHECK_EQ(recv(fd[0], buf, sizeof buf, 0), 0);
    loop_pair(fd);
    CHECK_EQ(shutdown(fd[0], SHUT_RDWR), 0);
    CHECK_EQ(recv(fd[0], buf, sizeof buf, 0), 0);
    CHECK_EQ(recv(fd[1], buf, sizeof buf, 0), 0);
    CHECK_ERRNO(shutdown(fd[1], 9), EINVAL);
    CHECK_ERRNO(shutdown(alone, SHUT_WR), ENOTCONN);
    CHECK_ERRNO(shutdown(199, SHUT_WR), EBADF);
    CHECK_EQ(pipe(ends), 0);
    CHECK_ERRNO(shutdown(ends[1], SHUT_WR), ENOTSOCK);
}

CONFORM(getsockname, NEEDS_PEER)
{
    struct sockaddr_in a;
    socklen_t len = sizeof a;
    int remote = peer_connect(), fd = socket(AF_INET, SOCK_STREAM, 0), ends[2];
    REQUIRE(remote >= 0);
    CHECK_EQ(getsockname(remote, SOCKADDR(&a), &len), 0);
    CHECK_EQ(len, sizeof a);
    CHECK_EQ(a.sin_family, AF_INET);
    CHECK_EQ(ntohl(a.sin_addr.s_addr), 0xa9fe0101); /* our address on the wire */
    CHECK(a.sin_port != 0);
    CHECK_EQ(getsockname(fd, SOCKADDR(&a), &len), 0);
    CHECK(a.sin_port == 0 && a.sin_addr.s_addr == 0); /* not bound */
    memset(&a, 0x55, sizeof a);
    len = 2;
    CHECK_EQ(getsockname(remote, SOCKADDR(&a), &len), 0);
    CHECK(len == sizeof a && a.sin_family == AF_INET && a.sin_port == 0x5555);
    CHECK_ERRNO(getsockname(199, SOCKADDR(&a), &len), EBADF);
    CHECK_EQ(pipe(ends), 0);
    CHECK_ERRNO(getsockname(ends[1], SOCKADDR(&a), &len), ENOTSOCK);
}

CONFORM(getpeername, NEEDS_PEER)
{
    struct sockaddr_in a, want = peer_address(), at;
    socklen_t len = sizeof a;
    int remote = peer_connect(), udp = socket(AF_INET, SOCK_DGRAM, 0), fd[2];
    REQUIRE(remote >= 0);
    CHECK_EQ(getpeername(remote, SOCKADDR(&a), &len), 0);
    CHECK_EQ(len, sizeof a);
    CHECK(a.sin_addr.s_addr == want.sin_addr.s_addr && a.sin_port == want.sin_port);
    loop_pair(fd);
    CHECK_EQ(getpeername(fd[0], SOCKADDR(&a), &len), 0);
    CHECK(a.sin_port == own_address(fd[1]).sin_port);
    CHECK_EQ(getpeername(fd[1], SOCKADDR(&a), &len), 0);
    CHECK(a.sin_port == own_address(fd[0]).sin_port);
    CHECK_ERRNO(getpeername(udp, SOCKADDR(&a), &len), ENOTCONN);
    CHECK_EQ(connect(udp, SOCKADDR(&want), sizeof want), 0);
    len = 6;
    CHECK_EQ(getpeername(udp, SOCKADDR(&a), &len), 0);
    CHECK(len == sizeof a && a.sin_port == want.sin_port);
    CHECK_ERRNO(getpeername(loop_listener(&at), SOCKADDR(&a), &len), ENOTCONN);
    CHECK_ERRNO(getpeername(199, SOCKADDR(&a), &len), EBADF);
}
