// SPDX-License-Identifier: GPL-2.0-or-later
/* record_make.c - the text that tells a machine, and the record of a command line. */
#include "record_make.h"

#include <errno.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

#define CHUNK 65536u

static int hash_file(const char *path, uint64_t *out, struct err *err)
{
    FILE *f = fopen(path, "rbe");
    if (!f)
        return err_set(err, ERR_USER, "%s: %s", path, strerror(errno));
    uint8_t *buf = mem_grow(NULL, CHUNK, 1);
    uint64_t h = HASH_START;
    size_t n;
    errno = 0;
    while ((n = fread(buf, 1, CHUNK, f)) > 0)
        h = hash_bytes(h, buf, n);
    int bad = ferror(f) ? errno : 0;
    fclose(f);
    free(buf);
    *out = h;
    return bad ? err_set(err, ERR_USER, "%s: %s", path, strerror(bad)) : 0;
}

static uint64_t hash_store(struct store *s)
{
    uint8_t *buf = mem_grow(NULL, CHUNK, 1);
    uint64_t h = HASH_START, size = store_size(s);
    for (uint64_t at = 0; at < size; at += CHUNK) {
        size_t n = size - at < CHUNK ? (size_t)(size - at) : CHUNK;
        if (store_read(s, at, buf, n))
            break; /* the machine will find out, and say so */
        h = hash_bytes(h, buf, n);
    }
    free(buf);
    return h;
}

static uint64_t hash_arguments(const struct load_module *m)
{
    uint64_t h = HASH_START;
    for (int i = 0; i < m->argc; i++)
        h = hash_bytes(h, m->argv[i], strlen(m->argv[i]) + 1);
    return h;
}

static int tell_module(FILE *to, const struct load_module *m, struct err *err)
{
    static const char *const kinds[] = {[HW_MODULE_PROGRAM] = "program",
                                        [HW_MODULE_FILE] = "file",
                                        [HW_MODULE_LIBRARY] = "module"};
    uint64_t h;
    int rc = hash_file(m->path, &h, err);
    if (rc)
        return rc;
    fprintf(to, "%s %s %016" PRIx64, kinds[m->kind], m->name, h);
    if (m->kind == HW_MODULE_PROGRAM)
        fprintf(to, " arguments %016" PRIx64, hash_arguments(m));
    fputc('\n', to);
    return 0;
}

static int tell(FILE *to, const struct options *o, const struct board *b,
                const struct load_plan *plan, struct store *store, struct err *err)
{
    uint64_t kernel;
    int rc = hash_file(plan->kernel, &kernel, err);
    if (rc)
        return rc;
    fprintf(to, "board %s %016" PRIx64 "\n", b->name,
            hash_bytes(HASH_START, b->fdt, fdt_totalsize(b->fdt)));
    fprintf(to, "cores %u\n", o->cores ? o->cores : b->cores);
    fprintf(to, "mem %" PRIu64 "\n", o->mem ? o->mem : b->ram_size);
    fprintf(to, "seed %" PRIu64 "\n", o->seeded ? o->seed : b->seed);
    fprintf(to, "max-cycles %" PRIu64 "\n", o->max_cycles);
    fprintf(to, "net %s\n", o->net ? o->net : "none");
    fprintf(to, "disk %" PRIu64 " %016" PRIx64 "\n", store_size(store),
            hash_store(store));
    fprintf(to, "disk-size %" PRIu64 "\n", o->disk_size);
    fprintf(to, "power-cut %" PRIu64 ",seed=%" PRIu64 "\n", o->cut, o->cut_seed);
    fprintf(to, "kernel %016" PRIx64 "\n", kernel);
    for (size_t i = 0; rc == 0 && i < plan->n; i++)
        rc = tell_module(to, &plan->module[i], err);
    return rc;
}

int record_identity(const struct options *o, const struct board *b,
                    const struct load_plan *plan, struct store *store, char **text,
                    struct err *err)
{
    size_t n;
    FILE *to = open_memstream(text, &n);
    if (!to)
        return err_set(err, ERR_USER, "out of memory");
    int rc = tell(to, o, b, plan, store, err);
    fclose(to);
    if (rc) {
        free(*text);
        *text = NULL;
    }
    return rc;
}

int record_of_options(const struct options *o, const struct board *b,
                      const struct load_plan *plan, struct store *store,
                      struct record **out, struct err *err)
{
    *out = NULL;
    if (!o->record && !o->replay)
        return 0;
    char *text = NULL;
    int rc = record_identity(o, b, plan, store, &text, err);
    if (rc == 0)
        rc = o->replay ? record_open(o->replay, text, out, err)
                       : record_create(o->record, text, out, err);
    free(text);
    return rc;
}
