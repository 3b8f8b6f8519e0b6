// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch.S - riscv64, hashed: pct_call's way into the partner's address space (its number). Part of
 * entry.S: t1 = the MMU's registers, t0 = its ctx, a0 = its number, t2 is free.
 */
    sw a0, M_HPT_SPACE(t1)
