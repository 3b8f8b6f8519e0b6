// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pio.c - backend for an interface with one buffer each way: the kernel copies a frame into it, one at a
 * time, and says by its count of turns when it can take the next.
 */
#include "nic.h"

static int pio_open(struct nic *nic)
{
    (void)nic;
    return 0;
}

static int pio_send(struct nic *nic, struct nic_frame *frames, unsigned n)
{
    unsigned i = 0;
    nic->seen = *nic_turns();
    for (; i < n; i++) {
        struct nic_frame *f = &frames[i];
        const struct exo_piece piece[2] = {
            {(uintptr_t)f->head, f->head_len, 0},
            {(uintptr_t)f->tail, f->tail_len, 0},
        };
        if (exo_packet_send((exo_word)piece, f->tail_len != 0 ? 2 : 1) < 0)
            break;
        f->done = nic->queued; /* it was copied */
    }
    return (int)i;
}

static uint32_t pio_sent(const struct nic *nic)
{
    return nic->queued;
}

static struct exo_pred pio_room(const struct nic *nic)
{
    return (struct exo_pred){EXO_PRED_NE, 1, (uintptr_t)nic_turns(), nic->seen};
}

const struct nic_ops nic_pio = {
    .kind = EXO_NIC_PIO,
    .name = "pio",
    .open = pio_open,
    .send = pio_send,
    .sent = pio_sent,
    .room = pio_room,
};
