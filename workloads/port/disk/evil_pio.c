// SPDX-License-Identifier: GPL-2.0-or-later
/* evil_pio.c - requests of attacks (evil_disk.h) to a disk of sectors. */
#include "evil_disk.h"

static exo_sword ask(const struct evil_request *r)
{
    struct exo_sector_io s = {.op = r->op,
                              .extent = r->extent,
                              .cap = r->cap,
                              .sector = r->unit,
                              .count = 8,
                              .data = r->data,
                              .done = r->done};
    return exo_sector_io((exo_word)&s);
}

static exo_sword ask_at(uintptr_t request)
{
    return exo_sector_io(request);
}

static exo_sword foreign_call(void)
{
    struct exo_block_io b = {.op = EXO_IO_READ};
    return exo_block_io((exo_word)&b, 1);
}

const struct evil_disk evil_disk_pio = {EXO_DISK_PIO, 8, ask, ask_at, foreign_call};
