// SPDX-License-Identifier: GPL-2.0-or-later
/* rig.c - see rig.h. */
#include "rig.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct hw_model *const *rig_rows = hw_models;

static void die(const char *what, const char *which)
{
    fprintf(stderr, "rig: %s: %s\n", what, which);
    abort();
}

const struct hw_model *rig_model(const char *compatible)
{
    for (unsigned i = 0; rig_rows[i]; i++)
        if (strcmp(rig_rows[i]->compatible, compatible) == 0)
            return rig_rows[i];
    die("no such model", compatible);
    return NULL;
}

const struct hw_dev_ops *rig_ops(const struct hw_model *m)
{
    if (m->class_ == HW_CLASS_MMU)
        return &((const struct hw_mmu_ops *)m->ops)->dev;
    if (m->class_ == HW_CLASS_INTC)
        return &((const struct hw_intc_ops *)m->ops)->dev;
    if (m->class_ == HW_CLASS_DISK)
        return &((const struct hw_disk_ops *)m->ops)->dev;
    if (m->class_ == HW_CLASS_NIC)
        return &((const struct hw_nic_ops *)m->ops)->dev;
    return m->ops;
}

void rig_values(const struct hw_model *m, const struct rig_set *set, struct hw_value *out)
{
    if (m->nparams > RIG_MAX_VALUES)
        die("too many parameters", m->compatible);
    for (size_t i = 0; i < m->nparams; i++)
        out[i] = (struct hw_value){.u = m->params[i].def, .s = m->params[i].def_string};
    for (; set && set->name; set++) {
        size_t i = 0;
        while (i < m->nparams && strcmp(m->params[i].name, set->name) != 0)
            i++;
        if (i == m->nparams)
            die("no such parameter", set->name);
        out[i] = (struct hw_value){.u = set->u, .s = set->s};
    }
}

static int try(struct rig *r, const struct hw_model *m, const struct rig_set *set,
               unsigned cores, uint64_t seed, uint64_t image)
{
    struct hw_value values[RIG_MAX_VALUES];
    memset(r, 0, sizeof *r);
    fake_env_init(&r->f, RIG_RAM, seed);
    r->model = m;
    r->ops = rig_ops(m);
    r->mmu = m->class_ == HW_CLASS_MMU ? m->ops : NULL;
    r->intc = m->class_ == HW_CLASS_INTC ? m->ops : NULL;
    r->disk = m->class_ == HW_CLASS_DISK ? m->ops : NULL;
    if (r->disk)
        r->f.blank = r->disk->blank;
    r->nic = m->class_ == HW_CLASS_NIC ? m->ops : NULL;
    r->cores = cores;
    if (image && r->f.env.store_blank(&r->f, image))
        die("image", m->compatible);
    rig_values(m, set, values);
    int rc = r->ops->create(&r->f.env, values, cores, &r->dev, &r->err);
    if (rc != 0)
        fake_env_free(&r->f);
    return rc;
}

int rig_try(struct rig *r, const struct hw_model *m, const struct rig_set *set,
            unsigned cores, uint64_t seed)
{
    return try(r, m, set, cores, seed, 0);
}

void rig_with_image(struct rig *r, const char *compatible, const struct rig_set *set,
                    uint64_t bytes)
{
    if (try(r, rig_model(compatible), set, 1, 1, bytes) != 0)
        r->dev = NULL;
}

void rig_open_cores(struct rig *r, const char *compatible, const struct rig_set *set,
                    unsigned cores, uint64_t seed)
{
    if (rig_try(r, rig_model(compatible), set, cores, seed) != 0)
        die(compatible, r->err.msg);
}

void rig_open(struct rig *r, const char *compatible, const struct rig_set *set)
{
    rig_open_cores(r, compatible, set, 1, 1);
}

void rig_close(struct rig *r)
{
    r->ops->destroy(r->dev);
    fake_env_free(&r->f);
}

void rig_write(struct rig *r, uint32_t off, uint32_t value)
{
    r->ops->write(r->dev, 0, off, value);
}

uint32_t rig_read(struct rig *r, uint32_t off)
{
    return r->ops->read(r->dev, 0, off);
}

void rig_write64(struct rig *r, uint32_t off, uint64_t value)
{
    rig_write(r, off, (uint32_t)value);
    rig_write(r, off + 4, (uint32_t)(value >> 32));
}

uint64_t rig_read64(struct rig *r, uint32_t off)
{
    uint64_t lo = rig_read(r, off);
    return lo | (uint64_t)rig_read(r, off + 4) << 32;
}

uint8_t *rig_save(struct rig *r, size_t *len)
{
    *len = r->ops->save(r->dev, NULL, 0);
    uint8_t *buf = malloc(*len ? *len : 1);
    if (!buf || r->ops->save(r->dev, buf, *len) != *len)
        die("save", r->model->compatible);
    return buf;
}

bool rig_same_state(struct rig *a, struct rig *b)
{
    size_t na, nb;
    uint8_t *sa = rig_save(a, &na), *sb = rig_save(b, &nb);
    bool same = na == nb && memcmp(sa, sb, na) == 0;
    free(sa);
    free(sb);
    return same;
}

uint64_t rig_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}
