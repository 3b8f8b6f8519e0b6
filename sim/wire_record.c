// SPDX-License-Identifier: GPL-2.0-or-later
/* wire_record.c - recording and replaying a wire. See wire_record.h. */
#include "wire_record.h"

#include <hw.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "hash.h"

struct recorded {
    struct wire wire;
    struct wire *inner; /* NULL: replayed */
    struct record *record;
    uint64_t cycle; /* of the call the inner wire is in */
    enum record_kind kind;
};

static uint64_t frame_hash(const uint8_t *frame, size_t len)
{
    return hash_bytes(HASH_START, frame, len);
}

/* The inner wire gave a frame. */
static void on_frame(struct wire *inner, const uint8_t *frame, size_t len)
{
    struct recorded *r = inner->arg;
    record_put(r->record, r->kind, r->cycle, frame, len);
    wire_give(&r->wire, r->cycle, frame, len);
}

static void recorded_send(struct wire *w, uint64_t at, const uint8_t *frame, size_t len)
{
    struct recorded *r = (struct recorded *)w;
    uint64_t hash = frame_hash(frame, len);
    record_put(r->record, RECORD_SENT, at, &hash, sizeof hash);
    r->cycle = at;
    r->kind = RECORD_ANSWER;
    r->inner->net = w->net;
    r->inner->ops->send(r->inner, at, frame, len);
}

static void recorded_fill(struct wire *w, struct wire_wait *wait)
{
    struct recorded *r = (struct recorded *)w;
    r->inner->net = w->net;
    r->inner->ops->fill(r->inner, wait);
}

static void recorded_poll(struct wire *w, uint64_t at, const struct wire_wait *wait)
{
    struct recorded *r = (struct recorded *)w;
    r->cycle = at;
    r->kind = RECORD_FRAME;
    r->inner->net = w->net;
    r->inner->ops->poll(r->inner, at, wait);
}

static void recorded_destroy(struct wire *w)
{
    struct recorded *r = (struct recorded *)w;
    if (r->inner)
        r->inner->ops->destroy(r->inner);
    free(r);
}

static const struct wire_ops recorded_ops = {.send = recorded_send,
                                             .destroy = recorded_destroy,
                                             .fill = recorded_fill,
                                             .poll = recorded_poll,
                                             .queued = true};

struct wire *wire_recorded(struct wire *inner, struct record *record)
{
    struct recorded *r = mem_zero(1, sizeof *r);
    *r = (struct recorded){.wire.ops = &recorded_ops, .inner = inner, .record = record};
    inner->got = on_frame;
    inner->arg = r;
    return &r->wire;
}

/* Gives the frames that were given then. */
static void give_all(struct wire *w, struct record *record, enum record_kind kind,
                     uint64_t cycle)
{
    while (record_next(record, kind) == cycle) {
        size_t n;
        const uint8_t *frame = record_take(record, kind, cycle, &n);
        if (n <= HW_FRAME_MAX)
            wire_give(w, cycle, frame, n);
    }
}

static void replayed_send(struct wire *w, uint64_t at, const uint8_t *frame, size_t len)
{
    struct recorded *r = (struct recorded *)w;
    uint64_t hash = frame_hash(frame, len);
    size_t n;
    const uint8_t *was = record_take(r->record, RECORD_SENT, at, &n);
    if (was && memcmp(was, &hash, sizeof hash) != 0)
        record_differs(r->record, at, "another frame is sent");
    give_all(w, r->record, RECORD_ANSWER, at);
}

static const struct wire_ops replayed_ops = {
    .send = replayed_send, .destroy = recorded_destroy, .queued = true};

struct wire *wire_replayed(struct record *record)
{
    struct recorded *r = mem_zero(1, sizeof *r);
    *r = (struct recorded){.wire.ops = &replayed_ops, .record = record};
    return &r->wire;
}

void wire_replay_frames(struct wire *w, struct record *r, uint64_t cycle)
{
    give_all(w, r, RECORD_FRAME, cycle);
}
