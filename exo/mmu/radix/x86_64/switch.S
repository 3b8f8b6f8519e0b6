// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch.S - x86_64, radix: pct_call's way into the partner's address space (root table and ASID).
 * Part of entry.S:  * rcx = the MMU's registers, rdx = its ctx, edi = its ASID, rax is free.
 */
    movq CTX_ROOT(%rdx), %rax
    movq %rax, M_RADIX_ROOT(%rcx)
    movl %edi, M_RADIX_ASID(%rcx)
