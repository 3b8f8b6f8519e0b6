// SPDX-License-Identifier: GPL-2.0-or-later
/* disk_pio_test.c - exo,disk-pio: geometry and its times, the register protocol, what is refused.
 * The fake machine's cycle is a microsecond. */
#include "rig.h"
#include "suites.h"
#include <exo/machine.h>
#include <stdlib.h>
#include <string.h>

/* 10 sectors a track, 2 heads, 100 cylinders; 6000 a minute: 10 ms a turn, 1 ms a sector. */
static const struct rig_set small[] = {{"exo,cylinders", 100, NULL},
                                       {"exo,heads", 2, NULL},
                                       {"exo,track-sectors", 10, NULL},
                                       {"exo,rpm", 6000, NULL},
                                       {"exo,track-seek-us", 2000, NULL},
                                       {"exo,average-seek-us", 8000, NULL},
                                       {"exo,head-switch-us", 500, NULL},
                                       {"exo,command-us", 0, NULL},
                                       {0}};

static void command(struct rig *r, uint32_t op, uint32_t sector, uint32_t count)
{
    rig_write(r, M_PIO_SECTOR, sector);
    rig_write(r, M_PIO_COUNT, count);
    rig_write(r, M_PIO_COMMAND, op);
}

/* Time from the command to the interrupt; the interrupt is dropped. */
static uint64_t takes(struct rig *r)
{
    uint64_t start = r->f.now;
    CU_ASSERT(rig_read(r, M_PIO_STATUS) == M_PIO_BUSY);
    uint64_t at = r->f.deadline[0];
    fake_env_run(&r->f, r->ops, r->dev, at - 1);
    CU_ASSERT(!r->f.irq && rig_read(r, M_PIO_STATUS) == M_PIO_BUSY);
    fake_env_run(&r->f, r->ops, r->dev, at);
    CU_ASSERT(r->f.irq && (rig_read(r, M_PIO_STATUS) & M_PIO_IRQ));
    rig_write(r, M_PIO_ACK, 1);
    CU_ASSERT(!r->f.irq);
    return at - start;
}

static void times(void)
{
    struct rig r;
    rig_open(&r, "exo,disk-pio", small);
    CU_ASSERT(rig_read64(&r, M_PIO_SECTORS) == 2000);
    /* the platter's angle is 0 at cycle 0: sector 0 passes at once, sector 3 after 3 ms */
    command(&r, M_DISK_READ, 0, 1);
    CU_ASSERT(takes(&r) == 1000);
    command(&r, M_DISK_READ, 4, 2);
    CU_ASSERT(takes(&r) == 3000 + 2000);
    command(&r, M_DISK_READ, 4, 2); /* just missed: a turn less the two sectors */
    CU_ASSERT(takes(&r) == 8000 + 2000);
    CU_ASSERT(r.f.now == 16000);
    /* on to the other head: 0.5 ms of switching are one place of skew */
    command(&r, M_DISK_READ, 6, 8);
    CU_ASSERT(takes(&r) == 4000 + 1000 + 4000);
    /* the next cylinder, sector 20: two skews of tracks before it (1 + 2 places of 2 ms) */
    CU_ASSERT(r.f.now == 25000);
    command(&r, M_DISK_READ, 20, 1);
    CU_ASSERT(takes(&r) == 2000 + 6000 + 1000);
    rig_close(&r);
}

/* The mean over random pairs of places is near the average seek and half a turn. */
static void average_seek(void)
{
    struct rig r;
    uint64_t rng = 12345, sum = 0;
    rig_open(&r, "exo,disk-pio", small);
    for (unsigned i = 0; i < 2000; i++) {
        command(&r, M_DISK_READ, (uint32_t)(rig_random(&rng) % 2000), 1);
        sum += takes(&r);
    }
    uint64_t mean = sum / 2000; /* 8 + 5 + 1 ms */
    CU_ASSERT(mean > 12500 && mean < 14500);
    rig_close(&r);
}

static void head_stays(void)
{
    struct rig r;
    rig_open(&r, "exo,disk-pio", small);
    command(&r, M_DISK_READ, 1999, 1);
    uint64_t far = takes(&r);
    CU_ASSERT(far > 8000);
    for (unsigned i = 0; i < 50; i++) { /* there already: never more than a turn */
        r.f.now += 777;
        command(&r, M_DISK_READ, 1980 + i % 20, 1);
        CU_ASSERT(takes(&r) <= 11000);
    }
    rig_close(&r);
}

static void put(struct rig *r, const uint8_t *bytes, unsigned words)
{
    for (unsigned i = 0; i < words; i++, bytes += 4)
        rig_write(r, M_PIO_DATA,
                  (uint32_t)(bytes[0] | bytes[1] << 8 | bytes[2] << 16) |
                      (uint32_t)bytes[3] << 24);
}

static void get(struct rig *r, uint8_t *bytes, unsigned words)
{
    for (unsigned i = 0; i < words; i++) {
        uint32_t v = rig_read(r, M_PIO_DATA);
        for (unsigned k = 0; k < 4; k++)
            *bytes++ = (uint8_t)(v >> (8 * k));
    }
}

static void data(void)
{
    struct rig r;
    uint8_t out[4096], in[4096];
    uint64_t rng = 99;
    rig_open(&r, "exo,disk-pio", small);
    for (unsigned i = 0; i < sizeof out; i++)
        out[i] = (uint8_t)rig_random(&rng);
    rig_write(&r, M_PIO_SECTOR, 1992);
    rig_write(&r, M_PIO_COUNT, 8);
    put(&r, out, 1024);
    rig_write(&r, M_PIO_COMMAND, M_DISK_WRITE);
    CU_ASSERT(r.f.store_writes == 0); /* not before its time */
    takes(&r);
    CU_ASSERT(r.f.store_writes == 1);
    CU_ASSERT(memcmp(r.f.store + 1992 * 512, out, 4096) == 0);
    CU_ASSERT(rig_read(&r, M_PIO_STATUS) == 0);
    command(&r, M_DISK_READ, 1992, 8);
    takes(&r);
    CU_ASSERT(rig_read(&r, M_PIO_STATUS) == M_PIO_DATA_READY);
    get(&r, in, 1024);
    CU_ASSERT(memcmp(in, out, 4096) == 0 && rig_read(&r, M_PIO_STATUS) == 0);
    CU_ASSERT(r.f.errors == 0);
    (void)rig_read(&r, M_PIO_DATA);
    CU_ASSERT(r.f.errors == 1); /* one word too many */
    command(&r, M_DISK_FLUSH, 0, 0);
    takes(&r);
    CU_ASSERT(r.f.store_flushes == 1 && r.f.errors == 1);
    struct hw_disk_stats s;
    r.disk->stats(r.dev, &s);
    CU_ASSERT(s.reads == 1 && s.writes == 1 && s.flushes == 1 && s.errors == 0);
    CU_ASSERT(s.bytes_read == 4096 && s.bytes_written == 4096);
    rig_close(&r);
}

/* Refused at once: ERROR and the interrupt, no time, nothing on the medium. */
static void refused(void)
{
    static const struct {
        uint32_t op, sector, count, words;
    } bad[] = {{0, 0, 1, 0},
               {4, 0, 1, 0},
               {77, 0, 1, 0},
               {M_DISK_READ, 2000, 1, 0},
               {M_DISK_READ, 1999, 2, 0},
               {M_DISK_READ, 0xffffffff, 8, 0},
               {M_DISK_READ, 0, 0, 0},
               {M_DISK_READ, 0, 9, 0},
               {M_DISK_READ, 0, 0xffffffff, 0},
               {M_DISK_WRITE, 0, 1, 0},
               {M_DISK_WRITE, 0, 1, 127},
               {M_DISK_WRITE, 0, 1, 129},
               {M_DISK_WRITE, 0, 2, 128},
               {M_DISK_WRITE, 1999, 2, 256}};
    uint8_t words[1200] = {0};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct rig r;
        rig_open(&r, "exo,disk-pio", small);
        rig_write(&r, M_PIO_SECTOR, bad[i].sector);
        rig_write(&r, M_PIO_COUNT, bad[i].count);
        put(&r, words, bad[i].words);
        rig_write(&r, M_PIO_COMMAND, bad[i].op);
        CU_ASSERT(rig_read(&r, M_PIO_STATUS) == (M_PIO_ERROR | M_PIO_IRQ));
        CU_ASSERT(r.f.irq && r.f.errors == 1 && r.f.deadline[0] == UINT64_MAX);
        CU_ASSERT(r.f.store_writes == 0);
        rig_write(&r, M_PIO_ACK, 1);
        command(&r, M_DISK_READ, 0, 1); /* the next one is taken, ERROR is gone */
        CU_ASSERT(rig_read(&r, M_PIO_STATUS) == M_PIO_BUSY);
        rig_close(&r);
    }
}

static void busy(void)
{
    struct rig r, alone;
    rig_open(&r, "exo,disk-pio", small);
    rig_open(&alone, "exo,disk-pio", small);
    memset(r.f.store, 0x3c, 512);
    command(&r, M_DISK_READ, 0, 1);
    command(&alone, M_DISK_READ, 0, 1);
    rig_write(&r, M_PIO_SECTOR, 9);
    rig_write(&r, M_PIO_COUNT, 2);
    rig_write(&r, M_PIO_DATA, 1);
    CU_ASSERT(r.f.errors == 3 && rig_read(&r, M_PIO_SECTOR) == 0);
    CU_ASSERT(rig_same_state(&r, &alone));
    rig_write(&r, M_PIO_COMMAND, M_DISK_FLUSH);
    CU_ASSERT(rig_read(&r, M_PIO_STATUS) == (M_PIO_BUSY | M_PIO_ERROR));
    CU_ASSERT(!r.f.irq && r.f.deadline[0] == alone.f.deadline[0]);
    fake_env_run(&r.f, r.ops, r.dev, r.f.deadline[0]);
    CU_ASSERT(rig_read(&r, M_PIO_STATUS) == (M_PIO_ERROR | M_PIO_IRQ | M_PIO_DATA_READY));
    CU_ASSERT(rig_read(&r, M_PIO_DATA) == 0x3c3c3c3c); /* the first one's data */
    rig_close(&r);
    rig_close(&alone);
}

static void buffer_limits(void)
{
    struct rig r;
    rig_open(&r, "exo,disk-pio", small);
    rig_write(&r, M_PIO_COUNT, 8);
    for (unsigned i = 0; i < 1024; i++)
        rig_write(&r, M_PIO_DATA, i);
    CU_ASSERT(r.f.errors == 0);
    rig_write(&r, M_PIO_DATA, 1024);
    CU_ASSERT(r.f.errors == 1);
    rig_write(&r, M_PIO_COUNT, 1); /* starts over */
    for (unsigned i = 0; i < 128; i++)
        rig_write(&r, M_PIO_DATA, 7);
    rig_write(&r, M_PIO_COMMAND, M_DISK_WRITE);
    CU_ASSERT(rig_read(&r, M_PIO_STATUS) == M_PIO_BUSY && r.f.errors == 1);
    rig_close(&r);
}

static void charges(void)
{
    struct rig r;
    struct rig_set set[16];
    memcpy(set, small, sizeof small);
    set[sizeof small / sizeof *small - 1] = (struct rig_set){"exo,data-cycles", 10, NULL};
    set[sizeof small / sizeof *small] = (struct rig_set){0};
    rig_open(&r, "exo,disk-pio", set);
    rig_write(&r, M_PIO_COUNT, 1);
    CU_ASSERT(r.f.charged == 0);
    for (unsigned i = 0; i < 128; i++)
        rig_write(&r, M_PIO_DATA, i);
    CU_ASSERT(r.f.charged == 1280);
    rig_close(&r);
}

static void host_read_fails(void)
{
    struct rig r;
    rig_open(&r, "exo,disk-pio", small);
    command(&r, M_DISK_READ, 0, 1);
    r.f.store_broken = true;
    takes(&r);
    CU_ASSERT(rig_read(&r, M_PIO_STATUS) == M_PIO_ERROR);
    struct hw_disk_stats s;
    r.disk->stats(r.dev, &s);
    CU_ASSERT(s.reads == 0 && s.errors == 1);
    rig_close(&r);
}

/* An image decides the size; larger than the drive means more cylinders. */
static void images(void)
{
    static const struct {
        uint64_t bytes, sectors; /* 0: refused */
        const char *words;
    } cases[] = {{512, 1, NULL},
                 {4096 * 1000, 8000, NULL},
                 {511, 0, "multiple of 512"},
                 {513, 0, "multiple of 512"},
                 {UINT64_C(512) << 32, 0, "at most"}};
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rig r;
        rig_with_image(&r, "exo,disk-pio", small, cases[i].bytes);
        if (cases[i].sectors == 0) {
            CU_ASSERT(r.dev == NULL && strstr(r.err.msg, cases[i].words) != NULL);
            continue;
        }
        CU_ASSERT_FATAL(r.dev != NULL);
        CU_ASSERT(rig_read64(&r, M_PIO_SECTORS) == cases[i].sectors);
        uint64_t p[HW_MAX_PARAMS];
        CU_ASSERT(r.disk->table_params(r.dev, p) == 1 && p[0] == cases[i].sectors);
        command(&r, M_DISK_READ, (uint32_t)cases[i].sectors - 1, 1);
        takes(&r);
        CU_ASSERT(r.f.errors == 0);
        rig_close(&r);
    }
}

static void trace(void)
{
    struct rig r;
    rig_open(&r, "exo,disk-pio", small);
    command(&r, M_DISK_READ, 5, 3);
    const struct hw_trace_record *t = fake_env_last(&r.f, 0);
    CU_ASSERT(t->event == HW_EV_DISK_START && t->a == 5 &&
              t->b == (UINT64_C(1) << 32 | 3));
    takes(&r);
    t = fake_env_last(&r.f, 0);
    CU_ASSERT(t->event == HW_EV_DISK_DONE && t->a == 5 &&
              t->b == (UINT64_C(1) << 32 | 3));
    rig_close(&r);
}

static void saved_while_busy(void)
{
    struct rig a, b;
    size_t len;
    rig_open(&a, "exo,disk-pio", small);
    rig_open(&b, "exo,disk-pio", small);
    command(&a, M_DISK_READ, 1500, 4);
    a.f.now += 3;
    uint8_t *state = rig_save(&a, &len);
    CU_ASSERT(b.ops->restore(b.dev, state, len) == 0);
    b.f.now = a.f.now;
    CU_ASSERT(b.f.deadline[0] == a.f.deadline[0]);
    takes(&a);
    takes(&b);
    CU_ASSERT(rig_same_state(&a, &b));
    free(state);
    rig_close(&a);
    rig_close(&b);
}

void disk_pio_suite(void)
{
    CU_pSuite s = CU_add_suite("disk_pio", NULL, NULL);
    CU_add_test(s, "seek, rotation, skew, to the cycle", times);
    CU_add_test(s, "random requests take the average", average_seek);
    CU_add_test(s, "the arm stays where it is", head_stays);
    CU_add_test(s, "data, lowest address first; statistics", data);
    CU_add_test(s, "commands that are refused", refused);
    CU_add_test(s, "busy", busy);
    CU_add_test(s, "the buffer's limits", buffer_limits);
    CU_add_test(s, "words cost what the board says", charges);
    CU_add_test(s, "the host cannot read", host_read_fails);
    CU_add_test(s, "sizes of images", images);
    CU_add_test(s, "trace records", trace);
    CU_add_test(s, "state saved in a request", saved_while_busy);
}
