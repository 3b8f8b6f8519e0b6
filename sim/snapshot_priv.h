// SPDX-License-Identifier: GPL-2.0-or-later
/* snapshot_priv.h - struct snapshot, for snapshot.c (memory) and snapshot_file.c (files). */
#ifndef SIM_SNAPSHOT_PRIV_H
#define SIM_SNAPSHOT_PRIV_H

#include "bytes.h"
#include "snapshot.h"

#define SNAPSHOT_PAGE 4096u

struct snapshot_page {
    uint32_t refs; /* snapshots that have it */
    uint8_t bytes[SNAPSHOT_PAGE];
};

struct snapshot {
    uint64_t npages;
    struct snapshot_page **page; /* NULL: all zero */
    uint8_t *code;               /* which pages were code */
    struct bytes state;
    uint64_t bytes; /* of host memory, without pages */
    struct snapshot_pool *pool;
    struct machine_place place;
};

#endif
