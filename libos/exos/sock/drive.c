// SPDX-License-Identifier: GPL-2.0-or-later
/* drive.c - the network stack in a process: entering, waiting, lingering. See drive.h. */
#include "drive.h"

#include <errno.h>

#include "area.h"
#include "file.h"
#include "nicdev.h"
#include "signal_priv.h"
#include "sock.h"

#define BUFS_MAX 1024u
#define BUFS_MIN 128u
#define LINGER_MS 20000u

struct drive {
    struct mutex mutex;
    uint32_t ready;      /* 1: the stack was started */
    uint32_t net_offset; /* of struct net, from here */
    uint64_t started;    /* cycle 0 of the stack's clock */
    struct nicdev dev;
};

static struct drive *drive;
static uint32_t attached_env; /* that holds the ring: a child is another */
static uint64_t cycles_now;   /* when work() last looked: a look at the clock is a call */

int sock_fail(int error)
{
    errno = error;
    return -1;
}

static uint64_t hertz(void)
{
    uint64_t hz = HWTABLE->cycles_per_second;
    return hz != 0 ? hz : 1000000;
}

static uint32_t cycles_per_ms(void)
{
    uint64_t c = hertz() / 1000;
    return c != 0 ? (uint32_t)c : 1;
}

/* ms of the stack's clock; it starts at 1 so that 0 can mean never. */
static uint32_t now_ms(void)
{
    cycles_now = exo_time64();
    return (uint32_t)((cycles_now - drive->started) / cycles_per_ms()) + 1;
}

uint64_t net_cycles(void)
{
    return cycles_now;
}

uint64_t net_deadline(uint32_t ms)
{
    return cycles_now + (uint64_t)ms * cycles_per_ms();
}

static struct net *net_of(void)
{
    return (struct net *)(void *)((uint8_t *)drive + drive->net_offset);
}

/* -- the area -- */

/* Buffers for a sixteenth of the memory that is free. */
static uint32_t buffers(void)
{
    uint64_t n = (uint64_t)KINFO->free_frames * PAGE_SIZE / 16 / NET_BUF;
    return n > BUFS_MAX ? BUFS_MAX : n < BUFS_MIN ? BUFS_MIN : (uint32_t)n;
}

/* The memory is zero; the lock is held. */
static int start(uint32_t nbufs)
{
    drive->started = exo_time64();
    drive->net_offset = PAGE_SIZE + nicdev_pages() * PAGE_SIZE;
    int error = nicdev_open(&drive->dev, (uintptr_t)drive, 1);
    if (error != 0 && error != ENODEV)
        return error;
    struct net *net = net_of();
    net->now = net->next = 1;
    net_init(net, nbufs, error == 0 ? drive->dev.mac : NULL, HWTABLE->seed);
    drive->ready = 1;
    return 0;
}

static void linger(void);

static int attach(void)
{
    bool first;
    uint32_t nbufs = buffers();
    uint32_t bytes = PAGE_SIZE + nicdev_pages() * PAGE_SIZE + (uint32_t)net_bytes(nbufs);
    void *mem = area_open(AREA_NET, bytes, &first);
    if (mem == NULL)
        return errno;
    drive = mem;
    area_on_leave(AREA_NET, linger);
    if (mutex_lock(&drive->mutex) && drive->ready)
        net_recover(net_of());
    int error = drive->ready ? nicdev_attach(&drive->dev) : start(nbufs);
    if (error != 0) {
        mutex_unlock(&drive->mutex);
        return error;
    }
    attached_env = SELF->env;
    return 0;
}

static void work(struct net *net)
{
    net->now = now_ms();
    nicdev_poll(&drive->dev, net);
    net_run(net, net->now);
}

struct net *net_enter(void)
{
    if (drive == NULL || attached_env != SELF->env) {
        int error = attach();
        if (error != 0) {
            errno = error;
            return NULL;
        }
    } else if (mutex_lock(&drive->mutex)) {
        net_recover(net_of());
    }
    struct net *net = net_of();
    work(net);
    return net;
}

void net_leave(struct net *net)
{
    if (net->loop_head != NULL || net->tx_started != net->tx_queued)
        net_run(net, net->now);
    mutex_unlock(&drive->mutex);
}

/* -- waiting -- */

/* The cycle at which the stack has something to do. */
static uint64_t due(const struct net *net)
{
    uint32_t ms = net->next - 1;
    return drive->started + (uint64_t)ms * cycles_per_ms();
}

int net_wait(struct net *net, uint64_t deadline, const struct exo_pred *more, unsigned n)
{
    struct exo_pred pred[EXO_NPRED];
    unsigned k = 0;
    net_run(net, net->now);
    uint64_t wake = due(net);
    if (deadline < wake)
        wake = deadline;
    pred[k++] = (struct exo_pred){EXO_PRED_TIME, 0, 0, wake};
    pred[k++] =
        (struct exo_pred){EXO_PRED_NE, 1, (uintptr_t)&net->activity, net->activity};
    k += nicdev_terms(&drive->dev, net, pred + k);
    for (unsigned i = 0; i < n && k < EXO_NPRED - 1; i++)
        pred[k++] = more[i];
    mutex_unlock(&drive->mutex);
    proc_sleep(pred, k);
    bool stop = signal_poll();
    if (mutex_lock(&drive->mutex))
        net_recover(net);
    work(net);
    if (stop)
        return EINTR;
    return deadline != NET_FOREVER && cycles_now >= deadline ? ETIMEDOUT : 0;
}

int net_configured(struct net *net, uint64_t deadline)
{
    while (net->ip == 0 && net->has_device) {
        int error = net_wait(net, deadline, NULL, 0);
        if (error != 0)
            return error;
    }
    return 0;
}

/* -- the ends -- */

/* The last process that knows the stack leaves: what was sent is brought over first. */
static void linger(void)
{
    if (drive == NULL || attached_env != SELF->env || !area_alone(AREA_NET))
        return;
    struct net *net = net_enter();
    if (net == NULL)
        return;
    uint64_t deadline = net_deadline(LINGER_MS);
    while (so_unfinished(net) || net->tx_done != net->tx_queued)
        if (net_wait(net, deadline, NULL, 0) == ETIMEDOUT)
            break;
    net_leave(net);
}

void sock_forked(uint32_t env)
{
    if (drive != NULL && attached_env == SELF->env)
        nicdev_share(&drive->dev, env);
}

/* -- descriptors -- */

int sock_of(int fd, uint32_t *flags)
{
    const struct ofile *f = file_of(fd);
    if (f == NULL)
        return sock_fail(EBADF);
    if (f->kind != OFILE_SOCKET)
        return sock_fail(ENOTSOCK);
    *flags = f->flags;
    return (int)f->object;
}

void sock_close(unsigned object)
{
    struct net *net = net_enter();
    if (net == NULL)
        return;
    so_close(net, (int)object);
    net_leave(net);
}
