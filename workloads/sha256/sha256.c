// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sha256.c - SHA-256 digests of files, printed as coreutils' sha256sum does.
 *
 *   sha256 [FILE...]     no FILE, or -: standard input
 *
 * Exit status 1 if a file could not be read.
 */
#include "digest.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static unsigned char buffer[32768];

/* 0 or an error number. */
static int digest_of(int fd, unsigned char digest[32])
{
    struct sha256 s;
    ssize_t n;

    sha256_start(&s);
    while ((n = read(fd, buffer, sizeof buffer)) > 0)
        sha256_add(&s, buffer, (size_t)n);
    if (n < 0)
        return errno;
    sha256_end(&s, digest);
    return 0;
}

/* A name with a backslash or line break in it is printed escaped, the line marked so. */
static void print(const unsigned char digest[32], const char *name)
{
    if (strpbrk(name, "\\\n\r"))
        putchar('\\');
    for (int i = 0; i < 32; i++)
        printf("%02x", digest[i]);
    printf("  ");
    for (; *name; name++) {
        if (*name == '\n' || *name == '\r' || *name == '\\') {
            putchar('\\');
            putchar(*name == '\n' ? 'n' : *name == '\r' ? 'r' : '\\');
        } else {
            putchar(*name);
        }
    }
    putchar('\n');
}

static int one(const char *name)
{
    unsigned char digest[32];
    int std = !strcmp(name, "-");
    int fd = std ? STDIN_FILENO : open(name, O_RDONLY);
    int error = fd < 0 ? errno : digest_of(fd, digest);

    if (fd > STDIN_FILENO)
        close(fd);
    if (error) {
        fflush(stdout);
        fprintf(stderr, "sha256: %s: %s\n", name, strerror(error));
        return 1;
    }
    print(digest, name);
    return 0;
}

int main(int argc, char **argv)
{
    int status = 0;

    if (argc == 1)
        status = one("-");
    for (int i = 1; i < argc; i++)
        status |= one(argv[i]);
    return fflush(stdout) ? 1 : status;
}
