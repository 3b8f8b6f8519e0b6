// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fsys.h - files on the disk, as descriptors need them. -1 and errno. Positions of open files are
 * changed here, with the file system's lock held. Not there: the program opens no files.
 */
#ifndef EXOS_FSYS_H
#define EXOS_FSYS_H

#include <sys/stat.h>

#include "session.h"

#define WEAK __attribute__((weak))

/* A file by path: its inode. */
WEAK int fsys_open(const char *path, int flags, mode_t mode, uint32_t *inode);
WEAK ssize_t fsys_read(struct ofile *f, void *buf, size_t n);
WEAK ssize_t fsys_write(struct ofile *f, const void *buf, size_t n);
WEAK off_t fsys_seek(struct ofile *f, off_t off, int whence);
WEAK int fsys_stat(uint32_t inode, struct stat *st);
/* The last reference is gone: an inode without names goes too. */
WEAK void fsys_close(uint32_t inode);

#undef WEAK
#endif
