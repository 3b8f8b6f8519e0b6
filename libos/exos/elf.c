// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * elf.c - reads the headers of an ELF executable (System V ABI, chapter 4). Nothing in the file is
 * believed: every offset and size is checked before it is used.
 */
#include "elf.h"

#include <errno.h>
#include <exo/abi.h>
#include <stdbool.h>
#include <string.h>

#include "layout.h"

struct file_header {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version;
    exo_word entry, phoff, shoff;
    uint32_t flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

#if UINTPTR_MAX > 0xffffffffu
struct program_header {
    uint32_t type, flags;
    uint64_t offset, va, pa, file_size, mem_size, align;
};
#define ELF_CLASS 2
#else
struct program_header {
    uint32_t type, offset, va, pa, file_size, mem_size, flags, align;
};
#define ELF_CLASS 1
#endif

#define TYPE_EXEC 2
#define PT_LOAD 1
#define PF_X 1u
#define PF_W 2u
#define PF_R 4u

static bool good_header(const struct file_header *h, uint64_t size)
{
    static const uint8_t magic[6] = {0x7f, 'E',       'L',
                                     'F',  ELF_CLASS, 1 /* little endian */};
    return size >= sizeof *h && memcmp(h->ident, magic, sizeof magic) == 0 &&
           h->type == TYPE_EXEC && h->phentsize == sizeof(struct program_header) &&
           h->phoff <= size &&
           h->phnum <= (size - h->phoff) / sizeof(struct program_header);
}

static bool good_segment(const struct program_header *p, uint64_t size, uint32_t behind)
{
    return p->offset <= size && p->file_size <= size - p->offset &&
           p->file_size <= p->mem_size && p->va >= L_LIB_TEXT && p->va >= behind &&
           p->mem_size <= L_HEAP_END && p->va + p->mem_size <= L_HEAP_END;
}

static uint32_t rights_of(uint32_t flags)
{
    return (flags & PF_R ? EXO_R : 0) | (flags & PF_W ? EXO_W : 0) |
           (flags & PF_X ? EXO_X : 0);
}

int elf_read(const uint8_t *bytes, uint64_t size, struct elf_image *out)
{
    struct file_header h;
    memset(&h, 0, sizeof h);
    memcpy(&h, bytes, size < sizeof h ? (size_t)size : sizeof h);
    if (!good_header(&h, size))
        return ENOEXEC;
    out->entry = (uint32_t)h.entry;
    out->nsegments = 0;
    uint32_t behind = 0;
    for (unsigned i = 0; i < h.phnum; i++) {
        struct program_header p;
        memcpy(&p, bytes + h.phoff + i * sizeof p, sizeof p);
        if (p.type != PT_LOAD || p.mem_size == 0)
            continue;
        if (out->nsegments == ELF_SEGMENTS || !good_segment(&p, size, behind))
            return ENOEXEC;
        behind = (uint32_t)(p.va + p.mem_size);
        struct elf_segment *s = &out->segment[out->nsegments++];
        s->va = (uint32_t)p.va;
        s->offset = (uint32_t)p.offset;
        s->file_size = (uint32_t)p.file_size;
        s->mem_size = (uint32_t)p.mem_size;
        s->rights = rights_of(p.flags);
    }
    return out->nsegments > 0 ? 0 : ENOEXEC;
}
