// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * files.c - fuzzer of what users hand in: ELF files and device trees.
 *
 *   fuzz_files [--seconds N] [--seed N] [--from N] [SEED-FILE...]   look for trouble
 *   fuzz_files --replay FILE...                                     try these, unchanged
 *
 * Every case starts from a seed (the files given, and small programs made here), is changed and
 * goes to the program's own readers, board_parse() and image_check(), in this process under
 * sanitizers. A case must be taken or refused with one finished sentence; what was taken must
 * keep the reader's promises. Some boards that were taken come to life (wild.h). A case is named by (seed, number): --from N --seed S starts with
 * it. A crash or broken promise leaves the case in fuzz-case.bin. Longer by hand:
 *
 *   build-asan/tests/fuzz/fuzz_files --seconds 3600 --seed $RANDOM build/boards/x.dtb ...
 */
#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "board.h"
#include "loader.h"
#include "mutate.h"
#include "wild.h"

static const struct hw_cpu_ops cpus[] = {
    {.isa = HW_ISA_RISCV64,
     .elf_name = "riscv64",
     .elf_machine = EM_RISCV,
     .elf64 = true},
    {.isa = HW_ISA_AARCH64,
     .elf_name = "aarch64",
     .elf_machine = EM_AARCH64,
     .elf64 = true},
    {.isa = HW_ISA_X86_64, .elf_name = "x86_64", .elf_machine = EM_X86_64, .elf64 = true},
    {.isa = HW_ISA_MIPS32, .elf_name = "mips32", .elf_machine = EM_MIPS, .elf64 = false},
};
#define NCPUS (sizeof cpus / sizeof *cpus)
#define CASE_NAME "case.file"

static struct registry models;
static struct fuzz_case current;
static uint64_t current_number;
static uint64_t taken[2], refused[2]; /* device trees, programs */
static uint64_t lives;                /* machines that ran */

/* Making a machine takes as long as reading a hundred boards: one in so many that were taken. */
#define LIFE_ONE_IN 64u

static void save_case(void)
{
    FILE *f = fopen("fuzz-case.bin", "wb");
    fprintf(stderr, "fuzz_files: case %" PRIu64 " (%zu bytes) left in fuzz-case.bin\n",
            current_number, current.len);
    if (!f)
        return;
    fwrite(current.bytes, 1, current.len, f);
    fclose(f);
}

/* Sanitizers call this before they end the program. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

/* Unicorn does not free everything an engine had. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libunicorn";
}

static void broken(const char *promise, const char *message)
{
    fprintf(stderr, "fuzz_files: broken promise: %s\n  %s\n", promise, message);
    save_case();
    exit(1);
}

static void check_refusal(int rc, const struct err *err)
{
    size_t n = strnlen(err->msg, sizeof err->msg);
    if (rc != ERR_USER && rc != ERR_NOTFOUND)
        broken("a bad file is the user's error", err->msg);
    if (n == 0 || n == sizeof err->msg)
        broken("a refusal says why", err->msg);
    if (strchr(err->msg, '\n'))
        broken("a refusal is one line", err->msg);
    if (!strstr(err->msg, CASE_NAME))
        broken("a refusal names the file", err->msg);
}

static void check_board(const struct board *b)
{
    if (b->cores == 0 || b->cores > BOARD_MAX_CORES || ram_size_wrong(b->ram_size))
        broken("a board has cores and RAM it can have", "");
    if (b->ndev > HW_MAX_DEVICES || b->mmu >= b->ndev || !board_mmu(b) || !board_cpu(b))
        broken("a board has an MMU and a core", "");
    for (unsigned i = 0; i < b->ndev; i++) {
        const struct board_node *d = &b->dev[i];
        if (d->base < HW_MMIO_BASE || d->size == 0 || d->base % 4 != 0 ||
            (uint64_t)d->base + d->size > HW_MMIO_END)
            broken("device registers lie in the register window", "");
        if (d->irq != BOARD_NO_IRQ && d->irq >= BOARD_IRQS)
            broken("interrupt lines exist", "");
        for (size_t k = 0; k < d->model->nparams; k++) {
            const struct hw_param *p = &d->model->params[k];
            uint64_t v = d->values[k].u;
            if (p->type == HW_PARAM_STRING ? !d->values[k].s : v < p->min || v > p->max)
                broken("parameters are within the model's limits", "");
        }
        for (unsigned k = 0; k < i; k++)
            if (d->base < b->dev[k].base + b->dev[k].size &&
                b->dev[k].base < d->base + d->size)
                broken("devices do not overlap", "");
    }
}

static void try_life(const struct board *b, struct stream *s)
{
    bool machine_refused;
    struct err err = {""};
    const char *promise = wild_run(b, s, &machine_refused, &err);
    if (promise)
        broken(promise, "");
    if (machine_refused && (err.msg[0] == '\0' || strchr(err.msg, '\n')))
        broken("a machine is refused in one line", err.msg);
    lives += !machine_refused;
}

/* s: NULL, or where the choice comes from whether the board comes to life, and what it runs. */
static void try_board(const struct fuzz_case *c, struct stream *s)
{
    struct board *b = NULL;
    struct err err = {""};
    int rc = board_parse(c->bytes, c->len, "case", CASE_NAME, &models, &b, &err);
    if (rc) {
        check_refusal(rc, &err);
        refused[0]++;
        return;
    }
    check_board(b);
    taken[0]++;
    if (s && stream_below(s, LIFE_ONE_IN) == 0)
        try_life(b, s);
    board_free(b);
}

static void check_image(const struct image *im, const struct fuzz_case *c)
{
    bool entry = false;
    if (im->nseg == 0 || im->nseg > IMAGE_SEGMENTS || im->extent > c->len)
        broken("an image has segments inside the file", "");
    for (unsigned i = 0; i < im->nseg; i++) {
        const struct image_segment *s = &im->seg[i];
        if (s->file_size > s->mem_size || s->offset > c->len ||
            s->file_size > c->len - s->offset || s->va + s->mem_size < s->va)
            broken("a segment lies in the file and in the address space", "");
        entry =
            entry || (s->exec && im->entry >= s->va && im->entry - s->va < s->mem_size);
        for (unsigned k = 0; k < i; k++)
            if (s->va < im->seg[k].va + im->seg[k].mem_size &&
                im->seg[k].va < s->va + s->mem_size)
                broken("segments do not overlap", "");
    }
    if (!entry)
        broken("the entry point is code", "");
}

static void try_elf(const struct fuzz_case *c)
{
    /* a block of exactly this size, so that a read behind it is seen */
    uint8_t *exact = malloc(c->len ? c->len : 1);
    if (!exact)
        abort();
    memcpy(exact, c->bytes, c->len);
    for (size_t i = 0; i < NCPUS; i++) {
        struct image im;
        struct err err = {""};
        int rc = image_check(&im, exact, c->len, CASE_NAME, &cpus[i], &err);
        if (rc) {
            check_refusal(rc, &err);
            refused[1]++;
            continue;
        }
        check_image(&im, c);
        taken[1]++;
        image_close(&im);
    }
    free(exact);
}

static bool is_elf(const struct fuzz_case *c)
{
    return c->len >= SELFMAG && memcmp(c->bytes, ELFMAG, SELFMAG) == 0;
}

static int load(struct fuzz_case *c, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        fprintf(stderr, "fuzz_files: %s: %s\n", path, strerror(errno));
        return -1;
    }
    c->len = fread(c->bytes, 1, CASE_MAX, f); /* of a longer file its start */
    fclose(f);
    return 0;
}

static void change_and_try(struct stream *s, bool elf)
{
    switch (stream_below(s, 4)) {
    case 0: mutate_bytes(s, &current); break;
    case 1:
        if (elf)
            mutate_elf(s, &current);
        else
            mutate_tree(s, &current);
        mutate_bytes(s, &current);
        break;
    default:
        if (elf)
            mutate_elf(s, &current);
        else
            mutate_tree(s, &current);
    }
    if (elf)
        try_elf(&current);
    else
        try_board(&current, s);
}

static int replay(char **file, int n)
{
    for (int i = 0; i < n; i++) {
        if (load(&current, file[i]))
            return 2;
        current_number = (uint64_t)i;
        try_board(&current, NULL);
        try_elf(&current);
    }
    printf("%d files, no trouble\n", n);
    return 0;
}

static int fuzz(char **file, int nfiles, uint64_t seed, uint64_t from, long seconds)
{
    size_t nseeds = NCPUS + (size_t)nfiles;
    struct fuzz_case *seeds = calloc(nseeds, sizeof *seeds);
    if (!seeds)
        abort();
    for (size_t i = 0; i < NCPUS; i++)
        make_elf(&seeds[i], cpus[i].elf_machine, cpus[i].elf64);
    for (int i = 0; i < nfiles; i++)
        if (load(&seeds[NCPUS + (size_t)i], file[i]))
            return 2;
    time_t end = time(NULL) + seconds;
    uint64_t number = from;
    for (; time(NULL) < end || number == from; number++) {
        struct stream s = {seed ^ (number * UINT64_C(0xd1342543de82ef95))};
        const struct fuzz_case *start = &seeds[stream_below(&s, nseeds)];
        current_number = number;
        current.len = start->len;
        memcpy(current.bytes, start->bytes, start->len);
        change_and_try(&s, is_elf(start));
    }
    printf("seed %" PRIu64 ", %" PRIu64 " cases: device trees %" PRIu64 " taken %" PRIu64
           " refused, %" PRIu64 " machines lived; programs %" PRIu64 " taken %" PRIu64
           " refused\n",
           seed, number - from, taken[0], refused[0], lives, taken[1], refused[1]);
    free(seeds);
    if ((nfiles && (!taken[0] || !refused[0] || !lives)) || !taken[1] || !refused[1]) {
        fprintf(stderr,
                "fuzz_files: the cases are one-sided: nothing taken or refused\n");
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    uint64_t seed = 1, from = 0;
    long seconds = 20;
    struct err err;
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(save_case);
    if (registry_add(&models, hw_models, "built-in models", &err)) {
        fprintf(stderr, "fuzz_files: %s\n", err.msg);
        return 2;
    }
    int i = 1, rc;
    if (argc > 1 && strcmp(argv[1], "--replay") == 0) {
        rc = replay(argv + 2, argc - 2);
    } else {
        for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
            uint64_t value = strtoull(argv[i + 1], NULL, 0);
            if (strcmp(argv[i], "--seconds") == 0)
                seconds = (long)value;
            else if (strcmp(argv[i], "--seed") == 0)
                seed = value;
            else if (strcmp(argv[i], "--from") == 0)
                from = value;
            else
                break;
        }
        rc = fuzz(argv + i, argc - i, seed, from, seconds);
    }
    registry_free(&models);
    return rc;
}
