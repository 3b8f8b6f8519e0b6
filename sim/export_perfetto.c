// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * export_perfetto.c - see export.h. Tracks, as process and thread:
 *
 *   1 cores         2k+1: the environment on core k      2k+2: the kernel on it (traps)
 *   2 environments  number: exokernel calls, and what happens to it as instants
 *   3 devices       1: disk requests (asynchronous, they overlap)  2: network  3+: interrupt lines
 *
 * Slices of one track never overlap but for nesting: a slice ends before the next one of its kind
 * begins.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "export.h"

#define ENVS 256u
#define CORES 64u
#define GUEST(n) (HW_EV_GUEST + (n))

enum process { CORE = 1, ENVIRONMENT = 2, DEVICE = 3 };
enum device_track { DISK = 1, NIC = 2, LINES = 3 };

struct open_slice {
    bool is;
    uint64_t from; /* cycle */
    char name[64];
};

struct writer {
    const struct trace_file *f;
    FILE *out;
    bool first;
    struct open_slice core[CORES], kernel[CORES], call[ENVS];
    bool known[ENVS];
    uint64_t requests; /* of the disk, for their identity */
    uint64_t end;
};

/* Microseconds with six digits: picoseconds. */
static void time_of(struct writer *w, const char *key, uint64_t ps)
{
    fprintf(w->out, ",\"%s\":%" PRIu64 ".%06" PRIu64, key, ps / 1000000, ps % 1000000);
}

static void begin(struct writer *w, char phase, unsigned pid, unsigned tid,
                  const char *name)
{
    fprintf(w->out, "%s\n{\"ph\":\"%c\",\"pid\":%u,\"tid\":%u,\"name\":\"%s\"",
            w->first ? "" : ",", phase, pid, tid, name);
    w->first = false;
}

static void slice(struct writer *w, unsigned pid, unsigned tid, struct open_slice *s,
                  uint64_t to)
{
    if (!s->is)
        return;
    uint64_t from_ps = trace_file_ps(w->f, s->from), to_ps = trace_file_ps(w->f, to);
    begin(w, 'X', pid, tid, s->name);
    time_of(w, "ts", from_ps);
    time_of(w, "dur", to_ps - from_ps);
    fputs("}", w->out);
    s->is = false;
}

static void open_at(struct open_slice *s, uint64_t cycle)
{
    s->is = true;
    s->from = cycle;
}

static void instant(struct writer *w, unsigned pid, unsigned tid,
                    const struct hw_trace_record *r)
{
    begin(w, 'i', pid, tid, trace_event_name(r->event));
    time_of(w, "ts", trace_file_ps(w->f, r->cycle));
    fprintf(w->out,
            ",\"s\":\"t\",\"args\":{\"a\":\"0x%" PRIx64 "\",\"b\":\"0x%" PRIx64 "\"}}",
            r->a, r->b);
}

static void name_track(struct writer *w, unsigned pid, unsigned tid, const char *fmt,
                       unsigned n)
{
    begin(w, 'M', pid, tid, "thread_name");
    fputs(",\"args\":{\"name\":\"", w->out);
    fprintf(w->out, fmt, n);
    fputs("\"}}", w->out);
}

static void name_process(struct writer *w, unsigned pid, const char *name)
{
    begin(w, 'M', pid, 0, "process_name");
    fprintf(w->out, ",\"args\":{\"name\":\"%s\"}}", name);
}

/* ---- records ---- */

static void on_context(struct writer *w, const struct hw_trace_record *r)
{
    struct open_slice *s = &w->core[r->core];
    slice(w, CORE, 2u * r->core + 1, s, r->cycle);
    if (r->b == 0)
        return;
    open_at(s, r->cycle);
    snprintf(s->name, sizeof s->name, "environment %" PRIu64, r->b);
}

static void on_trap(struct writer *w, const struct hw_trace_record *r)
{
    struct open_slice *s = &w->kernel[r->core];
    slice(w, CORE, 2u * r->core + 2, s, r->cycle);
    open_at(s, r->cycle);
    snprintf(s->name, sizeof s->name, "%s", cause_name((uint32_t)r->a));
}

static void on_call(struct writer *w, const struct hw_trace_record *r)
{
    char text[32];
    const char *name = trace_file_call(w->f, r->a, text);
    struct open_slice *k = &w->kernel[r->core];
    if (k->is)
        snprintf(k->name, sizeof k->name, "%s", name);
    if (r->env >= ENVS)
        return;
    struct open_slice *s = &w->call[r->env];
    slice(w, ENVIRONMENT, r->env, s, r->cycle);
    open_at(s, r->cycle);
    snprintf(s->name, sizeof s->name, "%s", name);
}

static void on_disk(struct writer *w, const struct hw_trace_record *r)
{
    static const char *const ops[] = {"?", "read", "write", "flush", "erase"};
    uint64_t op = r->b >> 32 & 0xff;
    begin(w, r->event == HW_EV_DISK_START ? 'b' : 'e', DEVICE, DISK,
          op < sizeof ops / sizeof *ops ? ops[op] : "?");
    time_of(w, "ts", trace_file_ps(w->f, r->cycle));
    /* a request is known by what it asks for */
    fprintf(w->out, ",\"cat\":\"disk\",\"id\":\"%" PRIx64 ".%" PRIx64 "\"}", r->a,
            r->b & UINT64_C(0xffffffffff));
}

static void on_line(struct writer *w, const struct hw_trace_record *r)
{
    char name[48];
    uint64_t core = r->b >> 8;
    if (core)
        snprintf(name, sizeof name, "line %" PRIu64 " of core %" PRIu64, r->a, core - 1);
    else
        snprintf(name, sizeof name, "line %" PRIu64, r->a);
    begin(w, 'C', DEVICE, LINES, name);
    time_of(w, "ts", trace_file_ps(w->f, r->cycle));
    fprintf(w->out, ",\"args\":{\"level\":%u}}", (unsigned)(r->b & 1));
}

static void note_environment(struct writer *w, uint32_t env)
{
    if (env == 0 || env >= ENVS || w->known[env])
        return;
    w->known[env] = true;
    name_track(w, ENVIRONMENT, env, "environment %u", env);
}

static void on_core_record(struct writer *w, const struct hw_trace_record *r)
{
    switch (r->event) {
    case HW_EV_CONTEXT: on_context(w, r); break;
    case HW_EV_TRAP: on_trap(w, r); break;
    case HW_EV_RETURN:
        slice(w, CORE, 2u * r->core + 2, &w->kernel[r->core], r->cycle);
        break;
    case HW_EV_CALL: on_call(w, r); break;
    case HW_EV_RESULT:
        if (r->env < ENVS)
            slice(w, ENVIRONMENT, r->env, &w->call[r->env], r->cycle);
        break;
    case HW_EV_WAIT: instant(w, CORE, 2u * r->core + 2, r); break;
    case HW_EV_FAULT:
        if (r->env < ENVS)
            instant(w, ENVIRONMENT, r->env, r);
        break;
    default:
        /* the kernel's own events name an environment first, but for wakeups of idle time */
        if (r->event >= HW_EV_GUEST && r->a > 0 && r->a < ENVS)
            instant(w, ENVIRONMENT, (unsigned)r->a, r);
    }
}

static void on_record(struct writer *w, const struct hw_trace_record *r)
{
    note_environment(w, r->env);
    if (r->cycle > w->end)
        w->end = r->cycle;
    switch (r->event) {
    case HW_EV_DISK_START:
    case HW_EV_DISK_DONE: on_disk(w, r); return;
    case HW_EV_NIC_TX:
    case HW_EV_NIC_RX:
    case HW_EV_NIC_DROP: instant(w, DEVICE, NIC, r); return;
    case HW_EV_IRQ: on_line(w, r); return;
    default: break;
    }
    if (r->core < w->f->head.cores && r->core < CORES)
        on_core_record(w, r);
}

void export_perfetto(const struct trace_file *f, FILE *out)
{
    struct writer *w = mem_zero(1, sizeof *w);
    const struct hw_trace_record **r = export_sorted(f);
    *w = (struct writer){.f = f, .out = out, .first = true};
    fprintf(out,
            "{\"displayTimeUnit\":\"ns\",\"otherData\":{\"cores\":%" PRIu32
            ",\"clock_hz\":%" PRIu64 "},\"traceEvents\":[",
            f->head.cores, f->head.clock_hz);
    name_process(w, CORE, "cores");
    name_process(w, ENVIRONMENT, "environments");
    name_process(w, DEVICE, "devices");
    name_track(w, DEVICE, DISK, "disk", 0);
    name_track(w, DEVICE, NIC, "network", 0);
    for (unsigned c = 0; c < f->head.cores && c < CORES; c++) {
        name_track(w, CORE, 2 * c + 1, "core %u", c);
        name_track(w, CORE, 2 * c + 2, "core %u, kernel", c);
    }
    for (size_t i = 0; i < f->n; i++)
        on_record(w, r[i]);
    for (unsigned c = 0; c < CORES; c++) {
        slice(w, CORE, 2 * c + 1, &w->core[c], w->end);
        slice(w, CORE, 2 * c + 2, &w->kernel[c], w->end);
    }
    for (unsigned e = 0; e < ENVS; e++)
        slice(w, ENVIRONMENT, e, &w->call[e], w->end);
    fputs("\n]}\n", out);
    free(r);
    free(w);
}
