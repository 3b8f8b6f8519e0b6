// SPDX-License-Identifier: GPL-2.0-or-later
/* store_priv.h - struct store, shared by store.c, store_cut.c and store_save.c. */
#ifndef SIM_STORE_PRIV_H
#define SIM_STORE_PRIV_H

#include "store.h"

/* One write since the last flush, kept so that a power cut can undo it. */
struct store_undo {
    uint64_t off;
    size_t len;
    uint8_t *bytes; /* before, then after: 2 * len */
};

struct store {
    struct store_setup setup;
    char *image, *option;
    char *name; /* "--disk IMG", NULL: blank */
    int fd;     /* of the image, or -1 */
    uint64_t size;
    uint8_t blank;
    uint8_t *
        bytes; /* size, rounded up to chunks; made of pages the host gives when touched */
    uint8_t *loaded; /* a byte a chunk */
    uint8_t *dirty;  /* a byte a page */
    bool started, cut;
    enum hw_persist persist;
    uint32_t atom;
    uint64_t writes;
    struct store_undo *undo;
    size_t nundo;
    char failed[256];
};

/* 0 if the range lies inside and is in memory now. */
int store_load(struct store *s, uint64_t off, size_t len);
/* The page is again what it was in the image. 0, or -1 if it cannot be read. */
int store_forget_page(struct store *s, uint64_t page);
/* Puts bytes on the medium, whatever the rules. The range lies inside and is loaded. */
void store_put(struct store *s, uint64_t off, const void *from, size_t len);

/* ---- store_cut.c ---- */

/* A write is about to happen: keeps what it replaces if a cut may undo it. */
void store_cut_note(struct store *s, uint64_t off, const void *from, size_t len);
/* Keeps one write for a cut to undo. */
void store_cut_keep(struct store *s, uint64_t off, const void *before, const void *after,
                    size_t len);
/* The power fails during this write. */
void store_cut_now(struct store *s, uint64_t off, const void *from, size_t len);
/* Everything noted is durable. */
void store_cut_forget(struct store *s);

#endif
