// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pio.c - "exo,disk-pio": a disk drive, one request at a time, data through a register.
 *
 *   0x00 SECTOR   rw  first sector (512 bytes)
 *   0x04 COUNT    rw  sectors, 1 to 8; writing it starts the buffer over
 *   0x08 COMMAND  wo  1 read, 2 write, 3 flush
 *   0x0c STATUS   ro  bit 0 busy, bit 1 data ready (a READ's words are not all taken), bit 2
 *                     error, bit 3 interrupt
 *   0x10 DATA     rw  next 32-bit word of the buffer, lowest address in its low byte
 *   0x14 ACK      wo  drops the interrupt
 *   0x18 SECTORS  ro  64 bits: sectors of the disk
 *
 * A command takes the controller's time, the seek, the wait for the platter and the passing of
 * the sectors (geometry.c); then the data has moved and the interrupt is up. There is no cache:
 * a write that has ended is on the medium, flush takes the controller's time. A command that
 * cannot be done ends at once, with ERROR and the interrupt; while BUSY every register but STATUS
 * and ACK is left alone, and a command sets ERROR, which stays until the next one is taken.
 *
 * The disk is as big as its image; one that is bigger than the drive has more cylinders.
 */
#include "disk.h"
#include "geometry.h"
#include "models.h"
#include "values.h"
#include <stdlib.h>
#include <string.h>

enum {
    REG_SECTOR = 0x00,
    REG_COUNT = 0x04,
    REG_COMMAND = 0x08,
    REG_STATUS = 0x0c,
    REG_DATA = 0x10,
    REG_ACK = 0x14,
    REG_SECTORS_LO = 0x18,
    REG_SECTORS_HI = 0x1c
};
enum { STATUS_BUSY = 1, STATUS_DATA = 2, STATUS_ERROR = 4, STATUS_IRQ = 8 };
#define SECTOR_SIZE 512u
#define SECTOR_WORDS 128u
#define COUNT_MAX 8u
#define PIO_STATE 0x4b534450u /* "PDSK" */

enum {
    P_CYLINDERS,
    P_HEADS,
    P_TRACK,
    P_RPM,
    P_NEXT,
    P_AVERAGE,
    P_SWITCH,
    P_COMMAND,
    P_DATA,
    P_COUNT
};
static const struct hw_param params[] = {
    {"exo,cylinders", HW_PARAM_U64, "cylinders", 1224, 1, 1000000, NULL,
     "of the drive; a blank disk's size follows"},
    {"exo,heads", HW_PARAM_U64, "heads", 15, 1, 256, NULL, "tracks a cylinder"},
    {"exo,track-sectors", HW_PARAM_U64, "sectors", 36, 1, 4096, NULL,
     "of 512 bytes on a track"},
    {"exo,rpm", HW_PARAM_U64, "revolutions a minute", 3600, 60, 60000, NULL,
     "how fast the platter turns"},
    {"exo,track-seek-us", HW_PARAM_U64, "microseconds", 4000, 0, 1000000, NULL,
     "the arm moves by one cylinder"},
    {"exo,average-seek-us", HW_PARAM_U64, "microseconds", 16000, 0, 1000000, NULL,
     "and by a third of them"},
    {"exo,head-switch-us", HW_PARAM_U64, "microseconds", 1000, 0, 1000000, NULL,
     "the next track of a cylinder is read"},
    {"exo,command-us", HW_PARAM_U64, "microseconds", 500, 0, 1000000, NULL,
     "the controller's own time for a command"},
    {"exo,data-cycles", HW_PARAM_U64, "cycles", 0, 0, 100000, NULL,
     "charged for each word through DATA, beside the access"},
};
_Static_assert(sizeof params / sizeof *params == P_COUNT, "a parameter a name");

struct pio {
    struct hw_env env;
    struct geometry geometry;
    uint64_t sectors, command_cycles, data_cycles;
    struct hw_disk_stats stats;
    /* registers */
    uint32_t sector, count;
    bool busy, ready, error, irq;
    /* the request under way */
    uint32_t op, first, n;
    uint64_t cylinder, done; /* where the arm is or is going; when it ends */
    uint32_t words;          /* of the buffer that were stored or taken */
    uint8_t buffer[COUNT_MAX * SECTOR_SIZE];
};

static void set_irq(struct pio *d, bool up)
{
    if (d->irq == up)
        return;
    d->irq = up;
    d->env.irq(d->env.host, up);
}

static int medium(struct pio *d, const struct hw_value *v, struct hw_err *err)
{
    uint64_t track = v[P_HEADS].u * v[P_TRACK].u;
    uint64_t size = d->env.store_size(d->env.host);
    if (size == 0) {
        if (d->env.store_blank(d->env.host, v[P_CYLINDERS].u * track * SECTOR_SIZE))
            return hw_refuse(err,
                             "exo,cylinders is %" PRIu64
                             ": the host cannot give a blank disk of that size",
                             v[P_CYLINDERS].u);
        size = d->env.store_size(d->env.host);
    }
    if (size % SECTOR_SIZE)
        return hw_refuse(err,
                         "the disk has %" PRIu64 " bytes, expected a multiple of %u "
                         "(whole sectors)",
                         size, SECTOR_SIZE);
    d->sectors = size / SECTOR_SIZE;
    if (d->sectors > UINT32_MAX)
        return hw_refuse(
            err,
            "the disk has %" PRIu64
            " sectors, expected at most %u (exo,cylinders, exo,heads, exo,track-sectors)",
            d->sectors, UINT32_MAX);
    return 0;
}

static void mechanics(struct pio *d, const struct hw_value *v)
{
    uint64_t hz = d->env.clock_hz ? d->env.clock_hz : 1000000;
    struct geometry *g = &d->geometry;
    g->heads = v[P_HEADS].u;
    g->track = v[P_TRACK].u;
    g->cylinders = v[P_CYLINDERS].u;
    g->turn = hz * 60 / v[P_RPM].u;
    if (g->turn < g->track)
        g->turn = g->track; /* a clock slower than the bits: one cycle a sector */
    g->next = disk_cycles(&d->env, v[P_NEXT].u);
    g->average = disk_cycles(&d->env, v[P_AVERAGE].u);
    g->head_switch = disk_cycles(&d->env, v[P_SWITCH].u);
    geometry_start(g);
    d->command_cycles = disk_cycles(&d->env, v[P_COMMAND].u);
    d->data_cycles = v[P_DATA].u;
}

static int pio_create(const struct hw_env *env, const struct hw_value *values,
                      unsigned cores, void **out, struct hw_err *err)
{
    (void)cores;
    if (values_check(params, P_COUNT, values, err))
        return -1;
    if (values[P_AVERAGE].u < values[P_NEXT].u)
        return hw_refuse(err,
                         "exo,average-seek-us is %" PRIu64
                         ", expected at least exo,track-seek-us %" PRIu64,
                         values[P_AVERAGE].u, values[P_NEXT].u);
    struct pio *d = calloc(1, sizeof *d);
    if (!d)
        return hw_refuse(err, "out of memory");
    d->env = *env;
    d->done = DISK_NEVER;
    if (medium(d, values, err)) {
        free(d);
        return -1;
    }
    mechanics(d, values);
    *out = d;
    return 0;
}

/* ---- requests ---- */

static void finish(struct pio *d, bool ok)
{
    d->busy = false;
    d->done = DISK_NEVER;
    d->error = d->error || !ok;
    d->words = 0;
    d->ready = ok && d->op == HW_DISK_READ;
    disk_count(&d->stats, d->op, (uint64_t)d->n * SECTOR_SIZE, ok);
    disk_trace(&d->env, HW_EV_DISK_DONE, d->first, d->op, d->n, !ok);
    set_irq(d, true);
}

static void refuse(struct pio *d, const char *why)
{
    d->env.guest_error(d->env.host, "disk: command %" PRIu32 ": %s", d->op, why);
    d->error = true;
    d->ready = false;
    d->words = 0;
    d->stats.errors++;
    set_irq(d, true);
}

static const char *wrong(const struct pio *d)
{
    if (d->op == HW_DISK_FLUSH)
        return NULL;
    if (d->op != HW_DISK_READ && d->op != HW_DISK_WRITE)
        return "expected 1 read, 2 write or 3 flush";
    if (d->count < 1 || d->count > COUNT_MAX)
        return "COUNT is not 1 to 8";
    if (d->sector >= d->sectors || d->count > d->sectors - d->sector)
        return "sectors outside the disk";
    if (d->op == HW_DISK_WRITE && d->words != d->count * SECTOR_WORDS)
        return "the words stored to DATA are not COUNT sectors";
    return NULL;
}

static void command(struct pio *d, uint32_t op)
{
    if (d->busy) {
        d->env.guest_error(d->env.host, "disk: command %" PRIu32 " while BUSY", op);
        d->error = true;
        return;
    }
    d->op = op;
    const char *why = wrong(d);
    if (why) {
        refuse(d, why);
        return;
    }
    d->first = op == HW_DISK_FLUSH ? 0 : d->sector;
    d->n = op == HW_DISK_FLUSH ? 0 : d->count;
    d->error = d->ready = false;
    d->busy = true;
    d->done = geometry_access(&d->geometry, d->env.now(d->env.host) + d->command_cycles,
                              &d->cylinder, d->first, d->n);
    disk_trace(&d->env, HW_EV_DISK_START, d->first, op, d->n, 0);
    d->env.event(d->env.host, 0, d->done);
}

static void pio_event(void *dev, uint32_t tag)
{
    struct pio *d = dev;
    if (tag != 0 || !d->busy)
        return;
    uint64_t off = (uint64_t)d->first * SECTOR_SIZE;
    size_t len = (size_t)d->n * SECTOR_SIZE;
    int rc = 0;
    if (d->op == HW_DISK_READ)
        rc = d->env.store_read(d->env.host, off, d->buffer, len);
    else if (d->op == HW_DISK_WRITE)
        rc = d->env.store_write(d->env.host, off, d->buffer, len);
    else
        d->env.store_flush(d->env.host);
    finish(d, rc == 0);
}

/* ---- registers ---- */

static uint32_t take_word(struct pio *d)
{
    if (!d->ready) {
        d->env.guest_error(d->env.host, "disk: DATA read, and no data is ready");
        return 0;
    }
    const uint8_t *p = d->buffer + 4 * d->words;
    if (++d->words == d->n * SECTOR_WORDS)
        d->ready = false;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static void store_word(struct pio *d, uint32_t value)
{
    if (d->words >= sizeof d->buffer / 4 || d->ready) {
        d->env.guest_error(
            d->env.host, "disk: DATA written, and the buffer is full (COUNT empties it)");
        return;
    }
    uint8_t *p = d->buffer + 4 * d->words++;
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t pio_read(void *dev, unsigned core, uint32_t off)
{
    struct pio *d = dev;
    (void)core;
    switch (off) {
    case REG_DATA:
        if (d->data_cycles)
            d->env.charge(d->env.host, d->data_cycles);
        return take_word(d);
    case REG_SECTOR: return d->sector;
    case REG_COUNT: return d->count;
    case REG_STATUS:
        return (d->busy ? STATUS_BUSY : 0u) | (d->ready ? STATUS_DATA : 0u) |
               (d->error ? STATUS_ERROR : 0u) | (d->irq ? STATUS_IRQ : 0u);
    case REG_SECTORS_LO: return (uint32_t)d->sectors;
    case REG_SECTORS_HI: return (uint32_t)(d->sectors >> 32);
    default:
        d->env.guest_error(
            d->env.host, "disk: read of offset 0x%" PRIx32 ": no readable register", off);
        return 0;
    }
}

static void pio_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    struct pio *d = dev;
    (void)core;
    if (d->busy && (off == REG_SECTOR || off == REG_COUNT || off == REG_DATA)) {
        d->env.guest_error(d->env.host, "disk: write to offset 0x%" PRIx32 " while BUSY",
                           off);
        return;
    }
    switch (off) {
    case REG_DATA:
        if (d->data_cycles)
            d->env.charge(d->env.host, d->data_cycles);
        store_word(d, value);
        return;
    case REG_SECTOR: d->sector = value; return;
    case REG_COUNT:
        d->count = value;
        d->words = 0;
        d->ready = false;
        return;
    case REG_COMMAND: command(d, value); return;
    case REG_ACK: set_irq(d, false); return;
    default:
        d->env.guest_error(d->env.host,
                           "disk: write to offset 0x%" PRIx32 ": no writable register",
                           off);
    }
}

/* ---- state ---- */

static size_t pio_save(void *dev, uint8_t *buf, size_t max)
{
    struct pio *d = dev;
    struct state_out o = {buf, max, 0};
    state_put32(&o, PIO_STATE);
    state_put64(&o, d->sectors);
    disk_put_stats(&o, &d->stats);
    state_put32(&o, d->sector);
    state_put32(&o, d->count);
    state_put8(&o, d->busy);
    state_put8(&o, d->ready);
    state_put8(&o, d->error);
    state_put8(&o, d->irq);
    state_put32(&o, d->op);
    state_put32(&o, d->first);
    state_put32(&o, d->n);
    state_put64(&o, d->cylinder);
    state_put64(&o, d->done);
    state_put32(&o, d->words);
    for (unsigned i = 0; i < sizeof d->buffer; i++)
        state_put8(&o, d->buffer[i]);
    return o.at;
}

/* Does the state make sense: a request that this disk would have taken. */
static bool sane(const struct pio *d)
{
    bool moves = d->op == HW_DISK_READ || d->op == HW_DISK_WRITE;
    if (d->words > sizeof d->buffer / 4 || d->n > COUNT_MAX ||
        d->cylinder > d->sectors / (d->geometry.track * d->geometry.heads))
        return false;
    if (d->ready && (d->busy || d->words >= d->n * SECTOR_WORDS))
        return false;
    if (!d->busy)
        return true;
    if (!moves)
        return d->op == HW_DISK_FLUSH && d->n == 0;
    return d->n > 0 && d->first < d->sectors && d->n <= d->sectors - d->first;
}

static int pio_restore(void *dev, const uint8_t *buf, size_t len)
{
    struct pio *d = dev, was = *d;
    struct state_in in = {buf, len, 0, false};
    if (len != pio_save(d, NULL, 0) || state_get32(&in) != PIO_STATE ||
        state_get64(&in) != d->sectors)
        return -1;
    disk_get_stats(&in, &d->stats);
    d->sector = state_get32(&in);
    d->count = state_get32(&in);
    d->busy = state_get8(&in) != 0;
    d->ready = state_get8(&in) != 0;
    d->error = state_get8(&in) != 0;
    bool irq = state_get8(&in) != 0;
    d->op = state_get32(&in);
    d->first = state_get32(&in);
    d->n = state_get32(&in);
    d->cylinder = state_get64(&in);
    d->done = state_get64(&in);
    d->words = state_get32(&in);
    for (unsigned i = 0; i < sizeof d->buffer; i++)
        d->buffer[i] = state_get8(&in);
    if (!state_done(&in) || !sane(d)) {
        *d = was;
        return -1;
    }
    set_irq(d, irq);
    d->env.event(d->env.host, 0, d->busy ? d->done : DISK_NEVER);
    return 0;
}

static size_t pio_describe(void *dev, char *buf, size_t max)
{
    struct pio *d = dev;
    struct text t = text_start(buf, max);
    text_add(&t, "sectors %" PRIu64 "\ncylinder %" PRIu64 "\nstate %s\n", d->sectors,
             d->cylinder,
             d->busy    ? "busy"
             : d->ready ? "data-ready"
                        : "idle");
    if (d->busy)
        text_add(&t,
                 "command %" PRIu32 "\nfirst %" PRIu32 "\ncount %" PRIu32
                 "\nends %" PRIu64 "\n",
                 d->op, d->first, d->n, d->done);
    text_add(&t, "error %s\ninterrupt %s\n", d->error ? "yes" : "no",
             d->irq ? "up" : "down");
    return t.at;
}

static enum hw_persist pio_persist(void *dev, uint32_t *atom)
{
    (void)dev;
    *atom = SECTOR_SIZE;
    return HW_PERSIST_ORDERED;
}

static void pio_stats(void *dev, struct hw_disk_stats *out)
{
    *out = ((struct pio *)dev)->stats;
}

static unsigned pio_table(void *dev, uint64_t p[HW_MAX_PARAMS])
{
    p[0] = ((struct pio *)dev)->sectors;
    return 1;
}

static const struct hw_disk_ops pio_ops = {
    .dev = {.create = pio_create,
            .destroy = free,
            .read = pio_read,
            .write = pio_write,
            .event = pio_event,
            .save = pio_save,
            .restore = pio_restore,
            .describe = pio_describe},
    .kind = HW_DISK_PIO,
    .persist = pio_persist,
    .stats = pio_stats,
    .table_params = pio_table,
};

const struct hw_model hw_disk_pio = {
    .abi = HW_ABI,
    .class_ = HW_CLASS_DISK,
    .compatible = "exo,disk-pio",
    .summary = "disk drive: one request at a time, sectors through a register",
    .params = params,
    .nparams = P_COUNT,
    .ops = &pio_ops,
};
