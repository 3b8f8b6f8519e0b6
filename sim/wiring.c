// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wiring.c - the functions behind struct hw_env and struct hw_cpu_wiring: what a model's pins are
 * connected to. Every `host` is a struct instance.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "machine_priv.h"

bool wire_again(const struct machine *m)
{
    return trace_count(&m->trace) < m->furthest;
}

uint64_t wire_now(const struct machine *m)
{
    if (m->running == NO_CORE)
        return m->now;
    return m->cpu->cycles(m->core[m->running].cpu->dev);
}

void wire_kick(struct machine *m)
{
    m->rescheduled = true;
    stop_soon(m);
}

static uint32_t context(const struct machine *m, uint32_t core)
{
    const struct instance *cpu = m->core[core].cpu;
    return cpu && cpu->dev ? m->cpu->context(cpu->dev) : 0;
}

static uint64_t env_now(void *host)
{
    const struct instance *i = host;
    return wire_now(i->m);
}

static void env_trace(void *host, enum hw_event ev, uint64_t a, uint64_t b)
{
    struct instance *i = host;
    struct machine *m = i->m;
    uint32_t core = i->core != NO_CORE ? i->core : m->running;
    if (ev == (enum hw_event)TRACE_BATCHED && a < CALLS_MAX)
        m->call_counts[a]++;
    if (core == NO_CORE)
        trace_put(&m->trace, m->now, ev, TRACE_NO_CORE, 0, a, b);
    else
        trace_put(&m->trace, wire_now(m), ev, core, context(m, core), a, b);
}

static void trace_core(struct machine *m, unsigned core, enum hw_event ev, uint64_t a,
                       uint64_t b)
{
    trace_put(&m->trace, wire_now(m), ev, core, context(m, core), a, b);
}

/* ---- interrupts ---- */

static void wake(struct machine *m, unsigned core)
{
    struct core *c = &m->core[core];
    if (!c->waiting)
        return;
    uint64_t now = wire_now(m);
    if (m->cpu->cycles(c->cpu->dev) < now)
        m->cpu->set_cycles(c->cpu->dev, now);
    c->waiting = false;
    trace_core(m, core, HW_EV_WAIT, 0, 0);
    wire_kick(m);
}

static void env_irq(void *host, bool level)
{
    struct instance *i = host;
    struct machine *m = i->m;
    if (i->node->irq == BOARD_NO_IRQ || i->level == level)
        return;
    i->level = level;
    if (m->intc)
        model_intc(m->intc->node->model)->line(m->intc->dev, i->node->irq, level);
}

static void env_irq_core(void *host, unsigned core, bool level)
{
    struct instance *i = host;
    struct machine *m = i->m;
    assert(core < m->cores);
    if (i->node->irq == BOARD_NO_IRQ || i->core_level[core] == level)
        return;
    i->core_level[core] = level;
    if (m->intc && model_intc(m->intc->node->model)->line_core)
        model_intc(m->intc->node->model)
            ->line_core(m->intc->dev, core, i->node->irq, level);
}

static void env_core_irq(void *host, unsigned core, bool level)
{
    struct instance *i = host;
    struct machine *m = i->m;
    assert(core < m->cores);
    if (!m->core[core].cpu || !m->core[core].cpu->dev)
        return;
    m->cpu->set_irq(m->core[core].cpu->dev, level);
    if (level)
        wake(m, core);
}

static void cpu_ipi(void *host, unsigned from, unsigned to)
{
    struct instance *i = host;
    struct machine *m = i->m;
    (void)from;
    if (to >= m->cores) {
        i->env.guest_error(i, "interprocessor interrupt to core %u of %u", to, m->cores);
        return;
    }
    m->cpu->set_ipi(m->core[to].cpu->dev, true);
    wake(m, to);
}

/* ---- time ---- */

static void env_event(void *host, uint32_t tag, uint64_t at)
{
    struct instance *i = host;
    struct machine *m = i->m;
    assert(tag < EVENT_TAGS);
    uint64_t now = wire_now(m);
    if (at < now)
        at = now;
    event_set(&m->events, i->index, tag, at);
    if (at < m->deadline)
        wire_kick(m);
}

static void env_charge(void *host, uint64_t cycles)
{
    struct instance *i = host;
    struct machine *m = i->m;
    if (m->running != NO_CORE && m->cpu->charge)
        m->cpu->charge(m->core[m->running].cpu->dev, cycles);
}

/* splitmix64 */
static uint64_t env_random(void *host)
{
    struct instance *i = host;
    uint64_t z = (i->random += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void seed_random(struct instance *i)
{
    uint64_t h =
        UINT64_C(0xcbf29ce484222325) ^ i->m->seed; /* FNV-1a over the node's path */
    for (const char *p = i->node->path; *p; p++)
        h = (h ^ (uint8_t)*p) * UINT64_C(0x100000001b3);
    i->random = h ^ (uint64_t)i->core << 32;
}

/* ---- memory ---- */

static bool in_ram(const struct machine *m, uint64_t pa, uint64_t len)
{
    return pa <= m->ram_size && len <= m->ram_size - pa;
}

static int env_dma_read(void *host, uint64_t pa, void *to, size_t len)
{
    struct instance *i = host;
    if (!in_ram(i->m, pa, len))
        return -1;
    memcpy(to, i->m->ram + pa, len);
    return 0;
}

static void all_code_written(struct machine *m, uint64_t pa, uint64_t len)
{
    for (unsigned c = 0; c < m->cores; c++)
        if (m->core[c].cpu && m->core[c].cpu->dev)
            m->cpu->code_written(m->core[c].cpu->dev, pa, len);
}

static int env_dma_write(void *host, uint64_t pa, const void *from, size_t len)
{
    struct instance *i = host;
    struct machine *m = i->m;
    if (!in_ram(m, pa, len))
        return -1;
    memcpy(m->ram + pa, from, len);
    for (uint64_t page = pa >> 12; len && page <= (pa + len - 1) >> 12; page++)
        if (m->code_pages[page])
            all_code_written(m, page << 12, 4096);
    return 0;
}

static void cpu_code_executed(void *host, unsigned core, uint64_t pa)
{
    struct instance *i = host;
    struct machine *m = i->m;
    (void)core;
    for (unsigned c = 0; c < m->cores; c++)
        if (m->core[c].cpu && m->core[c].cpu->dev)
            m->cpu->code_executed(m->core[c].cpu->dev, pa);
}

static void cpu_code_written(void *host, unsigned core, uint64_t pa)
{
    struct instance *i = host;
    (void)core;
    all_code_written(i->m, pa & ~UINT64_C(4095), 4096);
}

/* ---- MMU ---- */

static void env_mmu_changed(void *host)
{
    struct instance *i = host;
    struct machine *m = i->m;
    if (i->core != NO_CORE && m->core[i->core].cpu && m->core[i->core].cpu->dev)
        m->cpu->mmu_changed(m->core[i->core].cpu->dev);
}

static void env_mmu_broadcast(void *host, uint32_t op, uint64_t a, uint64_t b)
{
    struct instance *i = host;
    struct machine *m = i->m;
    for (unsigned c = 0; c < m->cores; c++)
        if (c != i->core && m->mmu_dev[c])
            m->mmu->broadcast(m->mmu_dev[c], op, a, b);
}

/* ---- the user ---- */

static void env_guest_error(void *host, const char *fmt, ...)
{
    struct instance *i = host;
    struct machine *m = i->m;
    char text[400];
    int n = snprintf(text, sizeof text, "%s (%s): ", i->node->path,
                     i->node->model->compatible);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text + n, sizeof text - (size_t)n, fmt, ap);
    va_end(ap);
    for (unsigned k = 0; k < m->nguest_errors; k++)
        if (strcmp(m->guest_error[k], text) == 0) {
            m->guest_error_count[k]++;
            return;
        }
    if (m->nguest_errors == GUEST_ERRORS)
        return;
    m->guest_error_count[m->nguest_errors] = 1;
    m->guest_error[m->nguest_errors++] = mem_str(text);
    console_flush(m->setup.console);
    say("guest error: %s", text);
}

static void env_console_out(void *host, const uint8_t *bytes, size_t n)
{
    struct instance *i = host;
    struct machine *m = i->m;
    if (console_write(m->setup.console, bytes, n) && !m->host_failed) {
        m->host_failed = true;
        wire_kick(m);
    }
}

static size_t env_console_in(void *host, uint8_t *bytes, size_t max)
{
    struct instance *i = host;
    struct record *r = i->m->setup.record;
    size_t fresh = 0;
    if (!record_replays(r))
        fresh = console_read(i->m->setup.console, bytes, max);
    return r ? record_input(r, wire_now(i->m), bytes, max, fresh) : fresh;
}

static void cpu_report(void *host, unsigned core, uint32_t pa)
{
    struct instance *i = host;
    struct machine *m = i->m;
    struct hw_report r;
    if (!in_ram(m, pa, sizeof r)) {
        i->env.guest_error(i, "a trap report at 0x%" PRIx32 ", which is not RAM", pa);
        return;
    }
    memcpy(&r, m->ram + pa, sizeof r);
    r.program[sizeof r.program - 1] = 0;
    console_flush(m->setup.console);
    if (m->setup.report && !wire_again(m))
        m->setup.report(m->setup.report_arg, m, core, &r);
}

static uint32_t cpu_mmio_read(void *host, unsigned core, uint32_t pa)
{
    struct instance *i = host;
    return bus_read(&i->m->bus, core, pa);
}

static void cpu_mmio_write(void *host, unsigned core, uint32_t pa, uint32_t value)
{
    struct instance *i = host;
    bus_write(&i->m->bus, core, pa, value);
}

void wire_env(struct instance *inst)
{
    enum hw_class c = inst->node->model->class_;
    inst->env = (struct hw_env){
        .host = inst,
        .node = inst->node->path,
        .now = env_now,
        .irq = env_irq,
        .irq_core = env_irq_core,
        .charge = env_charge,
        .event = env_event,
        .dma_read = env_dma_read,
        .dma_write = env_dma_write,
        .random = env_random,
        .trace = env_trace,
        .guest_error = env_guest_error,
        .clock_hz = inst->m->board->clock_hz,
    };
    if (c == HW_CLASS_CONSOLE) {
        inst->env.console_out = env_console_out;
        inst->env.console_in = env_console_in;
    }
    if (c == HW_CLASS_MMU) {
        inst->env.mmu_changed = env_mmu_changed;
        inst->env.mmu_broadcast = env_mmu_broadcast;
    }
    if (c == HW_CLASS_INTC)
        inst->env.core_irq = env_core_irq;
    if (c == HW_CLASS_DISK)
        wire_store(inst);
    if (c == HW_CLASS_NIC)
        wire_nic(inst);
    seed_random(inst);
}

void wire_cpu(struct machine *m, unsigned core, struct hw_cpu_wiring *w)
{
    *w = (struct hw_cpu_wiring){
        .ram = m->ram,
        .ram_size = m->ram_size,
        .core = core,
        .cores = m->cores,
        .mmu = m->mmu,
        .mmu_dev = m->mmu_dev[core],
        .mmio_read = cpu_mmio_read,
        .mmio_write = cpu_mmio_write,
        .call_first = CALLS_FIRST,
        .call_count = CALLS_MAX,
        .call_counts = m->call_counts,
        .code_pages = m->code_pages,
        .code_executed = cpu_code_executed,
        .code_written = cpu_code_written,
        .report = cpu_report,
        .ipi = cpu_ipi,
    };
}
