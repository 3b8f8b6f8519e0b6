// SPDX-License-Identifier: GPL-2.0-or-later
/* match.h - shell patterns. */
#ifndef MATCH_H
#define MATCH_H

#include <stdbool.h>

/* Does all of `name` match? * ? [a-z] [!a-z] and \ before a character meant as it is. */
bool match(const char *pattern, const char *name);

#endif
