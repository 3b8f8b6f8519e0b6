// SPDX-License-Identifier: GPL-2.0-or-later
/* listing.c - a page that lists a folder, names in order. */
#include "response.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct names {
    struct text text; /* "name\0" or "name/\0", one behind the other */
    const char **at;
    size_t n;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* 0 or a status; -1: no descriptor free. */
static int collect(struct names *names, const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    if (!dir)
        return errno == EMFILE || errno == ENFILE ? -1 : errno == EACCES ? 403 : 500;
    errno = 0;
    while ((entry = readdir(dir))) {
        if (entry->d_name[0] == '.')
            continue; /* hidden, by custom; they can be asked for by name */
        text_puts(&names->text, entry->d_name);
        if (entry->d_type == DT_DIR)
            text_puts(&names->text, "/");
        text_add(&names->text, "", 1);
        names->n++;
    }
    int error = errno;
    closedir(dir);
    if (error)
        return 500;
    names->at = calloc(names->n + 1, sizeof *names->at);
    if (!names->at || names->text.failed)
        return 503;
    const char *s = names->text.p;
    for (size_t i = 0; i < names->n; i++, s += strlen(s) + 1)
        names->at[i] = s;
    qsort(names->at, names->n, sizeof *names->at, by_name);
    return 0;
}

int listing_make(struct text *out, const char *real, const char *path)
{
    struct names names = {0};
    int status = collect(&names, real);
    const char *shown = strcmp(path, ".") ? path : "";
    if (!status) {
        text_puts(out, "<!DOCTYPE html>\n<meta charset=utf-8>\n<title>/");
        text_html(out, shown);
        text_puts(out, "</title>\n<ul>\n");
        if (*shown)
            text_puts(out, "<li><a href=\"../\">../</a>\n");
        for (size_t i = 0; i < names.n; i++) {
            text_puts(out, "<li><a href=\"./"); /* "a:b" would look like a scheme */
            text_url(out, names.at[i]);
            text_puts(out, "\">");
            text_html(out, names.at[i]);
            text_puts(out, "</a>\n");
        }
        text_puts(out, "</ul>\n");
        status = out->failed ? 503 : 0;
    }
    free(names.at);
    text_free(&names.text);
    return status;
}
