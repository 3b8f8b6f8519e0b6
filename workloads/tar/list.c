// SPDX-License-Identifier: GPL-2.0-or-later
/* list.c - tar t and x: which members are meant, how they are shown; names that are not trusted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tar.h"

const char *strip_leading(const char *name, const char *kind)
{
    static const char *said[2];
    const char *from = name;
    /* Behind the last component that is "..". */
    for (const char *p = name; *p != '\0';) {
        size_t n = strcspn(p, "/");
        if (n == 2 && p[0] == '.' && p[1] == '.')
            from = p + n;
        p += n;
        p += *p == '/';
    }
    while (*from == '/')
        from++;
    if (from != name) {
        const char **slot = said[0] == NULL || said[0] == kind ? &said[0] : &said[1];
        if (*slot != kind) {
            *slot = kind;
            say(0, "Removing leading `%.*s' from %s", (int)(from - name), name, kind);
        }
    }
    return *from == '\0' ? "." : from;
}

bool has_dot_dot(const char *name)
{
    while (*name != '\0') {
        size_t n = strcspn(name, "/");
        if (n == 2 && name[0] == '.' && name[1] == '.')
            return true;
        name += n;
        name += *name == '/';
    }
    return false;
}

void print_name(const char *name)
{
    static const char letter[] = "abtnvfr";
    for (const unsigned char *p = (const unsigned char *)name; *p != '\0'; p++) {
        if (*p == '\\')
            printf("\\\\");
        else if (*p >= '\a' && *p <= '\r')
            printf("\\%c", letter[*p - '\a']);
        else if (*p < ' ' || *p >= 127)
            printf("\\%03o", *p);
        else
            putchar(*p);
    }
}

static void print_owner(const struct member *m)
{
    static int width = 19; /* of owner, group and size: grows */
    char size[24], user[40], group[40];
    snprintf(size, sizeof size, "%lld", (long long)m->size);
    snprintf(user, sizeof user, m->user[0] != '\0' ? "%s" : "%.0s%u", m->user, m->uid);
    snprintf(group, sizeof group, m->group[0] != '\0' ? "%s" : "%.0s%u", m->group,
             m->gid);
    int owner = (int)(strlen(user) + strlen(group)) + 1,
        all = owner + (int)strlen(size) + 1;
    if (all > width)
        width = all;
    printf(" %s/%s %*s", user, group, width - owner - 1, size);
}

void print_member(const struct member *m)
{
    char mode[11] = "?rwxrwxrwx", when[32] = "?";
    mode[0] = m->type == '1'   ? 'h'
              : m->type == '2' ? 'l'
              : m->type == '3' ? 'c'
              : m->type == '4' ? 'b'
              : m->type == '5' ? 'd'
              : m->type == '6' ? 'p'
                               : '-';
    for (int i = 0; i < 9; i++)
        if (!(m->mode >> (8 - i) & 1))
            mode[i + 1] = '-';
    if (m->mode & S_ISUID)
        mode[3] = m->mode & S_IXUSR ? 's' : 'S';
    if (m->mode & S_ISGID)
        mode[6] = m->mode & S_IXGRP ? 's' : 'S';
    if (m->mode & S_ISVTX)
        mode[9] = m->mode & S_IXOTH ? 't' : 'T';
    time_t t = m->mtime.tv_sec;
    struct tm *tm = localtime(&t);
    if (tm != NULL)
        strftime(when, sizeof when, "%Y-%m-%d %H:%M", tm);
    printf("%s", mode);
    print_owner(m);
    printf(" %s ", when);
    print_name(m->name);
    if (m->type == '1' || m->type == '2') {
        printf(m->type == '1' ? " link to " : " -> ");
        print_name(m->link);
    }
    printf("\n");
}

/* Is the member one of those asked for, or below one? Notes which. */
static bool wanted(const char *name, char **operands, int n, bool *used)
{
    bool yes = n == 0;
    for (int i = 0; i < n; i++) {
        size_t length = strlen(operands[i]);
        while (length > 1 && operands[i][length - 1] == '/')
            length--;
        if (strncmp(name, operands[i], length) == 0 &&
            (name[length] == '\0' || name[length] == '/'))
            yes = used[i] = true;
    }
    return yes;
}

void list_or_extract(char **operands, int n, bool extract)
{
    struct member m;
    bool *used = allocate((size_t)n * sizeof *used);
    memset(used, 0, (size_t)n * sizeof *used);
    for (; member_read(&m); member_free(&m)) {
        if (!wanted(m.name, operands, n, used)) {
            archive_skip(m.stored);
            continue;
        }
        if (!extract && verbose) {
            print_member(&m);
        } else if (!extract || verbose) {
            print_name(m.name);
            printf("\n");
        }
        if (extract)
            extract_member(&m);
        else
            archive_skip(m.stored);
    }
    member_free(&m);
    if (extract)
        extract_finish();
    for (int i = 0; i < n; i++)
        if (!used[i]) {
            say(0, "%s: not found in archive", operands[i]);
            status = trouble;
        }
    free(used);
}
