// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kernel_view.h - the exokernel's tables, read out of a machine's RAM with the layouts its image
 * was compiled with: environments, frames, capabilities, slices, extents, rings.
 *
 * Reading changes nothing. Every function is safe on a kernel that has not booted yet or has
 * overwritten its tables: it then says there is nothing, or shows what is there.
 */
#ifndef SIM_KERNEL_VIEW_H
#define SIM_KERNEL_VIEW_H

#include "machine.h"

struct kernel_view;

#define KV_ENVS 64u /* most environments a view can name as holders */

struct kv_name { /* of a capability or guard */
    uint8_t len, rights;
    uint8_t byte[6]; /* len 0xff: none */
};

struct kv_env {
    uint32_t id, state, parent, status, frames, on_core; /* on_core: 1 + core, 0 none */
    uint64_t cycles, excess;
    uint64_t pc, sp; /* where it goes on, if it is on no core */
    struct kv_name guard;
    char program[HW_NAME_MAX];
};

struct kv_frame {
    uint32_t type, holders, maps, pins;
    uint64_t held; /* a bit per environment */
    struct kv_name guard[2];
};

struct kv_extent {
    uint32_t first, count, requests;
    uint64_t held;
    struct kv_name guard;
};

struct kv_ring {
    uint32_t slots, queue, filters;
    uint64_t held;
    struct kv_name guard;
};

/* kernel: the image the machine was loaded with. ERR_USER: it has no symbols or DWARF. */
int kernel_view_open(const struct machine *m, const char *kernel,
                     struct kernel_view **out, struct err *err);
void kernel_view_close(struct kernel_view *v);

/* Rows there are; 0 before the kernel made its tables. */
uint32_t kernel_view_envs(const struct kernel_view *v);
uint32_t kernel_view_frames(const struct kernel_view *v);
uint32_t kernel_view_caps(const struct kernel_view *v);  /* slots of an environment */
uint32_t kernel_view_slots(const struct kernel_view *v); /* of a core's slice vector */
uint32_t kernel_view_extents(const struct kernel_view *v);
uint32_t kernel_view_rings(const struct kernel_view *v);

/* Row i; false if there is none, or it is free (environment, capability, extent, ring). */
bool kernel_view_env(const struct kernel_view *v, uint32_t i, struct kv_env *out);
bool kernel_view_frame(const struct kernel_view *v, uint32_t i, struct kv_frame *out);
/* The first n frames at once (fast: for whoever shows them all); how many there are. */
uint32_t kernel_view_frame_table(const struct kernel_view *v, struct kv_frame *out,
                                 uint32_t n);
bool kernel_view_cap(const struct kernel_view *v, uint32_t env, uint32_t slot,
                     struct kv_name *out);
/* Owner of a position of a core's slice vector, 0 = free. */
uint32_t kernel_view_slice(const struct kernel_view *v, uint32_t core, uint32_t slot);
bool kernel_view_extent(const struct kernel_view *v, uint32_t i, struct kv_extent *out);
bool kernel_view_ring(const struct kernel_view *v, uint32_t i, struct kv_ring *out);

/* Words for the numbers. */
const char *kv_env_state(uint32_t state);
const char *kv_frame_type(uint32_t type);
/* "1.3.2 rwg", "none" */
void kv_name_text(const struct kv_name *n, char *text, size_t max);

#endif
