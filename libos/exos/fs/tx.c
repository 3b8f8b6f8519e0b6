// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tx.c - transactions. Changes of metadata collect in the running one, which is committed when
 * it is large, old, or somebody wants to be sure. Without a journal there is none: each
 * change is written before the next, in the order that leaves e2fsck something to repair.
 *
 * A block freed by the running transaction is not used again before the commit: its old owner
 * would find strange content if the commit never came.
 */
#include "fs_priv.h"

#define COMMIT_SECONDS 5

void fs_break(struct fs *fs, int error, const char *why)
{
    if (fs->broken == 0) {
        fs->broken = error < 0 ? -error : error;
        fs_dev_say(why);
    }
}

/* From now on the disk says that it is in use. */
static int mark_dirty(struct fs *fs)
{
    struct ext2_super *sb;
    int error = e2_super_get(fs, &sb);
    if (error != 0)
        return error;
    if (fs->journaled)
        sb->feature_incompat |= EXT2_INCOMPAT_RECOVER;
    else
        sb->state &= (uint16_t)~EXT2_STATE_VALID;
    sb->mtime = (uint32_t)fs_now(fs, NULL);
    sb->mnt_count++;
    error = e2_blk_write_through(fs, EXT2_SUPER_OFFSET >> fs->block_shift);
    if (error == 0)
        error = e2_cache_flush(fs);
    if (error == 0 && fs->journaled) /* e2fsck minds the opposite order */
        error = e2_journal_write_super(fs, fs->j_head);
    fs->dirty = error == 0;
    return error;
}

uint32_t e2_tx_room(const struct fs *fs)
{
    if (!fs->journaled)
        return fs->nbufs / 4;
    return fs->tx_blocks < fs->tx_max ? fs->tx_max - fs->tx_blocks : 0;
}

static bool is_full(struct fs *fs, uint32_t blocks)
{
    if (fs->tx_bufs == 0)
        return false;
    return e2_tx_room(fs) < blocks || fs->nfreed + FS_BATCH >= FS_FREED ||
           fs->nrevokes + FS_REVOKES / 4 >= FS_REVOKES ||
           fs_now(fs, NULL) - fs->tx_since >= COMMIT_SECONDS;
}

int e2_tx_begin(struct fs *fs, uint32_t blocks)
{
    int error = 0;
    if (fs->broken != 0)
        return -EIO;
    if (fs->read_only)
        return -EROFS;
    if (!fs->dirty)
        error = mark_dirty(fs);
    if (error == 0 && fs->journaled && is_full(fs, blocks))
        error = e2_tx_commit(fs);
    if (error != 0)
        return error;
    if (e2_tx_room(fs) < blocks)
        return -EFBIG; /* a journal too small for it */
    if (fs->tx_bufs == 0)
        fs->tx_since = fs_now(fs, NULL);
    fs->tx_touched = false;
    return 0;
}

int e2_tx_end(struct fs *fs, int error)
{
    if ((error == -EIO || error == -EUCLEAN) && fs->tx_touched)
        fs_break(fs, error, "a change failed half way, nothing more is written");
    if (!fs->journaled && fs->broken == 0) {
        int order = e2_tx_order(fs);
        if (error == 0)
            error = order;
        fs->nfreed = 0;
    }
    return error != 0 ? error : fs->broken != 0 ? -EIO : 0;
}

int e2_tx_order(struct fs *fs)
{
    if (fs->journaled)
        return 0;
    int error = e2_cache_write(fs, BUF_META);
    return error != 0 ? error : e2_cache_flush(fs);
}

bool e2_tx_is_freed(const struct fs *fs, uint32_t block)
{
    for (uint32_t i = 0; i < fs->nfreed; i++)
        if (block - fs->freed[i].start < fs->freed[i].count)
            return true;
    return fs->nfreed == FS_FREED; /* perhaps */
}

void e2_tx_freed(struct fs *fs, uint32_t block, bool metadata)
{
    if (!fs->journaled)
        return;
    struct run *last = &fs->freed[fs->nfreed > 0 ? fs->nfreed - 1 : 0];
    if (fs->nfreed > 0 && last->start + last->count == block)
        last->count++;
    else if (fs->nfreed > 0 && block + 1 == last->start) {
        last->start--;
        last->count++;
    } else if (fs->nfreed < FS_FREED)
        fs->freed[fs->nfreed++] = (struct run){block, 1};
    if (!metadata || fs->per_shift > 0)
        return; /* where all content is journaled what comes later overrides */
    if (fs->nrevokes < FS_REVOKES)
        fs->revoke[fs->nrevokes++] = block;
    else
        fs_break(fs, EIO, "too many blocks freed in one transaction");
}

int e2_tx_commit(struct fs *fs)
{
    if (fs->broken != 0)
        return -EIO;
    if (fs->journaled)
        return e2_journal_commit(fs);
    int error = e2_cache_write(fs, BUF_META | BUF_DATA);
    return error != 0 ? error : e2_cache_flush(fs);
}

bool e2_tx_retry(struct fs *fs, int error)
{
    return error == -ENOSPC && fs->nfreed > 0 && e2_tx_commit(fs) == 0;
}

int fs_sync(struct fs *fs)
{
    if (!fs->mounted)
        return 0;
    if (fs->broken != 0)
        return -EIO;
    return fs->read_only ? 0 : e2_tx_commit(fs);
}
