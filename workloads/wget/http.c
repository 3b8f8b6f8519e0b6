// SPDX-License-Identifier: GPL-2.0-or-later
/* http.c - the client's side of HTTP/1.1; see http.h. */
#include "http.h"
#include "inet.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define NETWORK 4
#define PROTOCOL 7

static int complain(const char *what)
{
    fprintf(stderr, "%s: %s\n", inet_program, what);
    return -1;
}

int http_url(struct http_url *url, const char *s)
{
    if (strncasecmp(s, "http://", 7)) {
        if (strstr(s, "://"))
            return complain("only http:// is understood");
    } else {
        s += 7;
    }
    size_t n = strcspn(s, "/?#");
    const char *colon = memchr(s, ':', n);
    size_t host = colon ? (size_t)(colon - s) : n;
    if (!host || host >= sizeof url->host)
        return complain("the URL has no host, or too long a one");
    memcpy(url->host, s, host);
    url->host[host] = 0;
    url->port = 80;
    if (colon) {
        char port[8] = "";
        size_t length = n - host - 1;
        memcpy(port, colon + 1, length < sizeof port ? length : sizeof port - 1);
        url->port = inet_port(port);
        if (url->port < 0)
            return -1;
    }
    const char *path = s + n;
    if ((size_t)snprintf(url->path, sizeof url->path, "%s%.*s", *path == '/' ? "" : "/",
                         (int)strcspn(path, "#"), path) >= sizeof url->path)
        return complain("the URL is too long");
    for (const char *c = url->path; *c; c++)
        if ((unsigned char)*c <= ' ')
            return complain("the URL contains blanks: write %20");
    return 0;
}

int http_redirect(struct http_url *url, const char *location)
{
    if (strstr(location, "://"))
        return http_url(url, location);
    if (!strncmp(location, "//", 2))
        return http_url(url, location + 2);
    size_t keep =
        0; /* of the path: up to the last slash, unless the new one is absolute */
    for (size_t i = 0; *location != '/' && url->path[i] && url->path[i] != '?'; i++)
        if (url->path[i] == '/')
            keep = i + 1;
    if (keep + strlen(location) >= sizeof url->path)
        return complain("the redirection is too long");
    strcpy(url->path + keep, location);
    return 0;
}

/* -- receiving -- */

/* At least one more byte: 1, 0 at the end, -1. */
static int fill(struct http *h)
{
    if (h->at == h->n)
        h->at = h->n = 0;
    ssize_t n = recv(h->fd, h->buf + h->n, HTTP_HEAD_MAX - h->n, 0);
    if (n < 0) {
        inet_complain("receive", errno);
        return -1;
    }
    h->n += (size_t)n;
    return n > 0;
}

static int fail(struct http *h, int status, const char *what)
{
    if (what)
        complain(what);
    return h->status = status;
}

/* The next line, its end cut off; NULL and h->status. */
static char *line(struct http *h)
{
    char *newline;
    while (!(newline = memchr(h->buf + h->at, '\n', h->n - h->at))) {
        if (h->at) {
            memmove(h->buf, h->buf + h->at, h->n - h->at);
            h->n -= h->at;
            h->at = 0;
        }
        if (h->n == HTTP_HEAD_MAX) {
            fail(h, PROTOCOL, "a line of the answer is too long");
            return NULL;
        }
        int more = fill(h);
        if (more <= 0) {
            fail(h, NETWORK,
                 more ? NULL : "the server closed in the middle of its answer");
            return NULL;
        }
    }
    char *s = h->buf + h->at;
    h->at = (size_t)(newline + 1 - h->buf);
    if (newline > s && newline[-1] == '\r')
        newline--;
    *newline = 0;
    return s;
}

static int field(struct http *h, char *s)
{
    char *value = strchr(s, ':');
    if (!value)
        return fail(h, PROTOCOL, "the answer has a line that is no header field");
    *value++ = 0;
    value += strspn(value, " \t");
    if (!strcasecmp(s, "content-length")) {
        char *end;
        errno = 0;
        h->length = strtoll(value, &end, 10);
        if (end == value || *end || h->length < 0 || errno)
            return fail(h, PROTOCOL, "the answer's Content-Length is no number");
    } else if (!strcasecmp(s, "transfer-encoding")) {
        h->chunked = true;
        if (strcasecmp(value, "chunked"))
            return fail(h, PROTOCOL, "the answer has an unknown Transfer-Encoding");
    } else if (!strcasecmp(s, "location")) {
        snprintf(h->location, sizeof h->location, "%s", value);
    }
    return 0;
}

static int read_head(struct http *h)
{
    char *s = line(h);
    if (!s)
        return h->status;
    if (strncmp(s, "HTTP/1.", 7) || strlen(s) < 12 || s[8] != ' ' || atoi(s + 9) < 100)
        return fail(h, PROTOCOL, "the server does not speak HTTP/1");
    h->code = atoi(s + 9);
    snprintf(h->reason, sizeof h->reason, "%s", s[12] ? s + 13 : "");
    while ((s = line(h)) && *s)
        if (field(h, s))
            return h->status;
    return s ? 0 : h->status;
}

static int ask(struct http *h, const struct http_url *url)
{
    char head[2600], port[8] = "";
    if (url->port != 80)
        snprintf(port, sizeof port, "%d", url->port);
    h->code = 0;
    h->chunked = false;
    h->length = -1;
    h->location[0] = 0;
    int n = snprintf(head, sizeof head,
                     "GET %s HTTP/1.1\r\nHost: %s%s%s\r\nUser-Agent: exosim-wget\r\n"
                     "Accept: */*\r\nConnection: close\r\n\r\n",
                     url->path, url->host, url->port == 80 ? "" : ":", port);
    if (inet_send(h->fd, head, (size_t)n))
        return fail(h, NETWORK, NULL);
    do
        h->status = read_head(h); /* 1xx: the answer is still to come */
    while (!h->status && h->code < 200);
    return h->status;
}

int http_ask(struct http *h, const struct http_url *url)
{
    h->at = h->n = 0;
    h->fd = inet_connect(url->host, url->port, SOCK_STREAM);
    if (h->fd < 0)
        return h->status = NETWORK;
    if (ask(h, url))
        http_end(h);
    return h->status;
}

void http_end(struct http *h)
{
    close(h->fd);
}

/* -- the body -- */

/* n bytes, or all there are if n is negative. */
static int copy(struct http *h, long long n,
                int (*put)(void *to, const void *p, size_t n), void *to)
{
    while (n) {
        if (h->at == h->n) {
            int more = fill(h);
            if (more < 0)
                return NETWORK;
            if (!more && n < 0)
                return 0;
            if (!more)
                return fail(h, NETWORK, "the server closed before the end");
        }
        size_t piece = h->n - h->at;
        if (n > 0 && (unsigned long long)n < piece)
            piece = (size_t)n;
        if (put(to, h->buf + h->at, piece))
            return 3;
        h->at += piece;
        n -= n > 0 ? (long long)piece : 0;
    }
    return 0;
}

static int chunks(struct http *h, int (*put)(void *to, const void *p, size_t n), void *to)
{
    for (;;) {
        char *s = line(h), *end;
        if (!s)
            return h->status;
        errno = 0;
        long long n = strtoll(s, &end, 16);
        if (end == s || (*end && !strchr("; \t", *end)) || n < 0 || errno)
            return fail(h, PROTOCOL, "a chunk has no length");
        int status = n ? copy(h, n, put, to) : 0;
        if (status)
            return status;
        if (n && (!(s = line(h)) || *s))
            return s ? fail(h, PROTOCOL, "a chunk is longer than it said") : h->status;
        if (!n) {
            while ((s = line(h)) && *s)
                ; /* trailers */
            return s ? 0 : h->status;
        }
    }
}

int http_body(struct http *h, int (*put)(void *to, const void *p, size_t n), void *to)
{
    return h->chunked ? chunks(h, put, to) : copy(h, h->length, put, to);
}
