// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dns.c - DNS messages: see dns.h. An answer may be anything: names end after 255 bytes, compression
 * points only backwards, records that do not fit end the message.
 */
#include "dns.h"

#include <stdbool.h>
#include <string.h>

#include "wire.h"

#define HEADER 12
#define FLAG_RESPONSE 0x8000u
#define FLAG_RECURSION 0x0100u
#define RCODE 0xfu
#define TYPE_A 1u
#define TYPE_CNAME 5u
#define CLASS_IN 1u
#define ALIASES 8

size_t dns_question(uint8_t *message, uint32_t id, const char *name)
{
    uint8_t *p = message + HEADER;
    size_t len = strlen(name);
    if (len > 0 && name[len - 1] == '.')
        len--;
    if (len == 0 || len > 253)
        return 0;
    memset(message, 0, HEADER);
    put16(message, id);
    put16(message + 2, FLAG_RECURSION);
    put16(message + 4, 1);
    for (size_t i = 0; i < len;) {
        size_t n = 0;
        while (i + n < len && name[i + n] != '.')
            n++;
        if (n == 0 || n > 63)
            return 0;
        *p++ = (uint8_t)n;
        memcpy(p, name + i, n);
        p += n;
        i += n + 1;
    }
    if (name[len - 1] == '.')
        return 0;
    *p++ = 0;
    put16(p, TYPE_A);
    put16(p + 2, CLASS_IN);
    return (size_t)(p + 4 - message);
}

/* The name at `at` as text; where it ends in the message, 0: it is none. text may be NULL. */
static size_t name_at(const uint8_t *m, size_t n, size_t at, char *text)
{
    size_t end = 0, limit = at, len = 0;
    for (;;) {
        if (at >= n)
            return 0;
        size_t k = m[at];
        if (k >= 0xc0) {
            if (at + 1 >= n)
                return 0;
            if (end == 0)
                end = at + 2;
            at = (k & 0x3f) << 8 | m[at + 1];
            if (at >= limit) /* backwards only: it ends */
                return 0;
            limit = at;
            continue;
        }
        if (k > 63 || at + 1 + k > n || len + k + 1 >= DNS_NAME)
            return 0;
        at += 1 + k;
        if (k == 0)
            break;
        if (text != NULL) {
            if (len != 0)
                text[len++] = '.';
            memcpy(text + len, m + at - k, k);
            len += k;
        }
    }
    if (text != NULL)
        text[len] = '\0';
    return end != 0 ? end : at;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool same(const char *a, const char *b)
{
    for (; *a != '\0' && lower(*a) == lower(*b); a++, b++)
        ;
    return *a == '\0' && (*b == '\0' || (b[0] == '.' && b[1] == '\0'));
}

struct record {
    char owner[DNS_NAME];
    uint32_t type, class_, length;
    size_t data;
};

/* The record at `at`; where the next one is, 0: there is none. */
static size_t record_at(const uint8_t *m, size_t n, size_t at, struct record *r)
{
    at = name_at(m, n, at, r->owner);
    if (at == 0 || at + 10 > n)
        return 0;
    r->type = get16(m + at);
    r->class_ = get16(m + at + 2);
    r->length = get16(m + at + 8);
    r->data = at + 10;
    return r->data + r->length <= n ? r->data + r->length : 0;
}

/* One look through the answers for `name`. Addresses, or 0 and perhaps an alias. */
static int look(const uint8_t *m, size_t n, size_t at, const char *name, uint32_t *addr,
                int max, char alias[DNS_NAME])
{
    int found = 0;
    struct record r;
    alias[0] = '\0';
    for (uint32_t i = get16(m + 6); i > 0; i--) {
        size_t next = record_at(m, n, at, &r);
        if (next == 0)
            break;
        at = next;
        if (r.class_ != CLASS_IN || !same(r.owner, name))
            continue;
        if (r.type == TYPE_A && r.length == 4 && found < max)
            addr[found++] = get32(m + r.data);
        else if (r.type == TYPE_CNAME && name_at(m, n, r.data, alias) == 0)
            alias[0] = '\0';
    }
    return found;
}

int dns_answer(const uint8_t *m, size_t n, uint32_t id, const char *name, uint32_t *addr,
               int max, char alias[DNS_NAME])
{
    char asked[DNS_NAME], current[DNS_NAME];
    if (n < HEADER || get16(m) != (id & 0xffff) || !(get16(m + 2) & FLAG_RESPONSE) ||
        get16(m + 4) != 1 || strlen(name) >= DNS_NAME)
        return DNS_BAD;
    size_t at = name_at(m, n, HEADER, asked);
    if (at == 0 || at + 4 > n || !same(asked, name) || get16(m + at) != TYPE_A)
        return DNS_BAD;
    uint32_t code = get16(m + 2) & RCODE;
    if (code != 0)
        return code == 3 ? DNS_NO_NAME : DNS_FAILED;
    strcpy(current, asked);
    for (unsigned i = 0; i < ALIASES; i++) {
        int found = look(m, n, at + 4, current, addr, max, alias);
        if (found > 0)
            return found;
        if (alias[0] == '\0') {
            strcpy(alias, current);
            return i == 0 ? DNS_NO_DATA : DNS_ALIAS;
        }
        strcpy(current, alias);
    }
    return DNS_FAILED;
}
