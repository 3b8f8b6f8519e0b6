// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * board.c - device tree to struct board, checked property by property. See board.h.
 *
 * The walk: root properties; memory; cpus; then every other node of the root is a device. A
 * property whose name starts with "exo," must be known; others (phandle, label, device_type ...)
 * are the device tree's own and are left alone.
 */
#include "board.h"

#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096u

struct parse {
    struct board *b;
    const void *fdt;
    const struct registry *models;
    struct err *err;
};

/* "FILE: /node: property 'p': what" */
static int bad(struct parse *p, const char *path, const char *prop, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
static int bad(struct parse *p, const char *path, const char *prop, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (prop)
        return err_set(p->err, ERR_USER, "board %s: node %s: property '%s': %s", p->b->file, path,
                       prop, text);
    return err_set(p->err, ERR_USER, "board %s: node %s: %s", p->b->file, path, text);
}

static uint64_t be(const uint8_t *bytes, unsigned n)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < n; i++)
        v = v << 8 | bytes[i];
    return v;
}

/* One number of 1 or 2 cells. *there says whether the property exists. */
static int get_number(struct parse *p, int node, const char *path, const char *prop,
                      uint64_t min, uint64_t max, bool *there, uint64_t *out)
{
    int len;
    const uint8_t *v = fdt_getprop(p->fdt, node, prop, &len);
    *there = v != NULL;
    if (!v)
        return 0;
    if (len != 4 && len != 8)
        return bad(p, path, prop, "%d bytes, expected one number: <N> or, above 32 bits, "
                   "/bits/ 64 <N>", len);
    *out = be(v, (unsigned)len);
    if (*out < min || *out > max)
        return bad(p, path, prop, "%" PRIu64 ", expected %" PRIu64 " to %" PRIu64, *out, min,
                   max);
    return 0;
}

/* The text of a property: NUL-terminated inside its length. */
static int get_string(struct parse *p, int node, const char *path, const char *prop,
                      const char **out)
{
    int len;
    const char *v = fdt_getprop(p->fdt, node, prop, &len);
    *out = NULL;
    if (!v)
        return 0;
    if (len < 2 || memchr(v, 0, (size_t)len) != v + len - 1)
        return bad(p, path, prop, "expected one text in quotes");
    *out = v;
    return 0;
}

static bool disabled(struct parse *p, int node)
{
    int len;
    const char *s = fdt_getprop(p->fdt, node, "status", &len);
    return s && len == 9 && memcmp(s, "disabled", 9) == 0;
}

/* reg = <base size> with the root's cell counts. */
static int get_reg(struct parse *p, int node, const char *path, uint64_t *base, uint64_t *size)
{
    int na = fdt_address_cells(p->fdt, 0), ns = fdt_size_cells(p->fdt, 0), len;
    if (na < 1 || na > 2 || ns < 1 || ns > 2)
        return bad(p, "/", "#address-cells", "address and size of 1 or 2 cells expected");
    const uint8_t *v = fdt_getprop(p->fdt, node, "reg", &len);
    if (!v)
        return bad(p, path, "reg", "missing, expected <base size>");
    if (len != 4 * (na + ns))
        return bad(p, path, "reg", "%d cells, expected %d: <base size>", len / 4, na + ns);
    *base = be(v, 4 * (unsigned)na);
    *size = be(v + 4 * na, 4 * (unsigned)ns);
    return 0;
}

const char *ram_size_wrong(uint64_t size)
{
    if (size % PAGE)
        return "is not a multiple of 4096 bytes";
    if (size < BOARD_MIN_RAM)
        return "is too small: expected at least 2 MiB";
    if (size > HW_RAM_MAX)
        return "is too much: devices start at 0xf0000000, expected at most 0x70000000 (1792 MiB)";
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
        return err_set(err, ERR_USER, "'%s' is no size, expected a number with K, M or G behind "
                       "it, as in 64M", text);
    *out = (uint64_t)v << shift;
    return 0;
}

/* ---- parameters of a model ---- */

static int one_param(struct parse *p, int node, const char *path, const struct hw_param *q,
                     struct hw_value *v)
{
    *v = (struct hw_value){.u = q->def, .s = q->def_string};
    bool there;
    int len;
    switch (q->type) {
    case HW_PARAM_STRING: {
        const char *s;
        int rc = get_string(p, node, path, q->name, &s);
        if (s)
            v->s = s;
        return rc;
    }
    case HW_PARAM_BOOL:
        if (fdt_getprop(p->fdt, node, q->name, &len) && len == 0) {
            v->u = 1;
            return 0;
        }
        return get_number(p, node, path, q->name, 0, 1, &there, &v->u);
    case HW_PARAM_U64:
        break;
    }
    return get_number(p, node, path, q->name, q->min, q->max, &there, &v->u);
}

/* What `exo,` properties a node may have: its model's, and those of extra[]. */
static int check_names(struct parse *p, int node, const char *path, const struct hw_model *m,
                       const char *const *extra)
{
    int off;
    fdt_for_each_property_offset(off, p->fdt, node)
    {
        const char *name;
        if (!fdt_getprop_by_offset(p->fdt, off, &name, NULL))
            return bad(p, path, NULL, "a property cannot be read");
        if (strncmp(name, "exo,", 4) != 0)
            continue;
        bool known = m && model_param(m, name) >= 0;
        const char *near = NULL, *all[HW_MAX_PARAMS + 8];
        unsigned least = 5, n = 0;
        for (size_t i = 0; m && i < m->nparams; i++)
            all[n++] = m->params[i].name;
        for (; extra && *extra && n < sizeof all / sizeof *all; extra++) {
            known = known || strcmp(*extra, name) == 0;
            all[n++] = *extra;
        }
        if (known)
            continue;
        char list[700] = "";
        for (unsigned i = 0; i < n; i++) {
            unsigned d = text_distance(all[i], name);
            if (d < least) {
                least = d;
                near = all[i];
            }
            size_t at = strlen(list);
            snprintf(list + at, sizeof list - at, "%s%s", i ? ", " : "", all[i]);
        }
        const char *who = m ? m->compatible : "this node";
        if (near)
            return bad(p, path, name, "%s has no such property; did you mean '%s'?", who, near);
        return bad(p, path, name, "%s has no such property; expected one of: %s", who,
                   n ? list : "(none)");
    }
    return 0;
}

static int find_model(struct parse *p, int node, const char *path, const struct hw_model **out)
{
    const char *c;
    int rc = get_string(p, node, path, "compatible", &c);
    if (rc)
        return rc;
    if (!c)
        return bad(p, path, "compatible", "missing, expected the name of a model "
                   "(`exosim models` lists them)");
    *out = registry_find(p->models, c);
    if (*out)
        return 0;
    const char *near = registry_near(p->models, c);
    if (near)
        return bad(p, path, "compatible", "there is no model '%s'; did you mean '%s'?", c, near);
    return bad(p, path, "compatible",
               "there is no model '%s' (`exosim models` lists them; one of your own comes from "
               "--plugin FILE.so)",
               c);
}

static int get_params(struct parse *p, int node, struct board_node *n)
{
    for (size_t i = 0; i < n->model->nparams; i++) {
        int rc = one_param(p, node, n->path, &n->model->params[i], &n->values[i]);
        if (rc)
            return rc;
    }
    return 0;
}

/* ---- nodes ---- */

static int parse_memory(struct parse *p, int node, const char *path)
{
    uint64_t base, size;
    if (p->b->ram_size)
        return bad(p, path, NULL, "a second memory, expected one");
    int rc = get_reg(p, node, path, &base, &size);
    if (rc)
        return rc;
    if (base != 0)
        return bad(p, path, "reg", "RAM at 0x%" PRIx64 ", expected at 0", base);
    const char *wrong = ram_size_wrong(size);
    if (wrong)
        return bad(p, path, "reg", "a size of 0x%" PRIx64 " %s", size, wrong);
    p->b->ram_size = size;
    return check_names(p, node, path, NULL, NULL);
}

static int parse_cpu(struct parse *p, int node, const char *path)
{
    static const char *const extra[] = {"exo,cores", NULL};
    struct board *b = p->b;
    const struct hw_model *m;
    int rc = find_model(p, node, path, &m);
    if (rc)
        return rc;
    if (m->class_ != HW_CLASS_CPU)
        return bad(p, path, "compatible", "'%s' is a model of class %s, expected a cpu",
                   m->compatible, class_name(m->class_));
    uint64_t cores = 1;
    bool there;
    if ((rc = check_names(p, node, path, m, extra)) ||
        (rc = get_number(p, node, path, "exo,cores", 1, BOARD_MAX_CORES, &there, &cores)))
        return rc;
    struct board_node n = {.path = mem_str(path), .model = m, .irq = BOARD_NO_IRQ};
    rc = get_params(p, node, &n);
    if (rc == 0 && b->cores && m != b->cpu.model)
        rc = bad(p, path, "compatible", "'%s', but %s is '%s': expected cores of one kind",
                 m->compatible, b->cpu.path, b->cpu.model->compatible);
    for (size_t i = 0; rc == 0 && b->cores && i < m->nparams; i++) {
        const struct hw_value *v = &n.values[i], *w = &b->cpu.values[i];
        if (v->u != w->u || (v->s && w->s && strcmp(v->s, w->s) != 0))
            rc = bad(p, path, m->params[i].name, "differs from that of %s: expected equal cores",
                     b->cpu.path);
    }
    if (rc || b->cores)
        free(n.path);
    else
        b->cpu = n;
    b->cores += (unsigned)cores;
    if (rc == 0 && b->cores > BOARD_MAX_CORES)
        rc = bad(p, path, NULL, "%u cores, expected at most %u", b->cores, BOARD_MAX_CORES);
    return rc;
}

static int parse_cpus(struct parse *p, int node, const char *path)
{
    static const char *const extra[] = {"exo,quantum", NULL};
    bool there;
    int sub, rc = check_names(p, node, path, NULL, extra);
    if (rc == 0)
        rc = get_number(p, node, path, "exo,quantum", 100, 10000000, &there, &p->b->quantum);
    if (rc)
        return rc;
    fdt_for_each_subnode(sub, p->fdt, node)
    {
        char at[256];
        if (fdt_get_path(p->fdt, sub, at, sizeof at) < 0)
            return bad(p, path, NULL, "the path of a node is too long");
        const char *name = fdt_get_name(p->fdt, sub, NULL);
        if (disabled(p, sub) || (name && strncmp(name, "cpu-map", 7) == 0))
            continue;
        if ((rc = parse_cpu(p, sub, at)))
            return rc;
    }
    return 0;
}

/* Registers inside the device window, behind the core control block, on nobody's feet. */
static int check_place(struct parse *p, const struct board_node *n, uint64_t base, uint64_t size)
{
    struct board *b = p->b;
    if (base % 4 || size % 4 || size == 0)
        return bad(p, n->path, "reg", "0x%" PRIx64 " + 0x%" PRIx64 ", expected multiples of 4",
                   base, size);
    if (base < HW_CORE_BASE + HW_CORE_SIZE || base >= HW_MMIO_END || size > HW_MMIO_END - base)
        return bad(p, n->path, "reg",
                   "0x%" PRIx64 " + 0x%" PRIx64 ", expected registers between 0x%x and 0x%x",
                   base, size, HW_CORE_BASE + HW_CORE_SIZE, HW_MMIO_END);
    for (unsigned i = 0; i < b->ndev; i++) {
        const struct board_node *o = &b->dev[i];
        if (base < (uint64_t)o->base + o->size && o->base < base + size)
            return bad(p, n->path, "reg", "0x%" PRIx64 " + 0x%" PRIx64
                       " overlaps the registers of %s (0x%x + 0x%x)", base, size, o->path,
                       o->base, o->size);
    }
    return 0;
}

static int get_irq(struct parse *p, int node, struct board_node *n)
{
    bool there;
    uint64_t line;
    int len;
    if (fdt_getprop(p->fdt, node, "interrupts", &len) && len != 4)
        return bad(p, n->path, "interrupts", "%d bytes, expected one line: <N>", len);
    int rc = get_number(p, node, n->path, "interrupts", 0, BOARD_IRQS - 1, &there, &line);
    if (rc || !there)
        return rc;
    for (unsigned i = 0; i < p->b->ndev; i++)
        if (p->b->dev[i].irq == line)
            return bad(p, n->path, "interrupts", "line %" PRIu64 " is already that of %s",
                       line, p->b->dev[i].path);
    n->irq = (uint32_t)line;
    return 0;
}

static int parse_device(struct parse *p, int node, const char *path)
{
    struct board *b = p->b;
    if (b->ndev == HW_MAX_DEVICES)
        return bad(p, path, NULL, "one device too many, expected at most %d", HW_MAX_DEVICES);
    struct board_node *n = &b->dev[b->ndev];
    *n = (struct board_node){.path = mem_str(path), .irq = BOARD_NO_IRQ};
    uint64_t base = 0, size = 0;
    int rc = find_model(p, node, path, &n->model);
    if (rc == 0 && n->model->class_ == HW_CLASS_CPU)
        rc = bad(p, path, "compatible", "'%s' is a cpu: expected below /cpus",
                 n->model->compatible);
    if (rc == 0)
        rc = check_names(p, node, path, n->model, NULL);
    if (rc == 0)
        rc = get_reg(p, node, path, &base, &size);
    if (rc == 0)
        rc = check_place(p, n, base, size);
    if (rc == 0)
        rc = get_irq(p, node, n);
    if (rc == 0)
        rc = get_params(p, node, n);
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
    if ((rc = get_string(p, 0, "/", "compatible", &text)))
        return rc;
    if (!text || strcmp(text, "exo,board") != 0)
        return bad(p, "/", "compatible", "%s%s%s, expected \"exo,board\"", text ? "\"" : "",
                   text ? text : "missing", text ? "\"" : "");
    if ((rc = get_string(p, 0, "/", "model", &text)))
        return rc;
    b->title = mem_str(text ? text : b->name);
    if ((rc = check_names(p, 0, "/", NULL, extra)) ||
        (rc = get_number(p, 0, "/", "exo,clock-hz", 1, UINT64_MAX, &there, &b->clock_hz)) ||
        (rc = get_number(p, 0, "/", "exo,seed", 0, UINT64_MAX, &there, &b->seed)))
        return rc;
    fdt_for_each_subnode(node, p->fdt, 0)
    {
        char path[256];
        const char *name = fdt_get_name(p->fdt, node, NULL);
        if (!name || fdt_get_path(p->fdt, node, path, sizeof path) < 0)
            return bad(p, "/", NULL, "the name of a node is too long");
        if (disabled(p, node) || named(name, "chosen") || named(name, "aliases") ||
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
                return bad(p, n->path, NULL, "a second MMU, expected one (every core gets its own "
                           "instance of it)");
        }
        if (n->model->class_ == HW_CLASS_INTC) {
            if (b->intc >= 0)
                return bad(p, n->path, NULL, "a second interrupt controller, expected one");
            b->intc = (int)i;
        }
        irqs += n->irq != BOARD_NO_IRQ;
    }
    if (!b->ram_size)
        return bad(p, "/", NULL, "no node memory@0, expected one with reg = <0 size>");
    if (!b->cores)
        return bad(p, "/", NULL, "no core, expected cpus { cpu@0 { compatible = \"exo,cpu-...\"; "
                   "}; }");
    if (!mmus)
        return bad(p, "/", NULL, "no MMU, expected a node with compatible = \"exo,mmu-...\"");
    if (irqs && b->intc < 0)
        return bad(p, "/", NULL, "devices have `interrupts`, but there is no interrupt "
                   "controller: expected a node of class intc");
    return 0;
}

int board_parse(const void *dtb, size_t len, const char *name, const char *file,
                const struct registry *models, struct board **out, struct err *err)
{
    *out = NULL;
    void *copy = mem_zero(1, len + 8); /* libfdt wants 8-byte alignment, calloc gives 16 */
    memcpy(copy, dtb, len);
    int bad_tree = fdt_check_full(copy, len);
    if (bad_tree) {
        free(copy);
        return err_set(err, ERR_USER, "board %s: not a device tree blob (%s)%s", file,
                       fdt_strerror(bad_tree),
                       bad_tree == -FDT_ERR_BADMAGIC ? "; source text must be named *.dts" : "");
    }
    struct board *b = mem_zero(1, sizeof *b);
    *b = (struct board){.name = mem_str(name), .file = mem_str(file), .fdt = copy, .intc = -1,
                        .clock_hz = 100000000, .seed = 1, .quantum = 10000};
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
