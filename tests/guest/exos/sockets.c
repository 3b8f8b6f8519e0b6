// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sockets.c - the socket API on this machine alone: TCP, UDP, ICMP over 127.0.0.1, local pairs, poll and
 * select over descriptors of all kinds, several processes, errors. The wire: tests/clients.
 */
#include "expect.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_in at(uint32_t ip, uint16_t port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    a.sin_addr.s_addr = htonl(ip);
    return a;
}

#define ADDR(a) ((struct sockaddr *)&(a))

static int listener(uint16_t port)
{
    struct sockaddr_in a = at(INADDR_LOOPBACK, port);
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    CHECK_EQ(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
    CHECK_EQ(bind(fd, ADDR(a), sizeof a), 0);
    CHECK_EQ(listen(fd, 5), 0);
    return fd;
}

static int dial(uint16_t port)
{
    struct sockaddr_in a = at(INADDR_LOOPBACK, port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(connect(fd, ADDR(a), sizeof a), 0);
    return fd;
}

static void test_stream(void)
{
    char buf[64];
    int l = listener(1000), c = dial(1000);
    struct sockaddr_in peer, self;
    socklen_t n = sizeof peer;
    int s = accept(l, ADDR(peer), &n);
    CHECK(s >= 0 && n == sizeof peer);
    n = sizeof self;
    CHECK_EQ(getsockname(c, ADDR(self), &n), 0);
    CHECK(self.sin_port == peer.sin_port &&
          ntohl(self.sin_addr.s_addr) == INADDR_LOOPBACK);
    CHECK_EQ(getpeername(c, ADDR(self), &n), 0);
    CHECK_EQ(ntohs(self.sin_port), 1000);
    CHECK_EQ(write(c, "hello", 5), 5);
    CHECK_EQ(recv(s, buf, sizeof buf, MSG_PEEK), 5);
    CHECK_EQ(read(s, buf, 2), 2);
    CHECK_EQ(recv(s, buf + 2, 62, 0), 3);
    CHECK_EQ(memcmp(buf, "hello", 5), 0);
    CHECK(recv(s, buf, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN);
    CHECK_EQ(shutdown(c, SHUT_WR), 0);
    CHECK_EQ(read(s, buf, 1), 0);
    CHECK_EQ(write(s, "back", 4), 4);
    close(s);
    CHECK_EQ(recv(c, buf, 64, MSG_WAITALL), 4);
    CHECK_EQ(read(c, buf, 1), 0);
    close(c);
    close(l);
}

static void test_errors(void)
{
    struct sockaddr_in a = at(INADDR_LOOPBACK, 9), wrong = at(0x01020304, 9);
    struct sockaddr_in six = {.sin_family = AF_INET6};
    struct stat st;
    char buf[4];
    int fd = socket(AF_INET, SOCK_STREAM, 0), other;
    CHECK(socket(AF_INET6, SOCK_STREAM, 0) < 0 && errno == EAFNOSUPPORT);
    CHECK(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP) < 0 && errno == EPROTONOSUPPORT);
    CHECK(connect(fd, ADDR(a), sizeof a) < 0 && errno == ECONNREFUSED);
    close(fd);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(read(fd, buf, 1) < 0 && errno == ENOTCONN);
    CHECK(send(fd, buf, 1, MSG_NOSIGNAL) < 0 && errno == ENOTCONN);
    CHECK(bind(fd, ADDR(wrong), sizeof wrong) < 0 && errno == EADDRNOTAVAIL);
    CHECK(bind(fd, ADDR(six), sizeof six) < 0 && errno == EAFNOSUPPORT);
    CHECK(bind(fd, ADDR(a), 4) < 0 && errno == EINVAL);
    CHECK(accept(fd, NULL, NULL) < 0 && errno == EINVAL);
    CHECK_EQ(bind(fd, ADDR(a), sizeof a), 0);
    other = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(other, ADDR(a), sizeof a) < 0 && errno == EADDRINUSE);
    CHECK(bind(0, ADDR(a), sizeof a) < 0 && errno == ENOTSOCK);
    CHECK(listen(77, 1) < 0 && errno == EBADF);
    CHECK(lseek(fd, 0, SEEK_SET) < 0 && errno == ESPIPE);
    CHECK(fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode));
    CHECK(send(fd, (void *)16, 4, 0) < 0 && (errno == EFAULT || errno == ENOTCONN));
    CHECK(setsockopt(fd, SOL_SOCKET, 12345, &fd, sizeof fd) < 0 && errno == ENOPROTOOPT);
    int v = 0;
    socklen_t n = sizeof v;
    CHECK(getsockopt(fd, SOL_SOCKET, SO_TYPE, &v, &n) == 0 && v == SOCK_STREAM);
    v = 1;
    CHECK_EQ(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &v, sizeof v), 0);
    v = 0;
    CHECK(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &v, &n) == 0 && v == 1);
    close(other);
    close(fd);
}

static volatile int got_signal;

static void on_signal(int sig)
{
    got_signal = sig;
}

static void test_pipe_signal(void)
{
    int l = listener(1001), c = dial(1001), s = accept(l, NULL, NULL);
    struct sigaction act = {.sa_flags = 0};
    act.sa_handler = on_signal;
    sigaction(SIGPIPE, &act, NULL);
    sigaction(SIGUSR1, &act, NULL);
    shutdown(c, SHUT_WR);
    got_signal = 0;
    CHECK(send(c, "x", 1, MSG_NOSIGNAL) < 0 && errno == EPIPE && got_signal == 0);
    CHECK(write(c, "x", 1) < 0 && errno == EPIPE && got_signal == SIGPIPE);
    /* a signal ends a wait */
    pid_t parent = getpid();
    if (fork() == 0) {
        usleep(20000);
        kill(parent, SIGUSR1);
        _exit(0);
    }
    char buf[4];
    CHECK(read(c, buf, 1) < 0 && errno == EINTR && got_signal == SIGUSR1);
    wait(NULL);
    signal(SIGPIPE, SIG_DFL);
    close(s);
    close(c);
    close(l);
}

static void test_datagrams(void)
{
    static char big[9000], got[9000];
    struct sockaddr_in a = at(INADDR_LOOPBACK, 1002), from;
    socklen_t n = sizeof from;
    int s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, 0);
    struct timeval tv = {0, 50000};
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (char)(i * 7);
    CHECK_EQ(bind(s, ADDR(a), sizeof a), 0);
    CHECK_EQ(sendto(c, big, sizeof big, 0, ADDR(a), sizeof a), (long)sizeof big);
    CHECK_EQ(sendto(c, "", 0, 0, ADDR(a), sizeof a), 0);
    CHECK_EQ(recvfrom(s, got, sizeof got, 0, ADDR(from), &n), (long)sizeof big);
    CHECK_EQ(memcmp(big, got, sizeof big), 0);
    CHECK_EQ(recv(s, got, sizeof got, 0), 0);
    CHECK_EQ(connect(s, ADDR(from), n), 0);
    struct iovec v[2] = {{"two ", 4}, {"parts", 5}};
    struct msghdr m = {.msg_iov = v, .msg_iovlen = 2};
    CHECK_EQ(sendmsg(s, &m, 0), 9);
    CHECK(recv(c, got, 3, MSG_TRUNC) == 9 && memcmp(got, "two", 3) == 0);
    CHECK_EQ(setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv), 0);
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    CHECK(recv(c, got, 1, 0) < 0 && errno == EAGAIN);
    clock_gettime(CLOCK_MONOTONIC, &after);
    long ms = (long)(after.tv_sec - before.tv_sec) * 1000 +
              (after.tv_nsec - before.tv_nsec) / 1000000;
    CHECK(ms >= 49 && ms < 100);
    CHECK(sendto(c, big, 70000, 0, ADDR(a), sizeof a) < 0 && errno == EMSGSIZE);
    /* nobody there: the next call says so */
    a = at(INADDR_LOOPBACK, 1003);
    CHECK_EQ(connect(c, ADDR(a), sizeof a), 0);
    CHECK_EQ(send(c, "x", 1, 0), 1);
    CHECK(recv(c, got, 1, 0) < 0 && errno == ECONNREFUSED);
    close(s);
    close(c);
}

static void test_echo(void)
{
    unsigned char echo[64] = {8, 0, 0, 0, 0, 0, 0, 5}, got[100];
    struct sockaddr_in a = at(INADDR_LOOPBACK, 0);
    int fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
    CHECK_EQ(sendto(fd, echo, sizeof echo, 0, ADDR(a), sizeof a), 64);
    CHECK_EQ(recv(fd, got, sizeof got, 0), 64);
    CHECK(got[0] == 0 && got[7] == 5);
    close(fd);
}

static void test_pair(void)
{
    static char data[100000];
    int fd[2];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
    if (fork() == 0) {
        long n, total = 0;
        close(fd[0]);
        while ((n = read(fd[1], data, 3000)) > 0)
            total += n;
        _exit(total == 200000 ? 7 : 8);
    }
    close(fd[1]);
    CHECK_EQ(write(fd[0], data, sizeof data), (long)sizeof data);
    CHECK_EQ(write(fd[0], data, sizeof data), (long)sizeof data);
    close(fd[0]);
    int status;
    wait(&status);
    CHECK_EQ(WEXITSTATUS(status), 7);
}

static void test_poll(void)
{
    int p[2], l = listener(1004), c = dial(1004), s = accept(l, NULL, NULL);
    CHECK_EQ(pipe(p), 0);
    struct pollfd f[5] = {{s, POLLIN, 0},
                          {p[0], POLLIN, 0},
                          {c, POLLOUT, 0},
                          {99, POLLIN, 0},
                          {-1, POLLIN, 0}};
    CHECK_EQ(poll(f, 2, 0), 0);
    CHECK_EQ(poll(f, 2, 20), 0);
    CHECK_EQ(poll(f, 5, -1), 2);
    CHECK(f[2].revents == POLLOUT && f[3].revents == POLLNVAL && f[4].revents == 0);
    if (fork() == 0) {
        usleep(10000);
        write(p[1], "x", 1);
        usleep(10000);
        write(c, "y", 1);
        _exit(0);
    }
    CHECK(poll(f, 2, -1) == 1 && f[1].revents == POLLIN && f[0].revents == 0);
    char b;
    CHECK_EQ(read(p[0], &b, 1), 1);
    CHECK(poll(f, 2, -1) == 1 && f[0].revents == POLLIN);
    wait(NULL);
    fd_set in, out;
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_SET(s, &in);
    FD_SET(p[0], &in);
    FD_SET(c, &out);
    struct timeval tv = {1, 0};
    CHECK_EQ(select(20, &in, &out, NULL, &tv), 2);
    CHECK(FD_ISSET(s, &in) && !FD_ISSET(p[0], &in) && FD_ISSET(c, &out));
    close(c);
    close(p[1]);
    CHECK_EQ(read(s, &b, 1), 1);
    CHECK_EQ(poll(f, 2, -1), 2);
    CHECK(f[0].revents & POLLIN && f[1].revents & POLLHUP);
    close(s);
    close(l);
    close(p[0]);
    /* connect without waiting */
    l = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in a = at(INADDR_LOOPBACK, 1005);
    CHECK(connect(l, ADDR(a), sizeof a) < 0 && errno == EINPROGRESS);
    f[0] = (struct pollfd){l, POLLOUT, 0};
    CHECK_EQ(poll(f, 1, 1000), 1);
    int error = 0;
    socklen_t n = sizeof error;
    CHECK(getsockopt(l, SOL_SOCKET, SO_ERROR, &error, &n) == 0 && error == ECONNREFUSED);
    close(l);
}

/* A server and its clients in processes of their own, more data than any buffer. */
#define CLIENTS 4
#define BYTES 300000

static unsigned char byte_of(long i, int client)
{
    return (unsigned char)(i * 31 + i / 257 + client);
}

static int client(int k)
{
    static unsigned char data[BYTES], back[BYTES];
    struct pollfd f = {dial(1006), 0, 0};
    long sent = 0, have = 0;
    for (long i = 0; i < BYTES; i++)
        data[i] = byte_of(i, k);
    fcntl(f.fd, F_SETFL, O_NONBLOCK);
    while (have < BYTES) {
        f.events = (short)(POLLIN | (sent < BYTES ? POLLOUT : 0));
        poll(&f, 1, -1);
        if (f.revents & POLLOUT) {
            long r = write(f.fd, data + sent, (size_t)(BYTES - sent));
            sent += r > 0 ? r : 0;
        }
        long r = read(f.fd, back + have, (size_t)(BYTES - have));
        if (r == 0 || (r < 0 && errno != EAGAIN))
            return 1;
        have += r > 0 ? r : 0;
    }
    return memcmp(data, back, BYTES) != 0;
}

static void test_processes(void)
{
    int l = listener(1006), status;
    for (int k = 0; k < CLIENTS; k++)
        if (fork() == 0) {
            close(l);
            _exit(client(k));
        }
    for (int k = 0; k < CLIENTS; k++) {
        int s = accept(l, NULL, NULL);
        if (fork() == 0) { /* echoes what comes */
            static char buf[5000];
            long n;
            while ((n = read(s, buf, sizeof buf)) > 0)
                if (write(s, buf, (size_t)n) != n)
                    _exit(1);
            _exit(0);
        }
        close(s);
    }
    for (int k = 0; k < 2 * CLIENTS; k++) {
        CHECK(wait(&status) > 0);
        CHECK_EQ(status, 0);
    }
    close(l);
}

static void test_sendfile(void)
{
    static char a[40000], b[40000];
    struct stat st;
    int fd = open("big", O_RDONLY), l = listener(1007), c = dial(1007);
    int s = accept(l, NULL, NULL);
    CHECK(fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 100000);
    off_t off = 1000;
    CHECK_EQ(sendfile(c, fd, &off, sizeof a), (long)sizeof a);
    CHECK_EQ(off, 1000 + (long)sizeof a);
    CHECK_EQ(recv(s, b, sizeof b, MSG_WAITALL), (long)sizeof b);
    CHECK_EQ(lseek(fd, 1000, SEEK_SET), 1000);
    CHECK_EQ(read(fd, a, sizeof a), (long)sizeof a);
    CHECK_EQ(memcmp(a, b, sizeof a), 0);
    off = st.st_size - 10;
    CHECK_EQ(sendfile(c, fd, &off, 1000), 10);
    CHECK_EQ(recv(s, b, sizeof b, 0), 10);
    CHECK(sendfile(fd, c, NULL, 10) < 0 && errno == ENOTSOCK);
    close(fd);
    close(s);
    close(c);
    close(l);
}

static void test_names(void)
{
    struct in_addr a;
    char text[INET_ADDRSTRLEN];
    struct addrinfo *list, hints = {.ai_socktype = SOCK_STREAM};
    CHECK(inet_aton("10.1", &a) && ntohl(a.s_addr) == 0x0a000001);
    CHECK(inet_aton("0x7f.0.0.010", &a) && ntohl(a.s_addr) == 0x7f000008);
    CHECK(!inet_aton("256.1.1.1", &a) && !inet_aton("1.2.3.4.5", &a) &&
          !inet_aton("", &a));
    CHECK(inet_pton(AF_INET, "1.2.3.255", &a) == 1 && ntohl(a.s_addr) == 0x010203ff);
    CHECK(inet_pton(AF_INET, "1.2.3", &a) == 0 &&
          inet_pton(AF_INET, "01.2.3.4", &a) == 0);
    CHECK(inet_ntop(AF_INET, &a, text, sizeof text) != NULL &&
          strcmp(text, "1.2.3.255") == 0);
    CHECK(inet_ntop(AF_INET, &a, text, 5) == NULL && errno == ENOSPC);
    CHECK_EQ(getaddrinfo("localhost", "http", &hints, &list), 0);
    const struct sockaddr_in *in = (const struct sockaddr_in *)list->ai_addr;
    CHECK(ntohs(in->sin_port) == 80 && ntohl(in->sin_addr.s_addr) == INADDR_LOOPBACK);
    CHECK(list->ai_next == NULL);
    freeaddrinfo(list);
    hints.ai_flags = AI_NUMERICHOST;
    CHECK_EQ(getaddrinfo("example.org", "80", &hints, &list), EAI_NONAME);
    CHECK_EQ(getaddrinfo("127.0.0.1", "nonsense", &hints, &list), EAI_SERVICE);
}

int main(void)
{
    signal(SIGPIPE, SIG_DFL);
    BALANCED(test_stream);
    BALANCED(test_errors);
    BALANCED(test_pipe_signal);
    BALANCED(test_datagrams);
    BALANCED(test_echo);
    BALANCED(test_pair);
    BALANCED(test_poll);
    BALANCED(test_sendfile);
    test_processes();
    test_names();
    return verdict();
}
