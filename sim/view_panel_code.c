// SPDX-License-Identifier: GPL-2.0-or-later
/* view_panel_code.c - what the core is about to execute, with its source, and its registers. */
#include "view_panel.h"

void view_draw_code(struct view *v, struct canvas *c, struct rect r)
{
    struct lines l = view_lines(v, c, r, PANEL_CODE);
    if (view_stateless(v, c, r))
        return;
    lines_text(v, &l, TINT_BRIGHT, NO_PICK, "core %u env %u %s pc 0x%" PRIx64, v->core,
               view_running(v, v->core),
               v->state.kernel_mode[v->core] ? "kernel" : "user", v->state.pc[v->core]);
}
