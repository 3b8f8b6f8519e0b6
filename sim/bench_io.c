// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_io.c - what files cost on each kind of disk: operations of 4096 bytes by the workload
 * diskbench on a file system of this program's making, and how fast the simulator does them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

#define BLOCK 4096
#define BLOCKS 2048 /* of the file: more than any cache has */

/* A folder with the file `data`, to be freed by remove_files(); NULL and errno. */
static char *make_files(void)
{
    char *folder = mem_str("/tmp/exosim-bench-XXXXXX");
    if (!mkdtemp(folder)) {
        free(folder);
        return NULL;
    }
    char *path = mem_fmt("%s/data", folder);
    FILE *f = fopen(path, "we");
    for (size_t i = 0; f && i < (size_t)BLOCK * BLOCKS; i++)
        putc((int)(i / BLOCK % 251), f);
    if (f)
        fclose(f);
    free(path);
    return folder;
}

static void remove_files(char *folder)
{
    char *path = mem_fmt("%s/data", folder);
    unlink(path);
    rmdir(folder);
    free(path);
    free(folder);
}

/* Through the disk's backend alone, on a blank disk. Reads are of blocks that the program wrote
 * before, so its own table says what they cost. */
static int raw(struct bench *b, const char *board, struct err *err)
{
    static const unsigned count[2] = {50, 250};
    static const char *const slopes[] = {"write", "flush"}, *const tables[] = {"read",
                                                                               "burst"};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < 2; i++) {
        char *program = mem_fmt("diskbench raw %s", slopes[i]);
        char *metric = mem_fmt("raw.%s", slopes[i]);
        struct bench_cost cost;
        rc = bench_slope(b, board, NULL, program, count, 3, &cost, err);
        if (rc == 0)
            bench_put_cost(b, "disk", board, metric, &cost);
        free(metric);
        free(program);
    }
    for (size_t i = 0; rc == 0 && i < 2; i++) {
        char *program = mem_fmt("diskbench raw %s 200", tables[i]);
        rc = bench_table(b, "disk", board, NULL, program, err);
        free(program);
    }
    return rc;
}

/* Through the file system. */
static int files(struct bench *b, const char *board, const char *folder, struct err *err)
{
    static const struct {
        const char *name;
        unsigned count[2];
    } ops[] = {{"read", {100, 900}},
               {"cached", {100, 1100}},
               {"write", {100, 900}},
               {"fsync", {10, 60}}};
    struct options o = {.root = (char *)(uintptr_t)folder, .disk_size = 64 << 20};
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        struct bench_cost cost;
        char *program = mem_fmt("diskbench file %s", ops[i].name);
        int rc = bench_slope(b, board, &o, program, ops[i].count, 3, &cost, err);
        free(program);
        if (rc)
            return rc;
        char *metric = mem_fmt("file.%s", ops[i].name);
        bench_put_cost(b, "disk", board, metric, &cost);
        free(metric);
        if (strcmp(ops[i].name, "read") == 0)
            bench_put(b, "disk", board, "file.read.rate", BLOCK / cost.ns * 1e3, "MB/s",
                      NAN);
    }
    return 0;
}

void bench_disk(struct bench *b, const char *board)
{
    struct err err;
    char *folder = make_files();
    int rc = folder ? raw(b, board, &err)
                    : err_set(&err, ERR_USER, "no folder in /tmp: %s", strerror(errno));
    if (rc == 0)
        rc = files(b, board, folder, &err);
    if (rc)
        bench_failed(b, "disk", board, rc, &err);
    if (folder)
        remove_files(folder);
}
