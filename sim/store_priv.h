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
    uint8_t *bytes; /* size, rounded up to pages; only those written are there */
    uint8_t *dirty; /* a byte a page: 1 = written, in bytes; 0 = as in the image */
    bool started, cut;
    enum hw_persist persist;
    uint32_t atom;
    uint64_t writes;
    struct store_undo *undo;
    size_t nundo;
    char failed[256];
};

/* Bytes of a page; the last one may be short. */
size_t store_page_len(const struct store *s, uint64_t page);
/* Puts bytes on the medium, whatever the rules. The range lies inside. -1: the host failed. */
int store_put(struct store *s, uint64_t off, const void *from, size_t len);

/* ---- store_cut.c ---- */

/* A write is about to happen: keeps what it replaces if a cut may undo it. */
void store_cut_note(struct store *s, uint64_t off, const void *from, size_t len);
/* Keeps one write for a cut to undo: what was there, then what was written. */
void store_cut_keep(struct store *s, uint64_t off, const void *both, size_t len);
/* The power fails during this write. */
void store_cut_now(struct store *s, uint64_t off, const void *from, size_t len);
/* Everything noted is durable. */
void store_cut_forget(struct store *s);

#endif
