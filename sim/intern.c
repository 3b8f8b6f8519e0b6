// SPDX-License-Identifier: GPL-2.0-or-later
/* intern.c - a set of strings. See intern.h. */
#include "intern.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include <uthash.h>

struct string {
    uint32_t number;
    char *text;
    UT_hash_handle hh;
};

struct intern {
    struct string *set;
    struct string **by_number;
    uint32_t n;
};

struct intern *intern_new(void)
{
    return mem_zero(1, sizeof(struct intern));
}

void intern_free(struct intern *s)
{
    if (!s)
        return;
    HASH_CLEAR(hh, s->set);
    for (uint32_t i = 0; i < s->n; i++) {
        free(s->by_number[i]->text);
        free(s->by_number[i]);
    }
    free(s->by_number);
    free(s);
}

uint32_t intern_add(struct intern *s, const char *text)
{
    struct string *e;
    HASH_FIND_STR(s->set, text, e);
    if (e)
        return e->number;
    e = mem_zero(1, sizeof *e);
    e->number = s->n;
    e->text = mem_str(text);
    HASH_ADD_KEYPTR(hh, s->set, e->text, strlen(e->text), e);
    if ((s->n & (s->n - 1)) == 0)
        s->by_number = mem_grow(s->by_number, s->n ? 2 * s->n : 64, sizeof *s->by_number);
    s->by_number[s->n] = e;
    return s->n++;
}

const char *intern_text(const struct intern *s, uint32_t i)
{
    return s->by_number[i]->text;
}

uint32_t intern_count(const struct intern *s)
{
    return s->n;
}

/* "a/b/../c" to "a/c", in place. */
static void fold(char *path)
{
    char *up;
    while ((up = strstr(path, "/../"))) {
        char *from = up;
        while (from > path && from[-1] != '/')
            from--;
        memmove(from, up + 4, strlen(up + 4) + 1);
    }
}

/* clang does not shorten the names of assembly files as it was told: the part from the last
 * folder that is one of the tree's. */
static const char *in_tree(const char *file)
{
    static const char *const top[] = {"/exo/", "/libos/", "/workloads/", "/tests/"};
    const char *best = NULL;
    for (unsigned i = 0; *file == '/' && i < sizeof top / sizeof *top; i++)
        for (const char *p = file; (p = strstr(p, top[i])); p++)
            if (!best || p > best)
                best = p;
    return best ? best + 1 : file;
}

uint32_t intern_path(struct intern *s, Dwarf_Die *cu, const char *file)
{
    Dwarf_Attribute attr;
    const char *dir = dwarf_formstring(dwarf_attr(cu, DW_AT_comp_dir, &attr));
    size_t n = dir ? strlen(dir) : 0;
    if (n && strncmp(file, dir, n) == 0 && file[n] == '/')
        file += n + 1;
    char *path = mem_str(in_tree(file));
    fold(path);
    uint32_t number = intern_add(s, path);
    free(path);
    return number;
}
