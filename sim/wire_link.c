// SPDX-License-Identifier: GPL-2.0-or-later
/* wire_link.c - links between machines. See wire_link.h. */
#include "wire_link.h"

#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "world.h"

struct hub {
    struct hub *next;
    char *name;
    struct cable *cables; /* in the order in which they were made */
};

struct cable {
    struct wire wire;
    struct hub *hub;
    struct cable *next;
};

struct links {
    struct hub *hubs;
};

struct links *links_new(void)
{
    return mem_zero(1, sizeof(struct links));
}

void links_free(struct links *l)
{
    while (l && l->hubs) {
        struct hub *h = l->hubs;
        l->hubs = h->next;
        free(h->name);
        free(h);
    }
    free(l);
}

static void cable_send(struct wire *w, uint64_t at, const uint8_t *frame, size_t len)
{
    const struct cable *from = (const struct cable *)w;
    uint64_t ns = net_ns(w->net, at);
    for (struct cable *c = from->hub->cables; c; c = c->next)
        if (c != from && c->wire.net)
            net_input(c->wire.net, net_cycles(c->wire.net, ns), frame, len);
    world_sent(ns);
}

static void cable_destroy(struct wire *w)
{
    struct cable *c = (struct cable *)w, **at = &c->hub->cables;
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    free(c);
}

static const struct wire_ops cable_ops = {.send = cable_send, .destroy = cable_destroy};

struct wire *wire_link(struct links *l, const char *name)
{
    struct hub *h = l->hubs;
    while (h && strcmp(h->name, name) != 0)
        h = h->next;
    if (!h) {
        h = mem_zero(1, sizeof *h);
        h->name = mem_str(name);
        h->next = l->hubs;
        l->hubs = h;
    }
    struct cable *c = mem_zero(1, sizeof *c), **at = &h->cables;
    c->wire.ops = &cable_ops;
    c->hub = h;
    while (*at)
        at = &(*at)->next;
    *at = c;
    return &c->wire;
}
