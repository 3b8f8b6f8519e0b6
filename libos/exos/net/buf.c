// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * buf.c - the pool of buffers: see net.h. Three uses share it; what is left when it runs out is
 * kept first for control packets, then for received data, so that neither a flood of packets
 * nor eager senders can stop acknowledgements, which give buffers back.
 */
#include "net.h"

#include <string.h>

struct net_buf *buf_get(struct net *net, enum buf_use use)
{
    uint32_t keep = use == BUF_SEND ? net->nbufs / 4 : use == BUF_RECEIVE ? 8 : 0;
    struct net_buf *b = net->buf_free;
    if (net->free_bufs <= keep || b == NULL)
        return NULL;
    net->buf_free = b->next;
    net->free_bufs--;
    b->next = b->more = NULL;
    b->off = b->len = 0;
    b->refs = 1;
    b->sum = SUM_NONE;
    return b;
}

void buf_put(struct net *net, struct net_buf *b)
{
    if (--b->refs > 0)
        return;
    b->next = net->buf_free;
    net->buf_free = b;
    net->free_bufs++;
    if (net->free_bufs == net->nbufs / 4 + 1)
        net->activity++; /* senders may go on */
}

void buf_put_chain(struct net *net, struct net_buf *b)
{
    while (b != NULL) {
        struct net_buf *next = b->next;
        buf_put(net, b);
        b = next;
    }
}

uint32_t buf_chain_sum(const struct net_buf *b)
{
    uint32_t sum = 0;
    size_t before = 0;
    for (; b != NULL; before += b->len, b = b->next)
        sum = sum_append(sum, before, b->sum);
    return sum;
}

struct net_buf *buf_chain(struct net *net, const void *from, size_t n, size_t head,
                          size_t fill, enum buf_use use)
{
    struct net_buf *chain = NULL, **link = &chain;
    const uint8_t *p = from;
    do {
        struct net_buf *b = buf_get(net, use);
        if (b == NULL) {
            buf_put_chain(net, chain);
            return NULL;
        }
        size_t part = n < fill - head ? n : fill - head;
        if (use == BUF_RECEIVE) /* its checksum was looked at already */
            memcpy(b->data, p, part);
        else
            b->sum = sum_copy(b->data, p, part);
        b->len = (uint16_t)part;
        p += part;
        n -= part;
        *link = b;
        link = &b->next;
        head = 0;
    } while (n > 0);
    return chain;
}
