// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * session.c - one run of programs on one board: names to files, files to a load plan, the
 * machine's life, and its end as an exit status. Used by run, compare and bench. See cmd.h.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cmd.h"
#include "data.h"
#include "net_make.h"
#include "record_make.h"
#include "report.h"
#include "store_make.h"
#include "world.h"

#define FULL_REPORTS 16
#define ALL_REPORTS 64

static uint64_t host_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static bool is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* A workload's name or a host file to the file; NULL if there is neither. free() it. */
static char *find_program(const struct board *b, const char *name)
{
    if (!strchr(name, '/')) {
        char *path = data_path("guest/%s/%s", board_cpu(b)->elf_name, name);
        if (is_file(path))
            return path;
        free(path);
    }
    return data_exists(name) ? mem_str(name) : NULL;
}

static const char *short_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool planned(const struct load_plan *plan, const char *name,
                    enum hw_module_kind but)
{
    for (size_t i = 0; i < plan->n; i++)
        if (plan->module[i].kind != but && strcmp(plan->module[i].name, name) == 0)
            return true;
    return false;
}

static int add_program(struct session *s, const char *name, const char *path,
                       enum hw_module_kind kind, int argc, char **argv, struct err *err)
{
    char *found = path ? mem_str(path) : find_program(s->board, name);
    if (!found)
        return err_set(err, ERR_NOTFOUND,
                       "no program '%s': neither in %s/guest/%s nor a file", name,
                       data_dir(), board_cpu(s->board)->elf_name);
    struct image im; /* a wrong program is refused before a machine is built */
    int rc = image_open(&im, found, board_cpu(s->board), err);
    if (rc == 0) {
        image_close(&im);
        rc = plan_add(&s->plan, path ? name : short_name(name), found, kind, argc, argv,
                      err);
    }
    free(found);
    return rc;
}

/* Programs that can be exec'ed: --module, and those the data folder names. */
static int add_libraries(struct session *s, const struct options *o, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < o->nmodules; i++) {
        const struct option_pair *m = &o->module[i];
        if (planned(&s->plan, m->name, HW_MODULE_PROGRAM))
            rc = err_set(err, ERR_USER,
                         "--module %s: there is a file or module of that name", m->name);
        else
            rc = add_program(s, m->name, m->path, HW_MODULE_LIBRARY, 0, NULL, err);
    }
    char *list = data_path("guest/%s/modules", board_cpu(s->board)->elf_name);
    size_t n;
    char **line = data_lines(list, &n);
    free(list);
    for (size_t i = 0; rc == 0 && i < n; i++)
        if (!planned(&s->plan, line[i], HW_MODULE_PROGRAM))
            rc = add_program(s, line[i], NULL, HW_MODULE_LIBRARY, 0, NULL, err);
    free(line);
    return rc;
}

static int make_plan(struct session *s, const struct options *o, struct err *err)
{
    const struct board *b = s->board;
    int rc = 0;
    s->plan.kernel = data_path("guest/%s/exo-%s", board_cpu(b)->elf_name,
                               mmu_kind_name(board_mmu(b)->kind));
    for (size_t i = 0; rc == 0 && i < o->nprograms; i++)
        rc = add_program(s, o->program[i].argv[0], NULL, HW_MODULE_PROGRAM,
                         o->program[i].argc, o->program[i].argv, err);
    for (size_t i = 0; rc == 0 && i < o->nfiles; i++) {
        if (planned(&s->plan, o->file[i].name, HW_MODULE_PROGRAM))
            rc = err_set(err, ERR_USER,
                         "--file %s=%s: there is a file of that name already",
                         o->file[i].name, o->file[i].path);
        else
            rc = plan_add(&s->plan, o->file[i].name, o->file[i].path, HW_MODULE_FILE, 0,
                          NULL, err);
    }
    return rc ? rc : add_libraries(s, o, err);
}

static void on_report(void *arg, struct machine *m, unsigned core,
                      const struct hw_report *r)
{
    struct session *s = arg;
    /* a guest may make environments die for ever: the first ones are told at length */
    s->reports++;
    if (s->reports <= FULL_REPORTS)
        report_environment(m, core, r, true);
    else if (s->reports <= ALL_REPORTS)
        report_environment(m, core, r, false);
}

int session_join(struct session *s, const char *board, const struct options *o,
                 const struct registry *models, const struct calls *calls, int fd,
                 struct console_input *in, const struct session_group *group,
                 struct err *err)
{
    *s = (struct session){0};
    uint64_t start = host_ns();
    int rc = board_open(board, models, &s->board, err);
    if (rc)
        return rc;
    console_open(&s->console, fd, in);
    s->console.lines = group->several;
    rc = make_plan(s, o, err);
    if (rc == 0)
        rc = store_of_options(o, s->board, &s->store, err);
    if (rc == 0)
        rc = record_of_options(o, s->board, &s->plan, s->store, &s->record, err);
    if (rc == 0)
        rc = net_of_options(o, s->board, group->number, group->links, s->record, &s->net,
                            err);
    if (rc == 0) {
        struct machine_setup setup = {.board = s->board,
                                      .plan = &s->plan,
                                      .calls = calls,
                                      .console = &s->console,
                                      .cores = o->cores,
                                      .ram_size = o->mem,
                                      .max_cycles = o->max_cycles,
                                      .seeded = o->seeded,
                                      .seed = o->seed,
                                      .trace_path = o->trace,
                                      .record = s->record,
                                      .net = s->net,
                                      .store = s->store,
                                      .report = on_report,
                                      .report_arg = s};
        rc = machine_create(&setup, &s->machine, err);
    }
    if (rc) {
        struct err ignored;
        session_close(s, &ignored);
    }
    s->create_ns = host_ns() - start;
    return rc;
}

int session_open(struct session *s, const char *board, const struct options *o,
                 const struct registry *models, const struct calls *calls, int fd,
                 struct console_input *in, struct err *err)
{
    static const struct session_group alone = {.number = 1};
    return session_join(s, board, o, models, calls, fd, in, &alone, err);
}

void session_run(struct session *s)
{
    uint64_t start = host_ns();
    struct world_member alone = {.m = s->machine, .net = s->net};
    world_run(&alone, 1);
    s->run_ns = host_ns() - start;
    session_ended(s, &alone.outcome);
}

void session_ended(struct session *s, const struct machine_outcome *outcome)
{
    s->outcome = *outcome;
    machine_get_stats(s->machine, &s->stats);
    switch (s->outcome.end) {
    case MACHINE_HALT: s->status = (int)(s->outcome.exit.status & 0xff); break;
    case MACHINE_LIMIT: s->status = -ERR_LIMIT; break;
    case MACHINE_CUT: s->status = -ERR_CUT; break;
    case MACHINE_INTERRUPTED: s->status = 128 + SIGINT; break;
    case MACHINE_DIVERGED:
    case MACHINE_HOST: s->status = -ERR_USER; break;
    case MACHINE_PANIC:
    case MACHINE_DEAD:
    case MACHINE_STUCK: s->status = -ERR_DEAD; break;
    }
    if (s->reports > ALL_REPORTS)
        say("%d more environments died of traps", s->reports - ALL_REPORTS);
    if (s->outcome.end != MACHINE_HALT)
        report_machine(s->machine, &s->outcome);
}

int session_close(struct session *s, struct err *err)
{
    int rc = 0;
    if (s->machine) {
        rc =
            store_save(s->store, err); /* a run that began: its medium is worth keeping */
        struct err also;
        if (machine_destroy(s->machine, rc ? &also : err) && rc == 0)
            rc = ERR_USER;
        if (record_flush(s->record, rc ? &also : err) && rc == 0)
            rc = ERR_USER;
        if (net_flush(s->net, rc ? &also : err) && rc == 0)
            rc = ERR_USER;
    }
    store_close(s->store);
    net_free(s->net);
    record_close(s->record);
    console_close(&s->console);
    plan_free(&s->plan);
    board_free(s->board);
    *s = (struct session){.status = s->status};
    return rc;
}
