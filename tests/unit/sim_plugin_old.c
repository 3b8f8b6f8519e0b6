// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_plugin_old.c - a plugin built against another version of hw.h; one without the table when
 * compiled with EMPTY. */
#include <hw.h>

#ifdef EMPTY
int exosim_plugin_nothing = 0;
#else
static const struct hw_model old = {
    .abi = HW_ABI + 1000, .class_ = HW_CLASS_TIMER, .compatible = "test,old"};
const struct hw_model *const exosim_plugin_models[] = {&old, NULL};
#endif
