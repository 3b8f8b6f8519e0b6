// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store_ext2.c - what the simulator knows of ext2: whether an image is one, and how to make its
 * inodes say nothing of the host. Offsets: "The Second Extended File System", and the headers of
 * e2fsprogs (ext2_fs.h).
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_root.h"

static uint32_t get16(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t get32(const uint8_t *p)
{
    return get16(p) | get16(p + 2) << 16;
}

static void put32(uint8_t *p, uint32_t v)
{
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

enum { /* superblock, at byte 1024 */
       S_INODES = 0,
       S_BLOCKS = 4,
       S_FIRST_BLOCK = 20,
       S_LOG_BLOCK = 24,
       S_GROUP_BLOCKS = 32,
       S_GROUP_INODES = 40,
       S_MAGIC = 56,
       S_INODE_SIZE = 88,
       SUPER = 1024
};
enum { /* inode */
       I_MODE = 0,
       I_UID = 2,
       I_ATIME = 8,
       I_CTIME = 12,
       I_MTIME = 16,
       I_GID = 24,
       I_UID_GID_HIGH = 120,
       I_EXTRA_SIZE = 128,
       I_EXTRA_TIMES = 132, /* ctime, mtime, atime beyond the second */
       I_CRTIME = 144,
       I_CRTIME_EXTRA = 148,
       I_SMALL = 128
};
#define EXT2_MAGIC 0xef53u

static bool super_of(int fd, uint8_t *super)
{
    return pread(fd, super, SUPER, SUPER) == SUPER &&
           get16(super + S_MAGIC) == EXT2_MAGIC && get32(super + S_LOG_BLOCK) <= 6;
}

uint64_t root_is_ext2(int fd)
{
    uint8_t super[SUPER];
    if (!super_of(fd, super))
        return 0;
    return (uint64_t)get32(super + S_BLOCKS) << (10 + get32(super + S_LOG_BLOCK));
}

static void settle_inode(uint8_t *i, uint32_t size, uint32_t latest)
{
    if (get16(i + I_MODE) == 0)
        return;
    uint32_t t = get32(i + I_MTIME);
    if (t > latest)
        t = latest;
    put32(i + I_ATIME, t);
    put32(i + I_CTIME, t);
    put32(i + I_MTIME, t);
    memset(i + I_UID, 0, 2);
    memset(i + I_GID, 0, 2);
    memset(i + I_UID_GID_HIGH, 0, 4);
    if (size < I_CRTIME_EXTRA + 4 || get16(i + I_EXTRA_SIZE) < 24)
        return;
    memset(i + I_EXTRA_TIMES, 0, 12);
    put32(i + I_CRTIME, t);
    put32(i + I_CRTIME_EXTRA, 0);
}

/* No modification is later than $SOURCE_DATE_EPOCH (reproducible-builds.org), if that is set. */
static uint32_t latest_time(void)
{
    const char *text = getenv("SOURCE_DATE_EPOCH");
    char *end;
    unsigned long long t = text ? strtoull(text, &end, 10) : UINT32_MAX;
    return !text || *end || end == text || t > UINT32_MAX ? UINT32_MAX : (uint32_t)t;
}

int root_settle(int fd, struct err *err)
{
    uint8_t super[SUPER], desc[32];
    if (!super_of(fd, super))
        return err_set(err, ERR_USER, "--root: mke2fs made something that is not ext2");
    uint64_t block = UINT64_C(1024) << get32(super + S_LOG_BLOCK);
    uint32_t per = get32(super + S_GROUP_INODES), all = get32(super + S_INODES);
    uint32_t inode = get16(super + S_INODE_SIZE), latest = latest_time();
    if (inode < I_SMALL || per == 0)
        return err_set(err, ERR_USER, "--root: mke2fs made something that is not ext2");
    uint64_t table = (get32(super + S_FIRST_BLOCK) + 1) * block;
    uint8_t *inodes = mem_zero(per, inode);
    bool ok = true;
    for (uint32_t g = 0; ok && (uint64_t)g * per < all; g++) {
        size_t n = (size_t)per * inode;
        ok = pread(fd, desc, sizeof desc, (off_t)(table + g * sizeof desc)) ==
             (ssize_t)sizeof desc;
        off_t at = (off_t)(get32(desc + 8) * block);
        ok = ok && pread(fd, inodes, n, at) == (ssize_t)n;
        for (uint32_t i = 0; ok && i < per; i++)
            settle_inode(inodes + (size_t)i * inode, inode, latest);
        ok = ok && pwrite(fd, inodes, n, at) == (ssize_t)n;
    }
    free(inodes);
    return ok ? 0 : err_set(err, ERR_USER, "--root: the image made: %s", strerror(errno));
}
