// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * http.h - the client's side of HTTP/1.1: one request, its answer.
 *
 *   http_url, http_redirect   where to ask
 *   http_ask                  connects, asks, reads the head
 *   http_body                 the body, piece by piece, whatever its framing
 *   http_end                  closes
 *
 * Failures are explained on standard error; the numbers are wget's exit statuses.
 */
#ifndef WGET_HTTP_H
#define WGET_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#define HTTP_HEAD_MAX 16384

struct http_url {
    char host[256], path[2048];
    int port;
};

struct http {
    int fd, status;
    int code;
    char reason[64], location[2048];
    bool chunked;
    long long length; /* of the body, -1 unknown */
    size_t at, n;     /* bytes received and not used: buf[at..n) */
    char buf[HTTP_HEAD_MAX + 1];
};

/* 0 or -1 (said). */
int http_url(struct http_url *url, const char *s);
int http_redirect(struct http_url *url, const char *location);
/* 0 or h->status, with nothing left to close. */
int http_ask(struct http *h, const struct http_url *url);
/* put: 0 or not; 3 is returned then. */
int http_body(struct http *h, int (*put)(void *to, const void *p, size_t n), void *to);
void http_end(struct http *h);

#endif
