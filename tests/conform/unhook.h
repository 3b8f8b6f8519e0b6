// SPDX-License-Identifier: GPL-2.0-or-later
/* unhook.h - a library OS whose backends lack a hook, for tests: a data folder of its own. */
#ifndef TESTS_CONFORM_UNHOOK_H
#define TESTS_CONFORM_UNHOOK_H

#include "err.h"

/* A copy of an executable in which `hook` ("mmu.protect") is NULL in all backends of its class.
 * Returns how many had it, or ERR_USER. */
int unhook(const char *from, const char *to, const char *hook, struct err *err);

/* Makes a folder like DATA, of links into it, in which guest/<isa>/conform is such a copy. free()
 * the path after unhook_folder_remove(). NULL and err where that fails. */
char *unhook_folder(const char *data, const char *isa, const char *hook, struct err *err);
void unhook_folder_remove(char *path, const char *isa);

#endif
