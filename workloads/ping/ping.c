// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ping.c - ICMP echo (RFC 792) to a host, and how long the answers take.
 *
 *   ping [-c COUNT] [-i SECONDS] [-s SIZE] [-W SECONDS] HOST
 *
 *   -c   echoes to send, default 4              -i   between two of them, default 1
 *   -s   bytes of data in each, default 56      -W   to wait for each answer, default 2
 *
 * Answers with other data than was sent do not count. Exit status: 0 if there was an answer, 1 if
 * there was none, 2 if nothing could be sent, or bad usage.
 */
#include "inet.h"
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ECHO 8
#define ECHO_REPLY 0
#define SIZE_MAX_DATA 8000

struct echo {
    uint8_t type, code;
    uint16_t checksum, id, sequence; /* network order */
    uint8_t data[SIZE_MAX_DATA];
};
#define ECHO_HEAD 8

struct pinger {
    int fd;
    bool raw; /* the socket is: packets come with their IP header, anybody's do */
    struct sockaddr_in host;
    size_t size;
    unsigned sent, received;
    double least, most, sum; /* milliseconds */
};

/* RFC 1071 */
static uint16_t checksum(const void *p, size_t n)
{
    const uint8_t *s = p;
    uint32_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += i % 2 ? s[i] : (uint32_t)s[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return htons((uint16_t)~sum);
}

/* Systems have one kind or the other for programs without privilege. */
static int open_socket(struct pinger *p)
{
    p->fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
    if (p->fd < 0) {
        p->fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
        p->raw = true;
    }
    if (p->fd < 0)
        inet_complain("no socket", errno);
    return p->fd < 0 ? -1 : 0;
}

static uint8_t data_byte(unsigned sequence, size_t i)
{
    return (uint8_t)(i * 7 + sequence);
}

static int send_echo(struct pinger *p, unsigned sequence)
{
    static struct echo e;
    e = (struct echo){.type = ECHO,
                      .id = htons((uint16_t)getpid()),
                      .sequence = htons((uint16_t)sequence)};
    for (size_t i = 0; i < p->size; i++)
        e.data[i] = data_byte(sequence, i);
    e.checksum = checksum(&e, ECHO_HEAD + p->size);
    if (sendto(p->fd, &e, ECHO_HEAD + p->size, 0, (struct sockaddr *)&p->host,
               sizeof p->host) < 0) {
        inet_complain("send", errno);
        return -1;
    }
    p->sent++;
    return 0;
}

/* A packet that came: is it the answer to this echo? Its time to live, 0 unknown, or -1. */
static int check_reply(const struct pinger *p, const uint8_t *packet, size_t n,
                       unsigned sequence)
{
    int ttl = 0;
    if (p->raw) {
        size_t head = n ? (size_t)(packet[0] & 15) * 4 : 0;
        if (head < 20 || n < head)
            return -1;
        ttl = packet[8];
        packet += head;
        n -= head;
    }
    struct echo e;
    if (n != ECHO_HEAD + p->size)
        return -1;
    memcpy(&e, packet, n);
    if (e.type != ECHO_REPLY || ntohs(e.sequence) != (uint16_t)sequence ||
        (p->raw && e.id != htons((uint16_t)getpid())))
        return -1;
    for (size_t i = 0; i < p->size; i++)
        if (e.data[i] != data_byte(sequence, i))
            return -1;
    return ttl;
}

static void say_reply(struct pinger *p, const struct sockaddr_in *from, unsigned sequence,
                      int ttl, double ms)
{
    char life[16] = "";
    if (ttl)
        snprintf(life, sizeof life, " ttl=%d", ttl);
    printf("%zu bytes from %s: icmp_seq=%u%s time=%.3f ms\n", ECHO_HEAD + p->size,
           inet_ntoa(from->sin_addr), sequence, life, ms);
    fflush(stdout);
    p->least = !p->received || ms < p->least ? ms : p->least;
    p->most = ms > p->most ? ms : p->most;
    p->sum += ms;
    p->received++;
}

/* Until the answer is there or the time is over. */
static int await_reply(struct pinger *p, unsigned sequence, double patience)
{
    static uint8_t packet[SIZE_MAX_DATA + 128];
    double start = inet_seconds(), left;
    while ((left = start + patience - inet_seconds()) > 0) {
        struct pollfd pfd = {.fd = p->fd, .events = POLLIN};
        if (poll(&pfd, 1, (int)(left * 1000) + 1) < 0 && errno != EINTR) {
            inet_complain("poll", errno);
            return -1;
        }
        if (!pfd.revents)
            continue;
        struct sockaddr_in from = {0};
        socklen_t size = sizeof from;
        ssize_t n =
            recvfrom(p->fd, packet, sizeof packet, 0, (struct sockaddr *)&from, &size);
        if (n < 0) {
            inet_complain(inet_ntoa(p->host.sin_addr),
                          errno); /* unreachable, it was told */
            return 0;
        }
        int ttl = check_reply(p, packet, (size_t)n, sequence);
        if (ttl >= 0) {
            say_reply(p, &from, sequence, ttl, (inet_seconds() - start) * 1000);
            return 0;
        }
    }
    printf("no answer to icmp_seq=%u in %g s\n", sequence, patience);
    fflush(stdout);
    return 0;
}

static void pause_for(double seconds)
{
    struct timespec t = {(time_t)seconds,
                         (long)((seconds - (double)(time_t)seconds) * 1e9)};
    if (seconds > 0)
        nanosleep(&t, NULL);
}

static int ping(struct pinger *p, const char *name, unsigned count, double interval,
                double patience)
{
    printf("PING %s (%s): %zu data bytes\n", name, inet_ntoa(p->host.sin_addr), p->size);
    fflush(stdout);
    for (unsigned i = 1; i <= count; i++) {
        double start = inet_seconds();
        if (send_echo(p, i) || await_reply(p, i, patience))
            return 2;
        if (i < count)
            pause_for(start + interval - inet_seconds());
    }
    printf("%u sent, %u received, %u%% lost\n", p->sent, p->received,
           (p->sent - p->received) * 100 / p->sent);
    if (p->received)
        printf("round trip min/avg/max = %.3f/%.3f/%.3f ms\n", p->least,
               p->sum / p->received, p->most);
    return p->received ? 0 : 1;
}

static bool seconds_of(const char *s, double *to)
{
    char *end;
    *to = strtod(s, &end);
    return end != s && !*end && *to >= 0 && *to < 1000000;
}

static int usage(void)
{
    fprintf(stderr, "usage: ping [-c COUNT] [-i SECONDS] [-s SIZE] [-W SECONDS] HOST\n");
    return 2;
}

int main(int argc, char **argv)
{
    struct pinger p = {.fd = -1};
    unsigned long long count = 4, size = 56;
    double interval = 1, patience = 2;

    inet_program = "ping";
    for (int opt; (opt = getopt(argc, argv, "c:i:s:W:")) != -1;) {
        bool good = false;
        switch (opt) {
        case 'c': good = inet_number(optarg, 65535, &count) && count; break;
        case 'i': good = seconds_of(optarg, &interval); break;
        case 's': good = inet_number(optarg, SIZE_MAX_DATA, &size); break;
        case 'W': good = seconds_of(optarg, &patience); break;
        default: break;
        }
        if (!good)
            return usage();
    }
    if (argc - optind != 1)
        return usage();
    p.size = (size_t)size;
    if (inet_resolve(argv[optind], 0, &p.host) || open_socket(&p))
        return 2;
    return ping(&p, argv[optind], (unsigned)count, interval, patience);
}
