// SPDX-License-Identifier: GPL-2.0-or-later
/* view_timeline.c - the whole run as one bar: who ran, what happened, where the cursor is. */
#include "trace.h"
#include "view_frame.h"
#include "view_panel.h"

#define STEP_CELLS 2 /* a bin is half a cell wide */

void view_draw_timeline(struct view *v, struct canvas *c, struct rect r)
{
    uint64_t known = history_known(v->history);
    struct hw_trace_record rec;
    int bin = c->cw / STEP_CELLS, bins = r.w / bin;
    canvas_fill(c, r, TINT_PANEL);
    for (int i = 0; i < bins && known > 0; i++) {
        uint64_t k = known * (uint64_t)i / (uint64_t)bins;
        struct rect at = {r.x + i * bin, r.y, bin, r.h - c->ch};
        canvas_hit(c, (struct rect){at.x, at.y, bin, r.h}, THING_PLACE, k);
        if (!history_get(v->history, k, &rec))
            continue;
        bool idle = rec.core == TRACE_NO_CORE || rec.env == 0;
        canvas_fill(c, (struct rect){at.x, at.y + c->ch / 4, bin, at.h - c->ch / 4},
                    idle ? TINT_FREE : tint_owner(rec.env));
    }
    for (unsigned i = 0; i < v->nmarks && known > 0; i++) {
        int x = r.x + (int)(v->mark[i] * (uint64_t)(bins * bin) / known);
        canvas_fill(c, (struct rect){x, r.y, c->cw / 4 + 1, c->ch / 4}, TINT_WARN);
    }
    uint64_t end = known ? known : 1;
    int x = r.x + (int)(v->cursor * (uint64_t)(bins * bin) / end);
    canvas_fill(c, (struct rect){x - 1, r.y, c->cw / 4 + 1, r.h}, TINT_BRIGHT);
    canvas_text(c, r.x + c->cw / 2, r.y + c->ch, TINT_DIM,
                "%" PRIu64 " of %" PRIu64 " events%s", v->cursor, known,
                v->end_known ? "" : " known so far (End: run to the end)");
    if (v->nmarks)
        canvas_text(c, r.w - 50 * c->cw, r.y + c->ch, TINT_DIM,
                    "marks: births, deaths, revocation (%u)", v->nmarks);
}
