// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fsys.h - the session's file system: files on the disk, as descriptors need them, and what the
 * functions on names are made of. -1 and errno unless it says otherwise. Positions of open files
 * change here, under the file system's lock.
 */
#ifndef EXOS_FSYS_H
#define EXOS_FSYS_H

#include <sys/stat.h>

#include "fs/fs.h"
#include "session.h"

/* A file by path, from directory `dir` (a descriptor or AT_FDCWD): its inode. */
int fsys_open(int dir, const char *path, int flags, mode_t mode, uint32_t *inode);
ssize_t fsys_read(struct ofile *f, void *buf, size_t n);
ssize_t fsys_write(struct ofile *f, const void *buf, size_t n);
off_t fsys_size(uint32_t inode);
int fsys_stat(uint32_t inode, struct stat *st);
/* The last reference is gone: an inode without names goes too. */
void fsys_close(uint32_t inode);

/* The file system, mounted, with its lock held; NULL and errno (ENODEV: no disk, or no file system on
 * it; EBUSY: another session has the disk). */
struct fs *fsys_enter(void);
/* Drop the lock. A negative result becomes -1 and errno. */
int fsys_leave(int result);
/* The inode a path from `dir` starts at. */
int fsys_at(int dir, uint32_t *inode);
void fsys_tell(const struct fs_stat *from, struct stat *st);

#endif
