// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fs_rig.h - the file system of libos/exos/fs on the host: images are made by mke2fs, kept in
 * memory, and may be saved for e2fsck and debugfs. The disk remembers what was written in which order
 * and when it was flushed, so that any power cut can be staged.
 *
 * Guest and host share no errno.h or struct stat here: only fs.h is used.
 */
#ifndef TESTS_FS_RIG_H
#define TESTS_FS_RIG_H

#include "fs.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define BLOCK 4096u

struct rig_write {
    uint32_t block; /* UINT32_MAX: a flush */
    uint8_t *data;
};

struct rig {
    uint8_t *disk;
    uint32_t blocks;
    struct fs *fs;
    void *memory;
    uint32_t nbufs;
    /* the log, while `logging` */
    bool logging;
    uint8_t *before; /* the disk when logging began */
    struct rig_write *log;
    uint32_t nlog, log_room;
    /* counts and faults */
    uint64_t reads, writes, flushes;
    uint32_t fail_reads_after, fail_writes_after; /* 0: never */
    bool quiet;
    char said[256];
};

extern struct rig rig;
extern uint32_t rig_open_inodes[64]; /* what fs_dev_is_open says */
extern const char *rig_dir;          /* for files of a test */
extern const char *rig_mke2fs, *rig_e2fsck, *rig_debugfs;

/* printf to a shell command; its exit status. */
int rig_run(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* An image by `mke2fs OPTIONS IMG SIZE`, loaded. */
bool rig_make(const char *options, const char *size);
bool rig_load(const char *path);
bool rig_save(const char *path);
/* Exit status of e2fsck -fn on the disk as it is; its words are printed if it is not 0. */
int rig_check(void);
/* Memory for so many buffers, fs_init and fs_mount. */
int rig_mount(uint32_t nbufs, bool read_only);
int rig_unmount(void);
void rig_free(void);
void rig_log_begin(void);
void rig_log_end(void);
/* The disk as it is when power fails at write `cut` of the log: all before the last flush is there,
 * of what came behind it any part, in sectors. */
void rig_cut(uint8_t *disk, uint32_t cut, uint32_t *seed);
uint32_t rig_random(uint32_t *seed, uint32_t below);

#endif
