// SPDX-License-Identifier: GPL-2.0-or-later
/* file.h - open files, for the library's other parts. Errors are positive errno values. */
#ifndef EXOS_FILE_PRIV_H
#define EXOS_FILE_PRIV_H

#include <sys/stat.h>

#include "session.h"

/* First frame of [off, off + len) of an open boot module, for mmap. off is page aligned. */
int file_frames(int fd, off_t off, size_t len, uint32_t *frame);
/* Index of the boot module with this name ("/x", "./x" and "x" are the same), or -1. */
int file_module(const char *path);
/* The same for a path from directory `dir` (AT_FDCWD: the working directory): modules are in the
 * root directory, before what the disk has there. */
int file_module_at(int dir, const char *path);
/* Nothing but slashes and dots: the root directory, from there. */
bool file_is_root(const char *path);
/* A boot module's bytes in this address space, NULL if it lies too far away. */
const uint8_t *file_bytes(unsigned module);
/* The open file behind a descriptor, NULL if there is none. */
struct ofile *file_of(int fd);
/* A new open file at the lowest free descriptor; -1 and errno. */
int file_open(uint8_t kind, uint32_t object, uint32_t flags);
/* Does any process of the session have it open? */
bool file_is_open(uint8_t kind, uint32_t object);
/* exec: close what is marked close-on-exec. */
void file_exec(void);

/* -- module.c, console.c, pipe.c: -1 and errno -- */
ssize_t module_read(struct ofile *f, void *buf, size_t n);
off_t module_size(unsigned module);
void module_stat(unsigned module, struct stat *st);
ssize_t console_write(const char *bytes, size_t n);
ssize_t console_read(char *bytes, size_t n, uint32_t flags);
ssize_t pipe_read(unsigned pipe, void *buf, size_t n, uint32_t flags);
ssize_t pipe_write(unsigned pipe, const void *buf, size_t n, uint32_t flags);
/* This process closed its last descriptor of the pipe. */
void pipe_unmap(unsigned pipe);

#endif
