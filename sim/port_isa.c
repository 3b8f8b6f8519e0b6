// SPDX-License-Identifier: GPL-2.0-or-later
/* port_isa.c - `exosim port new isa NAME`: the longer path, as a list of steps. See port.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "port.h"

/* Lines of the file that another ISA has for this step, the shortest; 0: none. */
static size_t shortest(const struct tree *t, const char *path)
{
    static const char *const isas[] = {"riscv64", "aarch64", "x86_64", "mips32"};
    size_t best = 0;
    for (size_t i = 0; i < sizeof isas / sizeof *isas; i++) {
        char *file = text_fill(mem_str(path), "name", isas[i]),
             *text = tree_text(t, file);
        size_t n = 0;
        for (const char *p = text; p && (p = strchr(p, '\n')) != NULL; p++)
            n++;
        if (n > 0 && (best == 0 || n < best))
            best = n;
        free(file);
        free(text);
    }
    return best;
}

static void print_step(const struct tree *t, char *line, const char *name)
{
    char *what = strstr(line, " | "), size[48] = "";
    if (!what || strlen(line) < 5)
        return;
    *what = 0;
    size_t n = strncmp(line, "new ", 4) == 0 ? shortest(t, line + 4) : 0;
    if (n)
        snprintf(size, sizeof size, " (%zu lines and more)", n);
    char *path = text_fill(mem_str(line + 4), "name", name);
    char *words = text_fill(mem_str(what + 3), "name", name);
    printf("  %.3s  %-36s %s%s\n", line, path, words, size);
    free(path);
    free(words);
}

int port_isa_steps(const char *source, const char *name, struct err *err)
{
    struct tree t;
    int rc = tree_open(&t, source, err);
    char *path = mem_fmt("%s/sim/port/isa/steps", source);
    size_t n = 0;
    char **lines = rc ? NULL : data_lines(path, &n);
    if (rc == 0 && !lines)
        rc = err_set(err, ERR_USER, "%s: not there", path);
    if (rc == 0)
        rc = port_name_check(&t, "isa", name, err);
    if (rc == 0)
        printf(
            "An instruction set is ported by hand, file by file (docs/porting.md says in "
            "which order). Lines: those of the shortest there is.\n");
    for (size_t i = 0; rc == 0 && i < n; i++)
        print_step(&t, lines[i], name);
    free(lines);
    free(path);
    tree_free(&t);
    return rc;
}
