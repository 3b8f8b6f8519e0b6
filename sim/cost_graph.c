// SPDX-License-Identifier: GPL-2.0-or-later
/* cost_graph.c - archives to one graph: members one by one, then the names they use of each
 * other. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cost_priv.h"

void graph_define(struct cost_graph *g, uint32_t archive, uint32_t word, uint32_t node,
                  bool weak)
{
    if (word >= g->ndefined[archive]) {
        uint32_t n = 2 * word + 64;
        g->defined[archive] = mem_grow(g->defined[archive], n, sizeof **g->defined);
        memset(g->defined[archive] + g->ndefined[archive], 0xff,
               (n - g->ndefined[archive]) * sizeof **g->defined);
        g->ndefined[archive] = n;
    }
    if (!weak || g->defined[archive][word] == COST_NONE)
        g->defined[archive][word] = node;
}

static uint32_t defined(const struct cost_graph *g, size_t upto, uint32_t word)
{
    for (size_t a = upto + 1; a-- > 0;)
        if (word < g->ndefined[a] && g->defined[a][word] != COST_NONE)
            return g->defined[a][word];
    return COST_NONE;
}

uint32_t graph_find(const struct cost_graph *g, const struct cost_names *names,
                    const char *name)
{
    return defined(g, g->narchives - 1, intern_add(names->words, name));
}

/* ---- archives ---- */

static int read_members(struct cost_reader *r, const char *path, int fd, Elf *archive,
                        struct err *err)
{
    int code = 0;
    size_t members = 0;
    Elf_Cmd cmd = ELF_C_READ_MMAP;
    Elf *e;
    while (code == 0 && (e = elf_begin(fd, cmd, archive))) {
        Elf_Arhdr *head = elf_getarhdr(e);
        size_t len = 0;
        const char *image = elf_rawfile(e, &len);
        if (head && image && head->ar_name && head->ar_name[0] != '/') {
            char *member = mem_str(head->ar_name);
            code = object_read(r, path, member, image, len, err);
            free(member);
            members++;
        }
        cmd = elf_next(e);
        elf_end(e);
    }
    if (code == 0 && members == 0)
        return err_set(err, ERR_USER, "%s: an archive without objects", path);
    return code;
}

static int read_file(struct cost_reader *r, const char *path, int fd, struct err *err)
{
    elf_version(EV_CURRENT);
    Elf *file = elf_begin(fd, ELF_C_READ_MMAP, NULL);
    Elf_Kind kind = file ? elf_kind(file) : ELF_K_NONE;
    const char *slash = strrchr(path, '/');
    size_t len = 0;
    const char *image = kind == ELF_K_ELF ? elf_rawfile(file, &len) : NULL;
    int code = kind == ELF_K_AR ? read_members(r, path, fd, file, err)
               : image ? object_read(r, path, slash ? slash + 1 : path, image, len, err)
                       : err_set(err, ERR_USER,
                                 "%s: neither an archive of objects nor an object", path);
    elf_end(file);
    return code;
}

static int read_archive(struct cost_reader *r, const char *path, struct err *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool file = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    int code = file ? read_file(r, path, fd, err)
                    : err_set(err, ERR_USER,
                              "%s: %s; the written cost is read from the objects in it: "
                              "build the project, which makes it",
                              path, fd < 0 ? strerror(errno) : "no file");
    if (fd >= 0)
        close(fd);
    return code;
}

int graph_open(struct cost_graph *g, const char *const *archives, size_t n, bool kernel,
               struct cost_names *names, const struct cost_lists *lists, struct err *err)
{
    *g = (struct cost_graph){.kernel = kernel, .narchives = n};
    g->defined = mem_zero(n, sizeof *g->defined);
    g->ndefined = mem_zero(n, sizeof *g->ndefined);
    struct cost_reader r = {.graph = g, .names = names, .lists = lists};
    int code = 0;
    for (size_t i = 0; i < n && code == 0; i++) {
        r.archive = (uint32_t)i;
        code = read_archive(&r, archives[i], err);
    }
    for (size_t i = 0; i < r.nopen; i++) {
        struct cost_node *from = &g->node[r.open[i][0]];
        struct cost_edge *e = &from->edge[r.open[i][1]];
        e->to = defined(g, g->unit[from->unit].archive, e->to);
    }
    free(r.open);
    return code;
}

void graph_finish(struct cost_graph *g, const struct cost_names *names)
{
    g->of_function = mem_grow(NULL, names->nfunctions + 1, sizeof *g->of_function);
    memset(g->of_function, 0xff, (names->nfunctions + 1) * sizeof *g->of_function);
    for (uint32_t i = 0; i < g->nnodes; i++) {
        struct cost_node *n = &g->node[i];
        if (n->function != COST_NONE)
            g->of_function[n->function] = i;
        for (uint32_t s = 0; s < n->nspans; s++)
            if (n->span[s].line != COST_NONE)
                n->span[s].line = names->line_number[n->span[s].line];
    }
}

void graph_close(struct cost_graph *g)
{
    for (uint32_t i = 0; i < g->nnodes; i++) {
        free(g->node[i].edge);
        free(g->node[i].span);
        free(g->node[i].mark);
        free(g->node[i].member);
    }
    for (uint32_t i = 0; i < g->nunits; i++)
        free(g->unit[i].init);
    for (size_t i = 0; g->defined && i < g->narchives; i++)
        free(g->defined[i]);
    free(g->node);
    free(g->unit);
    free(g->defined);
    free(g->ndefined);
    free(g->of_function);
    *g = (struct cost_graph){0};
}
