// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * machine.h - the machine as guest code sees it: physical map, core control block and trap
 * causes. hwmodels/include/hw.h is the simulator's own description of the same machine;
 * tests/unit checks that the two agree. Usable from assembly.
 */
#ifndef EXO_MACHINE_H
#define EXO_MACHINE_H

#define M_TABLE_BASE 0x00001000
#define M_KERNEL_BASE 0x00010000
#define M_CORE_BASE 0xf0000000

/* Core control block, offsets from M_CORE_BASE; 64-bit values are LO then HI.
 * On a trap the hardware records EPC, CAUSE, BADVADDR and the user's stack pointer (USP), loads
 * the stack pointer from KSP, masks interrupts and jumps to VECTOR; every other register
 * keeps its value. The system call instruction in kernel mode returns from the trap. A 64-bit
 * ISA may access a LO/HI pair at once, here and in the MMUs (LO first). */
#define M_EPC 0x00
#define M_USP 0x08
#define M_CAUSE 0x10
#define M_BADVADDR 0x18
#define M_BADPAGE 0x20
#define M_KSP 0x28
#define M_VECTOR 0x30
#define M_CONTEXT 0x34
#define M_COREID 0x38
#define M_CORES 0x3c
#define M_CYCLES 0x40
#define M_INSN_USER 0x48
#define M_INSN_LIB 0x50
#define M_INSN_KERNEL 0x58
#define M_WAIT 0x60
#define M_HALT 0x64
#define M_FPU 0x68
#define M_PENDING 0x6c
#define M_TRACE_A 0x70
#define M_TRACE_B 0x74
#define M_TRACE_EVENT 0x78
#define M_REPORT 0x7c
#define M_PANIC 0x80
#define M_IPI 0x84
#define M_IPI_CLEAR 0x88
#define M_MISS_VECTOR 0x8c /* vector of TLB_MISS, as the R3000 has one; 0 = VECTOR */

/* CAUSE bits 7..0 */
#define M_CAUSE_IRQ 0
#define M_CAUSE_SYSCALL 1
#define M_CAUSE_TLB_MISS 2
#define M_CAUSE_PAGE 3
#define M_CAUSE_PROT 4
#define M_CAUSE_ILLEGAL 5
#define M_CAUSE_BREAK 6
#define M_CAUSE_UNALIGNED 7
#define M_CAUSE_ARITH 8
#define M_CAUSE_BUS 9
#define M_CAUSE_FP 10
#define M_CAUSE_CODE 0xff
#define M_CAUSE_ACCESS_SHIFT 8 /* bits 9..8: 0 read, 1 write, 2 fetch */
#define M_CAUSE_BD 0x80000000  /* MIPS: EPC is a branch, its delay slot trapped */

/* Timer "exo,timer": per-core one-shot. Offsets from the device's base. */
#define M_TIMER_DEADLINE 0x00 /* rw 64-bit: cycle to interrupt at; writing HI arms */
#define M_TIMER_CONTROL 0x08  /* wo: 0 disarms and drops the interrupt */
#define M_TIMER_NOW 0x10      /* ro 64-bit: cycle now; reading LO latches HI */

/* Interrupt controller "exo,intc": 32 lines, per-core enable. */
#define M_INTC_PENDING 0x00 /* ro: lines asserted and enabled for this core */
#define M_INTC_RAW 0x04     /* ro: lines asserted */
#define M_INTC_ENABLE 0x08  /* rw: lines enabled for this core */

/* Console "exo,console". */
#define M_CONSOLE_TX 0x00     /* wo: one byte */
#define M_CONSOLE_RX 0x04     /* ro: next byte, or 0x100 if none */
#define M_CONSOLE_STATUS 0x08 /* ro: bit 0 = RX has a byte, bit 1 = end of input */

/* MMU "exo,mmu-softtlb" (R3000-like; fields are 64-bit LO/HI so that any ISA can use it). When a
 * miss traps, hardware has loaded HI and HI_ASID with the page and address space missed. */
#define M_TLB_ASID 0x00 /* rw: current address space */
#define M_TLB_INDEX                                                                      \
    0x04              /* rw: entry of WRITE_INDEX, READ; result of PROBE, bit 31 = none */
#define M_TLB_HI 0x08 /* rw 64-bit: virtual page address */
#define M_TLB_LO 0x10 /* rw 64-bit: physical page address | M_TLB_R/W/X/V/G */
#define M_TLB_HI_ASID 0x18      /* rw: address space for WRITE_*, PROBE, INVALIDATE */
#define M_TLB_OP 0x1c           /* wo: one of the below, | M_MMU_BROADCAST */
#define M_TLB_OP_WRITE_RANDOM 1 /* not into wired entries */
#define M_TLB_OP_WRITE_INDEX 2
#define M_TLB_OP_PROBE 3
#define M_TLB_OP_READ 4
#define M_TLB_OP_INVALIDATE 5      /* the entry of HI, HI_ASID, if there is one */
#define M_TLB_OP_INVALIDATE_ASID 6 /* all entries of HI_ASID */
#define M_TLB_OP_INVALIDATE_ALL 7
#define M_TLB_OP_INVALIDATE_FRAME 8 /* all entries whose physical page is that of LO */
#define M_TLB_V 0x01
#define M_TLB_R 0x02
#define M_TLB_W 0x04
#define M_TLB_X 0x08
#define M_TLB_G 0x10          /* matches every ASID */
#define M_MMU_BROADCAST 0x100 /* do it on every core's MMU */

/* Parameters of "exo,mmu-softtlb" in the hardware table, in this order. */
#define M_SOFTTLB_ENTRIES 0
#define M_SOFTTLB_ASID_BITS 1
#define M_SOFTTLB_PAGE_SHIFT 2
#define M_SOFTTLB_WIRED 3
#define M_SOFTTLB_VA_BITS 4

/* MMU "exo,mmu-radix": hardware walker. */
#define M_RADIX_ROOT 0x00    /* rw 64-bit: physical address of the root table */
#define M_RADIX_ASID 0x08    /* rw */
#define M_RADIX_VA 0x10      /* rw 64-bit: operand of INVALIDATE */
#define M_RADIX_OP_ASID 0x18 /* rw: operand of INVALIDATE, INVALIDATE_ASID */
#define M_RADIX_OP 0x1c      /* wo: one of the below, | M_MMU_BROADCAST */
#define M_RADIX_OP_INVALIDATE 5
#define M_RADIX_OP_INVALIDATE_ASID 6
#define M_RADIX_OP_INVALIDATE_ALL 7

/*
 * Parameters of "exo,mmu-radix" in the hardware table, in this order. A page-table entry is
 * judged by masks and values: access A is allowed if (pte & A_MASK) == A_VALUE; the entry
 * exists if (pte & PRESENT_MASK) == PRESENT_VALUE; on an inner level it must be a table:
 * (pte & TABLE_MASK) == TABLE_VALUE; on the last, (pte & LEAF_MASK) == LEAF_VALUE. User access
 * needs (pte & USER_MASK) == USER_VALUE. Page number = (pte >> PFN_LSB) & (2^PFN_BITS - 1).
 */
#define M_RADIX_LEVELS 0
#define M_RADIX_INDEX_BITS 1 /* per level (tables are 2^INDEX_BITS entries, one page) */
#define M_RADIX_PAGE_SHIFT 2
#define M_RADIX_PTE_SIZE 3 /* bytes: 4 or 8 */
#define M_RADIX_PFN_LSB 4
#define M_RADIX_PFN_BITS 5
#define M_RADIX_PRESENT_MASK 6
#define M_RADIX_PRESENT_VALUE 7
#define M_RADIX_TABLE_MASK 8
#define M_RADIX_TABLE_VALUE 9
#define M_RADIX_LEAF_MASK 10
#define M_RADIX_LEAF_VALUE 11
#define M_RADIX_READ_MASK 12
#define M_RADIX_READ_VALUE 13
#define M_RADIX_WRITE_MASK 14
#define M_RADIX_WRITE_VALUE 15
#define M_RADIX_EXEC_MASK 16
#define M_RADIX_EXEC_VALUE 17
#define M_RADIX_USER_MASK 18
#define M_RADIX_USER_VALUE 19
#define M_RADIX_ACCESSED 20 /* bit the walker sets on use; 0 = none */
#define M_RADIX_DIRTY 21    /* bit the walker sets on the first write; 0 = none */
#define M_RADIX_SOFT_LSB 22 /* two bits the walker ignores; 255 = none */
#define M_RADIX_ASID_BITS 23

#endif
