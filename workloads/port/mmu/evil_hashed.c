// SPDX-License-Identifier: GPL-2.0-or-later
/* evil_hashed.c - bindings in a hashed page table, and attacks on its calls. See evil.h. */
#include "evil.h"

#include <exo/hpt.h>

static exo_sword bind(uint32_t env, uintptr_t va_rights, exo_word frame, exo_word cap)
{
    return exo_hpt_insert(env, 0, va_rights, frame, cap, 0);
}

static exo_sword unbind(uint32_t env, uintptr_t va, exo_word pages)
{
    return exo_hpt_evict(env, 0, va, pages);
}

static exo_sword protect(uint32_t env, uintptr_t va_rights, exo_word pages)
{
    return exo_hpt_protect(env, 0, va_rights, pages);
}

static exo_sword batch(uint32_t env, const struct exo_map *maps, exo_word n)
{
    return exo_hpt_batch(env, 0, (exo_word)maps, n);
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

/* ---- the shared table, as all can see it ---- */

static uintptr_t secret_page(void)
{
    return evil_shared->secret_va & ~(evil_page() - 1);
}

static uint32_t groups(void)
{
    return (uint32_t)exo_hpt_table(EXO_HPT_GROUPS);
}

/* What is hashed: VSID ^ page index. */
static uint32_t hash(uint32_t env, uintptr_t va)
{
    uint32_t vsid = (env << 4 | (uint32_t)(va >> 28)) * M_HPT_VSID_FACTOR;
    return vsid ^ (uint32_t)(va & 0x0fffffff) >> EVIL_KINFO->page_shift;
}

/* The i-th page of ours that contends for the places of the victim's secret page. 0: no more. */
static uintptr_t rival(uint32_t i)
{
    uintptr_t segment = EVIL_ARENA & ~(uintptr_t)0x0fffffff, first = EVIL_ARENA - segment;
    uint32_t shift = EVIL_KINFO->page_shift, n = groups();
    uint32_t low =
        (hash(evil_shared->victim, secret_page()) ^ hash(evil_self(), segment)) & (n - 1);
    uintptr_t index = low + ((first >> shift) / n + 1 + i) * (uintptr_t)n;
    return index >> (28 - shift) == 0 ? segment | index << shift : 0;
}

/* The owners of the eight places of the secret's primary group, bound for reading at EVIL_ARENA. */
static const volatile uint8_t *owners(void)
{
    uint32_t group = hash(evil_shared->victim, secret_page()) & (groups() - 1);
    uintptr_t at = (uintptr_t)group * M_HPT_GROUP;
    uint32_t frame = (uint32_t)exo_hpt_table(EXO_HPT_OWNERS_FRAME) +
                     (uint32_t)(at >> EVIL_KINFO->page_shift);
    if (bind(0, EVIL_ARENA | EXO_R, frame, 0) < 0)
        return NULL;
    return (const volatile uint8_t *)(EVIL_ARENA + (at & (evil_page() - 1)));
}

/* ---- attacks ---- */

static const char *crowd_out_victim(void)
{
    uint32_t frame = evil_take_frame(), mine = 0, its = M_HPT_GROUP;
    const volatile uint8_t *owner = owners();
    if (owner == NULL)
        return "the owners of the table cannot be read";
    for (uint32_t i = 0; i < M_HPT_GROUP; i++) {
        if (owner[i] == evil_shared->victim)
            its = i;
        else
            exo_hpt_insert(0, 0, rival(i) | EXO_R, frame, 0, i + 1);
    }
    for (uint32_t i = 0; i < M_HPT_GROUP; i++)
        mine += owner[i] == evil_self();
    if (mine < EXO_HPT_SHARE(EVIL_KINFO->cores))
        return evil_wrong("only %u places for us", (unsigned)mine);
    if (its == M_HPT_GROUP)
        return NULL; /* it has none here now */
    REFUSED(exo_hpt_insert(0, 0, rival(its) | EXO_R, frame, 0, its + 1), EXO_EBUSY);
    return NULL;
}

/* Every place of the secret page, as far as the rule lets us, again and again. */
static const char *starve_victim(void)
{
    uint32_t frame = evil_take_frame();
    for (uint32_t round = 0; round < 50; round++) {
        for (uint32_t i = 0; i < 2 * M_HPT_GROUP; i++)
            if (rival(i % 12) != 0)
                exo_hpt_insert(0, 0, rival(i % 12) | EXO_R, frame, 0, i + 1);
        exo_yield((exo_word)-1);
    }
    return evil_victim_lives() ? NULL : "the victim does not get its page";
}

/* Wired translations come back by themselves: they must not keep others out. */
static const char *starve_by_wiring(void)
{
    uint32_t frame = evil_take_frame();
    for (uint32_t i = 0; i < 10 && rival(i) != 0; i++)
        WORKS(exo_hpt_wire(0, 0, 6 + i, rival(i) | EXO_R | EXO_W, frame, 0));
    for (uint32_t round = 0; round < 50; round++) {
        for (uint32_t i = 0; i < 10 && rival(i) != 0; i++)
            evil_write(rival(i));
        exo_yield((exo_word)-1);
    }
    return evil_victim_lives() ? NULL : "the victim does not get its page";
}

static const char *displace_wired(void)
{
    uint32_t frame = evil_take_frame();
    const volatile uint8_t *owner = owners();
    WORKS(exo_hpt_wire(0, 0, 9, rival(0) | EXO_R | EXO_W, frame, 0));
    evil_write(rival(0));
    for (uint32_t i = 0; owner != NULL && i < M_HPT_GROUP; i++)
        if (owner[i] == evil_self())
            REFUSED(exo_hpt_insert(0, 0, rival(1) | EXO_R, frame, 0, i + 1), EXO_EBUSY);
    REFUSED(bind(0, rival(0) | EXO_R, frame, 0), EXO_EBUSY);
    return NULL;
}

static const char *write_table(void)
{
    static const uint32_t which[] = {EXO_HPT_ENTRIES_FRAME, EXO_HPT_OWNERS_FRAME};
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t frame = (uint32_t)exo_hpt_table(which[i]);
        REFUSED(bind(0, EVIL_ARENA | EXO_R | EXO_W, frame, 0), EXO_EPERM);
        REFUSED(bind(0, EVIL_ARENA | EXO_R | EXO_X, frame, 0), EXO_EPERM);
        REFUSED(exo_hpt_wire(0, 0, 9, EVIL_ARENA | EXO_R | EXO_W, frame, 0), EXO_EPERM);
        REFUSED(exo_frame_alloc(frame, 0), EXO_EFRAME);
        WORKS(bind(0, EVIL_ARENA | EXO_R, frame, 0));
        TRY(evil_must_fault(evil_write, EVIL_ARENA, SIGSEGV, 0));
    }
    return NULL;
}

static const char *into_victim(void)
{
    uint32_t frame = evil_take_frame(), victim = evil_shared->victim;
    for (uint32_t place = 0; place <= 2 * M_HPT_GROUP; place++)
        REFUSED(exo_hpt_insert(victim, 0, EVIL_ARENA | EXO_R, frame, 0, place),
                EXO_EPERM);
    REFUSED(exo_hpt_wire(victim, 0, 0, EVIL_ARENA | EXO_R, frame, 0), EXO_EPERM);
    REFUSED(exo_hpt_evict(victim, 0, secret_page(), 1), EXO_EPERM);
    REFUSED(exo_hpt_protect(victim, 0, secret_page(), 1), EXO_EPERM);
    REFUSED(exo_hpt_read(victim, 0, secret_page()), EXO_EPERM);
    REFUSED(exo_hpt_group(victim, 0, secret_page(), 0), EXO_EPERM);
    return NULL;
}

static const char *bad_place(void)
{
    uint32_t frame = evil_take_frame();
    REFUSED(exo_hpt_insert(0, 0, EVIL_ARENA | EXO_R, frame, 0, 2 * M_HPT_GROUP + 1),
            EXO_ERANGE);
    REFUSED(exo_hpt_insert(0, 0, EVIL_ARENA | EXO_R, frame, 0, (exo_word)-1), EXO_ERANGE);
    REFUSED(exo_hpt_group(0, 0, EVIL_ARENA, 2), EXO_ERANGE);
    REFUSED(exo_hpt_table(3), EXO_EINVAL);
    return NULL;
}

static const char *wire_secret(void)
{
    REFUSED(exo_hpt_wire(0, 0, 9, EVIL_ARENA | EXO_R, evil_shared->secret_frame, 0),
            EXO_ENOTHELD);
    REFUSED(exo_hpt_wire(0, 0, 9, EVIL_ARENA | EXO_R,
                         M_KERNEL_BASE >> EVIL_KINFO->page_shift, 0),
            EXO_EFRAME);
    return NULL;
}

static const char *wire_nowhere(void)
{
    uint32_t frame = evil_take_frame();
    REFUSED(exo_hpt_wire(0, 0, EXO_NWIRED, EVIL_ARENA | EXO_R, frame, 0), EXO_ERANGE);
    REFUSED(exo_hpt_wire(0, 0, (exo_word)-1, EVIL_ARENA | EXO_R, frame, 0), EXO_ERANGE);
    return NULL;
}

/* A wired translation is guaranteed against loss, not against revocation. */
static const char *keep_wired(void)
{
    uint32_t frame = evil_take_frame();
    WORKS(exo_hpt_wire(0, 0, 9, EVIL_ARENA | EXO_R | EXO_W, frame, 0));
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
    {"displace the victim's page by more than the rule allows", crowd_out_victim, false},
    {"fill all places of the victim's page", starve_victim, false},
    {"fill them with wired pages", starve_by_wiring, false},
    {"displace one's own wired page", displace_wired, false},
    {"write the hashed page table and the list of its owners", write_table, false},
    {"bind, unbind and look in the victim's address space", into_victim, false},
    {"name places that do not exist", bad_place, false},
    {"wire the victim's frame", wire_secret, false},
    {"wire in slots that do not exist", wire_nowhere, false},
    {"keep a freed frame wired", keep_wired, false},
    {"hide the victim's frame in a batch", batch_with_secret, false},
    {0},
};

const struct evil_mmu evil_mmu_hashed = {
    .kind = EXO_MMU_HASHED,
    .bind = bind,
    .unbind = unbind,
    .protect = protect,
    .batch = batch,
    .prepare = prepare,
    .foreign_call = foreign_call,
    .attacks = attacks,
};
