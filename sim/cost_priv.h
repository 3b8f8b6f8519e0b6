// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cost_priv.h - inside of the written cost (cost.h).
 *
 *   cost_path.c     what a path of the source tree is
 *   cost_names.c    files, lines, functions by number
 *   cost_elf.c      one object: sections, symbols, where relocations point
 *   cost_dwarf.c    its lines, its compilation unit, members of structs
 *   cost_branch.c   branches inside a section, which leave no relocation
 *   cost_object.c   one object's part of a graph: nodes = functions and data, edges = relocations
 *   cost_graph.c    archives to a graph
 *   cost_walk.c     what is reached from some nodes on a board
 *   cost_set.c      sets and their sums
 *   cost_port.c     from one board to another
 *   cost_query.c    what was found, for readers
 *   cost.c          the analysis as a whole
 */
#ifndef SIM_COST_PRIV_H
#define SIM_COST_PRIV_H

#include <elfutils/libdw.h>
#include <gelf.h>

#include "cost.h"
#include "intern.h"

#define COST_NONE UINT32_MAX
/* A mark of libos/port/mark.h is a call, HOOK_MARK | class << 8 | number of a hook (api.h), or: */
#define MARK_BACKEND_CALLS 0x10000u /* | class: the calls that the backend names */

/* ---- names ---- */

struct cost_pairs { /* of numbers, numbered */
    uint32_t (*pair)[2], *slot;
    uint32_t n, mask;
};

struct cost_names {
    struct intern *files; /* paths */
    struct intern *words; /* names of symbols and kinds */
    struct cost_pairs line_pair, function_pair;
    struct cost_file *file;
    struct cost_line *line;
    struct cost_function *function;
    uint32_t nfiles, nlines,
        nfunctions; /* of the three tables, once names_done() made them */
    uint32_t
        *line_number; /* of a line as names_line() said it: sorted by path and line */
};

void names_init(struct cost_names *n);
void names_free(struct cost_names *n);
uint32_t names_line(struct cost_names *n, uint32_t file, uint32_t line);
uint32_t names_function(struct cost_names *n, uint32_t file, uint32_t word);
/* All is read: makes the tables. Numbers of functions and files stay, lines get those of
 * line_number. ERR_USER: a file that is of no part of the tree. */
int names_done(struct cost_names *n, struct err *err);

/* ---- objects ---- */

enum target_kind { TARGET_NONE, TARGET_HERE, TARGET_NAME };

/* Where a relocation points. */
struct target {
    enum target_kind kind;
    bool weak;        /* an undefined symbol that may stay so */
    uint32_t section; /* TARGET_HERE */
    uint64_t offset;  /* in the section */
    const char *name; /* TARGET_NAME: defined elsewhere */
};

struct reloc {
    uint32_t section; /* that it changes */
    uint64_t at;
    struct target to;
};

struct section {
    const char *name;
    uint8_t *bytes; /* NULL: none (.bss) */
    uint64_t size, flags;
    uint64_t base; /* code: an address no other section of the object has */
};

struct object {
    const char *archive, *member; /* for messages */
    uint8_t *image;
    Elf *elf;
    uint16_t machine;
    bool wide; /* ELF64 */
    struct section *section;
    size_t nsections;
    Elf_Data *symbols;
    size_t nsymbols, strings;
    struct reloc *reloc; /* of sections that are loaded, and of .exo_calls */
    size_t nrelocs;
};

/* Copies the image, checks it, relocates what DWARF needs in place, and lists the relocations. */
int object_open(struct object *o, const char *archive, const char *member,
                const void *image, size_t len, struct err *err);
void object_close(struct object *o);
/* Symbol i and its name; false: none of interest. */
bool object_symbol(const struct object *o, size_t i, GElf_Sym *s, const char **name);
bool object_is_code(const struct section *s);

struct line_row {        /* sorted by address */
    uint64_t start, end; /* addresses with section.base */
    uint32_t line;       /* names_line(), COST_NONE: no line */
    uint32_t file;
};

struct unit_lines {
    uint32_t file; /* of the compilation unit */
    bool assembly;
    struct line_row *row;
    size_t n;
};

/* ERR_USER: code without DWARF. */
int dwarf_lines(const struct object *o, struct cost_names *names, struct unit_lines *out,
                struct err *err);
/* Offset of a member of struct `type`; -1: none. */
int64_t dwarf_member(const struct object *o, const char *type, const char *member);

/* Calls visit for each direct branch or call at `from` to `to`, both offsets in the section. */
int branch_each(const struct object *o, const struct section *s,
                void (*visit)(void *arg, uint64_t from, uint64_t to), void *arg,
                struct err *err);
/* ---- graphs ---- */

struct cost_edge {
    uint32_t to; /* node; COST_NONE: nothing of ours */
    uint32_t at; /* offset in the node it comes from */
    bool weak;
};

struct cost_span { /* of a node's code that comes from one line */
    uint32_t line; /* COST_NONE: DWARF does not say */
    uint32_t bytes;
};

struct cost_node {
    uint32_t name, unit;
    uint32_t function; /* COST_NONE: data */
    uint32_t file;     /* of the function */
    bool code;
    enum cost_class head; /* the backend or driver this is, of */
    uint32_t kind;        /* that kind (a word); COST_GENERIC: it is none */
    int32_t call;         /* exo_<name> of the library, sys_<name> of the kernel; -1 */
    int32_t hook;         /* dispatch function of this hook; -1 */
    bool program; /* the row of a conformance program: main() leads to all of them */
    struct cost_edge *edge;
    struct cost_span *span;
    uint32_t *mark; /* calls it queues, ... */
    uint32_t nedges, nspans, nmarks;
    uint32_t *member; /* of a head, by hook: the edge; COST_NONE: the head lacks it */
};

struct cost_unit {
    uint32_t archive;      /* place in graph_open()'s list */
    uint32_t *init, ninit; /* where its constructors start */
};

struct cost_lists { /* what names mean */
    struct cost_hook hook[HOOKS_MAX];
    size_t nhooks;
    struct hooks hooks;
    struct api api;
    struct cost_api *row; /* api.n */
    struct calls calls;
};

struct cost_graph {
    struct cost_node *node;
    struct cost_unit *unit;
    uint32_t nnodes, nunits;
    bool kernel;
    uint32_t **defined, *ndefined; /* by archive and word: the node; COST_NONE */
    size_t narchives;
    uint32_t *of_function; /* node of a function; COST_NONE. By graph_finish(). */
};

/* Reads archives. A name is looked up in the archive it is used in, then in those before it. */
int graph_open(struct cost_graph *g, const char *const *archives, size_t n, bool kernel,
               struct cost_names *names, const struct cost_lists *lists, struct err *err);
/* After names_done(). */
void graph_finish(struct cost_graph *g, const struct cost_names *names);
void graph_close(struct cost_graph *g);
/* Node of a global name, in the last archive that has it; COST_NONE. */
uint32_t graph_find(const struct cost_graph *g, const struct cost_names *names,
                    const char *name);

/* cost_object.c: one object's nodes, edges, spans and marks. References to other objects are
 * edges with `to` a word, listed in `open` as (node, edge). */
struct cost_reader {
    struct cost_graph *graph;
    struct cost_names *names;
    const struct cost_lists *lists;
    uint32_t archive;
    uint32_t (*open)[2];
    size_t nopen;
};
int object_read(struct cost_reader *r, const char *archive, const char *member,
                const void *image, size_t len, struct err *err);
/* Notes that a global name is this node. */
void graph_define(struct cost_graph *g, uint32_t archive, uint32_t word, uint32_t node,
                  bool weak);

/* ---- walks ---- */

struct cost_place { /* a board, and its closures */
    const struct board *board;
    const struct cost_graph *libos, *kernel;
    const char *kind[COST_CLASSES];
    uint32_t kind_word[COST_CLASSES];
    uint32_t head[COST_CLASSES]; /* backends, in libos; COST_NONE */
    struct cost_set *platform, *reached, *apis, *all;
    struct cost_set **api, **call,
        **conform;       /* apis: the platform and all of api[], together */
    uint64_t *available; /* lines that are there for whoever comes from this board */
    uint64_t *files;     /* the same as files */
};

/* Adds to `set` what is reached from the roots, inside the graph. weak: undefined weak names count
 * whenever they are defined somewhere, not only when their object is wanted anyway. */
void walk(const struct cost *c, size_t board, const struct cost_graph *g,
          const uint32_t *roots, size_t n, bool weak, struct cost_set *set);
/* Everything in the graph. */
void walk_all(const struct cost_graph *g, struct cost_set *set);

/* ---- sets ---- */

struct cost_set {
    const struct cost *cost;
    size_t board;
    uint64_t *lines, *functions;
    uint64_t calls[CALLS_MAX / 64], hooks, missing;
};

#define BIT_WORDS(n) (((n) + 63) / 64)
static inline bool bit_has(const uint64_t *bits, size_t i)
{
    return bits[i / 64] >> (i % 64) & 1;
}
static inline void bit_set(uint64_t *bits, size_t i)
{
    bits[i / 64] |= (uint64_t)1 << (i % 64);
}

/* Sum of what a set has at lines of the mask (NULL: all). */
void set_sum(const struct cost *c, const struct cost_set *s, const uint64_t *mask,
             struct cost_sums *out);

struct cost_shared { /* a graph of one or several boards */
    char *name;
    struct cost_graph graph;
};

struct cost {
    struct cost_names names;
    struct cost_lists lists;
    struct cost_place *place;
    size_t n;
    struct cost_shared **shared;
    size_t nshared;
};

#endif
