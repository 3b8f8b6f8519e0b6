// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * queue.c - drives "exo,disk-queue" (exo/machine.h): blocks of 4096 bytes, many requests
 * under way, the device reads and writes the callers' frames itself. Extents are made of
 * blocks.
 *
 * The rings are the kernel's: an application that could write a submission entry could
 * name any physical address. Both have `depth` entries and no more requests than that are
 * under way, so neither ring can overflow. A request's tag is its row in the table of
 * requests.
 *
 * Interface: disk_queue; the call block_io.
 */
#include "disk.h"

struct submission {
    uint32_t op, tag;
    uint64_t block, pa;
    uint32_t count, zero;
};
struct completion {
    uint32_t tag, status, consumed, index; /* index: 1 + that of the entry */
};
_Static_assert(sizeof(struct submission) == M_DQ_SUBMIT_SIZE, "submission entry");
_Static_assert(sizeof(struct completion) == M_DQ_COMPLETE_SIZE, "completion entry");

static uint32_t base, depth;
static volatile struct submission *sq;
static volatile struct completion *cq;
static uint32_t sq_tail, cq_head; /* free-running */

static uint32_t pick_depth(uint64_t limit)
{
    uint32_t n = 1;
    while (n < EXO_NIO && 2 * n <= limit)
        n *= 2;
    return n;
}

static uint64_t queue_init(const struct exo_hw_device *dev,
                           void *(*boot_alloc)(size_t bytes))
{
    base = dev->base;
    if (dev->nparams <= M_DQ_PARAM_DEPTH || dev->params[M_DISK_UNITS] == 0 ||
        dev->params[M_DQ_PARAM_DEPTH] == 0)
        kernel_panic("hardware table: disk queue has no blocks or no entries");
    depth = pick_depth(dev->params[M_DQ_PARAM_DEPTH]);
    sq = boot_alloc(depth * sizeof *sq);
    cq = boot_alloc(depth * sizeof *cq);
    io_write64(base, M_DQ_SQ, arch_pa((const void *)sq));
    io_write64(base, M_DQ_CQ, arch_pa((const void *)cq));
    io_write(base, M_DQ_DEPTH, depth);
    io_write(base, M_DQ_ENABLE, 1);
    return dev->params[M_DISK_UNITS];
}

static void queue_interrupt(void)
{
    for (uint32_t n = 0; n < depth; n++) {
        const volatile struct completion *entry = &cq[cq_head % depth];
        if (entry->index != cq_head + 1)
            break;
        cq_head++;
        if (disk_request(entry->tag) == NULL)
            kernel_panic("disk queue: the device completed what nobody submitted");
        disk_finish(entry->tag, entry->status == M_DQ_OK);
    }
    io_write(base, M_DQ_CQ_HEAD, cq_head);
    io_write(base, M_DQ_ACK, 1);
}

const struct disk_driver disk_queue = {EXO_DISK_QUEUE, queue_init, queue_interrupt};

/* One request into the ring; the device is not told yet. */
static exo_sword submit(struct ctx *c, const struct exo_block_io *ask)
{
    bool moves = ask->op == EXO_IO_READ || ask->op == EXO_IO_WRITE;
    if (!moves && ask->op != EXO_IO_FLUSH)
        return -EXO_EINVAL;
    struct disk_request r = {.op = ask->op, .env = c->id, .extent = ask->extent};
    uint32_t block;
    exo_sword error = disk_check(&r, ask->cap, moves ? ask->block : 0, moves, &block);
    if (error == 0 && moves)
        error = disk_lend(&r, &r.data, &ask->data, M_DQ_BLOCK_SIZE, 512);
    if (error == 0)
        error = disk_lend_status(&r, &ask->done);
    if (error != 0)
        return error;
    if (disk_under_way() == depth)
        return -EXO_EBUSY;

    volatile struct submission *entry = &sq[sq_tail++ % depth];
    entry->op = ask->op;
    entry->tag = disk_start(&r);
    entry->block = block;
    entry->pa = moves ? io_pa(r.data.frame, r.data.offset) : 0;
    entry->count = moves;
    entry->zero = 0;
    return 0;
}

SYS(block_io)
{
    struct exo_block_io ask[EXO_BLOCKS_MAX];
    if (a1 == 0 || a1 > EXO_BLOCKS_MAX)
        return -EXO_ERANGE;
    exo_sword error = copy_from_user(c, ask, a0, a1 * sizeof ask[0]);
    if (error != 0)
        return error;

    uint32_t n = 0;
    while (n < a1 && (error = submit(c, &ask[n])) == 0)
        n++;
    if (n == 0)
        return error;
    io_write(base, M_DQ_SQ_TAIL, sq_tail);
    return (exo_sword)n;
}
