// SPDX-License-Identifier: GPL-2.0-or-later
/* frames.c - attacks on physical frames, by the calls that name them. */
#include "evil.h"

static exo_sword bind(exo_word frame, uint32_t rights)
{
    exo_sword r = evil_mmu->prepare(EVIL_ARENA);
    return r < 0 ? r : evil_mmu->bind(0, EVIL_ARENA | rights, frame, 0);
}

static const char *bind_kernel(void)
{
    uint32_t frame = (uint32_t)(M_KERNEL_BASE >> EVIL_KINFO->page_shift);
    REFUSED(bind(frame, EXO_R), EXO_EFRAME);
    REFUSED(bind(frame, EXO_R | EXO_W), EXO_EFRAME);
    return NULL;
}

static const char *bind_hardware_table(void)
{
    REFUSED(bind(evil_frame_of_type(EXO_FRAME_KERNEL), EXO_R), EXO_EFRAME);
    return NULL;
}

static const char *bind_devices(void)
{
    const struct exo_hw_table *t = evil_hardware();
    REFUSED(bind((exo_word)M_CORE_BASE >> EVIL_KINFO->page_shift, EXO_R | EXO_W),
            EXO_EFRAME);
    for (uint32_t i = 0; i < t->ndevices; i++)
        REFUSED(
            bind((exo_word)t->device[i].base >> EVIL_KINFO->page_shift, EXO_R | EXO_W),
            EXO_EFRAME);
    return NULL;
}

static const char *bind_no_frame(void)
{
    exo_word top = (exo_word)1 << (sizeof(exo_word) * 8 - 1);
    REFUSED(bind(0, EXO_R), EXO_EFRAME);
    REFUSED(bind(EVIL_KINFO->nframes, EXO_R), EXO_EFRAME);
    REFUSED(bind((exo_word)-1, EXO_R), EXO_EFRAME);
    /* numbers that become the victim's frame when bits are lost */
    REFUSED(bind(evil_shared->secret_frame | top, EXO_R), EXO_EFRAME);
    if (sizeof(exo_word) == 8)
        REFUSED(bind(evil_shared->secret_frame | (exo_word)((uint64_t)1 << 32), EXO_R),
                EXO_EFRAME);
    return NULL;
}

static const char *bind_free(void)
{
    WORKS(evil_mmu->prepare(EVIL_ARENA));
    REFUSED(evil_mmu->bind(0, EVIL_ARENA | EXO_R, EVIL_KINFO->first_free, 0), EXO_EFRAME);
    return NULL;
}

static const char *bind_secret(void)
{
    REFUSED(bind(evil_shared->secret_frame, EXO_R), EXO_ENOTHELD);
    REFUSED(bind(evil_shared->secret_frame, EXO_R | EXO_W), EXO_ENOTHELD);
    return NULL;
}

static const char *bind_in_victim(void)
{
    uint32_t frame = evil_take_frame();
    REFUSED(evil_mmu->bind(evil_shared->victim, evil_shared->secret_va | EXO_R | EXO_W,
                           frame, 0),
            EXO_EPERM);
    return NULL;
}

static const char *unbind_in_victim(void)
{
    uintptr_t va = evil_shared->secret_va;
    REFUSED(evil_mmu->unbind(evil_shared->victim, va, 1), EXO_EPERM);
    REFUSED(evil_mmu->protect(evil_shared->victim, va | EXO_R, 1), EXO_EPERM);
    return NULL;
}

static const char *bind_exported_writable(void)
{
    REFUSED(bind(EVIL_KINFO->export_frame, EXO_R | EXO_W), EXO_EPERM);
    return NULL;
}

static const char *bind_module_writable(void)
{
    REFUSED(bind(evil_frame_of_type(EXO_FRAME_MODULE), EXO_R | EXO_W), EXO_EPERM);
    return NULL;
}

static const char *bind_bad_address(void)
{
    uint32_t frame = evil_take_frame();
    exo_word top = (exo_word)1 << (sizeof(exo_word) * 8 - 1);
    REFUSED(evil_mmu->bind(0, top | EXO_R, frame, 0), EXO_EVA);
    REFUSED(evil_mmu->bind(0, (EVIL_ARENA + 0x80) | EXO_R, frame, 0), EXO_EVA);
    return NULL;
}

static const char *bind_without_capability(void)
{
    uint32_t frame = evil_take_frame();
    WORKS(evil_mmu->prepare(EVIL_ARENA));
    REFUSED(evil_mmu->bind(0, EVIL_ARENA | EXO_R, frame, 9), EXO_ECAP);
    REFUSED(evil_mmu->bind(0, EVIL_ARENA | EXO_R, frame, EXO_NCAP), EXO_ECAP);
    REFUSED(evil_mmu->bind(0, EVIL_ARENA | EXO_R, frame, (exo_word)-1), EXO_ECAP);
    if (sizeof(exo_word) == 8) /* slot 0 when bits are lost */
        REFUSED(
            evil_mmu->bind(0, EVIL_ARENA | EXO_R, frame, (exo_word)((uint64_t)1 << 32)),
            EXO_ECAP);
    return NULL;
}

/* A capability that may only read. */
static const char *bind_beyond_rights(void)
{
    uint32_t frame = evil_take_frame();
    WORKS(evil_mmu->prepare(EVIL_ARENA));
    WORKS(exo_cap_derive(0, 8, 1, EXO_CAP_R));
    WORKS(exo_frame_guard(frame, 0, 8, EXO_CAP_R));
    WORKS(evil_mmu->bind(0, EVIL_ARENA | EXO_R, frame, 8));
    REFUSED(evil_mmu->bind(0, EVIL_ARENA | EXO_R | EXO_W, frame, 8), EXO_EPERM);
    return evil_must_fault(evil_write, EVIL_ARENA, SIGSEGV, 0);
}

/* Allowed to read it, but no capability of ours allows writing it. */
static const char *raise_own_binding(void)
{
    WORKS(bind(EVIL_KINFO->export_frame, EXO_R));
    evil_read(EVIL_ARENA);
    exo_sword r = evil_mmu->protect(0, EVIL_ARENA | EXO_R | EXO_W, 1);
    if (r != 0 && r != -EXO_EPERM)
        return evil_result("raising to writable", r, EXO_EPERM);
    return evil_must_fault(evil_write, EVIL_ARENA, SIGSEGV, 0);
}

static const char *hold_secret(void)
{
    REFUSED(exo_frame_hold(evil_shared->secret_frame, 0, 0), EXO_EPERM);
    return NULL;
}

static const char *push_on_victim(void)
{
    uint32_t frame = evil_take_frame();
    REFUSED(exo_frame_hold(frame, evil_shared->victim, 0), EXO_EPERM);
    return NULL;
}

static const char *free_secret(void)
{
    REFUSED(exo_frame_free(evil_shared->secret_frame), EXO_ENOTHELD);
    return NULL;
}

static const char *guard_secret(void)
{
    REFUSED(exo_frame_guard(evil_shared->secret_frame, 0, 0, EXO_CAP_R), EXO_EPERM);
    return NULL;
}

static const char *revoke_secret(void)
{
    REFUSED(exo_frame_revoke(evil_shared->secret_frame, evil_shared->victim, 0, 0),
            EXO_EPERM);
    return NULL;
}

static const char *take_secret(void)
{
    REFUSED(exo_frame_alloc(evil_shared->secret_frame, 0), EXO_EBUSY);
    return NULL;
}

static const char *take_kernel(void)
{
    REFUSED(exo_frame_alloc((exo_word)M_KERNEL_BASE >> EVIL_KINFO->page_shift, 0),
            EXO_EFRAME);
    REFUSED(exo_frame_alloc(0, 0), EXO_EFRAME);
    REFUSED(exo_frame_alloc(EVIL_KINFO->nframes, 0), EXO_EFRAME);
    REFUSED(exo_frame_alloc((exo_word)-1, 0), EXO_EFRAME);
    return NULL;
}

static const char *free_twice(void)
{
    uint32_t frame = evil_take_frame();
    WORKS(exo_frame_free(frame));
    REFUSED(exo_frame_free(frame), EXO_ENOTHELD);
    return NULL;
}

static const char *free_upage(void)
{
    REFUSED(exo_frame_free(evil_env(evil_self())->upage_frame), EXO_EBUSY);
    return NULL;
}

static const char *holds_secret(uint32_t frame)
{
    for (uintptr_t at = 0; at < evil_page(); at += sizeof(uint32_t))
        if (*(volatile uint32_t *)(EVIL_ARENA + at) == EVIL_SECRET)
            return evil_wrong("frame %u holds the victim's secret", (unsigned)frame);
    return NULL;
}

/* What another program left in a frame must not be found there. */
static const char *read_leftovers(void)
{
    WORKS(evil_mmu->prepare(EVIL_ARENA));
    uint32_t frame = EVIL_KINFO->first_free;
    WORKS(evil_order(ORDER_TAKE, frame, 0, 0));
    WORKS(evil_order(ORDER_FREE, 0, 0, 0));
    WORKS(exo_frame_alloc(frame, 0));
    WORKS(evil_mmu->bind(0, EVIL_ARENA | EXO_R | EXO_W, frame, 0));
    TRY(holds_secret(frame));
    for (unsigned i = 0; i < 200; i++) {
        TRY(evil_own_page(EVIL_ARENA, &frame));
        TRY(holds_secret(frame));
    }
    return NULL;
}

const struct evil_attack evil_frames[] = {
    {"bind the kernel's frames", bind_kernel, false},
    {"bind the hardware table's frame", bind_hardware_table, false},
    {"bind device registers as frames", bind_devices, false},
    {"bind frames that do not exist", bind_no_frame, false},
    {"bind a free frame", bind_free, false},
    {"bind the victim's frame", bind_secret, false},
    {"bind in the victim's address space", bind_in_victim, false},
    {"unbind in the victim's address space", unbind_in_victim, false},
    {"bind exported tables writable", bind_exported_writable, false},
    {"bind a boot module writable", bind_module_writable, false},
    {"bind at addresses that are none", bind_bad_address, false},
    {"bind with slots that hold no capability", bind_without_capability, false},
    {"write with a capability that may read", bind_beyond_rights, false},
    {"raise the rights of a binding", raise_own_binding, false},
    {"become a holder of the victim's frame", hold_secret, false},
    {"make the victim hold a frame", push_on_victim, false},
    {"free the victim's frame", free_secret, false},
    {"change the guard of the victim's frame", guard_secret, false},
    {"revoke the victim's frame", revoke_secret, false},
    {"allocate the victim's frame", take_secret, false},
    {"allocate frames that are nobody's", take_kernel, false},
    {"free a frame twice", free_twice, false},
    {"free the frame the kernel writes upcalls to", free_upage, false},
    {"find the victim's data in fresh frames", read_leftovers, false},
    {0},
};
