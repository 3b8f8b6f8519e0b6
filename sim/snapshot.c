// SPDX-License-Identifier: GPL-2.0-or-later
/* snapshot.c - whole machines in host memory, pages shared. See snapshot.h; files: snapshot_file.c. */
#include "snapshot_priv.h"

#include <stdlib.h>
#include <string.h>

#include "machine_priv.h"
#include "machine_state.h"

static const uint8_t zeroes[SNAPSHOT_PAGE];

static const uint8_t *page_bytes(const struct snapshot_page *p)
{
    return p ? p->bytes : zeroes;
}

/* The page of RAM at `at`, as `like` if it is the same. */
static struct snapshot_page *keep_page(const uint8_t *at, struct snapshot_page *like,
                                       uint64_t *copied)
{
    if (memcmp(at, page_bytes(like), SNAPSHOT_PAGE) == 0) {
        if (like)
            like->refs++;
        return like;
    }
    if (like && memcmp(at, zeroes, SNAPSHOT_PAGE) == 0)
        return NULL;
    struct snapshot_page *p = mem_grow(NULL, 1, sizeof *p);
    p->refs = 1;
    memcpy(p->bytes, at, SNAPSHOT_PAGE);
    *copied += sizeof *p;
    return p;
}

struct snapshot *snapshot_take(struct machine *m, const struct snapshot *since,
                               struct snapshot_pool *pool)
{
    struct snapshot *s = mem_zero(1, sizeof *s);
    s->npages = m->ram_size / SNAPSHOT_PAGE;
    s->page = mem_zero(s->npages, sizeof *s->page);
    for (uint64_t i = 0; i < s->npages; i++)
        s->page[i] = keep_page(m->ram + i * SNAPSHOT_PAGE, since ? since->page[i] : NULL,
                               &pool->bytes);
    s->code = mem_grow(NULL, s->npages, 1);
    memcpy(s->code, m->code_pages, s->npages);
    machine_state_put(m, &s->state);
    s->bytes = sizeof *s + s->npages * (sizeof *s->page + 1) + s->state.cap;
    s->pool = pool;
    pool->bytes += s->bytes;
    s->place = machine_place_of(m);
    return s;
}

/* Translations of pages that change, or are code in one state only, must go in every core. */
static void drop_code(struct machine *m, uint64_t page)
{
    for (unsigned c = 0; c < m->cores; c++)
        m->cpu->code_written(m->core[c].cpu->dev, page * SNAPSHOT_PAGE, SNAPSHOT_PAGE);
}

int snapshot_restore(struct machine *m, const struct snapshot *s, struct err *err)
{
    for (uint64_t i = 0; i < s->npages; i++) {
        uint8_t *at = m->ram + i * SNAPSHOT_PAGE;
        const uint8_t *was = page_bytes(s->page[i]);
        bool differs = memcmp(at, was, SNAPSHOT_PAGE) != 0;
        if (differs || m->code_pages[i] != s->code[i])
            drop_code(m, i);
        if (differs)
            memcpy(at, was, SNAPSHOT_PAGE);
    }
    memcpy(m->code_pages, s->code, s->npages);
    struct bytes_in in = {s->state.at, s->state.n, false};
    return machine_state_get(m, &in, err);
}

void snapshot_free(struct snapshot *s)
{
    if (!s)
        return;
    for (uint64_t i = 0; i < s->npages; i++)
        if (s->page[i] && --s->page[i]->refs == 0) {
            free(s->page[i]);
            s->pool->bytes -= sizeof *s->page[i];
        }
    s->pool->bytes -= s->bytes;
    free(s->page);
    free(s->code);
    bytes_free(&s->state);
    free(s);
}

const struct machine_place *snapshot_place(const struct snapshot *s)
{
    return &s->place;
}
