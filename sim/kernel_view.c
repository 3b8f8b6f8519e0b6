// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kernel_view.c - see kernel_view.h. A table is found from the kernel's variable `machine` (struct
 * machine of exo/core), a field by its name in the image's DWARF.
 */
#include "kernel_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols.h"
#include "types.h"

struct kernel_view {
    const struct machine *m;
    struct types *types;
    uint64_t machine_at, envs_at, ctx_at; /* addresses of the kernel's variables */
};

int kernel_view_open(const struct machine *m, const char *kernel,
                     struct kernel_view **out, struct err *err)
{
    struct kernel_view *v = mem_zero(1, sizeof *v);
    *out = NULL;
    v->m = m;
    v->machine_at = symbols_address(kernel, "machine");
    v->envs_at = symbols_address(kernel, "envs");
    v->ctx_at = symbols_address(kernel, "kernel_ctx");
    int rc = types_open(kernel, &v->types, err);
    if (rc == 0 && (v->machine_at == 0 || types_size(v->types, "exo_env_public") == 0))
        rc =
            err_set(err, ERR_USER, "%s: not the exokernel this program can read", kernel);
    if (rc)
        kernel_view_close(v);
    else
        *out = v;
    return rc;
}

void kernel_view_close(struct kernel_view *v)
{
    if (!v)
        return;
    types_close(v->types);
    free(v);
}

/* ---- reading ---- */

static uint64_t load(const struct kernel_view *v, uint64_t pa, uint64_t size)
{
    uint64_t value = 0;
    if (size > sizeof value || !machine_peek(v->m, pa, &value, (size_t)size))
        return 0;
    return value;
}

/* A field of the structure `name` at pa. */
static uint64_t field(const struct kernel_view *v, uint64_t pa, const char *name,
                      const char *member)
{
    struct types_field f;
    if (!types_field(v->types, name, member, &f))
        return 0;
    return load(v, pa + f.offset, f.size);
}

static uint64_t address(const struct kernel_view *v, uint64_t pa, const char *name,
                        const char *member)
{
    struct types_field f;
    return types_field(v->types, name, member, &f) ? pa + f.offset : 0;
}

static struct kv_name name_at(const struct kernel_view *v, uint64_t pa)
{
    struct kv_name n = {.len = 0xff};
    uint8_t raw[8];
    if (pa != 0 && machine_peek(v->m, pa, raw, sizeof raw)) {
        n.len = raw[0];
        n.rights = raw[1];
        memcpy(n.byte, raw + 2, sizeof n.byte);
    }
    return n;
}

/* Where a table of the kernel's starts; 0 before boot. */
static uint64_t table(const struct kernel_view *v, const char *member)
{
    return field(v, v->machine_at, "machine", member);
}

/* Elements of the array `member` of a structure, each `size` bytes. */
static uint32_t elements(const struct kernel_view *v, const char *name,
                         const char *member, uint64_t size)
{
    struct types_field f;
    if (size == 0 || !types_field(v->types, name, member, &f))
        return 0;
    return (uint32_t)(f.size / size);
}

static uint64_t holders_of(const struct kernel_view *v, uint64_t pa, const char *name)
{
    struct types_field f;
    if (!types_field(v->types, name, "holders", &f) || f.size != sizeof(uint64_t))
        return 0;
    return load(v, pa + f.offset, f.size);
}

/* ---- how many ---- */

/* The tables of the exported window lie one behind the other. */
static uint32_t rows_between(const struct kernel_view *v, const char *first,
                             const char *behind, const char *row)
{
    uint64_t info = table(v, "kinfo"), size = types_size(v->types, row);
    uint64_t from = field(v, info, "exo_kinfo", first);
    uint64_t to = field(v, info, "exo_kinfo", behind);
    return info != 0 && size != 0 && from != 0 && to > from
               ? (uint32_t)((to - from) / size)
               : 0;
}

uint32_t kernel_view_envs(const struct kernel_view *v)
{
    uint64_t info = table(v, "kinfo");
    uint64_t n = info != 0 ? field(v, info, "exo_kinfo", "nenv") : 0;
    return n < KV_ENVS ? (uint32_t)n : KV_ENVS;
}

uint32_t kernel_view_frames(const struct kernel_view *v)
{
    return table(v, "frame") != 0 ? (uint32_t)table(v, "nframes") : 0;
}

uint32_t kernel_view_caps(const struct kernel_view *v)
{
    return elements(v, "env", "cap", types_size(v->types, "exo_name"));
}

uint32_t kernel_view_slots(const struct kernel_view *v)
{
    uint64_t info = table(v, "kinfo");
    uint64_t from = info ? field(v, info, "exo_kinfo", "slices_off") : 0;
    uint64_t to = info ? field(v, info, "exo_kinfo", "io_off") : 0;
    return to > from ? (uint32_t)((to - from) / 8) : 0; /* of EXO_NCORE cores */
}

uint32_t kernel_view_extents(const struct kernel_view *v)
{
    uint64_t info = table(v, "kinfo");
    uint64_t io = info ? field(v, info, "exo_kinfo", "extents_off") : 0;
    return io != 0 ? 64 : 0;
}

uint32_t kernel_view_rings(const struct kernel_view *v)
{
    return rows_between(v, "rings_off", "filters_off", "exo_ring");
}

/* ---- rows ---- */

static void program_of(const struct kernel_view *v, uint64_t private, char *text)
{
    uint64_t t = table(v, "table"), module = field(v, private, "env", "module");
    uint64_t rows = address(v, t, "exo_hw_table", "module");
    uint64_t size = types_size(v->types, "exo_hw_module");
    if (t != 0 && rows != 0 && module < HW_MAX_MODULES)
        machine_peek(v->m, address(v, rows + module * size, "exo_hw_module", "name"),
                     text, HW_NAME_MAX - 1);
}

bool kernel_view_env(const struct kernel_view *v, uint32_t i, struct kv_env *out)
{
    static const char row[] = "exo_env_public";
    uint64_t base = table(v, "env");
    if (i == 0 || i >= kernel_view_envs(v) || base == 0)
        return false;
    uint64_t at = base + i * types_size(v->types, row);
    uint64_t private = v->envs_at + i * types_size(v->types, "env");
    uint64_t ctx = v->ctx_at + i * types_size(v->types, "ctx");
    *out = (struct kv_env){.id = i,
                           .state = (uint32_t)field(v, at, row, "state"),
                           .parent = (uint32_t)field(v, at, row, "parent"),
                           .status = (uint32_t)field(v, at, row, "status"),
                           .frames = (uint32_t)field(v, at, row, "frames"),
                           .cycles = field(v, at, row, "cycles"),
                           .excess = field(v, at, row, "excess"),
                           .pc = field(v, ctx, "ctx", "pc"),
                           .sp = field(v, ctx, "ctx", "sp"),
                           .on_core = (uint32_t)field(v, private, "env", "on_core"),
                           .guard = name_at(v, address(v, at, row, "guard"))};
    program_of(v, private, out->program);
    return out->state != 0;
}

/* Who holds the frame: a bit in each environment's row of envs[]. */
static uint64_t frame_holders(const struct kernel_view *v, uint32_t frame)
{
    uint64_t held = 0;
    uint32_t n = kernel_view_envs(v);
    for (uint32_t e = 1; e < n; e++) {
        uint64_t bits =
            field(v, v->envs_at + e * types_size(v->types, "env"), "env", "held");
        if (bits != 0 && load(v, bits + frame / 32 * 4, 4) >> (frame % 32) & 1)
            held |= UINT64_C(1) << e;
    }
    return held;
}

bool kernel_view_frame(const struct kernel_view *v, uint32_t i, struct kv_frame *out)
{
    static const char row[] = "exo_frame";
    if (i >= kernel_view_frames(v))
        return false;
    uint64_t at = table(v, "frame") + i * types_size(v->types, row);
    uint64_t guard = address(v, at, row, "guard");
    *out = (struct kv_frame){
        .type = (uint32_t)field(v, at, row, "type"),
        .holders = (uint32_t)field(v, at, row, "holders"),
        .maps = (uint32_t)field(v, at, row, "maps"),
        .pins = (uint32_t)field(v, at, row, "pins"),
        .guard = {name_at(v, guard),
                  name_at(v, guard + types_size(v->types, "exo_name"))}};
    if (out->holders != 0)
        out->held = frame_holders(v, i);
    return true;
}

/* A field's value inside a row's bytes. */
static uint32_t in_row(const uint8_t *row, const struct types_field *f)
{
    uint32_t value = 0;
    memcpy(&value, row + f->offset, f->size < sizeof value ? f->size : sizeof value);
    return value;
}

static struct kv_name name_in_row(const uint8_t *raw)
{
    struct kv_name n = {.len = raw[0], .rights = raw[1]};
    memcpy(n.byte, raw + 2, sizeof n.byte);
    return n;
}

/* Each environment's bits of held frames, into the rows. */
static void holders_in_rows(const struct kernel_view *v, struct kv_frame *out, uint32_t n)
{
    uint32_t envs = kernel_view_envs(v), words = (n + 31) / 32;
    uint32_t *bits = mem_grow(NULL, words + 1, sizeof *bits);
    for (uint32_t e = 1; e < envs; e++) {
        uint64_t at =
            field(v, v->envs_at + e * types_size(v->types, "env"), "env", "held");
        if (at == 0 || !machine_peek(v->m, at, bits, words * sizeof *bits))
            continue;
        for (uint32_t w = 0; w < words; w++)
            for (uint32_t b = bits[w]; b; b &= b - 1) {
                uint32_t f = w * 32 + (uint32_t)__builtin_ctz(b);
                if (f < n && out[f].holders != 0)
                    out[f].held |= UINT64_C(1) << e;
            }
    }
    free(bits);
}

uint32_t kernel_view_frame_table(const struct kernel_view *v, struct kv_frame *out,
                                 uint32_t n)
{
    static const char row[] = "exo_frame";
    struct types_field type, holders, maps, pins, guard;
    size_t size = (size_t)types_size(v->types, row);
    size_t name = (size_t)types_size(v->types, "exo_name");
    uint32_t all = kernel_view_frames(v);
    n = n < all ? n : all;
    if (!types_field(v->types, row, "type", &type) ||
        !types_field(v->types, row, "holders", &holders) ||
        !types_field(v->types, row, "maps", &maps) ||
        !types_field(v->types, row, "pins", &pins) ||
        !types_field(v->types, row, "guard", &guard) || name < 8 ||
        guard.offset + 2 * name > size)
        return 0;
    uint8_t *raw = mem_grow(NULL, n + 1, size);
    if (!machine_peek(v->m, table(v, "frame"), raw, n * size))
        n = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint8_t *at = raw + i * size;
        out[i] = (struct kv_frame){.type = in_row(at, &type),
                                   .holders = in_row(at, &holders),
                                   .maps = in_row(at, &maps),
                                   .pins = in_row(at, &pins),
                                   .guard = {name_in_row(at + guard.offset),
                                             name_in_row(at + guard.offset + name)}};
    }
    free(raw);
    holders_in_rows(v, out, n);
    return n;
}

bool kernel_view_cap(const struct kernel_view *v, uint32_t env, uint32_t slot,
                     struct kv_name *out)
{
    if (env >= kernel_view_envs(v) || slot >= kernel_view_caps(v))
        return false;
    uint64_t row = v->envs_at + env * types_size(v->types, "env");
    *out = name_at(v, address(v, row, "env", "cap") +
                          slot * types_size(v->types, "exo_name"));
    return out->len != 0xff;
}

uint32_t kernel_view_slice(const struct kernel_view *v, uint32_t core, uint32_t slot)
{
    uint64_t base = table(v, "slice");
    uint32_t slots = kernel_view_slots(v);
    return base != 0 && slot < slots && core < BOARD_MAX_CORES
               ? (uint32_t)load(v, base + core * slots + slot, 1)
               : 0;
}

bool kernel_view_extent(const struct kernel_view *v, uint32_t i, struct kv_extent *out)
{
    static const char row[] = "exo_extent";
    uint64_t base = table(v, "extent");
    if (i >= kernel_view_extents(v) || base == 0)
        return false;
    uint64_t at = base + i * types_size(v->types, row);
    *out = (struct kv_extent){.first = (uint32_t)field(v, at, row, "first"),
                              .count = (uint32_t)field(v, at, row, "count"),
                              .requests = (uint32_t)field(v, at, row, "requests"),
                              .held = holders_of(v, at, row),
                              .guard = name_at(v, address(v, at, row, "guard"))};
    return out->count != 0;
}

bool kernel_view_ring(const struct kernel_view *v, uint32_t i, struct kv_ring *out)
{
    static const char row[] = "exo_ring";
    uint64_t base = table(v, "ring");
    if (i >= kernel_view_rings(v) || base == 0)
        return false;
    uint64_t at = base + i * types_size(v->types, row);
    *out = (struct kv_ring){.slots = (uint32_t)field(v, at, row, "slots"),
                            .queue = (uint32_t)field(v, at, row, "queue"),
                            .filters = (uint32_t)field(v, at, row, "filters"),
                            .held = holders_of(v, at, row),
                            .guard = name_at(v, address(v, at, row, "guard"))};
    return out->slots != 0;
}

/* ---- words ---- */

static const char *word(const char *const *words, size_t n, uint32_t i)
{
    return i < n ? words[i] : "?";
}

const char *kv_env_state(uint32_t state)
{
    static const char *const words[] = {"free",  "embryo", "ready",
                                        "sleep", "pct",    "dead"};
    return word(words, sizeof words / sizeof *words, state);
}

const char *kv_frame_type(uint32_t type)
{
    static const char *const words[] = {"free",   "kernel", "export",
                                        "module", "user",   "table"};
    return word(words, sizeof words / sizeof *words, type);
}

void kv_name_text(const struct kv_name *n, char *text, size_t max)
{
    size_t at = 0;
    if (n->len > sizeof n->byte) {
        snprintf(text, max, "none");
        return;
    }
    if (max > 0)
        *text = 0;
    for (unsigned i = 0; i < n->len && at < max; i++)
        at += (size_t)snprintf(text + at, max - at, "%s%u", i ? "." : "", n->byte[i]);
    if (at < max)
        snprintf(text + at, max - at, "%s %s%s%s", n->len ? "" : "root",
                 n->rights & 1 ? "r" : "", n->rights & 2 ? "w" : "",
                 n->rights & 4 ? "g" : "");
}
