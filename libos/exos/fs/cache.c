// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cache.c - buffers of DISK_BLOCK bytes, found by hash, given up in order of last use. What must
 * not reach the disk yet (BUF_TX) stays; what may be written is, in batches, when room is wanted.
 */
#include "fs_priv.h"

#define ALIGN 4096u

static uint32_t hash_slots(uint32_t nbufs)
{
    uint32_t n = 64;
    while (n < nbufs)
        n *= 2;
    return n;
}

static size_t round_up(size_t n)
{
    return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static size_t head_bytes(uint32_t nbufs)
{
    return round_up(sizeof(struct fs) + (nbufs + 1) * sizeof(struct buf) +
                    hash_slots(nbufs) * sizeof(uint16_t) + 64);
}

size_t fs_bytes(uint32_t nbufs)
{
    return head_bytes(nbufs) + ((size_t)nbufs + 1) * DISK_BLOCK;
}

void e2_cache_init(struct fs *fs, uint32_t nbufs)
{
    uint8_t *p = (uint8_t *)fs;
    fs->nbufs = nbufs;
    fs->buf = (struct buf *)(void *)(p + ((sizeof *fs + 15) & ~(size_t)15));
    fs->hash = (uint16_t *)(void *)(fs->buf + nbufs + 1);
    fs->hash_mask = hash_slots(nbufs) - 1;
    fs->data = p + head_bytes(nbufs);
    for (uint32_t i = 0; i <= nbufs; i++) {
        struct buf *b = &fs->buf[i];
        b->io.data = fs->data + (size_t)i * DISK_BLOCK;
        fs_dev_place(fs, b->io.data, &b->io.frame, &b->io.offset);
        fs_dev_place(fs, (const void *)(uintptr_t)&b->io.done, &b->io.done_frame,
                     &b->io.done_offset);
    }
    e2_cache_empty(fs);
}

void e2_cache_empty(struct fs *fs)
{
    for (uint32_t i = 0; i <= fs->hash_mask; i++)
        fs->hash[i] = FS_NONE;
    for (uint32_t i = 0; i < fs->nbufs; i++) {
        struct buf *b = &fs->buf[i];
        b->flags = b->parts = 0;
        b->io.block = UINT32_MAX;
        b->next = FS_NONE;
        b->used = 0;
        b->newer = i > 0 ? (uint16_t)(i - 1) : FS_NONE;
        b->older = i + 1 < fs->nbufs ? (uint16_t)(i + 1) : FS_NONE;
    }
    fs->newest = 0;
    fs->oldest = (uint16_t)(fs->nbufs - 1);
    fs->tx_bufs = fs->tx_blocks = 0;
    fs->uses = FS_RECENT;
}

static uint16_t *bucket(struct fs *fs, uint32_t dblock)
{
    return &fs->hash[(dblock * 0x9e3779b1u >> 12) & fs->hash_mask];
}

static uint16_t number(const struct fs *fs, const struct buf *b)
{
    return (uint16_t)(b - fs->buf);
}

/* -- order of use -- */

static void unlink_buf(struct fs *fs, struct buf *b)
{
    if (b->newer != FS_NONE)
        fs->buf[b->newer].older = b->older;
    else
        fs->newest = b->older;
    if (b->older != FS_NONE)
        fs->buf[b->older].newer = b->newer;
    else
        fs->oldest = b->newer;
}

static void link_newest(struct fs *fs, struct buf *b)
{
    b->newer = FS_NONE;
    b->older = fs->newest;
    fs->buf[fs->newest].newer = number(fs, b);
    fs->newest = number(fs, b);
}

static void used(struct fs *fs, struct buf *b)
{
    if (fs->newest == number(fs, b))
        return;
    if (fs->uses - b->used < FS_RECENT)
        return;
    b->used = ++fs->uses;
    unlink_buf(fs, b);
    link_newest(fs, b);
}

/* -- finding -- */

struct buf *e2_buf_find(struct fs *fs, uint32_t dblock)
{
    uint16_t i = *bucket(fs, dblock);
    while (i != FS_NONE && fs->buf[i].io.block != dblock)
        i = fs->buf[i].next;
    return i != FS_NONE ? &fs->buf[i] : NULL;
}

static void unhash(struct fs *fs, struct buf *b)
{
    if (b->io.block == UINT32_MAX)
        return;
    uint16_t *at = bucket(fs, b->io.block);
    while (*at != number(fs, b))
        at = &fs->buf[*at].next;
    *at = b->next;
    b->io.block = UINT32_MAX;
    b->flags = b->parts = 0;
}

static void rehash(struct fs *fs, struct buf *b, uint32_t dblock)
{
    uint16_t *at = bucket(fs, dblock);
    b->io.block = dblock;
    b->next = *at;
    *at = number(fs, b);
}

/* -- writing -- */

/* In the order of the disk: one with an arm has shorter ways. */
static void sort_list(struct fs *fs, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        struct disk_io *io = fs->list[i];
        uint32_t at = i;
        for (; at > 0 && fs->list[at - 1]->block > io->block; at--)
            fs->list[at] = fs->list[at - 1];
        fs->list[at] = io;
    }
}

static int write_list(struct fs *fs, uint32_t n)
{
    sort_list(fs, n);
    for (uint32_t i = 0; i < n; i++)
        fs->list[i]->op = EXO_IO_WRITE;
    int error = n > 0 ? fs_dev_io(fs, fs->list, n) : 0;
    fs->unflushed |= n > 0;
    if (error != 0)
        fs_break(fs, error, "the disk failed to write");
    return error;
}

static void written(struct buf *b)
{
    b->flags &= (uint8_t) ~(BUF_DIRTY | BUF_DATA | BUF_META);
}

int e2_cache_write(struct fs *fs, uint32_t flags)
{
    uint32_t n = 0;
    int error = 0;
    for (uint32_t i = 0; i < fs->nbufs && error == 0; i++) {
        struct buf *b = &fs->buf[i];
        if (!(b->flags & flags) || b->flags & BUF_TX)
            continue;
        written(b);
        fs->list[n++] = &b->io;
        if (n == FS_BATCH) {
            error = write_list(fs, n);
            n = 0;
        }
    }
    return error != 0 ? error : write_list(fs, n);
}

int e2_cache_flush(struct fs *fs)
{
    if (!fs->unflushed)
        return 0;
    int error = fs_dev_flush(fs);
    if (error != 0)
        fs_break(fs, error, "the disk failed to flush");
    else
        fs->unflushed = false;
    return error;
}

/* The oldest ones that may be written are. */
static int make_clean(struct fs *fs)
{
    uint32_t n = 0, looked = 0;
    for (uint16_t i = fs->oldest;
         i != FS_NONE && n < FS_BATCH && looked < fs->nbufs - FS_SAFE;
         i = fs->buf[i].newer, looked++) {
        struct buf *b = &fs->buf[i];
        if (!(b->flags & BUF_DIRTY) || b->flags & BUF_TX)
            continue;
        written(b);
        fs->list[n++] = &b->io;
    }
    return write_list(fs, n);
}

static struct buf *oldest_clean(struct fs *fs, bool *dirty)
{
    uint32_t looked = 0;
    *dirty = false;
    for (uint16_t i = fs->oldest; i != FS_NONE && looked < fs->nbufs - FS_SAFE;
         i = fs->buf[i].newer, looked++) {
        struct buf *b = &fs->buf[i];
        if (b->flags & BUF_TX)
            continue;
        if (!(b->flags & BUF_DIRTY))
            return b;
        *dirty = true;
        if (looked < fs->nbufs / 2)
            return NULL; /* written together with others, it is the next */
    }
    return NULL;
}

/* A buffer for dblock, not valid yet. */
static int take(struct fs *fs, uint32_t dblock, struct buf **taken)
{
    bool dirty;
    struct buf *b = oldest_clean(fs, &dirty);
    if (b == NULL && dirty) {
        int error = make_clean(fs);
        if (error != 0)
            return error;
        b = oldest_clean(fs, &dirty);
    }
    if (b == NULL)
        return -ENOMEM; /* transactions are smaller than the cache: does not happen */
    unhash(fs, b);
    rehash(fs, b, dblock);
    b->used = fs->uses - FS_RECENT; /* it is not the newest yet */
    *taken = b;
    return 0;
}

/* -- reading -- */

static int fill(struct fs *fs, struct buf *b)
{
    struct disk_io *io = &b->io;
    io->op = EXO_IO_READ;
    int error = fs_dev_io(fs, &io, 1);
    if (error == 0)
        b->flags |= BUF_VALID;
    return error;
}

static int get(struct fs *fs, uint32_t block, bool whole, struct buf **found)
{
    uint32_t dblock = block >> fs->per_shift;
    if (dblock >= fs->dblocks)
        return -EUCLEAN;
    struct buf *b = e2_buf_find(fs, dblock);
    if (b == NULL) {
        int error = take(fs, dblock, &b);
        if (error != 0)
            return error;
    }
    used(fs, b);
    *found = b;
    if (b->flags & BUF_VALID)
        return 0;
    if (whole && fs->per_shift == 0) {
        b->flags |= BUF_VALID;
        return 0;
    }
    return fill(fs, b);
}

static uint8_t *bytes_of(const struct fs *fs, const struct buf *b, uint32_t block)
{
    uint32_t part = block & ((1u << fs->per_shift) - 1);
    return (uint8_t *)b->io.data + (part << fs->block_shift);
}

int e2_blk_read(struct fs *fs, uint32_t block, uint8_t **p)
{
    struct buf *b = NULL;
    int error = get(fs, block, false, &b);
    if (error == 0)
        *p = bytes_of(fs, b, block);
    return error;
}

int e2_blk_over(struct fs *fs, uint32_t block, uint8_t **p)
{
    struct buf *b = NULL;
    int error = get(fs, block, true, &b);
    if (error == 0)
        *p = bytes_of(fs, b, block);
    return error;
}

int e2_blk_zero(struct fs *fs, uint32_t block, uint8_t **p)
{
    int error = e2_blk_over(fs, block, p);
    if (error == 0)
        memset(*p, 0, fs->block_size);
    return error;
}

bool e2_blk_cached(struct fs *fs, uint32_t block)
{
    const struct buf *b = e2_buf_find(fs, block >> fs->per_shift);
    return b != NULL && b->flags & BUF_VALID;
}

static void prefetch_list(struct fs *fs, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        fs->list[i]->op = EXO_IO_READ;
    if (n > 0)
        fs_dev_io(fs, fs->list, n);
    for (uint32_t i = 0; i < n; i++) {
        struct buf *b =
            &fs->buf[((uint8_t *)fs->list[i]->data - fs->data) / (int)DISK_BLOCK];
        if (b->io.done == EXO_IO_DONE)
            b->flags |= BUF_VALID;
    }
}

void e2_blk_prefetch(struct fs *fs, uint32_t block, uint32_t count)
{
    uint32_t first = block >> fs->per_shift, last = (block + count - 1) >> fs->per_shift,
             n = 0;
    struct buf *want[FS_BATCH], *b;
    for (uint32_t d = first; d <= last && n < FS_BATCH && d < fs->dblocks; d++) {
        if (e2_buf_find(fs, d) != NULL)
            continue;
        if (take(fs, d, &b) != 0) /* may use fs->list */
            break;
        used(fs, b);
        want[n++] = b;
    }
    for (uint32_t i = 0; i < n; i++)
        fs->list[i] = &want[i]->io;
    prefetch_list(fs, n);
}

/* -- changing -- */

void e2_blk_meta(struct fs *fs, uint32_t block)
{
    struct buf *b = e2_buf_find(fs, block >> fs->per_shift);
    if (b == NULL) {
        fs_break(fs, EIO, "a changed block is not in the cache");
        return;
    }
    fs->tx_touched = true;
    b->flags |= BUF_DIRTY;
    if (!fs->journaled) {
        b->flags |= BUF_META;
        return;
    }
    uint8_t part = (uint8_t)(1u << (block & ((1u << fs->per_shift) - 1)));
    if (!(b->flags & BUF_TX)) {
        b->flags = (uint8_t)((b->flags | BUF_TX) & ~BUF_DATA);
        b->parts = 0;
        fs->tx_bufs++;
    }
    if (!(b->parts & part)) {
        b->parts |= part;
        fs->tx_blocks++;
    }
}

/* Where blocks share a buffer all content goes through the journal: the disk takes whole buffers,
 * and a neighbour may be part of the running transaction. */
void e2_blk_data(struct fs *fs, uint32_t block)
{
    if (fs->journaled && fs->per_shift > 0) {
        e2_blk_meta(fs, block);
        return;
    }
    struct buf *b = e2_buf_find(fs, block >> fs->per_shift);
    if (b != NULL)
        b->flags |= BUF_DIRTY | BUF_DATA;
}

void e2_blk_drop(struct fs *fs, uint32_t block)
{
    struct buf *b = e2_buf_find(fs, block >> fs->per_shift);
    if (b == NULL)
        return;
    uint8_t part = (uint8_t)(1u << (block & ((1u << fs->per_shift) - 1)));
    if (b->flags & BUF_TX && b->parts & part) {
        b->parts &= (uint8_t)~part;
        fs->tx_blocks--;
        if (b->parts == 0 && fs->per_shift == 0) {
            b->flags &= (uint8_t)~BUF_TX;
            fs->tx_bufs--;
        }
    }
    if (fs->per_shift == 0)
        written(b);
}

int e2_blk_write_through(struct fs *fs, uint32_t block)
{
    struct buf *b = e2_buf_find(fs, block >> fs->per_shift);
    if (b == NULL)
        return -EIO;
    fs->list[0] = &b->io;
    b->flags &= (uint8_t) ~(BUF_META | BUF_DATA);
    if (!(b->flags & BUF_TX))
        b->flags &= (uint8_t)~BUF_DIRTY;
    return write_list(fs, 1);
}

int e2_blk_log(struct fs *fs, uint32_t block, const void *bytes)
{
    uint8_t *p;
    int error = e2_blk_over(fs, block, &p);
    if (error != 0)
        return error;
    struct buf *b = e2_buf_find(fs, block >> fs->per_shift);
    memcpy(p, bytes, fs->block_size);
    if (!(b->flags & BUF_TX)) {
        b->flags |= BUF_DIRTY | BUF_DATA;
        return 0;
    }
    struct buf *alone = &fs->buf[fs->nbufs];
    alone->io.block = b->io.block;
    error = fill(fs, alone);
    if (error != 0)
        return error;
    memcpy(bytes_of(fs, alone, block), bytes, fs->block_size);
    fs->list[0] = &alone->io;
    return write_list(fs, 1);
}
