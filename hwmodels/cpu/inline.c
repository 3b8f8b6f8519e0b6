// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * inline.c - counting blocks without leaving translated code (x86-64 hosts).
 *
 * Unicorn 2.1 calls a lone BLOCK hook straight from the translated block:
 *
 *     mov $uc, %rdi | mov $pc, %esi | mov $size, %edx | mov $data, %rcx | call hook
 *
 * The call and the callback cost as much as a short block. When meter_block() has counted a
 * block for the first time, that sequence - only if it is exactly this one, with the values
 * of the call just made - is rewritten in place:
 *
 *     mov  $data, %rcx            the engine, whose first member is the meter
 *     addq $count, lib(%rcx)      only in the library window
 *     subq $count, left(%rcx)
 *     movl $id, id(%rcx)          which block, for what a fault needs to know
 *     jns  behind the sequence    the budget covers it
 *     call *shorted(%rcx)         out_of_budget() below
 *
 * The block goes on exactly as if the callback had returned, so counts are the same with and
 * without (tests/unicorn/core_run.c). Any other sequence, host leaves the callback.
 *
 * Interface: inline_open, inline_block, inline_sync.
 */
#include "core.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

_Static_assert(offsetof(struct engine, meter) == 0, "the meter is what %rcx points at");
_Static_assert(offsetof(struct meter, shorted) < 128, "8-bit displacements");

/* Number of the block (pc, size, count) in the core's table; 0 if there is no room. */
static uint32_t block_number(struct core *c, uint64_t pc, uint32_t size, uint32_t count)
{
    uint64_t key = pc ^ (uint64_t)size << 20 ^ (uint64_t)count << 40;
    uint64_t hash = key * UINT64_C(0x9e3779b97f4a7c15);
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

void inline_sync(struct engine *e)
{
    struct meter *m = &e->meter;
    if (m->id == 0)
        return;
    const struct inline_block *b = &e->core->block[m->id - 1];
    m->pc = b->pc;
    m->size = b->size;
    m->count = b->count;
    m->slot = false; /* those have no inline accounting */
    m->id = 0;
}

#if defined(__x86_64__) && defined(__linux__)

/* Called by a block that counted itself; %rcx is the fourth argument. */
static void out_of_budget(uint64_t rdi, uint64_t rsi, uint64_t rdx, struct engine *e)
{
    (void)rdi, (void)rsi, (void)rdx;
    struct meter *m = &e->meter;
    inline_sync(e);
    m->left += m->count;
    if (meter_covers(e, m->count)) {
        m->left -= m->count;
        return;
    }
    if (meter_in_library(m->pc))
        m->lib -= m->count;
    e->out = e->peek ? OUT_NEAR : OUT_SHORT;
    e->special_count = m->count;
    uc_emu_stop(e->uc);
}

/* Is the memory at p writable and executable? Said once for an engine's code buffer. */
static bool may_patch(const void *p)
{
    FILE *f = fopen("/proc/self/maps", "r");
    if (!f)
        return false;
    char line[512], perms[8];
    uint64_t from, to;
    bool may = false;
    while (!may && fgets(line, sizeof line, f))
        may = sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s", &from, &to, perms) == 3 &&
              (uintptr_t)p >= from && (uintptr_t)p < to && perms[1] == 'w' &&
              perms[2] == 'x';
    fclose(f);
    return may;
}

static uint32_t load32(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/*
 * Does an instruction that ends at `end` load `value` into a register? Its length, or 0. The forms
 * TCG has: movabs, lea from %rip, mov of a 32-bit value, zero or sign extended, xor. reg is
 * the register's number (below 8).
 */
static unsigned loads(const uint8_t *end, unsigned reg, uint64_t value)
{
    uint64_t v;
    memcpy(&v, end - 8, sizeof v);
    if (end[-10] == 0x48 && end[-9] == 0xb8 + reg && v == value)
        return 10;
    uint64_t behind = (uint64_t)(uintptr_t)end;
    uint64_t extended = (uint64_t)(int64_t)(int32_t)load32(end - 4);
    if (end[-7] == 0x48 && end[-6] == 0x8d && end[-5] == (0x05 | reg << 3) &&
        behind + extended == value)
        return 7;
    if (end[-7] == 0x48 && end[-6] == 0xc7 && end[-5] == 0xc0 + reg && extended == value)
        return 7;
    if (end[-5] == 0xb8 + reg && load32(end - 4) == value)
        return 5;
    if (end[-2] == 0x31 && end[-1] == (0xc0 | reg << 3 | reg) && value == 0)
        return 2;
    return 0;
}

enum { RCX = 1, RDX = 2, RSI = 6, RDI = 7 };

/* The start of the sequence that called with these arguments and returns to `end`, or NULL. */
static uint8_t *find_site(struct engine *e, uint8_t *end, uint64_t pc, uint32_t size)
{
    uint64_t value[] = {(uint64_t)(uintptr_t)e, size, pc, (uint64_t)(uintptr_t)e->uc};
    static const unsigned reg[] = {RCX, RDX, RSI, RDI};
    uint8_t *p = end[-6] == 0xff && end[-5] == 0x15 ? end - 6
                 : end[-5] == 0xe8                  ? end - 5
                                                    : NULL;
    for (unsigned i = 0; p && i < 4; i++) {
        unsigned n = loads(p, reg[i], value[i]);
        p = n ? p - n : NULL;
    }
    return p;
}

#define SITE_MAX 64

struct code {
    uint8_t bytes[SITE_MAX];
    size_t n;
};

static void emit(struct code *c, const void *bytes, size_t n)
{
    memcpy(c->bytes + c->n, bytes, n);
    c->n += n;
}

/* op is the ModRM of a 64-bit immediate operation on disp(%rcx): 0x41 add, 0x69 sub. */
static void emit_operation(struct code *c, uint8_t op, size_t disp, uint32_t imm)
{
    bool small = imm < 128;
    uint8_t head[] = {0x48, small ? 0x83 : 0x81, op, (uint8_t)disp};
    emit(c, head, sizeof head);
    emit(c, &imm, small ? 1 : 4);
}

void inline_block(struct engine *e, const void *returns_to, uint64_t pc, uint32_t size,
                  uint32_t count)
{
    if (e->no_inline)
        return;
    uint8_t *end = (uint8_t *)(uintptr_t)returns_to, *site = find_site(e, end, pc, size);
    uint32_t id = site ? block_number(e->core, pc, size, count) : 0;
    if (site && id == 0) {
        e->core->inline_full = true;
        meter_stop(e);
    }
    if (id == 0)
        return;
    struct code c = {.n = 0};
    uint64_t data = (uint64_t)(uintptr_t)e;
    size_t total = (size_t)(end - site);
    emit(&c, (const uint8_t[]){0x48, 0xb9}, 2);
    emit(&c, &data, sizeof data);
    if (meter_in_library(pc))
        emit_operation(&c, 0x41, offsetof(struct meter, lib), count);
    emit_operation(&c, 0x69, offsetof(struct meter, left), count);
    emit(&c, (const uint8_t[]){0xc7, 0x41, offsetof(struct meter, id)}, 3);
    emit(&c, &id, sizeof id);
    if (c.n + 5 > total || total > SITE_MAX)
        return;
    emit(&c, (const uint8_t[]){0x79, (uint8_t)(total - c.n - 2)}, 2);
    emit(&c, (const uint8_t[]){0xff, 0x51, offsetof(struct meter, shorted)}, 3);
    memset(c.bytes + c.n, 0x90, total - c.n);
    memcpy(site, c.bytes, total);
}

void inline_open(struct engine *e, const void *in_code)
{
    e->meter.shorted = out_of_budget;
    if (!may_patch(in_code))
        e->no_inline = true;
}

#else
void inline_open(struct engine *e, const void *in_code)
{
    (void)in_code;
    e->no_inline = true;
}

void inline_block(struct engine *e, const void *returns_to, uint64_t pc, uint32_t size,
                  uint32_t count)
{
    (void)e, (void)returns_to, (void)pc, (void)size, (void)count, (void)block_number;
}
#endif
