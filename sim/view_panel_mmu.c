// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_panel_mmu.c - the MMU as its model describes itself (hw_dev_ops.describe). Whatever the kind:
 * a line "NAME 0xVA asid N -> 0xPA RIGHTS" is a translation, one "node DEPTH ..." belongs to a tree,
 * anything else is shown as it is.
 */
#include "view_panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *address_of(const char *line)
{
    const char *hex = strstr(line, "0x"), *arrow = strstr(line, "->");
    return hex && arrow && hex < arrow ? hex : NULL;
}

/* A translation: whose, of what page, to which frame. */
static bool translation(const struct view *v, const char *line, uint32_t *asid,
                        uint64_t *va, uint64_t *frame)
{
    const char *from = address_of(line), *to = strstr(line, "->"), *as;
    if (!from || !to || !(to = strstr(to, "0x")))
        return false;
    *va = strtoull(from, NULL, 16);
    *frame = strtoull(to, NULL, 16) >> v->page_shift;
    as = strstr(line, "asid ");
    *asid = as ? (uint32_t)strtoul(as + 5, NULL, 10) : 0;
    return true;
}

static void draw_translation(struct view *v, struct lines *l, const char *line)
{
    uint32_t asid;
    uint64_t va, frame;
    unsigned depth = 0;
    struct rect at;
    struct canvas *c = l->c;
    if (!translation(v, line, &asid, &va, &frame)) {
        lines_text(v, l, TINT_DIM, NO_PICK, "%s", line);
        return;
    }
    bool node = sscanf(line, "node %u ", &depth) == 1;
    if (node)
        line = strchr(line + 5, ' ') + 1;
    if (!lines_next(l, &at))
        return;
    struct pick page = {THING_PAGE, va}, f = {THING_FRAME, frame};
    view_mark(v, c, at, f);
    if (view_related(v, page.thing, page.id) &&
        (!asid || asid == view_running(v, v->core)))
        canvas_fill(c, (struct rect){at.x, at.y, c->cw / 3 + 1, at.h}, TINT_BRIGHT);
    int x = at.x + c->cw / 2 + (int)depth * 2 * c->cw;
    if (asid && !node)
        canvas_fill(c, (struct rect){x, at.y + c->ch / 5, c->cw, c->ch * 3 / 5},
                    tint_owner(asid));
    x += 3 * c->cw / 2;
    struct rect square = {x, at.y + c->ch / 5, c->cw, c->ch * 3 / 5};
    view_owners(c, square, view_holders(v, f), TINT_KERNEL);
    x += 3 * c->cw / 2;
    bool here = !asid || asid == view_running(v, v->core);
    canvas_text(c, x, at.y, here ? TINT_TEXT : TINT_DIM, "%s", line);
    if (strstr(line, "->") && !node)
        canvas_hit(c, (struct rect){at.x, at.y, at.w / 2, at.h}, THING_PAGE, va);
}

/* First what is no translation, then the current environment's, its tables, then the others'. */
static int pass_of(const struct view *v, const char *line)
{
    uint32_t asid;
    uint64_t va, frame;
    if (strncmp(line, "node ", 5) == 0)
        return 2;
    if (!translation(v, line, &asid, &va, &frame))
        return 0;
    return !asid || asid == view_running(v, v->core) ? 1 : 3;
}

static void draw_lines(struct view *v, struct lines *l, int pass)
{
    const char *s = v->state.mmu;
    char line[256];
    while (*s && !lines_full(l)) {
        size_t n = strcspn(s, "\n");
        snprintf(line, sizeof line, "%.*s", (int)n, s);
        if (pass_of(v, line) == pass)
            draw_translation(v, l, line);
        s += n + (s[n] == '\n');
    }
}

void view_draw_mmu(struct view *v, struct canvas *c, struct rect r)
{
    struct lines l = view_lines(v, c, r, PANEL_MMU);
    if (view_stateless(v, c, r))
        return;
    bool wide = r.w / c->cw > 100; /* two columns: the TLB, the tables */
    if (wide)
        l.r.w /= 2;
    for (int pass = 0; pass < 4; pass++)
        if (pass != 2 || !wide)
            draw_lines(v, &l, pass);
    struct rect right = {r.x + r.w / 2, r.y, r.w - r.w / 2, r.h};
    l = view_lines(v, c, right, PANEL_MMU);
    if (wide)
        draw_lines(v, &l, 2);
}
