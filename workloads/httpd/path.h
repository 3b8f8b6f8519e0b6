// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * path.h - from the target of a request to a file below the folder that is served.
 *
 *   path_root     the folder; it becomes the working directory
 *   path_decode   percent-decoding, "." and ".." worked out
 *   path_resolve  symbolic links followed, but never to a place outside
 */
#ifndef HTTPD_PATH_H
#define HTTPD_PATH_H

#include <stdbool.h>
#include <sys/stat.h>

#define TARGET_MAX 1024 /* bytes of a decoded path */

/* 0 or an error number. */
int path_root(const char *folder);

/* path: relative to the root, without a slash at either end; "." for the root itself. folder: the target
 * ends in a slash. 0 or the status to answer with: 400 (bad encoding, or above the root), 414. */
int path_decode(char path[TARGET_MAX], const char *target, bool *folder);

/* real: as path, without symbolic links. 0 or the status to answer with: 403, 404, 500, 508. */
int path_resolve(char real[TARGET_MAX], const char *path, struct stat *st);

#endif
