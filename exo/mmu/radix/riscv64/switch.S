// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switch.S - riscv64, radix: pct_call's way into the partner's address space (root table and ASID).
 * Part of entry.S:  * t1 = the MMU's registers, t0 = its ctx, a0 = its ASID, t2 is free.
 */
    ld t2, CTX_ROOT(t0)
    sd t2, M_RADIX_ROOT(t1)
    sw a0, M_RADIX_ASID(t1)
