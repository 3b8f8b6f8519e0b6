// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * start.c - from the first instruction to main() and out again.
 *
 *   booted by the kernel    args at EXO_ARGS_VA: pick the backend, take over what the boot loader
 *                           mapped (struct exo_boot), make a session
 *   started by exec         everything is there (space.c, exec.c): only strings are unpacked
 *
 * Interface: exos_start(), entered by crt0 on the initial stack; environ.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "critical.h"
#include "exec.h"
#include "session.h"
#include "signal_priv.h"
#include "upcall.h"
#include "vm.h"

int main(int argc, char **argv, char **envp);
_Noreturn void exos_start(const void *args);

extern void (*const exos_init_start[])(void), (*const exos_init_end[])(void);
extern char exos_wired_start[], exos_wired_end[], exos_data_start[], exos_data_end[];

#define BOOT_RUNS 64

struct exo_upage *exos_upage = (struct exo_upage *)L_UPAGE;

static char *no_environment[1];
char **environ = no_environment;

static _Noreturn void die(const char *why)
{
    exo_console_write((exo_word) "exos: ", 6);
    exo_console_write((exo_word)why, strlen(why));
    exo_console_write((exo_word) "\n", 1);
    exo_env_exit(EXO_STATUS_DIED);
    for (;;)
        exo_yield((exo_word)-1);
}

uint32_t vm_wired_of[VM_WIRED_PAGES];

bool vm_wired_text(uint32_t i, uint32_t *va, uint32_t *frame)
{
    uint32_t at = PAGE_DOWN((uintptr_t)exos_wired_start) + (i << PAGE_SHIFT);
    if (at >= (uintptr_t)exos_wired_end)
        return false;
    *va = at;
    *frame = i < VM_WIRED_PAGES && vm_wired_of[i] != 0 ? vm_wired_of[i]
                                                       : pm_frame(pm_lookup(at));
    return true;
}

/* -- booted by the kernel -- */

static uint32_t upage_of_run(const struct exo_boot *boot)
{
    for (uint32_t i = 0; i < boot->nruns; i++)
        if (boot->run[i].va == EXO_UPAGE_VA)
            return boot->run[i].frame;
    return 0;
}

/* self, in the upage, where the boot loader's list was. */
static void make_self(uint32_t env, uint32_t upage, uint32_t upstack)
{
    uint32_t shift = KINFO->page_shift;
    struct exos_self *s = SELF;
    memset(s, 0, sizeof *s);
    s->magic = SELF_MAGIC;
    s->size = sizeof *s;
    s->mmu_kind = HWTABLE->mmu_kind;
    s->page_shift = shift;
    s->page_size = 1u << shift;
    s->leaf_shift = shift + shift - 2; /* a page of 4-byte entries */
    s->leaf_mask = (1u << (shift - 2)) - 1;
    s->env = env;
    s->upage_frame = upage;
    s->upstack_frame = upstack;
    s->upstack_top = L_UPSTACK + s->page_size;
    s->data_start = PAGE_DOWN((uintptr_t)exos_data_start);
    s->brk = s->brk_start = PAGE_UP((uintptr_t)exos_data_end);
    s->mmap_next = L_MMAP;
}

/* What was mapped at boot becomes regions (runs of frames nobody gives back) and entries. */
static bool adopt_run(const struct exo_boot_run *r)
{
    uint8_t type = FRAMES[r->frame].type;
    if (r->va == EXO_UPAGE_VA)
        return true;
    if (r->va == EXO_ARGS_VA)
        SELF->args_frame = r->frame;
    if (type == EXO_FRAME_MODULE || type == EXO_FRAME_EXPORT || r->va == EXO_ARGS_VA)
        return pm_region(r->va, r->pages, r->frame, r->flags) == 0;
    for (uint32_t i = 0; i < r->pages; i++) {
        uint32_t e = pm_entry(r->frame + i, r->flags | PM_PRESENT | PM_ANON);
        if (pm_set(r->va + (i << PAGE_SHIFT), e) < 0)
            return false;
    }
    return true;
}

/* All boot modules lie together: one region to read files through. */
static void adopt_modules(void)
{
    const struct exo_hw_table *t = HWTABLE;
    uint64_t first = UINT64_MAX, end = 0;
    for (uint32_t i = 0; i < t->nmodules; i++) {
        const struct exo_hw_module *m = &t->module[i];
        if (m->size == 0)
            continue;
        if (m->pa < first)
            first = m->pa;
        if (m->pa + m->size > end)
            end = m->pa + m->size;
    }
    if (end == 0)
        return;
    uint64_t pages = (end - first + PAGE_SIZE - 1) >> PAGE_SHIFT;
    if (pages > (L_EXPORT - L_FILES) >> PAGE_SHIFT)
        pages = (L_EXPORT - L_FILES) >> PAGE_SHIFT;
    if (pm_region(L_FILES, (uint32_t)pages, (uint32_t)(first >> PAGE_SHIFT), EXO_R) < 0)
        die("no room for the boot modules' region");
}

static void make_session(void)
{
    uint32_t pages = (SESSION_BYTES + PAGE_SIZE - 1) >> PAGE_SHIFT;
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t frame = frame_take(), va = L_SESSION + (i << PAGE_SHIFT);
        if (frame == 0 || mmu_bind(va | EXO_R | EXO_W, frame) < 0)
            die("out of memory at start");
        SELF->session_frame[i] = frame;
        page_zero(va, frame);
    }
    SELF->session_pages = pages;
    proc_first();
}

/* The boot loader's stack is larger than what is used of it: the rest grows on demand. */
static void shrink_stack(void)
{
    uint32_t sp = (uint32_t)(uintptr_t)__builtin_frame_address(0);
    uint32_t low = L_STACK_TOP - ((uint32_t)EXO_STACK_PAGES << PAGE_SHIFT);
    uint32_t keep = PAGE_DOWN(sp) - PAGE_SIZE;
    if (keep > low && mmu_place(low, 0) == 0)
        vm_discard(low, (keep - low) >> PAGE_SHIFT);
}

/* No backend for this machine's MMU, or hardly one: run where the boot loader put us. */
static void boot_bare(uint32_t env)
{
    static struct session bare;
    exos_upage = (struct exo_upage *)(uintptr_t)EXO_UPAGE_VA;
    memset(SELF, 0, sizeof(struct exos_self));
    SELF->page_shift = KINFO->page_shift;
    SELF->page_size = 1u << KINFO->page_shift;
    SELF->env = env;
    session = &bare;
    proc_first();
}

static void boot(uint32_t env)
{
    const struct exo_upage *up = (const struct exo_upage *)(uintptr_t)EXO_UPAGE_VA;
    const struct exo_boot *found = (const struct exo_boot *)(const void *)up->library;
    uint32_t kind = HWTABLE->mmu_kind;
    const struct mmu_ops *mmu = kind < EXO_MMU_KINDS ? exos_backends[kind] : NULL;
    if (mmu == NULL || mmu->bind == NULL || mmu->window == NULL) {
        boot_bare(env);
        return;
    }
    union {
        struct exo_boot boot;
        char bytes[sizeof(struct exo_boot) + BOOT_RUNS * sizeof(struct exo_boot_run)];
    } copy;
    if (found->magic != EXO_BOOT_MAGIC || found->nruns > BOOT_RUNS)
        die("no list of boot mappings that can be used");
    memcpy(&copy, found, sizeof *found + found->nruns * sizeof found->run[0]);
    uint32_t upage = upage_of_run(&copy.boot), upstack = frame_take();
    if (upstack == 0 || mmu->bind(L_UPSTACK | EXO_R | EXO_W, upstack) < 0 ||
        mmu->bind(L_UPAGE | EXO_R | EXO_W, upage) < 0)
        die("cannot map the upcall stack");
    make_self(env, upage, upstack);
    for (uint32_t i = 0; i < copy.boot.nruns; i++)
        if (!adopt_run(&copy.boot.run[i]))
            die("cannot take over the boot mappings");
    adopt_modules();
    struct batch b = {.n = 0};
    if (mmu_window(&b, 0, upage, upstack) < 0)
        die("this MMU cannot hold at once what a program needs");
    upcall_register(&b, 0);
    if (batch_flush(&b) < 0)
        die("the kernel refuses the upcall entries");
    make_session();
    shrink_stack();
}

/* -- both -- */

/* Pointers to the strings, one after the other. */
static const char *unpack(const char *s, uint32_t n, char **to)
{
    for (uint32_t i = 0; i < n; i++) {
        to[i] = (char *)(uintptr_t)s;
        s += strlen(s) + 1;
    }
    to[n] = NULL;
    return s;
}

static void resume_exec(const struct exec_handover *h)
{
    uint32_t data = SELF->data_start;
    critical_enter();
    int r = mmu_place(data, (PAGE_UP(SELF->brk) - data) >> PAGE_SHIFT);
    critical_leave();
    if (r < 0)
        die("out of memory at start");
    signal_ignore(h->ignored);
    ME->catches = 0;
    if (h->old_env == 0)
        return;
    struct exo_pred dead = {EXO_PRED_DEAD, 0, h->old_env, 0};
    exo_sleep((exo_word)&dead, 1);
    exo_env_free(h->old_env, 0);
}

_Noreturn void exos_start(const void *args)
{
    const struct exo_args *booted = args;
    const struct exec_handover *h = args;
    bool fresh = (uintptr_t)args == EXO_ARGS_VA;
    if (!fresh && (SELF->magic != SELF_MAGIC || SELF->size != sizeof(struct exos_self)))
        die("exec by a program with another version of the library");
    uint32_t argc = fresh ? booted->argc : h->argc, envc = fresh ? 0 : h->envc;
    char *argv[argc + 1], *envp[envc + 1];
    if (fresh)
        boot(booted->env);
    else
        resume_exec(h);
    unpack(unpack(fresh ? booted->strings : h->strings, argc, argv), envc, envp);
    environ = envp;
    for (void (*const *f)(void) = exos_init_start; f < exos_init_end; f++)
        (*f)();
    exit(main((int)argc, argv, environ));
}
