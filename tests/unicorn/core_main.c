// SPDX-License-Identifier: GPL-2.0-or-later
/* core_main.c - core_test ISA [SUITE]: core tests on one ISA. Exit 1 if a test failed. */
#include "core_test.h"
#include <CUnit/Basic.h>

const char *test_isa;

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: core_test ISA [SUITE]\n");
        return 2;
    }
    test_isa = argv[1];
    CU_SuiteInfo suites[] = {{"run", NULL, NULL, NULL, NULL, core_run_tests},
                             {"traps", NULL, NULL, NULL, NULL, core_trap_tests},
                             {"code", NULL, NULL, NULL, NULL, core_code_tests},
                             {"stops", NULL, NULL, NULL, NULL, core_stop_tests},
                             {"observation", NULL, NULL, NULL, NULL, core_observe_tests},
                             CU_SUITE_INFO_NULL};
    setvbuf(stdout, NULL, _IONBF, 0);
    if (CU_initialize_registry() != CUE_SUCCESS ||
        CU_register_suites(suites) != CUE_SUCCESS)
        return 2;
    CU_basic_set_mode(CU_BRM_VERBOSE);
    if (argc == 3 && CU_get_suite(argv[2]))
        CU_basic_run_suite(CU_get_suite(argv[2]));
    else
        CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed ? 1 : 0;
}
