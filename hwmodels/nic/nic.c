// SPDX-License-Identifier: GPL-2.0-or-later
/* nic.c - the common part of the network interface models. See nic.h. */
#include "nic.h"
#include <string.h>

void nic_init(struct nic *n, const struct hw_env *env, const struct hw_value *values)
{
    *n = (struct nic){.env = *env,
                      .mac = env->net_mac(env->host),
                      .rate = values[NIC_P_RATE].u,
                      .access = values[NIC_P_ACCESS].u};
}

bool nic_for_us(const struct nic *n, const uint8_t *frame)
{
    if (frame[0] & 1)
        return true;
    uint64_t to = 0;
    for (unsigned i = 0; i < 6; i++)
        to = to << 8 | frame[i];
    return to == n->mac;
}

void nic_line(struct nic *n, bool level)
{
    if (n->up == level)
        return;
    n->up = level;
    n->stats.interrupts += level;
    n->env.irq(n->env.host, level);
}

uint64_t nic_hash(const uint8_t *frame, size_t len)
{
    uint64_t h = UINT64_C(0x9e3779b97f4a7c15) ^ len;
    while (len > 0) {
        uint8_t word[8] = {0};
        size_t n = len < 8 ? len : 8;
        memcpy(word, frame, n);
        uint64_t w = 0;
        for (unsigned i = 8; i-- > 0;)
            w = w << 8 | word[i];
        h = (h ^ w) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
        frame += n;
        len -= n;
    }
    return h;
}

uint64_t nic_send(struct nic *n, const uint8_t *frame, size_t len)
{
    n->stats.tx_frames++;
    n->stats.tx_bytes += len;
    n->env.trace(n->env.host, HW_EV_NIC_TX, len, nic_hash(frame, len));
    return n->env.net_send(n->env.host, frame, len);
}

void nic_took(struct nic *n, const uint8_t *frame, size_t len)
{
    n->stats.rx_frames++;
    n->stats.rx_bytes += len;
    n->env.trace(n->env.host, HW_EV_NIC_RX, len, nic_hash(frame, len));
}

void nic_lost(struct nic *n, const uint8_t *frame, size_t len)
{
    n->stats.rx_dropped++;
    n->env.trace(n->env.host, HW_EV_NIC_DROP, len, nic_hash(frame, len));
}

void nic_save(const struct nic *n, struct state_out *o)
{
    const struct hw_nic_stats *s = &n->stats;
    state_put64(o, s->tx_frames);
    state_put64(o, s->tx_bytes);
    state_put64(o, s->rx_frames);
    state_put64(o, s->rx_bytes);
    state_put64(o, s->rx_dropped);
    state_put64(o, s->interrupts);
    state_put8(o, n->up);
}

void nic_restore(struct nic *n, struct state_in *in)
{
    struct hw_nic_stats *s = &n->stats;
    s->tx_frames = state_get64(in);
    s->tx_bytes = state_get64(in);
    s->rx_frames = state_get64(in);
    s->rx_bytes = state_get64(in);
    s->rx_dropped = state_get64(in);
    s->interrupts = state_get64(in);
    n->up = state_get8(in) != 0;
}

void nic_drive(const struct nic *n)
{
    n->env.irq(n->env.host, n->up);
}

void nic_describe(const struct nic *n, struct text *t)
{
    const struct hw_nic_stats *s = &n->stats;
    text_add(t, "address %012" PRIx64 "\nbits_per_second %" PRIu64 "\n", n->mac, n->rate);
    text_add(t, "interrupt %s\n", n->up ? "up" : "down");
    text_add(t, "sent %" PRIu64 "\nreceived %" PRIu64 "\nlost %" PRIu64 "\n",
             s->tx_frames, s->rx_frames, s->rx_dropped);
}

unsigned nic_table(const struct nic *n, uint64_t params[HW_MAX_PARAMS])
{
    params[0] = n->mac;
    params[1] = n->rate;
    return 2;
}

uint64_t nic_rate(void *dev)
{
    return ((const struct nic *)dev)->rate;
}

void nic_stats(void *dev, struct hw_nic_stats *out)
{
    *out = ((const struct nic *)dev)->stats;
}
