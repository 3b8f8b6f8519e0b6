// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_layout.c - the whole picture: a title, who runs across the top, three columns of panels, the
 * timeline of the run, what is selected. In cells, so that it is the same at every scale.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view_frame.h"
#include "view_panel.h"

const char *const view_panel_names[PANELS] = {
    [PANEL_SLICES] = "Slices",     [PANEL_FRAMES] = "Frames",
    [PANEL_ENVS] = "Environments", [PANEL_CAPS] = "Capabilities",
    [PANEL_MMU] = "MMU",           [PANEL_DISK] = "Disk",
    [PANEL_NIC] = "Network",       [PANEL_EVENTS] = "Events",
    [PANEL_CODE] = "Code",         [PANEL_CONSOLE] = "Console",
    [PANEL_COUNTERS] = "Counters"};

static view_panel_fn *const draw[PANELS] = {
    [PANEL_SLICES] = view_draw_slices,    [PANEL_FRAMES] = view_draw_frames,
    [PANEL_ENVS] = view_draw_envs,        [PANEL_CAPS] = view_draw_caps,
    [PANEL_MMU] = view_draw_mmu,          [PANEL_DISK] = view_draw_disk,
    [PANEL_NIC] = view_draw_nic,          [PANEL_EVENTS] = view_draw_events,
    [PANEL_CODE] = view_draw_code,        [PANEL_CONSOLE] = view_draw_console,
    [PANEL_COUNTERS] = view_draw_counters};

#define TOP 1    /* lines of the title */
#define BOTTOM 5 /* of timeline and selection */

/* Parts of the space between title and bottom: column (0: across), and shares of its height. */
static const struct {
    enum view_panel panel;
    int column, share;
} places[] = {
    {PANEL_ENVS, 1, 10},   {PANEL_FRAMES, 1, 19}, {PANEL_CAPS, 1, 9},
    {PANEL_MMU, 2, 20},    {PANEL_DISK, 2, 9},    {PANEL_NIC, 2, 9},
    {PANEL_EVENTS, 3, 16}, {PANEL_CODE, 3, 14},   {PANEL_CONSOLE, 3, 8},
};

static const int column_at[] = {0, 49, 100, 160}; /* of 160 */

static struct rect middle(const struct canvas *c)
{
    return (struct rect){0, TOP * c->ch, c->w, c->h - (TOP + BOTTOM) * c->ch};
}

static int across(const struct view *v)
{
    return 4 + (int)(v->cores < 4 ? v->cores : 4);
}

static int column_share(int column)
{
    int sum = 0;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i].column == column)
            sum += places[i].share;
    return sum;
}

struct rect view_panel_rect(const struct view *v, const struct canvas *c,
                            enum view_panel p)
{
    struct rect m = middle(c);
    int top = across(v) * c->ch, split = m.w / c->cw * column_at[2] / 160 * c->cw;
    if (v->zoom)
        return p == v->focus ? m : (struct rect){0};
    if (p == PANEL_SLICES)
        return (struct rect){m.x, m.y, split, top};
    if (p == PANEL_COUNTERS)
        return (struct rect){m.x + split, m.y, m.w - split, top};
    m.y += top;
    m.h -= top;
    int cells = m.w / c->cw, y = 0;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int col = places[i].column, all = column_share(col), lines = m.h / c->ch;
        if (i == 0 || places[i - 1].column != col)
            y = 0;
        int end = y + places[i].share;
        int y0 = lines * y / all * c->ch, y1 = lines * end / all * c->ch;
        int x0 = cells * column_at[col - 1] / 160 * c->cw;
        int x1 = cells * column_at[col] / 160 * c->cw;
        if (places[i].panel == p)
            return (struct rect){m.x + x0, m.y + y0, (col == 3 ? m.w : x1) - x0,
                                 (end == all ? m.h : y1) - y0};
        y = end;
    }
    return (struct rect){0};
}

void view_draw_panel(struct view *v, struct canvas *c, enum view_panel p, struct rect r)
{
    if (r.w <= 0 || r.h < 2 * c->ch)
        return;
    struct rect in = {r.x + 1, r.y + 1, r.w - 2, r.h - 2};
    canvas_fill(c, in, TINT_PANEL);
    canvas_hit(c, in, THING_PANEL, p);
    bool focus = v->focus == p;
    canvas_fill(c, (struct rect){in.x, in.y, in.w, c->ch}, TINT_RAISED);
    canvas_text(c, in.x + c->cw / 2, in.y, focus ? TINT_BRIGHT : TINT_TEXT, "%s%s",
                focus ? "> " : "", view_panel_names[p]);
    struct rect body = {in.x, in.y + c->ch, in.w, in.h - c->ch};
    canvas_clip(c, body);
    draw[p](v, c, body);
    canvas_clip(c, (struct rect){0, 0, c->w, c->h});
    if (focus)
        canvas_box(c, in, TINT_BRIGHT);
}

static void draw_title(struct view *v, struct canvas *c)
{
    struct rect r = {0, 0, c->w, c->ch};
    canvas_fill(c, r, TINT_RAISED);
    int x = c->cw / 2;
    x += canvas_text(c, x, 0, TINT_BRIGHT, "exosim  %s", v->title);
    x += canvas_text(c, x, 0, TINT_TEXT, "   event %" PRIu64 "  cycle %" PRIu64,
                     v->cursor, v->place.cycle);
    if (v->travel)
        x += canvas_text(c, x, 0, TINT_TEXT, "  instruction %" PRIu64,
                         v->place.instruction);
    x += canvas_text(c, x, 0, TINT_TEXT, "  %.3f ms", view_us(v, v->place.cycle) / 1000);
    const char *doing = view_busy(v) ? "working" : v->playing ? "playing" : "paused";
    char speed[40] = "";
    if (v->playing && view_speeds[v->speed])
        snprintf(speed, sizeof speed, " %u events/s", view_speeds[v->speed]);
    else if (v->playing)
        snprintf(speed, sizeof speed, " at full speed");
    canvas_text(c, x, 0, TINT_BRIGHT, "   %s%s%s", v->playing ? "playing" : doing, speed,
                v->ended ? "  (end of the run)" : "");
    canvas_text(c, c->w - 8 * c->cw, 0, TINT_DIM, "F1 help");
}

static void draw_bottom(struct view *v, struct canvas *c)
{
    int y = c->h - 3 * c->ch;
    char text[1200], *second;
    view_draw_timeline(v, c, (struct rect){0, c->h - BOTTOM * c->ch, c->w, 2 * c->ch});
    view_answer_text(v, text, sizeof text);
    second = strchr(text, '\n');
    if (second)
        *second++ = 0;
    canvas_text(c, c->cw / 2, y, TINT_BRIGHT, "%s", text);
    if (second)
        canvas_text(c, c->cw / 2, y + c->ch, TINT_TEXT, "%s", second);
    static const char *const asks[] = {"", "go to (event N, cycle N, instruction N): ",
                                       "stop at (event NAME, call NAME, env N, frame N, "
                                       "owner N, pc NAME, death; or delete N): ",
                                       "search: ",
                                       "select (env N, frame N, page VA, extent N, "
                                       "ring N, event N): "};
    y += 2 * c->ch;
    if (v->prompt)
        canvas_text(c, c->cw / 2, y, TINT_BRIGHT, "%s%s_", asks[v->prompt], v->typed);
    else if (v->failed[0])
        canvas_text(c, c->cw / 2, y, TINT_WARN, "%s", v->failed);
    else if (v->said[0])
        canvas_text(c, c->cw / 2, y, TINT_TEXT, "%s", v->said);
    else
        canvas_text(c, c->cw / 2, y, TINT_DIM,
                    "Space play  s/S step, back  e/E event  t/T trap  i/I instruction  "
                    "o/O of selection  c/C to breakpoint  Tab panel  z zoom  q quit");
}

static void draw_help(struct canvas *c)
{
    struct rect r = {c->w / 8, c->ch * 3, c->w * 3 / 4, 0};
    const char *key, *what;
    unsigned keys = 0;
    while (view_key_help(keys, &key, &what))
        keys++;
    int rows = ((int)keys + 1) / 2, x = r.x + 2 * c->cw;
    r.h = (rows + 3) * c->ch;
    canvas_fill(c, r, TINT_GROUND);
    canvas_box(c, r, TINT_BRIGHT);
    canvas_text(c, x, r.y + c->ch / 2, TINT_BRIGHT, "Keys (F1 or Esc closes this)");
    for (unsigned i = 0; view_key_help(i, &key, &what); i++) {
        int col = (int)i / rows, y = r.y + 2 * c->ch + (int)i % rows * c->ch;
        int at = x + col * (r.w / 2 - c->cw);
        canvas_text(c, at, y, TINT_BRIGHT, "%s", key);
        canvas_text(c, at + 12 * c->cw, y, TINT_TEXT, "%s", what);
    }
}

void view_draw(struct view *v, struct canvas *c, int w, int h)
{
    canvas_begin(c, w, h, c->cw, c->ch);
    canvas_fill(c, (struct rect){0, 0, w, h}, TINT_GROUND);
    draw_title(v, c);
    for (unsigned p = 0; p < PANELS; p++)
        view_draw_panel(v, c, (enum view_panel)p,
                        view_panel_rect(v, c, (enum view_panel)p));
    draw_bottom(v, c);
    if (v->help)
        draw_help(c);
}
