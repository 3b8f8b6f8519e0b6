// SPDX-License-Identifier: GPL-2.0-or-later
/* calls_model.c - see calls_model.h: the state, authority, bindings, and what calls do to it. */
#include "calls_model.h"

#include <stdlib.h>
#include <string.h>

struct model model;
bool model_probing, model_illegal;

/* -- names -- */

static bool prefix(const struct model_name *a, const struct model_name *b)
{
    return a->len != 0xff && b->len != 0xff && a->len <= b->len &&
           memcmp(a->byte, b->byte, a->len) == 0;
}

bool model_satisfies(const struct model_name *cap, const struct model_name *guard,
                     uint32_t rights)
{
    return prefix(cap, guard) && (rights & ~cap->rights) == 0 &&
           (rights & ~guard->rights) == 0;
}

const struct model_name *model_cap(uint32_t env, exo_word slot)
{
    static const struct model_name none = {.len = 0xff};
    return slot < EXO_NCAP ? &model.env[env].cap[slot] : &none;
}

bool model_alive(exo_word env)
{
    return env > 0 && env < EXO_NENV &&
           (model.env[env].state == EXO_ENV_STATE_READY ||
            model.env[env].state == EXO_ENV_STATE_EMBRYO);
}

/* May the caller act on an environment? */
bool model_controls(const struct model_call *call, exo_word env, exo_word cap,
                    uint32_t right)
{
    if (env == 0 || env == call->env)
        return true;
    return model_alive(env) &&
           model_satisfies(model_cap(call->env, cap), &model.env[env].guard, right);
}

uint32_t model_target(const struct model_call *call, exo_word env)
{
    return env == 0 ? call->env : (uint32_t)env;
}

bool model_frame_exists(exo_word frame)
{
    return frame > 0 && frame < machine.nframes;
}

bool model_holds(uint32_t env, uint32_t frame)
{
    return (model.frame[frame].holders >> env & 1) != 0;
}

bool model_may_touch(uint32_t env, exo_word cap, uint32_t frame, uint32_t rights)
{
    const struct model_frame *f = &model.frame[frame];
    return model_satisfies(model_cap(env, cap), &f->guard[0], rights) ||
           model_satisfies(model_cap(env, cap), &f->guard[1], rights);
}

/* -- frames -- */

void model_take_frame(uint32_t env, uint32_t frame)
{
    struct model_frame *f = &model.frame[frame];
    f->holders &= ~(1ull << env);
    f->revoked &= ~(1ull << env);
    model_forget_frame(env, frame);
    model_release_frame(frame);
}

void model_release_frame(uint32_t frame)
{
    struct model_frame *f = &model.frame[frame];
    if (f->holders != 0 || f->type < EXO_FRAME_USER || model_disk_uses(frame) ||
        model_net_uses(frame))
        return;
    f->type = EXO_FRAME_FREE;
    f->guard[1].len = 0xff;
}

static bool bytes_are_zero(uint32_t frame)
{
    const uint8_t *p = arch_phys((uint64_t)frame << host.page_shift);
    return p[0] == 0 && memcmp(p, p + 1, machine.page_size - 1) == 0;
}

static void frame_alloc(const struct model_call *call)
{
    LEGAL(model_frame_exists(ARG(0)) && model.frame[ARG(0)].type == EXO_FRAME_FREE);
    struct model_frame *f = &model.frame[ARG(0)];
    const struct model_name *cap = model_cap(call->env, ARG(1));
    LEGAL(cap->len != 0xff && cap->rights & EXO_CAP_W);
    JUDGED;
    if (!bytes_are_zero((uint32_t)ARG(0))) {
        LEGAL(f->used && model_satisfies(cap, &f->guard[0], EXO_CAP_R));
        LEGAL(machine.frame[ARG(0)].zero == 0);
    }
    f->type = EXO_FRAME_USER;
    f->holders = 1ull << call->env;
    f->guard[0] = *cap;
    f->used = true;
}

static void frame_hold(const struct model_call *call)
{
    uint32_t t = model_target(call, ARG(1));
    LEGAL(model_frame_exists(ARG(0)) && model.frame[ARG(0)].type == EXO_FRAME_USER);
    LEGAL(model_controls(call, ARG(1), ARG(2), EXO_CAP_W));
    LEGAL(model_may_touch(call->env, ARG(2), (uint32_t)ARG(0), EXO_CAP_R));
    LEGAL(!model_holds(t, (uint32_t)ARG(0)));
    JUDGED;
    model.frame[ARG(0)].holders |= 1ull << t;
}

static void frame_guard(const struct model_call *call)
{
    LEGAL(model_frame_exists(ARG(0)) && model.frame[ARG(0)].type == EXO_FRAME_USER);
    struct model_frame *f = &model.frame[ARG(0)];
    LEGAL(model_satisfies(model_cap(call->env, ARG(1)), &f->guard[0], EXO_CAP_W));
    LEGAL((ARG(3) & ~(exo_word)(f->guard[0].rights & (EXO_CAP_R | EXO_CAP_W))) == 0);
    LEGAL(ARG(3) == 0 || model_cap(call->env, ARG(2))->len != 0xff);
    JUDGED;
    if (f->guard[1].len != 0xff)
        for (uint32_t env = 1; env < EXO_NENV; env++)
            model_forget_frame(env, (uint32_t)ARG(0));
    f->guard[1].len = 0xff;
    if (ARG(3) == 0)
        return;
    f->guard[1] = *model_cap(call->env, ARG(2));
    f->guard[1].rights = (uint8_t)ARG(3);
}

static void frame_revoke(const struct model_call *call)
{
    LEGAL(model_frame_exists(ARG(0)) && ARG(1) > 0 && ARG(1) < EXO_NENV &&
          ARG(1) != call->env);
    struct model_frame *f = &model.frame[ARG(0)];
    LEGAL(model_satisfies(model_cap(call->env, ARG(2)), &f->guard[0], EXO_CAP_W));
    LEGAL(model_holds((uint32_t)ARG(1), (uint32_t)ARG(0)));
    JUDGED;
    f->revoked |= 1ull << ARG(1);
}

static void make_table(const struct model_call *call, exo_word frame)
{
    uint32_t t = model_target(call, ARG(0));
    LEGAL(model_controls(call, ARG(0), ARG(1), EXO_CAP_W));
    LEGAL(model_frame_exists(frame) && model.frame[frame].type == EXO_FRAME_USER);
    LEGAL(model.frame[frame].holders == 1ull << t); /* nobody else can have it bound */
    JUDGED;
    struct model_frame *f = &model.frame[frame];
    for (uint32_t env = 1; env < EXO_NENV; env++) /* in truth: it was bound nowhere */
        model_forget_frame(env, (uint32_t)frame);
    f->type = EXO_FRAME_TABLE;
}

/* -- environments and capabilities -- */

void model_clear_env(uint32_t env)
{
    struct model_env *e = &model.env[env];
    model_disk_clear_env(env);
    for (uint32_t f = 1; f < machine.nframes; f++)
        if (model_holds(env, f))
            model_take_frame(env, f);
    for (uint32_t s = 0; s < EXO_NCAP; s++)
        e->cap[s].len = 0xff;
    for (uint32_t i = 0; i < EXO_NCORE * EXO_NSLICE; i++)
        if (model.slice[i / EXO_NSLICE][i % EXO_NSLICE] == env)
            model.slice[i / EXO_NSLICE][i % EXO_NSLICE] = 0;
    e->nbindings = 0;
}

static void env_free(const struct model_call *call)
{
    LEGAL(ARG(0) > 0 && ARG(0) < EXO_NENV);
    struct model_env *e = &model.env[ARG(0)];
    LEGAL(e->state == EXO_ENV_STATE_DEAD);
    LEGAL(e->parent == call->env ||
          model_satisfies(model_cap(call->env, ARG(1)), &e->guard, EXO_CAP_W));
    JUDGED;
    for (uint32_t i = 1; i < EXO_NENV; i++)
        if (model.env[i].parent == ARG(0))
            model.env[i].parent = 0;
    e->state = EXO_ENV_STATE_FREE;
    e->guard.len = 0xff;
    e->parent = 0;
}

static void env_create(const struct model_call *call)
{
    const struct model_name *cap = model_cap(call->env, ARG(1));
    LEGAL(ARG(0) > 0 && ARG(0) < EXO_NENV &&
          model.env[ARG(0)].state == EXO_ENV_STATE_FREE);
    LEGAL(cap->len != 0xff && cap->rights & EXO_CAP_W);
    JUDGED;
    struct model_env *e = &model.env[ARG(0)];
    e->state = EXO_ENV_STATE_EMBRYO;
    e->guard = *cap;
    e->parent = call->env;
}

static void env_set(const struct model_call *call)
{
    uint32_t t = model_target(call, ARG(0));
    LEGAL(model_controls(call, ARG(0), ARG(1), EXO_CAP_W));
    LEGAL(ARG(2) < EXO_ENV_FIELDS);
    LEGAL(ARG(2) > EXO_ENV_ARG || model.env[t].state == EXO_ENV_STATE_EMBRYO);
    if (ARG(2) != EXO_ENV_UPAGE || ARG(3) == 0)
        return;
    LEGAL(model_frame_exists(ARG(3)) && model.frame[ARG(3)].type == EXO_FRAME_USER);
    LEGAL(model_holds(t, (uint32_t)ARG(3)));
    LEGAL(model_may_touch(call->env, ARG(1), (uint32_t)ARG(3), EXO_CAP_R | EXO_CAP_W));
    JUDGED;
    if (host_mmu_calls.wire != 0)
        model_bind_add(t, EXO_UPAGE_VA, (uint32_t)ARG(3), EXO_R | EXO_W, true);
}

static void cap_derive(const struct model_call *call)
{
    const struct model_name *from = model_cap(call->env, ARG(0));
    LEGAL(from->len < EXO_CAP_NAME_MAX && from->rights & EXO_CAP_G);
    LEGAL(ARG(1) < EXO_NCAP && ME->cap[ARG(1)].len == 0xff);
    LEGAL(ARG(2) < 256 && (ARG(3) & ~(exo_word)from->rights) == 0);
    JUDGED;
    struct model_name *to = &ME->cap[ARG(1)];
    *to = *from;
    to->byte[to->len++] = (uint8_t)ARG(2);
    to->rights = (uint8_t)ARG(3);
}

static void cap_grant(const struct model_call *call)
{
    uint32_t t = model_target(call, ARG(0));
    const struct model_name *from = model_cap(call->env, ARG(2));
    LEGAL(model_controls(call, ARG(0), ARG(1), EXO_CAP_W));
    LEGAL(from->len != 0xff && from->rights & EXO_CAP_G);
    LEGAL(ARG(3) < EXO_NCAP && model.env[t].cap[ARG(3)].len == 0xff);
    JUDGED;
    model.env[t].cap[ARG(3)] = *from;
}

static void slice_call(const struct model_call *call)
{
    LEGAL(ARG(0) < host.cores && ARG(1) < EXO_NSLICE);
    uint8_t *owner = &model.slice[ARG(0)][ARG(1)];
    if (call->number == EXO_CALL_slice_alloc) {
        LEGAL(*owner == 0 && model_controls(call, ARG(2), ARG(3), EXO_CAP_W));
        JUDGED;
        *owner = (uint8_t)model_target(call, ARG(2));
    } else {
        LEGAL(*owner != 0 && model_controls(call, *owner, ARG(2), EXO_CAP_W));
        JUDGED;
        *owner = 0;
    }
}

/* Judge the call; do it unless only judging. */
static void perform(const struct model_call *call)
{
    switch (call->number) {
    case EXO_CALL_slice_alloc:
    case EXO_CALL_slice_free: slice_call(call); break;
    case EXO_CALL_env_create: env_create(call); break;
    case EXO_CALL_env_set: env_set(call); break;
    case EXO_CALL_env_run:
        LEGAL(model_controls(call, ARG(0), ARG(1), EXO_CAP_W));
        LEGAL(model.env[model_target(call, ARG(0))].state == EXO_ENV_STATE_EMBRYO);
        JUDGED;
        model.env[model_target(call, ARG(0))].state = EXO_ENV_STATE_READY;
        break;
    case EXO_CALL_env_destroy:
        LEGAL(model_controls(call, ARG(0), ARG(1), EXO_CAP_W));
        break;
    case EXO_CALL_env_free: env_free(call); break;
    case EXO_CALL_cap_derive: cap_derive(call); break;
    case EXO_CALL_cap_grant: cap_grant(call); break;
    case EXO_CALL_cap_drop:
        LEGAL(model_cap(call->env, ARG(0))->len != 0xff);
        JUDGED;
        ME->cap[ARG(0)].len = 0xff;
        break;
    case EXO_CALL_frame_alloc: frame_alloc(call); break;
    case EXO_CALL_frame_hold: frame_hold(call); break;
    case EXO_CALL_frame_free:
        LEGAL(model_frame_exists(ARG(0)) && model_holds(call->env, (uint32_t)ARG(0)));
        LEGAL(model.frame[ARG(0)].type == EXO_FRAME_USER);
        JUDGED;
        model_take_frame(call->env, (uint32_t)ARG(0));
        break;
    case EXO_CALL_frame_guard: frame_guard(call); break;
    case EXO_CALL_frame_revoke: frame_revoke(call); break;
    case EXO_CALL_halt: LEGAL(!"only the root capability may"); break;
    case EXO_CALL_region_set:
    case EXO_CALL_region_clear:
    case EXO_CALL_region_protect:
    case EXO_CALL_region_read: model_windows_perform(call, 0); break;
    case EXO_CALL_tlb_write:
    case EXO_CALL_hpt_insert:
    case EXO_CALL_pt_map: model_bind(call, ARG(2), ARG(3), ARG(4), false); break;
    case EXO_CALL_hpt_wire:
    case EXO_CALL_tlb_wire: model_bind(call, ARG(3), ARG(4), ARG(5), true); break;
    case EXO_CALL_tlb_invalidate:
    case EXO_CALL_hpt_evict:
    case EXO_CALL_pt_unmap: model_unbind_range(call); break;
    case EXO_CALL_tlb_flush: model_flush(call); break;
    case EXO_CALL_pt_root: make_table(call, ARG(2)); break;
    case EXO_CALL_pt_table:
        LEGAL(model_controls(call, ARG(0), ARG(1), EXO_CAP_W));
        if (ARG(4) != 0)
            make_table(call, ARG(4));
        break;
    case EXO_CALL_hpt_group:
    case EXO_CALL_hpt_read:
    case EXO_CALL_pt_read: LEGAL(model_controls(call, ARG(0), ARG(1), EXO_CAP_R)); break;
    case EXO_CALL_extent_alloc:
    case EXO_CALL_extent_hold:
    case EXO_CALL_extent_free:
    case EXO_CALL_extent_revoke: model_disk_perform(call); break;
    default: break;
    }
}

/* n bytes of the caller's memory at va; false where it could not read them. */
bool model_capture_bytes(uint32_t env, exo_word va, void *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t pa;
        uint32_t cause;
        if (va + i >= arch_va_end ||
            mmu_translate(&kernel_ctx[env], va + i, 0, &pa, &cause) != 0)
            return false;
        ((uint8_t *)to)[i] = *(uint8_t *)arch_phys(pa);
    }
    return true;
}

void model_capture(struct model_call *call)
{
    struct model_input *in = &call->in;
    bool maps = call->number == host_mmu_calls.batch && !model_windows_call(call->number);
    in->nmap = in->ncall = in->nio = 0;
    model_disk_capture(call);
    model_windows_capture(call);
    if (maps && ARG(3) <= EXO_BATCH_MAX &&
        model_capture_bytes(call->env, ARG(2), in->map, ARG(3) * sizeof in->map[0]))
        in->nmap = (uint32_t)ARG(3);
    if (call->number == EXO_CALL_batch && ARG(1) <= EXO_CALLS_MAX &&
        model_capture_bytes(call->env, ARG(0), in->call, ARG(1) * sizeof in->call[0]))
        in->ncall = (uint32_t)ARG(1);
}

/* The calls that were done, one after the other. */
static void batch(const struct model_call *call, exo_sword done)
{
    for (exo_sword i = 0; i < done; i++) {
        struct model_call one = {.env = call->env, .number = call->in.call[i].number};
        for (unsigned k = 0; k < 6; k++)
            one.arg[k] = (exo_word)call->in.call[i].arg[k];
        LEGAL(one.number < EXO_CALL_MAX && one.number != EXO_CALL_batch &&
              one.number != EXO_CALL_halt && one.number != EXO_CALL_env_destroy);
        model_call(&one, 0);
    }
}

/* Does perform() say all there is to say about authority in this call? */
static bool judges(uint32_t number)
{
    switch (number) {
    case EXO_CALL_slice_alloc:
    case EXO_CALL_slice_free:
    case EXO_CALL_env_create:
    case EXO_CALL_env_set:
    case EXO_CALL_env_run:
    case EXO_CALL_env_destroy:
    case EXO_CALL_env_free:
    case EXO_CALL_cap_derive:
    case EXO_CALL_cap_grant:
    case EXO_CALL_cap_drop:
    case EXO_CALL_frame_alloc:
    case EXO_CALL_frame_hold:
    case EXO_CALL_frame_free:
    case EXO_CALL_frame_guard:
    case EXO_CALL_frame_revoke:
    case EXO_CALL_tlb_write:
    case EXO_CALL_tlb_wire:
    case EXO_CALL_hpt_insert:
    case EXO_CALL_hpt_wire:
    case EXO_CALL_hpt_group:
    case EXO_CALL_hpt_read:
    case EXO_CALL_pt_map:
    case EXO_CALL_pt_root:
    case EXO_CALL_pt_table:
    case EXO_CALL_pt_read:
    case EXO_CALL_region_set:
    case EXO_CALL_region_clear:
    case EXO_CALL_region_protect:
    case EXO_CALL_region_read:
    case EXO_CALL_extent_alloc:
    case EXO_CALL_extent_hold:
    case EXO_CALL_extent_free:
    case EXO_CALL_extent_revoke: return true;
    default: return false;
    }
}

/* Was a call that failed rightly refused? Only for the errors that deny authority or say that
 * something is not there: others (bad address, busy, full) the model does not know about. */
static void refused(const struct model_call *call, exo_sword result)
{
    static const exo_sword denials[] = {EXO_EPERM,    EXO_ECAP,  EXO_EENV,    EXO_EFRAME,
                                        EXO_ENOTHELD, EXO_ENAME, EXO_EOVERLAP};
    bool denied = false;
    for (size_t i = 0; i < sizeof denials / sizeof denials[0]; i++)
        denied |= result == -denials[i];
    for (uint32_t i = 1; i < EXO_NENV; i++)
        denied &= !envs[i].killed; /* about to die: the kernel has let go of it already */
    if (!denied)
        return;
    model_probing = true;
    model_illegal = false;
    perform(call);
    model_probing = false;
    if (!model_illegal && judges(call->number))
        complain(
            "%s(%llx, %llx, %llx, %llx, %llx): the kernel refused (%d) what is allowed",
            model_call_name(call->number), (unsigned long long)ARG(0),
            (unsigned long long)ARG(1), (unsigned long long)ARG(2),
            (unsigned long long)ARG(3), (unsigned long long)ARG(4), (int)result);
}

void model_call(const struct model_call *call, exo_sword result)
{
    bool reads = call->number == EXO_CALL_pt_read || call->number == EXO_CALL_hpt_read ||
                 call->number == EXO_CALL_hpt_group ||
                 call->number == EXO_CALL_region_read;
    bool known = reads ? result >= 0 : result == 0;
    if (model_disk_call(call->number) && !model_disk_here(call->number)) {
        LEGAL(result == -EXO_ENODEVCALL);
    } else if (call->number == EXO_CALL_sector_io || call->number == EXO_CALL_block_io ||
               call->number == EXO_CALL_flash_io) {
        model_disk_requests(call, result);
    } else if (call->number == EXO_CALL_region_batch) {
        model_windows_perform(call, result);
    } else if (call->number == host_mmu_calls.batch) {
        if (result <= 0)
            model_batch(call, result);
    } else if (call->number == EXO_CALL_batch) {
        if (result > 0 && result <= (exo_sword)call->in.ncall)
            batch(call, result); /* else it faulted: the register still holds ARG(0) */
    } else if (call->number == host_mmu_calls.protect &&
               !model_windows_call(call->number)) {
        if (result <= 0)
            model_protect(call, result);
    } else if (known) {
        perform(call);
    } else {
        refused(call, result);
    }
}
