// SPDX-License-Identifier: GPL-2.0-or-later
/* options.c - command lines with argp. See options.h. */
#include "options.h"

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "err.h"

enum {
    OPT_FILE = 0x100,
    OPT_TRACE,
    OPT_STATS,
    OPT_SEED,
    OPT_MAX_CYCLES,
    OPT_CORES,
    OPT_MEM,
    OPT_PLUGIN,
    OPT_MODULE,
    OPT_JSON,
    OPT_DISK,
    OPT_WRITE,
    OPT_ROOT,
    OPT_DISK_SIZE,
    OPT_POWER_CUT,
    OPT_NET,
    OPT_PCAP,
    OPT_RECORD,
    OPT_REPLAY,
    OPT_API,
    OPT_GROUP,
    OPT_LIBRARY,
    OPT_CALLS,
    OPT_SCREENSHOT,
    OPT_SCRIPT,
    OPT_AT,
    OPT_SIZE,
    OPT_GDB,
    OPT_FROM,
    OPT_TO,
    OPT_MATRIX,
    OPT_WRITTEN,
    OPT_HTML,
    OPT_MARKDOWN
};

#define MACHINE_OPTIONS                                                                    \
    {"file", OPT_FILE, "NAME=PATH", 0, "Give programs the host's file PATH under NAME",    \
     2},                                                                                   \
        {"module",                                                                         \
         OPT_MODULE,                                                                       \
         "NAME[=PATH]",                                                                    \
         0,                                                                                \
         "A program that the others can exec by NAME",                                     \
         2},                                                                               \
        {"seed", OPT_SEED, "N", 0, "Seed of everything random in the machine", 4},         \
        {"max-cycles", OPT_MAX_CYCLES, "N", 0, "Stop after N cycles with status 124", 4},  \
        {"cores", OPT_CORES, "N", 0, "Number of cores, instead of the board's", 4},        \
        {"mem", OPT_MEM, "SIZE", 0, "RAM, as in 64M, instead of the board's", 4},          \
        {"plugin", OPT_PLUGIN, "SO", 0, "Load hardware models from a shared object", 4},   \
        {"disk",                                                                           \
         OPT_DISK,                                                                         \
         "IMG",                                                                            \
         0,                                                                                \
         "The disk holds the image file IMG, which is not changed",                        \
         2},                                                                               \
        {"write", OPT_WRITE, NULL, 0, "Keep what the run changes in the image", 2},        \
        {"root", OPT_ROOT, "DIR", 0, "The disk holds an ext2 file system made of DIR", 2}, \
        {"disk-size",                                                                      \
         OPT_DISK_SIZE,                                                                    \
         "SIZE",                                                                           \
         0,                                                                                \
         "Size of a blank disk or of --root's, as in 64M",                                 \
         2},                                                                               \
        {"power-cut",                                                                      \
         OPT_POWER_CUT,                                                                    \
         "N[,seed=S]",                                                                     \
         0,                                                                                \
         "The power fails at the N-th write to the disk; status 123",                      \
         4},                                                                               \
        {"net",                                                                            \
         OPT_NET,                                                                          \
         "WIRE",                                                                           \
         0,                                                                                \
         "none, user[,hostfwd=[udp:]H:G]... or link:NAME, then [,loss=P] "                 \
         "[,duplicate=P] "                                                                 \
         "[,reorder=P] [,corrupt=P] [,delay=TIME] [,seed=N]",                              \
         2},                                                                               \
        {"pcap", OPT_PCAP, "F", 0, "Write all frames to F, in pcap format", 3},            \
        {"record", OPT_RECORD, "F", 0, "Write what comes from outside to F", 3},           \
    {                                                                                      \
        "replay", OPT_REPLAY, "F", 0, "Take it from F: the same run again", 3              \
    }

static const struct argp_option run_options[] = {
    {"board", 'b', "BOARD", 0, "Name of a board, or a .dts or .dtb file", 1},
    {"trace", OPT_TRACE, "F", 0, "Write every resource event to F (docs/trace.md)", 3},
    {"stats", OPT_STATS, "F", OPTION_ARG_OPTIONAL,
     "Statistics to standard error, or as JSON to F", 3},
    {"gdb", OPT_GDB, "PORT", 0,
     "Run under a debugger that connects to PORT of this host (0: any)", 3},
    MACHINE_OPTIONS,
    {0}};
static const struct argp_option step_options[] = {
    {"board", 'b', "BOARD", 0, "Name of a board, or a .dts or .dtb file", 1},
    MACHINE_OPTIONS,
    {0}};
static const struct argp_option view_options[] = {
    {"board", 'b', "BOARD[,BOARD]", 0, "A board, or two to see side by side", 1},
    {"screenshot", OPT_SCREENSHOT, "F.png", 0, "Write a picture; no display needed", 5},
    {"at", OPT_AT, "EVENT", 0, "Begin at this event, at cycle:N or at the end", 5},
    {"script", OPT_SCRIPT, "F", 0, "Play keys from F; no display needed (docs/view.md)",
     5},
    {"size", OPT_SIZE, "WxH", 0, "Of pictures, in pixels: 1280x800", 5},
    MACHINE_OPTIONS,
    {0}};
static const struct argp_option compare_options[] = {
    {"board", 'b', "BOARD,...", 0, "Names of boards, or .dts or .dtb files", 1},
    {"trace", OPT_TRACE, "F", OPTION_HIDDEN, 0, 0},
    {"stats", OPT_STATS, "F", OPTION_ARG_OPTIONAL, "Statistics of all runs as JSON to F",
     3},
    MACHINE_OPTIONS,
    {0}};
static const struct argp_option diff_options[] = {
    {"board", 'b', "BOARD,BOARD", 0, "Names of boards, or .dts or .dtb files", 1},
    {"calls", OPT_CALLS, NULL, 0, "List every call, not only sums", 3},
    MACHINE_OPTIONS,
    {0}};
static const struct argp_option bench_options[] = {
    {"board", 'b', "BOARD,...", 0, "Only these boards", 1},
    {"json", OPT_JSON, "F", 0, "Write the measures to F", 1},
    {"plugin", OPT_PLUGIN, "SO", 0, "Load hardware models from a shared object", 1},
    {0}};
static const struct argp_option list_options[] = {
    {"board", 'b', "BOARD,...", 0, "Only these boards", 1},
    {"plugin", OPT_PLUGIN, "SO", 0, "Load hardware models from a shared object", 1},
    {0}};
static const struct argp_option api_options[] = {
    {"board", 'b', "BOARD,...", 0, "Only these boards", 1},
    {"library", OPT_LIBRARY, NULL, 0, "The library OS's functions instead", 1},
    {"plugin", OPT_PLUGIN, "SO", 0, "Load hardware models from a shared object", 1},
    {0}};
static const struct argp_option conform_options[] = {
    {"board", 'b', "BOARD,...", 0, "Only these boards", 1},
    {"api", OPT_API, "NAME,...", 0, "Only these functions", 1},
    {"group", OPT_GROUP, "GROUP,...", 0, "Only functions of these groups", 1},
    {"jobs", 'j', "N", 0, "Run N at a time instead of one a processor", 2},
    {"json", OPT_JSON, "F", 0, "Write the results to F", 2},
    {"seed", OPT_SEED, "N", 0, "Seed of everything random in the machine", 3},
    {"max-cycles", OPT_MAX_CYCLES, "N", 0,
     "Stop a program after N cycles, instead of 400 million instructions or ten minutes",
     3},
    {"plugin", OPT_PLUGIN, "SO", 0, "Load hardware models from a shared object", 3},
    {0}};
static const struct argp_option report_options[] = {
    {"from", OPT_FROM, "A", 0, "What it costs to port from board A ...", 1},
    {"to", OPT_TO, "B", 0, "... to board B, a row a function", 1},
    {"matrix", OPT_MATRIX, NULL, 0, "Totals, boards by boards", 1},
    {"calls", OPT_CALLS, NULL, 0, "The exokernel's calls, and lines behind each", 1},
    {"board", 'b', "BOARD,...", 0, "Only these boards", 2},
    {"api", OPT_API, "NAME,...", 0, "Only these functions of the library OS", 2},
    {"written", OPT_WRITTEN, NULL, 0, "Only what is written: run nothing", 2},
    {"json", OPT_JSON, "F", 0, "Write all of it to F", 3},
    {"html", OPT_HTML, "F", 0, "Write a page to F, for any browser", 3},
    {"markdown", OPT_MARKDOWN, "F", 0, "Write the figures of docs/costs.md to F", 3},
    {"plugin", OPT_PLUGIN, "SO", 0, "Load hardware models from a shared object", 4},
    {0}};

struct parse {
    struct options *o;
    enum option_set set;
};

static void add_text(char ***list, size_t *n, const char *text)
{
    *list = mem_grow(*list, *n + 1, sizeof **list);
    (*list)[(*n)++] = mem_str(text);
}

/* "A,B" into a list of names. */
static void add_names(char ***list, size_t *n, const char *text, const char *option,
                      const char *what, struct argp_state *state)
{
    char *copy = mem_str(text), *rest = copy, *one;
    while ((one = strsep(&rest, ","))) {
        if (!*one)
            argp_error(state, "%s %s: an empty %s name", option, text, what);
        add_text(list, n, one);
    }
    free(copy);
}

static void add_pair(struct option_pair **list, size_t *n, const char *text,
                     bool need_path, const char *option, struct argp_state *state)
{
    const char *eq = strchr(text, '=');
    if ((need_path && !eq) || eq == text || !*text || (eq && !eq[1]))
        argp_error(state, "--%s %s: expected NAME%s=PATH%s", option, text,
                   need_path ? "" : "[", need_path ? "" : "]");
    *list = mem_grow(*list, *n + 1, sizeof **list);
    struct option_pair *p = &(*list)[(*n)++];
    p->name = eq ? strndup(text, (size_t)(eq - text)) : mem_str(text);
    p->path = eq ? mem_str(eq + 1) : NULL;
    if (!p->name)
        p->name = mem_str("");
}

static uint64_t number(const char *text, const char *option, uint64_t min, uint64_t max,
                       struct argp_state *state)
{
    char *end;
    errno = 0;
    unsigned long long v = strtoull(text, &end, 0);
    if (end == text || *end || *text == '-' || errno || v < min || v > max)
        argp_error(state, "--%s %s: expected a number from %llu to %llu", option, text,
                   (unsigned long long)min, (unsigned long long)max);
    return v;
}

/* From the first PROGRAM on nothing is an option of ours. */
static void take_programs(struct options *o, struct argp_state *state, int at)
{
    char **argv = state->argv;
    while (at < state->argc) {
        int end = at;
        while (end < state->argc && strcmp(argv[end], "--") != 0)
            end++;
        if (end == at)
            argp_error(state, "nothing before a `--`, expected PROGRAM [ARG...]");
        o->program = mem_grow(o->program, o->nprograms + 1, sizeof *o->program);
        o->program[o->nprograms++] = (struct option_program){argv + at, end - at};
        if (end < state->argc && end + 1 == state->argc)
            argp_error(state, "nothing behind the last `--`, expected PROGRAM [ARG...]");
        at = end + 1;
    }
    state->next = state->argc;
}

static uint64_t mem_size(const char *arg, struct argp_state *state)
{
    uint64_t size;
    struct err err;
    if (size_parse(arg, &size, &err))
        argp_error(state, "--mem: %s", err.msg);
    const char *wrong = ram_size_wrong(size);
    if (wrong)
        argp_error(state, "--mem %s %s", arg, wrong);
    return size;
}

static uint64_t disk_size(const char *arg, struct argp_state *state)
{
    uint64_t size;
    struct err err;
    if (size_parse(arg, &size, &err))
        argp_error(state, "--disk-size: %s", err.msg);
    if (size == 0 || size % 4096 || size > (UINT64_C(1) << 40))
        argp_error(state,
                   "--disk-size %s: expected a multiple of 4096 bytes, at most 1 TiB",
                   arg);
    return size;
}

/* N[,seed=S] */
static void power_cut(struct options *o, const char *arg, struct argp_state *state)
{
    char *n = mem_str(arg), *seed = strchr(n, ',');
    if (seed) {
        *seed++ = 0;
        if (strncmp(seed, "seed=", 5) != 0)
            argp_error(state, "--power-cut %s: expected N[,seed=S]", arg);
        o->cut_seed = number(seed + 5, "power-cut seed", 0, UINT64_MAX, state);
    }
    o->cut = number(n, "power-cut", 1, UINT64_MAX, state);
    free(n);
}

/* WxH of a picture. */
static void picture_size(struct options *o, const char *arg, struct argp_state *state)
{
    char *w = mem_str(arg), *h = strchr(w, 'x');
    if (!h)
        argp_error(state, "--size %s: expected WxH, as in 1280x800", arg);
    *h++ = 0;
    o->width = number(w, "size W", 160, 7680, state);
    o->height = number(h, "size H", 100, 7680, state);
    free(w);
}

/* Options that only make sense together. */
static void check_disk(const struct parse *p, struct argp_state *state)
{
    const struct options *o = p->o;
    if (o->disk && o->root)
        argp_error(state, "--disk and --root: one disk, please");
    if (o->write && !o->disk)
        argp_error(state, "--write keeps changes in an image: it goes with --disk IMG");
    if (o->write && p->set != OPTIONS_RUN)
        argp_error(state, "--write keeps one run's changes: it goes with `exosim run`");
    if (o->disk && o->disk_size)
        argp_error(state, "--disk-size: the image of --disk has a size already");
}

static error_t on_option(int key, char *arg, struct argp_state *state)
{
    struct parse *p = state->input;
    struct options *o = p->o;
    switch (key) {
    case 'b': add_names(&o->board, &o->nboards, arg, "-b", "board", state); break;
    case 'j': o->jobs = (unsigned)number(arg, "jobs", 1, 64, state); break;
    case OPT_API: add_names(&o->api, &o->napis, arg, "--api", "function", state); break;
    case OPT_GROUP:
        add_names(&o->group, &o->ngroups, arg, "--group", "group", state);
        break;
    case OPT_LIBRARY: o->library = true; break;
    case OPT_FROM: o->from = arg; break;
    case OPT_TO: o->to = arg; break;
    case OPT_MATRIX: o->matrix = true; break;
    case OPT_CALLS: o->calls = true; break;
    case OPT_WRITTEN: o->written = true; break;
    case OPT_HTML: o->html = arg; break;
    case OPT_MARKDOWN: o->markdown = arg; break;
    case OPT_FILE: add_pair(&o->file, &o->nfiles, arg, true, "file", state); break;
    case OPT_MODULE:
        add_pair(&o->module, &o->nmodules, arg, false, "module", state);
        break;
    case OPT_TRACE:
        if (p->set == OPTIONS_COMPARE)
            argp_error(state, "--trace records one run: it goes with `exosim run`");
        o->trace = arg;
        break;
    case OPT_STATS:
        if (p->set == OPTIONS_COMPARE && !arg)
            argp_error(state,
                       "--stats: compare prints its own table; expected --stats=F");
        o->stats = true;
        o->stats_path = arg;
        break;
    case OPT_SEED:
        o->seeded = true;
        o->seed = number(arg, "seed", 0, UINT64_MAX, state);
        break;
    case OPT_MAX_CYCLES:
        o->max_cycles = number(arg, "max-cycles", 1, UINT64_MAX - 1, state);
        break;
    case OPT_CORES:
        o->cores = (unsigned)number(arg, "cores", 1, BOARD_MAX_CORES, state);
        break;
    case OPT_MEM: o->mem = mem_size(arg, state); break;
    case OPT_PLUGIN: add_text(&o->plugin, &o->nplugins, arg); break;
    case OPT_JSON: o->json = arg; break;
    case OPT_DISK: o->disk = arg; break;
    case OPT_WRITE: o->write = true; break;
    case OPT_ROOT: o->root = arg; break;
    case OPT_DISK_SIZE: o->disk_size = disk_size(arg, state); break;
    case OPT_POWER_CUT: power_cut(o, arg, state); break;
    case OPT_NET: o->net = arg; break;
    case OPT_GDB:
        o->gdb = true;
        o->gdb_port = (unsigned)number(arg, "gdb", 0, 65535, state);
        break;
    case OPT_PCAP:
        if (p->set == OPTIONS_COMPARE)
            argp_error(state, "--pcap captures one run: it goes with `exosim run`");
        o->pcap = arg;
        break;
    case OPT_SCREENSHOT: o->screenshot = arg; break;
    case OPT_SCRIPT: o->script = arg; break;
    case OPT_AT: o->at = arg; break;
    case OPT_SIZE: picture_size(o, arg, state); break;
    case OPT_RECORD:
    case OPT_REPLAY:
        if (p->set == OPTIONS_COMPARE)
            argp_error(state, "--record and --replay are about one run: they go with "
                              "`exosim run`");
        *(key == OPT_RECORD ? &o->record : &o->replay) = arg;
        break;
    case ARGP_KEY_ARG:
        if (p->set <= OPTIONS_COMPARE)
            take_programs(o, state, state->next - 1);
        else
            add_text(&o->name, &o->nnames, arg);
        break;
    case ARGP_KEY_END:
        check_disk(p, state);
        if (!o->from != !o->to)
            argp_error(state, "--from A and --to B go together");
        if (o->from && o->nboards)
            argp_error(state, "--from and --to name the boards: no -b, please");
        if (o->record && o->replay)
            argp_error(state, "--record and --replay: one of them, please");
        if (p->set <= OPTIONS_COMPARE && !o->nprograms)
            argp_error(state, "no PROGRAM given");
        if (p->set == OPTIONS_DIFF && o->nboards != 2)
            argp_error(state, "two boards, please: -b A,B");
        if (p->set == OPTIONS_VIEW && o->nboards > 2)
            argp_error(state, "two boards at most");
        if (p->set <= OPTIONS_STEP && o->nboards > 1)
            argp_error(state, "one board, please (`exosim compare` runs several)");
        break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

void options_parse(struct options *o, enum option_set set, const char *doc,
                   const char *args, int argc, char **argv)
{
    *o = (struct options){0};
    struct parse p = {.o = o, .set = set};
    static const struct argp_option *const sets[] = {
        [OPTIONS_RUN] = run_options,     [OPTIONS_STEP] = step_options,
        [OPTIONS_DIFF] = diff_options,   [OPTIONS_COMPARE] = compare_options,
        [OPTIONS_BENCH] = bench_options, [OPTIONS_LIST] = list_options,
        [OPTIONS_API] = api_options,     [OPTIONS_CONFORM] = conform_options,
        [OPTIONS_VIEW] = view_options,   [OPTIONS_REPORT] = report_options,
    };
    struct argp argp = {
        .options = sets[set], .parser = on_option, .args_doc = args, .doc = doc};
    argp_err_exit_status = -ERR_USER;
    char *name = mem_fmt("exosim %s", argv[0]);
    char *old = argv[0];
    argv[0] = name; /* argp prints it */
    argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &p);
    argv[0] = old;
    free(name);
}

static void free_pairs(struct option_pair *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(list[i].name);
        free(list[i].path);
    }
    free(list);
}

static void free_texts(char **list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(list[i]);
    free(list);
}

void options_free(struct options *o)
{
    free_texts(o->board, o->nboards);
    free_texts(o->plugin, o->nplugins);
    free_texts(o->name, o->nnames);
    free_texts(o->api, o->napis);
    free_texts(o->group, o->ngroups);
    free_pairs(o->file, o->nfiles);
    free_pairs(o->module, o->nmodules);
    free(o->program);
    *o = (struct options){0};
}
