// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * param.h - all limits of the exokernel in one place. Each is part of the ABI: a library OS
 * may read it here, and the kernel's tables have exactly this many entries.
 */
#ifndef EXO_PARAM_H
#define EXO_PARAM_H

#define EXO_NENV 64        /* environments; 0 is never one */
#define EXO_NCORE 8        /* cores the kernel drives */
#define EXO_NCAP 16        /* capability slots of an environment */
#define EXO_CAP_NAME_MAX 6 /* bytes of a capability name */
#define EXO_NSLICE 64      /* positions of a core's slice vector */
/* Length of a slice: 40 ms at 25 MHz, 0.8 ms at 1.2 GHz. */
#define EXO_SLICE_CYCLES 1000000u
/* Time an epilogue or critical section may take past a slice. */
#define EXO_GRACE_CYCLES 20000u
#define EXO_NPRED 8      /* terms of a wakeup predicate */
#define EXO_NREVOKE 64   /* revocations pending at once */
#define EXO_NREPO 16     /* entries of a repossession vector */
#define EXO_NWIRED 16    /* guaranteed translations of an environment (softtlb, hashed) */
#define EXO_NSTLB 8192   /* entries of the kernel's software TLB (softtlb) */
#define EXO_NHPT 32768   /* entries of the hashed page table, at most (hashed) */
#define EXO_NWINDOW 16   /* windows of an environment, at most (regions) */
#define EXO_BATCH_MAX 64 /* updates of one pt_batch, tlb_batch, hpt_batch */
#define EXO_CALLS_MAX 32 /* calls of one batch */
#define EXO_NEXTENT 64   /* extents of the disk */
#define EXO_NIO 128      /* disk requests under way */
#define EXO_BLOCKS_MAX 32 /* requests of one block_io */
#define EXO_NRING 32      /* packet rings */
#define EXO_NFILTER 1280  /* packet filters bound */
#define EXO_BPF_MAX 256   /* instructions of a packet filter */
/* Pages of one window, and of a region_batch (regions). */
#define EXO_REGION_PAGES 1024u
/* What all bound filters together may need (EXO_EFULL): an `or` is a term each way. */
#define EXO_NTERM 3072  /* ways to be accepted; at most 16 a filter, else it is alone */
#define EXO_NSHAPE 48   /* sets of fields looked at */
#define EXO_NATOM 4096  /* conditions that are not equalities */
#define EXO_NPROGRAM 48 /* programs that must be interpreted */
#define EXO_NALONE 16   /* terms without an equality, looked at one by one */
#define EXO_NCHAIN 48   /* terms with the same values */
#define EXO_RING_SLOTS 128 /* slots of a packet ring, at most */
#define EXO_TX_MAX 64      /* transmit descriptors of one call */
#define EXO_IO_MAX 4096    /* bytes of one console_write */
#define EXO_RANGE_MAX 128  /* pages of one range call */

/* Addresses at which the boot loader builds an environment (a library OS may move things). */
#define EXO_EXPORT_VA 0x70000000u /* exported tables, read-only */
#define EXO_UPAGE_VA 0x7e000000u  /* struct exo_upage */
#define EXO_STACK_TOP 0x7ff00000u /* initial stack grows down from here */
#define EXO_STACK_PAGES 16
#define EXO_ARGS_VA 0x7e100000u /* struct exo_args of a boot program, read-only */

#endif
