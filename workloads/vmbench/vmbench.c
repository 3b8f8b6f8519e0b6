// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmbench.c - the virtual memory operations of A. Appel and K. Li, "Virtual memory primitives for
 * user programs" (ASPLOS 1991), with the names and meanings of the exokernel papers (SOSP 1995,
 * table 10). Protecting a page makes it read-only; unprotecting, writable again. Pages are in memory.
 *
 *   dirty      ask whether a page was written to
 *   prot1      protect one page
 *   prot100    protect 100 pages at once                       (cost of all 100)
 *   unprot100  unprotect 100 pages at once                     (cost of all 100)
 *   trap       a write to a protected page reaches a handler of the program's, and back
 *   appel1     write to a protected page; the handler unprotects it and protects another
 *              ("prot1 + trap + unprot")
 *   appel2     protect 100 pages, write to each in random order, the handler unprotects each
 *              ("protN + trap + unprot")                      (cost of one page)
 *
 *   vmbench [COUNT]        default 20 repetitions, of which the cheapest is taken (in others
 *                          a slice may have ended)
 *
 * There is no call for `dirty` in POSIX, and none is invented here: the program keeps the bit as
 * ExOS programs had to on hardware without one. Pages start protected, the first write marks
 * the page in a table of the program's and unprotects it; asking is a look into that table. What
 * the first write costs is `trap` plus an unprotect, appel1 without its prot1.
 *
 * Prints how many operations a repetition has and the cost of one. Every step is checked; exit
 * status 1 if one went wrong.
 */
#include "measure.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGES 100
#define COUNT 20
#define TRAPS 50

static unsigned char *area;
static size_t page_size;
static unsigned char dirty[PAGES];
static volatile unsigned traps; /* handled so far */
static unsigned traps_wanted;   /* trap: writes that stay refused */
static unsigned to_protect;     /* appel1: what the handler protects, PAGES for nothing */
static uint32_t seed = 1;

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "vmbench: %s: %s\n", what, strerror(errno));
    exit(1);
}

static unsigned char *page(unsigned i)
{
    return area + i * page_size;
}

static void protect(unsigned i, unsigned n)
{
    if (mprotect(page(i), n * page_size, PROT_READ))
        fail("mprotect");
}

static void unprotect(unsigned i, unsigned n)
{
    if (mprotect(page(i), n * page_size, PROT_READ | PROT_WRITE))
        fail("mprotect");
}

static unsigned page_of(const void *p)
{
    return (unsigned)((size_t)((const unsigned char *)p - area) / page_size);
}

static void handler(int sig, siginfo_t *info, void *context)
{
    unsigned i = page_of(info->si_addr);

    (void)sig;
    (void)context;
    traps++;
    if (i >= PAGES)
        _exit(3); /* a fault of our own */
    if (traps_wanted && --traps_wanted)
        return; /* refused still: the write is tried again */
    if (to_protect < PAGES)
        protect(to_protect, 1);
    dirty[i] = 1;
    unprotect(i, 1);
}

static unsigned random_below(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % n;
}

static void touch(unsigned i)
{
    *(volatile unsigned char *)page(i) = (unsigned char)i;
}

static void touch_all(void)
{
    for (unsigned i = 0; i < PAGES; i++)
        touch(i);
}

static void check_traps(const char *name, unsigned want)
{
    if (traps != want) {
        fprintf(stderr, "vmbench: %s: %u traps, expected %u\n", name, traps, want);
        exit(1);
    }
}

/* -- the operations: one repetition each, all pages writable and written to before -- */

static void run_dirty(struct measure *m)
{
    volatile unsigned found = 0;

    memset(dirty, 0, sizeof dirty);
    protect(0, PAGES);
    for (unsigned i = 0; i < PAGES; i += 2)
        touch(i);
    *m = measure_start();
    for (unsigned i = 0; i < PAGES; i++)
        found += dirty[page_of(area + i * page_size)];
    measure_stop(m);
    if (found != PAGES / 2) {
        fprintf(stderr, "vmbench: dirty: %u pages, expected %u\n", found, PAGES / 2);
        exit(1);
    }
    check_traps("dirty", PAGES / 2);
}

static void run_prot1(struct measure *m)
{
    *m = measure_start();
    for (unsigned i = 0; i < PAGES; i++)
        protect(i, 1);
    measure_stop(m);
    touch(7);
    check_traps("prot1", 1);
}

static void run_prot100(struct measure *m)
{
    *m = measure_start();
    protect(0, PAGES);
    measure_stop(m);
    touch(7);
    check_traps("prot100", 1);
}

static void run_unprot100(struct measure *m)
{
    protect(0, PAGES);
    *m = measure_start();
    unprotect(0, PAGES);
    measure_stop(m);
    touch_all();
    check_traps("unprot100", 0);
}

/* One write, refused TRAPS times: after each trap it is tried again. The last one lets it through;
 * that unprotect is in the figure, so many times diluted. */
static void run_trap(struct measure *m)
{
    protect(0, 1);
    traps_wanted = TRAPS;
    *m = measure_start();
    touch(0);
    measure_stop(m);
    check_traps("trap", TRAPS);
}

static void run_appel1(struct measure *m)
{
    unsigned char guarded[PAGES / 2], open[PAGES / 2]; /* half of them stay protected */

    protect(0, PAGES / 2);
    for (unsigned i = 0; i < PAGES / 2; i++) {
        guarded[i] = (unsigned char)i;
        open[i] = (unsigned char)(i + PAGES / 2);
    }
    *m = measure_start();
    for (unsigned k = 0; k < PAGES; k++) {
        unsigned x = random_below(PAGES / 2), y = random_below(PAGES / 2);
        unsigned char i = guarded[x];
        to_protect = open[y];
        touch(i);
        guarded[x] = open[y];
        open[y] = i;
    }
    measure_stop(m);
    check_traps("appel1", PAGES);
}

static void run_appel2(struct measure *m)
{
    unsigned char order[PAGES];

    for (unsigned i = 0; i < PAGES; i++)
        order[i] = (unsigned char)i;
    for (unsigned i = PAGES - 1; i; i--) {
        unsigned j = random_below(i + 1);
        unsigned char t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
    *m = measure_start();
    protect(0, PAGES);
    for (unsigned i = 0; i < PAGES; i++)
        touch(order[i]);
    measure_stop(m);
    check_traps("appel2", PAGES);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(struct measure *m);
        unsigned each; /* operations a repetition */
    } tests[] = {{"dirty", run_dirty, PAGES},  {"prot1", run_prot1, PAGES},
                 {"prot100", run_prot100, 1},  {"unprot100", run_unprot100, 1},
                 {"trap", run_trap, TRAPS},    {"appel1", run_appel1, PAGES},
                 {"appel2", run_appel2, PAGES}};
    char *end = "";
    unsigned long n = argc > 1 ? strtoul(argv[1], &end, 10) : COUNT;

    if (argc > 2 || *end || !n || n > 100000) {
        fprintf(stderr, "usage: vmbench [COUNT]\n");
        return 2;
    }
    page_size = (size_t)getpagesize();
    area = mmap(NULL, PAGES * page_size, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED)
        fail("mmap");
    struct sigaction act = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
    if (sigaction(SIGSEGV, &act, NULL))
        fail("sigaction");
    measure_heading();
    for (unsigned i = 0; i < sizeof tests / sizeof *tests; i++) {
        struct measure least = {0};
        for (unsigned long k = 0; k < n; k++) {
            struct measure m;
            unprotect(0, PAGES);
            touch_all();
            traps = 0;
            to_protect = PAGES;
            tests[i].run(&m);
            measure_keep_least(&least, &m);
        }
        measure_print(tests[i].name, &least, tests[i].each);
    }
    return 0;
}
