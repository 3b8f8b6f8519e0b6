// SPDX-License-Identifier: GPL-2.0-or-later
/* hook.c - which hook of a backend was missing. */
#include "harness.h"

#include <exos/hook.h>

CONFORM(exos_hook_missing, NEEDS_NONE)
{
    /* A program that came so far missed none, or is told to be not ported. */
    CHECK(exos_hook_missing() == NULL);
}

CONFORM(exos_hook_clear, NEEDS_NONE)
{
    exos_hook_clear();
    CHECK(exos_hook_missing() == NULL);
}
