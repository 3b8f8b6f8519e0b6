// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch.S - aarch64, radix: pct_call's way into the partner's address space (root table and ASID).
 * Part of entry.S:  * x9 = the MMU's registers, x10 = its ctx, x0 = its ASID, x11 is free.
 */
    ldr x11, [x10, #CTX_ROOT]
    str x11, [x9, #M_RADIX_ROOT]
    str w0, [x9, #M_RADIX_ASID]
