// SPDX-License-Identifier: GPL-2.0-or-later
/* record_priv.h - struct record, for record.c (writing) and record_read.c (replaying). */
#ifndef SIM_RECORD_PRIV_H
#define SIM_RECORD_PRIV_H

#include <stdio.h>

#include "record.h"

#define RECORD_VERSION 1u
#define RECORD_HEAD 16u  /* magic, version, length of the text */
#define RECORD_ENTRY 16u /* kind, length, cycle */

struct record {
    char *path;
    /* writing */
    FILE *file;
    uint64_t hash;
    uint8_t held[8]; /* bytes that do not make a word of the hash yet */
    size_t nheld;
    int error;
    /* replaying */
    uint8_t *bytes;
    size_t n, at; /* at: the next entry; n: where the last hash begins */
    char *diverged;
    void (*alarm)(void *arg);
    void *alarm_arg;
    /* both: the trace was compared at this many records */
    uint64_t checked;
};

#endif
