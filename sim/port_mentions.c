// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port_mentions.c - generic files that name a machine. Looked for in the code, not the comments, of
 * the files that the analysis found to be generic: the compilers' names of the instruction sets,
 * and CLASS_KIND of every model there is, as in EXO_MMU_RADIX or M_DISK_FLASH.
 * See port_mentions.h.
 */
#include "port_mentions.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"

static const char *const macros[] = {"__riscv", "__aarch64__", "__x86_64__", "__amd64__",
                                     "__mips",  "__arm__",     "EXO_ISA_"};
#define MACROS (sizeof macros / sizeof *macros)

static bool in_name(char c)
{
    return isalnum((unsigned char)c);
}

const char *port_mention_in(const char *line, char *const *words)
{
    for (const char *at = line; *at; at++) {
        /* a part of an identifier counts if it is whole between underscores */
        bool begins = at == line || !in_name(at[-1]);
        for (unsigned i = 0; begins && i < MACROS; i++)
            if (strncmp(at, macros[i], strlen(macros[i])) == 0)
                return macros[i];
        for (unsigned i = 0; begins && words[i]; i++)
            if (strncmp(at, words[i], strlen(words[i])) == 0 &&
                !in_name(at[strlen(words[i])]))
                return words[i];
    }
    return NULL;
}

/* "MMU_RADIX", "DISK_FLASH" ...: of every model of the classes that code depends on, from its
 * compatible: what is behind its comma. */
static char **kinds(const struct port_report *r)
{
    const struct registry *models = &r->conform->models;
    char **words = mem_zero(models->n + 1, sizeof *words);
    size_t n = 0;
    for (size_t i = 0; i < models->n; i++) {
        const struct hw_model *m = models->model[i];
        const char *name = strchr(m->compatible, ',');
        if (!name || (m->class_ != HW_CLASS_MMU && m->class_ != HW_CLASS_DISK &&
                      m->class_ != HW_CLASS_NIC))
            continue;
        words[n] = mem_str(name + 1);
        for (char *p = words[n++]; *p; p++)
            *p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
    }
    return words;
}

/* Files of code: the lists (.def) are where kinds are named. */
static bool is_code(const char *path)
{
    size_t n = strlen(path);
    return n > 2 && path[n - 2] == '.' && strchr("chS", path[n - 1]);
}

/* Blanks out comments, in place; true: one goes on behind the line. */
static bool strip(char *line, bool inside)
{
    for (char *p = line; *p; p++) {
        if (!inside && p[0] == '/' && p[1] == '/') {
            *p = 0;
            break;
        }
        if (!inside && p[0] == '/' && p[1] == '*')
            inside = true;
        bool ends = inside && p[0] == '*' && p[1] == '/';
        if (inside)
            *p = ' ';
        if (ends) {
            *++p = ' ';
            inside = false;
        }
    }
    return inside;
}

static unsigned look_into(const char *path, FILE *f, char *const *words, json_t *out)
{
    char *line = NULL;
    size_t max = 0;
    unsigned found = 0;
    bool inside = false;
    for (int number = 1; getline(&line, &max, f) > 0; number++) {
        inside = strip(line, inside);
        const char *word = port_mention_in(line, words);
        if (!word)
            continue;
        found++;
        json_array_append_new(out, json_pack("{s:s, s:i, s:s}", "file", path, "line",
                                             number, "word", word));
    }
    free(line);
    return found;
}

json_t *port_mentions(const struct port_report *r, unsigned *errors)
{
    json_t *out = json_array();
    char **words = kinds(r);
    size_t generic = 0, read = 0;
    for (size_t i = 0; i < cost_files(r->cost); i++) {
        const struct cost_file *file = cost_file(r->cost, i);
        if (file->class_ != COST_GENERIC || file->part == COST_PROGRAM ||
            !is_code(file->path))
            continue;
        char *path = mem_fmt("%s/%s", data_source(), file->path);
        FILE *f = fopen(path, "re");
        free(path);
        generic++;
        if (!f)
            continue;
        read++;
        *errors += look_into(file->path, f, words, out);
        fclose(f);
    }
    for (size_t i = 0; words[i]; i++)
        free(words[i]);
    free(words);
    if (read == generic)
        return out;
    json_decref(out);
    return json_string("not looked for: the source tree is not there, or another one");
}
