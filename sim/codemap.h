// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * codemap.h - whose each instruction of a guest image is: its source file and line (DWARF's line
 * table, so code inlined from elsewhere is that file's), the function that line belongs to, and
 * how long each instruction is. So a profile of program counters becomes one of functions.
 *
 * A map owns all its strings. Files are relative to the source tree.
 */
#ifndef SIM_CODEMAP_H
#define SIM_CODEMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"

struct codemap;

#define CODEMAP_NONE UINT32_MAX

/* One stretch of code that comes from one line. */
struct codemap_place {
    uint64_t start, end;
    uint32_t function; /* in codemap_function(): of the line */
    uint32_t around; /* that whose symbol it lies behind: another one if it was inlined */
    uint32_t line;   /* 0: DWARF does not say */
};

struct codemap_function {
    const char *name; /* "?": neither DWARF nor the symbols know */
    const char *file; /* "?" the same */
    uint32_t line;    /* where it is declared; 0: assembly, or unknown */
};

/* ERR_USER: not an executable with symbols and DWARF line tables. */
int codemap_open(const char *path, struct codemap **out, struct err *err);
void codemap_close(struct codemap *m);

uint32_t codemap_places(const struct codemap *m);
uint32_t codemap_functions(const struct codemap *m);
const struct codemap_place *codemap_place(const struct codemap *m, uint32_t i);
const struct codemap_function *codemap_function(const struct codemap *m, uint32_t i);
/* Index of the place that holds pc; CODEMAP_NONE: no code of this image. */
uint32_t codemap_find(const struct codemap *m, uint64_t pc);
/* Bytes of the instruction at pc; 0 if there is none. */
unsigned codemap_length(const struct codemap *m, uint64_t pc);
/* Bytes the instruction at pc writes to memory; 0: none. */
unsigned codemap_stored(const struct codemap *m, uint64_t pc);

#endif
