// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * values.h - a model's parameters, checked. Private to hwmodels/.
 *
 * The simulator checks each value against hw_param.min and max before create(); values_check()
 * does it again, so that create() is safe whoever calls it. What depends on several values
 * is the model's own check.
 */
#ifndef HWMODELS_VALUES_H
#define HWMODELS_VALUES_H

#include "text.h"
#include <inttypes.h>

static inline int values_check(const struct hw_param *params, size_t n,
                               const struct hw_value *values, struct hw_err *err)
{
    for (size_t i = 0; i < n; i++) {
        const struct hw_param *p = &params[i];
        if (p->type == HW_PARAM_U64 && (values[i].u < p->min || values[i].u > p->max))
            return hw_refuse(err,
                             "%s is %" PRIu64 ", expected %" PRIu64 " to %" PRIu64 " %s",
                             p->name, values[i].u, p->min, p->max, p->unit);
        if (p->type == HW_PARAM_STRING && !values[i].s)
            return hw_refuse(err, "%s has no value, expected a string", p->name);
    }
    return 0;
}

#endif
