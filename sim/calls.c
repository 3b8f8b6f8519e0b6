// SPDX-License-Identifier: GPL-2.0-or-later
/* calls.c - names of the exokernel's calls. See calls.h. */
#include "calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "data.h"
#include "model.h"

#define COLUMNS 6

int calls_read(struct calls *c, const char *path, struct err *err)
{
    *c = (struct calls){0};
    size_t n;
    c->lines = data_lines(path, &n);
    if (!c->lines)
        return err_set(err, ERR_USER,
                       "%s is not there: calls have no names (is it built?)", path);
    for (size_t i = 0; i < n; i++) {
        char *col[COLUMNS] = {0}, *rest = c->lines[i], *end;
        for (int k = 0; k < COLUMNS; k++)
            col[k] = strsep(&rest, "\t");
        if (!col[COLUMNS - 1])
            continue;
        unsigned long number = strtoul(col[0], &end, 0);
        if (end == col[0] || *end || number >= CALLS_MAX) /* the heading */
            continue;
        c->call[number] = (struct call){true, col[1], col[2], col[3], col[4], col[5]};
    }
    return 0;
}

void calls_free(struct calls *c)
{
    free(c->lines);
    *c = (struct calls){0};
}

const char *calls_name(const struct calls *c, uint64_t number)
{
    if (number >= CALLS_FIRST)
        number -= CALLS_FIRST;
    return number < CALLS_MAX ? c->call[number].name : NULL;
}

/* "NIC" is any, "NIC_RING" that kind; NULL: the machine has none. */
static bool is_kind(const char *column, const char *class_, const char *kind)
{
    size_t n = strlen(class_);
    if (!kind || strncasecmp(column, class_, n) != 0)
        return false;
    return column[n] == 0 || (column[n] == '_' && strcasecmp(column + n + 1, kind) == 0);
}

bool calls_exists(const struct call *c, struct calls_hardware hw)
{
    if (!c->there)
        return false;
    return strcasecmp(c->hardware, "ALL") == 0 ||
           is_kind(c->hardware, "MMU", mmu_kind_name(hw.mmu)) ||
           is_kind(c->hardware, "DISK", disk_kind_name(hw.disk)) ||
           is_kind(c->hardware, "NIC", nic_kind_name(hw.nic));
}

char *calls_text(const struct calls *c)
{
    char *text = NULL;
    size_t len;
    FILE *f = open_memstream(&text, &len);
    for (unsigned i = 0; f && i < CALLS_MAX; i++)
        if (c->call[i].there)
            fprintf(f, "call %u %s\n", i, c->call[i].name);
    if (f)
        fclose(f);
    return text ? text : mem_str("");
}
