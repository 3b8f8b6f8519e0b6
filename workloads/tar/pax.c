// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pax.c - extended headers: records "LENGTH KEYWORD=VALUE\n" that take the place of a header's fields, and
 * GNU tar's sparse files in them (formats 0.0, 0.1, 1.0).
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tar.h"

void member_piece(struct member *m, off_t offset, off_t length)
{
    if (offset < 0 || length < 0 || offset > INT64_MAX - length)
        die(0, "%s: the map of a sparse file is damaged", archive_name);
    if (m->pieces % 16 == 0)
        m->piece = grow(m->piece, (m->pieces + 16) * sizeof *m->piece);
    m->piece[m->pieces++] = (struct piece){offset, length};
}

static void set_string(char **to, const char *value)
{
    free(*to);
    *to = copy_string(value);
}

/* Seconds with a fraction. */
static void set_time(struct timespec *t, const char *value)
{
    char *end;
    t->tv_sec = strtoll(value, &end, 10);
    long nsec = 0, unit = 100000000;
    if (*end == '.')
        for (end++; *end >= '0' && *end <= '9'; end++, unit /= 10)
            nsec += unit * (*end - '0');
    if (value[0] == '-' && nsec > 0) {
        t->tv_sec--;
        nsec = 1000000000 - nsec;
    }
    t->tv_nsec = nsec;
}

/* "offset,length,offset,length..." */
static void add_map(struct member *m, const char *value)
{
    while (*value != '\0') {
        char *end;
        off_t offset = strtoll(value, &end, 10);
        if (*end != ',')
            return;
        off_t length = strtoll(end + 1, &end, 10);
        member_piece(m, offset, length);
        value = *end == ',' ? end + 1 : end;
    }
}

static void apply(struct member *m, const char *key, const char *value)
{
    static off_t offset; /* of sparse format 0.0: comes before its length */
    if (strcmp(key, "path") == 0) {
        set_string(&m->name, value);
    } else if (strcmp(key, "linkpath") == 0) {
        set_string(&m->link, value);
    } else if (strcmp(key, "size") == 0) {
        m->stored = m->size = strtoll(value, NULL, 10);
    } else if (strcmp(key, "uid") == 0) {
        m->uid = (uid_t)strtoull(value, NULL, 10);
    } else if (strcmp(key, "gid") == 0) {
        m->gid = (gid_t)strtoull(value, NULL, 10);
    } else if (strcmp(key, "mtime") == 0) {
        set_time(&m->mtime, value);
    } else if (strcmp(key, "uname") == 0 && strlen(value) < sizeof m->user) {
        strcpy(m->user, value);
    } else if (strcmp(key, "gname") == 0 && strlen(value) < sizeof m->group) {
        strcpy(m->group, value);
    } else if (strncmp(key, "GNU.sparse.", 11) == 0) {
        key += 11;
        m->sparse = true;
        if (strcmp(key, "name") == 0)
            set_string(&m->name, value);
        else if (strcmp(key, "size") == 0 || strcmp(key, "realsize") == 0)
            m->size = strtoll(value, NULL, 10);
        else if (strcmp(key, "map") == 0)
            add_map(m, value);
        else if (strcmp(key, "offset") == 0)
            offset = strtoll(value, NULL, 10);
        else if (strcmp(key, "numbytes") == 0)
            member_piece(m, offset, strtoll(value, NULL, 10));
        else if (strcmp(key, "major") == 0)
            m->map_in_data = strcmp(value, "1") == 0;
    }
}

void pax_apply(struct member *m, const char *records, size_t n)
{
    const char *at = records, *end = records + n;
    /* "size" must come first: it is about what is stored, GNU.sparse.realsize is not. */
    for (int pass = 0; pass < 2; pass++, at = records) {
        while (at < end) {
            char *key;
            unsigned long long length = strtoull(at, &key, 10);
            if (*key != ' ' || length > (size_t)(end - at) || at + length <= key + 1 ||
                at[length - 1] != '\n')
                die(0, "%s: an extended header is malformed", archive_name);
            char *record = allocate((size_t)length);
            size_t size = (size_t)(at + length - 1 - (key + 1));
            memcpy(record, key + 1, size);
            record[size] = '\0';
            char *value = strchr(record, '=');
            if (value != NULL) {
                *value++ = '\0';
                if ((strcmp(record, "size") == 0) == (pass == 0))
                    apply(m, record, value);
            }
            free(record);
            at += length;
        }
    }
    if (m->size < 0)
        die(0, "%s: an extended header is malformed", archive_name);
}

struct cursor {
    const char *block;
    size_t at;    /* bytes used of it */
    off_t blocks; /* read */
};

/* A decimal number of the map, and its newline. */
static off_t map_number(struct cursor *c)
{
    off_t v = 0;
    for (;;) {
        if (c->at == BLOCK) {
            c->block = archive_read();
            c->at = 0;
            c->blocks++;
        }
        if (c->block == NULL)
            die(0, "%s: unexpected end of file in archive", archive_name);
        char digit = c->block[c->at++];
        if (digit == '\n')
            return v;
        if (digit < '0' || digit > '9' || v > INT64_MAX / 10 - 10)
            die(0, "%s: the map of a sparse file is damaged", archive_name);
        v = v * 10 + (digit - '0');
    }
}

void pax_read_map(struct member *m)
{
    struct cursor c = {.at = BLOCK};
    for (off_t n = map_number(&c); n > 0; n--) {
        off_t offset = map_number(&c), length = map_number(&c);
        member_piece(m, offset, length);
    }
    m->stored -= c.blocks * (off_t)BLOCK;
    if (m->stored < 0)
        die(0, "%s: the map of a sparse file is damaged", archive_name);
}
