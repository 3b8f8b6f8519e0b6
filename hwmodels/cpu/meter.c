// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * meter.c - exact counts of retired instructions.
 *
 * A main engine counts a block when it begins (BLOCK hook, before its first instruction) and gives
 * back what did not retire when the block ends early. A stepper counts single instructions.
 * Interface: meter_block and meter_insn (hooks), meter_end, meter_stop, meter_taken,
 * meter_distance, meter_length, meter_forget.
 *
 * What is one instruction: what the ISA says; on x86-64 each iteration of a repeated string
 * instruction counts as one (and may be interrupted); on MIPS a nullified delay slot counts.
 */
#include "core.h"
#include <string.h>

static size_t page_rest(uint64_t pc)
{
    return (size_t)(PAGE_SIZE - (pc & (PAGE_SIZE - 1)));
}

unsigned meter_length(struct engine *e, uint64_t pc)
{
    const struct cpu_isa *isa = e->core->isa;
    if (isa->width)
        return isa->width;
    const uint8_t *p = engine_code(e, pc);
    size_t rest = page_rest(pc);
    unsigned n = p ? isa->length(e->core, p, rest) : 0;
    if (n || rest >= CPU_INSN_MAX)
        return n;
    /* It may end on the page behind. */
    uint8_t bytes[CPU_INSN_MAX] = {0};
    const uint8_t *next = p ? engine_code(e, pc + rest) : NULL;
    if (!next)
        return 0;
    memcpy(bytes, p, rest);
    memcpy(bytes + rest, next, sizeof bytes - rest);
    return isa->length(e->core, bytes, sizeof bytes);
}

uint32_t meter_distance(struct engine *e, uint64_t from, uint64_t to)
{
    const struct cpu_isa *isa = e->core->isa;
    if (isa->width)
        return (uint32_t)((to - from) / isa->width);
    uint32_t n = 0;
    while (from < to) {
        unsigned len = meter_length(e, from);
        if (len == 0)
            break;
        from += len;
        n++;
    }
    return n;
}

/* Must the engine not run the instruction at pc by itself? */
static bool is_special(struct engine *e, uint64_t pc, const uint8_t *p)
{
    const struct cpu_isa *isa = e->core->isa;
    if (isa->width && pc % isa->width != 0)
        return true; /* jumped to no instruction's address */
    return p && isa->special && isa->special(p, page_rest(pc)) != CPU_PLAIN;
}

/* Count and inspect the instructions of a block. */
static void decode_block(struct engine *e, uint64_t pc, uint32_t size, uint32_t *count,
                         bool *special)
{
    const struct cpu_isa *isa = e->core->isa;
    uint64_t at = pc, end = pc + size;
    *count = 0;
    *special = is_special(e, pc, NULL); /* even if nothing was translated there */
    while (at < end) {
        if (is_special(e, at, isa->special ? engine_code(e, at) : NULL))
            *special = true;
        unsigned len = meter_length(e, at);
        (*count)++;
        if (len == 0) /* undecodable: the engine ended its block with it */
            break;
        at += len;
    }
}

static uint32_t block_count(struct engine *e, uint64_t pc, uint32_t size, bool *special)
{
    struct core *c = e->core;
    *special = false;
    if (c->isa->width && !c->isa->special)
        return size / c->isa->width;
    uint32_t count;
    const uint8_t *p = engine_code(e, pc);
    if (!p) {
        decode_block(e, pc, size, &count, special);
        return count;
    }
    uint64_t pa = (uint64_t)(p - c->w.ram);
    uint64_t key = pa << 16 | size;
    size_t slot = (size_t)(pa ^ pa >> 12 ^ size) % COUNT_SLOTS;
    /* A block that runs over the page's end depends on what is mapped behind it. */
    bool keep = size <= page_rest(pc);
    if (!keep || c->counts[slot].key != key) {
        decode_block(e, pc, size, &count, special);
        if (keep) {
            c->counts[slot].key = key;
            c->counts[slot].count = (uint16_t)count;
            c->counts[slot].special = *special;
        }
        return count;
    }
    *special = c->counts[slot].special;
    return c->counts[slot].count;
}

void meter_forget(struct core *c)
{
    memset(c->counts, 0, sizeof c->counts);
}

/* The block at pc is the delay slot of the branch that ended the block before: page ends. */
static bool begins_in_slot(struct engine *e, uint64_t pc)
{
    const struct meter *m = &e->meter;
    const struct cpu_isa *isa = e->core->isa;
    if (!isa->has_slot || pc & (PAGE_SIZE - 1) || m->size == 0 || m->pc + m->size != pc)
        return false;
    const uint8_t *p = engine_code(e, pc - isa->width);
    return p && isa->has_slot(p);
}

/* A block at a page's start may be the delay slot of the block before; one that is observed has to
 * call back. */
static bool may_inline(const struct engine *e, uint64_t pc)
{
    const struct hw_observer *o = &e->core->observer;
    return !o->retired && !o->before &&
           (!e->core->isa->has_slot || (pc & (PAGE_SIZE - 1)) != 0);
}

void meter_block(uc_engine *uc, uint64_t pc, uint32_t size, void *data)
{
    struct engine *e = data;
    struct meter *m = &e->meter;
    const void *caller = __builtin_return_address(0);
    bool special;
    inline_sync(e);
    engine_watch_code(e, caller);
    uint32_t count = block_count(e, pc, size, &special);
    bool near = observe_near(e, pc, size), slot = begins_in_slot(e, pc);
    if (special || near || (!meter_covers(e, count) && !slot)) {
        e->out = special && m->left > 0             ? OUT_SPECIAL
                 : e->peek || (near && m->left > 0) ? OUT_NEAR
                                                    : OUT_SHORT;
        e->special_count = count;
        uc_emu_stop(uc);
        return;
    }
    if (!slot && observe_stops(e, pc)) {
        e->out = OUT_WATCH;
        uc_emu_stop(uc);
        return;
    }
    m->left -= count;
    m->slot = slot;
    m->pc = pc;
    m->size = size;
    m->count = count;
    if (meter_in_library(pc))
        m->lib += count;
    observe_retired(e, pc, count);
    if (may_inline(e, pc))
        inline_block(e, caller, pc, size, count);
}

void meter_insn(uc_engine *uc, uint64_t pc, uint32_t size, void *data)
{
    struct engine *e = data;
    struct meter *m = &e->meter;
    const struct cpu_isa *isa = e->core->isa;
    engine_watch_code(e, __builtin_return_address(0));
    bool slot = e->last_slot && pc == e->last_pc + isa->width;
    if (m->left <= 0 && !slot) {
        e->out = OUT_SHORT;
        uc_emu_stop(uc);
        return;
    }
    if (!slot && observe_stops(e, pc)) {
        e->out = OUT_WATCH;
        uc_emu_stop(uc);
        return;
    }
    const uint8_t *p = isa->special || isa->has_slot ? engine_code(e, pc) : NULL;
    if (is_special(e, pc, p)) {
        e->out = OUT_SPECIAL;
        uc_emu_stop(uc);
        return;
    }
    observe_retired(e, pc, 1);
    m->left--;
    m->pc = pc;
    m->size = size ? size : 1;
    m->count = 1;
    if (meter_in_library(pc))
        m->lib++;
    e->last_pc = pc;
    e->slot = slot;
    e->last_slot = p && isa->has_slot && isa->has_slot(p);
}

void meter_end(struct engine *e, uint64_t pc)
{
    struct meter *m = &e->meter;
    if (pc < m->pc || pc >= m->pc + m->size)
        return;
    uint32_t back = m->count - meter_distance(e, m->pc, pc);
    observe_retired(e, pc, -(int64_t)back);
    m->left += back;
    if (meter_in_library(m->pc))
        m->lib -= back;
    m->count -= back;
}

void meter_begin(struct engine *e, uint64_t pc, int64_t budget)
{
    struct meter *m = &e->meter;
    m->left = m->start = budget;
    m->lib = 0;
    m->id = m->size = m->count = 0;
    m->slot = false;
    m->pc = pc;
}

void meter_stop(struct engine *e)
{
    e->meter.start -= e->meter.left;
    e->meter.left = 0;
}

void meter_shorten(struct core *c)
{
    for (int i = 0; i < ENGINES; i++) {
        struct engine *e = &c->engine[i];
        if (!e->running)
            continue;
        int64_t taken = (int64_t)meter_taken(e);
        int64_t left = core_budget(c) - (int64_t)meter_unpaid(e);
        if (left < 0 || c->deadline <= c->cycle)
            left = 0;
        if (left < e->meter.left) {
            e->meter.left = left;
            e->meter.start = taken + left;
        }
    }
}

uint64_t meter_taken(const struct engine *e)
{
    return (uint64_t)(e->meter.start - e->meter.left);
}

uint64_t meter_unpaid(const struct engine *e)
{
    uint64_t taken = meter_taken(e), paid = e->kernel ? e->core->prepaid : 0;
    return taken > paid ? taken - paid : 0;
}
