// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * getopt.c - options of a command line. As in glibc, operands in between are moved behind all
 * options, unless the option string starts with '+'. optind = 0 starts over.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

char *optarg;
int optind = 1, opterr = 1, optopt;

static int at = 1; /* place in a word of several letters */
static int moved;  /* operands moved over so far: they end in front of optind */

static int complain(const char *program, const char *what, const char *options)
{
    if (opterr && *options != ':')
        fprintf(stderr, "%s: %s -- '%c'\n", program, what, optopt);
    return '?';
}

static int is_option(const char *word)
{
    return word[0] == '-' && word[1];
}

/* argv[from] comes in front of the `moved` operands before it. */
static void bring_forward(char **argv, int from)
{
    char *word = argv[from];

    memmove(argv + from - moved + 1, argv + from - moved, (size_t)moved * sizeof *argv);
    argv[from - moved] = word;
}

/* A word is done. */
static void next_word(char **argv)
{
    if (moved)
        bring_forward(argv, optind);
    optind++;
    at = 1;
}

/* No more options: operands start at optind. */
static int finish(void)
{
    optind -= moved;
    moved = 0;
    return -1;
}

int getopt(int argc, char *const args[], const char *options)
{
    char **argv = (char **)(uintptr_t)args;
    int in_order = *options == '+';

    options += in_order;
    if (!optind) {
        optind = at = 1;
        moved = 0;
    }
    if (at == 1) {
        for (; !in_order && optind < argc && !is_option(argv[optind]); optind++)
            moved++;
        if (optind >= argc || !is_option(argv[optind]))
            return finish();
        if (!strcmp(argv[optind], "--")) {
            next_word(argv);
            return finish();
        }
    }
    char *word = argv[optind];
    optopt = (unsigned char)word[at++];
    const char *known = optopt == ':' ? NULL : strchr(options, optopt);
    int found = optopt;
    if (!known || known[1] != ':') {
        if (!word[at])
            next_word(argv);
        return known ? found : complain(argv[0], "invalid option", options);
    }
    char *rest = word[at] ? word + at : NULL;
    next_word(argv);
    if (!rest && optind >= argc) {
        int result = complain(argv[0], "option requires an argument", options);
        return *options == ':' ? ':' : result;
    }
    optarg = rest;
    if (!rest) {
        optarg = argv[optind];
        next_word(argv);
    }
    return found;
}
