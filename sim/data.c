// SPDX-License-Identifier: GPL-2.0-or-later
/* data.c - where built-in boards, kernels and programs lie. See data.h. */
#include "data.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"

#ifndef EXOSIM_BUILD_DATA
#define EXOSIM_BUILD_DATA "."
#endif

#ifndef EXOSIM_SOURCE
#define EXOSIM_SOURCE "."
#endif

const char *data_source(void)
{
    const char *env = getenv("EXOSIM_SOURCE");
    return env && *env ? env : EXOSIM_SOURCE;
}

bool data_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static bool has_boards(const char *dir)
{
    char *p = mem_fmt("%s/boards", dir);
    bool ok = data_exists(p);
    free(p);
    return ok;
}

/* Folder relative to the program file: one up (build tree), or ../share/exosim (installed). */
static char *beside_program(void)
{
    char exe[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (n <= 0)
        return NULL;
    exe[n] = 0;
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(exe, '/');
        if (!slash)
            return NULL;
        *slash = 0;
    }
    static const char *const below[] = {"", "/share/exosim"};
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        char *dir = mem_fmt("%s%s", exe, below[i]);
        if (has_boards(dir))
            return dir;
        free(dir);
    }
    return NULL;
}

const char *data_dir(void)
{
    static char *found;
    if (!found) {
        const char *env = getenv("EXOSIM_DATA");
        if (env && *env)
            found = mem_str(env);
        if (!found)
            found = beside_program();
        if (!found)
            found = mem_str(EXOSIM_BUILD_DATA);
    }
    return found;
}

char *data_path(const char *fmt, ...)
{
    char rest[PATH_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(rest, sizeof rest, fmt, ap);
    va_end(ap);
    return mem_fmt("%s/%s", data_dir(), rest);
}

char **data_lines(const char *path, size_t *n)
{
    *n = 0;
    FILE *f = fopen(path, "r");
    if (!f)
        return NULL;
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);
    char *line = NULL;
    size_t cap = 0, count = 0;
    ssize_t got;
    while (to && (got = getline(&line, &cap, f)) >= 0) {
        while (got > 0 && (line[got - 1] == '\n' || line[got - 1] == '\r'))
            line[--got] = 0;
        if (got == 0 || line[0] == '#')
            continue;
        fwrite(line, 1, (size_t)got + 1, to);
        count++;
    }
    free(line);
    fclose(f);
    if (to)
        fclose(to);
    /* one block: the pointers, then the text they point into */
    char **out = mem_zero(1, (count + 1) * sizeof *out + len + 1);
    char *at = (char *)(out + count + 1);
    if (text)
        memcpy(at, text, len);
    for (size_t i = 0; i < count; i++) {
        out[i] = at;
        at += strlen(at) + 1;
    }
    free(text);
    *n = count;
    return out;
}
