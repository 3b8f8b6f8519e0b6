// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * replay.c - the journal at mount: three walks through the log from its oldest transaction. The
 * first finds where the last complete one ends, the second collects what was revoked, the
 * third writes blocks to where they belong, except what a later (or the same) transaction
 * revoked. The table of revocations takes half the cache meanwhile.
 */
#include "fs_priv.h"

enum pass { SCAN, REVOKE, REPLAY };

struct revoked {
    uint32_t block, sequence; /* block 0: free slot */
};

struct walk {
    struct fs *fs;
    enum pass pass;
    uint32_t start, first_sequence;
    uint32_t at, sequence,
        end; /* sequence of the first transaction that is not complete */
    struct revoked *table;
    uint32_t slots, used;
};

static bool newer(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) > 0;
}

static struct revoked *slot(const struct walk *w, uint32_t block)
{
    uint32_t i = block * 0x9e3779b1u % w->slots;
    while (w->table[i].block != 0 && w->table[i].block != block)
        i = i + 1 < w->slots ? i + 1 : 0;
    return &w->table[i];
}

static int revoke(struct walk *w, uint32_t block)
{
    struct revoked *r = slot(w, block);
    if (block == 0)
        return 0;
    if (r->block == 0) {
        if (++w->used > w->slots / 2) {
            fs_dev_say("the journal revokes more blocks than fit the cache");
            return -ENOMEM;
        }
        *r = (struct revoked){block, w->sequence};
    } else if (newer(w->sequence, r->sequence)) {
        r->sequence = w->sequence;
    }
    return 0;
}

static bool is_revoked(const struct walk *w, uint32_t block)
{
    const struct revoked *r = slot(w, block);
    return r->block != 0 && !newer(w->sequence, r->sequence);
}

static int log_read(struct walk *w, uint8_t **p)
{
    uint32_t block;
    int error = e2_journal_block(w->fs, w->at, &block);
    if (error == 0)
        error = e2_blk_read(w->fs, block, p);
    w->at = w->at + 1 < w->fs->j_len ? w->at + 1 : w->fs->j_first;
    return error;
}

static int redo(struct walk *w, uint32_t block, bool escaped)
{
    struct fs *fs = w->fs;
    uint8_t *from, *to;
    int error = log_read(w, &from);
    if (error != 0)
        return error;
    if (block >= fs->nblocks) {
        fs_dev_say("the journal has a block outside of the file system");
        return -EUCLEAN;
    }
    if (is_revoked(w, block))
        return 0;
    memcpy(fs->block[1], from, fs->block_size);
    if (escaped) {
        uint32_t magic = be32(JBD_MAGIC);
        memcpy(fs->block[1], &magic, 4);
    }
    error = e2_blk_over(fs, block, &to);
    if (error != 0)
        return error;
    memcpy(to, fs->block[1], fs->block_size);
    e2_buf_find(fs, block >> fs->per_shift)->flags |= BUF_DIRTY | BUF_DATA;
    return 0;
}

/* A descriptor (copied to block[0]): the blocks behind it are passed over, or redone. *n counts. */
static int descriptor(struct walk *w, uint32_t *n)
{
    struct fs *fs = w->fs;
    const uint8_t *p = fs->block[0];
    uint32_t at = sizeof(struct jbd_header);
    while (at + sizeof(struct jbd_tag) <= fs->block_size && *n < fs->j_len) {
        struct jbd_tag tag;
        memcpy(&tag, p + at, sizeof tag);
        uint32_t flags = be16(tag.flags);
        at += (uint32_t)sizeof tag + (flags & JBD_TAG_SAME_UUID ? 0 : 16);
        ++*n;
        if (w->pass == REPLAY) {
            int error = redo(w, be32(tag.block), flags & JBD_TAG_ESCAPE);
            if (error != 0)
                return error;
        } else {
            w->at++;
            if (w->at >= fs->j_len)
                w->at = fs->j_first;
        }
        if (flags & JBD_TAG_LAST)
            break;
    }
    return 0;
}

static int revokes(struct walk *w)
{
    const uint8_t *p = w->fs->block[0];
    struct jbd_revoke r;
    memcpy(&r, p, sizeof r);
    uint32_t bytes = be32(r.bytes);
    if (bytes > w->fs->block_size)
        return -EUCLEAN;
    for (uint32_t at = sizeof r; at + 4 <= bytes; at += 4) {
        uint32_t block;
        memcpy(&block, p + at, 4);
        int error = revoke(w, be32(block));
        if (error != 0)
            return error;
    }
    return 0;
}

static int walk(struct walk *w, enum pass pass)
{
    struct fs *fs = w->fs;
    w->pass = pass;
    w->at = w->start;
    w->sequence = w->first_sequence;
    for (uint32_t n = 0; n < fs->j_len; n++) {
        uint8_t *p;
        struct jbd_header h;
        if (pass != SCAN && w->sequence == w->end)
            return 0;
        int error = log_read(w, &p);
        if (error != 0)
            return pass == SCAN ? 0 : error;
        memcpy(&h, p, sizeof h);
        if (be32(h.magic) != JBD_MAGIC || be32(h.sequence) != w->sequence)
            return 0;
        memcpy(fs->block[0], p, fs->block_size);
        if (be32(h.kind) == JBD_COMMIT)
            w->sequence++;
        else if (be32(h.kind) == JBD_DESCRIPTOR)
            error = descriptor(w, &n);
        else if (be32(h.kind) == JBD_REVOKE)
            error = pass == REVOKE ? revokes(w) : 0;
        else
            return 0;
        if (error != 0)
            return error;
        if (pass == SCAN)
            w->end = w->sequence;
    }
    return 0;
}

static int replay_walks(struct walk *w)
{
    int error = walk(w, SCAN);
    if (error == 0)
        error = walk(w, REVOKE);
    if (error == 0)
        error = walk(w, REPLAY);
    if (error == 0)
        error = e2_cache_write(w->fs, BUF_DIRTY);
    return error != 0 ? error : e2_cache_flush(w->fs);
}

int e2_journal_replay(struct fs *fs)
{
    uint8_t *p;
    uint32_t block, all = fs->nbufs;
    int error = e2_journal_block(fs, 0, &block);
    if (error == 0)
        error = e2_blk_read(fs, block, &p);
    if (error != 0)
        return error;
    const struct jbd_super *js = (const struct jbd_super *)(const void *)p;
    struct walk w = {.fs = fs,
                     .start = be32(js->start),
                     .first_sequence = be32(js->sequence),
                     .end = be32(js->sequence)};
    if (w.start == 0)
        return 0;
    if (w.start < fs->j_first || w.start >= fs->j_len)
        return -EUCLEAN;
    fs->nbufs = all / 2;
    e2_cache_empty(fs);
    w.table = (struct revoked *)(void *)(fs->data + (size_t)fs->nbufs * DISK_BLOCK);
    w.slots = (all - fs->nbufs) * (DISK_BLOCK / (uint32_t)sizeof(struct revoked));
    memset(w.table, 0, w.slots * sizeof(struct revoked));
    error = replay_walks(&w);
    fs->nbufs = all;
    e2_cache_empty(fs);
    fs->j_sequence = w.end + 1; /* what an unfinished one left is not taken for ours */
    return error != 0 ? error : e2_journal_write_super(fs, 0);
}

static int check_super(struct fs *fs, const struct jbd_super *js, uint64_t blocks)
{
    uint32_t kind = be32(js->h.kind), len = be32(js->maxlen), first = be32(js->first);
    if (be32(js->h.magic) != JBD_MAGIC || (kind != JBD_SUPER_V1 && kind != JBD_SUPER_V2))
        return -EUCLEAN;
    if (be32(js->blocksize) != fs->block_size || len > blocks || first == 0 ||
        first >= len)
        return -EUCLEAN;
    if (kind == JBD_SUPER_V2 && (be32(js->feature_incompat) & ~JBD_INCOMPAT_REVOKE ||
                                 js->feature_ro_compat != 0)) {
        fs_dev_say("the journal has features this file system does not know");
        return -EOPNOTSUPP;
    }
    fs->j_len = len;
    fs->j_first = fs->j_head = first;
    fs->j_used = 0;
    fs->j_sequence = be32(js->sequence);
    uint32_t log = len - first;
    fs->tx_max = log / 3 < fs->nbufs / 4 ? log / 3 : fs->nbufs / 4;
    if (e2_journal_reserve(fs) > log / 2 * 2) {
        fs_dev_say("the journal is too small");
        return -EUCLEAN;
    }
    return 0;
}

int e2_journal_open(struct fs *fs, const struct ext2_super *sb)
{
    uint32_t block;
    uint8_t *p;
    fs->j_ino = sb->journal_inum;
    if (fs->j_ino == 0 || sb->journal_dev != 0) {
        fs_dev_say("the journal is on another disk");
        return -EOPNOTSUPP;
    }
    int error = e2_inode_get(fs, fs->j_ino, &fs->j_inode);
    if (error == 0 && (!is_reg(&fs->j_inode) || fs->j_inode.d.links == 0))
        error = -EUCLEAN;
    if (error == 0)
        error = e2_journal_block(fs, 0, &block);
    if (error == 0)
        error = e2_blk_read(fs, block, &p);
    if (error == 0)
        error = check_super(fs, (const struct jbd_super *)(const void *)p,
                            e2_inode_size(&fs->j_inode) >> fs->block_shift);
    if (error == -EUCLEAN)
        fs_dev_say("the journal is damaged");
    return error;
}
