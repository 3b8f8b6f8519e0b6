// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * network.c - attacks on packet rings, filters and sending. The victim owns ring EVIL_RING, takes
 * UDP to port EVIL_PORT, and shares ARP with whoever shares it too.
 */
#include "network.h"

#include <exos/vm.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define MINE 5u
#define SLOTS 2u
#define NOWHERE ((uintptr_t)0 - 64) /* no user address: no fault, an error */

static struct exo_ring_setup setup;

uint32_t evil_nic_kind(void)
{
    const struct exo_hw_table *t = evil_hardware();
    for (uint32_t i = 0; i < t->ndevices; i++)
        if (t->device[i].class_ == EXO_HW_NIC)
            return t->device[i].kind;
    return 0;
}

volatile const struct exo_ring *evil_ring(uint32_t ring)
{
    return (volatile const struct exo_ring *)(uintptr_t)(EXO_EXPORT_VA +
                                                         EVIL_KINFO->rings_off) +
           ring;
}

/* -- programs -- */

exo_sword evil_bind_port(uint32_t ring, uint16_t condition, uint32_t port, uint32_t flags)
{
    const struct exo_bpf program[] = {
        {0x28, 0, 0, 12},        {0x15, 0, 8, 0x800},  {0x30, 0, 0, 23}, {0x15, 0, 6, 17},
        {0x28, 0, 0, 20},        {0x45, 4, 0, 0x1fff}, {0xb1, 0, 0, 14}, {0x48, 0, 0, 16},
        {condition, 0, 1, port}, {6, 0, 0, 65535},     {6, 0, 0, 0}};
    return exo_filter_bind(ring, 0, (exo_word)program, 11, flags);
}
#define IS 0x15
#define ABOVE 0x25
#define HAS_BITS 0x45

exo_sword evil_bind_type(uint32_t ring, uint32_t type, uint32_t flags)
{
    const struct exo_bpf program[] = {
        {0x28, 0, 0, 12}, {0x15, 0, 1, type}, {6, 0, 0, 65535}, {6, 0, 0, 0}};
    return exo_filter_bind(ring, 0, (exo_word)program, 4, flags);
}

static exo_sword bind_one(struct exo_bpf i)
{
    const struct exo_bpf program[] = {i, {6, 0, 0, 65535}};
    return exo_filter_bind(MINE, 0, (exo_word)program, 2, 0);
}

/* -- a ring of one's own -- */

exo_sword evil_make_ring(uint32_t ring, struct exo_ring_setup *s, void **memory)
{
    size_t page = evil_page();
    memset(s, 0, sizeof *s);
    s->slots = SLOTS;
    s->nframes = (uint32_t)(1 + (SLOTS * EXO_RING_SLOT + page - 1) / page);
    unsigned char *p = mmap(NULL, s->nframes * page, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return -EXO_EFULL;
    memset(p, 0, s->nframes * page);
    for (uint32_t i = 0; i < s->nframes; i++)
        s->frame[i] = exos_frame_of(p + i * page);
    *memory = p;
    return exo_ring_alloc(ring, (exo_word)s, 0);
}

static void *memory; /* of the ring MINE: first page the head */

static const char *own_ring(void)
{
    WORKS(evil_make_ring(MINE, &setup, &memory));
    return NULL;
}

/* -- the victim's -- */

static const char *foreign_ring(void)
{
    REFUSED(exo_ring_free(EVIL_RING), EXO_ENOTHELD);
    REFUSED(exo_ring_hold(EVIL_RING, 0, 0), EXO_EPERM);
    REFUSED(exo_ring_revoke(EVIL_RING, evil_shared->victim, 0, 0), EXO_EPERM);
    REFUSED(evil_bind_type(EVIL_RING, 1, 0), EXO_EPERM);
    for (uint32_t i = 0; i < 2; i++) {
        REFUSED(exo_filter_free(i, 0), EXO_EPERM);
        REFUSED(exo_filter_revoke(i, evil_shared->victim, 0, 0), EXO_EPERM);
    }
    TRY(own_ring());
    REFUSED(exo_ring_alloc(EVIL_RING, (exo_word)&setup, 0), EXO_EBUSY);
    return NULL;
}

static const char *steal(void)
{
    const struct exo_bpf all[] = {{6, 0, 0, 65535}};
    TRY(own_ring());
    for (uint32_t flags = 0; flags <= EXO_FILTER_SHARED; flags++) {
        REFUSED(evil_bind_port(MINE, IS, EVIL_PORT, flags), EXO_EOVERLAP);
        REFUSED(evil_bind_port(MINE, ABOVE, EVIL_PORT - 1, flags), EXO_EOVERLAP);
        REFUSED(evil_bind_port(MINE, HAS_BITS, EVIL_PORT, flags), EXO_EOVERLAP);
        REFUSED(exo_filter_bind(MINE, 0, (exo_word)all, 1, flags), EXO_EOVERLAP);
        REFUSED(evil_bind_type(MINE, 0x800, flags), EXO_EOVERLAP);
    }
    REFUSED(evil_bind_type(MINE, 0x806, 0), EXO_EOVERLAP); /* shared by those who share */
    WORKS(evil_bind_type(MINE, 0x806, EXO_FILTER_SHARED));
    WORKS(evil_bind_port(MINE, ABOVE, EVIL_PORT, 0));
    return NULL;
}

/* The victim's packets, without saying so. */
static const char *steal_in_disguise(void)
{
    const struct exo_bpf computed[] = {{0x28, 0, 0, 36},
                                       {0x24, 0, 0, 3},
                                       {0x15, 0, 1, EVIL_PORT * 3},
                                       {6, 0, 0, 65535},
                                       {6, 0, 0, 0}};
    const struct exo_bpf by_memory[] = {
        {0, 0, 0, 16},           {2, 0, 0, 0},     {0x61, 0, 0, 0}, {0x48, 0, 0, 20},
        {0x15, 0, 1, EVIL_PORT}, {6, 0, 0, 65535}, {6, 0, 0, 0}};
    const struct exo_bpf by_length[] = {{0x80, 0, 0, 0}, {0x16, 0, 0, 0}};
    const struct exo_bpf low_byte[] = {
        {0x30, 0, 0, 37}, {0x15, 0, 1, EVIL_PORT & 0xff}, {6, 0, 0, 1}, {6, 0, 0, 0}};
    TRY(own_ring());
    REFUSED(exo_filter_bind(MINE, 0, (exo_word)computed, 5, 0), EXO_EOVERLAP);
    REFUSED(exo_filter_bind(MINE, 0, (exo_word)by_memory, 7, 0), EXO_EOVERLAP);
    REFUSED(exo_filter_bind(MINE, 0, (exo_word)by_length, 2, 0), EXO_EOVERLAP);
    REFUSED(exo_filter_bind(MINE, 0, (exo_word)low_byte, 4, 0), EXO_EOVERLAP);
    return NULL;
}

/* -- programs that are none -- */

static const char *bad_programs(void)
{
    static const struct exo_bpf bad[] = {
        {0x15, 0, 1, 0},          {0x15, 255, 255, 0},      {0x05, 0, 0, 1},
        {0x05, 0, 0, 0xffffffff}, {0x34, 0, 0, 0},          {0x94, 0, 0, 0},
        {0x60, 0, 0, 0},          {0x61, 0, 0, 15},         {0x60, 0, 0, 16},
        {0x02, 0, 0, 16},         {0x03, 0, 0, 0xffffffff}, {0xff, 0, 0, 0},
        {0x106, 0, 0, 0},         {0x1e, 0, 0, 0},          {0xb4, 0, 0, 0}};
    static struct exo_bpf endless[EXO_BPF_MAX + 1];
    TRY(own_ring());
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        REFUSED(bind_one(bad[i]), EXO_EPROGRAM);
    REFUSED(exo_filter_bind(MINE, 0, (exo_word)endless, EXO_BPF_MAX, 0), EXO_EPROGRAM);
    REFUSED(exo_filter_bind(MINE, 0, (exo_word)endless, EXO_BPF_MAX + 1, 0), EXO_ERANGE);
    REFUSED(exo_filter_bind(MINE, 0, (exo_word)endless, (exo_word)-1, 0), EXO_ERANGE);
    REFUSED(exo_filter_bind(MINE, 0, (exo_word)endless, 0, 0), EXO_ERANGE);
    REFUSED(exo_filter_bind(MINE, 0, NOWHERE, 1, 0), EXO_EFAULT);
    REFUSED(exo_filter_bind(MINE, 0, (exo_word)endless, 1, 2), EXO_EINVAL);
    return NULL;
}

/* -- rings of what is not one's own -- */

static const char *ring_of(uint32_t frame, int error)
{
    for (uint32_t i = 0; i < setup.nframes; i++) {
        struct exo_ring_setup s = setup;
        s.frame[i] = frame;
        REFUSED(exo_ring_alloc(MINE, (exo_word)&s, 0), error);
    }
    return NULL;
}

static const char *foreign_frames(void)
{
    TRY(own_ring());
    WORKS(exo_ring_free(MINE));
    TRY(ring_of(evil_shared->secret_frame, EXO_ENOTHELD));
    TRY(ring_of(evil_frame_of_type(EXO_FRAME_KERNEL), EXO_EFRAME));
    TRY(ring_of(EVIL_KINFO->export_frame, EXO_EFRAME));
    TRY(ring_of(evil_frame_of_type(EXO_FRAME_MODULE), EXO_EFRAME));
    TRY(ring_of(EVIL_KINFO->first_free, EXO_EFRAME));
    TRY(ring_of(0, EXO_EFRAME));
    TRY(ring_of(0xffffffff, EXO_EFRAME));
    struct exo_ring_setup s = setup;
    s.frame[0] = s.frame[1];
    REFUSED(exo_ring_alloc(MINE, (exo_word)&s, 0), EXO_EINVAL);
    s = setup;
    s.nframes = 0xffffffff;
    REFUSED(exo_ring_alloc(MINE, (exo_word)&s, 0), EXO_ERANGE);
    s = setup;
    s.slots = 0x80000000;
    REFUSED(exo_ring_alloc(MINE, (exo_word)&s, 0), EXO_ERANGE);
    REFUSED(exo_ring_alloc(EXO_NRING, (exo_word)&setup, 0), EXO_ENAME);
    REFUSED(exo_ring_alloc(MINE, NOWHERE, 0), EXO_EFAULT);
    return NULL;
}

/* -- sending -- */

static exo_sword send(uint32_t ring, const struct exo_tx *tx, exo_word n)
{
    return evil_nic_kind() == EXO_NIC_RING ? exo_desc_send(ring, 0, (exo_word)tx, n)
                                           : exo_queue_send(ring, 0, (exo_word)tx, n);
}

static const char *send_piece(uintptr_t va, uint32_t length, int error)
{
    struct exo_piece piece = {va, length, 0};
    REFUSED(exo_packet_send((exo_word)&piece, 1), error);
    return NULL;
}

static const char *send_foreign(void)
{
    static const struct {
        uint32_t offset, length;
    } bad[] = {{0, 1515}, {0, 0xffffffff}, {0xffffffc0, 64}, {0x7fffffff, 60}, {0, 0}};
    TRY(own_ring());
    if (evil_nic_kind() == EXO_NIC_PIO) {
        TRY(send_piece(NOWHERE, 60, EXO_EFAULT));
        TRY(send_piece((uintptr_t)memory, 1515, EXO_ERANGE));
        TRY(send_piece((uintptr_t)memory, 0xffffffff, EXO_ERANGE));
        TRY(send_piece((uintptr_t)memory, 13, EXO_ERANGE));
        REFUSED(exo_packet_send(NOWHERE, 1), EXO_EFAULT);
        REFUSED(exo_packet_send((uintptr_t)memory, EXO_PIECES_MAX + 1), EXO_ERANGE);
        return NULL;
    }
    if (evil_nic_kind() == EXO_NIC_STEER)
        WORKS(exo_queue_bind(MINE, 0));
    struct exo_tx tx = {{setup.frame[0], 0, 0, 0}, 60, 1}, t = tx;
    t.data.frame = evil_shared->secret_frame;
    REFUSED(send(MINE, &t, 1), EXO_ENOTHELD);
    t.data.frame = evil_frame_of_type(EXO_FRAME_KERNEL);
    REFUSED(send(MINE, &t, 1), EXO_EFRAME);
    t.data.frame = 0xffffffff;
    REFUSED(send(MINE, &t, 1), EXO_EFRAME);
    t = tx;
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        t.data.offset = bad[i].offset;
        t.length = bad[i].length;
        REFUSED(send(MINE, &t, 1), EXO_ERANGE);
    }
    t.data.offset = (uint32_t)evil_page() - 59;
    t.length = 60;
    REFUSED(send(MINE, &t, 1), EXO_ERANGE);
    t = tx;
    t.end = 0;
    REFUSED(send(MINE, &t, 1), EXO_EINVAL);
    REFUSED(send(EVIL_RING, &tx, 1), EXO_EPERM);
    REFUSED(send(EXO_NRING, &tx, 1), EXO_ENAME);
    REFUSED(send(MINE, &tx, EXO_TX_MAX + 1), EXO_ERANGE);
    REFUSED(send(MINE, (const struct exo_tx *)NOWHERE, 1), EXO_EFAULT);
    return NULL;
}

static const char *send_much(void)
{
    struct exo_tx tx[8];
    TRY(own_ring());
    if (evil_nic_kind() == EXO_NIC_PIO) {
        struct exo_piece piece = {(uintptr_t)memory, 1514, 0};
        exo_packet_send((exo_word)&piece, 1);
        return NULL;
    }
    if (evil_nic_kind() == EXO_NIC_STEER)
        WORKS(exo_queue_bind(MINE, 0));
    for (unsigned i = 0; i < 8; i++)
        tx[i] = (struct exo_tx){{setup.frame[i & 1], 0, 0, 0}, 1500, 1};
    WORKS(send(MINE, tx, 8));
    return NULL;
}

/* Its frames are the device's for a while, then everybody's. */
static const char *dies_sending(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        evil_probe_init();
        _exit(send_much() != NULL);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    uint32_t free_frames = EVIL_KINFO->free_frames;
    for (uint64_t end = exo_time64() + EVIL_PATIENCE / 8; exo_time64() < end;)
        exo_yield((exo_word)-1);
    if (EVIL_KINFO->free_frames < free_frames)
        return "frames got lost";
    return status == 0 ? NULL : evil_wrong("status %x", (unsigned)status);
}

/* -- the head, and afterwards -- */

static const char *hostile_head(void)
{
    static const uint32_t words[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff};
    TRY(own_ring());
    WORKS(evil_bind_port(MINE, ABOVE, EVIL_PORT, 0));
    if (evil_nic_kind() == EXO_NIC_STEER)
        WORKS(exo_queue_bind(MINE, 0));
    volatile uint32_t *head = memory;
    struct exo_tx tx = {{setup.frame[1], 0, 0, 0}, 60, 1};
    for (unsigned i = 0; i < 25; i++) {
        head[0] = words[i % 5];
        head[1] = words[i / 5];
        head[3] = head[4] = 0xffffffff;
        if (evil_nic_kind() != EXO_NIC_PIO)
            send(MINE, &tx, 1);
        exo_yield((exo_word)-1);
    }
    return NULL;
}

static const char *after_free(void)
{
    struct exo_tx tx = {{0, 0, 0, 0}, 60, 1};
    TRY(own_ring());
    exo_sword filter = evil_bind_port(MINE, ABOVE, EVIL_PORT, 0);
    WORKS(filter);
    WORKS(exo_ring_free(MINE));
    REFUSED(exo_ring_free(MINE), EXO_ENAME);
    REFUSED(exo_filter_free((exo_word)filter, 0), EXO_ENAME);
    REFUSED(evil_bind_port(MINE, IS, 1, 0), EXO_ENAME);
    if (evil_nic_kind() != EXO_NIC_PIO)
        REFUSED(send(MINE, &tx, 1), EXO_ENAME);
    WORKS(exo_ring_alloc(MINE, (exo_word)&setup, 0));
    WORKS(exo_frame_free(setup.frame[1])); /* a frame less: the ring ends with it */
    REFUSED(exo_ring_free(MINE), EXO_ENAME);
    return NULL;
}

/* A ring taken away is gone, for its holder too. */
static const char *after_revocation(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        evil_probe_init();
        if (own_ring())
            _exit(1);
        for (uint64_t end = exo_time64() + EVIL_PATIENCE; exo_time64() < end;) {
            if (evil_ring(MINE)->slots == 0)
                _exit(exo_ring_free(MINE) == -EXO_ENAME &&
                              evil_bind_port(MINE, IS, 1, 0) == -EXO_ENAME
                          ? 0
                          : 2);
            exo_yield((exo_word)-1);
        }
        _exit(3);
    }
    int status = 0;
    while (evil_ring(MINE)->slots == 0)
        if (waitpid(pid, &status, WNOHANG) != 0)
            return evil_wrong("no holder: status %x", (unsigned)status);
    uint32_t holder = 1;
    while ((evil_ring(MINE)->holders[holder / 32] >> (holder % 32) & 1) == 0)
        holder = (holder + 1) % EXO_NENV;
    WORKS(exo_ring_revoke(MINE, holder, 0, 1000));
    waitpid(pid, &status, 0);
    return status == 0 ? NULL : evil_wrong("its holder: status %x", (unsigned)status);
}

/* -- all of it -- */

static const char *flood(void)
{
    unsigned n = 0;
    exo_sword r = 0;
    TRY(own_ring());
    for (; r >= 0 && n <= EXO_NFILTER; n++)
        r = evil_bind_port(MINE, IS, EVIL_PORT + 1 + n, 0);
    if (r != -EXO_EFULL)
        return evil_result("filter_bind", r, EXO_EFULL);
    for (n = 0; n < EXO_NRING; n++)
        exo_ring_alloc(n, (exo_word)&setup, 0);
    return NULL;
}

static const char *queues(void)
{
    if (evil_nic_kind() != EXO_NIC_STEER) {
        REFUSED(exo_queue_bind(EVIL_RING, 0), EXO_ENODEVCALL);
        return NULL;
    }
    REFUSED(exo_queue_bind(EVIL_RING, 0), EXO_EPERM);
    TRY(own_ring());
    exo_sword r = exo_queue_bind(MINE, 0);
    for (uint32_t ring = 10; r >= 0 && ring < EXO_NRING; ring++) {
        exo_ring_alloc(ring, (exo_word)&setup, 0); /* the same memory: its own trouble */
        r = exo_queue_bind(ring, 0);
    }
    return r == -EXO_EFULL || r == -EXO_EBUSY ? NULL
                                              : evil_result("queue_bind", r, EXO_EFULL);
}

/* Numbers of every kind; pointers are somewhere or nowhere. */
static exo_word any(void)
{
    exo_word n = (exo_word)rand() % 40;
    if (rand() % 8 == 0)
        n = ~(exo_word)0 >> (rand() % 32);
    return rand() % 8 == 0 ? (exo_word)rand() << (rand() % 32) : n;
}

static const char *random_calls(void)
{
    TRY(own_ring());
    srand(1);
    for (unsigned i = 0; i < 2000; i++) {
        exo_word p = rand() % 4 ? (exo_word)(uintptr_t)&setup : NOWHERE;
        exo_word a = any(), b = any(), c = any();
        switch (rand() % 11) {
        case 0: exo_ring_alloc(a, p, b); break;
        case 1: exo_ring_hold(a, b, c); break;
        case 2: exo_ring_free(a); break;
        case 3: exo_ring_revoke(a, b, c, any()); break;
        case 4: exo_filter_bind(a, b % 4, p, c, any() % 3); break;
        case 5: exo_filter_free(a, b); break;
        case 6: exo_filter_revoke(a, b, c, any()); break;
        case 7: exo_packet_send(p, a); break;
        case 8: exo_desc_send(a, b, p, c); break;
        case 9: exo_queue_bind(a, b); break;
        default: exo_queue_send(a, b, p, c); break;
        }
    }
    return NULL;
}

const struct evil_attack evil_network[] = {
    {"another's ring", foreign_ring, false},
    {"filters that steal", steal, false},
    {"filters that steal in disguise", steal_in_disguise, false},
    {"bad programs", bad_programs, false},
    {"rings in foreign frames", foreign_frames, false},
    {"sending foreign memory", send_foreign, false},
    {"a hostile head", hostile_head, false},
    {"after ring_free", after_free, false},
    {"after ring_revoke", after_revocation, false},
    {"dies while it sends", dies_sending, false},
    {"hardware queues", queues, false},
    {"random calls", random_calls, false},
    {"flood of filters", flood, false},
    {NULL, NULL, false}};
