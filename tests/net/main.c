// SPDX-License-Identifier: GPL-2.0-or-later
/* main.c - the network stack on the host: runs all suites; exit 1 if a test failed. */
#include <CUnit/Basic.h>

#include "rig.h"

int main(void)
{
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    suite_basic();
    suite_tcp();
    suite_forged();
    suite_lossy();
    suite_config();
    suite_dns();
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed != 0;
}
