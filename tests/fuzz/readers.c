// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * readers.c - readers SECONDS TRACE RECORD: damaged copies of a snapshot, a trace and a record go
 * through their readers, which must refuse them or read them, and never crash. A snapshot's and a
 * record's hash would stop nearly all: half of the snapshots get the right hash for what they hold.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

#include "cmd.h"
#include "data.h"
#include "hash.h"
#include "record.h"
#include "snapshot.h"
#include "trace_file.h"

static uint64_t state = 1;
static unsigned long taken, refused;

static uint64_t below(uint64_t n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (state >> 20) % n;
}

struct blob {
    uint8_t *at;
    size_t n;
};

static struct blob read_blob(const char *path)
{
    struct blob b = {NULL, 0};
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0) {
        perror(path);
        exit(2);
    }
    b.n = (size_t)ftell(f);
    rewind(f);
    b.at = malloc(b.n + 1);
    if (!b.at || fread(b.at, 1, b.n, f) != b.n)
        exit(2);
    fclose(f);
    return b;
}

/* A copy with a few changes. */
static struct blob damage(const struct blob *from)
{
    struct blob b = {malloc(from->n + 64), from->n};
    memcpy(b.at, from->at, from->n);
    for (uint64_t i = 0, n = 1 + below(6); i < n && b.n > 0; i++) {
        size_t at = (size_t)below(below(2) ? b.n : b.n < 512 ? b.n : 512);
        switch (below(4)) {
        case 0: b.at[at] = (uint8_t)below(256); break;
        case 1: b.at[at] ^= (uint8_t)(1u << below(8)); break;
        case 2:
            memset(b.at + at, below(2) ? 0xff : 0, b.n - at < 8 ? b.n - at : 8);
            break;
        default:
            if (below(8) == 0)
                b.n = at;
        }
    }
    return b;
}

static void write_blob(const char *path, const struct blob *b)
{
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(b->at, 1, b->n, f) != b->n || fclose(f) != 0)
        exit(2);
}

static void count(int rc)
{
    if (rc)
        refused++;
    else
        taken++;
}

/* Unpacked, damaged, packed and hashed again: past the hash, to the parts behind it. */
static struct blob forge(const struct blob *file)
{
    struct blob inner = {NULL, 0}, b;
    unsigned long long size = ZSTD_getFrameContentSize(file->at + 24, file->n - 24);
    inner.at = malloc(size);
    inner.n = ZSTD_decompress(inner.at, size, file->at + 24, file->n - 24);
    b = damage(&inner);
    struct blob out = {malloc(24 + ZSTD_compressBound(b.n)), 0};
    memcpy(out.at, file->at, 8);
    uint64_t n = ZSTD_compress(out.at + 24, ZSTD_compressBound(b.n), b.at, b.n, 1);
    uint64_t hash = hash_bytes(HASH_START, out.at + 24, n);
    memcpy(out.at + 8, &n, 8);
    memcpy(out.at + 16, &hash, 8);
    out.n = 24 + n;
    free(inner.at);
    free(b.at);
    return out;
}

static void snapshot(struct machine *m, const struct blob *good, const char *path)
{
    struct snapshot_pool pool = {0};
    struct snapshot *s;
    struct err err;
    struct blob b = below(2) ? forge(good) : damage(good);
    write_blob(path, &b);
    int rc = snapshot_load(m, "fuzz", path, &pool, &s, &err);
    count(rc);
    if (rc == 0) {
        count(snapshot_restore(m, s, &err));
        snapshot_free(s);
    }
    free(b.at);
}

static void trace(const struct blob *good, const char *path)
{
    struct blob b = damage(good);
    struct trace_file f;
    struct err err;
    char text[32];
    write_blob(path, &b);
    int rc = trace_file_open(&f, path, &err);
    count(rc);
    for (size_t i = 0; rc == 0 && i < f.n; i++)
        if (f.record[i].event == HW_EV_CALL)
            (void)trace_file_call(&f, f.record[i].a, text);
    if (rc == 0)
        trace_file_close(&f);
    free(b.at);
}

static void record(const struct blob *good)
{
    struct blob b = damage(good);
    struct record *r;
    struct err err;
    int rc = record_parse(b.at, b.n, "fuzz", "machine\n", &r, &err);
    count(rc);
    if (rc == 0)
        record_close(r);
}

static int make_machine(struct session *s, struct registry *models, struct calls *calls)
{
    static char *argv[] = {"life"};
    static struct option_program p = {argv, 1};
    static struct options o = {.program = &p, .nprograms = 1};
    struct err err;
    char *tsv = data_path("guest/calls.tsv");
    int rc = cmd_models_open(models, &o, &err);
    if (rc == 0)
        rc = calls_read(calls, tsv, &err);
    if (rc == 0)
        rc = session_open(s, "riscv", &o, models, calls, -1, NULL, &err);
    free(tsv);
    if (rc)
        fprintf(stderr, "%s\n", err.msg);
    return rc;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: readers SECONDS TRACE RECORD\n");
        return 2;
    }
    struct registry models = {0};
    struct calls calls;
    struct session s;
    struct err err;
    struct snapshot_pool pool = {0};
    char path[64];
    if (make_machine(&s, &models, &calls))
        return 2;
    struct machine_until u = MACHINE_UNTIL_END;
    struct machine_outcome out;
    u.record = 200;
    machine_advance(s.machine, &u, &out);
    struct snapshot *snap = snapshot_take(s.machine, NULL, &pool);
    snprintf(path, sizeof path, "/tmp/exosim-readers-%ld", (long)getpid());
    if (snapshot_save(snap, "fuzz", path, &err))
        return 2;
    struct blob good = read_blob(path), tr = read_blob(argv[2]), rec = read_blob(argv[3]);
    time_t until = time(NULL) + atoi(argv[1]);
    while (time(NULL) < until) {
        snapshot(s.machine, &good, path);
        for (int i = 0; i < 10; i++) {
            trace(&tr, path);
            record(&rec);
        }
    }
    unlink(path);
    printf("%lu taken, %lu refused\n", taken, refused);
    snapshot_free(snap);
    session_close(&s, &err);
    calls_free(&calls);
    registry_free(&models);
    free(good.at);
    free(tr.at);
    free(rec.at);
    return taken > 0 && refused > 0 ? 0 : 1;
}
