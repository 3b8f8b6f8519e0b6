// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_trace.c - the trace: file format (docs/trace.md), hash, last records, words. */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls.h"
#include "sim_fake.h"
#include "sim_suites.h"

static const struct trace_header header = {.isa = 1,
                                           .mmu_kind = 2,
                                           .cores = 3,
                                           .page_shift = 12,
                                           .ram_size = 0x400000,
                                           .seed = 5,
                                           .clock_hz = 1000,
                                           .board = "test"};

static void put(struct trace *t, uint64_t i)
{
    trace_put(t, i, HW_EV_CALL, 1, 2, i * 3, i * 5);
}

/* All bytes of a file; free() it. */
static uint8_t *slurp(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    uint8_t *bytes = malloc(1 << 20);
    *n = f ? fread(bytes, 1, 1 << 20, f) : 0;
    if (f)
        fclose(f);
    return bytes;
}

static void test_file(void)
{
    enum { RECORDS = TRACE_BUFFER + 100 };
    char *path = fake_file("", 0);
    struct trace t;
    struct err err;
    CU_ASSERT_EQUAL_FATAL(trace_open(&t, path, &header, "call 0 null\n", &err), 0);
    for (uint64_t i = 0; i < RECORDS; i++)
        put(&t, i);
    CU_ASSERT_EQUAL(trace_count(&t), RECORDS);
    CU_ASSERT_EQUAL(trace_close(&t, &err), 0);
    size_t n;
    uint8_t *b = slurp(path, &n);
    struct trace_header h;
    memcpy(&h, b, sizeof h);
    CU_ASSERT_EQUAL(memcmp(h.magic, "EXOTRACE", 8), 0);
    CU_ASSERT_EQUAL(h.version, 1);
    CU_ASSERT_EQUAL(h.record_size, 32);
    CU_ASSERT_EQUAL(h.header_size, 128); /* 96 + 12 bytes of names, rounded up to 32 */
    CU_ASSERT_EQUAL(h.names_size, 12);
    CU_ASSERT_EQUAL(h.cores, 3);
    CU_ASSERT_EQUAL(h.seed, 5);
    CU_ASSERT_STRING_EQUAL(h.board, "test");
    CU_ASSERT_EQUAL(memcmp(b + 96, "call 0 null\n", 12), 0);
    CU_ASSERT_EQUAL(n, h.header_size + RECORDS * 32u);
    for (uint64_t i = 0; i < RECORDS; i++) {
        struct hw_trace_record r;
        memcpy(&r, b + h.header_size + i * 32, sizeof r);
        if (r.cycle != i || r.event != HW_EV_CALL || r.core != 1 || r.env != 2 ||
            r.a != i * 3 || r.b != i * 5)
            CU_FAIL("a record differs");
    }
    free(b);
    unlink(path);
    free(path);
}

static uint64_t hash_of(uint64_t n, const char *path, uint64_t odd)
{
    struct trace t;
    struct err err;
    CU_ASSERT_EQUAL_FATAL(trace_open(&t, path, &header, "", &err), 0);
    for (uint64_t i = 0; i < n; i++)
        put(&t, i == odd ? i + 1 : i);
    uint64_t h = trace_hash(&t);
    CU_ASSERT_EQUAL(h, trace_hash(&t));
    CU_ASSERT_EQUAL(trace_close(&t, &err), 0);
    return h;
}

static void test_hash(void)
{
    enum { NONE = 1000000, N = 2 * TRACE_BUFFER + 7 };
    char *path = fake_file("", 0);
    uint64_t h = hash_of(N, NULL, NONE);
    CU_ASSERT_EQUAL(h, hash_of(N, path, NONE)); /* with or without a file */
    CU_ASSERT_NOT_EQUAL(h, hash_of(N + 1, NULL, NONE));
    CU_ASSERT_NOT_EQUAL(h, hash_of(N, NULL, 0));
    CU_ASSERT_NOT_EQUAL(h, hash_of(N, NULL, TRACE_BUFFER));
    CU_ASSERT_NOT_EQUAL(h, hash_of(N, NULL, N - 1));
    unlink(path);
    free(path);
}

static void test_last(void)
{
    struct trace t;
    struct err err;
    struct hw_trace_record r[16];
    CU_ASSERT_EQUAL_FATAL(trace_open(&t, NULL, NULL, NULL, &err), 0);
    CU_ASSERT_EQUAL(trace_last(&t, r, 16), 0);
    uint64_t i = 0;
    for (; i < 5; i++)
        put(&t, i);
    CU_ASSERT_EQUAL(trace_last(&t, r, 16), 5);
    CU_ASSERT_EQUAL(r[0].cycle, 0);
    CU_ASSERT_EQUAL(r[4].cycle, 4);
    for (; i < TRACE_BUFFER + 3; i++) /* over the end of the buffer */
        put(&t, i);
    CU_ASSERT_EQUAL(trace_last(&t, r, 16), 16);
    for (unsigned k = 0; k < 16; k++)
        CU_ASSERT_EQUAL(r[k].cycle, TRACE_BUFFER + 3 - 16 + k);
    trace_close(&t, &err);
}

static void test_no_file(void)
{
    struct trace t;
    struct err err;
    CU_ASSERT_EQUAL(trace_open(&t, "/nonexistent/x", &header, "", &err), ERR_USER);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "--trace /nonexistent/x: No such file"));
    trace_close(&t, &err);
    if (access("/dev/full", W_OK) == 0) {
        CU_ASSERT_EQUAL(trace_open(&t, "/dev/full", &header, "", &err), ERR_USER);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "No space left"));
        trace_close(&t, &err);
    }
}

static const char *name_of(uint64_t number)
{
    return number == 3 ? "exc_return" : NULL;
}

static void check_words(uint16_t event, uint64_t a, uint64_t b, const char *expected)
{
    struct hw_trace_record r = {
        .cycle = 12, .event = event, .core = 0, .env = 1, .a = a, .b = b};
    char text[200];
    trace_words(&r, name_of, text, sizeof text);
    if (!strstr(text, expected))
        fprintf(stderr, "\"%s\" lacks \"%s\"\n", text, expected);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, expected));
}

static void test_words(void)
{
    check_words(HW_EV_TRAP, HW_CAUSE_SYSCALL, 0x1234, "system call at 0x1234");
    check_words(HW_EV_FAULT, 0x5000, HW_CAUSE_PROT | 1 << HW_CAUSE_ACCESS_SHIFT,
                "write 0x5000: the translation forbids");
    check_words(HW_EV_CALL, 3, 0, "exc_return(0x0");
    check_words(HW_EV_RESULT, 3, (uint64_t)-6, "exc_return = -6");
    check_words(HW_EV_CALL, 4, 0, "4(0x0");
    check_words(HW_EV_IRQ, 4, 1, "line 4 up");
    check_words(HW_EV_IRQ, 4, 0x200, "line 4 down at core 1");
    check_words(HW_EV_GUEST + 7, 2, 0, "death");
    check_words(HW_EV_GUEST + 200, 2, 0, "unknown");
    check_words(999, 2, 0, "unknown");
}

static void test_calls(void)
{
    static const char tsv[] = "number\tname\thardware\tkinds\tparams\twhat\n"
                              "0\tnull\tALL\t\t(void)\tdo nothing\n"
                              "# a comment\n"
                              "32\ttlb_write\tMMU_SOFTTLB\tecv\t(exo_word env)\tbind\n"
                              "999\tfar\tALL\t\t(void)\tbeyond the table\n"
                              "7\tcut off\n";
    char *path = fake_file(tsv, sizeof tsv - 1);
    struct calls c;
    struct err err;
    CU_ASSERT_EQUAL(calls_read(&c, path, &err), 0);
    CU_ASSERT_STRING_EQUAL(calls_name(&c, 0), "null");
    CU_ASSERT_STRING_EQUAL(calls_name(&c, CALLS_FIRST + 32), "tlb_write");
    CU_ASSERT_PTR_NULL(calls_name(&c, 7));
    CU_ASSERT_PTR_NULL(calls_name(&c, 999));
    CU_ASSERT_TRUE(calls_exists(&c.call[0], (struct calls_hardware){HW_MMU_RADIX, 0, 0}));
    CU_ASSERT_FALSE(
        calls_exists(&c.call[32], (struct calls_hardware){HW_MMU_RADIX, 0, 0}));
    CU_ASSERT_TRUE(
        calls_exists(&c.call[32], (struct calls_hardware){HW_MMU_SOFTTLB, 0, 0}));
    CU_ASSERT_FALSE(
        calls_exists(&c.call[7], (struct calls_hardware){HW_MMU_SOFTTLB, 0, 0}));
    char *text = calls_text(&c);
    CU_ASSERT_STRING_EQUAL(text, "call 0 null\ncall 32 tlb_write\n");
    free(text);
    calls_free(&c);
    unlink(path);
    CU_ASSERT_EQUAL(calls_read(&c, path, &err), ERR_USER);
    CU_ASSERT_PTR_NULL(calls_name(&c, 0));
    free(path);
}

void suite_trace(void)
{
    CU_pSuite s = CU_add_suite("trace", NULL, NULL);
    CU_add_test(s, "file format", test_file);
    CU_add_test(s, "hash", test_hash);
    CU_add_test(s, "last records", test_last);
    CU_add_test(s, "a file that cannot be written", test_no_file);
    CU_add_test(s, "words", test_words);
    CU_add_test(s, "names of calls", test_calls);
}
