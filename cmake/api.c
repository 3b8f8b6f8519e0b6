// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * api.c - build tool for libos/include/api.def, the list of the library OS's public functions.
 *
 *   api print
 *       the list as tab-separated lines, for readers that may not include libos/: name, header,
 *       group, classes. The first line is the heading.
 *   api check HEADERS FOLDER ARCHIVE...
 *       HEADERS is what the preprocessor makes of all public headers, with line markers; FOLDER
 *       is where they lie. Every function they declare must be in the list under a header that
 *       declares it, everything in the list must be declared, and defined in each ARCHIVE.
 *       Macros and inline functions are no functions of the library. Says what is wrong; status 1.
 */
#include <ctype.h>
#include <fcntl.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct row {
    const char *name, *header, *group, *classes;
    bool declared, right_header, defined;
} rows[] = {
#define API(name, header, group, classes) {#name, header, #group, classes, 0, 0, 0},
#include "api.def"
#undef API
};
#define ROWS (sizeof rows / sizeof *rows)

static const char *const groups[] = {"memory", "process", "file", "network",
                                     "time",   "ipc",     "lib"};
static const char *const classes[] = {"isa", "mmu", "disk", "nic"};

static unsigned wrong;

static struct row *row_of(const char *name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

static bool one_of(const char *word, size_t len, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(list[i]) == len && strncmp(list[i], word, len) == 0)
            return true;
    return false;
}

/* The rows by themselves: words that exist, no name twice. */
static void check_rows(void)
{
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *r = &rows[i];
        if (row_of(r->name) != r && ++wrong)
            fprintf(stderr, "api.def: %s is there twice\n", r->name);
        if (!one_of(r->group, strlen(r->group), groups, sizeof groups / sizeof *groups) &&
            ++wrong)
            fprintf(stderr, "api.def: %s: no group '%s'\n", r->name, r->group);
        for (const char *c = r->classes; *c;) {
            size_t n = strcspn(c, " ");
            if (!one_of(c, n, classes, sizeof classes / sizeof *classes) && ++wrong)
                fprintf(stderr, "api.def: %s: no class '%.*s'\n", r->name, (int)n, c);
            c += n + (c[n] == ' ');
        }
    }
}

/* ---- declarations ---- */

#define TOKEN_MAX 64

/* A declaration so far. */
struct statement {
    char first[TOKEN_MAX], last[TOKEN_MAX]; /* words and signs */
    char function[TOKEN_MAX];               /* before the first outer parenthesis */
    bool body;                              /* a parenthesis came right before a brace */
};

static char file_now[4096];

static void line_marker(const char *line)
{
    const char *from = strchr(line, '"'), *to = from ? strchr(from + 1, '"') : NULL;
    if (to && (size_t)(to - from) < sizeof file_now) {
        memcpy(file_now, from + 1, (size_t)(to - from - 1));
        file_now[to - from - 1] = 0;
    }
}

/* The declaration is complete: a function of one of our headers must be in the list. */
static void declared(const struct statement *s, const char *folder)
{
    size_t n = strlen(folder);
    if (!s->function[0] || s->body || strcmp(s->first, "typedef") == 0 ||
        strcmp(s->first, "_Static_assert") == 0 || strncmp(file_now, folder, n) != 0)
        return;
    const char *header = file_now + n + (file_now[n] == '/');
    struct row *r = row_of(s->function);
    if (!r) {
        wrong++;
        fprintf(stderr, "%s declares %s, which libos/include/api.def does not list\n",
                header, s->function);
        return;
    }
    r->declared = true;
    r->right_header |= strcmp(r->header, header) == 0;
}

static void take(struct statement *s, const char *token, unsigned depth)
{
    static const char *const not_names[] = {"__attribute__", "_Alignas", "__asm__",
                                            "_Static_assert"};
    if (depth == 0 && *token == '(' && !s->function[0] &&
        (isalpha((unsigned char)s->last[0]) || s->last[0] == '_') &&
        !one_of(s->last, strlen(s->last), not_names,
                sizeof not_names / sizeof *not_names))
        snprintf(s->function, sizeof s->function, "%s", s->last);
    if (!s->first[0])
        snprintf(s->first, sizeof s->first, "%s", token);
    snprintf(s->last, sizeof s->last, "%s", token);
}

/* One token of `at` into word; where the next begins. */
static const char *token_of(const char *at, char *word)
{
    size_t n = 0;
    if (*at == '"' || *at == '\'') {
        char quote = *at++;
        while (*at && *at != quote)
            at += *at == '\\' && at[1] ? 2 : 1;
        strcpy(word, "\"");
        return at + (*at != 0);
    }
    if (isalnum((unsigned char)*at) || *at == '_') {
        for (; isalnum((unsigned char)*at) || *at == '_'; at++)
            if (n + 1 < TOKEN_MAX)
                word[n++] = *at;
    } else {
        word[n++] = *at++;
    }
    word[n] = 0;
    return at;
}

static void read_line(const char *at, const char *folder, struct statement *s,
                      unsigned *depth)
{
    while (*at) {
        if (isspace((unsigned char)*at)) {
            at++;
            continue;
        }
        char word[TOKEN_MAX];
        at = token_of(at, word);
        if (strchr(")]}", *word) && *depth > 0)
            --*depth;
        if (*word == '{' && *depth == 0 && s->last[0] == ')' && s->function[0])
            s->body = true;
        if (*depth == 0 && *word == ';') {
            declared(s, folder);
            *s = (struct statement){0};
        } else {
            take(s, word, *depth);
            if (*depth == 0 && *word == '}' && s->body)
                *s = (struct statement){0};
        }
        if (strchr("([{", *word))
            ++*depth;
    }
}

static int read_headers(const char *path, const char *folder)
{
    FILE *f = fopen(path, "r");
    if (!f) {
        perror(path);
        return -1;
    }
    struct statement s = {0};
    unsigned depth = 0;
    char *line = NULL;
    size_t cap = 0;
    while (getline(&line, &cap, f) >= 0)
        if (line[0] == '#')
            line_marker(line);
        else
            read_line(line, folder, &s, &depth);
    free(line);
    fclose(f);
    return 0;
}

/* ---- definitions ---- */

static int read_archive(const char *path)
{
    int fd = open(path, O_RDONLY);
    Elf *ar = fd >= 0 ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
    size_t n = 0;
    const Elf_Arsym *sym = ar ? elf_getarsym(ar, &n) : NULL;
    if (!sym) {
        fprintf(stderr, "%s: no archive with a symbol table\n", path);
        return -1;
    }
    for (size_t i = 0; i < ROWS; i++)
        rows[i].defined = false;
    for (size_t i = 0; i < n && sym[i].as_name; i++) {
        struct row *r = row_of(sym[i].as_name);
        if (r)
            r->defined = true;
    }
    for (size_t i = 0; i < ROWS; i++)
        if (!rows[i].defined && ++wrong)
            fprintf(stderr, "api.def lists %s, which %s does not define\n", rows[i].name,
                    path);
    elf_end(ar);
    close(fd);
    return 0;
}

static int check(char **argv)
{
    check_rows();
    if (read_headers(argv[0], argv[1]) < 0)
        return 1;
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *r = &rows[i];
        if (!r->declared && ++wrong)
            fprintf(stderr, "api.def lists %s, which no header declares\n", r->name);
        else if (!r->right_header && ++wrong)
            fprintf(stderr, "api.def lists %s under %s, which does not declare it\n",
                    r->name, r->header);
    }
    elf_version(EV_CURRENT);
    for (char **archive = argv + 2; *archive; archive++)
        if (read_archive(*archive) < 0)
            return 1;
    return wrong ? 1 : 0;
}

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "check") == 0)
        return check(argv + 2);
    puts("name\theader\tgroup\tclasses");
    for (size_t i = 0; i < ROWS; i++)
        printf("%s\t%s\t%s\t%s\n", rows[i].name, rows[i].header, rows[i].group,
               rows[i].classes);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
