// SPDX-License-Identifier: GPL-2.0-or-later
/* types.c - structures out of DWARF, by libdw. See types.h. */
#include "types.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct member {
    char *name;
    struct types_field at;
};

struct structure {
    char *name;
    uint64_t size;
    struct member *member;
    size_t n;
};

struct types {
    struct structure *s;
    size_t n;
};

static const struct structure *find(const struct types *t, const char *name)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->s[i].name, name) == 0)
            return &t->s[i];
    return NULL;
}

static uint64_t size_of(Dwarf_Die *die)
{
    Dwarf_Attribute attr;
    Dwarf_Die type;
    Dwarf_Word size;
    if (!dwarf_attr_integrate(die, DW_AT_type, &attr) ||
        !dwarf_formref_die(&attr, &type) || dwarf_aggregate_size(&type, &size) != 0)
        return 0;
    return size;
}

static void add_member(struct structure *s, Dwarf_Die *die)
{
    Dwarf_Attribute attr;
    Dwarf_Word offset = 0;
    const char *name = dwarf_diename(die);
    if (!name)
        return;
    if (dwarf_attr(die, DW_AT_data_member_location, &attr))
        dwarf_formudata(&attr, &offset);
    s->member = mem_grow(s->member, s->n + 1, sizeof *s->member);
    s->member[s->n++] = (struct member){mem_str(name), {offset, size_of(die)}};
}

static void add_structure(struct types *t, Dwarf_Die *die)
{
    Dwarf_Word size;
    const char *name = dwarf_diename(die);
    if (!name || dwarf_aggregate_size(die, &size) != 0 || find(t, name))
        return;
    t->s = mem_grow(t->s, t->n + 1, sizeof *t->s);
    struct structure *s = &t->s[t->n++];
    *s = (struct structure){.name = mem_str(name), .size = size};
    Dwarf_Die child;
    for (int rc = dwarf_child(die, &child); rc == 0; rc = dwarf_siblingof(&child, &child))
        if (dwarf_tag(&child) == DW_TAG_member)
            add_member(s, &child);
}

static void read_units(struct types *t, Dwarf *dw)
{
    Dwarf_Off off = 0, next;
    size_t head;
    while (dwarf_nextcu(dw, off, &next, &head, NULL, NULL, NULL) == 0) {
        Dwarf_Die unit, die;
        if (dwarf_offdie(dw, off + head, &unit))
            for (int rc = dwarf_child(&unit, &die); rc == 0;
                 rc = dwarf_siblingof(&die, &die))
                if (dwarf_tag(&die) == DW_TAG_structure_type)
                    add_structure(t, &die);
        off = next;
    }
}

int types_open(const char *path, struct types **out, struct err *err)
{
    *out = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    Dwarf *dw = fd >= 0 ? dwarf_begin(fd, DWARF_C_READ) : NULL;
    struct types *t = mem_zero(1, sizeof *t);
    if (dw)
        read_units(t, dw);
    dwarf_end(dw);
    if (fd >= 0)
        close(fd);
    if (t->n == 0) {
        types_close(t);
        return err_set(err, ERR_USER, "%s: no debugging information (DWARF) in it", path);
    }
    *out = t;
    return 0;
}

void types_close(struct types *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n; i++) {
        for (size_t k = 0; k < t->s[i].n; k++)
            free(t->s[i].member[k].name);
        free(t->s[i].member);
        free(t->s[i].name);
    }
    free(t->s);
    free(t);
}

uint64_t types_size(const struct types *t, const char *name)
{
    const struct structure *s = find(t, name);
    return s ? s->size : 0;
}

bool types_field(const struct types *t, const char *name, const char *field,
                 struct types_field *out)
{
    const struct structure *s = find(t, name);
    for (size_t i = 0; s && i < s->n; i++)
        if (strcmp(s->member[i].name, field) == 0) {
            *out = s->member[i].at;
            return true;
        }
    return false;
}
