/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exos/hook.h - what the library lacks on this machine. A function of the library that needs a
 * hook of a backend (libos/port/hooks.def) that is not written fails with ENOSYS; which hook it was
 * is remembered here, and in the trace, as the call `note` of EXOS_HOOK_MARK | class << 8 | number
 * (enum exo_hw_class; the hook's place in its class).
 */
#ifndef _EXOS_HOOK_H
#define _EXOS_HOOK_H

#define EXOS_HOOK_MARK 0x686b0000u

/* "mmu.protect": the first hook this process missed since it began or cleared it; else NULL. */
const char *exos_hook_missing(void);
void exos_hook_clear(void);

#endif
