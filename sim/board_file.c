// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * board_file.c - board files to device tree blobs: .dtb files are read, .dts files go through
 * dtc in a child process; built-in boards are listed and opened by name.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board.h"
#include "data.h"

#define DTB_MAX (1u << 20) /* a board is a few KB; more is not a board */

/* All bytes of fd, up to DTB_MAX + 1. */
static char *read_all(int fd, size_t *len)
{
    char *buf = mem_zero(1, 4097);
    size_t cap = 4096, n = 0;
    for (;;) {
        ssize_t got = read(fd, buf + n, cap - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
        if (n > DTB_MAX)
            break;
        if (n == cap) {
            cap *= 2;
            buf = mem_grow(buf, cap + 1, 1);
        }
    }
    buf[n] = 0;
    *len = n;
    return buf;
}

/* In the child: dtc with the tree on fd `out`, its words on fd `words`. */
static void run_dtc(const char *file, int out, int words)
{
    if (dup2(out, STDOUT_FILENO) < 0 || dup2(words, STDERR_FILENO) < 0)
        _exit(126);
    /* a file name that looks like an option */
    char *safe = *file == '-' ? mem_fmt("./%s", file) : mem_str(file);
    execlp("dtc", "dtc", "-q", "-I", "dts", "-O", "dtb", safe, (char *)NULL);
    _exit(127);
}

/* Newlines of dtc's words become "; ", so that the message stays one line. */
static void one_line(char *text)
{
    for (char *p = text; *p; p++)
        if (*p == '\n')
            *p = p[1] ? ';' : 0;
    size_t n = strlen(text);
    if (n > 600)
        text[600] = 0;
}

static int compile(const char *file, void **out, size_t *len, struct err *err)
{
    /* the words go to a temporary file: two pipes could block each other */
    int fd[2], words = memfd_create("dtc", MFD_CLOEXEC);
    if (words < 0 || pipe2(fd, O_CLOEXEC) < 0) {
        int e = errno;
        if (words >= 0)
            close(words);
        return err_set(err, ERR_USER, "%s: cannot start dtc: %s", file, strerror(e));
    }
    pid_t pid = fork();
    if (pid == 0)
        run_dtc(file, fd[1], words);
    close(fd[1]);
    if (pid < 0) {
        close(fd[0]);
        close(words);
        return err_set(err, ERR_USER, "%s: cannot start dtc: %s", file, strerror(errno));
    }
    char *blob = read_all(fd[0], len);
    close(fd[0]);
    int status;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    size_t n;
    lseek(words, 0, SEEK_SET);
    char *said = read_all(words, &n);
    close(words);
    int rc = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        rc = err_set(
            err, ERR_USER,
            "%s: a .dts board needs the device tree compiler `dtc` (Debian package "
            "device-tree-compiler), which is not installed",
            file);
    } else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || *len == 0) {
        one_line(said);
        rc = err_set(err, ERR_USER, "%s: not a device tree that dtc accepts: %s", file,
                     said);
    }
    free(said);
    if (rc) {
        free(blob);
        return rc;
    }
    *out = blob;
    return 0;
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

int board_read(const char *file, void **out, size_t *len, struct err *err)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(err, ERR_USER, "board file %s: %s", file, strerror(errno));
    struct stat st;
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        close(fd);
        return err_set(err, ERR_USER,
                       "board file %s: is a folder, expected a .dts or .dtb file", file);
    }
    if (ends_with(file, ".dts")) {
        close(fd);
        return compile(file, out, len, err);
    }
    char *blob = read_all(fd, len);
    close(fd);
    if (*len > DTB_MAX) {
        free(blob);
        return err_set(err, ERR_USER, "board file %s: more than 1 MiB, that is no board",
                       file);
    }
    *out = blob;
    return 0;
}

/* "x/riscv.dts" -> "riscv" */
static char *base_name(const char *file)
{
    const char *slash = strrchr(file, '/');
    char *name = mem_str(slash ? slash + 1 : file);
    char *dot = strrchr(name, '.');
    if (dot && dot != name)
        *dot = 0;
    return name;
}

static int unknown_board(const char *name, struct err *err)
{
    size_t n;
    char **names = board_names(&n);
    char list[512] = "";
    for (size_t i = 0; i < n; i++) {
        size_t at = strlen(list);
        snprintf(list + at, sizeof list - at, "%s%s", i ? ", " : "", names[i]);
    }
    board_names_free(names, n);
    return err_set(
        err, ERR_USER,
        "no board '%s': expected a .dts or .dtb file or one of: %s (from %s/boards)",
        name, n ? list : "(none built)", data_dir());
}

int board_open(const char *name, const struct registry *models, struct board **out,
               struct err *err)
{
    char *file;
    bool by_path =
        strchr(name, '/') || ends_with(name, ".dts") || ends_with(name, ".dtb");
    if (by_path) {
        file = mem_str(name);
    } else {
        file = data_path("boards/%s.dtb", name);
        if (!*name || !data_exists(file)) {
            free(file);
            return unknown_board(name, err);
        }
    }
    void *blob;
    size_t len;
    int rc = board_read(file, &blob, &len, err);
    if (rc == 0) {
        char *base = base_name(file);
        rc = board_parse(blob, len, base, file, models, out, err);
        free(base);
        free(blob);
    }
    free(file);
    return rc;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **board_names(size_t *n)
{
    char **names = NULL;
    *n = 0;
    char *path = data_path("boards");
    DIR *d = opendir(path);
    free(path);
    struct dirent *e;
    while (d && (e = readdir(d))) {
        if (!ends_with(e->d_name, ".dtb") || e->d_name[0] == '.')
            continue;
        names = mem_grow(names, *n + 1, sizeof *names);
        names[(*n)++] = base_name(e->d_name);
    }
    if (d)
        closedir(d);
    if (*n)
        qsort(names, *n, sizeof *names, by_name);
    return names;
}

void board_names_free(char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
}
