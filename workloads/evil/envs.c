// SPDX-License-Identifier: GPL-2.0-or-later
/* envs.c - attacks on environments: others, ones that do not exist, the attacker's own. */
#include "evil.h"

static const char *set_victim(void)
{
    for (exo_word field = EXO_ENV_PC; field < EXO_ENV_FIELDS; field++)
        REFUSED(exo_env_set(evil_shared->victim, 0, field, 0), EXO_EPERM);
    return NULL;
}

static const char *run_victim(void)
{
    REFUSED(exo_env_run(evil_shared->victim, 0), EXO_EPERM);
    return NULL;
}

static const char *destroy_victim(void)
{
    REFUSED(exo_env_destroy(evil_shared->victim, 0, 1), EXO_EPERM);
    return NULL;
}

static const char *free_living(void)
{
    REFUSED(exo_env_free(evil_shared->victim, 0), EXO_EENV);
    REFUSED(exo_env_free(evil_self(), 0), EXO_EENV);
    REFUSED(exo_env_free(evil_free_env(), 0), EXO_EENV);
    return NULL;
}

static const char *take_victims_name(void)
{
    REFUSED(exo_env_create(evil_shared->victim, 0), EXO_EBUSY);
    return NULL;
}

static const char *no_environment(void)
{
    static const exo_word env[] = {
        EXO_NENV, EXO_NENV + 1, 255,
        0x10000,  (exo_word)-1, (exo_word)1 << (sizeof(exo_word) * 8 - 1)};
    REFUSED(exo_env_create(0, 0), EXO_EENV);
    for (unsigned i = 0; i < sizeof env / sizeof *env; i++) {
        REFUSED(exo_env_create(env[i], 0), EXO_EENV);
        REFUSED(exo_env_set(env[i], 0, EXO_ENV_EXCEPTION, 0), EXO_EENV);
        REFUSED(exo_env_run(env[i], 0), EXO_EENV);
        REFUSED(exo_env_destroy(env[i], 0, 0), EXO_EENV);
        REFUSED(exo_env_free(env[i], 0), EXO_EENV);
        REFUSED(exo_pct_send(env[i]), EXO_EENV);
        REFUSED(exo_frame_revoke(evil_shared->secret_frame, env[i], 0, 0), EXO_EENV);
    }
    return NULL;
}

static const char *steal_upage(void)
{
    REFUSED(exo_env_set(0, 0, EXO_ENV_UPAGE, evil_shared->secret_frame), EXO_ENOTHELD);
    return NULL;
}

static const char *upage_in_kernel(void)
{
    REFUSED(exo_env_set(0, 0, EXO_ENV_UPAGE, M_KERNEL_BASE >> EVIL_KINFO->page_shift),
            EXO_EFRAME);
    REFUSED(exo_env_set(0, 0, EXO_ENV_UPAGE, EVIL_KINFO->export_frame), EXO_EFRAME);
    REFUSED(exo_env_set(0, 0, EXO_ENV_UPAGE, EVIL_KINFO->nframes), EXO_EFRAME);
    REFUSED(exo_env_set(0, 0, EXO_ENV_UPAGE, (exo_word)-1), EXO_EFRAME);
    return NULL;
}

/* A frame held with a capability that may only read: the kernel would write it for us. */
static const char *upage_read_only(void)
{
    uint32_t frame = evil_take_frame();
    WORKS(exo_cap_derive(0, 8, 1, EXO_CAP_R));
    WORKS(exo_frame_guard(frame, 0, 8, EXO_CAP_R));
    REFUSED(exo_env_set(0, 8, EXO_ENV_UPAGE, frame), EXO_EPERM);
    return NULL;
}

static const char *own_start_state(void)
{
    REFUSED(exo_env_set(0, 0, EXO_ENV_PC, M_KERNEL_BASE), EXO_EENV);
    REFUSED(exo_env_set(0, 0, EXO_ENV_SP, M_KERNEL_BASE), EXO_EENV);
    REFUSED(exo_env_run(0, 0), EXO_EENV);
    return NULL;
}

static const char *undefined_field(void)
{
    REFUSED(exo_env_set(0, 0, EXO_ENV_FIELDS, 0), EXO_EINVAL);
    REFUSED(exo_env_set(0, 0, (exo_word)-1, 0), EXO_EINVAL);
    return NULL;
}

static const char *entry_beyond_space(void)
{
    static const exo_word entry[] = {(exo_word)-1, (exo_word)-16,
                                     (exo_word)1 << (sizeof(exo_word) * 8 - 1)};
    for (unsigned i = 0; i < sizeof entry / sizeof *entry; i++)
        for (exo_word field = EXO_ENV_EXCEPTION; field < EXO_ENV_FIELDS; field++)
            REFUSED(exo_env_set(0, 0, field, entry[i]), EXO_EVA);
    return NULL;
}

static const char *enter_victim(void)
{
    REFUSED(exo_pct_send(evil_shared->victim), EXO_EBUSY);
    REFUSED(exo_pct_call(evil_shared->victim, 0), EXO_EBUSY);
    return NULL;
}

static const char *enter_nobody(void)
{
    uint32_t self = evil_self(), free_env = evil_free_env();
    REFUSED(exo_pct_send(self), EXO_EENV);
    REFUSED(exo_pct_send(free_env), EXO_EENV);
    REFUSED(exo_pct_wait(EXO_NENV), EXO_ERANGE);
    REFUSED(exo_pct_wait(free_env), EXO_EENV);
    return NULL;
}

/* An embryo has nothing yet: it must not run the kernel's or anybody's leftovers. */
static const char *run_embryo_in_kernel(void)
{
    uint32_t env = evil_free_env();
    WORKS(exo_env_create(env, 0));
    WORKS(exo_env_set(env, 0, EXO_ENV_PC, EVIL_KERNEL_VA));
    WORKS(exo_env_set(env, 0, EXO_ENV_SP, EVIL_KERNEL_VA));
    WORKS(exo_env_run(env, 0));
    WORKS(exo_slice_alloc(0, EXO_NSLICE - 1, env, 0));
    uint64_t end = exo_time64() + EVIL_PATIENCE;
    while (evil_env(env)->state != EXO_ENV_STATE_DEAD && exo_time64() < end)
        exo_yield((exo_word)-1);
    if (evil_env(env)->state != EXO_ENV_STATE_DEAD)
        return "an embryo without memory lives";
    if (evil_env(env)->status != EXO_STATUS_DIED)
        return evil_wrong("it ended with status %u", (unsigned)evil_env(env)->status);
    WORKS(exo_env_free(env, 0));
    return NULL;
}

const struct evil_attack evil_envs[] = {
    {"set the victim's entries", set_victim, false},
    {"start the victim", run_victim, false},
    {"destroy the victim", destroy_victim, false},
    {"free the names of the living", free_living, false},
    {"take the victim's name", take_victims_name, false},
    {"name environments that do not exist", no_environment, false},
    {"let the kernel write into the victim's frame", steal_upage, false},
    {"let the kernel write into its own frames", upage_in_kernel, false},
    {"let the kernel write where the capability may not", upage_read_only, false},
    {"set the start state of the living", own_start_state, false},
    {"set fields that do not exist", undefined_field, false},
    {"register entries beyond the address space", entry_beyond_space, false},
    {"enter the victim uninvited", enter_victim, false},
    {"enter nobody", enter_nobody, false},
    {"run an embryo without memory", run_embryo_in_kernel, false},
    {0},
};
