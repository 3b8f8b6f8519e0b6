// SPDX-License-Identifier: GPL-2.0-or-later
/* main.c - runs the model tests: all suites, or the one named. */
#include "suites.h"
#include <CUnit/Basic.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    void (*add)(void);
} suites[] = {
    {"conform", conform_suite},
    {"cpu", cpu_suite},
    {"tlb", tlb_suite},
    {"softtlb", softtlb_suite},
    {"radix", radix_suite},
    {"regions", regions_suite},
    {"walk", walk_suite},
    {"hashed", hashed_suite},
    {"disk_pio", disk_pio_suite},
    {"disk_queue", disk_queue_suite},
    {"disk_flash", disk_flash_suite},
    {"nic_pio", nic_pio_suite},
    {"nic_rings", nic_rings_suite},
    {"nic_steer", nic_steer_suite},
    {"device", device_suite},
    {"board", board_suite},
    {"guest_view", guest_view_suite},
};

/* Unicorn 2.1 leaks some 32-byte objects an engine; what is ours is still checked. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libunicorn\n";
}

int main(int argc, char **argv)
{
    unsigned added = 0;
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 2;
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
        if (argc < 2 || strcmp(argv[1], suites[i].name) == 0) {
            suites[i].add();
            added++;
        }
    }
    if (added == 0) {
        fprintf(stderr, "no suite %s\n", argv[1]);
        return 2;
    }
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
