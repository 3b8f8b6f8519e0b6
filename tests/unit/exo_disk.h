// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exo_disk.h - what the tests of disk requests share: one way to ask for any kind of
 * disk. An extent of every kind, X, from unit DISK_FIRST; requests name pages of the
 * device (sectors, blocks, flash pages) from its start.
 */
#ifndef EXO_DISK_H
#define EXO_DISK_H

#include "disk.h"
#include "exo_rig.h"

#define X 3u          /* the extent */
#define DISK_FIRST 5u /* its first unit */
#define DISK_COUNT 9u /* units */

void boot_disk(uint32_t kind, uint32_t programs);
/* Also program 1 has X, and a frame for data and one for status words. */
void boot_request(uint32_t kind);
extern uint32_t disk_kind, data_frame, done_frame;

struct ask {
    uint32_t op, extent, cap, unit, count; /* unit: sector, block or page of X */
    struct exo_io_memory data, oob, done;
};
/* A request for the first unit, that is in order. */
struct ask ask_for(uint32_t op);
exo_sword ask(const struct ask *a);
/* The device does its i-th command and interrupts. */
void disk_does(uint32_t i, bool ok);

uint32_t ask_bytes(void); /* of data of ask_for()'s request */
uint32_t *status_at(const struct ask *a);
uint8_t *data_at(const struct ask *a);
uint8_t *medium_at(uint32_t unit); /* of X */

/* Body for all three kinds: a test function of its own each. */
#define DISK_TEST(name)                                                                  \
    static void name##_any(uint32_t kind);                                               \
    EXO_TEST(name##_pio)                                                                 \
    {                                                                                    \
        name##_any(EXO_DISK_PIO);                                                        \
    }                                                                                    \
    EXO_TEST(name##_queue)                                                               \
    {                                                                                    \
        name##_any(EXO_DISK_QUEUE);                                                      \
    }                                                                                    \
    EXO_TEST(name##_flash)                                                               \
    {                                                                                    \
        name##_any(EXO_DISK_FLASH);                                                      \
    }                                                                                    \
    static void name##_any(uint32_t kind)
#define DISK_ROWS(name) RIG_ROW(name##_pio), RIG_ROW(name##_queue), RIG_ROW(name##_flash)

#endif
