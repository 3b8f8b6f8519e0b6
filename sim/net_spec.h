// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * net_spec.h - what --net asks for:
 *
 *   none | user[,hostfwd=[udp:]H:G]... | link:NAME
 *   and then any of ,loss=P ,duplicate=P ,reorder=P ,corrupt=P (percent, as in 2.5),
 *   ,delay=TIME (as in 20us or 1.5ms), ,seed=N
 */
#ifndef SIM_NET_SPEC_H
#define SIM_NET_SPEC_H

#include <stdbool.h>

#include "err.h"
#include "trouble.h"

enum net_kind { NET_NONE, NET_USER, NET_LINK };

struct net_forward { /* a port of the host that leads to one of the guest */
    bool udp;
    uint16_t host, guest;
};

struct net_spec {
    enum net_kind kind;
    struct net_forward *forward;
    size_t nforwards;
    char *link; /* name */
    bool troubled, seeded;
    struct trouble_setup trouble;
};

/* Text NULL: none. ERR_USER says which part is wrong and what was expected. */
int net_spec_parse(const char *text, struct net_spec *out, struct err *err);
void net_spec_free(struct net_spec *s);

#endif
