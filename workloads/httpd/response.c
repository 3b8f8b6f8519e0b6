// SPDX-License-Identifier: GPL-2.0-or-later
/* response.c - building the answer to a request; see response.h. */
#include "response.h"
#include "date.h"
#include "mime.h"
#include "path.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BOUNDARY "exosim-httpd-part"

static const char *reason(int status)
{
    switch (status) {
    case 200: return "OK";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 416: return "Range Not Satisfiable";
    case 431: return "Request Header Fields Too Large";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    case 508: return "Loop Detected";
    default: return "Internal Server Error";
    }
}

static void begin(struct response *r, const struct request *q, int status)
{
    char date[DATE_SIZE];
    r->text.n = 0;
    r->text.failed = false;
    r->spans = 0;
    r->status = status;
    r->keep = q->keep;
    date_print(date, date_now());
    text_printf(&r->text, "HTTP/1.1 %d %s\r\nDate: %s\r\nServer: exosim-httpd\r\n",
                status, reason(status), date);
    if (!q->keep)
        text_puts(&r->text, "Connection: close\r\n");
    else if (!q->http11)
        text_puts(&r->text, "Connection: keep-alive\r\n");
}

static void content(struct response *r, const char *type, unsigned long long length)
{
    text_printf(&r->text, "Content-Type: %s\r\nContent-Length: %llu\r\n", type, length);
}

/* The blank line; a body that is text, unless only the head was asked for. */
static void finish(struct response *r, const struct request *q, const char *body,
                   size_t n)
{
    text_puts(&r->text, "\r\n");
    if (q->method != METHOD_HEAD)
        text_add(&r->text, body, n);
}

/* An answer that is about the request and not about a file. `fields`: further header lines. */
static void say(struct response *r, const struct request *q, int status,
                const char *fields)
{
    char body[160];
    int n = snprintf(body, sizeof body,
                     "<!DOCTYPE html>\n<title>%d %s</title>\n<h1>%d %s</h1>\n", status,
                     reason(status), status, reason(status));
    begin(r, q, status);
    content(r, "text/html; charset=utf-8", (unsigned long long)n);
    text_puts(&r->text, fields);
    finish(r, q, body, (size_t)n);
}

void response_error(struct response *r, const struct request *q, int status)
{
    struct request last = *q;
    last.keep = false;
    say(r, &last, status, "");
}

/* -- files -- */

struct file {
    struct stat st;
    const char *type;
    char etag[ETAG_SIZE], modified[DATE_SIZE];
};

static void describe(struct response *r, const struct file *f)
{
    text_printf(&r->text, "Last-Modified: %s\r\nETag: %s\r\nAccept-Ranges: bytes\r\n",
                f->modified, f->etag);
}

static void whole(struct response *r, const struct request *q, const struct file *f)
{
    begin(r, q, 200);
    content(r, f->type, (unsigned long long)f->st.st_size);
    describe(r, f);
    finish(r, q, "", 0);
    if (q->method == METHOD_GET && f->st.st_size)
        r->span[r->spans++] = (struct span){r->text.n, 0, f->st.st_size};
}

static void range_line(struct text *t, const struct range *range, off_t size)
{
    text_printf(t, "Content-Range: bytes %lld-%lld/%lld\r\n", (long long)range->from,
                (long long)range->to - 1, (long long)size);
}

static void one_range(struct response *r, const struct request *q, const struct file *f,
                      const struct range *range)
{
    begin(r, q, 206);
    content(r, f->type, (unsigned long long)(range->to - range->from));
    range_line(&r->text, range, f->st.st_size);
    describe(r, f);
    finish(r, q, "", 0);
    r->span[r->spans++] = (struct span){r->text.n, range->from, range->to};
}

/* multipart/byteranges (RFC 9110, 14.6) */
static void many_ranges(struct response *r, const struct request *q, const struct file *f,
                        const struct range *range, unsigned n)
{
    struct text parts = {0};
    unsigned long long length = 0;
    for (unsigned i = 0; i < n; i++) {
        text_printf(&parts, "%s--" BOUNDARY "\r\nContent-Type: %s\r\n", i ? "\r\n" : "",
                    f->type);
        range_line(&parts, &range[i], f->st.st_size);
        text_puts(&parts, "\r\n");
        r->span[i] = (struct span){parts.n, range[i].from, range[i].to};
        length += (unsigned long long)(range[i].to - range[i].from);
    }
    text_puts(&parts, "\r\n--" BOUNDARY "--\r\n");
    begin(r, q, 206);
    content(r, "multipart/byteranges; boundary=" BOUNDARY, length + parts.n);
    describe(r, f);
    finish(r, q, "", 0);
    r->spans = n;
    for (unsigned i = 0; i < n; i++)
        r->span[i].text += r->text.n;
    text_add(&r->text, parts.p, parts.n);
    r->text.failed |= parts.failed;
    text_free(&parts);
}

/* What of the open file is sent. */
static void send_file(struct response *r, const struct request *q, struct file *f)
{
    struct range range[RANGES_MAX];
    char fields[80];
    date_seen(f->st.st_mtime);
    date_print(f->modified, f->st.st_mtime);
    etag_print(f->etag, &f->st);
    int status = precondition(q, f->etag, f->st.st_mtime);
    if (status == 304) {
        begin(r, q, status);
        describe(r, f);
        finish(r, q, "", 0);
    } else if (status) {
        say(r, q, status, "");
    } else if (!range_wanted(q, f->etag, f->st.st_mtime)) {
        whole(r, q, f);
    } else {
        int n = range_parse(range, q->range, f->st.st_size);
        if (n < 0) {
            whole(r, q, f);
        } else if (n == 0) {
            snprintf(fields, sizeof fields, "Content-Range: bytes */%lld\r\n",
                     (long long)f->st.st_size);
            say(r, q, 416, fields);
        } else if (n == 1) {
            one_range(r, q, f, range);
        } else {
            many_ranges(r, q, f, range, (unsigned)n);
        }
    }
}

/* 0 or a status; -1: no descriptor free. */
static int open_file(struct response *r, const char *real, struct stat *st)
{
    if (!S_ISREG(st->st_mode))
        return 403;
    r->fd = open(real, O_RDONLY | O_NOFOLLOW);
    if (r->fd < 0)
        return errno == EMFILE || errno == ENFILE ? -1
               : errno == EACCES                  ? 403
               : errno == ENOENT                  ? 404
                                                  : 500;
    return fstat(r->fd, st) ? 500 : 0;
}

static void moved(struct response *r, const struct request *q, const char *path)
{
    struct text fields = {0};
    text_puts(&fields, "Location: /");
    text_url(&fields, path);
    text_puts(&fields, "/\r\n");
    text_add(&fields, "", 1);
    say(r, q, fields.failed ? 503 : 301, fields.failed ? "" : fields.p);
    text_free(&fields);
}

static int list_folder(struct response *r, const struct request *q, const char *real,
                       const char *path)
{
    struct text page = {0};
    int status = listing_make(&page, real, path);
    if (!status) {
        begin(r, q, 200);
        content(r, "text/html; charset=utf-8", page.n);
        finish(r, q, page.p, page.n);
    }
    text_free(&page);
    return status;
}

/* 0 (answered) or a status; -1: no descriptor free. */
static int answer(struct response *r, const struct request *q)
{
    char path[TARGET_MAX], real[TARGET_MAX], index[TARGET_MAX];
    struct file f;
    bool folder;
    int status = path_decode(path, q->target, &folder);
    if (!status)
        status = path_resolve(real, path, &f.st);
    if (status)
        return status;
    if (!S_ISDIR(f.st.st_mode)) {
        if (folder)
            return 404;
    } else if (!folder) {
        moved(r, q, path);
        return 0;
    } else {
        size_t n = strlen(path);
        if (n + sizeof "/index.html" > sizeof index)
            return 414;
        memcpy(index, path, n);
        strcpy(index + n, "/index.html");
        status = path_resolve(real, index, &f.st);
        if (status == 404) {
            status = path_resolve(real, path, &f.st);
            return status ? status : list_folder(r, q, real, path);
        }
        if (status)
            return status;
    }
    f.type = mime_of(real);
    status = open_file(r, real, &f.st);
    if (!status)
        send_file(r, q, &f);
    return status;
}

bool response_make(struct response *r, const struct request *q, int status)
{
    r->fd = -1;
    if (!status && q->method == METHOD_UNKNOWN)
        status = 501;
    if (!status && q->method == METHOD_KNOWN) {
        say(r, q, 405, "Allow: GET, HEAD\r\n");
        return true;
    }
    if (!status)
        status = answer(r, q);
    if (status < 0)
        return false;
    if (status || r->text.failed) {
        response_end(r);
        say(r, q, status ? status : 503, "");
    }
    return true;
}

void response_end(struct response *r)
{
    if (r->fd >= 0)
        close(r->fd);
    r->fd = -1;
    r->spans = 0;
    if (r->text.room > 16384)
        text_free(&r->text);
    r->text.n = 0;
}
