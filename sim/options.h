// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * options.h - the command line of run, compare and bench (DESIGN.md section 7), read with argp.
 *
 * A wrong command line ends the program with status 125 and a message. Options of later versions
 * are refused by name.
 */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct option_pair { /* NAME=PATH */
    char *name, *path;
};

struct option_program {
    char **argv;
    int argc;
};

struct options {
    char **board; /* -b A,B: names or files */
    size_t nboards;
    struct option_pair *file, *module;
    size_t nfiles, nmodules;
    char **plugin;
    size_t nplugins;
    struct option_program *program; /* separated by -- */
    size_t nprograms;
    char **name; /* bench and lists: what is not an option */
    size_t nnames;
    char **api, **group; /* --api, --group: names */
    size_t napis, ngroups;
    unsigned jobs;                           /* -j; 0: as many as there are processors */
    bool library;                            /* --library */
    const char *from, *to, *html, *markdown; /* of `port report` */
    bool matrix, calls, written;
    const char *trace;
    bool stats;              /* --stats */
    const char *stats_path;  /* NULL: words to standard error */
    const char *json;        /* --json */
    const char *disk, *root; /* --disk IMG, --root DIR; NULL: a blank disk */
    bool write;              /* --write */
    uint64_t disk_size;      /* --disk-size; 0: as the board says */
    const char *net, *pcap;  /* --net, --pcap F */
    const char *record, *replay;
    const char *screenshot, *script, *at; /* view */
    uint64_t width, height;               /* --size; 0: the usual */
    uint64_t cut, cut_seed;               /* --power-cut; 0: never */
    bool seeded;
    uint64_t seed, max_cycles, mem;
    unsigned cores;
    bool gdb; /* --gdb */
    unsigned gdb_port;
};

enum option_set {                  /* up to COMPARE: those with programs */
                  OPTIONS_RUN,     /* all; PROGRAM needed */
                  OPTIONS_STEP,    /* a board, the machine's; PROGRAM needed */
                  OPTIONS_VIEW,    /* the same, several boards, pictures */
                  OPTIONS_DIFF,    /* two boards, --calls; PROGRAM needed */
                  OPTIONS_COMPARE, /* several boards, no --trace; PROGRAM needed */
                  OPTIONS_BENCH,   /* -b, --json, --plugin; names instead of programs */
                  OPTIONS_LIST,    /* --plugin; names */
                  OPTIONS_API,     /* and --library */
                  OPTIONS_CONFORM, /* -b, --api, --group, -j, --json, --plugin ... */
                  OPTIONS_REPORT /* -b, --api, --from, --to, --matrix, --json, --html ... */
};

/* argv[0] is the command's name. */
void options_parse(struct options *o, enum option_set set, const char *doc,
                   const char *args, int argc, char **argv);
void options_free(struct options *o);

#endif
