// SPDX-License-Identifier: GPL-2.0-or-later
/* slices.c - attacks on processor time. See evil.h. */
#include "evil.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *free_victims(void)
{
    for (uint32_t core = 0; core < EVIL_KINFO->cores; core++)
        for (uint32_t slot = 0; slot < EXO_NSLICE; slot++)
            if (evil_slices_of(core)[slot] == evil_shared->victim)
                REFUSED(exo_slice_free(core, slot, 0), EXO_EPERM);
    return NULL;
}

static const char *take_victims(void)
{
    for (uint32_t core = 0; core < EVIL_KINFO->cores; core++)
        for (uint32_t slot = 0; slot < EXO_NSLICE; slot++)
            if (evil_slices_of(core)[slot] == evil_shared->victim)
                REFUSED(exo_slice_alloc(core, slot, 0, 0), EXO_EBUSY);
    return NULL;
}

static const char *give_to_victim(void)
{
    REFUSED(exo_slice_alloc(0, EXO_NSLICE - 1, evil_shared->victim, 0), EXO_EPERM);
    return NULL;
}

static const char *no_slice(void)
{
    static const exo_word slot[] = {EXO_NSLICE, 255, 256, (exo_word)-1,
                                    (exo_word)1 << (sizeof(exo_word) * 8 - 1)};
    for (unsigned i = 0; i < sizeof slot / sizeof *slot; i++) {
        REFUSED(exo_slice_alloc(0, slot[i], 0, 0), EXO_ERANGE);
        REFUSED(exo_slice_free(0, slot[i], 0), EXO_ERANGE);
        REFUSED(exo_slice_alloc(EVIL_KINFO->cores + slot[i] - EXO_NSLICE, 5, 0, 0),
                EXO_ERANGE);
    }
    REFUSED(exo_slice_free(0, EXO_NSLICE - 1, 0), EXO_ENOTHELD);
    return NULL;
}

static const char *yield_to_nobody(void)
{
    REFUSED(exo_yield(EXO_NENV), EXO_EENV);
    REFUSED(exo_yield((exo_word)-2), EXO_EENV);
    REFUSED(exo_yield(evil_free_env()), EXO_EENV);
    return NULL;
}

static uint32_t child_of(uint32_t parent)
{
    for (uint32_t env = 1; env < EXO_NENV; env++)
        if (evil_env(env)->parent == parent &&
            evil_env(env)->state != EXO_ENV_STATE_FREE &&
            evil_env(env)->state != EXO_ENV_STATE_DEAD)
            return env;
    return 0;
}

/* Cycles of the thief in the next `cycles`, while the caller uses up its slices and the victim
 * gives most of its own away: half is the thief's by right. */
static uint64_t stolen(uint32_t thief, uint64_t cycles, uint32_t *rounds)
{
    uint64_t start = exo_time64(), used = evil_env(thief)->cycles;
    uint32_t beats = evil_shared->heartbeat;
    while (exo_time64() - start < cycles)
        ;
    *rounds = evil_shared->heartbeat - beats;
    return evil_env(thief)->cycles - used;
}

/* A child does what `steal` does for as long as it lives. */
static const char *theft(void (*steal)(void))
{
    uint32_t self = evil_self();
    pid_t pid = fork();
    if (pid == 0) {
        steal();
        _exit(1);
    }
    if (pid < 0)
        return "no child for this attack";
    uint32_t thief = child_of(self);
    uint64_t cycles = 60u * EXO_SLICE_CYCLES;
    uint32_t rounds, alive;
    stolen(thief, 6u * EXO_SLICE_CYCLES, &rounds);
    uint64_t got = stolen(thief, cycles, &rounds);
    alive = evil_env(thief)->state;
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    if (alive != EXO_ENV_STATE_READY)
        return evil_wrong("the thief did not run (state %u)", (unsigned)alive);
    if (rounds < 5)
        return evil_wrong("the victim got %u rounds", (unsigned)rounds);
    /* The graces it takes are excess and must be paid back with slices. */
    if (EVIL_KINFO->cores == 1 && got > cycles / 2 + 2u * EXO_SLICE_CYCLES)
        return evil_wrong("it got %u of %u thousand cycles, not half",
                          (unsigned)(got / 1000), (unsigned)(cycles / 1000));
    return NULL;
}

static void steal_by_spinning(void)
{
    for (;;)
        ;
}

static void steal_by_epilogue(void)
{
    exo_env_set(0, 0, EXO_ENV_EPILOGUE, (exo_word)evil_spin);
    evil_spin();
}

static void steal_by_critical(void)
{
    volatile struct exo_upage *up = evil_upage();
    if (up)
        up->critical = 1;
    evil_spin();
}

/* Asking for nothing, over and over: the kernel's time is the caller's. */
static void steal_by_calls(void)
{
    for (;;)
        exo_null();
}

static void steal_by_yielding_back(void)
{
    uint32_t self = evil_self();
    for (;;)
        exo_yield(self);
}

static const char *spin(void)
{
    return theft(steal_by_spinning);
}

static const char *ignore_epilogue(void)
{
    return theft(steal_by_epilogue);
}

static const char *stay_critical(void)
{
    return theft(steal_by_critical);
}

static const char *call_for_ever(void)
{
    return theft(steal_by_calls);
}

static const char *yield_to_self(void)
{
    return theft(steal_by_yielding_back);
}

const struct evil_attack evil_slices[] = {
    {"free the victim's slices", free_victims, false},
    {"take the victim's slices", take_victims, false},
    {"allocate slices for the victim", give_to_victim, false},
    {"name slices that do not exist", no_slice, false},
    {"yield to nobody", yield_to_nobody, false},
    {"keep the processor by spinning", spin, false},
    {"keep the processor by ignoring the epilogue", ignore_epilogue, false},
    {"keep the processor by a critical section", stay_critical, false},
    {"keep the processor by calling for ever", call_for_ever, false},
    {"keep the processor by yielding to itself", yield_to_self, false},
    {0},
};
