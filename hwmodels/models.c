// SPDX-License-Identifier: GPL-2.0-or-later
/* models.c - the table of built-in models, made from models.def. */
#include "models.h"

const struct hw_model *const hw_models[] = {
#ifdef HWMODELS_CPU
    &hw_cpu_mips32, &hw_cpu_riscv64, &hw_cpu_aarch64, &hw_cpu_x86_64,
#endif
#define HW_MODEL(name) &name,
#include "models.def"
    NULL,
};
