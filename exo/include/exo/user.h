// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * user.h - the library's view of the calls: one stub exo_<name> each, made from calls.def (the
 * stubs themselves are libos/port/isa/<isa>/calls.S). Second results come by exo_*2().
 */
#ifndef EXO_USER_H
#define EXO_USER_H

#include <exo/abi.h>

#define EXO_CALL(number, name, hw, kinds, params, what) exo_sword exo_##name params;
#include <exo/calls.def>
#undef EXO_CALL

/* time and counter as 64-bit values on every ISA. */
uint64_t exo_time64(void);
uint64_t exo_counter64(exo_word which);

#endif
