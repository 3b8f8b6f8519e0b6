// SPDX-License-Identifier: GPL-2.0-or-later
/* vm.h - memory of the process: what the library's other parts use of frame.c, vm.c, mman.c. */
#ifndef EXOS_VM_PRIV_H
#define EXOS_VM_PRIV_H

#include <signal.h>

#include "pagemap.h"

/* -- frame.c (frame_take, frame_give_back: port/mmu.h) -- */
/* A frame bound to a page of ours, with one trap; 0: there is none. */
uint32_t frame_take_bound(uint32_t va_rights);
/* Zero the page at va (bound writable to frame), unless the kernel knows it is. */
void page_zero(uint32_t va, uint32_t frame);
void page_copy(void *to, const void *from);
/* Map a frame of ours at a scratch place; NULL if that fails. Stays until the next. Place 0
 * belongs to faults, the others to who is in a critical section. */
void *scratch_map(unsigned place, uint32_t frame);
void scratch_unmap(unsigned place);

/* -- start.c -- */
/* Frames of the fault path's text in an image that exec builds; 0: the same as ours. */
#define VM_WIRED_PAGES 2
extern uint32_t vm_wired_of[VM_WIRED_PAGES];

/* -- vm.c: faults -- */
/* Make the page at va usable for `need` (EXO_R/W/X). 0, or the signal's si_code; *sig is set. */
int vm_fault(uint32_t va, uint32_t need, int *sig);
/* The same for a range, before it is touched where faults are not welcome. 0 or -1. */
int vm_touch(const void *p, size_t n, uint32_t need);
/* The kernel took frames away: mark their pages. */
void vm_repossessed(void);
/* Give `frame` up: move what is in it. 0, or negative if it cannot be spared. */
int vm_surrender(uint32_t frame);

/* -- range.c; errors are negative enum exo_error -- */
/* Bind n pages from va that are present, up to EXO_BATCH_MAX at once. */
void vm_prefetch(uint32_t va, uint32_t pages);
/* Is nothing mapped in [va, va + pages) of the mmap area? */
bool vm_is_free(uint32_t va, uint32_t pages);
/* Free address space for this many pages, 0 if there is none. */
uint32_t vm_find(uint32_t pages);
/* Forget [va, va + pages): frames go back. */
void vm_discard(uint32_t va, uint32_t pages);
/* Enter pages with these flags; frame 0: anonymous, else of consecutive frames. */
int vm_enter(uint32_t va, uint32_t pages, uint32_t frame, uint32_t flags);
/* All are mapped (else -EXO_EVA), none has all flags of `forbidden` (-EXO_EPERM; 0: any). */
int vm_check(uint32_t va, uint32_t pages, uint32_t forbidden);
/* Rights of pages that are all mapped. */
int vm_protect(uint32_t va, uint32_t pages, uint32_t rights);

#endif
