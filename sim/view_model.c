// SPDX-License-Identifier: GPL-2.0-or-later
/* view_model.c - a run opened for viewing, and what there is at a place of it. See view.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "view.h"

int view_open_session(struct view *v, struct session *s, const struct calls *calls,
                      struct err *err)
{
    *v = (struct view){.session = s, .calls = calls, .scale = 1, .focus = PANEL_EVENTS};
    int rc = kernel_view_open(s->machine, s->plan.kernel, &v->kernel, err);
    if (rc)
        return rc;
    v->code = code_open(s->machine, v->kernel);
    v->history = history_of_machine(s->machine, HISTORY_MEMORY);
    v->travel = travel_open(s->machine, TRAVEL_MEMORY);
    v->cores = machine_cores(s->machine);
    v->page_shift = machine_page_shift(s->machine);
    v->clock_hz = s->board->clock_hz;
    v->place = travel_place(v->travel);
    v->cursor = v->place.record;
    v->filter = FILTER_RESOURCE;
    snprintf(v->title, sizeof v->title, "%s on %s", s->plan.module[0].name,
             s->board->name);
    view_state_read(v);
    return 0;
}

int view_open_file(struct view *v, struct trace_file *f, const struct calls *calls)
{
    *v = (struct view){.file = f, .calls = calls, .scale = 1, .focus = PANEL_EVENTS};
    v->history = history_of_file(f);
    v->cores = f->head.cores;
    v->page_shift = f->head.page_shift;
    v->clock_hz = f->head.clock_hz;
    v->end_known = true;
    v->filter = FILTER_RESOURCE;
    snprintf(v->title, sizeof v->title, "trace of %s", f->head.board);
    view_state_read(v);
    return 0;
}

void view_close(struct view *v)
{
    travel_close(v->travel);
    history_close(v->history);
    code_close(v->code);
    kernel_view_close(v->kernel);
    free(v->state.frame);
    *v = (struct view){0};
}

/* ---- state ---- */

static void read_frames(struct view *v)
{
    struct view_state *s = &v->state;
    uint32_t n = kernel_view_frames(v->kernel);
    if (n > s->nframes || !s->frame)
        s->frame = mem_grow(s->frame, n ? n : 1, sizeof *s->frame);
    s->nframes = kernel_view_frame_table(v->kernel, s->frame, n);
}

static uint32_t at_most(uint32_t n, uint32_t max)
{
    return n < max ? n : max;
}

static void read_tables(struct view *v)
{
    struct view_state *s = &v->state;
    const struct kernel_view *k = v->kernel;
    s->ncaps = at_most(kernel_view_caps(k), VIEW_CAPS);
    s->nslots = at_most(kernel_view_slots(k), VIEW_SLOTS);
    s->nextents = at_most(kernel_view_extents(k), VIEW_ROWS);
    s->nrings = at_most(kernel_view_rings(k), VIEW_ROWS);
    for (uint32_t e = 0; e < KV_ENVS; e++) {
        s->env_there[e] = kernel_view_env(k, e, &s->env[e]);
        for (uint32_t i = 0; s->env_there[e] && i < s->ncaps; i++)
            if (!kernel_view_cap(k, e, i, &s->cap[e][i]))
                s->cap[e][i].len = 0xff;
    }
    for (unsigned c = 0; c < v->cores; c++)
        for (uint32_t i = 0; i < s->nslots; i++)
            s->slice[c][i] = (uint8_t)kernel_view_slice(k, c, i);
    for (uint32_t i = 0; i < s->nextents; i++)
        if (!kernel_view_extent(k, i, &s->extent[i]))
            s->extent[i].count = 0;
    for (uint32_t i = 0; i < s->nrings; i++)
        if (!kernel_view_ring(k, i, &s->ring[i]))
            s->ring[i].slots = 0;
}

static void read_models(struct view *v)
{
    struct view_state *s = &v->state;
    struct machine *m = v->session->machine;
    s->mmu[0] = s->disk[0] = s->nic[0] = s->registers[0] = 0;
    machine_describe_device(m, HW_CLASS_MMU, v->core, s->mmu, sizeof s->mmu);
    machine_describe_device(m, HW_CLASS_DISK, 0, s->disk, sizeof s->disk);
    machine_describe_device(m, HW_CLASS_NIC, 0, s->nic, sizeof s->nic);
    size_t n = machine_describe(m, v->core, s->registers, sizeof s->registers - 1);
    s->registers[n < sizeof s->registers ? n : sizeof s->registers - 1] = 0;
    for (unsigned c = 0; c < v->cores; c++) {
        s->running[c] = machine_context(m, c);
        s->pc[c] = machine_pc(m, c, &s->kernel_mode[c]);
    }
    machine_get_stats(m, &s->stats);
}

/* Of a trace: who ran last, on each core, before the cursor. */
static void read_running(struct view *v)
{
    struct hw_trace_record r;
    uint32_t seen = 0;
    for (unsigned c = 0; c < v->cores && c < BOARD_MAX_CORES; c++)
        v->state.running[c] = 0;
    for (uint64_t k = v->cursor; k-- > 0 && k + 100000 > v->cursor;)
        if (history_get(v->history, k, &r) && r.core < v->cores &&
            !(seen >> r.core & 1)) {
            v->state.running[r.core] = r.event == HW_EV_CONTEXT ? (uint32_t)r.b : r.env;
            seen |= 1u << r.core;
            if (seen == (1u << v->cores) - 1)
                return;
        }
}

/* Looks through records that have become known for those the timeline marks. */
static void read_marks(struct view *v)
{
    struct hw_trace_record r;
    uint64_t known = history_known(v->history);
    for (; v->marked < known; v->marked++) {
        if (!history_get(v->history, v->marked, &r))
            continue;
        view_rates_add(&v->rates, &r);
        bool mark = r.event == TRACE_CREATE || r.event == TRACE_DEATH ||
                    r.event == TRACE_REVOKE || r.event == TRACE_ABORT ||
                    r.event == TRACE_FORCED;
        if (mark && v->nmarks < VIEW_MARKS)
            v->mark[v->nmarks++] = v->marked;
    }
}

void view_state_read(struct view *v)
{
    read_marks(v);
    v->state.there = v->session != NULL;
    if (!v->session) {
        read_running(v);
        return;
    }
    read_tables(v);
    read_frames(v);
    read_models(v);
}

/* ---- facts ---- */

uint32_t view_running(const struct view *v, unsigned core)
{
    return core < BOARD_MAX_CORES ? v->state.running[core] : 0;
}

static _Thread_local const struct trace_file *names;

static const char *file_call(uint64_t number)
{
    static _Thread_local char text[32];
    return trace_file_call(names, number, text);
}

void view_words(struct view *v, const struct hw_trace_record *r, char *text, size_t max)
{
    if (!v->file) {
        record_words(v->calls, r, text, max);
        return;
    }
    names = v->file;
    trace_words(r, file_call, text, max);
    names = NULL;
}

double view_us(const struct view *v, uint64_t cycle)
{
    return v->clock_hz ? (double)cycle * 1e6 / (double)v->clock_hz : 0;
}
