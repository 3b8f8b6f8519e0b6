// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port_kinds.h - what a source tree has: its kinds of hardware (exo/include/exo/kinds.def), free
 * numbers, and ports under way (tests/port/CLASS_NAME.port).
 */
#ifndef SIM_PORT_KINDS_H
#define SIM_PORT_KINDS_H

#include "port_tree.h"

#define PORT_NAME_MAX 15

struct port_kind {
    char class_[8], name[PORT_NAME_MAX + 1]; /* "mmu", "radix" */
    unsigned number;
};

struct port_kinds {
    struct port_kind *kind;
    size_t n;
};

int port_kinds_read(struct port_kinds *k, const struct tree *t, struct err *err);
void port_kinds_free(struct port_kinds *k);
/* class_ NULL: of any class. */
const struct port_kind *port_kinds_find(const struct port_kinds *k, const char *class_,
                                        const char *name);
/* "softtlb, radix": those of a class, to be freed. */
char *port_kinds_words(const struct port_kinds *k, const char *class_);
/* A kind number of a class that is free; 0: none. */
unsigned port_kinds_free_number(const struct port_kinds *k, const char *class_);
/* n call numbers that are free for further kinds, ascending. How many there are. */
unsigned port_free_calls(const struct tree *t, unsigned *numbers, unsigned n);

/* A port made by `exosim port new`. */
struct port_file {
    char *class_, *name, *board, *from; /* from: NULL: from empty */
    char **file;                        /* made */
    char **row;                         /* files that got a row */
    size_t nfiles, nrows;
};
/* class_ may be NULL. ERR_USER: there is none, or several. */
int port_file_find(struct port_file *p, const struct tree *t, const char *class_,
                   const char *name, struct err *err);
void port_file_free(struct port_file *p);

#endif
