// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch.S - aarch64, softtlb: pct_call's way into the partner's address space (the ASID).
 * Part of entry.S:  * x9 = the MMU's registers, x10 = its ctx, x0 = its ASID, x11 is free.
 */
    str w0, [x9, #M_TLB_ASID]
