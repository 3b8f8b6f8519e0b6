// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * view_script.c - the viewer without a display: keys from a file, pictures and texts into files. See
 * view_screen.h and docs/view.md. Every key's work is done before the next line is read, and
 * play's time is the script's own, so a script gives the same pictures everywhere.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view_screen.h"

#define FRAME (1 / 60.0)
#define MOST 7680

struct script {
    const struct view_show *show;
    struct view_screen *screen;
    struct canvas c;
    int w, h, line;
    const char *path;
};

static int picture(struct script *s, struct err *err)
{
    int rc = view_screen_cell(s->screen, s->show->scale(s->show->arg), &s->c, err);
    if (rc == 0)
        s->show->draw(s->show->arg, &s->c, s->w, s->h);
    return rc;
}

static void settle(struct script *s)
{
    s->show->tick(s->show->arg, 0, 0);
}

static int key(struct script *s, const char *name, struct err *err)
{
    int rc = picture(s, err);
    if (rc)
        return rc;
    s->show->key(s->show->arg, &s->c, name);
    settle(s);
    return 0;
}

static int wrong(const struct script *s, struct err *err, const char *what)
{
    return err_set(err, ERR_USER, "%s:%d: %s", s->path, s->line, what);
}

/* "NAME [N]" */
static int do_key(struct script *s, char *rest, struct err *err)
{
    char *name = strsep(&rest, " "), *end;
    unsigned long n = rest ? strtoul(rest, &end, 10) : 1;
    int rc = 0;
    if (!name || !*name || (rest && (*end || n == 0 || n > 1000000)))
        return wrong(s, err, "expected key NAME [TIMES]");
    while (rc == 0 && n-- > 0)
        rc = key(s, name, err);
    return rc;
}

static int do_type(struct script *s, char *rest, struct err *err)
{
    int rc = 0;
    for (; rest && *rest && rc == 0; rest++) {
        char one[2] = {*rest, 0};
        rc = key(s, *rest == ' ' ? "Space" : one, err);
    }
    return rc;
}

static int do_shot(struct script *s, char *rest, struct err *err)
{
    if (!rest || !*rest)
        return wrong(s, err, "expected shot FILE.png");
    int rc = picture(s, err);
    if (rc == 0)
        rc = view_screen_draw(s->screen, &s->c, err);
    return rc ? rc : view_screen_png(s->screen, rest, err);
}

static int do_text(struct script *s, char *rest, struct err *err)
{
    int rc = picture(s, err);
    FILE *to = rest && *rest ? fopen(rest, "we") : stdout;
    if (rc == 0 && !to)
        return err_set(err, ERR_USER, "%s: %s", rest, strerror(errno));
    if (rc == 0)
        canvas_dump(&s->c, (struct rect){0, 0, s->w, s->h}, to);
    if (to && to != stdout && fclose(to) != 0 && rc == 0)
        rc = err_set(err, ERR_USER, "%s: %s", rest, strerror(errno));
    return rc;
}

/* The picture's text now, to be freed. */
static char *text_now(struct script *s)
{
    char *text = NULL;
    size_t n;
    FILE *to = open_memstream(&text, &n);
    if (!to)
        return NULL;
    canvas_dump(&s->c, (struct rect){0, 0, s->w, s->h}, to);
    fclose(to);
    return text;
}

static int expect(struct script *s, char *rest, bool there, struct err *err)
{
    int rc = picture(s, err);
    if (rc)
        return rc;
    char *text = text_now(s);
    bool found = text && rest && strstr(text, rest);
    if (found != there) {
        fprintf(stderr, "%s", text ? text : "");
        rc = err_set(err, ERR_USER, "%s:%d: the picture above has %s'%s'", s->path,
                     s->line, there ? "no " : "", rest ? rest : "");
    }
    free(text);
    return rc;
}
static int do_expect(struct script *s, char *rest, struct err *err)
{
    return expect(s, rest, true, err);
}
static int do_refuse(struct script *s, char *rest, struct err *err)
{
    return expect(s, rest, false, err);
}

static int do_size(struct script *s, char *rest, struct err *err)
{
    int w, h, end = 0;
    if (!rest || sscanf(rest, "%dx%d%n", &w, &h, &end) != 2 || rest[end] || w < 160 ||
        h < 100 || w > MOST || h > MOST)
        return wrong(s, err, "expected size WxH, 160x100 to 7680x7680");
    s->w = w;
    s->h = h;
    return 0;
}

/* Plays N display frames of a sixtieth of a second. */
static int do_frames(struct script *s, char *rest, struct err *err)
{
    char *end;
    unsigned long n = rest ? strtoul(rest, &end, 10) : 0;
    int rc = 0;
    if (n == 0 || *end)
        return wrong(s, err, "expected frames N");
    while (rc == 0 && n-- > 0) {
        s->show->tick(s->show->arg, FRAME, 0);
        rc = picture(s, err);
    }
    return rc;
}

static int do_click(struct script *s, char *rest, struct err *err)
{
    int x, y, end = 0;
    if (!rest || sscanf(rest, "%d %d%n", &x, &y, &end) != 2 || rest[end])
        return wrong(s, err, "expected click X Y");
    int rc = picture(s, err);
    if (rc == 0)
        s->show->click(s->show->arg, &s->c, x, y);
    settle(s);
    return rc;
}

static const struct {
    const char *name;
    int (*run)(struct script *s, char *rest, struct err *err);
} words[] = {{"key", do_key},   {"type", do_type},     {"shot", do_shot},
             {"text", do_text}, {"expect", do_expect}, {"refuse", do_refuse},
             {"size", do_size}, {"frames", do_frames}, {"click", do_click}};

static int run_line(struct script *s, char *line, struct err *err)
{
    char *rest = line + strspn(line, " \t");
    rest[strcspn(rest, "\r\n")] = 0;
    if (!*rest || *rest == '#')
        return 0;
    char *word = strsep(&rest, " ");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].name, word) == 0)
            return words[i].run(s, rest, err);
    return wrong(s, err,
                 "expected key, type, shot, text, expect, refuse, size, frames or click");
}

int view_script_run(const struct view_show *show, const char *path, int w, int h,
                    struct err *err)
{
    struct script s = {.show = show, .w = w, .h = h, .path = path};
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (!in)
        return err_set(err, ERR_USER, "--script %s: %s", path, strerror(errno));
    char *line = NULL;
    size_t cap = 0;
    int rc = view_screen_open(&s.screen, err);
    while (rc == 0 && !show->quit(show->arg) && getline(&line, &cap, in) > 0) {
        s.line++;
        rc = run_line(&s, line, err);
    }
    free(line);
    view_screen_close(s.screen);
    canvas_free(&s.c);
    if (in != stdin)
        fclose(in);
    return rc;
}

int view_screenshot(const struct view_show *show, const char *path, int w, int h,
                    struct err *err)
{
    struct script s = {.show = show, .w = w, .h = h, .path = path};
    char *file = mem_str(path);
    int rc = view_screen_open(&s.screen, err);
    if (rc == 0)
        rc = do_shot(&s, file, err);
    free(file);
    view_screen_close(s.screen);
    canvas_free(&s.c);
    return rc;
}
