// SPDX-License-Identifier: GPL-2.0-or-later
/* models.c - the one table of built-in models: a row each, in the order `exosim models` prints. */
#include "models.h"

// clang-format off
const struct hw_model *const hw_models[] = {
#ifdef HWMODELS_CPU
    &hw_cpu_mips32,
    &hw_cpu_riscv64,
    &hw_cpu_aarch64,
    &hw_cpu_x86_64,
#endif
    &hw_mmu_softtlb,
    &hw_mmu_radix,
    &hw_mmu_hashed,
    &hw_mmu_regions,
    &hw_intc,
    &hw_timer,
    &hw_console,
    &hw_disk_pio,
    &hw_disk_queue,
    &hw_disk_flash,
    &hw_nic_pio,
    &hw_nic_ring,
    &hw_nic_steer,
    NULL,
};
