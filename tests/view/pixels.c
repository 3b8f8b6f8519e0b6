// SPDX-License-Identifier: GPL-2.0-or-later
/* pixels.c - a canvas as a PNG file has the colours, the clipping and the text that were asked for. */
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "view_screen.h"

#define W 400
#define H 200

static int bad;

static void check(bool ok, const char *what, unsigned got)
{
    if (!ok) {
        fprintf(stderr, "view_pixels: %s (0x%06x)\n", what, got);
        bad = 1;
    }
}

static uint32_t at(const uint8_t *rgb, int x, int y)
{
    const uint8_t *p = rgb + 3 * (y * W + x);
    return (uint32_t)(p[0] << 16 | p[1] << 8 | p[2]);
}

/* Pixels of a cell that are not the ground. */
static int inked(const uint8_t *rgb, const struct canvas *c, int x, int y)
{
    int n = 0;
    for (int dy = 0; dy < c->ch; dy++)
        for (int dx = 0; dx < c->cw; dx++)
            n += at(rgb, x + dx, y + dy) != tint_rgb(TINT_GROUND);
    return n;
}

static void draw(struct canvas *c)
{
    canvas_begin(c, W, H, c->cw, c->ch);
    canvas_fill(c, (struct rect){0, 0, W, H}, TINT_GROUND);
    for (unsigned i = 0; i < CANVAS_OWNERS; i++)
        canvas_fill(c, (struct rect){(int)i * 20, 0, 20, 20}, tint_owner(i + 1));
    canvas_box(c, (struct rect){200, 20, 50, 30}, TINT_BRIGHT);
    canvas_text(c, 0, 64, TINT_TEXT, "MMMM");
    canvas_clip(c, (struct rect){0, 100, 100, 50});
    canvas_fill(c, (struct rect){50, 90, 100, 100}, TINT_WARN);
    canvas_hit(c, (struct rect){50, 90, 100, 100}, THING_FRAME, 7);
    canvas_text(c, 10 * c->cw, 112, TINT_TEXT, "cut off here?");
}

static void judge(const uint8_t *rgb, const struct canvas *c)
{
    for (unsigned i = 0; i < CANVAS_OWNERS; i++)
        check(at(rgb, (int)i * 20 + 10, 10) == tint_rgb(tint_owner(i + 1)),
              "an owner's colour", at(rgb, (int)i * 20 + 10, 10));
    check(at(rgb, 200, 35) == tint_rgb(TINT_BRIGHT), "the box's side", at(rgb, 200, 35));
    check(at(rgb, 225, 35) == tint_rgb(TINT_GROUND), "the box's inside",
          at(rgb, 225, 35));
    check(at(rgb, 75, 125) == tint_rgb(TINT_WARN), "inside the clip", at(rgb, 75, 125));
    check(at(rgb, 75, 95) == tint_rgb(TINT_GROUND), "above the clip", at(rgb, 75, 95));
    check(at(rgb, 120, 125) == tint_rgb(TINT_GROUND), "beside the clip",
          at(rgb, 120, 125));
    for (int i = 0; i < 4; i++)
        check(inked(rgb, c, i * c->cw, 64) > c->cw, "a letter", 0);
    check(inked(rgb, c, 4 * c->cw, 64) == 0, "nothing behind the text", 0);
    check(inked(rgb, c, 104, 112) == 0, "text is clipped", 0);
    struct pick p = canvas_pick(c, 75, 125);
    check(p.thing == THING_FRAME && p.id == 7, "what lies there", (unsigned)p.id);
    check(canvas_pick(c, 75, 95).thing == THING_NONE, "nothing lies there", 0);
}

int main(void)
{
    char path[] = "/tmp/view_pixels.XXXXXX";
    struct view_screen *s;
    struct canvas c = {0};
    struct err err;
    int fd = mkstemp(path);
    if (fd < 0 || view_screen_open(&s, &err) || view_screen_cell(s, 1, &c, &err))
        return 1;
    draw(&c);
    if (view_screen_draw(s, &c, &err) || view_screen_png(s, path, &err)) {
        fprintf(stderr, "view_pixels: %s\n", err.msg);
        return 1;
    }
    png_image im = {.version = PNG_IMAGE_VERSION};
    uint8_t *rgb = malloc(W * H * 3);
    if (!png_image_begin_read_from_file(&im, path) || im.width != W || im.height != H)
        return 1;
    im.format = PNG_FORMAT_RGB;
    if (!png_image_finish_read(&im, NULL, rgb, 0, NULL))
        return 1;
    judge(rgb, &c);
    free(rgb);
    canvas_free(&c);
    view_screen_close(s);
    unlink(path);
    close(fd);
    return bad;
}
