// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * files.h - what the programs about files share (cp, ls, find, tar): messages, paths, whole reads and
 * writes, directories in order, copying.
 */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* The program's name and what became of it: say() with an error sets status to `trouble`. */
extern const char *program;
extern int status, trouble;

/* "program: format: strerror(error)" on standard error, behind what standard output has; error 0: without
 * the reason. */
void say(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same, and that was all. */
_Noreturn void die(int error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* dir/name, to be freed. */
char *join(const char *dir, const char *name);
/* Behind the last slash that is followed by something. */
const char *base_name(const char *path);
void *allocate(size_t n);
void *grow(void *p, size_t n);
char *copy_string(const char *s);

/* Names in a directory, sorted by bytes, without . and ..; to be freed with free_names. -1: errno. */
int read_names(const char *dir, char ***names, size_t *n);
void free_names(char **names, size_t n);

/* All of it: n, less at the end of the file, or -1. */
ssize_t read_full(int fd, void *buf, size_t n);
/* 0 or -1. */
int write_full(int fd, const void *buf, size_t n);
/* Where a symbolic link leads, to be freed; NULL: errno. */
char *read_link(const char *path, const struct stat *st);

#endif
