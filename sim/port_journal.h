// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port_journal.h - private to port_tree.c: the folder TREE/.exosim-port while a tree is changed.
 *
 *   lock        held (flock) by whoever works
 *   new-I       what change I puts in place: linked there, so that it is known again
 *   old-I       the version it replaces
 *   journal     "new I PATH", "edit I PATH", "dir - PATH", in the order of doing; there from the
 *               first change to the last
 */
#ifndef SIM_PORT_JOURNAL_H
#define SIM_PORT_JOURNAL_H

#include "port_tree.h"

/* Does all changes, or undoes those made: ERR_USER. stop() is asked between two. */
int journal_do(const struct tree *t, bool (*stop)(void),
               void (*step)(void *arg, unsigned n), void *arg, struct err *err);
/* Undoes what is there. ERR_USER: somebody is at work, or it cannot be done. */
int journal_undo(const char *root, struct err *err);

#endif
