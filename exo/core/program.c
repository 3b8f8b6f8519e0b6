// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * program.c - makes an environment of a boot module: number k from 1 gets capability {k} in slot
 * 0, and
 *
 *   its segments   read-only pages bound straight to the module's frames, all others copied
 *   stack          EXO_STACK_PAGES below EXO_STACK_TOP
 *   arguments      EXO_ARGS_VA, read-only
 *   upage          EXO_UPAGE_VA, with struct exo_boot at upage.library: every run mapped here
 *   export         EXO_EXPORT_VA
 *
 * Anything wrong with a boot program panics: there is no one else to tell.
 */
#include "core_priv.h"

struct loader {
    struct ctx *c;
    const struct exo_hw_module *module;
    const uint8_t *image;
    struct exo_boot *boot;
    uint32_t max_runs;
};

/* Note the page at upage.library, as part of the last run if it continues it. */
static void note_run(struct loader *l, uint32_t va, uint32_t frame, uint32_t flags)
{
    struct exo_boot *b = l->boot;
    if (b->nruns > 0) {
        struct exo_boot_run *r = &b->run[b->nruns - 1];
        if (r->flags == flags && r->frame + r->pages == frame &&
            r->va + (r->pages << machine.page_shift) == va) {
            r->pages++;
            return;
        }
    }
    if (b->nruns == l->max_runs)
        kernel_panic("boot program has too many scattered pages");
    b->run[b->nruns++] = (struct exo_boot_run){va, frame, 1, flags};
}

static void map(struct loader *l, uint32_t va, uint32_t frame, uint32_t flags)
{
    mmu_boot_map(l->c, va, frame, flags);
    note_run(l, va, frame, flags);
}

static uint8_t *map_new(struct loader *l, uint32_t va, uint32_t flags)
{
    uint32_t frame = frame_boot_alloc(l->c->id, EXO_FRAME_USER);
    map(l, va, frame, flags);
    return frame_bytes(frame);
}

/* Bytes of the segment's file part that belong into the page at va. */
static void copy_page(const struct loader *l, const struct elf_segment *s, uint32_t va,
                      uint8_t *to)
{
    uint32_t first = va < s->va ? (uint32_t)s->va - va : 0; /* in the page */
    uint32_t file_end = (uint32_t)s->va + (uint32_t)s->file_size;
    uint32_t end = file_end <= va ? 0 : file_end - va;
    if (end > machine.page_size)
        end = machine.page_size;
    if (first < end)
        memcpy(to + first,
               l->image + (uint32_t)s->offset + (va + first - (uint32_t)s->va),
               end - first);
}

/* Returns the first page behind it. */
static uint32_t load_segment(struct loader *l, const struct elf_segment *s)
{
    uint32_t mask = machine.page_size - 1;
    uint32_t offset = (uint32_t)s->offset, start = (uint32_t)s->va & ~mask;
    uint32_t end = ((uint32_t)s->va + (uint32_t)s->mem_size + mask) & ~mask;
    bool shared = !(s->flags & EXO_W) && s->file_size == s->mem_size &&
                  ((offset ^ (uint32_t)s->va) & mask) == 0;
    for (uint32_t va = start; va != end; va += machine.page_size) {
        uint32_t in_file = (offset & ~mask) + (va - start);
        if (shared)
            map(l, va, ((uint32_t)l->module->pa + in_file) >> machine.page_shift,
                s->flags);
        else
            copy_page(l, s, va, map_new(l, va, s->flags));
    }
    return end;
}

static void load_segments(struct loader *l)
{
    uint64_t entry, size = l->module->size;
    uint32_t count, next_page = 0;
    bool wide = sizeof(exo_word) == 8;
    int r = elf_open(l->image, size, wide, &entry, &count);
    for (uint32_t i = 0; r >= 0 && i < count; i++) {
        struct elf_segment s;
        r = elf_segment(l->image, size, wide, i, &s);
        if (r != 1)
            continue;
        if (((uint32_t)s.va & ~(machine.page_size - 1)) < next_page)
            r = -ELF_SEGMENT;
        else
            next_page = load_segment(l, &s);
    }
    if (r < 0)
        kernel_panic(elf_message(r));
    l->c->pc = entry;
}

static void make_args(struct loader *l)
{
    const struct exo_hw_module *m = l->module;
    uint32_t bytes = (uint32_t)sizeof(struct exo_args) + m->args_len;
    const uint8_t *strings = arch_phys(m->args_pa);
    struct exo_args head = {.argc = m->argc,
                            .len = m->args_len,
                            .env = l->c->id,
                            .module = (uint32_t)(m - machine.table->module)};
    for (uint32_t at = 0; at < bytes; at += machine.page_size) {
        uint8_t *to = map_new(l, EXO_ARGS_VA + at, EXO_R);
        uint32_t head_bytes = at == 0 ? (uint32_t)sizeof head : 0;
        uint32_t n = bytes - at < machine.page_size ? bytes - at : machine.page_size;
        memcpy(to, &head, head_bytes);
        memcpy(to + head_bytes, strings + at + head_bytes - sizeof head, n - head_bytes);
    }
}

static void make_upage(struct loader *l)
{
    struct ctx *c = l->c;
    uint32_t frame = frame_boot_alloc(c->id, EXO_FRAME_USER);
    struct exo_upage *up = frame_bytes(frame);
    l->boot = (struct exo_boot *)(void *)up->library;
    l->max_runs = (machine.page_size - (uint32_t)sizeof *up - (uint32_t)sizeof *l->boot) /
                  (uint32_t)sizeof(struct exo_boot_run);
    l->boot->magic = EXO_BOOT_MAGIC;
    frame_pin(frame);
    machine.env[c->id].upage_frame = frame;
    c->upage = arch_pa(up);
    ctx_update_save(c);
    map(l, EXO_UPAGE_VA, frame, EXO_R | EXO_W);
    mmu_wire_upage(c, frame);
}

void program_load(uint32_t env, uint32_t module)
{
    struct exo_name name = {.len = 1, .rights = EXO_CAP_ALL, .byte = {(uint8_t)env}};
    struct loader l = {.c = &kernel_ctx[env], .module = &machine.table->module[module]};
    l.image = arch_phys(l.module->pa);

    env_make(env, &name, 0, module);
    envs[env].cap[0] = name;
    make_upage(&l);
    load_segments(&l);
    make_args(&l);
    for (uint32_t i = EXO_STACK_PAGES; i > 0; i--)
        map_new(&l, EXO_STACK_TOP - (i << machine.page_shift), EXO_R | EXO_W);
    for (uint32_t i = 0; i < machine.kinfo->export_pages; i++)
        map(&l, EXO_EXPORT_VA + (i << machine.page_shift),
            machine.kinfo->export_frame + i, EXO_R);
    l.c->sp = EXO_STACK_TOP;
    arch_set_arg(l.c, 0, EXO_ARGS_VA);
    machine.slice[(env - 1) % machine.cores][(env - 1) / machine.cores] = (uint8_t)env;
    env_state(l.c, EXO_ENV_STATE_READY);
}
