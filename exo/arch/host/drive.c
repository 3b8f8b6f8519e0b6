// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * drive.c - sets the simulated machine up, and runs the kernel a trap at a time. Each core has a
 * coroutine: a trap starts it afresh at kernel_trap; an idle core is suspended inside M_WAIT.
 */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define STACK_BYTES (512u << 10)

/* AddressSanitizer must be told of stack switches. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define HOST_ASAN
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define HOST_ASAN
#endif
#ifdef HOST_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

struct coroutine {
    ucontext_t context;
    uint8_t *stack;
    enum host_stop stop;
    struct ctx *ctx; /* to resume in user mode */
    uint32_t cause;
    bool booting;
    void *fake; /* AddressSanitizer's */
};
static struct coroutine coroutine[HOST_NCORE];
static ucontext_t driver;
#ifdef HOST_ASAN
static const void *driver_stack;
static size_t driver_stack_size;
static void *driver_fake;
#endif

/* -- coroutines -- */

static void arrive(void)
{
#ifdef HOST_ASAN
    __sanitizer_finish_switch_fiber(coroutine[host.current].fake, &driver_stack,
                                    &driver_stack_size);
#endif
}

void host_leave(enum host_stop why)
{
    struct coroutine *k = &coroutine[host.current];
    k->stop = why;
#ifdef HOST_ASAN
    __sanitizer_start_switch_fiber(why == HOST_IDLE ? &k->fake : NULL, driver_stack,
                                   driver_stack_size);
#endif
    swapcontext(&k->context, &driver);
    arrive();
}

_Noreturn void arch_resume(struct ctx *c)
{
    coroutine[host.current].ctx = c;
    host_leave(HOST_USER);
    abort(); /* a trap starts the coroutine afresh */
}

static void body(void)
{
    struct coroutine *k = &coroutine[host.current];
    arrive();
    if (k->booting) {
        k->booting = false;
        kernel_start(host.current);
    }
    arch_resume(kernel_trap(k->ctx, k->cause));
}

static void nothing(void)
{
}

void host_first_switch(void)
{
    static char stack[65536];
    ucontext_t there, here;
    getcontext(&there);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = sizeof stack;
    there.uc_link = &here;
    makecontext(&there, nothing, 0);
    swapcontext(&here, &there);
}

static enum host_stop run(uint32_t core)
{
    struct coroutine *k = &coroutine[core];
    host.current = core;
#ifdef HOST_ASAN
    __sanitizer_start_switch_fiber(&driver_fake, k->stack, STACK_BYTES);
#endif
    swapcontext(&driver, &k->context);
#ifdef HOST_ASAN
    __sanitizer_finish_switch_fiber(driver_fake, NULL, NULL);
#endif
    return host_stop(core);
}

static enum host_stop start(uint32_t core)
{
    struct coroutine *k = &coroutine[core];
    k->fake = NULL;
    getcontext(&k->context);
    k->context.uc_stack.ss_sp = k->stack;
    k->context.uc_stack.ss_size = STACK_BYTES;
    k->context.uc_link = NULL;
    makecontext(&k->context, body, 0);
    return run(core);
}

enum host_stop host_stop(uint32_t core)
{
    return host.panicked ? HOST_PANIC : host.halted ? HOST_HALTED : coroutine[core].stop;
}

struct ctx *host_running(uint32_t core)
{
    return host_stop(core) == HOST_USER ? coroutine[core].ctx : NULL;
}

uint32_t host_env(uint32_t core)
{
    struct ctx *c = host_running(core);
    return c != NULL ? c->id : 0;
}

void host_set_running(uint32_t core, struct ctx *c)
{
    coroutine[core].ctx = c;
}

enum host_stop host_trap(uint32_t core, uint32_t cause, uint64_t badvaddr)
{
    if (host_running(core) == NULL)
        return host_stop(core);
    host.cycles += HOST_TRAP_CYCLES;
    host_core[core].badvaddr = badvaddr;
    coroutine[core].cause = cause;
    return start(core);
}

/* -- programs -- */

exo_sword host_call(uint32_t core, uint32_t number, exo_word a0, exo_word a1, exo_word a2,
                    exo_word a3, exo_word a4, exo_word a5)
{
    struct ctx *c = host_running(core);
    if (c == NULL)
        return HOST_GONE;
    exo_word arg[] = {a0, a1, a2, a3, a4, a5};
    c->regs[0] = EXO_CALL_BASE + number;
    memcpy(&c->regs[1], arg, sizeof arg);
    c->pc += arch_call_bytes;
    host_trap(core, M_CAUSE_SYSCALL, 0);
    return host_running(core) == c ? (exo_sword)c->regs[0] : HOST_GONE;
}

static uint32_t access_kind(uint32_t flag)
{
    uint32_t access = flag == EXO_W ? 1u : flag == EXO_X ? 2u : 0u;
    return access << M_CAUSE_ACCESS_SHIFT;
}

bool host_access(uint32_t core, uint64_t va, uint32_t flag, uint8_t **byte)
{
    struct ctx *c = host_running(core);
    for (int tries = 0; c != NULL && tries < 4; tries++) {
        uint64_t pa, pc = c->pc;
        uint32_t cause = host_mmu_translate(core, va, flag, &pa);
        if (cause == 0) {
            *byte = arch_phys(pa);
            return true;
        }
        host_trap(core, cause | access_kind(flag), va);
        if (host_running(core) != c || c->pc != pc)
            return false;
    }
    return false;
}

bool host_load32(uint32_t core, uint64_t va, uint32_t *value)
{
    uint8_t *p;
    if (!host_access(core, va, EXO_R, &p))
        return false;
    memcpy(value, p, sizeof *value);
    return true;
}

bool host_store32(uint32_t core, uint64_t va, uint32_t value)
{
    uint8_t *p;
    if (!host_access(core, va, EXO_W, &p))
        return false;
    memcpy(p, &value, sizeof value);
    return true;
}

/* -- time -- */

void host_advance(uint64_t cycles)
{
    host.cycles += cycles;
}

enum host_stop host_poll(uint32_t core)
{
    if (!host_pending(core))
        return host_stop(core);
    if (host_stop(core) == HOST_USER)
        return host_trap(core, M_CAUSE_IRQ, 0);
    return host_stop(core) == HOST_IDLE ? run(core) : host_stop(core);
}

enum host_stop host_tick(uint32_t core)
{
    struct host_core *k = &host_core[core];
    if (k->armed && host.cycles < k->deadline)
        host.cycles = k->deadline;
    return host_poll(core);
}

bool host_next_event(void)
{
    uint32_t best = host.cores;
    for (uint32_t i = 0; i < host.cores; i++) {
        if (host_pending(i)) {
            host_poll(i);
            return true;
        }
        if (host_core[i].armed &&
            (best == host.cores || host_core[i].deadline < host_core[best].deadline))
            best = i;
    }
    if (best == host.cores)
        return false;
    host_tick(best);
    return true;
}

uint32_t host_count_events(uint32_t event)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < 256 && i < host.events; i++)
        n += host.event[i].event == event;
    return n;
}

/* -- setting up -- */

struct exo_hw_table *host_table(void)
{
    return (struct exo_hw_table *)(void *)(host.ram + M_TABLE_BASE);
}

static void device(struct exo_hw_table *t, uint32_t class_, uint32_t base, uint32_t irq)
{
    struct exo_hw_device *d = &t->device[t->ndevices++];
    d->class_ = class_;
    d->base = base;
    d->irq = irq;
}

/* A little executable: HOST_CODE_VA and HOST_DATA_VA, see host.h. */
static uint32_t make_program(uint8_t *to, uint32_t page)
{
    struct {
        uint8_t ident[16];
        uint16_t type, machine;
        uint32_t version;
        uint64_t entry, phoff, shoff;
        uint32_t flags;
        uint16_t ehsize, phsize, phnum, shsize, shnum, shstrndx;
    } eh = {.ident = "\177ELF\2\1\1",
            .type = 2,
            .version = 1,
            .entry = HOST_CODE_VA,
            .phoff = 64,
            .ehsize = 64,
            .phsize = 56,
            .phnum = 2};
    struct {
        uint32_t type, flags;
        uint64_t offset, va, pa, filesz, memsz, align;
    } ph[2] = {{1, 5, page, HOST_CODE_VA, 0, 2ull * page, 2ull * page, page},
               {1, 6, 3ull * page, HOST_DATA_VA, 0, page, 2ull * page, page}};
    memset(to, 0, 4 * page);
    memcpy(to, &eh, sizeof eh);
    memcpy(to + 64, ph, sizeof ph);
    for (uint32_t i = page; i < 4 * page; i++)
        to[i] = (uint8_t)(i / page);
    return 4 * page;
}

static uint32_t place_modules(struct exo_hw_table *t, const struct host_config *config)
{
    uint32_t page = 1u << host.page_shift, at = M_KERNEL_BASE;
    for (uint32_t i = 0; i < config->programs; i++) {
        struct exo_hw_module *m = &t->module[t->nmodules++];
        snprintf(m->name, sizeof m->name, "program%u", i + 1);
        m->kind = EXO_MODULE_PROGRAM;
        m->pa = at;
        m->size = config->image_size;
        if (config->image != NULL)
            memcpy(host.ram + at, config->image, config->image_size);
        else
            m->size = make_program(host.ram + at, page);
        at += ((uint32_t)m->size + page - 1) & ~(page - 1);
        if (config->args_len > 0) {
            m->args_pa = at;
            m->args_len = config->args_len;
            m->argc = config->argc;
            memcpy(host.ram + at, config->args, config->args_len);
            at += (config->args_len + page - 1) & ~(page - 1);
        }
    }
    return at;
}

void host_setup(const struct host_config *config)
{
    host = (struct host){.cores = config->cores, .in = ""};
    host.page_shift = config->page_shift ? config->page_shift : 12;
    host.ram_size = config->frames << host.page_shift;
    if (posix_memalign((void **)&host.ram, 65536, host.ram_size) != 0)
        abort();
    memset(host.ram, 0xa5, host.ram_size); /* memory is not born zero */
    struct exo_hw_table *t = host_table();
    memset(t, 0, sizeof *t);
    t->magic = EXO_HW_MAGIC;
    t->version = EXO_HW_VERSION;
    t->mmu_kind = host_mmu_kind;
    t->cores = config->cores;
    t->page_shift = host.page_shift;
    t->ram_size = host.ram_size;
    device(t, EXO_HW_MMU, HOST_MMU_BASE, UINT32_MAX);
    host_mmu_describe(&t->device[0], config);
    device(t, EXO_HW_INTC, HOST_INTC_BASE, UINT32_MAX);
    device(t, EXO_HW_TIMER, HOST_TIMER_BASE, HOST_TIMER_LINE);
    device(t, EXO_HW_CONSOLE, HOST_CONSOLE_BASE, UINT32_MAX);
    host_disk_setup(t, config);
    host_nic_setup(t, config);
    t->free_base = place_modules(t, config);
}

enum host_stop host_boot(void)
{
    for (uint32_t i = 0; i < host.cores; i++) {
        struct coroutine *k = &coroutine[i];
        k->stack = malloc(STACK_BYTES);
        if (k->stack == NULL)
            abort();
        k->booting = true;
        if (start(i) == HOST_PANIC)
            break;
    }
    return host_stop(0);
}
