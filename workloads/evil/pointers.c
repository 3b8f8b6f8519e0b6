// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pointers.c - bad pointers and lengths in every call that takes them. A pointer to memory that
 * is not translated is a fault of the caller, delivered to it; one beyond the address space
 * is -EXO_EFAULT. Either way the kernel touches nothing.
 */
#include "evil.h"

#define BEYOND ((exo_word)-4096)

static struct exo_pred good_pred;

/* Call number i of those with a pointer, given p. */
static exo_sword call_with(unsigned i, exo_word p)
{
    switch (i) {
    case 0: return exo_console_write(p, 16);
    case 1: return exo_console_read(p, 16);
    case 2: return exo_sleep(p, 1);
    case 3: return evil_mmu->batch(0, (const struct exo_map *)p, 1);
    case 4: return exo_batch(p, 1);
    default: return exo_env_abort(p);
    }
}
#define CALLS_WITH_POINTER 6u

static exo_sword outcome;
static unsigned which;
static void call_it(uintptr_t p)
{
    outcome = call_with(which, p);
}

/* Every call with this pointer must fault, or give EFAULT; the console's reader may find nothing. */
static const char *bad_pointer(uintptr_t p, bool may_refuse)
{
    for (which = 0; which < CALLS_WITH_POINTER; which++) {
        struct evil_fault got;
        if (evil_faults(call_it, p, &got)) {
            if (got.signal != SIGSEGV && got.signal != SIGBUS)
                return evil_wrong("call %u: signal %d", which, got.signal);
            continue;
        }
        if (!(may_refuse && outcome == -EXO_EFAULT))
            return evil_wrong("call %u with pointer 0x%lx gave %ld", which,
                              (unsigned long)p, (long)outcome);
    }
    return NULL;
}

static const char *to_kernel(void)
{
    return bad_pointer(EVIL_KERNEL_VA, false);
}

static const char *to_nothing(void)
{
    return bad_pointer(0, false);
}

static const char *to_devices(void)
{
    return bad_pointer(M_CORE_BASE, true);
}

static const char *beyond_space(void)
{
    TRY(bad_pointer(BEYOND, true));
    TRY(bad_pointer((uintptr_t)-8, true));
    return bad_pointer((uintptr_t)1 << (sizeof(uintptr_t) * 8 - 1), true);
}

static const char *to_secret(void)
{
    struct evil_fault got;
    which = 0;
    if (!evil_faults(call_it, evil_shared->secret_va, &got))
        return evil_wrong("console_write of the victim's address gave %ld",
                          (long)outcome);
    return NULL;
}

/* The kernel must not write for us where we may not. */
static const char *read_into_exported(void)
{
    struct evil_fault got;
    which = 1;
    if (!evil_faults(call_it, EXO_EXPORT_VA, &got))
        return evil_wrong("console_read into the exported tables gave %ld",
                          (long)outcome);
    if (!evil_faults(call_it, (uintptr_t)read_into_exported, &got))
        return evil_wrong("console_read into text gave %ld", (long)outcome);
    return NULL;
}

static const char *bad_lengths(void)
{
    static char buffer[16];
    exo_word p = (exo_word)buffer, top = (exo_word)1 << (sizeof(exo_word) * 8 - 1);
    static const exo_word length[] = {EXO_IO_MAX + 1, 0x7fffffff, 0x80000000u,
                                      (exo_word)-1, (exo_word)-15};
    for (unsigned i = 0; i < sizeof length / sizeof *length; i++) {
        REFUSED(exo_console_write(p, length[i]), EXO_ERANGE);
        REFUSED(exo_console_read(p, length[i]), EXO_ERANGE);
        REFUSED(exo_sleep(p, length[i]), EXO_ERANGE);
        REFUSED(exo_batch(p, length[i]), EXO_ERANGE);
        REFUSED(evil_mmu->batch(0, (const struct exo_map *)p, length[i]), EXO_ERANGE);
        REFUSED(evil_mmu->unbind(0, EVIL_ARENA, length[i]), EXO_ERANGE);
        REFUSED(evil_mmu->protect(0, EVIL_ARENA | EXO_R, length[i]), EXO_ERANGE);
    }
    REFUSED(exo_console_write(p, top), EXO_ERANGE);
    REFUSED(exo_sleep(p, EXO_NPRED + 1), EXO_ERANGE);
    REFUSED(exo_batch(p, EXO_CALLS_MAX + 1), EXO_ERANGE);
    REFUSED(evil_mmu->batch(0, (const struct exo_map *)p, EXO_BATCH_MAX + 1), EXO_ERANGE);
    REFUSED(evil_mmu->unbind(0, EVIL_ARENA, EXO_RANGE_MAX + 1), EXO_ERANGE);
    return NULL;
}

/* A buffer that begins well and ends in nothing: nothing of it may have happened twice. */
static const char *buffer_off_the_end(void)
{
    struct evil_fault got;
    uint32_t frame;
    TRY(evil_own_page(EVIL_ARENA, &frame));
    which = 0;
    if (!evil_faults(call_it, EVIL_ARENA + evil_page() - 8, &got))
        return evil_wrong("a buffer whose second page is missing gave %ld",
                          (long)outcome);
    if ((got.address & ~(evil_page() - 1)) != EVIL_ARENA + evil_page())
        return evil_wrong("the fault was at 0x%lx", (unsigned long)got.address);
    return NULL;
}

static const char *bad_predicates(void)
{
    struct exo_pred pred = {.op = EXO_PRED_DEAD + 1, .va = (uintptr_t)&good_pred};
    REFUSED(exo_sleep((exo_word)&pred, 1), EXO_EINVAL);
    pred = (struct exo_pred){.op = EXO_PRED_DEAD, .va = EXO_NENV};
    REFUSED(exo_sleep((exo_word)&pred, 1), EXO_EENV);
    pred = (struct exo_pred){.op = EXO_PRED_EQ, .va = (uintptr_t)&good_pred + 1};
    REFUSED(exo_sleep((exo_word)&pred, 1), EXO_EVA);
    return NULL;
}

static uintptr_t pred_va;
static void sleep_on(uintptr_t va)
{
    struct exo_pred pred = {.op = EXO_PRED_EQ, .va = va, .value = 0};
    outcome = exo_sleep((exo_word)&pred, 1);
}

/* The kernel evaluates a predicate by itself, later: it must have checked the address first. */
static const char *sleep_on_kernel(void)
{
    static const uintptr_t va[] = {EVIL_KERNEL_VA, M_CORE_BASE, (uintptr_t)-4096};
    for (unsigned i = 0; i < sizeof va / sizeof *va; i++) {
        struct evil_fault got;
        pred_va = va[i];
        if (!evil_faults(sleep_on, pred_va, &got) && outcome != -EXO_EFAULT &&
            outcome != -EXO_EVA)
            return evil_wrong("a predicate on 0x%lx gave %ld", (unsigned long)va[i],
                              (long)outcome);
    }
    return NULL;
}

static const char *stack_in_kernel(void)
{
    WORKS(evil_call_on_stack(EVIL_KERNEL_VA));
    WORKS(evil_call_on_stack(M_CORE_BASE));
    WORKS(evil_call_on_stack((uintptr_t)-16));
    WORKS(evil_call_on_stack(0));
    return NULL;
}

static exo_word foreign;
static void foreign_call(uintptr_t number)
{
    outcome = evil_raw_call(number, 1, 2);
}

/* Numbers that are not the kernel's come back up to the caller. */
static const char *foreign_numbers(void)
{
    static const exo_word number[] = {0,
                                      1,
                                      93,
                                      4001,
                                      EXO_CALL_BASE - 1,
                                      EXO_CALL_BASE + EXO_CALL_MAX,
                                      (exo_word)-1,
                                      (exo_word)1 << (sizeof(exo_word) * 8 - 1)};
    for (unsigned i = 0; i < sizeof number / sizeof *number; i++) {
        struct evil_fault got;
        foreign = number[i];
        if (!evil_faults(foreign_call, foreign, &got))
            return evil_wrong("system call %ld gave %ld", (long)foreign, (long)outcome);
        if (got.signal != SIGSYS)
            return evil_wrong("system call %ld raised signal %d", (long)foreign,
                              got.signal);
    }
    return NULL;
}

static const char *no_such_call(void)
{
    static const bool exists[EXO_CALL_MAX] = {
#define EXO_CALL(number, name, hw, kinds, params, what) [number] = true,
#include <exo/calls.def>
#undef EXO_CALL
    };
    for (unsigned i = 0; i < EXO_CALL_MAX; i++)
        if (!exists[i])
            REFUSED(evil_raw_call(EXO_CALL_BASE + i, 1, 2), EXO_ENOCALL);
    return NULL;
}

static const char *other_hardware(void)
{
    REFUSED(evil_mmu->foreign_call(), EXO_ENODEVCALL);
    return NULL;
}

/* Calls that end, block or resume the caller, or take pointers, are not for batches. */
static const char *batch_what_may_not(void)
{
    static const uint32_t number[] = {EXO_CALL_exc_return,
                                      EXO_CALL_slice_end,
                                      EXO_CALL_pct_call,
                                      EXO_CALL_pct_send,
                                      EXO_CALL_pct_wait,
                                      EXO_CALL_yield,
                                      EXO_CALL_sleep,
                                      EXO_CALL_env_exit,
                                      EXO_CALL_env_abort,
                                      EXO_CALL_console_write,
                                      EXO_CALL_console_read,
                                      EXO_CALL_halt,
                                      EXO_CALL_batch,
                                      EXO_CALL_tlb_batch,
                                      EXO_CALL_pt_batch,
                                      EXO_CALL_env_destroy,
                                      EXO_CALL_MAX,
                                      EXO_CALL_BASE,
                                      0x7fffffff,
                                      0xffffffff};
    for (unsigned i = 0; i < sizeof number / sizeof *number; i++) {
        struct exo_batch one = {.number = number[i]};
        REFUSED(exo_batch((exo_word)&one, 1), EXO_EINVAL);
    }
    return NULL;
}

/* The honest before it is done, nothing behind it. */
static const char *hide_in_batch(void)
{
    uint32_t frame = EVIL_KINFO->first_free;
    struct exo_batch calls[3] = {
        {.number = EXO_CALL_null},
        {.number = EXO_CALL_frame_hold, .arg = {evil_shared->secret_frame, 0, 0}},
        {.number = EXO_CALL_frame_alloc, .arg = {frame, 0}}};
    exo_sword r = exo_batch((exo_word)calls, 3);
    if (r != 1)
        return evil_wrong("%ld of 3 calls were done, expected 1", (long)r);
    if (evil_frame(frame)->type != EXO_FRAME_FREE)
        return "what stands behind it was done, too";
    REFUSED(exo_batch((exo_word)&calls[1], 1), EXO_EPERM);
    return NULL;
}

/* Arguments that are the victim's frame when bits are lost. */
static const char *wide_batch_argument(void)
{
    uint64_t secret = evil_shared->secret_frame;
    struct exo_batch one = {.number = EXO_CALL_frame_free,
                            .arg = {secret | (uint64_t)1 << 32}};
    exo_sword r = exo_batch((exo_word)&one, 1);
    if (r != -EXO_ERANGE && r != -EXO_EFRAME)
        return evil_result("frame_free of a wide number", r, EXO_EFRAME);
    return NULL;
}

static const char *no_counter(void)
{
    REFUSED(exo_counter(EXO_COUNTER_ENV + 1), EXO_ERANGE);
    REFUSED(exo_counter((exo_word)-1), EXO_ERANGE);
    return NULL;
}

const struct evil_attack evil_pointers[] = {
    {"pass pointers to the kernel", to_kernel, false},
    {"pass null pointers", to_nothing, false},
    {"pass pointers to device registers", to_devices, false},
    {"pass pointers beyond the address space", beyond_space, false},
    {"print the victim's memory", to_secret, false},
    {"let the kernel read input into read-only pages", read_into_exported, false},
    {"pass lengths beyond every limit", bad_lengths, false},
    {"pass a buffer that ends in nothing", buffer_off_the_end, false},
    {"sleep on predicates without meaning", bad_predicates, false},
    {"sleep on the kernel's memory", sleep_on_kernel, false},
    {"call with the stack in the kernel", stack_in_kernel, false},
    {"make foreign system calls", foreign_numbers, false},
    {"make calls that do not exist", no_such_call, false},
    {"make calls of other hardware", other_hardware, false},
    {"batch calls that may not be", batch_what_may_not, false},
    {"hide an attack in a batch", hide_in_batch, false},
    {"batch arguments that are too wide", wide_batch_argument, false},
    {"read counters that do not exist", no_counter, false},
    {0},
};
