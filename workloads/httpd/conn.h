// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * conn.h - a client's connection: reads requests, sends answers, never waits.
 *
 *   conn_open    a connection just accepted
 *   conn_events  what poll() shall wait for
 *   conn_ready   that happened: go on as far as possible
 *   conn_time    its deadline passed
 *   conn_close   at once
 *
 * Requests of one client are answered in order; what it sends ahead stays in the buffer.
 */
#ifndef HTTPD_CONN_H
#define HTTPD_CONN_H

#include "request.h"
#include "response.h"

#define HEAD_MAX 8192 /* bytes of a request's head */

enum conn_state {
    CONN_FREE,
    CONN_HEAD,   /* the head of a request is awaited */
    CONN_WAIT,   /* a free descriptor is awaited */
    CONN_SEND,   /* the answer is on its way */
    CONN_BODY,   /* a body nobody wants is awaited */
    CONN_LINGER, /* all is sent, the client's last words are awaited (RFC 9112, 9.6) */
};

struct conn {
    enum conn_state state;
    int fd;
    long long deadline; /* milliseconds of the clock conn_* are given */
    size_t n;           /* bytes in the buffer */
    size_t head;        /* of them, the head of the request being answered */
    struct request request;
    struct response response;
    size_t sent;   /* bytes of the response's text */
    unsigned span; /* the one being sent, and how far */
    off_t at;
    unsigned long long body; /* bytes still to be thrown away */
    char buf[HEAD_MAX];
};

extern unsigned long long conn_answered; /* requests, by all */
extern bool conn_log;                    /* a line a request, on standard error */

void conn_open(struct conn *c, int fd, long long now);
short conn_events(const struct conn *c);
void conn_ready(struct conn *c, long long now);
void conn_time(struct conn *c, long long now);
void conn_close(struct conn *c);

#endif
