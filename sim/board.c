// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * board.c - device tree to struct board, checked node by node. See board.h.
 *
 * The walk: root properties; memory; cpus; then every other node of the root is a device. A
 * property whose name starts with "exo," must be known; others (phandle, label, device_type ...)
 * are the device tree's own and are left alone.
 */
#include "board.h"

#include <inttypes.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "board_priv.h"

#define PAGE 4096u

const char *ram_size_wrong(uint64_t size)
{
    if (size % PAGE)
        return "is not a multiple of 4096 bytes";
    if (size < BOARD_MIN_RAM)
        return "is too small: expected at least 2 MiB";
    if (size > HW_RAM_MAX)
        return "is too much: devices start at 0xf0000000, expected at most 0x70000000 "
               "(1792 MiB)";
    return NULL;
}

int size_parse(const char *text, uint64_t *out, struct err *err)
{
    char *end;
    unsigned long long v = strtoull(text, &end, 0);
    unsigned shift = 0;
    if (*end == 'K' || *end == 'k')
        shift = 10;
    else if (*end == 'M' || *end == 'm')
        shift = 20;
    else if (*end == 'G' || *end == 'g')
        shift = 30;
    if (end == text || *text == '-' || (shift && end[1]) || (!shift && *end) ||
        v > UINT64_MAX >> shift)
        return err_set(err, ERR_USER,
                       "'%s' is no size, expected a number with K, M or G behind "
                       "it, as in 64M",
                       text);
    *out = (uint64_t)v << shift;
    return 0;
}

/* ---- nodes ---- */

static int parse_memory(struct parse *p, int node, const char *path)
{
    uint64_t base, size;
    if (p->b->ram_size)
        return prop_bad(p, path, NULL, "a second memory, expected one");
    int rc = prop_reg(p, node, path, &base, &size);
    if (rc)
        return rc;
    if (base != 0)
        return prop_bad(p, path, "reg", "RAM at 0x%" PRIx64 ", expected at 0", base);
    const char *wrong = ram_size_wrong(size);
    if (wrong)
        return prop_bad(p, path, "reg", "a size of 0x%" PRIx64 " %s", size, wrong);
    p->b->ram_size = size;
    return prop_check_names(p, node, path, NULL, NULL);
}

static int parse_cpu(struct parse *p, int node, const char *path)
{
    static const char *const extra[] = {"exo,cores", NULL};
    struct board *b = p->b;
    const struct hw_model *m;
    int rc = prop_model(p, node, path, &m);
    if (rc)
        return rc;
    if (m->class_ != HW_CLASS_CPU)
        return prop_bad(p, path, "compatible",
                        "'%s' is a model of class %s, expected a cpu", m->compatible,
                        class_name(m->class_));
    uint64_t cores = 1;
    bool there;
    if ((rc = prop_check_names(p, node, path, m, extra)) ||
        (rc =
             prop_number(p, node, path, "exo,cores", 1, BOARD_MAX_CORES, &there, &cores)))
        return rc;
    struct board_node n = {.path = mem_str(path), .model = m, .irq = BOARD_NO_IRQ};
    rc = prop_params(p, node, &n);
    if (rc == 0 && b->cores && m != b->cpu.model)
        rc = prop_bad(p, path, "compatible",
                      "'%s', but %s is '%s': expected cores of one kind", m->compatible,
                      b->cpu.path, b->cpu.model->compatible);
    for (size_t i = 0; rc == 0 && b->cores && i < m->nparams; i++) {
        const struct hw_value *v = &n.values[i], *w = &b->cpu.values[i];
        if (v->u != w->u || (v->s && w->s && strcmp(v->s, w->s) != 0))
            rc = prop_bad(p, path, m->params[i].name,
                          "differs from that of %s: expected equal cores", b->cpu.path);
    }
    if (rc || b->cores)
        free(n.path);
    else
        b->cpu = n;
    b->cores += (unsigned)cores;
    if (rc == 0 && b->cores > BOARD_MAX_CORES)
        rc = prop_bad(p, path, NULL, "%u cores, expected at most %u", b->cores,
                      BOARD_MAX_CORES);
    return rc;
}

static int parse_cpus(struct parse *p, int node, const char *path)
{
    static const char *const extra[] = {"exo,quantum", NULL};
    bool there;
    int sub, rc = prop_check_names(p, node, path, NULL, extra);
    if (rc == 0)
        rc = prop_number(p, node, path, "exo,quantum", 100, 10000000, &there,
                         &p->b->quantum);
    if (rc)
        return rc;
    fdt_for_each_subnode(sub, p->fdt, node)
    {
        char at[256];
        if (fdt_get_path(p->fdt, sub, at, sizeof at) < 0)
            return prop_bad(p, path, NULL, "the path of a node is too long");
        const char *name = fdt_get_name(p->fdt, sub, NULL);
        if (prop_disabled(p, sub) || (name && strncmp(name, "cpu-map", 7) == 0))
            continue;
        if ((rc = parse_cpu(p, sub, at)))
            return rc;
    }
    return 0;
}

/* Registers inside the device window, behind the core control block, on nobody's feet. */
static int check_place(struct parse *p, const struct board_node *n, uint64_t base,
                       uint64_t size)
{
    struct board *b = p->b;
    if (base % 4 || size % 4 || size == 0)
        return prop_bad(p, n->path, "reg",
                        "0x%" PRIx64 " + 0x%" PRIx64 ", expected multiples of 4", base,
                        size);
    if (base < HW_CORE_BASE + HW_CORE_SIZE || base >= HW_MMIO_END ||
        size > HW_MMIO_END - base)
        return prop_bad(p, n->path, "reg",
                        "0x%" PRIx64 " + 0x%" PRIx64
                        ", expected registers between 0x%x and 0x%x",
                        base, size, HW_CORE_BASE + HW_CORE_SIZE, HW_MMIO_END);
    for (unsigned i = 0; i < b->ndev; i++) {
        const struct board_node *o = &b->dev[i];
        if (base < (uint64_t)o->base + o->size && o->base < base + size)
            return prop_bad(p, n->path, "reg",
                            "0x%" PRIx64 " + 0x%" PRIx64
                            " overlaps the registers of %s (0x%x + 0x%x)",
                            base, size, o->path, o->base, o->size);
    }
    return 0;
}

static int get_irq(struct parse *p, int node, struct board_node *n)
{
    bool there;
    uint64_t line;
    int len;
    if (fdt_getprop(p->fdt, node, "interrupts", &len) && len != 4)
        return prop_bad(p, n->path, "interrupts", "%d bytes, expected one line: <N>",
                        len);
    int rc =
        prop_number(p, node, n->path, "interrupts", 0, BOARD_IRQS - 1, &there, &line);
    if (rc || !there)
        return rc;
    for (unsigned i = 0; i < p->b->ndev; i++)
        if (p->b->dev[i].irq == line)
            return prop_bad(p, n->path, "interrupts",
                            "line %" PRIu64 " is already that of %s", line,
                            p->b->dev[i].path);
    n->irq = (uint32_t)line;
    return 0;
}

static int parse_device(struct parse *p, int node, const char *path)
{
    struct board *b = p->b;
    if (b->ndev == HW_MAX_DEVICES)
        return prop_bad(p, path, NULL, "one device too many, expected at most %d",
                        HW_MAX_DEVICES);
    struct board_node *n = &b->dev[b->ndev];
    *n = (struct board_node){.path = mem_str(path), .irq = BOARD_NO_IRQ};
    uint64_t base = 0, size = 0;
    int rc = prop_model(p, node, path, &n->model);
    if (rc == 0 && n->model->class_ == HW_CLASS_CPU)
        rc = prop_bad(p, path, "compatible", "'%s' is a cpu: expected below /cpus",
                      n->model->compatible);
    if (rc == 0)
        rc = prop_check_names(p, node, path, n->model, NULL);
    if (rc == 0)
        rc = prop_reg(p, node, path, &base, &size);
    if (rc == 0)
        rc = check_place(p, n, base, size);
    if (rc == 0)
        rc = get_irq(p, node, n);
    if (rc == 0)
        rc = prop_params(p, node, n);
    if (rc) {
        free(n->path);
        return rc;
    }
    n->base = (uint32_t)base;
    n->size = (uint32_t)size;
    b->ndev++;
    return 0;
}

static bool named(const char *name, const char *what)
{
    size_t n = strlen(what);
    return strncmp(name, what, n) == 0 && (name[n] == 0 || name[n] == '@');
}

static int parse_root(struct parse *p)
{
    static const char *const extra[] = {"exo,clock-hz", "exo,seed", NULL};
    struct board *b = p->b;
    const char *text;
    bool there;
    int node, rc;
    if ((rc = prop_string(p, 0, "/", "compatible", &text)))
        return rc;
    if (!text || strcmp(text, "exo,board") != 0)
        return prop_bad(p, "/", "compatible", "%s%s%s, expected \"exo,board\"",
                        text ? "\"" : "", text ? text : "missing", text ? "\"" : "");
    if ((rc = prop_string(p, 0, "/", "model", &text)))
        return rc;
    b->title = mem_str(text ? text : b->name);
    if ((rc = prop_check_names(p, 0, "/", NULL, extra)) ||
        (rc = prop_number(p, 0, "/", "exo,clock-hz", 1, UINT64_MAX, &there,
                          &b->clock_hz)) ||
        (rc = prop_number(p, 0, "/", "exo,seed", 0, UINT64_MAX, &there, &b->seed)))
        return rc;
    fdt_for_each_subnode(node, p->fdt, 0)
    {
        char path[256];
        const char *name = fdt_get_name(p->fdt, node, NULL);
        if (!name || fdt_get_path(p->fdt, node, path, sizeof path) < 0)
            return prop_bad(p, "/", NULL, "the name of a node is too long");
        if (prop_disabled(p, node) || named(name, "chosen") || named(name, "aliases") ||
            named(name, "__symbols__"))
            continue;
        if (named(name, "memory"))
            rc = parse_memory(p, node, path);
        else if (named(name, "cpus"))
            rc = parse_cpus(p, node, path);
        else
            rc = parse_device(p, node, path);
        if (rc)
            return rc;
    }
    return 0;
}

/* What the machine cannot do without. */
static int check_whole(struct parse *p)
{
    struct board *b = p->b;
    unsigned mmus = 0, irqs = 0;
    for (unsigned i = 0; i < b->ndev; i++) {
        const struct board_node *n = &b->dev[i];
        if (n->model->class_ == HW_CLASS_MMU) {
            b->mmu = i;
            if (mmus++)
                return prop_bad(p, n->path, NULL,
                                "a second MMU, expected one (every core gets its own "
                                "instance of it)");
        }
        if (n->model->class_ == HW_CLASS_INTC) {
            if (b->intc >= 0)
                return prop_bad(p, n->path, NULL,
                                "a second interrupt controller, expected one");
            b->intc = (int)i;
        }
        if (n->model->class_ == HW_CLASS_DISK) {
            if (b->disk >= 0)
                return prop_bad(p, n->path, NULL, "a second disk, expected at most one");
            b->disk = (int)i;
        }
        if (n->model->class_ == HW_CLASS_NIC) {
            if (b->nic >= 0)
                return prop_bad(p, n->path, NULL,
                                "a second network interface, expected at most one");
            b->nic = (int)i;
        }
        irqs += n->irq != BOARD_NO_IRQ;
    }
    if (!b->ram_size)
        return prop_bad(p, "/", NULL,
                        "no node memory@0, expected one with reg = <0 size>");
    if (!b->cores)
        return prop_bad(p, "/", NULL,
                        "no core, expected cpus { cpu@0 { compatible = \"exo,cpu-...\"; "
                        "}; }");
    if (!mmus)
        return prop_bad(p, "/", NULL,
                        "no MMU, expected a node with compatible = \"exo,mmu-...\"");
    if (irqs && b->intc < 0)
        return prop_bad(p, "/", NULL,
                        "devices have `interrupts`, but there is no interrupt "
                        "controller: expected a node of class intc");
    return 0;
}

int board_parse(const void *dtb, size_t len, const char *name, const char *file,
                const struct registry *models, struct board **out, struct err *err)
{
    *out = NULL;
    void *copy =
        mem_zero(1, len + 8); /* libfdt wants 8-byte alignment, calloc gives 16 */
    memcpy(copy, dtb, len);
    int bad_tree = fdt_check_full(copy, len);
    if (bad_tree) {
        free(copy);
        return err_set(err, ERR_USER, "board %s: not a device tree blob (%s)%s", file,
                       fdt_strerror(bad_tree),
                       bad_tree == -FDT_ERR_BADMAGIC ? "; source text must be named *.dts"
                                                     : "");
    }
    struct board *b = mem_zero(1, sizeof *b);
    *b = (struct board){.name = mem_str(name),
                        .file = mem_str(file),
                        .fdt = copy,
                        .intc = -1,
                        .disk = -1,
                        .nic = -1,
                        .clock_hz = 100000000,
                        .seed = 1,
                        .quantum = 10000};
    struct parse p = {.b = b, .fdt = copy, .models = models, .err = err};
    int rc = parse_root(&p);
    if (rc == 0)
        rc = check_whole(&p);
    if (rc) {
        board_free(b);
        return rc;
    }
    *out = b;
    return 0;
}

void board_free(struct board *b)
{
    if (!b)
        return;
    for (unsigned i = 0; i < b->ndev; i++)
        free(b->dev[i].path);
    free(b->cpu.path);
    free(b->name);
    free(b->file);
    free(b->title);
    free(b->fdt);
    free(b);
}

const struct hw_cpu_ops *board_cpu(const struct board *b)
{
    return model_cpu(b->cpu.model);
}

const struct hw_mmu_ops *board_mmu(const struct board *b)
{
    return model_mmu(b->dev[b->mmu].model);
}

struct calls_hardware board_hardware(const struct board *b)
{
    return (struct calls_hardware){
        .mmu = board_mmu(b)->kind,
        .disk = b->disk < 0 ? 0 : model_disk(b->dev[b->disk].model)->kind,
        .nic = b->nic < 0 ? 0 : model_nic(b->dev[b->nic].model)->kind,
    };
}
