// SPDX-License-Identifier: GPL-2.0-or-later
/* cost_dwarf.c - source lines of an object's code and members of its structs, by libdw. The
 * object's sections are relocated already (cost_elf.c). */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "cost_priv.h"

/* Calls visit for each compilation unit until it returns true. */
static bool each_unit(Dwarf *dw, bool (*visit)(void *arg, Dwarf_Die *cu), void *arg)
{
    Dwarf_Off off = 0, next;
    size_t head;
    while (dwarf_nextcu(dw, off, &next, &head, NULL, NULL, NULL) == 0) {
        Dwarf_Die cu;
        if (dwarf_offdie(dw, off + head, &cu) && visit(arg, &cu))
            return true;
        off = next;
    }
    return false;
}

/* ---- lines ---- */

struct lines {
    struct cost_names *names;
    struct unit_lines *out;
    bool any;
};

static void add_row(struct lines *l, Dwarf_Die *cu, Dwarf_Line *line, Dwarf_Line *next)
{
    Dwarf_Addr start, end;
    bool over;
    int number;
    const char *file;
    if (dwarf_lineendsequence(line, &over) != 0 || over ||
        dwarf_lineaddr(line, &start) != 0 || dwarf_lineaddr(next, &end) != 0 ||
        end <= start || dwarf_lineno(line, &number) != 0 ||
        !(file = dwarf_linesrc(line, NULL, NULL)))
        return;
    struct line_row *r = &l->out->row[l->out->n++];
    r->start = start;
    r->end = end;
    r->file = intern_path(l->names->files, cu, file);
    r->line = number > 0 ? names_line(l->names, r->file, (uint32_t)number) : COST_NONE;
}

static bool visit_lines(void *arg, Dwarf_Die *cu)
{
    struct lines *l = arg;
    Dwarf_Lines *lines;
    size_t n;
    Dwarf_Attribute attr;
    Dwarf_Word language = 0;
    const char *name = dwarf_diename(cu);
    if (name)
        l->out->file = intern_path(l->names->files, cu, name);
    dwarf_formudata(dwarf_attr(cu, DW_AT_language, &attr), &language);
    l->out->assembly = language == DW_LANG_Mips_Assembler;
    l->any = true;
    if (dwarf_getsrclines(cu, &lines, &n) != 0)
        return false;
    l->out->row = mem_grow(l->out->row, l->out->n + n + 1, sizeof *l->out->row);
    for (size_t i = 0; i + 1 < n; i++)
        add_row(l, cu, dwarf_onesrcline(lines, i), dwarf_onesrcline(lines, i + 1));
    return false;
}

static int by_start(const void *a, const void *b)
{
    const struct line_row *x = a, *y = b;
    return (x->start > y->start) - (x->start < y->start);
}

int dwarf_lines(const struct object *o, struct cost_names *names, struct unit_lines *out,
                struct err *err)
{
    *out = (struct unit_lines){.file = COST_NONE};
    struct lines l = {names, out, false};
    Dwarf *dw = dwarf_begin_elf(o->elf, DWARF_C_READ, NULL);
    if (dw)
        each_unit(dw, visit_lines, &l);
    dwarf_end(dw);
    bool code = false;
    for (size_t i = 0; i < o->nsections; i++)
        code = code || (object_is_code(&o->section[i]) && o->section[i].size > 0);
    if (code && out->n == 0)
        return err_set(err, ERR_USER,
                       "%s: %s has code but no DWARF lines: build it again with -g",
                       o->archive, o->member);
    if (out->n > 0)
        qsort(out->row, out->n, sizeof *out->row, by_start);
    return 0;
}

/* ---- members ---- */

struct member {
    const char *type, *name;
    int64_t offset;
};

static bool find_member(struct member *m, Dwarf_Die *type)
{
    Dwarf_Die child;
    if (dwarf_child(type, &child) != 0)
        return false;
    do {
        Dwarf_Attribute attr;
        Dwarf_Word offset = 0;
        const char *name = dwarf_diename(&child);
        if (dwarf_tag(&child) != DW_TAG_member || !name || strcmp(name, m->name) != 0)
            continue;
        if (dwarf_attr(&child, DW_AT_data_member_location, &attr) &&
            dwarf_formudata(&attr, &offset) != 0)
            return false;
        m->offset = (int64_t)offset;
        return true;
    } while (dwarf_siblingof(&child, &child) == 0);
    return false;
}

static bool visit_types(void *arg, Dwarf_Die *cu)
{
    struct member *m = arg;
    Dwarf_Die die;
    if (dwarf_child(cu, &die) != 0)
        return false;
    do {
        const char *name = dwarf_diename(&die);
        if (dwarf_tag(&die) == DW_TAG_structure_type && name &&
            strcmp(name, m->type) == 0 && find_member(m, &die))
            return true;
    } while (dwarf_siblingof(&die, &die) == 0);
    return false;
}

int64_t dwarf_member(const struct object *o, const char *type, const char *member)
{
    struct member m = {type, member, -1};
    Dwarf *dw = dwarf_begin_elf(o->elf, DWARF_C_READ, NULL);
    if (dw)
        each_unit(dw, visit_types, &m);
    dwarf_end(dw);
    return m.offset;
}
