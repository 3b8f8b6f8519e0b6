// SPDX-License-Identifier: GPL-2.0-or-later
/* host_disk.c - see host_disk.h. */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAITING_MAX EXO_NIO

static struct {
    uint32_t kind, unit_bytes; /* kind 0: no disk */
    uint8_t *medium;
    struct host_disk_command waiting[WAITING_MAX];
    uint32_t nwaiting;
    bool line, error;
    uint32_t reg[16];              /* pio, flash: as written */
    uint32_t words[8 * 128], word; /* pio's buffer */
    bool data_ready;
    uint64_t sq, cq; /* queue */
    uint32_t depth, tail, head, consumed, completed;
    bool enabled;
} disk;

static void wrong(const char *what, uint64_t value)
{
    fprintf(stderr, "disk: kernel %s %#llx\n", what, (unsigned long long)value);
    abort();
}

void host_disk_setup(struct exo_hw_table *t, const struct host_config *config)
{
    memset(&disk, 0, sizeof disk);
    disk.kind = config->disk_kind;
    if (disk.kind == 0)
        return;
    disk.unit_bytes = disk.kind == EXO_DISK_PIO     ? 512
                      : disk.kind == EXO_DISK_QUEUE ? M_DQ_BLOCK_SIZE
                                                    : HOST_FLASH_PAGE + HOST_FLASH_OOB;
    disk.medium = malloc((size_t)disk.unit_bytes * HOST_DISK_UNITS);
    if (disk.medium == NULL)
        abort();
    memset(disk.medium, 0xff, (size_t)disk.unit_bytes * HOST_DISK_UNITS);
    struct exo_hw_device *d = &t->device[t->ndevices++];
    *d = (struct exo_hw_device){.class_ = EXO_HW_DISK,
                                .kind = disk.kind,
                                .base = HOST_DISK_BASE,
                                .irq = HOST_DISK_LINE,
                                .nparams = 4};
    d->params[M_DISK_UNITS] = HOST_DISK_UNITS;
    if (disk.kind == EXO_DISK_QUEUE) {
        disk.depth = config->disk_depth != 0 ? config->disk_depth : HOST_DISK_DEPTH;
        d->params[M_DQ_PARAM_DEPTH] = disk.depth;
        d->params[M_DQ_PARAM_CHANNELS] = 4;
    }
    if (disk.kind == EXO_DISK_FLASH) {
        d->params[M_FL_PARAM_PAGE_SIZE] = HOST_FLASH_PAGE;
        d->params[M_FL_PARAM_OOB_SIZE] = HOST_FLASH_OOB;
        d->params[M_FL_PARAM_BLOCK_PAGES] = HOST_FLASH_BLOCK;
    }
}

bool host_disk_line(void)
{
    return disk.line;
}

uint32_t host_disk_waiting(void)
{
    return disk.nwaiting;
}

const struct host_disk_command *host_disk_command(uint32_t i)
{
    return &disk.waiting[i];
}

uint8_t *host_disk_unit(uint32_t unit)
{
    return disk.medium + (size_t)unit * disk.unit_bytes;
}

/* -- what the device touches -- */

static uint8_t *memory(uint64_t pa, uint32_t bytes)
{
    uint64_t frame = pa >> host.page_shift, last = (pa + bytes - 1) >> host.page_shift;
    if (pa == 0 || frame != last || frame >= machine.nframes)
        wrong("gave the device memory that is not in one frame:", pa);
    if (machine.frame[frame].type != EXO_FRAME_USER || machine.frame[frame].pins == 0)
        wrong("let go of memory before the device was done with it:", pa);
    return arch_phys(pa);
}

static void move(const struct host_disk_command *c, uint64_t pa, uint8_t *unit,
                 uint32_t bytes)
{
    if (pa == 0)
        return;
    if (c->op == M_DISK_READ)
        memcpy(memory(pa, bytes), unit, bytes);
    else
        memcpy(unit, memory(pa, bytes), bytes);
}

static void pio_move(const struct host_disk_command *c)
{
    if (c->op == M_DISK_READ)
        memcpy(disk.words, host_disk_unit(c->unit), (size_t)c->count * 512);
    if (c->op == M_DISK_WRITE)
        memcpy(host_disk_unit(c->unit), disk.words, (size_t)c->count * 512);
    disk.data_ready = c->op == M_DISK_READ;
    disk.word = 0;
}

static void flash_move(const struct host_disk_command *c)
{
    uint8_t *page = host_disk_unit(c->unit);
    if (c->op == M_DISK_ERASE) {
        uint32_t first = c->unit / HOST_FLASH_BLOCK * HOST_FLASH_BLOCK;
        memset(host_disk_unit(first), 0xff, (size_t)HOST_FLASH_BLOCK * disk.unit_bytes);
        return;
    }
    move(c, c->data, page, HOST_FLASH_PAGE);
    move(c, c->oob, page + HOST_FLASH_PAGE, HOST_FLASH_OOB);
}

static void complete(const struct host_disk_command *c, bool ok)
{
    uint32_t entry[4] = {c->tag, ok ? M_DQ_OK : M_DQ_BAD_RANGE, disk.consumed, 0};
    entry[3] = 1 + disk.completed;
    if (disk.completed - disk.head >= disk.depth)
        wrong("overflows the completion ring:", disk.completed);
    memcpy(arch_phys(disk.cq + disk.completed % disk.depth * M_DQ_COMPLETE_SIZE), entry,
           sizeof entry);
    disk.completed++;
}

void host_disk_done(uint32_t i, bool ok)
{
    if (i >= disk.nwaiting)
        return;
    struct host_disk_command c = disk.waiting[i];
    disk.nwaiting--;
    memmove(&disk.waiting[i], &disk.waiting[i + 1],
            (disk.nwaiting - i) * sizeof disk.waiting[0]);
    if (ok && disk.kind == EXO_DISK_PIO)
        pio_move(&c);
    if (ok && disk.kind == EXO_DISK_FLASH)
        flash_move(&c);
    if (ok && disk.kind == EXO_DISK_QUEUE && c.op != M_DISK_FLUSH)
        move(&c, c.data, host_disk_unit(c.unit), M_DQ_BLOCK_SIZE);
    if (disk.kind == EXO_DISK_QUEUE)
        complete(&c, ok);
    disk.error = !ok;
    disk.line = true;
}

/* -- commands -- */

static void accept(struct host_disk_command c, uint32_t units)
{
    bool whole = c.op == M_DISK_FLUSH;
    if (disk.nwaiting == WAITING_MAX ||
        (disk.kind != EXO_DISK_QUEUE && disk.nwaiting > 0))
        wrong("commands a device that is busy:", c.op);
    if (!whole && (c.unit >= HOST_DISK_UNITS || units > HOST_DISK_UNITS - c.unit))
        wrong("commands beyond the end:", c.unit);
    disk.waiting[disk.nwaiting++] = c;
}

static void pio_command(uint32_t op)
{
    struct host_disk_command c = {
        .op = op, .unit = disk.reg[M_PIO_SECTOR / 4], .count = disk.reg[M_PIO_COUNT / 4]};
    if (op == M_DISK_WRITE && disk.word != c.count * 128)
        wrong("writes with the wrong number of words:", disk.word);
    if (op < M_DISK_READ || op > M_DISK_FLUSH)
        wrong("commands", op);
    accept(c, c.count);
}

static void flash_command(uint32_t op)
{
    const uint32_t *r = disk.reg;
    struct host_disk_command c = {
        .op = op,
        .unit = r[M_FL_PAGE / 4],
        .data = (uint64_t)r[M_FL_DATA / 4 + 1] << 32 | r[M_FL_DATA / 4],
        .oob = (uint64_t)r[M_FL_OOB / 4 + 1] << 32 | r[M_FL_OOB / 4],
    };
    if (op != M_DISK_READ && op != M_DISK_WRITE && op != M_DISK_ERASE)
        wrong("commands", op);
    accept(c, 1);
}

static void queue_submit(uint32_t tail)
{
    for (; disk.tail != tail; disk.tail++) {
        struct {
            uint32_t op, tag;
            uint64_t block, pa;
            uint32_t count, zero;
        } s;
        memcpy(&s, arch_phys(disk.sq + disk.tail % disk.depth * M_DQ_SUBMIT_SIZE),
               sizeof s);
        if (!disk.enabled || s.block > UINT32_MAX || s.op < M_DISK_READ ||
            s.op > M_DISK_FLUSH || s.zero != 0 || s.count != (s.op != M_DISK_FLUSH))
            wrong("submits", s.op);
        accept(
            (struct host_disk_command){s.op, s.tag, (uint32_t)s.block, s.count, s.pa, 0},
            s.count);
        disk.consumed++;
    }
}

/* -- registers -- */

static uint32_t status(void)
{
    return (disk.nwaiting > 0 ? M_PIO_BUSY : 0u) | (disk.error ? M_PIO_ERROR : 0u) |
           (disk.data_ready ? M_PIO_DATA_READY : 0u) | (disk.line ? M_PIO_IRQ : 0u);
}

uint32_t host_disk_read(uint32_t reg)
{
    if (disk.kind == EXO_DISK_PIO && reg == M_PIO_DATA) {
        if (!disk.data_ready || disk.word >= disk.reg[M_PIO_COUNT / 4] * 128)
            wrong("reads a word that is not there:", disk.word);
        return disk.words[disk.word++];
    }
    if ((disk.kind == EXO_DISK_PIO && reg == M_PIO_STATUS) ||
        (disk.kind == EXO_DISK_FLASH && reg == M_FL_STATUS))
        return status();
    wrong("reads register", reg);
    return 0;
}

static void pio_write(uint32_t reg, uint32_t value)
{
    switch (reg) {
    case M_PIO_COUNT:
        disk.word = 0;
        disk.data_ready = false;
        break;
    case M_PIO_SECTOR: break;
    case M_PIO_COMMAND: pio_command(value); return;
    case M_PIO_ACK: disk.line = false; return;
    case M_PIO_DATA:
        if (disk.word >= 8 * 128 || disk.nwaiting > 0)
            wrong("writes a word too many:", disk.word);
        disk.words[disk.word++] = value;
        return;
    default: wrong("writes register", reg);
    }
    disk.reg[reg / 4] = value;
}

static void flash_write(uint32_t reg, uint32_t value)
{
    if (reg == M_FL_COMMAND)
        flash_command(value);
    else if (reg == M_FL_ACK)
        disk.line = false;
    else if (reg <= M_FL_OOB + 4)
        disk.reg[reg / 4] = value;
    else
        wrong("writes register", reg);
}

static void queue_write(uint32_t reg, uint32_t value)
{
    switch (reg) {
    case M_DQ_SQ: disk.sq = (disk.sq & ~0xffffffffull) | value; break;
    case M_DQ_SQ + 4: disk.sq = (disk.sq & 0xffffffffu) | (uint64_t)value << 32; break;
    case M_DQ_CQ: disk.cq = (disk.cq & ~0xffffffffull) | value; break;
    case M_DQ_CQ + 4: disk.cq = (disk.cq & 0xffffffffu) | (uint64_t)value << 32; break;
    case M_DQ_DEPTH:
        if (value == 0 || value > disk.depth || (value & (value - 1)) != 0)
            wrong("sets the depth", value);
        disk.depth = value;
        break;
    case M_DQ_ENABLE: disk.enabled = value != 0; break;
    case M_DQ_SQ_TAIL: queue_submit(value); break;
    case M_DQ_CQ_HEAD: disk.head = value; break;
    case M_DQ_ACK: disk.line = disk.head != disk.completed; break;
    default: wrong("writes register", reg);
    }
}

void host_disk_write(uint32_t reg, uint32_t value)
{
    switch (disk.kind) {
    case EXO_DISK_PIO: pio_write(reg, value); break;
    case EXO_DISK_QUEUE: queue_write(reg, value); break;
    case EXO_DISK_FLASH: flash_write(reg, value); break;
    default: wrong("writes a disk that is not there:", reg);
    }
}
