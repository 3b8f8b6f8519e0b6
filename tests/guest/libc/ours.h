// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ours.h - the library under test as the comparing tests see it, next to the host's own; random
 * numbers; how a difference is reported (first few in full, then counted).
 */
#ifndef OURS_H
#define OURS_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <time.h>

extern int exos_errno;

void *exos_memcpy(void *, const void *, size_t);
void *exos_memmove(void *, const void *, size_t);
void *exos_memset(void *, int, size_t);
int exos_memcmp(const void *, const void *, size_t);
void *exos_memchr(const void *, int, size_t);
void *exos_memrchr(const void *, int, size_t);
void *exos_memmem(const void *, size_t, const void *, size_t);
void *exos_memccpy(void *, const void *, int, size_t);
size_t exos_strlen(const char *);
size_t exos_strnlen(const char *, size_t);
char *exos_strcpy(char *, const char *);
char *exos_stpncpy(char *, const char *, size_t);
char *exos_strncat(char *, const char *, size_t);
size_t exos_strlcpy(char *, const char *, size_t);
int exos_strcmp(const char *, const char *);
int exos_strncmp(const char *, const char *, size_t);
int exos_strcasecmp(const char *, const char *);
char *exos_strchr(const char *, int);
char *exos_strrchr(const char *, int);
char *exos_strstr(const char *, const char *);
char *exos_strcasestr(const char *, const char *);
size_t exos_strspn(const char *, const char *);
size_t exos_strcspn(const char *, const char *);
char *exos_strpbrk(const char *, const char *);
char *exos_strtok_r(char *, const char *, char **);
char *exos_strsep(char **, const char *);

long exos_strtol(const char *, char **, int);
unsigned long exos_strtoul(const char *, char **, int);
double exos_strtod(const char *, char **);
float exos_strtof(const char *, char **);
int exos_snprintf(char *, size_t, const char *, ...)
    __attribute__((format(printf, 3, 4)));
int exos_vsnprintf(char *, size_t, const char *, va_list);
int exos_sscanf(const char *, const char *, ...) __attribute__((format(scanf, 2, 3)));
size_t exos_strftime(char *, size_t, const char *, const struct tm *);
time_t exos_timegm(struct tm *);

double exos_sqrt(double), exos_floor(double), exos_ceil(double), exos_trunc(double);
double exos_fmod(double, double);

void *exos_malloc(size_t);
void *exos_calloc(size_t, size_t);
void *exos_realloc(void *, size_t);
void *exos_aligned_alloc(size_t, size_t);
void exos_free(void *);
size_t exos_malloc_usable_size(void *);
void exos_qsort(void *, size_t, size_t, int (*)(const void *, const void *));
void *exos_bsearch(const void *, const void *, size_t, size_t,
                   int (*)(const void *, const void *));

extern char *exos_optarg;
extern int exos_optind, exos_opterr, exos_optopt;
int exos_getopt(int, char *const[], const char *);

typedef struct exos_file EXOS_FILE;
EXOS_FILE *exos_fopen(const char *, const char *);
int exos_fclose(EXOS_FILE *);
size_t exos_fread(void *, size_t, size_t, EXOS_FILE *);
size_t exos_fwrite(const void *, size_t, size_t, EXOS_FILE *);
int exos_fgetc(EXOS_FILE *);
int exos_fputc(int, EXOS_FILE *);
int exos_ungetc(int, EXOS_FILE *);
char *exos_fgets(char *, int, EXOS_FILE *);
ssize_t exos_getline(char **, size_t *, EXOS_FILE *);
int exos_fprintf(EXOS_FILE *, const char *, ...) __attribute__((format(printf, 2, 3)));
int exos_fseek(EXOS_FILE *, long, int);
long exos_ftell(EXOS_FILE *);
int exos_fflush(EXOS_FILE *);
int exos_feof(EXOS_FILE *);
int exos_setvbuf(EXOS_FILE *, char *, int, size_t);

/* -- tests -- */

uint64_t test_random(void);      /* the same sequence every run */
unsigned test_below(unsigned n); /* 0 .. n-1 */
void test_failed(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
#define CHECK(ok, ...) ((ok) ? (void)0 : test_failed(__FILE__, __LINE__, __VA_ARGS__))

void test_memory(void);
void test_strings(void);
void test_integers(void);
void test_floats(void);
void test_printf(void);
void test_scanf(void);
void test_heap(void);
void test_sorting(void);
void test_files(void);
void test_time(void);
void test_options(void);

#endif
