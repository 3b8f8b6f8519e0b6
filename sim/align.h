// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * align.h - two runs of the same programs on two boards, put beside each other call by call: which
 * exokernel calls, births and deaths both made, which only one, what each cost, and where what
 * they did first differs in its outcome.
 *
 * Machines differ in time and in how they bind memory, so calls that exist on one board only are
 * expected to be missing on the other; outcomes are compared by error and by exit status, never
 * by names of frames or by cycles.
 */
#ifndef SIM_ALIGN_H
#define SIM_ALIGN_H

#include "api.h"
#include "board.h"
#include "calls.h"
#include "history.h"

struct align_item {
    uint64_t record, cost; /* record number; cycles until its result, 0: none came */
    uint32_t env;
    uint16_t event;  /* HW_EV_CALL, TRACE_CREATE, TRACE_DEATH */
    uint64_t number; /* of a call; of an environment */
    int64_t outcome; /* result of a call, if it has one; status of a death */
    bool has_outcome;
    bool api; /* a function of the library: number in the API list, record is a cycle */
    bool pointer; /* its outcome is an address (1) or NULL (0) */
    bool only;    /* a call the other board does not have */
};

enum align_kind {
    ALIGN_SAME,
    ALIGN_DIFFERS, /* both made it, with another outcome */
    ALIGN_ONLY,    /* a call the other board does not have */
    ALIGN_EXTRA    /* the other board has it, but did not make it here */
};

struct align_row {
    enum align_kind kind;
    size_t a, b; /* items; ALIGN_NONE */
};
#define ALIGN_NONE SIZE_MAX

struct align {
    struct align_item *item[2];
    size_t n[2];
    struct align_row *row;
    size_t nrows;
    size_t first; /* row of the first different outcome; ALIGN_NONE */
    size_t same, differ, only[2], extra[2]; /* rows */
};

/* a, b: as far as they are known. */
void align_make(struct align *al, struct history *a, struct history *b,
                const struct calls *calls, struct calls_hardware ha,
                struct calls_hardware hb);
/* The same of lists of API calls, which are taken over. */
void align_lists(struct align *al, struct align_item *a, size_t na, struct align_item *b,
                 size_t nb);
void align_free(struct align *al);
/* "frame_alloc = -3", "death of env 2, status 0" */
void align_words(const struct align_item *it, const struct calls *calls,
                 const struct api *api, char *text, size_t max);

#endif
