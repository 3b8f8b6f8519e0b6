// SPDX-License-Identifier: GPL-2.0-or-later
/* batch.c - calls collected and made with one trap: see batch.h. */
#include "batch.h"

#include "critical.h"

int batch_flush(struct batch *b)
{
    uint32_t done = 0;
    while (b->error == 0 && done < b->n) {
        exo_sword r = exo_batch((exo_word)&b->call[done], b->n - done);
        if (r > 0)
            done += (uint32_t)r;
        else if (r == -EXO_EBUSY && b->call[done].number == EXO_CALL_frame_hold)
            done++;
        else
            b->error = r < 0 ? (int)r : -EXO_EINVAL;
    }
    b->n = 0;
    return b->error;
}

void batch_add(struct batch *b, uint32_t number, exo_word a0, exo_word a1, exo_word a2,
               exo_word a3, exo_word a4, exo_word a5)
{
    if (b->n == EXO_CALLS_MAX) {
        batch_flush(b);
        critical_breathe();
    }
    struct exo_batch *c = &b->call[b->n++];
    c->number = number;
    c->arg[0] = a0;
    c->arg[1] = a1;
    c->arg[2] = a2;
    c->arg[3] = a3;
    c->arg[4] = a4;
    c->arg[5] = a5;
}
