// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lists.h - the entries of a table in use, on a list of their frame and one of their environment,
 * so that revocation and death cost what there is to break. Entry i of the table is number
 * i + 1 here, 0 ends a list; there are at most 65535.
 */
#ifndef EXO_MMU_LISTS_H
#define EXO_MMU_LISTS_H

#include "common.h"

struct list_link {
    uint16_t frame_next, frame_prev, env_next, env_prev;
};

struct lists {
    struct list_link *link; /* [entries + 1]; link[0] takes what nobody reads */
    uint16_t *frame_head;   /* [nframes] */
    uint16_t env_head[EXO_NENV];
};

static inline void lists_init(struct lists *l, uint32_t entries, uint32_t nframes,
                              void *(*boot_alloc)(size_t bytes))
{
    l->link = boot_alloc((entries + 1) * sizeof l->link[0]);
    l->frame_head = boot_alloc(nframes * sizeof l->frame_head[0]);
}

static inline void lists_add(struct lists *l, uint32_t i, uint32_t frame, uint32_t env)
{
    uint16_t me = (uint16_t)(i + 1);
    uint16_t *frame_head = &l->frame_head[frame];
    uint16_t *env_head = &l->env_head[env];
    l->link[me] = (struct list_link){.frame_next = *frame_head, .env_next = *env_head};
    l->link[*frame_head].frame_prev = me;
    l->link[*env_head].env_prev = me;
    *frame_head = me;
    *env_head = me;
}

static inline void lists_remove(struct lists *l, uint32_t i, uint32_t frame, uint32_t env)
{
    const struct list_link *k = &l->link[i + 1];
    if (k->frame_prev != 0)
        l->link[k->frame_prev].frame_next = k->frame_next;
    else
        l->frame_head[frame] = k->frame_next;
    l->link[k->frame_next].frame_prev = k->frame_prev;
    if (k->env_prev != 0)
        l->link[k->env_prev].env_next = k->env_next;
    else
        l->env_head[env] = k->env_next;
    l->link[k->env_next].env_prev = k->env_prev;
}

/* For inv_mmu: is entry i, which is in use, on both lists? */
static inline bool lists_inv(const struct lists *l, uint32_t i, uint32_t frame,
                             uint32_t env)
{
    const struct list_link *k = &l->link[i + 1];
    uint32_t by_frame =
        k->frame_prev != 0 ? l->link[k->frame_prev].frame_next : l->frame_head[frame];
    uint32_t by_env = k->env_prev != 0 ? l->link[k->env_prev].env_next : l->env_head[env];
    return by_frame == i + 1 && by_env == i + 1;
}

#endif
