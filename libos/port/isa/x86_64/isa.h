// SPDX-License-Identifier: GPL-2.0-or-later
/* isa.h - x86_64: registers of struct exos_context that the library names. */
#ifndef EXOS_PORT_ISA_H
#define EXOS_PORT_ISA_H

#define ISA_NUMBER 0 /* reg[] of the system call number: rax */
#define ISA_RESULT 0
#define ISA_ARG0 7
#define ISA_ARG1 6
#define ISA_ARG2 2
#define ISA_LINK (-1)    /* the return address is on the stack */
#define ISA_REDZONE 128  /* bytes below sp that interrupted code may use */
#define ISA_CALL_BYTES 8 /* below an aligned stack: what a C function expects at entry */
#define ISA_FLAGS_CLEAR 0x400 /* bits of flags that must be clear in C code */
#define ISA_FP_BYTES 512

#endif
