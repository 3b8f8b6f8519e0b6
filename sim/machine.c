// SPDX-License-Identifier: GPL-2.0-or-later
/* machine.c - assembly of a machine from a board; its main loop is in advance.c. See machine.h. */
#include "machine.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "machine_priv.h"

static void bus_explain(void *host, const char *text)
{
    struct machine *m = host;
    if (wire_again(m))
        return;
    console_flush(m->setup.console);
    say("%s", text);
}

static struct instance *add_instance(struct machine *m, const struct board_node *node,
                                     uint32_t core)
{
    struct instance *i = &m->inst[m->ninst];
    *i = (struct instance){.m = m, .node = node, .index = m->ninst, .core = core};
    m->ninst++;
    if (node->model->class_ != HW_CLASS_CPU)
        i->ops = model_dev(node->model);
    wire_env(i);
    return i;
}

/* create() of a model said no. */
static int refused(const struct machine *m, const struct board_node *n,
                   const struct hw_err *why, struct err *err)
{
    bool property = strncmp(why->msg, "exo,", 4) == 0;
    if (n->model->class_ == HW_CLASS_DISK && store_name(m->store) && !property)
        return err_set(err, ERR_USER, "%s: %s of board %s cannot have it: %.255s",
                       store_name(m->store), n->model->compatible, m->board->name,
                       why->msg[0] ? why->msg : "the model could not start");
    return err_set(err, ERR_USER, "board %s: node %s: %s: %.255s", m->board->file,
                   n->path, n->model->compatible,
                   why->msg[0] ? why->msg : "the model could not start");
}

static int create_devices(struct machine *m, struct err *err)
{
    for (unsigned d = 0; d < m->board->ndev; d++) {
        const struct board_node *n = &m->board->dev[d];
        bool per_core = n->model->class_ == HW_CLASS_MMU;
        struct instance *first = &m->inst[m->ninst];
        for (unsigned c = 0; c < (per_core ? m->cores : 1); c++) {
            struct instance *i = add_instance(m, n, per_core ? c : NO_CORE);
            struct hw_err why = {""};
            if (i->ops->create(&i->env, n->values, m->cores, &i->dev, &why)) {
                i->dev = NULL;
                return refused(m, n, &why, err);
            }
            if (per_core) {
                m->mmu_dev[c] = i->dev;
                m->core[c].mmu = i;
            }
        }
        if (n->model->class_ == HW_CLASS_INTC)
            m->intc = first;
        bus_add(&m->bus, &(struct bus_window){.base = n->base,
                                              .size = n->size,
                                              .node = n->path,
                                              .compatible = n->model->compatible,
                                              .ops = first->ops,
                                              .dev = per_core ? m->mmu_dev : &first->dev,
                                              .per_core = per_core});
    }
    return 0;
}

/* The instance of a node that has only one. */
static void *device_of(const struct machine *m, const struct board_node *n)
{
    for (unsigned i = 0; i < m->ninst; i++)
        if (m->inst[i].node == n)
            return m->inst[i].dev;
    return NULL;
}

/* The disk is made: from now on the power may fail. */
static void start_store(struct machine *m)
{
    if (m->board->disk < 0)
        return;
    const struct board_node *n = &m->board->dev[m->board->disk];
    uint32_t atom = 0;
    enum hw_persist persist = model_disk(n->model)->persist(device_of(m, n), &atom);
    store_start(m->store, persist, atom);
}

static int create_cores(struct machine *m, struct err *err)
{
    for (unsigned c = 0; c < m->cores; c++) {
        struct instance *i = add_instance(m, &m->board->cpu, c);
        struct hw_cpu_wiring w;
        wire_cpu(m, c, &w);
        struct hw_err why = {""};
        m->core[c].cpu = i;
        if (m->cpu->create(&i->env, m->board->cpu.values, &w, &i->dev, &why)) {
            i->dev = NULL;
            return refused(m, &m->board->cpu, &why, err);
        }
    }
    return 0;
}

static void fill_table(const struct machine *m, struct hw_table *t)
{
    const struct board *b = m->board;
    t->magic = HW_TABLE_MAGIC;
    t->version = HW_TABLE_VERSION;
    t->isa = m->cpu->isa;
    t->mmu_kind = m->mmu->kind;
    t->cores = m->cores;
    t->page_shift = m->mmu->page_shift(m->mmu_dev[0]);
    t->ram_size = m->ram_size;
    t->seed = m->seed;
    t->cycles_per_second = b->clock_hz;
    strncpy(t->board, b->name, sizeof t->board - 1);
    t->ndevices = b->ndev;
    for (unsigned d = 0; d < b->ndev; d++) {
        const struct board_node *n = &b->dev[d];
        struct hw_table_device *td = &t->device[d];
        strncpy(td->compatible, n->model->compatible, sizeof td->compatible - 1);
        td->class_ = n->model->class_;
        td->base = n->base;
        td->irq = n->irq;
        if (n->model->class_ == HW_CLASS_MMU) {
            td->kind = m->mmu->kind;
            td->nparams = m->mmu->table_params(m->mmu_dev[0], td->params);
            continue;
        }
        if (n->model->class_ == HW_CLASS_DISK) {
            const struct hw_disk_ops *ops = model_disk(n->model);
            td->kind = ops->kind;
            td->nparams = ops->table_params(device_of(m, n), td->params);
            continue;
        }
        if (n->model->class_ == HW_CLASS_NIC) {
            const struct hw_nic_ops *ops = model_nic(n->model);
            td->kind = ops->kind;
            td->nparams = ops->table_params(device_of(m, n), td->params);
            continue;
        }
        td->nparams = (uint32_t)n->model->nparams;
        for (uint32_t i = 0; i < td->nparams; i++)
            td->params[i] = n->values[i].u;
    }
}

static int map_ram(struct machine *m, struct err *err)
{
    void *ram = mmap(NULL, m->ram_size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (ram == MAP_FAILED)
        return err_set(err, ERR_USER,
                       "the host cannot give %" PRIu64 " MiB for the machine's RAM: "
                       "%s",
                       m->ram_size >> 20, strerror(errno));
    m->ram = ram;
    m->code_pages = mem_zero(m->ram_size >> 12, 1);
    return 0;
}

static int open_trace(struct machine *m, const struct hw_table *t, struct err *err)
{
    struct trace_header h = {.isa = t->isa,
                             .mmu_kind = t->mmu_kind,
                             .cores = t->cores,
                             .page_shift = t->page_shift,
                             .ram_size = t->ram_size,
                             .seed = t->seed,
                             .clock_hz = t->cycles_per_second};
    memcpy(h.board, t->board, sizeof h.board);
    char *names = m->setup.trace_path ? calls_text(m->setup.calls) : mem_str("");
    int rc = trace_open(&m->trace, m->setup.trace_path, &h, names, err);
    free(names);
    return rc;
}

static int assemble(struct machine *m, struct err *err)
{
    struct hw_table *table = mem_zero(1, sizeof *table);
    uint64_t entry;
    int rc = map_ram(m, err);
    /* models may trace from create(): the buffer has to be there, the header needs the MMU */
    if (rc == 0)
        rc = trace_open(&m->trace, NULL, NULL, NULL, err);
    if (rc == 0)
        rc = create_devices(m, err);
    if (rc == 0) {
        start_store(m);
        wire_port(m);
        fill_table(m, table);
        struct trace early = m->trace;
        rc = open_trace(m, table, err);
        for (uint32_t i = 0; rc == 0 && i < early.n; i++) {
            const struct hw_trace_record *r = &early.buf[i];
            trace_put(&m->trace, r->cycle, r->event, r->core, r->env, r->a, r->b);
        }
        free(early.buf);
    }
    m->trace.reached = stop_soon;
    m->trace.arg = m;
    if (rc == 0)
        rc = load_machine(m->setup.plan, m->cpu, m->ram, m->ram_size, table, &entry, err);
    if (rc == 0)
        rc = create_cores(m, err);
    if (rc == 0) {
        memcpy(m->ram + HW_TABLE_BASE, table, sizeof *table);
        for (unsigned c = 0; c < m->cores; c++)
            m->cpu->reset(m->core[c].cpu->dev, entry, 0);
    }
    free(table);
    return rc;
}

int machine_create(const struct machine_setup *setup, struct machine **out,
                   struct err *err)
{
    *out = NULL;
    const struct board *b = setup->board;
    struct machine *m = mem_zero(1, sizeof *m);
    m->setup = *setup;
    m->board = b;
    m->cpu = board_cpu(b);
    m->mmu = board_mmu(b);
    m->cores = setup->cores ? setup->cores : b->cores;
    m->ram_size = setup->ram_size ? setup->ram_size : b->ram_size;
    m->seed = setup->seeded ? setup->seed : b->seed;
    m->running = NO_CORE;
    m->turn.core = NO_CORE;
    m->store = setup->store;
    if (!m->store && store_open(&(struct store_setup){0}, &m->store, err))
        abort(); /* cannot be: there is no file to open */
    m->net = setup->net ? setup->net : net_new(1);
    m->bus.explain = bus_explain;
    m->bus.host = m;
    m->inst = mem_zero((size_t)b->ndev + 2 * m->cores, sizeof *m->inst);
    assert(m->cores <= BOARD_MAX_CORES);
    int rc = assemble(m, err);
    if (rc) {
        struct err ignored;
        machine_destroy(m, &ignored);
        return rc;
    }
    *out = m;
    return 0;
}

/* ---- facts ---- */

uint64_t machine_cycles(const struct machine *m)
{
    uint64_t most = m->now;
    for (unsigned c = 0; c < m->cores; c++) {
        uint64_t t = m->cpu->cycles(m->core[c].cpu->dev);
        if (t > most)
            most = t;
    }
    return most;
}

void machine_core_stats(const struct machine *m, unsigned core, struct hw_cpu_stats *cpu,
                        struct hw_mmu_stats *mmu, uint64_t *cycles)
{
    *cpu = (struct hw_cpu_stats){0};
    *mmu = (struct hw_mmu_stats){0};
    m->cpu->stats(m->core[core].cpu->dev, cpu);
    m->mmu->stats(m->mmu_dev[core], mmu);
    *cycles = m->cpu->cycles(m->core[core].cpu->dev);
}

void machine_get_stats(const struct machine *m, struct machine_stats *out)
{
    *out = (struct machine_stats){.cycles = machine_cycles(m),
                                  .trace_hash = trace_hash(&m->trace),
                                  .trace_records = trace_count(&m->trace),
                                  .console_bytes = m->setup.console->written};
    memcpy(out->calls, m->call_counts, sizeof out->calls);
    out->store_writes = store_writes(m->store);
    if (m->board->disk >= 0) {
        const struct board_node *n = &m->board->dev[m->board->disk];
        model_disk(n->model)->stats(device_of(m, n), &out->disk);
    }
    if (m->nic)
        model_nic(m->nic->node->model)->stats(m->nic->dev, &out->nic);
    net_get_stats(m->net, &out->net);
    for (unsigned c = 0; c < m->cores; c++) {
        struct hw_cpu_stats s;
        struct hw_mmu_stats t;
        uint64_t cycles;
        machine_core_stats(m, c, &s, &t, &cycles);
        out->cpu.user += s.user;
        out->cpu.lib += s.lib;
        out->cpu.kernel += s.kernel;
        out->cpu.steps += s.steps;
        out->cpu.flushes += s.flushes;
        for (unsigned k = 0; k < HW_CAUSE_COUNT; k++)
            out->cpu.traps[k] += s.traps[k];
        out->mmu.misses += t.misses;
        out->mmu.walks += t.walks;
        out->mmu.faults += t.faults;
        out->mmu.inserts += t.inserts;
        out->mmu.flushes += t.flushes;
    }
}

int machine_destroy(struct machine *m, struct err *err)
{
    for (unsigned k = 0; k < m->nguest_errors; k++) {
        if (m->guest_error_count[k] > 1)
            say("guest error seen %" PRIu64 " times: %s", m->guest_error_count[k],
                m->guest_error[k]);
        free(m->guest_error[k]);
    }
    bus_summary(&m->bus, stderr);
    for (unsigned i = m->ninst; i-- > 0;) {
        struct instance *in = &m->inst[i];
        if (!in->dev)
            continue;
        if (in->ops)
            in->ops->destroy(in->dev);
        else
            m->cpu->destroy(in->dev);
        in->dev = NULL;
    }
    int rc = trace_close(&m->trace, err);
    event_free(&m->events);
    if (m->ram)
        munmap(m->ram, m->ram_size);
    free(m->code_pages);
    if (m->store != m->setup.store)
        store_close(m->store);
    if (m->net != m->setup.net)
        net_free(m->net);
    free(m->inst);
    free(m);
    return rc;
}

const struct machine_setup *machine_setup_of(const struct machine *m)
{
    return &m->setup;
}

enum hw_isa machine_isa(const struct machine *m)
{
    return m->cpu->isa;
}

unsigned machine_cores(const struct machine *m)
{
    return m->cores;
}

unsigned machine_page_shift(const struct machine *m)
{
    return m->mmu->page_shift(m->mmu_dev[0]);
}

const struct trace *machine_trace(const struct machine *m)
{
    return &m->trace;
}

void machine_tap(struct machine *m,
                 void (*tap)(void *arg, uint64_t first, const struct hw_trace_record *r,
                             size_t n),
                 void *arg)
{
    m->trace.tap = tap;
    m->trace.tap_arg = arg;
}

bool machine_peek(const struct machine *m, uint64_t pa, void *to, size_t n)
{
    if (pa > m->ram_size || n > m->ram_size - pa)
        return false;
    memcpy(to, m->ram + pa, n);
    return true;
}

typedef bool translation(const struct machine *m, unsigned core, uint64_t va,
                         uint64_t *pa);

/* Physical address of an instruction of what runs on the core now; false: it is not translated. */
static bool as_code(const struct machine *m, unsigned core, uint64_t va, uint64_t *pa)
{
    struct hw_mmu_entry e;
    bool kernel;
    machine_pc(m, core, &kernel);
    *pa = va;
    if (kernel)
        return true;
    if (!m->mmu->lookup(m->mmu_dev[core], va, HW_FETCH, &e))
        return false;
    *pa = e.pa;
    return true;
}

/* The same of whatever may be read, written or fetched in user mode. */
static bool as_user(const struct machine *m, unsigned core, uint64_t va, uint64_t *pa)
{
    static const enum hw_access any[] = {HW_READ, HW_WRITE, HW_FETCH};
    struct hw_mmu_entry e;
    for (unsigned i = 0; i < 3; i++)
        if (m->mmu->lookup(m->mmu_dev[core], va, any[i], &e)) {
            *pa = e.pa;
            return true;
        }
    return false;
}

/* Up to the first byte that is not translated: how many. */
static size_t peek(const struct machine *m, unsigned core, uint64_t va, translation *how,
                   void *to, size_t n)
{
    size_t done = 0;
    while (done < n) {
        uint64_t at = va + done, pa;
        size_t part = 4096 - (size_t)(at & 4095);
        if (part > n - done)
            part = n - done;
        if (!how(m, core, at, &pa) || !machine_peek(m, pa, (uint8_t *)to + done, part))
            break;
        done += part;
    }
    return done;
}

size_t machine_peek_code(const struct machine *m, unsigned core, uint64_t va, void *to,
                         size_t n)
{
    return peek(m, core, va, as_code, to, n);
}

size_t machine_peek_user(const struct machine *m, unsigned core, uint64_t va, void *to,
                         size_t n)
{
    return peek(m, core, va, as_user, to, n);
}

bool machine_describe_device(const struct machine *m, enum hw_class class_, unsigned i,
                             char *text, size_t max)
{
    for (unsigned k = 0; k < m->ninst; k++) {
        const struct instance *in = &m->inst[k];
        if (in->node->model->class_ != class_ || !in->ops || i-- > 0)
            continue;
        size_t n = in->ops->describe(in->dev, text, max - 1);
        text[n < max ? n : max - 1] = 0;
        return true;
    }
    return false;
}

struct bus *machine_bus(struct machine *m)
{
    return &m->bus;
}

uint64_t machine_pc(const struct machine *m, unsigned core, bool *in_kernel)
{
    *in_kernel = m->core[core].last.in_kernel;
    return m->core[core].last.pc;
}

uint32_t machine_context(const struct machine *m, unsigned core)
{
    return m->cpu->context(m->core[core].cpu->dev);
}

uint64_t machine_resident_ram(const struct machine *m)
{
    uint64_t pages = m->ram_size >> 12, n = 0;
    unsigned char *in = mem_zero(pages, 1);
    if (mincore(m->ram, m->ram_size, in) == 0)
        for (uint64_t i = 0; i < pages; i++)
            n += in[i] & 1;
    free(in);
    return n << 12;
}

size_t machine_describe(const struct machine *m, unsigned core, char *buf, size_t max)
{
    return m->cpu->describe(m->core[core].cpu->dev, buf, max);
}
