// SPDX-License-Identifier: GPL-2.0-or-later
/* core_test.h - the core tests' suites: each runs once an ISA, named by test_isa. */
#ifndef CORE_TEST_H
#define CORE_TEST_H

#include "rig.h"
#include <CUnit/CUnit.h>
#include <stdio.h>

extern const char *test_isa;
extern CU_TestInfo core_run_tests[], core_trap_tests[], core_code_tests[],
    core_stop_tests[], core_observe_tests[];

/* core_run.c: what a run came to. */
struct outcome {
    enum hw_stop stop;
    uint32_t status;
    uint64_t hash, cycles, user, lib, kernel, misses, irqs;
    struct guest_log log;
};
struct outcome outcome_of(struct rig *r);
bool same(const struct outcome *a, const struct outcome *b, const char *what);

#endif
