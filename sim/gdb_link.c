// SPDX-License-Identifier: GPL-2.0-or-later
/* gdb_link.c - see gdb_link.h. */
#include "gdb_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define INTERRUPT 3

int gdb_link_open(struct gdb_link *l, unsigned port, unsigned *bound, struct err *err)
{
    memset(l, 0, sizeof *l);
    l->peer = -1;
    l->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    int on = 1;
    if (l->listener < 0 ||
        setsockopt(l->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(l->listener, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(l->listener, 1) != 0 ||
        getsockname(l->listener, (struct sockaddr *)&at, &len) != 0) {
        int rc = err_set(err, ERR_USER, "--gdb: port %u of 127.0.0.1: %s", port,
                         strerror(errno));
        gdb_link_close(l);
        return rc;
    }
    *bound = ntohs(at.sin_port);
    return 0;
}

void gdb_link_drop(struct gdb_link *l)
{
    if (l->peer >= 0)
        close(l->peer);
    l->peer = -1;
}

void gdb_link_close(struct gdb_link *l)
{
    gdb_link_drop(l);
    if (l->listener >= 0)
        close(l->listener);
    l->listener = -1;
}

static bool readable(int fd, bool wait)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int n;
    do
        n = poll(&p, 1, wait ? -1 : 0);
    while (wait && n < 0 && errno == EINTR);
    return n > 0;
}

bool gdb_link_accept(struct gdb_link *l, bool wait)
{
    if (l->peer >= 0)
        return true;
    if (!readable(l->listener, wait))
        return false;
    l->peer = accept4(l->listener, NULL, NULL, SOCK_CLOEXEC);
    int on = 1;
    if (l->peer >= 0)
        setsockopt(l->peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    l->no_ack = l->interrupted = false;
    l->last_len = l->in_at = l->in_n = 0;
    return l->peer >= 0;
}

static void write_all(struct gdb_link *l, const char *bytes, size_t n)
{
    while (n > 0 && l->peer >= 0) {
        ssize_t done = send(l->peer, bytes, n, MSG_NOSIGNAL);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            gdb_link_drop(l);
            return;
        }
        bytes += done;
        n -= (size_t)done;
    }
}

/* -1: nothing there (wait: gone). */
static int next_byte(struct gdb_link *l, bool wait)
{
    while (l->in_at == l->in_n) {
        if (l->peer < 0 || !readable(l->peer, wait))
            return -1;
        ssize_t n = recv(l->peer, l->in, sizeof l->in, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            gdb_link_drop(l);
            return -1;
        }
        l->in_at = 0;
        l->in_n = (size_t)n;
    }
    return l->in[l->in_at++];
}

static int hex(int c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Behind '$': data up to '#' and the checksum. False: not a whole packet. */
static bool body(struct gdb_link *l, char *data, size_t *len)
{
    unsigned char sum = 0;
    bool escape = false, fits = true;
    int c;
    *len = 0;
    while ((c = next_byte(l, true)) >= 0 && c != '#') {
        if (c == '$') { /* the start of another one */
            sum = 0;
            *len = 0;
            escape = false;
            continue;
        }
        sum = (unsigned char)(sum + c);
        if (c == '}' && !escape) {
            escape = true;
            continue;
        }
        if (*len < GDB_PACKET)
            data[(*len)++] = (char)(escape ? c ^ 0x20 : c);
        else
            fits = false;
        escape = false;
    }
    int high = c == '#' ? hex(next_byte(l, true)) : -1;
    int low = high >= 0 ? hex(next_byte(l, true)) : -1;
    data[*len] = 0;
    return low >= 0 && (l->no_ack || (high << 4 | low) == sum) && fits;
}

enum gdb_wait gdb_link_get(struct gdb_link *l, char *data, size_t *len, bool wait)
{
    int c;
    while ((c = next_byte(l, wait)) >= 0) {
        if (c == INTERRUPT)
            l->interrupted = true;
        if (c == '-' && !l->no_ack)
            write_all(l, l->last, l->last_len);
        if (c != '$')
            continue;
        bool good = body(l, data, len);
        if (l->peer < 0)
            break;
        if (!l->no_ack)
            write_all(l, good ? "+" : "-", 1);
        if (good)
            return GDB_PACKET_CAME;
    }
    return l->peer < 0 ? GDB_GONE : GDB_NOTHING;
}

bool gdb_link_interrupt(struct gdb_link *l)
{
    while (l->in_at < l->in_n || (l->peer >= 0 && readable(l->peer, false))) {
        int c = next_byte(l, false);
        if (c < 0)
            break;
        if (c == INTERRUPT) {
            l->interrupted = true;
        } else if (c == '$') { /* a packet before its time: for later */
            l->in_at--;
            break;
        }
    }
    bool was = l->interrupted;
    l->interrupted = false;
    return was;
}

void gdb_link_put(struct gdb_link *l, const char *data, size_t len)
{
    unsigned char sum = 0;
    size_t n = 0;
    l->last[n++] = '$';
    for (size_t i = 0; i < len && i < GDB_PACKET; i++) {
        char c = data[i];
        if (c == '$' || c == '#' || c == '}' || c == '*') {
            l->last[n++] = '}';
            sum = (unsigned char)(sum + '}');
            c ^= 0x20;
        }
        l->last[n++] = c;
        sum = (unsigned char)(sum + (unsigned char)c);
    }
    n += (size_t)sprintf(&l->last[n], "#%02x", sum);
    l->last_len = n;
    write_all(l, l->last, n);
}
