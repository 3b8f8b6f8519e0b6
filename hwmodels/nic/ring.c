// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ring.c - "exo,nic-ring": a network interface with a receive and a transmit ring of descriptors in
 * memory, DMA and interrupt moderation, like the Ethernet controllers of the Intel 8254x family.
 *
 *   0x00 ... 0x3b      the pair of rings, see rings.h
 *   0x40 MAC       ro  64-bit LO/HI: station address, first byte in bits 47..40
 */
#include "rings.h"
#include <stdlib.h>

enum { REG_MAC = 0x40, REG_MAC_HI = 0x44 };
#define RING_STATE 0x474e524eu /* "NRNG" */

static const struct hw_param ring_params[] = {RINGS_PARAMS};

static int ring_create(const struct hw_env *env, const struct hw_value *values,
                       unsigned cores, void **out, struct hw_err *err)
{
    (void)cores;
    if (values_check(ring_params, RINGS_P_COUNT, values, err))
        return -1;
    struct rings *r = calloc(1, sizeof *r);
    if (!r)
        return hw_refuse(err, "out of memory");
    rings_init(r, env, values, 1);
    *out = r;
    return 0;
}

static uint32_t ring_read(void *dev, unsigned core, uint32_t off)
{
    struct rings *r = dev;
    (void)core;
    if (off < RINGS_WINDOW)
        return rings_read(r, 0, off);
    nic_access(&r->nic);
    switch (off) {
    case REG_MAC: return (uint32_t)r->nic.mac;
    case REG_MAC_HI: return (uint32_t)(r->nic.mac >> 32);
    default: rings_no_register(r, false, off); return 0;
    }
}

static void ring_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct rings *r = dev;
    (void)core;
    if (off < RINGS_WINDOW)
        rings_write(r, 0, off, value);
    else
        rings_no_register(r, true, off);
}

static void ring_event(void *dev, uint32_t tag)
{
    rings_event(dev, tag);
}

static bool ring_ready(void *dev, const uint8_t *frame, size_t len)
{
    const struct rings *r = dev;
    (void)len;
    return rings_ready(r, 0) || !nic_for_us(&r->nic, frame);
}

static void ring_receive(void *dev, const uint8_t *frame, size_t len)
{
    struct rings *r = dev;
    if (nic_for_us(&r->nic, frame))
        rings_receive(r, 0, frame, len);
}

static size_t ring_save(void *dev, uint8_t *buf, size_t max)
{
    struct state_out o = {buf, max, 0};
    state_put32(&o, RING_STATE);
    rings_save(dev, &o);
    return o.at;
}

static int ring_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct state_in in = {buf, len, 0, false};
    if (len != ring_save(dev, NULL, 0) || state_get32(&in) != RING_STATE ||
        rings_restore(dev, &in))
        return -1;
    rings_drive(dev);
    return 0;
}

static size_t ring_describe(void *dev, char *buf, size_t max)
{
    struct text t = text_start(buf, max);
    rings_describe(dev, &t);
    return t.at;
}

static unsigned ring_table(void *dev, uint64_t params[HW_MAX_PARAMS])
{
    return nic_table(dev, params);
}

static const struct hw_nic_ops ring_ops = {
    .dev = {.create = ring_create,
            .destroy = free,
            .read = ring_read,
            .write = ring_write,
            .event = ring_event,
            .save = ring_save,
            .restore = ring_restore,
            .describe = ring_describe},
    .kind = HW_NIC_RING,
    .receive = ring_receive,
    .ready = ring_ready,
    .bits_per_second = nic_rate,
    .stats = nic_stats,
    .table_params = ring_table,
};

const struct hw_model hw_nic_ring = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_NIC,
    .compatible = "exo,nic-ring",
    .summary = "network interface with descriptor rings, DMA and interrupt moderation",
    .params = ring_params,
    .nparams = sizeof ring_params / sizeof *ring_params,
    .ops = &ring_ops,
};
