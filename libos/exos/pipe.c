// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pipe.c - pipes: a ring of bytes in frames that all users map at the same address, its state
 * in the session's table. Who has to wait first gives the processor to whom was last seen at
 * the other end; if that does not help it sleeps until the ring's counters change, the other
 * end closes or a signal comes.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "signal_priv.h"
#include "vm.h"

static int fail(int error)
{
    errno = error;
    return -1;
}

static uint32_t ring_va(unsigned pipe)
{
    return L_PIPES + pipe * L_SLOT;
}

static uint32_t capacity(const struct pipe *p)
{
    return p->pages << PAGE_SHIFT;
}

/* The ring's bytes in this address space, NULL and errno if there is no memory. */
static uint8_t *ring_map(unsigned pipe)
{
    const struct pipe *p = &session->pipe[pipe];
    uint32_t va = ring_va(pipe);
    if (pm_lookup(va + ((p->pages - 1) << PAGE_SHIFT)) & PM_PRESENT)
        return (uint8_t *)(uintptr_t)va;
    critical_enter();
    bool ok = true;
    for (uint32_t i = 0; i < p->pages && ok; i++) {
        exo_sword r = exo_frame_hold(p->frame[i], 0, 0);
        ok = (r >= 0 || r == -EXO_EBUSY) &&
             pm_set(va + (i << PAGE_SHIFT),
                    pm_entry(p->frame[i],
                             PM_R | PM_W | PM_SHARED | PM_PRESENT | PM_ANON)) == 0;
    }
    critical_leave();
    if (!ok) {
        errno = ENOMEM;
        return NULL;
    }
    return (uint8_t *)(uintptr_t)va;
}

void pipe_unmap(unsigned pipe)
{
    critical_enter();
    vm_discard(ring_va(pipe), L_SLOT >> PAGE_SHIFT);
    critical_leave();
}

void pipe_end_closed(unsigned pipe, enum ofile_kind end)
{
    struct pipe *p = &session->pipe[pipe];
    if (end == OFILE_PIPE_READ)
        p->readers = 0;
    else
        p->writers = 0;
    if (p->readers == 0 && p->writers == 0)
        p->pages = 0;
}

/* A free row with its frames, or NPIPE. The session's lock is held. */
static unsigned make(void)
{
    unsigned i = 0;
    while (i < NPIPE && session->pipe[i].pages != 0)
        i++;
    if (i == NPIPE)
        return i;
    struct pipe *p = &session->pipe[i];
    *p = (struct pipe){.readers = 1, .writers = 1};
    uint32_t pages = (PIPE_BUF + PAGE_SIZE - 1) >> PAGE_SHIFT;
    for (uint32_t k = 0; k < pages; k++) {
        uint32_t frame = frame_take();
        if (frame == 0) {
            for (uint32_t j = 0; j < k; j++)
                frame_give_back(p->frame[j]);
            return NPIPE;
        }
        p->frame[k] = frame;
    }
    p->pages = pages;
    return i;
}

int pipe(int fds[2])
{
    if (mmu_missing())
        return fail(ENOSYS);
    lock_take(&session->lock);
    unsigned i = make();
    lock_drop(&session->lock);
    if (i == NPIPE)
        return fail(ENFILE);
    int r = -1, w = -1;
    if (ring_map(i) != NULL)
        r = file_open(OFILE_PIPE_READ, i, O_RDONLY);
    if (r >= 0)
        w = file_open(OFILE_PIPE_WRITE, i, O_WRONLY);
    if (w < 0) {
        int error = errno;
        if (r >= 0)
            close(r);
        else
            pipe_end_closed(i, OFILE_PIPE_READ);
        pipe_end_closed(i, OFILE_PIPE_WRITE);
        pipe_unmap(i);
        return fail(error);
    }
    fds[0] = r;
    fds[1] = w;
    return 0;
}

static uint32_t load(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/* Wait until *word changes from seen or *end is 0. `turn` counts the caller's attempts. */
static void wait_for(const uint32_t *word, uint32_t seen, const uint32_t *end,
                     uint32_t other, unsigned turn)
{
    if (turn == 0 && other != 0 && other != SELF->env && exo_yield(other) == 0)
        return;
    struct exo_pred pred[3] = {{EXO_PRED_NE, 0, (uintptr_t)word, seen},
                               {EXO_PRED_EQ, 1, (uintptr_t)end, 0}};
    proc_sleep(pred, 2);
}

ssize_t pipe_read(unsigned pipe, void *buf, size_t n, uint32_t flags)
{
    struct pipe *p = &session->pipe[pipe];
    const uint8_t *ring = ring_map(pipe);
    if (ring == NULL)
        return -1;
    p->reader_env = SELF->env;
    for (unsigned turn = 0;; turn++) {
        uint32_t head = load(&p->head), tail = load(&p->tail);
        if (head != tail)
            break;
        if (load(&p->writers) == 0)
            return load(&p->head) == tail ? 0 : pipe_read(pipe, buf, n, flags);
        if (flags & O_NONBLOCK)
            return fail(EAGAIN);
        wait_for(&p->head, head, &p->writers, p->writer_env, turn);
        if (signal_poll())
            return fail(EINTR);
    }
    if (vm_touch(buf, n < capacity(p) ? n : capacity(p), EXO_W) != 0)
        return fail(EFAULT);
    lock_take(&p->lock);
    uint32_t have = p->head - p->tail, size = capacity(p), at = p->tail & (size - 1);
    if (n > have)
        n = have;
    uint32_t first = size - at < n ? size - at : (uint32_t)n;
    memcpy(buf, ring + at, first);
    memcpy((uint8_t *)buf + first, ring, n - first);
    __atomic_store_n(&p->tail, p->tail + (uint32_t)n, __ATOMIC_RELEASE);
    lock_drop(&p->lock);
    return n > 0 ? (ssize_t)n : pipe_read(pipe, buf, n, flags);
}

/* Put up to n bytes in; none unless `least` fit. Returns how many. */
static size_t put(struct pipe *p, uint8_t *ring, const uint8_t *from, size_t n,
                  size_t least)
{
    lock_take(&p->lock);
    uint32_t size = capacity(p), room = size - (p->head - p->tail),
             at = p->head & (size - 1);
    if (n > room)
        n = room;
    if (n < least)
        n = 0;
    uint32_t first = size - at < n ? size - at : (uint32_t)n;
    memcpy(ring + at, from, first);
    memcpy(ring, from + first, n - first);
    __atomic_store_n(&p->head, p->head + (uint32_t)n, __ATOMIC_RELEASE);
    lock_drop(&p->lock);
    return n;
}

ssize_t pipe_write(unsigned pipe, const void *buf, size_t n, uint32_t flags)
{
    struct pipe *p = &session->pipe[pipe];
    uint8_t *ring = ring_map(pipe);
    if (ring == NULL)
        return -1;
    p->writer_env = SELF->env;
    size_t done = 0, least = n <= PIPE_BUF ? n : 1; /* small writes are not torn */
    for (unsigned turn = 0; done < n; turn++) {
        if (load(&p->readers) == 0) {
            raise(SIGPIPE);
            return done > 0 ? (ssize_t)done : fail(EPIPE);
        }
        uint32_t tail = load(&p->tail);
        size_t part = n - done < capacity(p) ? n - done : capacity(p);
        if (vm_touch((const uint8_t *)buf + done, part, EXO_R) != 0)
            return done > 0 ? (ssize_t)done : fail(EFAULT);
        size_t put_now = put(p, ring, (const uint8_t *)buf + done, n - done, least);
        done += put_now;
        if (put_now > 0) {
            turn = (unsigned)-1;
            continue;
        }
        if (flags & O_NONBLOCK)
            return done > 0 ? (ssize_t)done : fail(EAGAIN);
        wait_for(&p->tail, tail, &p->readers, p->reader_env, turn);
        if (signal_poll())
            return done > 0 ? (ssize_t)done : fail(EINTR);
    }
    return (ssize_t)done;
}
