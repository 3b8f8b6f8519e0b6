// SPDX-License-Identifier: GPL-2.0-or-later
/* fake_env.c - see fake_env.h. */
#include "fake_env.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t now(void *host)
{
    return ((struct fake_env *)host)->now;
}

static void irq(void *host, bool level)
{
    struct fake_env *f = host;
    f->irq = level;
    f->line_changes++;
}

static void irq_core(void *host, unsigned core, bool level)
{
    struct fake_env *f = host;
    if (core >= FAKE_CORES)
        abort();
    f->irq_core[core] = level;
    f->line_changes++;
}

static void charge(void *host, uint64_t cycles)
{
    ((struct fake_env *)host)->charged += cycles;
}

static void event(void *host, uint32_t tag, uint64_t at)
{
    if (tag >= FAKE_TAGS)
        abort();
    ((struct fake_env *)host)->deadline[tag] = at;
}

static bool in_ram(const struct fake_env *f, uint64_t pa, size_t len)
{
    return pa <= f->ram_size && len <= f->ram_size - pa;
}

static int dma_read(void *host, uint64_t pa, void *to, size_t len)
{
    struct fake_env *f = host;
    if (!in_ram(f, pa, len))
        return -1;
    memcpy(to, f->ram + pa, len);
    return 0;
}

static int dma_write(void *host, uint64_t pa, const void *from, size_t len)
{
    struct fake_env *f = host;
    if (!in_ram(f, pa, len))
        return -1;
    memcpy(f->ram + pa, from, len);
    return 0;
}

/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
static uint64_t random_number(void *host)
{
    struct fake_env *f = host;
    uint64_t z = (f->random += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void trace(void *host, enum hw_event ev, uint64_t a, uint64_t b)
{
    struct fake_env *f = host;
    struct hw_trace_record r = {
        .cycle = f->now, .event = (uint16_t)ev, .core = 0, .env = 0, .a = a, .b = b};
    f->last[f->traces++ % 64] = r;
    const uint8_t *bytes = (const uint8_t *)&r;
    for (size_t i = 0; i < sizeof r; i++) /* FNV-1a */
        f->trace_hash = (f->trace_hash ^ bytes[i]) * UINT64_C(0x100000001b3);
}

static void guest_error(void *host, const char *fmt, ...)
{
    struct fake_env *f = host;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(f->error, sizeof f->error, fmt, ap);
    va_end(ap);
    f->errors++;
}

static void console_out(void *host, const uint8_t *bytes, size_t n)
{
    struct fake_env *f = host;
    for (size_t i = 0; i < n && f->nout < FAKE_OUT; i++)
        f->out[f->nout++] = bytes[i];
}

static size_t console_in(void *host, uint8_t *bytes, size_t max)
{
    struct fake_env *f = host;
    size_t n = max < f->nin ? max : f->nin;
    f->asked++;
    if (n > 0) {
        memcpy(bytes, f->in, n);
        f->in += n;
        f->nin -= n;
    }
    return n;
}

static void mmu_changed(void *host)
{
    struct fake_env *f = host;
    f->changed++;
    if (f->on_changed)
        f->on_changed(f->changed_ctx);
}

static void mmu_broadcast(void *host, uint32_t op, uint64_t a, uint64_t b)
{
    struct fake_env *f = host;
    f->broadcasts++;
    for (unsigned i = 0; i < FAKE_PEERS; i++)
        if (f->peer[i].ops)
            f->peer[i].ops->broadcast(f->peer[i].dev, op, a, b);
}

static void core_irq(void *host, unsigned core, bool level)
{
    struct fake_env *f = host;
    if (core >= FAKE_CORES)
        abort();
    f->core_irq[core] = level;
    f->line_changes++;
}

/* ---- the medium of a disk ---- */

static uint64_t store_size(void *host)
{
    return ((struct fake_env *)host)->store_size;
}

uint64_t fake_env_kept(const struct fake_env *f)
{
    return f->store_size < FAKE_STORE ? f->store_size : FAKE_STORE;
}

static int store_blank(void *host, uint64_t size)
{
    struct fake_env *f = host;
    if (f->store_size || size == 0)
        return -1;
    f->store_size = size;
    f->store = malloc(fake_env_kept(f));
    if (!f->store)
        abort();
    memset(f->store, f->blank, fake_env_kept(f));
    return 0;
}

static bool in_store(const struct fake_env *f, uint64_t off, size_t len)
{
    return !f->store_broken && off <= f->store_size && len <= f->store_size - off;
}

static int store_read(void *host, uint64_t off, void *to, size_t len)
{
    struct fake_env *f = host;
    if (!in_store(f, off, len))
        return -1;
    memset(to, f->blank, len);
    if (off + len <= fake_env_kept(f))
        memcpy(to, f->store + off, len);
    return 0;
}

static int store_write(void *host, uint64_t off, const void *from, size_t len)
{
    struct fake_env *f = host;
    if (!in_store(f, off, len))
        return -1;
    f->store_writes++;
    if (off + len <= fake_env_kept(f))
        memcpy(f->store + off, from, len);
    return 0;
}

static void store_flush(void *host)
{
    ((struct fake_env *)host)->store_flushes++;
}

static uint64_t net_send(void *host, const uint8_t *frame, size_t len)
{
    struct fake_env *f = host;
    if (len < 14 || len > HW_FRAME_MAX)
        abort();
    memcpy(f->sent, frame, len);
    f->nsent = len;
    f->frames++;
    return f->now + f->wire_cycles;
}

static uint64_t net_mac(void *host)
{
    (void)host;
    return FAKE_MAC;
}

void fake_env_init(struct fake_env *f, size_t ram_size, uint64_t seed)
{
    memset(f, 0, sizeof *f);
    f->ram = calloc(1, ram_size ? ram_size : 1);
    if (!f->ram)
        abort();
    f->ram_size = ram_size;
    f->random = seed;
    f->wire_cycles = 1000;
    f->trace_hash = UINT64_C(0xcbf29ce484222325);
    for (unsigned i = 0; i < FAKE_TAGS; i++)
        f->deadline[i] = UINT64_MAX;
    f->env = (struct hw_env){
        .host = f,
        .node = "/fake@f0001000",
        .now = now,
        .irq = irq,
        .irq_core = irq_core,
        .charge = charge,
        .event = event,
        .dma_read = dma_read,
        .dma_write = dma_write,
        .random = random_number,
        .trace = trace,
        .guest_error = guest_error,
        .console_out = console_out,
        .console_in = console_in,
        .mmu_changed = mmu_changed,
        .mmu_broadcast = mmu_broadcast,
        .core_irq = core_irq,
        .store_size = store_size,
        .store_blank = store_blank,
        .store_read = store_read,
        .store_write = store_write,
        .store_flush = store_flush,
        .clock_hz = FAKE_HZ,
        .net_send = net_send,
        .net_mac = net_mac,
    };
}

void fake_env_free(struct fake_env *f)
{
    free(f->ram);
    f->ram = NULL;
    free(f->store);
    f->store = NULL;
}

void fake_env_run(struct fake_env *f, const struct hw_dev_ops *ops, void *dev,
                  uint64_t until)
{
    for (;;) {
        uint32_t first = 0;
        for (uint32_t i = 1; i < FAKE_TAGS; i++)
            if (f->deadline[i] < f->deadline[first])
                first = i;
        uint64_t at = f->deadline[first];
        if (at == UINT64_MAX || at > until)
            break;
        f->deadline[first] = UINT64_MAX;
        if (at > f->now)
            f->now = at;
        ops->event(dev, first);
    }
    if (until > f->now)
        f->now = until;
}

const struct hw_trace_record *fake_env_last(const struct fake_env *f, unsigned back)
{
    return back < f->traces && back < 64 ? &f->last[(f->traces - 1 - back) % 64] : NULL;
}
