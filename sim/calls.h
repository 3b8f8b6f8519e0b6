// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls.h - the exokernel's calls by name, from DATA/guest/calls.tsv (made from calls.def at
 * build time: sim/ knows the guest's ABI only through this file and the two numbers below, which
 * tests/unit compares with exo/abi.h).
 */
#ifndef SIM_CALLS_H
#define SIM_CALLS_H

#include <hw.h>

#include "err.h"

#define CALLS_FIRST 0x2000u
#define CALLS_MAX 128u

struct call {
    bool there;
    const char *name, *hardware, *kinds, *params, *what;
};

struct calls {
    struct call call[CALLS_MAX];
    char **lines; /* storage */
};

/* Without the file there are no names: calls are then shown by number. Returns ERR_USER with the
 * reason, and an empty list. */
int calls_read(struct calls *c, const char *path, struct err *err);
void calls_free(struct calls *c);
/* Name of a call, numbered from 0 or from CALLS_FIRST; NULL if it has none. */
const char *calls_name(const struct calls *c, uint64_t number);
/* What a machine has, as the `hardware` column names it; kinds are 0 for what it lacks. */
struct calls_hardware {
    enum hw_mmu_kind mmu;
    enum hw_disk_kind disk;
    enum hw_nic_kind nic;
};
/* Does the call exist on this hardware? */
bool calls_exists(const struct call *c, struct calls_hardware hw);
/* "call N name" lines, for the trace file; free() it. */
char *calls_text(const struct calls *c);

#endif
