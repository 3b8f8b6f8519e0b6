// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * export_vcd.c - see export.h. Identifiers: e, k, i + core for environment, kernel mode and idle; l +
 * line; d for requests at the disk; c for the console's last byte. Times in picoseconds.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "export.h"

#define LINES 32u
#define CORES 64u

struct wave {
    const struct trace_file *f;
    FILE *out;
    uint64_t at; /* picoseconds written last */
    bool any;
    uint32_t requests;
};

static void at(struct wave *w, uint64_t cycle)
{
    uint64_t ps = trace_file_ps(w->f, cycle);
    if (w->any && ps == w->at)
        return;
    fprintf(w->out, "#%" PRIu64 "\n", ps);
    w->at = ps;
    w->any = true;
}

static void vector(struct wave *w, uint64_t value, unsigned bits, const char *id,
                   unsigned n)
{
    fputc('b', w->out);
    for (unsigned i = bits; i-- > 0;)
        fputc('0' + (int)(value >> i & 1), w->out);
    fprintf(w->out, " %s%u\n", id, n);
}

static void bit(struct wave *w, bool value, const char *id, unsigned n)
{
    fprintf(w->out, "%d%s%u\n", value, id, n);
}

static void declare(const struct trace_file *f, FILE *out)
{
    fprintf(out,
            "$version exosim $end\n$timescale 1ps $end\n$scope module machine $end\n");
    for (unsigned c = 0; c < f->head.cores; c++)
        fprintf(out,
                "$scope module core%u $end\n$var wire 16 e%u environment $end\n"
                "$var wire 1 k%u kernel $end\n$var wire 1 i%u idle $end\n$upscope $end\n",
                c, c, c, c);
    for (unsigned l = 0; l < LINES; l++)
        fprintf(out, "$var wire 1 l%u line%u $end\n", l, l);
    fprintf(out, "$var wire 16 d0 disk_requests $end\n$var wire 8 c0 console $end\n"
                 "$upscope $end\n$enddefinitions $end\n");
}

static void start_values(struct wave *w)
{
    fprintf(w->out, "#0\n$dumpvars\n");
    w->any = true;
    for (unsigned c = 0; c < w->f->head.cores; c++) {
        vector(w, 0, 16, "e", c);
        bit(w, true, "k", c);
        bit(w, false, "i", c);
    }
    for (unsigned l = 0; l < LINES; l++)
        bit(w, false, "l", l);
    vector(w, 0, 16, "d", 0);
    vector(w, 0, 8, "c", 0);
    fprintf(w->out, "$end\n");
}

static void on_record(struct wave *w, const struct hw_trace_record *r)
{
    bool of_core = r->core < w->f->head.cores;
    switch (r->event) {
    case HW_EV_CONTEXT:
        if (of_core) {
            at(w, r->cycle);
            vector(w, r->b, 16, "e", r->core);
        }
        break;
    case HW_EV_TRAP:
    case HW_EV_RETURN:
        if (of_core) {
            at(w, r->cycle);
            bit(w, r->event == HW_EV_TRAP, "k", r->core);
        }
        break;
    case HW_EV_WAIT:
        if (of_core) {
            at(w, r->cycle);
            bit(w, r->a != 0, "i", r->core);
        }
        break;
    case HW_EV_IRQ:
        if (r->a < LINES && (r->b >> 8) <= 1) { /* of a banked line: core 0's */
            at(w, r->cycle);
            bit(w, r->b & 1, "l", (unsigned)r->a);
        }
        break;
    case HW_EV_DISK_START:
    case HW_EV_DISK_DONE:
        w->requests += r->event == HW_EV_DISK_START ? 1
                       : w->requests > 0            ? UINT32_MAX
                                                    : 0;
        at(w, r->cycle);
        vector(w, w->requests, 16, "d", 0);
        break;
    case HW_EV_CONSOLE:
        at(w, r->cycle);
        vector(w, r->a, 8, "c", 0);
        break;
    default: break;
    }
}

void export_vcd(const struct trace_file *f, FILE *out)
{
    struct wave w = {.f = f, .out = out};
    const struct hw_trace_record **r = export_sorted(f);
    declare(f, out);
    start_values(&w);
    for (size_t i = 0; i < f->n; i++)
        on_record(&w, r[i]);
    free(r);
}
