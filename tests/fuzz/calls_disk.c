// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls_disk.c - the model's extents and requests. The device's list of commands
 * (host_disk.h) and the model's list of requests must say the same at any time: no
 * command that the model did not allow, each for the units and the memory that were asked
 * for. When one is done the model knows whether its status word may be written, and what
 * the bytes must be.
 */
#include "calls_model.h"
#include "disk.h"

#include <string.h>

#define REQUESTS EXO_NIO

struct request {
    struct model_io io;
    uint32_t env;  /* 0: nobody may be told */
    uint32_t unit; /* the disk's own */
    uint32_t bytes, oob_bytes;
    uint8_t copied[4096]; /* pio: the data of a write as the call took it */
};
static struct request request[REQUESTS];
static uint32_t nrequests;

bool model_disk_call(uint32_t number)
{
    return (number >= EXO_CALL_extent_alloc && number <= EXO_CALL_extent_revoke) ||
           number == EXO_CALL_sector_io || number == EXO_CALL_block_io ||
           number == EXO_CALL_flash_io;
}

bool model_disk_here(uint32_t number)
{
    switch (number) {
    case EXO_CALL_extent_alloc:
    case EXO_CALL_extent_hold:
    case EXO_CALL_extent_free:
    case EXO_CALL_extent_revoke: return machine.disk_kind != 0;
    case EXO_CALL_sector_io: return machine.disk_kind == EXO_DISK_PIO;
    case EXO_CALL_block_io: return machine.disk_kind == EXO_DISK_QUEUE;
    case EXO_CALL_flash_io: return machine.disk_kind == EXO_DISK_FLASH;
    default: return false;
    }
}

/* -- extents -- */

static uint32_t units(void)
{
    return HOST_DISK_UNITS / (machine.disk_kind == EXO_DISK_FLASH ? HOST_FLASH_BLOCK : 1);
}

static bool in_use(exo_word extent)
{
    return extent < EXO_NEXTENT && model.extent[extent].count != 0;
}

static uint32_t requests_of(uint32_t extent)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < nrequests; i++)
        n += request[i].io.extent == extent;
    return n;
}

static void release_extent(uint32_t extent)
{
    struct model_extent *x = &model.extent[extent];
    if (x->holders == 0 && requests_of(extent) == 0)
        *x = (struct model_extent){.guard.len = 0xff};
}

static void take_extent(uint32_t env, uint32_t extent)
{
    struct model_extent *x = &model.extent[extent];
    x->holders &= ~(1ull << env);
    x->revoked &= ~(1ull << env);
    for (uint32_t i = 0; i < nrequests; i++)
        if (request[i].env == env && request[i].io.extent == extent)
            request[i].env = 0;
    release_extent(extent);
}

void model_disk_clear_env(uint32_t env)
{
    for (uint32_t i = 0; i < EXO_NEXTENT; i++)
        if (model.extent[i].holders >> env & 1)
            take_extent(env, i);
}

static void extent_alloc(const struct model_call *call)
{
    const struct model_name *cap = model_cap(call->env, ARG(3));
    LEGAL(ARG(0) < EXO_NEXTENT && !in_use(ARG(0)));
    LEGAL(ARG(2) > 0 && ARG(1) < units() && ARG(2) <= units() &&
          ARG(1) + ARG(2) <= units());
    for (uint32_t i = 0; i < EXO_NEXTENT; i++) {
        const struct model_extent *x = &model.extent[i];
        LEGAL(x->count == 0 || ARG(1) >= x->first + x->count ||
              ARG(1) + ARG(2) <= x->first);
    }
    LEGAL(cap->len != 0xff && cap->rights & EXO_CAP_W);
    JUDGED;
    model.extent[ARG(0)] = (struct model_extent){.first = (uint32_t)ARG(1),
                                                 .count = (uint32_t)ARG(2),
                                                 .holders = 1ull << call->env,
                                                 .guard = *cap};
}

void model_disk_perform(const struct model_call *call)
{
    if (call->number == EXO_CALL_extent_alloc) {
        extent_alloc(call);
        return;
    }
    LEGAL(in_use(ARG(0)));
    struct model_extent *x = &model.extent[ARG(0)];
    uint32_t t = call->env;
    switch (call->number) {
    case EXO_CALL_extent_hold:
        t = model_target(call, ARG(1));
        LEGAL(model_controls(call, ARG(1), ARG(2), EXO_CAP_W));
        LEGAL(model_satisfies(model_cap(call->env, ARG(2)), &x->guard,
                              EXO_CAP_R | EXO_CAP_W));
        LEGAL(!(x->holders >> t & 1));
        JUDGED;
        x->holders |= 1ull << t;
        break;
    case EXO_CALL_extent_free:
        LEGAL(x->holders >> t & 1);
        JUDGED;
        take_extent(t, (uint32_t)ARG(0));
        break;
    default: /* extent_revoke */
        LEGAL(ARG(1) > 0 && ARG(1) < EXO_NENV && ARG(1) != call->env);
        LEGAL(model_satisfies(model_cap(call->env, ARG(2)), &x->guard, EXO_CAP_W));
        LEGAL(x->holders >> ARG(1) & 1);
        JUDGED;
        x->revoked |= 1ull << ARG(1);
        break;
    }
}

/* -- requests -- */

static void capture_one(struct model_call *call, exo_word va, uint32_t i)
{
    struct model_io *io = &call->in.io[i];
    struct exo_sector_io pio;
    struct exo_block_io queue;
    struct exo_flash_io flash;
    bool ok = false;
    if (call->number == EXO_CALL_sector_io &&
        (ok = model_capture_bytes(call->env, va, &pio, sizeof pio)))
        *io = (struct model_io){.op = pio.op,
                                .extent = pio.extent,
                                .cap = pio.cap,
                                .unit = pio.sector,
                                .count = pio.count,
                                .data = pio.data,
                                .done = pio.done};
    if (call->number == EXO_CALL_block_io &&
        (ok =
             model_capture_bytes(call->env, va + i * sizeof queue, &queue, sizeof queue)))
        *io = (struct model_io){.op = queue.op,
                                .extent = queue.extent,
                                .cap = queue.cap,
                                .unit = queue.block,
                                .count = 1,
                                .data = queue.data,
                                .done = queue.done};
    if (call->number == EXO_CALL_flash_io &&
        (ok = model_capture_bytes(call->env, va, &flash, sizeof flash)))
        *io = (struct model_io){.op = flash.op,
                                .extent = flash.extent,
                                .cap = flash.cap,
                                .unit = flash.page,
                                .count = 1,
                                .data = flash.data,
                                .oob = flash.oob,
                                .done = flash.done};
    call->in.nio += ok;
}

void model_disk_capture(struct model_call *call)
{
    if (call->number == EXO_CALL_block_io)
        for (uint32_t i = 0; i < EXO_BLOCKS_MAX && i < ARG(1) && i == call->in.nio; i++)
            capture_one(call, ARG(0), i);
    else
        capture_one(call, ARG(0), 0);
}

static bool moves(const struct model_io *io)
{
    return io->op == EXO_IO_READ || io->op == EXO_IO_WRITE;
}

/* May the caller lend this? */
static bool may_lend(const struct model_call *call, const struct exo_io_memory *m,
                     uint32_t bytes, uint32_t align, bool written)
{
    return model_frame_exists(m->frame) && model.frame[m->frame].type == EXO_FRAME_USER &&
           model_holds(call->env, m->frame) && m->offset % align == 0 &&
           (uint64_t)m->offset + bytes <= machine.page_size &&
           model_may_touch(call->env, m->cap, m->frame,
                           written ? EXO_CAP_R | EXO_CAP_W : EXO_CAP_R);
}

static void sizes(const struct model_io *io, struct request *r)
{
    r->bytes = r->oob_bytes = 0;
    if (!moves(io))
        return;
    r->bytes = machine.disk_kind == EXO_DISK_PIO     ? io->count * 512
               : machine.disk_kind == EXO_DISK_QUEUE ? 4096
               : io->data.frame != 0                 ? HOST_FLASH_PAGE
                                                     : 0;
    r->oob_bytes =
        machine.disk_kind == EXO_DISK_FLASH && io->oob.frame != 0 ? HOST_FLASH_OOB : 0;
}

/* Judges one request; *r is filled in. */
static void judge(const struct model_call *call, const struct model_io *io,
                  struct request *r)
{
    bool flash = machine.disk_kind == EXO_DISK_FLASH;
    LEGAL(moves(io) || io->op == (flash ? EXO_IO_ERASE : EXO_IO_FLUSH));
    LEGAL(machine.disk_kind != EXO_DISK_PIO || !moves(io) ||
          (io->count >= 1 && io->count <= 8));
    LEGAL(in_use(io->extent));
    const struct model_extent *x = &model.extent[io->extent];
    LEGAL(x->holders >> call->env & 1);
    LEGAL(model_satisfies(model_cap(call->env, io->cap), &x->guard,
                          io->op == EXO_IO_READ ? EXO_CAP_R : EXO_CAP_R | EXO_CAP_W));
    uint64_t scale = flash ? HOST_FLASH_BLOCK : 1;
    LEGAL(io->op == EXO_IO_FLUSH ||
          (uint64_t)io->unit + (moves(io) ? io->count : 1) <= x->count * scale);
    sizes(io, r);
    bool in = io->op == EXO_IO_READ;
    uint32_t align = machine.disk_kind == EXO_DISK_QUEUE ? 512 : 4;
    LEGAL(!moves(io) || r->bytes != 0 || r->oob_bytes != 0);
    LEGAL(r->bytes == 0 || may_lend(call, &io->data, r->bytes, align, in));
    LEGAL(r->oob_bytes == 0 || may_lend(call, &io->oob, r->oob_bytes, 4, in));
    LEGAL(may_lend(call, &io->done, 4, 4, true));
    r->io = *io;
    r->env = call->env;
    r->unit = io->op == EXO_IO_FLUSH ? 0 : (uint32_t)(x->first * scale) + io->unit;
    if (r->bytes == 0)
        r->io.data.frame = 0;
    if (r->oob_bytes == 0)
        r->io.oob.frame = 0;
}

static uint8_t *at(const struct exo_io_memory *m)
{
    return (uint8_t *)arch_phys((uint64_t)m->frame << host.page_shift) + m->offset;
}

static void accept(const struct model_call *call, const struct model_io *io)
{
    if (nrequests == REQUESTS)
        complain("%s: more requests than the kernel has rows",
                 model_call_name(call->number));
    struct request *r = &request[nrequests];
    judge(call, io, r);
    nrequests++;
    if (machine.disk_kind == EXO_DISK_PIO && io->op == EXO_IO_WRITE)
        memcpy(r->copied, at(&io->data), r->bytes);
}

static uint32_t capacity(void)
{
    return machine.disk_kind == EXO_DISK_QUEUE
               ? (uint32_t)machine.table->device[4].params[M_DQ_PARAM_DEPTH]
               : 1;
}

/* The i-th request of the call was refused: rightly? Errors of form the model only knows
 * as wrong. */
static void refused(const struct model_call *call, uint32_t i, exo_sword result)
{
    struct request r = {0};
    if (i >= call->in.nio || result == -EXO_EFAULT)
        return; /* its memory cannot be read */
    for (uint32_t env = 1; env < EXO_NENV; env++)
        if (envs[env].killed)
            return;
    model_probing = true;
    model_illegal = false;
    judge(call, &call->in.io[i], &r);
    model_probing = false;
    if (model_illegal == (result == -EXO_EBUSY))
        complain("%s: the kernel refused (%d) what is %s", model_call_name(call->number),
                 (int)result, model_illegal ? "wrong for another reason" : "allowed");
    LEGAL(result != -EXO_EBUSY || nrequests == capacity());
}

void model_disk_requests(const struct model_call *call, exo_sword result)
{
    bool several = call->number == EXO_CALL_block_io;
    uint32_t asked = several ? (uint32_t)ARG(1) : 1;
    if (several && (ARG(1) == 0 || ARG(1) > EXO_BLOCKS_MAX)) {
        LEGAL(result == -EXO_ERANGE);
        return;
    }
    if (result > EXO_BLOCKS_MAX || (!several && result > 0))
        return; /* it faulted: the register still holds the pointer */
    LEGAL(!several || result != 0);
    uint32_t done = several ? (result > 0 ? (uint32_t)result : 0) : result == 0;
    LEGAL(done <= asked && done <= call->in.nio);
    for (uint32_t i = 0; i < done; i++)
        accept(call, &call->in.io[i]);
    if (result < 0)
        refused(call, 0, result);
    LEGAL(nrequests <= capacity());
}

bool model_disk_uses(uint32_t frame)
{
    for (uint32_t i = 0; i < nrequests; i++) {
        const struct model_io *io = &request[i].io;
        if (io->data.frame == frame || io->oob.frame == frame || io->done.frame == frame)
            return true;
    }
    return false;
}

/* -- comparing -- */

static uint64_t address(const struct exo_io_memory *m)
{
    return m->frame != 0 ? ((uint64_t)m->frame << host.page_shift) + m->offset : 0;
}

static void compare_commands(void)
{
    if (host_disk_waiting() != nrequests)
        complain("the disk has %u commands, must have %u", host_disk_waiting(),
                 nrequests);
    for (uint32_t i = 0; i < nrequests; i++) {
        const struct host_disk_command *c = host_disk_command(i);
        const struct request *r = &request[i];
        bool dma = machine.disk_kind != EXO_DISK_PIO;
        bool same = c->op == r->io.op && (c->op == EXO_IO_FLUSH || c->unit == r->unit);
        if (c->op != EXO_IO_FLUSH && machine.disk_kind == EXO_DISK_PIO)
            same &= c->count == r->io.count;
        if (dma)
            same &= c->data == address(&r->io.data) && c->oob == address(&r->io.oob);
        if (!same)
            complain(
                "command %u of the disk (op %u, unit %u) is not what was asked for (op "
                "%u, unit %u)",
                i, c->op, c->unit, r->io.op, r->unit);
        const uint32_t used[] = {r->io.data.frame, r->io.oob.frame, r->io.done.frame};
        for (uint32_t k = 0; k < 3; k++)
            if (used[k] != 0 && (machine.frame[used[k]].pins == 0 ||
                                 machine.frame[used[k]].type != EXO_FRAME_USER))
                complain("frame %u is used by the disk and not pinned", used[k]);
    }
}

static void compare_extents(void)
{
    for (uint32_t i = 0; i < EXO_NEXTENT; i++) {
        const struct exo_extent *k = &machine.extent[i];
        const struct model_extent *x = &model.extent[i];
        uint64_t holders = k->holders[0] | (uint64_t)k->holders[1] << 32;
        if (k->count != x->count || (x->count != 0 && k->first != x->first) ||
            holders != x->holders || k->requests != requests_of(i))
            complain("extent %u: %u+%u, holders %llx; must be %u+%u, %llx", i, k->first,
                     k->count, (unsigned long long)holders, x->first, x->count,
                     (unsigned long long)x->holders);
    }
}

void model_disk_sync(void)
{
    if (machine.disk_kind == 0)
        return;
    for (uint32_t i = 0; i < EXO_NEXTENT; i++)
        for (uint32_t env = 1; env < EXO_NENV && model.extent[i].revoked != 0; env++)
            if ((model.extent[i].revoked >> env & 1) && !extent_held(env, i))
                take_extent(env, i);
    compare_extents();
    compare_commands();
}

/* -- the device -- */

static bool overlap(const struct exo_io_memory *a, uint32_t bytes,
                    const struct exo_io_memory *done)
{
    return a->frame == done->frame && a->offset < done->offset + 4 &&
           done->offset < a->offset + bytes;
}

static void compare_part(const struct request *r, const struct exo_io_memory *m,
                         uint32_t bytes, const uint8_t *medium)
{
    if (m->frame == 0 || overlap(m, bytes, &r->io.done))
        return;
    if (memcmp(at(m), medium, bytes) != 0)
        complain("disk: op %u of unit %u moved other bytes", r->io.op, r->unit);
}

/* Both parts of a flash page in one place: who is last wins. */
static bool parts_overlap(const struct request *r)
{
    const struct exo_io_memory *a = &r->io.data, *b = &r->io.oob;
    return a->frame != 0 && a->frame == b->frame &&
           a->offset < b->offset + HOST_FLASH_OOB &&
           b->offset < a->offset + HOST_FLASH_PAGE;
}

static void compare_bytes(const struct request *r, bool held)
{
    const uint8_t *medium = host_disk_unit(r->unit);
    if (machine.disk_kind == EXO_DISK_PIO && r->io.op == EXO_IO_WRITE) {
        if (memcmp(r->copied, medium, r->bytes) != 0)
            complain("disk: sectors %u hold other bytes than were written", r->unit);
        return;
    }
    if (machine.disk_kind == EXO_DISK_PIO && !held)
        return;
    if (parts_overlap(r))
        return;
    compare_part(r, &r->io.data, r->bytes, medium);
    compare_part(r, &r->io.oob, r->oob_bytes, medium + HOST_FLASH_PAGE);
}

void model_disk_done(uint32_t i, bool ok)
{
    struct request r = request[i];
    uint32_t *status = (uint32_t *)(void *)at(&r.io.done);
    bool data_held =
        r.env != 0 && r.io.data.frame != 0 && model_holds(r.env, r.io.data.frame);
    bool told = r.env != 0 && model_holds(r.env, r.io.done.frame), dies = false;
    bool hit = ok && r.io.op == EXO_IO_READ && /* the data itself may change the word */
               (overlap(&r.io.data, r.bytes, &r.io.done) ||
                overlap(&r.io.oob, r.oob_bytes, &r.io.done));
    for (uint32_t env = 1; env < EXO_NENV; env++)
        dies |= envs[env].killed;
    memmove(&request[i], &request[i + 1], (nrequests - i - 1) * sizeof request[0]);
    nrequests--;
    *status = 0x12345678; /* whoever holds it: pinned, so it is nobody's else */
    host_disk_done(i, ok);
    uint32_t was = *status;
    for (uint32_t tries = 0;
         tries < 8 && host_disk_line() && !host.halted && !host.panicked; tries++)
        host_poll(0);
    if (host.halted || host.panicked)
        return;
    if (host_disk_line())
        complain("the disk's interrupt stays up");
    uint32_t want = ok ? EXO_IO_DONE : EXO_IO_ERROR;
    if (!hit && !(dies && told) && *status != (told ? want : was))
        complain("status word of frame %u is %u, was %u, %s", r.io.done.frame, *status,
                 was, told ? "must tell" : "must not change");
    if (hit && told && !dies && *status != want)
        complain("status word inside the data is %u", *status);
    if (ok && r.bytes + r.oob_bytes != 0 && !dies)
        compare_bytes(&r, data_held);
    for (uint32_t k = 1; k < machine.nframes; k++)
        if (k == r.io.data.frame || k == r.io.oob.frame || k == r.io.done.frame)
            model_release_frame(k);
    release_extent(r.io.extent);
    model_sync();
}
