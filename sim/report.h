// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report.h - what is told about a death, on standard error: board, environment, program, PC with
 * function and line, cause in words, bad address, registers, and the last events.
 */
#ifndef SIM_REPORT_H
#define SIM_REPORT_H

#include "machine.h"

/* An environment died of a trap; the machine goes on. !full: one line only. */
void report_environment(struct machine *m, unsigned core, const struct hw_report *r,
                        bool full);
/* The machine did not end by its kernel's power-off. */
void report_machine(struct machine *m, const struct machine_outcome *o);

#endif
