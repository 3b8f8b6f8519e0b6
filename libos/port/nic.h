// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nic.h - a backend: what exos needs of a kind of network interface to send, one const struct each in
 * libos/port/nic/<kind>.c, picked at start from the hardware table. Receiving is the same for
 * all: the kernel, or the device, puts packets into the session's ring.
 *
 * Calls are made with the stack's lock held; memory to send lies in the area AREA_NET and stays as
 * it is until the frame has gone. Results are 0 or more, or a negative enum exo_error.
 */
#ifndef EXOS_PORT_NIC_H
#define EXOS_PORT_NIC_H

#include <exo/user.h>

#define NIC_BATCH 16 /* frames of one send() at most */

/* Shared by the session. */
struct nic {
    uint32_t ring;   /* of the kernel's table, held by all */
    uint32_t queued; /* descriptors given to the kernel, free-running */
    uint32_t seen;   /* turns of the transmitter at the last send() */
    volatile struct exo_ring_head *head; /* of the ring */
};

struct nic_frame {
    const void *head, *tail; /* tail: NULL if head_len is all */
    uint32_t head_len, tail_len;
    uint32_t done; /* set by send(): gone when sent() has reached it */
};

struct nic_ops {
    uint32_t kind; /* enum exo_nic_kind */
    const char *name;
    /* Once for the session, after the ring was made. */
    int (*open)(struct nic *nic);
    /* How many of the n frames went; the first ones, in order. */
    unsigned (*send)(struct nic *nic, struct nic_frame *frames, unsigned n);
    uint32_t (*sent)(const struct nic *nic);
    /* A term that comes true when send() may take more. */
    struct exo_pred (*room)(const struct nic *nic);
};

extern const struct nic_ops nic_pio, nic_ring, nic_steer;

/* For backends, from exos: a stretch of the area as the kernel names it. */
struct exo_io_memory nic_memory(const void *p);
volatile const uint32_t *nic_turns(void);

#endif
