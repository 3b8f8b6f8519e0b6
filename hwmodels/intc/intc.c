// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * intc.c - "exo,intc": an interrupt controller of 32 lines with an enable mask per core.
 *
 *   0x00 PENDING  ro  lines asserted and enabled for this core
 *   0x04 RAW      ro  lines asserted, as this core sees them
 *   0x08 ENABLE   rw  lines enabled for this core; 0 at reset
 *
 * Lines are level-triggered: a line stays pending until its device drops it. A line is either
 * shared (line(): every core sees the same level) or banked (line_core(): the per-core timer,
 * as ARM's private peripheral interrupts). A core is interrupted while PENDING is not 0.
 * Changing a register or a line takes no time.
 */
#include "models.h"
#include "state.h"
#include "text.h"
#include <inttypes.h>
#include <stdlib.h>

enum { REG_PENDING = 0x00, REG_RAW = 0x04, REG_ENABLE = 0x08 };
#define INTC_LINES 32u
#define INTC_CORES_MAX 64u
#define INTC_STATE 0x43544e49u /* "INTC" */

struct intc_core {
    uint32_t banked, enable;
    bool asking;
};

struct intc {
    struct hw_env env;
    uint32_t shared;
    unsigned cores;
    struct intc_core core[];
};

static uint32_t raw(const struct intc *d, unsigned core)
{
    return d->shared | d->core[core].banked;
}

static void update(struct intc *d, unsigned core)
{
    struct intc_core *c = &d->core[core];
    bool ask = (raw(d, core) & c->enable) != 0;
    if (ask == c->asking)
        return;
    c->asking = ask;
    d->env.core_irq(d->env.host, core, ask);
}

static int intc_create(const struct hw_env *env, const struct hw_value *values,
                       unsigned cores, void **out, struct hw_err *err)
{
    (void)values;
    if (cores < 1 || cores > INTC_CORES_MAX)
        return hw_refuse(err, "%u cores; this controller serves 1 to %u", cores,
                         INTC_CORES_MAX);
    struct intc *d = calloc(1, sizeof *d + cores * sizeof d->core[0]);
    if (!d)
        return hw_refuse(err, "out of memory");
    d->env = *env;
    d->cores = cores;
    *out = d;
    return 0;
}

static uint32_t intc_read(void *dev, unsigned core, uint32_t off)
{
    struct intc *d = dev;
    switch (off) {
    case REG_PENDING: return raw(d, core) & d->core[core].enable;
    case REG_RAW: return raw(d, core);
    case REG_ENABLE: return d->core[core].enable;
    default:
        d->env.guest_error(d->env.host, "intc: read of offset 0x%" PRIx32 ": no register",
                           off);
        return 0;
    }
}

static void intc_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct intc *d = dev;
    if (off != REG_ENABLE) {
        d->env.guest_error(d->env.host,
                           "intc: write to offset 0x%" PRIx32 ": no writable register",
                           off);
        return;
    }
    d->core[core].enable = value;
    update(d, core);
}

static void intc_line(void *dev, unsigned line, bool level)
{
    struct intc *d = dev;
    uint32_t bit = line < INTC_LINES ? 1u << line : 0;
    if (!bit || !!(d->shared & bit) == level)
        return;
    d->shared ^= bit;
    d->env.trace(d->env.host, HW_EV_IRQ, line, level);
    for (unsigned i = 0; i < d->cores; i++)
        update(d, i);
}

static void intc_line_core(void *dev, unsigned core, unsigned line, bool level)
{
    struct intc *d = dev;
    uint32_t bit = line < INTC_LINES ? 1u << line : 0;
    if (!bit || core >= d->cores || !!(d->core[core].banked & bit) == level)
        return;
    d->core[core].banked ^= bit;
    d->env.trace(d->env.host, HW_EV_IRQ, line, level | (uint64_t)(core + 1) << 8);
    update(d, core);
}

static size_t intc_save(void *dev, uint8_t *buf, size_t max)
{
    struct intc *d = dev;
    struct state_out o = {buf, max, 0};
    state_put32(&o, INTC_STATE);
    state_put32(&o, d->cores);
    state_put32(&o, d->shared);
    for (unsigned i = 0; i < d->cores; i++) {
        state_put32(&o, d->core[i].banked);
        state_put32(&o, d->core[i].enable);
    }
    return o.at;
}

static int intc_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct intc *d = dev;
    struct state_in in = {buf, len, 0, false};
    if (len != intc_save(d, NULL, 0) || state_get32(&in) != INTC_STATE ||
        state_get32(&in) != d->cores)
        return -1;
    d->shared = state_get32(&in);
    for (unsigned i = 0; i < d->cores; i++) {
        d->core[i].banked = state_get32(&in);
        d->core[i].enable = state_get32(&in);
        update(d, i);
    }
    return 0;
}

static size_t intc_describe(void *dev, char *buf, size_t max)
{
    struct intc *d = dev;
    struct text t = text_start(buf, max);
    text_add(&t, "shared 0x%08" PRIx32 "\n", d->shared);
    for (unsigned i = 0; i < d->cores; i++)
        text_add(&t, "core%u.raw 0x%08" PRIx32 "\ncore%u.enable 0x%08" PRIx32 "\n", i,
                 raw(d, i), i, d->core[i].enable);
    return t.at;
}

static const struct hw_intc_ops intc_ops = {
    .dev =
        {
            .create = intc_create,
            .destroy = free,
            .read = intc_read,
            .write = intc_write,
            .save = intc_save,
            .restore = intc_restore,
            .describe = intc_describe,
        },
    .line = intc_line,
    .line_core = intc_line_core,
};

const struct hw_model hw_intc = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_INTC,
    .compatible = "exo,intc",
    .summary = "interrupt controller: 32 level-triggered lines, enabled per core",
    .ops = &intc_ops,
};
