// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * junk.c - junk PORT SEED COUNT: connects COUNT times to a debugger's port and sends what is no
 * debugger's: random bytes, broken packets, odd commands; goes without a word.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static uint64_t state;

static unsigned below(unsigned n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(state >> 33) % n;
}

static const char *const commands[] = {"g",
                                       "p",
                                       "pffffffff",
                                       "m",
                                       "m0",
                                       "m0,ffffffffffffffff",
                                       "mffffffffffffffff,10",
                                       "Z0",
                                       "Z0,,",
                                       "Z0,1",
                                       "Z2,18000000,0",
                                       "Z2,18000000,ffffffff",
                                       "z9,0,0",
                                       "Hg",
                                       "Hgp1.",
                                       "Hg-1",
                                       "H",
                                       "T",
                                       "Tffffffffff",
                                       "vCont",
                                       "vCont;",
                                       "vCont;z",
                                       "vCont;s:",
                                       "vCont;s:zz",
                                       "b",
                                       "bx",
                                       "q",
                                       "qXfer:features:read:target.xml:",
                                       "qXfer:features:read:target.xml:ffff,1",
                                       "qXfer:exec-file:read::0,fff",
                                       "qThreadExtraInfo,",
                                       "qThreadExtraInfo,ffffffff",
                                       "qSupported:xx",
                                       "M0,1:00",
                                       "P0=00",
                                       "X",
                                       "!",
                                       "?",
                                       "i",
                                       "\x01\x02",
                                       "s",
                                       "vCont;s:5000"};

static void send_packet(int fd, const char *data, int wrong)
{
    unsigned sum = 0;
    char text[256];
    for (const char *p = data; *p; p++)
        sum += (unsigned char)*p;
    int n = snprintf(text, sizeof text, "$%s#%02x", data, (sum + (unsigned)wrong) & 0xff);
    (void)!send(fd, text, (size_t)n, MSG_NOSIGNAL);
}

static void drain(int fd)
{
    char bytes[4096];
    struct pollfd p = {.fd = fd, .events = POLLIN};
    while (poll(&p, 1, 1) > 0 && recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
        ;
}

static void visit(int fd)
{
    unsigned n = below(40);
    for (unsigned i = 0; i < n; i++) {
        char bytes[64];
        switch (below(4)) {
        case 0:
            for (size_t k = 0; k < sizeof bytes; k++)
                bytes[k] = (char)below(256);
            (void)!send(fd, bytes, below(sizeof bytes), MSG_NOSIGNAL);
            /* a $ among them begins a packet: end it */
            (void)!send(fd, "#00", 3, MSG_NOSIGNAL);
            break;
        case 1:
            send_packet(fd, commands[below(sizeof commands / sizeof *commands)], 1);
            break;
        default: send_packet(fd, commands[below(sizeof commands / sizeof *commands)], 0);
        }
        drain(fd);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: junk PORT SEED COUNT\n");
        return 2;
    }
    state = strtoull(argv[2], NULL, 0);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)atoi(argv[1])),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (int i = 0; i < atoi(argv[3]); i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
            perror("connect");
            return 1;
        }
        visit(fd);
        close(fd);
    }
    return 0;
}
