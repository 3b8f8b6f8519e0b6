// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench_httpd.c - the web server under load from the host: `exosim run ... httpd` in one child, wrk or
 * ab in another.
 *
 * Two kinds of measures. Under load: 100 connections for SECONDS, requests a second of host time and
 * how many failed. Of one request: the difference of two runs that answer few and many requests
 * one after the other, so that boot and set-up drop out.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define SECONDS 10
#define CONNECTIONS 100
#define SMALL 4096
#define LARGE (1 << 20)
#define READY_MS 60000

/* -- files and ports -- */

static int make_file(const char *folder, const char *name, size_t bytes)
{
    char *path = mem_fmt("%s/%s", folder, name);
    FILE *f = fopen(path, "we");
    free(path);
    if (!f)
        return -1;
    for (size_t i = 0; i < bytes; i++)
        putc((int)('a' + i % 23), f);
    return fclose(f);
}

/* A folder with two files; free() it, after remove_site. */
static char *make_site(struct err *err)
{
    char *folder = mem_str("/tmp/exosim-bench-XXXXXX");
    if (!mkdtemp(folder) || chmod(folder, 0755) || make_file(folder, "small", SMALL) ||
        make_file(folder, "large", LARGE)) {
        err_set(err, ERR_USER, "%s: %s", folder, strerror(errno));
        free(folder);
        return NULL;
    }
    return folder;
}

static void remove_site(char *folder)
{
    static const char *const names[] = {"/small", "/large", ".json", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = mem_fmt("%s%s", folder, names[i]);
        remove(path);
        free(path);
    }
    free(folder);
}

/* A TCP port of the host that is free now; 0: none. */
static unsigned free_port(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool good = fd >= 0 && bind(fd, (struct sockaddr *)&a, n) == 0 &&
                getsockname(fd, (struct sockaddr *)&a, &n) == 0;
    if (fd >= 0)
        close(fd);
    return good ? ntohs(a.sin_port) : 0;
}

/* -- the server -- */

struct server {
    pid_t pid;
    int out;
    unsigned port;
};

/* Reads what the guest prints until it says that it serves. */
static int await_ready(struct server *s, struct err *err)
{
    char said[400] = "";
    for (size_t n = 0; n < sizeof said - 1;) {
        struct pollfd p = {.fd = s->out, .events = POLLIN};
        ssize_t got =
            poll(&p, 1, READY_MS) == 1 ? read(s->out, said + n, sizeof said - 1 - n) : -1;
        if (got <= 0)
            break;
        n += (size_t)got;
        said[n] = 0;
        if (strstr(said, "httpd: serving"))
            return 0;
    }
    return err_set(err, ERR_DEAD, "httpd did not start: %s",
                   *said ? said : "it said nothing");
}

static void stop_server(struct server *s, bool kill_it)
{
    if (kill_it)
        kill(s->pid, SIGKILL);
    int how;
    while (waitpid(s->pid, &how, 0) < 0 && errno == EINTR)
        ;
    close(s->out);
}

/* requests 0: until it is killed. */
static int start_server(struct server *s, const char *board, const char *folder,
                        unsigned requests, struct err *err)
{
    int fd[2];
    s->port = free_port();
    if (!s->port || pipe2(fd, O_CLOEXEC) < 0)
        return err_set(err, ERR_USER, "no free port or pipe: %s", strerror(errno));
    char *net = mem_fmt("user,hostfwd=%u:80", s->port);
    char *stats = mem_fmt("--stats=%s.json", folder);
    char *count = mem_fmt("%u", requests);
    char *argv[] = {"exosim",
                    "run",
                    "-b",
                    (char *)(uintptr_t)board,
                    "--root",
                    (char *)(uintptr_t)folder,
                    "--net",
                    net,
                    stats,
                    "httpd",
                    requests ? "-n" : NULL,
                    count,
                    NULL};
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, fd[1], STDOUT_FILENO);
    int rc = posix_spawn(&s->pid, "/proc/self/exe", &files, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&files);
    free(net);
    free(stats);
    free(count);
    close(fd[1]);
    s->out = fd[0];
    if (rc) {
        close(fd[0]);
        return err_set(err, ERR_USER, "exosim cannot be started again: %s", strerror(rc));
    }
    rc = await_ready(s, err);
    if (rc)
        stop_server(s, true);
    return rc;
}

/* -- load -- */

/* What a command prints; free() it. NULL: it cannot be run or failed. */
static char *output_of(const char *command)
{
    FILE *f = popen(command, "re");
    if (!f)
        return NULL;
    size_t n = 0, got;
    char *text = mem_zero(16384, 1);
    while (n < 16383 && (got = fread(text + n, 1, 16383 - n, f)) > 0)
        n += got;
    if (pclose(f) != 0) {
        free(text);
        text = NULL;
    }
    return text;
}

static double number_after(const char *text, const char *words)
{
    const char *at = strstr(text, words);
    return at ? strtod(at + strlen(words) + strspn(at + strlen(words), ": "), NULL) : 0;
}

static bool installed(const char *tool)
{
    char *command = mem_fmt("command -v %s >/dev/null 2>&1", tool);
    bool found = system(command) == 0;
    free(command);
    return found;
}

struct load {
    double rate, failed; /* requests a second, requests */
};

/* wrk reports errors of four kinds in one line, and answers that are no success in another. */
static double wrk_errors(const char *text)
{
    unsigned connect, receive, send, timeout;
    const char *at = strstr(text, "Socket errors:");
    double sum = number_after(text, "Non-2xx or 3xx responses");
    if (at && sscanf(at, "Socket errors: connect %u, read %u, write %u, timeout %u",
                     &connect, &receive, &send, &timeout) == 4)
        sum += connect + receive + send + timeout;
    return sum;
}

static int load_by(const char *tool, unsigned port, struct load *l, struct err *err)
{
    bool wrk = strcmp(tool, "wrk") == 0;
    char *command =
        wrk ? mem_fmt("wrk -t1 -c%u -d%us http://127.0.0.1:%u/small 2>&1", CONNECTIONS,
                      SECONDS, port)
            : mem_fmt("ab -q -k -c %u -t %u -n 100000000 http://127.0.0.1:%u/small 2>&1",
                      CONNECTIONS, SECONDS, port);
    char *text = output_of(command);
    int rc = 0;
    if (!text) {
        rc = err_set(err, ERR_DEAD, "%s failed: %s", tool, command);
    } else if (wrk) {
        *l = (struct load){number_after(text, "Requests/sec:"), wrk_errors(text)};
    } else {
        *l = (struct load){number_after(text, "Requests per second:"),
                           number_after(text, "Failed requests:") +
                               number_after(text, "Non-2xx responses:")};
    }
    free(text);
    free(command);
    return rc;
}

static int under_load(struct bench *b, const char *board, const char *folder,
                      const char *tool, struct err *err)
{
    struct server s;
    struct load l = {0};
    int rc = start_server(&s, board, folder, 0, err);
    if (rc)
        return rc;
    rc = load_by(tool, s.port, &l, err);
    stop_server(&s, true);
    if (rc)
        return rc;
    bench_put(b, "httpd", board, "requests_per_second", l.rate, "1/s", NAN);
    bench_put(b, "httpd", board, "requests_failed", l.failed, "requests", NAN);
    return 0;
}

/* -- one request -- */

/* n requests for the file, one after the other on one connection. */
static int answer(const char *board, const char *folder, const char *file, unsigned n,
                  struct bench_counts *value, struct err *err)
{
    struct server s;
    int rc = start_server(&s, board, folder, n, err);
    if (rc)
        return rc;
    char *command = mem_fmt("curl -sSf -o /dev/null 'http://127.0.0.1:%u/%s?[1-%u]' 2>&1",
                            s.port, file, n);
    char *text = output_of(command);
    stop_server(&s, !text);
    char *path = mem_fmt("%s.json", folder);
    rc = text ? bench_counts_read(path, value, err)
              : err_set(err, ERR_DEAD, "curl failed: %s", command);
    free(path);
    free(text);
    free(command);
    return rc;
}

/* Metrics "<file>.<measure>" for one request, divided by `by`. */
static int per_request(struct bench *b, const char *board, const char *folder,
                       const char *file, unsigned few, unsigned many, struct err *err)
{
    struct bench_counts x, y;
    int rc = answer(board, folder, file, few, &x, err);
    if (rc == 0)
        rc = answer(board, folder, file, many, &y, err);
    if (rc)
        return rc;
    double n = many - few;
    bench_put_counts(b, "httpd", board, file, &x, &y, n);
    double bytes = strcmp(file, "small") ? LARGE : SMALL;
    char *metric = mem_fmt("%s.per_byte", file);
    bench_put(b, "httpd", board, metric,
              (y.user + y.library + y.kernel - x.user - x.library - x.kernel) / n / bytes,
              "instructions", NAN);
    free(metric);
    return 0;
}

void bench_httpd(struct bench *b, const char *board)
{
    struct err err;
    const char *tool = installed("wrk") ? "wrk" : installed("ab") ? "ab" : NULL;
    char *folder = make_site(&err);
    if (!folder) {
        bench_failed(b, "httpd", board, ERR_USER, &err);
        return;
    }
    int rc = 0;
    if (tool)
        rc = under_load(b, board, folder, tool, &err);
    else
        say("bench httpd on %s: no load: neither wrk nor ab is installed", board);
    if (rc == 0 && installed("curl")) {
        rc = per_request(b, board, folder, "small", 20, 220, &err);
        if (rc == 0)
            rc = per_request(b, board, folder, "large", 2, 6, &err);
    } else if (rc == 0) {
        say("bench httpd on %s: no single requests: curl is not installed", board);
    }
    if (rc)
        bench_failed(b, "httpd", board, rc, &err);
    remove_site(folder);
}
