// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pio.c - "exo,nic-pio": a network interface with one buffer each way, copied word by word, as the
 * early Ethernet cards without DMA (3Com 3C501, NE1000) had.
 *
 *   0x00 CAUSE   ro  1 = a frame waits, 2 = the transmitter is ready
 *   0x04 ENABLE  rw  causes that interrupt: the line is up while (CAUSE & ENABLE) is not 0
 *   0x08 TXLEN   rw  bytes of the next frame, 14..1514; starts the buffer over
 *   0x0c TXDATA  wo  its next word, lowest address in the low byte
 *   0x10 SEND    wo  1 sends; not ready until the frame has left
 *   0x14 RXLEN   ro  bytes of the frame that waits, 0 = none
 *   0x18 RXDATA  ro  its next word; the last one is padded with zeros
 *   0x1c RXDONE  wo  1 forgets it
 *   0x20 MAC     ro  64-bit LO/HI: station address, first byte in bits 47..40
 *
 * A frame that comes while another waits is lost. SEND with fewer words than TXLEN needs, or while
 * the transmitter is busy, sends nothing (guest error).
 */
#include "nic.h"
#include <stdlib.h>
#include <string.h>

enum {
    REG_CAUSE = 0x00,
    REG_ENABLE = 0x04,
    REG_TXLEN = 0x08,
    REG_TXDATA = 0x0c,
    REG_SEND = 0x10,
    REG_RXLEN = 0x14,
    REG_RXDATA = 0x18,
    REG_RXDONE = 0x1c,
    REG_MAC = 0x20,
    REG_MAC_HI = 0x24
};
enum { CAUSE_RX = 1, CAUSE_TX = 2 };
#define BUFFER ((HW_FRAME_MAX + 3u) & ~3u)
#define PIO_STATE 0x4f49504eu /* "NPIO" */
#define TAG_LEFT 0u

struct pio {
    struct nic nic;
    uint32_t enable;
    uint32_t txlen, txat; /* bytes of the frame; written so far */
    uint32_t rxlen, rxat; /* the same, read */
    bool busy;
    uint64_t left; /* busy: until this cycle */
    uint8_t tx[BUFFER], rx[BUFFER];
};

static const struct hw_param pio_params[] = {NIC_PARAMS};

static uint32_t cause(const struct pio *d)
{
    return (d->rxlen ? CAUSE_RX : 0u) | (d->busy ? 0u : CAUSE_TX);
}

static void update(struct pio *d)
{
    nic_line(&d->nic, (cause(d) & d->enable) != 0);
}

static int pio_create(const struct hw_env *env, const struct hw_value *values,
                      unsigned cores, void **out, struct hw_err *err)
{
    (void)cores;
    if (values_check(pio_params, NIC_P_COUNT, values, err))
        return -1;
    struct pio *d = calloc(1, sizeof *d);
    if (!d)
        return hw_refuse(err, "out of memory");
    nic_init(&d->nic, env, values);
    *out = d;
    return 0;
}

static uint32_t get_word(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static uint32_t read_data(struct pio *d)
{
    if (d->rxat >= d->rxlen) {
        d->nic.env.guest_error(d->nic.env.host,
                               "nic: RXDATA read past the end of the frame");
        return 0;
    }
    uint32_t word = get_word(d->rx + d->rxat);
    d->rxat += 4;
    return word;
}

static uint32_t pio_read(void *dev, unsigned core, uint32_t off)
{
    struct pio *d = dev;
    (void)core;
    nic_access(&d->nic);
    switch (off) {
    case REG_CAUSE: return cause(d);
    case REG_ENABLE: return d->enable;
    case REG_TXLEN: return d->txlen;
    case REG_RXLEN: return d->rxlen;
    case REG_RXDATA: return read_data(d);
    case REG_MAC: return (uint32_t)d->nic.mac;
    case REG_MAC_HI: return (uint32_t)(d->nic.mac >> 32);
    default:
        d->nic.env.guest_error(d->nic.env.host,
                               "nic: read of offset 0x%" PRIx32 ": no readable register",
                               off);
        return 0;
    }
}

static void set_txlen(struct pio *d, uint32_t len)
{
    if (d->busy) {
        d->nic.env.guest_error(d->nic.env.host,
                               "nic: TXLEN written while the transmitter is busy");
        return;
    }
    d->txat = 0;
    d->txlen = len;
    if (len < NIC_HEADER || len > HW_FRAME_MAX) {
        d->txlen = 0;
        d->nic.env.guest_error(d->nic.env.host,
                               "nic: TXLEN = %" PRIu32 ", expected %u to %u", len,
                               NIC_HEADER, HW_FRAME_MAX);
    }
}

static void write_data(struct pio *d, uint32_t word)
{
    if (d->busy || d->txat >= d->txlen) {
        d->nic.env.guest_error(d->nic.env.host, "nic: TXDATA written %s",
                               d->busy ? "while the transmitter is busy"
                                       : "past the end of the frame");
        return;
    }
    for (unsigned i = 0; i < 4; i++)
        d->tx[d->txat + i] = (uint8_t)(word >> (8 * i));
    d->txat += 4;
}

static void send_frame(struct pio *d)
{
    if (d->busy || d->txlen == 0 || d->txat < d->txlen) {
        d->nic.env.guest_error(d->nic.env.host, "nic: SEND %s",
                               d->busy ? "while the transmitter is busy"
                                       : "before the whole frame was written");
        return;
    }
    d->busy = true;
    d->left = nic_send(&d->nic, d->tx, d->txlen);
    d->nic.env.event(d->nic.env.host, TAG_LEFT, d->left);
}

static void pio_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct pio *d = dev;
    (void)core;
    nic_access(&d->nic);
    switch (off) {
    case REG_ENABLE: d->enable = value & (CAUSE_RX | CAUSE_TX); break;
    case REG_TXLEN: set_txlen(d, value); break;
    case REG_TXDATA: write_data(d, value); return;
    case REG_SEND:
        if (value == 1)
            send_frame(d);
        break;
    case REG_RXDONE:
        if (value == 1)
            d->rxlen = d->rxat = 0;
        break;
    default:
        d->nic.env.guest_error(d->nic.env.host,
                               "nic: write to offset 0x%" PRIx32 ": no writable register",
                               off);
    }
    update(d);
}

static void pio_event(void *dev, uint32_t tag)
{
    struct pio *d = dev;
    if (tag != TAG_LEFT)
        return;
    d->busy = false;
    update(d);
}

static bool pio_ready(void *dev, const uint8_t *frame, size_t len)
{
    const struct pio *d = dev;
    (void)len;
    return d->rxlen == 0 || !nic_for_us(&d->nic, frame);
}

static void pio_receive(void *dev, const uint8_t *frame, size_t len)
{
    struct pio *d = dev;
    if (!nic_for_us(&d->nic, frame))
        return;
    if (d->rxlen) {
        nic_lost(&d->nic, frame, len);
        return;
    }
    nic_took(&d->nic, frame, len);
    memset(d->rx, 0, sizeof d->rx);
    memcpy(d->rx, frame, len);
    d->rxlen = (uint32_t)len;
    d->rxat = 0;
    update(d);
}

static size_t pio_save(void *dev, uint8_t *buf, size_t max)
{
    struct pio *d = dev;
    struct state_out o = {buf, max, 0};
    state_put32(&o, PIO_STATE);
    nic_save(&d->nic, &o);
    state_put32(&o, d->enable);
    state_put32(&o, d->txlen);
    state_put32(&o, d->txat);
    state_put32(&o, d->rxlen);
    state_put32(&o, d->rxat);
    state_put8(&o, d->busy);
    state_put64(&o, d->busy ? d->left : 0);
    for (unsigned i = 0; i < BUFFER; i++)
        state_put8(&o, i < d->txat ? d->tx[i] : 0);
    for (unsigned i = 0; i < BUFFER; i++)
        state_put8(&o, i < d->rxlen ? d->rx[i] : 0);
    return o.at;
}

static int pio_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct pio *d = dev, new = *d;
    struct state_in in = {buf, len, 0, false};
    if (len != pio_save(d, NULL, 0) || state_get32(&in) != PIO_STATE)
        return -1;
    nic_restore(&new.nic, &in);
    new.enable = state_get32(&in);
    new.txlen = state_get32(&in);
    new.txat = state_get32(&in);
    new.rxlen = state_get32(&in);
    new.rxat = state_get32(&in);
    new.busy = state_get8(&in) != 0;
    new.left = state_get64(&in);
    for (unsigned i = 0; i < BUFFER; i++)
        new.tx[i] = state_get8(&in);
    for (unsigned i = 0; i < BUFFER; i++)
        new.rx[i] = state_get8(&in);
    if (new.txlen > HW_FRAME_MAX || (new.txlen &&new.txlen < NIC_HEADER) ||
        new.rxlen > HW_FRAME_MAX || new.txat > BUFFER || new.rxat > BUFFER ||
        new.txat % 4 || new.rxat % 4)
        return -1;
    *d = new;
    nic_drive(&d->nic);
    d->nic.env.event(d->nic.env.host, TAG_LEFT, d->busy ? d->left : UINT64_MAX);
    return 0;
}

static size_t pio_describe(void *dev, char *buf, size_t max)
{
    struct pio *d = dev;
    struct text t = text_start(buf, max);
    nic_describe(&d->nic, &t);
    text_add(&t, "transmit %s\nwaiting %" PRIu32 "\n", d->busy ? "busy" : "ready",
             d->rxlen);
    return t.at;
}

static unsigned pio_table(void *dev, uint64_t params[HW_MAX_PARAMS])
{
    return nic_table(dev, params);
}

static const struct hw_nic_ops pio_ops = {
    .dev = {.create = pio_create,
            .destroy = free,
            .read = pio_read,
            .write = pio_write,
            .event = pio_event,
            .save = pio_save,
            .restore = pio_restore,
            .describe = pio_describe},
    .kind = HW_NIC_PIO,
    .receive = pio_receive,
    .bits_per_second = nic_rate,
    .stats = nic_stats,
    .table_params = pio_table,
    .ready = pio_ready,
};

const struct hw_model hw_nic_pio = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_NIC,
    .compatible = "exo,nic-pio",
    .summary = "network interface with one buffer each way, copied word by word",
    .params = pio_params,
    .nparams = sizeof pio_params / sizeof *pio_params,
    .ops = &pio_ops,
};
