// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_machine.c - the machine on fake cores: virtual time, events, interrupts, several cores, the
 * bus, the hardware table, ends, statistics. */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim_fake.h"
#include "sim_suites.h"
#include "stats.h"

struct rig {
    struct board *board;
    struct load_plan plan;
    struct console console;
    struct calls calls;
    struct machine_setup setup;
    struct machine *m;
    struct machine_outcome out;
};

static void rig_open(struct rig *r, unsigned cores, uint64_t max_cycles)
{
    struct fake_elf e;
    struct err err = {""};
    memset(r, 0, sizeof *r);
    char *dts =
        fake_dts("", "dev@f0003000 { compatible = \"test,device\"; interrupts = <3>;"
                     " reg = <0xf0003000 0x100>; exo,size = <9>; };");
    CU_ASSERT_EQUAL_FATAL(fake_board(dts, &r->board, &err), 0);
    free(dts);
    fake_elf(&e, HW_KERNEL_BASE, "KERNEL", 6);
    r->plan.kernel = fake_file(e.bytes, e.n);
    console_open(&r->console, -1, NULL);
    r->setup = (struct machine_setup){.board = r->board,
                                      .plan = &r->plan,
                                      .calls = &r->calls,
                                      .console = &r->console,
                                      .cores = cores,
                                      .max_cycles = max_cycles};
    int rc = machine_create(&r->setup, &r->m, &err);
    if (rc)
        fprintf(stderr, "%s\n", err.msg);
    CU_ASSERT_EQUAL_FATAL(rc, 0);
}

static void rig_close(struct rig *r)
{
    struct err err;
    CU_ASSERT_EQUAL(machine_destroy(r->m, &err), 0);
    console_close(&r->console);
    unlink(r->plan.kernel);
    plan_free(&r->plan);
    board_free(r->board);
}

/* ---- what the fake cores do ---- */

static unsigned turns[64][2]; /* core, cycles / 100 at the start of each run */
static unsigned nturns;

static enum hw_stop halt_at_once(struct fake_cpu *c, uint64_t deadline,
                                 struct hw_exit *exit)
{
    (void)c;
    (void)deadline;
    exit->status = 42;
    return HW_STOP_HALT;
}

/* Runs to the deadline; the core that passes 50000 powers off. */
static enum hw_stop take_turns(struct fake_cpu *c, uint64_t deadline,
                               struct hw_exit *exit)
{
    if (nturns < 64) {
        turns[nturns][0] = c->w.core;
        turns[nturns++][1] = (unsigned)(c->cycles / 100);
    }
    c->cycles = deadline;
    exit->status = 0;
    return c->cycles > 50000 ? HW_STOP_HALT : HW_STOP_DEADLINE;
}

static enum hw_stop forever(struct fake_cpu *c, uint64_t deadline, struct hw_exit *exit)
{
    (void)exit;
    c->cycles = deadline;
    return HW_STOP_DEADLINE;
}

static enum hw_stop wait_always(struct fake_cpu *c, uint64_t deadline,
                                struct hw_exit *exit)
{
    (void)c;
    (void)deadline;
    (void)exit;
    return HW_STOP_WAIT;
}

/* Arms the device at 1000 and 1000 (tags 1, 0) and 500 (tag 2), then waits for each. */
static enum hw_stop wait_for_events(struct fake_cpu *c, uint64_t deadline,
                                    struct hw_exit *exit)
{
    struct hw_env *env = &fake_last_dev->env;
    (void)deadline;
    if (fake_last_dev->events == 0) {
        c->cycles += 10;
        env->event(env->host, 1, 1000);
        env->event(env->host, 0, 1000);
        env->event(env->host, 2, 500);
        env->event(env->host, 3, 5); /* past: as soon as possible */
        env->event(env->host, 4, 700);
        env->event(env->host, 4, UINT64_MAX); /* cancelled */
    }
    if (fake_last_dev->events == 4) {
        exit->status = c->irq ? 1 : 2;
        return HW_STOP_HALT;
    }
    env->irq(env->host, false);
    return HW_STOP_WAIT;
}

/* ---- tests ---- */

static void test_halt(void)
{
    struct rig r;
    rig_open(&r, 0, 0);
    fake_script = halt_at_once;
    machine_run(r.m, &r.out);
    CU_ASSERT_EQUAL(r.out.end, MACHINE_HALT);
    CU_ASSERT_EQUAL(r.out.exit.status, 42);
    rig_close(&r);
}

static void test_table(void)
{
    static struct hw_table t;
    struct rig r;
    rig_open(&r, 3, 0);
    struct hw_env *env = &fake_last_dev->env;
    CU_ASSERT_EQUAL(env->dma_read(env->host, HW_TABLE_BASE, &t, sizeof t), 0);
    CU_ASSERT_EQUAL(t.magic, HW_TABLE_MAGIC);
    CU_ASSERT_EQUAL(t.isa, HW_ISA_RISCV64);
    CU_ASSERT_EQUAL(t.mmu_kind, HW_MMU_SOFTTLB);
    CU_ASSERT_EQUAL(t.cores, 3);
    CU_ASSERT_EQUAL(t.page_shift, 12);
    CU_ASSERT_EQUAL(t.ram_size, 0x400000);
    CU_ASSERT_EQUAL(t.ndevices, 3);
    CU_ASSERT_STRING_EQUAL(t.device[0].compatible, "test,mmu");
    CU_ASSERT_EQUAL(t.device[0].nparams, 1);
    CU_ASSERT_EQUAL(t.device[0].params[0], 42);
    CU_ASSERT_EQUAL(t.device[0].irq, 0xffffffff);
    CU_ASSERT_STRING_EQUAL(t.device[2].compatible, "test,device");
    CU_ASSERT_EQUAL(t.device[2].base, 0xf0003000);
    CU_ASSERT_EQUAL(t.device[2].irq, 3);
    CU_ASSERT_EQUAL(t.device[2].params[0], 9);
    CU_ASSERT_EQUAL(env->dma_read(env->host, 0x400000 - 4, &t, 8), -1);
    CU_ASSERT_EQUAL(env->dma_write(env->host, UINT64_MAX, &t, 8), -1);
    rig_close(&r);
}

static void test_events(void)
{
    struct rig r;
    rig_open(&r, 0, 0);
    fake_script = wait_for_events;
    machine_run(r.m, &r.out);
    CU_ASSERT_EQUAL(r.out.end, MACHINE_HALT);
    CU_ASSERT_EQUAL(r.out.exit.status, 1);
    const struct fake_dev *d = fake_last_dev;
    CU_ASSERT_EQUAL(d->events, 4);
    static const unsigned tags[] = {3, 2, 0, 1};
    static const unsigned at[] = {10, 500, 1000, 1000};
    for (unsigned i = 0; i < 4; i++) {
        CU_ASSERT_EQUAL(d->tag[i], tags[i]);
        CU_ASSERT_EQUAL(d->at[i], at[i]);
    }
    CU_ASSERT_EQUAL(machine_cycles(r.m), 1000);
    rig_close(&r);
}

static void test_interleave(void)
{
    struct rig r;
    for (unsigned round = 0; round < 2; round++) {
        rig_open(&r, 3, 0);
        nturns = 0;
        fake_script = take_turns;
        machine_run(r.m, &r.out);
        CU_ASSERT_EQUAL(r.out.end, MACHINE_HALT);
        /* whoever is behind runs, to the quantum past the next one behind */
        static const unsigned expected[][2] = {{0, 0},   {1, 0},   {2, 0},   {0, 100},
                                               {1, 100}, {2, 200}, {0, 200}, {1, 200}};
        CU_ASSERT_TRUE_FATAL(nturns > 8);
        for (unsigned i = 0; i < 5; i++) {
            CU_ASSERT_EQUAL(turns[i][0], expected[i][0]);
            CU_ASSERT_EQUAL(turns[i][1], expected[i][1]);
        }
        rig_close(&r);
    }
}

static void test_ends(void)
{
    struct rig r;
    rig_open(&r, 0, 12345);
    fake_script = forever;
    machine_run(r.m, &r.out);
    CU_ASSERT_EQUAL(r.out.end, MACHINE_LIMIT);
    CU_ASSERT_EQUAL(machine_cycles(r.m), 12345);
    rig_close(&r);
    rig_open(&r, 2, 0);
    fake_script = wait_always;
    machine_run(r.m, &r.out);
    CU_ASSERT_EQUAL(r.out.end, MACHINE_STUCK);
    rig_close(&r);
}

static char explained[512];
static unsigned nexplained;

static void explain(void *host, const char *text)
{
    (void)host;
    nexplained++;
    snprintf(explained, sizeof explained, "%s", text);
}

static void test_bus(void)
{
    struct fake_dev a = {.reg = 0x100}, b = {.reg = 0x200};
    void *da = &a, *db[2] = {&b, &a};
    const struct hw_dev_ops *ops = model_dev(fake_models[3]);
    struct bus *bus = calloc(1, sizeof *bus);
    bus->explain = explain;
    nexplained = 0;
    bus_add(bus, &(struct bus_window){0xf0001000, 0x20, "/a", "test,a", ops, &da, false});
    bus_add(bus, &(struct bus_window){0xf0001020, 0x2000, "/b", "test,b", ops, db, true});
    CU_ASSERT_EQUAL(bus_read(bus, 0, 0xf000101c), 0x11c);
    CU_ASSERT_EQUAL(bus_read(bus, 0, 0xf0001020), 0x200);
    CU_ASSERT_EQUAL(bus_read(bus, 1, 0xf0001024), 0x104); /* per core */
    CU_ASSERT_EQUAL(bus_read(bus, 0, 0xf000301c), 0x200 + 0x1ffc);
    bus_write(bus, 0, 0xf0001000, 7);
    CU_ASSERT_EQUAL(a.reg, 7);
    CU_ASSERT_EQUAL(nexplained, 0);
    for (unsigned i = 0; i < 5; i++)
        CU_ASSERT_EQUAL(bus_read(bus, 1, 0xf0003020 + 4 * i), 0xffffffff);
    CU_ASSERT_EQUAL(nexplained, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(explained, "core 1 read from 0xf0003020"));
    CU_ASSERT_PTR_NOT_NULL(strstr(explained, "the nearest is /b (test,b"));
    CU_ASSERT_PTR_NOT_NULL(strstr(explained, "0x0 bytes behind its end"));
    bus_write(bus, 0, 0xf0fffffc, 1);
    CU_ASSERT_EQUAL(nexplained, 2);
    free(bus);
}

static void test_stats(void)
{
    struct rig r;
    rig_open(&r, 2, 0);
    fake_script = take_turns;
    machine_run(r.m, &r.out);
    struct machine_stats s;
    machine_get_stats(r.m, &s);
    CU_ASSERT_EQUAL(s.cpu.user, 20);
    CU_ASSERT_EQUAL(s.mmu.misses, 10);
    s.calls[3] = 11;
    s.calls[4] = 12;
    r.calls.call[3] = (struct call){true, "exc_return", "ALL", "", "", ""};
    char *path = fake_file("", 0);
    struct err err;
    json_t *j = stats_json(r.m, &s, 0);
    CU_ASSERT_EQUAL(stats_write(j, path, &err), 0);
    json_decref(j);
    j = json_load_file(path, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(j);
    int user, libos, syscalls, null_call, unnamed, misses;
    const char *hash;
    CU_ASSERT_EQUAL(json_unpack(j, "{s:{s:i,s:i,s:i!},s:{s:i},s:{s:i,s:i},s:{s:i},s:s}",
                                "instructions", "user", &user, "libos", &libos, "kernel",
                                &null_call, "traps", "syscall", &syscalls, "exo_calls",
                                "exc_return", &null_call, "call_4", &unnamed, "mmu",
                                "misses", &misses, "trace_hash", &hash),
                    0);
    CU_ASSERT_EQUAL(user, 20);
    CU_ASSERT_EQUAL(libos, 40);
    CU_ASSERT_EQUAL(syscalls, 6);
    CU_ASSERT_EQUAL(null_call, 11);
    CU_ASSERT_EQUAL(unnamed, 12);
    CU_ASSERT_EQUAL(misses, 10);
    CU_ASSERT_EQUAL(strlen(hash), 16);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(j, "cycles")),
                    (json_int_t)s.cycles);
    static const char *const keys[] = {"board", "disk", "nic", "cores", "status"};
    for (unsigned i = 0; i < 5; i++)
        CU_ASSERT_PTR_NOT_NULL(json_object_get(j, keys[i]));
    CU_ASSERT_EQUAL(json_array_size(json_object_get(j, "cores")), 2);
    CU_ASSERT_EQUAL(stats_write(j, "/nonexistent/s.json", &err), ERR_USER);
    if (access("/dev/full", W_OK) == 0)
        CU_ASSERT_EQUAL(stats_write(j, "/dev/full", &err), ERR_USER);
    json_decref(j);
    unlink(path);
    free(path);
    rig_close(&r);
}

static void test_refused_model(void)
{
    struct board *b;
    struct err err = {""};
    struct rig r;
    rig_open(&r, 0, 0);
    char *dts = fake_dts("", "dev@f0003000 { compatible = \"test,device\";"
                             " reg = <0xf0003000 0x100>; exo,size = <13>; };");
    CU_ASSERT_EQUAL_FATAL(fake_board(dts, &b, &err), 0);
    struct machine_setup setup = r.setup;
    struct machine *m;
    setup.board = b;
    CU_ASSERT_EQUAL(machine_create(&setup, &m, &err), ERR_USER);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "/dev@f0003000: test,device: exo,size: 13"));
    board_free(b);
    free(dts);
    rig_close(&r);
}

static void test_console(void)
{
    struct console c;
    uint8_t buf[8];
    struct console_input in = {.fd = -1, .keep = true};
    in.bytes = (uint8_t *)mem_str("hello");
    in.n = 5;
    in.end = true;
    for (unsigned twice = 0; twice < 2; twice++) { /* two machines read the same input */
        console_open(&c, -1, &in);
        CU_ASSERT_EQUAL(console_read(&c, buf, 3), 3);
        CU_ASSERT_EQUAL(memcmp(buf, "hel", 3), 0);
        CU_ASSERT_EQUAL(console_read(&c, buf, 8), 2);
        CU_ASSERT_EQUAL(console_read(&c, buf, 8), 0);
        CU_ASSERT_EQUAL(console_write(&c, (const uint8_t *)"out", 3), 0);
        CU_ASSERT_EQUAL(c.n, 3);
        CU_ASSERT_EQUAL(memcmp(c.out, "out", 3), 0);
        console_close(&c);
    }
    free(in.bytes);
}

void suite_machine(void)
{
    CU_pSuite s = CU_add_suite("machine", NULL, NULL);
    CU_add_test(s, "power-off", test_halt);
    CU_add_test(s, "hardware table", test_table);
    CU_add_test(s, "events and interrupts", test_events);
    CU_add_test(s, "interleaving of cores", test_interleave);
    CU_add_test(s, "limit and deadlock", test_ends);
    CU_add_test(s, "bus", test_bus);
    CU_add_test(s, "statistics", test_stats);
    CU_add_test(s, "a model that refuses", test_refused_model);
    CU_add_test(s, "console", test_console);
}
