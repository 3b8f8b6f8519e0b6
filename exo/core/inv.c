// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * inv.c - what always holds outside the kernel. Each predicate reads the tables only; the first
 * that fails is named in *what. Host and debug builds (EXO_CHECK) evaluate all after every
 * trap; they are also the specification a proof would start from.
 */
#include "disk.h"
#include "nic.h"

static uint32_t count_holders(uint32_t frame)
{
    uint32_t n = 0;
    for (uint32_t i = 1; i < EXO_NENV; i++)
        n += frame_held(i, frame);
    return n;
}

static uint32_t count_pins(uint32_t frame)
{
    uint32_t n = 0;
    for (uint32_t i = 1; i < EXO_NENV; i++) {
        n += machine.env[i].upage_frame == frame;
        for (uint32_t t = 0; t < envs[i].npred; t++)
            n += envs[i].pred[t].frame == frame;
    }
    return n + disk_pins(frame) + nic_pins(frame);
}

static bool free_list_ok(const char **what)
{
    uint32_t n = 0, previous = 0;
    for (uint32_t f = machine.kinfo->first_free; f != 0; f = machine.frame[f].next_free) {
        INV(f < machine.nframes);
        INV(machine.frame[f].type == EXO_FRAME_FREE);
        INV(machine.frame[f].prev_free == previous);
        INV(n < machine.nframes);
        previous = f;
        n++;
    }
    INV(n == machine.kinfo->free_frames);
    return true;
}

bool inv_frames(const char **what)
{
    uint32_t free = 0;
    for (uint32_t i = 0; i < machine.nframes; i++) {
        const struct exo_frame *f = &machine.frame[i];
        INV(f->type <= EXO_FRAME_TABLE);
        INV(f->type != EXO_FRAME_FREE || (f->holders | f->maps | f->pins) == 0);
        INV(f->type != EXO_FRAME_USER || (f->holders | f->maps | f->pins) != 0);
        INV(f->type != EXO_FRAME_USER || f->holders != 0 ||
            f->pins == disk_pins(i) + nic_pins(i)); /* a device is not done with it */
        INV(f->type != EXO_FRAME_TABLE || f->holders == 1);
        INV(f->type >= EXO_FRAME_USER || (f->holders | f->pins) == 0);
        INV(f->type == EXO_FRAME_FREE || (f->next_free | f->prev_free) == 0);
        INV(f->guard[1].len == EXO_NAME_NONE || f->type >= EXO_FRAME_USER);
        if (f->type >= EXO_FRAME_USER) {
            INV(f->holders == count_holders(i));
            INV(f->pins == count_pins(i));
            INV(f->guard[0].len <= EXO_CAP_NAME_MAX);
        }
        free += f->type == EXO_FRAME_FREE;
    }
    INV(free == machine.kinfo->free_frames);
    return free_list_ok(what);
}

static bool env_empty(const struct env *e, const char **what)
{
    for (uint32_t s = 0; s < EXO_NCAP; s++)
        INV(e->cap[s].len == EXO_NAME_NONE);
    INV(e->npred == 0 && e->nrevoke == 0 && e->on_core == 0 && !e->killed);
    return true;
}

static bool env_ok(uint32_t i, const char **what)
{
    const struct ctx *c = &kernel_ctx[i];
    const struct env *e = &envs[i];
    const struct exo_env_public *row = &machine.env[i];
    INV(c->id == i && row->id == i);
    INV(c->state <= EXO_ENV_STATE_DEAD);
    INV(row->parent < EXO_NENV && row->parent != i);
    if (c->state == EXO_ENV_STATE_FREE || c->state == EXO_ENV_STATE_DEAD) {
        INV(c->upage == 0 && row->upage_frame == 0 && row->frames == 0);
        INV(c->donated == 0);
        return env_empty(e, what);
    }
    INV(row->guard.len <= EXO_CAP_NAME_MAX);
    INV((c->upage == 0) == (row->upage_frame == 0));
    if (row->upage_frame != 0) {
        INV(frame_held(i, row->upage_frame));
        INV(machine.frame[row->upage_frame].type == EXO_FRAME_USER);
        INV(c->upage == (uint64_t)(row->upage_frame << machine.page_shift));
    }
    INV((c->state == EXO_ENV_STATE_SLEEP) == (e->npred != 0));
    INV(c->donated == 0 || c->state == EXO_ENV_STATE_PCT);
    INV(c->donated < EXO_NENV && c->accept < EXO_NENV);
    INV(e->on_core <= machine.cores);
    INV(e->on_core == 0 || cores[e->on_core - 1].running == c);
    INV(!e->killed || e->on_core != 0);
    INV(e->npred <= EXO_NPRED);
    return true;
}

bool inv_envs(const char **what)
{
    for (uint32_t i = 1; i < EXO_NENV; i++) {
        if (!env_ok(i, what))
            return false;
        uint32_t held = 0, words = (machine.nframes + 31) / 32;
        for (uint32_t w = 0; w < words; w++)
            for (uint32_t bits = envs[i].held[w]; bits != 0; bits &= bits - 1)
                held++;
        INV(held == machine.env[i].frames);
        uint32_t end = i, hops = 0;
        while (kernel_ctx[end].donated != 0 && hops++ < EXO_NENV)
            end = kernel_ctx[end].donated;
        INV(hops < EXO_NENV); /* chains of donated slices end */
    }
    for (uint32_t i = 0; i < machine.cores; i++) {
        const struct ctx *c = cores[i].running;
        INV(c == NULL ||
            (envs[c->id].on_core == i + 1 && c->state == EXO_ENV_STATE_READY));
    }
    return true;
}

bool inv_caps(const char **what)
{
    for (uint32_t i = 1; i < EXO_NENV; i++)
        for (uint32_t s = 0; s < EXO_NCAP; s++) {
            const struct exo_name *n = &envs[i].cap[s];
            /* nobody has the root capability, and a name starts with a boot program's number */
            INV(n->len == EXO_NAME_NONE || (n->len >= 1 && n->len <= EXO_CAP_NAME_MAX));
            INV(n->len == EXO_NAME_NONE || n->byte[0] != 0);
            INV((n->rights & ~EXO_CAP_ALL) == 0);
        }
    return true;
}

bool inv_slices(const char **what)
{
    for (uint32_t i = 0; i < EXO_NCORE; i++)
        for (uint32_t s = 0; s < EXO_NSLICE; s++) {
            uint32_t owner = machine.slice[i][s];
            INV(owner < EXO_NENV);
            INV(owner == 0 || i < machine.cores);
            INV(owner == 0 || (kernel_ctx[owner].state != EXO_ENV_STATE_FREE &&
                               kernel_ctx[owner].state != EXO_ENV_STATE_DEAD));
        }
    return true;
}

bool inv_export(const char **what)
{
    const struct exo_kinfo *k = machine.kinfo;
    INV(k->abi == EXO_ABI_VERSION && k->nframes == machine.nframes &&
        k->nenv == EXO_NENV);
    INV(k->page_shift == machine.page_shift && k->cores == machine.cores);
    for (uint32_t i = 0; i < k->export_pages; i++)
        INV(machine.frame[k->export_frame + i].type == EXO_FRAME_EXPORT);
    return true;
}

bool inv_all(const char **what)
{
    return inv_frames(what) && inv_envs(what) && inv_caps(what) && inv_slices(what) &&
           inv_revoke(what) && inv_sleep(what) && inv_export(what) && inv_mmu(what) &&
           inv_disk(what) && inv_nic(what);
}
