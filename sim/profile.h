// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * profile.h - which code a stretch of a machine's run spent its instructions in: an observer of
 * the cores (hw.h, "Observation") that counts, and the sums by place of the kernel's and the
 * program's images (codemap.h).
 *
 * Images are borrowed. One profile may be filled, settled and cleared many times.
 */
#ifndef SIM_PROFILE_H
#define SIM_PROFILE_H

#include <hw.h>

#include "codemap.h"

struct profile;

enum profile_part { PROFILE_APPLICATION, PROFILE_LIBRARY, PROFILE_KERNEL, PROFILE_PARTS };

struct profile *profile_new(const struct codemap *kernel, const struct codemap *program);
void profile_free(struct profile *p);
/* As struct hw_observer.retired; arg is the profile. */
void profile_retired(void *arg, unsigned core, uint32_t context, bool in_kernel,
                     uint64_t pc, int64_t n);
/* Forget everything counted. */
void profile_clear(struct profile *p);

/* Instructions by part: with what is in no image. */
struct profile_sums {
    uint64_t part[PROFILE_PARTS];
    uint64_t
        unknown[PROFILE_PARTS]; /* of these: at addresses without code in the image */
    uint64_t
        stored; /* bytes written by instructions that profile_settle() was asked about */
};
/* Adds up what was counted so far. `copies` says of a function whether the bytes its instructions
 * store are counted. */
void profile_settle(struct profile *p, bool (*copies)(const struct codemap_function *f),
                    struct profile_sums *out);
/* Instructions of place i of an image, as of the last profile_settle(). */
uint64_t profile_kernel(const struct profile *p, uint32_t i);
uint64_t profile_program(const struct profile *p, uint32_t i);
/* Part of the program an address belongs to. */
enum profile_part profile_part_of(uint64_t pc);

#endif
