// SPDX-License-Identifier: GPL-2.0-or-later
/* header.c - headers of members, read and written; long names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tar.h"

#define NAME_LIMIT (1 << 20) /* of a long name, of an extended header: more is nonsense */

/* GNU's fields of a header, where ustar has the prefix. */
struct gnu_piece {
    char offset[12], length[12];
};
struct gnu_header {
    char before[386];
    struct gnu_piece piece[4];
    char more, real_size[12], pad[17];
};
_Static_assert(sizeof(struct gnu_header) == BLOCK, "GNU header layout");
struct gnu_more {
    struct gnu_piece piece[21];
    char more, pad[7];
};
_Static_assert(sizeof(struct gnu_more) == BLOCK, "GNU sparse header layout");

long long number_of(const char *field, size_t n)
{
    const unsigned char *p = (const unsigned char *)field;
    if (p[0] & 0x80) { /* two's complement, big endian, the first bit marks it */
        unsigned long long v = p[0] & 0x40 ? ~0ull << 6 | (p[0] & 0x3f) : (p[0] & 0x3f);
        for (size_t i = 1; i < n; i++)
            v = v << 8 | p[i];
        return (long long)v;
    }
    unsigned long long v = 0;
    size_t i = 0;
    while (i < n && field[i] == ' ')
        i++;
    for (; i < n && field[i] >= '0' && field[i] <= '7'; i++)
        v = v << 3 | (unsigned long long)(field[i] - '0');
    return (long long)v;
}

/* Sum of the header's bytes, its own field taken as blanks. */
static unsigned sum_of(const struct header *h)
{
    const unsigned char *p = (const unsigned char *)h;
    unsigned sum = 0;
    for (size_t i = 0; i < BLOCK; i++)
        sum += p[i];
    for (size_t i = 0; i < sizeof h->sum; i++)
        sum += ' ' - (unsigned char)h->sum[i];
    return sum;
}

static bool is_zero(const void *block)
{
    const char *p = block;
    return p[0] == 0 && memcmp(p, p + 1, BLOCK - 1) == 0;
}

static char *field_string(const char *field, size_t n)
{
    char *s = allocate(n + 1);
    memcpy(s, field, n);
    s[n] = '\0';
    return s;
}

static void set_name(char **name, char *to)
{
    free(*name);
    *name = to;
}

static void check_size(long long size)
{
    if (size < 0)
        die(0, "%s: a member's size is negative", archive_name);
}

/* A header's data as a string, for long names and extended headers. */
static char *read_text(off_t size)
{
    if (size > NAME_LIMIT)
        die(0, "%s: a name or extended header of %lld bytes", archive_name,
            (long long)size);
    char *text = allocate((size_t)size + 1);
    archive_bytes(text, (size_t)size);
    text[size] = '\0';
    return text;
}

/* GNU's old sparse files: pieces in the header and in blocks behind it. */
static void read_pieces(struct member *m, const struct header *h)
{
    const struct gnu_header *g = (const struct gnu_header *)(const void *)h;
    const struct gnu_piece *piece = g->piece;
    size_t n = 4;
    bool more = g->more != 0;
    m->sparse = true;
    m->type = '0';
    m->size = (off_t)number_of(g->real_size, sizeof g->real_size);
    check_size(m->size);
    for (;;) {
        for (size_t i = 0; i < n && piece[i].length[0] != '\0'; i++)
            member_piece(m, (off_t)number_of(piece[i].offset, 12),
                         (off_t)number_of(piece[i].length, 12));
        if (!more)
            return;
        const struct gnu_more *next = archive_read();
        if (next == NULL)
            die(0, "%s: unexpected end of file in archive", archive_name);
        piece = next->piece;
        n = 21;
        more = next->more != 0;
    }
}

/* What the header says, where no extension said so before. */
static void take_fields(struct member *m, const struct header *h)
{
    bool ustar = memcmp(h->magic, "ustar\0", 6) == 0;
    if (m->name == NULL) {
        char *name = field_string(h->name, sizeof h->name);
        if (ustar && h->prefix[0] != '\0') {
            char *prefix = field_string(h->prefix, sizeof h->prefix);
            set_name(&m->name, join(prefix, name));
            free(prefix);
            free(name);
        } else {
            m->name = name;
        }
    }
    if (m->link == NULL)
        m->link = field_string(h->link, sizeof h->link);
    m->type = h->type == '\0' || h->type == '7' ? '0' : h->type;
    m->mode = (mode_t)number_of(h->mode, sizeof h->mode) & 07777;
    m->uid = (uid_t)number_of(h->uid, sizeof h->uid);
    m->gid = (gid_t)number_of(h->gid, sizeof h->gid);
    m->mtime.tv_sec = number_of(h->mtime, sizeof h->mtime);
    memcpy(m->user, h->user, sizeof h->user);
    memcpy(m->group, h->group, sizeof h->group);
    m->stored = m->size = (off_t)number_of(h->size, sizeof h->size);
    if (h->type == 'S')
        read_pieces(m, h);
}

/* The next header block that is one; NULL: the archive's end. */
static const struct header *read_header(void)
{
    static bool any;
    bool skipping = false;
    for (;;) {
        const struct header *h = archive_read();
        if (h == NULL)
            return NULL;
        if (is_zero(h)) {
            if (skipping)
                continue;
            const void *second = archive_read();
            if (second != NULL && !is_zero(second))
                say(0, "a lone zero block in %s", archive_name);
            return NULL;
        }
        if ((long long)sum_of(h) == number_of(h->sum, sizeof h->sum)) {
            any = true;
            return h;
        }
        if (!any)
            die(0, "%s: this does not look like a tar archive", archive_name);
        if (!skipping) {
            say(0, "%s: skipping to next header", archive_name);
            status = trouble;
        }
        skipping = true;
    }
}

bool member_read(struct member *m)
{
    char *pax = NULL;
    size_t pax_size = 0;
    memset(m, 0, sizeof *m);
    for (;;) {
        const struct header *h = read_header();
        if (h == NULL) {
            free(pax);
            return false;
        }
        off_t size = (off_t)number_of(h->size, sizeof h->size);
        check_size(size);
        switch (h->type) {
        case 'L': set_name(&m->name, read_text(size)); break;
        case 'K': set_name(&m->link, read_text(size)); break;
        case 'x':
        case 'X':
            free(pax);
            pax_size = (size_t)size;
            pax = read_text(size);
            break;
        case 'g':
        case 'V': archive_skip(size); break; /* for all members; a volume's label */
        default:
            take_fields(m, h);
            if (pax != NULL)
                pax_apply(m, pax, pax_size);
            free(pax);
            check_size(m->stored);
            /* A file of the oldest archives whose name says directory. */
            if (m->type == '0' && m->name[0] != '\0' &&
                m->name[strlen(m->name) - 1] == '/')
                m->type = '5';
            if (m->type >= '1' && m->type <= '6')
                m->stored = 0; /* whatever its size field says: no data */
            if (m->map_in_data)
                pax_read_map(m);
            return true;
        }
    }
}

void member_free(struct member *m)
{
    free(m->name);
    free(m->link);
    free(m->piece);
}

/* -- writing -- */

static void put_number(char *field, size_t n, long long v)
{
    if (v >= 0 && v < 1ll << 3 * (n - 1)) {
        snprintf(field, n, "%0*llo", (int)n - 1, (unsigned long long)v);
        return;
    }
    for (size_t i = n; i-- > 0; v >>= 8)
        field[i] = (char)(v & 0xff);
    field[0] = (char)(v < 0 ? 0xff : 0x80);
}

static void put_header(struct header *h)
{
    memcpy(h->magic, "ustar  ", 8); /* GNU's */
    snprintf(h->sum, sizeof h->sum, "%06o", sum_of(h));
    h->sum[7] = ' ';
    archive_write(h, BLOCK);
}

static void put_long(char type, const char *text)
{
    struct header h = {
        .name = "././@LongLink", .type = type, .user = "root", .group = "root"};
    put_number(h.mode, sizeof h.mode, 0644);
    put_number(h.uid, sizeof h.uid, 0);
    put_number(h.gid, sizeof h.gid, 0);
    put_number(h.mtime, sizeof h.mtime, 0);
    put_number(h.size, sizeof h.size, (long long)strlen(text) + 1);
    put_header(&h);
    archive_write(text, strlen(text) + 1);
}

static void put_string(char *field, size_t n, const char *s)
{
    size_t length = strlen(s);
    memcpy(field, s, length < n ? length : n);
}

void member_write(const struct member *m)
{
    struct header h = {.type = m->type};
    if (m->link != NULL && strlen(m->link) > sizeof h.link)
        put_long('K', m->link);
    if (strlen(m->name) > sizeof h.name)
        put_long('L', m->name);
    put_string(h.name, sizeof h.name, m->name);
    if (m->link != NULL)
        put_string(h.link, sizeof h.link, m->link);
    put_string(h.user, sizeof h.user - 1, m->user);
    put_string(h.group, sizeof h.group - 1, m->group);
    put_number(h.mode, sizeof h.mode, m->mode);
    put_number(h.uid, sizeof h.uid, m->uid);
    put_number(h.gid, sizeof h.gid, m->gid);
    put_number(h.mtime, sizeof h.mtime, m->mtime.tv_sec);
    put_number(h.size, sizeof h.size, m->stored);
    put_header(&h);
}
