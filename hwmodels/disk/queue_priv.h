// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * queue_priv.h - the state of "exo,disk-queue", shared by queue.c (registers), queue_run.c
 * (entries under way) and queue_state.c (save, restore, describe).
 */
#ifndef HWMODELS_QUEUE_PRIV_H
#define HWMODELS_QUEUE_PRIV_H

#include "disk.h"

enum queue_status { OK = 0, BAD_OP = 1, BAD_RANGE = 2, BAD_ADDRESS = 3 };
#define BLOCK 4096u
#define SUBMIT 32u
#define COMPLETE 16u

/* An entry the device has taken and not yet completed, in the order they were submitted. */
enum stage {
    WAITING,  /* a FLUSH, for the writes before it */
    WORKING,  /* on a channel until `at` */
    CROSSING, /* its blocks cross the link until `at` */
    FINISHED, /* no room in the completion ring yet */
};
struct entry {
    uint64_t block, pa, at;
    uint32_t op, tag, count, status;
    uint8_t stage;
};

struct queue {
    struct hw_env env;
    uint64_t blocks, read_cycles, write_cycles, flush_cycles, rate;
    uint32_t depth_max, channels, slots;
    bool cache;
    struct hw_disk_stats stats;
    /* registers */
    uint64_t sq, cq;
    uint32_t depth;
    bool enabled, error, irq;
    /* indexes, free-running */
    uint32_t sq_head, sq_tail, cq_head, cq_tail;
    uint64_t link_free;      /* when the link is done with what is on its way */
    uint32_t nentries, busy; /* taken; of them on a channel */
    struct entry entry[];    /* slots */
};

/* ---- queue.c ---- */

void queue_irq(struct queue *d, bool up);
/* Do both rings, of this depth, lie in RAM? Says which does not, or NULL. */
const char *queue_rings_wrong(struct queue *d);

/* ---- queue_run.c ---- */

/* What is wrong with an entry, or OK. */
enum queue_status queue_check(struct queue *d, const struct entry *e);
/* Takes what the channels have room for, and says when the next entry ends. */
void queue_schedule(struct queue *d);
/* Asks for the event at which the next entry ends. */
void queue_next(struct queue *d);
/* Completions for what is finished, as far as there is room. */
void queue_post(struct queue *d);
void queue_event(void *dev, uint32_t tag);

/* ---- queue_state.c ---- */

size_t queue_save(void *dev, uint8_t *buf, size_t max);
int queue_restore(void *dev, const uint8_t *buf, size_t len);
size_t queue_describe(void *dev, char *buf, size_t max);

#endif
