// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exec.c - another program takes the process's place. A fresh environment is built for it and
 * gets the process's row of the session's table, its processor time and open files; the old one
 * ends. Read-only segments are regions over the module's own frames; pages of writable ones
 * are the module's frames too until they are written. A program on the disk is read into memory
 * first, and every page of it copied.
 *
 * Environment 1's exit status is the machine's: where that one is replaced, what remains of it
 * waits for its successor and ends with his status.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "area.h"
#include "elf.h"
#include "exec.h"
#include "file.h"
#include "signal_priv.h"
#include "space.h"
#include "vm.h"

#define ARG_PAGES 16

struct load {
    struct space *space;
    const struct exo_hw_module *module; /* NULL: a file on the disk */
    const uint8_t *bytes;
    uint64_t size;
    uint32_t *leaf; /* the leaf at hand, covers dir[d] */
    uint32_t d;
};

static int fail(int error)
{
    errno = error;
    return -1;
}

/* Enter a page into the new page map. */
static void enter(struct load *l, uint32_t va, uint32_t entry)
{
    uint32_t d = va >> SELF->leaf_shift;
    if (l->leaf == NULL || l->d != d) {
        l->leaf = l->space->self->dir[d] == 0 ? space_leaf(l->space, d) : NULL;
        if (l->leaf == NULL && l->space->error == 0)
            l->space->error = -EXO_EINVAL; /* segments that come back to a stretch */
        l->d = d;
    }
    if (l->leaf == NULL)
        return;
    uint32_t i = (va >> PAGE_SHIFT) & SELF->leaf_mask;
    l->leaf[i] = entry;
    pm_used(l->space->self, l->space->self->dir[d] - 1u, i);
}

/* The new image's fault path, for a software TLB to hold for ever. */
static void note_wired(uint32_t va, uint32_t frame)
{
    uint32_t i = (va - L_LIB_TEXT) >> PAGE_SHIFT;
    if (va >= L_LIB_TEXT && i < VM_WIRED_PAGES)
        vm_wired_of[i] = frame;
}

/* A page of its own with part of the file in it. */
static void enter_copy(struct load *l, const struct elf_segment *s, uint32_t va)
{
    uint32_t frame, from = va < s->va ? s->va : va, end = s->va + s->file_size;
    if (end > va + PAGE_SIZE)
        end = va + PAGE_SIZE;
    uint8_t *page = space_frame(l->space, true, &frame);
    if (page == NULL)
        return;
    memcpy(page + (from - va), l->bytes + s->offset + (from - s->va), end - from);
    enter(l, va, pm_entry(frame, s->rights | PM_R | PM_PRESENT | PM_ANON));
    space_map(l->space, va | s->rights | EXO_R, frame);
    note_wired(va, frame);
}

static void load_data(struct load *l, const struct elf_segment *s)
{
    struct exos_self *self = l->space->self;
    bool aligned = ((s->offset ^ s->va) & (PAGE_SIZE - 1)) == 0;
    uint32_t file_end = s->va + s->file_size;
    for (uint32_t va = PAGE_DOWN(s->va); va < file_end; va += PAGE_SIZE) {
        if (l->module == NULL || !aligned || va < s->va || va + PAGE_SIZE > file_end) {
            enter_copy(l, s, va);
            continue;
        }
        uint64_t pa = l->module->pa + s->offset + (va - s->va);
        enter(l, va,
              pm_entry((uint32_t)(pa >> PAGE_SHIFT),
                       s->rights | PM_R | PM_PRESENT | PM_ANON | PM_FOREIGN | PM_COW));
    }
    if (self->data_start == 0)
        self->data_start = PAGE_DOWN(s->va);
    self->brk = self->brk_start = PAGE_UP(s->va + s->mem_size);
}

static void load_text(struct load *l, const struct elf_segment *s)
{
    struct exos_self *self = l->space->self;
    if (((s->offset ^ s->va) & (PAGE_SIZE - 1)) != 0 || self->nregions == SELF_REGIONS) {
        l->space->error = -EXO_EINVAL;
        return;
    }
    struct region *r = &self->region[self->nregions++];
    r->start = PAGE_DOWN(s->va);
    r->end = PAGE_UP(s->va + s->mem_size);
    r->frame = (uint32_t)((l->module->pa + s->offset) >> PAGE_SHIFT);
    r->rights = s->rights;
    for (uint32_t i = 0; i < VM_WIRED_PAGES; i++)
        note_wired(r->start + (i << PAGE_SHIFT), r->frame + i);
}

/* Of a file: pages in order, so that each leaf is visited once. */
static void load_file(struct load *l, const struct elf_image *elf)
{
    for (uint32_t i = 0; i < elf->nsegments && l->space->error == 0; i++) {
        const struct elf_segment *s = &elf->segment[i];
        if (s->rights & EXO_W) {
            load_data(l, s);
            continue;
        }
        for (uint32_t va = PAGE_DOWN(s->va); va < s->va + s->file_size; va += PAGE_SIZE)
            enter_copy(l, s, va);
    }
}

static void load_module(struct load *l, const struct elf_image *elf)
{
    for (uint32_t i = 0; i < elf->nsegments && l->space->error == 0; i++)
        if (elf->segment[i].rights & EXO_W)
            load_data(l, &elf->segment[i]);
    for (uint32_t i = 0; i < elf->nsegments && l->space->error == 0; i++)
        if (!(elf->segment[i].rights & EXO_W))
            load_text(l, &elf->segment[i]);
}

/* Regions for the exported tables and the modules are the same in every process. */
static void keep_regions(struct exos_self *self)
{
    self->nregions = 0;
    for (uint32_t i = 0; i < SELF->nregions; i++)
        if (SELF->region[i].start == L_FILES || SELF->region[i].start == L_EXPORT)
            self->region[self->nregions++] = SELF->region[i];
}

/* -- arguments: on the new stack's top pages, filled from here -- */

struct strings {
    struct load *l;
    uint32_t at; /* address in the new space of the next byte */
    uint8_t *page;
};

static void put(struct strings *s, const void *from, size_t n)
{
    const uint8_t *p = from;
    while (n > 0 && s->l->space->error == 0) {
        uint32_t in_page = s->at & (PAGE_SIZE - 1), room = PAGE_SIZE - in_page, frame;
        if (s->page == NULL || in_page == 0) {
            s->page = space_frame(s->l->space, true, &frame);
            if (s->page == NULL)
                return;
            enter(s->l, s->at - in_page,
                  pm_entry(frame, PM_R | PM_W | PM_PRESENT | PM_ANON));
            space_map(s->l->space, (s->at - in_page) | EXO_R | EXO_W, frame);
        }
        size_t part = n < room ? n : room;
        memcpy(s->page + in_page, p, part);
        s->at += (uint32_t)part;
        p += part;
        n -= part;
    }
}

static size_t measure(char *const strings[], uint32_t *count)
{
    size_t bytes = 0;
    for (*count = 0; strings != NULL && strings[*count] != NULL; ++*count)
        bytes += strlen(strings[*count]) + 1;
    return bytes;
}

/* Address of the struct exec_handover; 0: too long. */
static uint32_t put_arguments(struct load *l, char *const argv[], char *const envp[])
{
    struct exec_handover h = {.ignored = signal_ignored()};
    size_t bytes = sizeof h + measure(argv, &h.argc) + measure(envp, &h.envc);
    if (bytes > ARG_PAGES * 4096)
        return 0;
    if (SELF->env != 1)
        h.old_env = SELF->env;
    uint32_t start = (L_STACK_TOP - (uint32_t)bytes) & ~63u;
    struct strings s = {l, start, NULL};
    put(&s, &h, sizeof h);
    for (uint32_t i = 0; i < h.argc; i++)
        put(&s, argv[i], strlen(argv[i]) + 1);
    for (uint32_t i = 0; i < h.envc; i++)
        put(&s, envp[i], strlen(envp[i]) + 1);
    return start;
}

/* Pipes that stay open: nobody else may hold their frames. */
static void keep_pipes(struct space *s)
{
    for (int fd = 0; fd < (int)ME->nfd; fd++) {
        const struct ofile *f = file_of(fd);
        if (f == NULL || (f->kind != OFILE_PIPE_READ && f->kind != OFILE_PIPE_WRITE))
            continue;
        const struct pipe *p = &session->pipe[f->object];
        for (uint32_t i = 0; i < p->pages; i++)
            space_share(s, p->frame[i]);
    }
}

static void build(struct load *l, const struct elf_image *elf, char *const argv[],
                  char *const envp[])
{
    struct space *s = l->space = space_begin(6); /* leaves, data, arguments: a few each */
    if (s == NULL || s->error != 0)
        return;
    keep_regions(s->self);
    s->self->area_pages[AREA_NET] = 0;
    s->self->data_start = s->self->brk = s->self->brk_start = 0;
    s->self->mmap_next = L_MMAP;
    if (l->module != NULL)
        load_module(l, elf);
    else
        load_file(l, elf);
    keep_pipes(s);
    l->leaf = NULL;
    uint32_t handover = s->error == 0 ? put_arguments(l, argv, envp) : 0;
    if (handover == 0 && s->error == 0)
        s->error = -EXO_ERANGE;
    if (s->error != 0)
        return;
    s->self->handover = handover;
    space_map_text(s);
    space_finish(s, elf->entry, handover, handover);
}

/* The new environment gets as many slices as we have: new ones, ours go when we do. Where all
 * are taken it gets one of ours, in one step: between two nobody of us could run. */
static void give_slices(uint32_t to)
{
    uint32_t own = 0, core = 0, slot = 0;
    for (uint32_t i = 0; i < KINFO->cores * EXO_NSLICE; i++)
        if (SLICES[i] == SELF->env) {
            own++;
            core = i / EXO_NSLICE;
            slot = i % EXO_NSLICE;
        }
    uint32_t given = 0;
    while (given < (own != 0 ? own : 1) && space_slice(to))
        given++;
    if (given > 0 || own == 0)
        return;
    MARK_CALL(slice_free);
    MARK_CALL(slice_alloc);
    const struct exo_batch pass[2] = {
        {.number = EXO_CALL_slice_free, .arg = {core, slot, 0}},
        {.number = EXO_CALL_slice_alloc, .arg = {core, slot, to, 0}},
    };
    exo_batch((exo_word)pass, 2);
}

/* What is left of environment 1 until the process ends. */
static _Noreturn void remain(uint32_t env)
{
    const struct proc *p = ME;
    uint32_t status;
    vm_discard(L_MMAP, (L_MMAP_END - L_MMAP) >> PAGE_SHIFT);
    for (;;) {
        struct exo_pred dead = {EXO_PRED_DEAD, 0, env, 0};
        exo_sleep((exo_word)&dead, 1);
        status = ENVS[env].status;
        exo_env_free(env, 0);
        if (p->env == env)
            break;
        env = p->env; /* it exec'ed in turn */
    }
    exo_env_exit(status);
    for (;;)
        exo_yield((exo_word)-1);
}

/* No return once it runs. */
static int replace(struct space *s)
{
    lock_take(&session->lock);
    shm_forget(SELF->proc);
    ME->env = s->env;
    lock_drop(&session->lock);
    give_slices(s->env);
    ME->making = 0; /* from here on the row is his */
    int error = space_start(s, false);
    if (error != 0) {
        ME->env = SELF->env;
        return error;
    }
    if (SELF->env == 1) {
        critical_leave();
        remain(s->env);
    }
    exo_env_exit(0);
    for (;;)
        exo_yield((exo_word)-1);
}

/* The program's bytes: a module where it lies, or a file read into memory. 0 or an errno. */
static int find_program(const char *path, struct load *l)
{
    struct stat st;
    int module = file_module_at(AT_FDCWD, path);
    *l = (struct load){.module = NULL};
    if (module >= 0) {
        l->module = &HWTABLE->module[module];
        l->bytes = file_bytes((unsigned)module);
        l->size = l->module->size;
        return l->bytes != NULL ? 0 : ENOEXEC;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int error = fstat(fd, &st) < 0                                     ? errno
                : !S_ISREG(st.st_mode) || !(st.st_mode & 0111)         ? EACCES
                : st.st_size == 0                                      ? ENOEXEC
                : (uint64_t)st.st_size > SPACE_FRAMES * 2u * PAGE_SIZE ? ENOMEM
                                                                       : 0;
    void *p = MAP_FAILED;
    if (error == 0) {
        p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        error = p == MAP_FAILED ? errno : 0;
    }
    close(fd);
    l->bytes = p;
    l->size = (uint64_t)st.st_size;
    return error;
}

static void drop_program(const struct load *l)
{
    if (l->module == NULL)
        munmap((void *)(uintptr_t)l->bytes, (size_t)l->size);
}

int execve(const char *path, char *const argv[], char *const envp[])
{
    if (mmu_missing())
        return fail(ENOSYS);
    struct load l;
    struct elf_image elf;
    int error = find_program(path, &l);
    if (error != 0)
        return fail(error);
    if (elf_read(l.bytes, l.size, &elf) != 0) {
        drop_program(&l);
        return fail(ENOEXEC);
    }
    file_closing();
    area_leave(true);
    critical_enter();
    build(&l, &elf, argv, envp);
    error = l.space == NULL ? -EXO_EFULL : l.space->error;
    memset(vm_wired_of, 0, sizeof vm_wired_of);
    if (error == 0) {
        file_exec();
        error = replace(l.space);
    }
    if (l.space != NULL)
        space_abandon(l.space);
    critical_leave();
    drop_program(&l);
    return fail(error == -EXO_ERANGE ? E2BIG : error == -EXO_EINVAL ? ENOEXEC : ENOMEM);
}

int execv(const char *path, char *const argv[])
{
    return execve(path, argv, environ);
}
