// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch.S - mips32, hashed: pct_call's way into the partner's address space (its number). Part of
 * entry.S: k1 = the MMU's registers, k0 = its ctx, a0 = its number, v0 is free; begins in a
 * delay slot and leaves v0 = its entry for pct_call.
 */
     lw $v0, CTX_PCT_ENTRY($k0)
    sw $a0, M_HPT_SPACE($k1)
