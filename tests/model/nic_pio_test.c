// SPDX-License-Identifier: GPL-2.0-or-later
/* nic_pio_test.c - exo,nic-pio: buffers, causes, refusals; and which frames any interface takes. */
#include "nic_rig.h"
#include "suites.h"
#include <string.h>

static void put_words(struct rig *r, const uint8_t *bytes, uint32_t len)
{
    for (uint32_t at = 0; at < len; at += 4) {
        uint32_t word = 0;
        memcpy(&word, bytes + at, len - at < 4 ? len - at : 4);
        rig_write(r, M_NP_TXDATA, word);
    }
}

static void sends(void)
{
    static const uint32_t lengths[] = {14, 15, 59, 60, 61, 1513, 1514};
    for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct rig r;
        uint8_t frame[1514];
        uint32_t len = lengths[i];
        rig_open(&r, "exo,nic-pio", NULL);
        nic_frame(frame, len, TO_ALL, 0x800, i);
        CU_ASSERT(rig_read(&r, M_NP_CAUSE) == M_NIC_TX);
        rig_write(&r, M_NP_TXLEN, len);
        CU_ASSERT(rig_read(&r, M_NP_TXLEN) == len);
        put_words(&r, frame, len);
        rig_write(&r, M_NP_SEND, 1);
        CU_ASSERT(r.f.frames == 1 && r.f.nsent == len);
        CU_ASSERT(memcmp(r.f.sent, frame, len) == 0);
        CU_ASSERT(fake_env_last(&r.f, 0)->event == HW_EV_NIC_TX);
        CU_ASSERT(fake_env_last(&r.f, 0)->a == len);
        CU_ASSERT(rig_read(&r, M_NP_CAUSE) == 0);
        nic_pass(&r, r.f.wire_cycles - 1);
        CU_ASSERT(rig_read(&r, M_NP_CAUSE) == 0);
        nic_pass(&r, 1);
        CU_ASSERT(rig_read(&r, M_NP_CAUSE) == M_NIC_TX);
        rig_write(&r, M_NP_SEND, 1); /* the buffer still holds it */
        CU_ASSERT(r.f.frames == 2 && r.f.errors == 0);
        rig_close(&r);
    }
}

static void refuses(void)
{
    struct rig r;
    uint8_t frame[64];
    nic_frame(frame, 64, TO_ALL, 0x800, 1);
    rig_open(&r, "exo,nic-pio", NULL);
    static const uint32_t bad[] = {0, 1, 13, 1515, 0xffffffff};
    for (unsigned i = 0; i < 5; i++) {
        rig_write(&r, M_NP_TXLEN, bad[i]);
        CU_ASSERT(r.f.errors == 2 * i + 1 && rig_read(&r, M_NP_TXLEN) == 0);
        rig_write(&r, M_NP_SEND, 1); /* nothing to send */
        CU_ASSERT(r.f.errors == 2 * i + 2 && r.f.frames == 0);
    }
    r.f.errors = 0;
    rig_write(&r, M_NP_TXLEN, 64);
    put_words(&r, frame, 60);
    rig_write(&r, M_NP_SEND, 1); /* a word is missing */
    CU_ASSERT(r.f.errors == 1 && r.f.frames == 0);
    put_words(&r, frame, 8); /* one too many */
    CU_ASSERT(r.f.errors == 2);
    rig_write(&r, M_NP_SEND, 0); /* not 1: nothing */
    CU_ASSERT(r.f.frames == 0 && r.f.errors == 2);
    rig_write(&r, M_NP_SEND, 1);
    CU_ASSERT(r.f.frames == 1);
    rig_write(&r, M_NP_TXLEN, 60); /* while it leaves */
    rig_write(&r, M_NP_TXDATA, 1);
    rig_write(&r, M_NP_SEND, 1);
    CU_ASSERT(r.f.errors == 5 && r.f.frames == 1);
    CU_ASSERT(rig_read(&r, M_NP_RXDATA) == 0 && r.f.errors == 6); /* no frame waits */
    rig_close(&r);
}

static void receives(void)
{
    struct rig r;
    uint8_t frame[1514];
    struct hw_nic_stats s;
    rig_open(&r, "exo,nic-pio", NULL);
    rig_write(&r, M_NP_ENABLE, M_NIC_RX);
    nic_frame(frame, 61, TO_ME, 0x800, 3);
    nic_receive(&r, frame, 61);
    CU_ASSERT(r.f.irq && rig_read(&r, M_NP_CAUSE) == (M_NIC_RX | M_NIC_TX));
    CU_ASSERT(rig_read(&r, M_NP_RXLEN) == 61);
    for (unsigned at = 0; at < 64; at += 4) {
        uint32_t word = 0;
        memcpy(&word, frame + at, at == 60 ? 1 : 4);
        CU_ASSERT(rig_read(&r, M_NP_RXDATA) == word);
    }
    CU_ASSERT(r.f.errors == 0);
    nic_receive(&r, frame, 61); /* the buffer is full */
    CU_ASSERT(fake_env_last(&r.f, 0)->event == HW_EV_NIC_DROP);
    rig_write(&r, M_NP_RXDONE, 1);
    CU_ASSERT(!r.f.irq && rig_read(&r, M_NP_RXLEN) == 0);
    nic_frame(frame, 1514, TO_ALL, 0x800, 4);
    nic_receive(&r, frame, 1514);
    CU_ASSERT(rig_read(&r, M_NP_RXLEN) == 1514 && r.f.irq);
    r.nic->stats(r.dev, &s);
    CU_ASSERT(s.rx_frames == 2 && s.rx_bytes == 1575 && s.rx_dropped == 1);
    CU_ASSERT(s.interrupts == 2 && s.tx_frames == 0);
    rig_close(&r);
}

/* All kinds take their own address, broadcasts and multicasts; what is for others is not even
 * counted as lost. */
static void address_filter(void)
{
    static const char *const kinds[] = {"exo,nic-pio", "exo,nic-ring", "exo,nic-steer"};
    for (unsigned k = 0; k < 3; k++)
        for (int to = TO_ME; to <= TO_OTHER; to++) {
            struct rig r;
            struct nic_rings n;
            struct hw_nic_stats s;
            uint8_t frame[60];
            rig_open(&r, kinds[k], NULL);
            if (k > 0) {
                nic_rings_start(&n, &r, k == 1 ? 0 : M_NS_QUEUE, 4);
                nic_supply(&n, 4);
            }
            nic_frame(frame, 60, (enum nic_to)to, 0x800, 1);
            nic_receive(&r, frame, 60);
            r.nic->stats(r.dev, &s);
            CU_ASSERT(s.rx_frames == (to != TO_OTHER) && s.rx_dropped == 0);
            CU_ASSERT(r.f.errors == 0);
            rig_close(&r);
        }
}

/* What the hardware table and the registers say of address and rate. */
static void facts(void)
{
    static const struct {
        const char *kind;
        uint32_t mac;
        unsigned params;
    } kinds[] = {{"exo,nic-pio", M_NP_MAC, 2},
                 {"exo,nic-ring", M_NR_MAC, 2},
                 {"exo,nic-steer", M_NS_MAC, 4}};
    for (unsigned k = 0; k < 3; k++) {
        struct rig r;
        uint64_t p[HW_MAX_PARAMS];
        rig_open(&r, kinds[k].kind,
                 (struct rig_set[]){{"exo,bits-per-second", 123456789, NULL}, {0}});
        CU_ASSERT(r.nic->table_params(r.dev, p) == kinds[k].params);
        CU_ASSERT(p[M_NIC_PARAM_MAC] == FAKE_MAC && p[M_NIC_PARAM_RATE] == 123456789);
        CU_ASSERT(rig_read64(&r, kinds[k].mac) == FAKE_MAC);
        CU_ASSERT(r.nic->bits_per_second(r.dev) == 123456789);
        CU_ASSERT(r.nic->kind == (enum hw_nic_kind)(HW_NIC_PIO + k));
        rig_close(&r);
    }
}

static void access_costs(void)
{
    static const char *const kinds[] = {"exo,nic-pio", "exo,nic-ring", "exo,nic-steer"};
    for (unsigned k = 0; k < 3; k++) {
        struct rig r;
        rig_open(&r, kinds[k], (struct rig_set[]){{"exo,access-cycles", 17, NULL}, {0}});
        (void)rig_read(&r, k == 2 ? M_NS_QUEUE : 0);
        rig_write(&r, k == 2 ? M_NS_QUEUE : 0x18, 0);
        CU_ASSERT(r.f.charged == 34);
        rig_close(&r);
    }
}

void nic_pio_suite(void)
{
    CU_pSuite s = CU_add_suite("nic_pio", NULL, NULL);
    CU_add_test(s, "a frame is sent as it was written, of any length", sends);
    CU_add_test(s, "what cannot be sent is refused", refuses);
    CU_add_test(s, "a frame waits, the next one is lost", receives);
    CU_add_test(s, "own address, broadcast, multicast", address_filter);
    CU_add_test(s, "address and rate", facts);
    CU_add_test(s, "registers cost what the board says", access_costs);
}
