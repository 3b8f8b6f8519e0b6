// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rings.h - descriptor rings: what "exo,nic-ring" (one pair) and "exo,nic-steer" (a pair a queue)
 * share. Private to hwmodels/nic/.
 *
 * Registers of a pair, offsets from its start:
 *   0x00 RX_RING   rw  64-bit: physical address of the receive ring, a multiple of 16
 *   0x08 TX_RING   rw  64-bit: of the transmit ring
 *   0x10 RX_COUNT  rw  descriptors of it, a power of two up to 1024
 *   0x14 TX_COUNT  rw
 *   0x18 RX_TAIL   rw  the device owns receive descriptors [RX_HEAD, RX_TAIL)
 *   0x1c TX_TAIL   rw  the device sends transmit descriptors [TX_HEAD, TX_TAIL)
 *   0x20 RX_HEAD   ro
 *   0x24 TX_HEAD   ro
 *   0x28 CONTROL   rw  1 = receive ring runs, 2 = transmit ring runs; starting makes indexes 0
 *   0x2c CAUSE     ro  1 received, 2 sent, 4 lost
 *   0x30 ACK       wo  clears these
 *   0x34 ENABLE    rw  causes that interrupt
 *   0x38 MODERATE  rw  cycles between two interrupts at least; reset value from the board
 *
 * Descriptor, 16 bytes: physical address (64 bits), length (32), flags (32): 1 DONE, 2 END, 4 ERROR.
 * Indexes run freely; entry i lies at i mod COUNT.
 *
 *   receive ring   DONE, filled     owned by the device        the driver's
 *                  ............ HEAD .................. TAIL ....................
 *
 * Receive: the driver writes address and length (size of the buffer); the device writes the
 * frame, its length and DONE. A buffer that is too small stays where it is and the frame is lost; one that
 * is not RAM comes back with DONE and ERROR, and the frame is lost.
 * Transmit: a frame is the descriptors up to one with END. All are read when it starts, DONE is written
 * into each when it has left. A frame that is shorter than 14 or longer than 1514 bytes, lies
 * outside RAM or fills the ring without END comes back with DONE and ERROR, unsent. Queues take turns, a
 * frame each. Reading descriptors takes exo,descriptor-cycles a frame before its first bit leaves; DMA
 * itself takes no time (it is faster than the wire).
 */
#ifndef HWMODELS_RINGS_H
#define HWMODELS_RINGS_H

#include "nic.h"

#define RINGS_QUEUES_MAX 16u
#define RINGS_COUNT_MAX 1024u
#define RINGS_WINDOW 0x40u /* size of a pair's registers */

enum { RINGS_RX = 1, RINGS_TX = 2, RINGS_LOST = 4 };

enum { RINGS_P_MODERATE = NIC_P_COUNT, RINGS_P_DESCRIPTOR, RINGS_P_COUNT };
#define RINGS_PARAMS                                                                     \
    NIC_PARAMS,                                                                          \
        {"exo,moderate-cycles",                                                          \
         HW_PARAM_U64,                                                                   \
         "cycles",                                                                       \
         0,                                                                              \
         0,                                                                              \
         UINT32_MAX,                                                                     \
         NULL,                                                                           \
         "reset value of MODERATE: cycles between two interrupts at least"},             \
    {                                                                                    \
        "exo,descriptor-cycles", HW_PARAM_U64, "cycles", 0, 0, 1000000, NULL,            \
            "from the write of TX_TAIL to the first bit of the frame"                    \
    }

struct ring {
    uint64_t base;
    uint32_t count, head, tail;
};

struct ring_pair {
    struct ring rx, tx;
    uint32_t control, cause, enable, moderate;
    bool starved;   /* what is in the transmit ring is not a whole frame yet */
    bool up, rang;  /* asks for the line; has ever done so, */
    uint64_t since; /* last at this cycle */
};

enum tx_state { TX_IDLE, TX_FETCH, TX_SENDING };

struct rings {
    struct nic nic;
    uint32_t moderate; /* reset value */
    uint64_t descriptor;
    unsigned n;
    struct ring_pair q[RINGS_QUEUES_MAX];
    enum tx_state tx;
    unsigned txq;   /* whose frame is in the transmitter, or was last */
    uint32_t txn;   /* its descriptors; 0: its ring was stopped, nobody is told */
    uint64_t tx_at; /* when that state ends */
};

/* pairs: 1..RINGS_QUEUES_MAX */
void rings_init(struct rings *r, const struct hw_env *env, const struct hw_value *values,
                unsigned pairs);
/* Registers of pair q. */
uint32_t rings_read(struct rings *r, unsigned q, uint32_t off);
void rings_write(struct rings *r, unsigned q, uint32_t off, uint32_t value);
/* A frame for pair q came in. */
bool rings_ready(const struct rings *r, unsigned q);
void rings_receive(struct rings *r, unsigned q, const uint8_t *frame, size_t len);
void rings_event(struct rings *r, uint32_t tag);
/* Pairs with an enabled cause, a bit each. */
uint32_t rings_causes(const struct rings *r);

void rings_save(const struct rings *r, struct state_out *o);
/* -1: no state of this device. rings_drive puts line and deadlines where the state says. */
int rings_restore(struct rings *r, struct state_in *in);
void rings_drive(const struct rings *r);
void rings_describe(const struct rings *r, struct text *t);

/* "nic: ... of offset ...": no such register. */
void rings_no_register(struct rings *r, bool write, uint32_t off);

#endif
