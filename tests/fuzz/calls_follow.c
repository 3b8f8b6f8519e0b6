// SPDX-License-Identifier: GPL-2.0-or-later
/* calls_follow.c - the model follows what happens without a call, and is compared with the kernel's
 * tables and with what the simulated hardware holds. */
#include "calls_model.h"

#include <stdlib.h>
#include <string.h>

static struct model_name copy_name(const struct exo_name *n)
{
    struct model_name m = {.len = n->len, .rights = n->rights};
    memcpy(m.byte, n->byte, sizeof n->byte);
    return m;
}

static void start_boot_runs(uint32_t env)
{
    const struct exo_upage *up = arch_phys(kernel_ctx[env].upage);
    const struct exo_boot *b = (const void *)up->library;
    for (uint32_t i = 0; i < b->nruns; i++)
        for (uint32_t p = 0; p < b->run[i].pages; p++)
            model_bind_add(env, b->run[i].va + ((uint64_t)p << host.page_shift),
                           b->run[i].frame + p, b->run[i].flags,
                           host_mmu_kind != EXO_MMU_RADIX);
}

void model_start(void)
{
    for (uint32_t i = 0; i < EXO_NENV; i++) {
        struct model_env *e = &model.env[i];
        e->binding = malloc(MODEL_BINDINGS * sizeof *e->binding);
        e->state = kernel_ctx[i].state;
        e->guard = copy_name(&machine.env[i].guard);
        for (uint32_t s = 0; s < EXO_NCAP; s++)
            e->cap[s] = copy_name(&envs[i].cap[s]);
        if (e->binding == NULL)
            complain("out of memory");
        if (e->state != EXO_ENV_STATE_FREE)
            start_boot_runs(i);
    }
    for (uint32_t f = 0; f < machine.nframes; f++) {
        struct model_frame *m = &model.frame[f];
        m->type = machine.frame[f].type;
        m->guard[0] = copy_name(&machine.frame[f].guard[0]);
        m->guard[1] = copy_name(&machine.frame[f].guard[1]);
        m->used = m->type >= EXO_FRAME_USER;
        for (uint32_t i = 1; i < EXO_NENV; i++)
            if (frame_held(i, f))
                m->holders |= 1ull << i;
    }
    memcpy(model.slice, machine.slice, sizeof model.slice);
}

static void follow_deaths(void)
{
    for (uint32_t i = 1; i < EXO_NENV; i++)
        if (kernel_ctx[i].state == EXO_ENV_STATE_DEAD &&
            model.env[i].state != EXO_ENV_STATE_DEAD) {
            if (!model_alive(i))
                complain("environment %u died without having lived", i);
            model_clear_env(i);
            model_windows_forget(i, 0, true);
            model.env[i].state = EXO_ENV_STATE_DEAD;
        }
}

static void follow_repossession(void)
{
    for (uint32_t f = 1; f < machine.nframes; f++)
        for (uint32_t i = 1; i < EXO_NENV && model.frame[f].revoked != 0; i++)
            if ((model.frame[f].revoked >> i & 1) != 0 && !frame_held(i, f))
                model_take_frame(i, f);
}

static void
follow_tables(void) /* a table that nobody uses any more becomes a frame again */
{
    for (uint32_t f = 1; f < machine.nframes; f++)
        if (model.frame[f].type == EXO_FRAME_TABLE &&
            machine.frame[f].type == EXO_FRAME_USER)
            model.frame[f].type = EXO_FRAME_USER;
}

static void compare_envs(void)
{
    for (uint32_t i = 1; i < EXO_NENV; i++) {
        uint32_t k = kernel_ctx[i].state;
        if (k == EXO_ENV_STATE_SLEEP || k == EXO_ENV_STATE_PCT)
            k = EXO_ENV_STATE_READY;
        if (k != model.env[i].state)
            complain("environment %u is in state %u, must be %u", i, k,
                     model.env[i].state);
        for (uint32_t s = 0; s < EXO_NCAP; s++) {
            struct model_name n = copy_name(&envs[i].cap[s]);
            const struct model_name *m = &model.env[i].cap[s];
            if (n.len != m->len || (n.len != 0xff && memcmp(&n, m, 2 + n.len) != 0))
                complain("capability %u of environment %u is not what it was given", s,
                         i);
        }
    }
    if (memcmp(model.slice, machine.slice, sizeof model.slice) != 0)
        complain("slices are not as they were allocated");
}

static void compare_frames(void)
{
    uint64_t held[MODEL_FRAMES] = {0};
    for (uint32_t i = 1; i < EXO_NENV; i++)
        for (uint32_t w = 0; w < (machine.nframes + 31) / 32; w++)
            for (uint32_t bits = envs[i].held[w], b = 0; bits != 0; bits >>= 1, b++)
                held[w * 32 + b] |= (uint64_t)(bits & 1) << i;
    for (uint32_t f = 1; f < machine.nframes; f++) {
        const struct model_frame *m = &model.frame[f];
        if (machine.frame[f].type != m->type || held[f] != m->holders)
            complain("frame %u: type %u, holders %llx; must be %u, %llx", f,
                     machine.frame[f].type, (unsigned long long)held[f], m->type,
                     (unsigned long long)m->holders);
    }
}

static void compare_hardware(uint32_t core)
{
    static struct host_entry entry[256];
    uint32_t n = host_entries(core, entry, 256);
    const struct ctx *runs = cores[core].running;
    for (uint32_t k = 0; k < n; k++) {
        const struct host_entry *e = &entry[k];
        uint32_t env = e->asid;
        if (kernel_ctx[EXO_NENV - 1].asid !=
            EXO_NENV - 1) { /* shared: whoever runs has it */
            if (runs == NULL || runs->asid != e->asid)
                continue;
            env = runs->id;
        }
        const struct model_binding *b = model_binding_at(env % EXO_NENV, e->va, false);
        bool found = false;
        for (uint32_t i = 0; b != NULL && i < b->n; i++)
            found |= b->may[i].frame == e->frame &&
                     ((e->flags & EXO_W) == 0 || b->may[i].flags & EXO_W);
        if (!found)
            complain("core %u lets environment %u reach frame %u at %#llx, rights %u: "
                     "stale or "
                     "forged",
                     core, env, e->frame, (unsigned long long)e->va, e->flags);
    }
}

/* What the kernel itself would translate, which is what it will refill or walk later. */
static void compare_translations(void)
{
    for (uint32_t i = 1; i < EXO_NENV; i++)
        for (uint32_t k = 0; model_alive(i) && k < model.env[i].nbindings; k++) {
            const struct model_binding *b = &model.env[i].binding[k];
            for (unsigned access = 0; access < 2; access++) {
                uint64_t pa;
                uint32_t cause;
                bool found =
                    mmu_translate(&kernel_ctx[i], b->va, access, &pa, &cause) != 0;
                for (uint32_t c = 0; c < b->n && !found; c++)
                    found = b->may[c].frame == pa >> host.page_shift &&
                            (access == 0 || b->may[c].flags & EXO_W);
                if (!found)
                    complain("the kernel gives environment %u frame %u at %#llx, access "
                             "%u: stale",
                             i, (unsigned)(pa >> host.page_shift),
                             (unsigned long long)b->va, access);
            }
        }
}

void model_sync(void)
{
    static uint32_t calls;
    follow_deaths();
    follow_repossession();
    follow_tables();
    model_net_sync();
    compare_envs();
    compare_frames();
    model_disk_sync();
    for (uint32_t i = 0; i < host.cores; i++)
        compare_hardware(i);
    if (++calls % 8 == 0)
        compare_translations();
}
