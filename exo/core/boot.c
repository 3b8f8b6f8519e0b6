// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * boot.c - from reset to the first environment. Core 0 reads the hardware table, lays out the
 * kernel's tables behind free_base, loads the boot programs; then every core schedules. After
 * this file is done nothing is ever allocated for the kernel again.
 *
 *   0      0x1000     0x10000         free_base                  boot_next          ram_size
 *   +------+----------+---------------+-------------------------+-----------------+
 *   | -    | hardware | kernel image, | exported window, held   | free frames     |
 *   |      | table    | modules       | bits, MMU, devices      |                 |
 *   +------+----------+---------------+-------------------------+-----------------+
 */
#include "disk.h"
#include "nic.h"

#define RAM_MAX 0x70000000u
#define ARGS_MAX 65536u

struct machine machine;
static uint32_t boot_next; /* physical address of the next free byte */
static volatile uint32_t boot_done;

static void *boot_alloc(size_t bytes)
{
    uint32_t n = ((uint32_t)bytes + machine.page_size - 1) & ~(machine.page_size - 1);
    if (bytes > RAM_MAX || n > (machine.nframes << machine.page_shift) - boot_next)
        kernel_panic("out of memory for the kernel's tables");
    void *p = arch_phys(boot_next);
    memset(p, 0, n);
    boot_next += n;
    return p;
}

static const struct exo_hw_device *find_device(uint32_t class_)
{
    for (uint32_t i = 0; i < machine.table->ndevices; i++)
        if (machine.table->device[i].class_ == class_)
            return &machine.table->device[i];
    return NULL;
}

static bool range_in_ram(const struct exo_hw_table *t, uint64_t pa, uint64_t bytes)
{
    return pa <= t->ram_size && bytes <= t->ram_size - pa;
}

static void check_table(const struct exo_hw_table *t)
{
    if (t->magic != EXO_HW_MAGIC || t->version != EXO_HW_VERSION)
        kernel_panic("hardware table: wrong magic or version");
    if (t->cores == 0 || t->cores > EXO_NCORE)
        kernel_panic("hardware table: number of cores must be 1 to EXO_NCORE");
    if (t->page_shift < 12 || t->page_shift > 16)
        kernel_panic("hardware table: page size must be 4 KiB to 64 KiB");
    if (t->ram_size > RAM_MAX || t->free_base >= t->ram_size)
        kernel_panic("hardware table: bad memory size");
    if (t->ndevices > EXO_HW_MAX_DEVICES || t->nmodules > EXO_HW_MAX_MODULES)
        kernel_panic("hardware table: too many devices or modules");
    for (uint32_t i = 0; i < t->nmodules; i++) {
        const struct exo_hw_module *m = &t->module[i];
        if (!range_in_ram(t, m->pa, m->size) || m->pa + m->size > t->free_base ||
            (m->size > 0 && ((uint32_t)m->pa & ((1u << t->page_shift) - 1)) != 0))
            kernel_panic(
                "hardware table: a module lies outside its memory or is not aligned");
        if (m->args_len > ARGS_MAX || !range_in_ram(t, m->args_pa, m->args_len))
            kernel_panic("hardware table: bad program arguments");
    }
}

static uint32_t line_of(const struct exo_hw_device *dev)
{
    if (dev->irq > 31)
        kernel_panic("hardware table: a device's interrupt must be 0 to 31");
    return 1u << dev->irq;
}

/* A kind no driver knows is as good as absent: its calls do not exist. */
static void find_devices(void)
{
    const struct exo_hw_device *disk = find_device(EXO_HW_DISK);
    const struct exo_hw_device *nic = find_device(EXO_HW_NIC);
    if (disk != NULL && disk_known(disk->kind)) {
        machine.disk_kind = disk->kind;
        machine.disk_line = line_of(disk);
    }
    if (nic != NULL && nic_known(nic->kind)) {
        machine.nic_kind = nic->kind;
        machine.nic_line = line_of(nic);
    }
}

static void find_machine(void)
{
    const struct exo_hw_table *t = arch_phys(M_TABLE_BASE);
    check_table(t);
    machine.table = t;
    machine.cores = t->cores;
    machine.page_shift = t->page_shift;
    machine.page_size = 1u << t->page_shift;
    machine.mmu_kind = t->mmu_kind;
    machine.nframes = (uint32_t)t->ram_size >> t->page_shift;
    const struct exo_hw_device *timer = find_device(EXO_HW_TIMER);
    const struct exo_hw_device *intc = find_device(EXO_HW_INTC);
    const struct exo_hw_device *console = find_device(EXO_HW_CONSOLE);
    if (timer == NULL || intc == NULL || console == NULL)
        kernel_panic("hardware table: timer, interrupt controller or console is missing");
    machine.timer = timer->base;
    machine.timer_line = line_of(timer);
    machine.intc = intc->base;
    machine.console = console->base;
    find_devices();
}

static void make_tables(void)
{
    uint32_t mask = machine.page_size - 1;
    boot_next = ((uint32_t)machine.table->free_base + mask) & ~mask;
    uint32_t bytes = export_size(machine.table, machine.nframes);
    export_init(boot_alloc(bytes), bytes);
    env_table_init(boot_alloc);
    const struct exo_hw_device *mmu = find_device(EXO_HW_MMU);
    if (mmu == NULL)
        kernel_panic("hardware table: no MMU");
    mmu_init(mmu, boot_alloc);
    if (machine.disk_kind != 0)
        disk_init(find_device(EXO_HW_DISK), boot_alloc);
    if (machine.nic_kind != 0)
        nic_init(find_device(EXO_HW_NIC), boot_alloc);
    for (uint32_t i = 0; i < EXO_NENV; i++)
        mmu_env_init(&kernel_ctx[i]); /* also who is not born yet has no translations */
    frame_table_init(boot_next >> machine.page_shift, machine.kinfo->export_frame,
                     machine.kinfo->export_pages);
}

static void load_programs(void)
{
    uint32_t env = 0;
    for (uint32_t i = 0; i < machine.table->nmodules; i++)
        if (machine.table->module[i].kind == EXO_MODULE_PROGRAM)
            program_load(++env, i);
    if (env == 0)
        kernel_panic("no boot program: nothing to run");
}

_Noreturn void kernel_start(uint32_t core)
{
    if (core == 0) {
        find_machine();
        call_init();
        make_tables();
        mmu_init_core();
        load_programs();
        arch_store_release(&boot_done, 1);
    } else {
        while (boot_done == 0) {
        }
        mmu_init_core();
    }
    kernel_lock();
    core_init(core);
    struct ctx *c = core_go_on(&cores[core]);
    kernel_unlock();
    arch_resume(c);
}
