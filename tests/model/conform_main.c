// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * conform_main.c - the conformance suite for models out of the tree:
 *
 *   model_conform PLUGIN.so     runs it over every row the plugin exports
 */
#include "rig.h"
#include "suites.h"
#include <CUnit/Basic.h>
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s PLUGIN.so\n", argv[0]);
        return 2;
    }
    void *so = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (!so) {
        fprintf(stderr, "%s\n", dlerror());
        return 2;
    }
    const struct hw_model *const *rows = dlsym(so, HW_PLUGIN_SYMBOL);
    if (!rows || !rows[0]) {
        fprintf(stderr, "%s: no models in %s\n", argv[1], HW_PLUGIN_SYMBOL);
        return 2;
    }
    rig_rows = rows;
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    conform_suite();
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
