// SPDX-License-Identifier: GPL-2.0-or-later
/* mutate.c - changes for the file fuzzer. See mutate.h. */
#include "mutate.h"

#include <elf.h>
#include <libfdt.h>
#include <string.h>

/* splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators") */
static uint64_t stream_next(struct stream *s)
{
    uint64_t z = s->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t stream_below(struct stream *s, uint64_t n)
{
    return stream_next(s) % n;
}

/* A number at which code tends to go wrong. */
static uint64_t edge_number(struct stream *s)
{
    static const uint64_t edge[] = {0,
                                    1,
                                    2,
                                    3,
                                    4,
                                    8,
                                    12,
                                    31,
                                    32,
                                    63,
                                    64,
                                    0xff,
                                    0xfff,
                                    0x1000,
                                    0x1001,
                                    0xffff,
                                    0x10000,
                                    0x7fffffff,
                                    0x80000000,
                                    0xfffff000,
                                    0xffffffff,
                                    0x100000000,
                                    0x7fffffffffffffff,
                                    0x8000000000000000,
                                    0xfffffffffffff000,
                                    0xffffffffffffffff};
    switch (stream_below(s, 4)) {
    case 0: return stream_next(s);
    case 1: return stream_below(s, 256);
    case 2: return UINT64_C(1) << stream_below(s, 64);
    default: return edge[stream_below(s, sizeof edge / sizeof *edge)];
    }
}

/* Writes v as a field of n bytes; big: most significant byte first. */
static void put(uint8_t *to, uint64_t v, size_t n, int big)
{
    for (size_t i = 0; i < n; i++)
        to[big ? n - 1 - i : i] = (uint8_t)(v >> (8 * i));
}

static void change_length(struct stream *s, struct fuzz_case *c)
{
    if (stream_below(s, 2)) {
        c->len = stream_below(s, c->len + 1);
        return;
    }
    size_t more = stream_below(s, 512);
    if (more > CASE_MAX - c->len)
        more = CASE_MAX - c->len;
    memset(c->bytes + c->len, (int)stream_below(s, 256), more);
    c->len += more;
}

static void move_piece(struct stream *s, struct fuzz_case *c)
{
    size_t n = 1 + stream_below(s, c->len < 256 ? c->len : 256);
    size_t from = stream_below(s, c->len - n + 1), to = stream_below(s, c->len - n + 1);
    memmove(c->bytes + to, c->bytes + from, n);
}

void mutate_bytes(struct stream *s, struct fuzz_case *c)
{
    for (uint64_t n = 1 + stream_below(s, 4); n > 0 && c->len > 0; n--) {
        size_t at = stream_below(s, c->len);
        size_t width = (size_t)1 << stream_below(s, 4);
        switch (stream_below(s, 8)) {
        case 0: change_length(s, c); break;
        case 1: move_piece(s, c); break;
        case 2: c->bytes[at] ^= (uint8_t)(1u << stream_below(s, 8)); break;
        case 3: c->bytes[at] = (uint8_t)stream_next(s); break;
        default:
            at -= at % width;
            if (at + width <= c->len)
                put(c->bytes + at, edge_number(s), width, (int)stream_below(s, 2));
        }
    }
}

/* ---- device trees ---- */

static int random_node(struct stream *s, const void *fdt)
{
    int n = 0, chosen = 0;
    for (int node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL))
        if (stream_below(s, (uint64_t)++n) == 0)
            chosen = node;
    return chosen;
}

static const struct fdt_property *random_property(struct stream *s, const void *fdt,
                                                  int node, int *len)
{
    const struct fdt_property *chosen = NULL;
    int n = 0, offset, l;
    fdt_for_each_property_offset(offset, fdt, node)
    {
        const struct fdt_property *p = fdt_get_property_by_offset(fdt, offset, &l);
        if (p && stream_below(s, (uint64_t)++n) == 0) {
            chosen = p;
            *len = l;
        }
    }
    return chosen;
}

/* Random cells under `name`, or the value of another node's property. */
static void set_something(struct stream *s, void *fdt, int node, const char *name)
{
    uint8_t value[64];
    if (stream_below(s, 3) == 0) {
        int len = 0;
        const struct fdt_property *p = random_property(s, fdt, random_node(s, fdt), &len);
        if (!p || len > (int)sizeof value)
            return;
        memcpy(value, p->data, (size_t)len);
        fdt_setprop(fdt, node, name, value, len);
        return;
    }
    size_t cells = stream_below(s, 5);
    for (size_t i = 0; i < cells; i++)
        put(value + 4 * i, edge_number(s), 4, 1);
    size_t odd = stream_below(s, 8) == 0;
    fdt_setprop(fdt, node, name, value, (int)(4 * cells - (cells ? odd : 0)));
}

static void change_node(struct stream *s, void *fdt)
{
    int node = random_node(s, fdt);
    char name[48];
    int n = 0;
    const char *old = fdt_get_name(fdt, node, &n);
    size_t len = old ? strnlen(old, sizeof name - 1) : 0;
    if (old)
        memcpy(name, old, len);
    name[len] = '\0';
    switch (stream_below(s, 4)) {
    case 0: fdt_del_node(fdt, node); break;
    case 1:
        if (len)
            name[stream_below(s, len)] = (char)('!' + stream_below(s, 90));
        fdt_set_name(fdt, node, name);
        break;
    case 2:
        if (len)
            name[len - 1] ^= 1;
        fdt_add_subnode(fdt, random_node(s, fdt), name);
        break;
    default: fdt_add_subnode(fdt, node, "cpu@1"); break;
    }
}

void mutate_tree(struct stream *s, struct fuzz_case *c)
{
    static uint8_t tree[CASE_MAX];
    if (fdt_check_full(c->bytes, c->len) != 0 ||
        fdt_open_into(c->bytes, tree, (int)sizeof tree) != 0)
        return;
    for (uint64_t n = 1 + stream_below(s, 3); n > 0; n--) {
        int node = random_node(s, tree), len = 0;
        const struct fdt_property *p = random_property(s, tree, node, &len);
        char name[64] = "reg";
        if (p)
            strncpy(name, fdt_string(tree, (int)fdt32_to_cpu(p->nameoff)),
                    sizeof name - 1);
        switch (stream_below(s, 6)) {
        case 0: fdt_delprop(tree, node, name); break;
        case 1: change_node(s, tree); break;
        case 2: set_something(s, tree, random_node(s, tree), name); break;
        default: set_something(s, tree, node, name); break;
        }
    }
    fdt_pack(tree);
    c->len = fdt_totalsize(tree);
    memcpy(c->bytes, tree, c->len);
}

/* ---- ELF ---- */

struct field {
    uint16_t offset, size;
};
#define FIELD(type, member)                                                              \
    {                                                                                    \
        offsetof(type, member), sizeof(((type *)0)->member)                              \
    }
#define EHDR(n)                                                                          \
    FIELD(Elf##n##_Ehdr, e_type), FIELD(Elf##n##_Ehdr, e_machine),                       \
        FIELD(Elf##n##_Ehdr, e_version), FIELD(Elf##n##_Ehdr, e_entry),                  \
        FIELD(Elf##n##_Ehdr, e_phoff), FIELD(Elf##n##_Ehdr, e_shoff),                    \
        FIELD(Elf##n##_Ehdr, e_ehsize), FIELD(Elf##n##_Ehdr, e_phentsize),               \
        FIELD(Elf##n##_Ehdr, e_phnum), FIELD(Elf##n##_Ehdr, e_shnum)
#define PHDR(n)                                                                          \
    FIELD(Elf##n##_Phdr, p_type), FIELD(Elf##n##_Phdr, p_flags),                         \
        FIELD(Elf##n##_Phdr, p_offset), FIELD(Elf##n##_Phdr, p_vaddr),                   \
        FIELD(Elf##n##_Phdr, p_paddr), FIELD(Elf##n##_Phdr, p_filesz),                   \
        FIELD(Elf##n##_Phdr, p_memsz), FIELD(Elf##n##_Phdr, p_align)
static const struct field ehdr64[] = {EHDR(64)}, ehdr32[] = {EHDR(32)};
static const struct field phdr64[] = {PHDR(64)}, phdr32[] = {PHDR(32)};
#define COUNT(a) (sizeof(a) / sizeof *(a))

void mutate_elf(struct stream *s, struct fuzz_case *c)
{
    if (c->len < sizeof(Elf64_Ehdr))
        return;
    int is64 = c->bytes[EI_CLASS] == ELFCLASS64;
    size_t header = is64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
    size_t entry = is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
    for (uint64_t n = 1 + stream_below(s, 3); n > 0; n--) {
        struct field f;
        size_t base = 0;
        if (stream_below(s, 3) == 0) {
            f = is64 ? ehdr64[stream_below(s, COUNT(ehdr64))]
                     : ehdr32[stream_below(s, COUNT(ehdr32))];
        } else {
            f = is64 ? phdr64[stream_below(s, COUNT(phdr64))]
                     : phdr32[stream_below(s, COUNT(phdr32))];
            base = header + entry * stream_below(s, 4);
        }
        if (base + f.offset + f.size <= c->len)
            put(c->bytes + base + f.offset, edge_number(s), f.size, 0);
    }
}

#define MAKE_ELF(n)                                                                      \
    static void make_elf##n(struct fuzz_case *c, unsigned machine)                       \
    {                                                                                    \
        Elf##n##_Ehdr h = {.e_type = ET_EXEC,                                            \
                           .e_machine = (uint16_t)machine,                               \
                           .e_version = EV_CURRENT,                                      \
                           .e_entry = 0x400010,                                          \
                           .e_phoff = sizeof h,                                          \
                           .e_ehsize = sizeof h,                                         \
                           .e_phentsize = sizeof(Elf##n##_Phdr),                         \
                           .e_phnum = 2};                                                \
        Elf##n##_Phdr ph[2] = {{.p_type = PT_LOAD,                                       \
                                .p_flags = PF_R | PF_X,                                  \
                                .p_offset = 0,                                           \
                                .p_vaddr = 0x400000,                                     \
                                .p_paddr = 0x400000,                                     \
                                .p_filesz = 0x1000,                                      \
                                .p_memsz = 0x1000,                                       \
                                .p_align = 0x1000},                                      \
                               {.p_type = PT_LOAD,                                       \
                                .p_flags = PF_R | PF_W,                                  \
                                .p_offset = 0x1000,                                      \
                                .p_vaddr = 0x500000,                                     \
                                .p_paddr = 0x500000,                                     \
                                .p_filesz = 0x100,                                       \
                                .p_memsz = 0x3000,                                       \
                                .p_align = 0x1000}};                                     \
        memcpy(h.e_ident, ELFMAG, SELFMAG);                                              \
        h.e_ident[EI_CLASS] = ELFCLASS##n;                                               \
        h.e_ident[EI_DATA] = ELFDATA2LSB;                                                \
        h.e_ident[EI_VERSION] = EV_CURRENT;                                              \
        c->len = 0x1100;                                                                 \
        memset(c->bytes, 0, c->len);                                                     \
        memcpy(c->bytes, &h, sizeof h);                                                  \
        memcpy(c->bytes + sizeof h, ph, sizeof ph);                                      \
    }
MAKE_ELF(32)
MAKE_ELF(64)

void make_elf(struct fuzz_case *c, unsigned machine, int is64)
{
    if (is64)
        make_elf64(c, machine);
    else
        make_elf32(c, machine);
}
