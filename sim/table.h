// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * table.h - text in columns: cells are added row by row, then printed with each column as wide as
 * its widest cell. A row may have a line of words under it.
 */
#ifndef SIM_TABLE_H
#define SIM_TABLE_H

#include <stdio.h>

struct table;

/* The first `left` columns are aligned left, the others right. */
struct table *table_new(unsigned columns, unsigned left);
/* The next cell, from left to right. */
void table_cell(struct table *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Printed indented under the row that was filled last. */
void table_note(struct table *t, const char *text);
/* Prints and frees it. */
void table_end(struct table *t, FILE *to);

#endif
