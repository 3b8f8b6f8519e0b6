// SPDX-License-Identifier: GPL-2.0-or-later
/* getopt.c - POSIX getopt: stops at the first operand. optind = 0 or 1 starts over. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

char *optarg;
int optind = 1, opterr = 1, optopt;

static int complain(const char *program, const char *what, const char *options)
{
    if (opterr && *options != ':')
        fprintf(stderr, "%s: %s -- '%c'\n", program, what, optopt);
    return '?';
}

int getopt(int argc, char *const argv[], const char *options)
{
    static int at = 1; /* place in a word of several letters */

    if (!optind)
        optind = at = 1;
    if (at == 1) {
        const char *word = optind < argc ? argv[optind] : NULL;
        if (!word || word[0] != '-' || !word[1])
            return -1;
        if (word[1] == '-' && !word[2]) {
            optind++;
            return -1;
        }
    }
    const char *word = argv[optind];
    optopt = (unsigned char)word[at++];
    const char *known = optopt == ':' ? NULL : strchr(options, optopt);
    if (!known || known[1] != ':') {
        if (!word[at]) {
            optind++;
            at = 1;
        }
        return known ? optopt : complain(argv[0], "invalid option", options);
    }
    optind++;
    optarg = word[at] ? (char *)word + at : NULL;
    at = 1;
    if (optarg)
        return optopt;
    if (optind >= argc) {
        int result = complain(argv[0], "option requires an argument", options);
        return *options == ':' ? ':' : result;
    }
    optarg = argv[optind++];
    return optopt;
}
