// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filter.c - fuzzes the exokernel's packet filters (exo/core/bpf.c, filter_*.c) on the host:
 *
 *   terms     what filter_paths says of a program, against running it
 *   table     who gets a packet when many filters are bound, against interpreting each, newest first
 *   overlap   filters declared disjoint: no packet satisfies both
 *   check     random bytes are refused or run to their end
 *
 * Programs: filter_corpus.txt (what tcpdump compiles) and random ones. Packets: realistic ones, random
 * bytes, and packets made to satisfy terms. Bytes behind a packet's end are random: they must not matter.
 *
 *   fuzz_filter [--seconds N] [--seed N]      a failure says the seed and stops
 */
#include "filter_gen.h"
#include "filter_table_priv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t seed;
static struct filter_work *work;
static uint64_t checked, matched, pairs, disjoint_pairs;

_Noreturn static void fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void fail(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fprintf(stderr, "\nseed %llu\n", (unsigned long long)seed);
    exit(1);
}

static void print_program(const struct exo_bpf *program, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        fprintf(stderr, "{ 0x%x, %u, %u, 0x%08x },\n", program[i].code, program[i].jt,
                program[i].jf, program[i].k);
}

/* -- terms -- */

/* 1: holds, 0: does not */
static bool term_holds(const struct filter_term *t, const struct packet *p)
{
    uint32_t base = t->relative ? filter_base(p->bytes, t->base) : 0;
    if (p->length < t->need || p->length < base + t->need_relative)
        return false;
    for (uint32_t i = 0; i < t->nwords; i++) {
        uint32_t at = t->word[i].at & FILTER_OFFSET, w;
        if (t->word[i].at & FILTER_RELATIVE)
            at += base;
        memcpy(&w, p->bytes + at, 4);
        if ((w & t->word[i].mask) != t->word[i].value)
            return false;
    }
    for (uint32_t i = 0; i < t->natoms; i++)
        if (!filter_atom_holds(&t->atom[i], p, base))
            return false;
    return true;
}

static void test_terms(const struct program *program, const struct filter_form *form,
                       const struct packet *p)
{
    uint32_t want = bpf_run(program->code, p), holding = 0, exact = 0;
    for (uint32_t i = 0; i < form->nterms; i++)
        if (term_holds(&form->term[i], p)) {
            holding++;
            if (form->term[i].exact) {
                exact++;
                if (form->term[i].accept != want) {
                    print_program(program->code, program->n);
                    fail("%s: a term accepts %u, the program %u", program->name,
                         form->term[i].accept, want);
                }
            }
        }
    if ((want != 0 && holding == 0) || exact > 1) {
        print_program(program->code, program->n);
        fail("%s: the program returns %u; %u terms hold, %u of them exact", program->name,
             want, holding, exact);
    }
    checked++;
    matched += want != 0;
}

static void form_of(const struct program *p, struct filter_form *form)
{
    filter_paths(p->code, form, work);
}

static void round_terms(void)
{
    struct program p;
    static struct filter_form form;
    struct frame f;
    choose_program(&p);
    form_of(&p, &form);
    for (uint32_t i = 0; i < 60; i++) {
        make_frame(&f);
        if (form.nterms != 0 && below(2))
            satisfy(&f, &form.term[below(form.nterms)]);
        test_terms(&p, &form, &f.p);
    }
}

/* -- overlap -- */

static bool everybody(uint32_t filter, const void *with)
{
    (void)filter, (void)with;
    return true;
}

static void *zeroed(size_t n)
{
    void *p = calloc(1, n);
    if (p == NULL)
        abort();
    return p;
}

static void fresh_table(void)
{
    free(filter_tables);
    filter_table_init(zeroed, (uint32_t)rnd());
}

static void round_overlap(void)
{
    struct program p[2];
    static struct filter_form form[2];
    struct frame f;
    for (uint32_t i = 0; i < 2; i++) {
        choose_program(&p[i]);
        form_of(&p[i], &form[i]);
    }
    fresh_table();
    if (filter_table_room(&form[0]) != 0)
        fail("no room in an empty table for %s", p[0].name);
    filter_table_add(0, 0, false, &form[0], p[0].code, p[0].n);
    bool overlap = filter_table_overlaps(&form[1], everybody, NULL), brute = false;
    for (uint32_t a = 0; a < form[0].nterms; a++)
        for (uint32_t b = 0; b < form[1].nterms; b++)
            brute |= !filter_term_disjoint(&form[0].term[a], &form[1].term[b]);
    if (overlap != brute)
        fail("%s and %s: the table says %s, comparing all terms says otherwise",
             p[0].name, p[1].name, overlap ? "overlap" : "disjoint");
    pairs++;
    disjoint_pairs += !overlap;
    for (uint32_t i = 0; i < 80 && !overlap; i++) {
        make_frame(&f);
        for (uint32_t k = 0; k < 2; k++)
            if (form[k].nterms != 0 && below(4))
                satisfy(&f, &form[k].term[below(form[k].nterms)]);
        if (bpf_run(p[0].code, &f.p) != 0 && bpf_run(p[1].code, &f.p) != 0) {
            print_program(p[0].code, p[0].n);
            print_program(p[1].code, p[1].n);
            fail("%s and %s were declared disjoint; a packet satisfies both", p[0].name,
                 p[1].name);
        }
    }
}

/* -- the table -- */

#define BOUND_MAX 120
static struct bound {
    struct program program;
    uint32_t ring, filter;
    bool shared;
} bound[BOUND_MAX]; /* oldest first */
static uint32_t nbound;

static void bind_one(void)
{
    struct program p;
    static struct filter_form form;
    uint32_t filter = below(EXO_NFILTER);
    if (nbound == BOUND_MAX || filter_table_bound(filter))
        return;
    choose_program(&p);
    form_of(&p, &form);
    if (filter_table_room(&form) != 0)
        return;
    struct bound *b = &bound[nbound++];
    *b = (struct bound){p, below(EXO_NRING), filter, below(3) == 0};
    filter_table_add(filter, b->ring, b->shared, &form, p.code, p.n);
}

static void unbind_one(void)
{
    if (nbound == 0)
        return;
    uint32_t i = below(nbound);
    filter_table_remove(bound[i].filter);
    for (nbound--; i < nbound; i++)
        bound[i] = bound[i + 1];
}

static void test_table(const struct packet *p)
{
    struct filter_match got[EXO_NRING], want[EXO_NRING];
    uint32_t n = filter_classify(p, got), wanted = 0, rings = 0, reach = 0;
    for (uint32_t i = nbound; i-- > 0;) {
        uint32_t accept = bpf_run(bound[i].program.code, p);
        if (accept == 0)
            continue;
        if (!bound[i].shared && wanted > 0)
            break;
        if ((rings >> bound[i].ring & 1) == 0)
            want[wanted++] = (struct filter_match){(uint16_t)bound[i].filter,
                                                   (uint16_t)bound[i].ring, accept};
        rings |= 1u << bound[i].ring;
        if (!bound[i].shared)
            break;
    }
    uint32_t same = 0;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < wanted; k++)
            same += got[i].filter == want[k].filter && got[i].ring == want[k].ring &&
                    got[i].accept == want[k].accept;
    if (n != wanted || same != n) {
        for (uint32_t i = 0; i < n; i++)
            fprintf(stderr, "got filter %u ring %u accept %u\n", got[i].filter,
                    got[i].ring, got[i].accept);
        for (uint32_t i = 0; i < wanted; i++)
            fprintf(stderr, "want filter %u ring %u accept %u\n", want[i].filter,
                    want[i].ring, want[i].accept);
        fail("%u filters bound: %u get a packet, not %u", nbound, n, wanted);
    }
    /* Only the first `reach` bytes were needed. */
    static struct frame cut;
    memset(cut.bytes, 0xa5, sizeof cut.bytes);
    reach = filter_table_reach() < p->length ? filter_table_reach() : p->length;
    memcpy(cut.bytes, p->bytes, (reach + 3) / 4 * 4);
    cut.p = (struct packet){cut.bytes, p->length};
    if (filter_classify(&cut.p, want) != n || memcmp(got, want, n * sizeof got[0]) != 0)
        fail("the first %u of %u bytes should have been enough", reach, p->length);
    checked++;
    matched += n != 0;
}

static void round_table(void)
{
    const char *what;
    static struct filter_form form;
    struct frame f;
    fresh_table();
    nbound = 0;
    for (uint32_t i = 0; i < 300; i++) {
        if (below(3))
            bind_one();
        else if (below(2))
            unbind_one();
        if (!inv_filter_table(&what))
            fail("%s", what);
        make_frame(&f);
        if (nbound != 0 && below(2)) {
            form_of(&bound[below(nbound)].program, &form);
            if (form.nterms != 0)
                satisfy(&f, &form.term[below(form.nterms)]);
        }
        test_table(&f.p);
    }
    while (nbound > 0)
        unbind_one();
    if (filter_tables->nactive != 0 || filter_tables->alone != 0 ||
        filter_tables->reach != 0 || filter_tables->nfree_entries != EXO_NTERM)
        fail("an empty table is not empty");
}

/* -- check -- */

static void round_check(void)
{
    struct program p = {.name = "bytes"};
    static struct filter_form form;
    struct frame f;
    p.n = below(20);
    if (below(2)) {
        for (uint32_t i = 0; i < p.n; i++)
            p.code[i] = (struct exo_bpf){(uint16_t)below(below(8) ? 256 : 65536),
                                         (uint8_t)below(4), (uint8_t)below(4),
                                         below(2) ? below(20) : (uint32_t)rnd()};
        if (p.n != 0)
            p.code[p.n - 1].code = BPF_RET;
    } else {
        choose_program(&p);
        for (uint32_t i = 1 + below(3); i > 0; i--)
            ((uint8_t *)p.code)[below(p.n * 8)] = (uint8_t)rnd();
    }
    if (bpf_check(p.code, p.n) != 0)
        return;
    form_of(&p, &form);
    for (uint32_t i = 0; i < 20; i++) {
        make_frame(&f);
        test_terms(&p, &form, &f.p);
    }
}

static void say_forms(void)
{
    static struct filter_form form;
    for (uint32_t i = 0; corpus[i].name != NULL; i++) {
        uint32_t exact = 0, words = 0;
        if (bpf_check(corpus[i].program, corpus[i].n) != 0)
            fail("%s: what tcpdump prints must bind", corpus[i].name);
        filter_paths(corpus[i].program, &form, work);
        for (uint32_t k = 0; k < form.nterms; k++) {
            exact += form.term[k].exact;
            words += form.term[k].nwords != 0;
        }
        printf("# %-60s %3u instructions, %2u terms, %2u exact, %2u hashed%s\n",
               corpus[i].name, corpus[i].n, form.nterms, exact, words,
               form.understood ? "" : ", not understood");
    }
}

int main(int argc, char **argv)
{
    long seconds = 5;
    bool forms = false;
    seed = 1;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc)
            seconds = atol(argv[++i]);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 0);
        else if (strcmp(argv[i], "--forms") == 0)
            forms = true;
        else {
            fprintf(stderr, "usage: fuzz_filter [--seconds N] [--seed N] [--forms]\n");
            return 2;
        }
    }
    work = zeroed(filter_work_bytes);
    if (forms)
        say_forms();
    time_t end = time(NULL) + seconds;
    for (uint64_t first = seed; time(NULL) < end || seed == first; seed++) {
        rnd_seed(seed);
        for (uint32_t i = 0; i < 100; i++)
            round_terms();
        for (uint32_t i = 0; i < 100; i++)
            round_overlap();
        for (uint32_t i = 0; i < 200; i++)
            round_check();
        round_table();
    }
    printf("ok %llu packets, %llu accepted; %llu pairs of filters, %llu disjoint\n",
           (unsigned long long)checked, (unsigned long long)matched,
           (unsigned long long)pairs, (unsigned long long)disjoint_pairs);
    free(filter_tables);
    free(work);
    return 0;
}
