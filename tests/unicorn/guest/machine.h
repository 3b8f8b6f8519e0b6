/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine.h - what the test kernel, the test programs and the rig (../rig.h) agree on. Usable
 * from assembly. The core control block is exo/machine.h's; the devices are the rig's own. */
#ifndef GUEST_MACHINE_H
#define GUEST_MACHINE_H

#define RIG_DEVICE 0xf0001000
#define RIG_MAP 0x00 /* wo: map the page of this address (mapping the rig holds ready) */
#define RIG_IRQ_ACK 0x04 /* wo: drop the interrupt line */
#define RIG_NOW 0x08     /* ro: low half of the cycle the device sees */
#define RIG_DMA 0x0c     /* wo: the rig copies its DMA bytes to this physical address */

#define USER_BASE 0x00400000  /* flat program image, entry first */
#define USER_PA 0x00100000    /* where the rig loads it */
#define USER_STACK 0x7fff0000 /* initial stack pointer */

/* System calls of the test kernel: number in the ISA's register. */
#define CALL_EXIT 1 /* a0 = status */
#define CALL_NULL 2
#define CALL_LOG 3      /* a0 = value for the log */
#define CALL_ON_FAULT 4 /* a0 = where to go on after the next faults; 0 = panic */
#define CALL_POKE 5     /* a0 = physical address, a1 = word: the kernel stores it */
#define CALL_DMA 6      /* a0 = physical address for RIG_DMA */
#define CALL_FP 7       /* kernel turns the FP window on, doubles FP register 1, off */
#define CALL_IPI 8      /* interrupt this core by IPI */

/* Pages of the trap cases (traps_<isa>.S). */
#define PAGE_RW 0x00600000
#define PAGE_RO 0x00601000
#define PAGE_NONE 0x00602000
#define PAGE_NX 0x00603000     /* readable and writable */
#define PAGE_NO_RAM 0x00604000 /* translates to an address behind RAM */
#define PAGE_EXEC 0x00605000   /* readable and executable */
#define PAGE_DEVICE 0x00606000 /* translates to the core control block */

/* A trap case: header of 32 bytes, then code, in 256 bytes. */
#define CASE_MAGIC 0x45534143
#define CASE_SIZE 256
#define CASE_HEADER 32

/* stops.c */
#define CHOICE_PAGE_ZERO 1
#define CHOICE_NO_RAM 2
#define CHOICE_NO_VECTOR 3
#define CHOICE_WAIT 4
#define CHOICE_IPI 5
#define CHOICE_HALT 6
#define CHOICE_PANIC 7
#define CHOICE_NO_REGISTER 8
#define CHOICE_LOOP 9

/* Log in guest memory, read by the rig. */
#define LOG_BASE 0x00060000
#define LOG_VA 0x00700000 /* its first page, readable by the program */
#define LOG_MAX 512
#define LOG_VALUE 0xffff /* cause of a CALL_LOG entry */

#ifndef __ASSEMBLER__
#include <stdint.h>
#endif

#ifdef __ASSEMBLER__
/* cause: as the CAUSE register has it; bad: BADVADDR; retired: instructions before the trap. The
 * code follows; label 2 is where EPC must point. */
/* clang-format off */
.macro CASE cause, bad, retired
    .balign CASE_SIZE, 0
    .4byte CASE_MAGIC, \cause, 2f - 1f, \retired
    .8byte \bad
    .8byte 0
1:
.endm
/* clang-format on */
#else
struct trap_case {
    uint32_t magic, cause, epc, retired;
    uint64_t bad, pad;
    uint8_t code[CASE_SIZE - CASE_HEADER];
};
struct log_entry {
    uint32_t cause, pad;
    uint64_t epc, badvaddr, badpage;
};
struct guest_log {
    uint32_t n, irqs, traps, choice;
    uint32_t argument, pad;
    struct log_entry entry[LOG_MAX];
};
#endif
#endif
