// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * port_mentions.c - generic files that name a machine. Looked for in the code, not the comments, of
 * the files that the analysis found to be generic: the compilers' names of the instruction sets,
 * and CLASS_KIND of every kind there is, in capitals or not, as in EXO_MMU_RADIX or disk_flash.
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

static bool starts(const char *text, const char *word)
{
    while (*word && tolower((unsigned char)*text) == tolower((unsigned char)*word)) {
        text++;
        word++;
    }
    return !*word;
}

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
            if (starts(at, words[i]) && !in_name(at[strlen(words[i])]))
                return words[i];
    }
    return NULL;
}

/* "mmu_radix", "disk_flash" ...: of the classes and the kinds that the analysed files have. */
static char **kinds(const struct port_report *r)
{
    size_t n = 0;
    char **words = mem_zero(cost_files(r->cost) + 1, sizeof *words);
    for (size_t f = 0; f < cost_files(r->cost); f++) {
        const struct cost_file *file = cost_file(r->cost, f);
        if (file->class_ == COST_GENERIC || file->class_ == COST_ISA || !*file->kind)
            continue;
        char *word = mem_fmt("%s_%s", cost_class_names[file->class_], file->kind);
        bool known = false;
        for (size_t i = 0; i < n; i++)
            known |= strcmp(words[i], word) == 0;
        if (known)
            free(word);
        else
            words[n++] = word;
    }
    return words;
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
        if (file->class_ != COST_GENERIC || file->part == COST_PROGRAM)
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
