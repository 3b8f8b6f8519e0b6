// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch.S - x86_64, softtlb: pct_call's way into the partner's address space (the ASID).
 * Part of entry.S:  * rcx = the MMU's registers, rdx = its ctx, edi = its ASID, rax is free.
 */
    movl %edi, M_TLB_ASID(%rcx)
