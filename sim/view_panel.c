// SPDX-License-Identifier: GPL-2.0-or-later
/* view_panel.c - see view_panel.h. */
#include "view_panel.h"

#include <stdarg.h>
#include <stdio.h>

struct lines view_lines(const struct view *v, struct canvas *c, struct rect r,
                        enum view_panel p)
{
    return (struct lines){c, r, v->scroll[p], r.y};
}

bool lines_full(const struct lines *l)
{
    return l->y + l->c->ch > l->r.y + l->r.h;
}

bool lines_next(struct lines *l, struct rect *at)
{
    if (l->skip > 0) {
        l->skip--;
        return false;
    }
    if (lines_full(l))
        return false;
    *at = (struct rect){l->r.x, l->y, l->r.w, l->c->ch};
    l->y += l->c->ch;
    return true;
}

void view_mark(struct view *v, struct canvas *c, struct rect line, struct pick p)
{
    if (p.thing == THING_NONE)
        return;
    canvas_hit(c, line, p.thing, p.id);
    if (view_is_selected(v, p.thing, p.id))
        canvas_fill(c, line, TINT_RAISED);
    if (view_related(v, p.thing, p.id))
        canvas_fill(c, (struct rect){line.x, line.y, c->cw / 3 + 1, line.h}, TINT_BRIGHT);
}

static void put(struct view *v, struct lines *l, enum tint tint, bool owned, uint32_t env,
                struct pick p, const char *text)
{
    struct rect at;
    struct canvas *c = l->c;
    if (!lines_next(l, &at))
        return;
    view_mark(v, c, at, p);
    int x = at.x + c->cw / 2;
    if (owned) {
        struct rect square = {x, at.y + c->ch / 5, c->cw, c->ch * 3 / 5};
        canvas_fill(c, square, env ? tint_owner(env) : TINT_FREE);
        x += 2 * c->cw;
    }
    canvas_text(c, x, at.y, tint, "%s", text);
}

void lines_text(struct view *v, struct lines *l, enum tint tint, struct pick p,
                const char *fmt, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    put(v, l, tint, false, 0, p, text);
}

void lines_owned(struct view *v, struct lines *l, uint32_t env, struct pick p,
                 const char *fmt, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    put(v, l, TINT_TEXT, true, env, p, text);
}

void view_owners(struct canvas *c, struct rect r, uint64_t held, enum tint nobody)
{
    int n = __builtin_popcountll(held), i = 0;
    if (n == 0) {
        canvas_fill(c, r, nobody);
        return;
    }
    int stripes = n < r.w ? n : r.w;
    for (unsigned e = 1; e < KV_ENVS && i < stripes; e++)
        if (held >> e & 1) {
            int x0 = r.x + r.w * i / stripes, x1 = r.x + r.w * (i + 1) / stripes;
            canvas_fill(c, (struct rect){x0, r.y, x1 - x0, r.h}, tint_owner(e));
            i++;
        }
}

bool view_stateless(struct view *v, struct canvas *c, struct rect r)
{
    if (v->state.there)
        return false;
    canvas_text(c, r.x + c->cw, r.y, TINT_DIM, "not in a trace file:");
    canvas_text(c, r.x + c->cw, r.y + c->ch, TINT_DIM, "view the program itself");
    return true;
}
