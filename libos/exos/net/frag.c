// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frag.c - fragments put together again (RFC 791, 815). NET_REASM datagrams at a time, each with
 * 64 KiB and a map of the 8-byte blocks that are there; one that is not complete in time is
 * forgotten. Fragments that overlap, do not end on a block or go past 65535 bytes lie: the
 * whole datagram is dropped (as RFC 5722 has it), but a fragment that came twice is ignored.
 */
#include "net_priv.h"

#define PATIENCE 30000u /* ms; RFC 1122 says 60 to 120 s, Linux 30 */

static struct reasm *find(struct net *net, const uint8_t *ip)
{
    struct reasm *oldest = &net->reasm[0];
    for (unsigned i = 0; i < NET_REASM; i++) {
        struct reasm *r = &net->reasm[i];
        if (r->used && r->src == get32(ip + IP_SRC) && r->dst == get32(ip + IP_DST) &&
            r->id == get16(ip + IP_ID) && r->proto == ip[IP_PROTO])
            return r;
        if (oldest->used && (!r->used || (int32_t)(r->deadline - oldest->deadline) < 0))
            oldest = r;
    }
    memset(oldest, 0, sizeof *oldest);
    oldest->used = 1;
    oldest->src = get32(ip + IP_SRC);
    oldest->dst = get32(ip + IP_DST);
    oldest->id = get16(ip + IP_ID);
    oldest->proto = ip[IP_PROTO];
    oldest->deadline = net->now + PATIENCE;
    net_due(net, oldest->deadline);
    return oldest;
}

/* How many of the n blocks from `first` are there already? */
static uint32_t present(const struct reasm *r, uint32_t first, uint32_t n)
{
    uint32_t have = 0;
    for (uint32_t i = first; i < first + n; i++)
        have += (uint32_t)r->map[i / 8] >> (i % 8) & 1u;
    return have;
}

/* false: the fragment contradicts what is there. */
static bool enter(struct reasm *r, uint8_t *data, uint32_t offset, const uint8_t *from,
                  uint32_t len, bool last)
{
    uint32_t first = offset / 8, blocks = (len + 7) / 8;
    if (offset + len > 65535 - IP_HEADER || (!last && len % 8 != 0) || len == 0)
        return false;
    if ((r->total != 0 && offset + len > r->total) ||
        (last && r->total != 0 && r->total != offset + len))
        return false;
    uint32_t have = present(r, first, blocks);
    if (have == blocks)
        return memcmp(data + offset, from, len) == 0;
    if (have != 0)
        return false;
    if (last) {
        uint32_t end = first + blocks;
        if (present(r, end, 65536 / 8 - end) != 0)
            return false; /* something lies behind the end */
        r->total = offset + len;
    }
    memcpy(data + offset, from, len);
    for (uint32_t i = first; i < first + blocks; i++)
        r->map[i / 8] |= (uint8_t)(1u << (i % 8));
    r->have += blocks;
    return true;
}

const uint8_t *frag_input(struct net *net, const uint8_t *ip, const uint8_t *payload,
                          uint32_t len, uint32_t *total)
{
    struct reasm *r = find(net, ip);
    uint8_t *data = net->reasm_data + (size_t)(r - net->reasm) * 65536;
    uint32_t field = get16(ip + IP_FRAGMENT);
    if (!enter(r, data, (field & IP_OFFSET) * 8, payload, len, !(field & IP_MF))) {
        net->stats.rx_bad++;
        r->used = 0;
        return NULL;
    }
    if (r->total == 0 || r->have != (r->total + 7) / 8)
        return NULL;
    r->used = 0;
    *total = r->total;
    return data;
}

void frag_tick(struct net *net)
{
    for (unsigned i = 0; i < NET_REASM; i++) {
        struct reasm *r = &net->reasm[i];
        if (r->used && net_past(net, r->deadline))
            r->used = 0;
        else if (r->used)
            net_due(net, r->deadline);
    }
}
