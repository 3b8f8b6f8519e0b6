// SPDX-License-Identifier: GPL-2.0-or-later
/* evil_softtlb.c - bindings of a software-refilled TLB, and attacks on its calls. See evil.h. */
#include "evil.h"

static exo_sword bind(uint32_t env, uintptr_t va_rights, exo_word frame, exo_word cap)
{
    return exo_tlb_write(env, 0, va_rights, frame, cap);
}

static exo_sword unbind(uint32_t env, uintptr_t va, exo_word pages)
{
    return exo_tlb_invalidate(env, 0, va, pages);
}

static exo_sword protect(uint32_t env, uintptr_t va_rights, exo_word pages)
{
    return exo_tlb_protect(env, 0, va_rights, pages);
}

static exo_sword batch(uint32_t env, const struct exo_map *maps, exo_word n)
{
    return exo_tlb_batch(env, 0, (exo_word)maps, n);
}

static exo_sword prepare(uintptr_t va)
{
    (void)va;
    return 0;
}

static exo_sword foreign_call(void)
{
    return exo_pt_root(0, 0, 1);
}

static const char *flush_victim(void)
{
    REFUSED(exo_tlb_flush(evil_shared->victim, 0), EXO_EPERM);
    return NULL;
}

static const char *wire_in_victim(void)
{
    uint32_t frame = evil_take_frame();
    REFUSED(exo_tlb_wire(evil_shared->victim, 0, 0, EVIL_ARENA | EXO_R, frame, 0),
            EXO_EPERM);
    return NULL;
}

static const char *wire_secret(void)
{
    REFUSED(exo_tlb_wire(0, 0, 9, EVIL_ARENA | EXO_R, evil_shared->secret_frame, 0),
            EXO_ENOTHELD);
    REFUSED(exo_tlb_wire(0, 0, 9, EVIL_ARENA | EXO_R,
                         M_KERNEL_BASE >> EVIL_KINFO->page_shift, 0),
            EXO_EFRAME);
    return NULL;
}

static const char *wire_nowhere(void)
{
    uint32_t frame = evil_take_frame();
    REFUSED(exo_tlb_wire(0, 0, EXO_NWIRED, EVIL_ARENA | EXO_R, frame, 0), EXO_ERANGE);
    REFUSED(exo_tlb_wire(0, 0, (exo_word)-1, EVIL_ARENA | EXO_R, frame, 0), EXO_ERANGE);
    return NULL;
}

/* A wired translation is guaranteed against loss, not against revocation. */
static const char *keep_wired(void)
{
    uint32_t frame = evil_take_frame();
    WORKS(exo_tlb_wire(0, 0, 9, EVIL_ARENA | EXO_R | EXO_W, frame, 0));
    evil_write(EVIL_ARENA);
    WORKS(exo_frame_free(frame));
    return evil_must_fault(evil_read, EVIL_ARENA, SIGSEGV, SIGBUS);
}

static const char *batch_with_secret(void)
{
    uint32_t frame = evil_take_frame();
    struct exo_map op[3] = {
        {EVIL_ARENA | EXO_R, frame, 0},
        {(EVIL_ARENA + evil_page()) | EXO_R, evil_shared->secret_frame, 0},
        {(EVIL_ARENA + 2 * evil_page()) | EXO_R, frame, 0}};
    REFUSED(batch(0, op, 3), EXO_ENOTHELD);
    return evil_must_fault(evil_read, EVIL_ARENA + evil_page(), SIGSEGV, 0);
}

static const struct evil_attack attacks[] = {
    {"flush the victim's translations", flush_victim, false},
    {"wire a page in the victim's address space", wire_in_victim, false},
    {"wire the victim's frame", wire_secret, false},
    {"wire in slots that do not exist", wire_nowhere, false},
    {"keep a freed frame wired", keep_wired, false},
    {"hide the victim's frame in a batch", batch_with_secret, false},
    {0},
};

const struct evil_mmu evil_mmu_softtlb = {
    .kind = EXO_MMU_SOFTTLB,
    .bind = bind,
    .unbind = unbind,
    .protect = protect,
    .batch = batch,
    .prepare = prepare,
    .foreign_call = foreign_call,
    .attacks = attacks,
};
