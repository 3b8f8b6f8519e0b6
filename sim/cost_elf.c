// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cost_elf.c - one relocatable object: its sections and symbols, and where its relocations point.
 *
 * What DWARF needs is relocated in place in a copy of the file (libdw does not relocate, and
 * libdwfl knows no MIPS): sections with code get addresses of their own, all else is at 0.
 * mips32 has REL entries (addends in the code), the others RELA. Figures: the processors' ELF
 * supplements (riscv-elf-psabi 1.0, AAELF64, x86-64 psABI, MIPS psABI 3rd edition).
 */
#include <stdlib.h>
#include <string.h>

#include "cost_priv.h"

#define CODE_BASE 0x10000u
#define MARKS ".exo_calls"

bool object_is_code(const struct section *s)
{
    return (s->flags & SHF_ALLOC) && (s->flags & SHF_EXECINSTR);
}

bool object_symbol(const struct object *o, size_t i, GElf_Sym *s, const char **name)
{
    if (i >= o->nsymbols || !gelf_getsym(o->symbols, (int)i, s))
        return false;
    const char *text = elf_strptr(o->elf, o->strings, s->st_name);
    *name = text ? text : "";
    return true;
}

/* ---- values in the file (all guests are little endian) ---- */

static uint64_t get(const uint8_t *at, unsigned bytes)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < bytes; i++)
        v |= (uint64_t)at[i] << (8 * i);
    return v;
}

static void put(uint8_t *at, unsigned bytes, uint64_t v)
{
    for (unsigned i = 0; i < bytes; i++)
        at[i] = (uint8_t)(v >> (8 * i));
}

/* ---- what DWARF is made of ---- */

/* How a relocation changes its bytes: '=' symbol + addend, '+' and '-' to what is there. */
struct change {
    char how;
    unsigned bytes;
};

static struct change riscv_change(unsigned type)
{
    switch (type) {
    case R_RISCV_64: return (struct change){'=', 8};
    case R_RISCV_32:
    case R_RISCV_SET32: return (struct change){'=', 4};
    case R_RISCV_SET16: return (struct change){'=', 2};
    case R_RISCV_SET8: return (struct change){'=', 1};
    case R_RISCV_ADD64: return (struct change){'+', 8};
    case R_RISCV_ADD32: return (struct change){'+', 4};
    case R_RISCV_ADD16: return (struct change){'+', 2};
    case R_RISCV_ADD8: return (struct change){'+', 1};
    case R_RISCV_SUB64: return (struct change){'-', 8};
    case R_RISCV_SUB32: return (struct change){'-', 4};
    case R_RISCV_SUB16: return (struct change){'-', 2};
    case R_RISCV_SUB8: return (struct change){'-', 1};
    default: return (struct change){0, 0};
    }
}

static struct change change_of(uint16_t machine, unsigned type)
{
    switch (machine) {
    case EM_RISCV: return riscv_change(type);
    case EM_AARCH64:
        return type == R_AARCH64_ABS64   ? (struct change){'=', 8}
               : type == R_AARCH64_ABS32 ? (struct change){'=', 4}
                                         : (struct change){0, 0};
    case EM_X86_64:
        return type == R_X86_64_64                           ? (struct change){'=', 8}
               : type == R_X86_64_32 || type == R_X86_64_32S ? (struct change){'=', 4}
                                                             : (struct change){0, 0};
    case EM_MIPS:
        return type == R_MIPS_32 ? (struct change){'=', 4} : (struct change){0, 0};
    default: return (struct change){0, 0};
    }
}

static bool dwarf_needs(const char *section)
{
    return strcmp(section, ".debug_line") == 0 || strcmp(section, ".debug_info") == 0 ||
           strcmp(section, ".debug_str_offsets") == 0 ||
           strcmp(section, ".debug_addr") == 0;
}

static void relocate(const struct object *o, struct section *s, const GElf_Rela *r,
                     const GElf_Sym *sym, bool rela)
{
    struct change c = change_of(o->machine, (unsigned)GELF_R_TYPE(r->r_info));
    if (c.how == 0 || r->r_offset > s->size || c.bytes > s->size - r->r_offset)
        return;
    uint8_t *at = s->bytes + r->r_offset;
    uint64_t there = get(at, c.bytes);
    uint64_t value = sym->st_value + (rela ? (uint64_t)r->r_addend : there);
    if (sym->st_shndx < o->nsections)
        value += o->section[sym->st_shndx].base;
    put(at, c.bytes, c.how == '=' ? value : c.how == '+' ? there + value : there - value);
}

/* ---- where a relocation points ---- */

/* Branches and loads of x86 count from the end of a 4-byte field. */
static int64_t bias(uint16_t machine, unsigned type)
{
    return machine == EM_X86_64 &&
                   (type == R_X86_64_PC32 || type == R_X86_64_PLT32 ||
                    type == R_X86_64_GOTPCREL || type == R_X86_64_GOTPCRELX ||
                    type == R_X86_64_REX_GOTPCRELX)
               ? 4
               : 0;
}

/* Addend of a REL entry of mips32; a HI16's lower half is in the LO16 that follows. */
static int64_t mips_addend(const struct section *s, const GElf_Rela *all, size_t n,
                           size_t i)
{
    const GElf_Rela *r = &all[i];
    if (r->r_offset > s->size || s->size - r->r_offset < 4)
        return 0;
    uint32_t word = (uint32_t)get(s->bytes + r->r_offset, 4);
    switch (GELF_R_TYPE(r->r_info)) {
    case R_MIPS_32: return word;
    case R_MIPS_26: return (int64_t)(word & 0x3ffffff) << 2;
    case R_MIPS_LO16: return (int16_t)word;
    case R_MIPS_HI16:
        for (size_t k = i + 1; k < n; k++)
            if (GELF_R_TYPE(all[k].r_info) == R_MIPS_LO16 &&
                GELF_R_SYM(all[k].r_info) == GELF_R_SYM(r->r_info) &&
                all[k].r_offset <= s->size - 4)
                return ((int64_t)(word & 0xffff) << 16) +
                       (int16_t)get(s->bytes + all[k].r_offset, 4);
        return (int64_t)(word & 0xffff) << 16;
    default: return 0;
    }
}

static struct target target_of(const struct object *o, const GElf_Sym *sym,
                               const char *name, int64_t addend)
{
    struct target t = {.kind = TARGET_NONE};
    if (sym->st_shndx == SHN_UNDEF) {
        t.kind = *name ? TARGET_NAME : TARGET_NONE;
        t.name = name;
        t.weak = GELF_ST_BIND(sym->st_info) == STB_WEAK;
    } else if (sym->st_shndx < o->nsections) {
        bool section = GELF_ST_TYPE(sym->st_info) == STT_SECTION;
        t.kind = TARGET_HERE;
        t.section = sym->st_shndx;
        t.offset = sym->st_value + (section ? (uint64_t)addend : 0);
    }
    return t;
}

static void list(struct object *o, uint32_t section, const GElf_Rela *all, size_t n,
                 bool rela)
{
    struct section *s = &o->section[section];
    o->reloc = mem_grow(o->reloc, o->nrelocs + n + 1, sizeof *o->reloc);
    for (size_t i = 0; i < n; i++) {
        GElf_Sym sym;
        const char *name;
        if (!object_symbol(o, GELF_R_SYM(all[i].r_info), &sym, &name))
            continue;
        unsigned type = (unsigned)GELF_R_TYPE(all[i].r_info);
        int64_t addend = rela ? all[i].r_addend : mips_addend(s, all, n, i);
        o->reloc[o->nrelocs++] = (struct reloc){
            .section = section,
            .at = all[i].r_offset,
            .to = target_of(o, &sym, name, addend + bias(o->machine, type))};
    }
}

/* ---- reading ---- */

static void read_relocations(struct object *o, Elf_Scn *scn, const GElf_Shdr *sh)
{
    struct section *s = sh->sh_info < o->nsections ? &o->section[sh->sh_info] : NULL;
    Elf_Data *data = elf_getdata(scn, NULL);
    if (!s || !s->bytes || !data || sh->sh_entsize == 0)
        return;
    bool loaded = (s->flags & SHF_ALLOC) || strcmp(s->name, MARKS) == 0;
    if (!loaded && !dwarf_needs(s->name))
        return;
    bool rela = sh->sh_type == SHT_RELA;
    size_t n = sh->sh_size / sh->sh_entsize;
    GElf_Rela *all = mem_zero(n + 1, sizeof *all);
    for (size_t i = 0; i < n; i++) {
        GElf_Rel rel;
        if (rela) {
            gelf_getrela(data, (int)i, &all[i]);
        } else if (gelf_getrel(data, (int)i, &rel)) {
            all[i].r_offset = rel.r_offset;
            all[i].r_info = rel.r_info;
        }
        GElf_Sym sym;
        const char *name;
        if (!loaded && object_symbol(o, GELF_R_SYM(all[i].r_info), &sym, &name))
            relocate(o, s, &all[i], &sym, rela);
    }
    if (loaded)
        list(o, (uint32_t)sh->sh_info, all, n, rela);
    free(all);
}

static void read_section(struct object *o, Elf_Scn *scn, size_t len, uint64_t *base)
{
    GElf_Shdr sh;
    size_t i = elf_ndxscn(scn), names;
    if (!gelf_getshdr(scn, &sh) || i >= o->nsections)
        return;
    struct section *s = &o->section[i];
    const char *name = elf_getshdrstrndx(o->elf, &names) == 0
                           ? elf_strptr(o->elf, names, sh.sh_name)
                           : NULL;
    s->name = name ? name : "";
    s->size = sh.sh_size;
    s->flags = sh.sh_flags;
    if (sh.sh_type != SHT_NOBITS && sh.sh_offset <= len &&
        sh.sh_size <= len - sh.sh_offset)
        s->bytes = o->image + sh.sh_offset;
    if (object_is_code(s)) {
        s->base = *base;
        *base += (s->size + 31) & ~(uint64_t)15;
    }
    if (sh.sh_type == SHT_SYMTAB && sh.sh_entsize != 0) {
        o->symbols = elf_getdata(scn, NULL);
        o->nsymbols = sh.sh_size / sh.sh_entsize;
        o->strings = sh.sh_link;
    }
}

static int read_object(struct object *o, size_t len, struct err *err)
{
    GElf_Ehdr eh;
    if (!o->elf || elf_kind(o->elf) != ELF_K_ELF || !gelf_getehdr(o->elf, &eh) ||
        eh.e_type != ET_REL || elf_getshdrnum(o->elf, &o->nsections) != 0)
        return err_set(err, ERR_USER, "%s: %s is no relocatable ELF object", o->archive,
                       o->member);
    o->machine = eh.e_machine;
    o->wide = eh.e_ident[EI_CLASS] == ELFCLASS64;
    o->section = mem_zero(o->nsections + 1, sizeof *o->section);
    for (size_t i = 0; i < o->nsections; i++)
        o->section[i].name = "";
    uint64_t base = CODE_BASE;
    Elf_Scn *scn = NULL;
    while ((scn = elf_nextscn(o->elf, scn)))
        read_section(o, scn, len, &base);
    if (!o->symbols)
        return err_set(err, ERR_USER,
                       "%s: %s has no symbols: was it stripped? Build it again with "
                       "symbols and -g",
                       o->archive, o->member);
    while ((scn = elf_nextscn(o->elf, scn))) {
        GElf_Shdr sh;
        if (gelf_getshdr(scn, &sh) && (sh.sh_type == SHT_RELA || sh.sh_type == SHT_REL))
            read_relocations(o, scn, &sh);
    }
    return 0;
}

int object_open(struct object *o, const char *archive, const char *member,
                const void *image, size_t len, struct err *err)
{
    *o = (struct object){.archive = archive, .member = member};
    o->image = mem_grow(NULL, len + 1, 1);
    memcpy(o->image, image, len);
    elf_version(EV_CURRENT);
    o->elf = elf_memory((char *)o->image, len);
    int code = read_object(o, len, err);
    if (code != 0)
        object_close(o);
    return code;
}

void object_close(struct object *o)
{
    elf_end(o->elf);
    free(o->section);
    free(o->reloc);
    free(o->image);
    *o = (struct object){0};
}
