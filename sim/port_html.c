// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port_html.c - the report as one page: sim/port_page.html (DATA/report/page.html) with the report's
 * JSON in it. See port_report.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "port_json.h"

#define LISTED 40u /* functions of each run */
#define MARK "\nDATA\n"

/* The page's file whole; NULL: it cannot be read. */
static char *read_page(const char *path)
{
    FILE *f = fopen(path, "re");
    char *text = NULL;
    size_t n = 0;
    if (!f)
        return NULL;
    ssize_t got = getdelim(&text, &n, 0, f);
    fclose(f);
    if (got >= 0)
        return text;
    free(text);
    return NULL;
}

/* [api][from][to] of one figure of all pairs. */
struct grid {
    json_t *write, *margin;
};

static json_t *cube(size_t n, size_t boards)
{
    json_t *out = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *from = json_array();
        for (size_t a = 0; a < boards; a++)
            json_array_append_new(from, json_array());
        json_array_append_new(out, from);
    }
    return out;
}

static int fill(const struct port_report *r, struct grid *g, struct err *err)
{
    size_t boards = cost_boards(r->cost);
    g->write = cube(r->n, boards);
    g->margin = cube(r->n, boards);
    for (size_t a = 0; a < boards; a++)
        for (size_t b = 0; b < boards; b++) {
            struct cost_port *p;
            int rc = cost_port(r->cost, a, b, NULL, &p, err);
            if (rc)
                return rc;
            for (size_t i = 0; i < r->n; i++) {
                const struct cost_port_row *row = &p->api[r->api[i]];
                json_array_append_new(
                    json_array_get(json_array_get(g->write, i), a),
                    json_integer(cost_total(&row->alone, COST_CLASSES).lines));
                json_array_append_new(
                    json_array_get(json_array_get(g->margin, i), a),
                    json_integer(cost_total(&row->margin, COST_CLASSES).lines));
            }
            cost_port_free(p);
        }
    return 0;
}

static int write_page(const char *page, const char *mark, const json_t *json,
                      const char *path, struct err *err)
{
    FILE *f = fopen(path, "we");
    if (!f)
        return err_set(err, ERR_USER, "%s: %s", path, strerror(errno));
    errno = 0;
    /* slashes are escaped: no text can end the script element */
    bool bad = fwrite(page, 1, (size_t)(mark - page) + 1, f) == 0;
    bad |= json_dumpf(json, f, JSON_COMPACT | JSON_ESCAPE_SLASH) != 0;
    bad |= fputs(mark + strlen(MARK) - 1, f) == EOF;
    bad |= fclose(f) != 0;
    return bad ? err_set(err, ERR_USER, "%s: %s", path, strerror(errno ? errno : EIO))
               : 0;
}

int port_html_write(const struct port_report *r, const struct port_checks *checks,
                    const char *path, struct err *err)
{
    char *file = data_path("report/page.html");
    char *page = read_page(file), *mark = page ? strstr(page, MARK) : NULL;
    struct grid g = {0};
    int rc = mark ? fill(r, &g, err)
                  : err_set(err, ERR_USER, "%s: %s", file,
                            page ? "no line DATA: not the report's page"
                                 : "cannot be read: is exosim built?");
    if (rc == 0) {
        json_t *json = port_json_base(r, checks, LISTED);
        json_object_set(json, "write", g.write);
        json_object_set(json, "margin", g.margin);
        rc = write_page(page, mark, json, path, err);
        json_decref(json);
    }
    json_decref(g.write);
    json_decref(g.margin);
    free(page);
    free(file);
    return rc;
}
