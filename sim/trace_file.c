// SPDX-License-Identifier: GPL-2.0-or-later
/* trace_file.c - see trace_file.h. */
#include "trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int wrong(const char *path, struct err *err, const char *what)
{
    return err_set(err, ERR_USER, "trace %s: %s", path, what);
}

static int check_header(struct trace_file *f, const char *path, struct err *err)
{
    if (f->size < sizeof f->head ||
        memcmp(f->map, TRACE_MAGIC, sizeof f->head.magic) != 0)
        return wrong(path, err, "not a trace of `exosim run --trace`");
    memcpy(&f->head, f->map, sizeof f->head);
    const struct trace_header *h = &f->head;
    if (h->version != TRACE_VERSION)
        return err_set(err, ERR_USER,
                       "trace %s: its version is %" PRIu32 ", this exosim reads %u", path,
                       h->version, TRACE_VERSION);
    if (h->record_size != sizeof(struct hw_trace_record) || h->header_size % 32 != 0 ||
        h->header_size < sizeof *h || h->names_size > h->header_size - sizeof *h)
        return wrong(path, err, "the sizes in its header contradict each other");
    if (h->header_size > f->size)
        return wrong(path, err, "cut short inside its header");
    if (h->cores == 0 || h->cores > 64 || h->clock_hz == 0)
        return wrong(path, err, "its header has no core, too many, or no clock");
    f->head.board[sizeof f->head.board - 1] = 0;
    return 0;
}

/* Lines "call NUMBER NAME". */
static void read_names(struct trace_file *f)
{
    char *text = mem_zero(f->head.names_size + 1, 1), *rest = text, *line;
    memcpy(text, (const char *)f->map + sizeof f->head, f->head.names_size);
    while ((line = strsep(&rest, "\n"))) {
        unsigned number;
        char name[32];
        if (sscanf(line, "call %u %31s", &number, name) == 2 && number < CALLS_MAX &&
            !f->call[number])
            f->call[number] = mem_str(name);
    }
    free(text);
}

int trace_file_open(struct trace_file *f, const char *path, struct err *err)
{
    *f = (struct trace_file){.map = MAP_FAILED};
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0) {
        int rc = err_set(err, ERR_USER, "trace %s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return rc;
    }
    f->size = S_ISREG(st.st_mode) ? (size_t)st.st_size : 0;
    if (f->size > 0)
        f->map = mmap(NULL, f->size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (f->map == MAP_FAILED)
        return wrong(path, err, "an empty file, or not a file at all");
    int rc = check_header(f, path, err);
    if (rc) {
        trace_file_close(f);
        return rc;
    }
    size_t bytes = f->size - f->head.header_size;
    f->record = (const void *)((const char *)f->map + f->head.header_size);
    f->n = bytes / sizeof *f->record;
    f->cut = bytes % sizeof *f->record != 0;
    read_names(f);
    return 0;
}

void trace_file_close(struct trace_file *f)
{
    for (unsigned i = 0; i < CALLS_MAX; i++)
        free(f->call[i]);
    if (f->map != MAP_FAILED && f->map)
        munmap(f->map, f->size);
    *f = (struct trace_file){.map = MAP_FAILED};
}

const char *trace_file_call(const struct trace_file *f, uint64_t number, char text[32])
{
    if (number >= CALLS_FIRST)
        number -= CALLS_FIRST;
    if (number < CALLS_MAX && f->call[number])
        return f->call[number];
    snprintf(text, 32, "call %" PRIu64, number);
    return text;
}

uint64_t trace_file_ps(const struct trace_file *f, uint64_t cycle)
{
    return (uint64_t)((unsigned __int128)cycle * UINT64_C(1000000000000) /
                      f->head.clock_hz);
}
