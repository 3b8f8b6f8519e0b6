// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * core.c - processors: whose registers and translations a core holds, how it goes from one
 * environment to another, how it idles.
 *
 * A trap begins with core.next = whom it interrupted. Calls say whom to resume by core.next; NULL
 * means the slice is over. The kernel never takes interrupts: an idle core
 * waits with the lock free and polls what woke it. Devices interrupt core 0.
 */
#include "disk.h"
#include "nic.h"

#define LOOK_AGAIN 50000u /* cycles */

struct core cores[EXO_NCORE];

void core_init(uint32_t id)
{
    cores[id] = (struct core){.id = id, .slot = EXO_NSLICE - 1};
    uint32_t lines = machine.timer_line;
    if (id == 0)
        lines |= machine.disk_line | machine.nic_line;
    arch_mmio_write(machine.intc + M_INTC_ENABLE, lines);
}

void core_charge(struct core *me, uint64_t now)
{
    if (me->running != NULL)
        machine.env[me->running->id].cycles += now - me->since;
    me->since = now;
}

/* A protected control transfer in assembly (one core only) may have changed who runs. */
void core_follow(struct core *me, struct ctx *c)
{
    if (me->running != NULL)
        envs[me->running->id].on_core = 0;
    envs[c->id].on_core = me->id + 1;
    me->running = c;
}

void core_forget(struct ctx *c)
{
    struct env *e = &envs[c->id];
    if (e->on_core == 0)
        return;
    struct core *me = &cores[e->on_core - 1];
    core_charge(me, time_now());
    e->on_core = 0;
    me->running = NULL;
    if (me->next == c)
        me->next = NULL;
}

/* Leave the environment that ran here so that any core can take it up. */
static void put_down(struct core *me)
{
    core_charge(me, time_now());
    if (me->running == NULL)
        return;
    if (!me->fp_passed)
        arch_fp_save(me->running);
    envs[me->running->id].on_core = 0;
    me->running = NULL;
}

static void take_up(struct core *me, struct ctx *next)
{
    if (me->running == next)
        return;
    put_down(me);
    next->core = me->id;
    next->kstack = (uintptr_t)(kernel_stacks + KERNEL_STACK_SIZE * (me->id + 1));
    envs[next->id].on_core = me->id + 1;
    me->running = next;
    mmu_switch(next);
    if (!me->fp_passed)
        arch_fp_restore(next);
    arch_mmio_write(M_CORE_BASE + M_CONTEXT, next->id);
}

/* Whatever interrupted or woke this core; true if a device did. */
static bool acknowledge(void)
{
    uint32_t lines = arch_mmio_read(machine.intc + M_INTC_PENDING);
    if (lines & machine.timer_line)
        arch_mmio_write(machine.timer + M_TIMER_CONTROL, 0);
    arch_mmio_write(M_CORE_BASE + M_IPI_CLEAR, 1);
    if (lines & machine.disk_line)
        disk_interrupt();
    if (lines & machine.nic_line)
        nic_interrupt();
    return (lines & (machine.disk_line | machine.nic_line)) != 0;
}

void core_wake_idle(void)
{
    for (uint32_t i = 0; i < machine.cores; i++)
        if (cores[i].idle)
            arch_mmio_write(M_CORE_BASE + M_IPI, i);
}

/* Nobody to run: wait for the next event. With several cores another may change a word that
 * somebody here sleeps on, so look again after a while. */
static void idle(struct core *me, uint64_t now)
{
    put_down(me);
    arch_mmio_write(M_CORE_BASE + M_CONTEXT, 0);
    uint64_t at = sleep_next(now), revoke = revoke_next();
    if (revoke < at)
        at = revoke;
    if (at == NEVER && !slice_any_runnable() && !disk_expected() && !nic_expected())
        machine_stuck();
    if (machine.cores > 1 && now + LOOK_AGAIN < at)
        at = now + LOOK_AGAIN;
    timer_arm(me, at);
    me->idle = true;
    kernel_unlock();
    arch_mmio_write(M_CORE_BASE + M_WAIT, 0);
    kernel_lock();
    me->idle = false;
    acknowledge();
}

static void choose(struct core *me)
{
    for (;;) {
        uint64_t now = time_now();
        slice_close(me, now);
        revoke_expire(now);
        sleep_wake(now);
        me->next = slice_choose(me);
        if (me->next != NULL)
            return;
        idle(me, now);
    }
}

struct ctx *core_go_on(struct core *me)
{
    if (me->next == NULL)
        choose(me);
    take_up(me, me->next);
    me->fp_passed = false;
    slice_prologue(me->next);
    revoke_deliver(me->next);
    return me->next;
}

void core_interrupt(struct core *me, struct ctx *c)
{
    bool device = acknowledge();
    uint64_t now = time_now();
    revoke_expire(now);
    if (device)
        sleep_wake(now);
    if (me->next == c)
        slice_tick(me, c, now);
    if (me->next != NULL)
        slice_arm(me);
}
