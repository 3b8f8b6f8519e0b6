// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cost_check - the written cost (cost.h) on objects whose closures are known by hand.
 *
 *   closures TREE            of the fixture: which marked lines are in which closure, on all boards
 *   refuses BOARD WORD...    cost_open() fails, with all these words in the message
 *   survives BOARD           it may succeed or fail, but comes back
 *   real                     what must hold of the project's own boards
 *   lines BOARD              lines of all objects of a board, to compare with others' counts
 *
 * The data folder is $EXOSIM_DATA. Exit 0: all as expected.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cost.h"

static int wrong;

#define EXPECT(cond, ...)                                                                \
    do {                                                                                 \
        if (!(cond)) {                                                                   \
            printf("%s:%d: ", __FILE__, __LINE__);                                       \
            printf(__VA_ARGS__);                                                         \
            putchar('\n');                                                               \
            wrong++;                                                                     \
        }                                                                                \
    } while (0)

/* ---- boards ---- */

#define BOARDS 32
static struct registry models;
static struct board *boards[BOARDS];
static size_t nboards;

static void open_board(const char *name)
{
    struct err err;
    if (nboards == BOARDS || board_open(name, &models, &boards[nboards], &err) != 0)
        EXPECT(false, "board %s: %s", name, err.msg);
    else
        nboards++;
}

static void close_boards(void)
{
    while (nboards > 0)
        board_free(boards[--nboards]);
}

static size_t board_number(const char *name)
{
    for (size_t i = 0; i < nboards; i++)
        if (strcmp(boards[i]->name, name) == 0)
            return i;
    EXPECT(false, "no board %s", name);
    return 0;
}

/* ---- marks ---- */

#define MARKS 64
static struct mark {
    char name[32];
    const char *path;
    uint32_t line;
} marks[MARKS];
static size_t nmarks;

static const char *const sources[] = {
    "libos/exos/fixture.h",     "libos/exos/api.c",
    "libos/exos/other.c",       "libos/exos/dispatch.c",
    "libos/exos/crt0.c",        "libos/port/mmu/softtlb.c",
    "libos/port/mmu/radix.c",   "libos/port/disk/queue.c",
    "libos/port/isa/any/asm.S", "workloads/conform/programs.c",
    "exo/core/kernel.c",        "exo/mmu/softtlb.c",
    "exo/mmu/radix.c",          "exo/disk/queue.c",
    "exo/disk/flash.c",
};

static void read_marks(const char *tree)
{
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        char path[1024], text[256];
        snprintf(path, sizeof path, "%s/%s", tree, sources[i]);
        FILE *f = fopen(path, "r");
        EXPECT(f, "%s is not there", path);
        for (uint32_t line = 1; f && fgets(text, sizeof text, f); line++) {
            const char *at = strstr(text, "/* @");
            if (at && nmarks < MARKS &&
                sscanf(at, "/* @%31[a-z0-9_]", marks[nmarks].name) == 1) {
                marks[nmarks].path = sources[i];
                marks[nmarks++].line = line;
            }
        }
        if (f)
            fclose(f);
    }
}

static bool one_of(const char *word, const char *list)
{
    size_t n = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += n)
        if ((at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == 0))
            return true;
    return false;
}

/* The set has exactly these marks. */
static void expect_marks(const struct cost *c, size_t board, const char *what,
                         const struct cost_set *set, const char *list)
{
    EXPECT(set, "%s on %s: no closure", what, boards[board]->name);
    for (size_t i = 0; set && i < nmarks; i++) {
        size_t line = cost_line_find(c, marks[i].path, marks[i].line);
        bool has = line != SIZE_MAX && cost_has_line(set, line);
        EXPECT(has == one_of(marks[i].name, list),
               "%s on %s: @%s (%s:%u) is %s its closure", what, boards[board]->name,
               marks[i].name, marks[i].path, marks[i].line, has ? "in" : "not in");
    }
}

/* ---- the fixture ---- */

/* $ is the board's kind of MMU. */
static const struct expected {
    const char *api, *kind, *marks, *calls, *hooks;
} expected[] = {
    {"f_recursive", NULL, "recursive even odd", "", ""},
    {"f_table", NULL, "table first second", "", ""},
    {"f_weak", NULL, "weak", "", ""},
    {"f_strong", NULL, "strong other_strong other_weak begin", "", ""},
    {"f_inline", NULL, "inline inlined", "", ""},
    {"f_wired", NULL, "wired_first wired_second", "", ""},
    {"f_asm", NULL, "asm_first asm_second", "", ""},
    {"f_fall", NULL, "asm_fall asm_next", "", ""},
    {"f_hook", "radix",
     "hook mmu_protect radix_protect exo_frame_free sys_frame_free check", "frame_free",
     "mmu.protect"},
    {"f_hook", "softtlb",
     "hook mmu_protect softtlb_protect exo_frame_free sys_frame_free check", "frame_free",
     "mmu.protect"},
    {"f_lacks", "radix", "lacks mmu_space radix_space", "", "mmu.space"},
    {"f_lacks", "softtlb", "lacks mmu_space", "", "mmu.space!"},
    {"f_optional", NULL, "optional mmu_place", "", "mmu.place"},
    {"f_call", NULL, "call exo_time sys_time", "time", ""},
    {"f_queued", NULL, "queued sys_frame_alloc check", "frame_alloc", ""},
    {"f_backend_calls", "radix", "backend_calls sys_pt_map", "pt_map pt_unmap", ""},
    {"f_backend_calls", "softtlb", "backend_calls sys_tlb_write",
     "tlb_write tlb_invalidate", ""},
};

static size_t api_number(const struct cost *c, const char *name)
{
    for (size_t i = 0; i < cost_apis(c); i++)
        if (strcmp(cost_api_row(c, i)->name, name) == 0)
            return i;
    EXPECT(false, "no API %s", name);
    return 0;
}

static void check_api(const struct cost *c, size_t board, const struct expected *e)
{
    const struct cost_set *set = cost_api(c, board, api_number(c, e->api));
    expect_marks(c, board, e->api, set, e->marks);
    for (uint32_t i = 0; i < CALLS_MAX; i++) {
        const char *name = calls_name(cost_calls(c), i);
        EXPECT(!name || cost_has_call(set, i) == one_of(name, e->calls),
               "%s on %s: call %s %s there", e->api, boards[board]->name, name,
               cost_has_call(set, i) ? "is" : "is not");
    }
    for (size_t h = 0; h < cost_hooks(c); h++) {
        char text[64];
        snprintf(text, sizeof text, "%s%s", cost_hook(c, h)->full,
                 cost_lacks_hook(set, h) ? "!" : "");
        EXPECT(cost_has_hook(set, h) == one_of(text, e->hooks),
               "%s on %s: hook %s %s there, expected '%s'", e->api, boards[board]->name,
               text, cost_has_hook(set, h) ? "is" : "is not", e->hooks);
    }
}

static const struct cost_set *call_set(const struct cost *c, size_t board,
                                       const char *name)
{
    for (uint32_t i = 0; i < CALLS_MAX; i++)
        if (calls_name(cost_calls(c), i) &&
            strcmp(calls_name(cost_calls(c), i), name) == 0)
            return cost_call(c, board, i);
    return NULL;
}

static void check_board(const struct cost *c, size_t b)
{
    const char *kind = cost_kind(c, b, COST_MMU);
    bool radix = strcmp(kind, "radix") == 0, disk = *cost_kind(c, b, COST_DISK) != 0;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (!expected[i].kind || strcmp(expected[i].kind, kind) == 0)
            check_api(c, b, &expected[i]);
    char text[256];
    snprintf(text, sizeof text, "_start exos_start fault %s_bind kernel_start%s", kind,
             disk ? " queue_interrupt" : "");
    expect_marks(c, b, "platform", cost_platform(c, b), text);
    snprintf(text, sizeof text, "disk disk_flush%s", disk ? " queue_flush" : "");
    expect_marks(c, b, "f_disk", cost_api(c, b, api_number(c, "f_disk")), text);
    snprintf(text, sizeof text,
             "conform_weak weak other_weak begin main _start exos_start fault %s_bind "
             "kernel_start%s",
             kind, disk ? " queue_interrupt" : "");
    expect_marks(c, b, "conform_f_weak", cost_conform(c, b, api_number(c, "f_weak")),
                 text);
    EXPECT(!cost_conform(c, b, api_number(c, "f_table")), "f_table has no program");
    expect_marks(c, b, "call frame_alloc", call_set(c, b, "frame_alloc"),
                 "sys_frame_alloc check");
    EXPECT(!call_set(c, b, radix ? "tlb_write" : "pt_map"), "%s has no such call",
           boards[b]->name);
    EXPECT((call_set(c, b, "block_io") != NULL) == disk, "%s: block_io", boards[b]->name);
}

/* From and to a board: sums, order, margins. */
static void check_port(const struct cost *c, size_t from, size_t to)
{
    struct err err;
    struct cost_port *p;
    int code = cost_port(c, from, to, NULL, &p, &err);
    EXPECT(code == 0, "%s", err.msg);
    if (code != 0)
        return;
    uint32_t sum = cost_total(&p->platform, COST_CLASSES).lines;
    for (size_t i = 0; i < cost_apis(c); i++)
        sum += cost_total(&p->api[p->order[i]].margin, COST_CLASSES).lines;
    EXPECT(sum <= cost_total(&p->total, COST_CLASSES).lines,
           "%s to %s: margins and platform are %u lines of %u", boards[from]->name,
           boards[to]->name, sum, cost_total(&p->total, COST_CLASSES).lines);
    EXPECT(cost_port_total(c, from, to).lines ==
               cost_total(&p->total, COST_CLASSES).lines,
           "%s to %s: two totals", boards[from]->name, boards[to]->name);
    for (size_t i = 0; i < cost_apis(c); i++) {
        const struct cost_port_row *r = &p->api[i];
        struct cost_sums all;
        cost_sum(c, cost_api(c, to, i), &all);
        for (unsigned part = 0; part < COST_PARTS; part++)
            for (unsigned k = 0; k < COST_CLASSES; k++) {
                const struct cost_sum *old = &r->reused.at[part][k],
                                      *new = &r->alone.at[part][k],
                                      *sums = &all.at[part][k];
                EXPECT(old->lines + new->lines == sums->lines &&
                           old->bytes + new->bytes == sums->bytes &&
                           old->functions + new->functions == sums->functions,
                       "%s to %s: %s, %s %s: reused and alone are not the closure",
                       boards[from]->name, boards[to]->name, cost_api_row(c, i)->name,
                       cost_part_names[part], cost_class_names[k]);
                EXPECT(k != COST_GENERIC || new->lines == 0,
                       "%s to %s: %s: generic lines", boards[from]->name,
                       boards[to]->name, cost_api_row(c, i)->name);
            }
        EXPECT(cost_total(&r->margin, COST_CLASSES).lines <=
                       cost_total(&r->beyond, COST_CLASSES).lines &&
                   cost_total(&r->beyond, COST_CLASSES).lines <=
                       cost_total(&r->alone, COST_CLASSES).lines,
               "%s to %s: %s: margin, beyond, alone", boards[from]->name,
               boards[to]->name, cost_api_row(c, i)->name);
    }
    if (from == to)
        EXPECT(cost_total(&p->total, COST_CLASSES).lines == 0,
               "%s to itself costs %u lines", boards[from]->name,
               cost_total(&p->total, COST_CLASSES).lines);
    for (unsigned k = COST_ISA; k < COST_CLASSES; k++)
        if (strcmp(cost_kind(c, from, k), cost_kind(c, to, k)) == 0 &&
            strcmp(cost_kind(c, from, COST_ISA), cost_kind(c, to, COST_ISA)) == 0)
            EXPECT(cost_total(&p->total, k).lines == 0,
                   "%s to %s: %u lines of class %s, which both have", boards[from]->name,
                   boards[to]->name, cost_total(&p->total, k).lines, cost_class_names[k]);
    cost_port_free(p);
}

static void check_order(const struct cost *c, size_t from, size_t to)
{
    struct err err;
    struct cost_port *greedy, *own;
    size_t n = cost_apis(c), *order = calloc(n, sizeof *order);
    EXPECT(cost_port(c, from, to, NULL, &greedy, &err) == 0, "%s", err.msg);
    for (size_t i = 0; i < n; i++)
        order[i] = greedy->order[n - 1 - i];
    EXPECT(cost_port(c, from, to, order, &own, &err) == 0, "%s", err.msg);
    EXPECT(own->order[0] == greedy->order[n - 1] && own->api[own->order[0]].place == 0,
           "an order of one's own");
    EXPECT(own->total.at[COST_LIBOS][COST_MMU].lines ==
               greedy->total.at[COST_LIBOS][COST_MMU].lines,
           "the order changes the total");
    cost_port_free(own);
    order[0] = order[1];
    EXPECT(cost_port(c, from, to, order, &own, &err) != 0 && strstr(err.msg, "twice"),
           "an order with one twice");
    order[0] = n;
    EXPECT(cost_port(c, from, to, order, &own, &err) != 0 && strstr(err.msg, "no API"),
           "an order with one that is none");
    cost_port_free(greedy);
    free(order);
}

static struct cost *analyse(void)
{
    struct err err;
    struct cost *c = NULL;
    int code = cost_open((const struct board *const *)boards, nboards, &c, &err);
    EXPECT(code == 0, "%s", err.msg);
    return c;
}

static void balance(const struct cost *c)
{
    for (size_t b = 0; b < nboards; b++)
        for (unsigned part = 0; part < COST_PARTS; part++) {
            struct cost_balance bal;
            struct cost_sums sums;
            uint32_t lines = 0;
            cost_balance(c, b, part, &bal);
            cost_sum(c, cost_all(c, b), &sums);
            for (unsigned k = 0; k < COST_CLASSES; k++)
                lines += sums.at[part][k].lines;
            EXPECT(bal.platform + bal.apis_only + bal.calls_only + bal.unreached ==
                           bal.all &&
                       bal.all == lines,
                   "%s: %s: lines do not add up", boards[b]->name, cost_part_names[part]);
        }
}

static void closures(const char *tree)
{
    static const char *const names[] = {
        "riscv", "riscv-softtlb", "arm",        "arm-softtlb",
        "pc",    "pc-softtlb",    "mips-radix", "decstation"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        open_board(names[i]);
    struct err err;
    struct cost *none;
    size_t flash = board_number("arm");
    EXPECT(cost_open((const struct board *const *)&boards[flash], 1, &none, &err) != 0 &&
               strstr(err.msg, "'flash'") && strstr(err.msg, "no backend"),
           "a disk without a backend: %s", err.msg);
    size_t pio = board_number("decstation");
    EXPECT(cost_open((const struct board *const *)&boards[pio], 1, &none, &err) != 0 &&
               strstr(err.msg, "'pio'") && strstr(err.msg, "no driver") &&
               strstr(err.msg, "port new disk pio"),
           "a disk without a driver: %s", err.msg);
    for (size_t i = 0; i < nboards; i++) {
        boards[i]->nic = -1;
        const struct hw_model *disk = boards[i]->dev[boards[i]->disk].model;
        if (strcmp(disk->compatible, "exo,disk-queue") != 0)
            boards[i]->disk = -1;
    }
    read_marks(tree);
    EXPECT(nmarks > 40, "%zu marks", nmarks);
    struct cost *c = analyse();
    for (size_t b = 0; c && b < nboards; b++)
        check_board(c, b);
    for (size_t a = 0; c && a < nboards; a++)
        for (size_t b = 0; b < nboards; b++)
            check_port(c, a, b);
    if (c) {
        balance(c);
        check_order(c, board_number("riscv"), board_number("riscv-softtlb"));
    }
    cost_close(c);
}

/* ---- other things to check ---- */

static void refuses(int argc, char **argv)
{
    struct err err = {""};
    struct cost *c;
    open_board(argv[0]);
    int code = cost_open((const struct board *const *)boards, nboards, &c, &err);
    EXPECT(code != 0, "%s: was taken", argv[0]);
    for (int i = 1; i < argc; i++)
        EXPECT(strstr(err.msg, argv[i]), "'%s' is not in: %s", argv[i], err.msg);
    if (code == 0)
        cost_close(c);
}

static void survives(const char *board)
{
    struct err err;
    struct cost *c;
    open_board(board);
    if (cost_open((const struct board *const *)boards, nboards, &c, &err) == 0)
        cost_close(c);
}

static void open_all(void)
{
    size_t n;
    char **names = board_names(&n);
    for (size_t i = 0; i < n; i++) {
        struct err err;
        open_board(names[i]);
        if (nboards > 0 && cost_ready(boards[nboards - 1], &err) != 0)
            board_free(boards[--nboards]);
    }
    board_names_free(names, n);
}

static void real(void)
{
    open_all();
    EXPECT(nboards >= 8, "%zu boards", nboards);
    clock_t start = clock();
    struct cost *c = analyse();
    EXPECT(clock() - start < 10 * CLOCKS_PER_SEC, "the analysis took more than 10 s");
    if (!c)
        return;
    balance(c);
    for (size_t a = 0; a < nboards; a++)
        for (size_t b = 0; b < nboards; b++)
            check_port(c, a, b);
    for (size_t b = 0; b < nboards; b++)
        for (size_t i = 0; i < cost_apis(c); i++) {
            struct cost_sums sums;
            cost_sum(c, cost_api(c, b, i), &sums);
            uint32_t lines = 0;
            for (unsigned k = 0; k < COST_CLASSES; k++)
                lines += sums.at[COST_LIBOS][k].lines;
            EXPECT(lines > 0, "%s has no code on %s", cost_api_row(c, i)->name,
                   boards[b]->name);
        }
    cost_close(c);
}

static void lines(const char *board)
{
    open_board(board);
    struct cost *c = analyse();
    uint32_t n = 0;
    struct cost_balance bal;
    for (unsigned part = 0; c && part < COST_PARTS; part++) {
        cost_balance(c, 0, part, &bal);
        n += bal.all;
    }
    printf("%u %s %s\n", n, c ? cost_kind(c, 0, COST_ISA) : "",
           c ? cost_kind(c, 0, COST_MMU) : "");
    cost_close(c);
}

int main(int argc, char **argv)
{
    struct err err;
    registry_add(&models, hw_models, "built-in", &err);
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "closures") == 0 && argc == 3)
        closures(argv[2]);
    else if (strcmp(what, "refuses") == 0 && argc > 3)
        refuses(argc - 2, argv + 2);
    else if (strcmp(what, "survives") == 0 && argc == 3)
        survives(argv[2]);
    else if (strcmp(what, "real") == 0)
        real();
    else if (strcmp(what, "lines") == 0 && argc == 3)
        lines(argv[2]);
    else
        EXPECT(false, "which check? See the top of this file");
    close_boards();
    registry_free(&models);
    return wrong != 0;
}
