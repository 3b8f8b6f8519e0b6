// SPDX-License-Identifier: GPL-2.0-or-later
/* symbols.h - program counters to function, file and line, from an executable's symbols and
 * DWARF. Slow (it reads the whole file): for reports only. */
#ifndef SIM_SYMBOLS_H
#define SIM_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

/* "sort_lines+0x1c (workloads/sort.c:88)", as much of it as the file knows; "" if nothing. */
void symbols_where(const char *path, uint64_t pc, char *text, size_t max);
/* What a function returns, as its DWARF says. */
enum symbols_result { SYMBOLS_VOID, SYMBOLS_NUMBER, SYMBOLS_POINTER, SYMBOLS_OTHER };
/* Every function that other files may call and that DWARF describes, in no order. */
void symbols_functions(const char *path,
                       void (*visit)(void *arg, const char *name, uint64_t at,
                                     enum symbols_result result),
                       void *arg);
/* Address of a symbol; 0 if there is none. */
uint64_t symbols_address(const char *path, const char *name);

#endif
