// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nic.h - a backend: what exos needs of a kind of network interface to send, one const struct each in
 * libos/port/nic/<kind>.c, picked at start from the hardware table; hooks.def
 * says what each function is to do. Receiving is the same for
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
#define HOOK_nic(name, type, params, args, contract) type(*name) params;
#include "hooks.def"
};

#define EXO_KIND_NIC(number, name, NAME) extern const struct nic_ops nic_##name;
#include <exo/kinds.def>

/* nic_open() ...: the hook of this board's backend. */
#define HOOK_nic(name, type, params, args, contract) type nic_##name params;
#include "hooks.def"

/* The one for this machine's interface; NULL: no network, or none for its kind. */
const struct nic_ops *nic_backend(void);

/* For backends, from exos: a stretch of the area as the kernel names it. */
struct exo_io_memory nic_memory(const void *p);
volatile const uint32_t *nic_turns(void);

#endif
