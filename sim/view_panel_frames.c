// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_panel_frames.c - physical memory, a square a frame, in the colours of who holds it. Frames many
 * hold are striped, page tables hollow, pinned ones (a device works on them, or the kernel keeps
 * them in place) dotted. Rows in which all frames are alike and nobody's are folded into one.
 */
#include "view_panel.h"

#include <stdio.h>

#define COLUMNS 32u

enum { TYPE_FREE, TYPE_KERNEL, TYPE_EXPORT, TYPE_MODULE, TYPE_USER, TYPE_TABLE };

static enum tint tint_of(uint32_t type)
{
    static const enum tint tints[] = {TINT_FREE,   TINT_KERNEL, TINT_EXPORT,
                                      TINT_MODULE, TINT_TEXT,   TINT_TEXT};
    return type < sizeof tints / sizeof *tints ? tints[type] : TINT_WARN;
}

/* All frames of a row alike, and nobody's? */
static bool dull(const struct view_state *s, uint32_t row)
{
    uint32_t first = row * COLUMNS;
    for (uint32_t i = first; i < first + COLUMNS && i < s->nframes; i++)
        if (s->frame[i].held || s->frame[i].pins ||
            s->frame[i].type != s->frame[first].type)
            return false;
    return true;
}

/* Behind the rows that are like this one; row + 1 if there is none. */
static uint32_t fold_end(const struct view_state *s, uint32_t row, uint32_t rows)
{
    uint32_t end = row + 1;
    if (!dull(s, row))
        return end;
    while (end < rows && dull(s, end) &&
           s->frame[end * COLUMNS].type == s->frame[row * COLUMNS].type)
        end++;
    return end;
}

static uint32_t shown_rows(const struct view_state *s, uint32_t rows)
{
    uint32_t n = 0;
    for (uint32_t row = 0; row < rows; row = fold_end(s, row, rows))
        n++;
    return n;
}

static void draw_frame(struct view *v, struct canvas *c, uint32_t i, struct rect at)
{
    const struct kv_frame *f = &v->state.frame[i];
    int gap = at.w >= 6 ? at.w / 6 : 1;
    struct rect r = {at.x, at.y, at.w - gap, at.h - gap};
    view_owners(c, r, f->held, tint_of(f->type));
    struct rect mid = {r.x + r.w / 4, r.y + r.h / 4, r.w - r.w / 4 * 2,
                       r.h - r.h / 4 * 2};
    if (f->type == TYPE_TABLE)
        canvas_fill(c, mid, TINT_PANEL);
    if (f->pins) {
        struct rect dot = {r.x + r.w / 3, r.y + r.h / 3, r.w - r.w / 3 * 2,
                           r.h - r.h / 3 * 2};
        canvas_fill(c, dot, TINT_MARK);
    }
    if (view_related(v, THING_FRAME, i))
        canvas_box(c, r, TINT_BRIGHT);
    if (view_is_selected(v, THING_FRAME, i))
        canvas_box(c, at, TINT_BRIGHT);
    canvas_hit(c, at, THING_FRAME, i);
}

static void draw_row(struct view *v, struct canvas *c, struct rect r, uint32_t row,
                     uint32_t end, int pitch, int *labelled)
{
    const struct view_state *s = &v->state;
    int x = r.x + 7 * c->cw;
    if (r.y >= *labelled) {
        canvas_text(c, r.x + c->cw / 2, r.y + (pitch - c->ch) / 2, TINT_DIM, "%5u",
                    row * COLUMNS);
        *labelled = r.y + c->ch;
    }
    if (end > row + 1) {
        canvas_fill(c, (struct rect){x, r.y + pitch / 4, pitch * (int)COLUMNS, pitch / 2},
                    tint_of(s->frame[row * COLUMNS].type));
        canvas_text(c, x + pitch * (int)COLUMNS + c->cw / 2, r.y + (pitch - c->ch) / 2,
                    TINT_DIM, "%u", (end - row) * COLUMNS);
        return;
    }
    for (uint32_t k = 0; k < COLUMNS && row * COLUMNS + k < s->nframes; k++)
        draw_frame(v, c, row * COLUMNS + k,
                   (struct rect){x + (int)k * pitch, r.y, pitch, pitch});
}

static void legend(struct view *v, struct canvas *c, struct rect at)
{
    static const char *const names[] = {"free", "kernel", "export", "module"};
    uint32_t n[6] = {0}, pinned = 0, shared = 0;
    const struct view_state *s = &v->state;
    for (uint32_t i = 0; i < s->nframes; i++) {
        n[s->frame[i].type < 6 ? s->frame[i].type : 0]++;
        pinned += s->frame[i].pins != 0;
        shared += s->frame[i].holders > 1;
    }
    int x = at.x + c->cw / 2;
    for (uint32_t t = 0; t < 4; t++) {
        canvas_fill(c, (struct rect){x, at.y + c->ch / 4, c->cw, c->ch / 2}, tint_of(t));
        x += c->cw + c->cw / 2;
        x += canvas_text(c, x, at.y, TINT_DIM, "%s %u ", names[t], n[t]);
    }
    canvas_text(c, at.x + c->cw / 2, at.y + c->ch, TINT_DIM,
                "held %u: user %u, hollow table %u, striped", n[4] + n[5], n[4], n[5]);
    canvas_text(c, at.x + c->cw / 2, at.y + 2 * c->ch, TINT_DIM,
                "shared %u, dotted pinned (device) %u", shared, pinned);
}

void view_draw_frames(struct view *v, struct canvas *c, struct rect r)
{
    const struct view_state *s = &v->state;
    uint32_t rows = (s->nframes + COLUMNS - 1) / COLUMNS;
    if (view_stateless(v, c, r))
        return;
    legend(v, c, (struct rect){r.x, r.y, r.w, 3 * c->ch});
    r.y += 3 * c->ch + c->ch / 4;
    r.h -= 3 * c->ch + c->ch / 4;
    int pitch = (r.w - 12 * c->cw) / (int)COLUMNS, least = c->ch / 2;
    int n = (int)shown_rows(s, rows);
    while (pitch > least && n * pitch > r.h)
        pitch--;
    int skip = v->scroll[PANEL_FRAMES], y = r.y, labelled = y;
    for (uint32_t row = 0; row < rows && y + pitch <= r.y + r.h;) {
        uint32_t end = fold_end(s, row, rows);
        if (skip-- <= 0) {
            draw_row(v, c, (struct rect){r.x, y, r.w, pitch}, row, end, pitch, &labelled);
            y += pitch;
        }
        row = end;
    }
}
