// SPDX-License-Identifier: GPL-2.0-or-later
/* port_cost.c - what of a port's driver and backend the objects say, by cost.h. See port_gaps.h. */
#include <string.h>

#include "cost.h"
#include "port_gaps.h"

static enum cost_class cost_class_of(const char *class_)
{
    for (int i = 0; i < COST_CLASSES; i++)
        if (strcmp(cost_class_names[i], class_) == 0)
            return (enum cost_class)i;
    return COST_GENERIC;
}

bool port_object_sizes(const struct board *board, const char *class_,
                       struct port_size out[2])
{
    struct err err;
    struct cost *c;
    struct cost_sums sums;
    enum cost_class k = cost_class_of(class_);
    if (cost_open(&board, 1, &c, &err))
        return false;
    cost_sum(c, cost_reached(c, 0), &sums);
    static const enum cost_part part[2] = {COST_KERNEL, COST_LIBOS};
    for (int i = 0; i < 2; i++)
        out[i] =
            (struct port_size){sums.at[part[i]][k].lines, sums.at[part[i]][k].functions};
    cost_close(c);
    return true;
}
