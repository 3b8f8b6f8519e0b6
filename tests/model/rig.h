// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rig.h - one instance of a device model in a fake machine.
 *
 *   struct rig r;
 *   rig_open(&r, "exo,mmu-softtlb", (struct rig_set[]){{"exo,entries", 16, NULL}, {0}});
 *   rig_write(&r, M_TLB_OP, ...);  r.mmu->lookup(r.dev, ...);
 *   rig_close(&r);
 *
 * Parameters not named have their defaults. rig_open aborts if the model refuses; rig_try
 * returns what create() does.
 */
#ifndef RIG_H
#define RIG_H

#include "fake_env.h"

#define RIG_RAM (4u << 20)
#define RIG_MAX_VALUES 64

struct rig_set {
    const char *name;
    uint64_t u;
    const char *s;
};

struct rig {
    struct fake_env f;
    const struct hw_model *model;
    const struct hw_dev_ops *ops;
    const struct hw_mmu_ops *mmu;   /* class MMU, else NULL */
    const struct hw_intc_ops *intc; /* class INTC, else NULL */
    const struct hw_disk_ops *disk; /* class DISK, else NULL */
    const struct hw_nic_ops *nic;   /* class NIC, else NULL */
    struct hw_err err;
    unsigned cores;
    void *dev;
};

/* The table the tests run over: hw_models, unless a test sets a plugin's. */
extern const struct hw_model *const *rig_rows;

/* Row of rig_rows; aborts if there is none. */
const struct hw_model *rig_model(const char *compatible);
/* Operations every device has, of any class but CPU. */
const struct hw_dev_ops *rig_ops(const struct hw_model *m);
/* Defaults of m, changed by set (NULL or ended by a NULL name). Aborts on an unknown name. */
void rig_values(const struct hw_model *m, const struct rig_set *set,
                struct hw_value *out);

int rig_try(struct rig *r, const struct hw_model *m, const struct rig_set *set,
            unsigned cores, uint64_t seed);
void rig_open(struct rig *r, const char *compatible, const struct rig_set *set);
void rig_open_cores(struct rig *r, const char *compatible, const struct rig_set *set,
                    unsigned cores, uint64_t seed);
/* DISK: with an image of so many bytes (made of the model's blank byte). r->dev is NULL if the
 * model refuses: then nothing is to be closed. */
void rig_with_image(struct rig *r, const char *compatible, const struct rig_set *set,
                    uint64_t bytes);
void rig_close(struct rig *r);

/* Register access of core 0; 64-bit registers low half first. */
void rig_write(struct rig *r, uint32_t off, uint32_t value);
uint32_t rig_read(struct rig *r, uint32_t off);
void rig_write64(struct rig *r, uint32_t off, uint64_t value);
uint64_t rig_read64(struct rig *r, uint32_t off);

/* State as bytes: malloc'ed, length in *len. */
uint8_t *rig_save(struct rig *r, size_t *len);
/* Have a and b the same state? */
bool rig_same_state(struct rig *a, struct rig *b);

/* Test's own randomness: xorshift64. */
uint64_t rig_random(uint64_t *state);

#endif
