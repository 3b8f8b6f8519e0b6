// SPDX-License-Identifier: GPL-2.0-or-later
/* net_spec.c - reading --net. See net_spec.h. */
#include "net_spec.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DELAY_MAX_NS UINT64_C(3600000000000) /* an hour */

static int wrong(struct err *err, const char *item, const char *expected)
{
    return err_set(err, ERR_USER, "--net: %s: expected %s", item, expected);
}

/* A whole number from min to max that ends at `end` (a character, or 0). */
static bool number(const char **text, char end, uint64_t min, uint64_t max, uint64_t *out)
{
    char *stop;
    errno = 0;
    if (!isdigit((unsigned char)**text))
        return false;
    unsigned long long v = strtoull(*text, &stop, 0);
    if (errno || *stop != end || v < min || v > max)
        return false;
    *text = end ? stop + 1 : stop;
    *out = v;
    return true;
}

static int parse_forward(struct net_spec *s, const char *item, const char *value,
                         struct err *err)
{
    struct net_forward f = {0};
    uint64_t host, guest;
    const char *at = value;
    if (strncmp(at, "udp:", 4) == 0 || strncmp(at, "tcp:", 4) == 0) {
        f.udp = *at == 'u';
        at += 4;
    }
    if (!number(&at, ':', 1, 65535, &host) || !number(&at, 0, 1, 65535, &guest))
        return wrong(err, item, "[udp:]HOSTPORT:GUESTPORT, ports from 1 to 65535");
    f.host = (uint16_t)host;
    f.guest = (uint16_t)guest;
    s->forward = mem_grow(s->forward, s->nforwards + 1, sizeof *s->forward);
    s->forward[s->nforwards++] = f;
    return 0;
}

/* DIGITS[.DIGITS], at most 20 characters; *end behind it. */
static bool decimal(const char *text, double *out, const char **end)
{
    double v = 0, place = 1;
    const char *p = text;
    for (; isdigit((unsigned char)*p); p++)
        v = v * 10 + (*p - '0');
    bool whole = p > text;
    if (*p == '.')
        for (p++; isdigit((unsigned char)*p); p++)
            v += (*p - '0') * (place /= 10);
    *out = v;
    *end = p;
    return whole && p - text <= 20;
}

static int parse_chance(const char *item, const char *value, uint32_t *out,
                        struct err *err)
{
    double percent;
    const char *end;
    if (!decimal(value, &percent, &end) || *end || percent > 100)
        return wrong(err, item, "a percentage from 0 to 100, as in 2.5");
    *out = (uint32_t)(percent * (TROUBLE_ALWAYS / 100) + 0.5);
    return 0;
}

static int parse_delay(const char *item, const char *value, uint64_t *out,
                       struct err *err)
{
    double v;
    const char *unit;
    double scale = 0;
    if (decimal(value, &v, &unit))
        scale = strcmp(unit, "us") == 0 ? 1e3 : strcmp(unit, "ms") == 0 ? 1e6 : 0;
    if (scale == 0 || v * scale > (double)DELAY_MAX_NS)
        return wrong(err, item, "a time in us or ms, at most an hour, as in 1.5ms");
    *out = (uint64_t)(v * scale + 0.5);
    return 0;
}

/* NAME=VALUE behind the kind. */
static int parse_item(struct net_spec *s, char *item, struct err *err)
{
    static const char all[] =
        "hostfwd=, loss=, duplicate=, reorder=, corrupt=, delay= or seed=";
    const char *value = strchr(item, '=');
    if (!value)
        return wrong(err, item, all);
    size_t n = (size_t)(value++ - item);
    struct {
        const char *name;
        uint32_t *chance;
    } const chances[] = {{"loss", &s->trouble.loss},
                         {"duplicate", &s->trouble.duplicate},
                         {"reorder", &s->trouble.reorder},
                         {"corrupt", &s->trouble.corrupt}};
    for (size_t i = 0; i < sizeof chances / sizeof *chances; i++)
        if (n == strlen(chances[i].name) && strncmp(item, chances[i].name, n) == 0) {
            s->troubled = true;
            return parse_chance(item, value, chances[i].chance, err);
        }
    if (n == 5 && strncmp(item, "delay", n) == 0) {
        s->troubled = true;
        return parse_delay(item, value, &s->trouble.delay_ns, err);
    }
    if (n == 4 && strncmp(item, "seed", n) == 0) {
        s->seeded = true;
        if (!number(&value, 0, 0, UINT64_MAX, &s->trouble.seed))
            return wrong(err, item, "a number");
        return 0;
    }
    if (n == 7 && strncmp(item, "hostfwd", n) == 0) {
        if (s->kind != NET_USER)
            return err_set(err, ERR_USER,
                           "--net: %s: expected only behind `user`, which leads to the "
                           "host, as in user,hostfwd=8080:80",
                           item);
        return parse_forward(s, item, value, err);
    }
    return wrong(err, item, all);
}

static int parse_kind(struct net_spec *s, const char *kind, struct err *err)
{
    if (strcmp(kind, "none") == 0) {
        s->kind = NET_NONE;
    } else if (strcmp(kind, "user") == 0) {
        s->kind = NET_USER;
    } else if (strncmp(kind, "link:", 5) == 0 && kind[5]) {
        s->kind = NET_LINK;
        s->link = mem_str(kind + 5);
    } else {
        return err_set(err, ERR_USER,
                       "--net %s: no such wire, expected none, user or link:NAME", kind);
    }
    return 0;
}

int net_spec_parse(const char *text, struct net_spec *out, struct err *err)
{
    *out = (struct net_spec){.kind = NET_NONE};
    if (!text)
        return 0;
    char *copy = mem_str(text), *rest = copy;
    int rc = parse_kind(out, strsep(&rest, ","), err);
    while (rc == 0 && rest)
        rc = parse_item(out, strsep(&rest, ","), err);
    free(copy);
    if (rc)
        net_spec_free(out);
    return rc;
}

void net_spec_free(struct net_spec *s)
{
    free(s->forward);
    free(s->link);
    *s = (struct net_spec){0};
}
