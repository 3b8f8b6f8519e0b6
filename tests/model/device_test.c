// SPDX-License-Identifier: GPL-2.0-or-later
/* device_test.c - interrupt controller, timer and console, by the guest's register names. */
#include "rig.h"
#include "suites.h"
#include <exo/machine.h>
#include <string.h>

/* ---- interrupt controller ---- */

static void intc_shared_line(void)
{
    struct rig r;
    rig_open_cores(&r, "exo,intc", NULL, 2, 1);
    r.intc->line(r.dev, 5, true);
    CU_ASSERT(rig_read(&r, M_INTC_RAW) == 1u << 5);
    CU_ASSERT(rig_read(&r, M_INTC_PENDING) == 0);
    CU_ASSERT(!r.f.core_irq[0] && !r.f.core_irq[1]);
    r.ops->write(r.dev, 1, M_INTC_ENABLE, 1u << 5);
    CU_ASSERT(!r.f.core_irq[0] && r.f.core_irq[1]);
    CU_ASSERT(r.ops->read(r.dev, 1, M_INTC_PENDING) == 1u << 5);
    CU_ASSERT(r.ops->read(r.dev, 0, M_INTC_ENABLE) == 0);
    rig_write(&r, M_INTC_ENABLE, 0xffffffff);
    CU_ASSERT(r.f.core_irq[0]);
    r.intc->line(r.dev, 5, false);
    CU_ASSERT(!r.f.core_irq[0] && !r.f.core_irq[1]);
    CU_ASSERT(fake_env_last(&r.f, 0)->event == HW_EV_IRQ &&
              fake_env_last(&r.f, 0)->a == 5);
    rig_close(&r);
}

static void intc_banked_line(void)
{
    struct rig r;
    rig_open_cores(&r, "exo,intc", NULL, 2, 1);
    rig_write(&r, M_INTC_ENABLE, 1);
    r.ops->write(r.dev, 1, M_INTC_ENABLE, 1);
    r.intc->line_core(r.dev, 1, 0, true);
    CU_ASSERT(!r.f.core_irq[0] && r.f.core_irq[1]);
    CU_ASSERT(fake_env_last(&r.f, 0)->b == (1u | 2u << 8));
    CU_ASSERT(r.ops->read(r.dev, 0, M_INTC_RAW) == 0);
    CU_ASSERT(r.ops->read(r.dev, 1, M_INTC_RAW) == 1);
    r.intc->line_core(r.dev, 1, 0, false);
    CU_ASSERT(!r.f.core_irq[1]);
    rig_close(&r);
}

/* The core hears of changes only, and two lines hold one request. */
static void intc_request_is_level(void)
{
    struct rig r;
    rig_open(&r, "exo,intc", NULL);
    rig_write(&r, M_INTC_ENABLE, 3);
    r.intc->line(r.dev, 0, true);
    r.intc->line(r.dev, 1, true);
    r.intc->line(r.dev, 0, true);
    CU_ASSERT(r.f.line_changes == 1);
    r.intc->line(r.dev, 0, false);
    CU_ASSERT(r.f.core_irq[0]);
    r.intc->line(r.dev, 1, false);
    CU_ASSERT(!r.f.core_irq[0] && r.f.line_changes == 2);
    unsigned traces = r.f.traces;
    r.intc->line(r.dev, 32, true); /* no such line */
    CU_ASSERT(rig_read(&r, M_INTC_RAW) == 0 && r.f.traces == traces);
    rig_close(&r);
}

/* ---- timer ---- */

static void timer_fires_once(void)
{
    struct rig r;
    rig_open_cores(&r, "exo,timer", NULL, 2, 1);
    r.f.now = 100;
    rig_write64(&r, M_TIMER_DEADLINE, 1000);
    CU_ASSERT(r.f.deadline[0] == 1000);
    CU_ASSERT(fake_env_last(&r.f, 0)->event == HW_EV_TIMER &&
              fake_env_last(&r.f, 0)->a == 1000);
    fake_env_run(&r.f, r.ops, r.dev, 999);
    CU_ASSERT(!r.f.irq_core[0]);
    fake_env_run(&r.f, r.ops, r.dev, 1000);
    CU_ASSERT(r.f.irq_core[0] && !r.f.irq_core[1]);
    fake_env_run(&r.f, r.ops, r.dev, 100000);
    CU_ASSERT(r.f.irq_core[0]);
    rig_write(&r, M_TIMER_CONTROL, 0);
    CU_ASSERT(!r.f.irq_core[0] && r.f.deadline[0] == UINT64_MAX);
    CU_ASSERT(rig_read64(&r, M_TIMER_DEADLINE) == 1000);
    rig_close(&r);
}

static void timer_low_half_alone_does_not_arm(void)
{
    struct rig r;
    rig_open(&r, "exo,timer", NULL);
    rig_write(&r, M_TIMER_DEADLINE, 50);
    CU_ASSERT(r.f.deadline[0] == UINT64_MAX);
    rig_write(&r, M_TIMER_DEADLINE + 4, 1);
    CU_ASSERT(r.f.deadline[0] == (UINT64_C(1) << 32) + 50);
    rig_close(&r);
}

static void timer_rearm_drops(void)
{
    struct rig r;
    rig_open(&r, "exo,timer", NULL);
    rig_write64(&r, M_TIMER_DEADLINE, 10);
    fake_env_run(&r.f, r.ops, r.dev, 10);
    CU_ASSERT(r.f.irq_core[0]);
    rig_write64(&r, M_TIMER_DEADLINE, 20);
    CU_ASSERT(!r.f.irq_core[0]);
    rig_write64(&r, M_TIMER_DEADLINE, 5); /* long past */
    fake_env_run(&r.f, r.ops, r.dev, r.f.now);
    CU_ASSERT(r.f.irq_core[0]);
    rig_write64(&r, M_TIMER_DEADLINE, 30);
    rig_write(&r, M_TIMER_CONTROL, 0);
    r.ops->event(r.dev, 0); /* an event on its way when it was disarmed */
    CU_ASSERT(!r.f.irq_core[0]);
    rig_close(&r);
}

static void timer_now_latches(void)
{
    struct rig r;
    rig_open_cores(&r, "exo,timer", NULL, 2, 1);
    r.f.now = UINT64_C(0x1ffffffff);
    CU_ASSERT(rig_read(&r, M_TIMER_NOW) == 0xffffffff);
    r.f.now++;
    (void)r.ops->read(r.dev, 1, M_TIMER_NOW); /* another core's latch */
    CU_ASSERT(rig_read(&r, M_TIMER_NOW + 4) == 1);
    CU_ASSERT(rig_read64(&r, M_TIMER_NOW) == UINT64_C(0x200000000));
    rig_close(&r);
}

static void timer_cores_apart(void)
{
    struct rig r;
    rig_open_cores(&r, "exo,timer", NULL, 16, 1);
    for (unsigned c = 0; c < 16; c++) {
        r.ops->write(r.dev, c, M_TIMER_DEADLINE, 100 - c);
        r.ops->write(r.dev, c, M_TIMER_DEADLINE + 4, 0);
    }
    fake_env_run(&r.f, r.ops, r.dev, 92);
    for (unsigned c = 0; c < 16; c++)
        CU_ASSERT(r.f.irq_core[c] == (c >= 8));
    rig_close(&r);
}

/* ---- console ---- */

static void console_out(void)
{
    struct rig r;
    rig_open(&r, "exo,console", NULL);
    for (const char *p = "hello\xff"; *p; p++)
        rig_write(&r, M_CONSOLE_TX, (uint8_t)*p);
    CU_ASSERT(r.f.nout == 6 && memcmp(r.f.out, "hello\xff", 6) == 0);
    CU_ASSERT(fake_env_last(&r.f, 0)->event == HW_EV_CONSOLE &&
              fake_env_last(&r.f, 0)->a == 0xff);
    rig_close(&r);
}

static void console_in(void)
{
    struct rig r;
    rig_open(&r, "exo,console", NULL);
    r.f.in = (const uint8_t *)"ab";
    r.f.nin = 2;
    CU_ASSERT(r.f.asked == 0);
    CU_ASSERT(rig_read(&r, M_CONSOLE_STATUS) == 1);
    CU_ASSERT(rig_read(&r, M_CONSOLE_STATUS) == 1 && r.f.asked == 1);
    CU_ASSERT(rig_read(&r, M_CONSOLE_RX) == 'a');
    CU_ASSERT(r.f.nin == 1); /* never more than was asked for */
    CU_ASSERT(rig_read(&r, M_CONSOLE_RX) == 'b');
    CU_ASSERT(rig_read(&r, M_CONSOLE_STATUS) == 2);
    CU_ASSERT(rig_read(&r, M_CONSOLE_RX) == 0x100);
    unsigned asked = r.f.asked;
    CU_ASSERT(rig_read(&r, M_CONSOLE_RX) == 0x100 &&
              r.f.asked == asked); /* the end stays */
    rig_close(&r);
}

/* ---- all ---- */

static void wrong_registers(void)
{
    static const struct {
        const char *model;
        uint32_t not_readable, not_writable;
    } cases[] = {
        {"exo,intc", 0x0c, M_INTC_PENDING},
        {"exo,timer", M_TIMER_CONTROL, M_TIMER_NOW},
        {"exo,console", M_CONSOLE_TX, M_CONSOLE_RX},
        {"exo,disk-pio", M_PIO_COMMAND, M_PIO_STATUS},
        {"exo,disk-queue", M_DQ_SQ_TAIL, M_DQ_STATUS},
        {"exo,disk-flash", M_FL_COMMAND, M_FL_STATUS},
        {"exo,mmu-softtlb", M_TLB_OP, 0x20},
        {"exo,mmu-radix", M_RADIX_OP, 0x0c},
        {"exo,mmu-hashed", M_HPT_OP, 0x14},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rig r, fresh;
        rig_open(&r, cases[i].model, NULL);
        rig_open(&fresh, cases[i].model, NULL);
        CU_ASSERT(rig_read(&r, cases[i].not_readable) == 0 && r.f.errors == 1);
        rig_write(&r, cases[i].not_writable, 0xffffffff);
        CU_ASSERT(r.f.errors == 2 && strstr(r.f.error, "offset 0x") != NULL);
        CU_ASSERT(rig_same_state(&r, &fresh));
        rig_close(&r);
        rig_close(&fresh);
    }
}

void device_suite(void)
{
    CU_pSuite s = CU_add_suite("device", NULL, NULL);
    CU_add_test(s, "intc: shared line, enables per core", intc_shared_line);
    CU_add_test(s, "intc: banked line", intc_banked_line);
    CU_add_test(s, "intc: a request is a level", intc_request_is_level);
    CU_add_test(s, "timer: fires once, on its core", timer_fires_once);
    CU_add_test(s, "timer: the high half arms", timer_low_half_alone_does_not_arm);
    CU_add_test(s, "timer: arming again, in the past, disarming", timer_rearm_drops);
    CU_add_test(s, "timer: 64-bit now", timer_now_latches);
    CU_add_test(s, "timer: sixteen cores apart", timer_cores_apart);
    CU_add_test(s, "console: out", console_out);
    CU_add_test(s, "console: in, a byte at a time, then the end", console_in);
    CU_add_test(s, "registers that are not there", wrong_registers);
}
