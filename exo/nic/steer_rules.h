// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * steer_rules.h - which filters of rings with a queue the hardware's rules hold ("exo,nic-steer").
 *
 * A packet that a rule takes is never seen by software, so a rule must take nothing but what its
 * filter would get: it matches no packet that the filter does not accept in whole, the filter is
 * not SHARED, and no newer filter could want the packet for another ring. Software keeps the filter as well: what
 * the hardware does not recognise comes by queue 0.
 */
#ifndef EXO_NIC_STEER_RULES_H
#define EXO_NIC_STEER_RULES_H

#include "ring.h"

/* named(queue, any): a first rule will name the queue, or the last one that did is gone. */
void rules_init(uint32_t base, uint32_t count, void (*named)(uint32_t queue, bool any),
                void *(*boot_alloc)(size_t bytes));
/* A filter is there: older ones that it overlaps go back to software; put it into the hardware if
 * its ring has a queue and it can be. */
void rules_bound(uint32_t filter, const struct filter_form *form);
void rules_end(uint32_t filter);
/* The ring has a queue now: its filters, if they can. */
void rules_ring(uint32_t ring);

#endif
