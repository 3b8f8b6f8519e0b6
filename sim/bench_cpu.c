// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_cpu.c - `bench cpu`: programs that only compute, on the machine and in a plain engine.
 *
 * The programs are those of DATA/guest/<isa>/bench.list: "NAME ROUNDS" a line. In the machine the
 * program runs as any other (kernel boot and all); in the plain engine (hw_cpu_ops.baseline) its
 * function bench_call(ROUNDS), which ends in a system call, runs alone, without hooks or models.
 * The two take turns, the fastest of each counts, and the checksums must agree.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "data.h"
#include "symbols.h"

#define ROUNDS 3
#define BASELINE_STACK UINT64_C(0x7ff00000)

struct image_bytes {
    struct hw_baseline base;
    uint8_t *bytes[8];
};

static void image_free(struct image_bytes *ib)
{
    for (unsigned i = 0; i < 8; i++)
        free(ib->bytes[i]);
}

/* The program as the plain engine wants it. */
static int image_load(struct image_bytes *ib, const char *path,
                      const struct hw_cpu_ops *cpu, uint64_t arg, struct err *err)
{
    struct image im;
    int rc = image_open(&im, path, cpu, err);
    if (rc)
        return rc;
    *ib = (struct image_bytes){.base = {.sp = BASELINE_STACK, .arg = arg}};
    ib->base.entry = symbols_address(path, "bench_call");
    if (!ib->base.entry)
        rc = err_set(err, ERR_USER, "%s has no function bench_call", path);
    for (unsigned i = 0; rc == 0 && i < im.nseg && i < 8; i++) {
        const struct image_segment *s = &im.seg[i];
        ib->bytes[i] = mem_zero(1, s->file_size + 1);
        rc = image_read(&im, s->offset, ib->bytes[i], s->file_size, err);
        ib->base.segment[i].va = s->va;
        ib->base.segment[i].file_size = s->file_size;
        ib->base.segment[i].mem_size = s->mem_size;
        ib->base.segment[i].bytes = ib->bytes[i];
        ib->base.nsegments++;
    }
    image_close(&im);
    if (rc)
        image_free(ib);
    return rc;
}

struct pair {
    double machine, plain; /* seconds */
    uint64_t instructions; /* of the program and its library */
};

/* "NAME ROUNDS CHECKSUM" */
static bool same_checksum(const char *out, uint64_t result)
{
    const char *last = strrchr(out, ' ');
    return last && strtoul(last, NULL, 16) == (result & UINT32_MAX);
}

static int measure(struct bench *b, const char *board, const struct hw_cpu_ops *cpu,
                   char *name, char *rounds, struct pair *p, struct err *err)
{
    struct image_bytes ib;
    char *argv[] = {name, rounds, NULL};
    char *path = data_path("guest/%s/%s", cpu->elf_name, name);
    int rc = image_load(&ib, path, cpu, strtoull(rounds, NULL, 0), err);
    free(path);
    if (rc)
        return rc;
    *p = (struct pair){INFINITY, INFINITY, 0};
    for (unsigned i = 0; rc == 0 && i < ROUNDS; i++) {
        struct bench_run r;
        struct hw_err why = {""};
        uint64_t ns, result;
        rc = bench_program(b, board, NULL, argv, 2, &r, err);
        if (rc)
            break;
        if (cpu->baseline(&ib.base, &ns, &result, &why))
            rc = err_set(err, ERR_USER, "%s: %.255s", name, why.msg);
        else if (!same_checksum(r.out, result))
            rc = err_set(err, ERR_DEAD,
                         "%s: checksum %08" PRIx64 " in the plain engine, on the "
                         "board: %s",
                         name, result & UINT32_MAX, r.out);
        else {
            p->machine = fmin(p->machine, (double)r.run_ns / 1e9);
            p->plain = fmin(p->plain, (double)ns / 1e9);
            p->instructions = r.stats.cpu.user + r.stats.cpu.lib;
        }
        free(r.out);
    }
    image_free(&ib);
    return rc;
}

void bench_cpu(struct bench *b, const char *board)
{
    struct err err;
    struct board *bd;
    int rc = board_open(board, b->models, &bd, &err);
    if (rc) {
        bench_failed(b, "cpu", board, rc, &err);
        return;
    }
    const struct hw_cpu_ops *cpu = board_cpu(bd);
    board_free(bd);
    if (!cpu->baseline) {
        bench_failed(b, "cpu", board,
                     err_set(&err, ERR_USER, "its cpu model has no baseline()"), &err);
        return;
    }
    char *file = data_path("guest/%s/bench.list", cpu->elf_name);
    size_t n;
    char **line = data_lines(file, &n);
    double logs = 0, plain_logs = 0;
    unsigned done = 0;
    for (size_t i = 0; i < n; i++) {
        struct pair p = {0};
        char *rounds = line[i], *name = strsep(&rounds, " ");
        if (!rounds)
            rc = err_set(&err, ERR_USER, "%s: '%s', expected NAME ROUNDS", file, name);
        else
            rc = measure(b, board, cpu, name, rounds, &p, &err);
        if (rc) {
            bench_failed(b, "cpu", board, rc, &err);
            continue;
        }
        double mips = (double)p.instructions / p.machine / 1e6;
        double plain = (double)p.instructions / p.plain / 1e6;
        char *metric = mem_fmt("mips_%s", name);
        bench_put(b, "cpu", board, metric, mips, "M/s", plain);
        free(metric);
        logs += log(mips);
        plain_logs += log(plain);
        done++;
    }
    if (done)
        bench_put(b, "cpu", board, "mips", exp(logs / done), "M/s",
                  exp(plain_logs / done));
    else if (!n)
        bench_failed(
            b, "cpu", board,
            err_set(&err, ERR_USER, "%s is not there or empty: is it built?", file),
            &err);
    free(line);
    free(file);
}
