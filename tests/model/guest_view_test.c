// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guest_view_test.c - the machine as hw.h describes it to models is the machine as exo/machine.h
 * and exo/hwtable.h describe it to guests. (The devices' registers are checked by use: the
 * other suites know them by the guest's names only.)
 */
#include "hw.h"
#include "suites.h"
#include <exo/hwtable.h>
#include <exo/machine.h>

#define SAME(a, b) CU_ASSERT_EQUAL((uint64_t)(a), (uint64_t)(b))

static void core_block(void)
{
    SAME(M_TABLE_BASE, HW_TABLE_BASE);
    SAME(M_KERNEL_BASE, HW_KERNEL_BASE);
    SAME(M_CORE_BASE, HW_CORE_BASE);
    SAME(M_EPC, HW_CORE_EPC_LO);
    SAME(M_USP, HW_CORE_USP_LO);
    SAME(M_CAUSE, HW_CORE_CAUSE);
    SAME(M_BADVADDR, HW_CORE_BADVADDR_LO);
    SAME(M_BADPAGE, HW_CORE_BADPAGE_LO);
    SAME(M_KSP, HW_CORE_KSP_LO);
    SAME(M_VECTOR, HW_CORE_VECTOR);
    SAME(M_CONTEXT, HW_CORE_CONTEXT);
    SAME(M_COREID, HW_CORE_ID);
    SAME(M_CORES, HW_CORE_COUNT);
    SAME(M_CYCLES, HW_CORE_CYCLES_LO);
    SAME(M_INSN_USER, HW_CORE_USER_LO);
    SAME(M_INSN_LIB, HW_CORE_LIB_LO);
    SAME(M_INSN_KERNEL, HW_CORE_KERNEL_LO);
    SAME(M_WAIT, HW_CORE_WAIT);
    SAME(M_HALT, HW_CORE_HALT);
    SAME(M_FPU, HW_CORE_FPU);
    SAME(M_PENDING, HW_CORE_PENDING);
    SAME(M_TRACE_A, HW_CORE_TRACE_A);
    SAME(M_TRACE_B, HW_CORE_TRACE_B);
    SAME(M_TRACE_EVENT, HW_CORE_TRACE_EVENT);
    SAME(M_REPORT, HW_CORE_REPORT);
    SAME(M_PANIC, HW_CORE_PANIC);
    SAME(M_IPI, HW_CORE_IPI);
    SAME(M_IPI_CLEAR, HW_CORE_IPI_CLEAR);
    SAME(M_MISS_VECTOR, HW_CORE_MISS_VECTOR);
}

static void causes(void)
{
    SAME(M_CAUSE_IRQ, HW_CAUSE_IRQ);
    SAME(M_CAUSE_SYSCALL, HW_CAUSE_SYSCALL);
    SAME(M_CAUSE_TLB_MISS, HW_CAUSE_TLB_MISS);
    SAME(M_CAUSE_PAGE, HW_CAUSE_PAGE);
    SAME(M_CAUSE_PROT, HW_CAUSE_PROT);
    SAME(M_CAUSE_ILLEGAL, HW_CAUSE_ILLEGAL);
    SAME(M_CAUSE_BREAK, HW_CAUSE_BREAK);
    SAME(M_CAUSE_UNALIGNED, HW_CAUSE_UNALIGNED);
    SAME(M_CAUSE_ARITH, HW_CAUSE_ARITH);
    SAME(M_CAUSE_BUS, HW_CAUSE_BUS);
    SAME(M_CAUSE_FP, HW_CAUSE_FP);
    SAME(M_CAUSE_CODE, HW_CAUSE_CODE);
    SAME(M_CAUSE_ACCESS_SHIFT, HW_CAUSE_ACCESS_SHIFT);
    SAME(M_CAUSE_BD, HW_CAUSE_BD);
}

static void hardware_table(void)
{
    SAME(EXO_HW_MAGIC, HW_TABLE_MAGIC);
    SAME(EXO_HW_VERSION, HW_TABLE_VERSION);
    SAME(EXO_HW_NAME_MAX, HW_NAME_MAX);
    SAME(EXO_HW_MAX_DEVICES, HW_MAX_DEVICES);
    SAME(EXO_HW_MAX_MODULES, HW_MAX_MODULES);
    SAME(EXO_HW_MAX_PARAMS, HW_MAX_PARAMS);
    SAME(sizeof(struct exo_hw_table), sizeof(struct hw_table));
    SAME(sizeof(struct exo_hw_device), sizeof(struct hw_table_device));
    SAME(sizeof(struct exo_hw_module), sizeof(struct hw_table_module));
    SAME(sizeof(struct exo_hw_report), sizeof(struct hw_report));
    SAME(offsetof(struct exo_hw_table, ram_size), offsetof(struct hw_table, ram_size));
    SAME(offsetof(struct exo_hw_table, board), offsetof(struct hw_table, board));
    SAME(offsetof(struct exo_hw_table, device), offsetof(struct hw_table, device));
    SAME(offsetof(struct exo_hw_table, module), offsetof(struct hw_table, module));
    SAME(offsetof(struct exo_hw_device, class_),
         offsetof(struct hw_table_device, class_));
    SAME(offsetof(struct exo_hw_device, params),
         offsetof(struct hw_table_device, params));
    SAME(offsetof(struct exo_hw_module, args_pa),
         offsetof(struct hw_table_module, args_pa));
    SAME(offsetof(struct exo_hw_module, kind), offsetof(struct hw_table_module, kind));
    SAME(offsetof(struct exo_hw_report, epc), offsetof(struct hw_report, epc));
    SAME(offsetof(struct exo_hw_report, program), offsetof(struct hw_report, program));
}

static void names(void)
{
    SAME(EXO_ISA_RISCV64, HW_ISA_RISCV64);
    SAME(EXO_ISA_AARCH64, HW_ISA_AARCH64);
    SAME(EXO_ISA_X86_64, HW_ISA_X86_64);
    SAME(EXO_ISA_MIPS32, HW_ISA_MIPS32);
    SAME(EXO_MMU_SOFTTLB, HW_MMU_SOFTTLB);
    SAME(EXO_MMU_RADIX, HW_MMU_RADIX);
    SAME(EXO_HW_CPU, HW_CLASS_CPU);
    SAME(EXO_HW_MMU, HW_CLASS_MMU);
    SAME(EXO_HW_INTC, HW_CLASS_INTC);
    SAME(EXO_HW_TIMER, HW_CLASS_TIMER);
    SAME(EXO_HW_CONSOLE, HW_CLASS_CONSOLE);
    SAME(EXO_HW_DISK, HW_CLASS_DISK);
    SAME(EXO_HW_NIC, HW_CLASS_NIC);
    SAME(EXO_MODULE_PROGRAM, HW_MODULE_PROGRAM);
    SAME(EXO_MODULE_FILE, HW_MODULE_FILE);
    SAME(EXO_MODULE_LIBRARY, HW_MODULE_LIBRARY);
}

void guest_view_suite(void)
{
    CU_pSuite s = CU_add_suite("guest_view", NULL, NULL);
    CU_add_test(s, "core control block", core_block);
    CU_add_test(s, "trap causes", causes);
    CU_add_test(s, "hardware table", hardware_table);
    CU_add_test(s, "ISAs, classes, kinds", names);
}
