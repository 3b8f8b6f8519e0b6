// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wiring_net.c - what a network interface's pins are connected to: the machine's port (net.h), and
 * what the port needs of the machine. Events of the port are the interface's, with tags of their
 * own (EVENT_NET).
 */
#include "machine_priv.h"

static uint64_t env_net_send(void *host, const uint8_t *frame, size_t len)
{
    struct instance *i = host;
    return net_transmit(i->m->net, frame, len);
}

static uint64_t env_net_mac(void *host)
{
    struct instance *i = host;
    return net_mac(i->m->net);
}

void wire_nic(struct instance *inst)
{
    inst->env.net_send = env_net_send;
    inst->env.net_mac = env_net_mac;
    inst->m->nic = inst;
}

static uint64_t port_now(void *host)
{
    return wire_now(host);
}

/* Also between turns, and in the middle of one that is not running: it then ends at the event. */
static void port_event(void *host, uint32_t tag, uint64_t at)
{
    struct machine *m = host;
    uint64_t now = wire_now(m);
    if (at < now)
        at = now;
    event_set(&m->events, m->nic->index, EVENT_NET + tag, at);
    if (m->running == NO_CORE && m->turn.core != NO_CORE && at < m->turn.deadline)
        m->turn.deadline = at;
    if (at < m->deadline)
        wire_kick(m);
}

static void port_receive(void *host, const uint8_t *frame, size_t len)
{
    struct machine *m = host;
    model_nic(m->nic->node->model)->receive(m->nic->dev, frame, len);
}

static bool port_ready(void *host, const uint8_t *frame, size_t len)
{
    struct machine *m = host;
    const struct hw_nic_ops *ops = model_nic(m->nic->node->model);
    return !ops->ready || ops->ready(m->nic->dev, frame, len);
}

void wire_port(struct machine *m)
{
    if (!m->nic)
        return;
    const struct net_machine port = {.host = m,
                                     .now = port_now,
                                     .event = port_event,
                                     .receive = port_receive,
                                     .ready = port_ready};
    net_attach(m->net, &port, m->board->clock_hz,
               model_nic(m->nic->node->model)->bits_per_second(m->nic->dev));
}
