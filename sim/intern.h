// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * intern.h - a set of strings, each kept once and named by a number from 0 up. Texts stay where
 * they are until intern_free().
 */
#ifndef SIM_INTERN_H
#define SIM_INTERN_H

#include <elfutils/libdw.h>
#include <stdint.h>

struct intern;

struct intern *intern_new(void);
void intern_free(struct intern *s);
uint32_t intern_add(struct intern *s, const char *text);
const char *intern_text(const struct intern *s, uint32_t i);
uint32_t intern_count(const struct intern *s);
/* Adds a file name of DWARF's, relative to the source tree: without the folder the compiler ran
 * in, and with its "x/../" folded. */
uint32_t intern_path(struct intern *s, Dwarf_Die *cu, const char *file);

#endif
