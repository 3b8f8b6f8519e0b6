// SPDX-License-Identifier: GPL-2.0-or-later
/* types.h - the words of the ABI. Freestanding; included by every public exokernel header. */
#ifndef EXO_TYPES_H
#define EXO_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A register of the ISA: arguments and results of exokernel calls. */
typedef uintptr_t exo_word;
typedef intptr_t exo_sword;

#endif
