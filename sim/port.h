// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port.h - the guided port: `exosim port new` and `exosim port status`. docs/porting.md is the
 * tutorial. What a new port is made of is data in the source tree: sim/port/<class>/parts and the
 * templates beside it.
 */
#ifndef SIM_PORT_H
#define SIM_PORT_H

#include "port_kinds.h"

struct port_new {
    const char *class_, *name, *source;
    const char *from;  /* kind to copy, NULL: templates with gaps */
    const char *board; /* board to derive the port's from, NULL: one that suits */
};
/* Makes it all, or nothing, and says on standard output what it made and what comes next. */
int port_new(const struct port_new *p, struct err *err);

/* -- parts of it -- */

/* Replaces @key@ by value in a text; frees the text given. */
char *text_fill(char *text, const char *key, const char *value);
/* Replaces a word (letters, digits, _) wherever it stands alone; frees the text given. */
char *text_word(char *text, const char *word, const char *by);

/* The port's board from another's text: its node of the class becomes one of the new kind, with
 * that kind's parameters if `from` is its kind now, else without any. NULL: it has no such
 * node. */
char *port_board_text(const char *base, const char *class_, const char *name,
                      const char *from, const char *base_name);
/* Plans copies of all files of a kind under a new name; `file`s are reported. */
int port_copy(struct tree *t, const char *class_, const char *from, const char *name,
              unsigned kind, struct err *err);
/* A file's text may not say a word that is in use: 0, or ERR_USER and where it is. */
int port_name_check(const struct tree *t, const char *class_, const char *name,
                    struct err *err);

/* Says what the port to another ISA takes; makes nothing. */
int port_isa_steps(const char *source, const char *name, struct err *err);

struct port_status {
    const char *class_, *name, *source; /* class_ may be NULL */
    unsigned jobs;                      /* 0: as many as processors */
    bool look_only;                     /* run nothing */
}; /* Prints it. *whole: no gap is left and every API function passes or is not applicable. */

int port_status(const struct port_status *p, bool *whole, struct err *err);

#endif
