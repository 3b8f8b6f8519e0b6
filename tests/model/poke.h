// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * poke.h - random use of any device, for the conformance suite: registers, time, and what its
 * class has besides; with rings, tables and requests that make sense now and then.
 */
#ifndef POKE_H
#define POKE_H

#include "rig.h"

/* Before step `step` of a walk: what the device needs to be of use is whole again. */
void poke_prepare(struct rig *r, unsigned step);
/* One random thing a machine could do with the device; what came of it is added to *seen. */
void poke(struct rig *r, uint64_t *rng, uint64_t *seen);

#endif
