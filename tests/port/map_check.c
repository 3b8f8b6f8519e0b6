// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * map_check FILE... - codemap.h against what others say of the same images: instruction lengths and
 * stores against capstone's, functions against the symbol table, files against the source
 * tree's top folders; and the sums of a made-up profile. Exit 0: all agree.
 */
#include <capstone/capstone.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codemap.h"
#include "profile.h"
#include "symbols.h"

static int wrong;

#define EXPECT(cond, ...)                                                                \
    do {                                                                                 \
        if (!(cond)) {                                                                   \
            printf("%s:%d: ", __FILE__, __LINE__);                                       \
            printf(__VA_ARGS__);                                                         \
            putchar('\n');                                                               \
            wrong++;                                                                     \
        }                                                                                \
    } while (0)

/* The file, read whole, to look at code bytes by program header. */
struct file {
    uint8_t *bytes;
    size_t n;
};

static struct file read_file(const char *path)
{
    struct file f = {0};
    FILE *in = fopen(path, "rb");
    if (!in)
        return f;
    fseek(in, 0, SEEK_END);
    f.n = (size_t)ftell(in);
    rewind(in);
    f.bytes = malloc(f.n);
    if (fread(f.bytes, 1, f.n, in) != f.n)
        f.n = 0;
    fclose(in);
    return f;
}

static const uint8_t *loaded(const struct file *f, uint64_t va)
{
    if (f->bytes[EI_CLASS] == ELFCLASS64) {
        const Elf64_Ehdr *h = (const void *)f->bytes;
        const Elf64_Phdr *p = (const void *)(f->bytes + h->e_phoff);
        for (unsigned i = 0; i < h->e_phnum; i++)
            if (p[i].p_type == PT_LOAD && va - p[i].p_vaddr < p[i].p_filesz)
                return f->bytes + p[i].p_offset + (va - p[i].p_vaddr);
    } else {
        const Elf32_Ehdr *h = (const void *)f->bytes;
        const Elf32_Phdr *p = (const void *)(f->bytes + h->e_phoff);
        for (unsigned i = 0; i < h->e_phnum; i++)
            if (p[i].p_type == PT_LOAD && va - p[i].p_vaddr < p[i].p_filesz)
                return f->bytes + p[i].p_offset + (va - p[i].p_vaddr);
    }
    return NULL;
}

static csh open_capstone(uint16_t machine)
{
    csh h = 0;
    cs_err e = CS_ERR_ARCH;
    if (machine == EM_RISCV)
        e = cs_open(CS_ARCH_RISCV, CS_MODE_RISCV64 | CS_MODE_RISCVC, &h);
    else if (machine == EM_AARCH64)
        e = cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &h);
    else if (machine == EM_X86_64)
        e = cs_open(CS_ARCH_X86, CS_MODE_64, &h);
    else if (machine == EM_MIPS)
        e = cs_open(CS_ARCH_MIPS, CS_MODE_MIPS32 | CS_MODE_LITTLE_ENDIAN, &h);
    return e == CS_ERR_OK ? h : 0;
}

/* Bytes a store of that name writes, by the names of the manuals; -1: no plain store. */
static int named_store(uint16_t machine, const char *name, const char *operands)
{
    static const struct {
        uint16_t machine;
        const char *name;
        int bytes;
    } known[] = {
        {EM_RISCV, "sb", 1},     {EM_RISCV, "sh", 2},      {EM_RISCV, "sw", 4},
        {EM_RISCV, "sd", 8},     {EM_RISCV, "fsw", 4},     {EM_RISCV, "fsd", 8},
        {EM_RISCV, "c.sw", 4},   {EM_RISCV, "c.sd", 8},    {EM_RISCV, "c.swsp", 4},
        {EM_RISCV, "c.sdsp", 8}, {EM_RISCV, "c.fsd", 8},   {EM_RISCV, "c.fsdsp", 8},
        {EM_MIPS, "sb", 1},      {EM_MIPS, "sh", 2},       {EM_MIPS, "sw", 4},
        {EM_MIPS, "swc1", 4},    {EM_MIPS, "sdc1", 8},     {EM_AARCH64, "strb", 1},
        {EM_AARCH64, "strh", 2}, {EM_AARCH64, "sturb", 1}, {EM_AARCH64, "sturh", 2},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].machine == machine && strcmp(known[i].name, name) == 0)
            return known[i].bytes;
    if (machine != EM_AARCH64)
        return -1;
    int times = strcmp(name, "stp") == 0                                ? 2
                : strcmp(name, "str") == 0 || strcmp(name, "stur") == 0 ? 1
                                                                        : 0;
    switch (operands[0]) {
    case 'w':
    case 's': return times ? 4 * times : -1;
    case 'x':
    case 'd': return times ? 8 * times : -1;
    case 'q': return times ? 16 * times : -1;
    default: return -1;
    }
}

/* Every instruction of every place, as capstone sees it. */
static void check_code(const char *path, const struct codemap *m, const struct file *f)
{
    uint16_t machine = ((const Elf32_Ehdr *)(const void *)f->bytes)->e_machine;
    csh h = open_capstone(machine);
    unsigned long seen = 0, stores = 0;
    for (uint32_t i = 0; i < codemap_places(m); i++) {
        const struct codemap_place *p = codemap_place(m, i);
        uint64_t pc = p->start;
        EXPECT(codemap_find(m, pc) == i, "%s: place %u is not found", path, i);
        while (pc < p->end) {
            unsigned length = codemap_length(m, pc);
            const uint8_t *code = loaded(f, pc);
            cs_insn *insn;
            if (length == 0 || !code) {
                EXPECT(false, "%s: no instruction at 0x%llx", path,
                       (unsigned long long)pc);
                break;
            }
            if (cs_disasm(h, code, 16, pc, 1, &insn) == 1) {
                seen++;
                EXPECT(insn->size == length, "%s: 0x%llx %s: length %u, capstone %u",
                       path, (unsigned long long)pc, insn->mnemonic, length, insn->size);
                int bytes = named_store(machine, insn->mnemonic, insn->op_str);
                stores += bytes > 0;
                EXPECT(bytes < 0 || codemap_stored(m, pc) == (unsigned)bytes,
                       "%s: 0x%llx %s %s: stores %u, expected %d", path,
                       (unsigned long long)pc, insn->mnemonic, insn->op_str,
                       codemap_stored(m, pc), bytes);
                bool loads = insn->mnemonic[0] == 'l' && machine != EM_X86_64;
                EXPECT(!loads || codemap_stored(m, pc) == 0, "%s: %s %s stores", path,
                       insn->mnemonic, insn->op_str);
                cs_free(insn, 1);
            }
            pc += length;
        }
        EXPECT(pc == p->end, "%s: place %u ends inside an instruction", path, i);
    }
    cs_close(&h);
    EXPECT(seen > 1000, "%s: only %lu instructions", path, seen);
    EXPECT(machine == EM_X86_64 || stores > 100, "%s: only %lu stores", path, stores);
}

/* Names and files: a function's code is called as its symbol, and lies in the tree. */
static void check_names(const char *path, const struct codemap *m)
{
    unsigned assembly = 0, port = 0;
    for (uint32_t i = 0; i < codemap_functions(m); i++) {
        const struct codemap_function *f = codemap_function(m, i);
        EXPECT(strncmp(f->file, "exo/", 4) == 0 || strncmp(f->file, "libos/", 6) == 0 ||
                   strncmp(f->file, "workloads/", 10) == 0 ||
                   strncmp(f->file, "tests/", 6) == 0 || strstr(f->file, "clang"),
               "%s: %s is in %s", path, f->name, f->file);
        assembly += strstr(f->file, ".S") != NULL;
        port += strncmp(f->file, "libos/port/", 11) == 0 ||
                strncmp(f->file, "exo/mmu/", 8) == 0;
    }
    EXPECT(assembly >= 3, "%s: %u assembly functions", path, assembly);
    EXPECT(port >= 5, "%s: %u functions of the port", path, port);
    uint64_t at = symbols_address(path, "memcpy");
    uint32_t place = codemap_find(m, at);
    EXPECT(at != 0 && place != CODEMAP_NONE, "%s: no memcpy", path);
    if (place != CODEMAP_NONE) {
        const struct codemap_function *f =
            codemap_function(m, codemap_place(m, place)->function);
        EXPECT(strstr(f->file, "/mem.c") && f->line > 0, "%s: memcpy is %s of %s:%u",
               path, f->name, f->file, f->line);
    }
}

static bool all(const struct codemap_function *f)
{
    (void)f;
    return true;
}

/* A run over one place, twice, and part of it taken back. */
static void check_sums(const char *path, const struct codemap *m)
{
    struct profile *p = profile_new(m, m);
    struct profile_sums s;
    uint32_t at = codemap_find(m, symbols_address(path, "memcpy"));
    const struct codemap_place *place = codemap_place(m, at);
    int64_t n = 0;
    uint64_t last = place->start;
    for (uint64_t pc = place->start; pc < place->end; pc += codemap_length(m, pc), n++)
        last = pc;
    profile_retired(p, 0, 1, true, place->start, n);
    profile_retired(p, 0, 1, true, place->start, n);
    profile_retired(p, 0, 1, true, last, -1);
    profile_retired(p, 0, 1, false, 0x10, 3);
    profile_settle(p, all, &s);
    EXPECT(s.part[PROFILE_KERNEL] == (uint64_t)(2 * n - 1), "%s: %llu instructions", path,
           (unsigned long long)s.part[PROFILE_KERNEL]);
    EXPECT(profile_kernel(p, at) == (uint64_t)(2 * n - 1), "%s: the place's sum", path);
    EXPECT(s.part[PROFILE_APPLICATION] == 3 && s.unknown[PROFILE_APPLICATION] == 3,
           "%s: code of no image", path);
    profile_clear(p);
    profile_settle(p, NULL, &s);
    EXPECT(s.part[PROFILE_KERNEL] == 0 && profile_kernel(p, at) == 0, "%s: clear", path);
    profile_free(p);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct codemap *m;
        struct err err;
        struct file f = read_file(argv[i]);
        if (f.n == 0 || codemap_open(argv[i], &m, &err)) {
            printf("%s: %s\n", argv[i], f.n ? err.msg : "cannot be read");
            return 1;
        }
        check_code(argv[i], m, &f);
        check_names(argv[i], m);
        check_sums(argv[i], m);
        codemap_close(m);
        free(f.bytes);
    }
    struct codemap *none;
    struct err err;
    EXPECT(codemap_open("/dev/null", &none, &err) == ERR_USER && !none, "a file of none");
    EXPECT(codemap_open("/nonexistent", &none, &err) == ERR_USER, "no file");
    if (wrong == 0)
        printf("%d images agree\n", argc - 1);
    return wrong != 0;
}
