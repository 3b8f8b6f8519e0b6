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

/* MMU "exo,mmu-regions": windows, no pages. The window of the lowest number that holds the address
 * decides. BASE, LIMIT (behind the last byte) and PA are multiples of the granule. */
#define M_REGIONS_INDEX 0x00 /* rw: window of OP */
#define M_REGIONS_BASE 0x08  /* rw 64-bit: first virtual address */
#define M_REGIONS_LIMIT 0x10 /* rw 64-bit: first virtual address behind it */
#define M_REGIONS_PA 0x18    /* rw 64-bit: physical address of BASE | M_REGIONS_V/R/W/X */
#define M_REGIONS_OP 0x20 /* wo: one of the below; the last two may | M_MMU_BROADCAST */
#define M_REGIONS_OP_WRITE                                                               \
    1 /* window INDEX; INDEX becomes the next. Without V: empties it */
#define M_REGIONS_OP_READ 2
#define M_REGIONS_OP_CLEAR 3
#define M_REGIONS_OP_CLEAR_ALL 4
#define M_REGIONS_OP_CLEAR_FRAME 5 /* every window that maps PA's granule */
#define M_REGIONS_V 0x01
#define M_REGIONS_R 0x02
#define M_REGIONS_W 0x04
#define M_REGIONS_X 0x08

/* Parameters of "exo,mmu-regions" in the hardware table, in this order. */
#define M_REGIONS_WINDOWS 0
#define M_REGIONS_PAGE_SHIFT 1 /* of the granule */
#define M_REGIONS_VA_BITS 2
#define M_REGIONS_POWER 3 /* 1: sizes are powers of two, BASE is a multiple of them */

/*
 * MMU "exo,mmu-hashed": a hashed page table in memory, searched by hardware, in the form of the
 * 32-bit PowerPC (The Programming Environments, chapter 7). 2^n groups of 8 entries of two words:
 *
 *   word 0   M_HPT_V | VSID << 7 | M_HPT_H | API        word 1   page address | R | C | N | PP
 *
 *   VSID = ((space << 4 | va >> 28) * M_HPT_VSID_FACTOR) mod 2^24     API = va[27:22]
 *   hash = VSID[18:0] ^ (va[27:0] >> page shift)
 *
 * An entry lies in group hash mod groups (primary, H 0) or ~hash mod groups (secondary, H 1). A
 * search that finds none traps with cause TLB_MISS. The TLB keeps what was found until it is told.
 */
#define M_HPT_SPACE 0x00    /* rw: current address space, M_HPT_SPACE_BITS bits */
#define M_HPT_OP_SPACE 0x04 /* rw: operand of INVALIDATE */
#define M_HPT_VA 0x08       /* rw 64-bit: operand of INVALIDATE */
#define M_HPT_SDR1                                                                       \
    0x10 /* rw: table address (a multiple of its size) | groups / 1024 - 1; 0 = none */
#define M_HPT_OP 0x1c /* wo: one of the below, | M_MMU_BROADCAST */
#define M_HPT_OP_INVALIDATE 5
#define M_HPT_OP_INVALIDATE_ALL 7
#define M_HPT_GROUP 8 /* entries of a group */
#define M_HPT_GROUPS_MIN 1024
#define M_HPT_ALIGN 0x10000 /* the smallest table's size */
#define M_HPT_SPACE_BITS 12
#define M_HPT_VSID_FACTOR 0x111
#define M_HPT_VSID_SHIFT 7
#define M_HPT_V 0x80000000
#define M_HPT_H 0x40
#define M_HPT_API 0x3f
#define M_HPT_R 0x100     /* set by the search on use */
#define M_HPT_C 0x080     /* and on the first write */
#define M_HPT_SOFT0 0x008 /* not looked at by hardware; it ignores 0xe78 */
#define M_HPT_N 0x004     /* no fetch */
#define M_HPT_PP 0x003    /* 0 no access, 1 and 3 read, 2 read and write */
#define M_HPT_PP_READ 1
#define M_HPT_PP_WRITE 2

/* Parameters of "exo,mmu-hashed" in the hardware table, in this order. */
#define M_HASHED_PAGE_SHIFT 0
#define M_HASHED_VA_BITS 1
#define M_HASHED_SPACE_BITS 2
#define M_HASHED_TLB_ENTRIES 3

/*
 * Disk "exo,disk-pio": one request at a time, 512-byte sectors, data through a register. READ: set
 * SECTOR and COUNT, COMMAND; BUSY until the interrupt; then DATA gives COUNT * 128 words, lowest
 * address first. WRITE: set SECTOR and COUNT, store COUNT * 128 words to DATA, COMMAND; BUSY until
 * the interrupt. Writing COUNT starts the buffer over. A command while BUSY, or
 * out of range, or a WRITE with the wrong number of words, ends with ERROR (and guest error).
 */
#define M_PIO_SECTOR 0x00  /* rw: first sector */
#define M_PIO_COUNT 0x04   /* rw: sectors, 1..M_PIO_COUNT_MAX */
#define M_PIO_COMMAND 0x08 /* wo: M_DISK_READ, M_DISK_WRITE, M_DISK_FLUSH */
#define M_PIO_STATUS                                                                     \
    0x0c                /* ro: M_PIO_BUSY, M_PIO_DATA_READY, M_PIO_ERROR; IRQ in bit 3 */
#define M_PIO_DATA 0x10 /* rw: next 32-bit word of the buffer */
#define M_PIO_ACK 0x14  /* wo: drop the interrupt */
#define M_PIO_SECTORS 0x18 /* ro 64-bit: sectors of the disk */
#define M_PIO_COUNT_MAX 8
#define M_PIO_BUSY 1
#define M_PIO_DATA_READY 2
#define M_PIO_ERROR 4
#define M_PIO_IRQ 8
#define M_DISK_READ 1
#define M_DISK_WRITE 2
#define M_DISK_FLUSH 3
#define M_DISK_ERASE 4
/* Hardware table: 0 = sectors (512 bytes). */
#define M_DISK_UNITS 0

/*
 * Disk "exo,disk-queue": 4 KiB blocks, a submission and a completion ring of DEPTH entries each in
 * memory, DMA. Indexes are free-running; entry i lies at i mod DEPTH. The device executes entries
 * in any order, up to `channels` at once; FLUSH completes when all writes submitted before it
 * have, and are durable. It writes a completion entry, then raises its interrupt (level, until
 * ACK). A submission that is wrong (operation, range, address not RAM) completes with its status.
 */
#define M_DQ_SQ 0x00    /* rw 64-bit: physical address of the submission ring */
#define M_DQ_CQ 0x08    /* rw 64-bit: of the completion ring */
#define M_DQ_DEPTH 0x10 /* rw: entries of both, a power of two up to the board's depth */
#define M_DQ_ENABLE                                                                      \
    0x14 /* rw: 1 starts; indexes become 0. 0 stops, requests are forgotten */
#define M_DQ_SQ_TAIL 0x18 /* wo: entries below this index are submitted */
#define M_DQ_CQ_HEAD 0x1c /* wo: completions below this index are consumed */
#define M_DQ_ACK 0x20 /* wo: drop the interrupt (raised again if completions are left) */
#define M_DQ_STATUS 0x24 /* ro: bit 0 enabled, bit 1 error (bad ring), bit 2 interrupt */
#define M_DQ_BLOCKS 0x28 /* ro 64-bit: blocks of the disk */
#define M_DQ_BLOCK_SIZE 4096
/* submission, 32 bytes: op, tag, block (64), pa (64), count (blocks, contiguous pa), 0 */
#define M_DQ_SUBMIT_SIZE 32
/* completion, 16 bytes: tag, status (M_DQ_OK...), submissions consumed, 1 + index (never 0) */
#define M_DQ_COMPLETE_SIZE 16
#define M_DQ_OK 0
#define M_DQ_BAD_OP 1
#define M_DQ_BAD_RANGE 2
#define M_DQ_BAD_ADDRESS 3
/* Hardware table: 0 = blocks (4096 bytes), 1 = depth, 2 = channels. */
#define M_DQ_PARAM_DEPTH 1
#define M_DQ_PARAM_CHANNELS 2

/*
 * Disk "exo,disk-flash": raw NAND with a DMA engine, one command at a time. READ copies a page and
 * its out-of-band bytes to memory. PROGRAM can only clear bits of an erased page, once, pages of
 * a block in ascending order; anything else FAILs. ERASE sets a whole block to 0xff and wears it:
 * a worn or bad block FAILs. A factory-bad block has a byte other than 0xff first in the
 * out-of-band area of its first page. BUSY until the interrupt (level, until ACK).
 */
#define M_FL_PAGE 0x00 /* rw: page; ERASE: any page of the block */
#define M_FL_DATA 0x08 /* rw 64-bit: physical address of the page's data; 0 = leave out */
#define M_FL_OOB 0x10  /* rw 64-bit: of the out-of-band bytes; 0 = leave out (0xff) */
#define M_FL_COMMAND 0x18 /* wo: M_DISK_READ, M_DISK_WRITE (program), M_DISK_ERASE */
#define M_FL_STATUS 0x1c  /* ro: M_PIO_BUSY, M_PIO_ERROR (FAIL), M_PIO_IRQ */
#define M_FL_ACK 0x20     /* wo: drop the interrupt */
/* Hardware table: 0 = pages, then: */
#define M_FL_PARAM_PAGE_SIZE 1
#define M_FL_PARAM_OOB_SIZE 2
#define M_FL_PARAM_BLOCK_PAGES 3

/*
 * NIC "exo,nic-pio": one buffer each way, copied word by word (lowest address in the low byte; the
 * last word padded). A frame that comes while the receive buffer is full is lost. All NICs take
 * frames to their own address, broadcasts and multicasts. Interrupt is a level: (enabled & cause).
 */
#define M_NP_CAUSE                                                                       \
    0x00 /* ro: M_NIC_RX = a frame waits, M_NIC_TX = transmitter is ready */
#define M_NP_ENABLE 0x04 /* rw: causes that interrupt */
#define M_NP_TXLEN 0x08  /* rw: bytes of the next frame; starts the buffer over */
#define M_NP_TXDATA 0x0c /* wo */
#define M_NP_SEND 0x10   /* wo: 1 sends; not ready until it has left */
#define M_NP_RXLEN 0x14  /* ro: bytes of the frame that waits, 0 = none */
#define M_NP_RXDATA 0x18 /* ro: next word of it */
#define M_NP_RXDONE 0x1c /* wo: 1 = forget it */
#define M_NP_MAC 0x20    /* ro 64-bit: station address, first byte in bits 47..40 */
#define M_NIC_RX 1
#define M_NIC_TX 2
#define M_NIC_LOST 4
/* Hardware table, every NIC: 0 = station address as above, 1 = bits a second. */
#define M_NIC_PARAM_MAC 0
#define M_NIC_PARAM_RATE 1

/*
 * NIC "exo,nic-ring": a receive and a transmit ring of COUNT descriptors (power of two, up to 1024)
 * in memory. Indexes are free-running, entry i lies at i mod COUNT. The device owns receive
 * descriptors [HEAD, TAIL): it fills the buffer, writes length and DONE. A frame is one buffer (too
 * small a buffer: lost). A transmit frame is one or more descriptors, the last with
 * END; the device writes DONE into each when the frame has left. CAUSE bits are latched, cleared
 * by ACK; the interrupt comes at most every MODERATE cycles.
 */
#define M_NR_RX_RING 0x00 /* rw 64-bit */
#define M_NR_TX_RING 0x08 /* rw 64-bit */
#define M_NR_RX_COUNT 0x10
#define M_NR_TX_COUNT 0x14
#define M_NR_RX_TAIL 0x18 /* rw */
#define M_NR_TX_TAIL 0x1c /* rw */
#define M_NR_RX_HEAD 0x20 /* ro */
#define M_NR_TX_HEAD 0x24 /* ro */
#define M_NR_CONTROL                                                                     \
    0x28 /* rw: M_NIC_RX, M_NIC_TX = that ring runs; starting makes its indexes 0 */
#define M_NR_CAUSE 0x2c    /* ro: M_NIC_RX, M_NIC_TX, M_NIC_LOST */
#define M_NR_ACK 0x30      /* wo: clears these */
#define M_NR_ENABLE 0x34   /* rw: causes that interrupt */
#define M_NR_MODERATE 0x38 /* rw: cycles; reset value from the board */
#define M_NR_MAC 0x40      /* ro 64-bit */
/* descriptor, 16 bytes: pa (64), length, flags */
#define M_NR_DESC_SIZE 16
#define M_NR_DONE 1
#define M_NR_END 2
#define M_NR_ERROR 4 /* with DONE: address not RAM, or length wrong */

/*
 * NIC "exo,nic-steer": QUEUES pairs of rings and a table of RULES. Each queue has the registers of
 * "exo,nic-ring" up to MODERATE at M_NS_QUEUE + q * M_NS_QUEUE_SIZE. A received frame goes to
 * the queue of the first enabled rule that matches, else to queue 0. A rule compares the
 * fields of its mask with an untagged frame; address fields match IPv4 only, ports only
 * TCP and UDP in frames that are not fragments. A frame for a queue without room is lost.
 */
#define M_NS_QUEUES 0x00 /* ro */
#define M_NS_RULES 0x04  /* ro: rules the table holds */
#define M_NS_MAC 0x08    /* ro 64-bit */
#define M_NS_CAUSES 0x10 /* ro: bit q = queue q has an enabled cause */
#define M_NS_RULE_INDEX 0x20
#define M_NS_RULE_ETHERTYPE 0x24
#define M_NS_RULE_PROTOCOL 0x28
#define M_NS_RULE_SOURCE 0x2c /* IPv4 address, first byte in bits 31..24 */
#define M_NS_RULE_DESTINATION 0x30
#define M_NS_RULE_PORTS 0x34 /* source in bits 31..16, destination in 15..0 */
#define M_NS_RULE_MASK 0x38  /* M_NS_MATCH_* */
#define M_NS_RULE_QUEUE 0x3c
#define M_NS_RULE_OP                                                                     \
    0x40 /* wo: 1 enables the rule of INDEX with these fields, 0 disables */
#define M_NS_MATCH_ETHERTYPE 1
#define M_NS_MATCH_PROTOCOL 2
#define M_NS_MATCH_SOURCE 4
#define M_NS_MATCH_DESTINATION 8
#define M_NS_MATCH_SOURCE_PORT 16
#define M_NS_MATCH_DESTINATION_PORT 32
#define M_NS_QUEUE 0x400
#define M_NS_QUEUE_SIZE 0x80
#define M_NS_QUEUES_MAX 16
/* Hardware table: as every NIC, then 2 = queues, 3 = rules. */
#define M_NS_PARAM_QUEUES 2
#define M_NS_PARAM_RULES 3

#endif
