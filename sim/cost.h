// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cost.h - what code each function of the library OS's API, and each exokernel call, is made of on
 * each board, and what of it must be written to go from one board to another. From the guest's
 * object files alone (symbols, relocations, DWARF); docs/cost.md says how and what it leaves out.
 *
 *   cost_open(boards)        reads DATA/guest/<isa>/libexos.a, libexo-<mmu>.a, libconform.a, once an
 *                            ISA, and the lists calls.tsv, hooks.tsv, api.tsv
 *   cost_api, cost_call,     closures on a board: sets of functions, source lines, exokernel calls
 *   cost_conform, ...        and hooks of backends
 *   cost_sum                 lines, functions, bytes of a set by part and class
 *   cost_port                A to B: reused, to write alone, to write at the margin
 *
 * Sets and everything they name live as long as the struct cost. Numbers (of APIs, calls, files,
 * lines, functions, hooks) are the same on all boards of a struct cost; a function is its name and
 * the file it is in, so port_resume of two ISAs is two functions.
 */
#ifndef SIM_COST_H
#define SIM_COST_H

#include "api.h"
#include "board.h"
#include "calls.h"
#include "err.h"

/* Where code belongs, by its path alone. */
enum cost_part { COST_LIBOS, COST_KERNEL, COST_PROGRAM, COST_PARTS };
enum cost_class { COST_GENERIC, COST_ISA, COST_MMU, COST_DISK, COST_NIC, COST_CLASSES };
extern const char *const cost_part_names[COST_PARTS]; /* "libos", "kernel", "program" */
extern const char
    *const cost_class_names[COST_CLASSES]; /* "generic", "isa", "mmu", ... */

/* What a path of the source tree ("exo/mmu/radix.c") is. False: of no part. kind (if not NULL) gets
 * the name of the folder or file behind the class's folder: "riscv64", "radix", "radix_calls"; ""
 * if generic. */
bool cost_classify(const char *path, enum cost_part *part, enum cost_class *class_,
                   char kind[32]);

/* Can this board be analysed, as far as one sees without reading its objects? Else why not: a kernel
 * for its MMU that is not built, say. */
int cost_ready(const struct board *board, struct err *err);

struct cost; /* the analysis of some boards */
struct cost_set;

/* Borrows the boards. Errors name the file and what to do. */
int cost_open(const struct board *const *boards, size_t n, struct cost **out,
              struct err *err);
void cost_close(struct cost *c);

/* ---- what there is ---- */

struct cost_file {
    const char *path; /* in the source tree */
    enum cost_part part;
    enum cost_class class_;
    const char *kind;
};
struct cost_function {
    const char *name;
    uint32_t file;
};
struct cost_line {
    uint32_t file, line;
};
struct cost_hook {
    enum cost_class class_;
    const char *name, *full, *contract; /* "protect", "mmu.protect" */
    bool optional; /* OPTION of hooks.def: a backend without it lacks nothing */
};
struct cost_api { /* by number: the place in api.tsv */
    const char *name, *header, *group, *classes;
};

size_t cost_boards(const struct cost *c);
const struct board *cost_board(const struct cost *c, size_t board);
size_t cost_apis(const struct cost *c);
const struct cost_api *cost_api_row(const struct cost *c, size_t api);
const struct calls *cost_calls(const struct cost *c);
size_t cost_hooks(const struct cost *c);
const struct cost_hook *cost_hook(const struct cost *c, size_t hook);
size_t cost_files(const struct cost *c);
const struct cost_file *cost_file(const struct cost *c, size_t file);
size_t cost_functions(const struct cost *c);
const struct cost_function *cost_function(const struct cost *c, size_t function);
/* All (file, line) that have code on some board, sorted by path and line. */
size_t cost_lines(const struct cost *c);
const struct cost_line *cost_line(const struct cost *c, size_t line);
/* Number of a line by path and line, for those who map addresses; SIZE_MAX: it has no code. */
size_t cost_line_find(const struct cost *c, const char *path, uint32_t line);
/* The same of a function; SIZE_MAX: none. */
size_t cost_function_find(const struct cost *c, const char *path, const char *name);
/* The kind of a class on a board ("radix", "mips32"); "" if it has none. */
const char *cost_kind(const struct cost *c, size_t board, enum cost_class class_);

/* ---- closures ----
 *
 * A function's closure: the code that may run when it is called, of the library OS (with the
 * members of the board's backends) and, for each exokernel call made or queued in it, of the
 * kernel. All of them exclude the platform, unless what they reach is in it, too: nothing is taken
 * out, so a closure and the platform overlap. */

/* What every program has: start-up, exit, the fault path and the other upcalls; the kernel's boot,
 * traps, scheduling and the drivers' interrupts. */
const struct cost_set *cost_platform(const struct cost *c, size_t board);
const struct cost_set *cost_api(const struct cost *c, size_t board, size_t api);
/* Of an exokernel call, the kernel's code from dispatch on; NULL: the board has no such call. */
const struct cost_set *cost_call(const struct cost *c, size_t board, uint32_t call);
/* The closure of conform_<name> and conform's own main() with the platform: what a conformance run
 * may execute. NULL: no such program. */
const struct cost_set *cost_conform(const struct cost *c, size_t board, size_t api);
/* The platform and all APIs of the board in one program, and all calls. */
const struct cost_set *cost_reached(const struct cost *c, size_t board);
/* All code in the objects a board's kernel and library are linked from, other boards' drivers
 * and backends included. */
const struct cost_set *cost_all(const struct cost *c, size_t board);

/* ---- sets ---- */

bool cost_has_line(const struct cost_set *s, size_t line);
bool cost_has_function(const struct cost_set *s, size_t function);
/* A call made by its stub, or queued for `batch`. */
bool cost_has_call(const struct cost_set *s, uint32_t call);
/* A hook of a backend that is called; of these, those the board's backend does not have. */
bool cost_has_hook(const struct cost_set *s, size_t hook);
bool cost_lacks_hook(const struct cost_set *s, size_t hook);

/* Sets of one's own; in all these `to` may be an argument, too. */
struct cost_set *cost_set_new(const struct cost *c, size_t board);
void cost_set_free(struct cost_set *s);
void cost_set_copy(struct cost_set *to, const struct cost_set *from);
void cost_set_union(struct cost_set *to, const struct cost_set *with);
/* Lines, functions, calls and hooks of `to` that are not in `without`. */
void cost_set_minus(struct cost_set *to, const struct cost_set *without);

struct cost_sum {
    uint32_t lines, functions;
    uint64_t bytes; /* of code; inlined code counts where it was written */
};
struct cost_sums {
    struct cost_sum at[COST_PARTS][COST_CLASSES];
    uint32_t hooks[COST_CLASSES], missing[COST_CLASSES];
    uint32_t calls;
};
/* Of the set, compiled for the set's board. */
void cost_sum(const struct cost *c, const struct cost_set *s, struct cost_sums *out);
/* Of library OS and kernel: machine-dependent (class_ = COST_CLASSES), or of one class. */
struct cost_sum cost_total(const struct cost_sums *sums, enum cost_class class_);
/* Bytes a function's code has on a board; 0: it has none. Lines likewise. */
uint64_t cost_function_bytes(const struct cost *c, size_t board, size_t function);
uint32_t cost_function_lines(const struct cost *c, size_t board, size_t function);

/* ---- from one board to another ----
 *
 * A has all its code. Reused: generic files, and the files of B that something on A reaches, too.
 * The rest of a closure on B is to write: standing alone; without what the platform of B needs
 * anyway (`beyond`); and at the margin, once the platform and the APIs before it in the order are
 * there. */
struct cost_port_row {
    struct cost_sums reused, alone, beyond, margin;
    uint32_t place; /* in the order, from 0 */
};
struct cost_port {
    size_t from, to;
    struct cost_sums platform; /* to write for any program at all */
    struct cost_port_row *api; /* cost_apis() */
    size_t *order;             /* APIs; [0] is ported first */
    struct cost_sums total;    /* to write for all: platform and all margins */
};
/* order: cost_apis() numbers, each once; NULL: greedy, at each step the set of lines that completes
 * most APIs per line (what completes none for free first; ties by name). */
int cost_port(const struct cost *c, size_t from, size_t to, const size_t *order,
              struct cost_port **out, struct err *err);
void cost_port_free(struct cost_port *p);
/* Words for the order cost_port(NULL) takes. */
extern const char cost_greedy_words[];
/* Is what this file has on B there on A already? */
bool cost_available(const struct cost *c, size_t from, size_t file);
/* Lines to write for everything, quickly: for the matrix. */
struct cost_sum cost_port_total(const struct cost *c, size_t from, size_t to);

/* ---- reconciliation ---- */

/* Per board and part: lines of cost_all = reached + unreached, and of these how many. */
struct cost_balance {
    uint32_t platform, apis_only, calls_only, unreached, all;
};
void cost_balance(const struct cost *c, size_t board, enum cost_part part,
                  struct cost_balance *out);

#endif
