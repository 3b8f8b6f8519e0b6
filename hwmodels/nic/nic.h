// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nic.h - what every network interface model has: address, rate, statistics, the interrupt line.
 *
 * A frame is Ethernet without FCS. One shorter than HW_FRAME_MIN is sent as it is: the wire pads it.
 * A model embeds struct nic as its first member. Private to hwmodels/nic/.
 */
#ifndef HWMODELS_NIC_H
#define HWMODELS_NIC_H

#include "models.h"
#include "state.h"
#include "text.h"
#include "values.h"

#define NIC_HEADER 14u /* the shortest frame a guest may send */

struct nic {
    struct hw_env env;
    uint64_t mac, rate, access; /* access: cycles of a register access */
    struct hw_nic_stats stats;
    bool up; /* the interrupt line */
};

/* Parameters every kind has, first in its table, in this order. */
enum { NIC_P_RATE, NIC_P_ACCESS, NIC_P_COUNT };
#define NIC_PARAMS                                                                       \
    {"exo,bits-per-second",                                                              \
     HW_PARAM_U64,                                                                       \
     "bits/s",                                                                           \
     10000000,                                                                           \
     1000,                                                                               \
     UINT64_C(1000000000000),                                                            \
     NULL,                                                                               \
     "rate of the wire, both directions at once"},                                       \
    {                                                                                    \
        "exo,access-cycles", HW_PARAM_U64, "cycles", 0, 0, 1000000, NULL,                \
            "cost of reading or writing a register, beside the instruction"              \
    }

void nic_init(struct nic *n, const struct hw_env *env, const struct hw_value *values);
/* Own address, broadcast or multicast? */
bool nic_for_us(const struct nic *n, const uint8_t *frame);
/* Sets the line; a rise counts as an interrupt. */
void nic_line(struct nic *n, bool level);
/* Puts a frame of NIC_HEADER..HW_FRAME_MAX bytes on the wire; the cycle when it has left. */
uint64_t nic_send(struct nic *n, const uint8_t *frame, size_t len);
/* The device took this frame; it lost this one. */
void nic_took(struct nic *n, const uint8_t *frame, size_t len);
void nic_lost(struct nic *n, const uint8_t *frame, size_t len);
/* Hash of a frame as in the trace (docs/trace.md). */
uint64_t nic_hash(const uint8_t *frame, size_t len);
/* Charges an access to a register. */
static inline void nic_access(struct nic *n)
{
    if (n->access)
        n->env.charge(n->env.host, n->access);
}

/* Common part of save() and restore(). nic_drive puts the line where the state says: it does not
 * matter whether the machine restored it before. */
void nic_save(const struct nic *n, struct state_out *o);
void nic_restore(struct nic *n, struct state_in *in);
void nic_drive(const struct nic *n);
void nic_describe(const struct nic *n, struct text *t);
/* Fills the parameters of the hardware table that all kinds have; how many. */
unsigned nic_table(const struct nic *n, uint64_t params[HW_MAX_PARAMS]);

/* hw_nic_ops members that are the same for all, dev being a struct nic. */
uint64_t nic_rate(void *dev);
void nic_stats(void *dev, struct hw_nic_stats *out);

#endif
