// SPDX-License-Identifier: GPL-2.0-or-later
/* symbols.c - PC to function (ELF symbols) and line (DWARF, by libdw). See symbols.h. */
#include "symbols.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Calls visit() for each symbol until it returns true. */
static void each_symbol(Elf *elf,
                        bool (*visit)(void *arg, const GElf_Sym *s, const char *name),
                        void *arg)
{
    Elf_Scn *scn = NULL;
    while ((scn = elf_nextscn(elf, scn))) {
        GElf_Shdr sh;
        if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_SYMTAB || sh.sh_entsize == 0)
            continue;
        Elf_Data *data = elf_getdata(scn, NULL);
        for (size_t i = 0; data && i < sh.sh_size / sh.sh_entsize; i++) {
            GElf_Sym s;
            if (!gelf_getsym(data, (int)i, &s))
                break;
            const char *name = elf_strptr(elf, sh.sh_link, s.st_name);
            if (name && *name && s.st_shndx != SHN_UNDEF && visit(arg, &s, name))
                return;
        }
    }
}

struct nearest {
    uint64_t pc, at;
    const char *name;
};

/* The last function that starts at or before pc and, if it has a size, reaches it. */
static bool visit_nearest(void *arg, const GElf_Sym *s, const char *name)
{
    struct nearest *n = arg;
    unsigned type = GELF_ST_TYPE(s->st_info);
    /* assembly labels have no type; mapping symbols ($x, $d) and local labels are no names */
    if ((type != STT_FUNC && type != STT_NOTYPE) || name[0] == '$' || name[0] == '.')
        return false;
    if (s->st_value > n->pc || (s->st_size && n->pc - s->st_value >= s->st_size))
        return false;
    if (!n->name || s->st_value > n->at || (s->st_value == n->at && type == STT_FUNC)) {
        n->at = s->st_value;
        n->name = name;
    }
    return false;
}

struct named {
    const char *name;
    uint64_t at;
};

static bool visit_named(void *arg, const GElf_Sym *s, const char *name)
{
    struct named *n = arg;
    if (strcmp(n->name, name) != 0)
        return false;
    n->at = s->st_value;
    return true;
}

/* Without the folder the compiler ran in. */
static const char *relative(Dwarf_Die *cu, const char *file)
{
    Dwarf_Attribute attr;
    const char *dir = dwarf_formstring(dwarf_attr(cu, DW_AT_comp_dir, &attr));
    size_t n = dir ? strlen(dir) : 0;
    return n && strncmp(file, dir, n) == 0 && file[n] == '/' ? file + n + 1 : file;
}

/* "file:line" of pc; false if DWARF does not say. */
static bool line_of(Elf *elf, uint64_t pc, char *text, size_t max)
{
    Dwarf *dw = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
    if (!dw)
        return false;
    bool ok = false;
    Dwarf_Off off = 0, next;
    size_t head;
    /* not dwarf_addrdie: it needs .debug_aranges, which clang does not write */
    while (!ok && dwarf_nextcu(dw, off, &next, &head, NULL, NULL, NULL) == 0) {
        Dwarf_Die die;
        Dwarf_Line *line;
        int number;
        const char *file;
        if (dwarf_offdie(dw, off + head, &die) && dwarf_haspc(&die, pc) == 1 &&
            (line = dwarf_getsrc_die(&die, pc)) && dwarf_lineno(line, &number) == 0 &&
            (file = dwarf_linesrc(line, NULL, NULL))) {
            snprintf(text, max, "%s:%d", relative(&die, file), number);
            ok = true;
        }
        off = next;
    }
    dwarf_end(dw);
    return ok;
}

void symbols_where(const char *path, uint64_t pc, char *text, size_t max)
{
    *text = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return;
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
    struct nearest n = {.pc = pc};
    char line[512];
    if (elf && elf_kind(elf) == ELF_K_ELF) {
        each_symbol(elf, visit_nearest, &n);
        bool lined = line_of(elf, pc, line, sizeof line);
        if (n.name && lined)
            snprintf(text, max, "%s+0x%" PRIx64 " (%s)", n.name, pc - n.at, line);
        else if (n.name)
            snprintf(text, max, "%s+0x%" PRIx64, n.name, pc - n.at);
        else if (lined)
            snprintf(text, max, "%s", line);
    }
    elf_end(elf);
    close(fd);
}

uint64_t symbols_address(const char *path, const char *name)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return 0;
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
    struct named n = {.name = name};
    if (elf && elf_kind(elf) == ELF_K_ELF)
        each_symbol(elf, visit_named, &n);
    elf_end(elf);
    close(fd);
    return n.at;
}

static enum symbols_result result_of(Dwarf_Die *function)
{
    Dwarf_Attribute attr, encoding;
    Dwarf_Die type;
    Dwarf_Word number;
    if (!dwarf_attr_integrate(function, DW_AT_type, &attr))
        return SYMBOLS_VOID;
    if (!dwarf_formref_die(&attr, &type) || dwarf_peel_type(&type, &type) != 0)
        return SYMBOLS_OTHER;
    switch (dwarf_tag(&type)) {
    case DW_TAG_pointer_type: return SYMBOLS_POINTER;
    case DW_TAG_enumeration_type: return SYMBOLS_NUMBER;
    case DW_TAG_base_type:
        return dwarf_attr(&type, DW_AT_encoding, &encoding) &&
                       dwarf_formudata(&encoding, &number) == 0 && number != DW_ATE_float
                   ? SYMBOLS_NUMBER
                   : SYMBOLS_OTHER;
    default: return SYMBOLS_OTHER;
    }
}

struct visitor {
    void (*visit)(void *arg, const char *name, uint64_t at, enum symbols_result result);
    void *arg;
};

static int visit_function(Dwarf_Die *die, void *arg)
{
    const struct visitor *v = arg;
    Dwarf_Attribute attr;
    bool external = false;
    Dwarf_Addr at;
    const char *name = dwarf_diename(die);
    if (name && dwarf_attr_integrate(die, DW_AT_external, &attr) &&
        dwarf_formflag(&attr, &external) == 0 && external && dwarf_entrypc(die, &at) == 0)
        v->visit(v->arg, name, at, result_of(die));
    return DWARF_CB_OK;
}

void symbols_functions(const char *path,
                       void (*visit)(void *arg, const char *name, uint64_t at,
                                     enum symbols_result result),
                       void *arg)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    Dwarf *dw = fd >= 0 ? dwarf_begin(fd, DWARF_C_READ) : NULL;
    struct visitor v = {visit, arg};
    Dwarf_Off off = 0, next;
    size_t head;
    while (dw && dwarf_nextcu(dw, off, &next, &head, NULL, NULL, NULL) == 0) {
        Dwarf_Die unit;
        if (dwarf_offdie(dw, off + head, &unit))
            dwarf_getfuncs(&unit, visit_function, &v, 0);
        off = next;
    }
    dwarf_end(dw);
    if (fd >= 0)
        close(fd);
}
