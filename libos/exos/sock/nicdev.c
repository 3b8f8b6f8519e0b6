// SPDX-License-Identifier: GPL-2.0-or-later
/* nicdev.c - the session's packet ring and filters, and the stack's seam to them: see nicdev.h. */
#include "nicdev.h"

#include <errno.h>
#include <exo/machine.h>

#include "area.h"
#include "self.h"

#define SLOTS EXO_RING_SLOTS
#define IO                                                                               \
    ((volatile const struct exo_io_public *)(uintptr_t)(EXO_EXPORT_VA + KINFO->io_off))
#define RINGS                                                                            \
    ((volatile const struct exo_ring *)(uintptr_t)(EXO_EXPORT_VA + KINFO->rings_off))

/* What a backend must fit: what BPF calls instructions (bpf_insn of the BSD paper). */
#define LDH 0x28u
#define LDB 0x30u
#define LD 0x20u
#define LDXB_LEN 0xb1u /* x = 4 * (p[k] & 15) */
#define LDH_X 0x48u
#define JEQ 0x15u
#define JSET 0x45u
#define RET 0x06u
#define ALL 0xffffu

#define AT_TYPE 12
#define AT_FRAGMENT 20
#define AT_PROTOCOL 23
#define AT_DESTINATION 30
#define AT_HEADER 14
#define FRAGMENTED 0x3fffu /* more follow, or not the first */

static struct nicdev *dev; /* this process's view, for the seam */

static const struct exo_hw_device *find_device(void)
{
    const struct exo_hw_table *t = HWTABLE;
    for (uint32_t i = 0; i < t->ndevices; i++)
        if (t->device[i].class_ == EXO_HW_NIC)
            return &t->device[i];
    return NULL;
}

const struct nic_ops *nic_backend(void)
{
    static const struct nic_ops *const all[EXO_NIC_KINDS] = {
#define EXO_KIND_NIC(number, name, NAME) [EXO_NIC_##NAME] = &nic_##name,
#include <exo/kinds.def>
    };
    static const struct nic_ops *found;
    const struct exo_hw_device *d = found == NULL ? find_device() : NULL;
    if (d != NULL && d->kind < EXO_NIC_KINDS)
        found = all[d->kind];
    return found;
}

struct exo_io_memory nic_memory(const void *p)
{
    uint32_t at = (uint32_t)((uintptr_t)p - dev->base);
    return (struct exo_io_memory){
        .frame = area_frame(AREA_NET, at >> PAGE_SHIFT),
        .offset = at & (PAGE_SIZE - 1),
    };
}

volatile const uint32_t *nic_turns(void)
{
    return &IO->nic_turns;
}

/* -- the ring -- */

static uint32_t slot_pages(void)
{
    return (uint32_t)((SLOTS * EXO_RING_SLOT + PAGE_SIZE - 1) >> PAGE_SHIFT);
}

uint32_t nicdev_pages(void)
{
    return 1 + slot_pages();
}

static int make_ring(struct nicdev *d, uint32_t first_page)
{
    struct exo_ring_setup setup = {.slots = SLOTS, .nframes = nicdev_pages()};
    for (uint32_t i = 0; i < setup.nframes; i++)
        setup.frame[i] = area_frame(AREA_NET, first_page + i);
    d->slots = SLOTS;
    d->nic.head = (volatile struct exo_ring_head *)(d->base + (first_page << PAGE_SHIFT));
    d->packets = (uint8_t *)d->base + ((first_page + 1) << PAGE_SHIFT);
    for (uint32_t ring = 0; ring < EXO_NRING; ring++) {
        if (RINGS[ring].slots != 0)
            continue;
        exo_sword r = exo_ring_alloc(ring, (exo_word)&setup, 0);
        d->nic.ring = ring;
        if (r >= 0)
            return 0;
        if (r != -EXO_EBUSY)
            return r == -EXO_EFULL ? ENOBUFS : EIO;
    }
    return ENOBUFS;
}

/* -- filters -- */

static int bind(const struct nicdev *d, const struct exo_bpf *program, uint32_t n,
                uint32_t flags)
{
    exo_sword r = exo_filter_bind(d->nic.ring, 0, (exo_word)program, n, flags);
    if (r >= 0)
        return (int)r;
    return r == -EXO_EOVERLAP ? -EADDRINUSE : r == -EXO_EFULL ? -ENOBUFS : -EIO;
}

/* Those that every session gets its copy of. */
static int bind_shared(const struct nicdev *d)
{
    const struct exo_bpf arp[] = {
        {LDH, 0, 0, AT_TYPE},
        {JEQ, 0, 1, ETHERTYPE_ARP},
        {RET, 0, 0, ALL},
        {RET, 0, 0, 0},
    };
    const struct exo_bpf icmp[] = {
        {LDH, 0, 0, AT_TYPE},     {JEQ, 0, 5, ETHERTYPE_IP},
        {LDB, 0, 0, AT_PROTOCOL}, {JEQ, 0, 3, PROTO_ICMP},
        {LDH, 0, 0, AT_FRAGMENT}, {JSET, 1, 0, FRAGMENTED},
        {RET, 0, 0, ALL},         {RET, 0, 0, 0},
    };
    const struct exo_bpf fragments[] = {
        {LDH, 0, 0, AT_TYPE},     {JEQ, 0, 3, ETHERTYPE_IP}, {LDH, 0, 0, AT_FRAGMENT},
        {JSET, 0, 1, FRAGMENTED}, {RET, 0, 0, ALL},          {RET, 0, 0, 0},
    };
    const struct exo_bpf dhcp[] = {
        {LDH, 0, 0, AT_TYPE},
        {JEQ, 0, 8, ETHERTYPE_IP},
        {LDB, 0, 0, AT_PROTOCOL},
        {JEQ, 0, 6, PROTO_UDP},
        {LDH, 0, 0, AT_FRAGMENT},
        {JSET, 4, 0, FRAGMENTED},
        {LDXB_LEN, 0, 0, AT_HEADER},
        {LDH_X, 0, 0, AT_HEADER + UDP_DST},
        {JEQ, 0, 1, 68},
        {RET, 0, 0, ALL},
        {RET, 0, 0, 0},
    };
#define BIND(p) bind(d, p, sizeof(p) / sizeof(p)[0], EXO_FILTER_SHARED)
    int r = BIND(arp);
    r = r < 0 ? r : BIND(icmp);
    r = r < 0 ? r : BIND(fragments);
    return r < 0 ? r : BIND(dhcp);
#undef BIND
}

int netif_listen(struct net *net, uint32_t proto, uint32_t ip, uint32_t port)
{
    const struct exo_bpf program[] = {
        {LDH, 0, 0, AT_TYPE},
        {JEQ, 0, 10, ETHERTYPE_IP},
        {LDB, 0, 0, AT_PROTOCOL},
        {JEQ, 0, 8, proto},
        {LD, 0, 0, AT_DESTINATION},
        {JEQ, 0, 6, ip},
        {LDH, 0, 0, AT_FRAGMENT},
        {JSET, 4, 0, FRAGMENTED},
        {LDXB_LEN, 0, 0, AT_HEADER},
        {LDH_X, 0, 0, AT_HEADER + UDP_DST},
        {JEQ, 0, 1, port},
        {RET, 0, 0, ALL},
        {RET, 0, 0, 0},
    };
    (void)net;
    return bind(dev, program, sizeof program / sizeof program[0], 0);
}

void netif_unlisten(struct net *net, int id)
{
    (void)net;
    exo_filter_free((exo_word)id, 0);
}

/* -- processes -- */

int nicdev_open(struct nicdev *d, uintptr_t base, uint32_t first_page)
{
    const struct exo_hw_device *hw = find_device();
    d->base = base;
    dev = d;
    if (nic_backend() == NULL)
        return ENODEV;
    uint64_t mac = hw->params[M_NIC_PARAM_MAC];
    for (unsigned i = 0; i < 6; i++)
        d->mac[i] = (uint8_t)(mac >> (40 - 8 * i));
    int error = make_ring(d, first_page);
    if (error != 0)
        return error;
    int r = bind_shared(d);
    int opened = r < 0 ? 0 : nic_open(&d->nic);
    if (r < 0 || opened < 0) {
        exo_ring_free(d->nic.ring);
        return r < 0 ? -r : opened == -EXO_ENOSYS ? ENOSYS : EIO;
    }
    d->kind = hw->kind;
    return 0;
}

int nicdev_attach(struct nicdev *d)
{
    dev = d;
    if (d->kind == 0)
        return 0;
    exo_sword r = exo_ring_hold(d->nic.ring, 0, 0);
    return r >= 0 || r == -EXO_EBUSY ? 0 : ENETDOWN;
}

void nicdev_share(struct nicdev *d, uint32_t env)
{
    if (d->kind != 0)
        exo_ring_hold(d->nic.ring, env, 0);
}

/* -- packets -- */

void nicdev_poll(struct nicdev *d, struct net *net)
{
    volatile struct exo_ring_head *h = d->nic.head;
    if (d->kind == 0)
        return;
    uint32_t at = h->consumed;
    while (at != __atomic_load_n(&h->produced, __ATOMIC_ACQUIRE)) {
        uint32_t slot = at & (d->slots - 1);
        uint32_t memory = h->slot[slot].buffer & (d->slots - 1);
        uint32_t length = h->slot[slot].length;
        if (length <= EXO_RING_SLOT)
            net_input(net, d->packets + memory * EXO_RING_SLOT, length);
        at++;
        __atomic_store_n(&h->consumed, at, __ATOMIC_RELEASE);
    }
}

unsigned nicdev_terms(const struct nicdev *d, const struct net *net,
                      struct exo_pred *pred)
{
    if (d->kind == 0)
        return 0;
    pred[0] = (struct exo_pred){EXO_PRED_NE, 1, (uintptr_t)&d->nic.head->produced,
                                d->nic.head->consumed};
    if (net->tx_started == net->tx_queued && !net->tx_starved)
        return 1;
    pred[1] = nic_room(&d->nic);
    return 2;
}

unsigned netif_start(struct net *net, struct net_tx *const tx[], unsigned n)
{
    struct nic_frame frames[NIC_BATCH];
    if (dev->kind == 0)
        return 0;
    n = n < NIC_BATCH ? n : NIC_BATCH;
    for (unsigned i = 0; i < n; i++) {
        const struct net_tx *t = tx[i];
        frames[i] = (struct nic_frame){
            .head = tx_header(net, t) + t->hdr_off,
            .head_len = t->hdr_len,
            .tail = t->payload != NULL ? t->payload->data + t->pay_off : NULL,
            .tail_len = t->payload != NULL ? t->pay_len : 0,
        };
    }
    int sent = nic_send(&dev->nic, frames, n);
    unsigned k = sent > 0 ? (unsigned)sent : 0;
    for (unsigned i = 0; i < k; i++)
        tx[i]->done = frames[i].done;
    return k;
}

uint32_t netif_sent(struct net *net)
{
    (void)net;
    return dev->kind != 0 ? nic_sent(&dev->nic) : 0;
}
