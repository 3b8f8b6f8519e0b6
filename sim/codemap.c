// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * codemap.c - see codemap.h. Places come from DWARF's line tables; the function of a line is the
 * last one its file declares at or before it (C has no functions in functions); of assembly,
 * the last symbol at or before the address.
 */
#include "codemap.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decode.h"
#include "intern.h"

#define TEXTS 8u

struct text { /* a section with code */
    uint64_t va, size;
    uint8_t *bytes;
};

struct symbol {
    uint64_t va, size;
    uint32_t name;
    uint32_t file,
        line; /* where DWARF says its function is; file CODEMAP_NONE: nowhere */
};

struct subprogram {
    uint32_t file, line, name;
};

struct row { /* of a line table */
    uint64_t start, end;
    uint32_t file, line;
};

struct codemap {
    struct intern *words; /* names and files */
    struct intern *keys;  /* "file,name" of function i */
    struct text text[TEXTS];
    unsigned ntext;
    struct decode *decode;
    struct symbol *symbol;
    struct subprogram *sub;
    struct row *row;
    struct codemap_place *place;
    struct codemap_function *function;
    uint32_t nsymbol, nsub, nrow, nplace, nfunction;
};

/* ---- reading the file ---- */

static bool in_text(const struct codemap *m, uint64_t va)
{
    for (unsigned i = 0; i < m->ntext; i++)
        if (va - m->text[i].va < m->text[i].size)
            return true;
    return false;
}

static int compare_symbols(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;
    if (x->va != y->va)
        return x->va < y->va ? -1 : 1;
    /* of two at one address the one with a size is the function's name */
    return x->size < y->size ? -1 : x->size > y->size;
}

static void read_symbols(struct codemap *m, Elf *elf, Elf_Scn *scn, const GElf_Shdr *sh)
{
    Elf_Data *data = elf_getdata(scn, NULL);
    size_t n = data && sh->sh_entsize ? sh->sh_size / sh->sh_entsize : 0;
    m->symbol = mem_grow(m->symbol, m->nsymbol + n, sizeof *m->symbol);
    for (size_t i = 0; i < n; i++) {
        GElf_Sym s;
        if (!gelf_getsym(data, (int)i, &s))
            break;
        unsigned type = GELF_ST_TYPE(s.st_info);
        const char *name = elf_strptr(elf, sh->sh_link, s.st_name);
        /* mapping symbols ($x, $d) and local labels are no names */
        if (!name || !*name || name[0] == '$' || name[0] == '.' ||
            s.st_shndx == SHN_UNDEF || (type != STT_FUNC && type != STT_NOTYPE) ||
            !in_text(m, s.st_value))
            continue;
        m->symbol[m->nsymbol++] = (struct symbol){
            s.st_value, s.st_size, intern_add(m->words, name), CODEMAP_NONE, 0};
    }
}

static void read_text(struct codemap *m, Elf_Scn *scn, const GElf_Shdr *sh)
{
    Elf_Data *data = elf_rawdata(scn, NULL);
    if (m->ntext == TEXTS || !data || !data->d_buf || data->d_size == 0)
        return;
    struct text *t = &m->text[m->ntext++];
    t->va = sh->sh_addr;
    t->size = data->d_size;
    t->bytes = mem_zero(data->d_size + DECODE_MAX, 1);
    memcpy(t->bytes, data->d_buf, data->d_size);
}

/* Sections with code, then symbols (which must lie in them). */
static void read_sections(struct codemap *m, Elf *elf)
{
    Elf_Scn *scn = NULL;
    GElf_Shdr sh;
    while ((scn = elf_nextscn(elf, scn)))
        if (gelf_getshdr(scn, &sh) && sh.sh_type == SHT_PROGBITS &&
            (sh.sh_flags & SHF_ALLOC) && (sh.sh_flags & SHF_EXECINSTR))
            read_text(m, scn, &sh);
    while ((scn = elf_nextscn(elf, scn)))
        if (gelf_getshdr(scn, &sh) && sh.sh_type == SHT_SYMTAB)
            read_symbols(m, elf, scn, &sh);
    if (m->nsymbol)
        qsort(m->symbol, m->nsymbol, sizeof *m->symbol, compare_symbols);
}

static void read_lines(struct codemap *m, Dwarf_Die *cu)
{
    Dwarf_Lines *lines;
    size_t n;
    if (dwarf_getsrclines(cu, &lines, &n) != 0)
        return;
    m->row = mem_grow(m->row, m->nrow + n, sizeof *m->row);
    for (size_t i = 0; i + 1 < n; i++) {
        Dwarf_Line *line = dwarf_onesrcline(lines, i);
        Dwarf_Line *next = dwarf_onesrcline(lines, i + 1);
        Dwarf_Addr from, to;
        bool ends;
        int number;
        const char *file;
        if (dwarf_lineendsequence(line, &ends) != 0 || ends ||
            dwarf_lineaddr(line, &from) != 0 || dwarf_lineaddr(next, &to) != 0 ||
            to <= from || !in_text(m, from) || dwarf_lineno(line, &number) != 0 ||
            !(file = dwarf_linesrc(line, NULL, NULL)))
            continue;
        struct row *r = &m->row[m->nrow];
        *r = (struct row){from, to, intern_path(m->words, cu, file), (uint32_t)number};
        /* line 0: the compiler's own, part of what is around it */
        if (number <= 0 && m->nrow && r[-1].end == from) {
            r->file = r[-1].file;
            r->line = r[-1].line;
        }
        m->nrow++;
    }
}

static struct symbol *symbol_at(const struct codemap *m, uint64_t va)
{
    uint32_t lo = 0, hi = m->nsymbol;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (m->symbol[mid].va <= va)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo ? &m->symbol[lo - 1] : NULL;
}

/* Not dwarf_decl_file(): DWARF 5's file 0, the source itself, is no file to libdw 0.188. */
static const char *declared_in(Dwarf_Die *cu, Dwarf_Die *die)
{
    Dwarf_Attribute attr;
    Dwarf_Word i;
    Dwarf_Files *files;
    size_t n;
    if (dwarf_formudata(dwarf_attr_integrate(die, DW_AT_decl_file, &attr), &i) != 0 ||
        dwarf_getsrcfiles(cu, &files, &n) != 0 || i >= n)
        return NULL;
    return dwarf_filesrc(files, i, NULL, NULL);
}

static void read_function(struct codemap *m, Dwarf_Die *cu, Dwarf_Die *die)
{
    int line;
    const char *file = declared_in(cu, die), *name = dwarf_diename(die);
    if (!file || !name || dwarf_decl_line(die, &line) != 0 ||
        dwarf_hasattr(die, DW_AT_declaration))
        return;
    m->sub = mem_grow(m->sub, m->nsub + 1, sizeof *m->sub);
    struct subprogram *sub = &m->sub[m->nsub++];
    *sub = (struct subprogram){intern_path(m->words, cu, file), (uint32_t)line,
                               intern_add(m->words, name)};
    Dwarf_Addr low;
    struct symbol *s = dwarf_lowpc(die, &low) == 0 ? symbol_at(m, low) : NULL;
    if (s && s->va == low) {
        s->file = sub->file;
        s->line = sub->line;
    }
}

static void read_dwarf(struct codemap *m, Dwarf *dw)
{
    Dwarf_Off off = 0, next;
    size_t head;
    for (; dwarf_nextcu(dw, off, &next, &head, NULL, NULL, NULL) == 0; off = next) {
        Dwarf_Die cu, die;
        if (!dwarf_offdie(dw, off + head, &cu))
            continue;
        read_lines(m, &cu);
        if (dwarf_child(&cu, &die) != 0)
            continue;
        do
            if (dwarf_tag(&die) == DW_TAG_subprogram)
                read_function(m, &cu, &die);
        while (dwarf_siblingof(&die, &die) == 0);
    }
}

/* ---- from rows to places ---- */

static int compare_subs(const void *a, const void *b)
{
    const struct subprogram *x = a, *y = b;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return x->name < y->name ? -1 : x->name > y->name;
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

/* The last function its file declares at or before a line; NULL: none (assembly). */
static const struct subprogram *sub_at(const struct codemap *m, uint32_t file,
                                       uint32_t line, uint32_t symbol)
{
    uint32_t lo = 0, hi = m->nsub;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const struct subprogram *s = &m->sub[mid];
        if (s->file < file || (s->file == file && s->line <= line))
            lo = mid + 1;
        else
            hi = mid;
    }
    const struct subprogram *last = lo ? &m->sub[lo - 1] : NULL;
    if (!last || last->file != file)
        return NULL;
    /* several of one line come from a macro: then the symbol says which */
    for (const struct subprogram *s = last;
         s >= m->sub && s->file == file && s->line == last->line; s--)
        if (s->name == symbol)
            return s;
    return last;
}

static uint32_t function_of(struct codemap *m, uint32_t file, uint32_t name,
                            uint32_t line)
{
    char key[2 * sizeof(uint64_t) + 8];
    snprintf(key, sizeof key, "%" PRIu32 ",%" PRIu32, file, name);
    uint32_t i = intern_add(m->keys, key);
    if (i < m->nfunction)
        return i;
    m->function = mem_grow(m->function, m->nfunction + 1, sizeof *m->function);
    m->function[m->nfunction] = (struct codemap_function){
        intern_text(m->words, name), intern_text(m->words, file), line};
    return m->nfunction++;
}

static void add_place(struct codemap *m, const struct row *r, uint64_t end)
{
    const struct symbol *s = symbol_at(m, r->start);
    uint32_t name = s ? s->name : intern_add(m->words, "?");
    const struct subprogram *sub = sub_at(m, r->file, r->line, name);
    uint32_t f = function_of(m, r->file, sub ? sub->name : name, sub ? sub->line : 0);
    uint32_t around =
        s && s->file != CODEMAP_NONE ? function_of(m, s->file, s->name, s->line) : f;
    struct codemap_place *last = m->nplace ? &m->place[m->nplace - 1] : NULL;
    /* an instruction's prefix has a row of its own in assembly */
    if (last && last->end == r->start && last->function == f && last->around == around &&
        last->line == r->line)
        last->end = end;
    else
        m->place[m->nplace++] = (struct codemap_place){r->start, end, f, around, r->line};
}

/* Rows in order of address, without overlaps. */
static void make_places(struct codemap *m)
{
    if (m->nsub)
        qsort(m->sub, m->nsub, sizeof *m->sub, compare_subs);
    qsort(m->row, m->nrow, sizeof *m->row, compare_rows);
    m->place = mem_zero(m->nrow, sizeof *m->place);
    for (uint32_t i = 0; i < m->nrow; i++) {
        uint64_t end = m->row[i].end;
        if (i + 1 < m->nrow && m->row[i + 1].start < end)
            end = m->row[i + 1].start;
        if (end > m->row[i].start)
            add_place(m, &m->row[i], end);
    }
}

/* ---- interface ---- */

static int read_all(struct codemap *m, int fd, const char *path, struct err *err)
{
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
    GElf_Ehdr head;
    int rc = 0;
    if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &head))
        rc = err_set(err, ERR_USER, "%s: not an ELF file", path);
    else if (!(m->decode = decode_open(head.e_machine)))
        rc = err_set(err, ERR_USER, "%s: ELF machine %u is no guest's", path,
                     head.e_machine);
    if (rc == 0) {
        read_sections(m, elf);
        Dwarf *dw = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
        if (dw)
            read_dwarf(m, dw);
        dwarf_end(dw);
        if (m->nsymbol == 0)
            rc = err_set(err, ERR_USER, "%s: no symbols; it must not be stripped", path);
        else if (m->nrow == 0)
            rc = err_set(err, ERR_USER, "%s: no line tables; compile it with -g", path);
    }
    if (rc == 0)
        make_places(m);
    elf_end(elf);
    return rc;
}

int codemap_open(const char *path, struct codemap **out, struct err *err)
{
    *out = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return err_set(err, ERR_USER, "%s: %s", path, strerror(errno));
    struct codemap *m = mem_zero(1, sizeof *m);
    m->words = intern_new();
    m->keys = intern_new();
    int rc = read_all(m, fd, path, err);
    close(fd);
    free(m->row);
    free(m->sub);
    m->row = NULL;
    m->sub = NULL;
    if (rc)
        codemap_close(m);
    else
        *out = m;
    return rc;
}

void codemap_close(struct codemap *m)
{
    if (!m)
        return;
    for (unsigned i = 0; i < m->ntext; i++)
        free(m->text[i].bytes);
    free(m->symbol);
    free(m->row);
    free(m->sub);
    free(m->place);
    free(m->function);
    decode_close(m->decode);
    intern_free(m->keys);
    intern_free(m->words);
    free(m);
}

uint32_t codemap_places(const struct codemap *m)
{
    return m->nplace;
}

uint32_t codemap_functions(const struct codemap *m)
{
    return m->nfunction;
}

const struct codemap_place *codemap_place(const struct codemap *m, uint32_t i)
{
    return &m->place[i];
}

const struct codemap_function *codemap_function(const struct codemap *m, uint32_t i)
{
    return &m->function[i];
}

uint32_t codemap_find(const struct codemap *m, uint64_t pc)
{
    uint32_t lo = 0, hi = m->nplace;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (m->place[mid].start <= pc)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo && pc < m->place[lo - 1].end ? lo - 1 : CODEMAP_NONE;
}

static const uint8_t *code_at(const struct codemap *m, uint64_t pc)
{
    for (unsigned i = 0; i < m->ntext; i++)
        if (pc - m->text[i].va < m->text[i].size)
            return m->text[i].bytes + (pc - m->text[i].va);
    return NULL;
}

unsigned codemap_length(const struct codemap *m, uint64_t pc)
{
    const uint8_t *code = code_at(m, pc);
    return code ? decode_length(m->decode, code) : 0;
}

unsigned codemap_stored(const struct codemap *m, uint64_t pc)
{
    const uint8_t *code = code_at(m, pc);
    return code ? decode_stored(m->decode, code) : 0;
}
