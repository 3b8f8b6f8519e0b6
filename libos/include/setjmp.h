// SPDX-License-Identifier: GPL-2.0-or-later
/* setjmp.h - non-local jumps; the assembly is libos/port/isa/<isa>. 32 slots of 8 bytes
 * hold the callee-saved registers of every ISA. */
#ifndef EXOS_LIBC_SETJMP_H
#define EXOS_LIBC_SETJMP_H

#include <signal.h>

typedef struct {
    unsigned long long slot[32];
} jmp_buf[1];

int setjmp(jmp_buf env) __attribute__((returns_twice));
_Noreturn void longjmp(jmp_buf env, int value);

typedef struct {
    jmp_buf jump;
    int saved; /* mask is to be restored */
    sigset_t mask;
} sigjmp_buf[1];

int exos_sigjmp_save(sigjmp_buf env, int save); /* of sigsetjmp only; returns 0 */
#define sigsetjmp(env, save) (exos_sigjmp_save(env, save), setjmp((env)->jump))
_Noreturn void siglongjmp(sigjmp_buf env, int value);

#endif
