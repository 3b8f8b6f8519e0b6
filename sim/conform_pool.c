// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * conform_pool.c - conformance runs in worker processes. See conform.h.
 *
 * Workers take the next case from a counter in shared memory and answer through a pipe: first which
 * case they begin, then what came of it. One that dies in between makes that case a failure and gets
 * a successor; so does one that has done its share (Unicorn keeps some memory of every machine).
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conform.h"

#define SHARE 150u /* runs of one worker */
#define NOTHING SIZE_MAX

struct message {
    size_t number; /* of the case */
    bool done;     /* outcome is there, then its texts */
    struct conform_outcome outcome;
    size_t why, text; /* bytes that follow, with the NUL; 0: none */
};

struct worker {
    pid_t pid;
    int from;   /* -1: gone */
    size_t now; /* the case it is at */
};

struct pool {
    const struct conform *c;
    struct conform_case *list;
    size_t n, told;
    bool *done;
    size_t *next; /* shared with the workers */
    struct worker *worker;
    unsigned jobs;
    void (*tell)(void *arg, const struct conform_case *one);
    void *arg;
};

/* ---- a worker ---- */

static void put(int fd, const void *from, size_t n)
{
    for (const char *p = from; n;) {
        ssize_t did = write(fd, p, n);
        if (did < 0 && errno == EINTR)
            continue;
        if (did <= 0)
            _exit(1); /* nobody listens any more */
        p += did;
        n -= (size_t)did;
    }
}

static _Noreturn void work(const struct pool *p, int to)
{
    for (unsigned share = 0; share < SHARE; share++) {
        size_t i = __atomic_fetch_add(p->next, 1, __ATOMIC_RELAXED);
        if (i >= p->n)
            break;
        struct message m = {.number = i};
        put(to, &m, sizeof m);
        conform_run(p->c, p->list[i].board, p->list[i].api, NULL, &m.outcome);
        m.done = true;
        m.why = m.outcome.why ? strlen(m.outcome.why) + 1 : 0;
        m.text = m.outcome.text ? strlen(m.outcome.text) + 1 : 0;
        put(to, &m, sizeof m);
        put(to, m.outcome.why, m.why);
        put(to, m.outcome.text, m.text);
        conform_outcome_free(&m.outcome);
    }
    _exit(0);
}

static int start(struct pool *p, struct worker *w, struct err *err)
{
    int ends[2];
    *w = (struct worker){0, -1, NOTHING};
    if (pipe(ends))
        return err_set(err, ERR_USER, "a pipe for a worker process: %s", strerror(errno));
    fflush(NULL);
    w->pid = fork();
    if (w->pid == 0) {
        close(ends[0]);
        work(p, ends[1]);
    }
    close(ends[1]);
    if (w->pid < 0) {
        close(ends[0]);
        return err_set(err, ERR_USER, "a worker process: %s", strerror(errno));
    }
    w->from = ends[0];
    return 0;
}

/* ---- those who wait for them ---- */

/* False: the other side is gone. */
static bool get(int fd, void *to, size_t n)
{
    for (char *p = to; n;) {
        ssize_t did = read(fd, p, n);
        if (did < 0 && errno == EINTR)
            continue;
        if (did <= 0)
            return false;
        p += did;
        n -= (size_t)did;
    }
    return true;
}

static char *get_text(int fd, size_t n)
{
    char *text = n ? mem_zero(n, 1) : NULL;
    if (text && !get(fd, text, n))
        text[0] = 0;
    return text;
}

static void finished(struct pool *p, size_t i, const struct conform_outcome *o)
{
    p->list[i].outcome = *o;
    p->done[i] = true;
    while (p->told < p->n && p->done[p->told])
        p->tell(p->arg, &p->list[p->told++]);
}

/* A worker ended: by itself, or in the middle of a case. */
static int bury(struct pool *p, struct worker *w, struct err *err)
{
    int status = 0;
    close(w->from);
    w->from = -1;
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (w->now != NOTHING) {
        struct conform_outcome o = {.result = CONFORM_FAIL, .status = 125};
        o.why = WIFSIGNALED(status)
                    ? mem_fmt("exosim itself died: %s", strsignal(WTERMSIG(status)))
                    : mem_fmt("exosim itself ended with %d", WEXITSTATUS(status));
        o.text = mem_str("");
        finished(p, w->now, &o);
    }
    bool more = __atomic_load_n(p->next, __ATOMIC_RELAXED) < p->n;
    return more ? start(p, w, err) : 0;
}

static int listen_to(struct pool *p, struct worker *w, struct err *err)
{
    struct message m;
    if (!get(w->from, &m, sizeof m))
        return bury(p, w, err);
    if (!m.done) {
        w->now = m.number;
        return 0;
    }
    m.outcome.why = get_text(w->from, m.why);
    m.outcome.text = get_text(w->from, m.text);
    w->now = NOTHING;
    finished(p, m.number, &m.outcome);
    return 0;
}

static int serve(struct pool *p, struct err *err)
{
    struct pollfd *fds = mem_zero(p->jobs, sizeof *fds);
    int rc = 0;
    for (unsigned k = 0; rc == 0 && k < p->jobs; k++)
        rc = start(p, &p->worker[k], err);
    for (bool any = true; rc == 0 && any;) {
        any = false;
        for (unsigned k = 0; k < p->jobs; k++) {
            fds[k] = (struct pollfd){.fd = p->worker[k].from, .events = POLLIN};
            any |= p->worker[k].from >= 0;
        }
        if (!any || poll(fds, p->jobs, -1) < 0)
            continue;
        for (unsigned k = 0; rc == 0 && k < p->jobs; k++)
            if (fds[k].fd >= 0 && fds[k].revents)
                rc = listen_to(p, &p->worker[k], err);
    }
    for (unsigned k = 0; k < p->jobs; k++)
        if (p->worker[k].from >= 0) {
            kill(p->worker[k].pid, SIGKILL);
            close(p->worker[k].from);
            waitpid(p->worker[k].pid, NULL, 0);
        }
    free(fds);
    return rc;
}

int conform_run_all(const struct conform *c, struct conform_case *list, size_t n,
                    unsigned jobs,
                    void (*done)(void *arg, const struct conform_case *one), void *arg,
                    struct err *err)
{
    struct pool p = {c, list, n, 0, NULL, NULL, NULL, jobs ? jobs : 1, done, arg};
    p.next = mmap(NULL, sizeof *p.next, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p.next == MAP_FAILED)
        return err_set(err, ERR_USER, "memory shared with workers: %s", strerror(errno));
    p.done = mem_zero(n + 1, sizeof *p.done);
    p.worker = mem_zero(p.jobs, sizeof *p.worker);
    for (unsigned k = 0; k < p.jobs; k++)
        p.worker[k].from = -1;
    int rc = serve(&p, err);
    free(p.worker);
    free(p.done);
    munmap(p.next, sizeof *p.next);
    return rc;
}
