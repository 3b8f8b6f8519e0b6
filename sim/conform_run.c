// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * conform_run.c - one conformance program on one board: the command line it is run by, the run, and
 * what came of it. See conform.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conform.h"
#include "data.h"
#include "world.h"

#define TEXT_MAX 16384u
/* Programs that compute for ever are stopped by instructions, those that wait for ever by
 * virtual time, unless --max-cycles says otherwise. */
#define MAX_INSTRUCTIONS UINT64_C(400000000)
#define MAX_SECONDS 600u

const char *const conform_result_names[CONFORM_RESULTS] = {"pass", "fail", "not ported",
                                                           "not applicable"};

/* ---- the command line of a run ---- */

#define FILES 4
static const char *const files[FILES] = {"text", "lines", "junk", "empty"};

struct command {
    struct options o, peer;
    char *argv[2], *peer_argv[2];
    struct option_program program, peer_program;
    struct option_pair file[FILES];
};

static void command_make(struct command *c, const struct conform *all,
                         const struct conform_board *b, const char *name, unsigned needs)
{
    *c = (struct command){.o = all->o};
    c->argv[0] = c->peer_argv[0] = mem_str("conform");
    c->argv[1] = mem_str(name);
    c->peer_argv[1] = mem_str("--peer");
    c->program = (struct option_program){c->argv, 2};
    c->peer_program = (struct option_program){c->peer_argv, 2};
    if (!c->o.max_cycles)
        c->o.max_cycles = MAX_SECONDS * b->board->clock_hz;
    c->o.program = &c->program;
    c->o.nprograms = 1;
    if (needs & CONFORM_DISK)
        c->o.disk = b->disk;
    if (needs & CONFORM_FILES) {
        for (int i = 0; i < FILES; i++)
            c->file[i] = (struct option_pair){
                mem_str(files[i]), data_path("guest/conform/files/%s", files[i])};
        c->o.file = c->file;
        c->o.nfiles = FILES;
    }
    c->peer = c->o;
    c->peer.disk = NULL;
    c->peer.nfiles = 0;
    c->peer.program = &c->peer_program;
    if (needs & CONFORM_PEER)
        c->o.net = c->peer.net = "link:conform";
}

static void command_free(struct command *c)
{
    free(c->argv[0]);
    free(c->argv[1]);
    free(c->peer_argv[1]);
    for (int i = 0; i < FILES; i++) {
        free(c->file[i].name);
        free(c->file[i].path);
    }
}

/* ---- what is said on standard error meanwhile ---- */

struct hush {
    int memory, saved;
};

static void hush_begin(struct hush *h)
{
    fflush(stderr);
    h->memory = memfd_create("words", MFD_CLOEXEC);
    h->saved = dup(STDERR_FILENO);
    if (h->memory >= 0 && h->saved >= 0)
        dup2(h->memory, STDERR_FILENO);
}

/* The words; free() them. */
static char *hush_end(struct hush *h)
{
    char *text = mem_zero(1, TEXT_MAX);
    fflush(stderr);
    if (h->saved >= 0)
        dup2(h->saved, STDERR_FILENO);
    ssize_t n = h->memory >= 0 ? pread(h->memory, text, TEXT_MAX - 1, 0) : 0;
    text[n > 0 ? n : 0] = 0;
    close(h->memory);
    close(h->saved);
    return text;
}

/* ---- what the run said ---- */

/* Marks of missing hooks among the calls. */
struct marks {
    const struct conform *c;
    uint64_t hooks;
};

static void on_records(void *arg, uint64_t first, const struct hw_trace_record *r,
                       size_t n)
{
    struct marks *m = arg;
    (void)first;
    for (size_t i = 0; i < n; i++) {
        if (r[i].event != HW_EV_CALL || (r[i].b & HOOK_MARK_MASK) != HOOK_MARK)
            continue;
        const char *name = calls_name(&m->c->calls, r[i].a);
        size_t hook = hooks_of_mark(&m->c->hooks, r[i].b);
        if (name && strcmp(name, "note") == 0 && hook < m->c->hooks.n)
            m->hooks |= UINT64_C(1) << hook;
    }
}

static char *line_behind(const char *line, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(line, prefix, n) == 0 ? mem_str(line + n) : NULL;
}

/* Counts the lines of its TAP; false if that is not whole. */
static bool read_tap(const char *text, struct conform_outcome *out)
{
    unsigned plan = 0;
    bool planned = false;
    char *copy = mem_str(text), *rest = copy, *line;
    while ((line = strsep(&rest, "\n"))) {
        bool good = strncmp(line, "ok ", 3) == 0, bad = strncmp(line, "not ok ", 7) == 0;
        out->checks += good || bad;
        out->failed += bad;
        if (sscanf(line, "1..%u", &plan) == 1)
            planned = true;
        if (!out->why)
            out->why = line_behind(line, "# not applicable: ");
        if (!out->why)
            out->why = line_behind(line, "# not ported: ");
    }
    free(copy);
    return planned && plan == out->checks && plan > 0;
}

static void judge(const struct session *s, bool whole, struct conform_outcome *out)
{
    bool ended = s->outcome.end == MACHINE_HALT;
    out->status = s->status;
    if (out->hooks || (ended && s->status == CONFORM_NOT_PORTED))
        out->result = CONFORM_NOT_PORTED;
    else if (ended && s->status == CONFORM_NOT_APPLICABLE)
        out->result = CONFORM_NOT_APPLICABLE;
    else if (ended && s->status == CONFORM_PASS && whole && !out->failed)
        out->result = CONFORM_PASS;
    else
        out->result = CONFORM_FAIL;
    if (out->result == CONFORM_FAIL && !out->why)
        out->why = !ended          ? mem_fmt("the run ended with status %d", s->status)
                   : s->status > 1 ? mem_fmt("the program ended with %d", s->status)
                   : !whole        ? mem_str("the program did not tell all its checks")
                                   : NULL;
}

/* ---- the run ---- */

static void run(const struct conform *c, struct session *s, struct session *peer)
{
    struct world_member member[2] = {
        {.m = s->machine, .net = s->net},
        {.m = peer->machine, .net = peer->net, .serves = true}};
    if (!c->o.max_cycles)
        member[0].max_instructions = member[1].max_instructions = MAX_INSTRUCTIONS;
    world_run(member, peer->machine ? 2 : 1);
    session_ended(s, &member[0].outcome);
    peer->outcome = member[1].outcome;
}

static int open_both(const struct conform *c, const struct command *cmd,
                     const char *board, bool pair, struct links *links,
                     struct console_input *in, struct session *s, struct session *peer,
                     struct err *err)
{
    const struct session_group group = {1, pair ? links : NULL, false};
    const struct session_group second = {2, links, false};
    int rc = session_join(s, board, &cmd->o, &c->models, &c->calls, -1, in, &group, err);
    if (rc || !pair)
        return rc;
    rc = session_join(peer, board, &cmd->peer, &c->models, &c->calls, -1, in, &second,
                      err);
    struct err ignored;
    if (rc)
        session_close(s, &ignored);
    return rc ? err_prefix(err, rc, "the other machine") : 0;
}

static void run_opened(const struct conform *c, struct session *s, struct session *peer,
                       const struct conform_watch *watch, struct conform_outcome *out)
{
    struct marks marks = {c, 0};
    machine_tap(s->machine, on_records, &marks);
    if (watch && watch->opened)
        watch->opened(watch->arg, s);
    run(c, s, peer);
    if (watch && watch->ended)
        watch->ended(watch->arg, s);
    const struct trace *rest = machine_trace(s->machine); /* less than a buffer */
    on_records(&marks, rest->total, rest->buf, rest->n);
    machine_tap(s->machine, NULL, NULL);
    size_t n = s->console.n < TEXT_MAX ? s->console.n : TEXT_MAX;
    out->text = mem_zero(n + 1, 1);
    memcpy(out->text, s->console.out, n);
    for (size_t i = 0; i < n; i++)
        if (!out->text[i])
            out->text[i] = '?';
    out->hooks = marks.hooks;
    out->cycles = s->stats.cycles;
    out->instructions = s->stats.cpu.user + s->stats.cpu.lib + s->stats.cpu.kernel;
    judge(s, read_tap(out->text, out), out);
}

/* What the board lacks of what the program needs; NULL: nothing. */
static const char *lacks(const struct conform_board *b, unsigned needs)
{
    struct calls_hardware hw = board_hardware(b->board);
    if (needs & CONFORM_DISK && !hw.disk)
        return "the board has no disk";
    if (needs & (CONFORM_NET | CONFORM_PEER) && !hw.nic)
        return "the board has no network interface";
    return NULL;
}

/* Known before it runs? */
static bool out_of_question(const struct conform_board *b, unsigned needs,
                            struct conform_outcome *out)
{
    const char *without = lacks(b, needs);
    if (b->dead)
        out->result = b->no_kernel ? CONFORM_NOT_PORTED : CONFORM_FAIL;
    else if (needs & CONFORM_MISSING)
        out->result = CONFORM_FAIL;
    else if (without)
        out->result = CONFORM_NOT_APPLICABLE;
    else
        return false;
    out->why = mem_str(b->dead                   ? b->dead
                       : needs & CONFORM_MISSING ? "there is no conformance program"
                                                 : without);
    out->text = mem_str("");
    return true;
}

void conform_run(const struct conform *c, size_t board, size_t api,
                 const struct conform_watch *watch, struct conform_outcome *out)
{
    const struct conform_board *b = &c->board[board];
    unsigned needs = b->needs[api];
    *out = (struct conform_outcome){.result = CONFORM_FAIL};
    if (out_of_question(b, needs, out))
        return;
    struct command cmd;
    command_make(&cmd, c, b, c->api.function[api].name, needs);
    struct session s = {0}, peer = {0};
    struct console_input in = {.fd = -1};
    struct links *links = links_new();
    struct hush hush;
    struct err err;
    hush_begin(&hush);
    int rc =
        open_both(c, &cmd, b->name, needs & CONFORM_PEER, links, &in, &s, &peer, &err);
    if (rc == 0) {
        run_opened(c, &s, &peer, watch, out);
        if (peer.machine && session_close(&peer, &err))
            say("%s", err.msg);
        if (session_close(&s, &err))
            say("%s", err.msg);
    } else {
        out->status = -rc;
        out->why = mem_str(err.msg);
        out->text = mem_str("");
    }
    char *words = hush_end(&hush);
    if (*words) {
        char *both = mem_fmt("%s%s", out->text, words);
        free(out->text);
        out->text = both;
    }
    free(words);
    links_free(links);
    free(in.bytes);
    command_free(&cmd);
}

void conform_outcome_free(struct conform_outcome *o)
{
    free(o->why);
    free(o->text);
    *o = (struct conform_outcome){0};
}
