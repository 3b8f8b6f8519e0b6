// SPDX-License-Identifier: GPL-2.0-or-later
/* sim_net.c - network ports on fake machines: what --net says, frames' times, trouble, links, taps. */
#include <CUnit/CUnit.h>
#include <hw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frames.h"
#include "net.h"
#include "net_spec.h"
#include "pcap.h"
#include "sim_suites.h"
#include "trouble.h"
#include "wire_link.h"

#define HZ 100000000u   /* a cycle is 10 ns */
#define RATE 100000000u /* a byte takes 8 cycles */
#define PROPAGATION (NET_PROPAGATION_NS / 10)

/* ---- a machine that only has a port ---- */

struct fake {
    struct net *net;
    uint64_t now, due[NET_TAGS];
    unsigned got;
    uint64_t at[512];
    size_t len[512];
    uint8_t last[HW_FRAME_MAX];
};

static uint64_t fake_now(void *host)
{
    return ((struct fake *)host)->now;
}

static void fake_event(void *host, uint32_t tag, uint64_t at)
{
    ((struct fake *)host)->due[tag] = at;
}

static bool fake_ready(void *host, const uint8_t *frame, size_t len)
{
    (void)host;
    (void)frame;
    (void)len;
    return true;
}

static void fake_receive(void *host, const uint8_t *frame, size_t len)
{
    struct fake *f = host;
    f->at[f->got % 512] = f->now;
    f->len[f->got % 512] = len;
    f->got++;
    memcpy(f->last, frame, len);
}

static void fake_open(struct fake *f, unsigned number, struct wire *w)
{
    memset(f, 0, sizeof *f);
    for (unsigned i = 0; i < NET_TAGS; i++)
        f->due[i] = UINT64_MAX;
    f->net = net_new(number);
    const struct net_machine m = {f, fake_now, fake_event, fake_receive, fake_ready};
    net_attach(f->net, &m, HZ, RATE);
    net_set_wire(f->net, w);
}

static void fake_run(struct fake *f, uint64_t until)
{
    for (;;) {
        uint32_t tag = f->due[0] <= f->due[1] ? 0 : 1;
        if (f->due[tag] > until)
            break;
        f->now = f->due[tag];
        f->due[tag] = UINT64_MAX;
        net_event(f->net, tag);
    }
    f->now = until;
}

/* ---- the option ---- */

static void good_spec(void)
{
    struct net_spec s;
    struct err err;
    CU_ASSERT_EQUAL(net_spec_parse(NULL, &s, &err), 0);
    CU_ASSERT(s.kind == NET_NONE && !s.troubled);
    net_spec_free(&s);
    CU_ASSERT_EQUAL(net_spec_parse("user,hostfwd=8080:80,hostfwd=udp:53:1053,loss=2.5,"
                                   "reorder=100,delay=1.5ms,seed=9",
                                   &s, &err),
                    0);
    CU_ASSERT(s.kind == NET_USER && s.nforwards == 2 && s.troubled && s.seeded);
    CU_ASSERT(s.forward[0].host == 8080 && s.forward[0].guest == 80 && !s.forward[0].udp);
    CU_ASSERT(s.forward[1].host == 53 && s.forward[1].guest == 1053 && s.forward[1].udp);
    CU_ASSERT(s.trouble.loss == 25000 && s.trouble.reorder == TROUBLE_ALWAYS);
    CU_ASSERT(s.trouble.delay_ns == 1500000 && s.trouble.seed == 9);
    net_spec_free(&s);
    CU_ASSERT_EQUAL(net_spec_parse("link:a b,corrupt=0.0001,delay=7us", &s, &err), 0);
    CU_ASSERT(s.kind == NET_LINK && strcmp(s.link, "a b") == 0 && s.trouble.corrupt == 1);
    CU_ASSERT_EQUAL(s.trouble.delay_ns, 7000);
    net_spec_free(&s);
}

static void bad_spec(void)
{
    static const char *const bad[] = {
        "",
        "usr",
        "link:",
        "none,hostfwd=1:2",
        "link:a,hostfwd=1:2",
        "user,",
        "user,hostfwd",
        "user,hostfwd=",
        "user,hostfwd=80",
        "user,hostfwd=80:",
        "user,hostfwd=0:80",
        "user,hostfwd=80:65536",
        "user,hostfwd=80:80x",
        "user,hostfwd=-1:80",
        "user,hostfwd=icmp:1:2",
        "user,loss=",
        "user,loss=-1",
        "user,loss=100.1",
        "user,loss=1e1",
        "user,loss=nan",
        "user,loss=5%",
        "user,loss=0000000000000000000000000000001",
        "user,delay=5",
        "user,delay=5s",
        "user,delay=99999999ms",
        "user,seed=x",
        "user,speed=1",
        "user,los=1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct net_spec s;
        struct err err = {""};
        CU_ASSERT_EQUAL(net_spec_parse(bad[i], &s, &err), ERR_USER);
        CU_ASSERT(strstr(err.msg, "--net") && strstr(err.msg, "expected") != NULL);
    }
}

/* ---- order and time ---- */

static void frames_in_order(void)
{
    struct frames q = {0};
    static const uint64_t at[] = {50, 10, 50, 30, 10, 90};
    for (uint8_t i = 0; i < 6; i++)
        frames_put(&q, at[i], &i, 1);
    static const uint8_t order[] = {1, 4, 3, 0, 2, 5};
    CU_ASSERT(frames_take(&q, 9) == NULL && frames_next(&q) == 10);
    for (unsigned i = 0; i < 6; i++) {
        struct frame *f = frames_take(&q, UINT64_MAX);
        CU_ASSERT(f && f->bytes[0] == order[i] && f->at == at[order[i]]);
        free(f);
    }
    CU_ASSERT(frames_next(&q) == UINT64_MAX && q.n == 0);
    frames_free(&q);
}

/* Shorter frames are padded; bits take their time; the far end hears of it later. */
static void times(void)
{
    struct links *l = links_new();
    struct fake a, b;
    uint8_t frame[HW_FRAME_MAX] = {1, 2, 3};
    fake_open(&a, 1, wire_link(l, "x"));
    fake_open(&b, 2, wire_link(l, "x"));
    CU_ASSERT_EQUAL(net_mac(a.net), UINT64_C(0x020000000001));
    CU_ASSERT_EQUAL(net_mac(b.net), UINT64_C(0x020000000002));
    a.now = 1000;
    uint64_t left = net_transmit(a.net, frame, 20);
    CU_ASSERT_EQUAL(left, 1000 + (60 + 24) * 8);
    /* a device that does not wait for that: the cable does */
    CU_ASSERT_EQUAL(net_transmit(a.net, frame, 1514), left + (1514 + 24) * 8);
    fake_run(&b, left + PROPAGATION - 1);
    CU_ASSERT_EQUAL(b.got, 0);
    fake_run(&b, left + PROPAGATION);
    CU_ASSERT(b.got == 1 && b.len[0] == 60 && memcmp(b.last, frame, 20) == 0);
    fake_run(&b, 100000);
    CU_ASSERT(b.got == 2 && b.at[1] == left + (1514 + 24) * 8 + PROPAGATION);
    CU_ASSERT_EQUAL(a.got, 0);
    net_free(a.net);
    net_free(b.net);
    links_free(l);
}

/* Two that send at once: both frames come, one behind the other. */
static void hub(void)
{
    struct links *l = links_new();
    struct fake m[4];
    uint8_t frame[100] = {0};
    for (unsigned i = 0; i < 4; i++)
        fake_open(&m[i], i + 1, wire_link(l, i == 3 ? "other" : "x"));
    net_transmit(m[0].net, frame, 100);
    net_transmit(m[1].net, frame, 100);
    for (unsigned i = 0; i < 4; i++)
        fake_run(&m[i], 100000);
    uint64_t bits = (100 + 24) * 8;
    CU_ASSERT(m[0].got == 1 && m[1].got == 1 && m[2].got == 2 && m[3].got == 0);
    CU_ASSERT(m[2].at[0] == bits + PROPAGATION && m[2].at[1] == m[2].at[0] + bits);
    net_free(m[1].net); /* one leaves */
    net_transmit(m[0].net, frame, 100);
    fake_run(&m[2], 200000);
    CU_ASSERT_EQUAL(m[2].got, 3);
    net_free(m[0].net);
    net_free(m[2].net);
    net_free(m[3].net);
    links_free(l);
}

static void backlog(void)
{
    struct fake a;
    struct net_stats s;
    uint8_t frame[60] = {0};
    fake_open(&a, 1, NULL);
    for (unsigned i = 0; i < NET_BACKLOG + 10; i++)
        net_input(a.net, 0, frame, 60);
    fake_run(&a, UINT64_C(1) << 40);
    net_get_stats(a.net, &s);
    CU_ASSERT(a.got == NET_BACKLOG && s.overflow == 10);
    CU_ASSERT_EQUAL(net_transmit(a.net, frame, 60), a.now + 84 * 8); /* no wire */
    net_free(a.net);
}

/* ---- trouble ---- */

struct seen {
    unsigned n, changed, late, twice;
    uint64_t hash, order;
};

static void count(void *arg, uint64_t at, const uint8_t *frame, size_t len)
{
    struct seen *s = arg;
    uint32_t number;
    memcpy(&number, frame, 4);
    bool zero = true;
    for (size_t i = 4; i < len; i++)
        zero &= frame[i] == 0;
    s->changed += !zero;
    s->late += at > 1000;
    s->twice += s->n > 0 && s->order == number;
    s->order = number;
    s->n++;
    s->hash = s->hash * 31 + at * 7 + number;
}

static struct seen trouble(const struct trouble_setup *setup, struct net_stats *stats)
{
    struct trouble *t = trouble_new(setup);
    struct seen s = {0};
    for (uint32_t i = 0; i < 100000; i++) {
        uint8_t frame[500] = {0};
        memcpy(frame, &i, 4);
        trouble_pass(t, HZ, 1000, frame, sizeof frame, count, &s);
    }
    *stats = (struct net_stats){0};
    trouble_stats(t, stats);
    trouble_free(t);
    return s;
}

static bool near(unsigned got, unsigned wanted)
{
    return got > wanted - wanted / 10 && got < wanted + wanted / 10;
}

static void trouble_in_numbers(void)
{
    struct trouble_setup setup = {.loss = 50000, .seed = 1};
    struct net_stats st;
    struct seen s = trouble(&setup, &st);
    CU_ASSERT(near(100000 - s.n, 5000) && st.lost == 100000 - s.n);
    CU_ASSERT(s.changed == 0 && s.late == 0);
    uint64_t hash = s.hash;
    CU_ASSERT_EQUAL(trouble(&setup, &st).hash, hash); /* by seed */
    setup.seed = 2;
    CU_ASSERT_NOT_EQUAL(trouble(&setup, &st).hash, hash);

    setup = (struct trouble_setup){.duplicate = 20000, .seed = 1};
    s = trouble(&setup, &st);
    CU_ASSERT(near(s.n - 100000, 2000) && s.twice == s.n - 100000);
    CU_ASSERT_EQUAL(st.duplicated, s.twice);

    setup = (struct trouble_setup){.corrupt = 30000, .seed = 1};
    s = trouble(&setup, &st);
    CU_ASSERT(s.n == 100000 && near((unsigned)st.corrupted, 3000));
    CU_ASSERT(near(s.changed, 3000)); /* nearly all hit the zeros, not the number */

    setup = (struct trouble_setup){.reorder = 40000, .seed = 1};
    s = trouble(&setup, &st);
    CU_ASSERT(s.n == 100000 && near(s.late, 4000) && st.reordered == s.late);

    setup = (struct trouble_setup){.delay_ns = 10, .seed = 1};
    s = trouble(&setup, &st);
    CU_ASSERT(s.n == 100000 && s.late == 100000);

    setup = (struct trouble_setup){.loss = TROUBLE_ALWAYS};
    CU_ASSERT_EQUAL(trouble(&setup, &st).n, 0);
    setup = (struct trouble_setup){0};
    s = trouble(&setup, &st);
    CU_ASSERT(s.n == 100000 && s.changed == 0 && s.late == 0 && s.twice == 0);
}

/* What is on its way comes as well after going back. */
static void back_in_time(void)
{
    struct links *l = links_new();
    struct fake a, b;
    struct bytes state = {0};
    uint8_t frame[200] = {0};
    fake_open(&a, 1, wire_link(l, "x"));
    fake_open(&b, 2, wire_link(l, "x"));
    net_set_trouble(b.net, trouble_new(&(struct trouble_setup){
                               .loss = 300000, .reorder = 300000, .seed = 3}));
    for (unsigned i = 0; i < 50; i++) {
        a.now = i * 3000;
        net_transmit(a.net, frame, 200);
    }
    fake_run(&b, 60000);
    unsigned before = b.got;
    net_state_put(b.net, &state);
    uint64_t due = b.due[0];
    fake_run(&b, 1000000);
    unsigned after = b.got;
    uint64_t last = b.at[after - 1];
    struct bytes_in in = {state.at, state.n, false};
    net_state_get(b.net, &in);
    CU_ASSERT(!in.bad && in.left == 0);
    b.got = before;
    b.now = 60000;
    b.due[0] = due;
    fake_run(&b, 1000000);
    CU_ASSERT(b.got == after && b.at[after - 1] == last && after > before);
    in = (struct bytes_in){state.at, state.n - 1, false};
    net_state_get(b.net, &in);
    CU_ASSERT(in.bad);
    bytes_free(&state);
    net_free(a.net);
    net_free(b.net);
    links_free(l);
}

/* ---- tap ---- */

static void tap(void)
{
    char path[] = "/tmp/exosim-pcap-XXXXXX";
    close(mkstemp(path));
    struct pcap *p;
    struct err err;
    struct fake a;
    uint8_t frame[60] = {9, 9, 9}, bytes[1024];
    CU_ASSERT_EQUAL_FATAL(pcap_open(path, &p, &err), 0);
    fake_open(&a, 1, NULL);
    net_set_tap(a.net, p);
    a.now = 150000000; /* 1.5 s */
    net_transmit(a.net, frame, 60);
    net_input(a.net, a.now, frame, 60);
    fake_run(&a, 160000000);
    CU_ASSERT_EQUAL(net_flush(a.net, &err), 0);
    FILE *f = fopen(path, "rb");
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    CU_ASSERT_EQUAL(n, 24 + 2 * (16 + 60));
    uint32_t head[6], one[4];
    memcpy(head, bytes, sizeof head);
    memcpy(one, bytes + 24, sizeof one);
    CU_ASSERT(head[0] == 0xa1b23c4d && head[1] == (2 | 4 << 16) && head[5] == 1);
    CU_ASSERT(one[0] == 1 && one[1] == 500000000 && one[2] == 60 && one[3] == 60);
    CU_ASSERT(memcmp(bytes + 40, frame, 60) == 0);
    net_free(a.net);
    unlink(path);
    CU_ASSERT_EQUAL(pcap_open("/nonexistent/x", &p, &err), ERR_USER);
    CU_ASSERT(strstr(err.msg, "--pcap /nonexistent/x") != NULL);
}

void suite_net(void)
{
    CU_pSuite s = CU_add_suite("net", NULL, NULL);
    CU_add_test(s, "--net as it should be", good_spec);
    CU_add_test(s, "--net as it should not be", bad_spec);
    CU_add_test(s, "frames keep their order", frames_in_order);
    CU_add_test(s, "bits take time", times);
    CU_add_test(s, "a hub", hub);
    CU_add_test(s, "backlog", backlog);
    CU_add_test(s, "trouble in numbers", trouble_in_numbers);
    CU_add_test(s, "back in time", back_in_time);
    CU_add_test(s, "tap", tap);
}
