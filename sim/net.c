// SPDX-License-Identifier: GPL-2.0-or-later
/* net.c - a machine's network port. See net.h. */
#include "net.h"

#include <hw.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "frames.h"
#include "pcap.h"
#include "trouble.h"
#include "wire.h"

#define OVERHEAD 24u /* bytes beside a frame: preamble 8, FCS 4, gap 12 (IEEE 802.3) */
enum { TAG_IN, TAG_OUT };

struct net {
    struct net_machine m;
    uint64_t mac, hz, rate;
    struct wire *wire;
    struct pcap *tap;
    struct trouble *trouble;
    uint64_t out_free, in_free; /* cycles when the cable is free again, each way */
    struct frames in, out;
    uint64_t overflow;
};

uint64_t cycles_of_ns(uint64_t ns, uint64_t hz)
{
    unsigned __int128 c = ((unsigned __int128)ns * hz + 999999999u) / 1000000000u;
    return c > UINT64_MAX ? UINT64_MAX : (uint64_t)c;
}

uint64_t ns_of_cycles(uint64_t cycles, uint64_t hz)
{
    unsigned __int128 ns = (unsigned __int128)cycles * 1000000000u / hz;
    return ns > UINT64_MAX ? UINT64_MAX : (uint64_t)ns;
}

struct net *net_new(unsigned number)
{
    struct net *n = mem_zero(1, sizeof *n);
    n->mac = UINT64_C(0x020000000000) + number; /* locally administered */
    n->hz = n->rate = 1000000000;
    return n;
}

void net_free(struct net *n)
{
    if (!n)
        return;
    if (n->wire)
        n->wire->ops->destroy(n->wire);
    pcap_close(n->tap);
    trouble_free(n->trouble);
    frames_free(&n->in);
    frames_free(&n->out);
    free(n);
}

void net_attach(struct net *n, const struct net_machine *m, uint64_t clock_hz,
                uint64_t bits_per_second)
{
    n->m = *m;
    n->hz = clock_hz;
    n->rate = bits_per_second ? bits_per_second : 1;
}

void net_set_wire(struct net *n, struct wire *w)
{
    n->wire = w;
    if (w)
        w->net = n;
}

void net_set_tap(struct net *n, struct pcap *tap)
{
    n->tap = tap;
}

void net_set_trouble(struct net *n, struct trouble *t)
{
    n->trouble = t;
}

struct wire *net_wire(const struct net *n)
{
    return n->wire;
}

uint64_t net_mac(const struct net *n)
{
    return n->mac;
}

uint64_t net_ns(const struct net *n, uint64_t cycles)
{
    return ns_of_cycles(cycles, n->hz);
}

uint64_t net_cycles(const struct net *n, uint64_t ns)
{
    return cycles_of_ns(ns, n->hz);
}

uint64_t net_clock(const struct net *n)
{
    return n->hz;
}

uint64_t net_duration(const struct net *n, size_t len)
{
    uint64_t bits = ((len < HW_FRAME_MIN ? HW_FRAME_MIN : len) + OVERHEAD) * 8;
    return (uint64_t)(((unsigned __int128)bits * n->hz + n->rate - 1) / n->rate);
}

static void tap(struct net *n, uint64_t at, const uint8_t *frame, size_t len)
{
    if (n->tap)
        pcap_write(n->tap, net_ns(n, at), frame, len);
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static void to_far_end(void *arg, uint64_t at, const uint8_t *frame, size_t len)
{
    struct net *n = arg;
    if (!n->wire->ops->queued) {
        n->wire->ops->send(n->wire, at, frame, len);
        return;
    }
    frames_put(&n->out, at, frame, len);
    n->m.event(n->m.host, TAG_OUT, frames_next(&n->out));
}

uint64_t net_transmit(struct net *n, const uint8_t *frame, size_t len)
{
    uint8_t padded[HW_FRAME_MIN] = {0};
    if (len < sizeof padded) {
        memcpy(padded, frame, len);
        frame = padded;
        len = sizeof padded;
    }
    uint64_t now = n->m.now(n->m.host);
    uint64_t left = later(now, n->out_free) + net_duration(n, len);
    n->out_free = left;
    tap(n, now, frame, len);
    uint64_t at = left + net_cycles(n, NET_PROPAGATION_NS);
    if (n->wire && n->trouble)
        trouble_pass(n->trouble, n->hz, at, frame, len, to_far_end, n);
    else if (n->wire)
        to_far_end(n, at, frame, len);
    return left;
}

static void to_machine(void *arg, uint64_t at, const uint8_t *frame, size_t len)
{
    struct net *n = arg;
    if (n->in.n >= NET_BACKLOG) {
        n->overflow++;
        return;
    }
    frames_put(&n->in, at, frame, len);
    n->m.event(n->m.host, TAG_IN, frames_next(&n->in));
}

void net_input(struct net *n, uint64_t at, const uint8_t *frame, size_t len)
{
    uint8_t padded[HW_FRAME_MIN] = {0};
    if (len < sizeof padded) {
        memcpy(padded, frame, len);
        frame = padded;
        len = sizeof padded;
    }
    at = later(at, n->in_free + net_duration(n, len));
    n->in_free = at;
    if (n->trouble)
        trouble_pass(n->trouble, n->hz, at, frame, len, to_machine, n);
    else
        to_machine(n, at, frame, len);
}

/* Does the router keep its frames until the interface has room for one? */
static bool held(const struct net *n, uint64_t now)
{
    return n->wire && n->wire->ops->queued && frames_next(&n->in) <= now &&
           now - frames_next(&n->in) < net_cycles(n, NET_PATIENCE_NS) &&
           !n->m.ready(n->m.host, n->in.first->bytes, n->in.first->len);
}

void net_event(struct net *n, uint32_t tag)
{
    uint64_t now = n->m.now(n->m.host);
    struct frames *q = tag == TAG_IN ? &n->in : &n->out;
    struct frame *f;
    while (true) {
        if (tag == TAG_IN && held(n, now)) {
            n->m.event(n->m.host, tag, now + net_cycles(n, NET_HOLD_NS));
            return;
        }
        f = frames_take(q, now);
        if (!f)
            break;
        if (tag == TAG_IN) {
            tap(n, now, f->bytes, f->len);
            n->m.receive(n->m.host, f->bytes, f->len);
        } else {
            n->wire->ops->send(n->wire, f->at, f->bytes, f->len);
        }
        free(f);
    }
    n->m.event(n->m.host, tag, frames_next(q));
}

int net_flush(struct net *n, struct err *err)
{
    return n && n->tap ? pcap_flush(n->tap, err) : 0;
}

static void put_frames(const struct frames *q, struct bytes *to)
{
    bytes_put64(to, q->n);
    for (const struct frame *f = q->first; f; f = f->next) {
        bytes_put64(to, f->at);
        bytes_put64(to, f->len);
        bytes_put(to, f->bytes, f->len);
    }
}

static void get_frames(struct frames *q, struct bytes_in *in)
{
    frames_free(q);
    uint64_t n = bytes_get64(in);
    for (uint64_t i = 0; i < n && !in->bad; i++) {
        uint64_t at = bytes_get64(in), len = bytes_get64(in);
        const uint8_t *bytes = len <= HW_FRAME_MAX ? bytes_skip(in, (size_t)len) : NULL;
        if (bytes)
            frames_put(q, at, bytes, (size_t)len);
        else
            in->bad = true;
    }
}

void net_state_put(const struct net *n, struct bytes *to)
{
    bytes_put64(to, n->out_free);
    bytes_put64(to, n->in_free);
    bytes_put64(to, n->overflow);
    put_frames(&n->in, to);
    put_frames(&n->out, to);
    bytes_put32(to, n->trouble != NULL);
    if (n->trouble)
        trouble_state_put(n->trouble, to);
}

void net_state_get(struct net *n, struct bytes_in *in)
{
    n->out_free = bytes_get64(in);
    n->in_free = bytes_get64(in);
    n->overflow = bytes_get64(in);
    get_frames(&n->in, in);
    get_frames(&n->out, in);
    if (bytes_get32(in) != (n->trouble != NULL))
        in->bad = true;
    else if (n->trouble)
        trouble_state_get(n->trouble, in);
}

void net_get_stats(const struct net *n, struct net_stats *out)
{
    *out = (struct net_stats){.overflow = n->overflow};
    if (n->trouble)
        trouble_stats(n->trouble, out);
}
