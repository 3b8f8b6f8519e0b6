// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * store.h - the medium of a disk: bytes of an image file, copy-on-write, or of a blank disk.
 *
 * What the guest does not write is read from the file when it is asked for; the pages it writes stay
 * in memory, so the file never changes. With `write` set, store_save() puts the result in the file's place at
 * the end. A machine borrows a store (struct machine_setup); the session opens and closes it.
 *
 *   store_open()      an image, or nothing yet (store_size() == 0)
 *   store_blank()     makes the nothing a blank disk
 *   store_read(), store_write(), store_flush()   what the device does; 0, or -1 outside
 *   store_save()      --write: the file becomes the medium, whole or not at all
 *   store_close()
 *
 * Power cut (store_cut.c): at the cut-th write after store_start() the medium becomes what a real
 * one would hold, by the device's rules (enum hw_persist) and the seed; store_cut_done() says so
 * and nothing can be written any more.
 */
#ifndef SIM_STORE_H
#define SIM_STORE_H

#include <hw.h>

#include "bytes.h"
#include "err.h"

#define STORE_PAGE 4096u /* kept in memory, written back at a time */

struct store;

struct store_setup {
    const char *image;  /* NULL: blank */
    const char *option; /* that named it, for messages: "--disk" */
    const char *given;  /* its argument, for the same */
    bool write;         /* keep the changes in the image */
    uint64_t size;      /* bytes of a blank disk; 0: as the model likes it */
    uint64_t cut;       /* the power fails at this write; 0: never */
    uint64_t cut_seed;
    /* What store_save() does instead of its own, if a byte was written; `done` frees arg. */
    int (*save)(struct store *s, void *arg, struct err *err);
    void (*done)(void *arg);
    void *arg;
};

int store_open(const struct store_setup *setup, struct store **out, struct err *err);
uint64_t store_size(const struct store *s);
/* "--disk IMG": what the user gave, or NULL. */
const char *store_name(const struct store *s);
/* 0, or -1 if there is a medium already or the host has no room for it. */
int store_blank(struct store *s, uint64_t size, uint8_t blank);
int store_read(struct store *s, uint64_t off, void *to, size_t len);
int store_write(struct store *s, uint64_t off, const void *from, size_t len);
void store_flush(struct store *s);
/* The device is made, by these rules: from now on writes count. */
void store_start(struct store *s, enum hw_persist persist, uint32_t atom);
/* Writes since store_start(). */
uint64_t store_writes(const struct store *s);
bool store_cut_done(const struct store *s);
/* Words if the host failed to read the image, else NULL. */
const char *store_failed(const struct store *s);
/* What was written so far, for snapshots. get: sets in->bad if it is another medium's. */
void store_state_put(const struct store *s, struct bytes *to);
void store_state_get(struct store *s, struct bytes_in *in);
int store_save(struct store *s, struct err *err);
/* All bytes of the medium to a descriptor. */
int store_dump(struct store *s, int fd, struct err *err);
void store_close(struct store *s);

#endif
