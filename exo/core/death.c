// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * death.c - how environments end. Everything an environment has is released the moment it dies:
 * translations and tables, wakeup predicate, upage, pending revocations, extents, packet rings,
 * slices, frames, capabilities. What stays is its row with the exit status, until env_free; and
 * frames a device still works on, pinned and nobody's, until it is done.
 *
 * An environment that another core runs right now cannot be torn down here: it is marked
 * killed, its core is interrupted, and it dies at that core's next kernel entry, before
 * anything it asked for is done. Nobody waits.
 *
 * The machine powers off when no environment is left that could ever act: none is READY or
 * SLEEP (an embryo or a waiting pct partner needs another to move it).
 */
#include "disk.h"
#include "nic.h"

static struct exo_hw_report report; /* static: the machine reads it by physical address */
static bool first_dead;             /* boot program 1 has ended, with: */
static uint32_t first_status;

_Noreturn void machine_stuck(void)
{
    if (first_dead)
        machine_halt(first_status);
    kernel_panic("deadlock: every environment waits for another");
}

static bool anybody_left(void)
{
    for (uint32_t i = 1; i < EXO_NENV; i++)
        if (kernel_ctx[i].state == EXO_ENV_STATE_READY ||
            kernel_ctx[i].state == EXO_ENV_STATE_SLEEP)
            return true;
    return false;
}

void env_die(struct ctx *c, uint32_t status)
{
    struct env *e = &envs[c->id];
    struct exo_env_public *row = &machine.env[c->id];

    core_forget(c);
    mmu_env_destroy(c);
    sleep_release(e);
    if (row->upage_frame != 0)
        frame_unpin(row->upage_frame);
    row->upage_frame = row->root_frame = 0;
    c->upage = 0;
    ctx_update_save(c);
    revoke_drop_all(c->id);
    disk_env_died(c);
    nic_env_died(c);
    slice_drop_all(c->id);
    frame_take_all(c);
    for (uint32_t s = 0; s < EXO_NCAP; s++)
        cap_clear(&e->cap[s]);
    e->killed = false;
    c->donated = 0;
    row->status = status;
    if (c->id == 1 && !first_dead) {
        first_dead = true;
        first_status = status;
    }
    env_state(c, EXO_ENV_STATE_DEAD);
    trace(EXO_TRACE_DEATH, c->id, status);

    pct_partner_died(c->id);
    sleep_wake(time_now());
    if (!anybody_left())
        machine_stuck();
}

void env_kill(struct ctx *c, uint32_t status)
{
    struct env *e = &envs[c->id];
    uint32_t mine = arch_mmio_read(M_CORE_BASE + M_COREID) + 1;
    if (e->on_core == 0 || e->on_core == mine) {
        env_die(c, status);
        return;
    }
    e->killed = true;
    e->kill_status = status;
    arch_mmio_write(M_CORE_BASE + M_IPI, e->on_core - 1);
}

void env_die_of(struct ctx *c, const struct exo_save *save)
{
    uint32_t module = envs[c->id].module;
    report = (struct exo_hw_report){.env = c->id,
                                    .cause = save->cause,
                                    .epc = save->epc,
                                    .badvaddr = save->badvaddr,
                                    .sp = save->sp};
    if (module < machine.table->nmodules)
        memcpy(report.program, machine.table->module[module].name, sizeof report.program);
    arch_mmio_write(M_CORE_BASE + M_REPORT, (uint32_t)arch_pa(&report));
    env_die(c, EXO_STATUS_DIED);
}

SYS(env_exit)
{
    env_die(c, (uint32_t)a0);
    return SYS_NONE;
}

SYS(env_destroy)
{
    struct ctx *target;
    int error = env_target(c->id, a0, a1, EXO_CAP_W, &target);
    if (error != 0)
        return error;

    env_kill(target, (uint32_t)a2);
    return target == c ? SYS_NONE : 0;
}

SYS(env_abort)
{
    struct exo_save save;
    exo_sword error = copy_from_user(c, &save, a0, sizeof save);
    if (error != 0)
        return error;

    env_die_of(c, &save);
    return SYS_NONE;
}
