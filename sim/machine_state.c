// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * machine_state.c - state of models, cores, events, trace and console positions as bytes. See
 * machine_state.h.
 *
 * Models come back first: they may arm events or drive lines while they do, which is then
 * overwritten by what those were.
 */
#include "machine_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "machine_priv.h"

#define STATE_VERSION 4u

/* ---- instances of models ---- */

static size_t save_model(const struct machine *m, const struct instance *i, uint8_t *to,
                         size_t max)
{
    return i->ops ? i->ops->save(i->dev, to, max) : m->cpu->save(i->dev, to, max);
}

static void put_instance(struct machine *m, struct instance *i, struct bytes *to)
{
    size_t n = save_model(m, i, NULL, 0);
    bytes_put64(to, n);
    save_model(m, i, bytes_room(to, n), n);
    bytes_put64(to, i->random);
    bytes_put32(to, i->level);
    for (unsigned c = 0; c < BOARD_MAX_CORES; c++)
        bytes_put32(to, i->core_level[c]);
}

static int get_model(struct machine *m, struct instance *i, struct bytes_in *in,
                     struct err *err)
{
    uint64_t n = bytes_get64(in);
    const uint8_t *from = n <= SIZE_MAX ? bytes_skip(in, (size_t)n) : NULL;
    int bad = !from || (i->ops ? i->ops->restore(i->dev, from, (size_t)n)
                               : m->cpu->restore(i->dev, from, (size_t)n));
    if (bad)
        return err_set(err, ERR_USER, "%s: %s does not take this state back",
                       i->node->path, i->node->model->compatible);
    i->random = bytes_get64(in);
    return 0;
}

struct lines {
    bool level, core[BOARD_MAX_CORES];
};

static void get_lines(struct lines *l, struct bytes_in *in)
{
    l->level = bytes_get32(in) != 0;
    for (unsigned c = 0; c < BOARD_MAX_CORES; c++)
        l->core[c] = bytes_get32(in) != 0;
}

static int get_instances(struct machine *m, struct bytes_in *in, struct err *err)
{
    struct lines *lines = mem_zero(m->ninst, sizeof *lines);
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < m->ninst; i++) {
        rc = get_model(m, &m->inst[i], in, err);
        get_lines(&lines[i], in);
    }
    for (unsigned i = 0; rc == 0 && i < m->ninst; i++) {
        m->inst[i].level = lines[i].level;
        memcpy(m->inst[i].core_level, lines[i].core, sizeof lines[i].core);
    }
    free(lines);
    return rc;
}

/* ---- cores ---- */

static void put_core(const struct core *c, struct bytes *to)
{
    bytes_put32(to, c->waiting);
    bytes_put32(to, c->last.status);
    bytes_put(to, c->last.message, sizeof c->last.message);
    bytes_put64(to, c->last.pc);
    bytes_put64(to, c->last.badvaddr);
    bytes_put32(to, c->last.cause);
    bytes_put32(to, c->last.in_kernel);
}

static void get_core(struct core *c, struct bytes_in *in)
{
    c->waiting = bytes_get32(in) != 0;
    c->last.status = bytes_get32(in);
    bytes_get(in, c->last.message, sizeof c->last.message);
    c->last.message[sizeof c->last.message - 1] = 0;
    c->last.pc = bytes_get64(in);
    c->last.badvaddr = bytes_get64(in);
    c->last.cause = bytes_get32(in);
    c->last.in_kernel = bytes_get32(in) != 0;
}

/* ---- events, bus, guest errors ---- */

static void put_events(const struct event_queue *q, struct bytes *to)
{
    bytes_put64(to, q->n);
    for (size_t i = 0; i < q->n; i++) {
        bytes_put64(to, q->e[i].at);
        bytes_put32(to, q->e[i].owner);
        bytes_put32(to, q->e[i].tag);
    }
}

static void get_events(struct machine *m, struct bytes_in *in)
{
    event_free(&m->events);
    uint64_t n = bytes_get64(in);
    for (uint64_t i = 0; i < n && !in->bad; i++) {
        uint64_t at = bytes_get64(in);
        uint32_t owner = bytes_get32(in), tag = bytes_get32(in);
        if (owner >= m->ninst || tag >= EVENT_TAGS_ALL)
            in->bad = true;
        else
            event_set(&m->events, owner, tag, at);
    }
}

static void put_bus(const struct bus *b, struct bytes *to)
{
    bytes_put32(to, b->nnowhere);
    for (unsigned i = 0; i < b->nnowhere; i++) {
        bytes_put32(to, b->nowhere[i].page);
        bytes_put64(to, b->nowhere[i].reads);
        bytes_put64(to, b->nowhere[i].writes);
    }
    bytes_put64(to, b->elsewhere);
}

static void get_bus(struct bus *b, struct bytes_in *in)
{
    uint32_t n = bytes_get32(in);
    if (n > BUS_NOWHERE) {
        in->bad = true;
        return;
    }
    b->nnowhere = n;
    for (unsigned i = 0; i < n; i++) {
        b->nowhere[i].page = bytes_get32(in);
        b->nowhere[i].reads = bytes_get64(in);
        b->nowhere[i].writes = bytes_get64(in);
    }
    b->elsewhere = bytes_get64(in);
}

/* Messages stay where they are: those that are still to come have been seen 0 times. */
static void put_guest_errors(const struct machine *m, struct bytes *to)
{
    for (unsigned k = 0; k < GUEST_ERRORS; k++)
        bytes_put64(to, k < m->nguest_errors ? m->guest_error_count[k] : 0);
}

static void get_guest_errors(struct machine *m, struct bytes_in *in)
{
    for (unsigned k = 0; k < GUEST_ERRORS; k++)
        m->guest_error_count[k] = bytes_get64(in);
}

/* ---- trace ---- */

static void put_trace(const struct trace *t, struct bytes *to)
{
    bytes_put32(to, t->n);
    bytes_put64(to, t->total);
    bytes_put64(to, t->hash);
    bytes_put(to, t->buf, t->n * sizeof *t->buf);
}

static void get_trace(struct trace *t, struct bytes_in *in)
{
    uint32_t n = bytes_get32(in);
    uint64_t total = bytes_get64(in), hash = bytes_get64(in);
    if (n >= TRACE_BUFFER) {
        in->bad = true;
        return;
    }
    bytes_get(in, t->buf, n * sizeof *t->buf);
    trace_rewind(t, n, total, hash);
}

/* ---- all ---- */

void machine_state_put(struct machine *m, struct bytes *to)
{
    bytes_put32(to, STATE_VERSION);
    bytes_put32(to, m->ninst);
    bytes_put32(to, m->cores);
    for (unsigned i = 0; i < m->ninst; i++)
        put_instance(m, &m->inst[i], to);
    for (unsigned c = 0; c < m->cores; c++)
        put_core(&m->core[c], to);
    put_events(&m->events, to);
    put_bus(&m->bus, to);
    put_guest_errors(m, to);
    bytes_put64(to, m->now);
    bytes_put32(to, m->turn.core);
    bytes_put64(to, m->turn.deadline);
    bytes_put32(to, m->rescheduled);
    for (unsigned i = 0; i < CALLS_MAX; i++)
        bytes_put64(to, m->call_counts[i]);
    bytes_put64(to, m->setup.console->written);
    bytes_put64(to, m->setup.console->read_at);
    put_trace(&m->trace, to);
    store_state_put(m->store, to);
    net_state_put(m->net, to);
    bytes_put32(to, record_replays(m->setup.record));
    if (record_replays(m->setup.record))
        record_state_put(m->setup.record, to);
}

int machine_state_get(struct machine *m, struct bytes_in *in, struct err *err)
{
    if (bytes_get32(in) != STATE_VERSION || bytes_get32(in) != m->ninst ||
        bytes_get32(in) != m->cores)
        return err_set(err, ERR_USER, "the state of another machine");
    uint64_t told = trace_count(&m->trace);
    if (told > m->furthest)
        m->furthest = told;
    int rc = get_instances(m, in, err);
    if (rc)
        return rc;
    for (unsigned c = 0; c < m->cores; c++)
        get_core(&m->core[c], in);
    get_events(m, in);
    get_bus(&m->bus, in);
    get_guest_errors(m, in);
    m->now = bytes_get64(in);
    m->turn.core = bytes_get32(in);
    m->turn.deadline = bytes_get64(in);
    m->rescheduled = bytes_get32(in) != 0;
    for (unsigned i = 0; i < CALLS_MAX; i++)
        m->call_counts[i] = bytes_get64(in);
    uint64_t written = bytes_get64(in);
    console_rewind(m->setup.console, written, bytes_get64(in));
    get_trace(&m->trace, in);
    store_state_get(m->store, in);
    net_state_get(m->net, in);
    bool replays = bytes_get32(in) != 0;
    if (replays != record_replays(m->setup.record))
        return err_set(err, ERR_USER, "the state of a run %s --replay",
                       replays ? "with" : "without");
    if (replays)
        record_state_get(m->setup.record, in);
    m->store_ended = store_cut_done(m->store);
    if (in->bad || in->left > 0 || (m->turn.core != NO_CORE && m->turn.core >= m->cores))
        return err_set(err, ERR_USER, "the state is not whole");
    return 0;
}
