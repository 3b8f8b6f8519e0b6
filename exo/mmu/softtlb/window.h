// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * window.h - the kernel's software TLB (softtlb.c) as assembly reads it: an environment's
 * window of STLB_WINDOW entries {tag, lo} of a register each starts at ctx.root; tag = page
 * address | environment. Entry number = (page ^ page >> STLB_FOLD) mod STLB_WINDOW,
 * page = address >> 12.
 */
#ifndef EXO_MMU_SOFTTLB_WINDOW_H
#define EXO_MMU_SOFTTLB_WINDOW_H

#define STLB_WINDOW_BITS 12
#define STLB_FOLD 12

#endif
