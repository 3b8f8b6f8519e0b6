// SPDX-License-Identifier: GPL-2.0-or-later
/* canvas.c - lists of boxes and texts, colours. See canvas.h. */
#include "canvas.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"

/*
 * Owners' colours are those of Okabe and Ito, "Color Universal Design" (2008), which people with
 * any of the common colour vision deficiencies tell apart; the rest are greys, apart in lightness.
 */
static const struct {
    const char *name;
    uint32_t rgb;
} tints[TINTS] = {
    [TINT_GROUND] = {"ground", 0x101418},    [TINT_PANEL] = {"panel", 0x1a2026},
    [TINT_RAISED] = {"raised", 0x2f3944},    [TINT_TEXT] = {"text", 0xd8dee4},
    [TINT_DIM] = {"dim", 0x8a97a4},          [TINT_BRIGHT] = {"bright", 0xffffff},
    [TINT_WARN] = {"warn", 0xff8a5c},        [TINT_FREE] = {"free", 0x28303a},
    [TINT_KERNEL] = {"kernel", 0x5f6b78},    [TINT_EXPORT] = {"export", 0x7d8a98},
    [TINT_MODULE] = {"module", 0xa3aeb9},    [TINT_MARK] = {"mark", 0x000000},
    [TINT_OWNER + 0] = {"orange", 0xe69f00}, [TINT_OWNER + 1] = {"sky", 0x56b4e9},
    [TINT_OWNER + 2] = {"green", 0x009e73},  [TINT_OWNER + 3] = {"yellow", 0xf0e442},
    [TINT_OWNER + 4] = {"blue", 0x2f86d6},   [TINT_OWNER + 5] = {"vermillion", 0xd55e00},
    [TINT_OWNER + 6] = {"purple", 0xcc79a7}, [TINT_OWNER + 7] = {"white", 0xe8e8e8},
};

enum tint tint_owner(uint32_t env)
{
    return (enum tint)(TINT_OWNER + (env + CANVAS_OWNERS - 1) % CANVAS_OWNERS);
}

const char *tint_name(enum tint t)
{
    return tints[t].name;
}

uint32_t tint_rgb(enum tint t)
{
    return tints[t].rgb;
}

void canvas_begin(struct canvas *c, int w, int h, int cw, int ch)
{
    c->w = w;
    c->h = h;
    c->cw = cw;
    c->ch = ch;
    c->nops = c->ntext = c->nhits = 0;
    c->clip = (struct rect){0, 0, w, h};
}

void canvas_free(struct canvas *c)
{
    free(c->op);
    free(c->text);
    free(c->hit);
    *c = (struct canvas){0};
}

void canvas_clip(struct canvas *c, struct rect r)
{
    c->clip = r;
}

/* What of r is inside the clip; false: nothing. */
static bool visible(const struct canvas *c, struct rect *r)
{
    int x1 = r->x + r->w, y1 = r->y + r->h;
    int cx1 = c->clip.x + c->clip.w, cy1 = c->clip.y + c->clip.h;
    r->x = r->x > c->clip.x ? r->x : c->clip.x;
    r->y = r->y > c->clip.y ? r->y : c->clip.y;
    r->w = (x1 < cx1 ? x1 : cx1) - r->x;
    r->h = (y1 < cy1 ? y1 : cy1) - r->y;
    return r->w > 0 && r->h > 0;
}

static struct canvas_op *add(struct canvas *c, enum op_kind kind, struct rect at,
                             enum tint tint)
{
    if (c->nops == c->cap_ops) {
        c->cap_ops = c->cap_ops ? 2 * c->cap_ops : 1024;
        c->op = mem_grow(c->op, c->cap_ops, sizeof *c->op);
    }
    c->op[c->nops] = (struct canvas_op){kind, at, c->clip, tint, 0};
    return &c->op[c->nops++];
}

void canvas_fill(struct canvas *c, struct rect r, enum tint tint)
{
    if (visible(c, &r))
        add(c, OP_FILL, r, tint);
}

void canvas_box(struct canvas *c, struct rect r, enum tint tint)
{
    struct rect seen = r;
    if (visible(c, &seen))
        add(c, OP_BOX, r, tint);
}

int canvas_text(struct canvas *c, int x, int y, enum tint tint, const char *fmt, ...)
{
    char line[1024];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof line ? (size_t)n : sizeof line - 1;
    struct rect r = {x, y, (int)len * c->cw, c->ch};
    if (len == 0 || !visible(c, &r))
        return (int)len * c->cw;
    while (c->ntext + len + 1 > c->cap_text) {
        c->cap_text = c->cap_text ? 2 * c->cap_text : 16384;
        c->text = mem_grow(c->text, c->cap_text, 1);
    }
    for (size_t i = 0; i < len; i++)
        if (line[i] < ' ' || line[i] > '~')
            line[i] = '?';
    memcpy(c->text + c->ntext, line, len + 1);
    add(c, OP_TEXT, (struct rect){x, y, 0, 0}, tint)->text = c->ntext;
    c->ntext += len + 1;
    return (int)len * c->cw;
}

void canvas_hit(struct canvas *c, struct rect r, enum thing thing, uint64_t id)
{
    if (!visible(c, &r))
        return;
    if (c->nhits == c->cap_hits) {
        c->cap_hits = c->cap_hits ? 2 * c->cap_hits : 256;
        c->hit = mem_grow(c->hit, c->cap_hits, sizeof *c->hit);
    }
    c->hit[c->nhits++] = (struct canvas_hit){r, {thing, id}};
}

struct pick canvas_pick(const struct canvas *c, int x, int y)
{
    for (size_t i = c->nhits; i-- > 0;) {
        const struct rect *r = &c->hit[i].at;
        if (x >= r->x && x < r->x + r->w && y >= r->y && y < r->y + r->h)
            return c->hit[i].pick;
    }
    return (struct pick){THING_NONE, 0};
}

/* ---- as text ---- */

static bool inside(const struct rect *r, int x, int y)
{
    return x >= r->x && x < r->x + r->w && y >= r->y && y < r->y + r->h;
}

static void put_text(const struct canvas *c, const struct canvas_op *op, char *grid,
                     int cols, int rows)
{
    int row = op->at.y / c->ch;
    const char *s = c->text + op->text;
    if (row < 0 || row >= rows)
        return;
    for (int i = 0; s[i]; i++) {
        int x = op->at.x + i * c->cw, col = x / c->cw;
        if (x >= 0 && col < cols && inside(&op->clip, x, op->at.y))
            grid[row * cols + col] = s[i];
    }
}

void canvas_dump(const struct canvas *c, struct rect r, FILE *to)
{
    int cols = c->w / c->cw + 1, rows = c->h / c->ch + 1;
    char *grid = mem_grow(NULL, (size_t)cols * (size_t)rows, 1);
    unsigned filled[TINTS] = {0};
    memset(grid, ' ', (size_t)cols * (size_t)rows);
    for (size_t i = 0; i < c->nops; i++) {
        const struct canvas_op *op = &c->op[i];
        if (!inside(&r, op->at.x, op->at.y))
            continue;
        if (op->kind == OP_TEXT)
            put_text(c, op, grid, cols, rows);
        else if (op->kind == OP_FILL)
            filled[op->tint]++;
    }
    for (int row = r.y / c->ch; row < rows && row * c->ch < r.y + r.h; row++) {
        int from = r.x / c->cw, end = (r.x + r.w) / c->cw;
        end = end < cols ? end : cols;
        while (end > from && grid[row * cols + end - 1] == ' ')
            end--;
        fprintf(to, "%.*s\n", end - from, grid + row * cols + from);
    }
    for (unsigned t = 0; t < TINTS; t++)
        if (filled[t])
            fprintf(to, "[%u %s]\n", filled[t], tint_name((enum tint)t));
    free(grid);
}
