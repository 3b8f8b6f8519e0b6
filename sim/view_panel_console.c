// SPDX-License-Identifier: GPL-2.0-or-later
/* view_panel_console.c - what the guest has printed up to the cursor; counters. */
#include "view_panel.h"

#include <stdio.h>
#include <string.h>

#define TAIL 4000u

/* The last bytes written before the cursor. */
static size_t tail(struct view *v, char *text)
{
    struct hw_trace_record r;
    if (v->session) {
        const struct console *con = &v->session->console;
        uint64_t n = con->written < con->n ? con->written : con->n;
        size_t from = n > TAIL ? (size_t)n - TAIL : 0;
        memcpy(text, con->out + from, (size_t)n - from);
        return (size_t)n - from;
    }
    size_t at = TAIL;
    for (uint64_t k = v->cursor; k-- > 0 && at > 0 && v->cursor - k < 100000;)
        if (history_get(v->history, k, &r) && r.event == HW_EV_CONSOLE)
            text[--at] = (char)r.a;
    memmove(text, text + at, TAIL - at);
    return TAIL - at;
}

void view_draw_console(struct view *v, struct canvas *c, struct rect r)
{
    char text[TAIL];
    size_t n = tail(v, text), end = n;
    int rows = r.h / c->ch, room = r.w / c->cw - 1, skip = v->scroll[PANEL_CONSOLE];
    if (end > 0 && text[end - 1] == '\n')
        end--;
    /* from the last line up */
    for (int row = rows - 1; row >= 0 && end > 0;) {
        size_t from = end;
        while (from > 0 && text[from - 1] != '\n')
            from--;
        if (skip-- <= 0) {
            int len = (int)(end - from) < room ? (int)(end - from) : room;
            canvas_text(c, r.x + c->cw / 2, r.y + row * c->ch, TINT_TEXT, "%.*s", len,
                        text + from);
            row--;
        }
        if (from == 0)
            break;
        end = from - 1;
    }
}

void view_draw_counters(struct view *v, struct canvas *c, struct rect r)
{
    struct lines l = view_lines(v, c, r, PANEL_COUNTERS);
    const struct machine_stats *s = &v->state.stats;
    if (view_stateless(v, c, r))
        return;
    uint64_t traps = 0, calls = 0;
    for (unsigned i = 0; i < HW_CAUSE_COUNT; i++)
        traps += s->cpu.traps[i];
    for (unsigned i = 0; i < CALLS_MAX; i++)
        calls += s->calls[i];
    lines_text(v, &l, TINT_TEXT, NO_PICK,
               "insns user %" PRIu64 " lib %" PRIu64 " kernel %" PRIu64, s->cpu.user,
               s->cpu.lib, s->cpu.kernel);
    lines_text(v, &l, TINT_TEXT, NO_PICK, "traps %" PRIu64 "  calls %" PRIu64, traps,
               calls);
    lines_text(v, &l, TINT_TEXT, NO_PICK,
               "misses %" PRIu64 " walks %" PRIu64 " faults %" PRIu64, s->mmu.misses,
               s->mmu.walks, s->mmu.faults);
}
