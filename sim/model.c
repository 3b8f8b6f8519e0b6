// SPDX-License-Identifier: GPL-2.0-or-later
/* model.c - registry of hardware models and plugins. See model.h. */
#include "model.h"

#include <assert.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const class_names[] = {
    [HW_CLASS_CPU] = "cpu",     [HW_CLASS_MMU] = "mmu",         [HW_CLASS_INTC] = "intc",
    [HW_CLASS_TIMER] = "timer", [HW_CLASS_CONSOLE] = "console", [HW_CLASS_DISK] = "disk",
    [HW_CLASS_NIC] = "nic",
};

const char *class_name(enum hw_class class_)
{
    size_t i = (size_t)class_;
    return i < sizeof class_names / sizeof *class_names ? class_names[i] : NULL;
}

/* Of an MMU, a disk, a network interface. */
static unsigned kind_of(const struct hw_model *m)
{
    switch (m->class_) {
    case HW_CLASS_MMU: return model_mmu(m)->kind;
    case HW_CLASS_DISK: return model_disk(m)->kind;
    case HW_CLASS_NIC: return model_nic(m)->kind;
    default: return 0;
    }
}

const char *kind_name(enum hw_class class_, unsigned kind)
{
    char prefix[32];
    int n = snprintf(prefix, sizeof prefix, "exo,%s-", class_name(class_));
    for (size_t i = 0; hw_models[i] && kind != 0; i++) {
        const struct hw_model *m = hw_models[i];
        if (m->class_ == class_ && kind_of(m) == kind &&
            strncmp(m->compatible, prefix, (size_t)n) == 0)
            return m->compatible + n;
    }
    return NULL;
}

const char *mmu_kind_name(enum hw_mmu_kind kind)
{
    return kind_name(HW_CLASS_MMU, kind);
}

const char *disk_kind_name(enum hw_disk_kind kind)
{
    return kind_name(HW_CLASS_DISK, kind);
}

const char *nic_kind_name(enum hw_nic_kind kind)
{
    return kind_name(HW_CLASS_NIC, kind);
}

const char *isa_name(enum hw_isa isa)
{
    switch (isa) {
    case HW_ISA_RISCV64: return "riscv64";
    case HW_ISA_AARCH64: return "aarch64";
    case HW_ISA_X86_64: return "x86_64";
    case HW_ISA_MIPS32: return "mips32";
    }
    return NULL;
}

static bool dev_ops_whole(const struct hw_dev_ops *o)
{
    return o->create && o->destroy && o->read && o->write && o->save && o->restore &&
           o->describe;
}

/* Does the row have every function its class needs? What is missing, or NULL. */
static const char *row_lacks(const struct hw_model *m)
{
    if (!m->compatible || !*m->compatible || strlen(m->compatible) >= HW_NAME_MAX)
        return "a `compatible` of 1 to 31 bytes";
    if (!class_name(m->class_))
        return "a class that exists";
    if (!m->ops)
        return "operations";
    if (m->nparams > HW_MAX_PARAMS || (m->nparams && !m->params))
        return "a parameter table that fits (HW_MAX_PARAMS)";
    for (size_t i = 0; i < m->nparams; i++)
        if (!m->params[i].name || m->params[i].type > HW_PARAM_STRING)
            return "names and types of all parameters";
    if (m->class_ == HW_CLASS_CPU) {
        const struct hw_cpu_ops *o = m->ops;
        if (!o->create || !o->destroy || !o->reset || !o->run || !o->cycles ||
            !o->set_cycles || !o->set_irq || !o->set_ipi || !o->kick || !o->mmu_changed ||
            !o->code_executed || !o->code_written || !o->context || !o->stats ||
            !o->describe || !o->observe || !o->watch || !o->limit || !o->retired ||
            !o->elf_name)
            return "all functions of struct hw_cpu_ops";
        return NULL;
    }
    if (!dev_ops_whole(model_dev(m)))
        return "all functions of struct hw_dev_ops";
    if (m->class_ == HW_CLASS_MMU) {
        const struct hw_mmu_ops *o = m->ops;
        if (!mmu_kind_name(o->kind))
            return "an MMU kind that exists";
        if (!o->lookup || !o->miss || !o->stats || !o->broadcast || !o->page_shift ||
            !o->table_params)
            return "all functions of struct hw_mmu_ops";
    }
    if (m->class_ == HW_CLASS_INTC) {
        const struct hw_intc_ops *o = m->ops;
        if (!o->line)
            return "line() of struct hw_intc_ops";
    }
    if (m->class_ == HW_CLASS_DISK) {
        const struct hw_disk_ops *o = m->ops;
        if (!disk_kind_name(o->kind))
            return "a disk kind that exists";
        if (!o->persist || !o->stats || !o->table_params)
            return "all functions of struct hw_disk_ops";
    }
    if (m->class_ == HW_CLASS_NIC) {
        const struct hw_nic_ops *o = m->ops;
        if (!nic_kind_name(o->kind))
            return "a network interface kind that exists";
        if (!o->receive || !o->bits_per_second || !o->stats || !o->table_params)
            return "all functions of struct hw_nic_ops";
    }
    return NULL;
}

int registry_add(struct registry *r, const struct hw_model *const *table,
                 const char *from, struct err *err)
{
    for (; *table; table++) {
        const struct hw_model *m = *table;
        if (m->abi != HW_ABI)
            return err_set(
                err, ERR_USER,
                "%s: built against version %u of hw.h (HW_ABI), this exosim has "
                "version %u: rebuild it",
                from, m->abi, HW_ABI);
        const char *lacks = row_lacks(m);
        if (lacks)
            return err_set(err, ERR_USER, "%s: model '%.31s' lacks %s", from,
                           m->compatible ? m->compatible : "?", lacks);
        if (registry_find(r, m->compatible))
            return err_set(err, ERR_USER, "%s: there is a model '%s' already", from,
                           m->compatible);
        r->model = mem_grow(r->model, r->n + 1, sizeof *r->model);
        r->model[r->n++] = m;
    }
    return 0;
}

int registry_plugin(struct registry *r, const char *path, struct err *err)
{
    /* dlopen searches the library path for a name without a slash: a file is meant */
    char *file = strchr(path, '/') ? mem_str(path) : mem_fmt("./%s", path);
    void *h = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    free(file);
    if (!h)
        return err_set(err, ERR_USER, "plugin %s cannot be loaded: %s", path, dlerror());
    const struct hw_model *const *table = dlsym(h, HW_PLUGIN_SYMBOL);
    if (!table) {
        dlclose(h);
        return err_set(err, ERR_USER,
                       "plugin %s does not export %s, a NULL-terminated table of models "
                       "(see hwmodels/include/hw.h)",
                       path, HW_PLUGIN_SYMBOL);
    }
    r->handle = mem_grow(r->handle, r->nhandles + 1, sizeof *r->handle);
    r->handle[r->nhandles++] = h;
    char *from = mem_fmt("plugin %s", path);
    int rc = registry_add(r, table, from, err);
    free(from);
    return rc;
}

void registry_free(struct registry *r)
{
    for (size_t i = 0; i < r->nhandles; i++)
        dlclose(r->handle[i]);
    free(r->handle);
    free(r->model);
    *r = (struct registry){0};
}

const struct hw_model *registry_find(const struct registry *r, const char *compatible)
{
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->model[i]->compatible, compatible) == 0)
            return r->model[i];
    return NULL;
}

unsigned text_distance(const char *a, const char *b)
{
    enum { MAX = 64 };
    size_t na = strlen(a), nb = strlen(b);
    if (na >= MAX || nb >= MAX)
        return MAX;
    unsigned row[MAX + 1];
    for (unsigned j = 0; j <= nb; j++)
        row[j] = j;
    for (unsigned i = 1; i <= na; i++) {
        unsigned diag = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= nb; j++) {
            unsigned change = diag + (a[i - 1] != b[j - 1]);
            diag = row[j];
            unsigned best = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            row[j] = best < change ? best : change;
        }
    }
    return row[nb];
}

const char *registry_near(const struct registry *r, const char *compatible)
{
    const char *best = NULL;
    unsigned least = 4; /* more than three typing errors is another word */
    for (size_t i = 0; i < r->n; i++) {
        unsigned d = text_distance(r->model[i]->compatible, compatible);
        if (d < least) {
            least = d;
            best = r->model[i]->compatible;
        }
    }
    return best;
}

int model_param(const struct hw_model *m, const char *name)
{
    for (size_t i = 0; i < m->nparams; i++)
        if (strcmp(m->params[i].name, name) == 0)
            return (int)i;
    return -1;
}

const struct hw_cpu_ops *model_cpu(const struct hw_model *m)
{
    assert(m->class_ == HW_CLASS_CPU);
    return m->ops;
}

const struct hw_mmu_ops *model_mmu(const struct hw_model *m)
{
    assert(m->class_ == HW_CLASS_MMU);
    return m->ops;
}

const struct hw_intc_ops *model_intc(const struct hw_model *m)
{
    assert(m->class_ == HW_CLASS_INTC);
    return m->ops;
}

const struct hw_disk_ops *model_disk(const struct hw_model *m)
{
    assert(m->class_ == HW_CLASS_DISK);
    return m->ops;
}

const struct hw_nic_ops *model_nic(const struct hw_model *m)
{
    assert(m->class_ == HW_CLASS_NIC);
    return m->ops;
}

const struct hw_dev_ops *model_dev(const struct hw_model *m)
{
    assert(m->class_ != HW_CLASS_CPU);
    switch (m->class_) {
    case HW_CLASS_MMU: return &((const struct hw_mmu_ops *)m->ops)->dev;
    case HW_CLASS_INTC: return &((const struct hw_intc_ops *)m->ops)->dev;
    case HW_CLASS_DISK: return &((const struct hw_disk_ops *)m->ops)->dev;
    case HW_CLASS_NIC: return &((const struct hw_nic_ops *)m->ops)->dev;
    default: return m->ops;
    }
}
