// SPDX-License-Identifier: GPL-2.0-or-later
/* rig.c - see rig.h. */
#include "rig.h"
#include "cpu/core.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Unicorn 2.1.1 loses 32 bytes an engine. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libunicorn\n";
}

extern const struct hw_model hw_cpu_riscv64, hw_cpu_aarch64, hw_cpu_x86_64, hw_cpu_mips32;

#define HASH_START UINT64_C(0xcbf29ce484222325)

static void give_up(const char *what)
{
    fprintf(stderr, "rig: %s\n", what);
    exit(2);
}

/* ---- environment of the core ---- */

static uint64_t env_now(void *host)
{
    struct rig *r = host;
    return r->ops->cycles(r->cpu);
}

static void make_noise(struct rig *r)
{
    if (r->conf.noise && r->cpu && ++r->noise_count % r->conf.noise == 0)
        r->ops->mmu_changed(r->cpu);
}

static void env_trace(void *host, enum hw_event ev, uint64_t a, uint64_t b)
{
    struct rig *r = host;
    struct rig_record rec = {env_now(r), a, b, (uint32_t)ev, 0};
    const uint8_t *p = (const uint8_t *)&rec;
    for (size_t i = 0; i < sizeof rec; i++)
        r->hash = (r->hash ^ p[i]) * UINT64_C(0x100000001b3);
    if (r->nrecords < RIG_TRACE_MAX)
        r->record[r->nrecords] = rec;
    r->nrecords++;
    make_noise(r);
}

__attribute__((format(printf, 2, 3))) static void env_error(void *host, const char *fmt,
                                                            ...)
{
    struct rig *r = host;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(r->guest_error, sizeof r->guest_error, fmt, ap);
    va_end(ap);
}

/* ---- the MMU ---- */

static struct rig_map *find_map(struct rig *r, uint64_t va)
{
    for (unsigned i = 0; i < r->nmaps; i++)
        if (r->map[i].va == (va & ~UINT64_C(0xfff)))
            return &r->map[i];
    return NULL;
}

static bool mmu_lookup(void *mmu, uint64_t va, enum hw_access access,
                       struct hw_mmu_entry *out)
{
    struct rig *r = mmu;
    struct rig_map *m = find_map(r, va);
    if (!m || !m->ready || !(m->allowed >> access & 1u))
        return false;
    bool hit = r->conf.tlb == 0;
    for (unsigned i = 0; i < r->tlb_used && !hit; i++)
        hit = r->tlb[i].page == m->va;
    if (!hit)
        return false;
    out->pa = m->pa + (va & 0xfff);
    out->allowed = m->allowed;
    out->page_shift = 12;
    return true;
}

static int mmu_miss(void *mmu, uint64_t va, enum hw_access access, uint64_t *cycles)
{
    struct rig *r = mmu;
    struct rig_map *m = find_map(r, va);
    r->misses++;
    *cycles += 3;
    env_trace(r, HW_EV_MISS, va & ~UINT64_C(0xfff), access);
    if (!m)
        return HW_CAUSE_PAGE;
    if (!m->ready)
        return HW_CAUSE_TLB_MISS;
    if (!(m->allowed >> access & 1u))
        return HW_CAUSE_PROT;
    unsigned slot = r->tlb_next++ % r->conf.tlb;
    if (r->tlb_used == r->conf.tlb)
        r->ops->mmu_changed(r->cpu);
    else
        r->tlb_used++;
    r->tlb[slot].page = m->va;
    return 0;
}

static unsigned mmu_page_shift(void *mmu)
{
    (void)mmu;
    return 12;
}

static const struct hw_mmu_ops rig_mmu = {
    .kind = HW_MMU_SOFTTLB,
    .lookup = mmu_lookup,
    .miss = mmu_miss,
    .page_shift = mmu_page_shift,
};

/* ---- the device ---- */

static uint32_t mmio_read(void *host, unsigned core, uint32_t pa)
{
    (void)core;
    struct rig *r = host;
    return pa == RIG_DEVICE + RIG_NOW ? (uint32_t)env_now(r) : 0;
}

static void map_ready(struct rig *r, uint32_t va)
{
    struct rig_map *m = find_map(r, va);
    if (m)
        m->ready = true;
}

static void mmio_write(void *host, unsigned core, uint32_t pa, uint32_t value)
{
    (void)core;
    struct rig *r = host;
    switch (pa - RIG_DEVICE) {
    case RIG_MAP: map_ready(r, value); break;
    case RIG_IRQ_ACK: r->ops->set_irq(r->cpu, false); break;
    case RIG_DMA:
        memcpy(r->ram + value, r->dma, r->dma_len);
        r->ops->code_written(r->cpu, value, r->dma_len);
        break;
    default: break;
    }
    make_noise(r);
}

static void code_executed(void *host, unsigned core, uint64_t pa)
{
    (void)core;
    struct rig *r = host;
    r->ops->code_executed(r->cpu, pa);
}

static void code_written(void *host, unsigned core, uint64_t pa)
{
    (void)core;
    struct rig *r = host;
    r->ops->code_written(r->cpu, pa, 4096);
}

static void report(void *host, unsigned core, uint32_t pa)
{
    (void)host, (void)core, (void)pa;
}

static void ipi(void *host, unsigned from, unsigned to)
{
    (void)from, (void)to;
    struct rig *r = host;
    r->ops->set_ipi(r->cpu, true);
}

/* ---- assembly ---- */

static size_t load(uint8_t *to, size_t max, const char *isa, const char *name)
{
    char path[500];
    snprintf(path, sizeof path, "%s/%s/test-%s", RIG_GUEST_DIR, isa, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        give_up(path);
    size_t n = fread(to, 1, max, f);
    fclose(f);
    return n;
}

static const struct hw_model *find_model(const char *isa)
{
    static const struct hw_model *const models[] = {&hw_cpu_riscv64, &hw_cpu_aarch64,
                                                    &hw_cpu_x86_64, &hw_cpu_mips32};
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        if (strcmp(models[i]->compatible + strlen("exo,cpu-"), isa) == 0)
            return models[i];
    give_up("no such isa");
    return NULL;
}

void rig_map(struct rig *r, uint64_t va, uint64_t pa, unsigned allowed, bool ready)
{
    if (r->nmaps == RIG_MAX_MAPS)
        give_up("too many mappings");
    r->map[r->nmaps++] = (struct rig_map){va, pa, allowed, ready};
}

static void load_program(struct rig *r)
{
    const struct rig_config *conf = &r->conf;
    size_t n = conf->code_len;
    memcpy(r->ram + HW_KERNEL_BASE, r->kernel, r->kernel_len);
    if (conf->program)
        memcpy(r->ram + USER_PA, r->program, n = r->program_len);
    else
        memcpy(r->ram + USER_PA, conf->code, n);
    unsigned text = RIG_R | RIG_X | (conf->writable_text ? RIG_W : 0);
    for (uint64_t off = 0; off < n || off < 4 * 4096; off += 4096)
        rig_map(r, USER_BASE + off, USER_PA + off,
                off == 0 ? text : RIG_R | RIG_W | RIG_X, true);
    for (uint64_t k = 1; k <= 2; k++)
        rig_map(r, USER_STACK - 4096 * k, RIG_STACK_PA + 4096 * k, RIG_R | RIG_W, true);
}

static struct hw_cpu_wiring wire(struct rig *r)
{
    return (struct hw_cpu_wiring){.ram = r->ram,
                                  .ram_size = RIG_RAM,
                                  .core = 0,
                                  .cores = 1,
                                  .mmu = &rig_mmu,
                                  .mmu_dev = r,
                                  .mmio_read = mmio_read,
                                  .mmio_write = mmio_write,
                                  .call_first = 0,
                                  .call_count = 16,
                                  .call_counts = r->call_counts,
                                  .code_pages = r->code_pages,
                                  .code_executed = code_executed,
                                  .code_written = code_written,
                                  .report = report,
                                  .ipi = ipi};
}

static void begin(struct rig *r)
{
    struct core *c = r->cpu;
    c->milli_per_insn = r->conf.millicycles ? r->conf.millicycles : 1000;
    c->trap_cycles = r->conf.trap_cycles;
    c->return_cycles = r->conf.trap_cycles / 2;
    for (int i = 0; i < ENGINES; i++)
        c->engine[i].no_inline = r->conf.plain;
    if (r->conf.plain) /* no translation that counts itself may be left */
        c->inline_full = true;
    r->ops->reset(r->cpu, HW_KERNEL_BASE, 0);
    r->next_irq = r->conf.irq_at ? r->conf.irq_at : UINT64_MAX;
}

struct rig *rig_new(const struct rig_config *conf)
{
    struct rig *r = calloc(1, sizeof *r);
    r->conf = *conf;
    r->model = find_model(conf->isa);
    r->ops = r->model->ops;
    r->mmu = &rig_mmu;
    r->ram =
        mmap(NULL, RIG_RAM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    r->code_pages = calloc(RIG_RAM >> 12, 1);
    r->hash = HASH_START;
    r->kernel_len = load(r->kernel, sizeof r->kernel, conf->isa, "kernel");
    if (conf->program)
        r->program_len = load(r->program, sizeof r->program, conf->isa, conf->program);
    load_program(r);
    struct hw_env env = {.host = r,
                         .node = "/cpus/cpu@0",
                         .now = env_now,
                         .trace = env_trace,
                         .guest_error = env_error};
    struct hw_cpu_wiring w = wire(r);
    struct hw_value values[8] = {{1, NULL},
                                 {conf->millicycles, NULL},
                                 {conf->trap_cycles, NULL},
                                 {conf->trap_cycles / 2, NULL}};
    struct hw_err err = {""};
    void *cpu;
    if (r->ops->create(&env, values, &w, &cpu, &err) != 0)
        give_up(err.msg);
    r->cpu = cpu;
    begin(r);
    return r;
}

void rig_again(struct rig *r, const struct rig_config *conf)
{
    memset(r->ram, 0, RIG_RAM);
    memset(r->code_pages, 0, RIG_RAM >> 12);
    memset(r->call_counts, 0, sizeof r->call_counts);
    r->conf = *conf;
    r->nmaps = r->tlb_next = r->tlb_used = r->nrecords = 0;
    r->misses = r->noise_count = 0;
    r->hash = HASH_START;
    load_program(r);
    begin(r);
}

unsigned rig_inlined(struct rig *r)
{
    const struct core *c = r->cpu;
    unsigned n = 0;
    for (unsigned i = 0; i < INLINE_BLOCKS; i++)
        n += c->block[i].size != 0;
    return n;
}

void rig_set_mmu(struct rig *r, const struct hw_mmu_ops *mmu)
{
    ((struct core *)r->cpu)->w.mmu = mmu;
}

void rig_free(struct rig *r)
{
    r->ops->destroy(r->cpu);
    munmap(r->ram, RIG_RAM);
    free(r->code_pages);
    free(r);
}

static void snapshot(struct rig *r)
{
    size_t n = r->ops->save(r->cpu, NULL, 0);
    uint8_t *a = malloc(n), *b = malloc(n);
    r->ops->save(r->cpu, a, n);
    if (r->ops->restore(r->cpu, a, n) != 0 || r->ops->save(r->cpu, b, n) != n ||
        memcmp(a, b, n) != 0)
        give_up("save and restore do not agree");
    free(a);
    free(b);
}

/* The machine goes on to its deadline whatever was asked of the core in between. */
static void run_to(struct rig *r, uint64_t deadline)
{
    for (;;) {
        if (r->conf.insns)
            r->ops->limit(r->cpu, r->conf.insns);
        r->stop = r->ops->run(r->cpu, deadline, &r->exit);
        if (r->stop == HW_STOP_WATCH) {
            r->watches++;
            if (r->watched)
                r->watched(r);
        } else if (r->stop == HW_STOP_LIMIT) {
            r->limits++;
        } else {
            return;
        }
        if (r->conf.snapshot)
            snapshot(r);
    }
}

enum hw_stop rig_run(struct rig *r)
{
    uint64_t limit = r->conf.limit ? r->conf.limit : 50000000;
    for (;;) {
        uint64_t now = rig_cycles(r), deadline = limit;
        if (now >= r->next_irq) {
            r->ops->set_irq(r->cpu, true);
            r->next_irq =
                r->conf.irq_every ? r->next_irq + r->conf.irq_every : UINT64_MAX;
        }
        if (r->next_irq < deadline)
            deadline = r->next_irq;
        if (r->conf.step && now + r->conf.step < deadline)
            deadline = now + r->conf.step;
        if (r->conf.stop_at > now && r->conf.stop_at < deadline)
            deadline = r->conf.stop_at;
        run_to(r, deadline);
        if (r->stop != HW_STOP_DEADLINE)
            return r->stop;
        if (rig_cycles(r) >= limit)
            return r->stop;
        if (r->conf.snapshot)
            snapshot(r);
    }
}

struct guest_log *rig_log(struct rig *r)
{
    return (struct guest_log *)(r->ram + LOG_BASE);
}

struct hw_cpu_stats rig_stats(struct rig *r)
{
    struct hw_cpu_stats s;
    r->ops->stats(r->cpu, &s);
    return s;
}

uint64_t rig_cycles(struct rig *r)
{
    return r->ops->cycles(r->cpu);
}

uint64_t rig_register(struct rig *r, const char *name)
{
    static char text[8192];
    r->ops->describe(r->cpu, text, sizeof text);
    size_t len = strlen(name);
    for (char *line = text; line && *line; line = strchr(line, '\n') + 1) {
        if (strncmp(line, name, len) == 0 && line[len] == ' ')
            return strtoull(line + len + 1, NULL, 0);
        if (!strchr(line, '\n'))
            break;
    }
    return UINT64_MAX;
}
