// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * events.c - the window's loop under SDL's dummy display: keys, texts, clicks and the wheel arrive by
 * name, pictures follow a new size, and closing the window ends it.
 */
#include <SDL2/SDL.h>
#include <stdio.h>
#include <string.h>

#include "view_screen.h"

struct seen {
    char keys[200];
    int clicks, draws, ticks, w, h;
};

static void draw(void *arg, struct canvas *c, int w, int h)
{
    struct seen *s = arg;
    canvas_begin(c, w, h, c->cw, c->ch);
    canvas_fill(c, (struct rect){0, 0, w, h}, TINT_PANEL);
    canvas_text(c, 0, 0, TINT_TEXT, "%s", s->keys);
    s->draws++;
    s->w = w;
    s->h = h;
}
static void push_quit(void)
{
    SDL_Event e = {.type = SDL_QUIT};
    SDL_PushEvent(&e);
}
static void tick(void *arg, double seconds, uint64_t ns)
{
    struct seen *s = arg;
    (void)seconds, (void)ns;
    if (++s->ticks == 5)
        push_quit();
}
static void key(void *arg, const struct canvas *c, const char *name)
{
    struct seen *s = arg;
    (void)c;
    size_t n = strlen(s->keys);
    snprintf(s->keys + n, sizeof s->keys - n, "%s ", name);
}
static void click(void *arg, const struct canvas *c, int x, int y)
{
    (void)c;
    ((struct seen *)arg)->clicks += x == 30 && y == 40;
}
static bool busy(void *arg)
{
    (void)arg;
    return true;
}
static bool quit(void *arg)
{
    return ((struct seen *)arg)->ticks > 500;
}
static double scale(void *arg)
{
    (void)arg;
    return 1;
}

static void push_key(SDL_Keycode k, SDL_Keymod mod)
{
    SDL_Event e = {.type = SDL_KEYDOWN};
    e.key.keysym.sym = k;
    e.key.keysym.mod = mod;
    SDL_PushEvent(&e);
}

int main(void)
{
    struct seen s = {.keys = ""};
    struct view_show show = {&s, draw, tick, key, click, busy, quit, scale, "test"};
    struct err err;
    SDL_SetMainReady();
    if (SDL_Init(SDL_INIT_EVENTS) != 0)
        return 1;
    push_key(SDLK_TAB, KMOD_LSHIFT);
    push_key(SDLK_F1, KMOD_NONE);
    SDL_Event e = {.type = SDL_TEXTINPUT};
    strcpy(e.text.text, "s S");
    SDL_PushEvent(&e);
    e = (SDL_Event){.type = SDL_MOUSEBUTTONDOWN};
    e.button.x = 30;
    e.button.y = 40;
    SDL_PushEvent(&e);
    e = (SDL_Event){.type = SDL_MOUSEWHEEL};
    e.wheel.y = 1;
    SDL_PushEvent(&e);
    int rc = view_window_run(&show, &err);
    if (rc) {
        fprintf(stderr, "view_window: %s\n", err.msg);
        return 1;
    }
    const char *want = "BackTab F1 s Space S PageUp ";
    if (strcmp(s.keys, want) != 0 || s.clicks != 1 || s.draws < 5 || s.w < 640) {
        fprintf(stderr,
                "view_window: keys '%s' instead of '%s', %d clicks, %d pictures\n",
                s.keys, want, s.clicks, s.draws);
        return 1;
    }
    return 0;
}
