// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * loader.h - what lies in RAM when a machine starts.
 *
 *   HW_TABLE_BASE    struct hw_table
 *   HW_KERNEL_BASE   kernel segments at their physical addresses
 *   page aligned     boot modules in the order given; programs as ELF images without what
 *                    lies behind their last segment (no symbols, no DWARF)
 *                    arguments of all programs
 *   free_base        rest of RAM
 *
 * Programs are checked before they are loaded: a wrong one is the user's error (125) with file,
 * what was wrong and what was expected.
 */
#ifndef SIM_LOADER_H
#define SIM_LOADER_H

#include <hw.h>

#include "err.h"

struct load_module {
    char name[HW_NAME_MAX];
    char *path;
    enum hw_module_kind kind;
    int argc; /* PROGRAM */
    char **argv;
};

struct load_plan {
    char *kernel; /* path of the kernel image */
    struct load_module *module;
    size_t n;
};

/* Adds a module; the name must be new and short enough. */
int plan_add(struct load_plan *plan, const char *name, const char *path,
             enum hw_module_kind kind, int argc, char **argv, struct err *err);
void plan_free(struct load_plan *plan);

/* Fills RAM (zeroed) and the table's module and free_base fields; *entry = kernel entry. The
 * caller has filled the rest of the table, and writes it to RAM. */
int load_machine(const struct load_plan *plan, const struct hw_cpu_ops *cpu, uint8_t *ram,
                 uint64_t ram_size, struct hw_table *table, uint64_t *entry,
                 struct err *err);

/* ---- image.c: one executable file, checked ---- */

struct image_segment {
    uint64_t va, pa, offset, file_size, mem_size;
    bool write, exec;
};
#define IMAGE_SEGMENTS 16u

struct image {
    const char *path;
    int fd;
    uint64_t size;   /* of the file */
    uint64_t extent; /* bytes of the file up to the end of the last loaded segment */
    uint64_t entry;
    bool elf64;
    struct image_segment seg[IMAGE_SEGMENTS];
    unsigned nseg;
};

/* Opens and checks an executable for this cpu. ERR_NOTFOUND if there is no such file, else
 * ERR_USER. image_close() in any case of success. */
int image_open(struct image *im, const char *path, const struct hw_cpu_ops *cpu,
               struct err *err);
/* The same for an image in memory (fuzzing); no descriptor is kept. */
int image_check(struct image *im, const void *bytes, size_t n, const char *path,
                const struct hw_cpu_ops *cpu, struct err *err);
/* Copies n bytes from offset. */
int image_read(const struct image *im, uint64_t offset, void *to, size_t n,
               struct err *err);
void image_close(struct image *im);

#endif
