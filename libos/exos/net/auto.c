// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * auto.c - a link-local address, when no DHCP server answers (RFC 3927): 169.254.1.<last byte of the
 * station address> first, others by chance. It is probed before it is used, announced when it is
 * ours, defended once a while and given up if that does not help.
 */
#include "net_priv.h"

#define PROBES 3
#define PROBE_MIN 1000u
#define ANNOUNCE_WAIT 2000u
#define DEFEND 10000u
#define MASK 0xffff0000u
#define ASK_DHCP 300000u

void auto_start(struct net *net)
{
    net->config = CONFIG_PROBE;
    if (net->local.ip == 0)
        net->local.ip = 0xa9fe0100u | net->mac[5];
    net->local.tries = 0;
    net->local.deadline = net->now + net_random(net) % PROBE_MIN;
    net_due(net, net->local.deadline);
}

void auto_tick(struct net *net)
{
    if (!net_past(net, net->local.deadline)) {
        net_due(net, net->local.deadline);
        return;
    }
    if (net->local.tries < PROBES) {
        net->local.tries++;
        arp_announce(net, 0, net->local.ip);
        uint32_t wait = net->local.tries < PROBES
                            ? PROBE_MIN + net_random(net) % PROBE_MIN
                            : ANNOUNCE_WAIT;
        net->local.deadline = net->now + wait;
        net_due(net, net->local.deadline);
        return;
    }
    net->config = CONFIG_LINK_LOCAL;
    net->dhcp.deadline = net->now + ASK_DHCP;
    net->dns[0] = net->dns[1] = 0;
    net_address(net, net->local.ip, MASK, 0);
    arp_announce(net, net->ip, net->ip);
}

/* 169.254.1.0 to 169.254.254.255 */
static void pick_another(struct net *net)
{
    net->local.ip = 0xa9fe0100u + net_random(net) % (254 * 256);
    net->local.conflicts++;
    auto_start(net);
    if (net->local.conflicts > 10)
        net->local.deadline = net->now + 60000;
}

void auto_conflict(struct net *net)
{
    if (net->config == CONFIG_PROBE) {
        pick_another(net);
        return;
    }
    bool lately = net->local.defended != 0 && net->now - net->local.defended < DEFEND;
    if (!lately) {
        net->local.defended = net->now | 1;
        arp_announce(net, net->ip, net->ip);
    } else if (net->config == CONFIG_LINK_LOCAL) {
        net_address(net, 0, 0, 0);
        pick_another(net);
    }
}
