// SPDX-License-Identifier: GPL-2.0-or-later
/* conn.c - a client's connection as a state machine over a socket that never blocks; see conn.h. */
#include "conn.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

/* Patience, in milliseconds. */
#define HEAD_MS 20000  /* for a whole request head, however slowly it trickles in */
#define IDLE_MS 15000  /* for the next request */
#define SEND_MS 20000  /* without any progress */
#define BODY_MS 10000  /* for the whole of it */
#define WAIT_MS 20     /* between two tries to open a file */
#define LINGER_MS 2000 /* for the client to close */
/* How much one client gets before the others' turn. */
#define TURN_STEPS 16
#define STEP_BYTES 65536

unsigned long long conn_answered;
bool conn_log;

enum progress { MORE, BLOCKED, CLOSED };

void conn_open(struct conn *c, int fd, long long now)
{
    int on = 1;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct text kept = c->response.text;
    c->fd = fd;
    c->state = CONN_HEAD;
    c->n = 0;
    c->deadline = now + HEAD_MS;
    c->response = (struct response){.text = kept, .fd = -1};
}

void conn_close(struct conn *c)
{
    response_end(&c->response);
    close(c->fd);
    c->state = CONN_FREE;
}

short conn_events(const struct conn *c)
{
    switch (c->state) {
    case CONN_HEAD:
    case CONN_BODY:
    case CONN_LINGER: return POLLIN;
    case CONN_SEND: return POLLOUT;
    default: return 0;
    }
}

/* -- receiving -- */

/* More bytes into buf[at..]; how many, or 0 and *p. */
static size_t receive(struct conn *c, size_t at, enum progress *p)
{
    ssize_t n = recv(c->fd, c->buf + at, HEAD_MAX - at, 0);
    if (n > 0)
        return (size_t)n;
    *p = n < 0 && (errno == EAGAIN || errno == EINTR) ? BLOCKED : CLOSED;
    return 0;
}

static void send_answer(struct conn *c, long long now)
{
    c->state = CONN_SEND;
    c->sent = 0;
    c->span = 0;
    c->at = c->response.spans ? c->response.span[0].from : 0;
    c->deadline = now + SEND_MS;
}

static void try_answer(struct conn *c, int status, long long now)
{
    if (response_make(&c->response, &c->request, status)) {
        send_answer(c, now);
    } else {
        c->state = CONN_WAIT;
        c->deadline = now + WAIT_MS;
    }
}

/* The request cannot be read to its end; the answer is the last. */
static void refuse(struct conn *c, int status, long long now)
{
    c->request = (struct request){.method = METHOD_GET, .target = "?", .http11 = true};
    c->head = c->n;
    response_error(&c->response, &c->request, status);
    send_answer(c, now);
}

static enum progress read_head(struct conn *c, long long now)
{
    enum progress p = MORE;
    c->head = head_end(c->buf, c->n);
    while (!c->head) {
        if (c->n == HEAD_MAX) {
            refuse(c, 431, now);
            return MORE;
        }
        size_t n = receive(c, c->n, &p);
        if (!n)
            return p;
        if (!c->n)
            c->deadline = now + HEAD_MS;
        c->n += n;
        if (memchr(c->buf + c->n - n, '\n', n))
            c->head = head_end(c->buf, c->n);
    }
    int status = request_parse(&c->request, c->buf, c->head);
    c->body = c->request.body;
    try_answer(c, status, now);
    return MORE;
}

static enum progress skip_body(struct conn *c, long long now)
{
    enum progress p = MORE;
    while (c->body) {
        if (!c->n && !(c->n = receive(c, 0, &p)))
            return p;
        size_t n = c->body < c->n ? (size_t)c->body : c->n;
        memmove(c->buf, c->buf + n, c->n - n);
        c->n -= n;
        c->body -= n;
    }
    c->state = CONN_HEAD;
    c->deadline = now + (c->n ? HEAD_MS : IDLE_MS);
    return MORE;
}

static enum progress linger(struct conn *c)
{
    enum progress p = MORE;
    while (receive(c, 0, &p))
        ;
    return p;
}

/* -- sending -- */

static ssize_t send_step(struct conn *c)
{
    struct response *r = &c->response;
    bool in_span = c->span < r->spans;
    size_t end = in_span ? r->span[c->span].text : r->text.n;
    if (c->sent < end) {
        ssize_t n = send(c->fd, r->text.p + c->sent, end - c->sent,
                         MSG_NOSIGNAL | (in_span ? MSG_MORE : 0));
        c->sent += n > 0 ? (size_t)n : 0;
        return n;
    }
    off_t left = r->span[c->span].to - c->at;
    ssize_t n = sendfile(c->fd, r->fd, &c->at,
                         left < STEP_BYTES ? (size_t)left : (size_t)STEP_BYTES);
    if (c->at == r->span[c->span].to && ++c->span < r->spans)
        c->at = r->span[c->span].from;
    return n;
}

static void answered(struct conn *c, long long now)
{
    bool keep = c->response.keep;
    conn_answered++;
    if (conn_log)
        fprintf(stderr, "httpd: %d %s\n", c->response.status, c->request.target);
    response_end(&c->response);
    memmove(c->buf, c->buf + c->head, c->n - c->head);
    c->n -= c->head;
    if (keep) {
        c->state = CONN_BODY;
        c->deadline = now + BODY_MS;
    } else {
        shutdown(c->fd, SHUT_WR);
        c->state = CONN_LINGER;
        c->deadline = now + LINGER_MS;
    }
}

static enum progress send_more(struct conn *c, long long now)
{
    const struct response *r = &c->response;
    if (r->text.failed)
        return CLOSED; /* no memory, not even to say so */
    while (c->span < r->spans || c->sent < r->text.n) {
        ssize_t n = send_step(c);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return BLOCKED;
        if (n <= 0)
            return CLOSED; /* 0: the file became shorter meanwhile */
        c->deadline = now + SEND_MS;
    }
    answered(c, now);
    return MORE;
}

/* -- the machine -- */

static enum progress step(struct conn *c, long long now)
{
    switch (c->state) {
    case CONN_HEAD: return read_head(c, now);
    case CONN_SEND: return send_more(c, now);
    case CONN_BODY: return skip_body(c, now);
    case CONN_LINGER: return linger(c);
    default: return BLOCKED;
    }
}

void conn_ready(struct conn *c, long long now)
{
    enum progress p = MORE;
    for (unsigned i = 0; i < TURN_STEPS && p == MORE; i++)
        p = step(c, now);
    if (p == CLOSED)
        conn_close(c);
}

void conn_time(struct conn *c, long long now)
{
    if (c->state == CONN_WAIT)
        try_answer(c, 0, now);
    else if (c->state == CONN_HEAD && c->n)
        refuse(c, 408, now);
    else
        conn_close(c);
    if (c->state == CONN_SEND)
        conn_ready(c, now);
}
