// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fs_priv.h - the parts of the file system among themselves.
 *
 *   cache.c    buffers of DISK_BLOCK bytes; blocks of the file system are parts of them
 *   tx.c       transactions: what changes together; commit.c writes them, replay.c redoes them
 *   mount.c    superblock and groups: read, checked, kept
 *   alloc.c    block and inode bitmaps        map.c, trunc.c   which block of a file is where
 *   inode.c    inodes, orphans                data.c     content
 *   dir.c      entries of a directory         path.c     names
 *   node.c     making and removing them       rename.c
 *
 * Pointers into the cache: what e2_blk_*() returned stays there until FS_SAFE - FS_RECENT other buffers
 * were asked for, the least recently used one goes first.
 */
#ifndef EXOS_FS_PRIV_H
#define EXOS_FS_PRIV_H

#include <errno.h>
#include <string.h>

#include "ext2.h"
#include "fs.h"
#include "fs_dev.h"

#define FS_SAFE 64u
#define FS_RECENT 16u /* that near the newest their order does not matter */
#define FS_BATCH 32u  /* requests at once */
#define FS_FREED 256u /* runs of blocks freed by the running transaction */
#define FS_REVOKES 1024u
#define FS_PATH 4096u
#define FS_NONE 0xffffu

enum buf_flag {
    BUF_VALID = 1, /* holds what is on the disk, or newer */
    BUF_DIRTY = 2, /* newer than the disk */
    BUF_TX = 4, /* changed by the running transaction: stays in memory until the commit */
    BUF_DATA = 8, /* dirty content of files: written before the commit */
    BUF_META = 16 /* no journal: dirty metadata, written at the next e2_tx_order() */
};

struct buf {
    struct disk_io io;
    uint8_t flags;
    uint8_t parts;         /* BUF_TX: which of its blocks were changed, a bit each */
    uint16_t newer, older; /* by last use */
    uint16_t next;         /* of the same hash */
    uint32_t used;         /* fs->uses when it became the newest */
};

struct run {
    uint32_t start, count;
};

#define FS_KNOWN 256u
#define FS_KNOWN_NAME 22u
struct known { /* dir 0: free */
    uint32_t dir, ino;
    uint8_t len, type;
    char name[FS_KNOWN_NAME];
};

#define FS_PLACES 64u
struct place { /* of a group */
    uint32_t block_bitmap, inode_bitmap, inode_table;
};

/* An inode, decoded: a copy, written back by e2_inode_put(). */
struct inode {
    uint32_t ino;
    struct ext2_inode d;
};

struct fs {
    uint32_t magic;
    bool mounted, read_only, journaled;
    bool dirty;     /* the superblock says so on the disk */
    bool unflushed; /* something was written since the last flush */
    int broken; /* nonzero errno: the disk or the image failed in the middle of a change */

    /* geometry */
    uint32_t dblocks;                            /* of DISK_BLOCK */
    uint32_t block_size, block_shift, per_shift; /* log2 of blocks in a DISK_BLOCK */
    uint32_t nblocks, ninodes, first_data, groups;
    uint32_t blocks_per_group, inodes_per_group, inode_size, first_ino;
    uint32_t gdt_block, gdt_blocks, reserved_gdt;
    uint32_t addrs; /* block numbers in a block */
    uint32_t compat, incompat, ro_compat;
    bool rev0;
    int64_t time_base; /* added to the machine's clock */

    /* cache */
    uint32_t nbufs;
    struct buf *buf; /* one more than nbufs: the last is for logs, never found */
    uint8_t *data;
    uint16_t newest, oldest;
    uint32_t hash_mask;
    uint16_t *hash;
    struct disk_io *list[FS_BATCH];

    /* the running transaction */
    uint32_t tx_bufs;   /* buffers in it */
    uint32_t tx_blocks; /* blocks in it */
    uint32_t tx_max;    /* blocks it may have */
    uint32_t tx_seen;   /* tx_blocks at tx_begin */
    bool tx_touched;    /* something was changed since tx_begin */
    int64_t tx_since;
    uint32_t nfreed;
    struct run freed[FS_FREED];
    uint32_t nrevokes;
    uint32_t revoke[FS_REVOKES];

    /* the journal */
    uint32_t j_ino, j_len, j_first; /* blocks; first one that is not its superblock */
    uint32_t j_head, j_used;        /* next to write; how many behind it are needed */
    uint32_t j_sequence;            /* of the running transaction */
    struct inode j_inode;

    struct known known[FS_KNOWN];
    struct place
        place[FS_PLACES]; /* of the first groups, checked; for lookups without a buffer */
    uint32_t places;
    uint32_t uses;              /* of buffers, counted when they become the newest */
    uint32_t room_dir, room_at; /* blocks of this directory before room_at are full */
    uint32_t alloc_group;       /* where the last directory went */
    char path[2][FS_PATH];
    char name[EXT2_NAME_MAX + 1];
    uint8_t block[2][DISK_BLOCK]; /* of the journal, being made or read */
};

/* -- cache.c -- */
void e2_cache_init(struct fs *fs, uint32_t nbufs);
void e2_cache_empty(struct fs *fs);
/* A block's bytes, as they are on the disk or newer. */
int e2_blk_read(struct fs *fs, uint32_t block, uint8_t **p);
/* A block that will be overwritten: zero, nothing read if it can be helped. */
int e2_blk_zero(struct fs *fs, uint32_t block, uint8_t **p);
/* The same, not even zeroed: every byte will be written. */
int e2_blk_over(struct fs *fs, uint32_t block, uint8_t **p);
/* Read [block, block + n) if they are not there, many at once; errors show when they are used. */
void e2_blk_prefetch(struct fs *fs, uint32_t block, uint32_t n);
bool e2_blk_cached(struct fs *fs, uint32_t block);
/* Metadata: changed in the running transaction. Call before or after changing, in one go. */
void e2_blk_meta(struct fs *fs, uint32_t block);
/* Content of files. */
void e2_blk_data(struct fs *fs, uint32_t block);
/* The block is free: what is in memory does not matter any more. */
void e2_blk_drop(struct fs *fs, uint32_t block);
struct buf *e2_buf_find(struct fs *fs, uint32_t dblock);
/* Write all buffers with one of these flags that are not BUF_TX. */
int e2_cache_write(struct fs *fs, uint32_t flags);
/* A block of the journal: where its buffer has uncommitted neighbours it is written at once, beside
 * what the disk has of them, else with the next BUF_DATA. */
int e2_blk_log(struct fs *fs, uint32_t block, const void *bytes);
/* The block itself goes to the disk now, alone. */
int e2_blk_write_through(struct fs *fs, uint32_t block);
int e2_cache_flush(struct fs *fs);

/* -- tx.c, commit.c -- */
/* Room for so many changed blocks; may commit what others did before. -EROFS, -EIO, -ENOSPC. */
int e2_tx_begin(struct fs *fs, uint32_t blocks);
/* error: the operation's result, returned again. */
int e2_tx_end(struct fs *fs, int error);
/* Room left in the running transaction. */
uint32_t e2_tx_room(const struct fs *fs);
/* No journal: what was changed so far is on the disk before what follows. */
int e2_tx_order(struct fs *fs);
/* Freed blocks must not be used again before the commit. */
bool e2_tx_is_freed(const struct fs *fs, uint32_t block);
void e2_tx_freed(struct fs *fs, uint32_t block, bool metadata);
int e2_tx_commit(struct fs *fs);
/* After a failure for want of room: true if a commit may help (and was made). */
bool e2_tx_retry(struct fs *fs, int error);
void fs_break(struct fs *fs, int error, const char *why);
int e2_journal_commit(struct fs *fs);
int e2_journal_checkpoint(struct fs *fs);
int e2_journal_block(struct fs *fs, uint32_t i, uint32_t *block);
uint32_t e2_journal_reserve(const struct fs *fs);
int e2_journal_write_super(struct fs *fs, uint32_t start);
/* -- replay.c -- */
int e2_journal_open(struct fs *fs, const struct ext2_super *sb);
int e2_journal_replay(struct fs *fs);

/* -- mount.c -- */
int e2_super_get(struct fs *fs, struct ext2_super **sb);
void e2_super_changed(struct fs *fs);
int e2_group_get(struct fs *fs, uint32_t group, struct ext2_group **g);
void e2_group_changed(struct fs *fs, uint32_t group);
/* Is it a block that no file may have: of the superblock's copies, descriptors, bitmaps, tables? */
/* Where the group's bitmaps and table are. */
int e2_group_place(struct fs *fs, uint32_t group, struct place *place);
bool e2_blk_is_system(struct fs *fs, uint32_t block);
bool e2_group_has_super(const struct fs *fs, uint32_t group);
static inline bool blk_valid(const struct fs *fs, uint32_t block)
{
    return block > fs->first_data && block < fs->nblocks;
}

/* -- alloc.c -- */
/* Up to *count blocks in a row, near goal. -ENOSPC. */
int e2_block_alloc(struct fs *fs, uint32_t goal, uint32_t *block, uint32_t *count);
int e2_block_free(struct fs *fs, uint32_t block, uint32_t count, bool metadata);
int e2_inode_alloc(struct fs *fs, uint32_t parent, bool directory, uint32_t *ino);
int e2_inode_free(struct fs *fs, uint32_t ino, bool directory);

/* -- inode.c -- */
int e2_inode_get(struct fs *fs, uint32_t ino, struct inode *i);
int e2_inode_put(struct fs *fs, const struct inode *i);
uint64_t e2_inode_size(const struct inode *i);
int e2_inode_set_size(struct fs *fs, struct inode *i, uint64_t size);
enum inode_time { T_ATIME = 1, T_MTIME = 2, T_CTIME = 4 };
void e2_inode_touch(struct fs *fs, struct inode *i, unsigned times);
void e2_inode_set_time(struct fs *fs, struct inode *i, unsigned which, int64_t sec,
                       uint32_t ns);
/* A new one with a number of its own, all set up but for names. */
int e2_inode_make(struct fs *fs, uint32_t parent, uint32_t mode, struct inode *i);
/* No names, not open: its blocks and itself are free. Transactions of its own. */
int e2_inode_delete(struct fs *fs, uint32_t ino);
bool e2_link_is_fast(const struct fs *fs, const struct inode *i);
int e2_orphan_add(struct fs *fs, struct inode *i);
int e2_orphan_remove(struct fs *fs, struct inode *i);
int e2_orphans_at_mount(struct fs *fs);
static inline bool is_dir(const struct inode *i)
{
    return (i->d.mode & 0170000) == 0040000;
}
static inline bool is_reg(const struct inode *i)
{
    return (i->d.mode & 0170000) == 0100000;
}
static inline bool is_link(const struct inode *i)
{
    return (i->d.mode & 0170000) == 0120000;
}

/* -- map.c, trunc.c -- */
/* Block of the file's block number `at`, 0 if there is none; *run: how many follow in a row, at
 * most what it says before. */
int e2_map_find(struct fs *fs, const struct inode *i, uint32_t at, uint32_t *block,
                uint32_t *run);
/* The same, made if need be (in a transaction; *fresh: then its old content is nobody's). The inode
 * is changed, not put. */
int e2_map_make(struct fs *fs, struct inode *i, uint32_t at, bool metadata,
                uint32_t *block, bool *fresh);
uint64_t e2_map_max_size(const struct fs *fs, bool regular);
#define MAP_CREDITS 12u /* blocks a map_make may change */
/* Free blocks from file block `from` on, as many as the transaction has room for. 1: more left. */
int e2_map_cut(struct fs *fs, struct inode *i, uint32_t from);
/* Has it no more blocks behind `from` than go away in one small transaction? */
bool e2_map_is_short(const struct inode *i);

/* -- data.c -- */
/* Nothing behind `size`, which it becomes. orphan: it is one already, and none afterwards. */
int e2_data_cut(struct fs *fs, uint32_t ino, uint64_t size, bool orphan);

/* -- dir.c -- */
struct dir_place {
    uint32_t block, offset,
        before; /* before: offset of the entry before it in its block */
    uint32_t ino;
    uint8_t type;
};
int e2_dir_find(struct fs *fs, const struct inode *dir, const char *name, uint32_t len,
                struct dir_place *place);
/* -EEXIST is not checked. The directory's inode is changed and put. */
int e2_dir_add(struct fs *fs, struct inode *dir, const char *name, uint32_t len,
               uint32_t ino, uint32_t mode);
int e2_dir_remove(struct fs *fs, struct inode *dir, const struct dir_place *place);
/* The entry names another inode from now on. */
int e2_dir_replace(struct fs *fs, struct inode *dir, const struct dir_place *place,
                   uint32_t ino, uint32_t mode);
int e2_dir_make_empty(struct fs *fs, struct inode *dir, uint32_t parent);
/* 1 if there is nothing but . and .. */
int e2_dir_is_empty(struct fs *fs, const struct inode *dir);

/* -- known.c -- */
/* 0: not known. */
uint32_t e2_known_find(struct fs *fs, uint32_t dir, const char *name, uint32_t len,
                       uint8_t *type);
void e2_known_add(struct fs *fs, uint32_t dir, const char *name, uint32_t len,
                  uint32_t ino, uint8_t type);
void e2_known_drop(struct fs *fs, uint32_t dir, const char *name, uint32_t len);

/* -- path.c -- */
struct path {
    uint32_t parent, ino; /* ino 0: there is nothing of that name */
    const char *name;     /* last part, in fs->path[]; len 0: the root, or . or .. */
    uint32_t len;
    bool slash; /* a slash behind it: must be a directory */
    struct dir_place place;
};
/* What to do with a symbolic link at the end. NAME: the name itself is meant, whatever it is, to be
 * made or removed: a slash behind it does not follow it either. */
enum path_end { PATH_NAME, PATH_LINK, PATH_FOLLOW };
int e2_path_walk(struct fs *fs, uint32_t at, const char *path, enum path_end end,
                 struct path *p);

#endif
