// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wire.h - the far end of a network cable.
 *
 * A wire is made by wire_user(), wire_link() or wire_replayed(), and owned by the port it is set into
 * (net_set_wire), to which it gives frames with net_input() or wire_give().
 *
 * An outside wire leads out of the simulation: what it gives, and when, does not follow from the
 * run. It gives frames only inside send() and poll(), so that they can be recorded with the cycle
 * of that call. A wire that is not outside must be a function of virtual time.
 */
#ifndef SIM_WIRE_H
#define SIM_WIRE_H

#include <poll.h>

#include "net.h"

/* What the outside wires want to wait for. */
struct wire_wait {
    struct pollfd *fd;
    size_t n, cap;
    uint64_t ns; /* at most so long; UINT64_MAX: no limit */
};

struct wire_ops {
    /* A frame (at least HW_FRAME_MIN bytes) arrives at the far end at cycle `at`. Told when that
     * cycle has come if `queued`, which outside wires are; else as soon as the frame is sent. */
    void (*send)(struct wire *w, uint64_t at, const uint8_t *frame, size_t len);
    void (*destroy)(struct wire *w);
    /* Outside wires only; NULL otherwise. fill adds what to wait for; poll says that cycle `at` has
     * come and takes what is there (without waiting). `fds` are the descriptors fill added,
     * with revents. */
    void (*fill)(struct wire *w, struct wire_wait *wait);
    void (*poll)(struct wire *w, uint64_t at, const struct wire_wait *wait);
    bool queued;
};

struct wire {
    const struct wire_ops *ops;
    struct net *net; /* set by net_set_wire */
    /* What else than the port gets the frames of wire_give(); NULL: the port. */
    void (*got)(struct wire *w, const uint8_t *frame, size_t len);
    void *arg;
};

/* The far end sends a frame at cycle `at`. */
static inline void wire_give(struct wire *w, uint64_t at, const uint8_t *frame,
                             size_t len)
{
    if (w->got)
        w->got(w, frame, len);
    else
        net_input(w->net,
                  at + net_duration(w->net, len) + net_cycles(w->net, NET_PROPAGATION_NS),
                  frame, len);
}

static inline bool wire_outside(const struct wire *w)
{
    return w && w->ops->poll;
}

#endif
