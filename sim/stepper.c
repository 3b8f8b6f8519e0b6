// SPDX-License-Identifier: GPL-2.0-or-later
/* stepper.c - the commands of `exosim step`. See stepper.h. */
#include "stepper.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 4

typedef int command_fn(struct stepper *s, char *const *word, struct err *err);

/* The number word[i] is, `otherwise` if there is none. */
static int count(char *const *word, unsigned i, uint64_t otherwise, uint64_t *out,
                 struct err *err)
{
    char *end;
    *out = otherwise;
    if (!word[i])
        return 0;
    *out = strtoull(word[i], &end, 0);
    if (end == word[i] || *end || word[i][0] == '-')
        return err_set(err, ERR_USER, "%s: expected a number, not '%s'", word[0],
                       word[i]);
    return 0;
}

static int repeat(struct stepper *s, char *const *word, stepper_match *match, bool back,
                  struct err *err)
{
    uint64_t n;
    bool found = true;
    int rc = count(word, 1, 1, &n, err);
    for (; rc == 0 && found && n > 0; n--)
        rc = back ? stepper_backward(s, match, &found, err)
                  : stepper_forward(s, match, &found, err);
    if (rc == 0)
        stepper_where(s);
    return rc;
}

static int do_step(struct stepper *s, char *const *word, struct err *err)
{
    return repeat(s, word, match_resource, false, err);
}

static int do_back(struct stepper *s, char *const *word, struct err *err)
{
    return repeat(s, word, match_resource, true, err);
}

static int do_event(struct stepper *s, char *const *word, struct err *err)
{
    return repeat(s, word, match_any, false, err);
}

static int do_event_back(struct stepper *s, char *const *word, struct err *err)
{
    return repeat(s, word, match_any, true, err);
}

static int do_trap(struct stepper *s, char *const *word, struct err *err)
{
    return repeat(s, word, match_trap, false, err);
}

static int do_trap_back(struct stepper *s, char *const *word, struct err *err)
{
    return repeat(s, word, match_trap, true, err);
}

static int by_instructions(struct stepper *s, char *const *word, bool back,
                           struct err *err)
{
    uint64_t n, here = travel_place(s->travel).instruction;
    int rc = count(word, 1, 1, &n, err);
    if (rc)
        return rc;
    uint64_t to = back ? (here > n ? here - n : 0) : here + n;
    rc = stepper_go(s, TRAVEL_INSTRUCTION, to, err);
    if (rc == 0)
        stepper_where(s);
    return rc;
}

static int do_stepi(struct stepper *s, char *const *word, struct err *err)
{
    return by_instructions(s, word, false, err);
}

static int do_backi(struct stepper *s, char *const *word, struct err *err)
{
    return by_instructions(s, word, true, err);
}

static int do_goto(struct stepper *s, char *const *word, struct err *err)
{
    static const char *const axes[] = {"event", "cycle", "instruction"};
    uint64_t value;
    for (unsigned i = 0; i < 3 && word[1]; i++)
        if (strcmp(word[1], axes[i]) == 0 && word[2]) {
            int rc = count(word, 2, 0, &value, err);
            if (rc == 0)
                rc = stepper_go(s, (enum travel_axis)i, value, err);
            if (rc == 0)
                stepper_where(s);
            return rc;
        }
    return err_set(err, ERR_USER,
                   "goto: expected `event N`, `cycle N` or `instruction N`");
}

static int do_continue(struct stepper *s, char *const *word, struct err *err)
{
    bool found;
    (void)word;
    int rc = stepper_forward(s, match_break, &found, err);
    if (rc == 0)
        stepper_where(s);
    return rc;
}

static int do_reverse(struct stepper *s, char *const *word, struct err *err)
{
    bool found;
    (void)word;
    int rc = stepper_backward(s, match_break, &found, err);
    if (rc == 0)
        stepper_where(s);
    return rc;
}

static int do_break(struct stepper *s, char *const *word, struct err *err)
{
    if (word[1])
        return breaks_add(&s->breaks, s->calls, word[1], word[2], err);
    for (unsigned i = 0; i < s->breaks.n; i++)
        fprintf(s->out, "%u: %s\n", i + 1, s->breaks.at[i].text);
    return 0;
}

static int do_delete(struct stepper *s, char *const *word, struct err *err)
{
    uint64_t n;
    int rc = count(word, 1, 0, &n, err);
    if (rc == 0 && (n == 0 || n > s->breaks.n))
        rc = err_set(err, ERR_USER,
                     "delete: expected the number of a breakpoint, 1 to %u", s->breaks.n);
    if (rc == 0)
        breaks_delete(&s->breaks, (unsigned)n - 1);
    return rc;
}

static int do_events(struct stepper *s, char *const *word, struct err *err)
{
    uint64_t n;
    char text[300];
    int rc = count(word, 1, 10, &n, err);
    uint64_t from = n < s->cursor ? s->cursor - n : 0;
    for (uint64_t k = from; rc == 0 && k < s->cursor; k++)
        if (stepper_record(s, k, text, sizeof text))
            fprintf(s->out, "%8" PRIu64 "  %s\n", k + 1, text);
    return rc;
}

static int do_where(struct stepper *s, char *const *word, struct err *err)
{
    (void)word;
    (void)err;
    stepper_where(s);
    return 0;
}

static int do_info(struct stepper *s, char *const *word, struct err *err)
{
    if (word[1] && stepper_info(s, word[1]))
        return 0;
    return err_set(err, ERR_USER,
                   "info: expected envs, frames, caps, slices, tlb, disk, nic or "
                   "registers");
}

static int do_disassemble(struct stepper *s, char *const *word, struct err *err)
{
    uint64_t n;
    int rc = count(word, 1, 8, &n, err);
    if (rc == 0)
        stepper_disassemble(s, n < 1000 ? (unsigned)n : 1000);
    return rc;
}

static int do_save(struct stepper *s, char *const *word, struct err *err)
{
    if (!word[1])
        return err_set(err, ERR_USER, "save: expected the name of a file");
    int rc = travel_save(s->travel, s->identity, word[1], err);
    if (rc == 0)
        fprintf(s->out, "saved in %s\n", word[1]);
    return rc;
}

static int do_load(struct stepper *s, char *const *word, struct err *err)
{
    if (!word[1])
        return err_set(err, ERR_USER, "load: expected the name of a file");
    int rc = travel_load(s->travel, s->identity, word[1], err);
    if (rc == 0) {
        s->cursor = travel_place(s->travel).record;
        stepper_where(s);
    }
    return rc;
}

static command_fn do_help;

static const struct command {
    const char *name, *args, *what;
    command_fn *run;
} commands[] = {
    {"step", "[N]", "to the next resource event (the Nth)", do_step},
    {"back", "[N]", "to the resource event before", do_back},
    {"event", "[N]", "to the next event of any kind", do_event},
    {"revent", "[N]", "to the event before", do_event_back},
    {"trap", "[N]", "to the next trap", do_trap},
    {"rtrap", "[N]", "to the trap before", do_trap_back},
    {"stepi", "[N]", "N instructions on", do_stepi},
    {"backi", "[N]", "N instructions back", do_backi},
    {"goto", "event|cycle|instruction N", "anywhere", do_goto},
    {"continue", "", "to the next breakpoint, or the end", do_continue},
    {"rcontinue", "", "to the breakpoint before, or the beginning", do_reverse},
    {"break", "[event NAME|call NAME|env N|frame N|death]",
     "stop there; without arguments: list", do_break},
    {"delete", "N", "forget breakpoint N", do_delete},
    {"events", "[N]", "the last N events", do_events},
    {"where", "", "where the machine is", do_where},
    {"info", "envs|frames|caps|slices|tlb|disk|nic|registers", "what is there now",
     do_info},
    {"disassemble", "[N]", "the next N instructions", do_disassemble},
    {"save", "FILE", "the machine as it is now, to a file", do_save},
    {"load", "FILE", "to where it was saved, by this run or an earlier one", do_load},
    {"help", "", "this list", do_help},
    {"quit", "", "leave", NULL},
};
#define COMMANDS (sizeof commands / sizeof *commands)

static int do_help(struct stepper *s, char *const *word, struct err *err)
{
    (void)word;
    (void)err;
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(s->out, "  %s %s\n        %s\n", commands[i].name, commands[i].args,
                commands[i].what);
    fprintf(s->out, "A command may be cut short as long as only one begins so.\n");
    return 0;
}

const char *stepper_word(unsigned i)
{
    return i < COMMANDS ? commands[i].name : NULL;
}

/* The command of this name, or the only one (or the first of a kind) that begins so. */
static const struct command *find(const char *name, struct err *err)
{
    const struct command *found = NULL;
    size_t len = strlen(name);
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
        if (strncmp(commands[i].name, name, len) != 0)
            continue;
        if (found) {
            err_set(err, ERR_USER, "'%s' could be %s or %s", name, found->name,
                    commands[i].name);
            return NULL;
        }
        found = &commands[i];
    }
    if (!found)
        err_set(err, ERR_USER, "no command '%s' (`help` lists them)", name);
    return found;
}

bool stepper_command(struct stepper *s, const char *line)
{
    char *copy = mem_str(line), *rest = copy, *word[WORDS + 1] = {0}, *w;
    unsigned n = 0;
    while (n < WORDS && (w = strsep(&rest, " \t\n")))
        if (*w)
            word[n++] = w;
    struct err err;
    bool stay = true;
    const struct command *c = n > 0 ? find(word[0], &err) : NULL;
    if (c && !c->run)
        stay = false;
    else if (n > 0 && (!c || c->run(s, word, &err)))
        fprintf(s->out, "%s\n", err.msg);
    free(copy);
    return stay;
}
