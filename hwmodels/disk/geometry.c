// SPDX-License-Identifier: GPL-2.0-or-later
/* geometry.c - a disk drive's mechanics. See geometry.h. */
#include "geometry.h"

/* floor(sqrt(n)), digit by digit. */
static uint64_t root(uint64_t n)
{
    uint64_t r = 0;
    for (uint64_t bit = UINT64_C(1) << 62; bit; bit >>= 2) {
        if (n >= r + bit) {
            n -= r + bit;
            r = (r >> 1) + bit;
        } else {
            r >>= 1;
        }
    }
    return r;
}

#define ONE 65536u /* roots are fixed point with 16 bits behind the point */

static uint64_t root_fixed(uint64_t n)
{
    return root(n << 32);
}

uint64_t geometry_seek(const struct geometry *g, uint64_t from, uint64_t to)
{
    uint64_t d = from < to ? to - from : from - to;
    if (d == 0)
        return 0;
    uint64_t third = g->cylinders / 3;
    if (third < 2 || g->average <= g->next)
        return g->next;
    uint64_t rise = (g->average - g->next) * (root_fixed(d) - ONE);
    return g->next + rise / (root_fixed(third) - ONE);
}

/* Places that pass in a time, rounded up, on the track that comes after it. */
static uint64_t skew(const struct geometry *g, uint64_t time)
{
    uint64_t turn = time % g->turn;
    return (turn * g->track + g->turn - 1) / g->turn % g->track;
}

void geometry_start(struct geometry *g)
{
    g->head_skew = skew(g, g->head_switch);
    g->cylinder_skew = skew(g, geometry_seek(g, 0, 1));
}

/* First cycle, not before `now`, at which the place begins to pass under the head. */
static uint64_t wait_for(const struct geometry *g, uint64_t now, uint64_t place)
{
    uint64_t start = place * g->turn / g->track, angle = now % g->turn;
    return now + (start >= angle ? start - angle : g->turn - angle + start);
}

/* Place of a sector of a track on the platter. */
static uint64_t place_of(const struct geometry *g, uint64_t cylinder, uint64_t head,
                         uint64_t sector)
{
    uint64_t tracks = cylinder * (g->heads - 1) + head; /* switches of heads before it */
    return (sector + tracks % g->track * g->head_skew +
            cylinder % g->track * g->cylinder_skew) %
           g->track;
}

uint64_t geometry_access(const struct geometry *g, uint64_t now, uint64_t *cylinder,
                         uint64_t first, uint64_t count)
{
    uint64_t at = now;
    while (count > 0) {
        uint64_t track = first / g->track, sector = first % g->track;
        uint64_t head = track % g->heads, cyl = track / g->heads;
        uint64_t run = g->track - sector < count ? g->track - sector : count;
        if (cyl != *cylinder)
            at += geometry_seek(g, *cylinder, cyl);
        else if (at != now)
            at += g->head_switch;
        *cylinder = cyl;
        uint64_t place = place_of(g, cyl, head, sector);
        at = wait_for(g, at, place);
        at += (place + run) * g->turn / g->track - place * g->turn / g->track;
        first += run;
        count -= run;
    }
    return at;
}
