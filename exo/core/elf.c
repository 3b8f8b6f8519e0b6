// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * elf.c - reads the headers of a static ELF executable (System V ABI, chapter 4 and 5; 32 and
 * 64 bit, little endian) without trusting a byte of it. Pure functions over an image: nothing
 * is loaded here (program.c does), nothing outside [image, image + size) is read.
 *
 * Addresses are limited to [page 1, EXO_EXPORT_VA): above are the boot loader's own mappings.
 * All values kept are therefore below 2^32, except file offsets, which are checked against size.
 */
#include "core_priv.h"

#define PT_LOAD 1u
#define PT_DYNAMIC 2u
#define PT_INTERP 3u
#define ET_EXEC 2u
#define PHNUM_MAX 32u
#define VA_MIN 0x1000u

/* Offsets of the fields we use, in the narrow and the wide format. */
struct layout {
    uint8_t ehdr, phdr; /* sizes */
    uint8_t word;       /* bytes of an address */
    uint8_t entry, phoff, phsize, phnum;
    uint8_t flags, offset, va, filesz, memsz; /* in a program header */
};
static const struct layout narrow = {52, 32, 4, 24, 28, 42, 44, 24, 4, 8, 16, 20};
static const struct layout wide_ = {64, 56, 8, 24, 32, 54, 56, 4, 8, 16, 32, 40};

static const struct layout *layout(bool wide)
{
    return wide ? &wide_ : &narrow;
}

static uint32_t get(const uint8_t *p, unsigned bytes)
{
    uint32_t v = 0;
    for (unsigned i = bytes; i-- > 0;)
        v = v << 8 | p[i];
    return v;
}

static uint64_t get_word(const uint8_t *p, const struct layout *l)
{
    return l->word == 8 ? (uint64_t)get(p + 4, 4) << 32 | get(p, 4) : get(p, 4);
}

int elf_open(const uint8_t *image, uint64_t size, bool wide, uint64_t *entry,
             uint32_t *count)
{
    const struct layout *l = layout(wide);
    if (size < 16)
        return -ELF_SHORT;
    if (memcmp(image, "\177ELF", 4) != 0)
        return -ELF_MAGIC;
    if (image[4] != (wide ? 2 : 1) || image[5] != 1)
        return -ELF_CLASS;
    if (size < l->ehdr)
        return -ELF_SHORT;
    if (get(image + 16, 2) != ET_EXEC)
        return -ELF_TYPE;
    uint32_t n = get(image + l->phnum, 2);
    if (get(image + l->phsize, 2) != l->phdr || n == 0 || n > PHNUM_MAX)
        return -ELF_TABLE;
    uint64_t table = get_word(image + l->phoff, l);
    if (table > size || size - table < n * l->phdr)
        return -ELF_SHORT;
    *entry = get_word(image + l->entry, l);
    if (*entry < VA_MIN || *entry >= EXO_EXPORT_VA)
        return -ELF_ADDRESS;
    *count = n;
    return 0;
}

static uint32_t segment_flags(uint32_t f)
{
    return (f & 4 ? EXO_R : 0) | (f & 2 ? EXO_R | EXO_W : 0) |
           (f & 1 ? EXO_R | EXO_X : 0);
}

int elf_segment(const uint8_t *image, uint64_t size, bool wide, uint32_t i,
                struct elf_segment *out)
{
    const struct layout *l = layout(wide);
    const uint8_t *p = image + get_word(image + l->phoff, l) + (size_t)i * l->phdr;
    uint32_t type = get(p, 4);
    if (type == PT_INTERP || type == PT_DYNAMIC)
        return -ELF_TYPE;
    if (type != PT_LOAD)
        return 0;
    *out = (struct elf_segment){.va = get_word(p + l->va, l),
                                .offset = get_word(p + l->offset, l),
                                .file_size = get_word(p + l->filesz, l),
                                .mem_size = get_word(p + l->memsz, l),
                                .flags = segment_flags(get(p + l->flags, 4))};
    if (out->mem_size == 0)
        return 0;
    if (out->file_size > out->mem_size || out->flags == 0)
        return -ELF_SEGMENT;
    if (out->offset > size || size - out->offset < out->file_size)
        return -ELF_SHORT;
    if (out->va < VA_MIN || out->va >= EXO_EXPORT_VA ||
        EXO_EXPORT_VA - out->va < out->mem_size)
        return -ELF_ADDRESS;
    return 1;
}

const char *elf_message(int error)
{
    switch (-error) {
    case ELF_SHORT: return "boot program is truncated: its headers point behind its end";
    case ELF_MAGIC: return "boot program is not an ELF file";
    case ELF_CLASS:
        return "boot program has the wrong word size or byte order for this machine";
    case ELF_TYPE: return "boot program is not a static executable";
    case ELF_TABLE: return "boot program has a bad program header table";
    case ELF_SEGMENT:
        return "boot program has a bad segment: sizes, rights, or pages of two segments "
               "overlap";
    default: return "boot program has an address outside the program area";
    }
}
