// SPDX-License-Identifier: GPL-2.0-or-later
/* precondition.c - conditional requests (RFC 9110, 13), and the entity tags they name. */
#include "date.h"
#include "response.h"
#include <stdio.h>
#include <string.h>

void etag_print(char out[ETAG_SIZE], const struct stat *st)
{
    snprintf(out, ETAG_SIZE, "\"%llx-%llx-%llx.%lx\"", (unsigned long long)st->st_ino,
             (unsigned long long)st->st_size, (unsigned long long)st->st_mtim.tv_sec,
             (unsigned long)st->st_mtim.tv_nsec);
}

/* Is the tag in the list? "*" is any. A weak one only counts where that is enough. */
static bool listed(const char *list, const char *etag, bool weak_counts)
{
    size_t n = strlen(etag);
    const char *s = list;
    while (*(s += strspn(s, " \t,"))) {
        if (*s == '*')
            return true;
        bool weak = !strncmp(s, "W/", 2);
        if (weak)
            s += 2;
        if (!strncmp(s, etag, n) && (weak_counts || !weak))
            return true;
        if (*s == '"')
            s++;
        s += strcspn(s, "\"");
        s += *s == '"';
        if (*s && !strchr(" \t,", *s))
            return false; /* no list of tags */
    }
    return false;
}

int precondition(const struct request *q, const char *etag, time_t modified)
{
    time_t t;
    if (q->if_match) {
        if (!listed(q->if_match, etag, false))
            return 412;
    } else if (q->if_unmodified && date_parse(q->if_unmodified, &t) && modified > t) {
        return 412;
    }
    if (q->if_none_match)
        return listed(q->if_none_match, etag, true) ? 304 : 0;
    if (q->if_modified && date_parse(q->if_modified, &t) && modified <= t)
        return 304;
    return 0;
}

bool range_wanted(const struct request *q, const char *etag, time_t modified)
{
    time_t t;
    if (!q->range || q->method != METHOD_GET)
        return false;
    if (!q->if_range)
        return true;
    if (*q->if_range == '"')
        return !strcmp(q->if_range, etag);
    return date_parse(q->if_range, &t) && t == modified;
}
