// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store_cut.c - what a medium holds when the power fails during a write (enum hw_persist):
 *
 *   ORDERED  all earlier writes, and of the one under way the first n atoms, n from none to all.
 *   CACHED   all writes up to the last flush. Of those since, the one under way included, each
 *            is there, or not, or torn (any of its atoms), and they came in any order.
 *
 * What happens is drawn from the seed and the number of the write, so that a campaign over all
 * writes, and over seeds, sees every kind of loss; the same command sees the same.
 */
#include <stdlib.h>
#include <string.h>

#include "store_priv.h"

/* splitmix64 */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static struct store_undo *new_undo(struct store *s, uint64_t off, size_t len)
{
    if ((s->nundo & (s->nundo + 1)) == 0) /* room for 1, 3, 7, 15 ... */
        s->undo = mem_grow(s->undo, 2 * s->nundo + 1, sizeof *s->undo);
    struct store_undo *u = &s->undo[s->nundo++];
    *u = (struct store_undo){.off = off, .len = len, .bytes = mem_grow(NULL, len, 2)};
    return u;
}

void store_cut_keep(struct store *s, uint64_t off, const void *both, size_t len)
{
    memcpy(new_undo(s, off, len)->bytes, both, 2 * len);
}

void store_cut_note(struct store *s, uint64_t off, const void *from, size_t len)
{
    if (s->persist != HW_PERSIST_CACHED || len == 0)
        return;
    struct store_undo *u = new_undo(s, off, len);
    if (store_read(s, off, u->bytes, len)) /* the host failed: the machine ends */
        memset(u->bytes, 0, len);
    memcpy(u->bytes + len, from, len);
}

void store_cut_forget(struct store *s)
{
    for (size_t i = 0; i < s->nundo; i++)
        free(s->undo[i].bytes);
    free(s->undo);
    s->undo = NULL;
    s->nundo = 0;
}

static size_t atoms(const struct store *s, size_t len)
{
    return (len + s->atom - 1) / s->atom;
}

static void put_atom(struct store *s, uint64_t off, const uint8_t *from, size_t len,
                     size_t atom)
{
    size_t at = atom * s->atom, n = len - at < s->atom ? len - at : s->atom;
    (void)store_put(s, off + at, from + at, n);
}

/* Any atoms of it, in no order. */
static void put_torn(struct store *s, const struct store_undo *u, uint64_t *random)
{
    for (size_t i = 0; i < atoms(s, u->len); i++)
        if (draw(random) & 1)
            put_atom(s, u->off, u->bytes + u->len, u->len, i);
}

static void cut_cached(struct store *s, uint64_t *random)
{
    for (size_t i = s->nundo; i-- > 0;) /* the medium as it was flushed */
        (void)store_put(s, s->undo[i].off, s->undo[i].bytes, s->undo[i].len);
    for (size_t i = s->nundo; i > 1; i--) { /* in any order */
        size_t k = draw(random) % i;
        struct store_undo u = s->undo[k];
        s->undo[k] = s->undo[i - 1];
        s->undo[i - 1] = u;
    }
    uint64_t keep = draw(random) % 5; /* of four: some cuts lose all, some nothing */
    for (size_t i = 0; i < s->nundo; i++) {
        const struct store_undo *u = &s->undo[i];
        if (draw(random) % 8 == 0)
            put_torn(s, u, random);
        else if (draw(random) % 4 < keep)
            (void)store_put(s, u->off, u->bytes + u->len, u->len);
    }
}

void store_cut_now(struct store *s, uint64_t off, const void *from, size_t len)
{
    uint64_t random = s->setup.cut_seed * UINT64_C(0x9e3779b97f4a7c15) ^ s->writes;
    if (s->persist == HW_PERSIST_CACHED) {
        store_cut_note(s, off, from, len);
        cut_cached(s, &random);
    } else {
        size_t n = draw(&random) % (atoms(s, len) + 1);
        for (size_t i = 0; i < n; i++)
            put_atom(s, off, from, len, i);
    }
    store_cut_forget(s);
    s->cut = true;
}
