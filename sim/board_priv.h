// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * board_priv.h - reading the properties of one node: board_property.c for board.c.
 *
 * Every function that returns int gives 0 or ERR_USER with file, node, property, what was wrong
 * and what was expected. `path` is the node's.
 */
#ifndef SIM_BOARD_PRIV_H
#define SIM_BOARD_PRIV_H

#include "board.h"

struct parse {
    struct board *b;
    const void *fdt;
    const struct registry *models;
    struct err *err;
};

/* "board FILE: node PATH: property 'PROP': ..."; prop may be NULL. Returns ERR_USER. */
int prop_bad(struct parse *p, const char *path, const char *prop, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* One number of 1 or 2 cells in min..max. *there says whether the property exists. */
int prop_number(struct parse *p, int node, const char *path, const char *prop,
                uint64_t min, uint64_t max, bool *there, uint64_t *out);
/* The text of a property, NULL if it does not exist. */
int prop_string(struct parse *p, int node, const char *path, const char *prop,
                const char **out);
/* reg = <base size> with the root's cell counts. */
int prop_reg(struct parse *p, int node, const char *path, uint64_t *base, uint64_t *size);
/* status = "disabled" */
bool prop_disabled(struct parse *p, int node);
/* Refuses `exo,` properties that neither the model (may be NULL) nor extra[] has. */
int prop_check_names(struct parse *p, int node, const char *path,
                     const struct hw_model *m, const char *const *extra);
/* The model of `compatible`. */
int prop_model(struct parse *p, int node, const char *path, const struct hw_model **out);
/* All parameters of n->model into n->values. */
int prop_params(struct parse *p, int node, struct board_node *n);

#endif
