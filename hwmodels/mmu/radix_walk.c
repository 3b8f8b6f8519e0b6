// SPDX-License-Identifier: GPL-2.0-or-later
/* radix_walk.c - see radix_walk.h: parameters, their checks, the walk. */
#include "radix_walk.h"
#include "values.h"
#include <inttypes.h>
#include <string.h>

#define LEVELS_MAX                                                                       \
    8u /* radix_describe_tables shows no more; the parameter allows fewer */

/* Defaults are Sv39's (RISC-V Privileged Architecture, "Page-Based 39-bit Virtual-Memory"). */
const struct hw_param radix_params[RADIX_P_COUNT] = {
    {"exo,levels", HW_PARAM_U64, "levels", 3, 1, 6, NULL, "tables read by a walk"},
    {"exo,index-bits", HW_PARAM_U64, "bits", 9, 1, 16, NULL,
     "virtual address bits a level"},
    {"exo,page-shift", HW_PARAM_U64, "bits", 12, 12, 16, NULL,
     "log2 of page and table size"},
    {"exo,pte-size", HW_PARAM_U64, "bytes", 8, 4, 8, NULL, "table entry: 4 or 8"},
    {"exo,pfn-lsb", HW_PARAM_U64, "bit", 10, 0, 63, NULL,
     "lowest bit of the page number"},
    {"exo,pfn-bits", HW_PARAM_U64, "bits", 44, 1, 52, NULL, "width of the page number"},
    {"exo,present-mask", HW_PARAM_U64, "", 0x1, 0, UINT64_MAX, NULL,
     "the entry exists if"},
    {"exo,present-value", HW_PARAM_U64, "", 0x1, 0, UINT64_MAX, NULL,
     "... masked it is this"},
    {"exo,table-mask", HW_PARAM_U64, "", 0xf, 0, UINT64_MAX, NULL,
     "points to a table if"},
    {"exo,table-value", HW_PARAM_U64, "", 0x1, 0, UINT64_MAX, NULL,
     "... masked it is this"},
    {"exo,leaf-mask", HW_PARAM_U64, "", 0, 0, UINT64_MAX, NULL,
     "last level: is a page if"},
    {"exo,leaf-value", HW_PARAM_U64, "", 0, 0, UINT64_MAX, NULL, "... masked it is this"},
    {"exo,read-mask", HW_PARAM_U64, "", 0x2, 0, UINT64_MAX, NULL, "allows reading if"},
    {"exo,read-value", HW_PARAM_U64, "", 0x2, 0, UINT64_MAX, NULL,
     "... masked it is this"},
    {"exo,write-mask", HW_PARAM_U64, "", 0x4, 0, UINT64_MAX, NULL, "allows writing if"},
    {"exo,write-value", HW_PARAM_U64, "", 0x4, 0, UINT64_MAX, NULL,
     "... masked it is this"},
    {"exo,exec-mask", HW_PARAM_U64, "", 0x8, 0, UINT64_MAX, NULL, "allows execution if"},
    {"exo,exec-value", HW_PARAM_U64, "", 0x8, 0, UINT64_MAX, NULL,
     "... masked it is this"},
    {"exo,user-mask", HW_PARAM_U64, "", 0x10, 0, UINT64_MAX, NULL, "is for user mode if"},
    {"exo,user-value", HW_PARAM_U64, "", 0x10, 0, UINT64_MAX, NULL,
     "... masked it is this"},
    {"exo,accessed", HW_PARAM_U64, "", 0x40, 0, UINT64_MAX, NULL,
     "bit the walker sets on use; 0 = none"},
    {"exo,dirty", HW_PARAM_U64, "", 0x80, 0, UINT64_MAX, NULL,
     "bit the walker sets on the first write; 0 = none"},
    {"exo,soft-lsb", HW_PARAM_U64, "bit", 8, 0, 255, NULL,
     "lower of two bits the walker ignores; 255 = none"},
    {"exo,asid-bits", HW_PARAM_U64, "bits", 9, 0, 12, NULL, "address space identifier"},
    {"exo,tlb-entries", HW_PARAM_U64, "entries", 512, 8, 65536, NULL, "size of the TLB"},
    {"exo,replacement", HW_PARAM_STRING, "", 0, 0, 0, "fifo",
     "of TLB entries: fifo or random"},
    {"exo,walk-cycles", HW_PARAM_U64, "cycles", 12, 0, 100000, NULL,
     "charged for each table entry read or written back"},
    {"exo,op-cycles", HW_PARAM_U64, "cycles", 0, 0, 100000, NULL,
     "charged for each operation, beside the store to OP"},
};

/* ---- format ----------------------------------------------------------------------- */

static const char *name_of(unsigned i)
{
    return radix_params[i].name;
}

static int check_sizes(const struct hw_value *v, struct hw_err *err)
{
    uint64_t size = v[RADIX_P_PTE_SIZE].u, bits = v[RADIX_P_INDEX_BITS].u;
    uint64_t shift = v[RADIX_P_PAGE_SHIFT].u, levels = v[RADIX_P_LEVELS].u;
    if (size != 4 && size != 8)
        return hw_refuse(err, "exo,pte-size is %" PRIu64 ", expected 4 or 8 bytes", size);
    if (size << bits != UINT64_C(1) << shift)
        return hw_refuse(err,
                         "exo,index-bits is %" PRIu64 ": a table of %" PRIu64
                         " bytes, expected one page of %" PRIu64,
                         bits, size << bits, UINT64_C(1) << shift);
    if (levels * bits + shift > 64)
        return hw_refuse(err,
                         "exo,levels is %" PRIu64 ": %" PRIu64
                         " virtual address bits, expected at most 64",
                         levels, levels * bits + shift);
    if (v[RADIX_P_PFN_LSB].u + v[RADIX_P_PFN_BITS].u > 8 * size)
        return hw_refuse(err,
                         "exo,pfn-bits is %" PRIu64 ": bits %" PRIu64 "..%" PRIu64
                         ", expected within an entry of %" PRIu64 " bits",
                         v[RADIX_P_PFN_BITS].u, v[RADIX_P_PFN_LSB].u,
                         v[RADIX_P_PFN_LSB].u + v[RADIX_P_PFN_BITS].u - 1, 8 * size);
    if (v[RADIX_P_PFN_BITS].u + shift > 64)
        return hw_refuse(err,
                         "exo,pfn-bits is %" PRIu64 ": physical addresses beyond 64 bits",
                         v[RADIX_P_PFN_BITS].u);
    return 0;
}

static uint64_t pfn_field(const struct hw_value *v)
{
    return ((UINT64_C(1) << v[RADIX_P_PFN_BITS].u) - 1) << v[RADIX_P_PFN_LSB].u;
}

static uint64_t entry_bits(const struct hw_value *v)
{
    return v[RADIX_P_PTE_SIZE].u == 8 ? UINT64_MAX : UINT64_C(0xffffffff);
}

/* Masks lie in the entry, outside the page number, and values inside their masks. */
static int check_rules(const struct hw_value *v, struct hw_err *err)
{
    for (unsigned i = RADIX_P_PRESENT_MASK; i <= RADIX_P_USER_MASK; i += 2) {
        uint64_t mask = v[i].u, value = v[i + 1].u;
        if (mask & ~entry_bits(v))
            return hw_refuse(
                err, "%s is 0x%" PRIx64 ", expected bits of a %" PRIu64 "-byte entry",
                name_of(i), mask, v[RADIX_P_PTE_SIZE].u);
        if (mask & pfn_field(v))
            return hw_refuse(err,
                             "%s is 0x%" PRIx64 ", overlaps the page number 0x%" PRIx64,
                             name_of(i), mask, pfn_field(v));
        if (value & ~mask)
            return hw_refuse(err, "%s is 0x%" PRIx64 ", expected bits of %s 0x%" PRIx64,
                             name_of(i + 1), value, name_of(i), mask);
    }
    if (v[RADIX_P_PRESENT_VALUE].u == 0)
        return hw_refuse(
            err, "exo,present-value is 0, expected a bit: an entry of zeroes must "
                 "not exist");
    return 0;
}

/* Rules that one entry must satisfy together do not contradict each other. */
static int check_agreement(const struct hw_value *v, struct hw_err *err)
{
    static const unsigned leaf[] = {RADIX_P_PRESENT_MASK, RADIX_P_LEAF_MASK,
                                    RADIX_P_USER_MASK,    RADIX_P_READ_MASK,
                                    RADIX_P_WRITE_MASK,   RADIX_P_EXEC_MASK};
    for (unsigned a = 0; a < 6; a++) {
        for (unsigned b = a + 1; b < 6; b++) {
            uint64_t both = v[leaf[a]].u & v[leaf[b]].u;
            if ((v[leaf[a] + 1].u ^ v[leaf[b] + 1].u) & both)
                return hw_refuse(err, "%s 0x%" PRIx64 " contradicts %s 0x%" PRIx64,
                                 name_of(leaf[b] + 1), v[leaf[b] + 1].u,
                                 name_of(leaf[a] + 1), v[leaf[a] + 1].u);
        }
    }
    if ((v[RADIX_P_PRESENT_VALUE].u ^ v[RADIX_P_TABLE_VALUE].u) &
        v[RADIX_P_PRESENT_MASK].u & v[RADIX_P_TABLE_MASK].u)
        return hw_refuse(
            err, "exo,table-value 0x%" PRIx64 " contradicts exo,present-value 0x%" PRIx64,
            v[RADIX_P_TABLE_VALUE].u, v[RADIX_P_PRESENT_VALUE].u);
    return 0;
}

/* Bits the walker writes or leaves to software mean nothing else. */
static int check_bits(const struct hw_value *v, struct hw_err *err)
{
    uint64_t taken = pfn_field(v);
    for (unsigned i = RADIX_P_PRESENT_MASK; i <= RADIX_P_USER_MASK; i += 2)
        taken |= v[i].u;
    uint64_t lsb = v[RADIX_P_SOFT_LSB].u;
    if (lsb != 255 && lsb + 2 > 8 * v[RADIX_P_PTE_SIZE].u)
        return hw_refuse(err,
                         "exo,soft-lsb is %" PRIu64 ", expected two bits of a %" PRIu64
                         "-byte entry, or 255",
                         lsb, v[RADIX_P_PTE_SIZE].u);
    const struct {
        unsigned param;
        uint64_t bits;
    } field[] = {
        {RADIX_P_ACCESSED, v[RADIX_P_ACCESSED].u},
        {RADIX_P_DIRTY, v[RADIX_P_DIRTY].u},
        {RADIX_P_SOFT_LSB, lsb == 255 ? 0 : UINT64_C(3) << lsb},
    };
    for (unsigned i = 0; i < 3; i++) {
        uint64_t bits = field[i].bits;
        if (field[i].param != RADIX_P_SOFT_LSB && (bits & (bits - 1)) != 0)
            return hw_refuse(err, "%s is 0x%" PRIx64 ", expected one bit or 0",
                             name_of(field[i].param), bits);
        if (bits & ~entry_bits(v))
            return hw_refuse(
                err, "%s is 0x%" PRIx64 ", expected a bit of a %" PRIu64 "-byte entry",
                name_of(field[i].param), bits, v[RADIX_P_PTE_SIZE].u);
        if (bits & taken)
            return hw_refuse(
                err, "%s: bits 0x%" PRIx64 " overlap another field (0x%" PRIx64 ")",
                name_of(field[i].param), bits, bits & taken);
        taken |= bits;
    }
    return 0;
}

static struct radix_rule rule(const struct hw_value *v, unsigned mask)
{
    return (struct radix_rule){v[mask].u, v[mask + 1].u};
}

int radix_format(const struct hw_value *v, struct radix_format *out, struct hw_err *err)
{
    if (values_check(radix_params, RADIX_P_COUNT, v, err) || check_sizes(v, err) ||
        check_rules(v, err) || check_agreement(v, err) || check_bits(v, err))
        return -1;
    *out = (struct radix_format){
        .levels = (unsigned)v[RADIX_P_LEVELS].u,
        .index_bits = (unsigned)v[RADIX_P_INDEX_BITS].u,
        .page_shift = (unsigned)v[RADIX_P_PAGE_SHIFT].u,
        .pte_size = (unsigned)v[RADIX_P_PTE_SIZE].u,
        .pfn_lsb = (unsigned)v[RADIX_P_PFN_LSB].u,
        .pfn_bits = (unsigned)v[RADIX_P_PFN_BITS].u,
        .present = rule(v, RADIX_P_PRESENT_MASK),
        .table = rule(v, RADIX_P_TABLE_MASK),
        .leaf = rule(v, RADIX_P_LEAF_MASK),
        .user = rule(v, RADIX_P_USER_MASK),
        .access =
            {
                [HW_READ] = rule(v, RADIX_P_READ_MASK),
                [HW_WRITE] = rule(v, RADIX_P_WRITE_MASK),
                [HW_FETCH] = rule(v, RADIX_P_EXEC_MASK),
            },
        .accessed = v[RADIX_P_ACCESSED].u,
        .dirty = v[RADIX_P_DIRTY].u,
    };
    out->va_bits = out->levels * out->index_bits + out->page_shift;
    return 0;
}

/* ---- walk ------------------------------------------------------------------------- */

static bool holds(struct radix_rule r, uint64_t pte)
{
    return (pte & r.mask) == r.value;
}

static int read_pte(const struct radix_format *f, const struct hw_env *env, uint64_t pa,
                    uint64_t *pte)
{
    uint8_t b[8] = {0};
    if (env->dma_read(env->host, pa, b, f->pte_size) != 0)
        return -1;
    *pte = 0;
    for (unsigned i = 0; i < f->pte_size; i++)
        *pte |= (uint64_t)b[i] << (8 * i);
    return 0;
}

static int write_pte(const struct radix_format *f, const struct hw_env *env, uint64_t pa,
                     uint64_t pte)
{
    uint8_t b[8];
    for (unsigned i = 0; i < f->pte_size; i++)
        b[i] = (uint8_t)(pte >> (8 * i));
    return env->dma_write(env->host, pa, b, f->pte_size);
}

static uint64_t page_of(const struct radix_format *f, uint64_t pte)
{
    return ((pte >> f->pfn_lsb) & ((UINT64_C(1) << f->pfn_bits) - 1)) << f->page_shift;
}

static unsigned rights(const struct radix_format *f, uint64_t pte)
{
    unsigned allowed = 0;
    for (unsigned a = HW_READ; a <= HW_FETCH; a++)
        if (holds(f->user, pte) && holds(f->access[a], pte))
            allowed |= 1u << a;
    return allowed;
}

/* The entry at pa is a leaf: judge the access, then set the bits it sets. */
static void use_leaf(const struct radix_format *f, const struct hw_env *env, uint64_t pa,
                     uint64_t pte, enum hw_access access, struct walk_result *r)
{
    unsigned allowed = rights(f, pte);
    r->leaf = true;
    r->pa = page_of(f, pte);
    if (allowed & 1u << access) {
        uint64_t set = pte | f->accessed | (access == HW_WRITE ? f->dirty : 0);
        if (set != pte) {
            r->updated = true;
            if (write_pte(f, env, pa, set) != 0)
                r->cause = HW_CAUSE_BUS;
            pte = set;
        }
    } else {
        r->cause = HW_CAUSE_PROT;
    }
    if ((pte & f->dirty) != f->dirty)
        allowed &= ~(1u << HW_WRITE); /* the walker wants to see the first write */
    r->allowed = allowed;
}

struct walk_result radix_walk(const struct radix_format *f, const struct hw_env *env,
                              uint64_t root, uint64_t va, enum hw_access access)
{
    struct walk_result r = {0};
    uint64_t table = root;
    if (f->va_bits < 64 && va >> f->va_bits != 0) {
        r.cause = HW_CAUSE_PAGE;
        return r;
    }
    for (unsigned level = f->levels; level-- > 0;) {
        uint64_t index = (va >> (f->page_shift + level * f->index_bits)) &
                         ((UINT64_C(1) << f->index_bits) - 1);
        uint64_t pte, pa = table + index * f->pte_size;
        r.reads++;
        if (read_pte(f, env, pa, &pte) != 0) {
            r.cause = HW_CAUSE_BUS;
            return r;
        }
        if (!holds(f->present, pte) || !holds(level > 0 ? f->table : f->leaf, pte)) {
            r.cause = HW_CAUSE_PAGE;
            return r;
        }
        if (level == 0)
            use_leaf(f, env, pa, pte, access, &r);
        else
            table = page_of(f, pte);
    }
    return r;
}

void radix_describe_tables(const struct radix_format *f, const struct hw_env *env,
                           uint64_t root, struct text *out)
{
    struct {
        uint64_t table, index, va;
    } at[LEVELS_MAX];
    uint64_t entries = UINT64_C(1) << f->index_bits, pte;
    unsigned depth = 0;
    at[0].table = root;
    at[0].index = at[0].va = 0;
    while (out->at + 1 < out->max) {
        if (at[depth].index == entries) {
            if (depth-- == 0)
                return;
            continue;
        }
        unsigned level = f->levels - 1 - depth;
        uint64_t index = at[depth].index++;
        uint64_t va = at[depth].va | index << (f->page_shift + level * f->index_bits);
        if (read_pte(f, env, at[depth].table + index * f->pte_size, &pte) != 0 ||
            !holds(f->present, pte) || !holds(level > 0 ? f->table : f->leaf, pte))
            continue;
        text_add(out, "node %u 0x%" PRIx64 " -> 0x%" PRIx64 " ", depth, va,
                 page_of(f, pte));
        if (level > 0) {
            text_add(out, "table\n");
            depth++;
            at[depth].table = page_of(f, pte);
            at[depth].index = 0;
            at[depth].va = va;
            continue;
        }
        unsigned r = rights(f, pte);
        text_add(out, "%c%c%c\n", r & 1u << HW_READ ? 'r' : '-',
                 r & 1u << HW_WRITE ? 'w' : '-', r & 1u << HW_FETCH ? 'x' : '-');
    }
}
