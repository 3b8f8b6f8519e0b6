// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * inline.c - counting blocks without leaving translated code (x86-64 hosts).
 *
 * Unicorn 2.1 calls a lone BLOCK hook straight from the translated block:
 *
 *     movabs $uc, %rdi | mov $pc, %esi | mov $size, %edx | movabs $data, %rcx | call *(%rip)
 *     10                 5               5                 10                   6  bytes
 *
 * The call and the callback cost as much as a short block. When meter_block() has counted a
 * block for the first time, that sequence, if it is exactly this one, is rewritten in place:
 *
 *     movabs $data, %rcx
 *     addq $count, 16(%rcx)     only in the library window
 *     subq $count, (%rcx)       meter.left
 *     movl $id, 8(%rcx)         meter.id: which block, for what a fault needs to know
 *     jns behind the call       budget not used up
 *     call *(%rip)              as before: meter_block() finds out by inline_called()
 *
 * The block goes on exactly as if the callback had returned, so counts are the same with and
 * without (tests/unicorn). Any other sequence, host or a full table leaves the callback.
 *
 * Interface: inline_block, inline_called, inline_undo, inline_sync.
 */
#include "core.h"
#include <string.h>

_Static_assert(offsetof(struct engine, meter) == 0, "the meter is what %rcx points at");
_Static_assert(offsetof(struct meter, left) == 0, "subq $count, (%rcx)");
_Static_assert(offsetof(struct meter, id) == 8, "movl $id, 8(%rcx)");
_Static_assert(offsetof(struct meter, lib) == 16, "addq $count, 16(%rcx)");

#define CALL_AT 30 /* offset of the call in the sequence */
#define SITE_SIZE 36
#define COUNT_MAX 127 /* an imm8 */

/* Number of the block (pc, size, count) in the core's table; 0 if there is no room. */
static uint32_t block_number(struct core *c, uint64_t pc, uint32_t size, uint32_t count)
{
    uint64_t hash = (pc ^ (uint64_t)size << 20 ^ (uint64_t)count << 40) * 0x9e3779b97f4a7c15u;
    for (uint32_t i = 0; i < INLINE_PROBES; i++) {
        uint32_t at = (uint32_t)((hash >> 40) + i) % INLINE_BLOCKS;
        struct inline_block *b = &c->block[at];
        if (b->size == 0)
            *b = (struct inline_block){.pc = pc, .size = size, .count = count};
        if (b->pc == pc && b->size == size && b->count == count)
            return at + 1;
    }
    return 0;
}

#if defined(__x86_64__)
static bool is_hook_call(const uint8_t *site)
{
    return site[0] == 0x48 && site[1] == 0xbf && site[10] == 0xbe && site[15] == 0xba &&
           site[20] == 0x48 && site[21] == 0xb9 && site[CALL_AT] == 0xff &&
           site[CALL_AT + 1] == 0x15;
}

void inline_block(struct engine *e, const void *returns_to, uint32_t count)
{
    uint8_t *site = (uint8_t *)(uintptr_t)returns_to - SITE_SIZE;
    const struct meter *m = &e->meter;
    if (e->no_inline || count > COUNT_MAX || !is_hook_call(site))
        return;
    uint32_t id = block_number(e->core, m->pc, m->size, count);
    if (id == 0)
        return;

    uint8_t n = (uint8_t)count, code[SITE_SIZE];
    memset(code, 0x90, CALL_AT);
    memcpy(code + CALL_AT, site + CALL_AT, SITE_SIZE - CALL_AT);
    memcpy(code, site + 20, 10);
    size_t k = 10;
    if (meter_in_library(m->pc)) {
        memcpy(code + k, (uint8_t[]){0x48, 0x83, 0x41, 0x10, n}, 5);
        k += 5;
    }
    memcpy(code + k, (uint8_t[]){0x48, 0x83, 0x29, n, 0xc7, 0x41, 0x08}, 7);
    memcpy(code + k + 7, &id, 4);
    code[k + 11] = 0x79;
    code[k + 12] = (uint8_t)(SITE_SIZE - (k + 13));
    memcpy(site, code, SITE_SIZE);
}

bool inline_called(const void *returns_to)
{
    const uint8_t *site = (const uint8_t *)returns_to - SITE_SIZE;
    return site[0] == 0x48 && site[1] == 0xb9 && site[CALL_AT] == 0xff &&
           site[CALL_AT + 1] == 0x15;
}
#else
void inline_block(struct engine *e, const void *returns_to, uint32_t count)
{
    (void)e, (void)returns_to, (void)count, (void)block_number;
}

bool inline_called(const void *returns_to)
{
    return (void)returns_to, false;
}
#endif

void inline_sync(struct engine *e)
{
    struct meter *m = &e->meter;
    if (m->id == 0)
        return;
    const struct inline_block *b = &e->core->block[m->id - 1];
    m->pc = b->pc;
    m->size = b->size;
    m->count = b->count;
    m->id = 0;
}

void inline_undo(struct engine *e)
{
    struct meter *m = &e->meter;
    inline_sync(e);
    m->left += m->count;
    if (meter_in_library(m->pc))
        m->lib -= m->count;
}
