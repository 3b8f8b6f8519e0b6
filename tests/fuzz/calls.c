// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls.c - fuzzes every exokernel call, on the host, under sanitizers: several environments,
 * traps and timer ticks in between, one to three cores. After every step the kernel's own
 * invariants (EXO_CHECK) and an independent model of who may do what (calls_model.h) are
 * checked.
 *
 *   fuzz_calls_KIND [--seconds N] [--seed N] [--steps N] [--keep DIR] [--stats] [SEED-FILE...]
 *
 * Each seed is a machine of its own in a process of its own. A failure prints its seed and how to
 * run it again; --keep also leaves it as a file in DIR. Files named are replayed: one
 * "seed steps" a line, '#' starts a comment. Exit status 1 if anything failed.
 */
#include "calls_gen.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *program, *keep_dir;
static uint64_t seed, max_steps = 4000;
static bool want_stats;

_Noreturn void complain(const char *fmt, ...)
{
    va_list args;
    fprintf(stderr, "\nfuzz: step %llu: ", (unsigned long long)steps_done);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fprintf(stderr, "\n");
    _exit(1);
}

static void print_stats(const char *end)
{
    printf("seed %llu: %llu steps, %s; calls that succeeded of those made:",
           (unsigned long long)seed, (unsigned long long)steps_done, end);
    for (uint32_t i = 0; i < EXO_CALL_MAX; i++)
        if (calls_done[i] != 0)
            printf(" %s %llu/%llu", model_call_name(i), (unsigned long long)calls_good[i],
                   (unsigned long long)calls_done[i]);
    printf("\n");
}

/* One machine's life. */
static void run_machine(void)
{
    rnd_seed(seed);
    struct host_config config = {.cores = 1 + below(3),
                                 .frames = 300 + below(200),
                                 .programs = 2 + below(3),
                                 .args = "a\0b",
                                 .args_len = 4,
                                 .argc = 2,
                                 .variant = below(2),
                                 .asid_bits = below(3) == 0 ? 2 : 0,
                                 .disk_kind = below(4),
                                 .nic_kind = below(4),
                                 .disk_depth = 1u << (1 + below(5))};
    if (config.nic_kind != 0) /* its tables */
        config.frames += 300;
    host_setup(&config);
    host_boot();
    if (host.panicked)
        complain("%s", host.message);
    model_start();
    while (steps_done < max_steps && !host.halted && !host.panicked) {
        uint32_t core = below(host.cores);
        if (host_running(core) != NULL)
            do_something(core);
        else if (host_disk_waiting() != 0 && below(2) == 0)
            play_disk_done();
        else if (!host_next_event() && host_disk_waiting() == 0)
            break;
        else
            steps_done++; /* idle cores may look again for ever */
        if (host.panicked || host.halted)
            break;
        model_sync();
    }
    if (host.panicked && strstr(host.message, "deadlock") == NULL)
        complain("kernel panic: %s", host.message);
    if (want_stats)
        print_stats(host.panicked ? host.message : host.halted ? "halted" : "still runs");
    fflush(stdout);
}

static bool run_seed(void)
{
    int status = 0;
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) {
        perror("fork");
        exit(2);
    }
    if (pid == 0) {
        alarm(120);
        run_machine();
        _exit(0);
    }
    waitpid(pid, &status, 0);
    if (status == 0)
        return true;
    fprintf(stderr, "fuzz: FAILED%s; again with: %s --seed %llu --steps %llu\n",
            WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? " (hangs)" : "", program,
            (unsigned long long)seed, (unsigned long long)max_steps);
    if (keep_dir != NULL) {
        char path[512];
        const char *kind[EXO_MMU_KINDS] = {
#define EXO_KIND_MMU(number, name, NAME) [EXO_MMU_##NAME] = #name,
#include <exo/kinds.def>
        };
        snprintf(path, sizeof path, "%s/calls-%s-%llu", keep_dir, kind[host_mmu_kind],
                 (unsigned long long)seed);
        FILE *f = fopen(path, "w");
        if (f != NULL) {
            fprintf(f, "%llu %llu\n", (unsigned long long)seed,
                    (unsigned long long)max_steps);
            fclose(f);
        }
    }
    return false;
}

static int replay(const char *path)
{
    char line[256];
    int failures = 0;
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        perror(path);
        return 1;
    }
    while (fgets(line, sizeof line, f) != NULL) {
        unsigned long long s, n;
        if (sscanf(line, "%llu %llu", &s, &n) != 2)
            continue;
        seed = s;
        max_steps = n;
        failures += !run_seed();
    }
    fclose(f);
    return failures;
}

static uint64_t number(int argc, char **argv, int *i)
{
    if (++*i >= argc) {
        fprintf(stderr, "%s: %s needs a value\n", argv[0], argv[*i - 1]);
        exit(2);
    }
    return strtoull(argv[*i], NULL, 0);
}

int main(int argc, char **argv)
{
    uint64_t seconds = 10, machines = 0;
    bool one = false, files = false;
    int failures = 0;
    program = argv[0];
    seed = 1;
    host_first_switch();
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--seconds") == 0)
            seconds = number(argc, argv, &i);
        else if (strcmp(argv[i], "--steps") == 0)
            max_steps = number(argc, argv, &i);
        else if (strcmp(argv[i], "--stats") == 0)
            want_stats = true;
        else if (strcmp(argv[i], "--keep") == 0 && i + 1 < argc)
            keep_dir = argv[++i];
        else if (strcmp(argv[i], "--seed") == 0) {
            seed = number(argc, argv, &i);
            one = true;
        } else if (argv[i][0] == '-') {
            fprintf(stderr,
                    "usage: %s [--seconds N] [--seed N] [--steps N] [--keep DIR] "
                    "[--stats] [SEED-FILE...]\n",
                    argv[0]);
            return 2;
        } else {
            failures += replay(argv[i]);
            files = true;
        }
    }
    if (files)
        return failures != 0;
    if (one)
        return !run_seed();
    time_t end = time(NULL) + (time_t)seconds;
    for (seed = 1; time(NULL) < end && failures < 5; seed++, machines++)
        failures += !run_seed();
    printf("%llu machines, seeds 1 to %llu, up to %llu steps each: %d failed\n",
           (unsigned long long)machines, (unsigned long long)machines,
           (unsigned long long)max_steps, failures);
    return failures != 0;
}
