// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * io.c - data through sockets. The caller's memory is made present before the stack is entered: a bad
 * pointer is EFAULT, and no fault is taken with the lock held.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "addr.h"
#include "file.h"
#include "sock.h"
#include "vm.h"

#define AT_ONCE 65536u /* bytes made present, and moved, with the lock held */

static int known_flags(int flags)
{
    return (flags & ~(MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT | MSG_WAITALL | MSG_NOSIGNAL |
                      MSG_MORE)) == 0;
}

static bool is_stream(const struct net *net, int row)
{
    uint8_t type = net->sock[row].type;
    return type == SOCK_TCP || type == SOCK_LOCAL;
}

/* Send once, waiting for room. Result as so_send. */
static int send_part(int row, const void *buf, size_t n, bool block,
                     const struct sock_addr *to)
{
    struct net *net = net_enter();
    int r, error = 0;
    if (net == NULL)
        return -errno;
    uint64_t deadline = sock_deadline(net->sock[row].sndtimeo);
    if (to != NULL && !IP_IS_LOOPBACK(to->ip) && net->ip == 0 && net->has_device)
        error = net_configured(net, net_deadline(60000));
    while ((r = so_send(net, row, buf, n, to)) == -EAGAIN && block && error == 0)
        error = net_wait(net, deadline, NULL, 0);
    net_leave(net);
    return r == -EAGAIN && error == EINTR ? -EINTR : r;
}

static ssize_t send_all(int row, const void *buf, size_t n, uint32_t oflags, int flags,
                        const struct sock_addr *to)
{
    const uint8_t *p = buf;
    bool block = !(oflags & O_NONBLOCK) && !(flags & MSG_DONTWAIT);
    size_t done = 0;
    do {
        size_t part = n - done < AT_ONCE ? n - done : AT_ONCE;
        if (vm_touch(p + done, part, EXO_R) != 0)
            return done > 0 ? (ssize_t)done : sock_fail(EFAULT);
        int r = send_part(row, p + done, part, block, to);
        if (r == -EPIPE && done == 0 && !(flags & MSG_NOSIGNAL))
            raise(SIGPIPE);
        if (r < 0)
            return done > 0 ? (ssize_t)done : sock_fail(-r);
        done += (size_t)r;
        if (r == 0)
            break;
    } while (done < n && (block || done % AT_ONCE == 0));
    return (ssize_t)done;
}

static ssize_t receive(int row, void *buf, size_t n, uint32_t oflags, int flags,
                       struct sock_addr *from)
{
    uint8_t *p = buf;
    bool block = !(oflags & O_NONBLOCK) && !(flags & MSG_DONTWAIT);
    unsigned how =
        (flags & MSG_PEEK ? SOCK_PEEK : 0) | (flags & MSG_TRUNC ? SOCK_TRUNC : 0);
    size_t done = 0, part = n < AT_ONCE ? n : AT_ONCE;
    int r, error = 0;
    if (part != 0 && vm_touch(p, part, EXO_W) != 0)
        return sock_fail(EFAULT);
    struct net *net = net_enter();
    if (net == NULL)
        return -1;
    uint64_t deadline = sock_deadline(net->sock[row].rcvtimeo);
    bool all = flags & MSG_WAITALL && !(flags & MSG_PEEK) && is_stream(net, row);
    for (;;) {
        r = so_receive(net, row, p + done, part - done, how, from);
        if (r > 0)
            done += (size_t)r;
        if (r == -EAGAIN && block && error == 0) {
            error = net_wait(net, deadline, NULL, 0);
            continue;
        }
        if (r <= 0 || !all || done >= part)
            break;
    }
    net_leave(net);
    if (done > 0 || r >= 0)
        return (ssize_t)done;
    return sock_fail(error == EINTR && r == -EAGAIN ? EINTR : -r);
}

/* -- <sys/socket.h> -- */

ssize_t sendto(int fd, const void *buf, size_t n, int flags, const struct sockaddr *addr,
               socklen_t len)
{
    struct sock_addr to;
    uint32_t oflags;
    int row = sock_of(fd, &oflags), error = addr != NULL ? addr_in(addr, len, &to) : 0;
    if (row < 0)
        return -1;
    if (error != 0 || !known_flags(flags) || n > INT_MAX)
        return sock_fail(error != 0 ? error : EINVAL);
    return send_all(row, buf, n, oflags, flags, addr != NULL ? &to : NULL);
}

ssize_t send(int fd, const void *buf, size_t n, int flags)
{
    return sendto(fd, buf, n, flags, NULL, 0);
}

ssize_t recvfrom(int fd, void *buf, size_t n, int flags, struct sockaddr *addr,
                 socklen_t *len)
{
    struct sock_addr from = {0, 0};
    uint32_t oflags;
    int row = sock_of(fd, &oflags);
    if (row < 0)
        return -1;
    if (!known_flags(flags))
        return sock_fail(EINVAL);
    ssize_t r = receive(row, buf, n, oflags, flags, &from);
    if (r >= 0 && from.ip != 0)
        addr_out(&from, addr, len);
    else if (r >= 0 && len != NULL)
        *len = 0;
    return r;
}

ssize_t recv(int fd, void *buf, size_t n, int flags)
{
    return recvfrom(fd, buf, n, flags, NULL, NULL);
}

#define GATHER 65536u

/* A datagram is one: its pieces are put together. */
static ssize_t send_gathered(int fd, const struct msghdr *m, size_t total, int flags)
{
    static uint8_t together[GATHER];
    size_t n = 0;
    if (total > sizeof together)
        return sock_fail(EMSGSIZE);
    for (size_t i = 0; i < m->msg_iovlen; i++) {
        memcpy(together + n, m->msg_iov[i].iov_base, m->msg_iov[i].iov_len);
        n += m->msg_iov[i].iov_len;
    }
    return sendto(fd, together, n, flags, m->msg_name, m->msg_namelen);
}

static ssize_t total_of(const struct msghdr *m)
{
    size_t total = 0;
    if (m->msg_iovlen > IOV_MAX)
        return sock_fail(EMSGSIZE);
    for (size_t i = 0; i < m->msg_iovlen; i++) {
        if (m->msg_iov[i].iov_len > INT_MAX - total)
            return sock_fail(EINVAL);
        total += m->msg_iov[i].iov_len;
    }
    return (ssize_t)total;
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
    uint32_t oflags;
    int row = sock_of(fd, &oflags);
    ssize_t total = row < 0 ? -1 : total_of(m), done = 0;
    if (total < 0)
        return -1;
    struct net *net = net_enter();
    if (net == NULL)
        return -1;
    bool stream = is_stream(net, row);
    net_leave(net);
    if (!stream)
        return send_gathered(fd, m, (size_t)total, flags);
    for (size_t i = 0; i < m->msg_iovlen; i++) {
        const struct iovec *v = &m->msg_iov[i];
        if (v->iov_len == 0)
            continue;
        ssize_t r = sendto(fd, v->iov_base, v->iov_len, flags, NULL, 0);
        if (r < 0)
            return done > 0 ? done : r;
        done += r;
        if ((size_t)r < v->iov_len)
            break;
    }
    return done;
}

static void scatter(const struct msghdr *m, const uint8_t *from, size_t n)
{
    for (size_t i = 0; i < m->msg_iovlen && n > 0; i++) {
        size_t part = m->msg_iov[i].iov_len < n ? m->msg_iov[i].iov_len : n;
        memcpy(m->msg_iov[i].iov_base, from, part);
        from += part;
        n -= part;
    }
}

ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
    static uint8_t together[GATHER];
    ssize_t total = total_of(m);
    if (total < 0)
        return -1;
    bool one = m->msg_iovlen == 1;
    size_t room =
        one || (size_t)total < sizeof together ? (size_t)total : sizeof together;
    ssize_t r =
        recvfrom(fd, one ? m->msg_iov[0].iov_base : together, room, flags | MSG_TRUNC,
                 m->msg_name, m->msg_name != NULL ? &m->msg_namelen : NULL);
    if (r < 0)
        return -1;
    size_t there = (size_t)r < room ? (size_t)r : room;
    m->msg_flags = (size_t)r > room ? MSG_TRUNC : 0;
    m->msg_controllen = 0;
    if (!one)
        scatter(m, together, there);
    return flags & MSG_TRUNC ? r : (ssize_t)there;
}

/* -- sock.h: read, write, fstat of a descriptor -- */

ssize_t sock_read(unsigned object, void *buf, size_t n, uint32_t flags)
{
    return receive((int)object, buf, n, flags, 0, NULL);
}

ssize_t sock_write(unsigned object, const void *buf, size_t n, uint32_t flags)
{
    return send_all((int)object, buf, n, flags, 0, NULL);
}

int sock_stat(unsigned object, struct stat *st)
{
    *st = (struct stat){.st_mode = S_IFSOCK | 0777,
                        .st_nlink = 1,
                        .st_blksize = 4096,
                        .st_ino = object + 1u,
                        .st_dev = OFILE_SOCKET};
    return 0;
}
