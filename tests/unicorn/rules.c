// SPDX-License-Identifier: GPL-2.0-or-later
/* rules.c - see rules.h; and main(). */
#include "rules.h"
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Unicorn 2.1.1 loses 32 bytes an engine. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libunicorn\n";
}

/* clang-format off */
const struct isa isas[ISAS] = {
    {"riscv64", UC_ARCH_RISCV, UC_MODE_RISCV64, -1, UC_RISCV_REG_PC, UC_RISCV_REG_A0,
     UC_RISCV_REG_A1, 8, 8,
     {[INC] = {0x13, 0x05, 0x15, 0x00}, [LOAD] = {0x03, 0xb5, 0x05, 0x00},
      [STORE] = {0x23, 0xb0, 0xa5, 0x00}, [NEXT] = {0x6f, 0x00, 0x40, 0x00},
      [CALL] = {0x73, 0x00, 0x00, 0x00}, [UNDEF] = {0, 0, 0, 0},
      [BREAK] = {0x73, 0x00, 0x10, 0x00}},
     {4, 4, 4, 4, 4, 4, 4}},
    {"aarch64", UC_ARCH_ARM64, UC_MODE_ARM, UC_CPU_ARM64_A72, UC_ARM64_REG_PC, UC_ARM64_REG_X0,
     UC_ARM64_REG_X1, 8, 2,
     {[INC] = {0x00, 0x04, 0x00, 0x91}, [LOAD] = {0x20, 0x00, 0x40, 0xf9},
      [STORE] = {0x20, 0x00, 0x00, 0xf9}, [NEXT] = {0x01, 0x00, 0x00, 0x14},
      [CALL] = {0x01, 0x00, 0x00, 0xd4}, [UNDEF] = {0, 0, 0, 0},
      [BREAK] = {0x00, 0x00, 0x20, 0xd4}},
     {4, 4, 4, 4, 4, 4, 4}},
    {"x86_64", UC_ARCH_X86, UC_MODE_64, UC_CPU_X86_QEMU64, UC_X86_REG_RIP, UC_X86_REG_RAX,
     UC_X86_REG_RBX, 8, 0,
     {[INC] = {0x48, 0xff, 0xc0}, [LOAD] = {0x48, 0x8b, 0x03}, [STORE] = {0x48, 0x89, 0x03},
      [NEXT] = {0xeb, 0x00}, [CALL] = {0x0f, 0x05}, [UNDEF] = {0x0f, 0x0b}, [BREAK] = {0xcc}},
     {3, 3, 3, 2, 2, 2, 1}},
    {"mips32", UC_ARCH_MIPS, UC_MODE_MIPS32 | UC_MODE_LITTLE_ENDIAN, UC_CPU_MIPS32_P5600,
     UC_MIPS_REG_PC, UC_MIPS_REG_V0, UC_MIPS_REG_T0, 4, 17,
     {[INC] = {0x01, 0x00, 0x42, 0x24}, [LOAD] = {0x00, 0x00, 0x02, 0x8d},
      [STORE] = {0x00, 0x00, 0x02, 0xad}, [NEXT] = {0x01, 0x00, 0x00, 0x10, 0, 0, 0, 0},
      [CALL] = {0x0c, 0x00, 0x00, 0x00}, [UNDEF] = {0x3f, 0x00, 0x00, 0x7c},
      [BREAK] = {0x0d, 0x00, 0x00, 0x00}},
     {4, 4, 4, 8, 4, 4, 4}},
};
/* clang-format on */

static bool on_fill(uc_engine *uc, uint64_t va, uc_mem_type type, uc_tlb_entry *out,
                    void *data)
{
    (void)uc;
    struct uni *u = data;
    unsigned n = u->fills++ % 64;
    u->fill_at[n] = va;
    u->fill_type[n] = (int)type;
    if ((int)type == u->refuse_type && (va & ~UINT64_C(0xfff)) == u->refuse_page)
        return false;
    bool moved = u->move_to && (va & ~UINT64_C(0xfff)) == u->move_from;
    out->paddr = moved ? u->move_to | (va & 0xfff) : va;
    int asked = type == UC_MEM_FETCH   ? UC_PROT_EXEC
                : type == UC_MEM_WRITE ? UC_PROT_WRITE
                                       : UC_PROT_READ;
    out->perms = u->grant ? (uc_prot)u->grant : (uc_prot)asked;
    return va < RAM_SIZE || (va >= MMIO && va < MMIO + 0x1000);
}

static void on_intr(uc_engine *uc, uint32_t number, void *data)
{
    struct uni *u = data;
    u->intrs++;
    u->intr = number;
    u->intr_pc = uni_get(u, u->isa->pc);
    uc_emu_stop(uc);
}

static void on_syscall(uc_engine *uc, void *data)
{
    on_intr(uc, 0, data);
}

static void on_block(uc_engine *uc, uint64_t pc, uint32_t size, void *data)
{
    struct uni *u = data;
    unsigned n = u->blocks++ % 64;
    u->block_pc[n] = pc;
    u->block_size[n] = size;
    u->block_return[n] = __builtin_return_address(0);
    if (u->flush_in_block)
        uc_ctl_flush_tlb(uc);
    if (u->blocks == u->stop_at_block || u->stop_in_block)
        uc_emu_stop(uc);
}

static void on_insn(uc_engine *uc, uint64_t pc, uint32_t size, void *data)
{
    (void)size;
    struct uni *u = data;
    u->insns++;
    u->insn_pc = pc;
    if (pc == u->stop_at_insn)
        uc_emu_stop(uc);
}

static uint64_t on_read(uc_engine *uc, uint64_t off, unsigned size, void *data)
{
    (void)uc;
    struct uni *u = data;
    u->access_size[(u->reads + u->writes) % 8] = size;
    u->reads++;
    return 0x1000 + off;
}

static void on_write(uc_engine *uc, uint64_t off, unsigned size, uint64_t value,
                     void *data)
{
    (void)uc, (void)off, (void)value;
    struct uni *u = data;
    u->access_size[(u->reads + u->writes) % 8] = size;
    u->writes++;
    u->stop_in_block = true;
}

static void hook(struct uni *u, int type, void (*f)(void))
{
    uc_hook h;
    void *p;
    memcpy(&p, &f, sizeof p);
    uc_err e = type == UC_HOOK_INSN
                   ? uc_hook_add(u->uc, &h, type, p, u, 1, 0, UC_X86_INS_SYSCALL)
                   : uc_hook_add(u->uc, &h, type, p, u, 1, 0);
    CU_ASSERT_EQUAL_FATAL(e, UC_ERR_OK);
}

struct uni *uni_new(unsigned isa)
{
    struct uni *u = calloc(1, sizeof *u);
    u->isa = &isas[isa];
    u->ram = aligned_alloc(4096, RAM_SIZE);
    memset(u->ram, 0, RAM_SIZE);
    u->end = CODE;
    CU_ASSERT_EQUAL_FATAL(uc_open(u->isa->arch, (uc_mode)u->isa->mode, &u->uc),
                          UC_ERR_OK);
    CU_ASSERT_EQUAL(uc_ctl_set_tcg_buffer_size(u->uc, 4u << 20), UC_ERR_OK);
    if (u->isa->model >= 0)
        CU_ASSERT_EQUAL(uc_ctl_set_cpu_model(u->uc, u->isa->model), UC_ERR_OK);
    CU_ASSERT_EQUAL(uc_ctl_exits_enable(u->uc), UC_ERR_OK);
    CU_ASSERT_EQUAL(uc_ctl_tlb_mode(u->uc, UC_TLB_VIRTUAL), UC_ERR_OK);
    CU_ASSERT_EQUAL(uc_mem_map_ptr(u->uc, 0, RAM_SIZE, UC_PROT_ALL, u->ram), UC_ERR_OK);
    CU_ASSERT_EQUAL(uc_mmio_map(u->uc, MMIO, 0x1000, on_read, u, on_write, u), UC_ERR_OK);
    hook(u, UC_HOOK_TLB_FILL, (void (*)(void))on_fill);
    hook(u, UC_HOOK_INTR, (void (*)(void))on_intr);
    if (isa == X86)
        hook(u, UC_HOOK_INSN, (void (*)(void))on_syscall);
    return u;
}

void uni_free(struct uni *u)
{
    uc_close(u->uc);
    free(u->ram);
    free(u);
}

void uni_hook_blocks(struct uni *u)
{
    hook(u, UC_HOOK_BLOCK, (void (*)(void))on_block);
}

void uni_hook_insns(struct uni *u)
{
    hook(u, UC_HOOK_CODE, (void (*)(void))on_insn);
}

void uni_bytes(struct uni *u, const void *bytes, size_t n)
{
    memcpy(u->ram + u->end, bytes, n);
    u->end += n;
}

void uni_put(struct uni *u, enum snippet s)
{
    uni_bytes(u, u->isa->code[s], u->isa->len[s]);
}

void uni_begin(struct uni *u, uint64_t at)
{
    u->end = at;
    u->fills = u->blocks = u->intrs = u->reads = u->writes = u->insns = 0;
    u->stop_in_block = false;
    u->stop_at_block = 0;
    u->stop_at_insn = 0;
}

uc_err uni_run(struct uni *u, uint64_t pc)
{
    return uc_emu_start(u->uc, pc, 0, 0, 0);
}

uint64_t uni_get(struct uni *u, int reg)
{
    uint64_t v = 0;
    uc_reg_read(u->uc, reg, &v);
    return v;
}

void uni_set(struct uni *u, int reg, uint64_t value)
{
    uc_reg_write(u->uc, reg, &value);
}

int main(void)
{
    CU_SuiteInfo suites[] = {{"stopping", NULL, NULL, NULL, NULL, rules_stop_tests},
                             {"code", NULL, NULL, NULL, NULL, rules_code_tests},
                             {"faults", NULL, NULL, NULL, NULL, rules_fault_tests},
                             {"state", NULL, NULL, NULL, NULL, rules_state_tests},
                             {"x86 lengths", NULL, NULL, NULL, NULL, rules_x86_tests},
                             CU_SUITE_INFO_NULL};
    setvbuf(stdout, NULL, _IONBF, 0);
    if (CU_initialize_registry() != CUE_SUCCESS ||
        CU_register_suites(suites) != CUE_SUCCESS)
        return 2;
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed ? 1 : 0;
}
