// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * self.h - what the library knows about the environment it runs in: struct exos_self, behind
 * struct exo_upage in the same frame. That frame is always translated (a software TLB holds it
 * wired), so everything that resolving a translation fault needs is in it or found from it
 * without further faults:
 *
 *   region[]     long runs of pages in consecutive frames, fixed: text, exported tables, files
 *   dir[]        which leaf of the page map covers a stretch of addresses, 0 = none
 *   leaf_frame[] where the leaves are (a leaf itself may have to be refilled)
 *
 * Upcalls run on this too. On a machine for whose MMU there is no backend (or one without the
 * hooks bind and window), SELF and UPAGE point to where the boot loader put the upage, and exos_mmu
 * is NULL: everything that needs translations returns ENOSYS.
 */
#ifndef EXOS_SELF_H
#define EXOS_SELF_H

#include <exo/user.h>

#include "layout.h"
#include "mmu.h"

#define SELF_MAGIC 0x45584f53u /* "EXOS" */
#define SELF_REGIONS 16
#define SELF_DIR 512
#define SELF_LEAVES 96
#define SELF_SESSION_MAX 12
#define SELF_AREAS 2
#define SELF_BACKEND 56

struct region {
    uint32_t start, end; /* page addresses, end behind the last */
    uint32_t frame;      /* of start */
    uint32_t rights;     /* EXO_R/W/X */
};

struct exos_self {
    uint64_t upstack_top; /* these three: assembly, see layout.h */
    uint64_t slice_ctx;   /* context an epilogue saved */
    uint64_t pct_sp;      /* stack of who waits to be entered */
    uint32_t magic, size; /* checked by a new image at exec: same layout? */
    uint32_t mmu_kind;    /* enum exo_mmu_kind */
    uint32_t page_shift, page_size;
    uint32_t leaf_shift; /* log2 of the bytes of address space a leaf covers */
    uint32_t leaf_mask;  /* entries of a leaf - 1 */
    uint32_t env, proc;  /* environment number; own row of the process table */
    uint32_t upage_frame, upstack_frame, work_frame; /* work: 0 until needed */
    uint32_t args_frame; /* boot program: what is at EXO_ARGS_VA, children hold it too */
    uint32_t scratch_frame[L_SCRATCHES]; /* what is mapped at L_SCRATCH, 0 = nothing */
    uint32_t session_frame[SELF_SESSION_MAX], session_pages;
    uint32_t area_pages[SELF_AREAS]; /* of areas this process is attached to, else 0 */
    uint32_t data_start, brk, brk_start; /* demand-zero from data_start to brk */
    uint32_t mmap_next;
    uint32_t repo_seen;             /* repossessions dealt with */
    uint32_t old_env;               /* exec: the environment this one replaced */
    uint32_t handover;              /* exec: address of struct exec_handover, else 0 */
    uint32_t backend[SELF_BACKEND]; /* of the MMU backend, zero at first */
    uint32_t nregions;
    struct region region[SELF_REGIONS];
    uint32_t nleaves; /* in use: the first ones; never fewer */
    uint32_t leaf_frame[SELF_LEAVES];
    uint16_t leaf_dir[SELF_LEAVES]; /* index of dir[] it belongs to */
    uint16_t leaf_low[SELF_LEAVES],
        leaf_high[SELF_LEAVES]; /* entries ever used: [low, high) */
    uint8_t dir[SELF_DIR];
};
_Static_assert(sizeof(struct exo_upage) + sizeof(struct exos_self) <= 4096 - 256,
               "upage and library state must fit the smallest page");
_Static_assert(offsetof(struct exo_upage, library) == UP_LIBRARY, "layout.h");
_Static_assert(offsetof(struct exo_upage, save.scratch) == UP_SCRATCH, "layout.h");
_Static_assert(offsetof(struct exo_upage, save.cause) == UP_CAUSE, "layout.h");
_Static_assert(offsetof(struct exos_self, pct_sp) == SELF_PCT_SP - UP_LIBRARY,
               "layout.h");

/* For the wired path, which may touch nothing else and no constants but WIRED_DATA. */
#define W_UPAGE ((struct exo_upage *)L_UPAGE)
#define W_SELF ((struct exos_self *)(L_UPAGE + UP_LIBRARY))
/* For everybody else. */
extern struct exo_upage *exos_upage;
#define UPAGE exos_upage
#define SELF ((struct exos_self *)exos_upage->library)
/* The backend, NULL: none. Looked up, not stored: exec changes the image under self. */
extern const struct mmu_ops *const exos_backends[EXO_MMU_KINDS];
#define exos_mmu (exos_backends[SELF->mmu_kind])

#define PAGE_SIZE (SELF->page_size)
#define PAGE_SHIFT (SELF->page_shift)
#define PAGE_DOWN(va) ((uint32_t)(va) & ~(PAGE_SIZE - 1))
#define PAGE_UP(va) (((uint32_t)(va) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1))

/* Exported tables. */
#define KINFO ((volatile const struct exo_kinfo *)(uintptr_t)EXO_EXPORT_VA)
#define HWTABLE                                                                          \
    ((const struct exo_hw_table *)(uintptr_t)(EXO_EXPORT_VA + KINFO->hwtable_off))
#define FRAMES                                                                           \
    ((volatile const struct exo_frame *)(uintptr_t)(EXO_EXPORT_VA + KINFO->frames_off))
#define ENVS                                                                             \
    ((volatile const struct exo_env_public *)(uintptr_t)(EXO_EXPORT_VA + KINFO->envs_off))
#define SLICES ((volatile const uint8_t *)(uintptr_t)(EXO_EXPORT_VA + KINFO->slices_off))

#endif
