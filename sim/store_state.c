// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store_state.c - what became of the medium since the run began, as bytes, for snapshots: the pages
 * that were written, counts, and what a power cut could undo. Pages that were not
 * written then are the image's again.
 */
#include <stdlib.h>
#include <string.h>

#include "store_priv.h"

static uint64_t pages_of(const struct store *s)
{
    return (s->size + STORE_PAGE - 1) / STORE_PAGE;
}

void store_state_put(const struct store *s, struct bytes *to)
{
    uint64_t n = 0;
    for (uint64_t p = 0; p < pages_of(s); p++)
        n += s->dirty[p];
    bytes_put64(to, s->size);
    bytes_put64(to, s->writes);
    bytes_put32(to, s->cut);
    bytes_put64(to, n);
    for (uint64_t p = 0; p < pages_of(s); p++) {
        if (!s->dirty[p])
            continue;
        bytes_put64(to, p);
        bytes_put(to, s->bytes + p * STORE_PAGE, store_page_len(s, p));
    }
    bytes_put64(to, s->nundo);
    for (size_t i = 0; i < s->nundo; i++) {
        bytes_put64(to, s->undo[i].off);
        bytes_put64(to, s->undo[i].len);
        bytes_put(to, s->undo[i].bytes, 2 * s->undo[i].len);
    }
}

static void get_pages(struct store *s, struct bytes_in *in)
{
    for (uint64_t n = bytes_get64(in); n > 0 && !in->bad; n--) {
        uint64_t p = bytes_get64(in);
        const uint8_t *from =
            p < pages_of(s) ? bytes_skip(in, store_page_len(s, p)) : NULL;
        if (!from || store_put(s, p * STORE_PAGE, from, store_page_len(s, p)))
            in->bad = true;
    }
}

static void get_undo(struct store *s, struct bytes_in *in)
{
    store_cut_forget(s);
    for (uint64_t n = bytes_get64(in); n > 0 && !in->bad; n--) {
        uint64_t off = bytes_get64(in), len = bytes_get64(in);
        bool inside = len > 0 && off <= s->size && len <= s->size - off;
        const uint8_t *both = inside ? bytes_skip(in, 2 * (size_t)len) : NULL;
        if (both)
            store_cut_keep(s, off, both, (size_t)len);
        else
            in->bad = true;
    }
}

void store_state_get(struct store *s, struct bytes_in *in)
{
    if (bytes_get64(in) != s->size) {
        in->bad = true;
        return;
    }
    memset(s->dirty, 0, pages_of(s)); /* all as in the image */
    s->writes = bytes_get64(in);
    s->cut = bytes_get32(in) != 0;
    get_pages(s, in);
    get_undo(s, in);
}
