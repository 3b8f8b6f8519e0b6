// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frame.c - physical frames, taken by name from the exported free list. The list is shared with
 * everybody: between the look and the call somebody else may take the frame, then look again.
 * All frames of a session are guarded by the capability in slot 0.
 */
#include "vm.h"

uint32_t frame_take(void)
{
    for (unsigned tries = 0; tries < 100; tries++) {
        uint32_t frame = KINFO->first_free;
        if (frame == 0)
            return 0;
        if (exo_frame_alloc(frame, 0) == 0)
            return frame;
    }
    return 0;
}

#define AT_ONCE 8

uint32_t frame_take_many(uint32_t *frames, uint32_t n)
{
    MARK_CALL(frame_alloc);
    struct exo_batch calls[AT_ONCE];
    uint32_t got = 0;
    for (unsigned tries = 0; got < n && tries < 100; tries++) {
        uint32_t run = mmu_run(n - got); /* or one after the other of the list */
        uint32_t want = 0, frame = run != 0 ? run : KINFO->first_free;
        for (; want < AT_ONCE && got + want < n && frame != 0; want++) {
            calls[want].number = EXO_CALL_frame_alloc;
            calls[want].arg[0] = frames[got + want] = frame;
            for (unsigned i = 1; i < 6; i++)
                calls[want].arg[i] = 0;
            frame = run != 0 ? frame + 1 : FRAMES[frame].next_free;
        }
        exo_sword done = want != 0 ? exo_batch((exo_word)calls, want) : 0;
        if (done > 0)
            got += (uint32_t)done;
        if (want == 0)
            break;
    }
    return got;
}

uint32_t frame_take_bound(uint32_t va_rights)
{
    for (unsigned tries = 0; tries < 100; tries++) {
        uint32_t frame = KINFO->first_free;
        if (frame == 0)
            return 0;
        MARK_CALL(frame_alloc);
        MARK_BACKEND_CALLS(MMU);
        const struct exo_batch calls[2] = {
            {.number = EXO_CALL_frame_alloc, .arg = {frame}},
            {.number = exos_mmu->bind_call, .arg = {0, 0, va_rights, frame}},
        };
        exo_sword done = exo_batch((exo_word)calls, exos_mmu->bind_call != 0 ? 2 : 1);
        if (done == 2 || (done == 1 && mmu_bind(va_rights, frame) == 0))
            return frame;
        if (done == 1) {
            frame_give_back(frame);
            return 0;
        }
    }
    return 0;
}

void frame_give_back(uint32_t frame)
{
    exo_frame_free(frame);
}

void page_zero(uint32_t va, uint32_t frame)
{
    if (FRAMES[frame].zero)
        return;
    exo_word *p = (exo_word *)(uintptr_t)va;
    exo_word *end = p + PAGE_SIZE / sizeof(exo_word);
    for (; p < end; p += 8) {
        p[0] = p[1] = p[2] = p[3] = 0;
        p[4] = p[5] = p[6] = p[7] = 0;
    }
}

void page_copy(void *to, const void *from)
{
    exo_word *t = to;
    const exo_word *f = from;
    const exo_word *end = f + PAGE_SIZE / sizeof(exo_word);
    for (; f < end; f += 8, t += 8) {
        exo_word a = f[0], b = f[1], c = f[2], d = f[3];
        t[0] = a, t[1] = b, t[2] = c, t[3] = d;
        a = f[4], b = f[5], c = f[6], d = f[7];
        t[4] = a, t[5] = b, t[6] = c, t[7] = d;
    }
}

void *scratch_map(unsigned place, uint32_t frame)
{
    uint32_t va = L_SCRATCH + (place << PAGE_SHIFT);
    SELF->scratch_frame[place] = frame;
    if (mmu_bind(va | EXO_R | EXO_W, frame) < 0) {
        SELF->scratch_frame[place] = 0;
        return NULL;
    }
    return (void *)(uintptr_t)va;
}

void scratch_unmap(unsigned place)
{
    if (SELF->scratch_frame[place] == 0)
        return;
    SELF->scratch_frame[place] = 0;
    mmu_unbind(L_SCRATCH + (place << PAGE_SHIFT), 1);
}
