// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frame.c - physical frames: the exported table and free list, holders, guards.
 *
 *   FREE --frame_alloc--> USER <--frame_make_table / frame_drop_table--> TABLE
 *     ^                     |
 *     +---------------------+   when holders, maps and pins are all 0
 *
 * An environment *holds* a frame (a bit in its row of envs[], counted in exo_frame.holders). To
 * bind it in an address space takes two things: that environment holds it, and the
 * capability named satisfies one of the frame's guards for the rights asked. guard[0] is the
 * capability that allocated it; guard[1] is whom it is shared with. A free frame keeps
 * guard[0] of its last life: whoever dominates it could have read the contents anyway, so
 * for him it need not be zeroed.
 *
 * exo_frame.zero says the bytes are known to be zero; it falls when a writable binding is
 * granted.
 */
#include "nic.h"

struct exo_frame *frame_named(exo_word frame)
{
    return frame > 0 && frame < machine.nframes ? &machine.frame[frame] : NULL;
}

struct exo_frame *frame_get(uint32_t frame)
{
    return frame_named(frame);
}

void *frame_bytes(uint32_t frame)
{
    return arch_phys((uint64_t)(frame << machine.page_shift));
}

static void free_list_add(uint32_t frame)
{
    struct exo_frame *f = &machine.frame[frame];
    struct exo_kinfo *k = machine.kinfo;
    f->type = EXO_FRAME_FREE;
    f->prev_free = 0;
    f->next_free = k->first_free;
    if (k->first_free != 0)
        machine.frame[k->first_free].prev_free = frame;
    k->first_free = frame;
    k->free_frames++;
}

static void free_list_remove(uint32_t frame)
{
    struct exo_frame *f = &machine.frame[frame];
    struct exo_kinfo *k = machine.kinfo;
    if (f->prev_free != 0)
        machine.frame[f->prev_free].next_free = f->next_free;
    else
        k->first_free = f->next_free;
    if (f->next_free != 0)
        machine.frame[f->next_free].prev_free = f->prev_free;
    f->next_free = f->prev_free = 0;
    k->free_frames--;
}

static bool is_module(uint32_t frame)
{
    for (uint32_t i = 0; i < machine.table->nmodules; i++) {
        const struct exo_hw_module *m = &machine.table->module[i];
        uint32_t first = (uint32_t)m->pa >> machine.page_shift;
        uint32_t last = (uint32_t)(m->pa + m->size - 1) >> machine.page_shift;
        if (m->size != 0 && frame >= first && frame <= last)
            return true;
    }
    return false;
}

void frame_table_init(uint32_t boot_end, uint32_t export_first, uint32_t export_count)
{
    for (uint32_t i = machine.nframes; i-- > 0;) {
        struct exo_frame *f = &machine.frame[i];
        *f = (struct exo_frame){.type = EXO_FRAME_KERNEL};
        cap_clear(&f->guard[0]);
        cap_clear(&f->guard[1]);
        if (i >= export_first && i - export_first < export_count)
            f->type = EXO_FRAME_EXPORT;
        else if (i >= boot_end)
            free_list_add(i);
        else if (is_module(i))
            f->type = EXO_FRAME_MODULE;
    }
}

/* -- life -- */

static void release_if_unused(uint32_t frame)
{
    struct exo_frame *f = &machine.frame[frame];
    if (f->type != EXO_FRAME_USER || f->holders != 0 || f->maps != 0 || f->pins != 0)
        return;
    cap_clear(&f->guard[1]);
    free_list_add(frame);
}

void frame_mapped(uint32_t frame)
{
    machine.frame[frame].maps++;
}

void frame_unmapped(uint32_t frame)
{
    machine.frame[frame].maps--;
    release_if_unused(frame);
}

void frame_pin(uint32_t frame)
{
    machine.frame[frame].pins++;
    machine.frame[frame].zero = 0;
}

void frame_unpin(uint32_t frame)
{
    machine.frame[frame].pins--;
    release_if_unused(frame);
}

bool frame_held(uint32_t env, uint32_t frame)
{
    return frame < machine.nframes &&
           (envs[env].held[frame / 32] >> (frame % 32) & 1) != 0;
}

void frame_add_holder(uint32_t env, uint32_t frame)
{
    envs[env].held[frame / 32] |= 1u << (frame % 32);
    machine.frame[frame].holders++;
    machine.env[env].frames++;
}

static void drop_holder(uint32_t env, uint32_t frame)
{
    envs[env].held[frame / 32] &= ~(1u << (frame % 32));
    machine.frame[frame].holders--;
    machine.env[env].frames--;
    release_if_unused(frame);
}

void frame_take(struct ctx *c, uint32_t frame)
{
    mmu_break_frame(c, frame);
    revoke_done(c->id, EXO_RES_FRAME, frame);
    drop_holder(c->id, frame);
    if (machine.frame[frame].pins != 0)
        nic_frame_lost(c->id, frame);
}

void frame_take_all(struct ctx *c)
{
    uint32_t *held = envs[c->id].held, left = machine.env[c->id].frames;
    machine.env[c->id].frames = 0;
    for (uint32_t w = 0; left != 0; w++) {
        uint32_t bits = held[w];
        held[w] = 0;
        for (uint32_t frame = w * 32; bits != 0; bits >>= 1, frame++)
            if (bits & 1) {
                left--;
                if (--machine.frame[frame].holders == 0)
                    release_if_unused(frame);
            }
    }
}

/* -- page tables -- */

int frame_make_table(uint32_t env, uint32_t frame)
{
    struct exo_frame *f = frame_named(frame);
    if (f == NULL || f->type != EXO_FRAME_USER)
        return -EXO_EFRAME;
    if (!frame_held(env, frame))
        return -EXO_ENOTHELD;
    if (f->holders != 1 || f->maps != 0 || f->pins != 0)
        return -EXO_EBUSY;

    memset(frame_bytes(frame), 0, machine.page_size);
    f->zero = 0;
    f->type = EXO_FRAME_TABLE;
    return 0;
}

void frame_drop_table(uint32_t env, uint32_t frame)
{
    (void)env;
    machine.frame[frame].type = EXO_FRAME_USER;
    release_if_unused(frame);
}

uint32_t frame_boot_alloc(uint32_t env, uint8_t type)
{
    uint32_t frame = machine.kinfo->first_free;
    if (frame == 0)
        kernel_panic("out of memory while loading the boot programs");
    struct exo_frame *f = &machine.frame[frame];
    free_list_remove(frame);
    memset(frame_bytes(frame), 0, machine.page_size);
    f->type = type;
    f->zero = 0;
    f->guard[0] = machine.env[env].guard;
    frame_add_holder(env, frame);
    return frame;
}

/* -- authority -- */

int frame_authority(uint32_t env, exo_word cap, const struct exo_frame *f,
                    uint32_t rights)
{
    const struct exo_name *name;
    if (cap_get(env, cap, &name) != 0)
        return -EXO_ECAP;
    if (!name_satisfies(name, &f->guard[0], rights) &&
        !name_satisfies(name, &f->guard[1], rights))
        return -EXO_EPERM;
    return 0;
}

int frame_may_bind(uint32_t env, uint32_t holder, exo_word cap, uint32_t frame,
                   uint32_t flags)
{
    struct exo_frame *f = frame_named(frame);
    if (f == NULL || f->type == EXO_FRAME_FREE || f->type == EXO_FRAME_KERNEL)
        return -EXO_EFRAME;
    if (f->maps == UINT16_MAX)
        return -EXO_EFULL;
    if (f->type == EXO_FRAME_EXPORT)
        return flags & (EXO_W | EXO_X) ? -EXO_EPERM : 0;
    if (f->type == EXO_FRAME_MODULE)
        return flags & EXO_W ? -EXO_EPERM : 0;
    if (!frame_held(holder, frame))
        return -EXO_ENOTHELD;
    if (f->type == EXO_FRAME_TABLE && flags & (EXO_W | EXO_X))
        return -EXO_EPERM;
    uint32_t rights = flags & EXO_W ? EXO_CAP_R | EXO_CAP_W : EXO_CAP_R;
    int error = frame_authority(env, cap, f, rights);
    if (error != 0)
        return error;

    if (flags & EXO_W)
        f->zero = 0;
    return 0;
}

/* -- calls -- */

SYS(frame_alloc)
{
    struct exo_frame *f = frame_named(a0);
    const struct exo_name *cap;
    if (f == NULL || f->type == EXO_FRAME_KERNEL || f->type == EXO_FRAME_EXPORT ||
        f->type == EXO_FRAME_MODULE)
        return -EXO_EFRAME;
    if (f->type != EXO_FRAME_FREE)
        return -EXO_EBUSY;
    if (cap_get(c->id, a1, &cap) != 0)
        return -EXO_ECAP;
    if (!(cap->rights & EXO_CAP_W))
        return -EXO_EPERM;

    uint32_t frame = (uint32_t)a0;
    free_list_remove(frame);
    if (!f->zero && !name_satisfies(cap, &f->guard[0], EXO_CAP_R)) {
        memset(frame_bytes(frame), 0, machine.page_size);
        f->zero = 1;
    }
    f->type = EXO_FRAME_USER;
    f->guard[0] = *cap;
    frame_add_holder(c->id, frame);
    return 0;
}

SYS(frame_hold)
{
    struct ctx *target;
    const struct exo_frame *f = frame_named(a0);
    if (f == NULL || f->type != EXO_FRAME_USER)
        return -EXO_EFRAME;
    int error = env_target(c->id, a1, a2, EXO_CAP_W, &target);
    if (error != 0)
        return error;
    error = frame_authority(c->id, a2, f, EXO_CAP_R);
    if (error != 0)
        return error;
    if (frame_held(target->id, (uint32_t)a0))
        return -EXO_EBUSY;

    frame_add_holder(target->id, (uint32_t)a0);
    return 0;
}

SYS(frame_free)
{
    const struct exo_frame *f = frame_named(a0);
    if (f == NULL)
        return -EXO_EFRAME;
    if (!frame_held(c->id, (uint32_t)a0))
        return -EXO_ENOTHELD;
    if (f->type != EXO_FRAME_USER || machine.env[c->id].upage_frame == a0)
        return -EXO_EBUSY;

    frame_take(c, (uint32_t)a0);
    return 0;
}

SYS(frame_guard)
{
    struct exo_frame *f = frame_named(a0);
    const struct exo_name *cap, *with;
    if (f == NULL || f->type != EXO_FRAME_USER)
        return -EXO_EFRAME;
    if (cap_get(c->id, a1, &cap) != 0)
        return -EXO_ECAP;
    if (!name_satisfies(cap, &f->guard[0], EXO_CAP_W))
        return -EXO_EPERM;
    if (a3 & ~(exo_word)(EXO_CAP_R | EXO_CAP_W))
        return -EXO_EINVAL;
    if ((a3 & f->guard[0].rights) != a3)
        return -EXO_EPERM;
    if (a3 != 0 && cap_get(c->id, a2, &with) != 0)
        return -EXO_ECAP;
    bool replaces = f->guard[1].len != EXO_NAME_NONE;
    if (replaces && f->pins != 0)
        return -EXO_EBUSY;

    if (replaces) /* bindings made under the old guard must be asked for again */
        mmu_break_frame(NULL, (uint32_t)a0);
    cap_clear(&f->guard[1]);
    if (a3 != 0) {
        f->guard[1] = *with;
        f->guard[1].rights = (uint8_t)a3;
    }
    return 0;
}
