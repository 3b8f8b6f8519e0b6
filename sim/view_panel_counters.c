// SPDX-License-Identifier: GPL-2.0-or-later
/* view_panel_counters.c - counts up to the cursor, and how often things happened over the whole run. */
#include <stdio.h>

#include "view_panel.h"

#define LABEL 22 /* cells before a graph */

static void graph(struct view *v, struct lines *l, enum view_rate rate, const char *name,
                  uint64_t now)
{
    const struct view_rates *t = &v->rates;
    const uint32_t *n = t->count[rate];
    struct canvas *c = l->c;
    struct rect at;
    uint32_t most = 1;
    char value[32] = "";
    if (!lines_next(l, &at))
        return;
    if (v->state.there)
        snprintf(value, sizeof value, "%" PRIu64, now);
    canvas_text(c, at.x + c->cw / 2, at.y, TINT_TEXT, "%-7s %s", name, value);
    int x0 = at.x + LABEL * c->cw, w = at.w - (LABEL + 1) * c->cw, h = c->ch - 3;
    for (unsigned i = 0; i < t->used; i++)
        most = n[i] > most ? n[i] : most;
    canvas_fill(c, (struct rect){x0, at.y + c->ch - 2, w, 1}, TINT_RAISED);
    for (unsigned i = 0; i < t->used; i++) {
        int x = x0 + w * (int)i / (int)t->used,
            end = x0 + w * (int)(i + 1) / (int)t->used;
        int high = (int)((uint64_t)n[i] * (uint64_t)h / most);
        bool past = (uint64_t)i * t->width <= v->place.cycle;
        if (n[i])
            canvas_fill(c, (struct rect){x, at.y + c->ch - 2 - high, end - x, high + 1},
                        past ? TINT_MODULE : TINT_KERNEL);
    }
}

void view_draw_counters(struct view *v, struct canvas *c, struct rect r)
{
    struct lines l = view_lines(v, c, r, PANEL_COUNTERS);
    const struct machine_stats *s = &v->state.stats;
    uint64_t traps = 0, calls = 0;
    for (unsigned i = 0; i < HW_CAUSE_COUNT; i++)
        traps += s->cpu.traps[i];
    for (unsigned i = 0; i < CALLS_MAX; i++)
        calls += s->calls[i];
    if (v->state.there)
        lines_text(v, &l, TINT_TEXT, NO_PICK,
                   "insns user %" PRIu64 " lib %" PRIu64 " kernel %" PRIu64, s->cpu.user,
                   s->cpu.lib, s->cpu.kernel);
    graph(v, &l, RATE_TRAPS, "traps", traps);
    graph(v, &l, RATE_CALLS, "calls", calls);
    graph(v, &l, RATE_MISSES, "misses", s->mmu.misses);
    graph(v, &l, RATE_DISK, "disk", s->disk.reads + s->disk.writes);
    graph(v, &l, RATE_NIC, "frames", s->nic.tx_frames + s->nic.rx_frames);
}
