// SPDX-License-Identifier: GPL-2.0-or-later
/* pairing.h - two sequences beside each other: the fewest elements stand alone. */
#ifndef SIM_PAIRING_H
#define SIM_PAIRING_H

#include <stddef.h>
#include <stdint.h>

#define PAIRING_NONE SIZE_MAX

struct pairing {
    size_t a, b; /* indices; PAIRING_NONE: stands alone */
};

/* At most this many elements stand alone before what is left is only paired off in order. */
#define PAIRING_APART 2000u

/* In order; free() it. */
struct pairing *pairing_of(const uint32_t *a, size_t na, const uint32_t *b, size_t nb,
                           size_t *n);

#endif
