// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * poll.c - poll() and select() over descriptors of all kinds. Files and the console are always ready: a
 * read of either never waits in virtual time.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/select.h>

#include "drive.h"
#include "file.h"
#include "signal_priv.h"

#define TERMS 3   /* of pipes, that fit a predicate beside the stack's */
#define LOOK_MS 1 /* with more pipes than fit: how often to look */

struct watch {
    struct net *net; /* NULL: no sockets among them */
    struct exo_pred term[TERMS];
    unsigned terms;
    bool overflow;
};

static void term(struct watch *w, uint32_t op, const volatile uint32_t *word,
                 uint32_t value)
{
    if (w->terms == TERMS) {
        w->overflow = true;
        return;
    }
    w->term[w->terms++] = (struct exo_pred){op, 1, (uintptr_t)word, value};
}

static uint64_t ms_cycles(uint32_t ms)
{
    uint64_t hz = HWTABLE->cycles_per_second;
    return hz / 1000 != 0 ? hz / 1000 * ms : ms;
}

static unsigned ready_pipe(struct watch *w, const struct ofile *f)
{
    const struct pipe *p = &session->pipe[f->object];
    uint32_t head = __atomic_load_n(&p->head, __ATOMIC_ACQUIRE);
    uint32_t tail = __atomic_load_n(&p->tail, __ATOMIC_ACQUIRE);
    if (f->kind == OFILE_PIPE_READ) {
        term(w, EXO_PRED_NE, &p->head, head);
        term(w, EXO_PRED_EQ, &p->writers, 0);
        return (head != tail ? POLLIN | POLLRDNORM : 0) | (p->writers == 0 ? POLLHUP : 0);
    }
    term(w, EXO_PRED_NE, &p->tail, tail);
    term(w, EXO_PRED_EQ, &p->readers, 0);
    uint32_t room = (p->pages << PAGE_SHIFT) - (head - tail);
    return (room >= PIPE_BUF ? POLLOUT | POLLWRNORM : 0) |
           (p->readers == 0 ? POLLERR | POLLOUT : 0);
}

static unsigned ready_socket(struct net *net, unsigned row)
{
    unsigned r = so_ready(net, (int)row);
    return (r & READY_IN ? POLLIN | POLLRDNORM : 0) |
           (r & READY_OUT ? POLLOUT | POLLWRNORM : 0) | (r & READY_HANGUP ? POLLHUP : 0) |
           (r & READY_ERROR ? POLLERR : 0) | (r & READY_RDHUP ? POLLRDHUP : 0);
}

static unsigned ready(struct watch *w, const struct ofile *f)
{
    switch (f->kind) {
    case OFILE_SOCKET: return ready_socket(w->net, f->object);
    case OFILE_PIPE_READ:
    case OFILE_PIPE_WRITE: return ready_pipe(w, f);
    default: return POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;
    }
}

/* revents of all; how many have some. */
static int scan(struct watch *w, struct pollfd *fds, nfds_t n)
{
    int count = 0;
    w->terms = 0;
    w->overflow = false;
    for (nfds_t i = 0; i < n; i++) {
        fds[i].revents = 0;
        if (fds[i].fd < 0)
            continue;
        const struct ofile *f = file_of(fds[i].fd);
        unsigned mask = (unsigned)(uint16_t)fds[i].events | POLLERR | POLLHUP;
        fds[i].revents = (short)(f == NULL ? POLLNVAL : ready(w, f) & mask);
        count += fds[i].revents != 0;
    }
    return count;
}

static bool has_sockets(const struct pollfd *fds, nfds_t n)
{
    for (nfds_t i = 0; i < n; i++) {
        const struct ofile *f = fds[i].fd >= 0 ? file_of(fds[i].fd) : NULL;
        if (f != NULL && f->kind == OFILE_SOCKET)
            return true;
    }
    return false;
}

/* Something may have changed, `until` has come, or a handler ran. */
static void sleep_until(struct watch *w, uint64_t until)
{
    struct exo_pred pred[TERMS + 2];
    unsigned n = w->terms;
    if (w->net != NULL) {
        net_wait(w->net, until, w->term, w->terms);
        return;
    }
    memcpy(pred, w->term, n * sizeof pred[0]);
    pred[n++] = (struct exo_pred){EXO_PRED_TIME, 1, 0, until};
    pred[0].or_ = 0;
    proc_sleep(pred, n);
    signal_poll();
}

/* Any handler ends it, with SA_RESTART or not. */
static int wait_for(struct watch *w, struct pollfd *fds, nfds_t n, uint64_t deadline)
{
    for (uint32_t before = signal_handled();;) {
        int count = scan(w, fds, n);
        if (count != 0 || deadline == 0)
            return count;
        uint64_t until = deadline, now = w->net != NULL ? net_cycles() : exo_time64();
        if (now >= deadline)
            return 0;
        if (w->overflow && now + ms_cycles(LOOK_MS) < until)
            until = now + ms_cycles(LOOK_MS);
        sleep_until(w, until);
        if (signal_handled() != before)
            return -EINTR;
    }
}

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
    struct watch w = {.net = NULL};
    if (n > NFD)
        return sock_fail(EINVAL);
    if (has_sockets(fds, n) && (w.net = net_enter()) == NULL)
        return -1;
    uint64_t deadline = timeout < 0 ? NET_FOREVER : 0;
    if (timeout > 0)
        deadline =
            (w.net != NULL ? net_cycles() : exo_time64()) + ms_cycles((uint32_t)timeout);
    int r = wait_for(&w, fds, n, deadline);
    if (w.net != NULL)
        net_leave(w.net);
    return r < 0 ? sock_fail(-r) : r;
}

static int take_sets(struct pollfd *fds, int n, const fd_set *in, const fd_set *out,
                     const fd_set *except)
{
    int k = 0;
    for (int fd = 0; fd < n; fd++) {
        bool i = in != NULL && FD_ISSET(fd, in), o = out != NULL && FD_ISSET(fd, out);
        if (!i && !o && (except == NULL || !FD_ISSET(fd, except)))
            continue;
        if (file_of(fd) == NULL) /* so there are never more than NFD */
            return -1;
        fds[k++] = (struct pollfd){
            .fd = fd, .events = (short)((i ? POLLIN : 0) | (o ? POLLOUT : 0))};
    }
    return k;
}

int select(int n, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout)
{
    struct pollfd fds[NFD];
    int ms = -1, count = 0;
    if (n < 0 || n > FD_SETSIZE ||
        (timeout != NULL && (timeout->tv_sec < 0 || timeout->tv_usec < 0)))
        return sock_fail(EINVAL);
    if (timeout != NULL)
        ms = timeout->tv_sec > INT_MAX / 1000 - 1
                 ? INT_MAX
                 : (int)(timeout->tv_sec * 1000 + (timeout->tv_usec + 999) / 1000);
    int k = take_sets(fds, n, in, out, except);
    if (k < 0)
        return sock_fail(EBADF);
    if (poll(fds, (nfds_t)k, ms) < 0)
        return -1;
    for (int i = 0; i < k; i++) {
        const struct pollfd *p = &fds[i];
        bool readable = p->revents & (POLLIN | POLLHUP | POLLERR);
        bool writable = p->revents & (POLLOUT | POLLERR);
        if (in != NULL && FD_ISSET(p->fd, in) && !readable)
            FD_CLR(p->fd, in);
        if (out != NULL && FD_ISSET(p->fd, out) && !writable)
            FD_CLR(p->fd, out);
        if (except != NULL)
            FD_CLR(p->fd, except);
        count += (p->events & POLLIN && readable) + (p->events & POLLOUT && writable);
    }
    return count;
}
