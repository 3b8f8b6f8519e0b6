// SPDX-License-Identifier: GPL-2.0-or-later
/* packet.c - from a classified packet to its rings; checks of what applications send. See ring.h. */
#include "ring.h"

void packet_count(uint32_t filter, uint32_t bytes)
{
    machine.filter[filter].packets++;
    machine.io->copied += bytes;
}

void packet_copy(const struct packet *p, const struct filter_match *m)
{
    uint32_t bytes = m->accept < p->length ? m->accept : p->length;
    uint8_t *slot = ring_slot(m->ring);
    if (slot == NULL)
        return;
    memcpy(slot, p->bytes, bytes);
    packet_count(m->filter, bytes);
    ring_put(m->ring, m->filter, bytes);
}

void packet_deliver(const struct packet *p)
{
    struct filter_match match[EXO_NRING];
    uint32_t n = filter_classify(p, match);
    machine.io->received++;
    machine.io->unclaimed += n == 0;
    for (uint32_t i = 0; i < n; i++)
        packet_copy(p, &match[i]);
}

int packet_check_tx(uint32_t env, const struct exo_tx *tx, uint32_t n, uint32_t room,
                    uint32_t *complete)
{
    uint32_t bytes = 0;
    *complete = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (tx[i].end > 1)
            return -EXO_EINVAL;
        bytes += tx[i].length;
        if (tx[i].length == 0 || tx[i].length > PACKET_MAX || bytes > PACKET_MAX ||
            (tx[i].end && bytes < PACKET_MIN))
            return -EXO_ERANGE;
        int error = io_memory_check(env, &tx[i].data, tx[i].length, 1, EXO_CAP_R);
        if (error != 0)
            return error;
        if (!tx[i].end)
            continue;
        bytes = 0;
        if (i + 1 <= room)
            *complete = i + 1;
    }
    return bytes == 0 ? 0 : -EXO_EINVAL; /* the last frame has no end */
}
