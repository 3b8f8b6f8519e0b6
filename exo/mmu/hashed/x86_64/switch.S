// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch.S - x86_64, hashed: pct_call's way into the partner's address space (its number). Part of
 * entry.S: rcx = the MMU's registers, rdx = its ctx, edi = its number, rax is free.
 */
    movl %edi, M_HPT_SPACE(%rcx)
