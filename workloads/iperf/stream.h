// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stream.h - an endless stream of bytes made from a seed (xorshift32, Marsaglia 2003; four bytes a
 * step, low one first), sent and checked. Failures are said on standard error: -1.
 */
#ifndef IPERF_STREAM_H
#define IPERF_STREAM_H

#include <stdbool.h>
#include <stdint.h>

struct stream_result {
    uint64_t bytes; /* received */
    bool same;      /* as the stream */
    double seconds; /* from the first byte to the last */
};

int stream_send(int fd, uint32_t seed, uint64_t bytes);
/* Ends early, without error, if the other side does. */
int stream_receive(int fd, uint32_t seed, uint64_t bytes, struct stream_result *r);

#endif
