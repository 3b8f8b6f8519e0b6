// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mmu_vmsa.h - the registers and formats of "exo,mmu-vmsa" (hwmodels/mmu/vmsa.c), for the
 * exokernel's driver and libraries. Constants only: assembly may include it. Formats: Arm
 * Architecture Reference Manual, ARMv7-A (DDI 0406C), B3.5.
 */
#ifndef EXO_MMU_VMSA_H
#define EXO_MMU_VMSA_H

#define M_VMSA_TTBR0 0x00    /* rw: first-level table, 8 KiB aligned */
#define M_VMSA_ASID 0x04     /* rw */
#define M_VMSA_TLBIMVA 0x08  /* wo: page | ASID */
#define M_VMSA_TLBIASID 0x0c /* wo */
#define M_VMSA_TLBIALL 0x10  /* wo */
#define M_VMSA_SHARED 0x10   /* added to the three: on every core */

/* First level: 1 MiB a descriptor. Second level: a page. */
#define M_VMSA_TABLE 0x1
#define M_VMSA_PAGE 0x2
#define M_VMSA_XN 0x1
#define M_VMSA_AP_USER 0x30 /* AP[1:0] = 3: user mode may read */
#define M_VMSA_AP_RO 0x200  /* AP[2]: nobody may write */

/* Parameters in the hardware table, in this order. */
#define M_VMSA_PARAM_PAGE_SHIFT 0
#define M_VMSA_PARAM_VA_BITS 1
#define M_VMSA_PARAM_ASID_BITS 2
#define M_VMSA_PARAMS 3

#endif
