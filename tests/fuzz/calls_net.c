// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls_net.c - what the call fuzzer does with the network: rings, filters, sending, frames that
 * arrive and leave when they please, heads full of nonsense. What must be authorised is judged by the
 * model where a call succeeds; the device (host_nic.h) aborts if it is given memory that is not
 * pinned; the rest is the kernel's invariants. What filters mean is fuzz_filter's affair.
 */
#include "calls_gen.h"
#include "nic.h"

#include <string.h>

#define CALL(name, ...) do_call(core, EXO_CALL_##name, (const exo_word[6]){__VA_ARGS__})

bool model_net_call(uint32_t number)
{
    return number >= EXO_CALL_ring_alloc && number <= EXO_CALL_queue_send;
}

bool model_net_here(uint32_t number)
{
    switch (number) {
    case EXO_CALL_packet_send: return machine.nic_kind == EXO_NIC_PIO;
    case EXO_CALL_desc_send: return machine.nic_kind == EXO_NIC_RING;
    case EXO_CALL_queue_bind:
    case EXO_CALL_queue_send: return machine.nic_kind == EXO_NIC_STEER;
    default: return machine.nic_kind != 0;
    }
}

bool model_net_uses(uint32_t frame)
{
    return machine.nic_kind != 0 && nic_pins(frame) != 0;
}

/* The device is done with frames that are nobody's. */
void model_net_sync(void)
{
    for (uint32_t i = 1; i < machine.nframes && machine.nic_kind != 0; i++)
        if (model.frame[i].type >= EXO_FRAME_USER && model.frame[i].holders == 0)
            model_release_frame(i);
}

static uint32_t some_ring(uint32_t me)
{
    for (uint32_t i = 0; i < 6 && below(8) != 0; i++)
        if (holders_has(machine.ring[i].holders, me))
            return i;
    return below(6);
}

static void must(bool allowed, const char *call)
{
    if (!allowed)
        complain("%s: the kernel allowed what must be forbidden", call);
}

/* Can the caller read its arguments? Else it faults, and the result register says nothing. */
static bool readable(uint32_t env)
{
    uint64_t pa;
    uint32_t cause;
    return mmu_translate(&kernel_ctx[env], POKE_VA, 0, &pa, &cause) == 0 &&
           mmu_translate(&kernel_ctx[env], POKE_VA + 320, 0, &pa, &cause) == 0;
}

/* -- rings -- */

static void play_ring(uint32_t core)
{
    struct exo_ring_setup s = {.slots = 2u << below(3), .cap = below(8) ? 0 : below(4)};
    uint32_t me = host_env(core);
    s.nframes = 1 + (s.slots * EXO_RING_SLOT + machine.page_size - 1) / machine.page_size;
    for (uint32_t i = 0; i < s.nframes && i < EXO_RING_FRAMES; i++)
        s.frame[i] = below(6) ? take(core, 0, s.cap)
                              : (below(2) ? pick_held(me) : (uint32_t)pick_frame(me));
    if (host_env(core) != me)
        return;
    if (below(12) == 0)
        s.slots = (uint32_t)wild();
    if (below(12) == 0)
        s.nframes = (uint32_t)wild();
    poke(me, POKE_VA, &s, sizeof s);
    uint32_t ring = below(6);
    bool told = readable(me);
    if (CALL(ring_alloc, ring, POKE_VA, s.cap) != 0 || !told)
        return;
    must(model_cap(me, s.cap)->rights & EXO_CAP_W, "ring_alloc");
    for (uint32_t i = 0; i < s.nframes; i++)
        must(model_holds(me, s.frame[i]) &&
                 model_may_touch(me, s.cap, s.frame[i], EXO_CAP_R | EXO_CAP_W),
             "ring_alloc");
}

static void play_holders(uint32_t core)
{
    uint32_t ring = some_ring(host_env(core)), other = 1 + below(8);
    switch (below(6)) {
    case 0: CALL(ring_free, ring); break;
    case 1: CALL(ring_revoke, ring, other, below(3), below(100000)); break;
    case 2: CALL(filter_revoke, below(20), other, below(3), below(100000)); break;
    case 3: CALL(filter_free, below(20), below(3)); break;
    case 4: CALL(queue_bind, ring, below(3)); break;
    default: CALL(ring_hold, ring, other, below(3)); break;
    }
}

/* -- filters -- */

static void play_filter(uint32_t core)
{
    static const uint16_t code[] = {0x28, 0x30, 0x20, 0x15, 0x25, 0x45, 0xb1, 0x48,
                                    0x54, 0x06, 0x07, 0x87, 0x02, 0x60, 0x34, 0x80};
    static const uint32_t k[] = {12, 14, 16, 20, 23, 0x800, 0x806, 17, 7, 0x1fff};
    struct exo_bpf program[12];
    uint32_t me = host_env(core), n = 1 + below(11), cap = below(6) ? 0 : below(4);
    for (uint32_t i = 0; i < n; i++)
        program[i] = (struct exo_bpf){code[below(16)], (uint8_t)below(n - i),
                                      (uint8_t)below(n - i), k[below(10)]};
    if (below(8) != 0)
        program[n - 1] = (struct exo_bpf){6, 0, 0, 65535};
    if (below(2)) {
        const struct exo_bpf type[] = {{0x28, 0, 0, 12},
                                       {0x15, 0, 1, k[5 + below(2)]},
                                       {6, 0, 0, 1500 + below(60)},
                                       {6, 0, 0, 0}};
        memcpy(program, type, sizeof type);
        n = 4;
    }
    poke(me, POKE_VA, program, sizeof program);
    uint32_t ring = some_ring(me);
    struct exo_name guard = machine.ring[ring].guard;
    bool told = readable(me);
    if (CALL(filter_bind, ring, cap, POKE_VA, n, below(3) == 0) < 0 || !told)
        return;
    const struct model_name *c = model_cap(me, cap);
    must(c->len != 0xff && guard.len != EXO_NAME_NONE && c->len <= guard.len &&
             memcmp(c->byte, guard.byte, c->len) == 0 && (c->rights & EXO_CAP_W) != 0,
         "filter_bind");
}

/* -- sending -- */

static void play_send(uint32_t core)
{
    struct exo_tx tx[4];
    uint32_t me = host_env(core), n = 1 + below(4), ring = some_ring(me);
    if (machine.nic_kind == EXO_NIC_PIO) {
        struct exo_piece piece[4];
        for (uint32_t i = 0; i < n; i++)
            piece[i] = (struct exo_piece){pick_page() + below(4096),
                                          below(20) ? below(400) : (uint32_t)wild(), 0};
        poke(me, POKE_VA, piece, sizeof piece);
        CALL(packet_send, POKE_VA, n);
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        tx[i] = (struct exo_tx){{below(8) ? pick_held(me) : (uint32_t)pick_frame(me),
                                 below(4000), below(2), 0},
                                below(12) ? 14 + below(700) : (uint32_t)wild(),
                                i + 1 == n || below(2)};
    poke(me, POKE_VA, tx, sizeof tx);
    bool told = readable(me);
    exo_sword sent = machine.nic_kind == EXO_NIC_RING
                         ? CALL(desc_send, ring, below(2), POKE_VA, n)
                         : CALL(queue_send, ring, below(2), POKE_VA, n);
    for (exo_sword i = 0; i < sent && told; i++)
        must(model_holds(me, tx[i].data.frame) &&
                 model_may_touch(me, tx[i].data.cap, tx[i].data.frame, EXO_CAP_R) &&
                 tx[i].data.offset + tx[i].length <= machine.page_size,
             "sending");
}

/* -- the device -- */

static void frame_arrives(void)
{
    uint8_t frame[1514];
    uint32_t length = 60 + below(below(3) ? 100 : 1455);
    for (uint32_t i = 0; i < length; i++)
        frame[i] = (uint8_t)rnd();
    frame[12] = 8;
    frame[13] = below(2) ? 0 : 6;
    frame[14] = below(3) ? 0x45 : frame[14];
    if (below(2))
        frame[23] = 17;
    host_nic_receive(frame, length);
}

static void nonsense(void)
{
    const struct exo_ring *r = &machine.ring[below(6)];
    for (uint32_t i = 1; i < machine.nframes && r->slots != 0; i++)
        if (machine.frame[i].pins != 0 && model.frame[i].holders != 0 && below(8) == 0) {
            uint32_t *head = arch_phys((uint64_t)i << host.page_shift);
            uint32_t *word = &head[below(5)]; /* may be a slot's: no matter */
            bool upage = false;
            for (uint32_t e = 1; e < EXO_NENV; e++)
                upage |= machine.env[e].upage_frame == i;
            if (!upage)
                *word = below(2) ? *word + below(3) : (uint32_t)rnd();
        }
}

void play_net_device(void)
{
    uint8_t frame[1514];
    switch (below(4)) {
    case 0: host_nic_send(frame); break;
    case 1: nonsense(); break;
    default: frame_arrives(); break;
    }
    host_poll(0);
}

void play_net(uint32_t core)
{
    switch (below(8)) {
    case 0: play_ring(core); break;
    case 1: play_holders(core); break;
    case 2: play_filter(core); break;
    case 3:
    case 4: play_send(core); break;
    default: play_net_device(); break;
    }
}
