// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_record.c - records: what is written comes back; a run that is another one is found out; files
 * that are not whole are refused, whatever is wrong with them. */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hash.h"
#include "record.h"
#include "sim_suites.h"

static const char machine[] = "board x 1\ncores 1\nfile a 77\n";

static uint8_t *content(size_t *n)
{
    char path[] = "/tmp/exosim-record-XXXXXX";
    close(mkstemp(path));
    struct record *r;
    struct err err;
    uint8_t input[8] = "abc";
    const uint64_t sent = 5;
    const struct record_end end = {10, 20, 30, 0};
    CU_ASSERT_EQUAL_FATAL(record_create(path, machine, &r, &err), 0);
    CU_ASSERT(!record_replays(r));
    record_put(r, RECORD_SENT, 100, &sent, 8);
    record_put(r, RECORD_ANSWER, 100, "answer", 6);
    record_input(r, 150, input, 8, 3);
    record_put(r, RECORD_FRAME, 200, "frame", 5);
    record_put(r, RECORD_FRAME, 200, "another", 7);
    record_check(r, 250, RECORD_CHECK - 1, 1); /* not yet */
    record_check(r, 260, RECORD_CHECK + 5, 0xabc);
    record_input(r, 300, input, 8, 0);
    record_put(r, RECORD_END, 400, &end, sizeof end);
    CU_ASSERT_EQUAL(record_flush(r, &err), 0);
    record_close(r);
    FILE *f = fopen(path, "rb");
    uint8_t *bytes = calloc(1, 4096);
    *n = fread(bytes, 1, 4096, f);
    fclose(f);
    unlink(path);
    return bytes;
}

static struct record *replay(void)
{
    size_t n;
    uint8_t *bytes = content(&n);
    struct record *r = NULL;
    struct err err;
    CU_ASSERT_EQUAL_FATAL(record_parse(bytes, n, "F", machine, &r, &err), 0);
    CU_ASSERT(record_replays(r));
    return r;
}

static unsigned alarms;

static void on_alarm(void *arg)
{
    (void)arg;
    alarms++;
}

static void comes_back(void)
{
    struct record *r = replay();
    uint8_t in[8];
    size_t n;
    alarms = 0;
    record_alarm(r, on_alarm, NULL);
    CU_ASSERT_EQUAL(record_next(r, RECORD_FRAME), UINT64_MAX);
    const uint8_t *p = record_take(r, RECORD_SENT, 100, &n);
    CU_ASSERT(p && n == 8 && *p == 5);
    CU_ASSERT_EQUAL(record_next(r, RECORD_ANSWER), 100);
    p = record_take(r, RECORD_ANSWER, 100, &n);
    CU_ASSERT(p && n == 6 && memcmp(p, "answer", 6) == 0);
    CU_ASSERT(record_input(r, 150, in, 8, 0) == 3 && memcmp(in, "abc", 3) == 0);
    CU_ASSERT(record_next(r, RECORD_FRAME) == 200 && alarms == 1);
    struct bytes state = {0};
    record_state_put(r, &state);
    CU_ASSERT(record_take(r, RECORD_FRAME, 200, &n) != NULL);
    CU_ASSERT(record_take(r, RECORD_FRAME, 200, &n) != NULL && n == 7);
    record_check(r, 251, RECORD_CHECK - 1, 1);
    record_check(r, 260, RECORD_CHECK + 5, 0xabc);
    struct bytes_in back = {state.at, state.n, false};
    record_state_get(r, &back);
    CU_ASSERT(!back.bad && record_next(r, RECORD_FRAME) == 200);
    state.at[0]++;
    back = (struct bytes_in){state.at, state.n, false};
    record_state_get(r, &back);
    CU_ASSERT(back.bad);
    bytes_free(&state);
    record_take(r, RECORD_FRAME, 200, &n);
    record_take(r, RECORD_FRAME, 200, &n);
    record_check(r, 260, RECORD_CHECK + 5, 0xabc);
    CU_ASSERT_EQUAL(record_input(r, 300, in, 8, 0), 0);
    uint64_t cycle;
    struct record_end end = record_end_of(r, &cycle);
    CU_ASSERT(cycle == 400 && end.records == 10 && end.hash == 20);
    CU_ASSERT_EQUAL(record_next(r, RECORD_END), 400);
    CU_ASSERT(record_take(r, RECORD_END, 400, &n) != NULL);
    CU_ASSERT(record_diverged(r) == NULL);
    record_close(r);
}

static void other_runs(void)
{
    size_t n;
    uint8_t in[8];
    struct record *r = replay(); /* sends later */
    CU_ASSERT(record_take(r, RECORD_SENT, 101, &n) == NULL);
    CU_ASSERT(strstr(record_diverged(r), "at cycle 101 a frame is sent") != NULL);
    CU_ASSERT(strstr(record_diverged(r), "at cycle 100 a frame is sent") != NULL);
    CU_ASSERT(record_take(r, RECORD_SENT, 100, &n) == NULL); /* it stays so */
    record_close(r);
    r = replay(); /* reads input where nothing is recorded */
    CU_ASSERT_EQUAL(record_input(r, 50, in, 8, 0), 0);
    CU_ASSERT(strstr(record_diverged(r), "at cycle 50 console input is read") != NULL);
    record_close(r);
    r = replay(); /* asks for less */
    record_take(r, RECORD_SENT, 100, &n);
    record_take(r, RECORD_ANSWER, 100, &n);
    CU_ASSERT_EQUAL(record_input(r, 150, in, 2, 0), 0);
    CU_ASSERT(record_diverged(r) != NULL);
    record_close(r);
    r = replay(); /* another trace */
    record_take(r, RECORD_SENT, 100, &n);
    record_take(r, RECORD_ANSWER, 100, &n);
    record_input(r, 150, in, 8, 0);
    record_take(r, RECORD_FRAME, 200, &n);
    record_take(r, RECORD_FRAME, 200, &n);
    record_check(r, 260, RECORD_CHECK + 5, 0xabd);
    CU_ASSERT(strstr(record_diverged(r), "the trace differs") != NULL);
    record_close(r);
    r = replay(); /* ends early */
    CU_ASSERT(record_take(r, RECORD_END, 90, &n) == NULL);
    CU_ASSERT(strstr(record_diverged(r), "the run ends") != NULL);
    record_close(r);
}

static void other_machines(void)
{
    static const struct {
        const char *text, *word;
    } other[] = {{"board x 1\ncores 2\nfile a 77\n", "`cores 1`, this run has `cores 2`"},
                 {"board x 1\ncores 1\n", "`file a 77`, this run has `nothing more`"},
                 {"board x 1\ncores 1\nfile a 77\nfile b 1\n", "this run has `file b 1`"},
                 {"", "`board x 1`"}};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        size_t n;
        uint8_t *bytes = content(&n);
        struct record *r;
        struct err err = {""};
        CU_ASSERT_EQUAL(record_parse(bytes, n, "F", other[i].text, &r, &err), ERR_USER);
        CU_ASSERT(strstr(err.msg, other[i].word) != NULL);
    }
}

static int parse_copy(const uint8_t *good, size_t n, size_t len, struct err *err)
{
    uint8_t *bytes = malloc(len ? len : 1); /* exact: sanitizers see the end */
    struct record *r = NULL;
    memcpy(bytes, good, len < n ? len : n);
    if (len > n)
        memset(bytes + n, 0, len - n);
    int rc = record_parse(bytes, len, "F", machine, &r, err);
    record_close(r);
    return rc;
}

static void not_whole(void)
{
    size_t n;
    uint8_t *good = content(&n);
    struct err err;
    for (size_t len = 0; len < n + 3; len++) {
        int rc = parse_copy(good, n, len, &err);
        CU_ASSERT(len == n ? rc == 0 : rc == ERR_USER && strstr(err.msg, "--replay F"));
    }
    for (size_t at = 0; at < n; at++) /* every bit counts */
        for (unsigned bit = 0; bit < 8; bit++) {
            good[at] ^= (uint8_t)(1u << bit);
            CU_ASSERT_EQUAL(parse_copy(good, n, n, &err), ERR_USER);
            good[at] ^= (uint8_t)(1u << bit);
        }
    free(good);
}

/* Bytes at random, with a hash that fits, so that the walk over the entries sees them. */
static void lies(void)
{
    size_t n;
    uint8_t *good = content(&n);
    uint64_t x = 88172645463325252u;
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t *bytes = malloc(n);
        memcpy(bytes, good, n);
        for (unsigned k = 0; k < 1 + round % 4; k++) {
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            bytes[x % (n - 8)] = (uint8_t)(x >> 32);
        }
        uint64_t hash = hash_bytes(HASH_START, bytes, n - 8);
        memcpy(bytes + n - 8, &hash, 8);
        struct record *r = NULL;
        struct err err;
        if (record_parse(bytes, n, "F", machine, &r, &err))
            continue;
        for (unsigned k = 0; k < 40 && !record_diverged(r); k++) { /* to its end */
            size_t len;
            for (int kind = RECORD_ANSWER; kind <= RECORD_END; kind++)
                if (record_next(r, (enum record_kind)kind) != UINT64_MAX)
                    record_take(r, (enum record_kind)kind,
                                record_next(r, (enum record_kind)kind), &len);
        }
        record_close(r);
    }
    free(good);
    CU_PASS("nothing broke");
}

static void no_such_file(void)
{
    struct record *r;
    struct err err;
    CU_ASSERT_EQUAL(record_open("/nonexistent/f", machine, &r, &err), ERR_USER);
    CU_ASSERT(strstr(err.msg, "--replay /nonexistent/f") != NULL);
    CU_ASSERT_EQUAL(record_create("/nonexistent/f", machine, &r, &err), ERR_USER);
    CU_ASSERT(strstr(err.msg, "--record /nonexistent/f") != NULL);
    if (access("/dev/full", W_OK) == 0 &&
        record_create("/dev/full", machine, &r, &err) == 0) {
        CU_ASSERT_EQUAL(record_flush(r, &err), ERR_USER);
        record_close(r);
    }
}

void suite_record(void)
{
    CU_pSuite s = CU_add_suite("record", NULL, NULL);
    CU_add_test(s, "what is written comes back", comes_back);
    CU_add_test(s, "a run that is another one", other_runs);
    CU_add_test(s, "a machine that is another one", other_machines);
    CU_add_test(s, "files that are not whole", not_whole);
    CU_add_test(s, "files that lie", lies);
    CU_add_test(s, "no such file, no room", no_such_file);
}
