// SPDX-License-Identifier: GPL-2.0-or-later
/* wire_user.c - user-mode networking by libslirp. See wire_user.h. */
#include "wire_user.h"

#include <errno.h>
#include <hw.h>
#include <slirp/libslirp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define COMPLAINTS 4u /* of libslirp about the guest that are shown */

struct user {
    struct wire wire;
    Slirp *slirp;
    uint64_t at; /* cycle now */
    unsigned complaints;
    const struct wire_wait *polled; /* while slirp_pollfds_poll runs */
};

static struct in_addr ipv4(unsigned a, unsigned b, unsigned c, unsigned d)
{
    return (struct in_addr){.s_addr = htonl(a << 24 | b << 16 | c << 8 | d)};
}

/* ---- what libslirp calls ---- */

static ssize_t on_packet(const void *frame, size_t len, void *opaque)
{
    struct user *u = opaque;
    if (u->wire.net && len <= HW_FRAME_MAX)
        wire_give(&u->wire, u->at, frame, len);
    return (ssize_t)len;
}

static void on_guest_error(const char *text, void *opaque)
{
    struct user *u = opaque;
    if (u->complaints++ < COMPLAINTS)
        say("--net user: the guest's packets: %s", text);
}

static int64_t on_clock(void *opaque)
{
    const struct user *u = opaque;
    return u->wire.net ? (int64_t)net_ns(u->wire.net, u->at) : 0;
}

/* Timers serve router advertisements of IPv6 only, which is off. */
static void *on_timer_new(SlirpTimerCb callback, void *arg, void *opaque)
{
    (void)callback;
    (void)arg;
    return opaque;
}

static void on_timer_free(void *timer, void *opaque)
{
    (void)timer;
    (void)opaque;
}

static void on_timer_mod(void *timer, int64_t expires, void *opaque)
{
    (void)timer;
    (void)expires;
    (void)opaque;
}

/* Descriptors are asked for anew each time. */
static void on_descriptor(int fd, void *opaque)
{
    (void)fd;
    (void)opaque;
}

static void on_notify(void *opaque)
{
    (void)opaque;
}

static const SlirpCb callbacks = {
    .send_packet = on_packet,
    .guest_error = on_guest_error,
    .clock_get_ns = on_clock,
    .timer_new = on_timer_new,
    .timer_free = on_timer_free,
    .timer_mod = on_timer_mod,
    .register_poll_fd = on_descriptor,
    .unregister_poll_fd = on_descriptor,
    .notify = on_notify,
};

/* ---- descriptors ---- */

static const struct {
    int slirp;
    short host;
} events[] = {{SLIRP_POLL_IN, POLLIN},
              {SLIRP_POLL_OUT, POLLOUT},
              {SLIRP_POLL_PRI, POLLPRI},
              {SLIRP_POLL_ERR, POLLERR},
              {SLIRP_POLL_HUP, POLLHUP}};
#define NEVENTS (sizeof events / sizeof *events)

static int add_poll(int fd, int wanted, void *opaque)
{
    struct wire_wait *wait = opaque;
    struct pollfd p = {.fd = fd};
    for (size_t i = 0; i < NEVENTS; i++)
        if (wanted & events[i].slirp)
            p.events |= events[i].host;
    if (wait->n == wait->cap) {
        wait->cap = wait->cap ? 2 * wait->cap : 32;
        wait->fd = mem_grow(wait->fd, wait->cap, sizeof *wait->fd);
    }
    wait->fd[wait->n] = p;
    return (int)wait->n++;
}

static int get_revents(int index, void *opaque)
{
    const struct user *u = opaque;
    int got = 0;
    if (index < 0 || (size_t)index >= u->polled->n)
        return 0;
    for (size_t i = 0; i < NEVENTS; i++)
        if (u->polled->fd[index].revents & events[i].host)
            got |= events[i].slirp;
    return got;
}

static void user_fill(struct wire *w, struct wire_wait *wait)
{
    struct user *u = (struct user *)w;
    uint32_t ms = UINT32_MAX;
    slirp_pollfds_fill(u->slirp, &ms, add_poll, wait);
    if (ms != UINT32_MAX && ms * UINT64_C(1000000) < wait->ns)
        wait->ns = ms * UINT64_C(1000000);
}

static void user_poll(struct wire *w, uint64_t at, const struct wire_wait *wait)
{
    struct user *u = (struct user *)w;
    u->at = at;
    u->polled = wait;
    slirp_pollfds_poll(u->slirp, 0, get_revents, u);
    u->polled = NULL;
}

static void user_send(struct wire *w, uint64_t at, const uint8_t *frame, size_t len)
{
    struct user *u = (struct user *)w;
    u->at = at;
    slirp_input(u->slirp, frame, (int)len);
}

static void user_destroy(struct wire *w)
{
    struct user *u = (struct user *)w;
    if (u->slirp)
        slirp_cleanup(u->slirp);
    free(u);
}

static const struct wire_ops user_ops = {.send = user_send,
                                         .destroy = user_destroy,
                                         .fill = user_fill,
                                         .poll = user_poll,
                                         .queued = true};

#define BACKLOG 128

/* libslirp listens with a backlog of 1: a hundred clients at once would wait for the host's TCP to
 * try again, seconds later. */
static int deepen(int fd, int wanted, void *opaque)
{
    int listens = 0;
    socklen_t n = sizeof listens;
    (void)wanted;
    (void)opaque;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &n) == 0 && listens)
        listen(fd, BACKLOG);
    return -1;
}

static int forward(struct user *u, const struct net_spec *spec, struct err *err)
{
    for (size_t i = 0; i < spec->nforwards; i++) {
        const struct net_forward *f = &spec->forward[i];
        errno = 0;
        if (slirp_add_hostfwd(u->slirp, f->udp, ipv4(127, 0, 0, 1), f->host,
                              ipv4(0, 0, 0, 0), f->guest))
            return err_set(
                err, ERR_USER, "--net: hostfwd=%s%u:%u: the host's %s port %u: %s",
                f->udp ? "udp:" : "", f->host, f->guest, f->udp ? "UDP" : "TCP", f->host,
                errno ? strerror(errno) : "cannot be bound");
    }
    uint32_t ms = UINT32_MAX;
    slirp_pollfds_fill(u->slirp, &ms, deepen, NULL);
    return 0;
}

int wire_user(const struct net_spec *spec, struct wire **out, struct err *err)
{
    *out = NULL;
    struct user *u = mem_zero(1, sizeof *u);
    u->wire.ops = &user_ops;
    const SlirpConfig config = {
        .version = 1,
        .in_enabled = true,
        .vnetwork = ipv4(10, 0, 2, 0),
        .vnetmask = ipv4(255, 255, 255, 0),
        .vhost = ipv4(10, 0, 2, 2),
        .vdhcp_start = ipv4(10, 0, 2, 15),
        .vnameserver = ipv4(10, 0, 2, 3),
    };
    u->slirp = slirp_new(&config, &callbacks, u);
    int rc = u->slirp ? forward(u, spec, err)
                      : err_set(err, ERR_USER, "--net user: libslirp does not start");
    if (rc) {
        user_destroy(&u->wire);
        return rc;
    }
    *out = &u->wire;
    return 0;
}
