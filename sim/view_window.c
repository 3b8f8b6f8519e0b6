// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_window.c - the viewer in a window: events become names of keys and clicks, pictures are copied
 * to the window's surface. See view_screen.h.
 */
#include "view_draw.h"

#define FRAME_MS 16
#define WORK_NS 10000000u /* of a frame, for the machine */

static const char *special(SDL_Keycode k, bool shift)
{
    static const struct {
        SDL_Keycode code;
        const char *name;
    } names[] = {{SDLK_RETURN, "Enter"},
                 {SDLK_KP_ENTER, "Enter"},
                 {SDLK_ESCAPE, "Esc"},
                 {SDLK_UP, "Up"},
                 {SDLK_DOWN, "Down"},
                 {SDLK_LEFT, "Left"},
                 {SDLK_RIGHT, "Right"},
                 {SDLK_HOME, "Home"},
                 {SDLK_END, "End"},
                 {SDLK_PAGEUP, "PageUp"},
                 {SDLK_PAGEDOWN, "PageDown"},
                 {SDLK_BACKSPACE, "Backspace"},
                 {SDLK_F1, "F1"},
                 {SDLK_F2, "F2"},
                 {SDLK_F3, "F3"}};
    if (k == SDLK_TAB)
        return shift ? "BackTab" : "Tab";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].code == k)
            return names[i].name;
    return NULL;
}

static void typed(const struct view_show *show, const struct canvas *c, const char *text)
{
    for (; *text; text++) {
        char key[2] = {*text, 0};
        if (*text == ' ')
            show->key(show->arg, c, "Space");
        else if (*text > ' ' && *text <= '~')
            show->key(show->arg, c, key);
    }
}

/* False: the window was closed. */
static bool take(const struct view_show *show, const struct canvas *c, const SDL_Event *e)
{
    const char *name;
    switch (e->type) {
    case SDL_QUIT: return false;
    case SDL_TEXTINPUT: typed(show, c, e->text.text); break;
    case SDL_KEYDOWN:
        name = special(e->key.keysym.sym, (e->key.keysym.mod & KMOD_SHIFT) != 0);
        if (name)
            show->key(show->arg, c, name);
        break;
    case SDL_MOUSEWHEEL:
        show->key(show->arg, c, e->wheel.y > 0 ? "PageUp" : "PageDown");
        break;
    case SDL_MOUSEBUTTONDOWN: show->click(show->arg, c, e->button.x, e->button.y); break;
    case SDL_MOUSEMOTION:
        if (e->motion.state & SDL_BUTTON_LMASK)
            show->click(show->arg, c, e->motion.x, e->motion.y);
        break;
    default: break;
    }
    return true;
}

static int show_picture(SDL_Window *w, struct view_screen *s,
                        const struct view_show *show, struct canvas *c, struct err *err)
{
    SDL_Surface *to = SDL_GetWindowSurface(w);
    if (!to)
        return err_set(err, ERR_USER, "the window: %s", SDL_GetError());
    int rc = view_screen_cell(s, show->scale(show->arg), c, err);
    if (rc)
        return rc;
    show->draw(show->arg, c, to->w, to->h);
    rc = view_screen_draw(s, c, err);
    if (rc == 0 && (SDL_BlitSurface(view_screen_surface(s), NULL, to, NULL) != 0 ||
                    SDL_UpdateWindowSurface(w) != 0))
        rc = err_set(err, ERR_USER, "the window: %s", SDL_GetError());
    return rc;
}

static int loop(SDL_Window *w, struct view_screen *s, const struct view_show *show,
                struct err *err)
{
    struct canvas c = {0};
    Uint32 last = SDL_GetTicks();
    bool stay = true;
    int rc = 0;
    while (stay && rc == 0 && !show->quit(show->arg)) {
        rc = show_picture(w, s, show, &c, err);
        SDL_Event e;
        int wait = show->busy(show->arg) ? 1 : 100;
        if (SDL_WaitEventTimeout(&e, wait))
            do
                stay = stay && take(show, &c, &e);
            while (SDL_PollEvent(&e));
        Uint32 now = SDL_GetTicks();
        show->tick(show->arg, (now - last) / 1000.0, WORK_NS);
        last = now;
        Uint32 spent = SDL_GetTicks() - now;
        if (show->busy(show->arg) && spent < FRAME_MS / 4)
            SDL_Delay(FRAME_MS / 4 - spent);
    }
    canvas_free(&c);
    return rc;
}

int view_window_run(const struct view_show *show, struct err *err)
{
    struct view_screen *s;
    if (SDL_Init(SDL_INIT_VIDEO) != 0)
        return err_set(
            err, ERR_USER,
            "there is no display here (SDL: %s). `exosim step` steps through the "
            "run in a terminal; --screenshot FILE.png [--at EVENT] and --script "
            "FILE make pictures without a display",
            SDL_GetError());
    SDL_Rect room = {0, 0, 1280, 800};
    SDL_GetDisplayUsableBounds(0, &room);
    bool large = room.w >= 2560 && room.h >= 1600;
    SDL_Window *w =
        SDL_CreateWindow(show->title, SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED,
                         large ? 2560 : 1280, large ? 1600 : 800, SDL_WINDOW_RESIZABLE);
    int rc = w ? view_screen_open(&s, err)
               : err_set(err, ERR_USER, "no window: %s", SDL_GetError());
    if (rc == 0) {
        SDL_StartTextInput();
        if (large)
            for (int i = 0; i < 4; i++)
                show->key(show->arg, NULL, "F3");
        rc = loop(w, s, show, err);
        view_screen_close(s);
    }
    if (w)
        SDL_DestroyWindow(w);
    SDL_Quit();
    return rc;
}
