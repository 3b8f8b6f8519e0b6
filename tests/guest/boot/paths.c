// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * paths.c - every way into the kernel and back leaves every register as it says. Without
 * a library OS; run two of it: environment 1 tests (TAP on the console), 2 answers
 * protected control transfers and competes for the processor and its floating point
 * registers.
 */
#include "probe.h"
#include <exo/machine.h>

_Static_assert(EXO_UPAGE_VA == 0x7e000000u, "<isa>.S");

void program(const struct exo_args *args);
void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memset(void *to, int byte, size_t n);

#define FOREIGN 0x1234 /* not the kernel's number */
#define SERVER 2

static exo_word in[PROBE_REGS] __attribute__((aligned(16)));
static exo_word out[PROBE_REGS] __attribute__((aligned(16)));
static uint64_t fp_in[PROBE_FP], fp_out[PROBE_FP];
static uint32_t tests, failed;
static volatile exo_word word;

/* What a compiler may call. */
void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((volatile char *)to)[i] = ((const char *)from)[i];
    return to;
}

void *memset(void *to, int byte, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((volatile char *)to)[i] = (char)byte;
    return to;
}

static void print(const char *s)
{
    size_t n = 0;
    while (s[n] != 0)
        n++;
    exo_console_write((exo_word)s, n);
}

static void print_number(exo_word v, unsigned base)
{
    char digits[24];
    size_t at = sizeof digits;
    digits[--at] = 0;
    do {
        digits[--at] = "0123456789abcdef"[v % base];
        v /= base;
    } while (v != 0);
    print(&digits[at]);
}

static void check(bool ok, const char *what)
{
    failed += !ok;
    print(ok ? "ok " : "not ok ");
    print_number(++tests, 10);
    print(" - ");
    print(what);
    print("\n");
}

static void show(const char *what, exo_word got, exo_word expected)
{
    print("# ");
    print(what);
    print(" 0x");
    print_number(got, 16);
    print(", expected 0x");
    print_number(expected, 16);
    print("\n");
}

static bool unused(uint32_t n)
{
    return n >= probe_isa.regs || (probe_isa.unused >> n & 1) != 0;
}

/* Every register its own value, negative ones too; `word` is where stores go. */
static void fill(void)
{
    for (uint32_t n = 0; n < PROBE_REGS; n++) {
        in[n] = (exo_word)0x9e3779b97f4a7c15ull * (n + 1);
        out[n] = 0;
    }
    in[probe_isa.address] = (exo_word)&word;
    in[probe_isa.count] = 1;
}

/* All registers are as before, but for those in the mask. */
static bool same(uint32_t except)
{
    bool ok = true;
    for (uint32_t n = 0; n < PROBE_REGS; n++) {
        if (unused(n) || except >> n & 1 || in[n] == out[n])
            continue;
        print("# register ");
        print_number(n, 10);
        show(" is", out[n], in[n]);
        ok = false;
    }
    return ok;
}

/* A software TLB may forget what nobody brings back here: wire all the program needs. */
static void wire(void)
{
    const struct exo_upage *up = (const struct exo_upage *)EXO_UPAGE_VA;
    const struct exo_boot *boot = (const void *)up->library;
    const struct exo_kinfo *k = (const struct exo_kinfo *)EXO_EXPORT_VA;
    exo_word slot = 0;
    for (uint32_t r = 0; r < boot->nruns; r++) {
        const struct exo_boot_run *run = &boot->run[r];
        bool top = run->va + (run->pages << k->page_shift) == EXO_STACK_TOP;
        if (run->va == EXO_UPAGE_VA)
            continue;
        uint32_t first = top ? run->pages - 1 : 0;
        uint32_t pages = run->va == EXO_EXPORT_VA ? 1 : run->pages;
        for (uint32_t p = first; p < pages; p++)
            if (exo_tlb_wire(0, 0, slot++, (run->va + (p << k->page_shift)) | run->flags,
                             run->frame + p, 0) != 0)
                exo_env_exit(3);
    }
}

static uint32_t mmu_kind(void)
{
    const struct exo_kinfo *k = (const struct exo_kinfo *)EXO_EXPORT_VA;
    const struct exo_hw_table *hw =
        (const void *)(EXO_EXPORT_VA + (uintptr_t)k->hwtable_off);
    return hw->mmu_kind;
}

static void test_call(exo_word number, uint32_t results, const char *what)
{
    fill();
    in[probe_isa.number] = EXO_CALL_BASE + number;
    probe_call(in, out);
    check(same(results) && (exo_sword)out[probe_isa.result] >= 0, what);
}

/* The handler saw this cause at an instruction inside probe_x, and this stack pointer. */
static bool trapped(uint32_t cause, const void *from, uint32_t count)
{
    bool ok = trap_count == count && (trap_log.cause & M_CAUSE_CODE) == cause &&
              trap_log.sp == (uintptr_t)out && trap_log.upcall == EXO_UP_EXCEPTION &&
              trap_log.epc - (uintptr_t)from < 1024;
    if (!ok) {
        show("count", trap_count, count);
        show("cause", trap_log.cause, cause);
        show("sp", (exo_word)trap_log.sp, (exo_word)out);
        show("epc", (exo_word)trap_log.epc, (exo_word)from);
        show("badvaddr", (exo_word)trap_log.badvaddr, 0);
    }
    return ok;
}

static void test_exceptions(void)
{
    check(exo_env_set(0, 0, EXO_ENV_EXCEPTION, (exo_word)trap_handler) == 0,
          "register handler");
    trap_count = 0;
    fill();
    trap_skip = probe_isa.break_bytes;
    probe_break(in, out);
    check(same(0) && trapped(M_CAUSE_BREAK, (void *)(uintptr_t)probe_break, 1),
          "breakpoint");

    fill();
    trap_skip = 0; /* EPC is already behind the call */
    in[probe_isa.number] = FOREIGN;
    probe_call(in, out);
    check(same(0) && trapped(M_CAUSE_SYSCALL, (void *)(uintptr_t)probe_call, 2),
          "foreign system call");
    fill();
    in[probe_isa.number] = EXO_CALL_BASE + EXO_CALL_MAX;
    probe_call(in, out);
    check(same(0) && trapped(M_CAUSE_SYSCALL, (void *)(uintptr_t)probe_call, 3),
          "first number behind the kernel's");
    fill();
    in[probe_isa.number] = EXO_CALL_BASE + EXO_CALL_MAX - 1;
    probe_call(in, out);
    check(same(1u << probe_isa.result) && trap_count == 3 &&
              out[probe_isa.result] == (exo_word)-EXO_ENOCALL,
          "last of the kernel's numbers");
}

static void test_faults(void)
{
    bool misses = mmu_kind() == EXO_MMU_SOFTTLB || mmu_kind() == EXO_MMU_HASHED;
    uint32_t missing = misses ? M_CAUSE_TLB_MISS : M_CAUSE_PAGE;
    fill();
    probe_store(in, out);
    check(same(0) && word != 0 && trap_count == 3, "store to a bound page");

    trap_skip = probe_isa.store_bytes; /* pass it by */
    fill();
    in[probe_isa.address] = 0x50000000;
    probe_store(in, out);
    check(same(0) && trapped(missing, (void *)(uintptr_t)probe_store, 4) &&
              trap_log.badvaddr == 0x50000000 &&
              (trap_log.cause >> M_CAUSE_ACCESS_SHIFT & 3) == 1,
          "store where nothing is bound");
    fill();
    in[probe_isa.address] = EXO_EXPORT_VA;
    probe_store(in, out);
    check(same(0) && trapped(M_CAUSE_PROT, (void *)(uintptr_t)probe_store, 5) &&
              trap_log.badvaddr == EXO_EXPORT_VA,
          "store to a read-only page");
    fill();
    in[probe_isa.address] = 0xf0000000;
    probe_store(in, out);
    check(same(0) && trap_count == 6, "store to a device register's address");
    fill();
    trap_skip = probe_isa.break_bytes;
    probe_break(in, out);
    check(same(0) && trap_count == 7 && trap_log.badvaddr == 0,
          "no stale address with a trap that has none");
}

static void test_refill(void)
{
    const struct exo_kinfo *k = (const struct exo_kinfo *)EXO_EXPORT_VA;
    uint32_t sum = 0, pages = k->export_pages;
    for (uint32_t round = 0; round < 4; round++)
        for (uint32_t p = 0; p < pages; p++)
            sum += *(const volatile uint32_t *)(EXO_EXPORT_VA +
                                                ((uintptr_t)p << k->page_shift));
    (void)sum;
    fill();
    probe_store(in, out);
    check(same(0), "registers after many misses");
}

/* Longer than a slice, while the other environment does the same with other values. */
static void test_spin(uint64_t seed)
{
    for (uint32_t i = 0; i < PROBE_FP; i++)
        fp_in[i] = 0x3ff0000000000000ull + seed * 0x10001000100ull * (i + 1);
    probe_fp_load(fp_in);
    fill();
    in[probe_isa.count] = 3 * EXO_SLICE_CYCLES;
    probe_spin(in, out);
    probe_fp_store(fp_out);
    in[probe_isa.count] = 0;
}

static bool fp_same(void)
{
    bool ok = true;
    for (uint32_t i = 0; i < probe_fp_bytes; i++)
        ok &= ((const uint8_t *)fp_in)[i] == ((const uint8_t *)fp_out)[i];
    return ok;
}

static void test_transfer(void)
{
    check(exo_env_set(0, 0, EXO_ENV_PCT, (exo_word)pct_resume) == 0, "register entry");
    fill();
    in[probe_isa.number] = EXO_CALL_BASE + EXO_CALL_pct_call;
    in[probe_isa.arg0] = EXO_NENV;
    probe_call(in, out);
    check(same(1u << probe_isa.result) && out[probe_isa.result] == (exo_word)-EXO_EENV,
          "transfer to no environment");

    for (uint32_t tries = 0; tries < 100000; tries++) {
        fill();
        in[probe_isa.number] = EXO_CALL_BASE + EXO_CALL_pct_call;
        in[probe_isa.arg0] = SERVER;
        in[probe_isa.arg1] = SERVER;
        probe_call(in, out);
        if (out[probe_isa.result] != (exo_word)-EXO_EBUSY)
            break;
        exo_yield((exo_word)-1);
    }
    uint32_t passed = 1u << probe_isa.result | 1u << probe_isa.number |
                      1u << probe_isa.arg0 | 1u << probe_isa.arg1;
    check(out[probe_isa.result] == SERVER && same(passed), "transfer there and back");
    bool again = true;
    for (uint32_t i = 0; i < 1000 && again; i++) {
        fill();
        in[probe_isa.number] = EXO_CALL_BASE + EXO_CALL_pct_call;
        in[probe_isa.arg0] = SERVER;
        in[probe_isa.arg1] = 0;
        probe_call(in, out);
        again = out[probe_isa.result] == SERVER && same(passed);
    }
    check(again, "and a thousand times");
}

static void serve(void)
{
    exo_env_set(0, 0, EXO_ENV_EXCEPTION, (exo_word)trap_handler);
    exo_env_set(0, 0, EXO_ENV_PCT, (exo_word)pct_reply);
    test_spin(2);
    if (!same(0) || !fp_same() || trap_count != 0)
        exo_env_exit(1);
    exo_pct_wait(0);
    exo_env_exit(2);
}

void program(const struct exo_args *args)
{
    uint32_t result = 1u << probe_isa.result;
    if (mmu_kind() == EXO_MMU_SOFTTLB)
        wire();
    if (args->env == SERVER)
        serve();
    test_call(EXO_CALL_null, result, "null call");
    test_call(EXO_CALL_time, result | 1u << probe_isa.result2, "time");
    test_refill();
    test_exceptions();
    test_faults();
    test_spin(1);
    check(same(0), "registers across slices");
    check(fp_same(), "floating point registers across slices");
    test_transfer();
    print("1..");
    print_number(tests, 10);
    print("\n");
    exo_env_exit(failed != 0);
}
