// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * geometry.h - a disk drive's mechanics: how long the arm moves and when a sector passes under
 * the head. All times are cycles; the platter's angle follows from the time alone, so it needs
 * no state.
 *
 *   sector number -> cylinder, head, place on the track:
 *     tracks follow one another head by head, then cylinder by cylinder. Each starts later on
 *     the platter than the one before, by as many places as switching to it takes (skew), so
 *     that reading on does not wait a whole turn.
 *
 *   seek over d cylinders: t1 + (average - t1) * (sqrt(d) - 1) / (sqrt(cylinders / 3) - 1)
 *     that is track-to-track time for d = 1, the average for a third of the cylinders, the mean
 *     distance of random seeks; the square root is that of an arm that speeds up and brakes
 *     (Ruemmler and Wilkes, An Introduction to Disk Drive Modeling, IEEE Computer, March 1994,
 *     for short seeks; long ones coast and grow linearly, which is not modelled).
 */
#ifndef HWMODELS_GEOMETRY_H
#define HWMODELS_GEOMETRY_H

#include <stdint.h>

struct geometry {
    uint64_t cylinders, heads, track; /* sectors a track */
    uint64_t turn;                    /* cycles of a revolution */
    uint64_t next, average;           /* seek: one cylinder, a third of them */
    uint64_t head_switch;
    uint64_t head_skew, cylinder_skew; /* places; computed */
};

/* Fills the skews. track and turn are not 0. */
void geometry_start(struct geometry *g);
uint64_t geometry_seek(const struct geometry *g, uint64_t from, uint64_t to);
/* The cycle at which `count` sectors from `first` have passed, for a command that is ready at
 * cycle `now` with the arm at *cylinder; the arm's new cylinder in *cylinder. */
uint64_t geometry_access(const struct geometry *g, uint64_t now, uint64_t *cylinder,
                         uint64_t first, uint64_t count);

#endif
