// SPDX-License-Identifier: GPL-2.0-or-later
/* desc.h - between the backends of interfaces with rings of descriptors: frames as descriptors. */
#ifndef EXOS_PORT_NIC_DESC_H
#define EXOS_PORT_NIC_DESC_H

#include "nic.h"

/* One descriptor a piece, at most 2 * NIC_BATCH; `done` of the frames is set. How many. */
unsigned nic_describe(struct nic *nic, struct nic_frame *frames, unsigned n,
                      struct exo_tx *tx);
/* The kernel took `taken` descriptors (or refused): how many frames that are. */
unsigned nic_accepted(struct nic *nic, const struct nic_frame *frames, unsigned n,
                      exo_sword taken);
uint32_t nic_desc_sent(const struct nic *nic);
struct exo_pred nic_desc_room(const struct nic *nic);

#endif
