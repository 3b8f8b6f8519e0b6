// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * model.c - creating a core, resetting it, and the small operations of struct hw_cpu_ops.
 * Parameters are the same for every ISA; costs come from the board.
 */
#include "../text.h"
#include "core.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

const struct hw_param core_params[CORE_NPARAMS] = {
    {"exo,cycles-per-instruction", HW_PARAM_U64, "cycles", 1, 1, 1000, NULL,
     "cost of one retired instruction"},
    {"exo,millicycles-per-instruction", HW_PARAM_U64, "cycles/1000", 0, 0, 1000000, NULL,
     "the same in thousandths of a cycle; 0 = use exo,cycles-per-instruction"},
    {"exo,trap-cycles", HW_PARAM_U64, "cycles", 0, 0, 100000, NULL,
     "cost of entering a trap, besides the kernel's instructions"},
    {"exo,return-cycles", HW_PARAM_U64, "cycles", 0, 0, 100000, NULL,
     "cost of returning from a trap"},
};

static void set_up_moves(struct core *c)
{
    const struct cpu_isa *isa = c->isa;
    for (unsigned i = 0; i < isa->nfpr; i++) {
        c->fpr_id[i] = isa->fpr[i];
        c->fpr_at[i] = c->fpr[i];
    }
}

static int check_wiring(const struct cpu_isa *isa, const struct hw_cpu_wiring *w,
                        struct hw_err *err)
{
    if (w->ram_size == 0 || w->ram_size > HW_RAM_MAX || w->ram_size % PAGE_SIZE != 0)
        return hw_refuse(err,
                         "memory: %llu bytes; expected a multiple of 4096, at most %u",
                         (unsigned long long)w->ram_size, HW_RAM_MAX);
    unsigned shift = w->mmu->page_shift(w->mmu_dev);
    if (shift < PAGE_SHIFT)
        return hw_refuse(err,
                         "the MMU has pages of %u bytes; a %s core needs at least 4096",
                         1u << shift, isa->name);
    return 0;
}

static int open_engines(struct core *c, struct hw_err *err)
{
    if (engine_open(c, ENGINE_KERNEL, err) != 0 || engine_open(c, ENGINE_USER, err) != 0)
        return -1;
    uc_engine *uc = c->engine[ENGINE_USER].uc;
    if (uc_context_alloc(uc, &c->spare) || uc_context_alloc(uc, &c->clean) ||
        uc_context_alloc(uc, &c->splice) || uc_context_save(uc, c->clean))
        return hw_refuse(err, "out of memory");
    if (hidden_find(c) != 0)
        return hw_refuse(err, "this Unicorn keeps %s's registers in an unknown way",
                         c->isa->name);
    return 0;
}

int core_create(const struct cpu_isa *isa, const struct hw_env *env,
                const struct hw_value *values, const struct hw_cpu_wiring *wiring,
                void **out, struct hw_err *err)
{
    if (check_wiring(isa, wiring, err) != 0)
        return -1;
    struct core *c = calloc(1, sizeof *c);
    if (!c)
        return hw_refuse(err, "out of memory");
    c->isa = isa;
    c->env = *env;
    c->w = *wiring;
    c->npages = wiring->ram_size >> PAGE_SHIFT;
    c->mmu_shift = wiring->mmu->page_shift(wiring->mmu_dev);
    c->milli_per_insn = values[1].u ? values[1].u : values[0].u * 1000;
    c->trap_cycles = values[2].u;
    c->return_cycles = values[3].u;
    c->limit_at = UINT64_MAX;
    set_up_moves(c);
    void *page = mmap(NULL, SCRATCH_SIZE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    c->scratch = page == MAP_FAILED ? NULL : page;
    if (!c->scratch) {
        core_destroy(c);
        return hw_refuse(err, "out of memory");
    }
    if (open_engines(c, err) != 0) {
        core_destroy(c);
        return -1;
    }
    core_reset(c, 0, 0);
    *out = c;
    return 0;
}

void core_destroy(void *cpu)
{
    struct core *c = cpu;
    if (c->spare)
        uc_context_free(c->spare);
    if (c->clean)
        uc_context_free(c->clean);
    if (c->splice)
        uc_context_free(c->splice);
    for (int i = 0; i < ENGINES; i++)
        if (c->engine[i].uc)
            engine_close(&c->engine[i]);

    if (c->scratch)
        munmap(c->scratch, SCRATCH_SIZE);
    free(c);
}

/* Translations, marks and notes of what ran before do not survive. */
static void forget_everything(struct core *c)
{
    for (int i = 0; i < ENGINES; i++) {
        struct engine *e = &c->engine[i];
        if (!e->uc)
            continue;
        for (uint64_t page = 0; page < c->npages; page++)
            if (e->holds[page])
                engine_drop(e, page << PAGE_SHIFT);
        e->flush = true;
    }
    meter_forget(c);
    memset(c->note, 0, sizeof c->note);
}

void core_reset(void *cpu, uint64_t entry, uint64_t cycle)
{
    struct core *c = cpu;
    forget_everything(c);
    memset(c->gpr, 0, sizeof c->gpr);
    memset(c->fpr, 0, sizeof c->fpr);
    c->usp = 0;
    for (int i = ENGINE_USER; i <= ENGINE_KERNEL; i++) {
        struct engine *e = &c->engine[i];
        if (i == ENGINE_USER)
            uc_context_restore(e->uc, c->clean);
        e->reg_known = false;
        registers_put(e, c->gpr);
    }
    c->kernel = true;
    c->in_slot = false;
    c->pc = entry;
    c->cycle = cycle;
    c->milli = 0;
    c->epc = c->badpage = c->badaddr = c->ksp = 0;
    c->cause = c->vector = c->miss_vector = c->context = c->latch = c->trace_a =
        c->trace_b = 0;
    c->fpu = c->irq = c->ipi = c->waiting = c->kicked = c->dead = false;
    c->badaddr_known = true;
    c->stop = STOP_NO;
    c->prepaid = 0;
    c->limit_at = UINT64_MAX;
    c->hit = false;
    c->stuck = 0;
    c->user = c->lib = c->kernel_insns = c->steps = c->flushes = 0;
    memset(c->traps, 0, sizeof c->traps);
    memset(&c->exit, 0, sizeof c->exit);
}

uint64_t core_cycles(void *cpu)
{
    return core_now(cpu);
}

void core_set_cycles(void *cpu, uint64_t cycle)
{
    struct core *c = cpu;
    c->cycle = cycle;
}

void core_charge_cycles(void *cpu, uint64_t cycles)
{
    struct core *c = cpu;
    c->cycle += cycles;
    meter_shorten(c);
}

void core_set_irq(void *cpu, bool level)
{
    struct core *c = cpu;
    c->irq = level;
}

void core_set_ipi(void *cpu, bool level)
{
    struct core *c = cpu;
    c->ipi = level;
}

/* The steppers flush when they are used next; K has no MMU. */
void core_mmu_changed(void *cpu)
{
    struct core *c = cpu;
    c->engine[ENGINE_USER].flush = true;
    if (c->engine[ENGINE_USER_STEP].uc)
        c->engine[ENGINE_USER_STEP].flush = true;
}

uint32_t core_context(void *cpu)
{
    const struct core *c = cpu;
    return c->context;
}
