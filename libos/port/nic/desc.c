// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * desc.c - what rings and queues of descriptors have in common: see desc.h. Header and payload are sent
 * from where they lie; the ring's head counts what is done.
 */
#include "desc.h"

unsigned nic_describe(struct nic *nic, struct nic_frame *frames, unsigned n,
                      struct exo_tx *tx)
{
    unsigned k = 0;
    for (unsigned i = 0; i < n; i++) {
        struct nic_frame *f = &frames[i];
        tx[k++] = (struct exo_tx){
            .data = nic_memory(f->head),
            .length = f->head_len,
            .end = f->tail_len == 0,
        };
        if (f->tail_len != 0)
            tx[k++] = (struct exo_tx){
                .data = nic_memory(f->tail),
                .length = f->tail_len,
                .end = 1,
            };
        f->done = nic->queued + k;
    }
    return k;
}

unsigned nic_accepted(struct nic *nic, const struct nic_frame *frames, unsigned n,
                      exo_sword taken)
{
    unsigned i = 0;
    if (taken <= 0)
        return 0;
    nic->queued += (uint32_t)taken;
    while (i < n && (int32_t)(nic->queued - frames[i].done) >= 0)
        i++;
    return i;
}

uint32_t nic_desc_sent(const struct nic *nic)
{
    return nic->head->sent;
}

struct exo_pred nic_desc_room(const struct nic *nic)
{
    return (struct exo_pred){EXO_PRED_NE, 1, (uintptr_t)nic_turns(), nic->seen};
}
