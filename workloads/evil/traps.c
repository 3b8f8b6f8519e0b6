// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * traps.c - bad trap frames: struct exo_save says where to go on, and its owner may write
 * anything into it. Whatever it says, it must be user code that goes on, or nobody.
 */
#include "evil.h"

/* Ends the running upcall by a frame of our own. Does not return to the caller. */
static void resume_at(uint64_t epc, uint64_t sp)
{
    volatile struct exo_upage *up = evil_upage();
    if (!up)
        return;
    up->save.epc = epc;
    up->save.sp = sp;
    up->busy = 1;
    for (unsigned i = 0; i < EXO_NSCRATCH; i++)
        up->save.scratch[i] = ~(uint64_t)0;
    exo_exc_return();
}

static void resume_kernel(uintptr_t sp)
{
    resume_at(EVIL_KERNEL_VA, sp);
}

static void resume_devices(uintptr_t sp)
{
    resume_at(M_CORE_BASE, sp);
}

static void resume_top(uintptr_t sp)
{
    resume_at(~(uint64_t)0 - 3, sp);
}

static void resume_middle(uintptr_t sp)
{
    resume_at((uint64_t)1 << (sizeof(uintptr_t) * 8 - 1), sp);
}

/* Data, not code, and not where an instruction can begin. */
static void resume_odd(uintptr_t sp)
{
    static uint32_t data;
    resume_at((uintptr_t)&data | 1, sp);
}

static const char *resume(void (*how)(uintptr_t))
{
    struct evil_fault got;
    char here;
    /* some room below our own stack, so that the handler has one */
    if (!evil_faults(how, (uintptr_t)&here - 512, &got))
        return "exc_return came back";
    if (got.signal != SIGSEGV && got.signal != SIGBUS && got.signal != SIGILL)
        return evil_wrong("signal %d", got.signal);
    return NULL;
}

static const char *into_kernel(void)
{
    return resume(resume_kernel);
}

static const char *into_devices(void)
{
    return resume(resume_devices);
}

static const char *to_top(void)
{
    return resume(resume_top);
}

static const char *to_middle(void)
{
    return resume(resume_middle);
}

static const char *odd_pc(void)
{
    return resume(resume_odd);
}

/* A second exception while the first is not dealt with: nobody could deliver it. */
static const char *while_busy(void)
{
    volatile struct exo_upage *up = evil_upage();
    if (!up)
        return "no upage";
    up->busy = 1;
    evil_read(EVIL_KERNEL_VA);
    return "an exception during an exception went through";
}

static const char *handler_nowhere(void)
{
    WORKS(exo_env_set(0, 0, EXO_ENV_EXCEPTION, EVIL_KERNEL_VA));
    evil_read(EVIL_KERNEL_VA);
    return "the fault went through";
}

static const char *no_handler(void)
{
    WORKS(exo_env_set(0, 0, EXO_ENV_EXCEPTION, 0));
    evil_read(EVIL_KERNEL_VA);
    return "the fault went through";
}

static const char *no_upage(void)
{
    WORKS(exo_env_set(0, 0, EXO_ENV_UPAGE, 0));
    evil_read(EVIL_KERNEL_VA);
    return "the fault went through";
}

static const char *return_without_upage(void)
{
    exo_word frame = evil_env(evil_self())->upage_frame;
    WORKS(exo_env_set(0, 0, EXO_ENV_UPAGE, 0));
    exo_sword r = exo_exc_return();
    WORKS(exo_env_set(0, 0, EXO_ENV_UPAGE, frame));
    return r == -EXO_EINVAL ? NULL : evil_result("exc_return", r, EXO_EINVAL);
}

/* Dying of a trap that another is said to have had: only words in the report. */
static const char *lie_in_report(void)
{
    static struct exo_save save = {
        .epc = ~(uint64_t)0, .sp = ~(uint64_t)0, .badvaddr = ~(uint64_t)0, .cause = ~0u};
    exo_env_abort((exo_word)&save);
    return "env_abort came back";
}

/* All upcall entries point into nothing; then everything happens at once. */
static const char *entries_nowhere(void)
{
    for (exo_word field = EXO_ENV_EXCEPTION; field < EXO_ENV_FIELDS; field++)
        WORKS(exo_env_set(0, 0, field, EVIL_ARENA));
    uint64_t start = exo_time64();
    while (exo_time64() - start < 4u * EXO_SLICE_CYCLES)
        ;
    return "an epilogue in nowhere did not matter";
}

static const char *odd_state(void)
{
    WORKS(evil_odd_call());
    return NULL;
}

const struct evil_attack evil_traps[] = {
    {"resume in the kernel", into_kernel, false},
    {"resume in device registers", into_devices, false},
    {"resume at the end of the address space", to_top, false},
    {"resume in the middle of the address space", to_middle, false},
    {"resume at an odd address", odd_pc, false},
    {"fault while an exception is being handled", while_busy, true},
    {"handle exceptions in the kernel", handler_nowhere, true},
    {"fault without a handler", no_handler, true},
    {"fault without an upage", no_upage, true},
    {"return from an exception without an upage", return_without_upage, false},
    {"lie in the report of one's death", lie_in_report, true},
    {"take all upcalls nowhere", entries_nowhere, true},
    {"call with an odd processor state", odd_state, false},
    {0},
};
