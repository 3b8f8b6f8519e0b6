// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store_make.c - from options to a medium. See store_make.h.
 *
 * What is made on the way (an ext2 image of --root, a flash chip's medium) lies in a folder of
 * its own in $TMPDIR or /tmp, which is gone before the machine starts. --write of an ext2 image
 * on a flash board: the image is made anew from the chip, beside the old one, and takes its place.
 */
#include "store_make.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_root.h"

/* ---- a folder for a moment ---- */

static char *folder_open(struct err *err)
{
    const char *tmp = getenv("TMPDIR");
    char *path = mem_fmt("%s/exosim-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (mkdtemp(path))
        return path;
    err_set(err, ERR_USER, "%s: %s", path, strerror(errno));
    free(path);
    return NULL;
}

static void folder_close(char *path)
{
    static const char *const files[] = {"image", "raw"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *f = mem_fmt("%s/%s", path, files[i]);
        unlink(f);
        free(f);
    }
    rmdir(path);
    free(path);
}

/* ---- what the board's disk is ---- */

static uint64_t ask_now(void *host)
{
    (void)host;
    return 0;
}

static void ask_irq(void *host, bool level)
{
    (void)host;
    (void)level;
}

static uint64_t ask_size(void *host)
{
    return store_size(host);
}

static int ask_blank(void *host, uint64_t size)
{
    return store_blank(host, size, 0xff);
}

static int ask_read(void *host, uint64_t off, void *to, size_t len)
{
    return store_read(host, off, to, len);
}

static int ask_write(void *host, uint64_t off, const void *from, size_t len)
{
    return store_write(host, off, from, len);
}

/* The geometry of a flash chip, from an instance made for the question. ERR_USER: the model
 * refuses its parameters. */
static int ask_chip(const struct board *b, uint64_t seed, struct flash_chip *c,
                    struct err *err)
{
    const struct board_node *n = &b->dev[b->disk];
    const struct hw_disk_ops *ops = model_disk(n->model);
    uint64_t p[HW_MAX_PARAMS] = {0};
    struct hw_err why = {""};
    struct store *blank;
    void *dev = NULL;
    int rc = store_open(&(struct store_setup){0}, &blank, err);
    if (rc)
        return rc;
    struct hw_env env = {.host = blank,
                         .node = n->path,
                         .now = ask_now,
                         .irq = ask_irq,
                         .random = ask_now,
                         .store_size = ask_size,
                         .store_blank = ask_blank,
                         .store_read = ask_read,
                         .store_write = ask_write,
                         .clock_hz = b->clock_hz};
    if (ops->dev.create(&env, n->values, b->cores, &dev, &why)) {
        rc = err_set(err, ERR_USER, "board %s: node %s: %s: %.255s", b->file, n->path,
                     n->model->compatible, why.msg);
    } else {
        ops->table_params(dev, p);
        ops->dev.destroy(dev);
        int bad = model_param(n->model, "exo,bad-per-mille");
        *c = (struct flash_chip){.page = p[1],
                                 .oob = p[2],
                                 .block_pages = p[3],
                                 .bad_per_mille = bad < 0 ? 0 : n->values[bad].u,
                                 .seed = seed};
        if (c->page == 0 || flash_block_bytes(c) == 0)
            rc = err_set(err, ERR_USER, "board %s: node %s: %s: no geometry of a chip",
                         b->file, n->path, n->model->compatible);
    }
    store_close(blank);
    return rc;
}

/* ---- ext2 on flash ---- */

struct flash_source { /* of --write */
    struct flash_chip chip;
    char *image;
    uint64_t size;
    struct stat st;
    int fd; /* keeps the image locked */
};

static void source_free(void *arg)
{
    struct flash_source *f = arg;
    if (f->fd >= 0)
        close(f->fd);
    free(f->image);
    free(f);
}

/* Reads the chip back into `copy` and puts it in the image's place. */
static int source_replace(struct store *s, struct flash_source *f, const char *tmp,
                          const char *image, const char *copy, struct err *err)
{
    char *raw = mem_fmt("%s/raw", tmp);
    int fd = open(raw, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int rc = fd < 0 ? err_set(err, ERR_USER, "%s: %s", raw, strerror(errno))
                    : store_dump(s, fd, err);
    if (fd >= 0)
        close(fd);
    if (rc == 0)
        rc = flash_back(&f->chip, raw, copy, f->size, err);
    free(raw);
    fd = rc == 0 ? open(copy, O_RDWR | O_CLOEXEC) : -1;
    if (rc == 0 && (fd < 0 || fchmod(fd, f->st.st_mode & 07777) || fsync(fd) ||
                    (fchown(fd, f->st.st_uid, f->st.st_gid) && errno != EPERM) ||
                    rename(copy, image)))
        rc = err_set(err, ERR_USER, "%s: %s", copy, strerror(errno));
    if (fd >= 0)
        close(fd);
    return rc;
}

static int source_save(struct store *s, void *arg, struct err *err)
{
    struct flash_source *f = arg;
    char *tmp = folder_open(err), *image = realpath(f->image, NULL);
    int rc = tmp ? 0 : ERR_USER;
    if (rc == 0 && !image)
        rc = err_set(err, ERR_USER, "%s", strerror(errno));
    if (rc == 0) {
        char *copy = mem_fmt("%s.%ld", image, (long)getpid());
        rc = source_replace(s, f, tmp, image, copy, err);
        if (rc)
            unlink(copy);
        free(copy);
    }
    if (tmp)
        folder_close(tmp);
    free(image);
    return rc ? err_prefix(err, rc, "--write: %s: the image is as it was before the run",
                           f->image)
              : 0;
}

static int source_open(const char *image, const struct flash_chip *c,
                       struct store_setup *setup, struct err *err)
{
    struct flash_source *f = mem_zero(1, sizeof *f);
    f->image = mem_str(image);
    f->chip = *c;
    f->fd = open(image, O_RDWR | O_CLOEXEC);
    setup->save = source_save;
    setup->done = source_free;
    setup->arg = f;
    if (f->fd < 0 || fstat(f->fd, &f->st))
        return err_set(err, ERR_USER, "--disk %s: %s (--write has to write it)", image,
                       strerror(errno));
    if (flock(f->fd, LOCK_EX | LOCK_NB))
        return err_set(err, ERR_USER,
                       "--disk %s: another exosim keeps its changes in this image "
                       "(--write)",
                       image);
    f->size = (uint64_t)f->st.st_size;
    return 0;
}

/* Is it a file system's image? Else it is taken for the chip's medium. A medium that holds a file
 * system may show its superblock too, at the start of its first page: then the size tells. */
static bool is_file_system(const char *image, const struct flash_chip *c)
{
    struct stat st;
    int fd = open(image, O_RDONLY | O_CLOEXEC);
    uint64_t bytes = fd < 0 || fstat(fd, &st) ? 0 : root_is_ext2(fd);
    if (fd >= 0)
        close(fd);
    return bytes && (bytes == (uint64_t)st.st_size ||
                     (uint64_t)st.st_size % flash_block_bytes(c) != 0);
}

/* ---- options ---- */

static int make_medium(const struct options *o, const struct board *b, const char *tmp,
                       struct store_setup *setup, struct store **out, struct err *err)
{
    bool flash = model_disk(b->dev[b->disk].model)->kind == HW_DISK_FLASH;
    struct flash_chip chip;
    char *image = mem_fmt("%s/image", tmp), *raw = mem_fmt("%s/raw", tmp);
    int rc = flash ? ask_chip(b, o->seeded ? o->seed : b->seed, &chip, err) : 0;
    if (rc == 0 && o->root) {
        rc = root_make(o->root, image, tmp, o->disk_size, err);
        setup->image = image;
        setup->size = 0;
    }
    if (rc == 0 && flash && setup->image &&
        (o->root || is_file_system(setup->image, &chip))) {
        rc = flash_make(&chip, setup->image, raw, err);
        if (rc)
            err_prefix(err, rc, "%s %s", setup->option, o->root ? o->root : o->disk);
        if (rc == 0 && setup->write)
            rc = source_open(o->disk, &chip, setup, err);
        setup->image = raw;
        setup->write = false;
    } else if (rc == 0 && flash && setup->size) { /* what the pages hold */
        uint64_t data = chip.page * chip.block_pages;
        setup->size = (setup->size + data - 1) / data * flash_block_bytes(&chip);
    }
    if (rc == 0)
        rc = store_open(setup, out, err);
    else if (setup->done)
        setup->done(setup->arg);
    free(image);
    free(raw);
    return rc;
}

int store_of_options(const struct options *o, const struct board *b, struct store **out,
                     struct err *err)
{
    const char *option = o->disk        ? "--disk"
                         : o->root      ? "--root"
                         : o->disk_size ? "--disk-size"
                         : o->cut       ? "--power-cut"
                                        : NULL;
    *out = NULL;
    if (option && b->disk < 0)
        return err_set(err, ERR_USER, "%s: board %s has no disk", option, b->name);
    struct store_setup setup = {.image = o->disk,
                                .option = option,
                                .given = o->disk ? o->disk : o->root,
                                .write = o->write,
                                .size = o->disk_size,
                                .cut = o->cut,
                                .cut_seed = o->cut_seed};
    bool flash = b->disk >= 0 && model_disk(b->dev[b->disk].model)->kind == HW_DISK_FLASH;
    if (!o->root && !(flash && (o->disk || o->disk_size)))
        return store_open(&setup, out, err); /* as it is */
    char *tmp = folder_open(err);
    if (!tmp)
        return ERR_USER;
    int rc = make_medium(o, b, tmp, &setup, out, err);
    folder_close(tmp);
    return rc;
}
