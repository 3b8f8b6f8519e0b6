// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch.S - riscv64, softtlb: pct_call's way into the partner's address space (the ASID).
 * Part of entry.S:  * t1 = the MMU's registers, t0 = its ctx, a0 = its ASID, t2 is free.
 */
    sw a0, M_TLB_ASID(t1)
