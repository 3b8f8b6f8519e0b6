// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * engine.c - Unicorn engines of a core: opening, running, and keeping what they cache true.
 *
 * Interface: engine_open/close, engine_run, engine_settle, engine_drop, engine_stub, engine_code.
 * What a fill may grant is in fill.c. An engine's caches are made true lazily: flushes and drops
 * are noted (by any callback) and done by engine_settle() before it runs the next time.
 */
#include "fill.h"
#include <stdlib.h>
#include <string.h>

/*
 * Bytes for translated code, per kind of engine. Unicorn 2.1.1 crashes when the buffer is full, and
 * its default of 1 GiB is zeroed at each flush of it: so the buffers are small, and flushed
 * here when they are three quarters full (engine_watch_code).
 */
static const uint32_t code_buffer[ENGINES] = {
    [ENGINE_USER] = 16u << 20,
    [ENGINE_KERNEL] = 8u << 20,
    [ENGINE_USER_STEP] = 4u << 20,
    [ENGINE_KERNEL_STEP] = 2u << 20,
};

static void on_intr(uc_engine *uc, uint32_t number, void *data)
{
    struct engine *e = data;
    e->intr = number;
    e->out = number == e->core->isa->syscall_intr ? OUT_CALL : OUT_INTR;
    uc_emu_stop(uc);
}

static void on_syscall_insn(uc_engine *uc, void *data)
{
    on_intr(uc, CPU_INTR_SYSCALL, data);
}

static uc_err add_hook(struct engine *e, int type, void *callback)
{
    uc_hook h;
    if (type == UC_HOOK_INSN)
        return uc_hook_add(e->uc, &h, type, callback, e, 1, 0, UC_X86_INS_SYSCALL);
    return uc_hook_add(e->uc, &h, type, callback, e, 1, 0);
}

/* Function pointers travel as void * in Unicorn's interface. */
static void *hook_of(void (*f)(void))
{
    void *p;
    memcpy(&p, &f, sizeof p);
    return p;
}
#define HOOK(f) hook_of((void (*)(void))(f))

static uc_err map_memory(struct engine *e)
{
    struct core *c = e->core;
    uc_err err = uc_mem_map_ptr(e->uc, 0, c->w.ram_size, UC_PROT_ALL, c->w.ram);
    if (!err)
        err = uc_mem_map_ptr(e->uc, SCRATCH_BASE, SCRATCH_SIZE, UC_PROT_ALL, c->scratch);
    if (!err && e->kernel)
        err = uc_mmio_map(e->uc, HW_MMIO_BASE, HW_MMIO_END - HW_MMIO_BASE, control_read,
                          c, control_write, c);
    return err;
}

static uc_err set_up(struct engine *e)
{
    const struct cpu_isa *isa = e->core->isa;
    uc_err err = uc_open(isa->arch, isa->mode, &e->uc);
    if (!err)
        err = uc_ctl_set_tcg_buffer_size(e->uc, code_buffer[e->kind]);
    if (!err && isa->cpu_model >= 0)
        err = uc_ctl_set_cpu_model(e->uc, isa->cpu_model);
    if (!err)
        err = uc_ctl_exits_enable(e->uc);
    if (!err)
        err = uc_ctl_tlb_mode(e->uc, UC_TLB_VIRTUAL);
    if (!err)
        err = map_memory(e);
    if (!err)
        err = add_hook(e, UC_HOOK_TLB_FILL, HOOK(fill_callback));
    if (!err)
        err = add_hook(e, UC_HOOK_INTR, HOOK(on_intr));
    if (!err && isa->arch == UC_ARCH_X86)
        err = add_hook(e, UC_HOOK_INSN, HOOK(on_syscall_insn));
    return err;
}

int engine_open(struct core *c, enum engine_kind kind, struct hw_err *err)
{
    struct engine *e = &c->engine[kind];
    memset(e, 0, sizeof *e);
    e->core = c;
    e->kind = kind;
    e->kernel = kind == ENGINE_KERNEL || kind == ENGINE_KERNEL_STEP;
    e->stepper = kind == ENGINE_USER_STEP || kind == ENGINE_KERNEL_STEP;
    e->generation = 1;
    registers_init(e);
    e->wrote = calloc(c->npages, sizeof *e->wrote);
    e->holds = calloc(c->npages, 1);
    const char *why = "out of memory";
    uc_err uce = e->wrote && e->holds ? set_up(e) : UC_ERR_NOMEM;
    if (uce) {
        why = uc_strerror(uce);
    } else if (c->isa->setup(e, !e->kernel) != 0) {
        why = "the engine did not take its set-up";
    } else {
        uce = e->stepper ? add_hook(e, UC_HOOK_CODE, HOOK(meter_insn))
                         : add_hook(e, UC_HOOK_BLOCK, HOOK(meter_block));
        if (!uce)
            return 0;
        why = uc_strerror(uce);
    }
    engine_close(e);
    if (err)
        snprintf(err->msg, sizeof err->msg, "cannot open a Unicorn engine for %s: %s",
                 c->isa->name, why);
    return -1;
}

void engine_close(struct engine *e)
{
    if (e->uc)
        uc_close(e->uc);
    free(e->wrote);
    free(e->holds);
    free(e->drops);
    memset(e, 0, sizeof *e);
}

struct engine *core_engine(struct core *c, enum engine_kind kind)
{
    struct engine *e = &c->engine[kind];
    if (!e->uc) {
        struct hw_err err;
        if (engine_open(c, kind, &err) != 0) {
            core_die(c, "%s", err.msg);
            return NULL;
        }
    }
    return e;
}

/* ---- staying true ---- */

void engine_flush(struct engine *e)
{
    uc_ctl_flush_tlb(e->uc);
    e->generation++;
    e->flush = false;
    e->core->flushes++;
}

/* Called from translated code, with an address in it: translations are laid out upwards. */
void engine_watch_code(struct engine *e, const void *in_code)
{
    uintptr_t at = (uintptr_t)in_code;
    if (e->code_low == 0)
        inline_open(e, in_code);
    if (e->code_low == 0 || at < e->code_low)
        e->code_low = at;
    if (at - e->code_low > code_buffer[e->kind] / 4 * 3) {
        e->code_full = true;
        meter_stop(e);
    }
}

/* The table of blocks is full: begin anew, in all engines. No one runs. */
static void forget_blocks(struct core *c)
{
    for (int i = 0; i < ENGINES; i++)
        if (c->engine[i].uc)
            uc_ctl_flush_tb(c->engine[i].uc);
    memset(c->block, 0, sizeof c->block);
    c->inline_full = false;
}

void engine_settle(struct engine *e)
{
    if (e->core->inline_full)
        forget_blocks(e->core);
    if (e->code_full) {
        uc_ctl_flush_tb(e->uc);
        e->code_full = false;
    }
    if (e->ndrops > 0) {
        engine_flush(e);
        /* remove_cache translates its address: between two flushes, all fills are identity. */
        e->window = true;
        for (size_t i = 0; i < e->ndrops; i++)
            uc_ctl_remove_cache(e->uc, e->drops[i], e->drops[i] + PAGE_SIZE);
        e->window = false;
        e->ndrops = 0;
        e->flush = true;
    }
    if (e->flush)
        engine_flush(e);
}

static void drop_address(struct engine *e, uint64_t at)
{
    if (e->ndrops == e->max_drops) {
        size_t max = e->max_drops ? 2 * e->max_drops : 64;
        uint64_t *drops = realloc(e->drops, max * sizeof *drops);
        if (!drops) /* never run stale code: better die */
            abort();
        e->drops = drops;
        e->max_drops = max;
    }
    e->drops[e->ndrops++] = at;
    if (e->running)
        meter_stop(e);
}

void engine_drop(struct engine *e, uint64_t pa)
{
    e->holds[pa >> PAGE_SHIFT] = 0;
    drop_address(e, PAGE_OF(pa));
}

void engine_drop_scratch(struct engine *e)
{
    for (uint64_t at = 0; at < SCRATCH_SIZE; at += PAGE_SIZE)
        drop_address(e, SCRATCH_BASE + at);
}

/* ---- running ---- */

static bool is_memory_error(uc_err err)
{
    return err ==
               UC_ERR_EXCEPTION || /* what a refused fill gives: INTR hooks see all others */
           (err >= UC_ERR_READ_UNMAPPED && err <= UC_ERR_FETCH_UNMAPPED) ||
           (err >= UC_ERR_WRITE_PROT && err <= UC_ERR_FETCH_PROT);
}

static enum engine_out classify(struct engine *e, uc_err err)
{
    e->error = err;
    if (e->out != OUT_NONE)
        return e->out;
    if (err == UC_ERR_OK)
        return OUT_NONE;
    if (err == UC_ERR_INSN_INVALID)
        return OUT_INVALID;
    if (is_memory_error(err) && e->refused.valid)
        return OUT_FILL;
    return OUT_BROKEN;
}

enum engine_out engine_run(struct engine *e, uint64_t *pc, int64_t budget)
{
    engine_settle(e);
    e->out = OUT_NONE;
    e->refused.valid = false;
    e->last_slot = e->slot = false;
    meter_begin(e, *pc, budget);
    e->reg_known = false;
    e->running = true;
    uc_err err = uc_emu_start(e->uc, *pc, 0, 0, 0);
    e->running = false;
    inline_sync(e);
    e->out = classify(e, err);
    *pc = 0;
    uc_reg_read(e->uc, e->core->isa->pc_reg, pc);
    if (e->out == OUT_CALL &&
        e->core->isa->has_slot) /* MIPS: the engine's PC may be stale */
        *pc = e->stepper ? e->last_pc + e->core->isa->width : e->meter.pc + e->meter.size;
    if (e->out == OUT_FILL && e->refused.access != HW_FETCH)
        meter_end(e, *pc);
    return e->out;
}

int engine_stub(struct engine *e, const void *code, size_t len)
{
    struct core *c = e->core;
    memcpy(c->scratch, code, len);
    e->out = OUT_NONE;
    meter_begin(e, SCRATCH_BASE, CHUNK_MAX);
    engine_settle(e);
    e->window = true;
    uc_emu_start(e->uc, SCRATCH_BASE, 0, 0, 0);
    e->window = false;
    memset(c->scratch, 0, PAGE_SIZE);
    engine_drop_scratch(e);
    return e->out == OUT_CALL ? 0 : -1;
}

const uint8_t *engine_code(struct engine *e, uint64_t va)
{
    struct core *c = e->core;
    if (e->kernel)
        return va < c->w.ram_size ? c->w.ram + va : NULL;
    uint64_t page = PAGE_OF(va);
    unsigned slot = (unsigned)(va >> PAGE_SHIFT) % FETCH_SLOTS;
    if (e->fetched[slot].va != page || e->fetched[slot].generation != e->generation) {
        struct hw_mmu_entry entry;
        if (!c->w.mmu->lookup(c->w.mmu_dev, page, HW_FETCH, &entry) ||
            !fill_is_ram(c, entry.pa))
            return NULL;
        fill_note_fetch(e, page, entry.pa);
    }
    return c->w.ram + e->fetched[slot].pa + (va - page);
}
