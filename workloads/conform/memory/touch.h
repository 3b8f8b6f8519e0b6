// SPDX-License-Identifier: GPL-2.0-or-later
/* touch.h - for conformance programs about memory: what comes of an access. */
#ifndef CONFORM_MEMORY_TOUCH_H
#define CONFORM_MEMORY_TOUCH_H

#include <stdbool.h>

/* Does reading (or writing 1 to) the byte at p raise SIGSEGV there? Its handler is the default's
 * again afterwards. */
bool faults(volatile char *p, bool write);

#endif
