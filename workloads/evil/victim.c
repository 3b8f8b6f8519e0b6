// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * victim.c - has a secret, keeps computing, and looks after all that is its own: memory, the row
 * of its frame, its own row, its slices, its code. See evil.h.
 */
#include "victim.h"

#include <exo/user.h>
#include <exos/vm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "evil.h"
#include "evil_disk.h"
#include "network.h"

#define SECRET_WORDS 256u
#define TAKEN_MAX 8u

static volatile uint32_t *secret;
static uint32_t self, upage_frame, slices, code_sum;
static uint32_t taken[TAKEN_MAX], ntaken;
static uint32_t disk_frame; /* for what it reads and writes there */

static void harm(const char *what)
{
    struct evil_shared *s = evil_shared;
    if (s->harmed == 0)
        snprintf(s->harm, sizeof s->harm, "the victim: %s", what);
    s->harmed++;
}

static uint32_t count_slices(void)
{
    uint32_t n = 0;
    for (uint32_t core = 0; core < EVIL_KINFO->cores; core++)
        for (uint32_t slot = 0; slot < EXO_NSLICE; slot++)
            n += evil_slices_of(core)[slot] == self;
    return n;
}

static uint32_t sum_code(void)
{
    const uint8_t *p = (const uint8_t *)(uintptr_t)victim;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < 1024; i++)
        sum = sum * 31 + p[i];
    return sum;
}

/* The page of the secret, and the one new frame in the table that must be its. */
static bool make_secret(void)
{
    void *page = mmap(NULL, evil_page(), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return false;
    secret = page;
    for (uint32_t i = 0; i < SECRET_WORDS; i++)
        secret[i] = EVIL_SECRET + (i != 0) * i;
    evil_shared->secret_frame = exos_frame_of(page);
    return evil_shared->secret_frame != 0;
}

static void check_network(void)
{
    volatile const struct exo_ring *r = evil_ring(EVIL_RING);
    if (evil_nic_kind() != 0 &&
        (r->slots == 0 || r->filters != 2 || r->queue != 0 || r->guard.len != 1 ||
         (r->holders[self / 32] >> (self % 32) & 1) == 0))
        harm("its packet ring was changed");
}

static void check(void)
{
    volatile const struct exo_frame *f = evil_frame(evil_shared->secret_frame);
    volatile const struct exo_env_public *row = evil_env(self);
    for (uint32_t i = 0; i < SECRET_WORDS; i++)
        if (secret[i] != EVIL_SECRET + (i != 0) * i) {
            harm("its secret was changed");
            break;
        }
    if (f->type != EXO_FRAME_USER || f->holders != 1 || f->guard[0].len != 1 ||
        f->guard[1].len != EXO_NAME_NONE)
        harm("its frame is not its own any more");
    if (row->state != EXO_ENV_STATE_READY || row->upage_frame != upage_frame)
        harm("its own row was changed");
    if (count_slices() != slices)
        harm("its slices were changed");
    if (sum_code() != code_sum)
        harm("its code was changed");
    check_network();
}

/* A ring, bound to what nobody else may have. */
static bool make_network(void)
{
    static struct exo_ring_setup setup;
    void *memory;
    if (evil_nic_kind() == 0)
        return true;
    return evil_make_ring(EVIL_RING, &setup, &memory) == 0 &&
           evil_bind_port(EVIL_RING, 0x15, EVIL_PORT, 0) >= 0 &&
           evil_bind_type(EVIL_RING, 0x806, EXO_FILTER_SHARED) >= 0;
}

static exo_sword give_back(void)
{
    while (ntaken > 0)
        exo_frame_free(taken[--ntaken]);
    return 0;
}

static exo_sword take(uint32_t frame)
{
    uintptr_t va = EVIL_ARENA;
    exo_sword r = exo_frame_alloc(frame, 0);
    if (r < 0)
        return r;
    taken[ntaken++] = frame;
    r = evil_mmu->bind(0, va | EXO_R | EXO_W, frame, 0);
    for (uintptr_t at = 0; r >= 0 && at < evil_page(); at += sizeof(uint32_t))
        *(volatile uint32_t *)(va + at) = EVIL_SECRET;
    return r;
}

static void obey(void)
{
    struct evil_shared *s = evil_shared;
    uint32_t asked = __atomic_load_n(&s->asked, __ATOMIC_ACQUIRE);
    if (asked == s->answered)
        return;
    if (s->order == ORDER_REVOKE)
        s->answer = exo_frame_revoke(s->argument[0], s->argument[1], 0, s->argument[2]);
    else if (s->order == ORDER_TAKE && ntaken < TAKEN_MAX)
        s->answer = take((uint32_t)s->argument[0]);
    else if (s->order == ORDER_FREE)
        s->answer = give_back();
    else if (s->order == ORDER_DISK)
        s->answer = evil_disk ? evil_disk_look(disk_frame) : 0;
    else
        s->answer = -EXO_EINVAL;
    __atomic_store_n(&s->answered, asked, __ATOMIC_RELEASE);
}

int victim(pid_t pid)
{
    const struct exo_args *args = (const struct exo_args *)(uintptr_t)EXO_ARGS_VA;
    struct evil_shared *s = evil_shared;
    int status;
    self = args->env;
    while (!s->ready)
        exo_yield((exo_word)-1);
    if (!make_secret() || evil_mmu->prepare(EVIL_ARENA) < 0 || !make_network()) {
        kill(pid, SIGKILL);
        printf("Bail out! no memory for a secret and a packet ring\n");
        return 2;
    }
    if (evil_disk &&
        ((disk_frame = evil_take_frame()) == 0 || !evil_disk_hide(disk_frame))) {
        kill(pid, SIGKILL);
        printf("Bail out! no secret on the disk\n");
        return 2;
    }
    upage_frame = evil_env(self)->upage_frame;
    slices = count_slices();
    code_sum = sum_code();
    s->secret_va = (uintptr_t)secret;
    s->victim = self;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        check();
        obey();
        s->heartbeat++;
        exo_yield((exo_word)-1);
    }
    printf("# the victim checked itself %u times, %u faults found\n",
           (unsigned)s->heartbeat, (unsigned)s->harmed);
    if (!WIFEXITED(status)) {
        printf("Bail out! the attacker died\n");
        return 2;
    }
    return s->harmed ? 1 : WEXITSTATUS(status);
}
