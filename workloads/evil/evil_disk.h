// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * evil_disk.h - attacks on disks. Requests are made in this board's own terms
 * (port/disk); the attacks speak of pieces: 8 sectors, a block, a flash page.
 *
 * The victim has an extent (row EVIL_VICTIM_ROW, guarded by {1}) whose first piece says
 * the secret. ORDER_DISK makes it read that again.
 */
#ifndef EVIL_DISK_H
#define EVIL_DISK_H

#include "evil.h"

#define EVIL_VICTIM_ROW 7u
#define EVIL_VICTIM_FIRST 40u /* units of the disk */
#define EVIL_VICTIM_UNITS 16u
/* The attacks' own: behind the victim's. */
#define EVIL_ROW 3u
#define EVIL_FIRST 64u
#define EVIL_UNITS 16u

struct evil_request {
    uint32_t op, extent, cap;
    uint32_t unit; /* sector, block, page of the extent */
    struct exo_io_memory data, done;
};

struct evil_disk {
    uint32_t kind;
    uint32_t step; /* units of addressing a piece has: 8 sectors, 1 block, 1 page */
    exo_sword (*ask)(const struct evil_request *r); /* 0 or negative enum exo_error */
    exo_sword (*ask_at)(uintptr_t request);         /* with this pointer */
    exo_sword (*foreign_call)(void);                /* a call of another kind of disk */
};
#define EXO_KIND_DISK(number, name, NAME)                                                \
    extern const struct evil_disk evil_disk_##name __attribute__((weak));
#include <exo/kinds.def>
extern const struct evil_disk *evil_disk; /* this board's; NULL: it has none */
extern const struct evil_attack evil_disk_none[], evil_disk_authority[], evil_disk_life[];

void evil_disk_init(void);
uint32_t evil_disk_bytes(void); /* of a piece */
uint32_t evil_disk_end(void); /* units of addressing in EVIL_UNITS or EVIL_VICTIM_UNITS */
volatile const struct exo_extent *evil_extent(uint32_t row);
/* The caller's extent, a page of data at EVIL_ARENA, one of status words behind it. */
const char *evil_disk_open(void);
extern uint32_t evil_data_frame, evil_done_frame;
/* A request of the caller's that is in order, for the first piece. */
struct evil_request evil_request(uint32_t op);
/* Waits; NULL if the request was accepted and went well. */
const char *evil_disk_do(const struct evil_request *r);
/* Until no request on the extent is under way. */
const char *evil_disk_quiet(uint32_t row);
/* NULL: the victim finds on the disk what it wrote. */
const char *evil_disk_intact(void);

/* -- victim.c's part -- */
bool evil_disk_hide(uint32_t frame); /* write the secret; frame: of data, then status */
exo_sword evil_disk_look(uint32_t frame); /* 0: it is still there */

#endif
