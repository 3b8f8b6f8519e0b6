// SPDX-License-Identifier: GPL-2.0-or-later
/* report.c - trap reports and the ends of machines, in words. See report.h. */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols.h"

#define LAST_EVENTS 16

/* trace_words() wants a plain function: the list of the machine being reported. */
static _Thread_local const struct calls *names;

static const char *call_name(uint64_t number)
{
    return names ? calls_name(names, number) : NULL;
}

static void last_events(const struct machine *m)
{
    struct hw_trace_record r[LAST_EVENTS];
    size_t n = trace_last(machine_trace(m), r, LAST_EVENTS);
    if (!n)
        return;
    fprintf(stderr, "  last events (cycle, where, what):\n");
    names = machine_setup_of(m)->calls;
    for (size_t i = 0; i < n; i++) {
        char text[200];
        trace_words(&r[i], call_name, text, sizeof text);
        fprintf(stderr, "    %s\n", text);
    }
    names = NULL;
}

/* The registers as columns. */
static void registers(const struct machine *m, unsigned core)
{
    char text[8192], *rest = text, *line;
    size_t n = machine_describe(m, core, text, sizeof text - 1);
    text[n < sizeof text ? n : sizeof text - 1] = 0;
    unsigned k = 0;
    while ((line = strsep(&rest, "\n"))) {
        if (!*line)
            continue;
        char *value = strchr(line, ' ');
        if (value)
            *value++ = 0;
        fprintf(stderr, "%s%-10s %-20s", k % 3 ? "" : "    ", line, value ? value : "");
        if (++k % 3 == 0)
            fputc('\n', stderr);
    }
    if (k % 3)
        fputc('\n', stderr);
}

/* File of the program of that name, or, without a name, of the environment's boot program. */
static const char *program_path(const struct machine *m, const char *name, uint32_t env,
                                const char **label)
{
    const struct load_plan *plan = machine_setup_of(m)->plan;
    uint32_t nth = 0;
    for (size_t i = 0; i < plan->n; i++) {
        const struct load_module *mod = &plan->module[i];
        if (mod->kind == HW_MODULE_FILE)
            continue;
        if (mod->kind == HW_MODULE_PROGRAM)
            nth++;
        if (name ? strcmp(mod->name, name) == 0
                 : mod->kind == HW_MODULE_PROGRAM && nth == env) {
            *label = mod->name;
            return mod->path;
        }
    }
    return NULL;
}

static void print_pc(uint64_t pc, const char *path, const char *label)
{
    char where[700] = "";
    if (path)
        symbols_where(path, pc, where, sizeof where);
    fprintf(stderr, "  pc           0x%" PRIx64 "%s%s%s%s\n", pc, where[0] ? " " : "",
            where, label ? " of " : "", label ? label : "");
}

static const char *access_of(uint32_t cause)
{
    static const char *const words[] = {"reading", "writing", "fetching", "accessing"};
    return words[(cause & HW_CAUSE_ACCESS) >> HW_CAUSE_ACCESS_SHIFT];
}

static bool memory_cause(uint32_t cause)
{
    switch (cause & HW_CAUSE_CODE) {
    case HW_CAUSE_TLB_MISS:
    case HW_CAUSE_PAGE:
    case HW_CAUSE_PROT:
    case HW_CAUSE_BUS:
    case HW_CAUSE_UNALIGNED: return true;
    }
    return false;
}

/* An environment that dies of a TLB miss had nothing to refill from: for its user that is an
 * address without translation. */
static const char *death_words(uint32_t cause)
{
    if ((cause & HW_CAUSE_CODE) == HW_CAUSE_TLB_MISS)
        cause = HW_CAUSE_PAGE;
    return cause_words(cause);
}

static void print_cause(uint32_t cause, uint64_t badvaddr)
{
    fprintf(stderr, "  cause        %s (%s)", death_words(cause), cause_name(cause));
    if (memory_cause(cause))
        fprintf(stderr, ", %s 0x%" PRIx64, access_of(cause), badvaddr);
    if (cause & HW_CAUSE_BD)
        fprintf(stderr, ", in the branch's delay slot");
    fputc('\n', stderr);
}

static void print_board(const struct machine *m, unsigned core, uint64_t cycles)
{
    const struct board *b = machine_setup_of(m)->board;
    fprintf(stderr, "  board        %s (%s, %s), core %u of %u, cycle %" PRIu64 "\n",
            b->name, board_cpu(b)->elf_name, mmu_kind_name(board_mmu(b)->kind), core,
            machine_cores(m), cycles);
}

void report_environment(struct machine *m, unsigned core, const struct hw_report *r,
                        bool full)
{
    fprintf(stderr, "exosim: environment %" PRIu32 "%s%s died of a trap: %s\n", r->env,
            r->program[0] ? ", program " : "", r->program, death_words(r->cause));
    if (!full)
        return;
    const char *label = NULL;
    const char *path = program_path(m, r->program[0] ? r->program : NULL, r->env, &label);
    print_board(m, core, machine_cycles(m));
    print_pc(r->epc, path, NULL);
    print_cause(r->cause, r->badvaddr);
    fprintf(stderr, "  stack        0x%" PRIx64 "\n", r->sp);
    last_events(m);
}

/* Where a core is: in the kernel, or in which environment's program. */
static void print_core(const struct machine *m, unsigned core)
{
    bool kernel;
    uint64_t pc = machine_pc(m, core, &kernel);
    uint32_t env = machine_context(m, core);
    const char *label = NULL, *path;
    if (kernel) {
        label = "the exokernel";
        path = machine_setup_of(m)->plan->kernel;
    } else {
        path = program_path(m, NULL, env, &label);
    }
    fprintf(stderr, "  core %u, environment %" PRIu32 ":\n", core, env);
    print_pc(pc, path, label);
}

void report_machine(struct machine *m, const struct machine_outcome *o)
{
    const struct machine_setup *setup = machine_setup_of(m);
    fflush(stdout);
    switch (o->end) {
    case MACHINE_HALT: return;
    case MACHINE_INTERRUPTED: fprintf(stderr, "exosim: interrupted\n"); return;
    case MACHINE_DIVERGED:
    case MACHINE_HOST:
    case MACHINE_CUT: fprintf(stderr, "exosim: %s\n", o->exit.message); return;
    case MACHINE_PANIC:
        fprintf(stderr, "exosim: the exokernel panicked: %s\n", o->exit.message);
        break;
    case MACHINE_DEAD:
        fprintf(stderr, "exosim: the exokernel died: %s\n", o->exit.message);
        break;
    case MACHINE_LIMIT:
        if (o->exit.message[0])
            fprintf(stderr, "exosim: still running %s, stopped\n", o->exit.message);
        else
            fprintf(stderr,
                    "exosim: still running after %" PRIu64
                    " cycles (--max-cycles), stopped\n",
                    setup->max_cycles);
        break;
    case MACHINE_STUCK:
        fprintf(stderr,
                "exosim: deadlock: every core is idle, no event is due and nobody can "
                "wake them\n");
        break;
    }
    print_board(m, o->core, machine_cycles(m));
    if (o->end == MACHINE_DEAD)
        print_cause(o->exit.cause, o->exit.badvaddr);
    if (o->end == MACHINE_LIMIT || o->end == MACHINE_STUCK) {
        for (unsigned c = 0; c < machine_cores(m); c++)
            print_core(m, c);
    } else {
        print_core(m, o->core);
        registers(m, o->core);
    }
    last_events(m);
}
