// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sort.c - lines in order, as coreutils' sort in the C locale.
 *
 *   sort [-nru] [FILE...]     no FILE, or -: standard input
 *     -n  by the number at the start of the line: blanks, -, digits, point, digits
 *     -r  reversed      -u  one line of each set of equal ones, the first
 *
 * A line is a record of 16 bytes: a key of 64 bits made once, which decides most comparisons, and
 * where the line is. One regular file is sorted where it is mapped, others are read into memory
 * first. Lines that compare equal stay in their order. Exit status 2 for trouble.
 */
#include "lines.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static _Noreturn void fail(const char *what, const char *name)
{
    int error = errno;

    fprintf(stderr, "sort: %s%s%s: %s\n", what, name ? ": " : "", name ? name : "",
            strerror(error));
    exit(2);
}

/* -- input -- */

struct input {
    char *text;
    size_t used, size;
};

static void make_room(struct input *in, size_t n)
{
    if (in->size - in->used >= n)
        return;
    in->size = in->size + in->size / 2 + n;
    if (in->size > UINT32_MAX)
        errno = EFBIG;
    else
        in->text = realloc(in->text, in->size);
    if (!in->text || in->size > UINT32_MAX)
        fail("too much input", NULL);
}

static void read_file(struct input *in, const char *name)
{
    int fd = strcmp(name, "-") ? open(name, O_RDONLY) : STDIN_FILENO;
    struct stat st;
    ssize_t n;

    if (fd < 0)
        fail("cannot read", name);
    if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size > 0 &&
        st.st_size < UINT32_MAX)
        make_room(in, (size_t)st.st_size + 2);
    do {
        make_room(in, 4096);
        n = read(fd, in->text + in->used, in->size - in->used - 1);
        if (n < 0)
            fail("read failed", name);
        in->used += (size_t)n;
    } while (n);
    if (in->used && in->text[in->used - 1] != '\n')
        in->text[in->used++] = '\n';
    if (fd != STDIN_FILENO)
        close(fd);
}

/* Map the whole file, read-only. 0, or -1 if that cannot be done: then it is read. */
static int map_file(struct input *in, const char *name)
{
    struct stat st;

    if (!strcmp(name, "-"))
        return -1;
    int fd = open(name, O_RDONLY);
    if (fd < 0)
        return -1;
    if (fstat(fd, &st) || !S_ISREG(st.st_mode) || !st.st_size ||
        st.st_size > UINT32_MAX) {
        close(fd);
        return -1;
    }
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (p == MAP_FAILED)
        return -1;
    in->text = p;
    in->used = in->size = (size_t)st.st_size;
    return 0;
}

/* -- output -- */

static char out[32768];
static size_t out_used;

static void flush_out(void)
{
    for (size_t done = 0; done < out_used;) {
        ssize_t n = write(STDOUT_FILENO, out + done, out_used - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            fail("write failed", NULL);
        done += (size_t)n;
    }
    out_used = 0;
}

static void put(const char *s, size_t n)
{
    while (n > sizeof out - out_used) {
        size_t fits = sizeof out - out_used;
        memcpy(out + out_used, s, fits);
        out_used += fits;
        s += fits;
        n -= fits;
        flush_out();
    }
    memcpy(out + out_used, s, n);
    out_used += n;
}

static void put_lines(const struct lines *l, bool unique)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct line *at = &l->line[i];
        if (unique && i && lines_equal(l, at - 1, at))
            continue;
        /* with its newline, if it has one (a mapped text may end without) */
        bool last = at->offset + at->length == l->size;
        put(l->text + at->offset, at->length + !last);
        if (last)
            put("\n", 1);
    }
    flush_out();
}

int main(int argc, char **argv)
{
    struct input in = {0};
    struct lines lines = {0};
    bool unique = false, mapped = false;

    for (int opt; (opt = getopt(argc, argv, "nru")) != -1;) {
        switch (opt) {
        case 'n': lines.numeric = true; break;
        case 'r': lines.reverse = true; break;
        case 'u': unique = true; break;
        default: fprintf(stderr, "usage: sort [-nru] [FILE...]\n"); return 2;
        }
    }
    lines.whole = !unique;
    mapped = argc - optind == 1 && !map_file(&in, argv[optind]);
    if (!mapped) {
        if (argc == optind)
            read_file(&in, "-");
        for (int i = optind; i < argc; i++)
            read_file(&in, argv[i]);
    }
    if (lines_split(&lines, in.text, in.used))
        fail("too many lines", NULL);
    lines_sort(&lines);
    put_lines(&lines, unique);
    free(lines.line);
    if (!mapped)
        free(in.text);
    return 0;
}
