// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cost_path.c - the folder is the classification (docs/cost.md): what a path of the tree is.
 *
 *   exo/arch/ISA/           isa     libos/port/isa/ISA/    isa     workloads/port/isa/ISA...
 *   exo/mmu|disk|nic/KIND*  class   libos/port/mmu|...     class   workloads/port/mmu|...
 *   the rest of exo/        generic the rest of libos/     generic the rest of workloads/, tests/
 *
 * The library's stubs of calls are the lines of the calls' lists: exo/include/exo/calls.def, and
 * calls/CLASS_KIND.def of that class.
 */
#include <stdio.h>
#include <string.h>

#include "cost_priv.h"

const char *const cost_part_names[COST_PARTS] = {"libos", "kernel", "program"};
const char *const cost_class_names[COST_CLASSES] = {"generic", "isa", "mmu", "disk",
                                                    "nic"};

/* Behind "folder/", or NULL. */
static const char *below(const char *path, const char *folder)
{
    size_t n = strlen(folder);
    return strncmp(path, folder, n) == 0 && path[n] == '/' ? path + n + 1 : NULL;
}

/* `rest` of exo/ or of a port/ folder. The ISA is a folder; other kinds may be files. */
static enum cost_class class_of(const char *rest, const char **name)
{
    for (enum cost_class c = COST_ISA; c < COST_CLASSES; c++)
        if ((*name = below(rest, cost_class_names[c])))
            return c;
    if ((*name = below(rest, "arch")) && strchr(*name, '/'))
        return COST_ISA;
    *name = "";
    return COST_GENERIC;
}

/* "mmu_radix.def" */
static enum cost_class stub_class(const char *file, const char **name)
{
    for (enum cost_class c = COST_MMU; c < COST_CLASSES; c++) {
        size_t n = strlen(cost_class_names[c]);
        if (strncmp(file, cost_class_names[c], n) == 0 && file[n] == '_') {
            *name = file + n + 1;
            return c;
        }
    }
    return COST_GENERIC;
}

bool cost_classify(const char *path, enum cost_part *part, enum cost_class *class_,
                   char kind[32])
{
    const char *rest, *name = "";
    *class_ = COST_GENERIC;
    if ((rest = below(path, "exo/include/exo/calls"))) {
        *part = COST_LIBOS;
        *class_ = stub_class(rest, &name);
    } else if (strcmp(path, "exo/include/exo/calls.def") == 0) {
        *part = COST_LIBOS;
    } else if ((rest = below(path, "exo"))) {
        *part = COST_KERNEL;
        *class_ = class_of(rest, &name);
    } else if ((rest = below(path, "libos"))) {
        *part = COST_LIBOS;
        if ((rest = below(rest, "port")))
            *class_ = class_of(rest, &name);
    } else if ((rest = below(path, "workloads")) || below(path, "tests")) {
        *part = COST_PROGRAM;
        if (rest && (rest = below(rest, "port")))
            *class_ = class_of(rest, &name);
    } else {
        return false;
    }
    if (kind)
        snprintf(kind, 32, "%.*s", (int)strcspn(name, "./"), name);
    return true;
}
