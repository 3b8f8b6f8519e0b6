// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_main.c - runs the exokernel's unit tests; one executable a kind of MMU. */
#include "exo_rig.h"

#include <CUnit/Basic.h>

int main(void)
{
    static const struct {
        const char *name;
        const struct rig_test *tests;
    } suites[] = {
        {"boot and ELF", exo_boot_tests},
        {"capabilities", exo_cap_tests},
        {"frames", exo_frame_tests},
        {"environments", exo_env_tests},
        {"bindings", exo_map_tests},
        {"windows", exo_regions_tests},
        {"hashed page table", exo_hashed_tests},
        {"slices", exo_slice_tests},
        {"predicates", exo_sleep_tests},
        {"protected control transfer", exo_ipc_tests},
        {"revocation", exo_revoke_tests},
        {"traps and upcalls", exo_trap_tests},
        {"console, time", exo_io_tests},
        {"several cores", exo_cores_tests},
        {"several calls", exo_batch_tests},
        {"extents", exo_extent_tests},
        {"disk requests", exo_disk_tests},
        {"disk requests that outlive", exo_disk_end_tests},
        {"packet rings", exo_ring_tests},
        {"packet filters", exo_filter_tests},
        {"sending, hardware queues", exo_send_tests},
    };
    host_first_switch();
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        CU_pSuite suite = CU_add_suite(suites[i].name, NULL, NULL);
        for (const struct rig_test *t = suites[i].tests; t->name != NULL; t++)
            if (suite == NULL || CU_add_test(suite, t->name, t->run) == NULL)
                return 2;
    }
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? 0 : 1;
}
