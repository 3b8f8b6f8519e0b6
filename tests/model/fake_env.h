// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fake_env.h - a machine made of nothing, to test one model at a time: every function of struct
 * hw_env, with what the model did through it written down.
 *
 *   struct fake_env f;
 *   fake_env_init(&f, ram_bytes, seed);    f.env is what create() wants
 *   ...                                    look at f.irq, f.changed, f.traces, f.error ...
 *   fake_env_free(&f);
 *
 * Time stands still unless the test moves f.now; fake_env_run() moves it and calls event().
 * The instance's peers (other cores' MMUs) are entered in f.peer. A struct fake_env must not
 * move while a model uses it. Usable by any test that includes hw.h only.
 */
#ifndef FAKE_ENV_H
#define FAKE_ENV_H

#include "hw.h"

#define FAKE_TAGS 16
#define FAKE_CORES 64
#define FAKE_PEERS 8
#define FAKE_OUT 4096
#define FAKE_STORE (UINT64_C(8) << 20)
#define FAKE_HZ 1000000u /* a cycle is a microsecond */
#define FAKE_MAC UINT64_C(0x020000000001)

struct fake_env {
    struct hw_env env; /* host = this struct */
    uint8_t *ram;
    size_t ram_size;
    uint64_t now;
    uint64_t random;              /* state of the generator */
    uint64_t deadline[FAKE_TAGS]; /* UINT64_MAX: none */

    bool irq, irq_core[FAKE_CORES]; /* lines the model drives */
    bool core_irq[FAKE_CORES];      /* INTC: requests at cores */
    unsigned line_changes;

    uint64_t trace_hash; /* over all events so far */
    unsigned traces;
    struct hw_trace_record last[64]; /* the latest, last[(traces - 1) % 64] */

    unsigned errors; /* guest_error calls */
    char error[256]; /* the latest */

    uint8_t out[FAKE_OUT]; /* console */
    size_t nout;
    const uint8_t *in;
    size_t nin;
    unsigned asked; /* console_in calls */

    /* DISK: the medium. 0 bytes: the model makes a blank one (at most FAKE_STORE kept); set both
     * before create() for an image. fake_env_free() frees it. */
    uint8_t *store;
    uint64_t store_size;
    uint8_t blank; /* what a blank one is made of */
    unsigned store_writes, store_flushes;
    bool store_broken;          /* reads and writes fail */
    uint8_t sent[HW_FRAME_MAX]; /* NIC: the latest frame put on the wire */
    size_t nsent;
    unsigned frames;
    uint64_t wire_cycles; /* how long a frame takes to leave */

    uint64_t charged;
    unsigned changed; /* mmu_changed calls */
    void (*on_changed)(void *ctx);
    void *changed_ctx;
    unsigned broadcasts;
    struct {
        const struct hw_mmu_ops *ops;
        void *dev;
    } peer[FAKE_PEERS];
};

void fake_env_init(struct fake_env *f, size_t ram_size, uint64_t seed);
void fake_env_free(struct fake_env *f);

/* Move time to `until` and call event() of every deadline on the way, in order. */
void fake_env_run(struct fake_env *f, const struct hw_dev_ops *ops, void *dev,
                  uint64_t until);

/* Bytes there are behind the disk's medium, of its store_size. */
uint64_t fake_env_kept(const struct fake_env *f);

/* The latest trace record but `back`, or NULL. */
const struct hw_trace_record *fake_env_last(const struct fake_env *f, unsigned back);

#endif
