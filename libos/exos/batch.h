// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * batch.h - calls collected and made with one trap. Errors come late: batch_flush() gives the
 * first one, and nothing after it was done. That the environment holds the frame already is
 * not one: frames may be at several places.
 */
#ifndef EXOS_BATCH_H
#define EXOS_BATCH_H

#include <exo/user.h>

#include "mark.h"

struct batch {
    uint32_t n;
    int error;
    struct exo_batch call[EXO_CALLS_MAX];
};

/* Queue a call; makes those before it if there is no room. */
void batch_add(struct batch *b, uint32_t number, exo_word a0, exo_word a1, exo_word a2,
               exo_word a3, exo_word a4, exo_word a5);
/* Make the calls queued. The first error of the batch's life. */
int batch_flush(struct batch *b);

#define BATCH(b, name, ...) BATCH_(b, name, __VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define BATCH_(b, name, a0, a1, a2, a3, a4, a5, ...)                                     \
    ({                                                                                   \
        MARK_CALL(name);                                                                 \
        batch_add(b, EXO_CALL_##name, a0, a1, a2, a3, a4, a5);                           \
    })

#endif
