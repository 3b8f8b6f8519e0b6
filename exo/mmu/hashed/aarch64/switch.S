// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch.S - aarch64, hashed: pct_call's way into the partner's address space (its number). Part of
 * entry.S: x9 = the MMU's registers, x10 = its ctx, x0 = its number, x11 is free.
 */
    str w0, [x9, #M_HPT_SPACE]
