// SPDX-License-Identifier: GPL-2.0-or-later
/* elf.h - program headers of a static executable of this ISA's word size. */
#ifndef EXOS_ELF_H
#define EXOS_ELF_H

#include <exo/types.h>

#define ELF_SEGMENTS 8

struct elf_segment {
    uint32_t va, file_size, mem_size, offset;
    uint32_t rights; /* EXO_R/W/X */
};

struct elf_image {
    uint32_t entry, nsegments;
    struct elf_segment segment[ELF_SEGMENTS]; /* to be loaded, ascending */
};

/* 0, or ENOEXEC: not an executable of ours, or one that contradicts itself. */
int elf_read(const uint8_t *bytes, uint64_t size, struct elf_image *out);

#endif
