// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_fake.c - models, boards and files made up for tests. See sim_fake.h. */
#include "sim_fake.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum hw_stop (*fake_script)(struct fake_cpu *c, uint64_t deadline, struct hw_exit *exit);
struct fake_dev *fake_last_dev;

/* ---- cpu ---- */

static int cpu_create(const struct hw_env *env, const struct hw_value *values,
                      const struct hw_cpu_wiring *w, void **out, struct hw_err *err)
{
    (void)values;
    (void)err;
    struct fake_cpu *c = calloc(1, sizeof *c);
    c->env = *env;
    c->w = *w;
    *out = c;
    return 0;
}

static void cpu_reset(void *cpu, uint64_t entry, uint64_t cycle)
{
    struct fake_cpu *c = cpu;
    c->entry = entry;
    c->cycles = cycle;
}

static enum hw_stop cpu_run(void *cpu, uint64_t deadline, struct hw_exit *exit)
{
    struct fake_cpu *c = cpu;
    c->runs++;
    exit->in_kernel = true;
    exit->pc = c->entry;
    return fake_script(c, deadline, exit);
}

static uint64_t cpu_cycles(void *cpu)
{
    return ((struct fake_cpu *)cpu)->cycles;
}

static void cpu_set_cycles(void *cpu, uint64_t cycle)
{
    ((struct fake_cpu *)cpu)->cycles = cycle;
}

static void cpu_charge(void *cpu, uint64_t cycles)
{
    ((struct fake_cpu *)cpu)->cycles += cycles;
}

static void cpu_set_irq(void *cpu, bool level)
{
    ((struct fake_cpu *)cpu)->irq = level;
}

static void cpu_set_ipi(void *cpu, bool level)
{
    ((struct fake_cpu *)cpu)->ipi = level;
}

static void cpu_nothing(void *cpu)
{
    (void)cpu;
}

static void cpu_page(void *cpu, uint64_t pa)
{
    (void)cpu;
    (void)pa;
}

static void cpu_range(void *cpu, uint64_t pa, uint64_t len)
{
    (void)cpu;
    (void)pa;
    (void)len;
}

static uint32_t cpu_context(void *cpu)
{
    (void)cpu;
    return 7;
}

static void cpu_stats(void *cpu, struct hw_cpu_stats *out)
{
    *out = (struct hw_cpu_stats){
        .user = 10, .lib = 20, .kernel = ((struct fake_cpu *)cpu)->cycles};
    out->traps[HW_CAUSE_SYSCALL] = 3;
}

static size_t no_text(void *dev, char *buf, size_t max)
{
    (void)dev;
    if (max)
        *buf = 0;
    return 0;
}

static void cpu_observe(void *cpu, const struct hw_observer *observer)
{
    (void)cpu;
    (void)observer;
}

static void cpu_watch(void *cpu, const struct hw_watch *watch, unsigned n)
{
    (void)cpu;
    (void)watch;
    (void)n;
}

static void cpu_limit(void *cpu, uint64_t n)
{
    (void)cpu;
    (void)n;
}

static uint64_t cpu_retired(void *cpu)
{
    struct hw_cpu_stats s;
    cpu_stats(cpu, &s);
    return s.user + s.lib + s.kernel;
}

static const struct hw_cpu_ops cpu_ops = {.isa = HW_ISA_RISCV64,
                                          .elf_name = "fake",
                                          .elf_machine = FAKE_MACHINE,
                                          .elf64 = true,
                                          .create = cpu_create,
                                          .destroy = free,
                                          .reset = cpu_reset,
                                          .run = cpu_run,
                                          .cycles = cpu_cycles,
                                          .set_cycles = cpu_set_cycles,
                                          .charge = cpu_charge,
                                          .set_irq = cpu_set_irq,
                                          .set_ipi = cpu_set_ipi,
                                          .kick = cpu_nothing,
                                          .mmu_changed = cpu_nothing,
                                          .code_executed = cpu_page,
                                          .code_written = cpu_range,
                                          .context = cpu_context,
                                          .stats = cpu_stats,
                                          .describe = no_text,
                                          .observe = cpu_observe,
                                          .watch = cpu_watch,
                                          .limit = cpu_limit,
                                          .retired = cpu_retired};

/* ---- devices ---- */

static int dev_create(const struct hw_env *env, const struct hw_value *values,
                      unsigned cores, void **out, struct hw_err *err)
{
    (void)cores;
    if (values && values[0].u == 13) {
        snprintf(err->msg, sizeof err->msg, "exo,size: 13 brings bad luck");
        return -1;
    }
    struct fake_dev *d = calloc(1, sizeof *d);
    d->env = *env;
    fake_last_dev = d;
    *out = d;
    return 0;
}

static uint32_t dev_read(void *dev, unsigned core, uint32_t off)
{
    (void)core;
    return ((struct fake_dev *)dev)->reg + off;
}

static void dev_write(void *dev, unsigned core, uint32_t off, uint32_t value)
{
    (void)core;
    (void)off;
    ((struct fake_dev *)dev)->reg = value;
}

static void dev_event(void *dev, uint32_t tag)
{
    struct fake_dev *d = dev;
    if (d->events < 64) {
        d->tag[d->events] = tag;
        d->at[d->events++] = d->env.now(d->env.host);
    }
    d->env.irq(d->env.host, true);
}

static size_t dev_save(void *dev, uint8_t *buf, size_t max)
{
    (void)dev;
    (void)buf;
    (void)max;
    return 0;
}

static int dev_restore(void *dev, const uint8_t *buf, size_t len)
{
    (void)dev;
    (void)buf;
    (void)len;
    return 0;
}

#define DEV_OPS                                                                          \
    {                                                                                    \
        .create = dev_create, .destroy = free, .read = dev_read, .write = dev_write,     \
        .event = dev_event, .save = dev_save, .restore = dev_restore,                    \
        .describe = no_text                                                              \
    }

static const struct hw_dev_ops dev_ops = DEV_OPS;

static bool mmu_lookup(void *mmu, uint64_t va, enum hw_access access,
                       struct hw_mmu_entry *out)
{
    (void)mmu;
    (void)va;
    (void)access;
    (void)out;
    return false;
}

static int mmu_miss(void *mmu, uint64_t va, enum hw_access access, uint64_t *cycles)
{
    (void)mmu;
    (void)va;
    (void)access;
    (void)cycles;
    return HW_CAUSE_PAGE;
}

static void mmu_stats(void *mmu, struct hw_mmu_stats *out)
{
    (void)mmu;
    *out = (struct hw_mmu_stats){.misses = 5};
}

static void mmu_broadcast(void *mmu, uint32_t op, uint64_t a, uint64_t b)
{
    (void)a;
    (void)b;
    ((struct fake_dev *)mmu)->reg = op;
}

static unsigned mmu_page_shift(void *mmu)
{
    (void)mmu;
    return 12;
}

static unsigned mmu_params(void *mmu, uint64_t params[HW_MAX_PARAMS])
{
    (void)mmu;
    params[0] = 42;
    return 1;
}

static const struct hw_mmu_ops mmu_ops = {.dev = DEV_OPS,
                                          .kind = HW_MMU_SOFTTLB,
                                          .lookup = mmu_lookup,
                                          .miss = mmu_miss,
                                          .stats = mmu_stats,
                                          .broadcast = mmu_broadcast,
                                          .page_shift = mmu_page_shift,
                                          .table_params = mmu_params};

static void intc_line(void *dev, unsigned line, bool level)
{
    struct fake_dev *d = dev;
    (void)line;
    d->env.core_irq(d->env.host, 0, level);
}

static const struct hw_intc_ops intc_ops = {.dev = DEV_OPS, .line = intc_line};

static const struct hw_param params[] = {
    {"exo,size", HW_PARAM_U64, "bytes", 4, 1, 100, NULL, "a number"},
    {"exo,big", HW_PARAM_U64, "", 0, 0, UINT64_MAX, NULL, "a long number"},
    {"exo,fast", HW_PARAM_BOOL, "", 0, 0, 1, NULL, "a switch"},
    {"exo,mode", HW_PARAM_STRING, "", 0, 0, 0, "plain", "a text"},
};

#define MODEL(id, class, name, table, n, operations)                                     \
    static const struct hw_model id = {HW_ABI, class, name,      "for tests",            \
                                       table,  n,     operations}
MODEL(cpu, HW_CLASS_CPU, "test,cpu", NULL, 0, &cpu_ops);
MODEL(mmu, HW_CLASS_MMU, "test,mmu", NULL, 0, &mmu_ops);
MODEL(intc, HW_CLASS_INTC, "test,intc", NULL, 0, &intc_ops);
MODEL(device, HW_CLASS_TIMER, "test,device", params, 4, &dev_ops);
MODEL(console, HW_CLASS_CONSOLE, "test,console", NULL, 0, &dev_ops);
const struct hw_model *const fake_models[] = {&cpu, &mmu, &intc, &device, &console, NULL};

void fake_registry(struct registry *r)
{
    struct err err;
    *r = (struct registry){0};
    if (registry_add(r, fake_models, "tests", &err))
        abort();
}

/* ---- boards ---- */

char *fake_dts(const char *props, const char *nodes)
{
    return mem_fmt(
        "/dts-v1/;\n/ { compatible = \"exo,board\"; model = \"a test\";\n"
        "#address-cells = <1>; #size-cells = <1>; %s\n"
        "memory@0 { reg = <0 0x400000>; };\n"
        "cpus { #address-cells = <1>; #size-cells = <0>;\n"
        "  cpu@0 { compatible = \"test,cpu\"; reg = <0>; }; };\n"
        "mmu@f0001000 { compatible = \"test,mmu\"; reg = <0xf0001000 0x1000>; };\n"
        "intc@f0002000 { compatible = \"test,intc\"; reg = <0xf0002000 0x1000>; "
        "};\n%s };\n",
        props, nodes);
}

char *fake_file(const void *bytes, size_t n)
{
    char *name = mem_str("/tmp/exosim-test-XXXXXX");
    int fd = mkstemp(name);
    if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
        abort();
    close(fd);
    return name;
}

int fake_board(const char *dts, struct board **out, struct err *err)
{
    char *plain = fake_file(dts, strlen(dts)), *file = mem_fmt("%s.dts", plain);
    if (rename(plain, file))
        abort();
    struct registry r;
    fake_registry(&r);
    *out = NULL;
    int rc = board_open(file, &r, out, err);
    registry_free(&r);
    unlink(file);
    free(file);
    free(plain);
    return rc;
}

/* ---- executables ---- */

void fake_elf(struct fake_elf *e, uint64_t va, const void *code, size_t n)
{
    enum { TEXT = 0x1000 };
    *e = (struct fake_elf){.n = TEXT + n};
    Elf64_Ehdr h = {.e_type = ET_EXEC,
                    .e_machine = FAKE_MACHINE,
                    .e_version = EV_CURRENT,
                    .e_entry = va,
                    .e_phoff = sizeof h,
                    .e_ehsize = sizeof h,
                    .e_phentsize = sizeof(Elf64_Phdr),
                    .e_phnum = 1};
    memcpy(h.e_ident, ELFMAG, SELFMAG);
    h.e_ident[EI_CLASS] = ELFCLASS64;
    h.e_ident[EI_DATA] = ELFDATA2LSB;
    h.e_ident[EI_VERSION] = EV_CURRENT;
    Elf64_Phdr p = {.p_type = PT_LOAD,
                    .p_flags = PF_R | PF_X,
                    .p_offset = TEXT,
                    .p_vaddr = va,
                    .p_paddr = va,
                    .p_filesz = n,
                    .p_memsz = n + 64,
                    .p_align = 0x1000};
    memcpy(e->bytes, &h, sizeof h);
    memcpy(e->bytes + sizeof h, &p, sizeof p);
    memcpy(e->bytes + TEXT, code, n);
}
