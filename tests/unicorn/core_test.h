// SPDX-License-Identifier: GPL-2.0-or-later
/* core_test.h - the core tests' suites: each runs once an ISA, named by test_isa. */
#ifndef CORE_TEST_H
#define CORE_TEST_H

#include "rig.h"
#include <CUnit/CUnit.h>
#include <stdio.h>

extern const char *test_isa;
extern CU_TestInfo core_run_tests[], core_trap_tests[], core_code_tests[],
    core_stop_tests[];

#endif
