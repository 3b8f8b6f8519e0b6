// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * prims.h - the machine-dependent parts of `prims`: workloads/port/isa/<isa>/prims.S and
 * workloads/port/mmu/prims_<kind>.c. Offsets of struct exo_upage, for assembly, come first.
 */
#ifndef PRIMS_H
#define PRIMS_H

#define PRIMS_BUSY 0
#define PRIMS_EPC 16
#define PRIMS_SP 24
#define PRIMS_CAUSE 40
#define PRIMS_CAUSE_BREAK 6
#define PRIMS_CALL_EXC_RETURN 0x2003
#define PRIMS_CALL_PCT_CALL 0x2005

#ifndef __ASSEMBLER__
#include <exo/user.h>
#include <stdbool.h>

/* -- port/isa -- */
extern volatile struct exo_upage *prims_upage; /* always translated */
extern volatile uint32_t prims_slices;         /* epilogues seen by prims_epilogue */
/* One breakpoint instruction. */
void prims_trap(void);
/* Exception entry: steps over a breakpoint and resumes; gives the library all else. */
void prims_handler(void);
/* Fills the save area so that exc_return comes back to the caller, and calls it. */
void prims_return(void);
/* Epilogue entry: counts, then goes on to the library's. */
void prims_epilogue(void);
/* pct_call to env, accepting only env; comes back when entered at prims_pct_client (which is in
 * prims_pct). Result: who entered, or a negative error. */
exo_sword prims_pct(uint32_t env);
extern char prims_pct_client[];
/* Entry of the other side: calls whoever entered back, at once. */
void prims_pct_server(void);

/* -- port/mmu -- */
struct prims_mmu {
    uint32_t kind;
    /* What must be there before va can be bound. */
    bool (*prepare)(uintptr_t va);
    /* Binds va, readable, so that the hardware does not know it yet. */
    bool (*renew)(uintptr_t va, uint32_t frame);
    /* A binding that is never lost. */
    bool (*keep)(uintptr_t va, uint32_t frame);
    /* Ends the binding of va, as happens when a table has no room for it any more. */
    bool (*lose)(uintptr_t va);
    /* Pages that contend for the same places, of which fewer than `rivals` fit: the i-th, the 0th
     * is va. NULL: every page has a place of its own. */
    uintptr_t (*rival)(uintptr_t va, unsigned i);
    unsigned rivals;
};
/* A kind without one is not measured: weak. */
#define EXO_KIND_MMU(number, name, NAME)                                                 \
    extern const struct prims_mmu prims_##name __attribute__((weak));
#include <exo/kinds.def>

/* A frame of the caller's, 0 if there is none. */
uint32_t prims_take_frame(void);
#define PRIMS_KINFO ((volatile const struct exo_kinfo *)(uintptr_t)EXO_EXPORT_VA)
#endif

#endif
