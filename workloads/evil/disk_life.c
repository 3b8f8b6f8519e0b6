// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * disk_life.c - attacks by time: frames, extents and environments that go while the disk
 * still works for them, and by number: all rows, all places in its queue.
 */
#include "evil_disk.h"

#include <sys/wait.h>
#include <unistd.h>

#define PATTERN 0xabad1deau

static const char *after_free(void)
{
    TRY(evil_disk_open());
    WORKS(exo_extent_free(EVIL_ROW));
    struct evil_request r = evil_request(EXO_IO_READ);
    REFUSED(evil_disk->ask(&r), EXO_ENAME);
    REFUSED(exo_extent_free(EVIL_ROW), EXO_ENAME);
    return NULL;
}

/* A disk that was done before anything could be tried is not to be blamed. */
#define REFUSED_WHILE_BUSY(call, error)                                                  \
    do {                                                                                 \
        exo_sword busy_ = (call);                                                        \
        if (busy_ != -(exo_sword)(error) && evil_extent(EVIL_ROW)->requests != 0)        \
            return evil_result(#call, busy_, error);                                     \
    } while (0)

/* The units cannot be had, by whatever row, before the disk is done with them. */
static const char *free_meanwhile(void)
{
    volatile uint32_t *status = (volatile uint32_t *)(EVIL_ARENA + evil_page());
    TRY(evil_disk_open());
    struct evil_request r = evil_request(EXO_IO_READ);
    WORKS(evil_disk->ask(&r));
    WORKS(exo_extent_free(EVIL_ROW));
    uint32_t then = *status;
    REFUSED_WHILE_BUSY(evil_disk->ask(&r), EXO_ENOTHELD);
    REFUSED_WHILE_BUSY(exo_extent_alloc(EVIL_ROW + 1, EVIL_FIRST, 1, 0), EXO_EOVERLAP);
    TRY(evil_disk_quiet(EVIL_ROW));
    return *status == then ? NULL
                           : "the status word was written for an extent that was gone";
}

/* A frame given back under way cannot be had before the disk is done with it. */
static const char *frame_meanwhile(void)
{
    TRY(evil_disk_open());
    struct evil_request r = evil_request(EXO_IO_READ);
    WORKS(evil_disk->ask(&r));
    WORKS(exo_frame_free(evil_data_frame));
    REFUSED_WHILE_BUSY(exo_frame_alloc(evil_data_frame, 0), EXO_EBUSY);
    if (evil_order(ORDER_TAKE, evil_data_frame, 0, 0) == 0 &&
        evil_extent(EVIL_ROW)->requests != 0)
        return "the victim got a frame the disk still writes";
    return evil_disk_quiet(EVIL_ROW);
}

/* Dies with a request under way; its number and frames are another's. */
static const char *die_meanwhile(void)
{
    volatile uint32_t *word = evil_shared->word;
    word[0] = 0;
    pid_t pid = fork();
    if (pid == 0) {
        if (evil_disk_open() != NULL)
            _exit(1);
        struct evil_request r = evil_request(EXO_IO_READ);
        exo_sword error = evil_disk->ask(&r);
        word[0] = evil_data_frame;
        exo_env_exit((exo_word)error);
    }
    while (word[0] == 0) {
        if (waitpid(pid, NULL, WNOHANG) == pid && word[0] == 0)
            return "it died before it could ask";
        exo_yield((exo_word)-1);
    }
    for (uint64_t end = exo_time64() + EVIL_PATIENCE; exo_time64() < end;) {
        exo_sword r = exo_frame_alloc(word[0], 0);
        if (r == 0)
            break;
        if (r != -EXO_EBUSY)
            return evil_result("frame_alloc", r, EXO_EBUSY);
    }
    if (evil_extent(EVIL_ROW)->count != 0 && evil_extent(EVIL_ROW)->requests != 0)
        return "its frame was free while the disk still wrote it";
    WORKS(evil_mmu->prepare(EVIL_ARENA));
    WORKS(evil_mmu->bind(0, EVIL_ARENA | EXO_R | EXO_W, word[0], 0));
    volatile uint32_t *page = (volatile uint32_t *)EVIL_ARENA;
    for (unsigned i = 0; i < evil_page() / 4; i++)
        page[i] = PATTERN;
    for (uint64_t end = exo_time64() + 2 * (uint64_t)EXO_SLICE_CYCLES;
         exo_time64() < end;)
        exo_yield((exo_word)-1);
    for (unsigned i = 0; i < evil_page() / 4; i++)
        if (page[i] != PATTERN)
            return "the disk wrote into a frame of another";
    waitpid(pid, NULL, WNOHANG);
    return NULL;
}

/* An environment of the attacker's that never answers holds the extent, too. */
static const char *revoked(void)
{
    uint32_t env = evil_free_env();
    TRY(evil_disk_open());
    WORKS(exo_env_create(env, 0));
    WORKS(exo_extent_hold(EVIL_ROW, env, 0));
    REFUSED(exo_extent_hold(EVIL_ROW, env, 0), EXO_EBUSY);
    REFUSED(exo_extent_revoke(EVIL_ROW, evil_shared->victim, 0, 0), EXO_ENOTHELD);
    REFUSED(exo_extent_revoke(EVIL_ROW, env, 0, 0x80000000u), EXO_ERANGE);
    WORKS(exo_extent_revoke(EVIL_ROW, env, 0, 10));
    for (uint64_t end = exo_time64() + EVIL_PATIENCE; exo_time64() < end;)
        if (!(evil_extent(EVIL_ROW)->holders[env / 32] >> (env % 32) & 1))
            return NULL;
    return "the extent was not taken away";
}

/* As many as the disk takes: the victim's turn comes all the same. */
static const char *flood(void)
{
    TRY(evil_disk_open());
    struct evil_request r = evil_request(EXO_IO_READ);
    exo_sword error = 0;
    uint32_t n = 0;
    for (uint32_t i = 0; i < 4 * EXO_NIO; i++) {
        error = evil_disk->ask(&r);
        n += error == 0;
        if (error != 0 && error != -EXO_EBUSY)
            return evil_result("a request too many", error, EXO_EBUSY);
        if (evil_extent(EVIL_ROW)->requests > EXO_NIO)
            return "more requests under way than the kernel has rows";
    }
    if (n == 0)
        return "not one was accepted";
    TRY(evil_disk_intact());
    return evil_disk_quiet(EVIL_ROW);
}

static const char *all_rows(void)
{
    uint32_t n = 0;
    for (uint32_t row = 0; row < EXO_NEXTENT; row++)
        n += exo_extent_alloc(row, EVIL_FIRST + row, 1, 0) == 0;
    if (n != EXO_NEXTENT - 1)
        return "not every free row could be taken";
    REFUSED(exo_extent_alloc(EXO_NEXTENT, 0, 1, 0), EXO_ENAME);
    REFUSED(exo_extent_alloc(0, 0, 1, 0), EXO_EBUSY);
    return NULL;
}

/* The attack above is dead: all its rows are free again. */
static const char *rows_are_back(void)
{
    for (uint32_t row = 0; row < EXO_NEXTENT; row++)
        if (row != EVIL_VICTIM_ROW && evil_extent(row)->count != 0)
            return evil_wrong("row %u is not free", row);
    return NULL;
}

const struct evil_attack evil_disk_life[] = {
    {"requests on an extent that was freed", after_free, false},
    {"units freed while the disk works on them", free_meanwhile, false},
    {"a frame freed while the disk writes it", frame_meanwhile, false},
    {"dying while the disk writes a frame", die_meanwhile, false},
    {"not answering when an extent is asked for", revoked, false},
    {"more requests than the disk takes", flood, false},
    {"all rows of extents", all_rows, false},
    {"keeping rows beyond death", rows_are_back, false},
    {NULL, NULL, false},
};
