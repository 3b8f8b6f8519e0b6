// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * timer.c - "exo,timer": a one-shot timer for each core.
 *
 *   0x00 DEADLINE_LO  rw  cycle to interrupt at, low half
 *   0x04 DEADLINE_HI  rw  high half; writing it arms (and drops an interrupt still up)
 *   0x08 CONTROL      wo  0 disarms and drops the interrupt
 *   0x10 NOW_LO       ro  cycle now; reading it latches the high half
 *   0x14 NOW_HI       ro  the latched high half
 *
 * Every core sees its own registers. The interrupt line is banked: the node has one number,
 * each core its own wire, so a core that enables the line gets its own deadlines only. A
 * deadline that has passed already interrupts as soon as possible. Registers take no time.
 */
#include "models.h"
#include "state.h"
#include "text.h"
#include <inttypes.h>
#include <stdlib.h>

enum {
    REG_DEADLINE_LO = 0x00,
    REG_DEADLINE_HI = 0x04,
    REG_CONTROL = 0x08,
    REG_NOW_LO = 0x10,
    REG_NOW_HI = 0x14
};
#define TIMER_CORES_MAX 16u     /* one event tag a core (hw_env.event) */
#define TIMER_STATE 0x524d4954u /* "TIMR" */

struct timer_core {
    uint64_t deadline;
    uint32_t now_hi;
    bool armed, up;
};

struct timer {
    struct hw_env env;
    unsigned cores;
    struct timer_core core[];
};

static void set_irq(struct timer *d, unsigned core, bool up)
{
    if (d->core[core].up == up)
        return;
    d->core[core].up = up;
    d->env.irq_core(d->env.host, core, up);
}

static int timer_create(const struct hw_env *env, const struct hw_value *values,
                        unsigned cores, void **out, struct hw_err *err)
{
    (void)values;
    if (cores < 1 || cores > TIMER_CORES_MAX)
        return hw_refuse(err, "%u cores; this timer serves 1 to %u", cores,
                         TIMER_CORES_MAX);
    struct timer *d = calloc(1, sizeof *d + cores * sizeof d->core[0]);
    if (!d)
        return hw_refuse(err, "out of memory");
    d->env = *env;
    d->cores = cores;
    *out = d;
    return 0;
}

static uint32_t timer_read(void *dev, unsigned core, uint32_t off)
{
    struct timer *d = dev;
    struct timer_core *c = &d->core[core];
    switch (off) {
    case REG_DEADLINE_LO: return (uint32_t)c->deadline;
    case REG_DEADLINE_HI: return (uint32_t)(c->deadline >> 32);
    case REG_NOW_LO: {
        uint64_t now = d->env.now(d->env.host);
        c->now_hi = (uint32_t)(now >> 32);
        return (uint32_t)now;
    }
    case REG_NOW_HI: return c->now_hi;
    default:
        d->env.guest_error(d->env.host,
                           "timer: read of offset 0x%" PRIx32 ": no readable register",
                           off);
        return 0;
    }
}

static void timer_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct timer *d = dev;
    struct timer_core *c = &d->core[core];
    switch (off) {
    case REG_DEADLINE_LO:
        c->deadline = (c->deadline & ~UINT64_C(0xffffffff)) | value;
        return;
    case REG_DEADLINE_HI:
        c->deadline = (c->deadline & UINT64_C(0xffffffff)) | (uint64_t)value << 32;
        c->armed = true;
        set_irq(d, core, false);
        d->env.trace(d->env.host, HW_EV_TIMER, c->deadline, 0);
        d->env.event(d->env.host, core, c->deadline);
        return;
    case REG_CONTROL:
        if (value != 0)
            d->env.guest_error(
                d->env.host, "timer: CONTROL = 0x%" PRIx32 ": only 0 is defined", value);
        c->armed = false;
        set_irq(d, core, false);
        d->env.event(d->env.host, core, UINT64_MAX);
        return;
    default:
        d->env.guest_error(d->env.host,
                           "timer: write to offset 0x%" PRIx32 ": no writable register",
                           off);
    }
}

static void timer_event(void *dev, uint32_t tag)
{
    struct timer *d = dev;
    if (tag >= d->cores || !d->core[tag].armed)
        return;
    d->core[tag].armed = false;
    set_irq(d, tag, true);
}

static size_t timer_save(void *dev, uint8_t *buf, size_t max)
{
    struct timer *d = dev;
    struct state_out o = {buf, max, 0};
    state_put32(&o, TIMER_STATE);
    state_put32(&o, d->cores);
    for (unsigned i = 0; i < d->cores; i++) {
        struct timer_core *c = &d->core[i];
        state_put64(&o, c->deadline);
        state_put32(&o, c->now_hi);
        state_put8(&o, c->armed);
        state_put8(&o, c->up);
    }
    return o.at;
}

/* The lines and events are put back too, so that it does not matter whether the machine
 * restored them before. */
static int timer_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct timer *d = dev;
    struct state_in in = {buf, len, 0, false};
    if (len != timer_save(d, NULL, 0) || state_get32(&in) != TIMER_STATE ||
        state_get32(&in) != d->cores)
        return -1;
    for (unsigned i = 0; i < d->cores; i++) {
        struct timer_core *c = &d->core[i];
        c->deadline = state_get64(&in);
        c->now_hi = state_get32(&in);
        c->armed = state_get8(&in) != 0;
        set_irq(d, i, state_get8(&in) != 0);
        d->env.event(d->env.host, i, c->armed ? c->deadline : UINT64_MAX);
    }
    return 0;
}

static size_t timer_describe(void *dev, char *buf, size_t max)
{
    struct timer *d = dev;
    struct text t = text_start(buf, max);
    for (unsigned i = 0; i < d->cores; i++) {
        const struct timer_core *c = &d->core[i];
        text_add(&t, "core%u.deadline %" PRIu64 "\ncore%u.state %s\n", i, c->deadline, i,
                 c->up      ? "interrupting"
                 : c->armed ? "armed"
                            : "off");
    }
    return t.at;
}

static const struct hw_dev_ops timer_ops = {
    .create = timer_create,
    .destroy = free,
    .read = timer_read,
    .write = timer_write,
    .event = timer_event,
    .save = timer_save,
    .restore = timer_restore,
    .describe = timer_describe,
};

const struct hw_model hw_timer = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_TIMER,
    .compatible = "exo,timer",
    .summary = "one-shot timer a core, in cycles, on a banked interrupt line",
    .ops = &timer_ops,
};
