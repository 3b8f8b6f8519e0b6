// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hidden.c - registers that Unicorn does not name: MIPS's floating point file, and the
 * reservation of load-linked on every ISA that has one.
 *
 * They are stretches of a saved context, found when the core is created by saving a context that
 * holds known values there, and spliced into a context of the engine that gets them. A
 * Unicorn that keeps them differently is noticed: create() fails and says so. Where the FP
 * registers have names they are moved by name.
 *
 * Interface: hidden_find; fp_size, fp_get, fp_put, fp_keep_only; link_get, link_put.
 */
#include "core.h"
#include <string.h>

size_t fp_size(const struct core *c)
{
    return c->isa->nfpr ? c->isa->nfpr * sizeof c->fpr[0] : c->fp_len;
}

void fp_get(struct core *c, struct engine *e, void *to)
{
    if (c->isa->nfpr) {
        uc_reg_read_batch(e->uc, c->fpr_id, c->fpr_at, (int)c->isa->nfpr);
        memcpy(to, c->fpr, fp_size(c));
        return;
    }
    uc_context_save(e->uc, c->splice);
    memcpy(to, (const uint8_t *)c->splice + c->fp_at, c->fp_len);
}

void fp_put(struct core *c, struct engine *e, const void *from)
{
    if (c->isa->nfpr) {
        memcpy(c->fpr, from, fp_size(c));
        uc_reg_write_batch(e->uc, c->fpr_id, c->fpr_at, (int)c->isa->nfpr);
        return;
    }
    uc_context_save(e->uc, c->splice);
    memcpy((uint8_t *)c->splice + c->fp_at, from, c->fp_len);
    uc_context_restore(e->uc, c->splice);
}

/* Make e's state that of `context`, all but the FP file. */
void fp_keep_only(struct core *c, struct engine *e, uc_context *context)
{
    uint64_t file[CPU_FPR_MAX][2];
    fp_get(c, e, file);
    uc_context_restore(e->uc, context);
    e->reg_known = false;
    fp_put(c, e, file);
}

/* ---- load-linked ---- */

void link_get(struct core *c, struct engine *e, uint64_t link[LINK_WORDS])
{
    memset(link, 0, LINK_WORDS * sizeof *link);
    if (!c->link_len)
        return;
    uc_context_save(e->uc, c->splice);
    memcpy(link, (const uint8_t *)c->splice + c->link_at, c->link_len);
}

void link_put(struct core *c, struct engine *e, const uint64_t link[LINK_WORDS])
{
    if (!c->link_len)
        return;
    uc_context_save(e->uc, c->splice);
    memcpy((uint8_t *)c->splice + c->link_at, link, c->link_len);
    uc_context_restore(e->uc, c->splice);
}

/* ---- finding them ---- */

/* Offset of the value in the context, or -1 unless it is there exactly once. */
static long find_once(const uint8_t *bytes, size_t n, const void *value, size_t len)
{
    long at = -1;
    for (size_t i = 0; i + len <= n; i++)
        if (memcmp(bytes + i, value, len) == 0) {
            if (at >= 0)
                return -1;
            at = (long)i;
        }
    return at;
}

static int find_fp(struct core *c, struct engine *e)
{
    const struct cpu_isa *isa = c->isa;
    if (isa->nfpr)
        return 0;
    uint32_t first, last, control;
    size_t n = uc_context_size(e->uc);
    if (isa->fp_fill(e, &first, &last, &control) != 0)
        return -1;
    uc_context_save(e->uc, c->splice);
    const uint8_t *bytes = (const uint8_t *)c->splice;
    long begin = find_once(bytes, n, &first, sizeof first);
    long end = find_once(bytes, n, &last, sizeof last);
    long csr = find_once(bytes, n, &control, sizeof control);
    if (begin < 0 || end <= begin || csr <= end)
        return -1;
    c->fp_at = (size_t)begin;
    c->fp_len = (size_t)(csr - begin) + sizeof control;
    return c->fp_len <= sizeof c->fpr ? 0 : -1;
}

/* Address and value read lie side by side. */
static int find_link(struct core *c, struct engine *e)
{
    const struct cpu_link *l = c->isa->link;
    if (!l)
        return 0;
    uint64_t address = SCRATCH_BASE + 0x5a0, value = UINT64_C(0x1ac0ffee0ddba115),
             zero = 0;
    uint8_t both[16];
    size_t word = c->isa->elf64 ? 8 : 4;
    memcpy(both, &address, word);
    memcpy(both + word, &value, word);
    memset(c->scratch, 0, PAGE_SIZE);
    memcpy(c->scratch + 0x5a0, &value, sizeof value);
    uc_reg_write(e->uc, l->address_reg, &address);
    if (engine_stub(e, l->code, l->len) != 0)
        return -1;
    uc_reg_write(e->uc, l->address_reg, &zero);
    uc_reg_write(e->uc, l->value_reg, &zero);
    uc_context_save(e->uc, c->splice);
    long at =
        find_once((const uint8_t *)c->splice, uc_context_size(e->uc), both, 2 * word);
    if (at < 0)
        return -1;
    c->link_at = (size_t)at;
    c->link_len = l->words * word;
    return 0;
}

int hidden_find(struct core *c)
{
    struct engine *e = &c->engine[ENGINE_KERNEL];
    uc_context_save(e->uc, c->spare);
    int failed = find_fp(c, e) != 0 || find_link(c, e) != 0;
    uc_context_restore(e->uc, c->spare);
    return failed ? -1 : 0;
}
