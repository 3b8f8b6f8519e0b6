// SPDX-License-Identifier: GPL-2.0-or-later
/* api.c - lists of the library OS: its functions, its hooks. See api.h. */
#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "model.h"

#define COLUMNS 4

/* Columns of a line, cut in place; false if there are fewer. */
static bool columns(char *line, const char *col[COLUMNS])
{
    for (int k = 0; k < COLUMNS; k++)
        if (!(col[k] = strsep(&line, "\t")))
            return false;
    return true;
}

int api_read(struct api *a, struct err *err)
{
    *a = (struct api){0};
    char *path = data_path("guest/api.tsv");
    size_t n;
    int rc = 0;
    a->lines = data_lines(path, &n);
    if (!a->lines || n < 2)
        rc = err_set(err, ERR_USER, "%s is not there: is the library built?", path);
    a->function = mem_zero(n + 1, sizeof *a->function);
    for (size_t i = 1; rc == 0 && i < n; i++) { /* behind the heading */
        const char *col[COLUMNS];
        if (!columns(a->lines[i], col))
            rc = err_set(err, ERR_USER, "%s: line %zu has fewer than %d columns", path,
                         i + 1, COLUMNS);
        else
            a->function[a->n++] = (struct api_function){col[0], col[1], col[2], col[3]};
    }
    free(path);
    return rc;
}

void api_free(struct api *a)
{
    free(a->function);
    free(a->lines);
    *a = (struct api){0};
}

const struct api_function *api_find(const struct api *a, const char *name)
{
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->function[i].name, name) == 0)
            return &a->function[i];
    return NULL;
}

bool api_has_group(const struct api *a, const char *group)
{
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->function[i].group, group) == 0)
            return true;
    return false;
}

static unsigned class_of(const char *name)
{
    for (unsigned k = HW_CLASS_CPU; k <= HW_CLASS_NIC; k++)
        if (strcmp(class_name(k), name) == 0)
            return k;
    return 0;
}

int hooks_read(struct hooks *h, struct err *err)
{
    *h = (struct hooks){0};
    char *path = data_path("guest/hooks.tsv");
    size_t n;
    int rc = 0;
    h->lines = data_lines(path, &n);
    for (size_t i = 1; rc == 0 && h->lines && i < n && h->n < HOOKS_MAX; i++) {
        const char *col[COLUMNS];
        struct hook *to = &h->hook[h->n];
        if (!columns(h->lines[i], col) || !(to->class_ = class_of(col[0]))) {
            rc = err_set(err, ERR_USER,
                         "%s: line %zu: expected class, number, name, contract", path,
                         i + 1);
            break;
        }
        to->number = (unsigned)strtoul(col[1], NULL, 10);
        snprintf(to->name, sizeof to->name, "%.8s.%.36s", col[0], col[2]);
        to->contract = col[3];
        h->n++;
    }
    free(path);
    return rc;
}

void hooks_free(struct hooks *h)
{
    free(h->lines);
    *h = (struct hooks){0};
}

size_t hooks_of_mark(const struct hooks *h, uint64_t mark)
{
    size_t i = 0;
    if ((mark & HOOK_MARK_MASK) != HOOK_MARK)
        return h->n;
    while (i < h->n && (h->hook[i].class_ != (mark >> 8 & 0xff) ||
                        h->hook[i].number != (mark & 0xff)))
        i++;
    return i;
}
