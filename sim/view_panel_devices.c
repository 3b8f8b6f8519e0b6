// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_panel_devices.c - the disk: its extents by owner as a map, what is under way, where its head or
 * channels are; the network interface: packet rings by owner, filters, what the model says of its
 * queues.
 */
#include "view_panel.h"

#include <stdio.h>
#include <string.h>

/* The model's own facts, several on a line. */
static void facts(struct view *v, struct lines *l, const char *text)
{
    char line[256];
    int at = 0, room = l->r.w / l->c->cw - 2;
    room = room < (int)sizeof line - 1 ? room : (int)sizeof line - 1;
    while (*text) {
        int n = (int)strcspn(text, "\n");
        if (at && at + n + 2 > room) {
            lines_text(v, l, TINT_TEXT, NO_PICK, "%.*s", at, line);
            at = 0;
        }
        if (at + n + 2 < (int)sizeof line)
            at += snprintf(line + at, sizeof line - (size_t)at, "%s%.*s", at ? "  " : "",
                           n, text);
        text += n + (text[n] == '\n');
    }
    if (at)
        lines_text(v, l, TINT_TEXT, NO_PICK, "%.*s", at, line);
}

static uint64_t units_of(const char *text)
{
    static const char *const names[] = {"sectors ", "blocks ", "units "};
    unsigned long long n;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *at = strstr(text, names[i]);
        if (at && sscanf(at + strlen(names[i]), "%llu", &n) == 1)
            return n;
    }
    return 0;
}

/* All extents on one bar. */
static void extent_bar(struct view *v, struct lines *l)
{
    const struct view_state *s = &v->state;
    struct canvas *c = l->c;
    struct rect at;
    uint64_t units = units_of(s->disk);
    for (uint32_t i = 0; i < s->nextents; i++)
        if (s->extent[i].count &&
            s->extent[i].first + (uint64_t)s->extent[i].count > units)
            units = s->extent[i].first + (uint64_t)s->extent[i].count;
    if (units == 0 || !lines_next(l, &at))
        return;
    int w = at.w - c->cw;
    canvas_fill(c, (struct rect){at.x + c->cw / 2, at.y + c->ch / 4, w, c->ch / 2},
                TINT_FREE);
    for (uint32_t i = 0; i < s->nextents; i++) {
        const struct kv_extent *x = &s->extent[i];
        if (!x->count)
            continue;
        int x0 = (int)((double)x->first / (double)units * w);
        int x1 = (int)((double)(x->first + (double)x->count) / (double)units * w);
        struct rect bar = {at.x + c->cw / 2 + x0, at.y + c->ch / 4,
                           x1 - x0 > 1 ? x1 - x0 : 2, c->ch / 2};
        view_owners(c, bar, x->held, TINT_KERNEL);
        canvas_hit(c, bar, THING_EXTENT, i);
        if (view_related(v, THING_EXTENT, i))
            canvas_box(c, bar, TINT_BRIGHT);
    }
}

static unsigned first_holder(uint64_t held)
{
    return held ? (unsigned)__builtin_ctzll(held) : 0;
}

/* The last request the disk began or ended before the cursor. */
static void last_request(struct view *v, struct lines *l, uint16_t a, uint16_t b,
                         const char *what)
{
    struct hw_trace_record r;
    char words[300];
    for (uint64_t k = v->cursor; k-- > 0 && v->cursor - k < 20000;) {
        if (!history_get(v->history, k, &r))
            return;
        if (r.event != a && r.event != b)
            continue;
        view_words(v, &r, words, sizeof words);
        lines_text(v, l, TINT_DIM, (struct pick){THING_EVENT, k}, "last %s: %s", what,
                   view_what(words));
        return;
    }
}

void view_draw_disk(struct view *v, struct canvas *c, struct rect r)
{
    struct lines l = view_lines(v, c, r, PANEL_DISK);
    const struct view_state *s = &v->state;
    last_request(v, &l, HW_EV_DISK_START, HW_EV_DISK_DONE, "request");
    if (!s->there) {
        l.r.y = l.y;
        view_stateless(v, c, l.r);
        return;
    }
    extent_bar(v, &l);
    for (uint32_t i = 0; i < s->nextents; i++)
        if (s->extent[i].count)
            lines_owned(
                v, &l, first_holder(s->extent[i].held), (struct pick){THING_EXTENT, i},
                "extent %u: %u..%u, %u requests", i, s->extent[i].first,
                s->extent[i].first + s->extent[i].count - 1, s->extent[i].requests);
    facts(v, &l, s->disk);
}

void view_draw_nic(struct view *v, struct canvas *c, struct rect r)
{
    struct lines l = view_lines(v, c, r, PANEL_NIC);
    const struct view_state *s = &v->state;
    last_request(v, &l, HW_EV_NIC_TX, HW_EV_NIC_RX, "frame");
    last_request(v, &l, TRACE_PACKET, TRACE_FILTER, "packet or filter");
    if (!s->there) {
        l.r.y = l.y;
        view_stateless(v, c, l.r);
        return;
    }
    for (uint32_t i = 0; i < s->nrings; i++) {
        const struct kv_ring *k = &s->ring[i];
        char queue[32] = "";
        if (!k->slots)
            continue;
        if (k->queue)
            snprintf(queue, sizeof queue, ", hardware queue %u", k->queue - 1);
        lines_owned(v, &l, first_holder(k->held), (struct pick){THING_RING, i},
                    "ring %u: %u slots, %u filters%s", i, k->slots, k->filters, queue);
    }
    facts(v, &l, s->nic);
}
