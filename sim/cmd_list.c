// SPDX-License-Identifier: GPL-2.0-or-later
/* cmd_list.c - what there is: `exosim boards`, `exosim models [CLASS]`. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "data.h"

int cmd_fail(int code, const struct err *err)
{
    fflush(stdout);
    say("%s", err->msg);
    return -code;
}

int cmd_models_open(struct registry *r, const struct options *o, struct err *err)
{
    int rc = registry_add(r, hw_models, "built-in model", err);
    for (size_t i = 0; rc == 0 && i < o->nplugins; i++)
        rc = registry_plugin(r, o->plugin[i], err);
    return rc;
}

int cmd_done(void)
{
    struct err err;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    return cmd_fail(err_set(&err, ERR_USER, "standard output cannot be written"), &err);
}

/* ---- boards ---- */

static void print_board(const struct board *b)
{
    char ram[32];
    if (b->ram_size % (1 << 20) == 0)
        snprintf(ram, sizeof ram, "%" PRIu64 "M", b->ram_size >> 20);
    else
        snprintf(ram, sizeof ram, "%" PRIu64 "K", b->ram_size >> 10);
    struct calls_hardware hw = board_hardware(b);
    printf("%-14s %-8s %-8s %-6s %-6s %5u %6s %6" PRIu64 "  %s\n", b->name,
           board_cpu(b)->elf_name, mmu_kind_name(board_mmu(b)->kind),
           hw.disk ? disk_kind_name(hw.disk) : "-", hw.nic ? nic_kind_name(hw.nic) : "-",
           b->cores, ram, b->clock_hz / 1000000, b->title);
}

int cmd_boards(int argc, char **argv)
{
    struct options o;
    options_parse(&o, OPTIONS_LIST, "List the built-in boards, or those given by -b.", "",
                  argc, argv);
    struct err err;
    struct registry models = {0};
    int rc = o.nnames
                 ? err_set(&err, ERR_USER, "boards takes no argument (but -b BOARD,...)")
                 : cmd_models_open(&models, &o, &err);
    size_t n = o.nboards;
    char **names = o.nboards ? o.board : board_names(&n);
    int status = 0;
    if (rc == 0 && n == 0)
        rc = err_set(&err, ERR_USER, "no boards in %s/boards: is exosim built?",
                     data_dir());
    if (rc == 0)
        printf("%-14s %-8s %-8s %-6s %-6s %5s %6s %6s  %s\n", "BOARD", "ISA", "MMU",
               "DISK", "NIC", "CORES", "RAM", "MHz", "WHAT");
    for (size_t i = 0; rc == 0 && i < n; i++) {
        struct board *b;
        if (board_open(names[i], &models, &b, &err)) {
            status = cmd_fail(ERR_USER, &err); /* the others are still of interest */
            continue;
        }
        print_board(b);
        board_free(b);
    }
    if (!o.nboards)
        board_names_free(names, n);
    if (rc)
        status = cmd_fail(rc, &err);
    registry_free(&models);
    options_free(&o);
    return status ? status : cmd_done();
}

/* ---- models ---- */

static void print_range(const struct hw_param *p)
{
    if (p->type == HW_PARAM_STRING) {
        printf("text, default \"%s\"", p->def_string ? p->def_string : "");
        return;
    }
    if (p->type == HW_PARAM_BOOL) {
        printf("yes or no, default %s", p->def ? "yes" : "no");
        return;
    }
    /* masks and addresses read better in hexadecimal */
    bool hex = p->max > UINT32_MAX && !(p->unit && *p->unit);
    if (hex)
        printf("0x%" PRIx64 "..0x%" PRIx64, p->min, p->max);
    else
        printf("%" PRIu64 "..%" PRIu64, p->min, p->max);
    if (p->unit && *p->unit)
        printf(" %s", p->unit);
    if (hex && p->def > 9)
        printf(", default 0x%" PRIx64, p->def);
    else
        printf(", default %" PRIu64, p->def);
}

static void print_model(const struct hw_model *m)
{
    printf("%-22s %-8s %s\n", m->compatible, class_name(m->class_),
           m->summary ? m->summary : "");
    for (size_t i = 0; i < m->nparams; i++) {
        const struct hw_param *p = &m->params[i];
        printf("    %-20s ", p->name);
        print_range(p);
        printf("\n        %s\n", p->help ? p->help : "");
    }
}

int cmd_models(int argc, char **argv)
{
    struct options o;
    options_parse(&o, OPTIONS_LIST,
                  "List hardware models and their parameters (device tree "
                  "properties): range, unit, default, meaning.",
                  "[CLASS]", argc, argv);
    struct err err;
    struct registry models = {0};
    int rc = cmd_models_open(&models, &o, &err);
    const char *class_ = o.nnames ? o.name[0] : NULL;
    if (rc == 0 && o.nnames > 1)
        rc = err_set(&err, ERR_USER, "models takes one class at most");
    bool any = false;
    for (size_t i = 0; rc == 0 && i < models.n; i++) {
        const struct hw_model *m = models.model[i];
        if (class_ && strcmp(class_, class_name(m->class_)) != 0)
            continue;
        if (any)
            putchar('\n');
        print_model(m);
        any = true;
    }
    bool is_class = false;
    for (int k = HW_CLASS_CPU; class_ && k <= HW_CLASS_NIC; k++)
        is_class |= strcmp(class_, class_name(k)) == 0;
    if (rc == 0 && class_ && !is_class)
        rc = err_set(&err, ERR_USER,
                     "no class '%s': expected cpu, mmu, intc, timer, console, "
                     "disk or nic",
                     class_);
    else if (rc == 0 && class_ && !any)
        printf("no model of class %s in this version\n", class_);
    int status = rc ? cmd_fail(rc, &err) : cmd_done();
    registry_free(&models);
    options_free(&o);
    return status;
}
