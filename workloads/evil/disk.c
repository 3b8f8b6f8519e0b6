// SPDX-License-Identifier: GPL-2.0-or-later
/* disk.c - what the attacks on disks share, the victim's part included. See evil_disk.h.
 * */
#include "evil_disk.h"

const struct evil_disk *evil_disk;
uint32_t evil_data_frame, evil_done_frame;
static const struct exo_hw_device *device;

void evil_disk_init(void)
{
    static const struct evil_disk *const kinds[EXO_DISK_KINDS] = {
#define EXO_KIND_DISK(number, name, NAME) [EXO_DISK_##NAME] = &evil_disk_##name,
#include <exo/kinds.def>
    };
    const struct exo_hw_table *t = evil_hardware();
    for (uint32_t i = 0; i < t->ndevices && device == NULL; i++)
        if (t->device[i].class_ == EXO_HW_DISK)
            device = &t->device[i];
    if (device && device->kind < EXO_DISK_KINDS)
        evil_disk = kinds[device->kind];
}

uint32_t evil_disk_bytes(void)
{
    return evil_disk->kind == EXO_DISK_FLASH
               ? (uint32_t)device->params[M_FL_PARAM_PAGE_SIZE]
               : 4096;
}

uint32_t evil_disk_end(void)
{
    uint32_t pages = evil_disk->kind == EXO_DISK_FLASH
                         ? (uint32_t)device->params[M_FL_PARAM_BLOCK_PAGES]
                         : 1;
    return EVIL_UNITS * pages;
}

volatile const struct exo_extent *evil_extent(uint32_t row)
{
    return (volatile const struct exo_extent *)(uintptr_t)(EXO_EXPORT_VA +
                                                           EVIL_KINFO->extents_off) +
           row;
}

const char *evil_disk_open(void)
{
    WORKS(exo_extent_alloc(EVIL_ROW, EVIL_FIRST, EVIL_UNITS, 0));
    TRY(evil_own_page(EVIL_ARENA, &evil_data_frame));
    return evil_own_page(EVIL_ARENA + evil_page(), &evil_done_frame);
}

struct evil_request evil_request(uint32_t op)
{
    return (struct evil_request){.op = op,
                                 .extent = EVIL_ROW,
                                 .data = {.frame = evil_data_frame},
                                 .done = {.frame = evil_done_frame}};
}

/* The word that the request says, if it lies in the page of status words. */
static volatile uint32_t *status_of(const struct evil_request *r)
{
    return (volatile uint32_t *)(EVIL_ARENA + evil_page() + r->done.offset);
}

const char *evil_disk_do(const struct evil_request *r)
{
    WORKS(evil_disk->ask(r));
    for (uint64_t end = exo_time64() + EVIL_PATIENCE; exo_time64() < end;)
        if (*status_of(r) != 0)
            return *status_of(r) == EXO_IO_DONE ? NULL : "the request failed";
    return "the request never ended";
}

const char *evil_disk_quiet(uint32_t row)
{
    for (uint64_t end = exo_time64() + EVIL_PATIENCE; exo_time64() < end;)
        if (evil_extent(row)->requests == 0)
            return NULL;
    return "a request never ended";
}

const char *evil_disk_intact(void)
{
    exo_sword r = evil_order(ORDER_DISK, 0, 0, 0);
    return r == 0 ? NULL : evil_wrong("the victim's disk: %ld", (long)r);
}

/* -- the victim: one frame at EVIL_ARENA, data first, the status word last -- */

static exo_sword victim_does(uint32_t op, uint32_t frame)
{
    uintptr_t at = EVIL_ARENA + evil_page() - sizeof(uint32_t);
    struct evil_request r = {
        .op = op,
        .extent = EVIL_VICTIM_ROW,
        .data = {.frame = frame},
        .done = {.frame = frame, .offset = (uint32_t)(at - EVIL_ARENA)},
    };
    exo_sword error;
    while ((error = evil_disk->ask(&r)) == -EXO_EBUSY) {
    }
    if (error != 0)
        return error;
    while (*(volatile uint32_t *)at == 0) {
    }
    return *(volatile uint32_t *)at == EXO_IO_DONE ? 0 : -EXO_EIO;
}

/* But for the status word's. */
static uint32_t secret_words(void)
{
    return evil_disk_bytes() / (uint32_t)sizeof(uint32_t) - 1;
}

bool evil_disk_hide(uint32_t frame)
{
    volatile uint32_t *p = (volatile uint32_t *)EVIL_ARENA;
    if (evil_mmu->bind(0, EVIL_ARENA | EXO_R | EXO_W, frame, 0) < 0 ||
        exo_extent_alloc(EVIL_VICTIM_ROW, EVIL_VICTIM_FIRST, EVIL_VICTIM_UNITS, 0) < 0)
        return false;
    for (uint32_t i = 0; i < secret_words(); i++)
        p[i] = EVIL_SECRET + i;
    if (evil_disk->kind == EXO_DISK_FLASH && victim_does(EXO_IO_ERASE, frame) < 0)
        return false;
    return victim_does(EXO_IO_WRITE, frame) == 0;
}

exo_sword evil_disk_look(uint32_t frame)
{
    volatile uint32_t *p = (volatile uint32_t *)EVIL_ARENA;
    exo_sword error = evil_mmu->bind(0, EVIL_ARENA | EXO_R | EXO_W, frame, 0);
    for (uint32_t i = 0; i < secret_words() && error == 0; i++)
        p[i] = 0;
    if (error == 0)
        error = victim_does(EXO_IO_READ, frame);
    for (uint32_t i = 0; i < secret_words() && error == 0; i++)
        if (p[i] != EVIL_SECRET + i)
            error = -EXO_EPERM;
    return error;
}
