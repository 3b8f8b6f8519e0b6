// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cpu_conform.c - what every row of class CPU must do, at rest: parameters, state, description, no
 * state shared. What a core does when it runs is tested by tests/unicorn.
 */
#include "rig.h"
#include "suites.h"
#include <stdlib.h>
#include <string.h>

#define RAM (1u << 20)

struct socket { /* a core in a fake machine */
    struct rig mmu;
    struct fake_env f;
    struct hw_cpu_wiring wiring;
    const struct hw_cpu_ops *ops;
    struct hw_err err;
    uint8_t *code_pages;
    uint64_t calls[4];
    void *cpu;
};

static uint32_t mmio_read(void *host, unsigned core, uint32_t pa)
{
    (void)host, (void)core, (void)pa;
    return 0;
}
static void mmio_write(void *host, unsigned core, uint32_t pa, uint32_t value)
{
    (void)host, (void)core, (void)pa, (void)value;
}
static void code_event(void *host, unsigned core, uint64_t pa)
{
    (void)host, (void)core, (void)pa;
}
static void report(void *host, unsigned core, uint32_t pa)
{
    (void)host, (void)core, (void)pa;
}
static void ipi(void *host, unsigned from, unsigned to)
{
    (void)host, (void)from, (void)to;
}

static int plug(struct socket *s, const struct hw_model *m, const struct rig_set *set)
{
    struct hw_value values[RIG_MAX_VALUES];
    memset(s, 0, sizeof *s);
    rig_open(&s->mmu, "exo,mmu-softtlb", NULL);
    fake_env_init(&s->f, 0, 1);
    fake_env_free(&s->f); /* its RAM is not aligned for an engine */
    s->f.ram = aligned_alloc(4096, RAM);
    memset(s->f.ram, 0, RAM);
    s->code_pages = calloc(1, RAM >> 12);
    s->ops = m->ops;
    s->wiring = (struct hw_cpu_wiring){
        .ram = s->f.ram,
        .ram_size = RAM,
        .cores = 1,
        .mmu = s->mmu.mmu,
        .mmu_dev = s->mmu.dev,
        .mmio_read = mmio_read,
        .mmio_write = mmio_write,
        .call_first = 0x2000,
        .call_count = 4,
        .call_counts = s->calls,
        .code_pages = s->code_pages,
        .code_executed = code_event,
        .code_written = code_event,
        .report = report,
        .ipi = ipi,
    };
    rig_values(m, set, values);
    return s->ops->create(&s->f.env, values, &s->wiring, &s->cpu, &s->err);
}

static void unplug(struct socket *s, bool made)
{
    if (made)
        s->ops->destroy(s->cpu);
    rig_close(&s->mmu);
    fake_env_free(&s->f);
    free(s->code_pages);
}

static uint8_t *state(struct socket *s, size_t *len)
{
    *len = s->ops->save(s->cpu, NULL, 0);
    uint8_t *buf = malloc(*len);
    CU_ASSERT(s->ops->save(s->cpu, buf, *len) == *len);
    return buf;
}

#define EACH_CPU(m)                                                                      \
    for (unsigned row_ = 0; hw_models[row_]; row_++)                                     \
        for (const struct hw_model *m = hw_models[row_]; m; m = NULL)                    \
            if (m->class_ == HW_CLASS_CPU)

static void rows(void)
{
    EACH_CPU(m)
    {
        const struct hw_cpu_ops *o = m->ops;
        CU_ASSERT(o->create && o->destroy && o->reset && o->run && o->cycles);
        CU_ASSERT(o->set_cycles && o->charge && o->set_irq && o->set_ipi && o->kick);
        CU_ASSERT(o->mmu_changed && o->code_executed && o->code_written && o->context);
        CU_ASSERT(o->stats && o->save && o->restore && o->describe && o->baseline);
        CU_ASSERT(o->elf_name && o->elf_machine != 0);
        CU_ASSERT(o->isa >= HW_ISA_RISCV64 && o->isa <= HW_ISA_MIPS32);
        for (unsigned k = 0; hw_models[k] != m; k++) {
            const struct hw_cpu_ops *p = hw_models[k]->ops;
            CU_ASSERT(hw_models[k]->class_ != HW_CLASS_CPU ||
                      (p->isa != o->isa && p->elf_machine != o->elf_machine));
        }
    }
}

static void limits(void)
{
    EACH_CPU(m)
    {
        for (size_t i = 0; i < m->nparams; i++) {
            const struct hw_param *p = &m->params[i];
            const uint64_t inside[] = {p->min, p->max};
            for (unsigned k = 0; k < 2; k++) {
                struct socket s;
                struct rig_set set[] = {{p->name, inside[k], NULL}, {0}};
                CU_ASSERT_FATAL(plug(&s, m, set) == 0);
                s.ops->reset(s.cpu, HW_KERNEL_BASE, 5);
                CU_ASSERT(s.ops->cycles(s.cpu) == 5);
                unplug(&s, true);
            }
        }
    }
}

static void save_and_restore(void)
{
    EACH_CPU(m)
    {
        struct socket a, b;
        size_t na, nb;
        CU_ASSERT_FATAL(plug(&a, m, NULL) == 0 && plug(&b, m, NULL) == 0);
        a.ops->reset(a.cpu, HW_KERNEL_BASE, 0);
        b.ops->reset(b.cpu, HW_KERNEL_BASE, 0);
        uint8_t *before = state(&b, &nb);
        a.ops->set_cycles(a.cpu, UINT64_C(0x123456789a));
        a.ops->set_irq(a.cpu, true);
        a.ops->charge(a.cpu, 7);
        uint8_t *sa = state(&a, &na), *sb = state(&b, &nb);
        CU_ASSERT(na == nb && memcmp(sb, before, nb) == 0); /* nothing shared */
        CU_ASSERT(memcmp(sa, sb, na) != 0);
        CU_ASSERT(b.ops->restore(b.cpu, sa, na) == 0);
        free(sb);
        sb = state(&b, &nb);
        CU_ASSERT(na == nb && memcmp(sa, sb, na) == 0);
        CU_ASSERT(b.ops->cycles(b.cpu) == a.ops->cycles(a.cpu));
        CU_ASSERT(b.ops->cycles(b.cpu) >= UINT64_C(0x123456789a));
        for (size_t cut = 0; cut < na; cut += 1 + na / 50)
            CU_ASSERT(b.ops->restore(b.cpu, sa, cut) == -1);
        free(before);
        free(sa);
        free(sb);
        unplug(&a, true);
        unplug(&b, true);
    }
}

static void describe(void)
{
    EACH_CPU(m)
    {
        struct socket s;
        static char text[1 << 16];
        CU_ASSERT_FATAL(plug(&s, m, NULL) == 0);
        s.ops->reset(s.cpu, HW_KERNEL_BASE, 0);
        size_t n = s.ops->describe(s.cpu, text, sizeof text);
        CU_ASSERT(n > 0 && n < sizeof text && strlen(text) == n && text[n - 1] == '\n');
        for (size_t max = 1; max < 100; max++) {
            size_t got = s.ops->describe(s.cpu, text, max);
            CU_ASSERT(got < max && strlen(text) == got);
        }
        unplug(&s, true);
    }
}

/* RAM of zeroes is no kernel: the core says that it died, it does not run for ever. */
static void empty_ram_ends(void)
{
    EACH_CPU(m)
    {
        struct socket s;
        struct hw_exit why = {0};
        CU_ASSERT_FATAL(plug(&s, m, NULL) == 0);
        s.ops->reset(s.cpu, 0, 0); /* page 0 is never there */
        enum hw_stop stop = s.ops->run(s.cpu, 100000, &why);
        CU_ASSERT(stop == HW_STOP_DEAD && why.message[0] != 0 && why.in_kernel);
        unplug(&s, true);
    }
}

void cpu_suite(void)
{
    CU_pSuite s = CU_add_suite("cpu", NULL, NULL);
    CU_add_test(s, "rows are complete and distinct", rows);
    CU_add_test(s, "parameters at their limits", limits);
    CU_add_test(s, "save and restore, nothing shared", save_and_restore);
    CU_add_test(s, "describe", describe);
    CU_add_test(s, "a kernel that is not there", empty_ram_ends);
}
