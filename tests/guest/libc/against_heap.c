// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * against_heap.c - heap, sorting and files. The heap is filled with patterns that would show two
 * blocks overlapping; wrong frees must be caught; files go through the host's own eyes.
 */
#define _GNU_SOURCE
#include "host_calls.h"
#include "ours.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCKS 600

struct block {
    unsigned char *p;
    size_t n;
    unsigned char seed;
};

static struct block blocks[BLOCKS];

static void paint(struct block *b)
{
    for (size_t i = 0; i < b->n; i++)
        b->p[i] = (unsigned char)(b->seed + i * 7);
}

static bool intact(const struct block *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (b->p[i] != (unsigned char)(b->seed + i * 7))
            return false;
    return true;
}

static size_t random_size(void)
{
    switch (test_below(20)) {
    case 0: return test_below(400000);
    case 1:
    case 2: return test_below(20000);
    case 3: return 0;
    default: return test_below(300);
    }
}

static void heap_step(void)
{
    struct block *b = &blocks[test_below(BLOCKS)];
    size_t n = random_size();

    if (!b->p) {
        size_t align = (size_t)1 << (3 + test_below(10));
        unsigned how = test_below(4);
        b->p = how == 0   ? exos_calloc(n, 1)
               : how == 1 ? exos_aligned_alloc(align, n)
                          : exos_malloc(n);
        CHECK(b->p, "out of memory");
        CHECK(!((uintptr_t)b->p % 16), "alignment");
        CHECK(how != 1 || !((uintptr_t)b->p % align), "aligned_alloc %zu", align);
        for (size_t i = 0; how == 0 && i < n; i++)
            CHECK(!b->p[i], "calloc is not zero");
        CHECK(exos_malloc_usable_size(b->p) >= n, "usable size");
    } else if (test_below(3)) {
        CHECK(intact(b, b->n), "block damaged");
        exos_free(b->p);
        *b = (struct block){0};
        return;
    } else {
        size_t keep = n < b->n ? n : b->n;
        b->p = exos_realloc(b->p, n);
        CHECK(b->p && intact(b, keep), "realloc lost data");
    }
    b->n = n;
    b->seed = (unsigned char)test_random();
    paint(b);
}

/* f(p) must abort. */
static void must_abort(void (*f)(void *), void *p, const char *what)
{
    jmp_buf jump;

    host_errors[0] = 0;
    host_abort_jump = &jump;
    if (!setjmp(jump)) {
        f(p);
        test_failed(__FILE__, __LINE__, "%s was not caught", what);
    } else {
        CHECK(strstr(host_errors, "not from malloc"), "%s: message '%s'", what,
              host_errors);
    }
    host_abort_jump = NULL;
}

static void realloc_it(void *p)
{
    exos_realloc(p, 50);
}

static void wrong_frees(void)
{
    static uint64_t outside[8];
    char *p = exos_malloc(100), *q = exos_malloc(100), *r = exos_malloc(400000);

    memset(p, 0x11, 100);
    must_abort(exos_free, p + 1, "free of an unaligned pointer");
    must_abort(exos_free, p + 16, "free of an inner pointer");
    memset(p, 0, 100);
    must_abort(exos_free, p + 32, "free of an inner pointer to zeros");
    must_abort(exos_free, outside + 4, "free of a static");
    exos_free(p);
    must_abort(exos_free, p, "second free");
    must_abort(realloc_it, p, "realloc of a freed pointer");
    exos_free(q);
    must_abort(exos_free, q, "second free after joining");
    must_abort(exos_free, r + 4096, "free inside a mapping");
    exos_free(r);
}

void test_heap(void)
{
    for (int i = 0; i < 60000; i++)
        heap_step();
    wrong_frees();
    host_maps_fail = 1; /* large blocks from the heap, too, until it is dry */
    for (int i = 0; i < 10000; i++)
        heap_step();
    for (unsigned i = 0; i < BLOCKS; i++) {
        exos_free(blocks[i].p);
        blocks[i] = (struct block){0};
    }
    void *last = NULL;
    for (void **p; (p = exos_malloc(1 << 20)); last = p)
        *p = last;
    CHECK(exos_errno == 12, "errno of a dry heap");
    CHECK(!exos_malloc((size_t)-1) && !exos_malloc((size_t)-1 / 2) &&
              !exos_calloc((size_t)-1, 16),
          "absurd sizes");
    while (last) {
        void *next = *(void **)last;
        exos_free(last);
        last = next;
    }
    void *most = exos_malloc(48 << 20);
    CHECK(most, "freed neighbours were not joined");
    exos_free(most);
    host_maps_fail = 0;
}

/* -- sorting -- */

static size_t item_size;
static unsigned long compares;

static int compare_items(const void *a, const void *b)
{
    compares++;
    return memcmp(a, b, item_size);
}

static void sort_once(size_t n, size_t size, unsigned kind)
{
    unsigned char *x = malloc(n * size + 1), *y = malloc(n * size + 1);

    for (size_t i = 0; i < n * size; i++)
        x[i] = (unsigned char)(kind == 0   ? test_random()
                               : kind == 1 ? test_below(2)
                               : kind == 2 ? i / size * 255 / n
                               : kind == 3
                                   ? 255 - i / size * 255 / n
                                   : (i / size % 2 ? i / size : n - i / size) * 255 / n);
    memcpy(y, x, n * size);
    item_size = size;
    compares = 0;
    exos_qsort(x, n, size, compare_items);
    unsigned long used = compares;
    qsort(y, n, size, compare_items);
    CHECK(!memcmp(x, y, n * size), "qsort of %zu items of %zu bytes", n, size);
    CHECK(n < 1000 || used < 5 * n * 17, "qsort of %zu items took %lu comparisons", n,
          used);
    if (n) {
        void *found = exos_bsearch(x + n / 2 * size, x, n, size, compare_items);
        CHECK(found && !memcmp(found, x + n / 2 * size, size), "bsearch");
        y[0] = 1;
        memset(y, 0xff, size);
        found = exos_bsearch(y, x, n, size, compare_items);
        CHECK(!found == !bsearch(y, x, n, size, compare_items), "bsearch of a stranger");
    }
    free(x);
    free(y);
}

void test_sorting(void)
{
    for (int i = 0; i < 3000; i++)
        sort_once(test_below(60), 1 + test_below(24), test_below(5));
    for (unsigned kind = 0; kind < 5; kind++)
        sort_once(20000, 8, kind);
}

/* -- files -- */

static void write_and_read(const char *path, size_t limit, int mode, size_t buffer)
{
    static char data[50000], back[50001];
    EXOS_FILE *f = exos_fopen(path, "w+");
    size_t n = 0;

    host_io_limit = limit;
    CHECK(f && !exos_setvbuf(f, NULL, mode, buffer), "fopen, setvbuf");
    while (n < sizeof data - 600) {
        size_t len = test_below(500);
        for (size_t i = 0; i < len; i++)
            data[n + i] = (char)(test_below(40) ? 'a' + test_below(26) : '\n');
        switch (test_below(3)) {
        case 0: CHECK(exos_fwrite(data + n, 1, len, f) == len, "fwrite"); break;
        case 1:
            CHECK(exos_fprintf(f, "%.*s", (int)len, data + n) == (int)len, "fprintf");
            break;
        default:
            for (size_t i = 0; i < len; i++)
                CHECK(exos_fputc(data[n + i], f) == data[n + i], "fputc");
        }
        n += len;
    }
    CHECK(exos_ftell(f) == (long)n, "ftell %ld, %zu", exos_ftell(f), n);
    CHECK(!exos_fflush(f), "fflush");
    FILE *host = fopen(path, "r");
    CHECK(fread(back, 1, sizeof back, host) == n && !memcmp(back, data, n), "contents");
    fclose(host);

    CHECK(!exos_fseek(f, 0, SEEK_SET), "fseek");
    size_t got = 0, line_size = 0;
    char *line = NULL, text[300];
    while (got < n) { /* read back by every means, mixed */
        size_t len;
        switch (test_below(4)) {
        case 0: {
            ssize_t r = exos_getline(&line, &line_size, f);
            len = r < 0 ? 0 : (size_t)r;
            CHECK(len && !memcmp(line, data + got, len) &&
                      (line[len - 1] == '\n' || got + len == n),
                  "getline");
            break;
        }
        case 1:
            len = exos_fgets(text, sizeof text, f) ? strlen(text) : 0;
            CHECK(len && !memcmp(text, data + got, len), "fgets");
            break;
        case 2:
            len = exos_fread(text, 1, test_below(299) + 1, f);
            CHECK(len && !memcmp(text, data + got, len), "fread");
            break;
        default: {
            int c = exos_fgetc(f);
            CHECK(c == data[got] && exos_ungetc(c, f) == c && exos_fgetc(f) == c,
                  "fgetc, ungetc");
            len = 1;
        }
        }
        got += len;
        if (!len)
            break;
        CHECK(exos_ftell(f) == (long)got, "ftell while reading: %ld, %zu", exos_ftell(f),
              got);
        if (!test_below(50)) {
            got = test_below((unsigned)n);
            CHECK(!exos_fseek(f, (long)got, SEEK_SET), "fseek");
        }
    }
    CHECK(exos_fgetc(f) == -1 && exos_feof(f), "end of file");
    CHECK(!exos_fseek(f, 10, SEEK_SET) && exos_fgetc(f) == data[10], "fseek back");
    CHECK(exos_fputc('!', f) == '!' && !exos_fclose(f), "write after read");
    host = fopen(path, "r");
    CHECK(fread(back, 1, sizeof back, host) == n && back[11] == '!' &&
              back[12] == data[12],
          "write after read went astray");
    fclose(host);
    exos_free(line);
    host_io_limit = (size_t)-1;
}

void test_files(void)
{
    char path[] = "/tmp/exos-libc-XXXXXX";
    int fd = mkstemp(path);

    CHECK(fd >= 0, "mkstemp");
    close(fd);
    write_and_read(path, (size_t)-1, _IOFBF, 4096);
    write_and_read(path, 7, _IOFBF, 64);
    write_and_read(path, (size_t)-1, _IOLBF, 200);
    write_and_read(path, (size_t)-1, _IONBF, 0);
    CHECK(!exos_fopen("/nonexistent/file", "r") && exos_errno == 2, "fopen of nothing");
    CHECK(!exos_fopen(path, "q") && exos_errno == 22, "fopen with a bad mode");
    unlink(path);
}
