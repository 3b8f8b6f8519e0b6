// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * code.c - executing stale code, and code that is none. The processor keeps translated copies of
 * code; what runs must be what the memory says now, and only where it may be run.
 */
#include "evil.h"

typedef unsigned code_fn(void);

static const char *code_page(uintptr_t va, uint32_t rights, uint32_t *frame)
{
    *frame = evil_take_frame();
    WORKS(evil_mmu->prepare(va));
    WORKS(evil_mmu->bind(0, va | rights, *frame, 0));
    return NULL;
}

static unsigned make_and_run(uintptr_t write_va, uintptr_t run_va, unsigned value)
{
    evil_make_code((void *)write_va, value);
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* the machine's caches are coherent */
    return ((code_fn *)run_va)();
}

static const char *rewritten(uintptr_t write_va, uintptr_t run_va)
{
    for (unsigned i = 0; i < 40; i++) {
        unsigned want = 100 + i, got = make_and_run(write_va, run_va, want);
        if (got != want)
            return evil_wrong("code that says %u returned %u", want, got);
    }
    return NULL;
}

static const char *rewrite_in_place(void)
{
    uint32_t frame;
    TRY(code_page(EVIL_ARENA, EXO_R | EXO_W | EXO_X, &frame));
    return rewritten(EVIL_ARENA, EVIL_ARENA);
}

static const char *rewrite_by_alias(void)
{
    uint32_t frame;
    uintptr_t alias = EVIL_ARENA + evil_page();
    TRY(code_page(EVIL_ARENA, EXO_R | EXO_X, &frame));
    WORKS(evil_mmu->prepare(alias));
    WORKS(evil_mmu->bind(0, alias | EXO_R | EXO_W, frame, 0));
    return rewritten(alias, EVIL_ARENA);
}

static const char *rebind_code(void)
{
    uint32_t first, second;
    uintptr_t other = EVIL_ARENA + evil_page();
    TRY(code_page(EVIL_ARENA, EXO_R | EXO_W | EXO_X, &first));
    TRY(code_page(other, EXO_R | EXO_W | EXO_X, &second));
    if (make_and_run(EVIL_ARENA, EVIL_ARENA, 11) != 11 ||
        make_and_run(other, other, 22) != 22)
        return "fresh code did not run";
    WORKS(evil_mmu->bind(0, EVIL_ARENA | EXO_R | EXO_X, second, 0));
    unsigned got = ((code_fn *)EVIL_ARENA)();
    return got == 22
               ? NULL
               : evil_wrong("after binding another frame the old code ran: %u", got);
}

static const char *run_unbound(void)
{
    uint32_t frame;
    TRY(code_page(EVIL_ARENA, EXO_R | EXO_W | EXO_X, &frame));
    if (make_and_run(EVIL_ARENA, EVIL_ARENA, 33) != 33)
        return "fresh code did not run";
    WORKS(evil_mmu->unbind(0, EVIL_ARENA, 1));
    return evil_must_fault(evil_jump, EVIL_ARENA, SIGSEGV, SIGBUS);
}

static const char *run_freed(void)
{
    uint32_t frame;
    TRY(code_page(EVIL_ARENA, EXO_R | EXO_W | EXO_X, &frame));
    if (make_and_run(EVIL_ARENA, EVIL_ARENA, 44) != 44)
        return "fresh code did not run";
    WORKS(exo_frame_free(frame));
    return evil_must_fault(evil_jump, EVIL_ARENA, SIGSEGV, SIGBUS);
}

static const char *run_data(void)
{
    uint32_t frame;
    TRY(code_page(EVIL_ARENA, EXO_R | EXO_W, &frame));
    evil_make_code((void *)EVIL_ARENA, 55);
    return evil_must_fault(evil_jump, EVIL_ARENA, SIGSEGV, 0);
}

/* A frame that held code once holds other code for its next owner. */
static const char *reuse_code_frame(void)
{
    uint32_t frame;
    TRY(code_page(EVIL_ARENA, EXO_R | EXO_W | EXO_X, &frame));
    if (make_and_run(EVIL_ARENA, EVIL_ARENA, 66) != 66)
        return "fresh code did not run";
    WORKS(exo_frame_free(frame));
    WORKS(exo_frame_alloc(frame, 0));
    WORKS(evil_mmu->bind(0, EVIL_ARENA | EXO_R | EXO_W | EXO_X, frame, 0));
    unsigned got = make_and_run(EVIL_ARENA, EVIL_ARENA, 77);
    return got == 77 ? NULL : evil_wrong("the old code ran: %u", got);
}

const struct evil_attack evil_code[] = {
    {"run code that was overwritten", rewrite_in_place, false},
    {"run code that was overwritten elsewhere", rewrite_by_alias, false},
    {"run the code of a frame bound away", rebind_code, false},
    {"run code after unbinding it", run_unbound, false},
    {"run code after freeing it", run_freed, false},
    {"run data", run_data, false},
    {"run what a reused frame held", reuse_code_frame, false},
    {0},
};
