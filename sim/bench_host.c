// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_host.c - measures of the simulator in host time and host memory: a system call, a refill,
 * fork, pipe, start, memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "data.h"

#define ROUNDS 3

static int slope(struct bench *b, const char *board, const char *program, unsigned few,
                 unsigned many, struct bench_cost *s, struct err *err)
{
    return bench_slope(b, board, NULL, program, (unsigned[]){few, many}, ROUNDS, s, err);
}

void bench_syscall(struct bench *b, const char *board)
{
    struct err err;
    struct bench_cost s;
    int rc = slope(b, board, "calls null", 1000, 201000, &s, &err);
    if (rc) {
        bench_failed(b, "syscall", board, rc, &err);
        return;
    }
    bench_put(b, "syscall", board, "null_call_host", s.ns, "ns", NAN);
    bench_put(b, "syscall", board, "null_call_instructions", s.instructions,
              "instructions", NAN);
    rc = slope(b, board, "calls saved", 1000, 101000, &s, &err);
    if (rc) {
        bench_failed(b, "syscall", board, rc, &err);
        return;
    }
    bench_put(b, "syscall", board, "saved_call_host", s.ns, "ns", NAN);
    bench_put(b, "syscall", board, "saved_call_instructions", s.instructions,
              "instructions", NAN);
}

void bench_refill(struct bench *b, const char *board)
{
    struct err err;
    struct bench_cost s;
    int rc = slope(b, board, "calls touch", 20, 220, &s, &err);
    if (rc == 0 && s.misses < 1)
        rc = err_set(&err, ERR_DEAD, "the program that should miss the TLB does not");
    if (rc) {
        bench_failed(b, "refill", board, rc, &err);
        return;
    }
    bench_put(b, "refill", board, "refills_per_second", s.misses / s.ns * 1e9, "1/s",
              NAN);
    bench_put(b, "refill", board, "refill_host", s.ns / s.misses, "ns", NAN);
    bench_put(b, "refill", board, "refill_cycles", s.cycles / s.misses, "cycles", NAN);
}

void bench_fork(struct bench *b, const char *board)
{
    struct err err;
    struct bench_cost s;
    int rc = slope(b, board, "procs fork", 10, 210, &s, &err);
    if (rc) {
        bench_failed(b, "fork", board, rc, &err);
        return;
    }
    bench_put(b, "fork", board, "fork_exit_wait_host", s.ns / 1000, "us", NAN);
    bench_put(b, "fork", board, "fork_exit_wait_cycles", s.cycles, "cycles", NAN);
}

void bench_pipe(struct bench *b, const char *board)
{
    static const char *const kinds[] = {"pipe", "shm", "lrpc"};
    static const unsigned many[] = {2100, 5100, 20100};
    for (unsigned i = 0; i < 3; i++) {
        struct err err;
        struct bench_cost s;
        char *program = mem_fmt("pipes %s", kinds[i]);
        char *host = mem_fmt("%s_round_trip_host", kinds[i]);
        char *cycles = mem_fmt("%s_round_trip_cycles", kinds[i]);
        int rc = slope(b, board, program, 100, many[i], &s, &err);
        if (rc) {
            bench_failed(b, "pipe", board, rc, &err);
        } else {
            bench_put(b, "pipe", board, host, s.ns / 1000, "us", NAN);
            bench_put(b, "pipe", board, cycles, s.cycles, "cycles", NAN);
        }
        free(program);
        free(host);
        free(cycles);
    }
}

/* ---- start ---- */

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* A new process: `exosim run -b BOARD wc`, its input empty. Time to the first byte of output. */
static int time_start(const char *board, double *ms, struct err *err)
{
    int fd[2];
    if (pipe2(fd, O_CLOEXEC) < 0)
        return err_set(err, ERR_USER, "no pipe: %s", strerror(errno));
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, fd[1], STDOUT_FILENO);
    char *argv[] = {"exosim", "run", "-b", (char *)(uintptr_t)board, "wc", NULL};
    uint64_t start = now_ns();
    pid_t pid;
    int rc = posix_spawn(&pid, "/proc/self/exe", &files, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    close(fd[1]);
    char byte;
    ssize_t got = 0;
    if (rc == 0) {
        got = read(fd[0], &byte, 1);
        *ms = (double)(now_ns() - start) / 1e6;
        while (read(fd[0], &byte, 1) > 0)
            ;
        int how;
        while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
            ;
    }
    close(fd[0]);
    if (rc)
        return err_set(err, ERR_USER, "exosim cannot be started again: %s", strerror(rc));
    return got == 1 ? 0 : err_set(err, ERR_DEAD, "wc wrote nothing");
}

void bench_start(struct bench *b, const char *board)
{
    struct err err;
    double best = INFINITY;
    for (unsigned i = 0; i < 5; i++) {
        double ms = 0;
        int rc = time_start(board, &ms, &err);
        if (rc) {
            bench_failed(b, "start", board, rc, &err);
            return;
        }
        best = fmin(best, ms);
    }
    bench_put(b, "start", board, "first_output", best, "ms", NAN);
}

/* ---- memory ---- */

/* Bytes of memory that only this process has. */
static double resident(void)
{
    FILE *f = fopen("/proc/self/smaps_rollup", "re");
    char line[200];
    unsigned long kib, sum = 0;
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "Private_Clean: %lu", &kib) == 1 ||
            sscanf(line, "Private_Dirty: %lu", &kib) == 1)
            sum += kib;
    if (f)
        fclose(f);
    return f ? (double)sum * 1024 : NAN;
}

/* In a child process of its own: what one machine added, after it ran, without its RAM. */
static double machine_bytes(struct bench *b, const char *board, struct err *err)
{
    char *argv[] = {"wc", NULL};
    struct option_program program = {.argv = argv, .argc = 1};
    struct options o = {.program = &program, .nprograms = 1};
    struct session s;
    double before = resident();
    if (session_open(&s, board, &o, b->models, b->calls, -1, NULL, err))
        return -1;
    session_run(&s);
    double after = resident() - (double)machine_resident_ram(s.machine);
    if (s.status) {
        err_set(err, ERR_DEAD, "wc ended with status %d", s.status);
        return -1;
    }
    return after - before;
}

void bench_memory(struct bench *b, const char *board)
{
    struct err err = {"the measuring process died"};
    int fd[2];
    double bytes = -1;
    if (pipe2(fd, O_CLOEXEC) == 0) {
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0) {
            struct {
                double bytes;
                struct err err;
            } answer;
            memset(&answer, 0, sizeof answer);
            answer.bytes = machine_bytes(b, board, &answer.err);
            ssize_t put = write(fd[1], &answer.bytes, sizeof answer.bytes);
            if (answer.bytes < 0)
                put += write(fd[1], &answer.err, sizeof answer.err);
            _exit(put <= 0);
        }
        close(fd[1]);
        if (read(fd[0], &bytes, sizeof bytes) == (ssize_t)sizeof bytes && bytes < 0 &&
            read(fd[0], &err, sizeof err) <= 0)
            bytes = -1;
        close(fd[0]);
        while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    if (bytes < 0)
        bench_failed(b, "memory", board, ERR_DEAD, &err);
    else
        bench_put(b, "memory", board, "beside_guest_ram", bytes / (1 << 20), "MiB", NAN);
}
