// SPDX-License-Identifier: GPL-2.0-or-later
/* exo_rig.c - see exo_rig.h. */
#include "exo_rig.h"

#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

uint32_t rig_core;
static bool failed;

void rig_fail(const char *file, int line, const char *what)
{
    const char *slash = strrchr(file, '/');
    fprintf(stderr, "\n    %s:%d: %s", slash != NULL ? slash + 1 : file, line, what);
    if (host.panicked)
        fprintf(stderr, " (kernel panic: %s)", host.message);
    fprintf(stderr, "\n");
    failed = true;
}

void rig_expect(const char *file, int line, const char *what, exo_sword got,
                exo_sword want)
{
    char text[256];
    if (got == want)
        return;
    snprintf(text, sizeof text, "%s is %ld, not %ld", what, (long)got, (long)want);
    rig_fail(file, line, text);
}

void rig_run(const char *name, void (*body)(void))
{
    int status = -1;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        alarm(60);
        body();
        if (host.panicked && !failed)
            rig_fail(name, 0, "unexpected end");
        fflush(NULL);
        _exit(failed ? 1 : 0);
    }
    if (pid > 0)
        waitpid(pid, &status, 0);
    CU_ASSERT_EQUAL(status, 0);
}

void boot_cores(uint32_t ncores, uint32_t programs)
{
    boot_with(ncores, programs, 0, 0);
}

void boot_with(uint32_t ncores, uint32_t programs, uint32_t variant, uint32_t asid_bits)
{
    boot_config((struct host_config){.cores = ncores,
                                     .programs = programs,
                                     .variant = variant,
                                     .asid_bits = asid_bits});
}

void boot_config(struct host_config config)
{
    config.frames = 1024;
    config.args = "prog\0one";
    config.args_len = 9;
    config.argc = 2;
    rig_core = 0;
    host_setup(&config);
    CHECK(host_boot() == HOST_USER);
    CHECK(host_env(0) == 1);
}

void boot(uint32_t programs)
{
    boot_cores(1, programs);
}

exo_sword rig_call(uint32_t number, const exo_word arg[6])
{
    return host_call(rig_core, number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}

void put(uint64_t va, const void *from, uint32_t bytes)
{
    const uint8_t *b = from;
    for (uint32_t i = 0; i < bytes; i++) {
        uint8_t *p;
        bool ok = host_access(rig_core, va + i, EXO_W, &p);
        CHECK(ok);
        if (!ok)
            return;
        *p = b[i];
    }
}

uint32_t word(uint64_t va)
{
    uint32_t v = 0;
    CHECK(host_load32(rig_core, va, &v));
    return v;
}

bool may_write(uint64_t va)
{
    uint8_t *p;
    return host_access(rig_core, va, EXO_W, &p);
}

bool may_read(uint64_t va)
{
    uint8_t *p;
    return host_access(rig_core, va, EXO_R, &p);
}

struct exo_upage *upage(uint32_t env)
{
    return arch_phys(kernel_ctx[env].upage);
}

uint32_t state_of(uint32_t env)
{
    CHECK(machine.env[env].state == kernel_ctx[env].state);
    return machine.env[env].state;
}

uint32_t free_frame(void)
{
    return machine.kinfo->first_free;
}

uint32_t take_frame(void)
{
    uint32_t frame = free_frame();
    EXPECT(CALL(frame_alloc, frame, 0), 0);
    return frame;
}

void run_until(uint32_t env)
{
    for (int i = 0; i < 200 && host_env(rig_core) != env; i++)
        host_tick(rig_core);
    CHECK(host_env(rig_core) == env);
}

void give_frame(uint32_t child, uint32_t frame)
{
    EXPECT(CALL(frame_hold, frame, child, 0), 0);
    EXPECT(CALL(frame_free, frame), 0);
}

void make_child(uint32_t child)
{
    EXPECT(CALL(env_create, child, 0), 0);
#ifdef MMU_RADIX
    uint32_t levels = (uint32_t)machine.table->device[0].params[M_RADIX_LEVELS];
    uint32_t frame = take_frame();
    give_frame(child, frame);
    EXPECT(CALL(pt_root, child, 0, frame), 0);
    for (uint32_t level = levels - 1; level-- > 0;) {
        frame = take_frame();
        give_frame(child, frame);
        EXPECT(CALL(pt_table, child, 0, FREE_VA, level, frame), 0);
    }
#endif
}

void start_child(uint32_t child, uint32_t slot)
{
    EXPECT(CALL(env_set, child, 0, EXO_ENV_PC, HOST_CODE_VA), 0);
    EXPECT(CALL(slice_alloc, rig_core, slot, child, 0), 0);
    EXPECT(CALL(env_run, child, 0), 0);
}

uint32_t give_upage(uint32_t child)
{
    uint32_t frame = take_frame();
    give_frame(child, frame);
    EXPECT(CALL(env_set, child, 0, EXO_ENV_UPAGE, frame), 0);
    return frame;
}

#ifdef MMU_REGIONS
/* A window a page, told by the address: the tests' pages lie together, the kernel takes windows
 * for boot programs from the other end. */
static exo_word window_of(exo_word va)
{
    return va >> 12 & 7;
}

exo_sword bind(uint32_t env, exo_word cap, exo_word va, exo_word frame, exo_word fcap)
{
    return CALL(region_set, env, cap, window_of(va) | fcap << 8, va, frame, 1);
}

exo_sword unbind(uint32_t env, exo_word cap, exo_word va, exo_word n)
{
    return CALL(region_clear, env, cap, window_of(va), n);
}

exo_sword protect(exo_word va, exo_word n)
{
    return CALL(region_protect, 0, 0, n == 1 ? window_of(va) : n, va & (EXO_R | EXO_W));
}
#else
exo_sword bind(uint32_t env, exo_word cap, exo_word va, exo_word frame, exo_word fcap)
{
    return rig_call(host_mmu_calls.bind, (const exo_word[6]){env, cap, va, frame, fcap});
}

exo_sword unbind(uint32_t env, exo_word cap, exo_word va, exo_word n)
{
    return rig_call(host_mmu_calls.unbind, (const exo_word[6]){env, cap, va, n});
}

exo_sword protect(exo_word va, exo_word n)
{
    return rig_call(host_mmu_calls.protect, (const exo_word[6]){0, 0, va, n});
}
#endif

struct balance balance(void)
{
    struct balance b = {.frames = machine.kinfo->free_frames};
    for (uint32_t i = 1; i < EXO_NENV; i++) {
        b.envs += kernel_ctx[i].state != EXO_ENV_STATE_FREE;
        for (uint32_t s = 0; s < EXO_NCAP; s++)
            b.caps += envs[i].cap[s].len != EXO_NAME_NONE;
    }
    for (uint32_t i = 0; i < EXO_NCORE * EXO_NSLICE; i++)
        b.slices += machine.slice[i / EXO_NSLICE][i % EXO_NSLICE] != 0;
    for (uint32_t i = 0; i < machine.nframes; i++)
        b.pins += machine.frame[i].pins;
    return b;
}

bool balanced(const struct balance *before)
{
    struct balance now = balance();
    if (memcmp(&now, before, sizeof now) == 0)
        return true;
    fprintf(stderr,
            "    frames %u -> %u, envs %u -> %u, caps %u -> %u, slices %u -> %u, pins "
            "%u -> %u\n",
            before->frames, now.frames, before->envs, now.envs, before->caps, now.caps,
            before->slices, now.slices, before->pins, now.pins);
    return false;
}
