// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filters.c - what receiving a packet costs the kernel, by the number of packet filters bound.
 *
 *   exosim run --net user filters       prints a table (measure.h), an operation being one packet
 *
 * Packets are DHCP offers that the user network sends when asked (RFC 2131), so UDP to port 68; the
 * filter that takes them was bound first and keeps 64 bytes, the others are for UDP to other
 * ports. Measured is the time in which the program does nothing but look at its ring: what the kernel
 * does then is the interrupt, classification, the copy; and, where the interface interrupts so
 * seldom that one interrupt tells both, that the question has left. Rows:
 *
 *   filters N     N filters bound
 *   unwanted N    the packet is nobody's
 *   whole         1 filter, the packet in full (so are the next two)
 *   alone         1 filter that must be interpreted
 *   hardware      exo,nic-steer: 1 filter, which the hardware holds
 *   bind N        not a packet: binding one filter more
 *
 * Exit status: 0; 1 something went wrong; 2 this board has no network.
 */
#include "measure.h"

#include <exo/user.h>
#include <exos/vm.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define RING 1u
#define SLOTS 16u
#define ROUNDS 12
#define CLIENT_PORT 68
#define OTHER_PORTS 20000
#define SHORT 64u
#define WHOLE 65535u
#define ASK_BYTES 300u

static const volatile struct exo_kinfo *const kinfo =
    (const volatile struct exo_kinfo *)EXO_EXPORT_VA;
static const volatile struct exo_io_public *io;
static volatile struct exo_ring_head *head;
static unsigned char *out;
static uint32_t kind;
static uint64_t mac, hz;

static void die(const char *what, exo_sword why)
{
    printf("filters: %s: error %d\n", what, (int)-why);
    exit(1);
}

/* -- ring and filters -- */

static void *shared(size_t n)
{
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        die("mmap", 0);
    memset(p, 0, n);
    return p;
}

static void find_network(void)
{
    const struct exo_hw_table *t =
        (const struct exo_hw_table *)(uintptr_t)(EXO_EXPORT_VA + kinfo->hwtable_off);
    hz = t->cycles_per_second;
    for (uint32_t i = 0; i < t->ndevices; i++)
        if (t->device[i].class_ == EXO_HW_NIC) {
            kind = t->device[i].kind;
            mac = t->device[i].params[0];
        }
    if (kind == 0) {
        printf("filters: this board has no network\n");
        exit(2);
    }
    io =
        (const volatile struct exo_io_public *)(uintptr_t)(EXO_EXPORT_VA + kinfo->io_off);
}

static void compose(void);

static void make_ring(void)
{
    uint32_t page = 1u << kinfo->page_shift;
    unsigned char *slots = shared(SLOTS * EXO_RING_SLOT);
    static struct exo_ring_setup setup;
    setup.slots = SLOTS;
    setup.nframes = 0;
    head = shared(page);
    out = shared(page);
    setup.frame[setup.nframes++] = exos_frame_of((const void *)(uintptr_t)head);
    for (uint32_t at = 0; at < SLOTS * EXO_RING_SLOT; at += page)
        setup.frame[setup.nframes++] = exos_frame_of(slots + at);
    exo_sword r = exo_ring_alloc(RING, (exo_word)&setup, 0);
    if (r < 0)
        die("ring_alloc", r);
    compose();
}

static exo_word bind(const struct exo_bpf *program, unsigned n)
{
    exo_sword r = exo_filter_bind(RING, 0, (exo_word)program, n, 0);
    if (r < 0)
        die("filter_bind", r);
    return (exo_word)r;
}

/* What `tcpdump -dd 'ip and udp dst port N'` prints. */
static exo_word bind_port(uint32_t port, uint32_t accept)
{
    const struct exo_bpf program[] = {
        {0x28, 0, 0, 12},   {0x15, 0, 8, 0x800},  {0x30, 0, 0, 23}, {0x15, 0, 6, 17},
        {0x28, 0, 0, 20},   {0x45, 4, 0, 0x1fff}, {0xb1, 0, 0, 14}, {0x48, 0, 0, 16},
        {0x15, 0, 1, port}, {0x06, 0, 0, accept}, {0x06, 0, 0, 0}};
    return bind(program, sizeof program / sizeof program[0]);
}

/* Port 68 as the kernel does not understand it: 68 * 3 is 204. */
static exo_word bind_riddle(void)
{
    const struct exo_bpf program[] = {{0x28, 0, 0, 36},
                                      {0x24, 0, 0, 3},
                                      {0x15, 0, 1, CLIENT_PORT * 3},
                                      {0x06, 0, 0, WHOLE},
                                      {0x06, 0, 0, 0}};
    return bind(program, sizeof program / sizeof program[0]);
}

static void release(exo_word filter)
{
    exo_sword r = exo_filter_free(filter, 0);
    if (r < 0)
        die("filter_free", r);
}

/* -- a question to the network -- */

static void big(unsigned char *p, unsigned n, uint64_t v)
{
    for (unsigned i = 0; i < n; i++)
        p[i] = (unsigned char)(v >> 8 * (n - 1 - i));
}

static void compose(void)
{
    uint32_t sum = 0;
    memset(out, 0, ASK_BYTES);
    big(out, 6, 0xffffffffffffu);
    big(out + 6, 6, mac);
    big(out + 12, 2, 0x800);
    out[14] = 0x45;
    big(out + 16, 2, ASK_BYTES - 14);
    out[22] = 64;
    out[23] = 17;
    big(out + 30, 4, 0xffffffffu);
    for (unsigned i = 14; i < 34; i += 2)
        sum += (uint32_t)out[i] << 8 | out[i + 1];
    big(out + 24, 2, ~(sum + (sum >> 16)) & 0xffff);
    big(out + 34, 2, CLIENT_PORT);
    big(out + 36, 2, 67);
    big(out + 38, 2, ASK_BYTES - 34);
    static const unsigned char bootp[] = {1, 1, 6, 0},
                               discover[] = {99, 130, 83, 99, 53, 1, 1, 255};
    memcpy(out + 42, bootp, sizeof bootp);
    big(out + 46, 4, 0x12345678);
    big(out + 70, 6, mac);
    memcpy(out + 278, discover, sizeof discover);
}

static void ask(void)
{
    exo_sword r;
    do {
        struct exo_piece piece = {(uintptr_t)out, ASK_BYTES, 0};
        struct exo_tx tx = {{exos_frame_of(out), 0, 0, 0}, ASK_BYTES, 1};
        r = kind == EXO_NIC_PIO    ? exo_packet_send((exo_word)&piece, 1)
            : kind == EXO_NIC_RING ? exo_desc_send(RING, 0, (exo_word)&tx, 1)
                                   : exo_queue_send(RING, 0, (exo_word)&tx, 1);
    } while (r == -EXO_EBUSY);
    if (r < 0)
        die("sending", r);
}

/* Is there one at all? */
static void first_answer(const volatile uint32_t *word)
{
    uint32_t before = *word;
    uint64_t end = (uint64_t)exo_counter(EXO_COUNTER_CYCLES) + hz;
    ask();
    while (*word == before)
        if ((uint64_t)exo_counter(EXO_COUNTER_CYCLES) > end)
            die("no answer: is this --net user?", 0);
    head->consumed = head->produced;
}

/* What an answer costs that the program only looks for; `word` changes when it is there. Measured
 * from when the question has left, or else (`all`) from when it was asked. False: it had left
 * only with the answer, there was one interrupt for both. */
static bool answer(const volatile uint32_t *word, bool all, struct measure *m)
{
    uint32_t before = *word, sent = head->sent;
    bool separate = all;
    ask();
    if (all)
        *m = measure_start();
    while (kind != EXO_NIC_PIO && head->sent == sent) {
    }
    if (!all) {
        *m = measure_start();
        separate = *word == before;
    }
    while (*word == before) {
    }
    measure_stop(m);
    head->consumed = head->produced;
    return separate;
}

static void keep_least(struct measure *least, const struct measure *m)
{
    if (least->cycles == 0 || m->kernel < least->kernel)
        *least = *m;
}

static void row(const char *name, const volatile uint32_t *word)
{
    struct measure m, least = {0};
    first_answer(word);
    unsigned separate = 0;
    for (unsigned i = 0; i < ROUNDS; i++)
        if (answer(word, false, &m)) {
            keep_least(&least, &m);
            separate++;
        }
    if (separate < ROUNDS / 2) { /* by chance: a slice ended */
        least = (struct measure){0};
        for (unsigned i = 0; i < ROUNDS; i++) {
            answer(word, true, &m);
            keep_least(&least, &m);
        }
    }
    measure_print(name, &least, 1);
}

static void row_of(const char *what, unsigned n, const volatile uint32_t *word)
{
    char name[32];
    snprintf(name, sizeof name, "%s-%u", what, n);
    row(name, word);
}

/* -- the table -- */

static void bind_cost(unsigned n)
{
    char name[32];
    struct measure m = measure_start();
    exo_word filter = bind_port(OTHER_PORTS - 1, SHORT);
    measure_stop(&m);
    release(filter);
    snprintf(name, sizeof name, "bind-%u", n);
    measure_print(name, &m, 1);
}

int main(void)
{
    static const unsigned counts[] = {1, 10, 100, 1000};
    unsigned bound = 1;
    find_network();
    make_ring();
    exo_sword queue = kind == EXO_NIC_STEER ? exo_queue_bind(RING, 0) : 0;
    if (queue < 0)
        die("queue_bind", queue);
    measure_heading();
    exo_word mine = bind_port(CLIENT_PORT, SHORT); /* SHORT is not for hardware */
    for (unsigned i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        for (; bound < counts[i]; bound++)
            bind_port(OTHER_PORTS + bound, SHORT);
        row_of("filters", bound, &head->produced);
        bind_cost(bound);
    }
    release(mine);
    row_of("unwanted", bound - 1, &io->unclaimed);
    exo_ring_free(RING);
    make_ring();
    if (kind == EXO_NIC_STEER && (queue = exo_queue_bind(RING, 0)) < 0)
        die("queue_bind", queue);
    mine = bind_riddle();
    row("alone", &head->produced);
    release(mine);
    mine = bind_port(CLIENT_PORT, kind == EXO_NIC_STEER ? 1500 : WHOLE);
    row("whole", &head->produced);
    release(mine);
    if (kind == EXO_NIC_STEER) {
        bind_port(CLIENT_PORT, WHOLE);
        row("hardware", &head->produced);
    }
    return 0;
}
