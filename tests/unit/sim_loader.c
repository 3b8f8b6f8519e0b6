// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_loader.c - executables good and bad, and the layout of RAM at start. */
#include <CUnit/CUnit.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim_fake.h"
#include "sim_suites.h"

static const struct hw_cpu_ops *cpu(void)
{
    return model_cpu(fake_models[0]);
}

static Elf64_Ehdr *ehdr(struct fake_elf *e)
{
    return (Elf64_Ehdr *)(void *)e->bytes;
}

static Elf64_Phdr *phdr(struct fake_elf *e, unsigned i)
{
    return (Elf64_Phdr *)(void *)(e->bytes + sizeof(Elf64_Ehdr)) + i;
}

static void test_good(void)
{
    struct fake_elf e;
    struct image im;
    struct err err = {""};
    fake_elf(&e, 0x400000, "code", 4);
    CU_ASSERT_EQUAL(image_check(&im, e.bytes, e.n, "x", cpu(), &err), 0);
    CU_ASSERT_EQUAL(im.nseg, 1);
    CU_ASSERT_EQUAL(im.seg[0].va, 0x400000);
    CU_ASSERT_EQUAL(im.seg[0].file_size, 4);
    CU_ASSERT_EQUAL(im.seg[0].mem_size, 68);
    CU_ASSERT_TRUE(im.seg[0].exec);
    CU_ASSERT_FALSE(im.seg[0].write);
    CU_ASSERT_EQUAL(im.extent, 0x1004);
}

static void refuse(const struct fake_elf *e, size_t n, const char *words)
{
    struct image im;
    struct err err = {""};
    int rc = image_check(&im, e->bytes, n, "prog", cpu(), &err);
    CU_ASSERT_EQUAL(rc, ERR_USER);
    if (!strstr(err.msg, words))
        fprintf(stderr, "\"%s\" lacks \"%s\"\n", err.msg, words);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, words));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "prog"));
}

static void test_bad(void)
{
    struct fake_elf good, e;
    fake_elf(&good, 0x400000, "code", 4);
    refuse(&good, 0, "not an ELF file");
    refuse(&good, 3, "not an ELF file");
    refuse(&good, 40, "ELF");
    refuse(&good, 64, "truncated");
    refuse(&good, 100, "truncated");
    refuse(&good, 0x1003, "truncated: segment 0 needs bytes 0x1000 to 0x1004");
    e = good;
    e.bytes[0] = 'x';
    refuse(&e, e.n, "not an ELF file");
    e = good;
    ehdr(&e)->e_machine = EM_X86_64;
    refuse(&e, e.n, "built for x86-64 (ELF machine 62), expected RISC-V");
    e = good;
    ehdr(&e)->e_type = ET_REL;
    refuse(&e, e.n, "not linked yet");
    e = good;
    ehdr(&e)->e_type = ET_DYN;
    refuse(&e, e.n, "static executable");
    e = good;
    ehdr(&e)->e_entry = 0x500000;
    refuse(&e, e.n, "entry point 0x500000");
    e = good;
    phdr(&e, 0)->p_flags = PF_R | PF_W;
    refuse(&e, e.n, "entry point");
    e = good;
    phdr(&e, 0)->p_type = PT_INTERP;
    refuse(&e, e.n, "dynamically linked");
    e = good;
    phdr(&e, 0)->p_filesz = 69;
    refuse(&e, e.n, "in the file for");
    e = good;
    phdr(&e, 0)->p_offset = UINT64_MAX - 1;
    refuse(&e, e.n, "truncated");
    e = good;
    phdr(&e, 0)->p_vaddr = UINT64_MAX - 8;
    refuse(&e, e.n, "leaves the address space");
    e = good;
    phdr(&e, 0)->p_offset = 0xfff;
    refuse(&e, e.n, "modulo the alignment");
    e = good;
    ehdr(&e)->e_phoff = 0x100000;
    refuse(&e, e.n, "runcated");
    e = good;
    ehdr(&e)->e_phnum = 2;
    *phdr(&e, 1) = *phdr(&e, 0);
    phdr(&e, 1)->p_vaddr += 0x40;
    phdr(&e, 1)->p_align = 1;
    refuse(&e, e.n, "overlaps the one at 0x400000");
}

static void test_class(void)
{
    /* a 32-bit program of the right machine */
    struct fake_elf e = {.n = 4096};
    Elf32_Ehdr h = {
        .e_type = ET_EXEC, .e_machine = FAKE_MACHINE, .e_version = EV_CURRENT};
    memcpy(h.e_ident, ELFMAG, SELFMAG);
    h.e_ident[EI_CLASS] = ELFCLASS32;
    h.e_ident[EI_DATA] = ELFDATA2LSB;
    h.e_ident[EI_VERSION] = EV_CURRENT;
    memcpy(e.bytes, &h, sizeof h);
    refuse(&e, e.n, "a 32-bit program, expected 64 bits");
}

struct loaded {
    uint8_t *ram;
    struct hw_table table;
    uint64_t entry;
};

#define RAM 0x200000u

static int load(struct loaded *l, const struct load_plan *plan, uint64_t ram,
                struct err *err)
{
    memset(l, 0, sizeof *l);
    l->ram = calloc(1, RAM);
    return load_machine(plan, cpu(), l->ram, ram, &l->table, &l->entry, err);
}

static void test_layout(void)
{
    struct fake_elf kernel, prog;
    struct err err = {""};
    struct loaded l;
    fake_elf(&kernel, HW_KERNEL_BASE, "KERNEL", 6);
    fake_elf(&prog, 0x400000, "PROG", 4);
    memcpy(prog.bytes + prog.n, "debugging information", 21); /* not loaded */
    char *k = fake_file(kernel.bytes, kernel.n), *p = fake_file(prog.bytes, prog.n + 21);
    char *f = fake_file("some text\n", 10);
    char *argv[] = {"prog", "", "two words", NULL};
    struct load_plan plan = {.kernel = mem_str(k)};
    CU_ASSERT_EQUAL(plan_add(&plan, "prog", p, HW_MODULE_PROGRAM, 3, argv, &err), 0);
    CU_ASSERT_EQUAL(plan_add(&plan, "file", f, HW_MODULE_FILE, 0, NULL, &err), 0);
    CU_ASSERT_EQUAL_FATAL(load(&l, &plan, RAM, &err), 0);
    CU_ASSERT_EQUAL(l.entry, HW_KERNEL_BASE);
    CU_ASSERT_EQUAL(memcmp(l.ram + HW_KERNEL_BASE, "KERNEL", 7), 0);
    CU_ASSERT_EQUAL(l.table.nmodules, 2);
    const struct hw_table_module *m = &l.table.module[0];
    CU_ASSERT_STRING_EQUAL(m->name, "prog");
    CU_ASSERT_EQUAL(m->pa, HW_KERNEL_BASE + 0x1000);
    CU_ASSERT_EQUAL(m->size, 0x1004);
    CU_ASSERT_EQUAL(memcmp(l.ram + m->pa + 0x1000, "PROG\0\0", 6), 0);
    CU_ASSERT_EQUAL(m->argc, 3);
    CU_ASSERT_EQUAL(m->args_len, 5 + 1 + 10);
    CU_ASSERT_EQUAL(memcmp(l.ram + m->args_pa, "prog\0\0two words", 16), 0);
    m = &l.table.module[1];
    CU_ASSERT_EQUAL(m->kind, HW_MODULE_FILE);
    CU_ASSERT_EQUAL(m->pa % 4096, 0);
    CU_ASSERT_EQUAL(m->size, 10);
    CU_ASSERT_EQUAL(memcmp(l.ram + m->pa, "some text\n", 11), 0);
    CU_ASSERT_EQUAL(l.table.free_base % 4096, 0);
    CU_ASSERT_TRUE(l.table.free_base > m->pa + m->size);
    free(l.ram);
    /* not enough RAM for any of it */
    for (uint64_t ram = HW_KERNEL_BASE + 0x1000; ram < l.table.free_base; ram += 4096) {
        CU_ASSERT_EQUAL(load(&l, &plan, ram, &err), ERR_USER);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "--mem"));
        free(l.ram);
    }
    unlink(f);
    CU_ASSERT_EQUAL(load(&l, &plan, RAM, &err), ERR_USER);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "--file file=/tmp/exosim-test-"));
    free(l.ram);
    unlink(k);
    CU_ASSERT_EQUAL(load(&l, &plan, RAM, &err), ERR_USER);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "no exokernel"));
    free(l.ram);
    unlink(p);
    plan_free(&plan);
    free(k);
    free(p);
    free(f);
}

static void test_plan(void)
{
    struct load_plan plan = {0};
    struct err err;
    CU_ASSERT_EQUAL(plan_add(&plan, "", "x", HW_MODULE_FILE, 0, NULL, &err), ERR_USER);
    CU_ASSERT_EQUAL(plan_add(&plan, "12345678901234567890123456789012", "x",
                             HW_MODULE_FILE, 0, NULL, &err),
                    ERR_USER);
    for (unsigned i = 0; i < HW_MAX_MODULES; i++)
        CU_ASSERT_EQUAL(plan_add(&plan, "1234567890123456789012345678901", "x",
                                 HW_MODULE_FILE, 0, NULL, &err),
                        0);
    CU_ASSERT_EQUAL(plan_add(&plan, "x", "x", HW_MODULE_FILE, 0, NULL, &err), ERR_USER);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "one boot module too many"));
    plan_free(&plan);
}

void suite_loader(void)
{
    CU_pSuite s = CU_add_suite("loader", NULL, NULL);
    CU_add_test(s, "a good executable", test_good);
    CU_add_test(s, "bad executables", test_bad);
    CU_add_test(s, "wrong class", test_class);
    CU_add_test(s, "layout", test_layout);
    CU_add_test(s, "plan", test_plan);
}
