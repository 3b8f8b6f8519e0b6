// SPDX-License-Identifier: GPL-2.0-or-later
/* api.c - <sys/socket.h>: sockets made, named, connected. Data: io.c; options: options.c. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "addr.h"
#include "file.h"

/* Wait until connect's way is done for at most this long when it has to wait for an address. */
#define CONFIGURE_MS 60000u

int addr_in(const struct sockaddr *addr, socklen_t len, struct sock_addr *to)
{
    struct sockaddr_in in;
    if (addr == NULL || len < sizeof in)
        return EINVAL;
    memcpy(&in, addr, sizeof in);
    if (in.sin_family != AF_INET)
        return EAFNOSUPPORT;
    to->ip = ntohl(in.sin_addr.s_addr);
    to->port = ntohs(in.sin_port);
    return 0;
}

void addr_out(const struct sock_addr *from, struct sockaddr *addr, socklen_t *len)
{
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_port = htons(from->port),
                             .sin_addr = {htonl(from->ip)}};
    if (addr == NULL || len == NULL)
        return;
    memcpy(addr, &in, *len < sizeof in ? *len : sizeof in);
    *len = sizeof in;
}

static int kind_of(int type, int protocol, enum sock_type *kind)
{
    if (type == SOCK_STREAM && (protocol == 0 || protocol == IPPROTO_TCP))
        *kind = SOCK_TCP;
    else if (type == SOCK_DGRAM && (protocol == 0 || protocol == IPPROTO_UDP))
        *kind = SOCK_UDP;
    else if ((type == SOCK_DGRAM || type == SOCK_RAW) && protocol == IPPROTO_ICMP)
        *kind = SOCK_ICMP;
    else
        return EPROTONOSUPPORT;
    return 0;
}

static uint32_t open_flags(int type)
{
    return O_RDWR | ((uint32_t)type & (SOCK_NONBLOCK | SOCK_CLOEXEC));
}

/* A descriptor for a socket, which is gone if there is none. */
static int give(int row, uint32_t flags)
{
    int fd = file_open(OFILE_SOCKET, (uint32_t)row, flags);
    if (fd < 0) {
        int error = errno;
        struct net *net = net_enter();
        if (net != NULL) {
            so_close(net, row);
            net_leave(net);
        }
        errno = error;
    }
    return fd;
}

int socket(int domain, int type, int protocol)
{
    enum sock_type kind;
    int plain = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (domain != AF_INET)
        return sock_fail(EAFNOSUPPORT);
    int error = kind_of(plain, protocol, &kind);
    if (error != 0)
        return sock_fail(error);
    struct net *net = net_enter();
    if (net == NULL)
        return -1;
    int row = so_new(net, kind, plain == SOCK_RAW);
    net_leave(net);
    return row < 0 ? sock_fail(-row) : give(row, open_flags(type));
}

int socketpair(int domain, int type, int protocol, int fds[2])
{
    int rows[2], plain = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (domain != AF_UNIX)
        return sock_fail(domain == AF_INET ? EOPNOTSUPP : EAFNOSUPPORT);
    if (plain != SOCK_STREAM || protocol != 0)
        return sock_fail(EPROTONOSUPPORT);
    struct net *net = net_enter();
    if (net == NULL)
        return -1;
    int r = so_pair(net, rows);
    net_leave(net);
    if (r < 0)
        return sock_fail(-r);
    int a = give(rows[0], open_flags(type));
    int b = a < 0 ? -1 : give(rows[1], open_flags(type));
    if (b < 0) {
        int error = errno;
        if (a >= 0)
            close(a);
        return sock_fail(error);
    }
    fds[0] = a;
    fds[1] = b;
    return 0;
}

/* Enter for a call on a socket that needs the machine's address, unless `ip` is this machine. */
static struct net *enter_configured(uint32_t ip, uint32_t flags)
{
    struct net *net = net_enter();
    if (net == NULL || IP_IS_LOOPBACK(ip) || !net->has_device || net->ip != 0)
        return net;
    (void)flags; /* even if it must not block: there is no other way to say when */
    int error = net_configured(net, net_deadline(CONFIGURE_MS));
    if (error == 0)
        return net;
    net_leave(net);
    errno = error == EINTR ? EINTR : ENETDOWN;
    return NULL;
}

int bind(int fd, const struct sockaddr *addr, socklen_t len)
{
    struct sock_addr at;
    uint32_t flags;
    int row = sock_of(fd, &flags), error = addr_in(addr, len, &at);
    if (row < 0)
        return -1;
    if (error != 0)
        return sock_fail(error);
    struct net *net = enter_configured(at.ip, flags);
    if (net == NULL)
        return -1;
    int r = so_bind(net, row, &at);
    net_leave(net);
    return r < 0 ? sock_fail(-r) : 0;
}

int listen(int fd, int backlog)
{
    uint32_t flags;
    int row = sock_of(fd, &flags);
    if (row < 0)
        return -1;
    struct net *net = net_enter();
    if (net == NULL)
        return -1;
    if (net->sock[row].port < 0) { /* it will get a port, for the outside too */
        net_leave(net);
        net = enter_configured(0, flags);
        if (net == NULL)
            return -1;
    }
    int r = so_listen(net, row, backlog);
    net_leave(net);
    return r < 0 ? sock_fail(-r) : 0;
}

int accept4(int fd, struct sockaddr *addr, socklen_t *len, int type)
{
    uint32_t flags;
    int row = sock_of(fd, &flags), error = 0, r;
    if (row < 0)
        return -1;
    if (type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC))
        return sock_fail(EINVAL);
    struct net *net = net_enter();
    if (net == NULL)
        return -1;
    uint64_t deadline = sock_deadline(net->sock[row].rcvtimeo);
    while ((r = so_accept(net, row)) == -EAGAIN && !(flags & O_NONBLOCK) && error == 0)
        error = net_wait(net, deadline, NULL, 0);
    struct sock_addr peer = {0, 0};
    if (r >= 0)
        so_peer(net, r, &peer);
    net_leave(net);
    if (r < 0)
        return sock_fail(error == EINTR ? EINTR : -r);
    addr_out(&peer, addr, len);
    return give(r, open_flags(type));
}

int accept(int fd, struct sockaddr *addr, socklen_t *len)
{
    return accept4(fd, addr, len, 0);
}

int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
    struct sock_addr to = {0, 0};
    uint32_t flags;
    int row = sock_of(fd, &flags), error = 0;
    if (row < 0)
        return -1;
    bool unspec =
        addr != NULL && len >= sizeof(sa_family_t) && addr->sa_family == AF_UNSPEC;
    if (!unspec && (error = addr_in(addr, len, &to)) != 0)
        return sock_fail(error);
    struct net *net = enter_configured(unspec || to.ip == 0 ? IP_LOOPBACK : to.ip, flags);
    if (net == NULL)
        return -1;
    int r = so_connect(net, row, &to);
    uint64_t deadline = sock_deadline(net->sock[row].sndtimeo);
    if (r == -EINPROGRESS && !(flags & O_NONBLOCK)) {
        while ((r = so_connected(net, row)) == 0 && error == 0)
            error = net_wait(net, deadline, NULL, 0);
        r = r > 0 ? 0 : r < 0 ? r : error == ETIMEDOUT ? -EINPROGRESS : -error;
    }
    net_leave(net);
    return r < 0 ? sock_fail(-r) : 0;
}

int shutdown(int fd, int how)
{
    static const uint8_t what[] = {SHUT_READ, SHUT_WRITE, SHUT_READ | SHUT_WRITE};
    uint32_t flags;
    int row = sock_of(fd, &flags);
    if (row < 0)
        return -1;
    if (how < SHUT_RD || how > SHUT_RDWR)
        return sock_fail(EINVAL);
    struct net *net = net_enter();
    if (net == NULL)
        return -1;
    int r = so_shutdown(net, row, what[how]);
    net_leave(net);
    return r < 0 ? sock_fail(-r) : 0;
}

/* Enter to ask for an address of a socket; NULL and errno. */
static struct net *enter_asking(int fd, const struct sockaddr *addr, const socklen_t *len,
                                int *row)
{
    uint32_t flags;
    *row = sock_of(fd, &flags);
    if (*row >= 0 && addr != NULL && len != NULL)
        return net_enter();
    if (*row >= 0)
        errno = EFAULT;
    return NULL;
}

int getsockname(int fd, struct sockaddr *addr, socklen_t *len)
{
    int row;
    struct net *net = enter_asking(fd, addr, len, &row);
    if (net == NULL)
        return -1;
    struct sock_addr a = so_local(net, row);
    net_leave(net);
    addr_out(&a, addr, len);
    return 0;
}

int getpeername(int fd, struct sockaddr *addr, socklen_t *len)
{
    struct sock_addr a;
    int row;
    struct net *net = enter_asking(fd, addr, len, &row);
    if (net == NULL)
        return -1;
    bool connected = so_peer(net, row, &a);
    net_leave(net);
    if (!connected)
        return sock_fail(ENOTCONN);
    addr_out(&a, addr, len);
    return 0;
}
