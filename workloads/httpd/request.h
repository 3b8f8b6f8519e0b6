// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * request.h - the head of an HTTP request (RFC 9112): where it ends, and what it says.
 *
 *   head_end       how long the head at the start of a buffer is
 *   request_parse  takes it to pieces
 *
 * The pieces point into the head, which parsing cuts up by zero bytes: it must live as long.
 */
#ifndef HTTPD_REQUEST_H
#define HTTPD_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#define BODY_MAX 1048576ull /* of a request whose body is read and thrown away */

enum method { METHOD_GET, METHOD_HEAD, METHOD_KNOWN, METHOD_UNKNOWN };

struct request {
    enum method method;
    bool http11;             /* the client's version: 1.1 or later */
    bool keep;               /* the connection may stay */
    unsigned long long body; /* bytes that follow the head */
    const char *target;      /* path and query, percent-encoded; begins with a slash */
    /* header fields, NULL if absent */
    const char *range, *if_range, *if_match, *if_none_match, *if_modified, *if_unmodified;
};

/* Bytes of the head, blank line included; 0: it is not complete yet. */
size_t head_end(const char *buf, size_t n);

/* 0, or the status to answer with (400, 411, 413, 414, 501, 505); r->method and r->keep are valid even then. */
int request_parse(struct request *r, char *head, size_t n);

#endif
