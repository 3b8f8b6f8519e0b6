// SPDX-License-Identifier: GPL-2.0-or-later
/* evil_flash.c - requests of attacks (evil_disk.h) to raw flash. */
#include "evil_disk.h"

static exo_sword ask(const struct evil_request *r)
{
    struct exo_flash_io f = {.op = r->op,
                             .extent = r->extent,
                             .cap = r->cap,
                             .page = r->unit,
                             .data = r->data,
                             .done = r->done};
    return exo_flash_io((exo_word)&f);
}

static exo_sword ask_at(uintptr_t request)
{
    return exo_flash_io(request);
}

static exo_sword foreign_call(void)
{
    struct exo_sector_io s = {.op = EXO_IO_READ, .count = 1};
    return exo_sector_io((exo_word)&s);
}

const struct evil_disk evil_disk_flash = {EXO_DISK_FLASH, 1, ask, ask_at, foreign_call};
