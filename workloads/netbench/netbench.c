// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * netbench.c - datagrams to be measured: `exosim bench nic` runs it between two machines, with few and
 * with many of them, and takes the difference.
 *
 *   netbench serve                     the other side; ends when it is told to
 *   netbench send SIZE HOST COUNT      COUNT datagrams of SIZE bytes to it
 *   netbench recv SIZE HOST COUNT      asks for COUNT, eight at a time, so that no buffer overflows
 *
 * Every run first waits until the other side answers, and ends it at last. The content is checked.
 * Exit status: 0; 1 the other side did not answer, or sent something else; 2 bad usage.
 */
#include "inet.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 7007
#define SIZE_MAX_DATAGRAM 1472 /* what an Ethernet frame holds */
#define BATCH 8
#define TRIES 200
#define PATIENCE_MS 250

enum request { DISCARD = 'd', GIVE = 'g', QUIT = 'q' };

struct ask {
    char request, n; /* GIVE: how many, of */
    char size[2];    /* this size; low byte first */
};

static char packet[SIZE_MAX_DATAGRAM];

static void fill_packet(size_t size)
{
    for (size_t i = 0; i < size; i++)
        packet[i] = (char)('A' + i % 26);
    packet[0] = DISCARD;
}

static int serve(void)
{
    static char request[SIZE_MAX_DATAGRAM];
    int fd = inet_listen(NULL, PORT, SOCK_DGRAM);
    if (fd < 0)
        return 1;
    for (;;) {
        struct sockaddr_in from;
        socklen_t n = sizeof from;
        ssize_t got =
            recvfrom(fd, request, sizeof request, 0, (struct sockaddr *)&from, &n);
        if (got < 0) {
            inet_complain("receive", errno);
            return 1;
        }
        if (got && request[0] == QUIT) {
            sendto(fd, request, 1, 0, (struct sockaddr *)&from, n);
            return 0;
        }
        if (got != sizeof(struct ask) || request[0] != GIVE)
            continue;
        size_t size =
            (size_t)(unsigned char)request[2] | (size_t)(unsigned char)request[3] << 8;
        if (size > sizeof packet)
            continue;
        fill_packet(size);
        for (int i = 0; i < request[1]; i++)
            sendto(fd, packet, size, 0, (struct sockaddr *)&from, n);
    }
}

static int ask_for(int fd, unsigned n, size_t size)
{
    struct ask a = {GIVE, (char)n, {(char)size, (char)(size >> 8)}};
    return send(fd, &a, sizeof a, 0) == sizeof a ? 0 : -1;
}

/* The next datagram: 1 it is right, 0 nothing came, -1 it is wrong or nobody is there any more. */
static int take(int fd, size_t size)
{
    static char got[SIZE_MAX_DATAGRAM + 1];
    struct pollfd p = {.fd = fd, .events = POLLIN};
    ssize_t n;
    do {
        if (poll(&p, 1, PATIENCE_MS) <= 0)
            return 0;
        n = recv(fd, got, sizeof got, 0);
    } while (n == 1 && size != 1); /* from meet(), late */
    if (n < 0) {
        inet_complain("receive", errno);
        return -1;
    }
    if ((size_t)n != size || memcmp(got, packet, size)) {
        fprintf(stderr, "netbench: a datagram of %zd bytes is not what was asked for\n",
                n);
        return -1;
    }
    return 1;
}

/* Until the other side is up. */
static int meet(int fd)
{
    fill_packet(1);
    for (int i = 0; i < TRIES; i++) {
        /* not even its address may be known yet: that is no error here */
        if (ask_for(fd, 1, 1)) {
            usleep(PATIENCE_MS * 1000);
            continue;
        }
        struct pollfd p = {.fd = fd, .events = POLLIN};
        char byte;
        if (poll(&p, 1, PATIENCE_MS) > 0 && recv(fd, &byte, 1, 0) == 1)
            return 0;
    }
    fprintf(stderr, "netbench: nobody answers\n");
    return -1;
}

static int receive_all(int fd, size_t size, unsigned long long count)
{
    while (count) {
        unsigned n = count < BATCH ? (unsigned)count : BATCH;
        if (ask_for(fd, n, size)) {
            inet_complain("send", errno);
            return -1;
        }
        for (; n; n--) {
            int came = take(fd, size);
            if (came < 0)
                return -1;
            if (!came)
                break; /* lost: ask again */
            count--;
        }
    }
    return 0;
}

static int send_all(int fd, size_t size, unsigned long long count)
{
    for (; count; count--)
        if (send(fd, packet, size, 0) != (ssize_t)size) {
            inet_complain("send", errno);
            return -1;
        }
    return 0;
}

/* End the other side: it may be busy, and lose what we say. */
static void part(int fd)
{
    char quit = QUIT, answer = 0;
    for (int i = 0; i < TRIES && answer != QUIT; i++) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (send(fd, &quit, 1, 0) == 1 && poll(&p, 1, PATIENCE_MS) > 0 &&
            recv(fd, &answer, 1, 0) < 0)
            break; /* nobody there any more */
    }
}

static int usage(void)
{
    fprintf(stderr,
            "usage: netbench serve | send SIZE HOST COUNT | recv SIZE HOST COUNT\n");
    return 2;
}

int main(int argc, char **argv)
{
    unsigned long long size, count;
    inet_program = "netbench";
    if (argc == 2 && !strcmp(argv[1], "serve"))
        return serve();
    if (argc != 5 || !inet_number(argv[2], SIZE_MAX_DATAGRAM, &size) || !size ||
        !inet_number(argv[4], 1000000000, &count) ||
        (strcmp(argv[1], "send") && strcmp(argv[1], "recv")))
        return usage();
    int fd = inet_connect(argv[3], PORT, SOCK_DGRAM);
    if (fd < 0 || meet(fd))
        return 1;
    fill_packet((size_t)size);
    int rc = *argv[1] == 's' ? send_all(fd, (size_t)size, count)
                             : receive_all(fd, (size_t)size, count);
    part(fd);
    return rc ? 1 : 0;
}
