// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * state.h - a model's state as bytes: little endian, no padding, the same for the same state.
 *
 *   struct state_out o = {buf, max, 0};  state_put32(&o, x); ...  return o.at;
 *   struct state_in i = {buf, len, 0, false};  x = state_get32(&i); ...  if (!state_done(&i)) ...
 *
 * Writing with buf NULL (or too small) only counts, which is what save() with NULL wants; no
 * byte is written past max. Reading past the end gives zeroes and makes state_done() false.
 * Private to hwmodels/.
 */
#ifndef HWMODELS_STATE_H
#define HWMODELS_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct state_out {
    uint8_t *buf;
    size_t max, at;
};

struct state_in {
    const uint8_t *buf;
    size_t len, at;
    bool bad;
};

static inline void state_put8(struct state_out *o, uint8_t v)
{
    if (o->buf && o->at < o->max)
        o->buf[o->at] = v;
    o->at++;
}

static inline void state_put32(struct state_out *o, uint32_t v)
{
    for (unsigned i = 0; i < 4; i++)
        state_put8(o, (uint8_t)(v >> (8 * i)));
}

static inline void state_put64(struct state_out *o, uint64_t v)
{
    state_put32(o, (uint32_t)v);
    state_put32(o, (uint32_t)(v >> 32));
}

static inline uint8_t state_get8(struct state_in *i)
{
    if (i->at >= i->len) {
        i->bad = true;
        return 0;
    }
    return i->buf[i->at++];
}

static inline uint32_t state_get32(struct state_in *i)
{
    uint32_t v = 0;
    for (unsigned k = 0; k < 4; k++)
        v |= (uint32_t)state_get8(i) << (8 * k);
    return v;
}

static inline uint64_t state_get64(struct state_in *i)
{
    uint64_t lo = state_get32(i);
    return lo | (uint64_t)state_get32(i) << 32;
}

/* All bytes read, none missing. */
static inline bool state_done(const struct state_in *i)
{
    return !i->bad && i->at == i->len;
}

#endif
