// SPDX-License-Identifier: GPL-2.0-or-later
/* missing.c - rows of ISAs whose tables are not there yet: create() refuses. */
#include "../text.h"
#include "core.h"
#include <elf.h>

#define MISSING(NAME, NUMBER, EM, WIDE)                                                  \
    static int refuse_##NAME(const struct hw_env *env, const struct hw_value *values,    \
                             const struct hw_cpu_wiring *w, void **out,                  \
                             struct hw_err *err)                                         \
    {                                                                                    \
        (void)env, (void)values, (void)w, (void)out;                                     \
        return hw_refuse(err, "the " #NAME " model is not written yet");                 \
    }                                                                                    \
    static const struct hw_cpu_ops ops_##NAME = {.isa = NUMBER,                          \
                                                 .elf_name = #NAME,                      \
                                                 .elf_machine = EM,                      \
                                                 .elf64 = WIDE,                          \
                                                 .create = refuse_##NAME};               \
    const struct hw_model hw_cpu_##NAME = {HW_ABI,     HW_CLASS_CPU, "exo,cpu-" #NAME,   \
                                           #NAME,      core_params,  CORE_NPARAMS,       \
                                           &ops_##NAME}

MISSING(x86_64, HW_ISA_X86_64, EM_X86_64, true);
