// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * archive.c - the archive as a stream of blocks of 512 bytes, read and written in records of 20.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tar.h"

const char *archive_name = "-";

static int fd = -1;
static bool writing;
static struct stat self;
static char record[RECORD] __attribute__((aligned(16)));
static size_t at, have; /* reading: bytes used, bytes there; writing: bytes filled */

void archive_open(const char *name, bool write)
{
    archive_name = name;
    writing = write;
    if (strcmp(name, "-") == 0)
        fd = write ? STDOUT_FILENO : STDIN_FILENO;
    else
        fd =
            write ? open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666) : open(name, O_RDONLY);
    if (fd < 0 || fstat(fd, &self) < 0)
        die(errno, "%s: cannot open", name);
}

bool archive_is_stdout(void)
{
    return fd == STDOUT_FILENO;
}

bool archive_is(const struct stat *st)
{
    return S_ISREG(self.st_mode) && st->st_dev == self.st_dev &&
           st->st_ino == self.st_ino;
}

const void *archive_read(void)
{
    if (at == have) {
        ssize_t n = read_full(fd, record, RECORD);
        if (n < 0)
            die(errno, "%s: cannot read", archive_name);
        at = 0;
        have = (size_t)n;
        if (have % BLOCK != 0)
            die(0, "%s: unexpected end of file in archive", archive_name);
        if (have == 0)
            return NULL;
    }
    const void *block = record + at;
    at += BLOCK;
    return block;
}

static const void *data_block(void)
{
    const void *block = archive_read();
    if (block == NULL)
        die(0, "%s: unexpected end of file in archive", archive_name);
    return block;
}

void archive_skip(off_t bytes)
{
    off_t blocks = (bytes + (off_t)BLOCK - 1) / (off_t)BLOCK;
    off_t buffered = (off_t)((have - at) / BLOCK);
    if (blocks <= buffered) {
        at += (size_t)blocks * BLOCK;
        return;
    }
    off_t records = (blocks - buffered) / (off_t)(RECORD / BLOCK);
    if (S_ISREG(self.st_mode) && records > 0 &&
        lseek(fd, records * (off_t)RECORD, SEEK_CUR) >= 0) {
        blocks -= buffered + records * (off_t)(RECORD / BLOCK);
        at = have = 0;
    }
    while (blocks-- > 0)
        data_block();
}

void archive_bytes(void *to, size_t n)
{
    while (n > 0) {
        size_t part = n < BLOCK ? n : BLOCK;
        if (n > BLOCK && have - at > BLOCK) { /* what is buffered at once */
            part = have - at < n ? have - at : n / BLOCK * BLOCK;
            memcpy(to, record + at, part);
            at += part;
        } else {
            memcpy(to, data_block(), part);
        }
        to = (char *)to + part;
        n -= part;
    }
}

static void put(const void *bytes, size_t n)
{
    while (n > 0) {
        size_t part = RECORD - at < n ? RECORD - at : n;
        if (bytes != NULL) {
            memcpy(record + at, bytes, part);
            bytes = (const char *)bytes + part;
        } else {
            memset(record + at, 0, part);
        }
        at += part;
        n -= part;
        if (at < RECORD)
            return;
        if (write_full(fd, record, RECORD) < 0)
            die(errno, "%s: cannot write", archive_name);
        at = 0;
    }
}

void archive_write(const void *bytes, size_t n)
{
    put(bytes, n);
    put(NULL, (BLOCK - n % BLOCK) % BLOCK);
}

void archive_close(void)
{
    if (writing) {
        put(NULL, 2 * BLOCK);
        if (at > 0)
            put(NULL, RECORD - at);
    }
    if (close(fd) < 0)
        die(errno, "%s: cannot close", archive_name);
}
