// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * raw.c - blocks through the library's disk backend (port/disk.h), where a file system would be: in memory of
 * the session, the process alone with the disk.
 */
#include "area.h"
#include "disk.h"
#include "diskbench.h"
#include "self.h"

#include <stdio.h>
#include <string.h>

#define BURST 16u

struct raw {
    struct disk_io io[BURST];
    uint8_t data[BURST][BLOCK] __attribute__((aligned(BLOCK)));
};

static const struct disk_ops *disk;
static struct raw *raw;
static void *state;
static uint32_t blocks;

static int trouble(const char *what, int e)
{
    fprintf(stderr, "diskbench: %s: error %d of the exokernel\n", what, -e);
    return -1;
}

static void place(const volatile void *p, uint32_t *frame, uint32_t *offset)
{
    uint32_t at = (uint32_t)((const volatile char *)p - (const volatile char *)raw);
    *frame = area_frame(AREA_FS, at >> PAGE_SHIFT);
    *offset = at & (PAGE_SIZE - 1);
}

int raw_open(void)
{
    bool first;
    disk = disk_backend();
    if (disk == NULL) {
        fprintf(stderr, "diskbench: this machine has no disk\n");
        return -1;
    }
    raw = area_open(AREA_FS, (uint32_t)(sizeof *raw + disk_state_bytes()), &first);
    if (raw == NULL) {
        perror("diskbench: memory");
        return -1;
    }
    state = raw + 1;
    int e = disk_open(state, &blocks);
    if (e < 0)
        return trouble("taking the disk", e);
    for (unsigned i = 0; i < BURST; i++) {
        struct disk_io *io = &raw->io[i];
        io->data = raw->data[i];
        place(raw->data[i], &io->frame, &io->offset);
        place(&io->done, &io->done_frame, &io->done_offset);
        memset(raw->data[i], (int)i + 1, BLOCK);
    }
    return 0;
}

/* n requests for consecutive blocks, up to `at_once` under way. */
static int transfer(uint32_t op, unsigned n, unsigned at_once, bool flush)
{
    struct disk_io *io[BURST];
    for (unsigned done = 0; done < n; done += at_once) {
        unsigned count = n - done < at_once ? n - done : at_once;
        for (unsigned i = 0; i < count; i++) {
            io[i] = &raw->io[i];
            io[i]->op = op;
            io[i]->block = (done + i) % blocks;
            io[i]->done = 0;
        }
        for (unsigned started = 0; started < count;) {
            int r = disk_submit(state, io + started, count - started);
            if (r < 0)
                return trouble("a request", r);
            started += (unsigned)r;
        }
        int e = disk_wait(state, io, count);
        if (e == 0 && flush)
            e = disk_flush(state);
        if (e < 0)
            return trouble("a request", e);
        for (unsigned i = 0; i < count; i++)
            if (io[i]->done != EXO_IO_DONE) {
                fprintf(stderr, "diskbench: block %u: the disk says error\n",
                        io[i]->block);
                return -1;
            }
    }
    return 0;
}

/* Blocks must be there before they can be read: on flash an empty one costs nothing. */
static int fill(unsigned n)
{
    return transfer(EXO_IO_WRITE, n, BURST, false) == 0 ? disk_flush(state) : -1;
}

static int measured(uint32_t op, unsigned n, unsigned at_once, bool flush,
                    struct measure *m)
{
    *m = measure_start();
    int e = transfer(op, n, at_once, flush);
    measure_stop(m);
    return e;
}

int raw_read(unsigned n, struct measure *m)
{
    return fill(n) == 0 ? measured(EXO_IO_READ, n, 1, false, m) : -1;
}

int raw_write(unsigned n, struct measure *m)
{
    return measured(EXO_IO_WRITE, n, 1, false, m);
}

int raw_flush(unsigned n, struct measure *m)
{
    return measured(EXO_IO_WRITE, n, 1, true, m);
}

int raw_burst(unsigned n, struct measure *m)
{
    return fill(n) == 0 ? measured(EXO_IO_READ, n, BURST, false, m) : -1;
}
