// SPDX-License-Identifier: GPL-2.0-or-later
/* request.c - taking the head of an HTTP request to pieces; see request.h. */
#include "request.h"
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* What parsing has seen besides the request itself. */
struct seen {
    bool host, length, chunked, expect, close, keep_alive;
};

size_t head_end(const char *buf, size_t n)
{
    /* Empty lines before a request line are not its end (RFC 9112, 2.2). */
    size_t at = 0;
    while (at < n && (buf[at] == '\r' || buf[at] == '\n'))
        at++;
    while (at < n) {
        const char *newline = memchr(buf + at, '\n', n - at);
        if (!newline)
            return 0;
        size_t next = (size_t)(newline - buf) + 1;
        size_t length = next - 1 - at;
        if (length == 0 || (length == 1 && buf[at] == '\r'))
            return next;
        at = next;
    }
    return 0;
}

/* tchar of RFC 9110, 5.6.2 */
static bool token_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(const char *s)
{
    if (!*s)
        return false;
    while (token_char(*s))
        s++;
    return !*s;
}

/* Is word an element of the comma-separated list? */
static bool list_has(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *s = list; *s;) {
        s += strspn(s, " \t,");
        size_t length = strcspn(s, " \t,;");
        if (length == n && !strncasecmp(s, word, n))
            return true;
        s += strcspn(s, ",");
    }
    return false;
}

static int parse_length(struct request *r, struct seen *seen, const char *value)
{
    unsigned long long n = 0;
    if (!*value)
        return 400;
    for (const char *s = value; *s; s++) {
        if (*s < '0' || *s > '9' || n > UINT64_MAX / 10 - 10)
            return 400;
        n = n * 10 + (unsigned long long)(*s - '0');
    }
    if (seen->length && n != r->body)
        return 400;
    seen->length = true;
    r->body = n;
    return 0;
}

static int field(struct request *r, struct seen *seen, const char *name,
                 const char *value)
{
    const struct {
        const char *name;
        const char **to;
    } kept[] = {{"range", &r->range},
                {"if-range", &r->if_range},
                {"if-match", &r->if_match},
                {"if-none-match", &r->if_none_match},
                {"if-modified-since", &r->if_modified},
                {"if-unmodified-since", &r->if_unmodified}};

    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (!strcasecmp(name, kept[i].name)) {
            *kept[i].to = value;
            return 0;
        }
    if (!strcasecmp(name, "host")) {
        if (seen->host || strpbrk(value, " \t/"))
            return 400;
        seen->host = true;
    } else if (!strcasecmp(name, "connection")) {
        seen->close |= list_has(value, "close");
        seen->keep_alive |= list_has(value, "keep-alive");
    } else if (!strcasecmp(name, "content-length")) {
        return parse_length(r, seen, value);
    } else if (!strcasecmp(name, "transfer-encoding")) {
        seen->chunked = true;
    } else if (!strcasecmp(name, "expect")) {
        seen->expect = true;
    }
    return 0;
}

/* One line "name: value" without its end. */
static int field_line(struct request *r, struct seen *seen, char *line)
{
    char *colon = strchr(line, ':');
    if (!colon)
        return 400;
    *colon = 0; /* white space before it, and folded lines, are no token: 400 */
    if (!is_token(line))
        return 400;
    char *value = colon + 1;
    value += strspn(value, " \t");
    for (size_t n = strlen(value); n && strchr(" \t", value[n - 1]);)
        value[--n] = 0;
    return field(r, seen, line, value);
}

static enum method method_of(const char *s)
{
    static const char *const known[] = {"POST",  "PUT",     "DELETE", "OPTIONS",
                                        "TRACE", "CONNECT", "PATCH"};
    if (!strcmp(s, "GET"))
        return METHOD_GET;
    if (!strcmp(s, "HEAD"))
        return METHOD_HEAD;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(s, known[i]))
            return METHOD_KNOWN;
    return METHOD_UNKNOWN;
}

/* "HTTP/1.x" */
static int parse_version(struct request *r, const char *s)
{
    if (strncmp(s, "HTTP/", 5) || s[5] < '0' || s[5] > '9' || s[6] != '.' || s[7] < '0' ||
        s[7] > '9' || s[8])
        return 400;
    if (s[5] != '1')
        return 505;
    r->http11 = s[7] != '0';
    return 0;
}

/* Path or, from a client that takes us for a proxy, a whole URL. */
static int parse_target(struct request *r, char *target)
{
    if (!strncasecmp(target, "http://", 7)) {
        char *path = strchr(target + 7, '/');
        r->target = path ? path : "/";
        return 0;
    }
    r->target = target;
    return *target == '/' || r->method >= METHOD_KNOWN ? 0 : 400;
}

static int request_line(struct request *r, char *line)
{
    char *target = strchr(line, ' ');
    if (!target)
        return 400;
    *target++ = 0;
    char *version = strchr(target, ' ');
    if (!is_token(line) || !version || version == target)
        return 400;
    *version++ = 0;
    r->method = method_of(line);
    int status = parse_version(r, version);
    return status ? status : parse_target(r, target);
}

/* The next line, its end cut off; NULL behind the last. */
static char *next_line(char **at, char *end)
{
    char *line = *at;
    char *newline = line < end ? memchr(line, '\n', (size_t)(end - line)) : NULL;
    if (!newline)
        return NULL;
    *at = newline + 1;
    if (newline > line && newline[-1] == '\r')
        newline--;
    *newline = 0;
    return line;
}

int request_parse(struct request *r, char *head, size_t n)
{
    struct seen seen = {0};
    char *at = head, *end = head + n, *line;

    *r = (struct request){.method = METHOD_UNKNOWN, .target = "/"};
    if (memchr(head, 0, n))
        return 400;
    while ((line = next_line(&at, end)) && !*line)
        ;
    int status = line ? request_line(r, line) : 400;
    while (!status && (line = next_line(&at, end)) && *line)
        status = field_line(r, &seen, line);
    if (!status && r->http11 && !seen.host)
        status = 400;
    if (!status && seen.chunked)
        status = 411; /* RFC 9112, 6.3: a length is wanted instead */
    if (!status && r->body > BODY_MAX)
        status = 413;
    /* What was not understood leaves nobody knowing where the next request begins. Who expects
     * a 100 gets the answer at once, and its body would come or not. */
    r->keep = !status && !seen.close && !seen.expect && (r->http11 || seen.keep_alive);
    return status;
}
