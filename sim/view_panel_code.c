// SPDX-License-Identifier: GPL-2.0-or-later
/* view_panel_code.c - what the core is about to execute, with its source, and its registers. */
#include <stdio.h>
#include <string.h>

#include "code.h"
#include "view_panel.h"

#define INSTRUCTIONS 6

/* A changed value would be worth a mark, but who sees one place at a time looks at values. */
static void registers(struct view *v, struct lines *l)
{
    const char *s = v->state.registers;
    struct canvas *c = l->c;
    int columns = l->r.w / (24 * c->cw), column = 0, wide;
    struct rect at = {0};
    bool line = false;
    columns = columns > 0 ? columns : 1;
    wide = l->r.w / columns;
    while (*s) {
        int n = (int)strcspn(s, "\n"), name = (int)strcspn(s, " \n");
        if (column == 0)
            line = lines_next(l, &at);
        if (line) {
            int x = at.x + c->cw / 2 + column * wide;
            canvas_text(c, x, at.y, TINT_DIM, "%.*s", name, s);
            if (n > name + 1)
                canvas_text(c, x + 5 * c->cw + (name > 4 ? (name - 4) * c->cw : 0), at.y,
                            TINT_TEXT, "%.*s", n - name - 1, s + name + 1);
        }
        column = (column + 1) % columns;
        s += n + (s[n] == '\n');
    }
}

static void instructions(struct view *v, struct lines *l)
{
    uint64_t pc = v->state.pc[v->core];
    bool kernel = v->state.kernel_mode[v->core];
    char text[128], where[512], last[512] = "";
    int room = l->r.h / l->c->ch > 20 ? 4 * INSTRUCTIONS : INSTRUCTIONS;
    for (int i = 0; i < room; i++) {
        unsigned n = code_instruction(v->code, v->core, pc, text, sizeof text);
        if (n == 0) {
            lines_text(v, l, TINT_DIM, NO_PICK, "   0x%" PRIx64 "  not translated now",
                       pc);
            return;
        }
        code_where(v->code, v->core, kernel, pc, where, sizeof where);
        if (i > 0 && strcmp(where, last) != 0)
            lines_text(v, l, TINT_DIM, NO_PICK, "%s", where);
        snprintf(last, sizeof last, "%s", where);
        lines_text(v, l, i ? TINT_TEXT : TINT_BRIGHT, NO_PICK, "%s 0x%-9" PRIx64 " %s",
                   i ? "  " : "=>", pc, text);
        pc += n;
    }
}

void view_draw_code(struct view *v, struct canvas *c, struct rect r)
{
    struct lines l = view_lines(v, c, r, PANEL_CODE);
    char where[512];
    if (view_stateless(v, c, r))
        return;
    unsigned core = v->core;
    bool kernel = v->state.kernel_mode[core];
    code_where(v->code, core, kernel, v->state.pc[core], where, sizeof where);
    uint32_t env = view_running(v, core);
    lines_owned(v, &l, env, (struct pick){THING_ENV, env}, "core %u, env %u, %s", core,
                env, kernel ? "kernel" : "user");
    lines_text(v, &l, TINT_BRIGHT, NO_PICK, "%s", where);
    instructions(v, &l);
    registers(v, &l);
}
