// SPDX-License-Identifier: GPL-2.0-or-later
/* evil_queue.c - requests of attacks (evil_disk.h) to a disk with rings. */
#include "evil_disk.h"

static exo_sword ask(const struct evil_request *r)
{
    struct exo_block_io b = {r->op, r->extent, r->cap, r->unit, r->data, r->done};
    exo_sword n = exo_block_io((exo_word)&b, 1);
    return n == 1 ? 0 : n;
}

static exo_sword ask_at(uintptr_t request)
{
    exo_sword n = exo_block_io(request, 1);
    return n == 1 ? 0 : n;
}

static exo_sword foreign_call(void)
{
    struct exo_flash_io f = {.op = EXO_IO_ERASE};
    return exo_flash_io((exo_word)&f);
}

const struct evil_disk evil_disk_queue = {EXO_DISK_QUEUE, 1, ask, ask_at, foreign_call};
