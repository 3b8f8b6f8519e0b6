// SPDX-License-Identifier: GPL-2.0-or-later
/* view_panel_console.c - what the guest has printed up to the cursor. */
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
        if (n > from)
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
