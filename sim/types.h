// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * types.h - layouts of a guest image's structures, from its DWARF: where a field is on this
 * instruction set. So the simulator reads kernel tables without sharing a header with the
 * kernel.
 */
#ifndef SIM_TYPES_H
#define SIM_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"

struct types;

struct types_field {
    uint64_t offset, size; /* bytes; of an array, all of it */
};

/* ERR_USER: not a file with symbols and DWARF. */
int types_open(const char *path, struct types **out, struct err *err);
void types_close(struct types *t);
/* Bytes of `struct name`; 0 if there is none. */
uint64_t types_size(const struct types *t, const char *name);
/* false if there is no such structure or field. */
bool types_field(const struct types *t, const char *name, const char *field,
                 struct types_field *out);

#endif
