// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * badaddr.c - which addresses an instruction touches, by capstone: for the ISAs whose addressing
 * modes are too many to decode by hand. The handle is opened when first needed.
 */
#include "core.h"
#include <capstone/capstone.h>

void badaddr_close(struct core *c)
{
    csh handle = (csh)(uintptr_t)c->capstone;
    if (handle)
        cs_close(&handle);
    c->capstone = NULL;
}
