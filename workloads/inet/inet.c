// SPDX-License-Identifier: GPL-2.0-or-later
/* inet.c - what the network programs share; see inet.h. */
#include "inet.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

const char *inet_program = "?";

void inet_complain(const char *what, int error)
{
    fprintf(stderr, "%s: %s: %s\n", inet_program, what, strerror(error));
}

bool inet_number(const char *s, unsigned long long max, unsigned long long *n)
{
    static const char units[] = "kMG";
    char *end;
    errno = 0;
    if (*s < '0' || *s > '9')
        return false;
    *n = strtoull(s, &end, 10);
    const char *unit = *end ? strchr(units, *end) : NULL;
    if (unit) {
        unsigned shift = 10 * (unsigned)(unit - units + 1);
        if (*n >> (64 - shift))
            return false;
        *n <<= shift;
        end++;
    }
    return !*end && !errno && *n <= max;
}

int inet_port(const char *s)
{
    unsigned long long n;
    if (inet_number(s, 65535, &n) && n)
        return (int)n;
    fprintf(stderr, "%s: port '%s': expected a number from 1 to 65535\n", inet_program,
            s);
    return -1;
}

int inet_resolve(const char *host, int port, struct sockaddr_in *addr)
{
    struct addrinfo want = {.ai_family = AF_INET}, *found;
    int rc = getaddrinfo(host, NULL, &want, &found);
    if (rc) {
        fprintf(stderr, "%s: %s: %s\n", inet_program, host, gai_strerror(rc));
        return -1;
    }
    memcpy(addr, found->ai_addr, sizeof *addr);
    addr->sin_port = htons((uint16_t)port);
    freeaddrinfo(found);
    return 0;
}

/* host:port, for messages */
static void complain_of(const char *host, int port, int error)
{
    char what[300];
    snprintf(what, sizeof what, "%.255s:%d", host ? host : "*", port);
    inet_complain(what, error);
}

int inet_connect(const char *host, int port, int type)
{
    struct sockaddr_in addr;
    if (inet_resolve(host, port, &addr))
        return -1;
    int fd = socket(AF_INET, type, 0);
    if (fd < 0) {
        inet_complain("no socket", errno);
        return -1;
    }
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr)) {
        complain_of(host, port, errno);
        close(fd);
        return -1;
    }
    return fd;
}

int inet_listen(const char *host, int port, int type)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int on = 1;
    if (host && inet_resolve(host, port, &addr))
        return -1;
    int fd = socket(AF_INET, type, 0);
    if (fd < 0) {
        inet_complain("no socket", errno);
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&addr, sizeof addr) ||
        (type == SOCK_STREAM && listen(fd, 8))) {
        complain_of(host, port, errno);
        close(fd);
        return -1;
    }
    return fd;
}

int inet_send(int fd, const void *p, size_t n)
{
    for (const char *at = p; n;) {
        ssize_t put = send(fd, at, n, MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0) {
            inet_complain("send", errno);
            return -1;
        }
        at += put;
        n -= (size_t)put;
    }
    return 0;
}

long inet_receive(int fd, void *p, size_t n)
{
    size_t got = 0;
    while (got < n) {
        ssize_t more = recv(fd, (char *)p + got, n - got, 0);
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0) {
            inet_complain("receive", errno);
            return -1;
        }
        if (more == 0)
            break;
        got += (size_t)more;
    }
    return (long)got;
}

double inet_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
