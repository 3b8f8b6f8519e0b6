// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace_file.h - reading a trace file (docs/trace.md), as a whole: a file cut short is good up to its
 * last whole record.
 */
#ifndef SIM_TRACE_FILE_H
#define SIM_TRACE_FILE_H

#include "calls.h"
#include "trace.h"

struct trace_file {
    struct trace_header head; /* strings are ended */
    const struct hw_trace_record *record;
    size_t n;
    bool cut;              /* part of a record was left over at the end */
    char *call[CALLS_MAX]; /* names of calls; NULL: none */
    void *map;
    size_t size;
};

/* ERR_USER: not there, not a trace, of another version, or its header contradicts itself. */
int trace_file_open(struct trace_file *f, const char *path, struct err *err);
void trace_file_close(struct trace_file *f);
/* Name of a call, "call 12" if it has none; the text is good until the next call. */
const char *trace_file_call(const struct trace_file *f, uint64_t number, char text[32]);
/* Cycle in picoseconds of virtual time. */
uint64_t trace_file_ps(const struct trace_file *f, uint64_t cycle);

#endif
