// SPDX-License-Identifier: GPL-2.0-or-later
/* disk_flash_test.c - exo,disk-flash: the rules of NAND, wear, bad blocks, the medium's layout.
 * The fake machine's cycle is a microsecond. */
#include "rig.h"
#include "suites.h"
#include <exo/machine.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 512u
#define OOB 16u
#define PER 4u /* pages a block */
#define BYTES (PAGE + OOB)
#define DATA 0x10000u
#define SPARE 0x20000u

static const struct rig_set tiny[] = {{"exo,page-size", PAGE, NULL},
                                      {"exo,oob-size", OOB, NULL},
                                      {"exo,block-pages", PER, NULL},
                                      {"exo,blocks", 8, NULL},
                                      {"exo,bad-per-mille", 0, NULL},
                                      {"exo,endurance", 3, NULL},
                                      {"exo,bytes-per-second", 528000000, NULL},
                                      {0}};

/* Runs a command to its end; its status without the interrupt. */
static uint32_t run(struct rig *r, uint32_t op, uint32_t page)
{
    rig_write(r, M_FL_PAGE, page);
    rig_write64(r, M_FL_DATA, DATA);
    rig_write64(r, M_FL_OOB, SPARE);
    rig_write(r, M_FL_COMMAND, op);
    if (rig_read(r, M_FL_STATUS) & M_PIO_BUSY)
        fake_env_run(&r->f, r->ops, r->dev, r->f.deadline[0]);
    uint32_t status = rig_read(r, M_FL_STATUS);
    CU_ASSERT(r->f.irq && (status & M_PIO_IRQ) && !(status & M_PIO_BUSY));
    rig_write(r, M_FL_ACK, 1);
    CU_ASSERT(!r->f.irq);
    return status & ~(uint32_t)M_PIO_IRQ;
}

static uint32_t program(struct rig *r, uint32_t page, uint8_t byte)
{
    memset(r->f.ram + DATA, byte, PAGE);
    memset(r->f.ram + SPARE, 0xff, OOB);
    r->f.ram[SPARE + 1] = byte;
    return run(r, M_DISK_WRITE, page);
}

/* Does the page hold what program() put there? By READ and on the medium. */
static bool holds(struct rig *r, uint32_t page, uint8_t byte)
{
    memset(r->f.ram + DATA, 0x77, PAGE);
    memset(r->f.ram + SPARE, 0x77, OOB);
    if (run(r, M_DISK_READ, page) != 0)
        return false;
    if (memcmp(r->f.ram + DATA, r->f.store + page * BYTES, PAGE) != 0 ||
        memcmp(r->f.ram + SPARE, r->f.store + page * BYTES + PAGE, OOB) != 0)
        return false;
    for (uint32_t i = 0; i < PAGE; i++)
        if (r->f.ram[DATA + i] != byte)
            return false;
    return r->f.ram[SPARE + 1] == byte && r->f.ram[SPARE] == 0xff;
}

static void program_and_read(void)
{
    struct rig r;
    rig_open(&r, "exo,disk-flash", tiny);
    for (uint32_t p = 0; p < 8 * PER; p++)
        CU_ASSERT(holds(&r, p, 0xff)); /* blank is erased */
    for (uint32_t p = 0; p < 8 * PER; p++)
        CU_ASSERT(program(&r, p, (uint8_t)p) == 0);
    for (uint32_t p = 0; p < 8 * PER; p++)
        CU_ASSERT(holds(&r, p, (uint8_t)p));
    struct hw_disk_stats s;
    r.disk->stats(r.dev, &s);
    CU_ASSERT(s.reads == 64 && s.writes == 32 && s.erases == 0 && s.errors == 0);
    CU_ASSERT(r.f.errors == 0 && r.f.store_writes == 32);
    rig_close(&r);
}

/* Once, in ascending order, some may be left out: what breaks the rules changes nothing. */
static void order(void)
{
    struct rig r;
    rig_open(&r, "exo,disk-flash", tiny);
    CU_ASSERT(program(&r, 1, 0x11) == 0); /* page 0 left out */
    CU_ASSERT(program(&r, 1, 0x10) == M_PIO_ERROR);
    CU_ASSERT(holds(&r, 1, 0x11));
    CU_ASSERT(program(&r, 0, 0x12) == M_PIO_ERROR);
    CU_ASSERT(holds(&r, 0, 0xff));
    CU_ASSERT(r.f.errors == 2);
    CU_ASSERT(program(&r, 3, 0x13) == 0);
    CU_ASSERT(program(&r, 2, 0x14) == M_PIO_ERROR);
    CU_ASSERT(program(&r, PER, 0x15) == 0);         /* the next block has its own order */
    CU_ASSERT(program(&r, 3, 0xff) == M_PIO_ERROR); /* even of nothing */
    CU_ASSERT(run(&r, M_DISK_ERASE, 2) == 0);
    for (uint32_t p = 0; p < PER; p++)
        CU_ASSERT(holds(&r, p, 0xff));
    CU_ASSERT(holds(&r, PER, 0x15)); /* only this block */
    CU_ASSERT(program(&r, 0, 0x16) == 0 && holds(&r, 0, 0x16));
    rig_close(&r);
}

/* A page programmed with 0xff counts as programmed in the run that did it. */
static void programmed_with_ones(void)
{
    struct rig r;
    rig_open(&r, "exo,disk-flash", tiny);
    CU_ASSERT(program(&r, 2, 0xff) == 0);
    CU_ASSERT(program(&r, 2, 0x01) == M_PIO_ERROR);
    rig_close(&r);
}

static void parts_left_out(void)
{
    struct rig r;
    rig_open(&r, "exo,disk-flash", tiny);
    memset(r.f.ram + DATA, 0x21, PAGE);
    memset(r.f.ram + SPARE, 0x22, OOB);
    rig_write(&r, M_FL_PAGE, 4);
    rig_write64(&r, M_FL_DATA, DATA);
    rig_write64(&r, M_FL_OOB, 0);
    rig_write(&r, M_FL_COMMAND, M_DISK_WRITE);
    fake_env_run(&r.f, r.ops, r.dev, r.f.deadline[0]);
    CU_ASSERT(r.f.store[4 * BYTES] == 0x21 && r.f.store[4 * BYTES + PAGE] == 0xff);
    rig_write(&r, M_FL_PAGE, 5);
    rig_write64(&r, M_FL_DATA, 0);
    rig_write64(&r, M_FL_OOB, SPARE);
    rig_write(&r, M_FL_COMMAND, M_DISK_WRITE);
    fake_env_run(&r.f, r.ops, r.dev, r.f.deadline[0]);
    CU_ASSERT(r.f.store[5 * BYTES] == 0xff && r.f.store[5 * BYTES + PAGE] == 0x22);
    memset(r.f.ram + SPARE, 0, OOB);
    rig_write(&r, M_FL_COMMAND, M_DISK_READ); /* out-of-band only */
    fake_env_run(&r.f, r.ops, r.dev, r.f.deadline[0]);
    CU_ASSERT(r.f.ram[SPARE] == 0x22 && r.f.ram[DATA] == 0x21);
    rig_close(&r);
}

/* What is programmed is what was there when the command was given: the chip has a buffer. */
static void buffered(void)
{
    struct rig r;
    rig_open(&r, "exo,disk-flash", tiny);
    memset(r.f.ram + DATA, 0x31, PAGE);
    rig_write64(&r, M_FL_DATA, DATA);
    rig_write(&r, M_FL_COMMAND, M_DISK_WRITE);
    memset(r.f.ram + DATA, 0x32, PAGE);
    fake_env_run(&r.f, r.ops, r.dev, r.f.deadline[0]);
    CU_ASSERT(r.f.store[0] == 0x31 && r.f.store[PAGE - 1] == 0x31);
    rig_close(&r);
}

static void times(void)
{
    struct rig r;
    rig_open(&r, "exo,disk-flash", tiny);
    uint64_t t = r.f.now;
    program(&r, 0, 1);
    CU_ASSERT(r.f.now - t == 220 + 1);
    t = r.f.now;
    run(&r, M_DISK_READ, 0);
    CU_ASSERT(r.f.now - t == 25 + 1);
    t = r.f.now;
    run(&r, M_DISK_ERASE, 0);
    CU_ASSERT(r.f.now - t == 1500);
    rig_close(&r);
}

static void wear(void)
{
    struct rig r;
    rig_open(&r, "exo,disk-flash", tiny);
    CU_ASSERT(program(&r, 8, 0x41) == 0);
    for (unsigned i = 0; i < 3; i++)
        CU_ASSERT(run(&r, M_DISK_ERASE, 8) == 0);
    CU_ASSERT(program(&r, 8, 0x42) == 0); /* the last erasure still counts */
    CU_ASSERT(run(&r, M_DISK_ERASE, 8) == M_PIO_ERROR);
    CU_ASSERT(holds(&r, 8, 0x42)); /* it can be read */
    CU_ASSERT(program(&r, 9, 0x43) == M_PIO_ERROR && holds(&r, 9, 0xff));
    CU_ASSERT(run(&r, M_DISK_ERASE, 8) == M_PIO_ERROR); /* for ever */
    CU_ASSERT(program(&r, 12, 0x44) == 0);              /* the others work */
    CU_ASSERT(run(&r, M_DISK_ERASE, 12) == 0);
    CU_ASSERT(r.f.errors == 0); /* wear is nobody's mistake */
    struct hw_disk_stats s;
    r.disk->stats(r.dev, &s);
    CU_ASSERT(s.erases == 4 && s.errors == 3);
    rig_close(&r);
}

static void factory_bad(void)
{
    struct rig_set set[] = {{"exo,page-size", PAGE, NULL},    {"exo,oob-size", OOB, NULL},
                            {"exo,block-pages", PER, NULL},   {"exo,blocks", 1000, NULL},
                            {"exo,bad-per-mille", 100, NULL}, {0}};
    uint8_t bad[2][1000];
    unsigned n = 0;
    for (unsigned k = 0; k < 2; k++) {
        struct rig r;
        rig_open_cores(&r, "exo,disk-flash", set, 1, 5);
        for (uint32_t b = 0; b < 1000; b++) {
            bad[k][b] = r.f.store[b * PER * BYTES + PAGE] != 0xff;
            uint32_t want = bad[k][b] ? M_PIO_ERROR : 0;
            if (k == 0)
                n += bad[k][b];
            else
                CU_ASSERT(program(&r, b * PER, 1) == want &&
                          run(&r, M_DISK_ERASE, b * PER) == want);
        }
        rig_close(&r);
    }
    CU_ASSERT(n > 60 && n < 140 && bad[0][0] == 0);
    CU_ASSERT(memcmp(bad[0], bad[1], 1000) == 0); /* the seed decides */
    struct rig r;
    rig_open_cores(&r, "exo,disk-flash", set, 1, 6);
    unsigned same = 0;
    for (uint32_t b = 0; b < 1000; b++)
        same += bad[0][b] == (r.f.store[b * PER * BYTES + PAGE] != 0xff);
    CU_ASSERT(same < 1000);
    rig_close(&r);
}

/* An image: its size, its bad blocks, and which pages are programmed. */
static void image(void)
{
    struct rig r;
    rig_with_image(&r, "exo,disk-flash", tiny, 5 * PER * BYTES);
    CU_ASSERT_FATAL(r.dev != NULL);
    uint64_t p[HW_MAX_PARAMS];
    CU_ASSERT(r.disk->table_params(r.dev, p) == 4 && p[0] == 5 * PER);
    CU_ASSERT(p[M_FL_PARAM_PAGE_SIZE] == PAGE && p[M_FL_PARAM_OOB_SIZE] == OOB);
    CU_ASSERT(p[M_FL_PARAM_BLOCK_PAGES] == PER);
    r.f.store[(PER + 1) * BYTES + 100] = 0xfe; /* one bit of page 1 of block 1 */
    CU_ASSERT(program(&r, PER + 1, 0) == M_PIO_ERROR);
    CU_ASSERT(program(&r, PER + 2, 0x51) == 0);
    r.f.store[2 * PER * BYTES + PAGE + OOB - 1] = 0; /* out-of-band only */
    CU_ASSERT(program(&r, 2 * PER, 0) == M_PIO_ERROR);
    rig_close(&r);
    rig_with_image(&r, "exo,disk-flash", tiny, 5 * PER * BYTES + 1);
    CU_ASSERT(r.dev == NULL && strstr(r.err.msg, "multiple of 2112") != NULL);
}

static void refused(void)
{
    struct rig r;
    rig_open(&r, "exo,disk-flash", tiny);
    CU_ASSERT(run(&r, 0, 0) == M_PIO_ERROR);
    CU_ASSERT(run(&r, M_DISK_FLUSH, 0) == M_PIO_ERROR);
    CU_ASSERT(run(&r, M_DISK_READ, 8 * PER) == M_PIO_ERROR);
    CU_ASSERT(run(&r, M_DISK_ERASE, 0xffffffff) == M_PIO_ERROR);
    CU_ASSERT(r.f.errors == 4 && r.f.now == 0);
    static const uint64_t places[] = {RIG_RAM, RIG_RAM - PAGE + 1, UINT64_MAX - 3,
                                      UINT64_C(1) << 62};
    for (unsigned i = 0; i < 4; i++)
        for (uint32_t op = M_DISK_READ; op <= M_DISK_WRITE; op++) {
            rig_write64(&r, M_FL_DATA, places[i]);
            rig_write64(&r, M_FL_OOB, 0);
            rig_write(&r, M_FL_PAGE, 0);
            rig_write(&r, M_FL_COMMAND, op);
            CU_ASSERT(rig_read(&r, M_FL_STATUS) == (M_PIO_ERROR | M_PIO_IRQ));
            rig_write(&r, M_FL_ACK, 1);
        }
    CU_ASSERT(r.f.store_writes == 0 && r.f.errors == 12);
    rig_write64(&r, M_FL_DATA, RIG_RAM - PAGE); /* the last that fits */
    rig_write(&r, M_FL_COMMAND, M_DISK_READ);
    CU_ASSERT(rig_read(&r, M_FL_STATUS) == M_PIO_BUSY);
    rig_write(&r, M_FL_COMMAND, M_DISK_ERASE); /* one at a time */
    CU_ASSERT(rig_read(&r, M_FL_STATUS) == (M_PIO_BUSY | M_PIO_ERROR) && !r.f.irq);
    fake_env_run(&r.f, r.ops, r.dev, r.f.deadline[0]);
    CU_ASSERT(rig_read(&r, M_FL_STATUS) == M_PIO_IRQ);
    rig_close(&r);
}

static void parameters(void)
{
    struct rig r;
    struct rig_set page[] = {{"exo,page-size", 1000, NULL}, {0}};
    CU_ASSERT(rig_try(&r, rig_model("exo,disk-flash"), page, 1, 1) == -1);
    CU_ASSERT(strstr(r.err.msg, "exo,page-size is 1000") != NULL);
    struct rig_set oob[] = {{"exo,oob-size", 30, NULL}, {0}};
    CU_ASSERT(rig_try(&r, rig_model("exo,disk-flash"), oob, 1, 1) == -1);
    CU_ASSERT(strstr(r.err.msg, "exo,oob-size is 30") != NULL);
}

static void saved(void)
{
    struct rig a, b;
    size_t len;
    rig_open(&a, "exo,disk-flash", tiny);
    rig_open(&b, "exo,disk-flash", tiny);
    program(&a, 1, 0x61);
    run(&a, M_DISK_ERASE, 8);
    memset(a.f.ram + DATA, 0x62, PAGE);
    rig_write(&a, M_FL_PAGE, 2);
    rig_write(&a, M_FL_COMMAND, M_DISK_WRITE);
    uint8_t *state = rig_save(&a, &len);
    memcpy(b.f.store, a.f.store, 8 * PER * BYTES);
    b.f.now = a.f.now;
    CU_ASSERT(b.ops->restore(b.dev, state, len) == 0 && rig_same_state(&a, &b));
    fake_env_run(&b.f, b.ops, b.dev, b.f.deadline[0]);
    CU_ASSERT(b.f.store[2 * BYTES] == 0x62);     /* the buffer came along */
    CU_ASSERT(program(&b, 1, 0) == M_PIO_ERROR); /* and the order */
    for (unsigned i = 0; i < 2; i++)
        CU_ASSERT(run(&b, M_DISK_ERASE, 8) == 0);
    CU_ASSERT(run(&b, M_DISK_ERASE, 8) == M_PIO_ERROR); /* and the wear */
    free(state);
    rig_close(&a);
    rig_close(&b);
}

void disk_flash_suite(void)
{
    CU_pSuite s = CU_add_suite("disk_flash", NULL, NULL);
    CU_add_test(s, "program and read, bit by bit", program_and_read);
    CU_add_test(s, "once, in order, after an erase", order);
    CU_add_test(s, "a program of ones is one", programmed_with_ones);
    CU_add_test(s, "data or out-of-band left out", parts_left_out);
    CU_add_test(s, "the chip has a buffer", buffered);
    CU_add_test(s, "times", times);
    CU_add_test(s, "wear", wear);
    CU_add_test(s, "factory-bad blocks", factory_bad);
    CU_add_test(s, "images", image);
    CU_add_test(s, "commands that are refused", refused);
    CU_add_test(s, "parameters", parameters);
    CU_add_test(s, "state saved in a program", saved);
}
