// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * iperf.c - TCP throughput between two machines, in their own (virtual) time, every byte checked.
 *
 *   iperf -s [-1] [-p PORT]                          serve; -1: one client, then end
 *   iperf -c HOST [-p PORT] [-n BYTES] [-d DIRECTION] [-r SEED] [-w SECONDS]
 *
 * DIRECTION: up, down or both. -w: try to connect for so long; the server may still be starting.
 * BYTES (default 10M) in each direction, k, M and G are powers of 1024; port 5001.
 *
 * Protocol, its own; numbers in network order. On one connection, as often as the client likes:
 *
 *     client -> server   "exiperf1", u32 direction (1: client sends, 2: server sends), u32 seed,
 *                        u64 bytes
 *     sender -> receiver    so many bytes of the stream made from the seed (stream.h)
 *     receiver -> sender    "exiperfR", u32 0 if all were right, else 1; u32 0; u64 bytes received
 *
 * Exit status: 0 if everything arrived as it was sent; 1 if not, or the connection failed; 2 bad usage.
 */
#include "inet.h"
#include "stream.h"
#include <arpa/inet.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum direction { UP = 1, DOWN = 2, BOTH = 3 };

struct message {
    char magic[8];
    uint32_t what, seed; /* result: 0 or 1, 0 */
    uint32_t high, low;  /* bytes */
};
_Static_assert(sizeof(struct message) == 24, "message layout");

static int complain(const char *what)
{
    fprintf(stderr, "iperf: %s\n", what);
    return -1;
}

static int send_message(int fd, const char *magic, uint32_t what, uint32_t seed,
                        uint64_t bytes)
{
    struct message m = {.what = htonl(what),
                        .seed = htonl(seed),
                        .high = htonl((uint32_t)(bytes >> 32)),
                        .low = htonl((uint32_t)bytes)};
    memcpy(m.magic, magic, sizeof m.magic);
    return inet_send(fd, &m, sizeof m);
}

/* 1; 0 if the other side ended before it; -1. */
static int receive_message(int fd, const char *magic, struct message *m, uint64_t *bytes)
{
    long n = inet_receive(fd, m, sizeof *m);
    if (n <= 0)
        return (int)n;
    if (n != sizeof *m || memcmp(m->magic, magic, sizeof m->magic))
        return complain("the other side does not speak iperf's protocol");
    m->what = ntohl(m->what);
    m->seed = ntohl(m->seed);
    *bytes = (uint64_t)ntohl(m->high) << 32 | ntohl(m->low);
    return 1;
}

static void report(const char *verb, uint64_t bytes, double seconds, bool same)
{
    printf("iperf: %s %llu bytes in %.6f s: %.3f Mbit/s, content %s\n", verb,
           (unsigned long long)bytes, seconds,
           seconds > 0 ? (double)bytes * 8 / seconds / 1e6 : 0.0,
           same ? "identical" : "DIFFERENT");
    fflush(stdout);
}

/* Our stream to the other side, and what it says of it. */
static int transmit(int fd, uint32_t seed, uint64_t bytes)
{
    struct message m;
    uint64_t arrived = 0;
    double start = inet_seconds();
    if (stream_send(fd, seed, bytes))
        return -1;
    int rc = receive_message(fd, "exiperfR", &m, &arrived);
    if (rc <= 0)
        return rc ? -1 : complain("the other side closed without a result");
    bool same = m.what == 0 && arrived == bytes;
    report("sent", bytes, inet_seconds() - start, same);
    return same ? 0 : -1;
}

static int take(int fd, uint32_t seed, uint64_t bytes)
{
    struct stream_result r;
    if (stream_receive(fd, seed, bytes, &r))
        return -1;
    bool same = r.same && r.bytes == bytes;
    report("received", r.bytes, r.seconds, same);
    if (send_message(fd, "exiperfR", !same, 0, r.bytes))
        return -1;
    return same ? 0 : -1;
}

/* -- the two sides -- */

/* A connection; as long as nobody is there, every quarter of a second a new try. */
static int connect_within(const char *host, int port, double seconds)
{
    double end = inet_seconds() + seconds;
    struct sockaddr_in addr;
    if (inet_resolve(host, port, &addr))
        return -1;
    while (inet_seconds() < end) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd >= 0 && !connect(fd, (struct sockaddr *)&addr, sizeof addr))
            return fd;
        if (fd >= 0)
            close(fd);
        usleep(250000);
    }
    return inet_connect(host, port, SOCK_STREAM); /* says what is wrong */
}

static int one_way(int fd, enum direction way, uint32_t seed, uint64_t bytes)
{
    if (send_message(fd, "exiperf1", way, seed, bytes))
        return -1;
    return way == UP ? transmit(fd, seed, bytes) : take(fd, seed, bytes);
}

/* On a connection just made, or none. */
static int client(int fd, enum direction ways, uint32_t seed, uint64_t bytes)
{
    int rc = 0;
    if (fd < 0)
        return 1;
    if (ways & UP)
        rc = one_way(fd, UP, seed, bytes);
    if (!rc && ways & DOWN)
        rc = one_way(fd, DOWN, seed + 1, bytes);
    close(fd);
    return rc ? 1 : 0;
}

static int serve_one(int fd)
{
    struct message m;
    uint64_t bytes = 0;
    int rc;
    while ((rc = receive_message(fd, "exiperf1", &m, &bytes)) > 0) {
        if (m.what != UP && m.what != DOWN)
            rc = complain("a request for neither direction");
        else
            rc = m.what == UP ? take(fd, m.seed, bytes) : transmit(fd, m.seed, bytes);
        if (rc)
            return -1;
    }
    return rc;
}

static int server(int port, bool once)
{
    int listener = inet_listen(NULL, port, SOCK_STREAM);
    if (listener < 0)
        return 1;
    printf("iperf: serving on port %d\n", port);
    fflush(stdout);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) {
            complain("accept failed");
            return 1;
        }
        int rc = serve_one(fd);
        close(fd);
        if (once)
            return rc ? 1 : 0;
    }
}

static int usage(void)
{
    fprintf(stderr, "usage: iperf -s [-1] [-p PORT]\n"
                    "       iperf -c HOST [-p PORT] [-n BYTES] [-d up|down|both]\n"
                    "             [-r SEED] [-w SECONDS]\n");
    return 2;
}

static int direction_of(const char *s)
{
    return !strcmp(s, "up")     ? UP
           : !strcmp(s, "down") ? DOWN
           : !strcmp(s, "both") ? BOTH
                                : 0;
}

int main(int argc, char **argv)
{
    const char *host = NULL;
    bool serves = false, once = false;
    int port = 5001, ways = BOTH;
    unsigned long long bytes = 10 << 20, seed = 1, patience = 0;

    inet_program = "iperf";
    for (int opt; (opt = getopt(argc, argv, "1c:d:n:p:r:sw:")) != -1;) {
        bool good = true;
        switch (opt) {
        case '1': once = true; break;
        case 's': serves = true; break;
        case 'c': host = optarg; break;
        case 'd': good = (ways = direction_of(optarg)) != 0; break;
        case 'n': good = inet_number(optarg, 1ull << 40, &bytes); break;
        case 'p': good = (port = inet_port(optarg)) > 0; break;
        case 'r': good = inet_number(optarg, UINT32_MAX - 1, &seed); break;
        case 'w': good = inet_number(optarg, 1000000, &patience); break;
        default: good = false; break;
        }
        if (!good)
            return usage();
    }
    if (optind < argc || serves == (host != NULL))
        return usage();
    signal(SIGPIPE, SIG_IGN);
    if (serves)
        return server(port, once);
    return client(connect_within(host, port, (double)patience), (enum direction)ways,
                  (uint32_t)seed, bytes);
}
