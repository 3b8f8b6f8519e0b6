// SPDX-License-Identifier: GPL-2.0-or-later
/* view_keys.c - keys, clicks and typed lines, turned into what the model can do. See view.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view_priv.h"

typedef void key_fn(struct view *v, const struct canvas *c);

/* ---- time ---- */

static void find(struct view *v, enum view_match m, bool back)
{
    v->playing = false;
    view_find(v, m, 1, back);
}

static void step(struct view *v, const struct canvas *c)
{
    (void)c;
    find(v, MATCH_RESOURCE, false);
}
static void step_back(struct view *v, const struct canvas *c)
{
    (void)c;
    find(v, MATCH_RESOURCE, true);
}
static void event(struct view *v, const struct canvas *c)
{
    (void)c;
    find(v, MATCH_ANY, false);
}
static void event_back(struct view *v, const struct canvas *c)
{
    (void)c;
    find(v, MATCH_ANY, true);
}
static void trap(struct view *v, const struct canvas *c)
{
    (void)c;
    find(v, MATCH_TRAP, false);
}
static void trap_back(struct view *v, const struct canvas *c)
{
    (void)c;
    find(v, MATCH_TRAP, true);
}

static void by_instruction(struct view *v, bool back)
{
    uint64_t here = v->place.instruction;
    v->playing = false;
    if (!v->travel)
        snprintf(v->failed, sizeof v->failed,
                 "a trace has no instructions: view the program itself");
    else if (back && here == 0)
        snprintf(v->failed, sizeof v->failed, "this is the beginning");
    else
        view_go(v, TRAVEL_INSTRUCTION, back ? here - 1 : here + 1);
}
static void instruction(struct view *v, const struct canvas *c)
{
    (void)c;
    by_instruction(v, false);
}
static void instruction_back(struct view *v, const struct canvas *c)
{
    (void)c;
    by_instruction(v, true);
}

static bool any_selected(struct view *v)
{
    if (v->sel.thing != THING_NONE && v->sel.thing != THING_EVENT)
        return true;
    snprintf(v->failed, sizeof v->failed,
             "select something first: Tab to a panel, arrow keys, or click");
    return false;
}
static void selected(struct view *v, const struct canvas *c)
{
    (void)c;
    if (any_selected(v))
        find(v, MATCH_SELECTED, false);
}
static void selected_back(struct view *v, const struct canvas *c)
{
    (void)c;
    if (any_selected(v))
        find(v, MATCH_SELECTED, true);
}

static bool any_break(struct view *v)
{
    if (v->breaks.n > 0 || v->owner_watch || v->npc)
        return true;
    snprintf(v->failed, sizeof v->failed, "no breakpoint: b sets one, w watches a frame");
    return false;
}
static void to_break(struct view *v, const struct canvas *c)
{
    (void)c;
    if (any_break(v))
        find(v, MATCH_BREAK, false);
}
static void back_to_break(struct view *v, const struct canvas *c)
{
    (void)c;
    if (any_break(v))
        find(v, MATCH_BREAK, true);
}

static void play(struct view *v, const struct canvas *c)
{
    (void)c;
    v->playing = !v->playing;
    v->due = 0;
    v->failed[0] = 0;
}
static void faster(struct view *v, const struct canvas *c)
{
    (void)c;
    if (v->speed + 1 < view_speed_count())
        v->speed++;
    snprintf(v->said, sizeof v->said,
             view_speeds[v->speed] ? "speed: %u events a second" : "speed: all there is",
             view_speeds[v->speed]);
}
static void slower(struct view *v, const struct canvas *c)
{
    (void)c;
    if (v->speed > 0)
        v->speed--;
    snprintf(v->said, sizeof v->said, "speed: %u events a second", view_speeds[v->speed]);
}

static void to_start(struct view *v, const struct canvas *c)
{
    (void)c;
    v->playing = false;
    view_go(v, TRAVEL_RECORD, 0);
}
static void to_end(struct view *v, const struct canvas *c)
{
    (void)c;
    v->playing = false;
    view_go(v, TRAVEL_RECORD, v->travel ? UINT64_MAX - 1 : history_known(v->history));
}

static void scrub(struct view *v, bool back)
{
    uint64_t known = history_known(v->history), by = known / 100 + 1;
    v->playing = false;
    view_go(v, TRAVEL_RECORD,
            back ? (v->cursor > by ? v->cursor - by : 0) : v->cursor + by);
}
static void scrub_back(struct view *v, const struct canvas *c)
{
    (void)c;
    scrub(v, true);
}
static void scrub_on(struct view *v, const struct canvas *c)
{
    (void)c;
    scrub(v, false);
}

/* ---- looking ---- */

static void focus_by(struct view *v, int by)
{
    v->focus = (enum view_panel)(((int)v->focus + by + PANELS) % PANELS);
}
static void next_panel(struct view *v, const struct canvas *c)
{
    (void)c;
    focus_by(v, 1);
}
static void previous_panel(struct view *v, const struct canvas *c)
{
    (void)c;
    focus_by(v, -1);
}
static void zoom(struct view *v, const struct canvas *c)
{
    (void)c;
    v->zoom = !v->zoom;
}
static void help(struct view *v, const struct canvas *c)
{
    (void)c;
    v->help = !v->help;
}

static void up(struct view *v, const struct canvas *c)
{
    view_move(v, c, 0, -1);
}
static void down(struct view *v, const struct canvas *c)
{
    view_move(v, c, 0, 1);
}
static void left(struct view *v, const struct canvas *c)
{
    view_move(v, c, -1, 0);
}
static void right(struct view *v, const struct canvas *c)
{
    view_move(v, c, 1, 0);
}
static void page_up(struct view *v, const struct canvas *c)
{
    view_scroll(v, c, v->focus == PANEL_CONSOLE ? 1 : -1);
}
static void page_down(struct view *v, const struct canvas *c)
{
    view_scroll(v, c, v->focus == PANEL_CONSOLE ? -1 : 1);
}

static void filter(struct view *v, const struct canvas *c)
{
    (void)c;
    v->filter = (enum view_filter)((v->filter + 1) % FILTERS);
}
static void core(struct view *v, const struct canvas *c)
{
    (void)c;
    v->core = (v->core + 1) % v->cores;
    view_state_read(v);
}
static void bigger(struct view *v, const struct canvas *c)
{
    (void)c;
    v->scale = v->scale < 4 ? v->scale + 0.25 : v->scale;
}
static void smaller(struct view *v, const struct canvas *c)
{
    (void)c;
    v->scale = v->scale > 0.75 ? v->scale - 0.25 : v->scale;
}
static void wider(struct view *v, const struct canvas *c)
{
    (void)c;
    uint64_t s = v->span ? v->span : v->clock_hz / 50;
    v->span = s < (UINT64_C(1) << 50) ? s * 2 : s;
}
static void narrower(struct view *v, const struct canvas *c)
{
    (void)c;
    uint64_t s = v->span ? v->span : v->clock_hz / 50;
    v->span = s > 1000 ? s / 2 : s;
}

/* ---- asking ---- */

static void who(struct view *v, const struct canvas *c)
{
    (void)c;
    view_who(v, false);
}
static void jump(struct view *v, const struct canvas *c)
{
    (void)c;
    bool answered =
        v->answer.what.thing == v->sel.thing && v->answer.what.id == v->sel.id;
    v->playing = false;
    if (answered && v->answer.known)
        view_go(v, TRAVEL_RECORD, v->answer.event + 1);
    else
        view_who(v, true);
}
static void watch(struct view *v, const struct canvas *c)
{
    (void)c;
    if (v->owner_watch) {
        v->owner_watch = 0;
        snprintf(v->said, sizeof v->said, "no frame is watched any more");
    } else if (v->sel.thing != THING_FRAME || !v->travel) {
        snprintf(v->failed, sizeof v->failed, "select a frame first");
    } else {
        v->owner_watch = v->sel.id + 1;
        snprintf(v->said, sizeof v->said,
                 "c and C stop when frame %" PRIu64 " changes owner", v->sel.id);
    }
}
static void ask(struct view *v, enum view_prompt p)
{
    v->prompt = p;
    v->typed[0] = 0;
}
static void ask_goto(struct view *v, const struct canvas *c)
{
    (void)c;
    ask(v, PROMPT_GOTO);
}
static void ask_break(struct view *v, const struct canvas *c)
{
    (void)c;
    ask(v, PROMPT_BREAK);
    int at = 0;
    v->said[0] = 0;
    for (unsigned i = 0; i < v->breaks.n && at < (int)sizeof v->said; i++)
        at += snprintf(v->said + at, sizeof v->said - (size_t)at, "%s%u: %s",
                       i ? "   " : "breakpoints  ", i + 1, v->breaks.at[i].text);
}
static void ask_search(struct view *v, const struct canvas *c)
{
    (void)c;
    ask(v, PROMPT_SEARCH);
}
/* Of the selected event, or the one the cursor is behind. */
static void subject(struct view *v, const struct canvas *c)
{
    struct hw_trace_record r;
    uint64_t k = v->sel.thing == THING_EVENT ? v->sel.id : v->cursor - 1;
    (void)c;
    if ((v->cursor > 0 || v->sel.thing == THING_EVENT) && history_get(v->history, k, &r))
        v->sel = view_subject(v, &r);
}
static void ask_pick(struct view *v, const struct canvas *c)
{
    (void)c;
    ask(v, PROMPT_PICK);
}
static void next_match(struct view *v, const struct canvas *c)
{
    (void)c;
    find(v, MATCH_TEXT, false);
}
static void previous_match(struct view *v, const struct canvas *c)
{
    (void)c;
    find(v, MATCH_TEXT, true);
}
static void escape(struct view *v, const struct canvas *c)
{
    (void)c;
    if (v->help)
        v->help = false;
    else if (v->zoom)
        v->zoom = false;
    else
        v->sel = (struct pick){THING_NONE, 0};
    v->playing = false;
    v->job.kind = JOB_NONE;
    if (v->travel)
        view_arrive(v, travel_place(v->travel).record < v->cursor
                           ? travel_place(v->travel).record
                           : v->cursor);
}
static void quit(struct view *v, const struct canvas *c)
{
    (void)c;
    v->quit = true;
}

static const struct key {
    const char *name, *also, *what;
    key_fn *run;
} keys[] = {
    {"Space", NULL, "play, pause", play},
    {"+", "=", "play faster", faster},
    {"-", NULL, "play slower", slower},
    {"s", ".", "to the next resource event", step},
    {"S", ",", "to the resource event before", step_back},
    {"e", NULL, "to the next event of any kind", event},
    {"E", NULL, "to the event before", event_back},
    {"t", NULL, "to the next trap", trap},
    {"T", NULL, "to the trap before", trap_back},
    {"i", NULL, "one instruction on", instruction},
    {"I", NULL, "one instruction back", instruction_back},
    {"o", NULL, "to the next event of what is selected", selected},
    {"O", NULL, "to the one before", selected_back},
    {"c", NULL, "on to a breakpoint", to_break},
    {"C", NULL, "back to a breakpoint", back_to_break},
    {"Home", NULL, "to the beginning", to_start},
    {"End", NULL, "to the end of the run", to_end},
    {"[", NULL, "a hundredth of the run back", scrub_back},
    {"]", NULL, "a hundredth of the run on", scrub_on},
    {"g", NULL, "go to an event, cycle or instruction", ask_goto},
    {"b", NULL, "set a breakpoint, or delete one", ask_break},
    {"x", NULL, "watch the selected frame's owner", watch},
    {"a", NULL, "select what the event is about", subject},
    {"p", NULL, "pick a thing by its name", ask_pick},
    {"w", NULL, "who owns the selection, since when, how", who},
    {"Enter", NULL, "jump to the event that did it", jump},
    {"/", NULL, "search the events' words", ask_search},
    {"n", NULL, "next event found", next_match},
    {"N", NULL, "the one before", previous_match},
    {"f", NULL, "which events are listed", filter},
    {"Tab", NULL, "next panel", next_panel},
    {"BackTab", NULL, "panel before", previous_panel},
    {"Up", NULL, "select what is above", up},
    {"Down", NULL, "select what is below", down},
    {"Left", NULL, "select to the left", left},
    {"Right", NULL, "select to the right", right},
    {"PageUp", NULL, "scroll the panel up", page_up},
    {"PageDown", NULL, "scroll the panel down", page_down},
    {"z", NULL, "the panel alone, all panels", zoom},
    {"k", NULL, "the next core's code and MMU", core},
    {"<", NULL, "slices: less time", narrower},
    {">", NULL, "slices: more time", wider},
    {"F2", NULL, "smaller text", smaller},
    {"F3", NULL, "larger text", bigger},
    {"Esc", NULL, "stop; close; select nothing", escape},
    {"F1", "?", "this help", help},
    {"q", NULL, "leave", quit},
};
#define KEYS (sizeof keys / sizeof *keys)

bool view_key_help(unsigned i, const char **key, const char **what)
{
    if (i >= KEYS)
        return false;
    *key = keys[i].name;
    *what = keys[i].what;
    return true;
}

bool view_key(struct view *v, const struct canvas *c, const char *key)
{
    if (v->prompt) {
        view_prompt_key(v, key);
        return true;
    }
    for (size_t i = 0; i < KEYS; i++)
        if (strcmp(keys[i].name, key) == 0 ||
            (keys[i].also && strcmp(keys[i].also, key) == 0)) {
            v->failed[0] = v->said[0] = 0;
            keys[i].run(v, c);
            return true;
        }
    return false;
}
