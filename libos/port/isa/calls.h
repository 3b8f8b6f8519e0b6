// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls.h - for isa/<isa>/calls.S: counts a stub's arguments, so that each ISA's EXO_CALL macro
 * can be written once and calls.def stays the only list. EXO_NARGS (exo_word a, exo_word b)
 * is 2; it is 1 for (void).
 */
#ifndef EXOS_PORT_CALLS_H
#define EXOS_PORT_CALLS_H

#define EXO_NARGS(...) EXO_NARGS_(__VA_ARGS__, 6, 5, 4, 3, 2, 1, 0)
#define EXO_NARGS_(a, b, c, d, e, f, n, ...) n

#endif
