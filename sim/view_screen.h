// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_screen.h - canvases made visible: as pixels in memory and PNG files (view_draw.c, no display
 * needed), or in a window (view_window.c). Only those two files know SDL.
 */
#ifndef SIM_VIEW_SCREEN_H
#define SIM_VIEW_SCREEN_H

#include "view.h"

struct view_screen;

/* A picture in memory. ERR_USER: no font. */
int view_screen_open(struct view_screen **out, struct err *err);
void view_screen_close(struct view_screen *s);
/* Measures of a cell at a scale, into the canvas. */
int view_screen_cell(struct view_screen *s, double scale, struct canvas *c,
                     struct err *err);
/* Draws it. */
int view_screen_draw(struct view_screen *s, const struct canvas *c, struct err *err);
/* What was drawn last, as a PNG file. */
int view_screen_png(const struct view_screen *s, const char *path, struct err *err);

/* What a picture is made of: one viewer, or two side by side. */
struct view_show {
    void *arg;
    void (*draw)(void *arg, struct canvas *c, int w, int h);
    void (*tick)(void *arg, double seconds, uint64_t ns);
    void (*key)(void *arg, const struct canvas *c, const char *key);
    void (*click)(void *arg, const struct canvas *c, int x, int y);
    bool (*busy)(void *arg); /* pictures change by themselves */
    bool (*quit)(void *arg);
    double (*scale)(void *arg);
    const char *title;
};

/* A window until the user closes it. ERR_USER: there is no display; the message says what to do. */
int view_window_run(const struct view_show *show, struct err *err);

/* Plays a script of keys and saves pictures; docs/view.md is its reference. */
int view_script_run(const struct view_show *show, const char *path, int w, int h,
                    struct err *err);
/* One picture. */
int view_screenshot(const struct view_show *show, const char *path, int w, int h,
                    struct err *err);

#endif
