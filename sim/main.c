// SPDX-License-Identifier: GPL-2.0-or-later
/* main.c - exosim: picks the command. DESIGN.md section 7 is the contract of the command line. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"

#ifndef EXOSIM_VERSION
#define EXOSIM_VERSION "?"
#endif

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* NULL: a later version's */
    const char *what;
} commands[] = {
    {"boards", cmd_boards, "list boards"},
    {"models", cmd_models, "list hardware models and their parameters"},
    {"api", cmd_api, "list the exokernel's calls by board"},
    {"run", cmd_run, "run programs on a board"},
    {"step", cmd_step, "step through a run, forwards and backwards"},
    {"view", cmd_view, "see a run in a window, forwards and backwards"},
    {"compare", cmd_compare, "run programs on several boards, one table"},
    {"diff", cmd_diff, "two boards' runs, aligned at the calls of the library's API"},
    {"cc", cmd_cc, "build a program for a board"},
    {"bench", cmd_bench, "measure the simulator and the exokernel"},
    {"conform", cmd_conform, "run the library OS's conformance programs"},
    {"port", cmd_port, "what porting costs; begin a port, see how far it is"},
    {"trace", cmd_trace, "export a trace to other viewers, or show it"},
};
#define COMMANDS (sizeof commands / sizeof *commands)

static void usage(FILE *to)
{
    fprintf(to,
            "Usage: exosim COMMAND [OPTION...] ...\n"
            "exosim simulates computers on which an exokernel and library OSes run.\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        if (commands[i].run)
            fprintf(to, "  %-9s %s\n", commands[i].name, commands[i].what);
    fprintf(to, "\n`exosim COMMAND --help` lists a command's options.\n");
}

int main(int argc, char **argv)
{
    /* a closed pipe is an error message and a status, not a silent death */
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        usage(stderr);
        return -ERR_USER;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 ||
        strcmp(name, "help") == 0) {
        usage(stdout);
        return cmd_done();
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        printf("exosim %s (model interface %u)\n", EXOSIM_VERSION, HW_ABI);
        return cmd_done();
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(name, commands[i].name) != 0)
            continue;
        if (commands[i].run)
            return commands[i].run(argc - 1, argv + 1);
        say("the command '%s' does not exist yet in this version", name);
        return -ERR_USER;
    }
    say("no command '%s' (`exosim --help` lists them)", name);
    return -ERR_USER;
}
