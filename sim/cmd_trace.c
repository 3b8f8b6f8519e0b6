// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_trace.c - `exosim trace export` and `exosim trace show`: what to do with a trace file. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "export.h"

static int by_cycle(const void *a, const void *b)
{
    const struct hw_trace_record *x = *(const struct hw_trace_record *const *)a;
    const struct hw_trace_record *y = *(const struct hw_trace_record *const *)b;
    if (x->cycle != y->cycle)
        return x->cycle < y->cycle ? -1 : 1;
    return x < y ? -1 : x > y; /* as written */
}

const struct hw_trace_record **export_sorted(const struct trace_file *f)
{
    const struct hw_trace_record **r = mem_zero(f->n + 1, sizeof *r);
    for (size_t i = 0; i < f->n; i++)
        r[i] = &f->record[i];
    qsort(r, f->n, sizeof *r, by_cycle);
    return r;
}

static const struct {
    const char *name;
    void (*write)(const struct trace_file *f, FILE *out);
} formats[] = {{"perfetto", export_perfetto}, {"vcd", export_vcd}};

static bool is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static int export(const char *format, const char *in, const char *path, struct err *err)
{
    size_t k = 0;
    while (k < sizeof formats / sizeof *formats && strcmp(formats[k].name, format) != 0)
        k++;
    if (k == sizeof formats / sizeof *formats)
        return err_set(err, ERR_USER, "--format %s: expected perfetto or vcd", format);
    struct trace_file f;
    int rc = trace_file_open(&f, in, err);
    if (rc)
        return rc;
    if (f.cut)
        say("trace %s is cut short: exported up to its last whole record", in);
    FILE *out = fopen(path, "we");
    if (out)
        formats[k].write(&f, out);
    bool failed = !out || ferror(out);
    if (out && fclose(out) != 0)
        failed = true;
    if (failed)
        rc = err_set(err, ERR_USER, "%s: %s", path, strerror(errno));
    if (failed && out && is_file(path))
        unlink(path); /* half a file is none */
    trace_file_close(&f);
    return rc;
}

static _Thread_local const struct trace_file *names; /* for trace_words() */

static const char *call_name(uint64_t number)
{
    if (number >= CALLS_FIRST)
        number -= CALLS_FIRST;
    return number < CALLS_MAX ? names->call[number] : NULL;
}

static int show(const char *in, struct err *err)
{
    struct trace_file f;
    int rc = trace_file_open(&f, in, err);
    if (rc)
        return rc;
    printf("%s: board %s, %" PRIu32 " cores, %" PRIu64 " Hz, seed %" PRIu64
           ", %zu records%s\n",
           in, f.head.board, f.head.cores, f.head.clock_hz, f.head.seed, f.n,
           f.cut ? ", cut short" : "");
    names = &f;
    for (size_t i = 0; i < f.n; i++) {
        char text[300];
        trace_words(&f.record[i], call_name, text, sizeof text);
        puts(text);
    }
    names = NULL;
    trace_file_close(&f);
    return 0;
}

static const char usage[] =
    "Usage: exosim trace export --format perfetto|vcd TRACE OUT\n"
    "       exosim trace show TRACE\n"
    "TRACE is a file of `exosim run --trace`. perfetto: JSON for ui.perfetto.dev or\n"
    "chrome://tracing. vcd: waveforms for gtkwave. show: a line an event.\n";

int cmd_trace(int argc, char **argv)
{
    struct err err;
    int rc = ERR_USER;
    const char *format = NULL;
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0)) {
        fputs(usage, stdout);
        return cmd_done();
    }
    if (argc == 3 && strcmp(argv[1], "show") == 0)
        return (rc = show(argv[2], &err)) ? cmd_fail(rc, &err) : cmd_done();
    if (argc > 2 && strcmp(argv[1], "export") == 0) {
        int at = 2;
        if (strncmp(argv[at], "--format=", 9) == 0) {
            format = argv[at++] + 9;
        } else if (strcmp(argv[at], "--format") == 0 && argc > 3) {
            format = argv[at + 1];
            at += 2;
        }
        if (format && argc - at == 2)
            return (rc = export(format, argv[at], argv[at + 1], &err))
                       ? cmd_fail(rc, &err)
                       : cmd_done();
    }
    fputs(usage, stderr);
    return -ERR_USER;
}
