// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * board.h - a board: what a device tree says a machine is made of.
 *
 * board_open() takes a name (DATA/boards/NAME.dtb) or a .dts or .dtb file and gives a checked
 * struct board, or one sentence with file, node, property, what was wrong and what was
 * expected. docs/boards.md describes the format.
 *
 * A board owns its strings; models stay the registry's.
 */
#ifndef SIM_BOARD_H
#define SIM_BOARD_H

#include <stddef.h>
#include <stdint.h>

#include "calls.h"
#include "model.h"

#define BOARD_MAX_CORES 8u
#define BOARD_MIN_RAM 0x00200000u
#define BOARD_NO_IRQ 0xffffffffu
#define BOARD_IRQS 32u

struct board_node {
    char *path; /* "/mmu@f0001000" */
    const struct hw_model *model;
    struct hw_value values[HW_MAX_PARAMS]; /* as model->params */
    uint32_t base, size;                   /* registers; 0 for a cpu */
    uint32_t irq;                          /* line or BOARD_NO_IRQ */
};

struct board {
    char *name; /* "riscv": name of the built-in or of the file */
    char *file; /* where it was read from */
    char *title;
    uint64_t ram_size, clock_hz, seed;
    unsigned cores;
    uint64_t quantum; /* cycles a core runs before another one's turn */
    struct board_node cpu;
    struct board_node dev[HW_MAX_DEVICES];
    unsigned ndev;
    unsigned mmu;        /* index in dev[] */
    int intc, disk, nic; /* index in dev[], or -1 */
    void *fdt;           /* the tree: string values point into it */
};

int board_open(const char *name_or_file, const struct registry *models,
               struct board **out, struct err *err);
/* The same from a device tree blob in memory (copied). */
int board_parse(const void *dtb, size_t len, const char *name, const char *file,
                const struct registry *models, struct board **out, struct err *err);
void board_free(struct board *b);

/* Names of the built-in boards, sorted; free() each and the array. */
char **board_names(size_t *n);
void board_names_free(char **names, size_t n);

const struct hw_cpu_ops *board_cpu(const struct board *b);
const struct hw_mmu_ops *board_mmu(const struct board *b);
struct calls_hardware board_hardware(const struct board *b);

/* RAM sizes: "32M", "0x2000000", "1G"; 0 or ERR_USER. */
int size_parse(const char *text, uint64_t *out, struct err *err);
/* Is this a size a machine can have? Says what is wrong with it, or NULL. */
const char *ram_size_wrong(uint64_t size);

/* ---- board_file.c: bytes of a .dtb, compiling a .dts by dtc; free() *out ---- */
int board_read(const char *file, void **out, size_t *len, struct err *err);

#endif
