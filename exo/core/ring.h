// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ring.h - packet rings and what goes into them; filters' life (exo/io.h says what applications see).
 *
 * The kernel's own counts are the truth: of a ring's head page it reads nothing but `consumed`, and
 * that can only make the ring full or empty its slots. Frames of a ring are pinned as long as it
 * exists.
 *
 *   device's driver --packet--> filter_classify --matches--> ring_slot / bytes / ring_put
 *
 * A ring with a hardware queue (steer) lends its slots to the device, in any order: ring_lend,
 * ring_put_lent. It then keeps track of which slot's memory each entry uses, and some slots stay
 * for what software finds out.
 */
#ifndef EXO_CORE_RING_H
#define EXO_CORE_RING_H

#include "filter_table.h"
#include "nic.h"

void ring_init(void *(*boot_alloc)(size_t bytes));

/* 0 or negative: the ring exists, and the capability in env's slot satisfies its guard for W. */
int ring_authority(uint32_t env, exo_word ring, exo_word cap);
/* The same, and env holds it. */
int ring_check(uint32_t env, exo_word ring, exo_word cap);
bool ring_any(void);
uint32_t ring_pins(uint32_t frame);
void ring_env_died(struct ctx *c);
/* env holds the frame no more: rings none of whose holders has it end. */
void ring_frame_lost(uint32_t env, uint32_t frame);
bool inv_rings(const char **what);

/* -- packets -- */
/* Memory of the next packet, EXO_RING_SLOT bytes, aligned to them; NULL: no room (counted). */
uint8_t *ring_slot(uint32_t ring);
/* It is there now: length bytes, accepted by filter. */
void ring_put(uint32_t ring, uint32_t filter, uint32_t length);
/* n transmit descriptors more are done. */
void ring_sent(uint32_t ring, uint32_t n);

/* -- with a hardware queue -- */
#define RING_NO_BUFFER UINT32_MAX
void ring_queue_begin(uint32_t ring, uint32_t queue);
/* A slot for the device to fill, or RING_NO_BUFFER. */
uint32_t ring_lend(uint32_t ring);
uint64_t ring_buffer_pa(uint32_t ring, uint32_t buffer);
/* The device filled it; or it did not, and gives it back. */
void ring_put_lent(uint32_t ring, uint32_t buffer, uint32_t length);
void ring_lent_back(uint32_t ring, uint32_t buffer);
/* The device had no slot for a packet: at least one was lost. */
void ring_lost(uint32_t ring);

/* -- packet.c -- */
/* A packet the kernel has in its own memory, aligned to 4 and readable up to PACKET_BUFFER bytes:
 * classify, copy to its rings, count. */
void packet_deliver(const struct packet *p);
/* One copy of it. */
void packet_copy(const struct packet *p, const struct filter_match *m);
void packet_count(uint32_t filter, uint32_t bytes);
/* The frames of one of struct exo_tx[]: 0 or negative. Sets *complete to how many descriptors end with the last
 * whole frame, at most `room`. */
int packet_check_tx(uint32_t env, const struct exo_tx *tx, uint32_t n, uint32_t room,
                    uint32_t *complete);

/* -- filter.c -- */
void filter_init(void *(*boot_alloc)(size_t bytes));
void filter_free_all(uint32_t ring);
/* env holds the ring no more. */
void filter_holder_left(uint32_t ring, uint32_t env);
bool inv_filters(const char **what);

#endif
