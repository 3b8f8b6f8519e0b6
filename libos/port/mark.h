/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mark.h - what code does that its symbols do not show, for the porting report (docs/cost.md): each
 * mark is a record (place, number) in section .exo_calls of the object, which is not loaded; it
 * takes no instruction.
 *
 *   MARK_CALL(name)             exokernel call exo_<name> is queued here, or made by its number
 *   MARK_HOOK(class, name)      the backend's hook is called here without its dispatch function
 *   MARK_BACKEND_CALLS(CLASS)   the calls that the backend's members <name>_call say are queued
 *   MARK_NUMBER number          in assembly: call of this number
 */
#ifndef EXOS_PORT_MARK_H
#define EXOS_PORT_MARK_H

#ifdef __ASSEMBLER__

/* clang-format off */
    .macro MARK_NUMBER number
9700:
    .pushsection .exo_calls, "", @progbits
    .4byte 9700b, \number
    .popsection
    .endm
/* clang-format on */

#else

#if __STDC_HOSTED__
#define MARK_NUMBER(number) ((void)0)
#else
#define MARK_NUMBER(number)                                                              \
    __asm__ volatile("9700: .pushsection .exo_calls, \"\", @progbits\n"                  \
                     "\t.4byte 9700b, %c0\n"                                             \
                     "\t.popsection"                                                     \
                     :                                                                   \
                     : "i"(number))
#endif
#define MARK_CALL(name) MARK_NUMBER(EXO_CALL_##name)
#define MARK_HOOK(class_, name)                                                          \
    MARK_NUMBER(0x686b0000u | EXO_HW_##class_ << 8 | class_##_HOOK_##name)
#define MARK_BACKEND_CALLS(class_) MARK_NUMBER(0x10000u | EXO_HW_##class_)

#endif

#endif
