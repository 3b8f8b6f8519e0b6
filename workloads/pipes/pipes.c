// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pipes.c - a word to another process and back, three ways:
 *
 *   pipe   through two POSIX pipes
 *   shm    through a shared page, the processor given away with a directed yield
 *   lrpc   in registers, by protected control transfer
 *
 *   pipes [pipe|shm|lrpc] [COUNT]     default: all three, 200 round trips each
 *
 * Each word comes back as its double plus one, and is checked. Prints the cost of a round trip;
 * exit status 1 if something failed or a word came back wrong.
 */
#include "measure.h"
#include <errno.h>
#include <exo/user.h>
#include <exos/lrpc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT 200
#define LAST UINT32_MAX /* tells the server to end */

static uint32_t answer(uint32_t word)
{
    return 2 * word + 1;
}

static int trouble(const char *what)
{
    fprintf(stderr, "pipes: %s: %s\n", what, strerror(errno));
    return -1;
}

static int wrong(const char *kind, uint32_t i, uint32_t got)
{
    fprintf(stderr, "pipes: %s: %lu came back as %lu\n", kind, (unsigned long)i,
            (unsigned long)got);
    return -1;
}

/* The server process ended, and how it should. 0 or -1. */
static int reap(pid_t server)
{
    int status;

    if (waitpid(server, &status, 0) != server)
        return trouble("wait");
    if (!WIFEXITED(status) || WEXITSTATUS(status)) {
        fprintf(stderr, "pipes: the other process ended with status %#x\n",
                (unsigned)status);
        return -1;
    }
    return 0;
}

/* -- pipe -- */

static _Noreturn void pipe_server(int in, int out)
{
    uint32_t word;

    while (read(in, &word, sizeof word) == sizeof word) {
        word = answer(word);
        if (write(out, &word, sizeof word) != sizeof word)
            _exit(2);
    }
    _exit(0); /* end of the pipe */
}

static int run_pipe(unsigned n, struct measure *m)
{
    int there[2], back[2];

    if (pipe(there) || pipe(back))
        return trouble("pipe");
    pid_t server = fork();
    if (server < 0)
        return trouble("fork");
    if (!server) {
        close(there[1]);
        close(back[0]);
        pipe_server(there[0], back[1]);
    }
    close(there[0]);
    close(back[1]);
    int result = 0;
    for (uint32_t i = 0; i <= n && !result; i++) { /* the first one warms up */
        uint32_t word = i;
        if (i == 1)
            *m = measure_start();
        if (write(there[1], &word, sizeof word) != sizeof word ||
            read(back[0], &word, sizeof word) != sizeof word)
            result = trouble("round trip");
        else if (word != answer(i))
            result = wrong("pipe", i, word);
    }
    measure_stop(m);
    close(there[1]);
    close(back[0]);
    return reap(server) || result ? -1 : 0;
}

/* -- shm -- */

struct page {
    uint32_t turn; /* 0: client's, 1: server's */
    uint32_t word;
    uint32_t server, ready; /* server's environment */
};

static void pass(struct page *p, uint32_t turn, uint32_t to)
{
    __atomic_store_n(&p->turn, turn, __ATOMIC_RELEASE);
    while (__atomic_load_n(&p->turn, __ATOMIC_ACQUIRE) == turn)
        if (exo_yield(to) < 0)
            exo_yield((exo_word)-1);
}

static _Noreturn void shm_server(struct page *p, uint32_t client)
{
    p->server = exos_env();
    __atomic_store_n(&p->ready, 1, __ATOMIC_RELEASE);
    while (!__atomic_load_n(&p->turn, __ATOMIC_ACQUIRE))
        exo_yield(client);
    while (p->word != LAST) {
        p->word = answer(p->word);
        pass(p, 0, client);
    }
    _exit(0);
}

static int run_shm(unsigned n, struct measure *m)
{
    struct page *p =
        mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint32_t client = exos_env();

    if (p == MAP_FAILED)
        return trouble("shared page");
    pid_t server = fork();
    if (server < 0)
        return trouble("fork");
    if (!server)
        shm_server(p, client);
    while (!__atomic_load_n(&p->ready, __ATOMIC_ACQUIRE))
        exo_yield((exo_word)-1);
    int result = 0;
    for (uint32_t i = 0; i <= n && !result; i++) {
        if (i == 1)
            *m = measure_start();
        p->word = i;
        pass(p, 1, p->server);
        if (p->word != answer(i))
            result = wrong("shm", i, p->word);
    }
    measure_stop(m);
    p->word = LAST;
    __atomic_store_n(&p->turn, 1, __ATOMIC_RELEASE);
    result = reap(server) || result ? -1 : 0;
    munmap(p, sizeof *p);
    return result;
}

/* -- lrpc -- */

static _Noreturn void lrpc_server(uint32_t client)
{
    struct exos_lrpc m;

    for (exo_sword from = exos_lrpc_wait(client, &m); from >= 0;) {
        if ((uint32_t)m.word[0] == LAST)
            _exit(0); /* the caller sees that the server died */
        m.word[0] = answer((uint32_t)m.word[0]);
        from = exos_lrpc_reply((uint32_t)from, &m);
    }
    _exit(2);
}

static int run_lrpc(unsigned n, struct measure *m)
{
    uint32_t *server = mmap(NULL, sizeof *server, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint32_t client = exos_env();

    if (server == MAP_FAILED)
        return trouble("shared page");
    pid_t pid = fork();
    if (pid < 0)
        return trouble("fork");
    if (!pid) {
        __atomic_store_n(server, exos_env(), __ATOMIC_RELEASE);
        lrpc_server(client);
    }
    while (!__atomic_load_n(server, __ATOMIC_ACQUIRE))
        exo_yield((exo_word)-1);
    int result = 0;
    struct exos_lrpc msg = {{0}};
    for (uint32_t i = 0; i <= n && !result; i++) {
        if (i == 1)
            *m = measure_start();
        msg.word[0] = i;
        int error = exos_lrpc_call(*server, &msg);
        if (error) {
            fprintf(stderr, "pipes: lrpc: exokernel error %d\n", -error);
            result = -1;
        } else if ((uint32_t)msg.word[0] != answer(i)) {
            result = wrong("lrpc", i, (uint32_t)msg.word[0]);
        }
    }
    measure_stop(m);
    msg.word[0] = LAST;
    exos_lrpc_call(*server, &msg);
    return reap(pid) || result ? -1 : 0;
}

/* -- all -- */

static const struct kind {
    const char *name;
    int (*run)(unsigned n, struct measure *m);
} kinds[] = {{"pipe", run_pipe}, {"shm", run_shm}, {"lrpc", run_lrpc}};

static int usage(void)
{
    fprintf(stderr, "usage: pipes [pipe|shm|lrpc] [COUNT]\n");
    return 2;
}

int main(int argc, char **argv)
{
    const char *only = NULL;
    unsigned long n = COUNT;
    int status = 0;

    for (int i = 1; i < argc; i++) {
        char *end;
        unsigned long v = strtoul(argv[i], &end, 10);
        if (!*end && v && v < 100000000)
            n = v;
        else if (!only)
            only = argv[i];
        else
            return usage();
    }
    unsigned known = 0;
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++)
        known += !only || !strcmp(only, kinds[i].name);
    if (!known)
        return usage();
    measure_heading();
    fflush(stdout); /* not once more by a child */
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct measure m = {0};
        if (only && strcmp(only, kinds[i].name))
            continue;
        if (kinds[i].run((unsigned)n, &m))
            status = 1;
        else
            measure_print(kinds[i].name, &m, (unsigned)n);
        fflush(stdout);
    }
    return status;
}
