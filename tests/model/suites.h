// SPDX-License-Identifier: GPL-2.0-or-later
/* suites.h - the suites of the model tests; each registers itself with CUnit. */
#ifndef SUITES_H
#define SUITES_H

#include <CUnit/CUnit.h>

void conform_suite(void);    /* every row of the model table */
void cpu_suite(void);        /* rows of class CPU, at rest */
void tlb_suite(void);        /* the shared TLB, against a list */
void softtlb_suite(void);    /* exo,mmu-softtlb */
void radix_suite(void);      /* exo,mmu-radix: registers, TLB, parameters */
void regions_suite(void);    /* exo,mmu-regions */
void walk_suite(void);       /* exo,mmu-radix: the walker, all formats */
void hashed_suite(void);     /* exo,mmu-hashed, against a search of its own */
void device_suite(void);     /* interrupt controller, timer, console */
void disk_pio_suite(void);   /* exo,disk-pio */
void disk_queue_suite(void); /* exo,disk-queue */
void disk_flash_suite(void); /* exo,disk-flash */
void nic_pio_suite(void);    /* exo,nic-pio, and what all NICs share */
void nic_rings_suite(void);  /* descriptor rings, by exo,nic-ring */
void nic_steer_suite(void);  /* exo,nic-steer */
void guest_view_suite(void); /* hw.h against exo/machine.h and exo/hwtable.h */
void board_suite(void);      /* boards/ (*.dtb): the built-in boards */

#endif
