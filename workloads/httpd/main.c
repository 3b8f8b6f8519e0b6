// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - httpd, a web server for files: HTTP/1.1 with persistent connections, pipelining, ranges,
 * conditional requests and folders as pages. One process; poll() watches all connections.
 *
 *   httpd [-v] [-p PORT] [-d DIR] [-n REQUESTS]
 *
 *   -p   port, default 80        -n   end with status 0 after so many answers
 *   -d   the folder to serve, default the working directory        -v   say each answer
 *
 * Prints a line when it is ready. Exit status: 0 after -n, 1 if it cannot serve, 2 bad usage.
 */
#include "conn.h"
#include "path.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNS 160 /* descriptors for as many files remain */
#define BACKLOG SOMAXCONN

static struct conn conns[CONNS];
static struct pollfd polled[CONNS + 1];
static struct conn *who[CONNS + 1]; /* is polled there */

static long long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int fail(const char *what, int error)
{
    fprintf(stderr, "httpd: %s: %s\n", what, strerror(error));
    return -1;
}

static int listen_at(unsigned long port)
{
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    if (fd < 0)
        return fail("no socket", errno);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&any, sizeof any)) {
        char what[40];
        snprintf(what, sizeof what, "port %lu", port);
        return fail(what, errno);
    }
    if (listen(fd, BACKLOG))
        return fail("listen", errno);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

/* A free row. If there is none, the client that has been silent longest between two requests goes;
 * then the one whose request has been incomplete longest. NULL: all are being served. */
static struct conn *free_row(void)
{
    struct conn *idle = NULL, *slow = NULL;
    for (struct conn *c = conns; c < conns + CONNS; c++) {
        if (c->state == CONN_FREE)
            return c;
        if (c->state != CONN_HEAD)
            continue;
        struct conn **kind = c->n ? &slow : &idle;
        if (!*kind || c->deadline < (*kind)->deadline)
            *kind = c;
    }
    struct conn *victim = idle ? idle : slow;
    if (victim)
        conn_close(victim);
    return victim;
}

static void accept_all(int listener, long long now)
{
    for (int i = 0; i < BACKLOG; i++) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            return;
        struct conn *c = free_row();
        if (!c) {
            close(fd);
            return;
        }
        conn_open(c, fd, now);
        conn_ready(c, now);
    }
}

/* What to poll; *timeout until the first deadline, -1 none. Listens last. */
static nfds_t gather(int listener, long long now, int *timeout)
{
    nfds_t n = 0;
    long long first = -1;
    for (struct conn *c = conns; c < conns + CONNS; c++) {
        if (c->state == CONN_FREE)
            continue;
        if (first < 0 || c->deadline < first)
            first = c->deadline;
        who[n] = c;
        polled[n++] = (struct pollfd){.fd = c->fd, .events = conn_events(c)};
    }
    *timeout = first < 0 ? -1 : first <= now ? 0 : (int)(first - now);
    if (listener >= 0)
        polled[n++] = (struct pollfd){.fd = listener, .events = POLLIN};
    return n;
}

static bool any_open(void)
{
    for (struct conn *c = conns; c < conns + CONNS; c++)
        if (c->state != CONN_FREE)
            return true;
    return false;
}

/* No more requests; answers on their way still arrive. */
static void stop(int *listener)
{
    if (*listener >= 0)
        close(*listener);
    *listener = -1;
    for (struct conn *c = conns; c < conns + CONNS; c++)
        if (c->state == CONN_HEAD)
            conn_close(c);
}

static int serve(int listener, unsigned long long requests)
{
    long long now = now_ms();
    while (listener >= 0 || any_open()) {
        int timeout;
        nfds_t n = gather(listener, now, &timeout);
        if (poll(polled, n, timeout) < 0 && errno != EINTR)
            return fail("poll", errno);
        now = now_ms();
        nfds_t clients = listener >= 0 ? n - 1 : n;
        for (nfds_t i = 0; i < clients; i++) {
            if (polled[i].revents && polled[i].events)
                conn_ready(who[i], now);
            else if (polled[i].revents & (POLLERR | POLLHUP | POLLNVAL))
                conn_close(who[i]);
            else if (who[i]->deadline <= now)
                conn_time(who[i], now);
        }
        if (listener >= 0 && polled[clients].revents)
            accept_all(listener, now);
        if (requests && conn_answered >= requests)
            stop(&listener);
    }
    return 0;
}

static bool number(const char *s, unsigned long long max, unsigned long long *n)
{
    char *end;
    errno = 0;
    *n = strtoull(s, &end, 10);
    return *s >= '0' && *s <= '9' && !*end && !errno && *n && *n <= max;
}

static int usage(void)
{
    fprintf(stderr, "usage: httpd [-v] [-p PORT] [-d DIR] [-n REQUESTS]\n");
    return 2;
}

int main(int argc, char **argv)
{
    unsigned long long port = 80, requests = 0;
    const char *folder = ".";

    for (int opt; (opt = getopt(argc, argv, "d:n:p:v")) != -1;) {
        switch (opt) {
        case 'd': folder = optarg; break;
        case 'n':
            if (!number(optarg, ~0ull, &requests))
                return usage();
            break;
        case 'p':
            if (!number(optarg, 65535, &port))
                return usage();
            break;
        case 'v': conn_log = true; break;
        default: return usage();
        }
    }
    if (optind < argc)
        return usage();
    signal(SIGPIPE, SIG_IGN);
    int error = path_root(folder);
    if (error)
        return fail(folder, error) ? 1 : 0;
    int listener = listen_at((unsigned long)port);
    if (listener < 0)
        return 1;
    printf("httpd: serving %s on port %llu\n", folder, port);
    fflush(stdout);
    return serve(listener, requests) ? 1 : 0;
}
