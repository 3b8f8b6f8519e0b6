// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nic.h - the seam between the exokernel's core and exo/nic/<kind>.c. The calls
 * applications see differ by kind and live in the kind's file as sys_<name>(); this is
 * what the core needs.
 */
#ifndef EXO_CORE_NIC_H
#define EXO_CORE_NIC_H

#include "device.h"

struct filter_form;

struct nic_driver {
    uint32_t kind; /* enum exo_nic_kind */
    /* Once, on core 0. boot_alloc(bytes) gives zeroed, page aligned kernel memory. Panics
     * on a device it cannot drive. */
    void (*init)(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes));
    void (*interrupt)(void); /* core 0, big lock held; drops the interrupt */
    /* The rest may be NULL. Is something under way that will interrupt? */
    bool (*expected)(void);
    /* A ring's queue, and what it has under way, stops now: its frames will be unpinned. Frames that
     * the device still reads stay pinned. */
    void (*ring_end)(uint32_t ring);
    void (*filter_bound)(uint32_t filter, const struct filter_form *form);
    void (*filter_end)(uint32_t filter);
    void (*slept)(void); /* an environment calls sleep: it may have consumed packets */
    uint32_t (*pins)(uint32_t frame); /* by descriptors under way */
};
#define EXO_KIND_NIC(number, name, NAME) extern const struct nic_driver nic_##name;
#include <exo/kinds.def>

/* -- nic.c -- */
bool nic_known(uint32_t kind);
void nic_init(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes));
void nic_interrupt(void);
/* Something may still arrive: who sleeps without a deadline is not stuck. */
bool nic_expected(void);
/* It holds nothing of the network any more; frames the device is not done with stay
 * pinned. */
void nic_env_died(struct ctx *c);
uint32_t
nic_pins(uint32_t frame); /* by rings and descriptors under way: for invariants */
bool inv_nic(const char **what);
/* frame_take says so of a pinned frame: env does not hold it any more. */
void nic_frame_lost(uint32_t env, uint32_t frame);
/* The driver's hooks. */
void nic_ring_end(uint32_t ring);
void nic_filter_bound(uint32_t filter, const struct filter_form *form);
void nic_filter_end(uint32_t filter);
/* An environment calls sleep. */
void nic_slept(void);

/* Rings and filters, for revocation: a filter is held by the holders of its ring. `take`
 * ends the holding and says revoke_done. */
bool ring_held(uint32_t env, uint32_t ring);
void ring_take(struct ctx *c, uint32_t ring);
bool filter_held(uint32_t env, uint32_t filter);
void filter_take(struct ctx *c, uint32_t filter);

#endif
