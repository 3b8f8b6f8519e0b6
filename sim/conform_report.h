// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * conform_report.h - what conformance runs came to: TAP while they run, then the matrix of API by
 * board as TAP comments; JSON.
 *
 *   1..N
 *   ok 1 - riscv mmap
 *   not ok 2 - riscv mprotect
 *   # the program's own lines that say why
 *   ok 3 - riscv fork # SKIP not applicable: fork()
 *   not ok 4 - riscv mmap # not ported: mmu.protect
 */
#ifndef SIM_CONFORM_REPORT_H
#define SIM_CONFORM_REPORT_H

#include <jansson.h>

#include "conform.h"

void conform_tell_plan(size_t n);
/* number: from 1. */
void conform_tell(const struct conform *c, size_t number, const struct conform_case *one);
/* A row a function that was run; a column a board, in the order of c->board. */
void conform_tell_matrix(const struct conform *c, const struct conform_case *list,
                         size_t n);
/* {"boards": [name...], "totals": {board: {result: n}}, "apis": [{"name", "header", "group", "classes",
 * "results": {board: {"result", "status", "checks", "failed", "cycles", "instructions", "hooks":
 * [name...], "why"}}}]} */
json_t *conform_json(const struct conform *c, const struct conform_case *list, size_t n);

#endif
