// SPDX-License-Identifier: GPL-2.0-or-later
/* store_make.c - from options to a medium. See store_make.h. */
#include "store_make.h"

int store_of_options(const struct options *o, const struct board *b, struct store **out,
                     struct err *err)
{
    const char *option = o->disk        ? "--disk"
                         : o->root      ? "--root"
                         : o->disk_size ? "--disk-size"
                         : o->cut       ? "--power-cut"
                                        : NULL;
    if (option && b->disk < 0)
        return err_set(err, ERR_USER, "%s: board %s has no disk", option, b->name);
    if (o->root)
        return err_set(err, ERR_USER, "--root does not exist yet in this version");
    struct store_setup setup = {.image = o->disk,
                                .option = option,
                                .write = o->write,
                                .size = o->disk_size,
                                .cut = o->cut,
                                .cut_seed = o->cut_seed};
    return store_open(&setup, out, err);
}
