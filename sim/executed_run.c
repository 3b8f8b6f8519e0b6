// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * executed_run.c - one conformance run under a profile: the machine stops at conform_begin() and
 * conform_end(), where counting starts and ends; then counts of places become counts of
 * functions, classes and lines. See executed.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "executed.h"
#include "symbols.h"

/* What is known of an image's code, by function or place of its map. */
struct image_map {
    struct codemap *map;
    enum cost_class *class_; /* of function */
    size_t *
        function; /* of place: number in cost, of the line's function or, if that is nowhere but
                       * inlined, the one around it; SIZE_MAX: none */
    size_t *line; /* of place: its number in cost; SIZE_MAX: none or generic */
};

struct executed_rig {
    const struct conform *conform;
    const struct cost *cost;
    size_t board;
    struct image_map kernel, program;
    struct hw_watch begin, end;
    struct profile *profile;
    /* the run under way */
    struct machine *machine;
    struct hw_observer observer;
    bool counting, begun;
    uint64_t *executed; /* of each function of cost: scratch */
    struct machine_stats at_begin,
        sum; /* when it last began; of intervals that have ended */
};

/* ---- images ---- */

static bool same_file(const struct codemap *m, uint32_t a, uint32_t b)
{
    return codemap_function(m, codemap_place(m, a)->function)->file ==
           codemap_function(m, codemap_place(m, b)->function)->file;
}

static int map_open(struct image_map *im, const char *path, const struct cost *cost,
                    struct err *err)
{
    int rc = codemap_open(path, &im->map, err);
    if (rc)
        return rc;
    uint32_t n = codemap_functions(im->map), places = codemap_places(im->map);
    im->class_ = mem_zero(n, sizeof *im->class_);
    size_t *number = mem_zero(n, sizeof *number);
    im->function = mem_zero(places, sizeof *im->function);
    im->line = mem_zero(places, sizeof *im->line);
    for (uint32_t i = 0; i < n; i++) {
        const struct codemap_function *f = codemap_function(im->map, i);
        enum cost_part part;
        if (!cost_classify(f->file, &part, &im->class_[i], NULL))
            im->class_[i] = COST_GENERIC;
        number[i] = cost_function_find(cost, f->file, f->name);
    }
    for (uint32_t i = 0; i < places; i++) {
        const struct codemap_place *p = codemap_place(im->map, i);
        im->function[i] =
            number[p->function] != SIZE_MAX ? number[p->function] : number[p->around];
        im->line[i] =
            im->class_[p->function] == COST_GENERIC
                ? SIZE_MAX
                : cost_line_find(cost, codemap_function(im->map, p->function)->file,
                                 p->line);
    }
    for (uint32_t i = places; i-- > 1;)
        if (im->function[i - 1] == SIZE_MAX && same_file(im->map, i - 1, i))
            im->function[i - 1] = im->function[i];
    free(number);
    return 0;
}

static void map_close(struct image_map *im)
{
    codemap_close(im->map);
    free(im->class_);
    free(im->function);
    free(im->line);
}

int executed_rig_open(const struct conform *conform, const struct cost *cost,
                      size_t board, struct executed_rig **out, struct err *err)
{
    const struct board *b = conform->board[board].board;
    struct executed_rig *r = mem_zero(1, sizeof *r);
    char *kernel = data_path("guest/%s/exo-%s", board_cpu(b)->elf_name,
                             mmu_kind_name(board_mmu(b)->kind));
    char *program = data_path("guest/%s/conform", board_cpu(b)->elf_name);
    r->conform = conform;
    r->cost = cost;
    r->board = board;
    int rc = map_open(&r->kernel, kernel, cost, err);
    if (rc == 0)
        rc = map_open(&r->program, program, cost, err);
    r->begin.pc = symbols_address(program, "conform_begin");
    r->end.pc = symbols_address(program, "conform_end");
    if (rc == 0 && (r->begin.pc == 0 || r->end.pc == 0))
        rc = err_set(err, ERR_USER, "%s: no functions conform_begin and conform_end",
                     program);
    r->executed = mem_zero(cost_functions(cost) + 1, sizeof *r->executed);
    if (rc == 0)
        r->profile = profile_new(r->kernel.map, r->program.map);
    free(kernel);
    free(program);
    if (rc)
        executed_rig_close(r);
    else
        *out = r;
    return rc;
}

void executed_rig_close(struct executed_rig *rig)
{
    if (!rig)
        return;
    profile_free(rig->profile);
    map_close(&rig->kernel);
    map_close(&rig->program);
    free(rig->executed);
    free(rig);
}

/* ---- counting ---- */

/* sum += now - before, of what is counted. */
static void add_interval(struct machine_stats *sum, const struct machine_stats *now,
                         const struct machine_stats *before)
{
    sum->cycles += now->cycles - before->cycles;
    sum->cpu.user += now->cpu.user - before->cpu.user;
    sum->cpu.lib += now->cpu.lib - before->cpu.lib;
    sum->cpu.kernel += now->cpu.kernel - before->cpu.kernel;
    for (unsigned i = 0; i < HW_CAUSE_COUNT; i++)
        sum->cpu.traps[i] += now->cpu.traps[i] - before->cpu.traps[i];
    for (unsigned i = 0; i < CALLS_MAX; i++)
        sum->calls[i] += now->calls[i] - before->calls[i];
    sum->disk.bytes_read += now->disk.bytes_read - before->disk.bytes_read;
    sum->disk.bytes_written += now->disk.bytes_written - before->disk.bytes_written;
    sum->nic.tx_bytes += now->nic.tx_bytes - before->nic.tx_bytes;
    sum->nic.rx_bytes += now->nic.rx_bytes - before->nic.rx_bytes;
}

static void count(struct executed_rig *r, bool on)
{
    struct machine_stats now;
    if (r->counting == on)
        return;
    machine_get_stats(r->machine, &now);
    if (on)
        r->at_begin = now;
    else
        add_interval(&r->sum, &now, &r->at_begin);
    r->counting = on;
    r->begun = true;
    machine_observe(r->machine, on ? &r->observer : NULL);
}

static void watched(void *arg, struct machine *m, unsigned core)
{
    struct executed_rig *r = arg;
    bool kernel;
    uint64_t pc = machine_pc(m, core, &kernel);
    if (!kernel && (pc == r->begin.pc || pc == r->end.pc))
        count(r, pc == r->begin.pc);
}

static void opened(void *arg, struct session *s)
{
    struct executed_rig *r = arg;
    const struct hw_watch at[2] = {r->begin, r->end};
    r->machine = s->machine;
    machine_watch(s->machine, at, 2);
    machine_on_watch(s->machine, watched, r);
}

static void ended(void *arg, struct session *s)
{
    struct executed_rig *r = arg;
    if (s->machine == r->machine)
        count(r, false);
}

/* ---- results ---- */

static bool copies(const struct codemap_function *f)
{
    const char *slash = strrchr(f->file, '/');
    return slash && strcmp(slash, "/mem.c") == 0 &&
           (strstr(f->name, "cpy") || strstr(f->name, "copy") ||
            strcmp(f->name, "memmove") == 0);
}

static int compare_lines(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void add_stray(struct executed *e, const struct codemap_function *f, uint32_t line)
{
    char *more = mem_fmt("%s%s:%" PRIu32 " %s\n", e->stray, f->file, line, f->name);
    free(e->stray);
    e->stray = more;
}

/* The counts of an image's places, added to the result. */
static void add_places(struct executed_rig *r, struct executed *e, struct image_map *im,
                       bool kernel)
{
    size_t n = cost_functions(r->cost);
    uint32_t places = codemap_places(im->map);
    for (unsigned part = kernel ? PROFILE_KERNEL : 0;
         part <= (kernel ? PROFILE_KERNEL : PROFILE_LIBRARY); part++) {
        memset(r->executed, 0, n * sizeof *r->executed);
        for (uint32_t i = 0; i < places; i++) {
            const struct codemap_place *p = codemap_place(im->map, i);
            uint64_t count =
                kernel ? profile_kernel(r->profile, i) : profile_program(r->profile, i);
            if (count == 0 || (!kernel && profile_part_of(p->start) != part))
                continue;
            enum cost_class class_ = im->class_[p->function];
            if (im->function[i] != SIZE_MAX)
                r->executed[im->function[i]] += count;
            e->instructions[part][class_] += count;
            if (class_ == COST_GENERIC)
                continue;
            if (im->line[i] == SIZE_MAX)
                add_stray(e, codemap_function(im->map, p->function), p->line);
            else
                e->line[e->nlines++] = (uint32_t)im->line[i];
        }
        for (size_t i = 0; i < n; i++)
            if (r->executed[i])
                e->function[e->nfunctions++] =
                    (struct executed_function){(uint32_t)i, part, r->executed[i]};
    }
}

static void settle(struct executed_rig *r, struct executed *e)
{
    struct profile_sums sums;
    profile_settle(r->profile, copies, &sums);
    size_t functions = PROFILE_PARTS * cost_functions(r->cost);
    size_t places =
        codemap_places(r->kernel.map) + (size_t)codemap_places(r->program.map);
    e->function = mem_zero(functions, sizeof *e->function);
    e->line = mem_zero(places, sizeof *e->line);
    add_places(r, e, &r->program, false);
    add_places(r, e, &r->kernel, true);
    for (unsigned part = 0; part < PROFILE_PARTS; part++) {
        e->instructions[part][COST_GENERIC] += sums.unknown[part];
        e->unknown += sums.unknown[part];
    }
    e->copied_code = sums.stored;
    /* a line may be several places */
    qsort(e->line, e->nlines, sizeof *e->line, compare_lines);
    uint32_t n = 0;
    for (uint32_t i = 0; i < e->nlines; i++)
        if (n == 0 || e->line[n - 1] != e->line[i])
            e->line[n++] = e->line[i];
    e->nlines = n;
    e->function = mem_grow(e->function, e->nfunctions, sizeof *e->function);
    e->line = mem_grow(e->line, e->nlines, sizeof *e->line);
}

/* The first check that failed; "" if none did. */
static char *first_failure(const struct conform_outcome *o)
{
    const char *at = o->result == CONFORM_FAIL ? strstr(o->text, "not ok ") : NULL;
    return at ? mem_fmt("%.*s", (int)strcspn(at, "\n"), at) : mem_str("");
}

void executed_run(struct executed_rig *rig, size_t api, struct executed *out)
{
    const struct conform_watch watch = {opened, ended, rig};
    struct conform_outcome outcome;
    *out = (struct executed){0};
    out->stray = mem_str("");
    rig->machine = NULL;
    rig->counting = rig->begun = false;
    rig->sum = (struct machine_stats){0};
    rig->observer = (struct hw_observer){.arg = rig->profile, .retired = profile_retired};
    profile_clear(rig->profile);
    conform_run(rig->conform, rig->board, api, &watch, &outcome);
    out->result = outcome.result;
    out->why = outcome.why ? mem_str(outcome.why) : first_failure(&outcome);
    out->begun = rig->begun;
    settle(rig, out);
    out->counted[PROFILE_APPLICATION] = rig->sum.cpu.user;
    out->counted[PROFILE_LIBRARY] = rig->sum.cpu.lib;
    out->counted[PROFILE_KERNEL] = rig->sum.cpu.kernel;
    out->cycles = rig->sum.cycles;
    memcpy(out->traps, rig->sum.cpu.traps, sizeof out->traps);
    memcpy(out->calls, rig->sum.calls, sizeof out->calls);
    out->copied_disk = rig->sum.disk.bytes_read + rig->sum.disk.bytes_written;
    out->copied_nic = rig->sum.nic.tx_bytes + rig->sum.nic.rx_bytes;
    conform_outcome_free(&outcome);
}
