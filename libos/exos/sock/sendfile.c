// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sendfile.c - a file into a TCP socket with one copy: read() puts the bytes where the interface sends
 * them from. The lock is dropped while the file is read.
 */
#include <sys/sendfile.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "addr.h"
#include "file.h"

#define AT_ONCE 32768u

/* Fill the chain from the file; bytes read, or -errno and nothing. A short file leaves buffers empty. */
static ssize_t fill(struct net_buf *chain, int in)
{
    ssize_t done = 0;
    for (struct net_buf *b = chain; b != NULL; b = b->next) {
        ssize_t r = read(in, b->data, b->len);
        if (r < 0 && done == 0)
            return -errno;
        if (r < b->len) {
            b->len = (uint16_t)(r > 0 ? r : 0);
            done += b->len;
            for (b = b->next; b != NULL; b = b->next)
                b->len = 0;
            return done;
        }
        done += r;
    }
    return done;
}

/* Those that got bytes go to the socket, the others back. */
static int pass_on(struct net *net, int row, struct net_buf *chain)
{
    struct net_buf **link = &chain;
    while (*link != NULL && (*link)->len != 0)
        link = &(*link)->next;
    buf_put_chain(net, *link);
    *link = NULL;
    return chain != NULL ? so_give(net, row, chain) : 0;
}

/* Some of it: bytes sent, 0 at the end of the file, or -errno. */
static ssize_t step(int row, int in, size_t n, bool block)
{
    int error = 0, wait = 0;
    struct net_buf *chain;
    struct net *net = net_enter();
    if (net == NULL)
        return -errno;
    uint64_t deadline = sock_deadline(net->sock[row].sndtimeo);
    while ((chain = so_reserve(net, row, n < AT_ONCE ? n : AT_ONCE, &error)) == NULL &&
           error == -EAGAIN && block && wait == 0)
        wait = net_wait(net, deadline, NULL, 0);
    net_leave(net);
    if (chain == NULL)
        return wait == EINTR ? -EINTR : error;
    ssize_t done = fill(chain, in);
    net = net_enter();
    if (net == NULL)
        return -errno;
    if (done < 0) {
        buf_put_chain(net, chain);
    } else {
        net->stats.copied_out += (uint32_t)done;
        error = pass_on(net, row, chain);
        done = error < 0 ? error : done;
    }
    net_leave(net);
    return done;
}

static ssize_t send_from(int row, int in, size_t n, bool block)
{
    size_t done = 0;
    while (done < n) {
        ssize_t r = step(row, in, n - done, block);
        if (r < 0)
            return done > 0 ? (ssize_t)done : r;
        if (r == 0)
            break;
        done += (size_t)r;
    }
    return (ssize_t)done;
}

ssize_t sendfile(int out, int in, off_t *off, size_t n)
{
    uint32_t flags;
    int row = sock_of(out, &flags);
    const struct ofile *f = file_of(in);
    off_t back = 0;
    if (f == NULL || row < 0)
        return f == NULL ? sock_fail(EBADF) : -1;
    if (f->kind == OFILE_SOCKET || (f->flags & O_ACCMODE) == O_WRONLY)
        return sock_fail(EINVAL);
    if (off != NULL) {
        back = lseek(in, 0, SEEK_CUR);
        if (back < 0 || lseek(in, *off, SEEK_SET) < 0)
            return -1;
    }
    ssize_t r = send_from(row, in, n, !(flags & O_NONBLOCK));
    if (off != NULL) {
        if (r > 0)
            *off += r;
        lseek(in, back, SEEK_SET);
    }
    return r < 0 ? sock_fail((int)-r) : r;
}
