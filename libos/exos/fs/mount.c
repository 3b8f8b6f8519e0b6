// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mount.c - the superblock and the groups: read, checked once, kept in the cache; mounting and
 * unmounting. Nothing an image says is believed before it was compared with what it can be.
 */
#include "fs_priv.h"

#define FS_MAGIC 0x45787432u

struct fs *fs_init(void *memory, uint32_t buffers)
{
    struct fs *fs = memory;
    memset(fs, 0, sizeof *fs);
    fs->magic = FS_MAGIC;
    e2_cache_init(fs, buffers);
    return fs;
}

bool fs_mounted(const struct fs *fs)
{
    return fs->magic == FS_MAGIC && fs->mounted;
}

int64_t fs_now(struct fs *fs, uint32_t *ns)
{
    uint32_t unused;
    return fs->time_base + (int64_t)fs_dev_seconds(ns != NULL ? ns : &unused);
}

int e2_super_get(struct fs *fs, struct ext2_super **sb)
{
    uint8_t *p;
    uint32_t block = EXT2_SUPER_OFFSET >> fs->block_shift;
    int error = e2_blk_read(fs, block, &p);
    if (error == 0)
        *sb =
            (struct ext2_super *)(void *)(p + (EXT2_SUPER_OFFSET & (fs->block_size - 1)));
    return error;
}

void e2_super_changed(struct fs *fs)
{
    e2_blk_meta(fs, EXT2_SUPER_OFFSET >> fs->block_shift);
}

int e2_group_get(struct fs *fs, uint32_t group, struct ext2_group **g)
{
    uint8_t *p;
    uint32_t per = fs->block_size / (uint32_t)sizeof **g;
    int error = e2_blk_read(fs, fs->gdt_block + group / per, &p);
    if (error != 0)
        return error;
    *g = (struct ext2_group *)(void *)p + group % per;
    uint32_t table =
        (fs->inodes_per_group * fs->inode_size + fs->block_size - 1) >> fs->block_shift;
    if (!blk_valid(fs, (*g)->block_bitmap) || !blk_valid(fs, (*g)->inode_bitmap) ||
        !blk_valid(fs, (*g)->inode_table) || fs->nblocks - (*g)->inode_table < table)
        return -EUCLEAN;
    return 0;
}

void e2_group_changed(struct fs *fs, uint32_t group)
{
    e2_blk_meta(fs, fs->gdt_block +
                        group / (fs->block_size / (uint32_t)sizeof(struct ext2_group)));
}

int e2_group_place(struct fs *fs, uint32_t group, struct place *place)
{
    struct ext2_group *g;
    if (group < fs->places) {
        *place = fs->place[group];
        return 0;
    }
    int error = e2_group_get(fs, group, &g);
    if (error == 0)
        *place = (struct place){g->block_bitmap, g->inode_bitmap, g->inode_table};
    return error;
}

static bool is_power(uint32_t n, uint32_t of)
{
    while (n > 1 && n % of == 0)
        n /= of;
    return n == 1;
}

bool e2_group_has_super(const struct fs *fs, uint32_t g)
{
    if (!(fs->ro_compat & EXT2_RO_SPARSE_SUPER) || g <= 1)
        return true;
    return is_power(g, 3) || is_power(g, 5) || is_power(g, 7);
}

bool e2_blk_is_system(struct fs *fs, uint32_t block)
{
    struct place d;
    if (!blk_valid(fs, block))
        return true;
    uint32_t g = (block - fs->first_data) / fs->blocks_per_group;
    uint32_t at = (block - fs->first_data) % fs->blocks_per_group;
    if (e2_group_has_super(fs, g) && at < 1 + fs->gdt_blocks + fs->reserved_gdt)
        return true;
    if (e2_group_place(fs, g, &d) != 0)
        return true;
    uint32_t table =
        (fs->inodes_per_group * fs->inode_size + fs->block_size - 1) >> fs->block_shift;
    return block == d.block_bitmap || block == d.inode_bitmap ||
           block - d.inode_table < table;
}

/* -- mounting -- */

static int refuse(int error, const char *why)
{
    fs_dev_say(why);
    return error;
}

static int geometry(struct fs *fs, const struct ext2_super *sb)
{
    static const char lies[] = "the superblock is damaged";
    if (sb->log_block_size > 2)
        return refuse(-EOPNOTSUPP, "blocks larger than 4096 bytes are not known");
    fs->block_shift = 10 + sb->log_block_size;
    fs->block_size = 1u << fs->block_shift;
    fs->per_shift = 12 - fs->block_shift;
    fs->addrs = fs->block_size / 4;
    fs->nblocks = sb->blocks_count;
    fs->ninodes = sb->inodes_count;
    fs->first_data = sb->first_data_block;
    fs->blocks_per_group = sb->blocks_per_group;
    fs->inodes_per_group = sb->inodes_per_group;
    fs->rev0 = sb->rev_level == 0;
    fs->inode_size = fs->rev0 ? EXT2_INODE_OLD : sb->inode_size;
    fs->first_ino = fs->rev0 ? 11 : sb->first_ino;
    fs->reserved_gdt = fs->rev0 ? 0 : sb->reserved_gdt_blocks;
    if (fs->first_data != (fs->block_size == 1024 ? 1u : 0u) ||
        fs->nblocks <= fs->first_data + 1 || fs->blocks_per_group < 8 ||
        fs->blocks_per_group > fs->block_size * 8 || fs->inodes_per_group == 0 ||
        fs->inodes_per_group > fs->block_size * 8 || fs->inode_size < EXT2_INODE_OLD ||
        fs->inode_size > fs->block_size || (fs->inode_size & (fs->inode_size - 1)) != 0)
        return refuse(-EUCLEAN, lies);
    if ((fs->nblocks - 1) >> fs->per_shift >= fs->dblocks)
        return refuse(-EUCLEAN, "the file system is larger than the disk");
    fs->groups =
        (fs->nblocks - fs->first_data + fs->blocks_per_group - 1) / fs->blocks_per_group;
    fs->gdt_block = fs->first_data + 1;
    fs->gdt_blocks =
        (fs->groups * (uint32_t)sizeof(struct ext2_group) + fs->block_size - 1) >>
        fs->block_shift;
    if ((uint64_t)fs->groups * fs->inodes_per_group != fs->ninodes ||
        fs->first_ino >= fs->ninodes || fs->first_ino < 3 ||
        fs->gdt_blocks >= fs->blocks_per_group ||
        fs->gdt_block + fs->gdt_blocks >= fs->nblocks)
        return refuse(-EUCLEAN, lies);
    return 0;
}

/* Every machine has a disk, most often without anything on it: no word of that. */
static bool is_blank(const struct ext2_super *sb)
{
    const char *p = (const char *)sb;
    return p[0] == 0 && memcmp(p, p + 1, sizeof *sb - 1) == 0;
}

static int read_super(struct fs *fs, bool *read_only)
{
    struct ext2_super *sb;
    fs->block_size = 1024; /* until we know */
    fs->block_shift = 10;
    fs->per_shift = 2;
    int error = e2_super_get(fs, &sb);
    if (error != 0)
        return error;
    if (sb->magic != EXT2_MAGIC)
        return is_blank(sb) ? -ENODEV
                            : refuse(-ENODEV, "the disk holds no ext2 file system");
    if (sb->rev_level > 1)
        return refuse(-EOPNOTSUPP, "a revision of ext2 that is not known");
    error = geometry(fs, sb);
    if (error == 0)
        error = e2_super_get(fs, &sb);
    if (error != 0)
        return error;
    fs->compat = fs->rev0 ? 0 : sb->feature_compat;
    fs->incompat = fs->rev0 ? 0 : sb->feature_incompat;
    fs->ro_compat = fs->rev0 ? 0 : sb->feature_ro_compat;
    if (fs->incompat & ~(uint32_t)EXT2_INCOMPAT_KNOWN)
        return refuse(-EOPNOTSUPP,
                      "the image has incompatible features that are not known "
                      "(made by mke2fs -t ext4?)");
    if (fs->ro_compat & ~(uint32_t)EXT2_RO_KNOWN) {
        *read_only = true;
        fs_dev_say("the image has features that allow reading only: mounted read-only");
    }
    return 0;
}

static void set_clock(struct fs *fs, const struct ext2_super *sb)
{
    uint32_t ns, base = sb->wtime;
    if (sb->mtime > base)
        base = sb->mtime;
    if (sb->mkfs_time > base)
        base = sb->mkfs_time;
    if (base <=
        fs->ninodes) /* e2fsck takes small times of deletion for a list of inodes */
        base = fs->ninodes + 1;
    fs->time_base = 0;
    fs->time_base = (int64_t)base - fs_now(fs, &ns);
}

/* The journal, replayed if need be: then the superblock may be another one. */
static int open_journal(struct fs *fs, bool *read_only)
{
    struct ext2_super *sb;
    int error = e2_super_get(fs, &sb);
    if (error == 0)
        error = e2_journal_open(fs, sb);
    if (error != 0 || !(fs->incompat & EXT2_INCOMPAT_RECOVER))
        return error;
    error = e2_journal_replay(fs);
    if (error != 0)
        return refuse(error, "the journal cannot be replayed");
    error = read_super(fs, read_only);
    if (error == 0)
        error = e2_super_get(fs, &sb);
    if (error != 0)
        return error;
    sb->feature_incompat &= ~(uint32_t)EXT2_INCOMPAT_RECOVER;
    error = e2_blk_write_through(fs, EXT2_SUPER_OFFSET >> fs->block_shift);
    if (error == 0)
        error = e2_cache_flush(fs);
    if (error == 0)
        error = e2_journal_open(fs, sb);
    return error;
}

/* An image that e2fsck should see before it is written to. */
static bool is_suspect(struct fs *fs, const struct ext2_super *sb)
{
    if (sb->state & EXT2_STATE_ERROR)
        fs_dev_say("the image is marked as damaged, run e2fsck: mounted read-only");
    else if (!(sb->state & EXT2_STATE_VALID) && !fs->journaled)
        fs_dev_say("the image was not unmounted cleanly, run e2fsck: mounted read-only");
    else
        return false;
    return true;
}

static int check_groups(struct fs *fs)
{
    struct ext2_group *g;
    fs->places = 0;
    for (uint32_t i = 0; i < fs->groups; i++) {
        int error = e2_group_get(fs, i, &g);
        if (error != 0)
            return error == -EUCLEAN ? refuse(error, "a group descriptor is damaged")
                                     : error;
    }
    return 0;
}

static int mount(struct fs *fs, bool read_only)
{
    struct ext2_super *sb;
    struct inode root;
    int error = read_super(fs, &read_only);
    if (error == 0 && fs->compat & EXT2_COMPAT_JOURNAL &&
        (!read_only || fs->incompat & EXT2_INCOMPAT_RECOVER)) {
        error = open_journal(fs, &read_only);
        fs->journaled = error == 0;
        if (error == -EOPNOTSUPP && !(fs->incompat & EXT2_INCOMPAT_RECOVER)) {
            read_only = true;
            error = 0;
        }
    } else if (error == 0 && fs->incompat & EXT2_INCOMPAT_RECOVER) {
        error = refuse(-EUCLEAN, "the journal must be replayed, but there is none");
    }
    if (error == 0)
        error = check_groups(fs);
    if (error == 0)
        error = e2_super_get(fs, &sb);
    if (error != 0)
        return error;
    set_clock(fs, sb);
    fs->read_only = read_only || is_suspect(fs, sb);
    error = e2_inode_get(fs, EXT2_ROOT_INO, &root);
    if (error == 0 && !is_dir(&root))
        error = -EUCLEAN;
    if (error != 0)
        return error == -EUCLEAN ? refuse(error, "the root directory is damaged") : error;
    fs->mounted = true;
    return fs->read_only ? 0 : e2_orphans_at_mount(fs);
}

static void reset(struct fs *fs)
{
    uint32_t nbufs = fs->nbufs;
    memset(fs, 0, offsetof(struct fs, nbufs));
    memset(&fs->tx_bufs, 0, offsetof(struct fs, path) - offsetof(struct fs, tx_bufs));
    fs->magic = FS_MAGIC;
    fs->nbufs = nbufs;
    e2_cache_empty(fs);
}

int fs_mount(struct fs *fs, uint32_t blocks, bool read_only)
{
    reset(fs);
    if (blocks == 0)
        return -ENODEV;
    fs->dblocks = blocks;
    int error = mount(fs, read_only);
    if (error != 0)
        reset(fs);
    return error;
}

static int mark_clean(struct fs *fs)
{
    struct ext2_super *sb;
    int error = fs->journaled ? e2_journal_write_super(fs, 0) : 0;
    if (error == 0)
        error = e2_super_get(fs, &sb);
    if (error != 0)
        return error;
    sb->feature_incompat &= ~(uint32_t)EXT2_INCOMPAT_RECOVER;
    sb->state |= EXT2_STATE_VALID;
    sb->wtime = (uint32_t)fs_now(fs, NULL);
    error = e2_blk_write_through(fs, EXT2_SUPER_OFFSET >> fs->block_shift);
    return error != 0 ? error : e2_cache_flush(fs);
}

int fs_unmount(struct fs *fs)
{
    int error = 0;
    if (!fs->mounted)
        return 0;
    if (fs->broken != 0)
        error = -EIO;
    if (error == 0 && fs->dirty) {
        error = e2_tx_commit(fs);
        if (error == 0)
            error = e2_cache_write(fs, BUF_DIRTY);
        if (error == 0)
            error = e2_cache_flush(fs);
        if (error == 0)
            error = mark_clean(fs);
    }
    reset(fs);
    return error;
}

void fs_discard(struct fs *fs)
{
    reset(fs);
}

int fs_statfs(struct fs *fs, struct fs_statfs *st)
{
    struct ext2_super *sb;
    int error = e2_super_get(fs, &sb);
    if (error != 0)
        return error;
    *st = (struct fs_statfs){.block_size = fs->block_size,
                             .name_max = EXT2_NAME_MAX,
                             .blocks = fs->nblocks,
                             .free = sb->free_blocks,
                             .files = fs->ninodes,
                             .free_files = sb->free_inodes,
                             .read_only = fs->read_only};
    st->avail = st->free > sb->r_blocks_count ? st->free - sb->r_blocks_count : 0;
    return 0;
}
