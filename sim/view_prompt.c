// SPDX-License-Identifier: GPL-2.0-or-later
/* view_prompt.c - lines typed into the viewer: where to go, breakpoints, searches. See view.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view_priv.h"

static void go_to(struct view *v, const char *text)
{
    static const struct {
        const char *name;
        enum travel_axis axis;
    } axes[] = {{"event", TRAVEL_RECORD},
                {"cycle", TRAVEL_CYCLE},
                {"instruction", TRAVEL_INSTRUCTION},
                {"", TRAVEL_RECORD}};
    char *end;
    for (size_t i = 0; i < sizeof axes / sizeof *axes; i++) {
        size_t n = strlen(axes[i].name);
        const char *number = text + n + strspn(text + n, " ");
        if (strncmp(text, axes[i].name, n) != 0 || *number < '0' || *number > '9')
            continue;
        uint64_t value = strtoull(number, &end, 0);
        if (*end == 0) {
            view_go(v, axes[i].axis, value);
            return;
        }
    }
    snprintf(v->failed, sizeof v->failed,
             "'%s': expected event N, cycle N or instruction N", text);
}

static void break_at(struct view *v, char *text)
{
    struct err err;
    char *rest = text, *what = strsep(&rest, " "), *end;
    if (rest)
        rest += strspn(rest, " ");
    if (what && rest && strcmp(what, "delete") == 0) {
        uint64_t n = strtoull(rest, &end, 10);
        if (n == 0 || n > v->breaks.n || *end)
            snprintf(v->failed, sizeof v->failed, "delete: no breakpoint %s", rest);
        else
            breaks_delete(&v->breaks, (unsigned)n - 1);
    } else if (what && strcmp(what, "pc") == 0 && v->travel) {
        if (!rest)
            v->npc = 0;
        else if (view_pc_add(v, rest, &err))
            snprintf(v->failed, sizeof v->failed, "%.255s", err.msg);
    } else if (what && rest && strcmp(what, "owner") == 0 && v->travel) {
        v->owner_watch = strtoull(rest, &end, 0) + 1;
    } else if (breaks_add(&v->breaks, v->calls, what, rest, &err)) {
        snprintf(v->failed, sizeof v->failed, "%.255s", err.msg);
    } else {
        snprintf(v->said, sizeof v->said, "c and C stop at: %s",
                 v->breaks.at[v->breaks.n - 1].text);
    }
}

static void pick(struct view *v, const char *text)
{
    static const struct {
        const char *name;
        enum thing thing;
    } things[] = {{"env ", THING_ENV},   {"frame ", THING_FRAME},
                  {"page ", THING_PAGE}, {"extent ", THING_EXTENT},
                  {"ring ", THING_RING}, {"event ", THING_EVENT}};
    char *end;
    for (size_t i = 0; i < sizeof things / sizeof *things; i++) {
        size_t n = strlen(things[i].name);
        if (strncmp(text, things[i].name, n) != 0 || text[n] < '0' || text[n] > '9')
            continue;
        uint64_t id = strtoull(text + n, &end, 0);
        if (*end == 0 && (things[i].thing != THING_EVENT || id > 0)) {
            v->sel = (struct pick){things[i].thing,
                                   things[i].thing == THING_EVENT ? id - 1 : id};
            return;
        }
    }
    snprintf(v->failed, sizeof v->failed,
             "'%s': expected env, frame, page, extent, ring or event and a number", text);
}

static void answer(struct view *v)
{
    enum view_prompt p = v->prompt;
    v->prompt = PROMPT_NONE;
    v->failed[0] = v->said[0] = 0;
    if (p == PROMPT_SEARCH) {
        snprintf(v->search, sizeof v->search, "%s", v->typed);
        if (v->search[0])
            view_find(v, MATCH_TEXT, 1, false);
    } else if (v->typed[0] && p == PROMPT_GOTO) {
        go_to(v, v->typed);
    } else if (v->typed[0] && p == PROMPT_PICK) {
        pick(v, v->typed);
    } else if (v->typed[0]) {
        break_at(v, v->typed);
    }
}

void view_prompt_key(struct view *v, const char *key)
{
    size_t n = strlen(v->typed);
    if (strcmp(key, "Enter") == 0)
        answer(v);
    else if (strcmp(key, "Esc") == 0)
        v->prompt = PROMPT_NONE;
    else if (strcmp(key, "Backspace") == 0 && n > 0)
        v->typed[n - 1] = 0;
    else if (strcmp(key, "Space") == 0 && n + 1 < sizeof v->typed)
        strcpy(v->typed + n, " ");
    else if (key[0] && !key[1] && n + 1 < sizeof v->typed)
        strcpy(v->typed + n, key);
}
