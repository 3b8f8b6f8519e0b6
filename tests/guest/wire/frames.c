// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * frames.c - raw frames by the exokernel's own calls, whatever the network interface. No protocols:
 * what tests of wires, records and lockstep need.
 *
 *   frames arp N           asks who 10.0.2.2 is, N times, and prints the answers
 *   frames echo N          sends N frames of ours back to where they came from
 *   frames count N SIZE    sends N frames of SIZE bytes to everybody, one after the other, waiting
 *                          5 ms for each echo; prints how many came back, and how many as they were
 *   frames wait            until a frame comes, for ever
 */
#include <exo/user.h>
#include <exos/vm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define RING 1u
#define SLOTS 16u
#define ETHERTYPE_OURS 0x88b5 /* for local experiments, IEEE 802 */

static const volatile struct exo_kinfo *const kinfo =
    (const volatile struct exo_kinfo *)EXO_EXPORT_VA;
static volatile struct exo_ring_head *head;
static unsigned char *slots, *out;
static uint32_t kind;
static uint64_t mac, hz;

static void die(const char *what, exo_sword why)
{
    printf("frames: %s: error %d\n", what, (int)-why);
    exit(2);
}

static void *shared(size_t n)
{
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memset(p, 0, n);
    return p;
}

static void start(void)
{
    const struct exo_hw_table *t =
        (const struct exo_hw_table *)(uintptr_t)(EXO_EXPORT_VA + kinfo->hwtable_off);
    hz = t->cycles_per_second;
    for (uint32_t i = 0; i < t->ndevices; i++)
        if (t->device[i].class_ == EXO_HW_NIC) {
            kind = t->device[i].kind;
            mac = t->device[i].params[0];
        }
    uint32_t page = 1u << kinfo->page_shift;
    head = shared(page);
    slots = shared(SLOTS * EXO_RING_SLOT);
    out = shared(page);
    static struct exo_ring_setup setup = {.slots = SLOTS};
    setup.frame[setup.nframes++] = exos_frame_of((const void *)(uintptr_t)head);
    for (uint32_t at = 0; at < SLOTS * EXO_RING_SLOT; at += page)
        setup.frame[setup.nframes++] = exos_frame_of(slots + at);
    exo_sword r = exo_ring_alloc(RING, (exo_word)&setup, 0);
    if (r < 0)
        die("ring_alloc", r);
    static const struct exo_bpf all[] = {{0x06, 0, 0, 0xffff}}; /* ret #65535 */
    r = exo_filter_bind(RING, 0, (exo_word)all, 1, 0);
    if (r < 0)
        die("filter_bind", r);
    if (kind == EXO_NIC_STEER && (r = exo_queue_bind(RING, 0)) < 0)
        die("queue_bind", r);
}

static uint64_t now(void)
{
    return (uint64_t)exo_counter(EXO_COUNTER_CYCLES);
}

/* Sends what lies in out[]; waits until it has left. */
static void send_out(uint32_t len)
{
    uint32_t before = head->sent;
    exo_sword r;
    do {
        if (kind == EXO_NIC_PIO) {
            struct exo_piece piece = {(uintptr_t)out, len, 0};
            r = exo_packet_send((exo_word)&piece, 1);
        } else {
            struct exo_tx tx = {{exos_frame_of(out), 0, 0, 0}, len, 1};
            r = kind == EXO_NIC_RING ? exo_desc_send(RING, 0, (exo_word)&tx, 1)
                                     : exo_queue_send(RING, 0, (exo_word)&tx, 1);
        }
    } while (r == -EXO_EBUSY);
    if (r < 0)
        die("sending", r);
    while (kind != EXO_NIC_PIO && head->sent == before) {
        struct exo_pred sent = {EXO_PRED_NE, 0, (uintptr_t)&head->sent, before};
        exo_sleep((exo_word)&sent, 1);
    }
}

/* The next packet, at most until that cycle (0: for ever); its length, 0: none came. */
static uint32_t receive(unsigned char *to, uint64_t until)
{
    while (head->produced == head->consumed) {
        struct exo_pred come[] = {
            {EXO_PRED_NE, 0, (uintptr_t)&head->produced, head->consumed},
            {EXO_PRED_TIME, 1, 0, until}};
        if (until && now() >= until)
            return 0;
        exo_sleep((exo_word)come, until ? 2 : 1);
    }
    uint32_t i = head->consumed % SLOTS, len = head->slot[i].length;
    uint32_t at = kind == EXO_NIC_STEER ? head->slot[i].buffer : i;
    memcpy(to, slots + at * EXO_RING_SLOT, len);
    head->consumed++;
    return len;
}

static void header(unsigned char *p, uint64_t to, unsigned type)
{
    for (unsigned i = 0; i < 6; i++) {
        p[i] = (unsigned char)(to >> (8 * (5 - i)));
        p[6 + i] = (unsigned char)(mac >> (8 * (5 - i)));
    }
    p[12] = (unsigned char)(type >> 8);
    p[13] = (unsigned char)type;
}

#define BROADCAST 0xffffffffffffULL

static int arp(int n)
{
    static const unsigned char ask[] = {0, 1, 8, 0, 6, 4, 0, 1};
    static const unsigned char me[] = {10, 0, 2, 15}, whom[] = {10, 0, 2, 2};
    unsigned char in[2048];
    for (int k = 0; k < n; k++) {
        header(out, BROADCAST, 0x0806);
        memcpy(out + 14, ask, sizeof ask);
        memcpy(out + 22, out + 6, 6);
        memcpy(out + 28, me, 4);
        memset(out + 32, 0, 6);
        memcpy(out + 38, whom, 4);
        send_out(42);
        uint32_t len;
        do
            len = receive(in, now() + hz);
        while (len && !(in[12] == 8 && in[13] == 6 && in[21] == 2));
        if (len == 0) {
            printf("no answer\n");
            return 1;
        }
        printf("10.0.2.2 is %02x:%02x:%02x:%02x:%02x:%02x\n", in[22], in[23], in[24],
               in[25], in[26], in[27]);
    }
    return 0;
}

static int ours(const unsigned char *p)
{
    return p[12] == ETHERTYPE_OURS >> 8 && p[13] == (ETHERTYPE_OURS & 0xff);
}

static int echo(int n)
{
    for (int k = 0; k < n;) {
        uint32_t len = receive(out, 0);
        if (!ours(out))
            continue;
        uint64_t from = 0;
        for (unsigned i = 0; i < 6; i++)
            from = from << 8 | out[6 + i];
        header(out, from, ETHERTYPE_OURS);
        send_out(len);
        k++;
    }
    printf("echoed %d\n", n);
    return 0;
}

static int count(int n, uint32_t size)
{
    static unsigned char in[2048];
    int back = 0, same = 0;
    for (int k = 0; k < n; k++) {
        header(out, BROADCAST, ETHERTYPE_OURS);
        for (uint32_t i = 14; i < size; i++)
            out[i] = (unsigned char)(i * 7 + (uint32_t)k);
        send_out(size);
        uint32_t len = receive(in, now() + hz / 200);
        back += len > 0;
        same +=
            len == (size < 60 ? 60 : size) && memcmp(in + 14, out + 14, size - 14) == 0;
    }
    printf("sent %d, %d came back, %d as they were\n", n, back, same);
    return 0;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    start();
    if (argc == 3 && strcmp(argv[1], "arp") == 0)
        return arp(atoi(argv[2]));
    if (argc == 3 && strcmp(argv[1], "echo") == 0)
        return echo(atoi(argv[2]));
    if (argc == 4 && strcmp(argv[1], "count") == 0)
        return count(atoi(argv[2]), (uint32_t)atoi(argv[3]));
    if (argc == 2 && strcmp(argv[1], "wait") == 0)
        return receive(out, 0) ? 0 : 1;
    printf("frames arp N | echo N | count N SIZE | wait\n");
    return 2;
}
