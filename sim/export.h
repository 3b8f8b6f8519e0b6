// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * export.h - a trace in the formats of other viewers. Each writer sees every record once, in order of
 * time, and returns when all is written; the caller looks at the stream's error.
 */
#ifndef SIM_EXPORT_H
#define SIM_EXPORT_H

#include "trace_file.h"

/* Records by cycle, those of one cycle in the order they were written. free() it. */
const struct hw_trace_record **export_sorted(const struct trace_file *f);

/* JSON of the Trace Event Format, which Perfetto's viewer and chrome://tracing open: cores (who
 * runs, what the kernel does), environments (calls, events), devices. */
void export_perfetto(const struct trace_file *f, FILE *out);
/* Value change dump (IEEE 1364): environment, mode and idling of each core, interrupt lines,
 * requests at the disk, bytes of the console. */
void export_vcd(const struct trace_file *f, FILE *out);

#endif
