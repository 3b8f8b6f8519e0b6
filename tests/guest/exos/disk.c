// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disk.c - the board's disk by the exokernel's own calls, whatever its kind: what is written is read
 * back, several requests at once where the disk can, errors. Prints what 4 KiB cost (the
 * program polls the status word, so the kernel's part is the calls and the interrupts).
 */
#include "expect.h"
#include "measure.h"

#include <exo/machine.h>
#include <exos/vm.h>
#include <string.h>
#include <sys/mman.h>

#define EXTENT 9u
#define FIRST 16u
#define UNITS 64u

static uint32_t kind;
static uint32_t piece;     /* bytes of a request */
static uint32_t pieces;    /* requests that make 4 KiB */
static uint32_t per_block; /* flash: pages of an erase block */
static unsigned char *data;
static volatile uint32_t *done;

static struct exo_io_memory memory(const volatile void *p)
{
    uint32_t page = 1u << kinfo->page_shift;
    return (struct exo_io_memory){
        .frame = exos_frame_of((const void *)(uintptr_t)p),
        .offset = (uint32_t)(uintptr_t)p & (page - 1),
    };
}

/* Starts one request for the i-th piece of the extent. */
static exo_sword start(uint32_t op, uint32_t i, const void *p, volatile uint32_t *status)
{
    struct exo_io_memory at = {0};
    if (op == EXO_IO_READ || op == EXO_IO_WRITE)
        at = memory(p);
    if (kind == EXO_DISK_PIO) {
        struct exo_sector_io r = {op, EXTENT, 0, i * 8, 8, 0, at, memory(status)};
        return exo_sector_io((exo_word)&r);
    }
    if (kind == EXO_DISK_QUEUE) {
        struct exo_block_io r = {op, EXTENT, 0, i, at, memory(status)};
        exo_sword n = exo_block_io((exo_word)&r, 1);
        return n == 1 ? 0 : n;
    }
    struct exo_flash_io r = {
        .op = op, .extent = EXTENT, .page = i, .data = at, .done = memory(status)};
    return exo_flash_io((exo_word)&r);
}

static uint32_t whole(uint32_t op, uint32_t i, const void *p)
{
    *done = 99;
    exo_sword r = start(op, i, p, done);
    CHECK_EQ(r, 0);
    while (r == 0 && *done == 0) {
    }
    return *done;
}

static void fill(unsigned char *p, uint32_t seed)
{
    for (uint32_t i = 0; i < piece; i++)
        p[i] = (unsigned char)(i * 31 + i / 256 + seed);
}

static void erase_if_flash(uint32_t block)
{
    if (kind == EXO_DISK_FLASH)
        CHECK_EQ(whole(EXO_IO_ERASE, block * per_block, NULL), EXO_IO_DONE);
}

static void written_and_read(void)
{
    unsigned char *back = data + piece;
    erase_if_flash(0);
    for (uint32_t i = 0; i < 4; i++) {
        fill(data, i);
        CHECK_EQ(whole(EXO_IO_WRITE, i, data), EXO_IO_DONE);
    }
    if (kind != EXO_DISK_FLASH)
        CHECK_EQ(whole(EXO_IO_FLUSH, 0, NULL), EXO_IO_DONE);
    for (uint32_t i = 4; i-- > 0;) {
        fill(data, i);
        memset(back, 0, piece);
        CHECK_EQ(whole(EXO_IO_READ, i, back), EXO_IO_DONE);
        CHECK_EQ(memcmp(data, back, piece), 0);
    }
}

static void sleep_on(volatile uint32_t *word)
{
    while (*word == 0) {
        struct exo_pred pred = {EXO_PRED_NE, 0, (uintptr_t)word, 0};
        exo_sleep((exo_word)&pred, 1);
    }
}

/* As many as the disk takes, then sleep until each is over. */
static void several(void)
{
    uint32_t n = 0;
    exo_sword r = 0;
    while (n < 16 &&
           (r = start(EXO_IO_READ, n % 4, data + piece * (n % 2), &done[n])) == 0)
        n++;
    CHECK(n == 16 || r == -EXO_EBUSY);
    CHECK(n == 1 || kind == EXO_DISK_QUEUE);
    for (uint32_t i = 0; i < n; i++) {
        sleep_on(&done[i]);
        CHECK_EQ(done[i], EXO_IO_DONE);
    }
}

static void refused(void)
{
    uint32_t end = kind == EXO_DISK_FLASH ? UNITS * per_block : UNITS;
    CHECK_EQ(start(EXO_IO_READ, end, data, done), -EXO_ERANGE);
    CHECK_EQ(start(77, 0, data, done), -EXO_EINVAL);
    CHECK_EQ(exo_extent_alloc(EXTENT + 1, FIRST + UNITS - 1, 1, 0), -EXO_EOVERLAP);
    if (kind == EXO_DISK_FLASH) /* programming what is not erased: the chip says FAIL */
        CHECK_EQ(whole(EXO_IO_WRITE, 0, data), EXO_IO_ERROR);
    if (kind != EXO_DISK_PIO)
        CHECK_EQ(exo_sector_io((exo_word)data), -EXO_ENODEVCALL);
    if (kind != EXO_DISK_QUEUE)
        CHECK_EQ(exo_block_io((exo_word)data, 1), -EXO_ENODEVCALL);
    if (kind != EXO_DISK_FLASH)
        CHECK_EQ(exo_flash_io((exo_word)data), -EXO_ENODEVCALL);
}

static void cost(const char *name, uint32_t op, uint32_t first)
{
    struct measure least = {0};
    for (uint32_t round = 0; round < 8; round++) {
        struct measure m = measure_start();
        for (uint32_t i = 0; i < pieces; i++)
            CHECK_EQ(whole(op, first + round * pieces + i, data + i * piece),
                     EXO_IO_DONE);
        measure_stop(&m);
        measure_keep_least(&least, &m);
    }
    measure_print(name, &least, 1);
}

static const struct exo_hw_device *find_disk(void)
{
    const struct exo_hw_table *t =
        (const struct exo_hw_table *)(uintptr_t)(EXO_EXPORT_VA + kinfo->hwtable_off);
    for (uint32_t i = 0; i < t->ndevices; i++)
        if (t->device[i].class_ == EXO_HW_DISK)
            return &t->device[i];
    return NULL;
}

int main(void)
{
    const struct exo_hw_device *disk = find_disk();
    if (disk == NULL) {
        CHECK_EQ(exo_extent_alloc(0, 0, 1, 0), -EXO_ENODEVCALL);
        return verdict();
    }
    kind = disk->kind;
    piece = 4096;
    if (kind == EXO_DISK_FLASH) {
        piece = (uint32_t)disk->params[M_FL_PARAM_PAGE_SIZE];
        per_block = (uint32_t)disk->params[M_FL_PARAM_BLOCK_PAGES];
    }
    pieces = piece < 4096 ? 4096 / piece : 1;
    data = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    done = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memset(data, 1, 65536);
    done[0] = 0;

    CHECK_EQ(exo_extent_alloc(EXTENT, FIRST, UNITS * (kind == EXO_DISK_PIO ? 8 : 1), 0),
             0);
    BALANCED(written_and_read);
    BALANCED(several);
    BALANCED(refused);
    measure_heading();
    erase_if_flash(1);
    uint32_t first = kind == EXO_DISK_FLASH ? per_block : 8;
    cost("write", EXO_IO_WRITE, first);
    cost("read", EXO_IO_READ, first);
    if (kind == EXO_DISK_FLASH) {
        pieces = 1;
        cost("erase", EXO_IO_ERASE, first);
    }
    CHECK_EQ(exo_extent_free(EXTENT), 0);
    CHECK_EQ(start(EXO_IO_READ, 0, data, done), -EXO_ENAME);
    return verdict();
}
