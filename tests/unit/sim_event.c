// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_event.c - the event queue: order, replacement, cancelling. */
#include <CUnit/CUnit.h>

#include "event.h"
#include "sim_suites.h"

static void expect(struct event_queue *q, uint64_t now, uint32_t owner, uint32_t tag)
{
    struct event e = {0};
    CU_ASSERT_TRUE(event_pop(q, now, &e));
    CU_ASSERT_EQUAL(e.owner, owner);
    CU_ASSERT_EQUAL(e.tag, tag);
}

static void test_order(void)
{
    struct event_queue q = {0};
    struct event e;
    CU_ASSERT_EQUAL(event_next(&q), EVENT_NEVER);
    CU_ASSERT_FALSE(event_pop(&q, UINT64_MAX - 1, &e));
    event_set(&q, 2, 0, 50);
    event_set(&q, 1, 1, 50);
    event_set(&q, 9, 0, 10);
    event_set(&q, 1, 0, 50);
    event_set(&q, 0, 3, 60);
    CU_ASSERT_EQUAL(event_next(&q), 10);
    CU_ASSERT_FALSE(event_pop(&q, 9, &e));
    expect(&q, 10, 9, 0);
    CU_ASSERT_FALSE(event_pop(&q, 49, &e));
    /* the same cycle: by owner, then tag, whatever the order of arming */
    expect(&q, 100, 1, 0);
    expect(&q, 100, 1, 1);
    expect(&q, 100, 2, 0);
    expect(&q, 100, 0, 3);
    CU_ASSERT_FALSE(event_pop(&q, 100, &e));
    event_free(&q);
}

static void test_replace(void)
{
    struct event_queue q = {0};
    event_set(&q, 1, 0, 50);
    event_set(&q, 1, 0, 20);
    CU_ASSERT_EQUAL(q.n, 1);
    CU_ASSERT_EQUAL(event_next(&q), 20);
    event_set(&q, 1, 0, EVENT_NEVER);
    CU_ASSERT_EQUAL(q.n, 0);
    event_set(&q, 1, 0, EVENT_NEVER);
    CU_ASSERT_EQUAL(event_next(&q), EVENT_NEVER);
    event_free(&q);
}

static void test_many(void)
{
    struct event_queue q = {0};
    struct event e;
    uint64_t last = 0;
    uint32_t x = 1;
    for (uint32_t i = 0; i < 100; i++) {
        x = x * 1103515245u + 12345u;
        event_set(&q, i, i % EVENT_TAGS, x >> 8);
    }
    unsigned n = 0;
    while (event_pop(&q, UINT64_MAX - 1, &e)) {
        CU_ASSERT_TRUE(e.at >= last);
        last = e.at;
        n++;
    }
    CU_ASSERT_EQUAL(n, 100);
    event_free(&q);
}

void suite_event(void)
{
    CU_pSuite s = CU_add_suite("event", NULL, NULL);
    CU_add_test(s, "order", test_order);
    CU_add_test(s, "replace and cancel", test_replace);
    CU_add_test(s, "many", test_many);
}
