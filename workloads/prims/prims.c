// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * prims.c - what the exokernel's primitives cost, in instructions of application, library and
 * kernel. One operation is:
 *
 *   null_call           the call `null`, there and back
 *   exception_dispatch  from a breakpoint to the first instruction of the application's handler
 *   exception_return    exc_return: from the handler back to where it says
 *   pct                 protected control transfer, one way, to another environment's entry
 *   yield               directed yield to another environment, one way
 *   upcall              a slice's end: epilogue upcall, slice_end, prologue upcall, per upcall;
 *                       the library saves and restores everything
 *   tlb_refill          an access to a page whose translation the hardware does not have
 *   lost_binding        ... whose binding the kernel has lost: the library makes it anew
 *   overflow            ... whose binding had to go for another's, and now displaces one itself; only
 *                       where the MMU has a shared table with groups that can be full
 *
 * `prims [COUNT]`, default 1000 (upcall: 20 slices). All is checked; status 1 if a step went wrong.
 */
#include "prims.h"

#include <exo/machine.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"

_Static_assert(PRIMS_EPC == offsetof(struct exo_upage, save.epc), "prims.h");
_Static_assert(PRIMS_SP == offsetof(struct exo_upage, save.sp), "prims.h");
_Static_assert(PRIMS_CAUSE == offsetof(struct exo_upage, save.cause), "prims.h");
_Static_assert(PRIMS_CAUSE_BREAK == M_CAUSE_BREAK, "prims.h");
_Static_assert(PRIMS_CALL_EXC_RETURN == EXO_CALL_BASE + EXO_CALL_exc_return, "prims.h");
_Static_assert(PRIMS_CALL_PCT_CALL == EXO_CALL_BASE + EXO_CALL_pct_call, "prims.h");

/* Addresses the library uses for nothing; far from what is used here in a small software TLB. */
#define PAGES ((uintptr_t)0x68050000)
/* All of the segment from here on is the program's. */
#define RIVALS ((uintptr_t)0x30100000)
#define SLICES 20u

/* The library's entries, to go back to. */
extern void upcall_exception_entry(void), upcall_epilogue_entry(void),
    upcall_pct_entry(void);

static const struct prims_mmu *mmu;
static uint32_t self;
static unsigned count = 1000;
static uintptr_t page_bytes;

static _Noreturn void fail(const char *what, exo_sword got)
{
    fprintf(stderr, "prims: %s: %ld\n", what, (long)got);
    exit(1);
}

static void works(const char *what, exo_sword got)
{
    if (got < 0)
        fail(what, got);
}

static volatile const struct exo_env_public *env_row(uint32_t env)
{
    return (volatile const struct exo_env_public *)(uintptr_t)(EXO_EXPORT_VA +
                                                               PRIMS_KINFO->envs_off) +
           env;
}

uint32_t prims_take_frame(void)
{
    for (unsigned tries = 0; tries < 100; tries++) {
        uint32_t frame = PRIMS_KINFO->first_free;
        if (frame == 0 || exo_frame_alloc(frame, 0) == 0)
            return frame;
    }
    return 0;
}

static struct measure less(struct measure a, struct measure b)
{
    return (struct measure){a.cycles - b.cycles, a.user - b.user, a.lib - b.lib,
                            a.kernel - b.kernel};
}

/* What follows is measured from the beginning of a slice, so that no slice's end falls into it. */
static void new_slice(void)
{
    exo_yield((exo_word)-1);
}

/* `n` times something: body is what one costs beside the loop. */
#define REPEAT(m, n, body)                                                               \
    struct measure m = measure_start();                                                  \
    for (unsigned i_ = 0; i_ < (n); i_++) {                                              \
        body;                                                                            \
        __asm__ volatile("" ::: "memory");                                               \
    }                                                                                    \
    measure_stop(&(m))

static struct measure empty_loop(void)
{
    REPEAT(m, count, (void)0);
    return m;
}

static void null_call(void)
{
    exo_null();
    new_slice();
    REPEAT(m, count, exo_null());
    m = less(m, empty_loop());
    measure_print("null_call", &m, count);
}

static void exceptions(void)
{
    works("exception entry",
          exo_env_set(0, 0, EXO_ENV_EXCEPTION, (exo_word)prims_handler));
    prims_return();
    prims_trap();
    new_slice();
    REPEAT(trap, count, prims_trap());
    new_slice();
    REPEAT(back, count, prims_return());
    works("exception entry",
          exo_env_set(0, 0, EXO_ENV_EXCEPTION, (exo_word)upcall_exception_entry));
    /* What the round trip has beside its return, in the kernel: the dispatch. The handler's own
     * instructions are the application's and belong to neither. */
    struct measure dispatch = {0, 0, 0, trap.kernel - back.kernel};
    struct measure resume = {0, 0, 0, back.kernel};
    dispatch.cycles = trap.cycles - back.cycles;
    resume.cycles = back.cycles;
    measure_print("exception_dispatch", &dispatch, count);
    measure_print("exception_return", &resume, count);
}

/* Another environment that does `serve` for ever; its number. */
static uint32_t partner(void (*serve)(void), pid_t *pid)
{
    volatile uint32_t *ready =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (ready == MAP_FAILED)
        fail("mmap", -1);
    *ready = 0;
    *pid = fork();
    if (*pid == 0) {
        *ready = 1;
        serve();
        _exit(1);
    }
    if (*pid < 0)
        fail("fork", *pid);
    while (*ready == 0)
        exo_yield((exo_word)-1);
    for (uint32_t env = 1; env < EXO_NENV; env++) {
        uint32_t state = env_row(env)->state;
        if (env_row(env)->parent == self &&
            (state == EXO_ENV_STATE_READY || state == EXO_ENV_STATE_PCT))
            return env;
    }
    fail("the partner is not there", 0);
}

static void end(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void serve_pct(void)
{
    exo_env_set(0, 0, EXO_ENV_PCT, (exo_word)prims_pct_server);
    exo_pct_wait(0);
}

static void pct(void)
{
    pid_t pid;
    uint32_t env = partner(serve_pct, &pid);
    while (env_row(env)->state != EXO_ENV_STATE_PCT)
        exo_yield((exo_word)-1);
    works("pct entry", exo_env_set(0, 0, EXO_ENV_PCT, (exo_word)prims_pct_client));
    for (unsigned i = 0; i < 3; i++)
        if (prims_pct(env) != (exo_sword)env)
            fail("pct_call", -1);
    new_slice();
    REPEAT(m, count, prims_pct(env));
    works("pct entry", exo_env_set(0, 0, EXO_ENV_PCT, (exo_word)upcall_pct_entry));
    m = less(m, empty_loop());
    measure_print("pct", &m, 2 * count);
    end(pid);
}

static void serve_yield(void)
{
    uint32_t to = self;
    for (;;)
        exo_yield(to);
}

static void yield(void)
{
    pid_t pid;
    uint32_t env = partner(serve_yield, &pid);
    for (unsigned i = 0; i < 3; i++)
        works("yield", exo_yield(env));
    REPEAT(m, count, exo_yield(env));
    measure_print("yield", &m, 2 * count);
    end(pid);
}

static void upcall(void)
{
    works("epilogue entry",
          exo_env_set(0, 0, EXO_ENV_EPILOGUE, (exo_word)prims_epilogue));
    uint32_t first = prims_slices;
    while (prims_slices == first)
        ;
    first = prims_slices;
    struct measure m = measure_start();
    while (prims_slices - first < SLICES)
        ;
    measure_stop(&m);
    works("epilogue entry",
          exo_env_set(0, 0, EXO_ENV_EPILOGUE, (exo_word)upcall_epilogue_entry));
    m.cycles -=
        m.user < m.cycles ? m.user : m.cycles; /* waiting: a cycle an instruction */
    m.user = 0;
    measure_print("upcall", &m, 2 * SLICES);
}

static void tlb_refill(void)
{
    uint32_t frame = prims_take_frame();
    volatile uint32_t *page = (volatile uint32_t *)PAGES;
    if (!mmu->prepare(PAGES) || !mmu->renew(PAGES, frame))
        fail("bind", -1);
    unsigned n = count < 100 ? count : 100; /* fits a slice */
    new_slice();
    REPEAT(bare, n, mmu->renew(PAGES, frame));
    new_slice();
    REPEAT(touched, n, {
        mmu->renew(PAGES, frame);
        (void)*page;
    });
    struct measure m = less(touched, bare);
    measure_print("tlb_refill", &m, n);
}

/* An access to each page, n times round, measured apart from what goes before it. */
static void accesses(const char *name, uintptr_t (*page)(unsigned i), unsigned pages,
                     bool lose)
{
    struct measure sum = {0, 0, 0, 0};
    unsigned n = 64 / pages + 1;
    for (unsigned i = 0; i < (n + 1) * pages; i++) {
        uintptr_t va = page(i % pages);
        if (lose && !mmu->lose(va & ~(uintptr_t)(page_bytes - 1)))
            fail(name, -1);
        struct measure nothing = measure_start();
        measure_stop(&nothing);
        struct measure m = measure_start();
        (void)*(volatile uint32_t *)va;
        measure_stop(&m);
        m = less(m, nothing);
        if (i < pages)
            continue; /* the first time there was no frame yet */
        sum.cycles += m.cycles;
        sum.user += m.user;
        sum.lib += m.lib;
        sum.kernel += m.kernel;
    }
    measure_print(name, &sum, n * pages);
}

static uintptr_t own_page;

static uintptr_t same_page(unsigned i)
{
    (void)i;
    return own_page;
}

static uintptr_t rival_page(unsigned i)
{
    return mmu->rival(own_page, i);
}

static void lost_binding(void)
{
    own_page = (uintptr_t)mmap(NULL, page_bytes, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (own_page == (uintptr_t)MAP_FAILED)
        fail("mmap", -1);
    *(volatile uint32_t *)own_page = 1;
    new_slice();
    accesses("lost_binding", same_page, 1, true);
}

static void overflow(void)
{
    own_page = RIVALS;
    for (unsigned i = 0; i < mmu->rivals; i++) {
        void *at = (void *)mmu->rival(own_page, i);
        if (mmap(at, page_bytes, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != at)
            fail("mmap", (exo_sword)i);
        *(volatile uint32_t *)at = 1;
    }
    new_slice();
    accesses("overflow", rival_page, mmu->rivals, false);
}

/* The upage a second time, where no translation fault can hit the handler that reads it. */
static void find_upage(void)
{
    uintptr_t va = PAGES + ((uintptr_t)8 << PRIMS_KINFO->page_shift);
    if (!mmu->prepare(va) || !mmu->keep(va, env_row(self)->upage_frame))
        fail("upage", -1);
    prims_upage = (volatile struct exo_upage *)va;
}

int main(int argc, char **argv)
{
    const struct exo_hw_table *t =
        (const struct exo_hw_table *)(uintptr_t)(EXO_EXPORT_VA +
                                                 PRIMS_KINFO->hwtable_off);
    self = ((const struct exo_args *)(uintptr_t)EXO_ARGS_VA)->env;
    if (argc > 1)
        count = (unsigned)strtoul(argv[1], NULL, 0);
    if (count == 0 || count > 1000000) {
        fprintf(stderr, "prims: COUNT %s: expected 1 to 1000000\n", argv[1]);
        return 2;
    }
    static const struct prims_mmu *const kinds[EXO_MMU_KINDS] = {
#define EXO_KIND_MMU(number, name, NAME) [EXO_MMU_##NAME] = &prims_##name,
#include <exo/kinds.def>
    };
    mmu = t->mmu_kind < EXO_MMU_KINDS ? kinds[t->mmu_kind] : NULL;
    if (!mmu) {
        fprintf(stderr, "prims: no part for this kind of MMU\n");
        return 1;
    }
    page_bytes = (uintptr_t)1 << PRIMS_KINFO->page_shift;
    find_upage();
    measure_heading();
    null_call();
    exceptions();
    pct();
    yield();
    upcall();
    tlb_refill();
    lost_binding();
    if (mmu->rivals != 0)
        overflow();
    return 0;
}
