// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_main.c - unit_sim: unit tests of sim/ on fake models. Status 1 if a test failed. */
#include <CUnit/Basic.h>

#include "sim_suites.h"

int main(void)
{
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 1;
    suite_abi();
    suite_board();
    suite_event();
    suite_trace();
    suite_loader();
    suite_machine();
    suite_model();
    suite_net();
    suite_record();
    suite_store();
    suite_store_cut();
    CU_basic_set_mode(CU_BRM_NORMAL);
    int failed = CU_basic_run_tests() != CUE_SUCCESS || CU_get_number_of_failures() != 0;
    CU_cleanup_registry();
    return failed;
}
