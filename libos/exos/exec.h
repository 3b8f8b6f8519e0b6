// SPDX-License-Identifier: GPL-2.0-or-later
/* exec.h - what a program started by exec finds at self->handover: argument and environment
 * strings, NUL-terminated, one after the other. */
#ifndef EXOS_EXEC_H
#define EXOS_EXEC_H

#include <exo/types.h>

struct exec_handover {
    uint32_t argc, envc;
    uint32_t ignored; /* signals */
    uint32_t old_env; /* to be freed when dead, 0 = none */
    char strings[];
};

#endif
