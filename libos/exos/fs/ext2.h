// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ext2.h - what is on the disk: ext2 as the Linux kernel's Documentation/filesystems/ext2.rst and
 * ext4/ (the fields ext2 and ext3 use) describe it, and the journal of ext3 (journal.rst).
 * Little endian, which all our machines are; the journal is big endian.
 */
#ifndef EXOS_FS_EXT2_H
#define EXOS_FS_EXT2_H

#include <stddef.h>
#include <stdint.h>

#define EXT2_MAGIC 0xef53
#define EXT2_SUPER_OFFSET 1024
#define EXT2_ROOT_INO 2
#define EXT2_NAME_MAX 255
#define EXT2_LINK_MAX 32000

#define EXT2_STATE_VALID 1
#define EXT2_STATE_ERROR 2

#define EXT2_COMPAT_JOURNAL 0x4
#define EXT2_INCOMPAT_FILETYPE 0x2
#define EXT2_INCOMPAT_RECOVER 0x4
#define EXT2_INCOMPAT_KNOWN (EXT2_INCOMPAT_FILETYPE | EXT2_INCOMPAT_RECOVER)
#define EXT2_RO_SPARSE_SUPER 0x1
#define EXT2_RO_LARGE_FILE 0x2
#define EXT2_RO_KNOWN (EXT2_RO_SPARSE_SUPER | EXT2_RO_LARGE_FILE)

struct ext2_super {
    uint32_t inodes_count, blocks_count, r_blocks_count, free_blocks;
    uint32_t free_inodes, first_data_block, log_block_size, log_frag_size;
    uint32_t blocks_per_group, frags_per_group, inodes_per_group, mtime;
    uint32_t wtime;
    uint16_t mnt_count, max_mnt_count, magic, state, errors, minor_rev;
    uint32_t lastcheck, checkinterval, creator_os, rev_level;
    uint16_t def_resuid, def_resgid;
    uint32_t first_ino; /* revision 1 from here on */
    uint16_t inode_size, block_group_nr;
    uint32_t feature_compat, feature_incompat, feature_ro_compat;
    uint8_t uuid[16], volume_name[16], last_mounted[64];
    uint32_t algo_bitmap;
    uint8_t prealloc_blocks, prealloc_dir_blocks;
    uint16_t reserved_gdt_blocks;
    uint8_t journal_uuid[16];
    uint32_t journal_inum, journal_dev, last_orphan, hash_seed[4];
    uint8_t def_hash_version, jnl_backup_type;
    uint16_t desc_size;
    uint32_t default_mount_opts, first_meta_bg, mkfs_time;
    uint32_t rest[189];
};
_Static_assert(sizeof(struct ext2_super) == 1024, "superblock layout");
_Static_assert(offsetof(struct ext2_super, journal_inum) == 224, "superblock layout");
_Static_assert(offsetof(struct ext2_super, mkfs_time) == 264, "superblock layout");

struct ext2_group {
    uint32_t block_bitmap, inode_bitmap, inode_table;
    uint16_t free_blocks, free_inodes, used_dirs, pad;
    uint32_t reserved[3];
};
_Static_assert(sizeof(struct ext2_group) == 32, "group descriptor layout");

#define EXT2_NDIR 12 /* i_block: direct ones, then single, double, triple indirect */
#define EXT2_NBLOCK 15
#define EXT2_FLAG_IMMUTABLE 0x10u
#define EXT2_FLAG_APPEND 0x20u
#define EXT2_FLAG_INDEX 0x1000u /* directory has a hash tree */
#define EXT2_FLAG_EXTENTS 0x80000u

struct ext2_inode {
    uint16_t mode, uid;
    uint32_t size, atime, ctime, mtime, dtime;
    uint16_t gid, links;
    uint32_t sectors; /* of 512 bytes */
    uint32_t flags, version;
    uint32_t block[EXT2_NBLOCK];
    uint32_t generation, file_acl, size_high, faddr;
    uint8_t frag, fsize;
    uint16_t pad1, uid_high, gid_high;
    uint32_t reserved;
    /* only if the superblock says inodes are larger than 128 bytes, and extra_size */
    uint16_t extra_size, checksum_high;
    uint32_t ctime_extra, mtime_extra, atime_extra, crtime, crtime_extra;
    uint32_t version_high, projid;
};
_Static_assert(offsetof(struct ext2_inode, extra_size) == 128, "inode layout");
_Static_assert(sizeof(struct ext2_inode) == 160, "inode layout");
#define EXT2_INODE_OLD 128u

struct ext2_dirent {
    uint32_t inode;
    uint16_t rec_len;
    uint8_t name_len, type; /* type: 0 without the filetype feature */
    char name[];
};
#define EXT2_DIRENT(name_len) (((uint32_t)(name_len) + 8 + 3) & ~3u)

enum ext2_type {
    EXT2_T_UNKNOWN = 0,
    EXT2_T_REG = 1,
    EXT2_T_DIR = 2,
    EXT2_T_CHR = 3,
    EXT2_T_BLK = 4,
    EXT2_T_FIFO = 5,
    EXT2_T_SOCK = 6,
    EXT2_T_LNK = 7
};

#define EXT2_XATTR_MAGIC 0xea020000u
struct ext2_xattr {
    uint32_t magic, refs, blocks, hash, reserved[4];
};

/* -- the journal: all big endian -- */
#define JBD_MAGIC 0xc03b3998u
enum jbd_kind {
    JBD_DESCRIPTOR = 1,
    JBD_COMMIT = 2,
    JBD_SUPER_V1 = 3,
    JBD_SUPER_V2 = 4,
    JBD_REVOKE = 5
};
#define JBD_INCOMPAT_REVOKE 0x1u
#define JBD_TAG_ESCAPE 1u
#define JBD_TAG_SAME_UUID 2u
#define JBD_TAG_LAST 8u

struct jbd_header {
    uint32_t magic, kind, sequence;
};
struct jbd_tag {
    uint32_t block;
    uint16_t checksum, flags;
};
struct jbd_revoke {
    struct jbd_header h;
    uint32_t bytes; /* used, with this header */
};
struct jbd_super {
    struct jbd_header h;
    uint32_t blocksize, maxlen, first;
    uint32_t sequence, start; /* of the oldest transaction; start 0: nothing to replay */
    uint32_t error;
    uint32_t feature_compat, feature_incompat, feature_ro_compat; /* version 2 */
    uint8_t uuid[16];
    uint32_t users, rest[240 - 5];
};
_Static_assert(offsetof(struct jbd_super, uuid) == 48, "journal superblock layout");

static inline uint32_t be32(uint32_t v)
{
    return __builtin_bswap32(v);
}

static inline uint16_t be16(uint16_t v)
{
    return __builtin_bswap16(v);
}

#endif
