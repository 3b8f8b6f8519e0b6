// SPDX-License-Identifier: GPL-2.0-or-later
/* code.c - see code.h. */
#include "code.h"

#include <capstone/capstone.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codemap.h"

#define IMAGES 32u

struct code_image {
    char *path;
    struct codemap *map; /* NULL: it has none */
};

struct code {
    const struct machine *m;
    const struct kernel_view *view;
    csh handle;
    bool opened;
    struct code_image image[IMAGES];
    unsigned n;
};

struct code *code_open(const struct machine *m, const struct kernel_view *view)
{
    static const struct {
        cs_arch arch;
        int mode;
    } of[] = {
        [HW_ISA_RISCV64] = {CS_ARCH_RISCV, CS_MODE_RISCV64 | CS_MODE_RISCVC},
        [HW_ISA_AARCH64] = {CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN},
        [HW_ISA_X86_64] = {CS_ARCH_X86, CS_MODE_64},
        [HW_ISA_MIPS32] = {CS_ARCH_MIPS, CS_MODE_MIPS32 | CS_MODE_LITTLE_ENDIAN},
    };
    struct code *c = mem_zero(1, sizeof *c);
    enum hw_isa isa = board_cpu(machine_setup_of(m)->board)->isa;
    c->m = m;
    c->view = view;
    c->opened = (size_t)isa < sizeof of / sizeof *of &&
                cs_open(of[isa].arch, (cs_mode)of[isa].mode, &c->handle) == CS_ERR_OK;
    return c;
}

void code_close(struct code *c)
{
    if (!c)
        return;
    if (c->opened)
        cs_close(&c->handle);
    for (unsigned i = 0; i < c->n; i++) {
        codemap_close(c->image[i].map);
        free(c->image[i].path);
    }
    free(c);
}

/* The image the core's code comes from; NULL: not known. */
static const char *image_of(const struct code *c, unsigned core, bool kernel)
{
    const struct load_plan *plan = machine_setup_of(c->m)->plan;
    struct kv_env e;
    if (kernel)
        return plan->kernel;
    if (!c->view || !kernel_view_env(c->view, machine_context(c->m, core), &e))
        return NULL;
    for (size_t i = 0; i < plan->n; i++)
        if (strcmp(plan->module[i].name, e.program) == 0)
            return plan->module[i].path;
    return NULL;
}

static struct codemap *map_of(struct code *c, const char *path)
{
    struct err err;
    for (unsigned i = 0; i < c->n; i++)
        if (strcmp(c->image[i].path, path) == 0)
            return c->image[i].map;
    if (c->n == IMAGES) { /* the oldest goes */
        codemap_close(c->image[0].map);
        free(c->image[0].path);
        memmove(c->image, c->image + 1, --c->n * sizeof *c->image);
    }
    struct code_image *im = &c->image[c->n++];
    im->path = mem_str(path);
    if (codemap_open(path, &im->map, &err))
        im->map = NULL;
    return im->map;
}

void code_where(struct code *c, unsigned core, bool kernel, uint64_t pc, char *text,
                size_t max)
{
    const char *path = image_of(c, core, kernel);
    const struct codemap *map = path ? map_of(c, path) : NULL;
    *text = 0;
    uint32_t i = map ? codemap_find(map, pc) : CODEMAP_NONE;
    if (i == CODEMAP_NONE)
        return;
    const struct codemap_place *p = codemap_place(map, i);
    const struct codemap_function *f = codemap_function(map, p->function);
    if (p->line)
        snprintf(text, max, "%s (%s:%" PRIu32 ")", f->name, f->file, p->line);
    else
        snprintf(text, max, "%s (%s)", f->name, f->file);
}

unsigned code_instruction(struct code *c, unsigned core, uint64_t pc, char *text,
                          size_t max)
{
    uint8_t bytes[16];
    cs_insn *insn;
    *text = 0;
    size_t len = machine_peek_code(c->m, core, pc, bytes, sizeof bytes);
    if (len == 0 || !c->opened || cs_disasm(c->handle, bytes, len, pc, 1, &insn) == 0)
        return 0;
    snprintf(text, max, "%s %s", insn->mnemonic, insn->op_str);
    unsigned size = insn->size;
    cs_free(insn, 1);
    return size;
}
