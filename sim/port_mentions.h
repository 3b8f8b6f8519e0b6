// SPDX-License-Identifier: GPL-2.0-or-later
/* port_mentions.h - generic files that name a machine, found in the source tree. */
#ifndef SIM_PORT_MENTIONS_H
#define SIM_PORT_MENTIONS_H

#include "port_report.h"

/* [{"file", "line", "word"}...], adding their number to *errors; a string with the reason if the
 * source tree is not there. */
json_t *port_mentions(const struct port_report *r, unsigned *errors);

/* Does this line of C name one of the machines (words: NULL-terminated)? The word, or NULL. */
const char *port_mention_in(const char *line, char *const *words);

#endif
