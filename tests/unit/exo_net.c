// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_net.c - see exo_net.h. */
#include "exo_net.h"

uint32_t net_kind;

void boot_net_cores(uint32_t kind, uint32_t ncores, uint32_t programs)
{
    net_kind = kind;
    boot_config((struct host_config){
        .cores = ncores, .programs = programs, .nic_kind = kind, .frames = 1536});
}

void boot_net(uint32_t kind, uint32_t programs)
{
    boot_net_cores(kind, 1, programs);
}

/* -- rings -- */

struct net_ring net_frames(uint32_t number, uint32_t slots)
{
    struct net_ring r = {.number = number, .slots = slots};
    r.nframes = 1 + (slots * EXO_RING_SLOT + machine.page_size - 1) / machine.page_size;
    for (uint32_t i = 0; i < r.nframes; i++)
        r.frame[i] = take_frame();
    return r;
}

exo_sword net_ring_alloc(const struct net_ring *r, exo_word cap)
{
    struct exo_ring_setup setup = {
        .slots = r->slots, .cap = (uint32_t)cap, .nframes = r->nframes};
    memcpy(setup.frame, r->frame, sizeof setup.frame);
    put(NET_AT, &setup, sizeof setup);
    return CALL(ring_alloc, r->number, NET_AT, cap);
}

struct net_ring net_ring(uint32_t number, uint32_t slots)
{
    struct net_ring r = net_frames(number, slots);
    EXPECT(net_ring_alloc(&r, 0), 0);
    return r;
}

struct exo_ring_head *net_head(const struct net_ring *r)
{
    return frame_bytes(r->frame[0]);
}

uint8_t *net_bytes(const struct net_ring *r, uint32_t i)
{
    uint32_t at = net_head(r)->slot[i % r->slots].buffer * EXO_RING_SLOT;
    return (uint8_t *)frame_bytes(r->frame[1 + at / machine.page_size]) +
           at % machine.page_size;
}

/* -- filters -- */

struct net_program net_all(void)
{
    return (struct net_program){{{BPF_RET, 0, 0, 65535}}, 1};
}

struct net_program net_ethertype(uint32_t type)
{
    return (struct net_program){{{BPF_LD | BPF_H | BPF_ABS, 0, 0, 12},
                                 {BPF_JMP | BPF_JEQ, 0, 1, type},
                                 {BPF_RET, 0, 0, 65535},
                                 {BPF_RET, 0, 0, 0}},
                                4};
}

static struct net_program udp(uint16_t condition, uint32_t at, uint32_t port)
{
    return (struct net_program){{{BPF_LD | BPF_H | BPF_ABS, 0, 0, 12},
                                 {BPF_JMP | BPF_JEQ, 0, 8, 0x800},
                                 {BPF_LD | BPF_B | BPF_ABS, 0, 0, 23},
                                 {BPF_JMP | BPF_JEQ, 0, 6, 17},
                                 {BPF_LD | BPF_H | BPF_ABS, 0, 0, 20},
                                 {BPF_JMP | BPF_JSET, 4, 0, 0x1fff},
                                 {BPF_LDX | BPF_B | BPF_MSH, 0, 0, 14},
                                 {BPF_LD | BPF_H | BPF_IND, 0, 0, at},
                                 {condition, 0, 1, port},
                                 {BPF_RET, 0, 0, 65535},
                                 {BPF_RET, 0, 0, 0}},
                                11};
}

struct net_program net_udp(uint32_t port)
{
    return udp(BPF_JMP | BPF_JEQ, 16, port);
}

struct net_program net_from(uint32_t port)
{
    return udp(BPF_JMP | BPF_JEQ, 14, port);
}

struct net_program net_above(uint32_t port)
{
    return udp(BPF_JMP | BPF_JGT, 16, port);
}

exo_sword net_bind_with(uint32_t ring, exo_word cap, const struct exo_bpf *code,
                        uint32_t n, exo_word flags)
{
    put(NET_AT, code, n * (uint32_t)sizeof code[0]);
    return CALL(filter_bind, ring, cap, NET_AT, n, flags);
}

exo_sword net_bind(uint32_t ring, const struct net_program *p, uint32_t flags)
{
    return net_bind_with(ring, 0, p->code, p->n, flags);
}

exo_sword net_unbind(exo_sword filter, exo_word cap)
{
    return CALL(filter_free, (exo_word)filter, cap);
}

/* -- frames -- */

static void big(uint8_t *p, uint32_t n, uint32_t v)
{
    for (uint32_t i = 0; i < n; i++)
        p[i] = (uint8_t)(v >> 8 * (n - 1 - i));
}

void net_frame(uint8_t frame[1514], uint32_t from, uint32_t to, uint32_t length)
{
    memset(frame, 0, 1514);
    big(frame + 4, 2, 1);
    big(frame + 12, 2, 0x800);
    frame[14] = 0x45;
    big(frame + 16, 2, length - 14);
    frame[22] = 64;
    frame[23] = 17;
    big(frame + 26, 4, 0x0a000202);
    big(frame + 30, 4, 0x0a00020f);
    big(frame + 34, 2, from);
    big(frame + 36, 2, to);
    big(frame + 38, 2, length - 34);
    for (uint32_t i = 42; i < length; i++)
        frame[i] = (uint8_t)(i * 7 + to);
}

bool net_arrive(const uint8_t *frame, uint32_t length)
{
    bool taken = host_nic_receive(frame, length);
    host_poll(0);
    return taken;
}

bool net_datagram(uint32_t from, uint32_t to)
{
    uint8_t frame[1514];
    net_frame(frame, from, to, 100);
    return net_arrive(frame, 100);
}

uint32_t net_leaves(uint8_t frame[1514])
{
    uint32_t length = host_nic_send(frame);
    host_poll(0);
    return length;
}
