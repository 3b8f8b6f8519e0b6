// SPDX-License-Identifier: GPL-2.0-or-later
/* isa.h - mips32: registers of struct exos_context that the library names. */
#ifndef EXOS_PORT_ISA_H
#define EXOS_PORT_ISA_H

#define ISA_NUMBER 2 /* reg[] of the system call number: v0 */
#define ISA_RESULT 2
#define ISA_ARG0 4
#define ISA_ARG1 5
#define ISA_ARG2 6
#define ISA_LINK 31       /* reg[] of the return address */
#define ISA_REDZONE 0     /* bytes below sp that interrupted code may use */
#define ISA_CALL_BYTES 16 /* below an aligned stack: what a C function expects at entry */
#define ISA_FLAGS_CLEAR 0 /* bits of flags that must be clear in C code */
#define ISA_FP_BYTES 136

#endif
