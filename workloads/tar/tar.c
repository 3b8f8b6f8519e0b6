// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tar.c - archives, as GNU tar writes and reads them (uncompressed).
 *
 *   tar c[v]f ARCHIVE [-C DIR] FILE...     make an archive (- is standard output)
 *   tar t[v]f ARCHIVE [NAME...]            list it: everything, or what is NAME or below it
 *   tar x[vm]f ARCHIVE [-C DIR] [NAME...]  unpack it; -m: do not set times
 *
 * Exit status 0; 2: something went wrong, said on standard error.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tar.h"

bool verbose;

static char command;
static const char *file;
static char **operands;
static int count;

static _Noreturn void usage(void)
{
    fprintf(stderr, "usage: tar c[v]f ARCHIVE [-C DIR] FILE...\n"
                    "       tar t[v]f ARCHIVE [NAME...]\n"
                    "       tar x[vm]f ARCHIVE [-C DIR] [NAME...]\n");
    exit(2);
}

/* The letters of one argument; *next is the argument after it. */
static void letters(const char *s, bool old_style, char ***next)
{
    for (; *s != '\0'; s++) {
        switch (*s) {
        case 'c':
        case 't':
        case 'x':
            if (command != 0 && command != *s)
                die(0, "only one of c, t, x can be done");
            command = *s;
            break;
        case 'v': verbose = true; break;
        case 'm': touch = true; break;
        case 'p': break; /* modes are restored as far as one may */
        case 'f':
        case 'C': {
            const char *value = !old_style && s[1] != '\0' ? s + 1 : **next;
            if (value == NULL)
                die(0, "option %c needs an argument", *s);
            if (value == **next)
                (*next)++;
            if (*s == 'f') {
                file = value;
            } else {
                operands[count++] = (char *)"-C";
                operands[count++] = (char *)value;
            }
            if (value == s + 1)
                return;
            break;
        }
        default: say(0, "unknown option %c", *s); usage();
        }
    }
}

/* -C before names: done at once. */
static int take_directory(void)
{
    int n = 0;
    for (int i = 0; i < count; i++) {
        if (strcmp(operands[i], "-C") != 0)
            operands[n++] = operands[i];
        else if (chdir(operands[++i]) < 0)
            die(errno, "%s: cannot open", operands[i]);
    }
    return n;
}

int main(int argc, char **argv)
{
    program = "tar";
    trouble = 2;
    if (argc < 2)
        usage();
    operands = allocate(2 * (size_t)argc * sizeof *operands);
    char **next = argv + 1;
    if (next[0][0] != '-') {
        next++;
        letters(argv[1], true, &next);
    }
    for (bool ended = false; *next != NULL;) {
        char *arg = *next++;
        if (!ended && strcmp(arg, "--") == 0)
            ended = true;
        else if (!ended && arg[0] == '-' && arg[1] != '\0')
            letters(arg + 1, false, &next);
        else
            operands[count++] = arg;
    }
    if (command == 0 || file == NULL)
        usage();
    if (command == 'c' && count == 0)
        die(0, "an empty archive is not made");
    archive_open(file, command == 'c');
    if (command == 'c')
        create(operands, count);
    else
        list_or_extract(operands, take_directory(), command == 'x');
    archive_close();
    free(operands);
    if (fflush(stdout) != 0)
        status = trouble;
    if (status != 0)
        say(0, "Exiting with failure status due to previous errors");
    return status;
}
