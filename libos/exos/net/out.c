// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * out.c - the transmit queue: frames in order, each a header in the queue's own slot and at most
 * one buffer of payload, which the queue holds a reference to until the device has done.
 *
 *   tx_done <= tx_started <= tx_queued     free-running; slot i mod NET_TX
 *   [done, started) with the device, [started, queued) waiting for it
 */
#include "net_priv.h"

#define AT_ONCE 16

static void take_back(struct net *net)
{
    uint32_t sent = netif_sent(net);
    while (net->tx_done != net->tx_started) {
        struct net_tx *tx = &net->tx[net->tx_done % NET_TX];
        if ((int32_t)(sent - tx->done) < 0)
            break;
        if (tx->payload != NULL)
            buf_put(net, tx->payload);
        tx->payload = NULL;
        net->tx_done++;
    }
}

static void start(struct net *net)
{
    while (net->tx_started != net->tx_queued) {
        struct net_tx *tx[AT_ONCE];
        unsigned n = 0;
        for (; n < AT_ONCE && net->tx_started + n != net->tx_queued; n++)
            tx[n] = &net->tx[(net->tx_started + n) % NET_TX];
        unsigned k = netif_start(net, tx, n);
        net->tx_started += k;
        net->stats.tx_frames += k;
        if (k < n)
            return;
    }
}

void tx_flush(struct net *net)
{
    if (net->tx_started != net->tx_queued)
        start(net);
    if (net->tx_done != net->tx_started)
        take_back(net);
}

unsigned tx_room(const struct net *net)
{
    return NET_TX - (net->tx_queued - net->tx_done);
}

struct net_tx *tx_begin(struct net *net)
{
    if (tx_room(net) == 0)
        tx_flush(net);
    if (tx_room(net) == 0)
        return NULL;
    struct net_tx *tx = &net->tx[net->tx_queued % NET_TX];
    *tx = (struct net_tx){.slot = net->tx_queued % NET_TX};
    return tx;
}

void tx_commit(struct net *net, struct net_tx *tx)
{
    if (tx->payload != NULL)
        tx->payload->refs++;
    net->tx_queued++;
}

/* The packet of tx, from HDR_IP on, in one buffer. */
struct net_buf *tx_flatten(struct net *net, const struct net_tx *tx)
{
    struct net_buf *b = buf_get(net, BUF_CONTROL);
    if (b == NULL)
        return NULL;
    memcpy(b->data, tx_header(net, tx) + HDR_IP, tx->hdr_len);
    if (tx->payload != NULL)
        memcpy(b->data + tx->hdr_len, tx->payload->data + tx->pay_off, tx->pay_len);
    b->len = (uint16_t)(tx->hdr_len + tx->pay_len);
    net->stats.copied_loop += b->len;
    return b;
}
