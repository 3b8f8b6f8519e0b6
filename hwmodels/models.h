// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * models.h - the built-in models, each defined in its own file, listed in models.c.
 * Private to hwmodels/: the simulator sees hw_models[] only.
 */
#ifndef HWMODELS_MODELS_H
#define HWMODELS_MODELS_H

#include "hw.h"

extern const struct hw_model hw_cpu_riscv64, hw_cpu_aarch64, hw_cpu_x86_64, hw_cpu_mips32;
extern const struct hw_model hw_mmu_softtlb, hw_mmu_radix, hw_mmu_hashed, hw_mmu_regions;
extern const struct hw_model hw_nic_pio, hw_nic_ring, hw_nic_steer;
extern const struct hw_model hw_intc, hw_timer, hw_console;
extern const struct hw_model hw_disk_pio, hw_disk_queue, hw_disk_flash;

#endif
