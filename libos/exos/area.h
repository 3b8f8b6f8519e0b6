// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * area.h - memory shared by the processes of a session, at the same address in each: what a
 * file system or network stack keeps. A process attaches when it first needs one. Frames
 * live as long as a process that is attached.
 *
 *   AREA_FS    at L_FS; children do not inherit it, they attach when they need it
 *   AREA_NET   at L_NET; children inherit it
 *
 *   | list of frames: 4 bytes a page, whole pages | what area_open returns ... |
 */
#ifndef EXOS_AREA_H
#define EXOS_AREA_H

#include <stdbool.h>
#include <stdint.h>

enum area_id { AREA_FS = 0, AREA_NET = 1 };

/* Make the area, all zero, or attach to it; then its size is what the first one said. Once
 * attached it costs nothing. NULL and errno (ENOMEM, ENOSYS). */
void *area_open(enum area_id id, uint32_t bytes, bool *first);
/* Frame of the page with this number, 0 = where area_open's pointer points. */
uint32_t area_frame(enum area_id id, uint32_t page);
/* No other living process is attached. */
bool area_alone(enum area_id id);
/* Called when this process is about to leave (exit, exec, fatal signal), still attached. */
void area_on_leave(enum area_id id, void (*hook)(void));
/* Leave all; with `unmap` the memory goes at once, else with the process. */
void area_leave(bool unmap);

#endif
