// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * apicalls.c - see apicalls.h.
 *
 * The observer is asked before every basic block. In an environment, the application's code followed by
 * the entry of a public function is a call; the library's code followed by the application's, right
 * behind the block that called, is its return. (A jump from the library anywhere else is a callback
 * or the end of an upcall.) At both the machine stops, so that registers and cycles are exact.
 */
#include "apicalls.h"

#include <stdlib.h>
#include <string.h>

#include "symbols.h"

#define CONTEXTS 256u
#define DEPTH 64u
#define NO_CALL UINT32_MAX
#define INSN_MAX 16u /* bytes of an instruction, and of a delay slot behind it */

struct frame {
    uint32_t call;            /* index in calls */
    uint64_t pc, limit;       /* it returns behind pc, not behind limit */
    uint64_t library, kernel; /* of the environment, when it began */
};

struct context {
    bool seen, lost; /* lost: it runs another program now */
    bool over;       /* it ended: what comes next of this number is another one */
    uint32_t number;
    bool in_library;
    uint64_t at,
        behind; /* the application's last block, and an address not before its end */
    uint64_t library, kernel;
    struct frame frame[DEPTH];
    unsigned depth;
};

struct entry {
    uint64_t at;
    uint32_t function;
    enum symbols_result kind;
};

struct exo_event {
    uint64_t cycle;
    uint32_t env;
};

struct apicalls_watch {
    struct machine *m;
    const struct api *api;
    struct entry *entry; /* ascending */
    size_t nentries;
    struct apicalls calls;
    struct context context[CONTEXTS];
    /* what before() saw, for stopped() */
    uint32_t context_id, function_entry;
    bool is_return;
    struct exo_event *exo;
    size_t nexo, exo_cap;
    uint64_t records; /* of the trace, seen */
};

static bool in_library(uint64_t pc)
{
    return pc >= HW_LIB_WINDOW_LO && pc < HW_LIB_WINDOW_HI;
}

static struct context *context_of(struct apicalls_watch *w, uint32_t id)
{
    struct context *c = id > 0 && id < CONTEXTS ? &w->context[id] : NULL;
    if (c && !c->seen) {
        c->seen = true;
        c->number = w->calls.envs++;
    }
    return c;
}

static const struct entry *entry_at(const struct apicalls_watch *w, uint64_t pc)
{
    size_t low = 0, high = w->nentries;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (w->entry[mid].at < pc)
            low = mid + 1;
        else
            high = mid;
    }
    return low < w->nentries && w->entry[low].at == pc ? &w->entry[low] : NULL;
}

/* ---- the observer ---- */

static void retired(void *arg, unsigned core, uint32_t id, bool in_kernel, uint64_t pc,
                    int64_t n)
{
    (void)core;
    struct apicalls_watch *w = arg;
    struct context *c = context_of(w, id);
    if (!c)
        return;
    if (in_kernel) {
        c->kernel += (uint64_t)n;
        w->calls.kernel += (uint64_t)n;
    } else if (in_library(pc)) {
        c->library += (uint64_t)n;
        w->calls.library += (uint64_t)n;
    } else {
        w->calls.application += (uint64_t)n;
        if (n > 0) {
            c->at = pc;
            c->behind = pc + ((uint64_t)n + 1) * INSN_MAX;
        }
    }
}

static bool before(void *arg, unsigned core, uint32_t id, bool in_kernel, uint64_t pc)
{
    (void)core;
    struct apicalls_watch *w = arg;
    struct context *c = in_kernel ? NULL : context_of(w, id);
    if (!c || c->lost)
        return false;
    bool was = c->in_library;
    c->in_library = in_library(pc);
    if (c->over && !c->in_library) {
        c->over = false;
        c->number = w->calls.envs++;
    }
    w->context_id = id;
    if (!was && c->in_library) {
        const struct entry *e = entry_at(w, pc);
        w->is_return = false;
        if (e)
            w->function_entry = (uint32_t)(e - w->entry);
        return e != NULL;
    }
    if (was && !c->in_library && c->depth > 0) {
        const struct frame *f = &c->frame[c->depth - 1];
        w->is_return = true;
        return pc > f->pc && pc <= f->limit;
    }
    return false;
}

/* ---- stops ---- */

static int64_t result_now(const struct apicalls_watch *w, unsigned core)
{
    static const char *const name[] = {[HW_ISA_RISCV64] = "a0",
                                       [HW_ISA_AARCH64] = "x0",
                                       [HW_ISA_X86_64] = "rax",
                                       [HW_ISA_MIPS32] = "v0"};
    char text[4096];
    const char *reg = name[machine_isa(w->m)];
    size_t n = machine_describe(w->m, core, text, sizeof text - 1), len = strlen(reg);
    text[n < sizeof text ? n : sizeof text - 1] = 0;
    for (const char *line = text; *line; line++) {
        if (strncmp(line, reg, len) == 0 && line[len] == ' ')
            return (int32_t)(uint32_t)strtoull(line + len, NULL, 0);
        line = strchr(line, '\n');
        if (!line)
            break;
    }
    return 0;
}

static uint64_t cycle_of(const struct apicalls_watch *w, unsigned core)
{
    struct hw_cpu_stats cpu;
    struct hw_mmu_stats mmu;
    uint64_t cycles;
    machine_core_stats(w->m, core, &cpu, &mmu, &cycles);
    return cycles;
}

/* Functions that do not come back; `last`: the environment ends in them. */
static bool never_returns(const char *name, bool *last)
{
    static const char *const names[] = {"_exit", "_Exit",   "exit",
                                        "abort", "longjmp", "siglongjmp"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            *last = i < 4;
            return true;
        }
    return false;
}

static void begin(struct apicalls_watch *w, struct context *c, unsigned core)
{
    struct apicalls *a = &w->calls;
    const struct entry *e = &w->entry[w->function_entry];
    const char *name = w->api->function[e->function].name;
    if (a->n == APICALLS_MAX || c->depth == DEPTH) {
        a->lost = true;
        return;
    }
    if (a->n == a->cap) {
        a->cap = a->cap ? 2 * a->cap : 256;
        a->call = mem_grow(a->call, a->cap, sizeof *a->call);
    }
    if (!never_returns(name, &c->over))
        c->frame[c->depth++] =
            (struct frame){(uint32_t)a->n, c->at, c->behind, c->library, c->kernel};
    else if (c->over)
        c->depth = 0;
    a->call[a->n++] = (struct apicall){.function = e->function,
                                       .env = c->number,
                                       .kind = e->kind,
                                       .begin = cycle_of(w, core)};
    if (strncmp(name, "exec", 4) == 0)
        c->lost =
            true; /* it may come back if there is no such program, but that is all */
}

static void end(struct apicalls_watch *w, struct context *c, unsigned core)
{
    const struct frame *f = &c->frame[--c->depth];
    struct apicall *call = &w->calls.call[f->call];
    call->returned = true;
    call->end = cycle_of(w, core);
    call->result = call->kind == SYMBOLS_NUMBER ? result_now(w, core) : 0;
    if (call->kind == SYMBOLS_POINTER)
        call->result = result_now(w, core) != 0;
    call->library = c->library - f->library;
    call->kernel = c->kernel - f->kernel;
}

static void stopped(void *arg, struct machine *m, unsigned core)
{
    (void)m;
    struct apicalls_watch *w = arg;
    struct context *c = context_of(w, w->context_id);
    if (w->is_return)
        end(w, c, core);
    else
        begin(w, c, core);
}

static void on_records(void *arg, uint64_t first, const struct hw_trace_record *r,
                       size_t n)
{
    struct apicalls_watch *w = arg;
    w->records = first + n;
    for (size_t i = 0; i < n; i++) {
        if (r[i].event != HW_EV_CALL || r[i].a - CALLS_FIRST >= CALLS_MAX)
            continue;
        w->calls.exo[r[i].a - CALLS_FIRST]++;
        if (w->nexo == w->exo_cap) {
            w->exo_cap = w->exo_cap ? 2 * w->exo_cap : 1024;
            w->exo = mem_grow(w->exo, w->exo_cap, sizeof *w->exo);
        }
        w->exo[w->nexo++] = (struct exo_event){r[i].cycle, r[i].env};
    }
}

/* ---- open, close ---- */

static int by_address(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

static void add_entry(void *arg, const char *name, uint64_t at,
                      enum symbols_result result)
{
    struct apicalls_watch *w = arg;
    const struct api_function *f = api_find(w->api, name);
    if (f && in_library(at) && w->nentries < w->api->n)
        w->entry[w->nentries++] =
            (struct entry){at, (uint32_t)(f - w->api->function), result};
}

int apicalls_open(struct machine *m, const struct api *api, const char *program,
                  struct apicalls_watch **out, struct err *err)
{
    struct apicalls_watch *w = mem_zero(1, sizeof *w);
    w->m = m;
    w->api = api;
    w->entry = mem_zero(api->n, sizeof *w->entry);
    symbols_functions(program, add_entry, w);
    if (w->nentries == 0) {
        free(w->entry);
        free(w);
        return err_set(err, ERR_USER,
                       "%s: no function of the library OS in it, or no symbols", program);
    }
    qsort(w->entry, w->nentries, sizeof *w->entry, by_address);
    machine_tap(m, on_records, w);
    machine_on_watch(m, stopped, w);
    machine_observe(m, &(struct hw_observer){w, retired, before});
    *out = w;
    return 0;
}

/* Exokernel calls of each API call, by environment and time. */
static void attribute(struct apicalls_watch *w)
{
    uint32_t number[CONTEXTS] = {0};
    for (uint32_t i = 0; i < CONTEXTS; i++)
        number[i] = w->context[i].seen ? w->context[i].number : UINT32_MAX;
    for (size_t i = 0; i < w->calls.n; i++) {
        struct apicall *c = &w->calls.call[i];
        for (size_t k = 0; c->returned && k < w->nexo; k++)
            c->exo += w->exo[k].env < CONTEXTS && number[w->exo[k].env] == c->env &&
                      w->exo[k].cycle >= c->begin && w->exo[k].cycle < c->end;
    }
}

void apicalls_close(struct apicalls_watch *w, struct apicalls *out)
{
    struct hw_trace_record r;
    for (uint64_t k = w->records; trace_record(machine_trace(w->m), k, &r); k++)
        on_records(w, k, &r, 1);
    machine_observe(w->m, NULL);
    machine_on_watch(w->m, NULL, NULL);
    machine_tap(w->m, NULL, NULL);
    attribute(w);
    *out = w->calls;
    free(w->exo);
    free(w->entry);
    free(w);
}

void apicalls_free(struct apicalls *a)
{
    free(a->call);
    *a = (struct apicalls){0};
}
