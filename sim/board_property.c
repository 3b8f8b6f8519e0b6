// SPDX-License-Identifier: GPL-2.0-or-later
/* board_property.c - properties of a device tree, one by one, with errors that say which. See
 * board_priv.h. */
#include "board_priv.h"

#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>

/* "FILE: /node: property 'p': what" */
int prop_bad(struct parse *p, const char *path, const char *prop, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (prop)
        return err_set(p->err, ERR_USER, "board %s: node %s: property '%s': %s",
                       p->b->file, path, prop, text);
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
int prop_number(struct parse *p, int node, const char *path, const char *prop,
                uint64_t min, uint64_t max, bool *there, uint64_t *out)
{
    int len;
    const uint8_t *v = fdt_getprop(p->fdt, node, prop, &len);
    *there = v != NULL;
    if (!v)
        return 0;
    if (len != 4 && len != 8)
        return prop_bad(p, path, prop,
                        "%d bytes, expected one number: <N> or, above 32 bits, "
                        "/bits/ 64 <N>",
                        len);
    *out = be(v, (unsigned)len);
    if (*out < min || *out > max)
        return prop_bad(p, path, prop, "%" PRIu64 ", expected %" PRIu64 " to %" PRIu64,
                        *out, min, max);
    return 0;
}

/* The text of a property: NUL-terminated inside its length. */
int prop_string(struct parse *p, int node, const char *path, const char *prop,
                const char **out)
{
    int len;
    const char *v = fdt_getprop(p->fdt, node, prop, &len);
    *out = NULL;
    if (!v)
        return 0;
    if (len < 2 || memchr(v, 0, (size_t)len) != v + len - 1)
        return prop_bad(p, path, prop, "expected one text in quotes");
    *out = v;
    return 0;
}

bool prop_disabled(struct parse *p, int node)
{
    int len;
    const char *s = fdt_getprop(p->fdt, node, "status", &len);
    return s && len == 9 && memcmp(s, "disabled", 9) == 0;
}

/* reg = <base size> with the root's cell counts. */
int prop_reg(struct parse *p, int node, const char *path, uint64_t *base, uint64_t *size)
{
    int na = fdt_address_cells(p->fdt, 0), ns = fdt_size_cells(p->fdt, 0), len;
    if (na < 1 || na > 2 || ns < 1 || ns > 2)
        return prop_bad(p, "/", "#address-cells",
                        "address and size of 1 or 2 cells expected");
    const uint8_t *v = fdt_getprop(p->fdt, node, "reg", &len);
    if (!v)
        return prop_bad(p, path, "reg", "missing, expected <base size>");
    if (len != 4 * (na + ns))
        return prop_bad(p, path, "reg", "%d cells, expected %d: <base size>", len / 4,
                        na + ns);
    *base = be(v, 4 * (unsigned)na);
    *size = be(v + 4 * na, 4 * (unsigned)ns);
    return 0;
}

/* ---- parameters of a model ---- */

static int one_param(struct parse *p, int node, const char *path,
                     const struct hw_param *q, struct hw_value *v)
{
    *v = (struct hw_value){.u = q->def, .s = q->def_string};
    bool there;
    int len;
    switch (q->type) {
    case HW_PARAM_STRING: {
        const char *s;
        int rc = prop_string(p, node, path, q->name, &s);
        if (s)
            v->s = s;
        return rc;
    }
    case HW_PARAM_BOOL:
        if (fdt_getprop(p->fdt, node, q->name, &len) && len == 0) {
            v->u = 1;
            return 0;
        }
        return prop_number(p, node, path, q->name, 0, 1, &there, &v->u);
    case HW_PARAM_U64: break;
    }
    return prop_number(p, node, path, q->name, q->min, q->max, &there, &v->u);
}

/* What `exo,` properties a node may have: its model's, and those of extra[]. */
int prop_check_names(struct parse *p, int node, const char *path,
                     const struct hw_model *m, const char *const *extra)
{
    int off;
    fdt_for_each_property_offset(off, p->fdt, node)
    {
        const char *name;
        if (!fdt_getprop_by_offset(p->fdt, off, &name, NULL))
            return prop_bad(p, path, NULL, "a property cannot be read");
        if (strncmp(name, "exo,", 4) != 0)
            continue;
        bool known = m && model_param(m, name) >= 0;
        const char *near = NULL, *all[HW_MAX_PARAMS + 8];
        unsigned least = 5, n = 0;
        for (size_t i = 0; m && i < m->nparams; i++)
            all[n++] = m->params[i].name;
        for (const char *const *e = extra; e && *e && n < sizeof all / sizeof *all; e++) {
            known = known || strcmp(*e, name) == 0;
            all[n++] = *e;
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
            return prop_bad(p, path, name, "%s has no such property; did you mean '%s'?",
                            who, near);
        return prop_bad(p, path, name, "%s has no such property; expected one of: %s",
                        who, n ? list : "(none)");
    }
    return 0;
}

int prop_model(struct parse *p, int node, const char *path, const struct hw_model **out)
{
    const char *c;
    int rc = prop_string(p, node, path, "compatible", &c);
    if (rc)
        return rc;
    if (!c)
        return prop_bad(p, path, "compatible",
                        "missing, expected the name of a model "
                        "(`exosim models` lists them)");
    *out = registry_find(p->models, c);
    if (*out)
        return 0;
    const char *near = registry_near(p->models, c);
    if (near)
        return prop_bad(p, path, "compatible",
                        "there is no model '%s'; did you mean '%s'?", c, near);
    return prop_bad(
        p, path, "compatible",
        "there is no model '%s' (`exosim models` lists them; one of your own comes from "
        "--plugin FILE.so)",
        c);
}

int prop_params(struct parse *p, int node, struct board_node *n)
{
    for (size_t i = 0; i < n->model->nparams; i++) {
        int rc = one_param(p, node, n->path, &n->model->params[i], &n->values[i]);
        if (rc)
            return rc;
    }
    return 0;
}
