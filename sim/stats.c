// SPDX-License-Identifier: GPL-2.0-or-later
/* stats.c - statistics as JSON and as words. See stats.h. */
#include "stats.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

uint64_t stats_sum(const uint64_t *v, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i];
    return sum;
}

static json_t *number(uint64_t v)
{
    return json_integer((json_int_t)v);
}

static json_t *instructions(const struct hw_cpu_stats *c)
{
    json_t *o = json_object();
    json_object_set_new(o, "user", number(c->user));
    json_object_set_new(o, "libos", number(c->lib));
    json_object_set_new(o, "kernel", number(c->kernel));
    return o;
}

static json_t *traps(const struct hw_cpu_stats *c)
{
    json_t *o = json_object();
    for (unsigned k = 0; k < HW_CAUSE_COUNT; k++)
        if (c->traps[k])
            json_object_set_new(o, cause_name(k), number(c->traps[k]));
    return o;
}

static json_t *mmu(const struct hw_mmu_stats *s)
{
    json_t *o = json_object();
    json_object_set_new(o, "misses", number(s->misses));
    json_object_set_new(o, "walks", number(s->walks));
    json_object_set_new(o, "faults", number(s->faults));
    json_object_set_new(o, "inserts", number(s->inserts));
    json_object_set_new(o, "flushes", number(s->flushes));
    return o;
}

static json_t *calls(const struct machine_stats *s, const struct calls *names)
{
    json_t *o = json_object();
    for (unsigned i = 0; i < CALLS_MAX; i++) {
        if (!s->calls[i])
            continue;
        char unnamed[32];
        snprintf(unnamed, sizeof unnamed, "call_%u", i);
        const char *name = names ? calls_name(names, i) : NULL;
        json_object_set_new(o, name ? name : unnamed, number(s->calls[i]));
    }
    return o;
}

static json_t *disk(const struct machine_stats *s)
{
    json_t *o = json_object();
    json_object_set_new(o, "reads", number(s->disk.reads));
    json_object_set_new(o, "writes", number(s->disk.writes));
    json_object_set_new(o, "flushes", number(s->disk.flushes));
    json_object_set_new(o, "erases", number(s->disk.erases));
    json_object_set_new(o, "bytes", number(s->disk.bytes_read + s->disk.bytes_written));
    json_object_set_new(o, "bytes_read", number(s->disk.bytes_read));
    json_object_set_new(o, "bytes_written", number(s->disk.bytes_written));
    json_object_set_new(o, "errors", number(s->disk.errors));
    json_object_set_new(o, "medium_writes", number(s->store_writes));
    return o;
}

static json_t *nic(const struct machine_stats *s)
{
    json_t *o = json_object();
    json_object_set_new(o, "tx_frames", number(s->nic.tx_frames));
    json_object_set_new(o, "tx_bytes", number(s->nic.tx_bytes));
    json_object_set_new(o, "rx_frames", number(s->nic.rx_frames));
    json_object_set_new(o, "rx_bytes", number(s->nic.rx_bytes));
    json_object_set_new(o, "rx_dropped", number(s->nic.rx_dropped));
    json_object_set_new(o, "interrupts", number(s->nic.interrupts));
    json_object_set_new(o, "wire_lost", number(s->net.lost + s->net.overflow));
    json_object_set_new(o, "wire_duplicated", number(s->net.duplicated));
    json_object_set_new(o, "wire_reordered", number(s->net.reordered));
    json_object_set_new(o, "wire_corrupted", number(s->net.corrupted));
    return o;
}

static json_t *per_core(const struct machine *m)
{
    json_t *list = json_array();
    for (unsigned c = 0; c < machine_cores(m); c++) {
        struct hw_cpu_stats cpu;
        struct hw_mmu_stats mm;
        uint64_t cycles;
        machine_core_stats(m, c, &cpu, &mm, &cycles);
        json_t *o = json_object();
        json_object_set_new(o, "cycles", number(cycles));
        json_object_set_new(o, "instructions", instructions(&cpu));
        json_object_set_new(o, "traps", traps(&cpu));
        json_object_set_new(o, "mmu", mmu(&mm));
        json_array_append_new(list, o);
    }
    return list;
}

json_t *stats_json(const struct machine *m, const struct machine_stats *s, int status)
{
    const struct machine_setup *setup = machine_setup_of(m);
    const struct board *b = setup->board;
    char hash[32];
    snprintf(hash, sizeof hash, "%016" PRIx64, s->trace_hash);
    json_t *o = json_object();
    json_object_set_new(o, "board", json_string(b->name));
    json_object_set_new(o, "isa", json_string(board_cpu(b)->elf_name));
    json_object_set_new(o, "mmu_kind", json_string(mmu_kind_name(board_mmu(b)->kind)));
    json_object_set_new(o, "status", json_integer(status));
    json_object_set_new(o, "cycles", number(s->cycles));
    json_object_set_new(o, "clock_hz", number(b->clock_hz));
    json_object_set_new(o, "instructions", instructions(&s->cpu));
    json_object_set_new(o, "traps", traps(&s->cpu));
    json_object_set_new(o, "exo_calls", calls(s, setup->calls));
    json_object_set_new(o, "mmu", mmu(&s->mmu));
    json_object_set_new(o, "disk", disk(s));
    json_object_set_new(o, "nic", nic(s));
    json_object_set_new(o, "console_bytes", number(s->console_bytes));
    json_object_set_new(o, "cores", per_core(m));
    json_object_set_new(o, "trace_records", number(s->trace_records));
    json_object_set_new(o, "trace_hash", json_string(hash));
    return o;
}

int stats_write(const json_t *json, const char *path, struct err *err)
{
    FILE *f = fopen(path, "we");
    if (!f)
        return err_set(err, ERR_USER, "%s: %s", path, strerror(errno));
    errno = 0;
    int bad = json_dumpf(json, f, JSON_INDENT(2)) || fputc('\n', f) == EOF;
    bad |= fclose(f) != 0;
    if (bad)
        return err_set(err, ERR_USER, "%s: %s", path, strerror(errno ? errno : EIO));
    return 0;
}

void stats_words(const struct machine *m, const struct machine_stats *s, FILE *to)
{
    const struct machine_setup *setup = machine_setup_of(m);
    const struct board *b = setup->board;
    const struct hw_cpu_stats *c = &s->cpu;
    fprintf(to, "exosim: board %s (%s, %s)\n", b->name, board_cpu(b)->elf_name,
            mmu_kind_name(board_mmu(b)->kind));
    fprintf(to, "  cycles        %" PRIu64 "\n", s->cycles);
    fprintf(to,
            "  instructions  user %" PRIu64 ", library %" PRIu64 ", kernel %" PRIu64 "\n",
            c->user, c->lib, c->kernel);
    fprintf(to, "  traps         %" PRIu64, stats_sum(c->traps, HW_CAUSE_COUNT));
    for (unsigned k = 0; k < HW_CAUSE_COUNT; k++)
        if (c->traps[k])
            fprintf(to, ", %s %" PRIu64, cause_name(k), c->traps[k]);
    fprintf(to,
            "\n  mmu           misses %" PRIu64 ", walks %" PRIu64 ", faults %" PRIu64
            ", inserts %" PRIu64 ", flushes %" PRIu64 "\n",
            s->mmu.misses, s->mmu.walks, s->mmu.faults, s->mmu.inserts, s->mmu.flushes);
    fprintf(to, "  exo calls     %" PRIu64, stats_sum(s->calls, CALLS_MAX));
    for (unsigned i = 0; i < CALLS_MAX; i++) {
        const char *name = setup->calls ? calls_name(setup->calls, i) : NULL;
        if (s->calls[i] && name)
            fprintf(to, ", %s %" PRIu64, name, s->calls[i]);
        else if (s->calls[i])
            fprintf(to, ", call_%u %" PRIu64, i, s->calls[i]);
    }
    fprintf(to, "\n");
    if (b->disk >= 0)
        fprintf(to,
                "  disk          reads %" PRIu64 ", writes %" PRIu64 ", flushes %" PRIu64
                ", erases %" PRIu64 ", bytes read %" PRIu64 ", written %" PRIu64
                ", errors %" PRIu64 "; writes to the medium %" PRIu64 "\n",
                s->disk.reads, s->disk.writes, s->disk.flushes, s->disk.erases,
                s->disk.bytes_read, s->disk.bytes_written, s->disk.errors,
                s->store_writes);
    if (b->nic >= 0)
        fprintf(to,
                "  nic           sent %" PRIu64 " frames, %" PRIu64
                " bytes; received %" PRIu64 " frames, %" PRIu64 " bytes; dropped %" PRIu64
                "; interrupts %" PRIu64 "\n",
                s->nic.tx_frames, s->nic.tx_bytes, s->nic.rx_frames, s->nic.rx_bytes,
                s->nic.rx_dropped, s->nic.interrupts);
    if (s->net.lost | s->net.overflow | s->net.duplicated | s->net.reordered |
        s->net.corrupted)
        fprintf(to,
                "  wire          lost %" PRIu64 ", duplicated %" PRIu64
                ", reordered %" PRIu64 ", corrupted %" PRIu64 "\n",
                s->net.lost + s->net.overflow, s->net.duplicated, s->net.reordered,
                s->net.corrupted);
    fprintf(to, "  trace         %" PRIu64 " records, hash %016" PRIx64 "\n",
            s->trace_records, s->trace_hash);
}
