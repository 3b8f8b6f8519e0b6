// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flash.c - "exo,disk-flash": a raw NAND chip behind a DMA engine, one command at a time.
 *
 *   0x00 PAGE     rw  page; ERASE: any page of the block
 *   0x08 DATA     rw  64 bits: address of the page's data, 0 = leave it out
 *   0x10 OOB      rw  64 bits: of its out-of-band bytes, 0 = leave them out
 *   0x18 COMMAND  wo  1 read, 2 program, 4 erase
 *   0x1c STATUS   ro  bit 0 busy, bit 2 FAIL, bit 3 interrupt
 *   0x20 ACK      wo  drops the interrupt
 *
 * The medium holds the pages in order, the data of each before its out-of-band bytes. Rules, as
 * of single-level NAND: a page is programmed once after its block was erased, and pages of a block
 * in ascending order (some may be left out); what is left out of a program stays 0xff. Whatever
 * breaks them FAILs after the program's time and changes nothing. ERASE makes a block 0xff
 * and counts: one that has been erased `exo,endurance` times fails its next erase and is bad for
 * ever. In a bad block erase and program FAIL; it can still be read. A block is bad from the
 * start if the first out-of-band byte of its first page is not 0xff; a blank chip gets such
 * blocks by its seed, never the first. Bits do not flip by themselves.
 *
 * Which page comes next in a block is looked up on the medium when the block is first programmed:
 * the one behind the last that is not all 0xff. Erasures are counted from the start of the run.
 * A command that cannot be done (page, address, operation, busy) FAILs at once.
 */
#include "flash_priv.h"
#include "models.h"
#include "values.h"
#include <stdlib.h>
#include <string.h>

enum {
    REG_PAGE = 0x00,
    REG_DATA_LO = 0x08,
    REG_DATA_HI = 0x0c,
    REG_OOB_LO = 0x10,
    REG_OOB_HI = 0x14,
    REG_COMMAND = 0x18,
    REG_STATUS = 0x1c,
    REG_ACK = 0x20
};
enum { STATUS_BUSY = 1, STATUS_ERROR = 4, STATUS_IRQ = 8 };

enum {
    P_PAGE,
    P_OOB,
    P_BLOCK_PAGES,
    P_BLOCKS,
    P_BAD,
    P_ENDURANCE,
    P_READ,
    P_PROGRAM,
    P_ERASE,
    P_RATE,
    P_COUNT
};
static const struct hw_param params[] = {
    {"exo,page-size", HW_PARAM_U64, "bytes", 4096, 512, 16384, NULL,
     "data of a page, a power of two"},
    {"exo,oob-size", HW_PARAM_U64, "bytes", 128, 16, 1024, NULL,
     "out-of-band bytes of a page, a multiple of 4"},
    {"exo,block-pages", HW_PARAM_U64, "pages", 64, 2, 1024, NULL, "of an erase block"},
    {"exo,blocks", HW_PARAM_U64, "erase blocks", 512, 4, 131072, NULL,
     "of a blank chip; an image has its own"},
    {"exo,bad-per-mille", HW_PARAM_U64, "of 1000 blocks", 20, 0, 500, NULL,
     "factory-bad in a blank chip, by its seed"},
    {"exo,endurance", HW_PARAM_U64, "erasures", 100000, 1, 100000000, NULL,
     "that a block stands; the next one fails and the block is bad"},
    {"exo,read-us", HW_PARAM_U64, "microseconds", 25, 0, 1000000, NULL,
     "from the cells to the chip's buffer"},
    {"exo,program-us", HW_PARAM_U64, "microseconds", 220, 0, 1000000, NULL,
     "from the buffer to the cells"},
    {"exo,erase-us", HW_PARAM_U64, "microseconds", 1500, 0, 10000000, NULL, "a block"},
    {"exo,bytes-per-second", HW_PARAM_U64, "bytes a second", 40000000, 1000, 10000000000,
     NULL, "between the chip's buffer and memory"},
};
_Static_assert(sizeof params / sizeof *params == P_COUNT, "a parameter a name");

void flash_irq(struct flash *d, bool up)
{
    if (d->irq == up)
        return;
    d->irq = up;
    d->env.irq(d->env.host, up);
}

static uint64_t block_bytes(const struct flash *d)
{
    return (uint64_t)flash_page_bytes(d) * d->block_pages;
}

/* ---- creation ---- */

static void flash_destroy(void *dev)
{
    struct flash *d = dev;
    free(d->buffer);
    free(d->erased);
    free(d->block);
    free(d);
}

/* The factory tests a blank chip and marks what is bad in the out-of-band area. */
static void mark_bad(struct flash *d, uint64_t per_mille)
{
    static const uint8_t mark = 0;
    uint64_t state = d->env.random(d->env.host);
    for (uint64_t b = 1; b < d->blocks; b++) {
        uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15)); /* splitmix64 */
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        if ((z ^ (z >> 31)) % 1000 < per_mille)
            (void)d->env.store_write(d->env.host, b * block_bytes(d) + d->page_size,
                                     &mark, 1);
    }
}

static int medium(struct flash *d, const struct hw_value *v, struct hw_err *err)
{
    uint64_t size = d->env.store_size(d->env.host);
    bool blank = size == 0;
    if (blank) {
        if (d->env.store_blank(d->env.host, v[P_BLOCKS].u * block_bytes(d)))
            return hw_refuse(err,
                             "exo,blocks is %" PRIu64
                             ": the host cannot give a blank chip of that size",
                             v[P_BLOCKS].u);
        size = d->env.store_size(d->env.host);
    }
    if (size % block_bytes(d) || size / block_bytes(d) > UINT32_MAX / d->block_pages)
        return hw_refuse(
            err,
            "the medium has %" PRIu64 " bytes, expected a multiple of %" PRIu64
            " (erase blocks of %" PRIu32 " pages of %" PRIu32 " + %" PRIu32 " bytes)",
            size, block_bytes(d), d->block_pages, d->page_size, d->oob_size);
    d->blocks = (uint32_t)(size / block_bytes(d));
    d->pages = (uint64_t)d->blocks * d->block_pages;
    if (blank)
        mark_bad(d, v[P_BAD].u);
    return 0;
}

static int make_blocks(struct flash *d, struct hw_err *err)
{
    d->buffer = malloc(flash_page_bytes(d));
    d->erased = malloc(block_bytes(d));
    d->block = calloc(d->blocks, sizeof *d->block);
    if (!d->buffer || !d->erased || !d->block)
        return hw_refuse(err, "out of memory");
    memset(d->buffer, 0xff, flash_page_bytes(d));
    memset(d->erased, 0xff, block_bytes(d));
    for (uint64_t b = 0; b < d->blocks; b++) {
        uint8_t mark = 0;
        d->block[b].next = FLASH_UNKNOWN;
        if (d->env.store_read(d->env.host, b * block_bytes(d) + d->page_size, &mark, 1))
            return hw_refuse(err, "the medium cannot be read");
        d->block[b].bad = mark != 0xff;
    }
    return 0;
}

static int flash_create(const struct hw_env *env, const struct hw_value *values,
                        unsigned cores, void **out, struct hw_err *err)
{
    (void)cores;
    if (values_check(params, P_COUNT, values, err))
        return -1;
    uint64_t page = values[P_PAGE].u, oob = values[P_OOB].u;
    if (page & (page - 1))
        return hw_refuse(err, "exo,page-size is %" PRIu64 ", expected a power of two",
                         page);
    if (oob % 4)
        return hw_refuse(err, "exo,oob-size is %" PRIu64 ", expected a multiple of 4",
                         oob);
    struct flash *d = calloc(1, sizeof *d);
    if (!d)
        return hw_refuse(err, "out of memory");
    d->env = *env;
    d->page_size = (uint32_t)page;
    d->oob_size = (uint32_t)oob;
    d->block_pages = (uint32_t)values[P_BLOCK_PAGES].u;
    d->endurance = values[P_ENDURANCE].u;
    d->read_cycles = disk_cycles(env, values[P_READ].u);
    d->program_cycles = disk_cycles(env, values[P_PROGRAM].u);
    d->erase_cycles = disk_cycles(env, values[P_ERASE].u);
    d->rate = values[P_RATE].u;
    d->done = DISK_NEVER;
    if (medium(d, values, err) || make_blocks(d, err)) {
        flash_destroy(d);
        return -1;
    }
    *out = d;
    return 0;
}

/* ---- commands ---- */

static uint64_t offset(const struct flash *d, uint64_t page)
{
    return page * flash_page_bytes(d);
}

/* First page of the block that may be programmed. */
static uint32_t next_page(struct flash *d, uint32_t block)
{
    struct flash_block *b = &d->block[block];
    if (b->next != FLASH_UNKNOWN)
        return b->next;
    uint8_t *page = malloc(flash_page_bytes(d));
    uint32_t n = d->block_pages;
    for (; page && n > 0; n--) {
        uint64_t at = offset(d, (uint64_t)block * d->block_pages + n - 1);
        if (d->env.store_read(d->env.host, at, page, flash_page_bytes(d)) ||
            memcmp(page, d->erased, flash_page_bytes(d)) != 0)
            break;
    }
    free(page);
    b->next = n;
    return n;
}

/* Puts what is to be programmed into the chip's buffer. */
static int fetch(struct flash *d)
{
    memset(d->buffer, 0xff, flash_page_bytes(d));
    if (d->data && d->env.dma_read(d->env.host, d->data, d->buffer, d->page_size))
        return -1;
    if (d->oob &&
        d->env.dma_read(d->env.host, d->oob, d->buffer + d->page_size, d->oob_size))
        return -1;
    return 0;
}

static bool is_ram(struct flash *d, uint64_t pa, uint32_t len)
{
    uint8_t byte;
    return pa + len - 1 >= pa && d->env.dma_read(d->env.host, pa, &byte, 1) == 0 &&
           d->env.dma_read(d->env.host, pa + len - 1, &byte, 1) == 0;
}

static const char *wrong(struct flash *d, uint32_t op)
{
    if (op != HW_DISK_READ && op != HW_DISK_WRITE && op != HW_DISK_ERASE)
        return "expected 1 read, 2 program or 4 erase";
    if (d->page >= d->pages)
        return "PAGE is outside the chip";
    if (op == HW_DISK_ERASE)
        return NULL;
    if ((d->data && !is_ram(d, d->data, d->page_size)) ||
        (d->oob && !is_ram(d, d->oob, d->oob_size)))
        return "DATA or OOB is not RAM";
    return op == HW_DISK_WRITE && fetch(d) ? "DATA or OOB is not RAM" : NULL;
}

/* Does a program of this page break the chip's rules? Says which, or NULL. */
static const char *rule_broken(struct flash *d)
{
    uint32_t block = d->at / d->block_pages, page = d->at % d->block_pages;
    if (d->block[block].bad)
        return ""; /* not the guest's fault */
    if (page < next_page(d, block))
        return "this page, or one behind it in the block, has been programmed since the "
               "block was erased";
    return NULL;
}

static uint64_t takes(const struct flash *d)
{
    uint64_t bytes = (d->to_data ? d->page_size : 0) + (d->to_oob ? d->oob_size : 0);
    uint64_t transfer = disk_transfer(&d->env, bytes, d->rate);
    if (d->op == HW_DISK_READ)
        return d->read_cycles + transfer;
    return d->op == HW_DISK_WRITE ? transfer + d->program_cycles : d->erase_cycles;
}

static void command(struct flash *d, uint32_t op)
{
    const char *why = d->busy ? "the chip is BUSY" : wrong(d, op);
    if (why) {
        d->env.guest_error(d->env.host, "disk: command %" PRIu32 ": %s", op, why);
        d->error = true;
        if (!d->busy) {
            d->stats.errors++;
            flash_irq(d, true);
        }
        return;
    }
    d->op = op;
    d->at = op == HW_DISK_ERASE ? d->page / d->block_pages * d->block_pages : d->page;
    d->to_data = op == HW_DISK_ERASE ? 0 : d->data;
    d->to_oob = op == HW_DISK_ERASE ? 0 : d->oob;
    why = op == HW_DISK_WRITE ? rule_broken(d) : NULL;
    if (why && *why)
        d->env.guest_error(d->env.host, "disk: program of page %" PRIu32 ": %s", d->at,
                           why);
    d->fails = why != NULL;
    d->error = false;
    d->busy = true;
    d->done = d->env.now(d->env.host) + takes(d);
    disk_trace(&d->env, HW_EV_DISK_START, d->at, op,
               op == HW_DISK_ERASE ? d->block_pages : 1, 0);
    d->env.event(d->env.host, 0, d->done);
}

static bool do_read(struct flash *d)
{
    uint64_t at = offset(d, d->at);
    if (d->env.store_read(d->env.host, at, d->buffer, flash_page_bytes(d)))
        return false;
    if (d->to_data && d->env.dma_write(d->env.host, d->to_data, d->buffer, d->page_size))
        return false;
    return !d->to_oob || d->env.dma_write(d->env.host, d->to_oob,
                                          d->buffer + d->page_size, d->oob_size) == 0;
}

static bool do_program(struct flash *d)
{
    if (d->fails)
        return false;
    d->block[d->at / d->block_pages].next = d->at % d->block_pages + 1;
    return d->env.store_write(d->env.host, offset(d, d->at), d->buffer,
                              flash_page_bytes(d)) == 0;
}

static bool do_erase(struct flash *d)
{
    struct flash_block *b = &d->block[d->at / d->block_pages];
    if (!b->bad && b->erases >= d->endurance)
        b->bad = 1;
    if (b->bad)
        return false;
    b->erases++;
    b->next = 0;
    return d->env.store_write(d->env.host, offset(d, d->at), d->erased,
                              (size_t)block_bytes(d)) == 0;
}

static void flash_event(void *dev, uint32_t tag)
{
    struct flash *d = dev;
    if (tag != 0 || !d->busy)
        return;
    bool ok = d->op == HW_DISK_READ    ? do_read(d)
              : d->op == HW_DISK_WRITE ? do_program(d)
                                       : do_erase(d);
    d->busy = d->fails = false;
    d->done = DISK_NEVER;
    d->error = !ok;
    memset(d->buffer, 0xff, flash_page_bytes(d));
    disk_count(&d->stats, d->op, d->op == HW_DISK_ERASE ? 0 : d->page_size, ok);
    disk_trace(&d->env, HW_EV_DISK_DONE, d->at, d->op,
               d->op == HW_DISK_ERASE ? d->block_pages : 1, !ok);
    flash_irq(d, true);
}

/* ---- registers ---- */

static uint32_t flash_read(void *dev, unsigned core, uint32_t off)
{
    struct flash *d = dev;
    (void)core;
    switch (off) {
    case REG_PAGE: return d->page;
    case REG_DATA_LO: return (uint32_t)d->data;
    case REG_DATA_HI: return (uint32_t)(d->data >> 32);
    case REG_OOB_LO: return (uint32_t)d->oob;
    case REG_OOB_HI: return (uint32_t)(d->oob >> 32);
    case REG_STATUS:
        return (d->busy ? STATUS_BUSY : 0u) | (d->error ? STATUS_ERROR : 0u) |
               (d->irq ? STATUS_IRQ : 0u);
    default:
        d->env.guest_error(
            d->env.host, "disk: read of offset 0x%" PRIx32 ": no readable register", off);
        return 0;
    }
}

static void set_half(uint64_t *reg, bool high, uint32_t value)
{
    if (high)
        *reg = (*reg & UINT32_MAX) | (uint64_t)value << 32;
    else
        *reg = (*reg & ~(uint64_t)UINT32_MAX) | value;
}

static void flash_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct flash *d = dev;
    (void)core;
    switch (off) {
    case REG_PAGE: d->page = value; return;
    case REG_DATA_LO:
    case REG_DATA_HI: set_half(&d->data, off == REG_DATA_HI, value); return;
    case REG_OOB_LO:
    case REG_OOB_HI: set_half(&d->oob, off == REG_OOB_HI, value); return;
    case REG_COMMAND: command(d, value); return;
    case REG_ACK: flash_irq(d, false); return;
    default:
        d->env.guest_error(d->env.host,
                           "disk: write to offset 0x%" PRIx32 ": no writable register",
                           off);
    }
}

static enum hw_persist flash_persist(void *dev, uint32_t *atom)
{
    (void)dev;
    *atom = 64; /* assumption: a torn program or erase stops at any 64 bytes */
    return HW_PERSIST_ORDERED;
}

static void flash_stats(void *dev, struct hw_disk_stats *out)
{
    *out = ((struct flash *)dev)->stats;
}

static unsigned flash_table(void *dev, uint64_t p[HW_MAX_PARAMS])
{
    const struct flash *d = dev;
    p[0] = d->pages;
    p[1] = d->page_size;
    p[2] = d->oob_size;
    p[3] = d->block_pages;
    return 4;
}

static const struct hw_disk_ops flash_ops = {
    .dev = {.create = flash_create,
            .destroy = flash_destroy,
            .read = flash_read,
            .write = flash_write,
            .event = flash_event,
            .save = flash_save,
            .restore = flash_restore,
            .describe = flash_describe},
    .kind = HW_DISK_FLASH,
    .blank = 0xff,
    .persist = flash_persist,
    .stats = flash_stats,
    .table_params = flash_table,
};

const struct hw_model hw_disk_flash = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_DISK,
    .compatible = "exo,disk-flash",
    .summary = "raw NAND flash: pages, erase blocks, out-of-band bytes, wear",
    .params = params,
    .nparams = P_COUNT,
    .ops = &flash_ops,
};
