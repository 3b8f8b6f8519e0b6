// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exo_rig.h - unit tests of the exokernel: each test boots its own machine in a child process
 * (kernel and machine are globals) and plays the programs itself (exo/arch/host/host.h). The
 * kernel checks its invariants after every trap and panics if one fails; so does the rig.
 *
 *   EXO_TEST(name) { boot(2); CHECK(CALL(null) == 0); }      and a row in the suite's list
 */
#ifndef EXO_RIG_H
#define EXO_RIG_H

#include "host.h"

#include <stdio.h>
#include <string.h>

#define EXO_TEST(name)                                                                   \
    static void name##_body(void);                                                       \
    static void name(void)                                                               \
    {                                                                                    \
        rig_run(#name, name##_body);                                                     \
    }                                                                                    \
    static void name##_body(void)

#define CHECK(condition)                                                                 \
    do {                                                                                 \
        if (!(condition))                                                                \
            rig_fail(__FILE__, __LINE__, #condition);                                    \
    } while (0)

/* CHECK that a call's result is what it must be; says what it was. */
#define EXPECT(call, value) rig_expect(__FILE__, __LINE__, #call, (call), (value))

struct rig_test {
    const char *name;
    void (*run)(void);
};
#define RIG_ROW(name)                                                                    \
    {                                                                                    \
#name, name                                                                      \
    }
#define RIG_END                                                                          \
    {                                                                                    \
        NULL, NULL                                                                       \
    }

extern const struct rig_test exo_cap_tests[], exo_frame_tests[], exo_env_tests[],
    exo_slice_tests[], exo_sleep_tests[], exo_ipc_tests[], exo_revoke_tests[],
    exo_trap_tests[], exo_boot_tests[], exo_io_tests[], exo_cores_tests[],
    exo_map_tests[], exo_regions_tests[], exo_batch_tests[], exo_extent_tests[],
    exo_disk_tests[], exo_disk_end_tests[], exo_ring_tests[], exo_filter_tests[],
    exo_send_tests[], exo_hashed_tests[];

void rig_run(const char *name, void (*body)(void));
void rig_fail(const char *file, int line, const char *what);
void rig_expect(const char *file, int line, const char *what, exo_sword got,
                exo_sword want);

/* A machine of 1 core, 1024 frames and some programs, running program 1. */
void boot(uint32_t programs);
void boot_cores(uint32_t ncores, uint32_t programs);
/* ... with devices: cores, programs and what they are of struct host_config */
void boot_config(struct host_config config);
/* ... on another kind of MMU: struct host_config */
void boot_with(uint32_t ncores, uint32_t programs, uint32_t variant, uint32_t asid_bits);

extern uint32_t rig_core; /* whose program CALL plays: 0 unless a test says otherwise */
exo_sword rig_call(uint32_t number, const exo_word arg[6]);
#define CALL(name, ...) rig_call(EXO_CALL_##name, (const exo_word[6]){__VA_ARGS__})

/* The running program's memory, through its translations; fails the test if it may not. */
void put(uint64_t va, const void *from, uint32_t bytes);
uint32_t word(uint64_t va);
bool may_write(uint64_t va); /* or it gets an exception */
bool may_read(uint64_t va);

struct exo_upage *upage(uint32_t env);
uint32_t state_of(uint32_t env);
uint32_t free_frame(void);    /* name of a free one */
uint32_t take_frame(void);    /* allocated with slot 0 */
void run_until(uint32_t env); /* slices pass until it runs on rig_core */

/* Give the running program environment `child`, embryo, with its own address space if the
 * kind needs tables; start it, with a slice at `slot`. */
void make_child(uint32_t child);
void start_child(uint32_t child, uint32_t slot);
/* A frame held by child, its upage. */
uint32_t give_upage(uint32_t child);
void give_frame(uint32_t child, uint32_t frame);

/* bind(env, cap of env, va | flags, frame, cap of frame) in the kind's own call */
exo_sword bind(uint32_t env, exo_word cap, exo_word va, exo_word frame, exo_word fcap);
exo_sword unbind(uint32_t env, exo_word cap, exo_word va, exo_word n);
exo_sword protect(exo_word va, exo_word n); /* of the running program */
#define FREE_VA 0x580000u /* nothing there; the program's tables cover it */

struct balance {
    uint32_t frames, envs, caps, slices, pins;
};
struct balance balance(void);
bool balanced(const struct balance *before);

#endif
