// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port.c - local ports of TCP and UDP. Each port in use by at least one socket or connection has a
 * row here and, if it can be reached from outside, a filter of its own with the exokernel:
 * that is what makes a port taken by another session on the same device EADDRINUSE.
 */
#include "net_priv.h"

#define FIRST_FREE 49152u /* dynamic ports, RFC 6335 */

static uint16_t *bucket(struct net *net, uint32_t proto, uint32_t number)
{
    return &net->port_hash[(number ^ number >> 7 ^ proto << 3) % NET_HASH];
}

struct port *port_find(struct net *net, uint32_t proto, uint32_t number)
{
    for (uint32_t i = *bucket(net, proto, number); i != 0; i = net->port[i - 1].next)
        if (net->port[i - 1].number == number && net->port[i - 1].proto == proto)
            return &net->port[i - 1];
    return NULL;
}

static int make(struct net *net, uint32_t proto, uint32_t number, bool loop)
{
    int i = 0;
    while (i < NET_PORTS && net->port[i].proto != 0)
        i++;
    if (i == NET_PORTS)
        return -ENOBUFS;
    int filter = -1;
    if (!loop && net->has_device && net->ip != 0) {
        filter = netif_listen(net, proto, net->ip, number);
        if (filter < 0)
            return filter;
    }
    uint16_t *head = bucket(net, proto, number);
    net->port[i] = (struct port){.number = (uint16_t)number,
                                 .proto = (uint8_t)proto,
                                 .refs = 1,
                                 .filter = (int16_t)filter,
                                 .next = *head,
                                 .owner = -1};
    *head = (uint16_t)(i + 1);
    return i;
}

int port_take(struct net *net, uint32_t proto, uint32_t number, bool loop)
{
    if (number != 0)
        return port_find(net, proto, number) != NULL ? -EADDRINUSE
                                                     : make(net, proto, number, loop);
    if (net->next_port < FIRST_FREE)
        net->next_port = (uint16_t)(FIRST_FREE + net_random(net) % 16384);
    for (unsigned tries = 0; tries < 1000; tries++) {
        number = net->next_port;
        net->next_port = (uint16_t)(number == 65535 ? FIRST_FREE : number + 1);
        if (port_find(net, proto, number) != NULL)
            continue;
        int i = make(net, proto, number, loop);
        if (i != -EADDRINUSE)
            return i;
    }
    return -EADDRINUSE;
}

void port_ref(struct net *net, int port)
{
    if (port >= 0)
        net->port[port].refs++;
}

void port_drop(struct net *net, int port)
{
    if (port < 0 || --net->port[port].refs > 0)
        return;
    struct port *p = &net->port[port];
    if (p->filter >= 0)
        netif_unlisten(net, p->filter);
    uint16_t *link = bucket(net, p->proto, p->number);
    while (*link != port + 1)
        link = &net->port[*link - 1].next;
    *link = p->next;
    *p = (struct port){0};
}

void port_rebind(struct net *net)
{
    for (unsigned i = 0; i < NET_PORTS; i++) {
        struct port *p = &net->port[i];
        if (p->proto == 0)
            continue;
        if (p->filter >= 0)
            netif_unlisten(net, p->filter);
        p->filter = -1;
        if (net->ip != 0 && net->has_device) {
            int filter = netif_listen(net, p->proto, net->ip, p->number);
            p->filter = (int16_t)(filter < 0 ? -1 : filter);
        }
    }
}
