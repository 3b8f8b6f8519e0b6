// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * copy.c - the caller's memory, reached through its own translations. A page that is not
 * translated is not an error of the call: the environment gets the memory fault with EPC at the
 * call instruction, and the call is made again after its handler ran (SYS_RETRY). Only where
 * that cannot be (no user address, or no handler able to take it) it is -EXO_EFAULT.
 */
#include "core_priv.h"

exo_sword user_address(struct ctx *c, uint64_t va, unsigned access, uint64_t *pa)
{
    uint32_t cause;
    if (va >= arch_va_end)
        return -EXO_EFAULT;
    if (mmu_translate(c, va, access, pa, &cause) == 0)
        return 0;
    if (!upcall_can_except(c))
        return -EXO_EFAULT;
    upcall_exception(c, cause, c->pc - arch_call_bytes, va);
    return SYS_RETRY;
}

exo_sword copy_from_user(struct ctx *c, void *to, exo_word from, size_t len)
{
    uint8_t *k = to;
    if (len > arch_va_end || from > arch_va_end - len)
        return -EXO_EFAULT;
    while (len > 0) {
        uint64_t pa;
        exo_sword error = user_address(c, from, M_ACCESS_READ, &pa);
        if (error != 0)
            return error;
        size_t n = machine.page_size - ((uint32_t)from & (machine.page_size - 1));
        if (n > len)
            n = len;
        memcpy(k, arch_phys(pa), n);
        from += n;
        k += n;
        len -= n;
    }
    return 0;
}
