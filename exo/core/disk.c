// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disk.c - the disk of the board: which driver, and the finite table of requests under
 * way, whose free rows are a list. See disk.h for the life of a request.
 */
#include "disk.h"

static const struct disk_driver *const drivers[] = {
#define EXO_KIND_DISK(number, name, NAME) &disk_##name,
#include <exo/kinds.def>
    NULL,
};
static const struct disk_driver *driver; /* NULL: no disk */

static struct disk_request request[EXO_NIO];
static uint32_t free_row[EXO_NIO]; /* [under_way ..): rows that are free */
static uint32_t under_way;

static const struct disk_driver *find_driver(uint32_t kind)
{
    for (uint32_t i = 0; drivers[i] != NULL; i++)
        if (drivers[i]->kind == kind)
            return drivers[i];
    return NULL;
}

bool disk_known(uint32_t kind)
{
    return find_driver(kind) != NULL;
}

void disk_init(const struct exo_hw_device *dev, void *(*boot_alloc)(size_t bytes))
{
    driver = find_driver(dev->kind);
    for (uint32_t i = 0; i < EXO_NIO; i++)
        free_row[i] = i;
    extent_init(driver->init(dev, boot_alloc));
}

void disk_interrupt(void)
{
    driver->interrupt();
}

bool disk_expected(void)
{
    return under_way != 0;
}

uint32_t disk_under_way(void)
{
    return under_way;
}

/* -- checks -- */

exo_sword disk_check(const struct disk_request *r, exo_word cap, uint32_t unit,
                     uint32_t count, uint32_t *first)
{
    uint32_t rights = r->op == EXO_IO_READ ? EXO_CAP_R : EXO_CAP_R | EXO_CAP_W;
    exo_sword error = extent_check(r->env, r->extent, cap, rights);
    if (error != 0)
        return error;
    const struct exo_extent *x = &machine.extent[r->extent];
    if (unit > x->count || count > x->count - unit)
        return -EXO_ERANGE;
    *first = x->first + unit;
    return 0;
}

/* What is read from the disk is written to memory. */
exo_sword disk_lend(struct disk_request *r, struct disk_memory *as,
                    const struct exo_io_memory *m, uint32_t bytes, uint32_t align)
{
    uint32_t rights = r->op == EXO_IO_READ ? EXO_CAP_R | EXO_CAP_W : EXO_CAP_R;
    *as = (struct disk_memory){m->frame, m->offset};
    if (as == &r->data)
        r->bytes = bytes;
    return io_memory_check(r->env, m, bytes, align, rights);
}

exo_sword disk_lend_status(struct disk_request *r, const struct exo_io_memory *m)
{
    r->done = (struct disk_memory){m->frame, m->offset};
    return io_memory_check(r->env, m, sizeof(uint32_t), sizeof(uint32_t),
                           EXO_CAP_R | EXO_CAP_W);
}

/* -- requests -- */

static void pin(const struct disk_memory *m)
{
    if (m->frame != 0)
        frame_pin(m->frame);
}

static void unpin(const struct disk_memory *m)
{
    if (m->frame != 0)
        frame_unpin(m->frame);
}

static volatile uint32_t *status_word(const struct disk_request *r)
{
    return arch_phys(io_pa(r->done.frame, r->done.offset));
}

uint32_t disk_start(const struct disk_request *r)
{
    uint32_t row = free_row[under_way++];
    request[row] = *r;
    pin(&r->data);
    pin(&r->oob);
    pin(&r->done);
    machine.extent[r->extent].requests++;
    *status_word(r) = 0;
    return row;
}

bool disk_told(const struct disk_request *r, const struct disk_memory *m)
{
    return r->env != 0 && frame_held(r->env, m->frame);
}

const struct disk_request *disk_request(uint32_t row)
{
    return row < EXO_NIO && request[row].op != 0 ? &request[row] : NULL;
}

void disk_finish(uint32_t row, bool ok)
{
    struct disk_request *r = &request[row];
    if (disk_told(r, &r->done))
        *status_word(r) = ok ? EXO_IO_DONE : EXO_IO_ERROR;
    r->op = r->env = 0;
    free_row[--under_way] = row;
    unpin(&r->data);
    unpin(&r->oob);
    unpin(&r->done);
    extent_request_done(r->extent);
    machine.io->disk_turns++;
}

void disk_extent_taken(uint32_t env, uint32_t extent)
{
    for (uint32_t i = 0; i < EXO_NIO && under_way != 0; i++)
        if (request[i].env == env && request[i].extent == extent)
            request[i].env = 0;
}

void disk_env_died(struct ctx *c)
{
    if (driver == NULL)
        return;
    for (uint32_t i = 0; i < EXO_NIO && under_way != 0; i++)
        if (request[i].env == c->id)
            request[i].env = 0;
    extent_env_died(c);
}

/* -- invariants -- */

uint32_t disk_pins(uint32_t frame)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < EXO_NIO && under_way != 0; i++)
        if (request[i].op != 0) {
            n += request[i].data.frame == frame;
            n += request[i].oob.frame == frame;
            n += request[i].done.frame == frame;
        }
    return n;
}

static bool rows_ok(const char **what)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < EXO_NIO; i++) {
        const struct disk_request *r = &request[i];
        *what = "invariant: a request under way is of an extent in use, told to a holder";
        if (r->op != 0 &&
            (r->extent >= EXO_NEXTENT || machine.extent[r->extent].count == 0))
            return false;
        if (r->env != 0 && (r->op == 0 || !extent_held(r->env, r->extent)))
            return false;
        used += r->op != 0;
    }
    *what = "invariant: under_way counts the requests";
    if (used != under_way)
        return false;
    *what = "invariant: the rest of the rows is in the list, once each";
    bool seen[EXO_NIO] = {false};
    for (uint32_t i = under_way; i < EXO_NIO; i++) {
        uint32_t row = free_row[i];
        if (row >= EXO_NIO || seen[row] || request[row].op != 0)
            return false;
        seen[row] = true;
    }
    return true;
}

static bool extent_ok(uint32_t i, const char **what)
{
    const struct exo_extent *x = &machine.extent[i];
    uint32_t n = 0;
    for (uint32_t r = 0; r < EXO_NIO; r++)
        n += request[r].op != 0 && request[r].extent == i;
    *what = "invariant: an extent counts its requests under way";
    if (x->requests != n)
        return false;
    *what = "invariant: an extent is in use while it is held or worked on";
    if ((x->count != 0) != (n != 0 || !holders_none(x->holders)))
        return false;
    *what = "invariant: an extent is held by the living";
    for (uint32_t env = 0; env < EXO_NENV; env++)
        if (holders_has(x->holders, env) &&
            (env == 0 || kernel_ctx[env].state == EXO_ENV_STATE_FREE ||
             kernel_ctx[env].state == EXO_ENV_STATE_DEAD))
            return false;
    *what = "invariant: extents are disjoint";
    for (uint32_t k = 0; k < i; k++) {
        const struct exo_extent *y = &machine.extent[k];
        if (x->first < (uint64_t)y->first + y->count &&
            y->first < (uint64_t)x->first + x->count)
            return false;
    }
    return true;
}

bool inv_disk(const char **what)
{
    if (driver == NULL)
        return true;
    for (uint32_t i = 0; i < EXO_NEXTENT; i++)
        if (!extent_ok(i, what))
            return false;
    return rows_ok(what);
}
