// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * slices.c - processor time in proportion: three environments compute the same, with 3, 2 and 1
 * slices of the vector. Prints what each got, and what it owes (excess: time its epilogues took
 * behind the end of slices).
 *
 *   slices [ROUNDS]      rounds of the slice vector to run for, default 100
 *
 * A fourth environment, this one, sets it up and sleeps. Status 1 if a share is off by more than two
 * per cent of the whole.
 */
#include <exo/user.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUNNERS 3u
#define TOLERANCE 20u /* thousandths */

static const uint32_t want[RUNNERS] = {3, 2, 1};

struct runner {
    pid_t pid;
    uint32_t env;
    uint64_t cycles, excess;
};

static volatile uint64_t *work; /* shared: rounds of computing of each */

static volatile const struct exo_kinfo *kinfo(void)
{
    return (volatile const struct exo_kinfo *)(uintptr_t)EXO_EXPORT_VA;
}

static volatile const struct exo_env_public *row(uint32_t env)
{
    return (volatile const struct exo_env_public *)(uintptr_t)(EXO_EXPORT_VA +
                                                               kinfo()->envs_off) +
           env;
}

static volatile const uint8_t *slices(uint32_t core)
{
    return (volatile const uint8_t *)(uintptr_t)(EXO_EXPORT_VA + kinfo()->slices_off) +
           core * EXO_NSLICE;
}

static _Noreturn void fail(const char *what, long got)
{
    fprintf(stderr, "slices: %s: %ld\n", what, got);
    exit(1);
}

static _Noreturn void compute(unsigned me)
{
    while (work[RUNNERS] == 0)
        ; /* until all are there */
    for (;;)
        work[me]++;
}

/* The environment of the youngest child, who is number n. */
static uint32_t find(uint32_t self, const struct runner *r, unsigned n)
{
    for (uint32_t env = 1; env < EXO_NENV; env++) {
        bool known = row(env)->parent != self || row(env)->state != EXO_ENV_STATE_READY;
        for (unsigned i = 0; i < n; i++)
            known = known || r[i].env == env;
        if (!known)
            return env;
    }
    fail("no environment for child", (long)n);
}

static void start(struct runner *r, unsigned n, uint32_t self)
{
    r[n].pid = fork();
    if (r[n].pid < 0)
        fail("fork", r[n].pid);
    if (r[n].pid == 0)
        compute(n);
    r[n].env = find(self, r, n);
}

static uint32_t owned(uint32_t env)
{
    uint32_t n = 0;
    for (uint32_t slot = 0; slot < EXO_NSLICE; slot++)
        n += slices(0)[slot] == env;
    return n;
}

/* From what fork gave it to what it should have, all on core 0. */
static void give(uint32_t env, uint32_t n)
{
    for (uint32_t core = 1; core < kinfo()->cores; core++)
        for (uint32_t slot = 0; slot < EXO_NSLICE; slot++)
            if (slices(core)[slot] == env)
                exo_slice_free(core, slot, 0);
    for (uint32_t slot = 0; slot < EXO_NSLICE && owned(env) < n; slot++)
        if (slices(0)[slot] == 0 && exo_slice_alloc(0, slot, env, 0) < 0)
            fail("slice_alloc", (long)slot);
    if (owned(env) != n)
        fail("slices of an environment", (long)owned(env));
}

static void sleep_until(uint64_t cycle)
{
    while (exo_time64() < cycle) {
        struct exo_pred until = {.op = EXO_PRED_TIME, .value = cycle};
        exo_sleep((exo_word)&until, 1);
    }
}

static void note(struct runner *r, bool first)
{
    for (unsigned i = 0; i < RUNNERS; i++) {
        uint64_t cycles = row(r[i].env)->cycles;
        r[i].cycles = first ? cycles : cycles - r[i].cycles;
        r[i].excess = row(r[i].env)->excess;
    }
}

static int report(const struct runner *r)
{
    uint64_t all = 0, parts = 0;
    int off = 0;
    for (unsigned i = 0; i < RUNNERS; i++) {
        all += r[i].cycles;
        parts += want[i];
    }
    printf("# env slices       cycles   share  expected   excess\n");
    for (unsigned i = 0; i < RUNNERS; i++) {
        unsigned share = (unsigned)(r[i].cycles * 1000 / all);
        unsigned expected = (unsigned)(want[i] * 1000 / parts);
        unsigned apart = share > expected ? share - expected : expected - share;
        printf("%5u %6u %12llu  %2u.%u %%    %2u.%u %% %8llu\n", (unsigned)r[i].env,
               (unsigned)want[i], (unsigned long long)r[i].cycles, share / 10, share % 10,
               expected / 10, expected % 10, (unsigned long long)r[i].excess);
        off += apart > TOLERANCE || work[i] == 0;
    }
    return off;
}

int main(int argc, char **argv)
{
    struct runner r[RUNNERS] = {0};
    unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 100;
    uint32_t self = ((const struct exo_args *)(uintptr_t)EXO_ARGS_VA)->env;
    if (rounds == 0 || rounds > 100000) {
        fprintf(stderr, "slices: ROUNDS %s: expected 1 to 100000\n", argv[1]);
        return 2;
    }
    work = mmap(NULL, (RUNNERS + 1) * sizeof *work, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (work == MAP_FAILED)
        fail("mmap", -1);
    for (unsigned i = 0; i < RUNNERS; i++)
        start(r, i, self);
    for (unsigned i = 0; i < RUNNERS; i++)
        give(r[i].env, want[i]);
    work[RUNNERS] = 1;
    uint64_t round = (uint64_t)EXO_SLICE_CYCLES * 6;
    sleep_until(exo_time64() + 2 * round);
    note(r, true);
    sleep_until(exo_time64() + rounds * round);
    note(r, false);
    for (unsigned i = 0; i < RUNNERS; i++) {
        kill(r[i].pid, SIGKILL);
        waitpid(r[i].pid, NULL, 0);
    }
    int off = report(r);
    if (off)
        fprintf(stderr, "slices: %d of %u shares are off\n", off, RUNNERS);
    return off != 0;
}
