// SPDX-License-Identifier: GPL-2.0-or-later
/* options.c - getsockopt, setsockopt. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/time.h>

#include "addr.h"
#include "net/tcp.h"

#define BUFFER_MIN 4096
#define BUFFER_MAX (1 << 20)

static uint32_t ms_of(const struct timeval *tv)
{
    uint64_t ms = (uint64_t)tv->tv_sec * 1000 + ((uint64_t)tv->tv_usec + 999) / 1000;
    return ms > INT32_MAX ? INT32_MAX : (uint32_t)ms;
}

static int clamp(int v, int low, int high)
{
    return v < low ? low : v > high ? high : v;
}

/* Results of these: 0 or a positive errno. */
static int set_timeout(struct sock *s, int name, const void *value, socklen_t len)
{
    struct timeval tv;
    if (len < sizeof tv)
        return EINVAL;
    memcpy(&tv, value, sizeof tv);
    if (tv.tv_sec < 0 || tv.tv_usec < 0 || tv.tv_usec >= 1000000)
        return EDOM;
    *(name == SO_RCVTIMEO ? &s->rcvtimeo : &s->sndtimeo) = ms_of(&tv);
    return 0;
}

static int set_linger(struct sock *s, const void *value, socklen_t len)
{
    struct linger l;
    if (len < sizeof l)
        return EINVAL;
    memcpy(&l, value, sizeof l);
    s->linger = l.l_onoff ? 1 + (uint32_t)clamp(l.l_linger, 0, 65535) : 0;
    return 0;
}

static int set_socket(struct net *net, struct sock *s, int name, int v)
{
    switch (name) {
    case SO_REUSEADDR:
    case SO_REUSEPORT: s->reuse = v != 0; return 0;
    case SO_BROADCAST: s->broadcast = v != 0; return 0;
    case SO_SNDBUF: s->sndbuf = (uint32_t)clamp(v, BUFFER_MIN, BUFFER_MAX); return 0;
    case SO_RCVBUF:
        s->rcvbuf = (uint32_t)clamp(v, BUFFER_MIN, BUFFER_MAX);
        if (s->tcb != NULL)
            s->tcb->rcv_max = max32(s->tcb->rcv_max, tcp_fair(net, s->rcvbuf));
        return 0;
    case SO_KEEPALIVE:
        s->keepalive = v != 0;
        if (s->tcb != NULL)
            tcp_keep_alive(net, s->tcb);
        return 0;
    default: return ENOPROTOOPT;
    }
}

static int set_tcp(struct net *net, struct sock *s, int name, int v)
{
    if (s->type != SOCK_TCP)
        return ENOPROTOOPT;
    if (name == TCP_NODELAY) {
        s->nodelay = v != 0;
        if (s->tcb != NULL && v != 0)
            tcp_output(net, s->tcb);
        return 0;
    }
    if (v < 1 || v > 32767)
        return EINVAL;
    switch (name) {
    case TCP_KEEPIDLE: s->idle = (uint32_t)v; break;
    case TCP_KEEPINTVL: s->interval = (uint32_t)v; break;
    case TCP_KEEPCNT: s->probes = (uint32_t)v; break;
    default: return ENOPROTOOPT;
    }
    if (s->tcb != NULL)
        tcp_keep_alive(net, s->tcb);
    return 0;
}

static int set(struct net *net, struct sock *s, int level, int name, const void *value,
               socklen_t len)
{
    int v;
    if (level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO))
        return set_timeout(s, name, value, len);
    if (level == SOL_SOCKET && name == SO_LINGER)
        return set_linger(s, value, len);
    if (len < sizeof v)
        return EINVAL;
    memcpy(&v, value, sizeof v);
    if (level == SOL_SOCKET)
        return set_socket(net, s, name, v);
    if (level == IPPROTO_TCP)
        return set_tcp(net, s, name, v);
    if (level == IPPROTO_IP && name == IP_TTL && v >= 1 && v <= 255) {
        s->ttl = (uint8_t)v;
        return 0;
    }
    return level == IPPROTO_IP && name == IP_TTL ? EINVAL : ENOPROTOOPT;
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
    uint32_t flags;
    int row = sock_of(fd, &flags);
    if (row < 0)
        return -1;
    if (value == NULL)
        return sock_fail(EFAULT);
    struct net *net = net_enter();
    if (net == NULL)
        return -1;
    int error = set(net, &net->sock[row], level, name, value, len);
    net_leave(net);
    return error != 0 ? sock_fail(error) : 0;
}

static int get_socket(struct net *net, int row, int name, int *v)
{
    const struct sock *s = &net->sock[row];
    bool stream = s->type == SOCK_TCP || s->type == SOCK_LOCAL;
    switch (name) {
    case SO_REUSEADDR:
    case SO_REUSEPORT: *v = s->reuse; return 0;
    case SO_TYPE: *v = stream ? SOCK_STREAM : s->raw ? SOCK_RAW : SOCK_DGRAM; return 0;
    case SO_ERROR: *v = so_error(net, row); return 0;
    case SO_BROADCAST: *v = s->broadcast; return 0;
    case SO_SNDBUF: *v = (int)s->sndbuf; return 0;
    case SO_RCVBUF: *v = (int)s->rcvbuf; return 0;
    case SO_KEEPALIVE: *v = s->keepalive; return 0;
    case SO_ACCEPTCONN: *v = s->listening; return 0;
    case SO_DOMAIN: *v = s->type == SOCK_LOCAL ? AF_UNIX : AF_INET; return 0;
    case SO_PROTOCOL:
        *v = s->type == SOCK_TCP    ? IPPROTO_TCP
             : s->type == SOCK_UDP  ? IPPROTO_UDP
             : s->type == SOCK_ICMP ? IPPROTO_ICMP
                                    : 0;
        return 0;
    default: return ENOPROTOOPT;
    }
}

static int get_tcp(const struct sock *s, int name, int *v)
{
    if (s->type != SOCK_TCP)
        return ENOPROTOOPT;
    switch (name) {
    case TCP_NODELAY: *v = s->nodelay; return 0;
    case TCP_MAXSEG:
        *v = (int)(s->tcb != NULL ? tcp_payload(s->tcb) : TCP_MSS_DEFAULT);
        return 0;
    case TCP_KEEPIDLE: *v = (int)s->idle; return 0;
    case TCP_KEEPINTVL: *v = (int)s->interval; return 0;
    case TCP_KEEPCNT: *v = (int)s->probes; return 0;
    default: return ENOPROTOOPT;
    }
}

static int get(struct net *net, int row, int level, int name, void *value, socklen_t *len)
{
    const struct sock *s = &net->sock[row];
    union {
        int v;
        struct linger l;
        struct timeval tv;
    } out = {.v = 0};
    size_t n = sizeof out.v;
    int error = ENOPROTOOPT;
    if (level == SOL_SOCKET && name == SO_LINGER) {
        out.l.l_onoff = s->linger != 0;
        out.l.l_linger = s->linger != 0 ? (int)s->linger - 1 : 0;
        n = sizeof out.l;
        error = 0;
    } else if (level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO)) {
        uint32_t ms = name == SO_RCVTIMEO ? s->rcvtimeo : s->sndtimeo;
        out.tv = (struct timeval){ms / 1000, (suseconds_t)(ms % 1000 * 1000)};
        n = sizeof out.tv;
        error = 0;
    } else if (level == SOL_SOCKET) {
        error = get_socket(net, row, name, &out.v);
    } else if (level == IPPROTO_TCP) {
        error = get_tcp(s, name, &out.v);
    } else if (level == IPPROTO_IP && name == IP_TTL) {
        out.v = s->ttl;
        error = 0;
    }
    if (error == 0) {
        *len = *len < n ? *len : (socklen_t)n;
        memcpy(value, &out, *len);
    }
    return error;
}

int getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
    uint32_t flags;
    int row = sock_of(fd, &flags);
    if (row < 0)
        return -1;
    if (value == NULL || len == NULL)
        return sock_fail(EFAULT);
    struct net *net = net_enter();
    if (net == NULL)
        return -1;
    int error = get(net, row, level, name, value, len);
    net_leave(net);
    return error != 0 ? sock_fail(error) : 0;
}
