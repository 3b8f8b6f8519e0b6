// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * measure.h - what a stretch of a program cost on the machine: cycles, and instructions of
 * application, library and kernel (all environments of this core together).
 *
 *   struct measure m = measure_start();
 *   ... n operations ...
 *   measure_stop(&m);              now the difference, without what measuring itself costs
 *   measure_print("name", &m, n);
 *
 * For single long operations, measure each and keep the least: a slice may have ended in others.
 *
 * A line reads: name, number of operations, then for one operation cycles, instructions, and
 * these as user + library + kernel; one digit behind the point.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdint.h>

struct measure {
    uint64_t cycles, user, lib, kernel;
};

struct measure measure_start(void);
void measure_stop(struct measure *m);
/* least = m if it is smaller, or the first (least all zero). */
void measure_keep_least(struct measure *least, const struct measure *m);
void measure_heading(void);
void measure_print(const char *name, const struct measure *m, unsigned n);

#endif
