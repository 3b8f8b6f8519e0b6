// SPDX-License-Identifier: GPL-2.0-or-later
/* hashed_search.c - see hashed_search.h. */
#include "hashed_search.h"
#include <inttypes.h>

#define ENTRIES 8u /* of a group */
#define ENTRY_BYTES 8u
#define GROUP_BYTES (ENTRIES * ENTRY_BYTES)
#define GROUPS_MIN 1024u
#define SDR1_ORG 0xffff0000u
#define SDR1_MASK 0x1ffu

#define VSID_FACTOR 0x111u
#define VSID_INVERSE 0xff0ff1u /* of VSID_FACTOR, mod 2^24 */
#define VSID_MASK 0xffffffu
#define HASH_MASK 0x7ffffu

#define V 0x80000000u
#define VSID_SHIFT 7
#define H 0x40u
#define R 0x100u
#define C 0x080u
#define N 0x004u
#define PP 0x003u
#define PP_NONE 0u
#define PP_WRITE 2u

bool hashed_table(uint32_t sdr1, struct hashed_table *out)
{
    uint32_t mask = sdr1 & SDR1_MASK, org = sdr1 & SDR1_ORG;
    *out = (struct hashed_table){0};
    if (sdr1 == 0)
        return true;
    if (sdr1 & ~(SDR1_ORG | SDR1_MASK) || mask & (mask + 1) || org & mask << 16)
        return false;
    out->base = org;
    out->groups = (mask + 1) * GROUPS_MIN;
    return true;
}

static uint32_t word(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The entry whose word 0 is `tag` in the group at pa: its address and word 1. Counts the group
 * as read. 1 found, 0 not, -1 not RAM. */
static int look(const struct hw_env *env, uint64_t pa, uint32_t tag, uint64_t *at,
                uint32_t *lo)
{
    uint8_t group[GROUP_BYTES];
    if (env->dma_read(env->host, pa, group, sizeof group))
        return -1;
    for (unsigned i = 0; i < ENTRIES; i++)
        if (word(group + i * ENTRY_BYTES) == tag) {
            *at = pa + i * ENTRY_BYTES;
            *lo = word(group + i * ENTRY_BYTES + 4);
            return 1;
        }
    return 0;
}

static unsigned rights(uint32_t lo)
{
    unsigned allowed = 1u << HW_READ;
    if ((lo & PP) == PP_NONE)
        return 0;
    if ((lo & PP) == PP_WRITE)
        allowed |= 1u << HW_WRITE;
    if (!(lo & N))
        allowed |= 1u << HW_FETCH;
    return allowed;
}

/* The entry `lo` at address `at` is what the search found. */
static void found(const struct hw_env *env, unsigned page_shift, uint64_t at, uint32_t lo,
                  enum hw_access access, struct walk_result *r)
{
    unsigned allowed = rights(lo);
    if (!(allowed & 1u << access)) {
        r->cause = HW_CAUSE_PROT;
    } else {
        uint32_t used = lo | R | (access == HW_WRITE ? C : 0);
        r->updated = used != lo;
        const uint8_t bytes[4] = {(uint8_t)used, (uint8_t)(used >> 8),
                                  (uint8_t)(used >> 16), (uint8_t)(used >> 24)};
        if (r->updated && env->dma_write(env->host, at + 4, bytes, sizeof bytes)) {
            r->cause = HW_CAUSE_BUS;
            return;
        }
        lo = used;
    }
    r->leaf = true;
    r->pa = lo & ~((1u << page_shift) - 1);
    r->allowed = lo & C ? allowed : allowed & ~(1u << HW_WRITE);
}

struct walk_result hashed_search(const struct hashed_table *table,
                                 const struct hw_env *env, unsigned page_shift,
                                 uint32_t space, uint64_t va, enum hw_access access)
{
    struct walk_result r = {0};
    uint32_t segment = (uint32_t)(va >> 28) & 15;
    uint32_t index = ((uint32_t)va & 0x0fffffffu) >> page_shift;
    uint32_t vsid = (space << 4 | segment) * VSID_FACTOR & VSID_MASK;
    uint32_t hash = (vsid ^ index) & HASH_MASK;
    uint32_t tag = V | vsid << VSID_SHIFT | ((uint32_t)va >> 22 & 0x3f);
    for (unsigned second = 0; second < 2 && table->groups != 0; second++) {
        uint32_t group = (second ? ~hash : hash) & (table->groups - 1), lo = 0;
        uint64_t at = 0;
        r.reads++;
        int there = look(env, table->base + (uint64_t)group * GROUP_BYTES,
                         second ? tag | H : tag, &at, &lo);
        if (there == 0)
            continue;
        if (there > 0)
            found(env, page_shift, at, lo, access, &r);
        else
            r.cause = HW_CAUSE_BUS;
        return r;
    }
    r.cause = HW_CAUSE_TLB_MISS;
    return r;
}

/* Address space and virtual address from where an entry lies and what it says. */
static void describe_entry(uint32_t group, unsigned i, uint32_t hi, uint32_t lo,
                           unsigned page_shift, struct text *out)
{
    uint32_t vsid = hi >> VSID_SHIFT & VSID_MASK, from = vsid * VSID_INVERSE & VSID_MASK;
    uint32_t low = ((hi & H ? ~group : group) ^ vsid) & ((1u << (22 - page_shift)) - 1);
    uint32_t va = (from & 15) << 28 | (hi & 0x3f) << 22 | low << page_shift;
    unsigned r = rights(lo);
    text_add(out,
             "node 0 0x%" PRIx32 " -> 0x%" PRIx32 " %c%c%c space %" PRIu32
             " group %" PRIu32 ".%u%s\n",
             va, lo & ~((1u << page_shift) - 1), r & 1u << HW_READ ? 'r' : '-',
             r & 1u << HW_WRITE ? 'w' : '-', r & 1u << HW_FETCH ? 'x' : '-', from >> 4,
             group, i, hi & H ? " 2nd" : "");
}

void hashed_describe_table(const struct hashed_table *table, const struct hw_env *env,
                           unsigned page_shift, struct text *out)
{
    for (uint32_t group = 0; group < table->groups && out->at + 1 < out->max; group++) {
        uint8_t bytes[GROUP_BYTES];
        if (env->dma_read(env->host, table->base + (uint64_t)group * GROUP_BYTES, bytes,
                          sizeof bytes))
            return;
        for (unsigned i = 0; i < ENTRIES; i++) {
            const uint8_t *e = bytes + i * ENTRY_BYTES;
            if (word(e) & V)
                describe_entry(group, i, word(e), word(e + 4), page_shift, out);
        }
    }
}
