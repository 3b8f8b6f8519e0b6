// SPDX-License-Identifier: GPL-2.0-or-later
/* socket.c - sockets made, named, listening. */
#include "network/loop.h"
#include "support.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

CONFORM(socket, NEEDS_NET)
{
    char c;
    int tcp = socket(AF_INET, SOCK_STREAM, 0),
        udp = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    REQUIRE(tcp >= 0 && udp >= 0 && tcp != udp);
    CHECK_EQ(fcntl(tcp, F_GETFD), 0);
    CHECK_EQ(fcntl(tcp, F_GETFL) & O_NONBLOCK, 0);
    struct stat st;
    CHECK_EQ(fstat(tcp, &st), 0);
    CHECK(S_ISSOCK(st.st_mode));
    CHECK_ERRNO(lseek(tcp, 0, SEEK_SET), ESPIPE);
    CHECK_ERRNO(read(tcp, &c, 1), ENOTCONN);
    CHECK_EQ(close(tcp), 0);
    CHECK_ERRNO(read(tcp, &c, 1), EBADF);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    CHECK_EQ(fd, tcp); /* the lowest that is free */
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK);
    CHECK_ERRNO(recv(fd, &c, 1, 0), EAGAIN);
    CHECK_EQ(close(fd), 0);
    CHECK_ERRNO(socket(99, SOCK_STREAM, 0), EAFNOSUPPORT);
    CHECK_ERRNO(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT);
    CHECK_ERRNO(socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP), EPROTONOSUPPORT);
    CHECK(socket(AF_INET, 15, 0) == -1);
    for (int i = 0; i < 40; i++) /* they are given back */
        if ((fd = socket(AF_INET, SOCK_STREAM, 0)) < 0 || close(fd) != 0)
            break;
    CHECK_EQ(fd, tcp);
}

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
    caught = sig;
}

CONFORM(socketpair, NEEDS_NONE)
{
    int fd[2] = {-1, -1};
    char buf[16];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
    REQUIRE(fd[0] >= 0 && fd[1] >= 0 && fd[0] != fd[1]);
    CHECK_EQ(write(fd[0], "there", 5), 5);
    CHECK_EQ(write(fd[1], "back", 4), 4); /* both ways */
    CHECK_EQ(read(fd[1], buf, sizeof buf), 5);
    CHECK_EQ(read(fd[0], buf, sizeof buf), 4);
    CHECK(memcmp(buf, "back", 4) == 0);
    CHECK_EQ(write(fd[0], "ab", 2) + write(fd[0], "cd", 2), 4);
    CHECK_EQ(read(fd[1], buf, sizeof buf), 4); /* a stream: no boundaries */
    CHECK_EQ(send(fd[0], "last", 4, 0), 4);
    CHECK_EQ(close(fd[0]), 0);
    CHECK_EQ(recv(fd[1], buf, sizeof buf, 0), 4);
    CHECK_EQ(recv(fd[1], buf, sizeof buf, 0), 0); /* its end */
    signal(SIGPIPE, on_signal);
    CHECK_ERRNO(write(fd[1], "x", 1), EPIPE);
    CHECK_EQ(caught, SIGPIPE);
    CHECK_EQ(close(fd[1]), 0);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd), 0);
    CHECK_EQ(fcntl(fd[1], F_GETFD), FD_CLOEXEC);
    CHECK_ERRNO(read(fd[1], buf, 1), EAGAIN);
    CHECK_ERRNO(socketpair(99, SOCK_STREAM, 0, fd), EAFNOSUPPORT);
    CHECK_ERRNO(socketpair(AF_INET, SOCK_STREAM, 0, fd), EOPNOTSUPP);
    CHECK_ERRNO(socketpair(AF_UNIX, SOCK_STREAM, 77, fd), EPROTONOSUPPORT);
}

CONFORM(bind, NEEDS_NET)
{
    struct sockaddr_in at = loop_address(0), own;
    int a = socket(AF_INET, SOCK_STREAM, 0), b = socket(AF_INET, SOCK_STREAM, 0);
    int udp = socket(AF_INET, SOCK_DGRAM, 0);
    REQUIRE(a >= 0 && b >= 0 && udp >= 0);
    CHECK_EQ(bind(a, SOCKADDR(&at), sizeof at), 0);
    own = own_address(a);
    CHECK(ntohs(own.sin_port) > 1023 && own.sin_addr.s_addr == at.sin_addr.s_addr);
    CHECK_ERRNO(bind(b, SOCKADDR(&own), sizeof own), EADDRINUSE);
    CHECK_EQ(bind(udp, SOCKADDR(&own), sizeof own), 0);     /* ports of its own */
    CHECK_ERRNO(bind(a, SOCKADDR(&at), sizeof at), EINVAL); /* it has one */
    CHECK_EQ(close(a), 0);
    CHECK_EQ(bind(b, SOCKADDR(&own), sizeof own), 0); /* free again */
    int c = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_ERRNO(bind(c, SOCKADDR(&at), 3), EINVAL);
    at.sin_family = 99;
    CHECK_ERRNO(bind(c, SOCKADDR(&at), sizeof at), EAFNOSUPPORT);
    CHECK_ERRNO(bind(199, SOCKADDR(&own), sizeof own), EBADF);
    int ends[2];
    CHECK_EQ(pipe(ends), 0);
    CHECK_ERRNO(bind(ends[0], SOCKADDR(&own), sizeof own), ENOTSOCK);
    own.sin_addr.s_addr = htonl(0xc0000201); /* 192.0.2.1 is nobody */
    CHECK_ERRNO(bind(c, SOCKADDR(&own), sizeof own), EADDRNOTAVAIL);
}

CONFORM(listen, NEEDS_NET)
{
    struct sockaddr_in at;
    int fd = loop_listener(&at), client = socket(AF_INET, SOCK_STREAM, 0), ends[2];
    CHECK_EQ(listen(fd, 8), 0); /* another number */
    CHECK_EQ(listen(fd, 0), 0);
    CHECK_EQ(listen(fd, -1), 0);
    CHECK_EQ(connect(client, SOCKADDR(&at), sizeof at), 0); /* before anybody accepts */
    struct pollfd p = {.fd = fd, .events = POLLIN};
    CHECK_EQ(poll(&p, 1, 0), 1);
    CHECK_EQ(p.revents, POLLIN);
    CHECK_ERRNO(listen(client, 4), EINVAL); /* connected */
    CHECK_ERRNO(listen(loop_datagrams(&at), 4), EOPNOTSUPP);
    CHECK_ERRNO(listen(199, 4), EBADF);
    CHECK_EQ(pipe(ends), 0);
    CHECK_ERRNO(listen(ends[0], 4), ENOTSOCK);
    at = own_address(fd);
    CHECK_EQ(close(fd), 0); /* what waited is cut off */
    char c;
    CHECK(recv(client, &c, 1, 0) <= 0);
    int late = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_ERRNO(connect(late, SOCKADDR(&at), sizeof at), ECONNREFUSED);
}

CONFORM(accept, NEEDS_NET)
{
    struct sockaddr_in at, from, udp;
    socklen_t len = sizeof from;
    char c = 0;
    int fd = loop_listener(&at), first = socket(AF_INET, SOCK_STREAM, 0);
    int second = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(first, SOCKADDR(&at), sizeof at), 0);
    CHECK_EQ(connect(second, SOCKADDR(&at), sizeof at), 0);
    CHECK_EQ(send(first, "1", 1, 0), 1);
    CHECK_EQ(send(second, "2", 1, 0), 1);
    int one = accept(fd, SOCKADDR(&from), &len), two = accept(fd, NULL, NULL);
    CHECK(one >= 0 && two >= 0);
    CHECK_EQ(len, sizeof from);
    CHECK(from.sin_family == AF_INET && from.sin_port == own_address(first).sin_port);
    CHECK(own_address(one).sin_port == at.sin_port);
    CHECK_EQ(recv(one, &c, 1, 0), 1); /* in the order they came */
    CHECK_EQ(c, '1');
    CHECK_EQ(recv(two, &c, 1, 0), 1);
    CHECK_EQ(c, '2');
    CHECK_EQ(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    CHECK_ERRNO(accept(fd, NULL, NULL), EAGAIN);
    int third = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(third, SOCKADDR(&at), sizeof at), 0);
    CHECK_EQ(send(third, "3", 1, 0), 1);
    CHECK_EQ(close(third), 0); /* gone already: there all the same */
    memset(&from, 0x55, sizeof from);
    len = 4;
    int gone = accept(fd, SOCKADDR(&from), &len);
    CHECK(gone >= 0);
    CHECK_EQ(len, sizeof from); /* cut, and the length it has */
    CHECK_EQ(from.sin_addr.s_addr, 0x55555555);
    CHECK_EQ(fcntl(gone, F_GETFL) & O_NONBLOCK, 0); /* not the listener's */
    CHECK_EQ(recv(gone, &c, 1, 0), 1);
    CHECK_EQ(recv(gone, &c, 1, 0), 0);
    CHECK_ERRNO(accept(one, NULL, NULL), EINVAL); /* does not listen */
    CHECK_ERRNO(accept(loop_datagrams(&udp), NULL, NULL), EOPNOTSUPP);
    CHECK_ERRNO(accept(199, NULL, NULL), EBADF);
}

CONFORM(accept4, NEEDS_NET)
{
    struct sockaddr_in at;
    char c;
    int fd = loop_listener(&at), client = socket(AF_INET, SOCK_STREAM, 0);
    int other = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(client, SOCKADDR(&at), sizeof at), 0);
    int a = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    CHECK_EQ(fcntl(a, F_GETFD), FD_CLOEXEC);
    CHECK_ERRNO(recv(a, &c, 1, 0), EAGAIN);
    CHECK_EQ(connect(other, SOCKADDR(&at), sizeof at), 0);
    CHECK_ERRNO(accept4(fd, NULL, NULL, 0x7), EINVAL);
    int b = accept4(fd, NULL, NULL, 0);
    CHECK_EQ(fcntl(b, F_GETFD), 0);
    CHECK_EQ(fcntl(b, F_GETFL) & O_NONBLOCK, 0);
    CHECK_ERRNO(accept4(199, NULL, NULL, 0), EBADF);
}
