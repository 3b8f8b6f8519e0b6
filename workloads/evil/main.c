// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * evil - attacks on everything the exokernel protects, from an unprivileged environment, while a
 * victim works and checks itself. Prints TAP; status 0 if every attack was refused as it should.
 * The cast and the rules: evil.h.
 */
#include <exo/user.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "evil.h"
#include "evil_disk.h"
#include "network.h"
#include "victim.h"

/* The byte that a name shorter by one has there, too, if somebody forgets to compare lengths. */
#define ATTACKER_SUFFIX 0
/* Cycles after which an attack that does not end is ended. */
#define ATTACK_CYCLES (3000u * (uint64_t)EXO_SLICE_CYCLES)

struct evil_shared *evil_shared;
const struct evil_mmu *evil_mmu;

static unsigned number, failures;

/* -- making the attacker what it should be -- */

/* Only whoever holds a frame already is told so when it asks to hold it. */
static bool holds(uint32_t frame)
{
    exo_sword r = exo_frame_hold(frame, 0, 0);
    if (r == 0)
        exo_frame_free(frame);
    return r == -EXO_EBUSY;
}

/* From the capability the attacker was born with to {1,0}. What it holds (its own frames, and
 * those it shares with its parent) it must be able to go on using: second guard {1,0}. */
static void give_up_privilege(void)
{
    exo_cap_derive(0, 5, ATTACKER_SUFFIX, EXO_CAP_ALL);
    for (uint32_t i = 1; i < EVIL_KINFO->nframes; i++)
        if (evil_frame(i)->type == EXO_FRAME_USER && holds(i))
            exo_frame_guard(i, 0, 5, EXO_CAP_R | EXO_CAP_W);
    exo_cap_drop(0);
    exo_cap_grant(0, 5, 5, 0);
    exo_cap_drop(5);
}

/* Pages still shared copy-on-write become the caller's own. */
static void own_all_pages(void)
{
    extern char exos_data_start[];
    volatile char here = 0;
    uintptr_t page = evil_page(), stack = (uintptr_t)&here & ~(page - 1);
    for (uintptr_t p = (uintptr_t)exos_data_start; p < (uintptr_t)sbrk(0); p += page)
        *(volatile char *)p = *(volatile char *)p;
    for (uintptr_t p = stack - 2 * page; p < EXO_STACK_TOP; p += page)
        *(volatile char *)p = *(volatile char *)p;
}

/* -- one attack -- */

static void result(bool ok, const char *group, const char *name, const char *what)
{
    number++;
    failures += !ok;
    if (ok)
        printf("ok %u - %s: %s\n", number, group, name);
    else
        printf("not ok %u - %s: %s # %s\n", number, group, name, what);
    fflush(stdout);
}

static int wait_for(pid_t pid, bool *hung)
{
    int status = 0;
    uint64_t end = exo_time64() + ATTACK_CYCLES;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (exo_time64() >= end) {
            *hung = true;
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            return status;
        }
        exo_yield((exo_word)-1);
    }
    return status;
}

static const char *verdict(const struct evil_attack *a, int status, bool hung,
                           uint32_t harmed)
{
    struct evil_shared *s = evil_shared;
    if (hung)
        return "it did not end";
    if (!evil_victim_lives())
        return "the victim does not work any more";
    if (s->harmed != harmed)
        return s->harm;
    if (a->dies)
        return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV ? NULL
               : s->outcome[0]                                    ? s->outcome
                                                                  : "it survived";
    if (WIFSIGNALED(status))
        return "it died of it";
    if (WEXITSTATUS(status) == 98)
        return "a fault nobody expected";
    return WEXITSTATUS(status) == 0 ? NULL : s->outcome;
}

static void attack(const char *group, const struct evil_attack *a)
{
    struct evil_shared *s = evil_shared;
    uint32_t harmed = s->harmed, frames = EVIL_KINFO->free_frames;
    bool hung = false;
    s->outcome[0] = 0;
    pid_t pid = fork();
    if (pid == 0) {
        evil_probe_init();
        const char *what = a->run();
        if (what)
            snprintf(s->outcome, sizeof s->outcome, "%s", what);
        _exit(what != NULL);
    }
    if (pid < 0) {
        result(false, group, a->name, "no environment for it");
        return;
    }
    int status = wait_for(pid, &hung);
    const char *what = verdict(a, status, hung, harmed);
    evil_order(ORDER_FREE, 0, 0, 0);
    uint64_t end = exo_time64() + EVIL_PATIENCE; /* a device may not be done with some */
    while (EVIL_KINFO->free_frames < frames && exo_time64() < end)
        exo_yield((exo_word)-1);
    if (!what && EVIL_KINFO->free_frames < frames)
        what = "frames did not come back";
    result(what == NULL, group, a->name, what);
}

/* The library keeps some of what the first fork takes: frames are counted from the second. */
static void first_fork(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    waitpid(pid, NULL, 0);
}

static void attacks(const char *group, const struct evil_attack *a)
{
    for (; a->name; a++)
        attack(group, a);
}

static const struct evil_instruction *instruction;
static void run_instruction(uintptr_t unused)
{
    (void)unused;
    instruction->run();
}

static const char *privileged(void)
{
    struct evil_fault got;
    if (!evil_faults(run_instruction, 0, &got))
        return "it went through";
    if (got.signal == SIGILL || got.signal == SIGSEGV)
        return NULL;
    return evil_wrong("signal %d", got.signal);
}

static int attacker(void)
{
    own_all_pages();
    give_up_privilege();
    evil_shared->ready = 1;
    while (!evil_shared->victim)
        exo_yield((exo_word)-1);
    if (!evil_victim_lives()) {
        printf("Bail out! the victim does not work\n");
        return 2;
    }
    first_fork();
    attacks("memory", evil_memory);
    attacks("frames", evil_frames);
    attacks("translations", evil_mmu->attacks);
    attacks("capabilities", evil_caps);
    attacks("environments", evil_envs);
    attacks("slices", evil_slices);
    attacks("calls", evil_pointers);
    attacks("traps", evil_traps);
    attacks("revocation", evil_revocation);
    attacks("exhaustion", evil_exhaustion);
    attacks("code", evil_code);
    attacks("disk", evil_disk ? evil_disk_authority : evil_disk_none);
    if (evil_disk)
        attacks("disk", evil_disk_life);
    if (evil_nic_kind() != 0)
        attacks("network", evil_network);
    for (instruction = evil_instructions; instruction->name; instruction++) {
        struct evil_attack a = {instruction->name, privileged, false};
        attack("instruction", &a);
    }
    return failures != 0;
}

int main(void)
{
    static const struct evil_mmu *const kinds[EXO_MMU_KINDS] = {
#define EXO_KIND_MMU(number, name, NAME) [EXO_MMU_##NAME] = &evil_mmu_##name,
#include <exo/kinds.def>
    };
    uint32_t kind = evil_hardware()->mmu_kind;
    evil_mmu = kind < EXO_MMU_KINDS ? kinds[kind] : NULL;
    evil_disk_init();
    evil_shared = mmap(NULL, sizeof *evil_shared, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!evil_mmu || evil_shared == MAP_FAILED) {
        printf("Bail out! no attacks for this kind of MMU, or no memory\n");
        return 2;
    }
    printf("TAP version 13\n");
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        int status = attacker();
        printf("1..%u\n# %u refused, %u not\n", number, number - failures, failures);
        fflush(stdout);
        _exit(status);
    }
    return victim(pid);
}
