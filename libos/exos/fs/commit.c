// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * commit.c - the running transaction goes into the journal, as ext3's does:
 *
 *   | revoke block(s) | descriptor: which blocks follow | copies of them ... | commit |
 *                                                                  flush ^    ^ flush
 *
 * New content of files is written, to where it belongs, before the commit block ("ordered"); where
 * blocks are smaller than the disk's it is in the journal too. After the commit blocks may go
 * where they belong any time. When the log is half full everything is written there and the
 * log starts afresh (a checkpoint).
 */
#include "fs_priv.h"

#define UUID_BYTES 16u

static uint32_t tags_per_block(const struct fs *fs)
{
    return (fs->block_size - (uint32_t)sizeof(struct jbd_header) - UUID_BYTES) /
           (uint32_t)sizeof(struct jbd_tag);
}

/* The most blocks of the log a transaction takes. */
uint32_t e2_journal_reserve(const struct fs *fs)
{
    uint32_t revokes = FS_REVOKES * 4 / (fs->block_size - 16) + 1;
    return fs->tx_max + fs->tx_max / tags_per_block(fs) + 1 + revokes + 2;
}

int e2_journal_block(struct fs *fs, uint32_t i, uint32_t *block)
{
    uint32_t run = 1;
    int error = e2_map_find(fs, &fs->j_inode, i, block, &run);
    return error != 0 ? error : *block == 0 ? -EUCLEAN : 0;
}

/* Place in the log for one more block. */
static int next(struct fs *fs, uint32_t *block)
{
    int error = e2_journal_block(fs, fs->j_head, block);
    fs->j_head = fs->j_head + 1 < fs->j_len ? fs->j_head + 1 : fs->j_first;
    fs->j_used++;
    return error;
}

static struct jbd_header header(const struct fs *fs, uint32_t kind)
{
    return (struct jbd_header){be32(JBD_MAGIC), be32(kind), be32(fs->j_sequence)};
}

static uint8_t *scratch(struct fs *fs)
{
    memset(fs->block[0], 0, fs->block_size);
    return fs->block[0];
}

static int put_revokes(struct fs *fs)
{
    uint32_t at = 0, room = (fs->block_size - (uint32_t)sizeof(struct jbd_revoke)) / 4;
    while (at < fs->nrevokes) {
        uint32_t n = fs->nrevokes - at < room ? fs->nrevokes - at : room, block;
        uint8_t *p = scratch(fs);
        struct jbd_revoke h = {header(fs, JBD_REVOKE), be32((uint32_t)sizeof h + n * 4)};
        memcpy(p, &h, sizeof h);
        for (uint32_t i = 0; i < n; i++) {
            uint32_t b = be32(fs->revoke[at + i]);
            memcpy(p + sizeof h + i * 4, &b, 4);
        }
        at += n;
        int error = next(fs, &block);
        if (error == 0)
            error = e2_blk_log(fs, block, p);
        if (error != 0)
            return error;
    }
    return 0;
}

/* One block's copy. *escaped: it begins like a block of the journal, and its copy must not. */
static int put_copy(struct fs *fs, const uint8_t *bytes, bool *escaped)
{
    uint32_t block, first;
    int error = next(fs, &block);
    memcpy(&first, bytes, 4);
    *escaped = first == be32(JBD_MAGIC);
    if (error == 0 && *escaped) {
        uint8_t *copy = fs->block[1];
        memcpy(copy, bytes, fs->block_size);
        memset(copy, 0, 4);
        bytes = copy;
    }
    return error != 0 ? error : e2_blk_log(fs, block, bytes);
}

/* Where the next block of the transaction is, from (*buf, *part) on. */
static const uint8_t *next_changed(struct fs *fs, uint32_t *buf, uint32_t *part,
                                   uint32_t *block)
{
    for (; *buf < fs->nbufs; ++*buf, *part = 0) {
        const struct buf *b = &fs->buf[*buf];
        if (!(b->flags & BUF_TX))
            continue;
        for (; *part < 1u << fs->per_shift; ++*part)
            if (b->parts >> *part & 1) {
                *block = (b->io.block << fs->per_shift) + *part;
                return (const uint8_t *)b->io.data + (*part << fs->block_shift);
            }
    }
    return NULL;
}

/* A descriptor and the blocks it names; *more: there are others. */
static int put_batch(struct fs *fs, uint32_t *buf, uint32_t *part, bool *more)
{
    uint32_t desc, n = 0, block;
    uint8_t *p = scratch(fs), *at = p + sizeof(struct jbd_header);
    struct jbd_header h = header(fs, JBD_DESCRIPTOR);
    const uint8_t *bytes = next_changed(fs, buf, part, &block);
    *more = bytes != NULL;
    if (bytes == NULL)
        return 0;
    memcpy(p, &h, sizeof h);
    int error = next(fs, &desc);
    while (bytes != NULL && n < tags_per_block(fs) && error == 0) {
        bool escaped;
        error = put_copy(fs, bytes, &escaped);
        struct jbd_tag tag = {.block = be32(block)};
        uint32_t flags = (escaped ? JBD_TAG_ESCAPE : 0) | (n > 0 ? JBD_TAG_SAME_UUID : 0);
        ++*part;
        n++;
        bytes = next_changed(fs, buf, part, &block);
        if (bytes == NULL || n == tags_per_block(fs))
            flags |= JBD_TAG_LAST;
        tag.flags = be16((uint16_t)flags);
        memcpy(at, &tag, sizeof tag);
        at += sizeof tag + (n == 1 ? UUID_BYTES : 0);
    }
    *more = bytes != NULL;
    return error != 0 ? error : e2_blk_log(fs, desc, p);
}

static int put_commit(struct fs *fs)
{
    uint32_t block, ns;
    uint8_t *p = scratch(fs);
    struct jbd_header h = header(fs, JBD_COMMIT);
    uint64_t sec = __builtin_bswap64((uint64_t)fs_now(fs, &ns));
    memcpy(p, &h, sizeof h);
    memcpy(p + 48, &sec, sizeof sec); /* h_commit_sec */
    int error = next(fs, &block);
    if (error == 0)
        error = e2_blk_log(fs, block, p);
    if (error == 0)
        error = e2_cache_write(fs, BUF_DATA);
    return error != 0 ? error : e2_cache_flush(fs);
}

static void committed(struct fs *fs)
{
    for (uint32_t i = 0; i < fs->nbufs && fs->tx_bufs > 0; i++) {
        struct buf *b = &fs->buf[i];
        if (!(b->flags & BUF_TX))
            continue;
        b->flags &= (uint8_t)~BUF_TX;
        b->parts = 0;
        fs->tx_bufs--;
    }
    fs->tx_bufs = fs->tx_blocks = fs->nfreed = fs->nrevokes = 0;
    fs->j_sequence++;
}

static int put_transaction(struct fs *fs)
{
    uint32_t buf = 0, part = 0;
    bool more = true;
    int error = put_revokes(fs);
    while (error == 0 && more)
        error = put_batch(fs, &buf, &part, &more);
    if (error == 0)
        error = e2_cache_write(fs, BUF_DATA);
    if (error == 0)
        error = e2_cache_flush(fs);
    return error != 0 ? error : put_commit(fs);
}

int e2_journal_commit(struct fs *fs)
{
    int error;
    if (fs->tx_bufs == 0 && fs->nrevokes == 0) {
        error = e2_cache_write(fs, BUF_DATA);
        return error != 0 ? error : e2_cache_flush(fs);
    }
    error = put_transaction(fs);
    if (error != 0) {
        fs_break(fs, error, "the journal cannot be written");
        return error;
    }
    committed(fs);
    if (fs->j_len - fs->j_first - fs->j_used < e2_journal_reserve(fs))
        error = e2_journal_checkpoint(fs);
    return error;
}

int e2_journal_write_super(struct fs *fs, uint32_t start)
{
    uint32_t block;
    uint8_t *p;
    int error = e2_journal_block(fs, 0, &block);
    if (error == 0)
        error = e2_blk_read(fs, block, &p);
    if (error != 0)
        return error;
    struct jbd_super *js = (struct jbd_super *)(void *)p;
    js->start = be32(start);
    js->sequence = be32(fs->j_sequence);
    if (start != 0)
        js->feature_incompat |= be32(JBD_INCOMPAT_REVOKE);
    error = e2_blk_write_through(fs, block);
    return error != 0 ? error : e2_cache_flush(fs);
}

/* No transaction is running. */
int e2_journal_checkpoint(struct fs *fs)
{
    int error = e2_cache_write(fs, BUF_DIRTY);
    if (error == 0)
        error = e2_cache_flush(fs);
    if (error == 0)
        error = e2_journal_write_super(fs, fs->j_head);
    fs->j_used = 0;
    return error;
}
