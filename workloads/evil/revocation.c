// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * revocation.c - what an environment lost must be lost at once: in the tables, in every TLB, in
 * whatever the processor remembers. The victim is the owner here: its {1} dominates the
 * attacker's {1,0}, so it may take frames back.
 */
#include "evil.h"

#define PAGE_A EVIL_ARENA

static bool lost(uint32_t frame)
{
    for (uint64_t end = exo_time64() + EVIL_PATIENCE; exo_time64() < end;) {
        if (evil_frame(frame)->holders == 0)
            return true;
        exo_yield((exo_word)-1);
    }
    return false;
}

/* A page of our own, hot in every TLB, then revoked. */
static const char *revoked_page(uintptr_t va, uint32_t *frame, uint32_t grace)
{
    TRY(evil_own_page(va, frame));
    for (unsigned i = 0; i < 100; i++)
        evil_write(va + i);
    exo_sword r = evil_order(ORDER_REVOKE, *frame, evil_self(), grace);
    if (r < 0)
        return evil_result("the owner's frame_revoke", r, 0);
    if (!lost(*frame))
        return "the frame was not taken";
    return NULL;
}

static const char *stale_read(void)
{
    uint32_t frame;
    TRY(revoked_page(PAGE_A, &frame, 0));
    return evil_must_fault(evil_read, PAGE_A, SIGSEGV, SIGBUS);
}

static const char *stale_write(void)
{
    uint32_t frame;
    TRY(revoked_page(PAGE_A, &frame, 0));
    return evil_must_fault(evil_write, PAGE_A, SIGSEGV, SIGBUS);
}

/* The frame is somebody else's already. */
static const char *stale_after_reallocation(void)
{
    uint32_t frame;
    TRY(revoked_page(PAGE_A, &frame, 0));
    exo_sword r = evil_order(ORDER_TAKE, frame, 0, 0);
    if (r < 0)
        return evil_result("the owner's frame_alloc", r, 0);
    TRY(evil_must_fault(evil_read, PAGE_A, SIGSEGV, SIGBUS));
    TRY(evil_must_fault(evil_write, PAGE_A, SIGSEGV, SIGBUS));
    REFUSED(evil_mmu->bind(0, PAGE_A | EXO_R, frame, 0), EXO_ENOTHELD);
    return NULL;
}

static const char *stale_after_free(void)
{
    uint32_t frame;
    TRY(evil_own_page(PAGE_A, &frame));
    evil_write(PAGE_A);
    WORKS(exo_frame_free(frame));
    exo_sword r = evil_order(ORDER_TAKE, frame, 0, 0);
    if (r < 0)
        return evil_result("the owner's frame_alloc", r, 0);
    TRY(evil_must_fault(evil_read, PAGE_A, SIGSEGV, SIGBUS));
    return evil_must_fault(evil_write, PAGE_A, SIGSEGV, SIGBUS);
}

static const char *stale_after_unbind(void)
{
    uint32_t frame;
    TRY(evil_own_page(PAGE_A, &frame));
    evil_write(PAGE_A);
    WORKS(evil_mmu->unbind(0, PAGE_A, 1));
    return evil_must_fault(evil_read, PAGE_A, SIGSEGV, SIGBUS);
}

static const char *stale_after_protect(void)
{
    uint32_t frame;
    TRY(evil_own_page(PAGE_A, &frame));
    evil_write(PAGE_A);
    WORKS(evil_mmu->protect(0, PAGE_A | EXO_R, 1));
    evil_read(PAGE_A);
    return evil_must_fault(evil_write, PAGE_A, SIGSEGV, 0);
}

static const char *stale_after_rebind(void)
{
    uint32_t first, second;
    TRY(evil_own_page(PAGE_A, &first));
    *(volatile uint32_t *)PAGE_A = 0x11111111;
    TRY(evil_own_page(PAGE_A, &second));
    if (*(volatile uint32_t *)PAGE_A == 0x11111111)
        return "the old frame is still there";
    return NULL;
}

/* The same frame at many addresses: all must go. */
static const char *stale_aliases(void)
{
    uint32_t frame;
    TRY(evil_own_page(PAGE_A, &frame));
    for (unsigned i = 1; i < 8; i++) {
        WORKS(evil_mmu->prepare(PAGE_A + i * evil_page()));
        WORKS(evil_mmu->bind(0, (PAGE_A + i * evil_page()) | EXO_R | EXO_W, frame, 0));
    }
    for (unsigned i = 0; i < 8; i++)
        evil_write(PAGE_A + i * evil_page());
    exo_sword r = evil_order(ORDER_REVOKE, frame, evil_self(), 0);
    if (r < 0)
        return evil_result("the owner's frame_revoke", r, 0);
    if (!lost(frame))
        return "the frame was not taken";
    for (unsigned i = 0; i < 8; i++)
        TRY(evil_must_fault(evil_read, PAGE_A + i * evil_page(), SIGSEGV, SIGBUS));
    return NULL;
}

/* Refusing: a handler that does nothing, a critical section, a busy upage. */
static const char *refuse(bool critical, bool busy)
{
    uint32_t frame;
    TRY(evil_own_page(PAGE_A, &frame));
    evil_write(PAGE_A);
    volatile struct exo_upage *up = evil_upage();
    if (!up)
        return "no upage";
    WORKS(exo_env_set(0, 0, EXO_ENV_REVOKE, 0));
    uint32_t count = up->repo_count;
    /* Who is busy cannot have a translation brought back: use everything once before. */
    if (evil_order(ORDER_FREE, 0, 0, 0) != 0 || !lost(0))
        return "the victim does not answer, or frame 0 is held";
    up->critical = critical;
    up->busy = busy;
    exo_sword r = evil_order(ORDER_REVOKE, frame, evil_self(), 50000);
    bool gone = r >= 0 && lost(frame);
    up->busy = 0;
    up->critical = 0;
    if (r < 0)
        return evil_result("the owner's frame_revoke", r, 0);
    if (!gone)
        return "the frame was not taken";
    if (up->repo_count == count || up->repo[(up->repo_count - 1) % EXO_NREPO] != frame)
        return "the repossession vector does not name the frame";
    return evil_must_fault(evil_read, PAGE_A, SIGSEGV, SIGBUS);
}

static const char *refuse_quietly(void)
{
    return refuse(false, false);
}

static const char *refuse_critical(void)
{
    return refuse(true, false);
}

static const char *refuse_busy(void)
{
    return refuse(false, true);
}

/* The kernel writes the repossession vector by a counter the environment can write. */
static const char *bad_repo_count(void)
{
    volatile struct exo_upage *up = evil_upage();
    uint32_t frame;
    if (!up)
        return "no upage";
    up->repo_count = 0xfffffff7u;
    TRY(evil_own_page(PAGE_A, &frame));
    WORKS(exo_env_set(0, 0, EXO_ENV_REVOKE, 0));
    exo_sword r = evil_order(ORDER_REVOKE, frame, evil_self(), 0);
    if (r < 0)
        return evil_result("the owner's frame_revoke", r, 0);
    return lost(frame) ? NULL : "the frame was not taken";
}

/* What a dead environment had bound must not show up in the next one of its number. */
static const char *stale_after_death(void)
{
    uint32_t env = evil_free_env(), frame = evil_take_frame();
    for (unsigned round = 0; round < 3; round++) {
        WORKS(exo_env_create(env, 0));
        WORKS(exo_env_destroy(env, 0, 0));
        WORKS(exo_env_free(env, 0));
    }
    WORKS(exo_env_create(env, 0));
    WORKS(exo_frame_hold(frame, env, 0));
    WORKS(exo_env_destroy(env, 0, 0));
    WORKS(exo_env_free(env, 0));
    if (evil_frame(frame)->holders != 1)
        return evil_wrong("%u holders after the other's death",
                          (unsigned)evil_frame(frame)->holders);
    return NULL;
}

const struct evil_attack evil_revocation[] = {
    {"read a page after its revocation", stale_read, false},
    {"write a page after its revocation", stale_write, false},
    {"use a page that is the victim's now", stale_after_reallocation, false},
    {"use a page after freeing its frame", stale_after_free, false},
    {"use a page after unbinding it", stale_after_unbind, false},
    {"write a page after cutting its rights", stale_after_protect, false},
    {"use the old frame after binding a new one", stale_after_rebind, false},
    {"keep a revoked frame at another address", stale_aliases, false},
    {"refuse revocation by silence", refuse_quietly, false},
    {"refuse revocation by a critical section", refuse_critical, false},
    {"refuse revocation by a busy upage", refuse_busy, false},
    {"misdirect the repossession vector", bad_repo_count, false},
    {"inherit from a dead environment", stale_after_death, false},
    {0},
};
