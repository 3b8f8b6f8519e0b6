// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * models.h - the built-in models, each defined in its own file, listed in models.def.
 * Private to hwmodels/: the simulator sees hw_models[] only.
 */
#ifndef HWMODELS_MODELS_H
#define HWMODELS_MODELS_H

#include "hw.h"

extern const struct hw_model hw_cpu_riscv64, hw_cpu_aarch64, hw_cpu_x86_64, hw_cpu_mips32;
#define HW_MODEL(name) extern const struct hw_model name;
#include "models.def"
#undef HW_MODEL

#endif
