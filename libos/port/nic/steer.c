// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * steer.c - backend for an interface with several queues: the session's ring gets one of its own, into whose slots
 * the device then puts what its rules can tell.
 */
#include "desc.h"

static int steer_open(struct nic *nic)
{
    exo_sword r = exo_queue_bind(nic->ring, 0);
    return r < 0 ? (int)r : 0;
}

static int steer_send(struct nic *nic, struct nic_frame *frames, unsigned n)
{
    struct exo_tx tx[2 * NIC_BATCH];
    unsigned k = nic_describe(nic, frames, n, tx);
    nic->seen = *nic_turns();
    return (int)nic_accepted(nic, frames, n,
                             exo_queue_send(nic->ring, 0, (exo_word)tx, k));
}

const struct nic_ops nic_steer = {
    .kind = EXO_NIC_STEER,
    .name = "steer",
    .open = steer_open,
    .send = steer_send,
    .sent = nic_desc_sent,
    .room = nic_desc_room,
};
