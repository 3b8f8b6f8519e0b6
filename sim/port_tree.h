// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port_tree.h - changes to a source tree that happen whole or not at all: new files and new
 * versions of files that are there.
 *
 *   tree_new, tree_edit   say what is to be; nothing happens yet
 *   tree_apply            does it. Never overwrites; an error, a signal or a killed process leaves
 *                         the tree as it was
 *   tree_recover          undoes what a machine that stopped left behind; apply begins with it
 *
 * Everything is first written to TREE/.exosim-port, with a journal of what will be done; then new
 * files are linked into place and versions exchanged, one by one. That is done by a process of its
 * own session: if it dies its parent undoes the journal, if the parent dies it does so itself. Only
 * where both die at once is something left, for the next call to undo.
 */
#ifndef SIM_PORT_TREE_H
#define SIM_PORT_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct tree_change {
    char *path; /* below the root */
    char *text;
    unsigned mode;
    bool edit;
};

struct tree {
    char *root;
    struct tree_change *change;
    size_t n;
};

/* ERR_USER if it is no source tree of exosim. */
int tree_open(struct tree *t, const char *root, struct err *err);
void tree_free(struct tree *t);
/* The text of a file of the tree as planned so far, to be freed; NULL: there is none. */
char *tree_text(const struct tree *t, const char *path);
/* Takes the text (malloced). */
void tree_new(struct tree *t, const char *path, char *text, unsigned mode);
void tree_edit(struct tree *t, const char *path, char *text);

/* step (may be NULL) is called, in the working process, before each thing that is done: for tests. */
int tree_apply(const struct tree *t, void (*step)(void *arg, unsigned n), void *arg,
               struct err *err);
int tree_recover(const char *root, struct err *err);

#endif
