// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dhcp.c - the DHCP client (RFC 2131, options of RFC 2132). Offers are taken from the first server that
 * makes one; what is leased is renewed at T1, rebound at T2 and given up when it ends. A
 * server that does not answer TRIES times leaves us with a link-local address (auto.c), from
 * which it is asked again now and then.
 *
 *   DISCOVER --offer--> REQUEST --ack--> BOUND --T1--> (renewing) --end--> DISCOVER
 */
#include "sock_core.h"

#define CLIENT 68
#define SERVER 67
#define TRIES 3
#define ASK_AGAIN 300000u /* ms, from a link-local address */

#define B_OP 0
#define B_XID 4
#define B_SECS 8
#define B_CIADDR 12
#define B_YIADDR 16
#define B_CHADDR 28
#define B_COOKIE 236
#define B_OPTIONS 240
#define B_MIN 300
#define COOKIE 0x63825363u

enum {
    OPT_PAD = 0,
    OPT_MASK = 1,
    OPT_ROUTER = 3,
    OPT_DNS = 6,
    OPT_ADDRESS = 50,
    OPT_LEASE = 51,
    OPT_OVERLOAD = 52,
    OPT_TYPE = 53,
    OPT_SERVER = 54,
    OPT_PARAMETERS = 55,
    OPT_T1 = 58,
    OPT_T2 = 59,
    OPT_END = 255
};
enum { DISCOVER = 1, OFFER = 2, REQUEST = 3, ACK = 5, NAK = 6 };

static uint8_t *option32(uint8_t *o, uint32_t code, uint32_t value)
{
    *o++ = (uint8_t)code;
    *o++ = 4;
    put32(o, value);
    return o + 4;
}

/* renew: of an address we have, from the server or (to == broadcast) anybody. */
static void send(struct net *net, uint32_t type, bool renew, uint32_t to)
{
    static const uint8_t wanted[] = {OPT_PARAMETERS, 5,      OPT_MASK, OPT_ROUTER,
                                     OPT_DNS,        OPT_T1, OPT_T2};
    uint8_t m[B_MIN];
    memset(m, 0, sizeof m);
    m[B_OP] = 1;
    m[1] = 1;
    m[2] = 6;
    put32(m + B_XID, net->dhcp.xid);
    put16(m + B_SECS, (net->now - net->dhcp.started) / 1000);
    if (renew)
        put32(m + B_CIADDR, net->ip);
    memcpy(m + B_CHADDR, net->mac, 6);
    put32(m + B_COOKIE, COOKIE);
    uint8_t *o = m + B_OPTIONS;
    *o++ = OPT_TYPE;
    *o++ = 1;
    *o++ = (uint8_t)type;
    if (type == REQUEST && !renew) {
        o = option32(o, OPT_ADDRESS, net->dhcp.offered);
        o = option32(o, OPT_SERVER, net->dhcp.server);
    }
    memcpy(o, wanted, sizeof wanted);
    o[sizeof wanted] = OPT_END;
    udp_send(net, CLIENT, to, SERVER, NET_TTL, m, sizeof m);
}

/* The next try in 1, 2, 4 ... s, a little off so that machines do not keep step. */
static void again(struct net *net)
{
    struct dhcp *d = &net->dhcp;
    uint32_t wait = 1000u << min32(d->tries, 6);
    d->tries++;
    d->deadline = net->now + wait + net_random(net) % 256;
    net_due(net, d->deadline);
}

void dhcp_start(struct net *net)
{
    net->config = CONFIG_DISCOVER;
    net->dhcp = (struct dhcp){.xid = net_random(net), .started = net->now};
    send(net, DISCOVER, false, IP_BROADCAST);
    again(net);
}

struct reply {
    uint32_t type, mask, router, dns[2], lease, server, t1, t2;
};

static void option(struct reply *r, uint32_t code, const uint8_t *v, uint32_t n)
{
    if (code == OPT_TYPE && n >= 1)
        r->type = v[0];
    if (n < 4)
        return;
    switch (code) {
    case OPT_MASK: r->mask = get32(v); break;
    case OPT_ROUTER: r->router = get32(v); break;
    case OPT_DNS:
        r->dns[0] = get32(v);
        r->dns[1] = n >= 8 ? get32(v + 4) : 0;
        break;
    case OPT_LEASE: r->lease = get32(v); break;
    case OPT_SERVER: r->server = get32(v); break;
    case OPT_T1: r->t1 = get32(v); break;
    case OPT_T2: r->t2 = get32(v); break;
    default: break;
    }
}

static bool parse(const uint8_t *p, size_t n, struct reply *r)
{
    size_t i = B_OPTIONS;
    while (i < n && p[i] != OPT_END) {
        if (p[i] == OPT_PAD) {
            i++;
            continue;
        }
        if (i + 2 > n || i + 2 + p[i + 1] > n)
            return false;
        option(r, p[i], p + i + 2, p[i + 1]);
        i += 2u + p[i + 1];
    }
    return true;
}

/* An address that may be ours, with a mask that is one. */
static bool usable(uint32_t ip, uint32_t mask)
{
    uint32_t holes = ~mask & (~mask + 1);
    return ip != 0 && ip != IP_BROADCAST && !IP_IS_LOOPBACK(ip) && ip >> 28 < 14 &&
           holes == 0 &&
           (mask >= 0xfffffffe || ((ip & ~mask) != 0 && (ip | mask) != ~0u));
}

/* Seconds to a time of the ms clock; a long lease counts as 10 days. */
static uint32_t at(const struct net *net, uint32_t seconds)
{
    return net->now + min32(seconds, 864000) * 1000;
}

static void bound(struct net *net, uint32_t ip, const struct reply *r)
{
    struct dhcp *d = &net->dhcp;
    uint32_t lease = r->lease != 0 ? max32(r->lease, 60) : 3600;
    uint32_t t1 = r->t1 != 0 && r->t1 < lease ? r->t1 : lease / 2;
    uint32_t t2 = r->t2 > t1 && r->t2 < lease ? r->t2 : lease - lease / 8;
    d->lease = lease;
    d->tries = 0;
    d->renew = at(net, max32(t1, 1));
    d->rebind = at(net, max32(t2, t1));
    d->expire = at(net, lease);
    d->deadline = d->renew;
    net->dns[0] = r->dns[0];
    net->dns[1] = r->dns[1];
    bool fresh = net->config != CONFIG_BOUND;
    net->config = CONFIG_BOUND;
    net_address(net, ip, r->mask, r->router);
    net_due(net, d->deadline);
    if (fresh)
        arp_announce(net, ip, ip);
}

void dhcp_input(struct net *net, const uint8_t *p, size_t n)
{
    struct dhcp *d = &net->dhcp;
    struct reply r = {.mask = 0};
    if (n < B_OPTIONS || p[B_OP] != 2 || get32(p + B_XID) != d->xid ||
        memcmp(p + B_CHADDR, net->mac, 6) != 0 || get32(p + B_COOKIE) != COOKIE ||
        !parse(p, n, &r))
        return;
    uint32_t ip = get32(p + B_YIADDR);
    if (r.mask == 0)
        r.mask = ip >> 31 == 0 ? 0xff000000 : ip >> 30 == 2 ? 0xffff0000 : 0xffffff00;
    bool asking = net->config == CONFIG_DISCOVER || net->config == CONFIG_PROBE ||
                  net->config == CONFIG_LINK_LOCAL;
    if (r.type == OFFER && asking && usable(ip, r.mask) && r.server != 0) {
        net->config = CONFIG_REQUEST;
        d->offered = ip;
        d->server = r.server;
        d->tries = 0;
        send(net, REQUEST, false, IP_BROADCAST);
        again(net);
    } else if (r.type == ACK && usable(ip, r.mask) &&
               ((net->config == CONFIG_REQUEST && ip == d->offered) ||
                (net->config == CONFIG_BOUND && ip == net->ip && d->tries > 0))) {
        bound(net, ip, &r);
    } else if (r.type == NAK && (net->config == CONFIG_REQUEST ||
                                 (net->config == CONFIG_BOUND && d->tries > 0))) {
        net_address(net, 0, 0, 0);
        dhcp_start(net);
    }
}

static void renew(struct net *net)
{
    struct dhcp *d = &net->dhcp;
    if (net_past(net, d->expire)) {
        net_address(net, 0, 0, 0);
        dhcp_start(net);
        return;
    }
    if (d->tries++ == 0)
        d->xid = net_random(net);
    bool rebind = net_past(net, d->rebind);
    send(net, REQUEST, true, rebind ? IP_BROADCAST : d->server);
    uint32_t goal = rebind ? d->expire : d->rebind;
    d->deadline = net->now + max32((goal - net->now) / 2, 60000);
}

void config_tick(struct net *net)
{
    struct dhcp *d = &net->dhcp;
    if (net->config == CONFIG_NONE)
        return;
    if (net->config == CONFIG_PROBE)
        auto_tick(net);
    else if (!net_past(net, d->deadline))
        net_due(net, d->deadline);
    else if (net->config == CONFIG_BOUND)
        renew(net);
    else if (net->config == CONFIG_LINK_LOCAL) {
        send(net, DISCOVER, false, IP_BROADCAST);
        d->deadline = net->now + ASK_AGAIN;
    } else if (d->tries >= TRIES) {
        auto_start(net);
    } else {
        send(net, net->config == CONFIG_REQUEST ? REQUEST : DISCOVER, false,
             IP_BROADCAST);
        again(net);
    }
    if (net->config == CONFIG_BOUND || net->config == CONFIG_LINK_LOCAL)
        net_due(net, d->deadline);
}
