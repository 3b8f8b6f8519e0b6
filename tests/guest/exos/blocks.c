// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * blocks.c - the disk backend of the board (port/disk.h) without a file system: many requests at once, reading
 * back, what is out of range, several processes, mounting anew.
 */
#include "area.h"
#include "disk.h"
#include "expect.h"
#include "self.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N 48u /* requests at once */
#define ROUNDS 12u
#define SPAN 500u /* blocks used */

struct shared {
    struct disk_io io[N];
    uint32_t stamp[SPAN];
    uint8_t data[N][DISK_BLOCK] __attribute__((aligned(DISK_BLOCK)));
};
_Static_assert(sizeof(struct shared) % DISK_BLOCK == 0,
               "state comes behind it, page-aligned");

static const struct disk_ops *disk;
static struct shared *s;
static void *state;
static uint32_t blocks, seed = 1;

static uint32_t any(uint32_t n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

static void place(const volatile void *p, uint32_t *frame, uint32_t *offset)
{
    uint32_t at = (uint32_t)((const volatile char *)p - (const volatile char *)s);
    *frame = area_frame(AREA_FS, at >> PAGE_SHIFT);
    *offset = at & (PAGE_SIZE - 1);
}

static void prepare(unsigned i, uint32_t op, uint32_t block)
{
    struct disk_io *io = &s->io[i];
    *io = (struct disk_io){.op = op, .block = block, .data = s->data[i]};
    place(s->data[i], &io->frame, &io->offset);
    place(&io->done, &io->done_frame, &io->done_offset);
}

/* All n prepared; how many ended with EXO_IO_DONE, or an error. */
static int run(unsigned n)
{
    struct disk_io *io[N];
    int good = 0;
    for (unsigned i = 0; i < n; i++)
        io[i] = &s->io[i];
    for (unsigned started = 0; started < n;) {
        int r = disk_submit(state, io + started, n - started);
        if (r <= 0)
            return r;
        started += (unsigned)r;
    }
    int e = disk_wait(state, io, n);
    for (unsigned i = 0; i < n; i++)
        good += s->io[i].done == EXO_IO_DONE;
    return e < 0 ? e : good;
}

static void fill(void *data, uint32_t block, uint32_t stamp)
{
    uint32_t *word = data;
    for (uint32_t i = 0; i < DISK_BLOCK / 4; i++)
        word[i] = stamp == 0 ? 0 : (stamp * 77773 + block) * (i + 1);
}

static bool holds(const void *data, uint32_t block, uint32_t stamp)
{
    static uint32_t want[DISK_BLOCK / 4];
    fill(want, block, stamp);
    return memcmp(data, want, DISK_BLOCK) == 0;
}

static void write_some(uint32_t round)
{
    unsigned n = 1 + any(N), base = any(SPAN);
    for (unsigned i = 0; i < n; i++) { /* each block once */
        uint32_t block = (base + 7 * i) % SPAN;
        s->stamp[block] = round * 1000 + i + 1;
        prepare(i, EXO_IO_WRITE, block);
        fill(s->data[i], block, s->stamp[block]);
    }
    CHECK_EQ(run(n), (int)n);
}

static void read_all(void)
{
    for (uint32_t from = 0; from < SPAN; from += N) {
        unsigned n = SPAN - from < N ? SPAN - from : N, wrong = 0;
        for (unsigned i = 0; i < n; i++) {
            prepare(i, EXO_IO_READ, from + i);
            memset(s->data[i], 0x55, DISK_BLOCK);
        }
        CHECK_EQ(run(n), (int)n);
        for (unsigned i = 0; i < n; i++)
            wrong += !holds(s->data[i], from + i, s->stamp[from + i]);
        CHECK_EQ(wrong, 0);
    }
}

static void out_of_range(void)
{
    prepare(0, EXO_IO_WRITE, 3);
    prepare(1, EXO_IO_READ, blocks);
    fill(s->data[0], 3, s->stamp[3] = 5);
    CHECK_EQ(run(1), 1);
    struct disk_io *io = &s->io[1];
    int r = disk_submit(state, &io, 1);
    CHECK(r < 0 || (r == 1 && disk_wait(state, &io, 1) == 0 && io->done == EXO_IO_ERROR));
    prepare(1, EXO_IO_READ, blocks - 1);
    CHECK_EQ(disk_submit(state, &io, 1), 1);
    CHECK_EQ(disk_wait(state, &io, 1), 0);
    CHECK_EQ(io->done, EXO_IO_DONE);
}

static void *attach(void)
{
    bool first;
    s = area_open(AREA_FS, (uint32_t)(sizeof *s + disk_state_bytes()), &first);
    state = s + 1;
    return s;
}

static void other_process(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (attach() == NULL || disk_attach(state) != 0)
            _exit(9);
        read_all();
        write_some(500);
        CHECK_EQ(disk_flush(state), 0);
        CHECK_EQ(disk_close(state), 0);
        _exit(verdict());
    }
    int status = -1;
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK_EQ(status, 0);
    read_all();
}

int main(void)
{
    disk = disk_backend();
    CHECK(disk != NULL);
    if (disk == NULL || attach() == NULL)
        return 1;
    CHECK_EQ(disk_open(state, &blocks), 0);
    CHECK(blocks > SPAN);
    read_all(); /* blank */
    for (uint32_t round = 1; round <= ROUNDS; round++)
        write_some(round);
    out_of_range();
    CHECK_EQ(disk_flush(state), 0);
    read_all();
    other_process();
    uint32_t again = 0;
    CHECK_EQ(disk_open(state, &again), 0); /* as if its owner had died */
    CHECK_EQ(again, blocks);
    read_all();
    CHECK_EQ(disk_close(state), 0);
    return verdict();
}
