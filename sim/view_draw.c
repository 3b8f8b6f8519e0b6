// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_draw.c - a canvas as pixels, by SDL's surfaces and SDL_ttf's glyphs, without any display; PNG
 * files by libpng. See view_screen.h.
 *
 * Glyphs are blended in eight steps, so a picture has few colours and its PNG a palette.
 */
#include <SDL2/SDL.h>
#include <SDL2/SDL_ttf.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "view_draw.h"

#define GLYPHS 95 /* printable ASCII */
#define STEPS 8u

struct glyph {
    int x, y, w, h; /* place in its cell */
    uint8_t *alpha; /* w * h steps */
};

struct view_screen {
    SDL_Surface *to;
    double scale;
    int cw, ch;
    struct glyph glyph[GLYPHS];
};

int view_screen_open(struct view_screen **out, struct err *err)
{
    *out = NULL;
    if (TTF_Init() != 0)
        return err_set(err, ERR_USER, "SDL_ttf: %s", TTF_GetError());
    *out = mem_zero(1, sizeof **out);
    return 0;
}

static void forget_glyphs(struct view_screen *s)
{
    for (unsigned i = 0; i < GLYPHS; i++)
        free(s->glyph[i].alpha);
    memset(s->glyph, 0, sizeof s->glyph);
}

void view_screen_close(struct view_screen *s)
{
    if (!s)
        return;
    forget_glyphs(s);
    SDL_FreeSurface(s->to);
    free(s);
    TTF_Quit();
}

/* ---- glyphs ---- */

/* The largest size whose characters fit a cell. */
static TTF_Font *open_font(const char *path, int cw, int ch)
{
    TTF_Font *best = NULL;
    for (int size = ch; size > 4; size--) {
        int advance = 0;
        TTF_Font *f = TTF_OpenFont(path, size);
        if (!f)
            return best;
        TTF_GlyphMetrics32(f, 'M', NULL, NULL, NULL, NULL, &advance);
        if (advance <= cw && TTF_FontHeight(f) <= ch + 1)
            return f;
        TTF_CloseFont(f);
    }
    return best;
}

static void load_glyph(struct glyph *g, TTF_Font *f, unsigned ch, int height)
{
    int minx = 0, maxx = 0, miny = 0, maxy = 0;
    SDL_Color white = {255, 255, 255, 255};
    TTF_GlyphMetrics32(f, ch, &minx, &maxx, &miny, &maxy, NULL);
    SDL_Surface *s = TTF_RenderGlyph32_Blended(f, ch, white);
    if (!s)
        return;
    *g = (struct glyph){0, (height - s->h) / 2, s->w, s->h, NULL};
    g->alpha = mem_zero((size_t)s->w * (size_t)s->h + 1, 1);
    for (int y = 0; y < s->h; y++)
        for (int x = 0; x < s->w; x++) {
            uint32_t px;
            memcpy(&px, (uint8_t *)s->pixels + y * s->pitch + 4 * x, sizeof px);
            uint8_t r, gr, b, a;
            SDL_GetRGBA(px, s->format, &r, &gr, &b, &a);
            g->alpha[y * s->w + x] = (uint8_t)((a * (STEPS - 1) + 127) / 255);
        }
    SDL_FreeSurface(s);
}

int view_screen_cell(struct view_screen *s, double scale, struct canvas *c,
                     struct err *err)
{
    if (s->scale != scale) {
        const char *path = getenv("EXOSIM_FONT");
        int cw = (int)(8 * scale + 0.5), ch = (int)(16 * scale + 0.5);
        path = path && *path ? path : EXOSIM_FONT;
        TTF_Font *f = open_font(path, cw, ch);
        if (!f)
            return err_set(err, ERR_USER,
                           "no font %s (package fonts-dejavu-core; EXOSIM_FONT names "
                           "another file): %s",
                           path, TTF_GetError());
        forget_glyphs(s);
        for (unsigned i = 0; i < GLYPHS; i++)
            load_glyph(&s->glyph[i], f, ' ' + i, ch);
        TTF_CloseFont(f);
        s->scale = scale;
        s->cw = cw;
        s->ch = ch;
    }
    c->cw = s->cw;
    c->ch = s->ch;
    return 0;
}

/* ---- drawing ---- */

static uint32_t *pixel(SDL_Surface *to, int x, int y)
{
    return (uint32_t *)(void *)((uint8_t *)to->pixels + y * to->pitch) + x;
}

static uint32_t mix(uint32_t under, uint32_t over, unsigned step)
{
    uint32_t out = 0;
    for (int shift = 0; shift < 24; shift += 8) {
        unsigned u = under >> shift & 255, o = over >> shift & 255;
        out |= (u * (STEPS - 1 - step) + o * step) / (STEPS - 1) << shift;
    }
    return out;
}

static void draw_glyph(const struct view_screen *s, const struct glyph *g, int x, int y,
                       const struct rect *clip, uint32_t rgb)
{
    int x0 = clip->x > 0 ? clip->x : 0, y0 = clip->y > 0 ? clip->y : 0;
    int x1 = clip->x + clip->w, y1 = clip->y + clip->h;
    x1 = x1 < s->to->w ? x1 : s->to->w;
    y1 = y1 < s->to->h ? y1 : s->to->h;
    for (int gy = 0; gy < g->h; gy++) {
        int py = y + g->y + gy;
        if (py < y0 || py >= y1)
            continue;
        for (int gx = 0; gx < g->w; gx++) {
            unsigned a = g->alpha[gy * g->w + gx];
            int px = x + g->x + gx;
            if (a == 0 || px < x0 || px >= x1)
                continue;
            uint32_t *p = pixel(s->to, px, py);
            *p = a == STEPS - 1 ? rgb : mix(*p, rgb, a);
        }
    }
}

static void draw_box(struct view_screen *s, const struct canvas_op *op)
{
    struct rect r = op->at;
    int t = s->ch / 16 > 0 ? s->ch / 16 : 1;
    SDL_Rect side[4] = {{r.x, r.y, r.w, t},
                        {r.x, r.y + r.h - t, r.w, t},
                        {r.x, r.y, t, r.h},
                        {r.x + r.w - t, r.y, t, r.h}};
    SDL_Rect clip = {op->clip.x, op->clip.y, op->clip.w, op->clip.h};
    SDL_SetClipRect(s->to, &clip);
    SDL_FillRects(s->to, side, 4, tint_rgb(op->tint));
    SDL_SetClipRect(s->to, NULL);
}

static void draw_op(struct view_screen *s, const struct canvas *c,
                    const struct canvas_op *op)
{
    uint32_t rgb = tint_rgb(op->tint);
    SDL_Rect r = {op->at.x, op->at.y, op->at.w, op->at.h};
    const char *text;
    switch (op->kind) {
    case OP_FILL: SDL_FillRect(s->to, &r, rgb); break;
    case OP_BOX: draw_box(s, op); break;
    case OP_TEXT:
        text = c->text + op->text;
        for (int i = 0; text[i]; i++)
            draw_glyph(s, &s->glyph[text[i] - ' '], op->at.x + i * c->cw, op->at.y,
                       &op->clip, rgb);
        break;
    }
}

int view_screen_draw(struct view_screen *s, const struct canvas *c, struct err *err)
{
    if (!s->to || s->to->w != c->w || s->to->h != c->h) {
        SDL_FreeSurface(s->to);
        s->to = SDL_CreateRGBSurface(0, c->w, c->h, 32, 0xff0000, 0xff00, 0xff, 0);
        if (!s->to)
            return err_set(err, ERR_USER, "no picture of %d by %d: %s", c->w, c->h,
                           SDL_GetError());
    }
    for (size_t i = 0; i < c->nops; i++)
        draw_op(s, c, &c->op[i]);
    return 0;
}

SDL_Surface *view_screen_surface(struct view_screen *s)
{
    return s->to;
}

/* ---- PNG ---- */

struct palette {
    uint32_t rgb[256];
    unsigned n;
    uint32_t last;
    uint8_t last_index;
};

/* -1: more than 256 colours. */
static int index_of(struct palette *p, uint32_t rgb)
{
    if (p->n > 0 && rgb == p->last)
        return p->last_index;
    unsigned i = 0;
    while (i < p->n && p->rgb[i] != rgb)
        i++;
    if (i == 256)
        return -1;
    if (i == p->n)
        p->rgb[p->n++] = rgb;
    p->last = rgb;
    p->last_index = (uint8_t)i;
    return (int)i;
}

static bool to_palette(const SDL_Surface *from, struct palette *p, uint8_t *pixels)
{
    for (int y = 0; y < from->h; y++)
        for (int x = 0; x < from->w; x++) {
            uint32_t rgb;
            memcpy(&rgb, (const uint8_t *)from->pixels + y * from->pitch + 4 * x, 4);
            int i = index_of(p, rgb & 0xffffff);
            if (i < 0)
                return false;
            pixels[y * from->w + x] = (uint8_t)i;
        }
    return true;
}

static void to_rgb(const SDL_Surface *from, uint8_t *to)
{
    for (int y = 0; y < from->h; y++)
        for (int x = 0; x < from->w; x++) {
            uint32_t rgb;
            memcpy(&rgb, (const uint8_t *)from->pixels + y * from->pitch + 4 * x, 4);
            for (int k = 16; k >= 0; k -= 8)
                *to++ = (uint8_t)(rgb >> k);
        }
}

int view_screen_png(const struct view_screen *s, const char *path, struct err *err)
{
    size_t pixels = (size_t)s->to->w * (size_t)s->to->h;
    uint8_t *buf = mem_grow(NULL, pixels, 3);
    uint8_t map[256 * 3] = {0};
    struct palette p = {.n = 0};
    png_image im = {.version = PNG_IMAGE_VERSION,
                    .width = (png_uint_32)s->to->w,
                    .height = (png_uint_32)s->to->h,
                    .format = PNG_FORMAT_RGB};
    if (to_palette(s->to, &p, buf)) {
        im.format = PNG_FORMAT_RGB_COLORMAP;
        im.colormap_entries = p.n;
        for (unsigned i = 0; i < p.n; i++)
            for (unsigned k = 0; k < 3; k++)
                map[3 * i + k] = (uint8_t)(p.rgb[i] >> (16 - 8 * k));
    } else {
        to_rgb(s->to, buf);
    }
    int ok = png_image_write_to_file(&im, path, 0, buf, 0, map);
    free(buf);
    return ok ? 0 : err_set(err, ERR_USER, "%s: %s", path, im.message);
}
