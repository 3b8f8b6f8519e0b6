// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wc.c - lines, words and bytes of files, printed as coreutils' wc does.
 *
 *   wc [-clmw] [FILE...]      no FILE, or -: standard input
 *
 * A word is a run of bytes other than white space with at least one byte that is not a control
 * character (bytes from 0x80 up, as in UTF-8, belong to words). -m counts bytes: one character
 * is one byte here. Exit status 1 if a file could not be read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct counts {
    unsigned long long lines, words, bytes;
};

enum class { NEUTRAL, WORD, SPACE, NEWLINE };

static unsigned char class_of[256];
static unsigned char buffer[32768];
static bool show_lines, show_words, show_bytes, show_chars;
static int width;

static void classify(void)
{
    for (int c = 0; c < 256; c++)
        class_of[c] = c > 32 && c != 127 ? WORD : NEUTRAL;
    for (const char *s = " \t\v\f\r"; *s; s++)
        class_of[(unsigned char)*s] = SPACE;
    class_of['\n'] = NEWLINE;
}

/* Returns whether a word is open at the end. */
static bool count_words(struct counts *c, const unsigned char *s, size_t n, bool in_word)
{
    unsigned long lines = 0, words = 0;

    for (const unsigned char *end = s + n; s < end; s++) {
        switch (class_of[*s]) {
        case WORD:
            words += !in_word;
            in_word = true;
            break;
        case NEWLINE:
            lines++; /* and space */
            __attribute__((fallthrough));
        case SPACE: in_word = false; break;
        default: break;
        }
    }
    c->lines += lines;
    c->words += words;
    return in_word;
}

static void count_lines(struct counts *c, const unsigned char *s, size_t n)
{
    for (const unsigned char *end = s + n; (s = memchr(s, '\n', (size_t)(end - s))); s++)
        c->lines++;
}

/* 0 or an error number. */
static int count(int fd, struct counts *c)
{
    bool in_word = false;
    ssize_t n;

    while ((n = read(fd, buffer, sizeof buffer)) > 0) {
        c->bytes += (unsigned long long)n;
        if (show_words)
            in_word = count_words(c, buffer, (size_t)n, in_word);
        else if (show_lines)
            count_lines(c, buffer, (size_t)n);
    }
    return n < 0 ? errno : 0;
}

static void print_number(unsigned long long v, bool *first)
{
    printf(*first ? "%*llu" : " %*llu", width, v);
    *first = false;
}

static void print(const struct counts *c, const char *name)
{
    bool first = true;

    if (show_lines)
        print_number(c->lines, &first);
    if (show_words)
        print_number(c->words, &first);
    if (show_chars)
        print_number(c->bytes, &first);
    if (show_bytes)
        print_number(c->bytes, &first);
    if (name)
        printf(" %s", name);
    printf("\n");
}

/* Columns are as wide as the number of bytes of all regular files together; 7 at least if there
 * is something else; a single number stands alone. */
static void choose_width(int files, char **names)
{
    unsigned long long total = 0;

    width = 1;
    if (files == 1 && show_lines + show_words + show_bytes + show_chars == 1)
        return;
    int least = 1;
    for (int i = 0; i < files; i++) {
        struct stat st;
        bool std = !names[i] || !strcmp(names[i], "-");
        if (std ? fstat(STDIN_FILENO, &st) : stat(names[i], &st)) {
            if (i == 0 && std)
                return;
            continue;
        }
        if (S_ISREG(st.st_mode))
            total += (unsigned long long)st.st_size;
        else
            least = 7;
    }
    for (; total >= 10; total /= 10)
        width++;
    width = width < least ? least : width;
}

/* 0, or 1 if it could not be read; counts and prints what it could. */
static int one(const char *name, struct counts *total)
{
    struct counts c = {0};
    bool std = !name || !strcmp(name, "-");
    int fd = std ? STDIN_FILENO : open(name, O_RDONLY);

    if (fd < 0) {
        fflush(stdout);
        fprintf(stderr, "wc: %s: %s\n", name, strerror(errno));
        return 1;
    }
    int error = count(fd, &c);
    if (!std)
        close(fd);
    if (error) {
        fflush(stdout);
        fprintf(stderr, "wc: %s: %s\n", name ? name : "-", strerror(error));
    }
    print(&c, name);
    total->lines += c.lines;
    total->words += c.words;
    total->bytes += c.bytes;
    return error != 0;
}

int main(int argc, char **argv)
{
    static char *standard[] = {NULL};
    struct counts total = {0};
    int status = 0;

    for (int opt; (opt = getopt(argc, argv, "clmw")) != -1;) {
        switch (opt) {
        case 'c': show_bytes = true; break;
        case 'l': show_lines = true; break;
        case 'm': show_chars = true; break;
        case 'w': show_words = true; break;
        default: fprintf(stderr, "usage: wc [-clmw] [FILE...]\n"); return 1;
        }
    }
    if (!show_bytes && !show_lines && !show_chars && !show_words)
        show_bytes = show_lines = show_words = true;
    classify();
    int files = argc > optind ? argc - optind : 1;
    char **names = argc > optind ? argv + optind : standard;
    choose_width(files, names);
    for (int i = 0; i < files; i++)
        status |= one(names[i], &total);
    if (files > 1)
        print(&total, "total");
    return fflush(stdout) ? 1 : status;
}
