// SPDX-License-Identifier: GPL-2.0-or-later
/* wild.c - machines under kernels of random words. See wild.h. */
#include "wild.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "machine.h"

#define WILD_CYCLES 20000u

/* Words that random ones would seldom be: to the devices, into the kernel, around. */
static const uint32_t likely[] = {
    0xf00002b7, 0x0002a303, 0x0062a023, 0x00000073, /* riscv64: lui lw sw ecall */
    0x00628263, 0xfe000ee3, 0x0000100f, 0x30200073, /* beq, beq back, fence.i, mret */
    0xd2be0000, 0xb9400001, 0xb9000001, 0xd4000001, /* aarch64: movz ldr str svc */
    0x17ffffff, 0xd69f03e0, 0xd503201f, 0xd51a4000, /* b back, eret, nop, msr */
    0x3c08f000, 0x8d090000, 0xad090000, 0x0000000c, /* mips32: lui lw sw syscall */
    0x1000ffff, 0x42000018, 0x00000000, 0x03e00008, /* b self, eret, nop, jr ra */
    0xf0000008, 0x050f0001, 0x0f05c031, 0xfeeb9090, /* x86: bytes of syscall, jmp, nop */
    0x00000005, 0xffffffff, 0x90909090, 0xf40f05cc,
};

static void make_kernel(struct stream *s, struct fuzz_case *c,
                        const struct hw_cpu_ops *cpu)
{
    make_elf(c, cpu->elf_machine, cpu->elf64);
    /* both segments below, where kernels are linked */
    for (size_t at = 0; at + 8 <= 0x100; at += 4) {
        uint32_t v;
        memcpy(&v, c->bytes + at, sizeof v);
        if (v >> 20 == 4 || v >> 20 == 5) {
            v = v - (v >> 20 == 4 ? 0x400000u : 0x4f0000u) + HW_KERNEL_BASE;
            memcpy(c->bytes + at, &v, sizeof v);
        }
    }
    for (size_t at = 0x100; at + 4 <= c->len; at += 4) {
        uint32_t v = (uint32_t)stream_below(s, UINT64_C(1) << 32);
        if (stream_below(s, 2))
            v = likely[stream_below(s, sizeof likely / sizeof *likely)];
        memcpy(c->bytes + at, &v, sizeof v);
    }
    uint64_t entry = HW_KERNEL_BASE + 0x100 + 4 * stream_below(s, 256);
    memcpy(c->bytes + offsetof(Elf64_Ehdr, e_entry), &entry, cpu->elf64 ? 8 : 4);
}

static const char *run(const struct machine_setup *setup, bool *refused, struct err *err)
{
    struct machine *m = NULL;
    *refused = machine_create(setup, &m, err) != 0;
    if (*refused)
        return NULL;
    struct machine_outcome out;
    memset(&out, 0, sizeof out);
    machine_run(m, &out);
    const char *broken = NULL;
    bool words =
        strnlen(out.exit.message, sizeof out.exit.message) < sizeof out.exit.message;
    if (out.end > MACHINE_STUCK)
        broken = "a guest cannot make the host fail";
    else if (!words || ((out.end == MACHINE_PANIC || out.end == MACHINE_DEAD) &&
                        out.exit.message[0] == '\0'))
        broken = "a dead machine says how it died";
    struct err ignored;
    if (machine_destroy(m, &ignored))
        broken = "a machine without a trace file ends without trouble";
    return broken;
}

const char *wild_run(const struct board *b, struct stream *s, bool *refused,
                     struct err *err)
{
    static struct fuzz_case kernel;
    make_kernel(s, &kernel, board_cpu(b));
    int fd = memfd_create("kernel", MFD_CLOEXEC);
    if (fd < 0 || write(fd, kernel.bytes, kernel.len) != (ssize_t)kernel.len)
        return "the host has no memory for a kernel";
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct load_plan plan = {.kernel = mem_str(path)};
    struct calls calls;
    struct err nameless;
    calls_read(&calls, "/nonexistent", &nameless);
    struct console console;
    struct console_input in = {.fd = -1, .end = true};
    console_open(&console, -1, &in);
    struct machine_setup setup = {.board = b,
                                  .plan = &plan,
                                  .calls = &calls,
                                  .console = &console,
                                  .ram_size = BOARD_MIN_RAM,
                                  .max_cycles = WILD_CYCLES};
    const char *broken = run(&setup, refused, err);
    console_close(&console);
    calls_free(&calls);
    plan_free(&plan);
    close(fd);
    return broken;
}
