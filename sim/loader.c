// SPDX-License-Identifier: GPL-2.0-or-later
/* loader.c - kernel, boot modules and arguments into RAM. See loader.h for the layout. */
#include "loader.h"

#include <assert.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096u

/* The board's pages may be larger. */
static uint64_t page_up(const struct hw_table *t, uint64_t a)
{
    uint64_t page = t->page_shift > 12 ? UINT64_C(1) << t->page_shift : PAGE;
    return (a + page - 1) & ~(page - 1);
}

int plan_add(struct load_plan *plan, const char *name, const char *path,
             enum hw_module_kind kind, int argc, char **argv, struct err *err)
{
    if (strlen(name) >= HW_NAME_MAX || !*name)
        return err_set(err, ERR_USER, "module name '%s': expected 1 to %d bytes", name,
                       HW_NAME_MAX - 1);
    if (plan->n == HW_MAX_MODULES)
        return err_set(err, ERR_USER,
                       "'%s' is one boot module too many: a machine starts with at "
                       "most %d programs and files",
                       name, HW_MAX_MODULES);
    plan->module = mem_grow(plan->module, plan->n + 1, sizeof *plan->module);
    struct load_module *m = &plan->module[plan->n++];
    *m = (struct load_module){
        .path = mem_str(path), .kind = kind, .argc = argc, .argv = argv};
    memcpy(m->name, name, strlen(name) + 1);
    return 0;
}

void plan_free(struct load_plan *plan)
{
    for (size_t i = 0; i < plan->n; i++)
        free(plan->module[i].path);
    free(plan->module);
    free(plan->kernel);
    *plan = (struct load_plan){0};
}

struct loader {
    uint8_t *ram;
    uint64_t size, at; /* next free byte */
    const struct hw_cpu_ops *cpu;
    struct err *err;
};

static int no_room(struct loader *l, const char *what, uint64_t need)
{
    return err_set(l->err, ERR_USER,
                   "%s: needs %" PRIu64 " KiB, of %" PRIu64 " KiB of RAM %" PRIu64
                   " KiB are left: give the machine more with --mem",
                   what, need / 1024 + 1, l->size / 1024,
                   l->at < l->size ? (l->size - l->at) / 1024 : 0);
}

static int load_kernel(struct loader *l, const char *path, uint64_t *entry)
{
    struct image im;
    int rc = image_open(&im, path, l->cpu, l->err);
    if (rc == ERR_NOTFOUND)
        return err_set(l->err, ERR_USER,
                       "no exokernel for this board: %s is not there (is it "
                       "built?)",
                       path);
    if (rc)
        return rc;
    l->at = HW_KERNEL_BASE;
    for (unsigned i = 0; rc == 0 && i < im.nseg; i++) {
        const struct image_segment *s = &im.seg[i];
        if (s->pa < HW_KERNEL_BASE || s->pa > l->size || s->mem_size > l->size - s->pa) {
            rc = err_set(l->err, ERR_USER,
                         "%s: segment at physical 0x%" PRIx64 " + 0x%" PRIx64
                         ", expected inside RAM, 0x%x to 0x%" PRIx64,
                         path, s->pa, s->mem_size, HW_KERNEL_BASE, l->size);
            break;
        }
        rc = image_read(&im, s->offset, l->ram + s->pa, s->file_size, l->err);
        if (s->pa + s->mem_size > l->at)
            l->at = s->pa + s->mem_size;
    }
    *entry = im.entry;
    image_close(&im);
    return rc;
}

/* The loaded copy ends behind its last segment: its section headers are gone. */
static void forget_sections(uint8_t *bytes, bool elf64)
{
    if (elf64) {
        Elf64_Ehdr h;
        memcpy(&h, bytes, sizeof h);
        h.e_shoff = 0;
        h.e_shnum = h.e_shstrndx = 0;
        memcpy(bytes, &h, sizeof h);
    } else {
        Elf32_Ehdr h;
        memcpy(&h, bytes, sizeof h);
        h.e_shoff = 0;
        h.e_shnum = h.e_shstrndx = 0;
        memcpy(bytes, &h, sizeof h);
    }
}

static int load_program(struct loader *l, const struct load_module *m, uint64_t *size)
{
    struct image im;
    int rc = image_open(&im, m->path, l->cpu, l->err);
    if (rc)
        return rc;
    if (im.extent > l->size - l->at)
        rc = no_room(l, m->path, im.extent);
    else
        rc = image_read(&im, 0, l->ram + l->at, im.extent, l->err);
    if (rc == 0)
        forget_sections(l->ram + l->at, im.elf64);
    *size = im.extent;
    image_close(&im);
    return rc;
}

/* A --file: any bytes, straight into RAM. Its size need not be known before (a pipe). */
static int load_file(struct loader *l, const struct load_module *m, uint64_t *size)
{
    int fd = open(m->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(l->err, ERR_USER, "--file %s=%s: %s", m->name, m->path,
                       strerror(errno));
    uint64_t n = 0, room = l->size - l->at;
    int rc = 0;
    for (;;) {
        char probe;
        ssize_t got =
            n < room ? read(fd, l->ram + l->at + n, room - n) : read(fd, &probe, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            rc = err_set(l->err, ERR_USER, "--file %s=%s: %s", m->name, m->path,
                         strerror(errno));
        else if (got > 0 && n >= room) {
            struct stat st;
            uint64_t need =
                fstat(fd, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : n;
            rc = no_room(l, m->path, need);
        }
        if (got <= 0 || rc)
            break;
        n += (uint64_t)got;
    }
    close(fd);
    *size = n;
    return rc;
}

static int load_args(struct loader *l, const struct load_module *m,
                     struct hw_table_module *t)
{
    uint64_t need = 0;
    for (int i = 0; i < m->argc; i++)
        need += strlen(m->argv[i]) + 1;
    if (!m->argc)
        return 0;
    /* the kernel shows a program its arguments in one page, behind a short header */
    if (need > PAGE - 64)
        return err_set(l->err, ERR_USER,
                       "%s: arguments of %" PRIu64 " bytes, expected at most %u", m->name,
                       need, PAGE - 64);
    if (need > l->size - l->at)
        return no_room(l, m->name, need);
    t->args_pa = l->at;
    t->args_len = (uint32_t)need;
    t->argc = (uint32_t)m->argc;
    for (int i = 0; i < m->argc; i++) {
        size_t n = strlen(m->argv[i]) + 1;
        memcpy(l->ram + l->at, m->argv[i], n);
        l->at += n;
    }
    l->at = (l->at + 7) & ~UINT64_C(7);
    return 0;
}

int load_machine(const struct load_plan *plan, const struct hw_cpu_ops *cpu, uint8_t *ram,
                 uint64_t ram_size, struct hw_table *table, uint64_t *entry,
                 struct err *err)
{
    assert(ram_size > HW_KERNEL_BASE && plan->n <= HW_MAX_MODULES);
    struct loader l = {.ram = ram, .size = ram_size, .cpu = cpu, .err = err};
    int rc = load_kernel(&l, plan->kernel, entry);
    for (size_t i = 0; rc == 0 && i < plan->n; i++) {
        const struct load_module *m = &plan->module[i];
        struct hw_table_module *t = &table->module[i];
        memcpy(t->name, m->name, sizeof t->name);
        t->kind = m->kind;
        l.at = page_up(table, l.at);
        if (l.at >= l.size)
            return no_room(&l, m->path, 1);
        t->pa = l.at;
        rc = m->kind == HW_MODULE_FILE ? load_file(&l, m, &t->size)
                                       : load_program(&l, m, &t->size);
        l.at += t->size;
    }
    table->nmodules = (uint32_t)plan->n;
    l.at = page_up(table, l.at);
    for (size_t i = 0; rc == 0 && i < plan->n; i++)
        if (plan->module[i].kind == HW_MODULE_PROGRAM)
            rc = load_args(&l, &plan->module[i], &table->module[i]);
    table->free_base = page_up(table, l.at);
    if (rc == 0 && table->free_base >= ram_size)
        rc = no_room(&l, "free memory", PAGE);
    return rc;
}
