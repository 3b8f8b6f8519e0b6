// SPDX-License-Identifier: GPL-2.0-or-later
/* filter_gen.h - packets and filter programs for fuzz_filter: real ones and random ones. */
#ifndef FILTER_GEN_H
#define FILTER_GEN_H

#include "filter_table.h"

struct frame {
    struct packet p;
    uint8_t bytes[PACKET_BUFFER] __attribute__((aligned(4)));
};

struct program {
    struct exo_bpf code[EXO_BPF_MAX];
    uint32_t n;
    const char *name;
};

/* What tcpdump compiles; NULL ends it. */
struct corpus {
    const char *name;
    const struct exo_bpf *program;
    uint32_t n;
};
extern const struct corpus corpus[];

void rnd_seed(uint64_t seed);
uint64_t rnd(void);
uint32_t below(uint32_t n);

void make_frame(struct frame *f);
/* Make the words of a term true, and mostly what else it asks. */
void satisfy(struct frame *f, const struct filter_term *t);
void choose_program(struct program *p);

#endif
