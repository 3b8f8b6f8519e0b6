// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port_gaps.h - what is written of a port and what is not, from its source files: gaps (lines
 * GAP("function", "contract", "test") of the templates), hooks of its backend, lines of code.
 */
#ifndef SIM_PORT_GAPS_H
#define SIM_PORT_GAPS_H

#include "port_kinds.h"

struct port_gap {
    char *function, *contract, *test;
    const char *file; /* of the port */
    unsigned line;
};

struct port_hook {
    char *name, *contract;
    bool done;
};

struct port_size {
    unsigned lines, functions; /* of code, without comments and empty lines */
};

enum port_part { PORT_MODEL, PORT_DRIVER, PORT_CALLS, PORT_BACKEND, PORT_PARTS };
extern const char *const port_part_names[PORT_PARTS];

struct port_gaps {
    struct port_gap *gap;
    size_t ngaps;
    struct port_hook *hook;
    size_t nhooks, done;
};

int port_gaps_read(struct port_gaps *g, const struct tree *t, const struct port_file *p,
                   struct err *err);
void port_gaps_free(struct port_gaps *g);

/* Sizes of a kind's files. */
void port_sizes(const struct tree *t, const char *class_, const char *name,
                struct port_size out[PORT_PARTS]);

struct board;
/* Of what runs on a board, out of its built objects: the class's code that the library's API and the
 * exokernel's calls reach, in the kernel [0] and in the library [1]. False: it is not built. */
bool port_object_sizes(const struct board *board, const char *class_,
                       struct port_size out[2]);

#endif
