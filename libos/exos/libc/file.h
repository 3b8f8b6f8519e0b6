// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * file.h - what a FILE is. Library-private.
 *
 *     base            buf                        end
 *      | pushed back  | read ahead / unwritten    |
 *                   rpos ...... rend                  while reading
 *                     |.... wpos                      while writing
 *
 * A file is in at most one of the two: rend != NULL or wpos != NULL says which.
 */
#ifndef EXOS_LIBC_FILE_H
#define EXOS_LIBC_FILE_H

#include <stdbool.h>
#include <stdio.h>

#define FILE_PUSHBACK 8

struct exos_file {
    int fd; /* -1: closed, the struct is free */
    bool readable, writable, append;
    bool eof, error;
    bool decided;      /* stdout: whether it is a terminal was asked */
    bool line, direct; /* buffering: by line, none; else full */
    bool own_buffer, own_file;
    unsigned char *base, *buf, *end;
    unsigned char *rpos, *rend, *wpos;
    const char *text; /* sscanf: no descriptor behind, this is all there is */
    struct exos_file *next;
    unsigned char small[FILE_PUSHBACK + 1]; /* buffer of a file without one */
};

extern struct exos_file *file_list;

/* Into the state for reading / writing. 0, or -1 with errno and the error flag. */
int file_reads(FILE *f);
int file_writes(FILE *f);
/* At least one byte to read: returns how many are there, 0 at the end or on error. */
size_t file_fill(FILE *f);
/* All n bytes, through the buffer. Returns how many went well. */
size_t file_put(FILE *f, const void *bytes, size_t n);
/* Write out what is buffered; the file stays in the write state. 0 or -1. */
int file_flush(FILE *f);

#endif
