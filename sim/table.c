// SPDX-License-Identifier: GPL-2.0-or-later
/* table.c - text in columns. See table.h. */
#include "table.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

struct table {
    unsigned columns, left;
    char **cell, **note; /* note: a row each */
    size_t n, nnotes;
};

struct table *table_new(unsigned columns, unsigned left)
{
    struct table *t = mem_zero(1, sizeof *t);
    t->columns = columns;
    t->left = left;
    return t;
}

void table_cell(struct table *t, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if ((t->n & (t->n - 1)) == 0)
        t->cell = mem_grow(t->cell, t->n ? 2 * t->n : 64, sizeof *t->cell);
    t->cell[t->n++] = mem_str(text);
}

void table_note(struct table *t, const char *text)
{
    size_t rows = t->n / t->columns;
    t->note = mem_grow(t->note, rows, sizeof *t->note);
    while (t->nnotes < rows)
        t->note[t->nnotes++] = NULL;
    free(t->note[rows - 1]);
    t->note[rows - 1] = mem_str(text);
}

void table_end(struct table *t, FILE *to)
{
    int *width = mem_zero(t->columns, sizeof *width);
    for (size_t i = 0; i < t->n; i++)
        if ((int)strlen(t->cell[i]) > width[i % t->columns])
            width[i % t->columns] = (int)strlen(t->cell[i]);
    for (size_t i = 0; i < t->n; i++) {
        unsigned c = (unsigned)(i % t->columns);
        bool last = c + 1 == t->columns;
        if (last && c < t->left)
            fprintf(to, "%s\n", t->cell[i]);
        else
            fprintf(to, "%*s%s", c < t->left ? -width[c] : width[c], t->cell[i],
                    last ? "\n" : "  ");
        if (last && i / t->columns < t->nnotes && t->note[i / t->columns])
            fprintf(to, "    %s\n", t->note[i / t->columns]);
        free(t->cell[i]);
    }
    for (size_t i = 0; i < t->nnotes; i++)
        free(t->note[i]);
    free(t->note);
    free(t->cell);
    free(width);
    free(t);
}
