// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wget.c - fetch a file over HTTP/1.1.
 *
 *   wget [-q] [-O FILE] URL      http://HOST[:PORT][/PATH]
 *
 *   -O   where it goes; - is standard output. Default: the last part of the path, or index.html
 *   -q   no words but errors
 *
 * Follows up to five redirections; understands Content-Length and chunked. Exit status as GNU wget's:
 * 0 fetched, 1 bad usage, 3 the file could not be written, 4 the network failed (or the answer was cut
 * short), 7 the server does not speak HTTP, 8 it answered with an error.
 */
#include "http.h"
#include "inet.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define REDIRECTIONS 5

struct sink {
    const char *name;
    int fd;
    unsigned long long bytes;
};

static bool quiet;

static int put(void *to, const void *p, size_t n)
{
    struct sink *sink = to;
    if (sink->fd < 0) {
        sink->fd = !strcmp(sink->name, "-")
                       ? STDOUT_FILENO
                       : open(sink->name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
        if (sink->fd < 0) {
            inet_complain(sink->name, errno);
            return -1;
        }
    }
    sink->bytes += n;
    for (const char *at = p; n;) {
        ssize_t done = write(sink->fd, at, n);
        if (done <= 0) {
            inet_complain(sink->name, done ? errno : ENOSPC);
            return -1;
        }
        at += done;
        n -= (size_t)done;
    }
    return 0;
}

/* The last part of the path, without a query. */
static void name_of(char name[256], const char *path)
{
    const char *end = path + strcspn(path, "?#");
    const char *s = end;
    while (s > path && s[-1] != '/')
        s--;
    snprintf(name, 256, "%.*s", (int)(end - s), s);
    if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
        strcpy(name, "index.html");
}

/* An exit status, or -1: go on at url, which was changed. */
static int fetch(struct http_url *url, struct sink *sink)
{
    struct http h;
    if (http_ask(&h, url))
        return h.status;
    if (!quiet)
        fprintf(stderr, "wget: http://%s:%d%s: %d %s\n", url->host, url->port, url->path,
                h.code, h.reason);
    int status = 0;
    if (h.code >= 300 && h.code < 400 && *h.location) {
        if (http_redirect(url, h.location))
            status = 7;
        else
            status = -1;
    } else if (h.code != 200) {
        fprintf(stderr, "wget: the server answered %d %s\n", h.code, h.reason);
        status = 8;
    } else {
        status = put(sink, "", 0) ? 3 : http_body(&h, put, sink);
    }
    http_end(&h);
    return status;
}

static int usage(void)
{
    fprintf(stderr, "usage: wget [-q] [-O FILE] http://HOST[:PORT][/PATH]\n");
    return 1;
}

int main(int argc, char **argv)
{
    struct sink sink = {.fd = -1};
    struct http_url url;
    char name[256];

    inet_program = "wget";
    for (int opt; (opt = getopt(argc, argv, "O:q")) != -1;) {
        switch (opt) {
        case 'O': sink.name = optarg; break;
        case 'q': quiet = true; break;
        default: return usage();
        }
    }
    if (argc - optind != 1)
        return usage();
    if (http_url(&url, argv[optind]))
        return 1;
    signal(SIGPIPE, SIG_IGN);
    if (!sink.name) {
        name_of(name, url.path);
        sink.name = name;
    }
    int status = -1;
    for (int i = 0; status < 0 && i <= REDIRECTIONS; i++)
        status = fetch(&url, &sink);
    if (status < 0) {
        fprintf(stderr, "wget: more than %d redirections\n", REDIRECTIONS);
        status = 8;
    }
    if (sink.fd >= 0 && sink.fd != STDOUT_FILENO && close(sink.fd)) {
        inet_complain(sink.name, errno);
        status = 3;
    }
    if (!status && !quiet)
        fprintf(stderr, "wget: %s: %llu bytes\n", sink.name, sink.bytes);
    return status;
}
