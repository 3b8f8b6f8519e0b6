// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nc.c - standard input to a connection, the connection to standard output.
 *
 *   nc [-u] [-w SECONDS] HOST PORT      connect
 *   nc -l [-u] [-w SECONDS] [HOST] PORT   wait for one that connects (with -u: for a datagram)
 *
 * The end of the input closes our direction of a TCP connection; nc ends when the other side
 * closed its own, too. With -u there is no end: nc ends with the input after -w SECONDS (default 1)
 * without a datagram, and so does a receiver that once had one. With TCP, -w is how long nothing may come or go
 * (default: for ever). Exit status: 0; 1 if the connection could not be made, broke, or -w ran out;
 * 2 bad usage.
 */
#include "inet.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[16384];

/* write() all of it to standard output */
static int put(const char *p, size_t n)
{
    while (n) {
        ssize_t done = write(STDOUT_FILENO, p, n);
        if (done < 0) {
            inet_complain("standard output", errno);
            return -1;
        }
        p += done;
        n -= (size_t)done;
    }
    return 0;
}

/* A piece of the input to the connection: 1, 0 at the end, -1. */
static int forward(int fd, bool datagrams)
{
    ssize_t n = read(STDIN_FILENO, buffer, datagrams ? 1400 : sizeof buffer);
    if (n < 0) {
        inet_complain("standard input", errno);
        return -1;
    }
    if (n && inet_send(fd, buffer, (size_t)n))
        return -1;
    if (!n && !datagrams)
        shutdown(fd, SHUT_WR);
    return n > 0;
}

/* A piece from the connection: 1, 0 at its end, -1. */
static int backward(int fd)
{
    ssize_t n = recv(fd, buffer, sizeof buffer, 0);
    if (n < 0) {
        inet_complain("receive", errno);
        return -1;
    }
    return n && put(buffer, (size_t)n) ? -1 : n > 0;
}

/* Both directions until both have ended; the exit status. */
static int shuttle(int fd, bool datagrams, int patience)
{
    bool input = true, output = true; /* has not ended */
    while (input || output) {
        struct pollfd p[2] = {{.fd = output ? fd : -1, .events = POLLIN},
                              {.fd = input ? STDIN_FILENO : -1, .events = POLLIN}};
        bool ends = datagrams && !input;
        int n = poll(p, 2, ends && patience < 0 ? 1000 : patience);
        if (n < 0 && errno != EINTR) {
            inet_complain("poll", errno);
            return 1;
        }
        if (n == 0) {
            if (!ends)
                fprintf(stderr, "%s: nothing came or went for %d ms\n", inet_program,
                        patience);
            return !ends;
        }
        int more = p[0].revents ? backward(fd) : 1;
        if (more < 0)
            return 1;
        output = output && (more || datagrams);
        more = p[1].revents ? forward(fd, datagrams) : 1;
        if (more < 0)
            return 1;
        input = input && more;
    }
    return 0;
}

/* The first that sends us a datagram is the one we talk to. */
static int meet(int fd)
{
    struct sockaddr_in peer;
    socklen_t size = sizeof peer;
    ssize_t n = recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr *)&peer, &size);
    if (n < 0 || connect(fd, (struct sockaddr *)&peer, size)) {
        inet_complain("first datagram", errno);
        return -1;
    }
    return put(buffer, (size_t)n) ? -1 : fd;
}

static int wait_for(const char *host, int port, bool datagrams)
{
    int fd = inet_listen(host, port, datagrams ? SOCK_DGRAM : SOCK_STREAM);
    if (fd < 0)
        return -1;
    fprintf(stderr, "%s: listening on port %d\n", inet_program, port);
    if (datagrams)
        return meet(fd);
    int peer = accept(fd, NULL, NULL);
    if (peer < 0)
        inet_complain("accept", errno);
    close(fd);
    return peer;
}

static int usage(void)
{
    fprintf(stderr, "usage: nc [-u] [-w SECONDS] HOST PORT\n"
                    "       nc -l [-u] [-w SECONDS] [HOST] PORT\n");
    return 2;
}

int main(int argc, char **argv)
{
    bool listens = false, datagrams = false;
    unsigned long long seconds;
    int patience = -1;

    inet_program = "nc";
    for (int opt; (opt = getopt(argc, argv, "luw:")) != -1;) {
        switch (opt) {
        case 'l': listens = true; break;
        case 'u': datagrams = true; break;
        case 'w':
            if (!inet_number(optarg, 1000000, &seconds) || !seconds)
                return usage();
            patience = (int)seconds * 1000;
            break;
        default: return usage();
        }
    }
    int words = argc - optind;
    if (words > 2 || words < (listens ? 1 : 2))
        return usage();
    const char *host = words == 2 ? argv[optind] : NULL;
    int port = inet_port(argv[argc - 1]);
    if (port < 0)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    int fd = listens ? wait_for(host, port, datagrams)
                     : inet_connect(host, port, datagrams ? SOCK_DGRAM : SOCK_STREAM);
    if (fd < 0)
        return 1;
    return shuttle(fd, datagrams, patience);
}
