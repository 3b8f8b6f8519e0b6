// SPDX-License-Identifier: GPL-2.0-or-later
/* port_words.c - texts of a new port: placeholders, words, names, boards. See port.h. */
#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "port.h"

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* alone: only where no letter of a word is beside it. */
static char *replace(char *text, const char *what, const char *by, bool alone)
{
    char *out = NULL;
    size_t len, n = strlen(what);
    FILE *f = open_memstream(&out, &len);
    const char *p = text;
    for (const char *q; f && (q = strstr(p, what)) != NULL; p = q + n) {
        bool hit = !alone || ((q == text || !is_word(q[-1])) && !is_word(q[n]));
        fwrite(p, 1, (size_t)(q - p), f);
        fputs(hit ? by : what, f);
    }
    if (f) {
        fputs(p, f);
        fclose(f);
    }
    free(text);
    return out ? out : mem_str("");
}

char *text_fill(char *text, const char *key, const char *value)
{
    char *mark = mem_fmt("@%s@", key);
    text = replace(text, mark, value, false);
    free(mark);
    return text;
}

char *text_word(char *text, const char *word, const char *by)
{
    return replace(text, word, by, true);
}

/* ---- names ---- */

/* C's keywords, and what compilers for some of our targets define. */
static const char *const reserved[] = {
    "auto",    "break",  "case",     "char",   "const",    "continue", "default",
    "do",      "double", "else",     "enum",   "extern",   "float",    "for",
    "goto",    "if",     "inline",   "int",    "long",     "register", "restrict",
    "return",  "short",  "signed",   "sizeof", "static",   "struct",   "switch",
    "typedef", "union",  "unsigned", "void",   "volatile", "while",    "asm",
    "typeof",  "linux",  "unix",     "mips",   "bool",     "true",     "false"};

static bool is_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(name, reserved[i]) == 0)
            return true;
    return false;
}

static bool has_word(const char *path, const char *word)
{
    size_t n = 0, len = strlen(word);
    char **lines = data_lines(path, &n);
    bool found = false;
    for (size_t i = 0; i < n && !found; i++)
        for (const char *p = lines[i]; !found && (p = strstr(p, word)) != NULL; p += len)
            found = (p == lines[i] || !is_word(p[-1])) && !is_word(p[len]);
    free(lines);
    return found;
}

/* CLASS_NAME is the name of the backend and of the driver: nothing else's. */
static int in_use(const struct tree *t, const char *word, struct err *err)
{
    static const char *const where[] = {"exo/core/*.[ch]", "exo/include/exo/*.h",
                                        "libos/port/*.h", "libos/exos/*.[ch]",
                                        "libos/port/*/*.h"};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sizeof where / sizeof *where; i++) {
        char *pattern = mem_fmt("%s/%s", t->root, where[i]);
        glob_t g = {0};
        glob(pattern, 0, NULL, &g);
        for (size_t k = 0; rc == 0 && k < g.gl_pathc; k++)
            if (has_word(g.gl_pathv[k], word))
                rc = err_set(err, ERR_USER, "%s is something else already, in %s", word,
                             g.gl_pathv[k]);
        globfree(&g);
        free(pattern);
    }
    return rc;
}

int port_name_check(const struct tree *t, const char *class_, const char *name,
                    struct err *err)
{
    size_t n = strlen(name);
    bool good = n >= 2 && n <= PORT_NAME_MAX && name[0] >= 'a' && name[0] <= 'z';
    for (size_t i = 0; i < n; i++)
        good &= (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9');
    if (!good)
        return err_set(
            err, ERR_USER,
            "bad name '%s': expected 2 to %d small letters and digits, a letter "
            "first",
            name, PORT_NAME_MAX);
    if (is_reserved(name))
        return err_set(err, ERR_USER, "bad name '%s': it means something in C", name);
    char *word = mem_fmt("%s_%s", class_, name),
         *hook = mem_fmt("HOOK(%s, %s,", class_, name);
    char *hooks = tree_text(t, "libos/port/hooks.def");
    int rc = hooks && strstr(hooks, hook)
                 ? err_set(err, ERR_USER, "bad name '%s': %s.%s is a hook of backends",
                           name, class_, name)
                 : in_use(t, word, err);
    free(hooks);
    free(hook);
    free(word);
    return rc;
}

/* ---- boards ---- */

/* Lines of a node that every kind has. */
static bool is_kept(const char *line)
{
    line += strspn(line, " \t");
    return strncmp(line, "reg ", 4) == 0 || strncmp(line, "interrupts ", 11) == 0;
}

char *port_board_text(const char *base, const char *class_, const char *name,
                      const char *from, const char *base_name)
{
    char *prefix = mem_fmt("compatible = \"exo,%s-", class_), *out = NULL;
    size_t len;
    FILE *f = open_memstream(&out, &len);
    bool inside = false, found = false, params = false, body = false;
    for (const char *p = base, *end; f && *p; p = end) {
        end = strchr(p, '\n');
        end = end ? end + 1 : p + strlen(p);
        char *line = mem_fmt("%.*s", (int)(end - p), p), *at = strstr(line, prefix);
        body |= strncmp(line, "/dts-v1/", 8) == 0;
        if (at && body) {
            const char *was = at + strlen(prefix);
            size_t n = strcspn(was, "\"");
            params = from && strlen(from) == n && strncmp(was, from, n) == 0;
            inside = found = true;
            fprintf(f, "%.*s%s%s\";\n", (int)(at - line), line, prefix, name);
        } else if (!body) {
            ; /* the head is ours */
        } else if (strncmp(line, "    model = ", 12) == 0) {
            fprintf(f, "    model = \"%s with the %s %s\";\n", base_name, class_, name);
        } else {
            const char *brace = strstr(line, "};");
            inside &= !brace;
            if (!inside || params || is_kept(line))
                fputs(line, f);
        }
        free(line);
    }
    if (f)
        fclose(f);
    free(prefix);
    if (!found) {
        free(out);
        return NULL;
    }
    char *whole =
        mem_fmt("// SPDX-License-Identifier: GPL-2.0-or-later\n"
                "/*\n"
                " * The board %s with the %s %s. Every cost says where it comes "
                "from: so must this %s's.\n"
                " */\n%s",
                base_name, class_, name, class_, out);
    free(out);
    return whole;
}
