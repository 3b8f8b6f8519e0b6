// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * baseline.c - the measure for `exosim bench cpu`: the same program image in a plain engine, CPU
 * TLB, no hook but the one that sees its first system call, which ends the run.
 */
#include "../text.h"
#include "core.h"
#include <time.h>

#define STACK_SIZE (1u << 20)

static void on_call(uc_engine *uc, uint32_t number, void *data)
{
    (void)number;
    *(bool *)data = true;
    uc_emu_stop(uc);
}

static void on_call_insn(uc_engine *uc, void *data)
{
    on_call(uc, 0, data);
}

/* Map the pages of [va, va+size) that are not mapped yet. */
static uc_err map_range(uc_engine *uc, uint64_t va, uint64_t size)
{
    for (uint64_t page = PAGE_OF(va); page < va + size; page += PAGE_SIZE) {
        uc_err err = uc_mem_map(uc, page, PAGE_SIZE, UC_PROT_ALL);
        if (err && err != UC_ERR_MAP)
            return err;
    }
    return UC_ERR_OK;
}

static uc_err load(uc_engine *uc, const struct hw_baseline *image)
{
    uc_err err = UC_ERR_OK;
    for (unsigned i = 0; i < image->nsegments && !err; i++) {
        uint64_t va = image->segment[i].va;
        err = map_range(uc, va, image->segment[i].mem_size);
        if (!err && image->segment[i].file_size)
            err = uc_mem_write(uc, va, image->segment[i].bytes,
                               image->segment[i].file_size);
    }
    if (!err)
        err = map_range(uc, image->sp - STACK_SIZE, STACK_SIZE);
    return err;
}

static uc_err add_hooks(uc_engine *uc, const struct cpu_isa *isa, bool *called)
{
    uc_hook h;
    void (*intr)(uc_engine *, uint32_t, void *) = on_call;
    void (*insn)(uc_engine *, void *) = on_call_insn;
    void *p;
    if (isa->arch == UC_ARCH_X86) {
        __builtin_memcpy(&p, &insn, sizeof p);
        return uc_hook_add(uc, &h, UC_HOOK_INSN, p, called, 1, 0, UC_X86_INS_SYSCALL);
    }
    __builtin_memcpy(&p, &intr, sizeof p);
    return uc_hook_add(uc, &h, UC_HOOK_INTR, p, called, 1, 0);
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uc_err run(uc_engine *uc, const struct cpu_isa *isa,
                  const struct hw_baseline *image, uint64_t *ns, uint64_t *result,
                  bool *called)
{
    struct engine plain = {.uc = uc, .kernel = true};
    uint64_t sp = image->sp, arg = image->arg;
    /* mips32 sets up by running code in a core's scratch page; there is no core, and the programs
     * compute with integers at unmapped addresses, which needs no set-up there. */
    if (isa->isa != HW_ISA_MIPS32 && isa->setup(&plain, false) != 0)
        return UC_ERR_EXCEPTION;
    uc_reg_write(uc, isa->gpr[isa->sp], &sp);
    uc_reg_write(uc, isa->gpr[isa->c_arg0], &arg);
    uint64_t begin = now_ns();
    uc_err err = uc_emu_start(uc, image->entry, 0, 0, 0);
    *ns = now_ns() - begin;
    *result = 0;
    uc_reg_read(uc, isa->gpr[isa->arg0], result);
    return *called ? UC_ERR_OK : err ? err : UC_ERR_EXCEPTION;
}

int core_baseline(const struct cpu_isa *isa, const struct hw_baseline *image,
                  uint64_t *ns, uint64_t *result, struct hw_err *err)
{
    uc_engine *uc = NULL;
    bool called = false;
    uc_err e = uc_open(isa->arch, isa->mode, &uc);
    if (e)
        return hw_refuse(err, "baseline: %s", uc_strerror(e));
    e = uc_ctl_set_tcg_buffer_size(uc, 32u << 20);
    if (!e && isa->cpu_model >= 0)
        e = uc_ctl_set_cpu_model(uc, isa->cpu_model);
    if (!e)
        e = uc_ctl_exits_enable(uc);
    if (!e)
        e = load(uc, image);
    if (!e)
        e = add_hooks(uc, isa, &called);
    if (!e)
        e = run(uc, isa, image, ns, result, &called);
    uc_close(uc);
    return e ? hw_refuse(err, "baseline of a %s program: %s", isa->name, uc_strerror(e))
             : 0;
}
