// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fault.c - what follows when an engine stops for something else than its budget: system
 * calls, exceptions, refused fills. Runs outside the engines, c->pc is exact.
 */
#include "fill.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define STUCK_MAX 10000 /* resumptions without one instruction retired */

void core_die(struct core *c, const char *fmt, ...)
{
    if (c->dead)
        return;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(c->exit.message, sizeof c->exit.message, fmt, ap);
    va_end(ap);
    c->dead = true;
    observe_refund(c);
    c->exit.cause = c->cause;
    c->exit.badvaddr = c->badpage;
}

static bool slot_before(struct engine *e, uint64_t pc)
{
    const struct cpu_isa *isa = e->core->isa;
    const uint8_t *p = engine_code(e, pc - isa->width);
    return p && isa->has_slot(p);
}

/* Is c->pc, where `ran` stopped before retiring, a delay slot whose branch has retired? */
static bool in_slot_at(struct core *c, struct engine *ran, uint64_t pc)
{
    const struct meter *m = &ran->meter;
    if (!c->isa->has_slot)
        return false;
    if (c->in_slot && meter_taken(ran) == 0)
        return true;
    if (ran->stepper)
        return pc == ran->last_pc ? ran->slot
                                  : ran->last_slot && pc == ran->last_pc + c->isa->width;
    if (m->size == 0)
        return false;
    if (pc == m->pc) /* at a page's start, or the first of its block */
        return m->slot;
    return pc > m->pc && pc <= m->pc + m->size && slot_before(ran, pc);
}

bool pc_in_slot(struct core *c, struct engine *ran)
{
    return in_slot_at(c, ran, c->pc);
}

/* Trap at c->pc. In a delay slot EPC is the branch, which then has not retired either. */
static void trap_at(struct core *c, enum hw_cause cause, uint32_t access, bool slot)
{
    if (!slot) {
        trap_enter(c, cause, access, c->pc, false);
        return;
    }
    uint64_t branch = c->pc - c->isa->width;
    if (branch - HW_LIB_WINDOW_LO < HW_LIB_WINDOW_HI - HW_LIB_WINDOW_LO)
        c->lib--;
    else
        c->user--;
    observe_retired(&c->engine[ENGINE_USER], branch, -1);
    c->milli -= (int64_t)c->milli_per_insn;
    trap_enter(c, cause, access, branch, true);
}

static bool is_no_address(const struct core *c, uint64_t pc)
{
    return c->isa->width && pc % c->isa->width != 0;
}

/* Jumped to an address no instruction can have. */
static void trap_misaligned_fetch(struct core *c)
{
    trap_fault_address(c, c->pc & ~(((uint64_t)1 << c->mmu_shift) - 1), c->pc);
    trap_enter(c, HW_CAUSE_UNALIGNED, HW_FETCH, c->pc, false);
}

static void user_exception(struct core *c, struct engine *ran, bool invalid)
{
    struct cpu_exception x = {invalid, ran->intr, c->pc};
    uint64_t pc = c->pc;
    enum hw_cause cause = c->isa->cause(ran, &x, &pc);
    c->pc = pc;
    c->unclean = true;
    if (is_no_address(c, c->pc)) { /* behind a whole block */
        core_account(c, ran);
        trap_misaligned_fetch(c);
        return;
    }
    meter_end(ran, c->pc);
    bool slot = pc_in_slot(c, ran);
    core_account(c, ran);
    if (cause == HW_CAUSE_UNALIGNED)
        trap_fault_address(c, 0, c->pc);
    trap_at(c, cause, 0, slot);
}

static void user_call(struct core *c, struct engine *ran)
{
    bool slot = false;
    if (c->isa->has_slot) {
        uint64_t next = c->pc;
        c->pc -= c->isa->width;
        struct meter before = ran->meter;
        meter_end(ran, c->pc);
        slot = in_slot_at(c, ran, c->pc);
        if (!slot) {
            observe_retired(ran, c->pc, before.count - ran->meter.count);
            ran->meter = before;
            c->pc = next;
        }
    }
    core_account(c, ran);
    trap_at(c, HW_CAUSE_SYSCALL, 0, slot);
}

/* Translation looks ahead over the page's end; the instructions before it come first. */
static bool run_up_to_page_end(struct core *c, struct engine *ran, uint64_t next_page)
{
    uint64_t at = c->pc;
    int64_t n = 0;
    for (;;) {
        unsigned len = meter_length(ran, at);
        if (len == 0 || at + len > next_page)
            break;
        at += len;
        n++;
    }
    if (n == 0)
        return false;
    struct engine *s = core_engine(c, c->kernel ? ENGINE_KERNEL_STEP : ENGINE_USER_STEP);
    if (!s)
        return false;
    int64_t budget = core_budget(c);
    s->ahead = true;
    s->ahead_va = next_page;
    s->flush = true;
    const uint8_t *p = engine_code(ran, c->pc);
    struct engine *stepped;
    enum engine_out out = step_run(c, n < budget ? n : budget, &stepped);
    s->ahead = false;
    s->flush = true;
    engine_drop_scratch(s);
    if (p)
        engine_drop(s, (uint64_t)(p - c->w.ram));
    if (c->kernel)
        kernel_stopped(c, stepped, out);
    else
        user_stopped(c, stepped, out);
    return true;
}

static bool writes_own_page(struct core *c, struct engine *ran, uint64_t pa)
{
    for (unsigned k = 0; k < 2; k++) {
        const uint8_t *p = engine_code(ran, c->pc + (k ? CPU_INSN_MAX - 1 : 0));
        if (p && PAGE_OF((uint64_t)(p - c->w.ram)) == PAGE_OF(pa))
            return true;
    }
    return false;
}

/* The access is allowed: make the page code or data for it. */
static void give_access(struct core *c, struct engine *ran, uint64_t pa,
                        enum hw_access access)
{
    if (access == HW_FETCH && !code_is_marked(c, pa)) {
        code_mark(c, pa);
    } else if (access == HW_WRITE && code_is_marked(c, pa)) {
        if (!writes_own_page(c, ran, pa)) {
            code_store(c, pa);
            return;
        }
        struct engine *stepped;
        enum engine_out out = step_raw(c, &stepped);
        if (c->kernel)
            kernel_stopped(c, stepped, out);
        else
            user_stopped(c, stepped, out);
    }
}

static void user_fault(struct core *c, struct engine *ran)
{
    uint64_t va = ran->refused.va;
    enum hw_access access = ran->refused.access;
    bool slot = pc_in_slot(c, ran);
    core_account(c, ran);
    c->in_slot = slot;
    if (access == HW_FETCH && PAGE_OF(va) != PAGE_OF(c->pc) && !c->isa->width &&
        run_up_to_page_end(c, ran, PAGE_OF(va)))
        return;
    struct hw_mmu_entry entry;
    enum hw_cause cause = HW_CAUSE_BUS;
    if (!c->w.mmu->lookup(c->w.mmu_dev, va, access, &entry)) {
        uint64_t cycles = 0;
        int r = c->w.mmu->miss(c->w.mmu_dev, va, access, &cycles);
        c->cycle += cycles;
        if (r == 0)
            return;
        cause = (enum hw_cause)r;
    } else if (fill_is_ram(c, entry.pa)) {
        give_access(c, ran, entry.pa, access);
        return;
    }
    uint64_t page = va & ~(((uint64_t)1 << c->mmu_shift) - 1);
    trap_fault_address(c, page, c->pc);
    c->env.trace(c->env.host, HW_EV_FAULT, page, (uint64_t)cause);
    trap_at(c, cause, access, slot);
}

static void user_special(struct core *c, struct engine *ran)
{
    core_account(c, ran);
    struct engine *u = &c->engine[ENGINE_USER];
    const uint8_t *p = engine_code(ran, c->pc);
    unsigned len = meter_length(ran, c->pc);
    if (is_no_address(c, c->pc)) {
        trap_misaligned_fetch(c);
        return;
    }
    if (!p || len == 0 || c->isa->special(p, len) != CPU_SPECIAL_READ) {
        trap_at(c, HW_CAUSE_ILLEGAL, 0, false);
        return;
    }
    memcpy(c->gpr, registers_get(u), sizeof c->gpr);
    c->isa->special_read(c, p, c->gpr);
    registers_put(u, c->gpr);
    observe_retired(u, c->pc, 1);
    if (c->pc - HW_LIB_WINDOW_LO < HW_LIB_WINDOW_HI - HW_LIB_WINDOW_LO)
        c->lib++;
    else
        c->user++;
    core_charge(c, 1);
    c->pc += len;
}

static void watch_progress(struct core *c, struct engine *ran)
{
    if (meter_taken(ran) > 0)
        c->stuck = 0;
    else if (++c->stuck > STUCK_MAX)
        core_die(c,
                 "no progress at 0x%" PRIx64 ": the MMU model promises an access it does "
                 "not give, or the engine refuses to run (%s)",
                 c->pc, uc_strerror(ran->error));
}

void user_stopped(struct core *c, struct engine *ran, enum engine_out out)
{
    watch_progress(c, ran);
    switch (out) {
    case OUT_CALL: user_call(c, ran); break;
    case OUT_FILL: user_fault(c, ran); return; /* knows about the slot */
    case OUT_INTR: user_exception(c, ran, false); break;
    case OUT_INVALID: user_exception(c, ran, true); break;
    case OUT_SPECIAL: user_special(c, ran); break;
    case OUT_BROKEN:
        core_account(c, ran);
        core_die(c, "user engine broke at 0x%" PRIx64 ": %s", c->pc,
                 uc_strerror(ran->error));
        break;
    case OUT_NONE:
    case OUT_NEAR:
    case OUT_WATCH:
    case OUT_SHORT:
        if (meter_taken(ran) == 0) /* still where it was, perhaps in a slot */
            return;
        core_account(c, ran);
        break;
    }
    c->in_slot = false;
}

static const char *const access_name[] = {"read", "write", "fetch"};

static void kernel_fault(struct core *c, struct engine *ran)
{
    uint64_t va = ran->refused.va;
    enum hw_access access = ran->refused.access;
    core_account(c, ran);
    if (access == HW_FETCH && PAGE_OF(va) != PAGE_OF(c->pc) && !c->isa->width &&
        run_up_to_page_end(c, ran, PAGE_OF(va)))
        return;
    if (fill_is_ram(c, va)) {
        give_access(c, ran, va, access);
        return;
    }
    core_die(c, "kernel bus error: %s in page 0x%" PRIx64 " at pc 0x%" PRIx64,
             access_name[access], va, c->pc);
    c->exit.badvaddr = va;
    c->exit.cause = HW_CAUSE_BUS | (uint32_t)access << HW_CAUSE_ACCESS_SHIFT;
}

static void kernel_exception(struct core *c, struct engine *ran, bool invalid)
{
    struct cpu_exception x = {invalid, ran->intr, c->pc};
    uint64_t pc = c->pc;
    enum hw_cause cause = c->isa->cause(ran, &x, &pc);
    c->pc = pc;
    meter_end(ran, pc);
    core_account(c, ran);
    static const char *const what[HW_CAUSE_COUNT] = {
        [HW_CAUSE_ILLEGAL] = "illegal instruction", [HW_CAUSE_BREAK] = "breakpoint",
        [HW_CAUSE_UNALIGNED] = "misaligned access", [HW_CAUSE_ARITH] = "arithmetic trap",
        [HW_CAUSE_FP] = "floating point exception",
    };
    core_die(c, "kernel trapped: %s at pc 0x%" PRIx64,
             what[cause] ? what[cause] : "unknown exception", pc);
    c->exit.cause = (uint32_t)cause;
}

void kernel_stopped(struct core *c, struct engine *ran, enum engine_out out)
{
    watch_progress(c, ran);
    switch (out) {
    case OUT_CALL:
        core_account(c, ran);
        trap_return(c);
        break;
    case OUT_FILL: kernel_fault(c, ran); break;
    case OUT_INTR: kernel_exception(c, ran, false); break;
    case OUT_INVALID: kernel_exception(c, ran, true); break;
    case OUT_SPECIAL:
        core_account(c, ran);
        core_die(
            c, "kernel instruction at 0x%" PRIx64 " reads host time or stops the engine",
            c->pc);
        break;
    case OUT_BROKEN:
        core_account(c, ran);
        core_die(c, "kernel engine broke at 0x%" PRIx64 ": %s", c->pc,
                 uc_strerror(ran->error));
        break;
    case OUT_NONE:
    case OUT_NEAR:
    case OUT_WATCH:
    case OUT_SHORT: core_account(c, ran); break;
    }
}
