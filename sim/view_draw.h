// SPDX-License-Identifier: GPL-2.0-or-later
/* view_draw.h - what view_draw.c and view_window.c share: the only files that know SDL. */
#ifndef SIM_VIEW_DRAW_H
#define SIM_VIEW_DRAW_H

#include <SDL2/SDL.h>

#include "view_screen.h"

/* What was drawn last; the screen's. */
SDL_Surface *view_screen_surface(struct view_screen *s);

#endif
