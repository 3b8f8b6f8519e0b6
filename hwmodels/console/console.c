// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * console.c - "exo,console": bytes to and from the user, polled.
 *
 *   0x00 TX      wo  write one byte (bits 7..0)
 *   0x04 RX      ro  the next byte, or 0x100 at the end of input
 *   0x08 STATUS  ro  bit 0: RX has a byte; bit 1: end of input
 *
 * Reading RX or STATUS asks the user, and the machine stands still until there is an answer:
 * what a run does depends on what is typed, never on when (hw_env.console_in). One byte is
 * fetched at a time, so that the state does not depend on how the host cuts the input.
 * Registers take no time: console speed is not modelled.
 */
#include "models.h"
#include "state.h"
#include "text.h"
#include <inttypes.h>
#include <stdlib.h>

enum { REG_TX = 0x00, REG_RX = 0x04, REG_STATUS = 0x08 };
#define RX_NONE 0x100u
#define STATUS_BYTE 0x1u
#define STATUS_END 0x2u
#define CONSOLE_STATE 0x534e4f43u /* "CONS" */

struct console {
    struct hw_env env;
    uint64_t sent, received;
    bool full, end; /* a byte is waiting; input has ended */
    uint8_t byte;
};

static int console_create(const struct hw_env *env, const struct hw_value *values,
                          unsigned cores, void **out, struct hw_err *err)
{
    (void)values;
    (void)cores;
    struct console *d = calloc(1, sizeof *d);
    if (!d)
        return hw_refuse(err, "out of memory");
    d->env = *env;
    *out = d;
    return 0;
}

static void fetch(struct console *d)
{
    if (d->full || d->end)
        return;
    if (d->env.console_in(d->env.host, &d->byte, 1) == 1)
        d->full = true;
    else
        d->end = true;
}

static uint32_t console_read(void *dev, unsigned core, uint32_t off)
{
    struct console *d = dev;
    (void)core;
    switch (off) {
    case REG_RX:
        fetch(d);
        if (!d->full)
            return RX_NONE;
        d->full = false;
        d->received++;
        return d->byte;
    case REG_STATUS: fetch(d); return d->full ? STATUS_BYTE : STATUS_END;
    default:
        d->env.guest_error(d->env.host,
                           "console: read of offset 0x%" PRIx32 ": no readable register",
                           off);
        return 0;
    }
}

static void console_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct console *d = dev;
    (void)core;
    if (off != REG_TX) {
        d->env.guest_error(d->env.host,
                           "console: write to offset 0x%" PRIx32 ": no writable register",
                           off);
        return;
    }
    uint8_t byte = (uint8_t)value;
    d->sent++;
    d->env.trace(d->env.host, HW_EV_CONSOLE, byte, 0);
    d->env.console_out(d->env.host, &byte, 1);
}

static size_t console_save(void *dev, uint8_t *buf, size_t max)
{
    struct console *d = dev;
    struct state_out o = {buf, max, 0};
    state_put32(&o, CONSOLE_STATE);
    state_put64(&o, d->sent);
    state_put64(&o, d->received);
    state_put8(&o, d->full);
    state_put8(&o, d->end);
    state_put8(&o, d->full ? d->byte : 0);
    return o.at;
}

static int console_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct console *d = dev;
    struct state_in in = {buf, len, 0, false};
    if (len != console_save(d, NULL, 0) || state_get32(&in) != CONSOLE_STATE)
        return -1;
    d->sent = state_get64(&in);
    d->received = state_get64(&in);
    d->full = state_get8(&in) != 0;
    d->end = state_get8(&in) != 0;
    d->byte = state_get8(&in);
    return 0;
}

static size_t console_describe(void *dev, char *buf, size_t max)
{
    struct console *d = dev;
    struct text t = text_start(buf, max);
    text_add(&t, "sent %" PRIu64 "\nreceived %" PRIu64 "\ninput %s\n", d->sent,
             d->received, d->end ? "ended" : "open");
    return t.at;
}

static const struct hw_dev_ops console_ops = {
    .create = console_create,
    .destroy = free,
    .read = console_read,
    .write = console_write,
    .save = console_save,
    .restore = console_restore,
    .describe = console_describe,
};

const struct hw_model hw_console = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_CONSOLE,
    .compatible = "exo,console",
    .summary = "polled console: one byte in, one byte out",
    .ops = &console_ops,
};
