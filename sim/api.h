// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * api.h - the library OS's public functions, from DATA/guest/api.tsv (made of
 * libos/include/api.def at build time), and the hooks of its backends, from DATA/guest/hooks.tsv.
 */
#ifndef SIM_API_H
#define SIM_API_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"

struct api_function {
    const char *name, *header, *group, *classes;
};

struct api {
    struct api_function *function; /* in the order of the list */
    size_t n;
    char **lines; /* storage */
};

/* ERR_USER: the file is not there or not whole. */
int api_read(struct api *a, struct err *err);
void api_free(struct api *a);
/* NULL: there is none of this name. */
const struct api_function *api_find(const struct api *a, const char *name);
/* Is there a function of this group? */
bool api_has_group(const struct api *a, const char *group);

#define HOOK_MARK                                                                        \
    0x686b0000u /* a `note` that says which hook was missing (exos/hook.h) */
#define HOOK_MARK_MASK 0xffff0000u
#define HOOKS_MAX 64u

struct hook {
    unsigned class_, number; /* enum hw_class; its place in the class */
    char name[48];           /* "mmu.protect" */
    const char *contract;
};

struct hooks {
    struct hook hook[HOOKS_MAX];
    size_t n;
    char **lines;
};

/* A list that is not there is an empty one. ERR_USER: it is wrong. */
int hooks_read(struct hooks *h, struct err *err);
void hooks_free(struct hooks *h);
/* Index of the hook that a mark is about; h->n if it is none. */
size_t hooks_of_mark(const struct hooks *h, uint64_t mark);

#endif
