// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_store.c - the medium of a disk: copy-on-write, --write and its failures. */
#include <CUnit/CUnit.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim_store.h"
#include "sim_suites.h"

static char folder[64];

static char *path(const char *name)
{
    return mem_fmt("%s/%s", folder, name);
}

uint8_t store_pattern(uint64_t at)
{
    return (uint8_t)(at * 31 + at / 251 + 1);
}

/* A file of the pattern. */
char *store_image(const char *name, size_t size)
{
    char *p = path(name);
    unlink(p);
    FILE *f = fopen(p, "w");
    CU_ASSERT_FATAL(f != NULL);
    for (size_t i = 0; i < size; i++)
        fputc(store_pattern(i), f);
    fclose(f);
    return p;
}

struct store *store_of(const char *file, bool write)
{
    struct store *s = NULL;
    struct err err = {""};
    struct store_setup setup = {.image = file, .given = file, .write = write};
    int rc = store_open(&setup, &s, &err);
    if (rc)
        fprintf(stderr, "%s\n", err.msg);
    CU_ASSERT_FATAL(rc == 0);
    return s;
}

/* Is the file the pattern, but for [from, to), which is `byte`? */
static bool file_is(const char *file, size_t size, size_t from, size_t to, uint8_t byte)
{
    FILE *f = fopen(file, "r");
    size_t i = 0;
    bool ok = f != NULL;
    for (int c; ok && (c = fgetc(f)) != EOF; i++)
        ok = c == (i >= from && i < to ? byte : store_pattern(i));
    if (f)
        fclose(f);
    return ok && i == size;
}

/* ---- reading and writing ---- */

static void copy_on_write(void)
{
    char *file = store_image("cow", BIG);
    struct store *s = store_of(file, false);
    uint8_t buf[BIG], in[300];
    CU_ASSERT(store_size(s) == BIG);
    memset(in, 0xee, sizeof in);
    CU_ASSERT(store_write(s, BORDER - 100, in, 300) == 0); /* over a border */
    CU_ASSERT(store_write(s, BIG - 1, in, 1) == 0);
    CU_ASSERT(store_read(s, 0, buf, BIG) == 0);
    for (size_t i = 0; i < BIG; i++) {
        bool written = (i >= BORDER - 100 && i < BORDER + 200) || i == BIG - 1;
        CU_ASSERT(buf[i] == (written ? 0xee : store_pattern(i)));
    }
    struct err err;
    CU_ASSERT(store_save(s, &err) == 0);
    store_close(s);
    CU_ASSERT(file_is(file, BIG, 0, 0, 0));
    free(file);
}

static void outside(void)
{
    char *file = store_image("edge", 5000);
    struct store *s = store_of(file, false);
    uint8_t b[2] = {1, 2};
    CU_ASSERT(store_read(s, 4999, b, 1) == 0 && b[0] == store_pattern(4999));
    CU_ASSERT(store_read(s, 5000, b, 0) == 0);
    CU_ASSERT(store_read(s, 4999, b, 2) == -1);
    CU_ASSERT(store_read(s, 5000, b, 1) == -1);
    CU_ASSERT(store_read(s, UINT64_MAX, b, 2) == -1);
    CU_ASSERT(store_write(s, 4999, b, 2) == -1);
    CU_ASSERT(store_write(s, UINT64_MAX - 1, b, 2) == -1);
    CU_ASSERT(store_blank(s, 100, 0) == -1); /* there is one */
    CU_ASSERT(store_failed(s) == NULL);
    store_close(s);
    free(file);
}

static void blank(void)
{
    for (unsigned k = 0; k < 2; k++) {
        struct store *s = NULL;
        struct err err;
        uint8_t fill = k ? 0xff : 0, buf[4096];
        struct store_setup setup = {.size = k ? 0 : 1 << 20};
        CU_ASSERT_FATAL(store_open(&setup, &s, &err) == 0);
        CU_ASSERT(store_size(s) == 0 && store_read(s, 0, buf, 1) == -1);
        CU_ASSERT(store_blank(s, UINT64_C(1) << 40, fill) == 0);
        CU_ASSERT(store_size(s) == (k ? UINT64_C(1) << 40 : 1 << 20));
        CU_ASSERT(store_read(s, store_size(s) - 4096, buf, 4096) == 0);
        CU_ASSERT(buf[0] == fill && buf[4095] == fill);
        CU_ASSERT(store_write(s, store_size(s) - 10, "x", 1) == 0);
        CU_ASSERT(store_read(s, store_size(s) - 4096, buf, 4096) == 0);
        CU_ASSERT(buf[4085] == fill && buf[4086] == 'x' && buf[4087] == fill);
        store_close(s);
    }
}

static void refused(void)
{
    static const struct {
        const char *name, *words;
        bool write;
    } cases[] = {{"none", "No such file", false},
                 {"empty", "the file is empty", false},
                 {".", "not a regular file", false},
                 {".", "Is a directory", true},
                 {"locked", "another exosim keeps its changes", true}};
    free(store_image("empty", 0));
    char *locked = store_image("locked", 10);
    struct store *first = store_of(locked, true);
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct store *s = NULL;
        struct err err = {""};
        char *file = path(cases[i].name);
        struct store_setup setup = {
            .image = file, .option = "--disk", .write = cases[i].write};
        CU_ASSERT(store_open(&setup, &s, &err) == ERR_USER && s == NULL);
        CU_ASSERT(strstr(err.msg, cases[i].words) && strstr(err.msg, file) &&
                  strstr(err.msg, "--disk"));
        free(file);
    }
    store_close(first);
    free(locked);
}

/* The file is cut while it is in use: said, no crash. */
static void shrinks(void)
{
    char *file = store_image("shrinks", BIG);
    struct store *s = store_of(file, false);
    uint8_t b;
    CU_ASSERT(store_read(s, 0, &b, 1) == 0);
    CU_ASSERT(truncate(file, 70000) == 0);
    CU_ASSERT(store_read(s, 70000, &b, 1) == -1);
    CU_ASSERT(store_write(s, 80000, &b, 1) == -1); /* a part of a page */
    CU_ASSERT(store_failed(s) && strstr(store_failed(s), "became shorter"));
    CU_ASSERT(store_read(s, 0, &b, 1) == 0 && b == store_pattern(0));
    store_close(s);
    free(file);
}

/* ---- --write ---- */

static void keep(void)
{
    char *file = store_image("keep", BIG), *link = path("link");
    struct stat before, after;
    struct err err;
    uint8_t in[20000];
    memset(in, 0x5d, sizeof in);
    chmod(file, 0640);
    unlink(link);
    CU_ASSERT(symlink(file, link) == 0 && stat(file, &before) == 0);
    struct store *s = store_of(link, true);
    CU_ASSERT(store_write(s, 60000, in, sizeof in) == 0);
    CU_ASSERT(file_is(file, BIG, 0, 0, 0)); /* not before the end */
    CU_ASSERT(store_save(s, &err) == 0);
    store_close(s);
    CU_ASSERT(file_is(file, BIG, 60000, 80000, 0x5d));
    CU_ASSERT(stat(file, &after) == 0 && after.st_mode == before.st_mode);
    CU_ASSERT(lstat(link, &after) == 0 && S_ISLNK(after.st_mode));
    unlink(link);
    free(link);
    free(file);
}

/* A file with two names keeps both. */
static void keep_in_place(void)
{
    char *file = store_image("two", BIG), *other = path("names");
    struct err err;
    unlink(other);
    CU_ASSERT(link(file, other) == 0);
    struct store *s = store_of(file, true);
    CU_ASSERT(store_write(s, 10, "\x11\x11", 2) == 0);
    CU_ASSERT(store_save(s, &err) == 0);
    store_close(s);
    CU_ASSERT(file_is(file, BIG, 10, 12, 0x11) && file_is(other, BIG, 10, 12, 0x11));
    unlink(other);
    free(other);
    free(file);
}

static void nothing_written(void)
{
    char *file = store_image("same", BIG);
    struct stat before, after;
    struct err err;
    CU_ASSERT(stat(file, &before) == 0);
    struct store *s = store_of(file, true);
    CU_ASSERT(store_save(s, &err) == 0);
    store_close(s);
    CU_ASSERT(stat(file, &after) == 0 && before.st_ino == after.st_ino);
    free(file);
}

/* The host's disk is full (here: a limit on the size of files): the image stays as it was, and no
 * half of a copy is left. */
static void host_full(void)
{
    char *file = store_image("full", BIG);
    struct err err = {""};
    struct rlimit was, small = {100000, 100000};
    struct store *s = store_of(file, true);
    CU_ASSERT(store_write(s, 5, "\x22", 1) == 0);
    getrlimit(RLIMIT_FSIZE, &was);
    small.rlim_max = was.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    CU_ASSERT(store_save(s, &err) == ERR_USER);
    setrlimit(RLIMIT_FSIZE, &was);
    CU_ASSERT(strstr(err.msg, "--write") && strstr(err.msg, "as it was"));
    CU_ASSERT(file_is(file, BIG, 0, 0, 0));
    CU_ASSERT(store_save(s, &err) == 0); /* room again: the changes are still there */
    CU_ASSERT(file_is(file, BIG, 5, 6, 0x22));
    store_close(s);
    char *list = mem_fmt("test $(ls %s/full* | wc -l) = 1", folder);
    CU_ASSERT(system(list) == 0);
    free(list);
    free(file);
}

int store_make_folder(void)
{
    strcpy(folder, "/tmp/store-test-XXXXXX");
    return mkdtemp(folder) == NULL;
}

int store_drop_folder(void)
{
    char *rm = mem_fmt("rm -rf %s", folder);
    int rc = system(rm);
    free(rm);
    return rc;
}

void suite_store(void)
{
    CU_pSuite s = CU_add_suite("store", store_make_folder, store_drop_folder);
    CU_add_test(s, "copy on write", copy_on_write);
    CU_add_test(s, "outside the medium", outside);
    CU_add_test(s, "blank media", blank);
    CU_add_test(s, "images that are refused", refused);
    CU_add_test(s, "an image that shrinks", shrinks);
    CU_add_test(s, "--write: the changes are kept, through a link, with the mode", keep);
    CU_add_test(s, "--write: a file with two names", keep_in_place);
    CU_add_test(s, "--write: nothing was written", nothing_written);
    CU_add_test(s, "--write: the host is full", host_full);
}
