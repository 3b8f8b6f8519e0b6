// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * state.c - a core's state as bytes (save, restore), as text (describe) and as numbers (stats).
 *
 * Saved: registers of both modes, the trap unit, time and counters. Not saved: what the engines
 * cache.
 */
#include "../state.h"
#include "../text.h"
#include "core.h"
#include <inttypes.h>
#include <string.h>

#define STATE_VERSION 2u

static void put_file(struct state_out *o, struct core *c, enum engine_kind kind)
{
    const struct cpu_isa *isa = c->isa;
    uc_engine *uc = c->engine[kind].uc;
    for (unsigned i = 0; i < isa->ngpr; i++) {
        uint64_t v = 0;
        uc_reg_read(uc, isa->gpr[i], &v);
        state_put64(o, v);
    }
    uint64_t file[CPU_FPR_MAX][2];
    fp_get(c, &c->engine[kind], file);
    for (size_t i = 0; i < fp_size(c); i++)
        state_put8(o, ((const uint8_t *)file)[i]);
    uint64_t link[LINK_WORDS];
    link_get(c, &c->engine[kind], link);
    for (unsigned i = 0; i < LINK_WORDS; i++)
        state_put64(o, link[i]);
}

static void get_file(struct state_in *in, struct core *c, enum engine_kind kind)
{
    c->engine[kind].reg_known = false;
    const struct cpu_isa *isa = c->isa;
    uc_engine *uc = c->engine[kind].uc;
    for (unsigned i = 0; i < isa->ngpr; i++) {
        uint64_t v = state_get64(in);
        uc_reg_write(uc, isa->gpr[i], &v);
    }
    uint64_t file[CPU_FPR_MAX][2];
    for (size_t i = 0; i < fp_size(c); i++)
        ((uint8_t *)file)[i] = state_get8(in);
    fp_put(c, &c->engine[kind], file);
    uint64_t link[LINK_WORDS];
    for (unsigned i = 0; i < LINK_WORDS; i++)
        link[i] = state_get64(in);
    link_put(c, &c->engine[kind], link);
}

static uint32_t flags_of(const struct core *c)
{
    return (c->kernel ? 1u : 0) | (c->fpu ? 2u : 0) | (c->irq ? 4u : 0) |
           (c->ipi ? 8u : 0) | (c->waiting ? 16u : 0) | (c->dead ? 32u : 0) |
           (c->kicked ? 64u : 0) | (uint32_t)c->stop << 8;
}

size_t core_save(void *cpu, uint8_t *buf, size_t max)
{
    struct core *c = cpu;
    struct state_out o = {buf, max, 0};
    uint64_t badaddr = trap_badaddr(c); /* the instruction itself is not kept */
    state_put32(&o, STATE_VERSION);
    state_put32(&o, (uint32_t)c->isa->isa);
    put_file(&o, c, ENGINE_USER);
    put_file(&o, c, ENGINE_KERNEL);
    const uint64_t words[] = {
        c->pc,  c->cycle, (uint64_t)c->milli, c->user, c->lib, c->kernel_insns,
        c->epc, c->usp,   c->badpage,         badaddr, c->ksp};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        state_put64(&o, words[i]);
    const uint32_t halves[] = {c->cause,       c->vector,     c->miss_vector, c->context,
                               c->latch,       c->trace_a,    c->trace_b,     flags_of(c),
                               c->exit.status, c->exit.cause, c->prepaid};
    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++)
        state_put32(&o, halves[i]);
    for (unsigned i = 0; i < HW_CAUSE_COUNT; i++)
        state_put64(&o, c->traps[i]);
    for (unsigned i = 0; i < CALL_NOTES; i++) {
        const struct call_note *n = &c->note[i];
        state_put32(&o, n->valid ? n->context : 0);
        state_put32(&o, n->valid ? n->number : 0);
        state_put64(&o, n->valid ? n->epc : 0);
        state_put8(&o, n->valid);
    }
    for (size_t i = 0; i < sizeof c->exit.message; i++)
        state_put8(&o, (uint8_t)c->exit.message[i]);
    return o.at;
}

static void get_unit(struct state_in *in, struct core *c)
{
    c->pc = state_get64(in);
    c->cycle = state_get64(in);
    c->milli = (int64_t)state_get64(in);
    c->user = state_get64(in);
    c->lib = state_get64(in);
    c->kernel_insns = state_get64(in);
    c->epc = state_get64(in);
    c->usp = state_get64(in);
    c->badpage = state_get64(in);
    c->badaddr = state_get64(in);
    c->badaddr_known = true;
    c->ksp = state_get64(in);
    c->cause = state_get32(in);
    c->vector = state_get32(in);
    c->miss_vector = state_get32(in);
    c->context = state_get32(in);
    c->latch = state_get32(in);
    c->trace_a = state_get32(in);
    c->trace_b = state_get32(in);
    uint32_t flags = state_get32(in);
    c->kernel = flags & 1u;
    c->fpu = flags & 2u;
    c->irq = flags & 4u;
    c->ipi = flags & 8u;
    c->waiting = flags & 16u;
    c->dead = flags & 32u;
    c->kicked = flags & 64u;
    c->stop = (enum core_stop)(flags >> 8 & 3u);
    c->exit.status = state_get32(in);
    c->exit.cause = state_get32(in);
    c->prepaid = state_get32(in);
}

int core_restore(void *cpu, const uint8_t *buf, size_t len)
{
    struct core *c = cpu;
    struct state_in in = {buf, len, 0, false};
    if (len != core_save(c, NULL, 0) || state_get32(&in) != STATE_VERSION ||
        state_get32(&in) != (uint32_t)c->isa->isa)
        return -1;
    core_reset(c, 0, 0);
    get_file(&in, c, ENGINE_USER);
    get_file(&in, c, ENGINE_KERNEL);
    get_unit(&in, c);
    for (unsigned i = 0; i < HW_CAUSE_COUNT; i++)
        c->traps[i] = state_get64(&in);
    for (unsigned i = 0; i < CALL_NOTES; i++) {
        struct call_note *n = &c->note[i];
        n->context = state_get32(&in);
        n->number = state_get32(&in);
        n->epc = state_get64(&in);
        n->valid = state_get8(&in) != 0;
    }
    for (size_t i = 0; i < sizeof c->exit.message; i++)
        c->exit.message[i] = (char)state_get8(&in);
    c->exit.message[sizeof c->exit.message - 1] = 0;
    return state_done(&in) ? 0 : -1;
}

size_t core_describe(void *cpu, char *buf, size_t max)
{
    struct core *c = cpu;
    struct text t = text_start(buf, max);
    const struct engine *e = &c->engine[c->kernel ? ENGINE_KERNEL : ENGINE_USER];
    text_add(&t, "mode %s\npc 0x%" PRIx64 "\ncycle %" PRIu64 "\n",
             c->kernel ? "kernel" : "user", c->pc, c->cycle);
    for (unsigned i = 0; i < c->isa->ngpr; i++) {
        uint64_t v = 0;
        uc_reg_read(e->uc, c->isa->gpr[i], &v);
        text_add(&t, "%s 0x%" PRIx64 "\n", c->isa->gpr_name[i], v);
    }
    text_add(&t,
             "cause 0x%x\nepc 0x%" PRIx64 "\nbadvaddr 0x%" PRIx64 "\nusp 0x%" PRIx64
             "\nksp 0x%" PRIx64 "\nvector 0x%x\ncontext %u\npending %d\n",
             c->cause, c->epc, trap_badaddr(c), c->usp, c->ksp, c->vector, c->context,
             core_pending(c));
    return t.at;
}

void core_stats(void *cpu, struct hw_cpu_stats *out)
{
    struct core *c = cpu;
    out->user = c->user;
    out->lib = c->lib;
    out->kernel = core_counter(c, CORE_KERNEL);
    memcpy(out->traps, c->traps, sizeof out->traps);
    out->steps = c->steps;
    out->flushes = c->flushes;
}
