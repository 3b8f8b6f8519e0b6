// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * model.h - the registry of hardware models: the built-in table and those of plugins.
 *
 * Rows stay owned by whoever holds the table (the program, or the plugin's shared object, which
 * stays loaded as long as the registry lives).
 */
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include <hw.h>

#include "err.h"

struct registry {
    const struct hw_model **model;
    size_t n;
    void **handle; /* of dlopen */
    size_t nhandles;
};

/* Adds the rows of a NULL-terminated table; `from` names it in messages. Refuses another HW_ABI,
 * rows that are not whole, and names that are taken. */
int registry_add(struct registry *r, const struct hw_model *const *table,
                 const char *from, struct err *err);
/* Loads a shared object that exports HW_PLUGIN_SYMBOL. */
int registry_plugin(struct registry *r, const char *path, struct err *err);
void registry_free(struct registry *r);

const struct hw_model *registry_find(const struct registry *r, const char *compatible);
/* The registered name nearest to one that was not found, NULL if none is near. */
const char *registry_near(const struct registry *r, const char *compatible);

/* "cpu", "mmu" ...; NULL if the number is none. */
const char *class_name(enum hw_class class_);
/* Index of a parameter by property name, or -1. */
int model_param(const struct hw_model *m, const char *name);
/* Name of a kind of MMU, disk or network interface: what the built-in model of that class and number
 * is called behind "exo,<class>-". NULL if there is none. */
const char *kind_name(enum hw_class class_, unsigned kind);
const char *mmu_kind_name(enum hw_mmu_kind kind);
const char *disk_kind_name(enum hw_disk_kind kind);
const char *nic_kind_name(enum hw_nic_kind kind);
const char *isa_name(enum hw_isa isa);

const struct hw_cpu_ops *model_cpu(const struct hw_model *m);
const struct hw_mmu_ops *model_mmu(const struct hw_model *m);
const struct hw_intc_ops *model_intc(const struct hw_model *m);
const struct hw_disk_ops *model_disk(const struct hw_model *m);
const struct hw_nic_ops *model_nic(const struct hw_model *m);
/* Device operations of any model but a cpu. */
const struct hw_dev_ops *model_dev(const struct hw_model *m);

/* Edit distance, for "did you mean". */
unsigned text_distance(const char *a, const char *b);

#endif
