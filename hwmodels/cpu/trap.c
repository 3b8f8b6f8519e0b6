// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trap.c - the trap unit: user -> kernel and back.
 *
 * Interface: trap_enter, trap_return, trap_fault_address, trap_badaddr, trap_fpu. The physical
 * register file is one: a trap moves the general registers from engine U to engine K, the
 * return moves them back, and HW_CORE_FPU says which of the two has the FP registers.
 */
#include "core.h"
#include <string.h>

static void trace(struct core *c, enum hw_event ev, uint64_t a, uint64_t b)
{
    c->env.trace(c->env.host, ev, a, b);
}

static struct call_note *note_of(struct core *c)
{
    return &c->note[c->context % CALL_NOTES];
}

static void note_call(struct core *c, uint64_t epc)
{
    uint64_t number = c->gpr[c->isa->sysno];
    uint64_t index = number - c->w.call_first;
    if (index >= c->w.call_count)
        return;
    trace(c, HW_EV_CALL, number, c->gpr[c->isa->arg0]);
    c->w.call_counts[index]++;
    *note_of(c) = (struct call_note){c->context, (uint32_t)number, epc, true};
}

static void note_result(struct core *c)
{
    struct call_note *n = note_of(c);
    if (!n->valid || n->context != c->context || n->epc != c->epc)
        return;
    n->valid = false;
    trace(c, HW_EV_RESULT, n->number, c->gpr[c->isa->result]);
}

static void move_fp(struct core *c, struct engine *from, struct engine *to)
{
    uint64_t file[CPU_FPR_MAX][2];
    fp_get(c, from, file);
    fp_put(c, to, file);
}

/* Causes with a bad address. */
#define HAS_ADDRESS                                                                      \
    (1u << HW_CAUSE_TLB_MISS | 1u << HW_CAUSE_PAGE | 1u << HW_CAUSE_PROT |               \
     1u << HW_CAUSE_UNALIGNED | 1u << HW_CAUSE_BUS)

static void registers_to_kernel(struct core *c, bool forget)
{
    struct engine *u = &c->engine[ENGINE_USER], *k = &c->engine[ENGINE_KERNEL];
    const struct cpu_isa *isa = c->isa;
    uint64_t value[CPU_GPR_MAX];
    memcpy(c->gpr, registers_get(u), sizeof c->gpr);
    if (forget)
        fp_keep_only(c, u, c->clean);
    if (c->fpu)
        move_fp(c, u, k);
    c->usp = c->gpr[isa->sp];
    memcpy(value, c->gpr, sizeof value);
    value[isa->sp] = c->ksp;
    value[isa->flags] &= ~isa->flags_not_kernel;
    registers_put(k, value);
}

static void registers_to_user(struct core *c)
{
    struct engine *u = &c->engine[ENGINE_USER], *k = &c->engine[ENGINE_KERNEL];
    const struct cpu_isa *isa = c->isa;
    memcpy(c->gpr, registers_get(k), sizeof c->gpr);
    c->gpr[isa->sp] = c->usp;
    if (isa->flags_user)
        c->gpr[isa->flags] = (c->gpr[isa->flags] & isa->flags_user) | isa->flags_fixed;
    registers_put(u, c->gpr);
    if (c->fpu)
        move_fp(c, k, u);
}

void trap_enter(struct core *c, enum hw_cause cause, uint32_t access, uint64_t epc,
                bool bd)
{
    /* Forget the branch whose delay slot did not run, or that there was an exception. */
    registers_to_kernel(c, bd || (c->isa->exceptions_stick && c->unclean));
    c->unclean = false;
    c->in_slot = false;
    c->epc = epc;
    c->cause = (uint32_t)cause | access << HW_CAUSE_ACCESS_SHIFT | (bd ? HW_CAUSE_BD : 0);
    if (!(HAS_ADDRESS >> cause & 1)) { /* nor an earlier trap's, of somebody else */
        c->badpage = c->badaddr = 0;
        c->badaddr_known = true;
    }
    c->traps[cause]++;
    c->cycle += c->trap_cycles;
    c->kernel = true;
    c->pc = cause == HW_CAUSE_TLB_MISS && c->miss_vector ? c->miss_vector : c->vector;
    trace(c, HW_EV_TRAP, c->cause, epc);
    if (cause == HW_CAUSE_SYSCALL)
        note_call(c, epc);
    if (c->pc == 0)
        core_die(c, "trap with no vector set: cause 0x%x at 0x%llx", c->cause,
                 (unsigned long long)epc);
}

void trap_return(struct core *c)
{
    if (!core_engine(c, ENGINE_USER))
        return;
    registers_to_user(c);
    c->kernel = false;
    c->pc = c->epc;
    c->cycle += c->return_cycles;
    trace(c, HW_EV_RETURN, c->pc, c->usp);
    note_result(c);
}

void trap_fpu(struct core *c, bool on)
{
    struct engine *u = core_engine(c, ENGINE_USER), *k = &c->engine[ENGINE_KERNEL];
    if (!u || on == c->fpu)
        return;
    /* The kernel stepper may be the one that runs. */
    if (c->engine[ENGINE_KERNEL_STEP].running)
        k = &c->engine[ENGINE_KERNEL_STEP];
    if (on)
        move_fp(c, u, k);
    else
        move_fp(c, k, u);
    c->fpu = on;
}

/* ---- BADVADDR: the instruction is kept, the address worked out if somebody asks ---- */

void trap_fault_address(struct core *c, uint64_t page, uint64_t pc)
{
    struct engine *u = &c->engine[ENGINE_USER];
    c->badpage = page;
    c->badaddr_known = false;
    c->bad_pc = pc;
    c->bad_insn_len = 0;
    const uint8_t *p = engine_code(u, pc);
    if (!p)
        return;
    size_t rest = (size_t)(PAGE_SIZE - (pc & (PAGE_SIZE - 1)));
    c->bad_insn_len = rest < sizeof c->bad_insn ? rest : sizeof c->bad_insn;
    memcpy(c->bad_insn, p, c->bad_insn_len);
    if (c->bad_insn_len < sizeof c->bad_insn && (p = engine_code(u, pc + rest))) {
        memcpy(c->bad_insn + rest, p, sizeof c->bad_insn - rest);
        c->bad_insn_len = sizeof c->bad_insn;
    }
}

uint64_t trap_badaddr(struct core *c)
{
    if (c->badaddr_known)
        return c->badaddr;
    uint64_t mask = ~(((uint64_t)1 << c->mmu_shift) - 1);
    bool anywhere = (c->cause & HW_CAUSE_CODE) == HW_CAUSE_UNALIGNED;
    c->badaddr = c->badpage;
    c->badaddr_known = true;
    if ((c->cause & HW_CAUSE_ACCESS) >> HW_CAUSE_ACCESS_SHIFT == HW_FETCH) {
        if ((c->bad_pc & mask) == c->badpage)
            c->badaddr = c->bad_pc;
        return c->badaddr;
    }
    uint64_t at[8];
    unsigned n =
        c->isa->addresses(c, c->bad_insn, c->bad_insn_len, c->bad_pc, c->gpr, at, 8);
    for (unsigned i = 0; i < n; i++)
        if (anywhere || (at[i] & mask) == c->badpage) {
            c->badaddr = at[i];
            break;
        }
    return c->badaddr;
}
