// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fs.h - the file system: ext2, with ext3's journal if the image has one. It lies in one piece of
 * memory given to fs_init(), has no global state, and is used by one caller at a time. The world
 * around it is fs_dev.h.
 *
 * Results are 0 (or a count) or a negative errno. Files are named by inode number; who has one
 * open says so by fs_dev_is_open(), and calls fs_forget() when nobody has any more.
 * Each change is one transaction: after a power cut it is there or it is not. fs_sync() makes all
 * durable that was done before.
 */
#ifndef EXOS_FS_FS_H
#define EXOS_FS_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fs;

/* Memory for a cache of this many blocks of 4096 bytes; at least FS_MIN_BUFFERS. */
#define FS_MIN_BUFFERS 192u
size_t fs_bytes(uint32_t buffers);
/* Offset of the cache's blocks from the start: a multiple of 4096 if the memory is. */
struct fs *fs_init(void *memory, uint32_t buffers);

/* Mount a volume of so many blocks of 4096 bytes. -ENODEV: no ext2 there; -EUCLEAN: it lies;
 * -EOPNOTSUPP: features we do not know. An image with read-only features we do not know, or
 * `read_only`, is mounted so. */
int fs_mount(struct fs *fs, uint32_t blocks, bool read_only);
bool fs_mounted(const struct fs *fs);
/* Commit, write everything, mark it clean, forget it. */
int fs_unmount(struct fs *fs);
/* Somebody died inside: forget what is in memory; the next fs_mount replays the journal. */
void fs_discard(struct fs *fs);
/* All that was done is durable. `data_only`: sizes and contents, not times. */
int fs_sync(struct fs *fs);

struct fs_stat {
    uint32_t ino, mode, links, uid, gid, rdev, generation;
    uint64_t size, sectors; /* of 512 bytes */
    int64_t atime, mtime, ctime;
    uint32_t atime_ns, mtime_ns, ctime_ns;
};
struct fs_statfs {
    uint32_t block_size, name_max;
    uint64_t blocks, free, avail, files, free_files;
    bool read_only;
};
struct fs_time {
    int64_t sec;
    int32_t ns; /* FS_TIME_NOW, FS_TIME_OMIT */
};
#define FS_TIME_NOW -1
#define FS_TIME_OMIT -2

#define FS_ROOT 2u

/* -- paths: from directory `at`, or the root if they begin with '/' -- */
/* -ELOOP for a symbolic link at the end with follow false is not: that is its inode. */
int fs_lookup(struct fs *fs, uint32_t at, const char *path, bool follow, uint32_t *ino);
struct fs_open {
    bool write, create, exclusive, truncate, directory, no_follow;
    uint32_t mode; /* permissions of a new file */
    bool created;  /* out */
};
int fs_open(struct fs *fs, uint32_t at, const char *path, struct fs_open *how,
            uint32_t *ino);
int fs_mkdir(struct fs *fs, uint32_t at, const char *path, uint32_t mode);
/* A FIFO, socket or device node. */
int fs_mknod(struct fs *fs, uint32_t at, const char *path, uint32_t mode, uint32_t rdev);
int fs_symlink(struct fs *fs, const char *target, uint32_t at, const char *path);
int fs_link(struct fs *fs, uint32_t from_at, const char *from, bool follow, uint32_t at,
            const char *path);
int fs_unlink(struct fs *fs, uint32_t at, const char *path);
int fs_rmdir(struct fs *fs, uint32_t at, const char *path);
int fs_rename(struct fs *fs, uint32_t from_at, const char *from, uint32_t to_at,
              const char *to);

/* -- files -- */
int fs_stat(struct fs *fs, uint32_t ino, struct fs_stat *st);
/* *ahead: 0 at first, kept by the caller with the file's position: how far was read ahead. */
int64_t fs_read(struct fs *fs, uint32_t ino, uint64_t at, void *buf, size_t n,
                uint32_t *ahead);
int64_t fs_write(struct fs *fs, uint32_t ino, uint64_t at, const void *buf, size_t n);
int fs_truncate(struct fs *fs, uint32_t ino, uint64_t size);
int64_t fs_readlink(struct fs *fs, uint32_t ino, char *buf, size_t n);
int fs_chmod(struct fs *fs, uint32_t ino, uint32_t mode);
int fs_chown(struct fs *fs, uint32_t ino, int64_t uid, int64_t gid); /* -1: stays */
int fs_utime(struct fs *fs, uint32_t ino, const struct fs_time *atime,
             const struct fs_time *mtime);
/* Nobody has it open any more: if it has no names it goes. */
int fs_forget(struct fs *fs, uint32_t ino);
int fs_statfs(struct fs *fs, struct fs_statfs *st);
/* The file system's idea of the time. */
int64_t fs_now(struct fs *fs, uint32_t *ns);

/* -- directories -- */
struct fs_entry {
    uint32_t ino;
    uint8_t type; /* enum ext2_type */
    uint8_t len;
    char name[256];
};
/* The first entry at or behind *pos, which then is behind it. 1, or 0 at the end. */
int fs_readdir(struct fs *fs, uint32_t dir, uint64_t *pos, struct fs_entry *entry);
/* Its name in `parent`, for getcwd. */
int fs_name_of(struct fs *fs, uint32_t dir, uint32_t *parent, struct fs_entry *entry);

#endif
