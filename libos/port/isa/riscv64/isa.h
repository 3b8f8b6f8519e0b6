// SPDX-License-Identifier: GPL-2.0-or-later
/* isa.h - riscv64: registers of struct exos_context that the library names. */
#ifndef EXOS_PORT_ISA_H
#define EXOS_PORT_ISA_H

#define ISA_NUMBER 17 /* reg[] of the system call number: a7 */
#define ISA_RESULT 10
#define ISA_ARG0 10
#define ISA_ARG1 11
#define ISA_ARG2 12
#define ISA_LINK 1        /* reg[] of the return address */
#define ISA_REDZONE 0     /* bytes below sp that interrupted code may use */
#define ISA_CALL_BYTES 0  /* below an aligned stack: what a C function expects at entry */
#define ISA_FLAGS_CLEAR 0 /* bits of flags that must be clear in C code */
#define ISA_FP_BYTES 264

#endif
