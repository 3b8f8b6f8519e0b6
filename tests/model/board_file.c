// SPDX-License-Identifier: GPL-2.0-or-later
/* board_file.c - see board_file.h. */
#include "board_file.h"
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *what, const char *which)
{
    fprintf(stderr, "board: %s: %s\n", what, which);
    abort();
}

void *board_load(const char *name)
{
    char path[1024];
    if (strchr(name, '/'))
        snprintf(path, sizeof path, "%s", name);
    else
        snprintf(path, sizeof path, "%s/%s.dtb", BOARD_DIR, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        die("cannot open", path);
    size_t max = 1 << 20;
    char *buf = malloc(max);
    size_t len = fread(buf, 1, max, f);
    fclose(f);
    if (fdt_check_full(buf, len) != 0)
        die("no device tree", path);
    return buf;
}

static uint64_t number(const void *value, int len)
{
    uint64_t v = 0;
    if (len != 4 && len != 8)
        die("property", "is no number");
    for (int i = 0; i < len; i++)
        v = v << 8 | ((const uint8_t *)value)[i];
    return v;
}

void board_params(const void *fdt, int node, const struct hw_model *m,
                  struct rig_set *set)
{
    size_t n = 0;
    int off;
    fdt_for_each_property_offset(off, fdt, node)
    {
        const char *name;
        int len;
        const void *value = fdt_getprop_by_offset(fdt, off, &name, &len);
        if (!value || strncmp(name, "exo,", 4) != 0)
            continue;
        size_t i = 0;
        while (i < m->nparams && strcmp(m->params[i].name, name) != 0)
            i++;
        if (i == m->nparams || n + 1 >= RIG_MAX_VALUES)
            die(m->compatible, name);
        if (m->params[i].type == HW_PARAM_STRING)
            set[n++] = (struct rig_set){m->params[i].name, 0, value};
        else
            set[n++] = (struct rig_set){m->params[i].name, number(value, len), NULL};
    }
    set[n] = (struct rig_set){0};
}

const struct hw_model *board_mmu(const void *fdt, struct rig_set *set)
{
    int node;
    fdt_for_each_subnode(node, fdt, 0)
    {
        const char *c = fdt_getprop(fdt, node, "compatible", NULL);
        if (c && strncmp(c, "exo,mmu-", 8) == 0) {
            const struct hw_model *m = rig_model(c);
            board_params(fdt, node, m, set);
            return m;
        }
    }
    die("no MMU", "board");
    return NULL;
}
