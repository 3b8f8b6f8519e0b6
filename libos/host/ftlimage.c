// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ftlimage.c - puts a disk image on a raw NAND image, and reads it back, with the very translation layer
 * the library OS has (libos/port/disk/ftl.h):
 *
 *   ftlimage make IMG RAW --block-pages N --blocks N [--page 4096] [--oob N]
 *                         [--bad-per-mille N] [--seed N]
 *   ftlimage read RAW IMG [--block-pages N] [--blocks N] [--oob N] [--size BYTES]
 *   ftlimage blocks IMG --block-pages N [--oob N]      how many erase blocks IMG needs, and room
 *
 * RAW: the chip's pages in order, each page's data, then its out-of-band bytes. IMG: 4096-byte blocks;
 * blocks of zeroes are not written. read finds the geometry by itself if a block is full; IMG
 * becomes --size bytes long, else what it was, else as long as the volume. - for IMG: an
 * empty volume. Exit status 0; 1: an error, said on standard error.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ftl.h"

static struct {
    uint8_t *bytes; /* the raw image */
    uint64_t size;
    struct ftl_geometry chip;
} raw;

static _Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void die(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fputs("ftlimage: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(1);
}

/* -- the chip -- */

static uint64_t page_bytes(void)
{
    return FTL_PAGE + raw.chip.oob_size;
}

static uint8_t *page_at(uint32_t page)
{
    return raw.bytes + page * page_bytes();
}

int nand_read(struct ftl *f, uint32_t page, const struct ftl_data *d)
{
    if (d != NULL)
        memcpy(d->data, page_at(page), FTL_PAGE);
    memcpy(f->oob, page_at(page) + FTL_PAGE, raw.chip.oob_size);
    return 0;
}

int nand_program(struct ftl *f, uint32_t page, const struct ftl_data *d)
{
    if (!ftl_blank(page_at(page), page_bytes() & ~(uint64_t)3))
        return -EXO_EIO;
    memcpy(page_at(page), d->data, FTL_PAGE);
    memcpy(page_at(page) + FTL_PAGE, f->oob, raw.chip.oob_size);
    return 0;
}

int nand_erase(struct ftl *f, uint32_t block)
{
    (void)f;
    memset(page_at(block * raw.chip.block_pages), 0xff,
           raw.chip.block_pages * page_bytes());
    return 0;
}

/* -- files -- */

static uint8_t *read_file(const char *name, uint64_t *size)
{
    struct stat st;
    int fd = open(name, O_RDONLY);
    if (fd < 0 || fstat(fd, &st) < 0)
        die("%s: %s", name, strerror(errno));
    if (!S_ISREG(st.st_mode))
        die("%s: not a regular file", name);
    *size = (uint64_t)st.st_size;
    uint8_t *bytes = malloc(*size + 1);
    if (bytes == NULL)
        die("%s: %" PRIu64 " bytes do not fit in memory", name, *size);
    for (uint64_t at = 0; at < *size;) {
        ssize_t n = read(fd, bytes + at, *size - at);
        if (n <= 0)
            die("%s: %s", name, n < 0 ? strerror(errno) : "ended too soon");
        at += (uint64_t)n;
    }
    close(fd);
    return bytes;
}

static void write_all(int fd, const char *name, const uint8_t *bytes, uint64_t size)
{
    for (uint64_t at = 0; at < size;) {
        ssize_t n = write(fd, bytes + at, size - at);
        if (n < 0)
            die("%s: %s", name, strerror(errno));
        at += (uint64_t)n;
    }
}

/* -- make -- */

/* Factory-bad blocks, spread by the seed; the first block of a chip is good when it is sold. */
static void mark_bad(uint32_t per_mille, uint64_t seed)
{
    uint64_t x = seed * 0x9e3779b97f4a7c15u + 1;
    for (uint32_t b = 1; b < raw.chip.blocks; b++) {
        x ^= x >> 12, x ^= x << 25, x ^= x >> 27;
        if (x * 0x2545f4914f6cdd1du % 1000 < per_mille)
            memset(page_at(b * raw.chip.block_pages) + FTL_PAGE, 0, FTL_OOB_AT);
    }
}

static struct ftl *mount(const char *name)
{
    if (ftl_capacity(&raw.chip) == 0)
        die("%s: a chip of %" PRIu32 " blocks of %" PRIu32 " pages with %" PRIu32
            " out-of-band bytes cannot be used: expected %u to %u blocks, %u to %u "
            "pages, "
            "%u to %u bytes",
            name, raw.chip.blocks, raw.chip.block_pages, raw.chip.oob_size,
            FTL_BLOCKS_MIN, FTL_BLOCKS_MAX, FTL_BLOCK_PAGES_MIN, FTL_BLOCK_PAGES_MAX,
            FTL_OOB_MIN, FTL_OOB_MAX);
    struct ftl *f = calloc(1, ftl_bytes(&raw.chip));
    if (f == NULL)
        die("out of memory");
    int e = ftl_mount(f, &raw.chip);
    if (e < 0)
        die("%s: %s", name,
            e == -EXO_EINVAL ? "holds something that is not the translation layer's"
                             : "cannot be read");
    return f;
}

/* Erase blocks for so many blocks, with some to spare for bad ones. */
static uint32_t blocks_for(uint64_t need, struct ftl_geometry g)
{
    for (g.blocks = FTL_BLOCKS_MIN; g.blocks <= FTL_BLOCKS_MAX; g.blocks++)
        if (ftl_capacity(&g) >= need)
            return g.blocks;
    return 0;
}

static void make(const char *img, const char *out, uint32_t bad, uint64_t seed)
{
    uint64_t size = 0;
    uint8_t *image = strcmp(img, "-") == 0 ? NULL : read_file(img, &size);
    uint64_t need = (size + FTL_PAGE - 1) / FTL_PAGE;
    raw.size = (uint64_t)raw.chip.blocks * raw.chip.block_pages * page_bytes();
    raw.bytes = malloc(raw.size);
    if (raw.bytes == NULL)
        die("%s: %" PRIu64 " bytes do not fit in memory", out, raw.size);
    memset(raw.bytes, 0xff, raw.size);
    if (ftl_capacity(&raw.chip) > 0)
        mark_bad(bad, seed);
    struct ftl *f = mount(out);
    if (need > f->logical)
        die("%s: %" PRIu64 " bytes; the chip holds %" PRIu64
            " (blocks of %u bytes: %" PRIu32 "), at least %" PRIu32
            " erase blocks are needed",
            img, size, (uint64_t)f->logical * FTL_PAGE, FTL_PAGE, f->logical,
            blocks_for(need, raw.chip));
    for (uint64_t b = 0; b < need; b++) {
        static const uint8_t zero[FTL_PAGE];
        uint8_t block[FTL_PAGE] __attribute__((aligned(8))) = {0};
        uint64_t at = b * FTL_PAGE, n = size - at < FTL_PAGE ? size - at : FTL_PAGE;
        memcpy(block, image + at, n);
        if (memcmp(block, zero, FTL_PAGE) == 0)
            continue;
        int e = ftl_write(f, (uint32_t)b, &(struct ftl_data){block, 0, 0});
        if (e < 0)
            die("%s: too many of the chip's blocks are bad (%" PRIu32 " of %" PRIu32 ")",
                out, f->bad, raw.chip.blocks);
    }
    if (ftl_flush(f) < 0)
        die("%s: cannot write the table of bad blocks", out);
    int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd < 0)
        die("%s: %s", out, strerror(errno));
    write_all(fd, out, raw.bytes, raw.size);
    if (close(fd) < 0)
        die("%s: %s", out, strerror(errno));
    free(f);
    free(image);
    free(raw.bytes);
}

/* -- read -- */

/* Does the page at this byte of the image have a record? *logical is whose. */
static bool record_at(uint64_t at, uint32_t *logical)
{
    struct ftl_oob r;
    if (at + FTL_PAGE + FTL_OOB_MIN > raw.size)
        return false;
    struct ftl f = {.oob = raw.bytes + at + FTL_PAGE};
    if (!ftl_decode(&f, &r))
        return false;
    *logical = r.logical;
    return true;
}

/* Out-of-band size and pages of a block from what stands on the chip. */
static bool guess(uint32_t oob)
{
    uint64_t each = FTL_PAGE + oob, pages = raw.size / each;
    if (raw.size % each != 0)
        return false;
    for (uint64_t p = 0, logical_found = 0; p < pages; p++) {
        uint32_t logical;
        if (!record_at(p * each, &logical)) {
            logical_found = 0;
            continue;
        }
        logical_found++;
        /* As many records as the block has pages, from its first page on. */
        if (logical == FTL_SUMMARY && (p + 1) % logical_found == 0 &&
            pages % logical_found == 0) {
            raw.chip = (struct ftl_geometry){(uint32_t)(pages / logical_found),
                                             (uint32_t)logical_found, oob};
            return true;
        }
        if (logical == FTL_SUMMARY)
            logical_found = 0;
    }
    return false;
}

static void find_geometry(const char *name)
{
    uint32_t oob = raw.chip.oob_size;
    if (raw.chip.block_pages != 0) {
        uint64_t block = (uint64_t)raw.chip.block_pages * page_bytes();
        if (raw.size % block != 0 ||
            (raw.chip.blocks != 0 && raw.size / block != raw.chip.blocks))
            die("%s: %" PRIu64 " bytes are not a whole number of blocks of %" PRIu64
                ", or not as many as --blocks says",
                name, raw.size, block);
        if (raw.size / block > FTL_BLOCKS_MAX)
            die("%s: more than %u blocks", name, FTL_BLOCKS_MAX);
        raw.chip.blocks = (uint32_t)(raw.size / block);
        return;
    }
    for (oob = FTL_OOB_MIN; oob <= FTL_OOB_MAX; oob += 4)
        if (guess(oob))
            return;
    die("%s: cannot tell the chip's geometry: give --block-pages and --oob", name);
}

static void read_back(const char *in, const char *img, uint64_t size)
{
    struct stat st;
    raw.bytes = read_file(in, &raw.size);
    find_geometry(in);
    struct ftl *f = mount(in);
    int fd = open(img, O_WRONLY | O_CREAT, 0666);
    if (fd < 0 || fstat(fd, &st) < 0)
        die("%s: %s", img, strerror(errno));
    uint64_t all = (uint64_t)f->logical * FTL_PAGE;
    if (size == 0)
        size = st.st_size > 0 ? (uint64_t)st.st_size : all;
    for (uint64_t at = 0; at < size && at < all; at += FTL_PAGE) {
        uint8_t block[FTL_PAGE] __attribute__((aligned(8)));
        uint64_t n = size - at < FTL_PAGE ? size - at : FTL_PAGE;
        int e = ftl_read(f, (uint32_t)(at / FTL_PAGE), &(struct ftl_data){block, 0, 0});
        if (e < 0)
            die("%s: block %" PRIu64 " cannot be read", in, at / FTL_PAGE);
        write_all(fd, img, block, n);
    }
    if (ftruncate(fd, (off_t)size) < 0 || close(fd) < 0)
        die("%s: %s", img, strerror(errno));
    free(f);
    free(raw.bytes);
}

/* -- command line -- */

static uint64_t number(const char *option, const char *s, uint64_t max)
{
    char *end;
    errno = 0;
    unsigned long long v = strtoull(s, &end, 0);
    if (errno != 0 || *end != '\0' || s[0] == '-' || end == s || v > max)
        die("--%s %s: expected a number up to %" PRIu64, option, s, max);
    return v;
}

static _Noreturn void usage(void)
{
    fputs("usage: ftlimage make IMG RAW --block-pages N --blocks N [--page 4096] [--oob "
          "N]\n"
          "                             [--bad-per-mille N] [--seed N]\n"
          "       ftlimage read RAW IMG [--block-pages N] [--blocks N] [--oob N] [--size "
          "N]\n"
          "       ftlimage blocks IMG --block-pages N [--oob N]\n",
          stderr);
    exit(1);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"page", 1, NULL, 'p'},          {"oob", 1, NULL, 'o'},
        {"block-pages", 1, NULL, 'P'},   {"blocks", 1, NULL, 'B'},
        {"bad-per-mille", 1, NULL, 'b'}, {"seed", 1, NULL, 's'},
        {"size", 1, NULL, 'S'},          {NULL, 0, NULL, 0}};
    uint64_t bad = 0, seed = 1, size = 0;
    raw.chip.oob_size = 64;
    for (int opt, i = 0; (opt = getopt_long(argc, argv, "", options, &i)) != -1;) {
        const char *name = opt == '?' ? "" : options[i].name;
        switch (opt) {
        case 'p':
            if (number(name, optarg, UINT32_MAX) != FTL_PAGE)
                die("--page %s: the layer is for pages of %u bytes", optarg, FTL_PAGE);
            break;
        case 'o': raw.chip.oob_size = (uint32_t)number(name, optarg, FTL_OOB_MAX); break;
        case 'P':
            raw.chip.block_pages = (uint32_t)number(name, optarg, FTL_BLOCK_PAGES_MAX);
            break;
        case 'B': raw.chip.blocks = (uint32_t)number(name, optarg, FTL_BLOCKS_MAX); break;
        case 'b': bad = number(name, optarg, 1000); break;
        case 's': seed = number(name, optarg, UINT64_MAX); break;
        case 'S': size = number(name, optarg, UINT64_MAX); break;
        default: usage();
        }
    }
    char **arg = argv + optind;
    int n = argc - optind;
    if (n == 3 && strcmp(arg[0], "make") == 0) {
        make(arg[1], arg[2], (uint32_t)bad, seed);
    } else if (n == 3 && strcmp(arg[0], "read") == 0) {
        read_back(arg[1], arg[2], size);
    } else if (n == 2 && strcmp(arg[0], "blocks") == 0 && raw.chip.block_pages > 0) {
        struct stat st;
        if (stat(arg[1], &st) < 0)
            die("%s: %s", arg[1], strerror(errno));
        uint32_t blocks =
            blocks_for(((uint64_t)st.st_size + FTL_PAGE - 1) / FTL_PAGE, raw.chip);
        if (blocks == 0)
            die("%s: too large for any chip of such blocks", arg[1]);
        printf("%" PRIu32 "\n", blocks);
    } else {
        usage();
    }
    return 0;
}
