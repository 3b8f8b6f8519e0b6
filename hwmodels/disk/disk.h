// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disk.h - what the disk models share: times in cycles, trace records, counts. Private to
 * hwmodels/disk/.
 */
#ifndef HWMODELS_DISK_H
#define HWMODELS_DISK_H

#include "hw.h"
#include "state.h"

#define DISK_NEVER UINT64_MAX

/* us * hz fits 64 bits for any time up to a minute and any clock up to 300 GHz. */
#define DISK_US_MAX 60000000u

static inline uint64_t disk_cycles(const struct hw_env *env, uint64_t us)
{
    uint64_t hz = env->clock_hz ? env->clock_hz : 1000000;
    return us * (hz / 1000000) + us * (hz % 1000000) / 1000000;
}

/* Cycles that `bytes` take at a rate in bytes a second; rounded up. */
static inline uint64_t disk_transfer(const struct hw_env *env, uint64_t bytes,
                                     uint64_t rate)
{
    uint64_t hz = env->clock_hz ? env->clock_hz : 1000000;
    return (uint64_t)(((__uint128_t)bytes * hz + rate - 1) / rate);
}

static inline void disk_trace(const struct hw_env *env, enum hw_event ev, uint64_t unit,
                              uint32_t op, uint32_t count, uint32_t status)
{
    env->trace(env->host, ev, unit,
               (uint64_t)status << 40 | (uint64_t)(op & 0xff) << 32 | count);
}

/* A request is over. */
static inline void disk_count(struct hw_disk_stats *s, uint32_t op, uint64_t bytes,
                              bool ok)
{
    if (!ok) {
        s->errors++;
        return;
    }
    switch (op) {
    case HW_DISK_READ:
        s->reads++;
        s->bytes_read += bytes;
        break;
    case HW_DISK_WRITE:
        s->writes++;
        s->bytes_written += bytes;
        break;
    case HW_DISK_FLUSH: s->flushes++; break;
    case HW_DISK_ERASE: s->erases++; break;
    default: break;
    }
}

static inline void disk_put_stats(struct state_out *o, const struct hw_disk_stats *s)
{
    state_put64(o, s->reads);
    state_put64(o, s->writes);
    state_put64(o, s->flushes);
    state_put64(o, s->erases);
    state_put64(o, s->bytes_read);
    state_put64(o, s->bytes_written);
    state_put64(o, s->errors);
}

static inline void disk_get_stats(struct state_in *in, struct hw_disk_stats *s)
{
    s->reads = state_get64(in);
    s->writes = state_get64(in);
    s->flushes = state_get64(in);
    s->erases = state_get64(in);
    s->bytes_read = state_get64(in);
    s->bytes_written = state_get64(in);
    s->errors = state_get64(in);
}

#endif
