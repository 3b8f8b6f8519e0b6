// SPDX-License-Identifier: GPL-2.0-or-later
/* machine_state.h - all of a machine but its RAM, as bytes: the same for the same state. */
#ifndef SIM_MACHINE_STATE_H
#define SIM_MACHINE_STATE_H

#include "bytes.h"
#include "machine.h"

void machine_state_put(struct machine *m, struct bytes *to);
/* RAM must be the state's already. 0, or ERR_USER: not a state of this machine. */
int machine_state_get(struct machine *m, struct bytes_in *in, struct err *err);

#endif
