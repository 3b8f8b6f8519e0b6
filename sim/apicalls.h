// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * apicalls.h - which functions of the library OS's API a run's programs called, in order, with what
 * each returned and cost: the run is observed (hw.h, "Observation"), the guest knows nothing of it.
 *
 * A call is a jump of the application to the entry of a public function (DATA/guest/api.tsv); what the
 * library calls within itself is not told of. Instructions of a call are the environment's own:
 * the library's, and the kernel's in its name. An environment that execs is not followed: its new
 * program has other addresses.
 */
#ifndef SIM_APICALLS_H
#define SIM_APICALLS_H

#include "api.h"
#include "cmd.h"
#include "symbols.h"

struct apicall {
    uint32_t function; /* index in the API list */
    uint32_t env;      /* order of appearance of the environment that called, from 0 */
    bool returned;
    enum symbols_result kind;
    int64_t result; /* NUMBER: its low 32 bits with their sign; POINTER: is it one? */
    uint64_t library, kernel; /* instructions */
    uint64_t begin, end;      /* cycles */
    uint32_t exo;             /* exokernel calls made in it, those within a batch too */
};

struct apicalls {
    struct apicall *call; /* in the order they began */
    size_t n, cap;
    uint32_t envs;           /* environments seen */
    uint64_t exo[CALLS_MAX]; /* exokernel calls of the whole run, by number */
    uint64_t application, library, kernel;
    bool lost; /* there were more than APICALLS_MAX */
};
#define APICALLS_MAX 1000000u

struct apicalls_watch;

/* Observe a machine that has not run yet. program: the image whose addresses count. ERR_USER: it has no
 * symbols. */
int apicalls_open(struct machine *m, const struct api *api, const char *program,
                  struct apicalls_watch **out, struct err *err);
/* It has run: no more observation. *out is the caller's; apicalls_free() it. */
void apicalls_close(struct apicalls_watch *w, struct apicalls *out);
void apicalls_free(struct apicalls *a);

#endif
