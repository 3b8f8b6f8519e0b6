// SPDX-License-Identifier: GPL-2.0-or-later
/* stats.h - counts of a run, as JSON (--stats=F.json, DESIGN.md section 7) and in words. */
#ifndef SIM_STATS_H
#define SIM_STATS_H

#include <jansson.h>

#include "machine.h"

/* A new object; the caller releases it. status = exosim's exit status. */
json_t *stats_json(const struct machine *m, const struct machine_stats *s, int status);
/* JSON to a file, ending in a newline. */
int stats_write(const json_t *json, const char *path, struct err *err);
void stats_words(const struct machine *m, const struct machine_stats *s, FILE *to);
uint64_t stats_sum(const uint64_t *v, size_t n);

#endif
