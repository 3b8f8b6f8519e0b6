// SPDX-License-Identifier: GPL-2.0-or-later
/* store_root.c - images by mke2fs and ftlimage. See store_root.h. */
#include "store_root.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "data.h"

#define MIB (UINT64_C(1) << 20)
#define BLOCK 4096u
#define JOURNAL_MIB 4u
#define SMALLEST (16 * MIB)
#define ROOM (8 * MIB)
#define MAKE_TIME "946684800" /* of the file system itself: 2000-01-01 */

/* ---- how much there is ---- */

struct content {
    uint64_t blocks, inodes, name_bytes;
};

static void add_file(struct content *c, const FTSENT *e)
{
    const struct stat *st = e->fts_statp;
    uint64_t blocks = ((uint64_t)st->st_size + BLOCK - 1) / BLOCK;
    uint64_t there = ((uint64_t)st->st_blocks * 512 + BLOCK - 1) / BLOCK;
    c->inodes++;
    c->name_bytes += 8 + e->fts_namelen + 3;
    if (S_ISLNK(st->st_mode))
        c->blocks += st->st_size > 59;
    else if (S_ISREG(st->st_mode)) /* holes stay holes */
        c->blocks += (blocks < there ? blocks : there) + blocks / 1024 + 1;
    else if (S_ISDIR(st->st_mode))
        c->blocks += 1;
}

static int measure(const char *dir, struct content *c, struct err *err)
{
    char *path = mem_str(dir), *const list[] = {path, NULL};
    FTS *walk = fts_open(list, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    int rc = walk ? 0 : err_set(err, ERR_USER, "--root %s: %s", dir, strerror(errno));
    for (FTSENT *e; rc == 0 && (e = fts_read(walk)) != NULL;) {
        if (e->fts_info == FTS_ERR || e->fts_info == FTS_NS || e->fts_info == FTS_DNR)
            rc = err_set(err, ERR_USER, "--root %s: %s: %s", dir, e->fts_path,
                         strerror(e->fts_errno));
        else if (e->fts_info != FTS_DP)
            add_file(c, e);
    }
    if (walk)
        fts_close(walk);
    free(path);
    c->blocks += c->name_bytes * 3 / 2 / BLOCK;
    return rc;
}

static uint64_t size_for(const struct content *c)
{
    uint64_t used = (c->blocks + c->inodes / 8 + 128) * BLOCK + JOURNAL_MIB * MIB;
    uint64_t size = used + used / 8 + c->blocks * BLOCK / 4 + ROOM;
    size = (size + MIB - 1) / MIB * MIB;
    return size < SMALLEST ? SMALLEST : size;
}

/* ---- mke2fs ---- */

/* The last line of a program's words, or all of them if there is one. */
static const char *last_words(char *words)
{
    size_t n = strlen(words);
    while (n && (words[n - 1] == '\n' || words[n - 1] == ' '))
        words[--n] = 0;
    char *line = strrchr(words, '\n');
    return line ? line + 1 : words;
}

/* Nothing of the host's configuration is used. */
static char *write_config(const char *tmp, struct err *err)
{
    static const char text[] =
        "[defaults]\n base_features = none\n enable_periodic_fsck = 0\n"
        "[fs_types]\n ext2 = {\n }\n floppy = {\n }\n small = {\n }\n big = {\n }\n";
    char *path = mem_fmt("%s/mke2fs.conf", tmp);
    FILE *f = fopen(path, "we");
    if (f && fputs(text, f) != EOF && fclose(f) == 0)
        return path;
    err_set(err, ERR_USER, "--root: %s: %s", path, strerror(errno));
    free(path);
    return NULL;
}

static int run_mke2fs(const char *dir, const char *img, const char *config, uint64_t size,
                      uint64_t inodes, struct err *err)
{
    char blocks[32], count[32], words[4096];
    char *conf = mem_fmt("MKE2FS_CONFIG=%s", config);
    char *const env[] = {conf, "E2FSPROGS_FAKE_TIME=" MAKE_TIME, "LC_ALL=C",
                         "MKE2FS_SYNC=0", NULL};
    char *const argv[] = {
        "mke2fs",
        "-q",
        "-F",
        "-t",
        "ext2",
        "-b",
        "4096",
        "-I",
        "256",
        "-N",
        count,
        "-m",
        "0",
        "-O",
        "none,sparse_super,large_file,filetype,resize_inode,dir_index,ext_attr,has_"
        "journal",
        "-J",
        "size=4",
        "-L",
        "root",
        "-U",
        "65786f73-696d-4f73-8000-726f6f740000",
        "-E",
        "hash_seed=65786f73-696d-4f73-8000-686173680000,root_owner=0:0,nodiscard",
        "-d",
        (char *)(uintptr_t)dir,
        (char *)(uintptr_t)img,
        blocks,
        NULL};
    snprintf(blocks, sizeof blocks, "%" PRIu64, size / BLOCK);
    snprintf(count, sizeof count, "%" PRIu64, inodes);
    int status = 0, rc = child_ask(argv, env, &status, words, sizeof words, err);
    free(conf);
    if (rc)
        return err_prefix(err, rc, "--root %s (it needs e2fsprogs)", dir);
    if (status)
        return err_set(err, ERR_USER,
                       "--root %s: no file system of %" PRIu64
                       " bytes can be made of it (--disk-size changes that): %s",
                       dir, size, last_words(words));
    return 0;
}

static int new_file(const char *path, uint64_t size, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0 && ftruncate(fd, (off_t)size) == 0)
        return fd;
    err_set(err, ERR_USER, "--root: %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

int root_make(const char *dir, const char *img, const char *tmp, uint64_t size,
              struct err *err)
{
    struct stat st;
    struct content c = {0};
    if (stat(dir, &st))
        return err_set(err, ERR_USER, "--root %s: %s", dir, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return err_set(err, ERR_USER, "--root %s: not a folder", dir);
    int rc = measure(dir, &c, err);
    if (rc)
        return rc;
    if (size == 0)
        size = size_for(&c);
    uint64_t inodes = c.inodes * 5 / 4 + 1024; /* room for more files, too */
    if (inodes < size / 8192)
        inodes = size / 8192;
    char *config = write_config(tmp, err);
    int fd = config ? new_file(img, size, err) : -1;
    rc = fd < 0 ? ERR_USER : run_mke2fs(dir, img, config, size, inodes, err);
    if (rc == 0)
        rc = root_settle(fd, err);
    if (fd >= 0)
        close(fd);
    if (config)
        unlink(config);
    free(config);
    return rc;
}

/* ---- ftlimage ---- */

static char *ftlimage(void)
{
    char *path = data_path("ftlimage");
    if (data_exists(path))
        return path;
    free(path);
    return mem_str("ftlimage"); /* in PATH, then */
}

/* Runs ftlimage; its words end in err if it fails. */
static int ask(char **argv, char *words, size_t max, struct err *err)
{
    int status = 0;
    argv[0] = ftlimage();
    int rc = child_ask(argv, NULL, &status, words, max, err);
    if (rc == 0 && status)
        rc = err_set(err, ERR_USER, "%s", last_words(words));
    free(argv[0]);
    argv[0] = NULL;
    return rc;
}

int flash_make(const struct flash_chip *c, const char *img, const char *raw,
               struct err *err)
{
    char words[4096], page[32], oob[32], per[32], blocks[32], bad[32], seed[32];
    snprintf(page, sizeof page, "%" PRIu64, c->page);
    snprintf(oob, sizeof oob, "%" PRIu64, c->oob);
    snprintf(per, sizeof per, "%" PRIu64, c->block_pages);
    snprintf(bad, sizeof bad, "%" PRIu64, c->bad_per_mille);
    snprintf(seed, sizeof seed, "%" PRIu64, c->seed);
    char *how[] = {NULL,    "blocks", (char *)(uintptr_t)img, "--page", page,
                   "--oob", oob,      "--block-pages",        per,      NULL};
    int rc = ask(how, words, sizeof words, err);
    if (rc)
        return rc;
    uint64_t need = strtoull(words, NULL, 10);
    /* bad blocks, twice as many as are to be expected, and an eighth for the cleaner */
    snprintf(blocks, sizeof blocks, "%" PRIu64,
             need + need / 8 + need * c->bad_per_mille / 500 + 2);
    char *make[] = {NULL,
                    "make",
                    (char *)(uintptr_t)img,
                    (char *)(uintptr_t)raw,
                    "--page",
                    page,
                    "--oob",
                    oob,
                    "--block-pages",
                    per,
                    "--blocks",
                    blocks,
                    "--bad-per-mille",
                    bad,
                    "--seed",
                    seed,
                    NULL};
    return ask(make, words, sizeof words, err);
}

int flash_back(const struct flash_chip *c, const char *raw, const char *img,
               uint64_t size, struct err *err)
{
    char words[4096], page[32], oob[32], per[32], bytes[32];
    snprintf(page, sizeof page, "%" PRIu64, c->page);
    snprintf(oob, sizeof oob, "%" PRIu64, c->oob);
    snprintf(per, sizeof per, "%" PRIu64, c->block_pages);
    snprintf(bytes, sizeof bytes, "%" PRIu64, size);
    char *argv[] = {NULL,
                    "read",
                    (char *)(uintptr_t)raw,
                    (char *)(uintptr_t)img,
                    "--page",
                    page,
                    "--oob",
                    oob,
                    "--block-pages",
                    per,
                    "--size",
                    bytes,
                    NULL};
    return ask(argv, words, sizeof words, err);
}
