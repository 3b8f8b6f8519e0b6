// SPDX-License-Identifier: GPL-2.0-or-later
/* stdio.h - buffered files over file descriptors, formatted input and output. */
#ifndef EXOS_LIBC_STDIO_H
#define EXOS_LIBC_STDIO_H

#include <stdarg.h>
#include <sys/types.h>

#define EOF (-1)
#define BUFSIZ 4096
#define FOPEN_MAX 256
#define FILENAME_MAX 4096
#define L_tmpnam 32
#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2

typedef struct exos_file FILE;
typedef off_t fpos_t;
extern FILE *const stdin, *const stdout, *const stderr;
#ifndef stdin
#define stdin stdin
#define stdout stdout
#define stderr stderr
#endif

#define EXOS_FORMAT(kind, f, a) __attribute__((format(kind, f, a)))

FILE *fopen(const char *path, const char *mode);
FILE *fdopen(int fd, const char *mode);
FILE *tmpfile(void);
int remove(const char *path);
int rename(const char *from, const char *to);
int renameat(int from_dir, const char *from, int to_dir, const char *to);
FILE *freopen(const char *path, const char *mode, FILE *f);
int fclose(FILE *f);
int fflush(FILE *f);
int setvbuf(FILE *f, char *buf, int mode, size_t size);
void setbuf(FILE *f, char *buf);
void setlinebuf(FILE *f);
int fileno(FILE *f);
int feof(FILE *f);
int ferror(FILE *f);
void clearerr(FILE *f);

size_t fread(void *p, size_t size, size_t n, FILE *f);
size_t fwrite(const void *p, size_t size, size_t n, FILE *f);
int fgetc(FILE *f);
int getc(FILE *f);
int getchar(void);
int ungetc(int c, FILE *f);
char *fgets(char *s, int n, FILE *f);
ssize_t getline(char **line, size_t *size, FILE *f);
ssize_t getdelim(char **line, size_t *size, int delim, FILE *f);
int fputc(int c, FILE *f);
int putc(int c, FILE *f);
int putchar(int c);
int fputs(const char *s, FILE *f);
int puts(const char *s);
void perror(const char *s);

int fseek(FILE *f, long off, int whence);
int fseeko(FILE *f, off_t off, int whence);
long ftell(FILE *f);
off_t ftello(FILE *f);
void rewind(FILE *f);
int fgetpos(FILE *f, fpos_t *pos);
int fsetpos(FILE *f, const fpos_t *pos);

int printf(const char *format, ...) EXOS_FORMAT(__printf__, 1, 2);
int fprintf(FILE *f, const char *format, ...) EXOS_FORMAT(__printf__, 2, 3);
int dprintf(int fd, const char *format, ...) EXOS_FORMAT(__printf__, 2, 3);
int sprintf(char *s, const char *format, ...) EXOS_FORMAT(__printf__, 2, 3);
int snprintf(char *s, size_t n, const char *format, ...) EXOS_FORMAT(__printf__, 3, 4);
int asprintf(char **s, const char *format, ...) EXOS_FORMAT(__printf__, 2, 3);
int vprintf(const char *format, va_list ap) EXOS_FORMAT(__printf__, 1, 0);
int vfprintf(FILE *f, const char *format, va_list ap) EXOS_FORMAT(__printf__, 2, 0);
int vdprintf(int fd, const char *format, va_list ap) EXOS_FORMAT(__printf__, 2, 0);
int vsprintf(char *s, const char *format, va_list ap) EXOS_FORMAT(__printf__, 2, 0);
int vsnprintf(char *s, size_t n, const char *format, va_list ap)
    EXOS_FORMAT(__printf__, 3, 0);
int vasprintf(char **s, const char *format, va_list ap) EXOS_FORMAT(__printf__, 2, 0);

int scanf(const char *format, ...) EXOS_FORMAT(__scanf__, 1, 2);
int fscanf(FILE *f, const char *format, ...) EXOS_FORMAT(__scanf__, 2, 3);
int sscanf(const char *s, const char *format, ...) EXOS_FORMAT(__scanf__, 2, 3);
int vscanf(const char *format, va_list ap) EXOS_FORMAT(__scanf__, 1, 0);
int vfscanf(FILE *f, const char *format, va_list ap) EXOS_FORMAT(__scanf__, 2, 0);
int vsscanf(const char *s, const char *format, va_list ap) EXOS_FORMAT(__scanf__, 2, 0);

#endif
