// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * peer.c - `conform --peer`: the other machine of programs that need one. It echoes: UDP datagrams
 * and TCP streams on port 7, as many as it has room for, until the machine is switched off. Nobody
 * gives out addresses on the wire, so it is 169.254.1.2 and the program's machine 169.254.1.1.
 */
#include "network/peer.h"
#include "harness.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEER 0xa9fe0102u /* 169.254.1.2 */
#define TRIES 200        /* of 10 ms */
#define CONNECTIONS 8
#define LISTENER 0
#define DATAGRAMS 1

static char buf[2048];

/* ---- this side ---- */

struct sockaddr_in peer_address(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(PEER_PORT)};
    a.sin_addr.s_addr = htonl(PEER);
    return a;
}

int peer_connect(void)
{
    struct sockaddr_in a = peer_address();
    for (int i = 0; i < TRIES; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) == 0)
            return fd;
        int error = errno;
        close(fd);
        errno = error;
        if (error != ECONNREFUSED) /* it has its address, but does not listen yet */
            return -1;
        usleep(10000);
        errno = error;
    }
    return -1;
}

/* ---- the other side ---- */

static int open_socket(int type)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(PEER_PORT)};
    int fd = socket(AF_INET, type, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) < 0)
        return -1;
    return type == SOCK_STREAM && listen(fd, CONNECTIONS) < 0 ? -1 : fd;
}

static void echo_datagram(int fd)
{
    struct sockaddr_in from;
    socklen_t len = sizeof from;
    ssize_t n = recvfrom(fd, buf, sizeof buf, 0, (struct sockaddr *)&from, &len);
    if (n >= 0) /* one that cannot be answered is lost, as datagrams may be */
        sendto(fd, buf, (size_t)n, 0, (struct sockaddr *)&from, len);
}

/* False: the connection is over. */
static bool echo_stream(int fd)
{
    ssize_t n = recv(fd, buf, sizeof buf, 0);
    for (ssize_t done = 0; done < n;) {
        ssize_t put = send(fd, buf + done, (size_t)(n - done), MSG_NOSIGNAL);
        if (put <= 0)
            return false;
        done += put;
    }
    return n > 0;
}

static void take(struct pollfd *p, int listener)
{
    int fd = accept(listener, NULL, NULL);
    for (int i = DATAGRAMS + 1; fd >= 0 && i < DATAGRAMS + 1 + CONNECTIONS; i++)
        if (p[i].fd < 0) {
            p[i].fd = fd;
            return;
        }
    if (fd >= 0)
        close(fd);
}

int conform_peer(void)
{
    struct pollfd p[DATAGRAMS + 1 + CONNECTIONS];
    for (int i = 0; i < DATAGRAMS + 1 + CONNECTIONS; i++)
        p[i] = (struct pollfd){.fd = -1, .events = POLLIN};
    p[DATAGRAMS].fd = open_socket(SOCK_DGRAM);
    p[LISTENER].fd = open_socket(SOCK_STREAM); /* the last: peer_connect() waits for it */
    if (p[LISTENER].fd < 0 || p[DATAGRAMS].fd < 0)
        return CONFORM_FAIL;
    while (poll(p, DATAGRAMS + 1 + CONNECTIONS, -1) >= 0) {
        if (p[DATAGRAMS].revents)
            echo_datagram(p[DATAGRAMS].fd);
        for (int i = DATAGRAMS + 1; i < DATAGRAMS + 1 + CONNECTIONS; i++)
            if (p[i].fd >= 0 && p[i].revents && !echo_stream(p[i].fd)) {
                close(p[i].fd);
                p[i].fd = -1;
            }
        if (p[LISTENER].revents)
            take(p, p[LISTENER].fd);
    }
    return CONFORM_FAIL;
}
