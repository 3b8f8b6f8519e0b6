// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_abi.c - the machine is described twice, for the host (hw.h) and for guests (exo/): the two
 * must say the same. Nearly all of it fails to compile rather than to run. */
#include <CUnit/CUnit.h>
#include <exo/abi.h>
#include <exo/hwtable.h>
#include <exo/machine.h>
#include <exo/param.h>
#include <hw.h>
#include <string.h>

#include "board.h"
#include "calls.h"
#include "sim_suites.h"
#include "trace.h"

#define SAME(a, b) _Static_assert((uint64_t)(a) == (uint64_t)(b), #a " and " #b " differ")
#define SAME_FIELD(s, t, f) SAME(offsetof(struct s, f), offsetof(struct t, f))

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

SAME(EXO_HW_MAGIC, HW_TABLE_MAGIC);
SAME(EXO_HW_VERSION, HW_TABLE_VERSION);
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

SAME(sizeof(struct hw_table), sizeof(struct exo_hw_table));
SAME(sizeof(struct hw_table_device), sizeof(struct exo_hw_device));
SAME(sizeof(struct hw_table_module), sizeof(struct exo_hw_module));
SAME(sizeof(struct hw_report), sizeof(struct exo_hw_report));
SAME_FIELD(hw_table, exo_hw_table, page_shift);
SAME_FIELD(hw_table, exo_hw_table, free_base);
SAME_FIELD(hw_table, exo_hw_table, cycles_per_second);
SAME_FIELD(hw_table, exo_hw_table, board);
SAME_FIELD(hw_table, exo_hw_table, device);
SAME_FIELD(hw_table, exo_hw_table, module);
SAME_FIELD(hw_table_device, exo_hw_device, irq);
SAME_FIELD(hw_table_device, exo_hw_device, params);
SAME_FIELD(hw_table_module, exo_hw_module, size);
SAME_FIELD(hw_table_module, exo_hw_module, args_pa);
SAME_FIELD(hw_table_module, exo_hw_module, kind);
SAME_FIELD(hw_report, exo_hw_report, badvaddr);
SAME_FIELD(hw_report, exo_hw_report, program);

SAME(CALLS_FIRST, EXO_CALL_BASE);
SAME(CALLS_MAX, EXO_CALL_MAX);
SAME(BOARD_MAX_CORES, EXO_NCORE);

static void test_event_names(void)
{
    static const struct {
        unsigned number;
        const char *name;
    } all[] = {{EXO_TRACE_UPCALL, "upcall"},
               {EXO_TRACE_SLICE, "slice"},
               {EXO_TRACE_SLICE_END, "slice_end"},
               {EXO_TRACE_REVOKE, "revoke"},
               {EXO_TRACE_ABORT, "abort"},
               {EXO_TRACE_WAKE, "wake"},
               {EXO_TRACE_DEATH, "death"},
               {EXO_TRACE_CREATE, "create"},
               {EXO_TRACE_PCT, "pct"},
               {EXO_TRACE_FORCED, "forced"},
               {EXO_TRACE_EXTENT, "extent"},
               {EXO_TRACE_RING, "ring"},
               {EXO_TRACE_FILTER, "filter"},
               {EXO_TRACE_PACKET, "packet"},
               {EXO_TRACE_BATCHED, "batched"}};
    CU_ASSERT_EQUAL(TRACE_BATCHED, HW_EV_GUEST + EXO_TRACE_BATCHED);
    CU_ASSERT_EQUAL(TRACE_UPCALL, HW_EV_GUEST + EXO_TRACE_UPCALL);
    CU_ASSERT_EQUAL(TRACE_REVOKE, HW_EV_GUEST + EXO_TRACE_REVOKE);
    CU_ASSERT_EQUAL(TRACE_ABORT, HW_EV_GUEST + EXO_TRACE_ABORT);
    CU_ASSERT_EQUAL(TRACE_DEATH, HW_EV_GUEST + EXO_TRACE_DEATH);
    CU_ASSERT_EQUAL(TRACE_CREATE, HW_EV_GUEST + EXO_TRACE_CREATE);
    CU_ASSERT_EQUAL(TRACE_FORCED, HW_EV_GUEST + EXO_TRACE_FORCED);
    CU_ASSERT_EQUAL(TRACE_PACKET, HW_EV_GUEST + EXO_TRACE_PACKET);
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
        CU_ASSERT_STRING_EQUAL(trace_event_name(HW_EV_GUEST + all[i].number),
                               all[i].name);
}

void suite_abi(void)
{
    CU_pSuite s = CU_add_suite("abi", NULL, NULL);
    CU_add_test(s, "names of guest events", test_event_names);
}
