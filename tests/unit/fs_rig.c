// SPDX-License-Identifier: GPL-2.0-or-later
/* fs_rig.c - images, e2fsprogs, and a disk that can lose power: see fs_rig.h. */
#include "fs_rig.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fs_dev.h"

struct rig rig;
uint32_t rig_open_inodes[64];
const char *rig_dir = "/tmp";
#ifndef MKE2FS
#define MKE2FS "/sbin/mke2fs"
#define E2FSCK "/sbin/e2fsck"
#define DEBUGFS "/sbin/debugfs"
#endif
const char *rig_mke2fs = MKE2FS, *rig_e2fsck = E2FSCK, *rig_debugfs = DEBUGFS;

/* -- what the file system needs -- */

static void log_add(uint32_t block, const uint8_t *data)
{
    if (!rig.logging)
        return;
    if (rig.nlog == rig.log_room) {
        rig.log_room = rig.log_room * 2 + 1024;
        rig.log = realloc(rig.log, rig.log_room * sizeof *rig.log);
    }
    uint8_t *copy = NULL;
    if (data != NULL) {
        copy = malloc(BLOCK);
        memcpy(copy, data, BLOCK);
    }
    rig.log[rig.nlog++] = (struct rig_write){block, copy};
}

static bool one(struct disk_io *io)
{
    uint8_t *at = rig.disk + (size_t)io->block * BLOCK;
    if (io->block >= rig.blocks)
        return false;
    if (io->op == EXO_IO_READ) {
        rig.reads++;
        if (rig.fail_reads_after != 0 && --rig.fail_reads_after == 0)
            return false;
        memcpy(io->data, at, BLOCK);
        return true;
    }
    rig.writes++;
    if (rig.fail_writes_after != 0 && --rig.fail_writes_after == 0)
        return false;
    memcpy(at, io->data, BLOCK);
    log_add(io->block, io->data);
    return true;
}

int fs_dev_io(struct fs *fs, struct disk_io *const io[], uint32_t n)
{
    (void)fs;
    int error = 0;
    for (uint32_t i = 0; i < n; i++) {
        bool ok = one(io[i]);
        io[i]->done = ok ? EXO_IO_DONE : EXO_IO_ERROR;
        if (!ok)
            error = -EIO;
    }
    return error;
}

int fs_dev_flush(struct fs *fs)
{
    (void)fs;
    rig.flushes++;
    log_add(UINT32_MAX, NULL);
    return 0;
}

void fs_dev_place(struct fs *fs, const void *p, uint32_t *frame, uint32_t *offset)
{
    (void)fs;
    (void)p;
    *frame = *offset = 0;
}

uint64_t fs_dev_seconds(uint32_t *ns)
{
    static uint64_t ticks; /* a millisecond a question */
    ticks++;
    *ns = (uint32_t)(ticks % 1000) * 1000000u;
    return ticks / 1000;
}

bool fs_dev_is_open(uint32_t ino)
{
    for (unsigned i = 0; i < sizeof rig_open_inodes / sizeof rig_open_inodes[0]; i++)
        if (ino != 0 && rig_open_inodes[i] == ino)
            return true;
    return false;
}

void fs_dev_say(const char *what)
{
    snprintf(rig.said, sizeof rig.said, "%s", what);
    if (!rig.quiet)
        fprintf(stderr, "fs: %s\n", what);
}

/* -- images -- */

int rig_run(const char *format, ...)
{
    char command[2048];
    va_list ap;
    va_start(ap, format);
    vsnprintf(command, sizeof command, format, ap);
    va_end(ap);
    int status = system(command);
    return status >= 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

bool rig_load(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return false;
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    rewind(f);
    free(rig.disk);
    rig.blocks = (uint32_t)((size + BLOCK - 1) / BLOCK);
    rig.disk = calloc(rig.blocks + 1, BLOCK);
    bool ok = fread(rig.disk, 1, (size_t)size, f) == (size_t)size;
    fclose(f);
    return ok;
}

bool rig_save(const char *path)
{
    FILE *f = fopen(path, "wb");
    if (f == NULL)
        return false;
    bool ok = fwrite(rig.disk, BLOCK, rig.blocks, f) == rig.blocks;
    return fclose(f) == 0 && ok;
}

bool rig_make(const char *options, const char *size)
{
    char path[300];
    snprintf(path, sizeof path, "%s/made-%d.img", rig_dir, (int)getpid());
    int status = rig_run("rm -f %s; %s -q -F %s %s %s >/dev/null 2>&1", path, rig_mke2fs,
                         options, path, size);
    bool ok = status == 0 && rig_load(path);
    unlink(path);
    return ok;
}

int rig_check(void)
{
    char path[300];
    snprintf(path, sizeof path, "%s/check-%d.img", rig_dir, (int)getpid());
    if (!rig_save(path))
        return 255;
    int status = rig_run("%s -fn %s >%s.out 2>&1", rig_e2fsck, path, path);
    if (status != 0)
        rig_run("cat %s.out", path);
    rig_run("rm -f %s %s.out", path, path);
    return status;
}

int rig_mount(uint32_t nbufs, bool read_only)
{
    free(rig.memory);
    rig.nbufs = nbufs;
    if (posix_memalign(&rig.memory, BLOCK, fs_bytes(nbufs)) != 0)
        return -ENOMEM;
    memset(rig.memory, 0, fs_bytes(nbufs));
    rig.fs = fs_init(rig.memory, nbufs);
    return fs_mount(rig.fs, rig.blocks, read_only);
}

int rig_unmount(void)
{
    int error = rig.fs != NULL ? fs_unmount(rig.fs) : 0;
    free(rig.memory);
    rig.memory = NULL;
    rig.fs = NULL;
    return error;
}

void rig_free(void)
{
    rig_log_end();
    free(rig.memory);
    free(rig.disk);
    memset(&rig, 0, sizeof rig);
    memset(rig_open_inodes, 0, sizeof rig_open_inodes);
}

/* -- power cuts -- */

void rig_log_begin(void)
{
    rig_log_end();
    rig.before = malloc((size_t)rig.blocks * BLOCK);
    memcpy(rig.before, rig.disk, (size_t)rig.blocks * BLOCK);
    rig.logging = true;
}

void rig_log_end(void)
{
    for (uint32_t i = 0; i < rig.nlog; i++)
        free(rig.log[i].data);
    free(rig.log);
    free(rig.before);
    rig.log = NULL;
    rig.before = NULL;
    rig.nlog = rig.log_room = 0;
    rig.logging = false;
}

uint32_t rig_random(uint32_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return below != 0 ? *seed % below : 0;
}

void rig_cut(uint8_t *disk, uint32_t cut, uint32_t *seed)
{
    uint32_t flushed = 0, chance = rig_random(seed, 4);
    memcpy(disk, rig.before, (size_t)rig.blocks * BLOCK);
    for (uint32_t i = 0; i < cut; i++)
        if (rig.log[i].block == UINT32_MAX)
            flushed = i;
    for (uint32_t i = 0; i < cut; i++) {
        const struct rig_write *w = &rig.log[i];
        if (w->block == UINT32_MAX)
            continue;
        uint8_t *at = disk + (size_t)w->block * BLOCK;
        if (i < flushed || rig_random(seed, 4) < chance) {
            memcpy(at, w->data, BLOCK);
        } else if (rig_random(seed, 3) == 0) { /* torn */
            for (uint32_t s = 0; s < BLOCK; s += 512)
                if (rig_random(seed, 2))
                    memcpy(at + s, w->data + s, 512);
        }
    }
}
