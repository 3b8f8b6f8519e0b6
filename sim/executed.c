// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * executed.c - many conformance runs in worker processes, and sums of one. Workers take chunks of
 * the list from a shared counter and write results, as bytes of this very program's structures, into
 * a memory file each, which the parent reads when they are done. See executed.h.
 */
#include "executed.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHUNK 8u /* runs a worker takes at a time, of one board */
#define WORKERS 16u

const char *const profile_part_names[PROFILE_PARTS] = {"application", "library",
                                                       "kernel"};

/* ---- sums ---- */

uint64_t executed_part(const struct executed *e, enum profile_part part)
{
    uint64_t sum = 0;
    for (unsigned c = 0; c < COST_CLASSES; c++)
        sum += e->instructions[part][c];
    return sum;
}

uint64_t executed_class(const struct executed *e, enum cost_class class_)
{
    uint64_t sum = 0;
    for (unsigned p = 0; p < PROFILE_PARTS; p++)
        sum += e->instructions[p][class_];
    return sum;
}

uint64_t executed_total(const struct executed *e)
{
    uint64_t sum = 0;
    for (unsigned p = 0; p < PROFILE_PARTS; p++)
        sum += executed_part(e, p);
    return sum;
}

uint64_t executed_dependent(const struct executed *e)
{
    return executed_total(e) - executed_class(e, COST_GENERIC);
}

uint64_t executed_copied(const struct executed *e)
{
    return e->copied_code + e->copied_disk + e->copied_nic;
}

void executed_free(struct executed *e)
{
    free(e->why);
    free(e->function);
    free(e->line);
    free(e->stray);
    *e = (struct executed){0};
}

/* ---- results as bytes ---- */

struct item { /* what precedes a result */
    uint64_t index, why, stray;
    struct executed plain; /* pointers mean nothing */
};

static void put(FILE *f, size_t index, const struct executed *e)
{
    struct item item = {index, strlen(e->why), strlen(e->stray), *e};
    fwrite(&item, sizeof item, 1, f);
    fwrite(e->why, 1, item.why, f);
    fwrite(e->stray, 1, item.stray, f);
    fwrite(e->function, sizeof *e->function, e->nfunctions, f);
    fwrite(e->line, sizeof *e->line, e->nlines, f);
}

/* n elements of a size, a zero behind them; NULL: they are not there. */
static void *get_array(FILE *f, size_t n, size_t size)
{
    char *to = mem_zero(n + 1, size);
    if (fread(to, size, n, f) == n)
        return to;
    free(to);
    return NULL;
}

/* False: the end, or cut off. */
static bool get(FILE *f, size_t n, struct executed *out)
{
    struct item item;
    if (fread(&item, sizeof item, 1, f) != 1 || item.index >= n)
        return false;
    struct executed *e = &out[item.index];
    *e = item.plain;
    e->why = get_array(f, item.why, 1);
    e->stray = get_array(f, item.stray, 1);
    e->function = get_array(f, e->nfunctions, sizeof *e->function);
    e->line = get_array(f, e->nlines, sizeof *e->line);
    return e->why && e->stray && e->function && e->line;
}

/* ---- workers ---- */

struct work {
    struct conform *conform;
    const struct cost *cost;
    const size_t *api;
    size_t n, boards;
    _Atomic size_t *next; /* chunk, shared by all processes */
    size_t chunks;        /* of a board */
};

static int work_chunk(const struct work *w, size_t chunk, struct executed_rig **rig,
                      FILE *to, struct err *err)
{
    size_t board = chunk / w->chunks, first = chunk % w->chunks * CHUNK;
    int rc =
        rig[board] ? 0 : executed_rig_open(w->conform, w->cost, board, &rig[board], err);
    for (size_t i = first; rc == 0 && i < w->n && i < first + CHUNK; i++) {
        struct executed e;
        executed_run(rig[board], w->api[i], &e);
        put(to, board * w->n + i, &e);
        executed_free(&e);
    }
    return rc;
}

/* A worker process: its exit status. Its last words, if it fails, are in the file. */
static int work(const struct work *w, FILE *to)
{
    struct executed_rig **rig = mem_zero(w->boards, sizeof *rig);
    struct err err;
    int rc = 0;
    size_t chunk;
    while (rc == 0 && (chunk = atomic_fetch_add(w->next, 1)) < w->chunks * w->boards)
        rc = work_chunk(w, chunk, rig, to, &err);
    for (size_t i = 0; i < w->boards; i++)
        executed_rig_close(rig[i]);
    free(rig);
    if (rc)
        say("%s", err.msg);
    return rc ? 1 : fflush(to) == 0 && !ferror(to) ? 0 : 2;
}

static int wait_for(pid_t pid, struct err *err)
{
    int how;
    while (waitpid(pid, &how, 0) < 0)
        if (errno != EINTR)
            return err_set(err, ERR_USER, "cannot wait for a worker process: %s",
                           strerror(errno));
    if (WIFSIGNALED(how))
        return err_set(err, ERR_USER, "a worker process was killed by signal %d",
                       WTERMSIG(how));
    if (WEXITSTATUS(how) == 2)
        return err_set(err, ERR_USER, "a worker process could not write its results");
    return WEXITSTATUS(how)
               ? err_set(err, ERR_USER, "the conformance runs cannot be made")
               : 0;
}

/* All workers, from start to end; their results are in file[]. */
static int run_workers(const struct work *w, unsigned n, FILE **file, struct err *err)
{
    pid_t pid[WORKERS];
    unsigned started = 0;
    int rc = 0;
    fflush(NULL); /* or children would say again what is in the buffers */
    for (; started < n; started++) {
        int fd = memfd_create("results", MFD_CLOEXEC);
        file[started] = fd < 0 ? NULL : fdopen(fd, "w+");
        pid[started] = file[started] ? fork() : -1;
        if (pid[started] == 0)
            _exit(work(w, file[started]));
        if (pid[started] < 0)
            break;
    }
    if (started == 0)
        rc = err_set(err, ERR_USER, "cannot start a worker process: %s", strerror(errno));
    for (unsigned i = 0; i < started; i++) {
        struct err also;
        if (wait_for(pid[i], rc ? &also : err) && rc == 0)
            rc = ERR_USER;
    }
    return rc;
}

static int collect(const struct work *w, unsigned workers, FILE **file,
                   struct executed *out, struct err *err)
{
    for (unsigned i = 0; i < workers; i++)
        if (file[i]) {
            rewind(file[i]);
            while (get(file[i], w->n * w->boards, out))
                ;
        }
    for (size_t i = 0; i < w->n * w->boards; i++)
        if (!out[i].line)
            return err_set(err, ERR_USER, "a worker process lost the result of a run");
    return 0;
}

int executed_all(struct conform *conform, const struct cost *cost, const size_t *api,
                 size_t n, struct executed *out, struct err *err)
{
    size_t boards = cost_boards(cost), chunks = (n + CHUNK - 1) / CHUNK;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned workers = processors < 1               ? 1
                       : processors > (long)WORKERS ? WORKERS
                                                    : (unsigned)processors;
    FILE *file[WORKERS] = {0};
    void *shared = mmap(NULL, sizeof(size_t), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return err_set(err, ERR_USER, "cannot share memory with worker processes: %s",
                       strerror(errno));
    const struct work w = {conform, cost, api, n, boards, shared, chunks};
    struct conform_case *list = mem_zero(boards * n, sizeof *list);
    for (size_t i = 0; i < boards * n; i++)
        list[i] = (struct conform_case){.board = i / n, .api = api[i % n]};
    int rc = conform_prepare(conform, list, boards * n, err);
    if (rc == 0)
        rc = run_workers(&w, workers, file, err);
    if (rc == 0)
        rc = collect(&w, workers, file, out, err);
    for (unsigned i = 0; i < workers; i++)
        if (file[i])
            fclose(file[i]);
    munmap(shared, sizeof(size_t));
    free(list);
    return rc;
}
